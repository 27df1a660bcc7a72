"""Colleagues are asked, each in their own chat, and answer: yes, later, or no without a reason.

The first yes begins the talk; who says yes after that comes into it. Of a no only that there was
one is kept, until the talk ends.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.sessions.method import Method
from dialogs.sessions.phases import end
from dialogs.sessions.queries import asked, here, is_here
from dialogs.sessions.state import (
    AnswerPutOff,
    AnswersDue,
    AskedInVain,
    Asking,
    ColleagueAnswered,
    ColleagueAsked,
    Effect,
    Ended,
    Gathering,
    Invited,
    PersonId,
    Postponed,
    Refused,
    Session,
    Stepped,
)

REMIND_AFTER = timedelta(hours=1)
"""How long after "later" somebody is reminded of the question."""


def invite(method: Method, session: Session, asking: Asking, event: Invited) -> Stepped:
    """Ask these too, but for those who have not answered yet, or are here."""
    waiting = asking.waiting
    new = tuple(
        each
        for each in dict.fromkeys(event.people)
        if each not in waiting and not is_here(session, each)
    )
    if not new:
        return session, [Refused("nothing_chosen")]
    if len(here(session)) + len(waiting) + len(new) > method.frame.max_size:
        return session, [Refused("too_many")]
    until = max(asking.until, event.until)
    asking = replace(asking, until=until, waiting=(*waiting, *new))
    return replace(session, asking=asking), [ColleagueAsked(each) for each in new]


def postpone(session: Session, asking: Asking, event: Postponed) -> Stepped:
    """Can later, and is reminded once, where that is before the question lapses."""
    if event.by in asking.later:
        return session, []
    at = event.at + REMIND_AFTER
    is_in_time = at < asking.until
    again = {**asking.again, event.by: at} if is_in_time else asking.again
    asking = replace(asking, later=asking.later | {event.by}, again=again)
    return replace(session, asking=asking), [AnswerPutOff(at)] if is_in_time else []


def decline(session: Session, asking: Asking, person: PersonId) -> Stepped:
    """Nothing says any more who it was; whoever asked is told where nobody is left to answer."""
    session, effects = answered(session, asking, person, unable=1)
    is_alone = isinstance(session.stage, Gathering) and not asked(session)
    return session, [*effects, *([AskedInVain()] if is_alone else [])]


def answered(session: Session, asking: Asking, person: PersonId, *, unable: int = 0) -> Stepped:
    """Of this person no answer is waited for."""
    asking = replace(
        asking,
        waiting=tuple(each for each in asking.waiting if each != person),
        later=asking.later - {person},
        again={each: at for each, at in asking.again.items() if each != person},
        unable=asking.unable + unable,
    )
    return replace(session, asking=asking), [ColleagueAnswered(person)]


def answers_due(method: Method, session: Session, event: AnswersDue) -> Stepped:
    """Whoever has not answered need not; where nobody has, there is no talk."""
    asking = session.asking
    if asking is None or isinstance(session.stage, Ended) or event.at < asking.until:
        return session, []
    if isinstance(session.stage, Gathering):
        return in_vain(method, session, event.at)
    asking = replace(asking, waiting=(), later=frozenset(), again={})
    return replace(session, asking=asking), []


def in_vain(method: Method, session: Session, at: datetime) -> Stepped:
    session, effects = end(method, session, at, "never_started")
    told: list[Effect] = [AskedInVain()]
    return session, [*effects, *told]
