"""Working days and working hours in Norway, by the clock of a zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

from dialogs.study import Language

HOLIDAYS = country_holidays("NO", language="no")
_NAMED = {"nb": HOLIDAYS, "en": country_holidays("NO", language="en_US")}
_SATURDAY = 5
_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """No weekend, and no public holiday in Norway."""
    return day.weekday() < _SATURDAY and day not in HOLIDAYS


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
    """In UTC. An hour that the day skips is the one after it, one that it repeats is the first."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


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
