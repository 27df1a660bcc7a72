"""Signing up for a group: first come, first served, and a line for those who come later.

    (nobody) --join, a seat is free--> joined
    (nobody) --join, none is---------> waiting --a seat becomes free--> asked
    asked --join--> joined             asked --no answer in time--> (nobody)
    any --leave--> (nobody)

Members are kept in the order in which they came. A seat that somebody is asked to
take is kept for them until a stated time; then the next in line is asked. Nobody
loses a seat because a group is made smaller. `step` reads no clock: `until` says
who can be asked in this step, and by when each has to answer; who cannot keeps their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from dialogs.groups.working_hours import (
    Hours,
    QuietHours,
    first_free,
    last_working,
    local_moment,
    working_days_from,
)

Status: TypeAlias = Literal["joined", "asked", "waiting"]
"""`asked`: next in line, with a seat kept until `asked_until`. Who has left has none."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody with a seat, or in line for one."""

    person: str
    name: str
    """As Teams gave it at sign-up; shown to the group and the facilitator alone."""
    status: Status = "joined"
    asked_until: datetime | None = None
    since: datetime | None = None
    """When they got their seat; None where that was not noted."""


@dataclass(frozen=True, slots=True)
class Roster:
    """`advised` is the number of members below which a group is fragile."""

    size: int
    advised: int
    members: tuple[Membership, ...] = ()

    @property
    def joined(self) -> int:
        return sum(member.status == "joined" for member in self.members)

    @property
    def waiting(self) -> int:
        return sum(member.status == "waiting" for member in self.members)

    @property
    def free(self) -> int:
        """Seats that nobody has and nobody is asked to take."""
        return max(self.size - len(self.members) + self.waiting, 0)

    def member(self, person: str) -> Membership | None:
        return next((member for member in self.members if member.person == person), None)

    def place(self, person: str) -> int:
        """Somebody's place in the line, 1 being next."""
        line = [member.person for member in self.members if member.status == "waiting"]
        return line.index(person) + 1


# --- What happens -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Join:
    """Wants a seat; also the yes of somebody who was asked."""

    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Gives the seat, or the place in line, back; also the no of somebody who was asked."""

    person: str


@dataclass(frozen=True, slots=True)
class Resize:
    size: int


@dataclass(frozen=True, slots=True)
class Expire:
    """It is `at`: whoever should have answered by then has not."""

    at: datetime


Event: TypeAlias = Join | Leave | Resize | Expire


# --- What there is to say -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seated:
    person: str


@dataclass(frozen=True, slots=True)
class Queued:
    person: str
    place: int


@dataclass(frozen=True, slots=True)
class Left:
    person: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A press that had been pressed before, or of somebody who is not there."""

    person: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A seat is kept for them until then."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Did not answer in time, and is no longer in line."""

    person: str


@dataclass(frozen=True, slots=True)
class Few:
    """The group has become smaller than is advised; it meets all the same."""

    joined: int


Effect: TypeAlias = Seated | Queued | Left | Unchanged | Asked | Lapsed | Few


def step(
    roster: Roster, event: Event, until: Mapping[str, datetime]
) -> tuple[Roster, list[Effect]]:
    """One event: the new roster, and what to say to whom."""
    changed, effects = _happen(roster, event)
    changed, asked = _ask_next(changed, until)
    effects += asked
    if changed.joined < roster.advised <= roster.joined:
        effects.append(Few(changed.joined))
    return changed, effects


def _happen(roster: Roster, event: Event) -> tuple[Roster, list[Effect]]:
    match event:
        case Join(person, name):
            return _join(roster, person, name)
        case Leave(person):
            kept = tuple(member for member in roster.members if member.person != person)
            gone = len(kept) < len(roster.members)
            return replace(roster, members=kept), [Left(person) if gone else Unchanged(person)]
        case Resize(size):
            return replace(roster, size=size), []
        case _:
            late = [m for m in roster.members if m.asked_until and m.asked_until <= event.at]
            kept = tuple(member for member in roster.members if member not in late)
            return replace(roster, members=kept), [Lapsed(member.person) for member in late]


def _join(roster: Roster, person: str, name: str) -> tuple[Roster, list[Effect]]:
    match roster.member(person):
        case None if roster.free:
            seated = (*roster.members, Membership(person, name))
            return replace(roster, members=seated), [Seated(person)]
        case None:
            queued = replace(roster, members=(*roster.members, Membership(person, name, "waiting")))
            return queued, [Queued(person, queued.waiting)]
        case Membership(status="asked") as asked:
            # A late yes counts, so long as nobody else was asked.
            seat = Membership(person, asked.name)
            return _put(roster, seat), [Seated(person)]
        case _:
            return roster, [Unchanged(person)]


def _ask_next(roster: Roster, until: Mapping[str, datetime]) -> tuple[Roster, list[Effect]]:
    """Ask those who have waited longest, as many as there are seats."""
    line = [m for m in roster.members if m.status == "waiting" and m.person in until]
    effects: list[Effect] = []
    for member in line[: roster.free]:
        by = until[member.person]
        roster = _put(roster, replace(member, status="asked", asked_until=by))
        effects.append(Asked(member.person, by))
    return roster, effects


def _put(roster: Roster, changed: Membership) -> Roster:
    members = tuple(changed if m.person == changed.person else m for m in roster.members)
    return replace(roster, members=members)


# --- Until when ---------------------------------------------------------------------------------

_LAST_CALL = timedelta(hours=1)


def answer_by(
    now: datetime, hours: Hours, quiet: QuietHours, meetings: Sequence[datetime] | None
) -> datetime | None:
    """By when somebody who is asked now has to answer, at an hour at which they work.

    They hear of it when they can next be written to, and have until the same time on the
    next working day; but not longer than until an hour before the next of the `meetings`
    to come, so that there is time to ask somebody else; and where it is nearer than that,
    until it begins. None for who is away, and where no meeting is to come; `meetings` is
    None for a group that meets without a plan.
    """
    asked = None if hours.is_paused(now) else first_free(now, hours, quiet)
    later = [starts for starts in meetings or () if asked and starts > asked]
    if asked is None or (meetings is not None and not later):
        return None
    local = asked.astimezone(hours.zone)
    until = local_moment(working_days_from(local.date(), 1), local.time(), hours.zone)
    if not later or until <= later[0] - _LAST_CALL:
        return until
    until = last_working(later[0] - _LAST_CALL, hours)
    return until if asked < until else later[0]
