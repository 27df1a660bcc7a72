"""A summary to take along: what the group agreed on and kept, on the word of all who were there.

Asked once a session is over. It has no names: what was agreed on, and what was voted into the
collection in this session and is there still.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.sessions.queries import here, is_here, leads
from dialogs.sessions.state import (
    MIN_MEMBERS,
    AfterwardsEvent,
    AnsweredSummary,
    AskedForSummary,
    Effect,
    Ended,
    Kept,
    Refused,
    Session,
    Stepped,
    Summary,
    TakenOut,
    Told,
)

OPEN = timedelta(days=7)
"""How long one may answer, and how long the file can be fetched once it is there."""


def has_summary(session: Session) -> bool:
    """Whether there is anything to take along."""
    if session.is_rehearsal or len(here(session)) < MIN_MEMBERS:
        return False
    return bool(session.kept) or bool(agreed(session))


def agreed(session: Session) -> tuple[str, ...]:
    """What all have confirmed."""
    return tuple(each.text for each in session.wordings.values() if each.is_agreed)


def kept(session: Session, collection: Iterable[str]) -> tuple[str, ...]:
    """What of the group's collection comes from this session; in no order that tells anything."""
    return tuple(sorted(each for each in collection if _digest(each) in session.kept))


def key_now(session: Session, at: datetime) -> str:
    """What opens the file; empty where nothing does."""
    summary = session.summary
    return summary.key if summary and at < summary.until else ""


def about_summary(session: Session, event: AfterwardsEvent) -> Stepped:
    if not isinstance(session.stage, Ended) or not has_summary(session):
        return session, [Refused("no_summary")]
    if isinstance(event, AskedForSummary):
        return _ask(session, event)
    return _answer(session, event)


def _ask(session: Session, event: AskedForSummary) -> Stepped:
    """Once: who has said no is not asked again."""
    if not leads(session, event.by):
        return session, [Refused("not_facilitator")]
    if session.summary:
        return session, [Refused("no_summary")]
    asked = Summary(event.at + OPEN)
    return replace(session, summary=asked), [Told("summary_asked")]


def _answer(session: Session, event: AnsweredSummary) -> Stepped:
    summary = session.summary
    if not is_here(session, event.by):
        return session, [Refused("not_a_member")]
    if summary is None or summary.is_refused or event.at >= summary.until:
        return session, [Refused("no_summary")]
    if not event.is_yes:
        refused = Summary(summary.until, is_refused=True)
        return replace(session, summary=refused), [Told("summary_no")]
    if summary.key:
        return session, [Told("summary_made")]
    yes = summary.yes | {event.by}
    if not yes.issuperset(each.id for each in here(session)):
        return replace(session, summary=replace(summary, yes=yes)), [Told("summary_yes")]
    made = Summary(event.at + OPEN, key=event.key)
    return replace(session, summary=made), [Told("summary_made")]


def noting_kept(session: Session, effects: Iterable[Effect]) -> Session:
    """What goes into the group's collection now, and without what goes out of it."""
    known = session.kept
    for each in effects:
        if isinstance(each, Kept):
            known = (*known, *map(_digest, each.texts))
        if isinstance(each, TakenOut):
            known = _without(known, each)
    return session if known == session.kept else replace(session, kept=known)


def _without(known: tuple[str, ...], out: TakenOut) -> tuple[str, ...]:
    """As in the collection: what is left of it only where it was kept."""
    gone = {_digest(text) for text in out.gone}
    if gone.isdisjoint(known):
        return known
    return (*(each for each in known if each not in gone), *map(_digest, out.left))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
