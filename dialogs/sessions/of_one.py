"""A talk with one: what is left of a group where all but one stayed away or have left.

Only methods whose frame says so (`with_one`) are held like this. The questions are the same, and
the session goes on. What the one writes is no longer for the group: from the open phase on
nobody but the writer sees it, and it is among their notes when the phase is over. Where somebody
comes, the group goes on from there, and what was written alone stays with its writer.

Those who lead are none of them: two people, one of whom asks, are no group.
"""

from dataclasses import replace

from dialogs.sessions.method import Method, Phase
from dialogs.sessions.phases import is_anonymous, noted, without
from dialogs.sessions.queries import here, hides, leaders, phase
from dialogs.sessions.state import MIN_MEMBERS, Effect, Ended, Session, Stepped


def is_of_one(method: Method, session: Session) -> bool:
    """Whether it goes on as a talk with one."""
    if not method.frame.with_one or session.opened is None or session.is_rehearsal:
        return False
    return not isinstance(session.stage, Ended) and _others(session) <= 1


def are_enough(method: Method, session: Session) -> bool:
    """Whether those who are here can begin, or go on live."""
    is_one_enough = method.frame.with_one and _others(session) == 1
    return len(here(session)) >= MIN_MEMBERS or is_one_enough


def _others(session: Session) -> int:
    """How many are here beside those who lead."""
    return sum(member.id not in leaders(session) for member in here(session))


def held(method: Method, session: Session) -> Method:
    """The method as this session goes by it: with one, writing is for the writer."""
    now = phase(method, session)
    if now is None or not is_of_one(method, session):
        return method
    number = [each.id for each in method.phases].index(now.id)
    rest = (_for_the_writer(each) for each in method.phases[number:])
    return replace(method, phases=(*method.phases[:number], *rest))


def _for_the_writer(each: Phase) -> Phase:
    return replace(each, sees="writer") if each.does.writes else each


def turned(method: Method, before: Session, session: Session) -> Stepped:
    """A group has become one, or one a group: who sees what is written from now on.

    What somebody wrote for themselves meanwhile is theirs, and is not shown when others come.
    """
    was_of_one = is_of_one(method, before)
    now, opened = phase(held(method, session), session), session.opened
    if was_of_one == is_of_one(method, session) or now is None or opened is None:
        return session, []
    effects: list[Effect] = []
    if was_of_one:
        alone = {member.id for member in here(before)}
        effects = [each for one in alone for each in noted(session, _for_the_writer(now), one)]
        session = without(
            session,
            lambda each: each.phase == now.id and not each.is_shown and each.author in alone,
        )
    read = any(each.phase == now.id and each.is_shown for each in session.contributions)
    opened = replace(
        opened,
        is_shown=not hides(now) or (was_of_one and read),
        anonymous=is_anonymous(now),
    )
    return replace(session, opened=opened), effects
