"""The one place that reckons time: working days and hours in Norway, and a person's own.

first_free(moment, hours, quiet)    when somebody can next be written to
last_working(moment, hours)         the last working moment before
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

from dialogs.studies.study import Language

HOLIDAYS = country_holidays("NO", language="no")
_NAMED = {"nb": HOLIDAYS, "en": country_holidays("NO", language="en_US")}
SATURDAY = 5
_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """No weekend, and no public holiday in Norway."""
    return day.weekday() < SATURDAY and day not in HOLIDAYS


def holiday(day: date, language: Language) -> str:
    """What Norway celebrates on a day that is in `HOLIDAYS`; empty where nobody has its name."""
    return _NAMED[language].get(day, "").replace(";", ",") if language in _NAMED else ""


def working_days_from(day: date, count: int) -> date:
    """The working day so many after `day`, or before it where `count` is negative."""
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def local_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """In UTC. An hour that the day skips is the one after it, one that it repeats is the first.

    A clock on the wall has no fold: whatever `clock` says of it is left out.
    """
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


# --- When somebody can be written to ------------------------------------------------------------

_MIDNIGHT = time()
_LOOKED_AHEAD = timedelta(days=400)
"""Longer than any pause."""


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
class Hours:
    """When somebody works, by their own clock, and until when they are away."""

    zone: ZoneInfo
    opens: time = time(8)
    closes: time = time(16)
    """Working hours on weekdays."""
    paused_until: date | None = None
    """The first day on which something may be sent again."""

    def is_paused(self, moment: datetime) -> bool:
        return not self.is_back(moment.astimezone(self.zone).date())

    def is_back(self, day: date) -> bool:
        """Whether they are no longer away on that day."""
        return self.paused_until is None or day >= self.paused_until

    def of(self, day: date, *, at_any: bool = False) -> tuple[datetime, datetime]:
        """The part of a day in which one may write: none of it, if it is no day for that.

        `at_any`: at any hour, as somebody has chosen it, and on a weekend; but not on a
        public holiday, nor in a pause.
        """
        if at_any:
            works, opens, closes = day not in HOLIDAYS, (day, _MIDNIGHT), (day + _DAY, _MIDNIGHT)
        else:
            works, opens, closes = is_working_day(day), (day, self.opens), (day, self.closes)
        since = local_moment(*opens, self.zone)
        until = local_moment(*closes, self.zone) if works and self.is_back(day) else since
        return since, until


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A group's quiet hours, by the clock of its zone; none where `hours` is None."""

    zone: ZoneInfo
    hours: Quiet | None = None

    def after(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it lies in, in UTC."""
        local = moment.astimezone(self.zone)
        while self.hours is not None and local.time() in self.hours:
            ends = self.hours.until
            day = local.date() + (_DAY if ends <= local.time() else timedelta())
            # In an hour that the day repeats, they end in that half of it where we are.
            after = datetime.combine(day, ends.replace(fold=local.fold), self.zone)
            # By way of UTC: an hour that the day skips becomes the one after it.
            local = after.astimezone(UTC).astimezone(self.zone)
        return local.astimezone(UTC)


def first_free(
    moment: datetime,
    hours: Hours,
    quiet: QuietHours,
    closes: datetime | None = None,
    *,
    at_any: bool = False,
) -> datetime | None:
    """The first moment, from `moment` on and before `closes`, at which one may write."""
    ends = closes or moment + _LOOKED_AHEAD
    day = moment.astimezone(hours.zone).date()
    while local_moment(day, _MIDNIGHT, hours.zone) < ends:
        since, until = hours.of(day, at_any=at_any)
        free = quiet.after(max(moment, since))
        if free < min(until, ends):
            return free
        day += _DAY
    return None


def tomorrow(moment: datetime, hours: Hours) -> datetime:
    """When the next day of somebody's begins."""
    return local_moment(moment.astimezone(hours.zone).date() + _DAY, _MIDNIGHT, hours.zone)


def last_working(moment: datetime, hours: Hours) -> datetime:
    """The moment itself where they work, else when they last stopped before it."""
    day = moment.astimezone(hours.zone).date()
    while True:
        since = local_moment(day, hours.opens, hours.zone)
        if is_working_day(day) and since <= moment:
            return min(moment, local_moment(day, hours.closes, hours.zone)).astimezone(UTC)
        day -= _DAY


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A group's, on working days: from `opens` to before `closes` by the clock of `zone`."""

    zone: str
    """An IANA zone that exists."""
    opens: time = time(8)
    closes: time = time(16)

    def deadline(self, since: datetime, days: int) -> datetime:
        """When so many working days are over, in UTC; outside working hours none has begun.

        What opens on a Friday at 10 for one day is open until Monday at 10; what
        opens on Friday evening, until Tuesday morning.
        """
        zone = ZoneInfo(self.zone)
        local = since.astimezone(zone)
        day, clock = local.date(), max(local.time(), self.opens)
        if clock >= self.closes or not is_working_day(day):
            day, clock = working_days_from(day, 1), self.opens
        return local_moment(working_days_from(day, days), clock, zone)

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """How much of the time between two moments is working time."""
        zone = ZoneInfo(self.zone)
        day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        work = timedelta()
        while day <= last:
            opens, closes = self._of(day, zone)
            work += max(min(until, closes) - max(since, opens), timedelta())
            day += _DAY
        return work

    def after(self, since: datetime, work: timedelta) -> datetime:
        """When so much working time is over, in UTC."""
        zone = ZoneInfo(self.zone)
        day = since.astimezone(zone).date()
        while True:
            opens, closes = self._of(day, zone)
            begins = max(since, opens)
            if begins < closes and begins + work <= closes:
                return (begins + work).astimezone(UTC)
            work -= max(closes - begins, timedelta())
            day += _DAY

    def _of(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The working hours of a day: none, where it is no working day."""
        opens = local_moment(day, self.opens, zone)
        return opens, local_moment(day, self.closes, zone) if is_working_day(day) else opens
