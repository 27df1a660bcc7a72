"""Days and times of day as people write them, in their language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.ui.texts import Texts
from bot.ui.zones import zone_in_words


def day(say: Texts, when: date) -> str:
    """4. januar 2027."""
    return _written(say, when, say("date.day"))


def month(say: Texts, when: date) -> str:
    """Januar 2027."""
    return _written(say, when, "MMMM y")


def weekday(say: Texts, when: date) -> str:
    """Mandag 4. januar, where the year goes without saying."""
    return _written(say, when, say("date.weekday"))


def full_day(say: Texts, when: date) -> str:
    """Mandag 4. januar 2027."""
    return _written(say, when, say("date.full"))


def name_of_day(say: Texts, when: date) -> str:
    """Mandag."""
    return _written(say, when, "EEEE")


def moment(say: Texts, when: datetime, zone: ZoneInfo) -> str:
    """Mandag 4. januar kl. 09:00, by the clocks of a zone."""
    local = when.astimezone(zone)
    return say("date.moment", day=weekday(say, local.date()), time=f"{local:%H:%M}")


def full_moment(say: Texts, when: datetime, zone: ZoneInfo) -> str:
    """Mandag 4. januar 2027 kl. 09:00, by the clocks of a zone."""
    local = when.astimezone(zone)
    return say("date.moment", day=full_day(say, local.date()), time=f"{local:%H:%M}")


def near_moment(
    say: Texts, when: datetime, zone: ZoneInfo, now: datetime, theirs: ZoneInfo | None = None
) -> str:
    """I morgen kl. 09:00, where it is near.

    By which clock is said where that is not also `theirs`, the group's.
    """
    local = when.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    near = {0: "date.today", 1: "date.tomorrow"}.get(days)
    day, time = weekday(say, local.date()), f"{local:%H:%M}"
    said = say(near, day=day, time=time) if near else moment(say, when, zone)
    if theirs is None or when.astimezone(theirs).utcoffset() == local.utcoffset():
        return said
    return say("date.zone", when=said, zone=zone_in_words(zone.key))


def _written(say: Texts, when: date, form: str) -> str:
    return format_date(when, form, locale=say.language)
