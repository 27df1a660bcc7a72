"""Reminders: whether one is to be sent now, later, or not at all.

Each kind has a window: it opens at a local time of the person's, and closes when
its purpose has passed. In it, a reminder waits for the first moment that the
person's pause and working hours, the public holidays, and the group's quiet
hours leave free, on a day that has room for it.

    asleep --wakes up--> Send
                    |--> Wait(until) --wakes up--> ...
                    +--> Drop(reason)

Nothing is reckoned ahead for good: what wakes up asks `decide` anew, with the
occasion and the person as they are by then. So a meeting that moved, a week's
stop or a clock that jumped needs no special case.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from dialogs.working_hours import (
    HOLIDAYS,
    is_working_day,
    local_moment,
    working_days_from,
)

Kind: TypeAlias = Literal["invitation", "log_form", "day_before", "soon", "try", "used"]
"""`soon` comes ten minutes before, `try` after the meeting (try your alternative),
`used` some weeks after the last one (what did you use?)."""
KINDS: tuple[Kind, ...] = get_args(Kind)
Unasked: TypeAlias = Kind | Literal["news", "phase"]
"""What somebody got without asking. News (a meeting moved) are never held back, but count.
`phase` is a session over days that waits for them."""

SOON = timedelta(minutes=10)
INVITED_BEFORE, LOG_FORM_BEFORE = 5, 2
"""Working days before the meeting."""
TRY_WITHIN, USED_WITHIN = 3, 5
"""Working days in which it is still worth saying."""
PUT_OFF = (timedelta(hours=2), timedelta(minutes=5))
"""How long, where the next working day would be too late."""

_MIDNIGHT = time()
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the group's clock in which nobody is written to; `until` may be the next day's."""

    since: time
    until: time

    def __contains__(self, moment: time) -> bool:
        if self.since <= self.until:
            return self.since <= moment < self.until
        return moment >= self.since or moment < self.until


@dataclass(frozen=True, slots=True)
class Person:
    """What the reminders of one person go by."""

    zone: ZoneInfo
    opens: time = time(8)
    closes: time = time(16)
    """Working hours on weekdays, by the person's clock."""
    paused_until: date | None = None
    """The first day on which something may be sent again."""
    off: frozenset[Kind] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A meeting or an appointment. Moments are aware; `zone` is the group's."""

    starts: datetime
    ends: datetime
    zone: ZoneInfo
    quiet: Quiet | None = None
    used_after: timedelta = timedelta(weeks=4)
    """How long after it to ask what was used."""


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens` to before `closes`, in UTC; empty where that is no time at all."""

    opens: datetime
    closes: datetime


Reason: TypeAlias = Literal["off", "late", "no_time", "crowded"]
"""Switched off; its purpose has passed; the pause, holidays or hours leave no time in its
window; or other messages have taken the room of every day that is left."""


@dataclass(frozen=True, slots=True)
class Send:
    """Now."""


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    reason: Reason


# --- When ---------------------------------------------------------------------------------------


def window(kind: Kind, occasion: Occasion, person: Person) -> Window:
    """When a reminder serves its purpose.

    Each before the meeting gives way to the next, so that who is reached late
    hears only what still helps.
    """

    def morning(day: date, working_days: int) -> datetime:
        return local_moment(working_days_from(day, working_days), person.opens, person.zone)

    first = occasion.starts.astimezone(person.zone).date()
    last = occasion.ends.astimezone(person.zone).date()
    begins = occasion.starts.astimezone(UTC)
    match kind:
        case "invitation":
            return Window(morning(first, -INVITED_BEFORE), morning(first, -LOG_FORM_BEFORE))
        case "log_form":
            return Window(morning(first, -LOG_FORM_BEFORE), morning(first, -1))
        case "day_before":
            return Window(morning(first, -1), begins - SOON)
        case "soon":
            return Window(begins - SOON, begins)
        case "try":
            return Window(occasion.ends.astimezone(UTC), morning(last, TRY_WITHIN))
        case _:  # used
            later = last + occasion.used_after - _DAY
            return Window(morning(later, 1), morning(later, 1 + USED_WITHIN))


def fits(kind: Unasked, today: Collection[Unasked]) -> bool:
    """Whether a day has room: for one message, and for two where one is `soon`."""
    others = [sent for sent in today if sent != "soon"]
    return len(today) < 2 and (kind == "soon" or not others)


def decide(
    kind: Kind,
    occasion: Occasion,
    person: Person,
    now: datetime,
    today: Collection[Unasked] = (),
) -> Send | Wait | Drop:
    """What to do with a reminder that wakes up at `now`.

    `today` is what the person has got unasked on the day that it is for them.
    A `Wait` ends later than `now`, and inside the window.
    """
    if kind in person.off:
        return Drop("off")
    serves = window(kind, occasion, person)
    if now >= serves.closes:
        return Drop("late")
    free = _free(kind, max(now, serves.opens), serves.closes, occasion, person)
    if free is None:
        return Drop("no_time")
    if free > now:
        return Wait(free)
    if fits(kind, today):
        return Send()
    tomorrow = _tomorrow(now, person)
    free = _free(kind, tomorrow, serves.closes, occasion, person)
    return Wait(free) if free else Drop("crowded")


def put_off(kind: Kind, occasion: Occasion, person: Person, now: datetime) -> datetime | None:
    """When to say it again to someone who asks for that; None where no later time helps."""
    closes = window(kind, occasion, person).closes
    for moment in (_tomorrow(now, person), *(now + pause for pause in PUT_OFF)):
        if free := _free(kind, moment, closes, occasion, person):
            return free
    return None


def _tomorrow(now: datetime, person: Person) -> datetime:
    return local_moment(now.astimezone(person.zone).date() + _DAY, _MIDNIGHT, person.zone)


def _free(
    kind: Kind, moment: datetime, closes: datetime, occasion: Occasion, person: Person
) -> datetime | None:
    """The first moment, from `moment` on and before `closes`, at which one may write."""
    day = moment.astimezone(person.zone).date()
    while local_moment(day, _MIDNIGHT, person.zone) < closes:
        since, until = _hours(kind, day, person)
        free = _after_quiet(max(moment, since), occasion)
        if free < min(until, closes):
            return free
        day += _DAY
    return None


def _hours(kind: Kind, day: date, person: Person) -> tuple[datetime, datetime]:
    """The part of a day in which one may write: none of it, if it is no day for that.

    Ten minutes before a meeting somebody is written to at any hour, for they
    have chosen it; but not on a public holiday, nor in a pause.
    """
    paused = person.paused_until is not None and day < person.paused_until
    if kind == "soon":
        works, opens, closes = day not in HOLIDAYS, (day, _MIDNIGHT), (day + _DAY, _MIDNIGHT)
    else:
        works, opens, closes = is_working_day(day), (day, person.opens), (day, person.closes)
    since = local_moment(*opens, person.zone)
    return since, local_moment(*closes, person.zone) if works and not paused else since


def _after_quiet(moment: datetime, occasion: Occasion) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    local = moment.astimezone(occasion.zone)
    while occasion.quiet is not None and local.time() in occasion.quiet:
        ends = occasion.quiet.until
        day = local.date() + (_DAY if ends <= local.time() else timedelta())
        # In an hour that the day repeats, they end in that half of it where we are.
        after = datetime.combine(day, ends.replace(fold=local.fold), occasion.zone)
        # By way of UTC: an hour that the day skips becomes the one after it.
        local = after.astimezone(UTC).astimezone(occasion.zone)
    return local.astimezone(UTC)
