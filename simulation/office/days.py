"""Days and hours in Norway, reckoned once more: what is held against the bot must not be its own.

Easter is the anonymous Gregorian computus (Meeus 1991, p. 67).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
_AFTER_EASTER = (-3, -2, 0, 1, 39, 49, 50)


@cache
def holidays(year: int) -> frozenset[date]:
    """The public holidays that may fall on any day of the week."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * i) // 451
    month, day = divmod(h + i - 7 * m + 114, 31)
    easter = date(year, month, day + 1)
    fixed = {date(year, *each) for each in _FIXED}
    return frozenset(fixed | {easter + n * _DAY for n in _AFTER_EASTER})


def is_holiday(day: date) -> bool:
    return day in holidays(day.year)


def is_working(day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day)


def working(day: date, count: int) -> date:
    """The working day so many after a day, or before it."""
    while count:
        day += _DAY if count > 0 else -_DAY
        count -= is_working(day) * (1 if count > 0 else -1)
    return day


def on_or_after(day: date) -> date:
    """The first working day from a day on."""
    return day if is_working(day) else working(day, 1)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """In UTC; an hour that comes twice is the first, and one that never comes the next."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
