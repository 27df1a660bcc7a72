"""Those who are many are divided into small groups, and nobody is left alone in one.

Whoever comes late joins the smallest; of a small group with fewer than `SMALLEST` left, each
comes into another.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from dialogs.sessions.method import Method, Subgroups
from dialogs.sessions.queries import current, here, in_subgroup, subgroup_of, subgroups
from dialogs.sessions.state import MIN_MEMBERS, Ended, Member, PersonId, Session, Wording

SMALLEST = 3
"""With fewer, one knows who wrote what."""


def divided(method: Subgroups, session: Session, chance: Random) -> Session:
    """Everyone who is here in a small group, at random."""
    people = [member.id for member in here(session)]
    chance.shuffle(people)
    number = {person: n for n, part in enumerate(parts(people, method.size), 1) for person in part}
    return _placed(session, lambda member: number.get(member.id, 0))


def parts(people: Sequence[PersonId], size: int) -> list[Sequence[PersonId]]:
    """About `size` in each: as even as can be, and none with fewer than `SMALLEST` where they are
    as many."""
    count = max(1, min(max(2, (len(people) + size // 2) // size), len(people) // SMALLEST))
    return [people[n::count] for n in range(count)]


def mended(method: Method, session: Session) -> Session:
    """Nobody is without a small group, or left in one with fewer than `SMALLEST`."""
    if not session.is_divided or isinstance(session.stage, Ended):
        return session
    while (stray := _stray(method, session)) is not None:
        session = _moved(method, session, stray)
    return _followed(session)


def _stray(method: Method, session: Session) -> int | None:
    """A small group, or nobody's, whose members belong into another."""
    if in_subgroup(session, 0):
        return 0
    sizes = {number: len(in_subgroup(session, number)) for number in subgroups(session)}
    few = [n for n, size in sizes.items() if size < SMALLEST and not _has_found(method, session, n)]
    return min(few, key=lambda n: (sizes[n], n)) if few and len(sizes) > 1 else None


def _has_found(method: Method, session: Session, number: int) -> bool:
    """Whether they stay together, until what they have agreed on is shown to all."""
    now = current(method, session)
    if now is None or not now.phase.does.gathers or now.opened.is_shown:
        return False
    wording = session.wordings.get(f"{now.phase.id}/{number}", Wording(""))
    return len(wording.confirmed) >= MIN_MEMBERS


def _moved(method: Method, session: Session, stray: int) -> Session:
    """One of them at a time, so that they are spread."""
    others = [number for number in subgroups(session) if number != stray] or [1]
    smallest = min(others, key=lambda number: (len(in_subgroup(session, number)), number))
    one = in_subgroup(session, stray)[0].id
    session = _placed(session, lambda member: smallest if member.id == one else member.subgroup)
    now = current(method, session)
    if now is None or not now.phase.does.gathers:
        return session
    wordings = {
        key: replace(wording, confirmed=wording.confirmed - {one})
        for key, wording in session.wordings.items()
        if key != f"{now.phase.id}/{stray}"
    }
    opened = replace(now.opened, done=now.opened.done - {one})
    return replace(session, wordings=wordings, opened=opened)


def _followed(session: Session) -> Session:
    """What is not shown yet goes with its writer: their small group is to see it."""
    contributions = tuple(
        replace(each, subgroup=subgroup_of(session, each.author))
        if each.subgroup and not each.is_shown
        else each
        for each in session.contributions
    )
    return replace(session, contributions=contributions)


def _placed(session: Session, where: Callable[[Member], int]) -> Session:
    members = tuple(replace(member, subgroup=where(member)) for member in session.members)
    return replace(session, members=members)
