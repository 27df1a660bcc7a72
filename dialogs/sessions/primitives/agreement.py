"""A text that all who act confirm."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any, Literal

from dialogs.sessions.actions import RESERVE, done, fits, is_unsent, stopped_text
from dialogs.sessions.method import Current, Method, Primitive
from dialogs.sessions.queries import actors, wording_key
from dialogs.sessions.state import (
    MIN_MEMBERS,
    Agreed,
    Confirmed,
    PhaseEvent,
    Refused,
    Session,
    Stepped,
    Told,
    Worded,
    Wording,
)
from dialogs.studies.study import Language
from dialogs.writing.text import is_blank

_SUGGESTED: Mapping[Language, tuple[str, ...]] = {
    "nb": (
        "Vi sier fra til hverandre samme dag når noe skurrer.",
        "Vi avtaler hvem som ringer, før vi går fra hverandre.",
    ),
    "nn": (
        "Vi seier frå til kvarandre same dag når noko skurrar.",
        "Vi avtaler kven som ringjer, før vi går frå kvarandre.",
    ),
    "en": (
        "We tell each other the same day when something feels wrong.",
        "We agree who calls before we part.",
    ),
}
"""What an invented member words in a rehearsal."""


@dataclass(frozen=True, slots=True)
class Agreement(Primitive):
    """One text that all who act confirm. Whoever words it anew opens it again."""

    kind: Literal["agreement"] = "agreement"

    def keeps(self) -> bool:
        return True

    def accepts(
        self, method: Method, session: Session, now: Current, event: PhaseEvent
    ) -> Stepped | None:
        match event:
            case Worded():
                return word(session, now, event, Told("worded"))
            case Confirmed():
                return confirm(session, now, event, Told("confirmed"))
        return None

    def rehearses(
        self,
        method: Method,
        session: Session,
        now: Current,
        who: Mapping[str, Any],
        chance: Random,
    ) -> PhaseEvent | None:
        """Agree to what is there; where nothing is, word it."""
        wording = session.wordings.get(now.phase.id)
        if wording is None:
            text = chance.choice(_SUGGESTED[session.language])
            return Worded(**who, text=text, edition=0, anyway=True)
        if who["by"] in wording.confirmed:
            return None
        return Confirmed(**who, edition=wording.edition)

    def counts(
        self,
        method: Method,
        session: Session,
        now: Current,
        at: datetime,
        chance: Random,
        *,
        is_last: bool,
    ) -> Stepped | None:
        """Going on without an agreement is asked about, once for each wording."""
        wording = session.wordings.get(now.phase.id)
        if wording is None or is_last or self._is_agreed(session, now):
            return None
        edition = str(wording.edition)
        if now.opened.asked == (edition,):
            return None
        opened = replace(now.opened, asked=(edition,))
        return replace(session, opened=opened), [Told("not_agreed")]

    def closes(self, method: Method, session: Session, now: Current) -> Stepped:
        """What all have confirmed, the one who worded it and somebody else at least."""
        if not self._is_agreed(session, now):
            return session, []
        wording = replace(session.wordings[now.phase.id], is_agreed=True)
        session = replace(session, wordings={**session.wordings, now.phase.id: wording})
        return session, [Agreed(now.phase.id, wording.text)]

    def _is_agreed(self, session: Session, now: Current) -> bool:
        wording = session.wordings.get(now.phase.id, Wording(""))
        is_for_all = wording.confirmed.issuperset(actors(session, now.phase))
        return is_for_all and len(wording.confirmed) >= MIN_MEMBERS


def word(session: Session, now: Current, event: Worded, told: Told) -> Stepped:
    """What to agree on: whoever words it agrees to it, and the others confirm it anew."""
    key = wording_key(session, now.phase, event.by)
    before = session.wordings.get(key, Wording(""))
    if event.edition != before.edition:
        return session, [Refused("reworded")]
    if is_blank(event.text):
        return session, [Refused("empty")]
    if why := stopped_text(session, now.phase, event):
        return session, [why]
    by = frozenset({event.by})
    wording = Wording(event.text, before.edition + 1, by)
    others = {
        member.id for member in session.members if wording_key(session, now.phase, member.id) == key
    }
    opened = replace(
        now.opened, done=(now.opened.done - others) | by, passed=now.opened.passed - others
    )
    after = replace(session, wordings={**session.wordings, key: wording}, opened=opened)
    return fits(session, after, told, RESERVE)


def confirm(session: Session, now: Current, event: Confirmed, told: Told) -> Stepped:
    """Agree to the edition that one has read."""
    key = wording_key(session, now.phase, event.by)
    wording = session.wordings.get(key)
    if wording is None:
        return session, [Refused("no_choice")]
    if event.edition != wording.edition:
        return session, [Refused("reworded")]
    if is_unsent(session, now, event.by, event.unsent):
        return session, [Refused("unsent")]
    wording = replace(wording, confirmed=wording.confirmed | {event.by})
    session = replace(session, wordings={**session.wordings, key: wording})
    return done(session, now.opened, event.by), [told]
