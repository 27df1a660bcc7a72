"""The open queue of a standing panel: cases that anybody of the office brings, and their places.

    (nothing) --bring--> waiting <--the meeting is no more--> placed --its owner was heard--> heard
                         waiting, placed --withdraw, the panel ends--> (nothing)
    heard --tells how it went, or does not--> (nothing)

A meeting has room for one case. Who is in more of a hurry comes first, and of those who are
alike who came first; nobody who has a place loses it to somebody who comes later. Until a case
has a place, the panel sees no word of it. `step` reads no clock and sends nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias, get_args

from dialogs.groups.group import Group, Meeting
from dialogs.retention import CASE_HEARD

Hurry: TypeAlias = Literal["urgent", "soon", "can_wait"]
HURRIES: tuple[Hurry, ...] = get_args(Hurry)
"""The most urgent first."""
QUESTION_LIMIT = 600
"""Characters of a case: one question, and no story."""
WENT_LIMIT = 1_000
"""Characters of what its owner tells of how it went."""
MOST_CASES = 200
"""That wait or have a place with one panel."""
MOST_OF_ONE = 3
"""Of these, from one person."""
NOT_HELD = timedelta(days=1)
"""So long after a meeting should have begun, a case that was not heard has its place no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question, without a client in it; nothing of it is left when it was heard."""

    id: str
    person: str
    question: str
    hurry: Hurry
    came: datetime
    meeting: str = ""
    """The meeting in which it has a place."""
    sequence: int = 0
    """Of that meeting, when its owner was told of it."""
    after: datetime | None = None
    """Its owner can come to no meeting that begins before."""
    heard: date | None = None
    """The day on which it was heard."""
    until: date | None = None
    """The last day on which anything of a case that was heard is kept."""
    went: str = ""
    """How it went, as long as it is on its way to the panel."""


# --- What happens -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bring:
    """Somebody brings a case."""

    at: datetime
    case: Case


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Its owner brings it no more, or cannot: one case, or all of theirs."""

    at: datetime
    by: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class MoveTo:
    """A case is to be heard at another meeting; whoever leads may say so, and its owner."""

    at: datetime
    by: str
    case: str
    meeting: str


@dataclass(frozen=True, slots=True)
class NotThen:
    """Its owner cannot come to the meeting where it has a place, and waits for a later one."""

    at: datetime
    by: str
    case: str
    meeting: str
    """As the pressed card had it: pressed again, nothing more happens."""


@dataclass(frozen=True, slots=True)
class Rearrange:
    """The meetings are others, or the panel has ended."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Hear:
    """A meeting is over; `owner` is whose case was heard there, if it was anybody's."""

    at: datetime
    owner: str | None
    asked_after: timedelta
    """So long after it its owner is asked how it went."""
    session: str = ""


@dataclass(frozen=True, slots=True)
class TellHow:
    """Its owner tells the panel how it went, or nothing."""

    at: datetime
    by: str
    case: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told is with the panel."""

    at: datetime
    case: str


Event: TypeAlias = Bring | Withdraw | MoveTo | NotThen | Rearrange | Hear | TellHow | Told

# --- What follows -------------------------------------------------------------------------------

News: TypeAlias = Literal["placed", "moved", "waits"]
"""A case has a place, its meeting has moved, or it has its place no more."""
Why: TypeAlias = Literal["full", "enough", "gone", "taken"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Why


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell the owner; the next thing that happens to the case is other news."""

    case: Case
    news: News


@dataclass(frozen=True, slots=True)
class Closed:
    """The panel has ended: the owner is told, and nothing of the case is left."""

    person: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Whether the case was heard is to be seen by then."""

    case: Case
    at: datetime


@dataclass(frozen=True, slots=True)
class WasHeard:
    """The owner gets the report, and is asked at `asked` how it went."""

    case: Case
    asked: datetime
    session: str


@dataclass(frozen=True, slots=True)
class Bringing:
    """What was told is brought to the panel."""

    case: Case


Effect: TypeAlias = Refused | Notify | Closed | LookAgain | WasHeard | Bringing
Queue: TypeAlias = tuple[Case, ...]
_Outcome: TypeAlias = tuple[Queue, list[Effect]]


def queued(cases: Iterable[Case]) -> Queue:
    """Those that wait or have a place, in the order in which they come to one."""
    there = (case for case in cases if case.heard is None)
    return tuple(sorted(there, key=lambda case: (HURRIES.index(case.hurry), case.came, case.id)))


def waiting(cases: Iterable[Case]) -> Queue:
    """Those without a place, in order."""
    return tuple(case for case in queued(cases) if not case.meeting)


def find(cases: Iterable[Case], ident: str) -> Case | None:
    return next((case for case in cases if case.id == ident), None)


def free(group: Group, cases: Iterable[Case], at: datetime) -> tuple[Meeting, ...]:
    """The meetings to come in which no case has a place, by time."""
    taken = {case.meeting for case in queued(cases)}
    return tuple(meeting for meeting in group.coming(at) if meeting.id not in taken)


def brought_to(group: Group, cases: Iterable[Case], at: datetime) -> dict[str, str]:
    """The questions of those whose cases are for the meeting that begins now, by person."""
    begins = group.begun_at(at)
    return {
        case.person: case.question for case in queued(cases) if begins and case.meeting == begins.id
    }


def step(group: Group, cases: Queue, event: Event) -> _Outcome:
    """One event: the queue after it, and what follows. A refusal changes nothing."""
    match event:
        case Bring():
            return _bring(group, cases, event)
        case Withdraw(at=at, by=by, case=ident):
            left = tuple(c for c in cases if not (c.person == by and ident in ("", c.id)))
            return _refused(cases, "gone") if left == cases else _arrange(group, cases, left, at)
        case MoveTo():
            return _move(group, cases, event)
        case NotThen():
            return _not_then(group, cases, event)
        case Rearrange(at=at):
            return _arrange(group, cases, cases, at)
        case Hear():
            return _hear(group, cases, event)
        case TellHow():
            return _tell_how(cases, event)
        case _:  # Told
            return tuple(each for each in cases if each.id != event.case), []


def _refused(cases: Queue, why: Why) -> _Outcome:
    return cases, [Refused(why)]


def _bring(group: Group, cases: Queue, event: Bring) -> _Outcome:
    there = queued(cases)
    if find(cases, event.case.id):  # pressed twice
        return cases, []
    if group.state == "ended":
        return _refused(cases, "gone")
    if sum(each.person == event.case.person for each in there) >= MOST_OF_ONE:
        return _refused(cases, "enough")
    if len(there) >= MOST_CASES:
        return _refused(cases, "full")
    return _arrange(group, cases, (*cases, event.case), event.at, sees=event.case)


def _move(group: Group, cases: Queue, event: MoveTo) -> _Outcome:
    """Whoever leads may give a case the place of another, which gets the next."""
    moved = find(queued(cases), event.case)
    to = next((each for each in group.coming(event.at) if each.id == event.meeting), None)
    if moved is None or to is None:
        return _refused(cases, "gone")
    is_own, leads = event.by == moved.person, group.leads(event.by)
    if not (is_own or leads):
        return _refused(cases, "gone")
    other = next((each for each in queued(cases) if each.meeting == to.id), None)
    if other == moved:
        return cases, []
    if other and not leads:
        return _refused(cases, "taken")
    now = [replace(moved, meeting=to.id, sequence=to.sequence, after=None)]
    if other:
        now.append(_without_place(other))
    return _arrange(group, cases, _with(cases, now), event.at, sees=moved if is_own else None)


def _not_then(group: Group, cases: Queue, event: NotThen) -> _Outcome:
    mine = find(queued(cases), event.case)
    meeting = group.meeting(mine.meeting) if mine and mine.person == event.by else None
    if mine is None or meeting is None or meeting.id != event.meeting:
        return _refused(cases, "gone")
    later = replace(_without_place(mine), after=meeting.starts_at + timedelta(seconds=1))
    return _arrange(group, cases, _with(cases, [later]), event.at, sees=mine)


def _hear(group: Group, cases: Queue, event: Hear) -> _Outcome:
    """The one whose owner was heard; all others who had a place there wait for another."""
    held = {meeting.id for meeting in group.meetings if meeting.state == "held"}
    there = [each for each in queued(cases) if each.meeting in held]
    mine = next((each for each in there if each.person == event.owner), None)
    after = _with(cases, [_without_place(each) for each in there])
    if mine is None:
        return _arrange(group, cases, after, event.at)
    asked = event.at + event.asked_after
    until = (asked + CASE_HEARD).astimezone(group.zone).date()
    today = event.at.astimezone(group.zone).date()
    heard = replace(_without_place(mine), question="", heard=today, until=until)
    after, effects = _arrange(group, cases, _with(after, [heard]), event.at)
    return after, [WasHeard(heard, asked, event.session), *effects]


def _tell_how(cases: Queue, event: TellHow) -> _Outcome:
    """What is told waits until it is with the panel; of nothing nothing is left."""
    case = find(cases, event.case)
    if case is None or case.person != event.by or case.heard is None or case.went:
        return _refused(cases, "gone")
    if not event.text:
        return tuple(each for each in cases if each != case), []
    told = replace(case, went=event.text)
    return _with(cases, [told]), [Bringing(told)]


# --- Places -------------------------------------------------------------------------------------


def _with(cases: Queue, changed: Sequence[Case]) -> Queue:
    new = {case.id: case for case in changed}
    return tuple(new.get(case.id, case) for case in cases)


def _without_place(case: Case) -> Case:
    return replace(case, meeting="", sequence=0)


def _arrange(
    group: Group, before: Queue, cases: Queue, at: datetime, *, sees: Case | None = None
) -> _Outcome:
    """Give every case the place that there is for it; who has a good one keeps it.

    `sees`: the case of whoever did it. They see at once what came of it, and are not told.
    """
    if group.state == "ended":
        return (), [Closed(person) for person in sorted({c.person for c in queued(cases)})]
    after = _with(cases, [_with_its_place(group, case, at) for case in queued(cases)])
    for case in waiting(after):
        rooms = (m for m in free(group, after, at) if not case.after or m.starts_at >= case.after)
        if room := next(rooms, None):
            after = _with(after, [replace(case, meeting=room.id, sequence=room.sequence)])
    return after, [*_effects(group, before, after, sees)]


def _with_its_place(group: Group, case: Case, at: datetime) -> Case:
    """Where its meeting is still to come or under way: what has ended is told by `Hear`."""
    meeting = group.meeting(case.meeting)
    if meeting is None or meeting.is_cancelled:
        return _without_place(case)
    if meeting.state == "planned" and at - meeting.starts_at >= NOT_HELD:
        return _without_place(case)
    return replace(case, sequence=meeting.sequence)


def _effects(group: Group, before: Queue, after: Queue, sees: Case | None) -> Iterator[Effect]:
    for case in queued(after):
        old = find(before, case.id)
        had, has = (old.meeting, old.sequence) if old else ("", 0), (case.meeting, case.sequence)
        if had == has:
            continue
        if meeting := group.meeting(case.meeting):
            yield LookAgain(case, meeting.starts_at + NOT_HELD)
        if sees is None or case.id != sees.id:
            news: News = "moved" if had[0] == has[0] else "placed" if has[0] else "waits"
            yield Notify(case, news)
