"""Calendars, as their programs read them (RFC 5545): one meeting, all of a group's, or a time
for a study.

Each meeting is an event of its own, with the same UID in both and for as long as it
lives; a change raises its SEQUENCE. So a program that has the meeting already, from
whichever link, puts the new version in the place of the old one. Nothing in a
calendar names a person, a group or an office: who finds one knows no more than
that somebody meets. The file of a time has its place too, as whoever offered it
wrote it; only who has seen the offer has its address.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.enums import CLASS, STATUS
from icalendar.prop import vCalAddress

from bot.gateway.events import Json
from bot.ui.texts import Texts
from dialogs.groups.appointments import Slot
from dialogs.groups.group import Group, Meeting

_NOBODY = "mailto:nobody@kollegial.invalid"
"""An organizer must be named (RFC 5546); one at `.invalid` can be written to by nobody."""
_REFRESH = timedelta(hours=1)
"""How often a program that subscribes should look again."""
_AROUND = timedelta(days=2 * 366)
"""How long before the first meeting and after the last the zone's changes are told."""
_DAY = timedelta(days=1)


def calendar(
    say: Texts, title: str, group: Group, meetings: Iterable[Meeting], now: datetime, *, place: str
) -> bytes:
    """An .ics file with some of a group's meetings. `title` is what the group is called, and
    `place` the address of where it meets.
    """
    zone, total = ZoneInfo(group.timezone), len(group.meetings)
    events = []
    for meeting in meetings:
        event = _event(meeting.id, meeting.starts_at, meeting.minutes, zone, now)
        event.status = STATUS.CANCELLED if meeting.state == "cancelled" else STATUS.CONFIRMED
        # What an event is called changes where meetings are added, and the number with it.
        event.add("SEQUENCE", meeting.sequence + total - meeting.number)
        event.add(
            "SUMMARY", say("calendar.summary", title=title, number=meeting.number, total=total)
        )
        event.add("DESCRIPTION", say("calendar.description", place=place))
        event.add("URL", place)
        events.append(event)
    moments = [meeting.starts_at for meeting in group.meetings]
    return _file(title, zone, moments, events)


def calendar_of_time(
    say: Texts, title: str, slot: Slot, now: datetime, *, zone: ZoneInfo, venue: str
) -> bytes:
    """An .ics file with a time for a study. `title` is that of the study."""
    event = _event(slot.id, slot.starts_at, slot.minutes, zone, now)
    event.status = STATUS.CONFIRMED
    event.add("SEQUENCE", 0)  # a time is called off, and never moved
    event.add("SUMMARY", title)
    event.add("DESCRIPTION", say("calendar.time.description"))
    if venue:
        event.add("LOCATION", venue)
    return _file(title, zone, [slot.starts_at], [event])


def _file(
    title: str, zone: ZoneInfo, moments: Sequence[datetime], events: Sequence[Event]
) -> bytes:
    whole = Calendar()
    whole.add("PRODID", "-//Kollegial//Meetings//NO")
    whole.add("VERSION", "2.0")
    is_over = all(event.status == STATUS.CANCELLED for event in events)
    whole.add("METHOD", "CANCEL" if is_over else "PUBLISH")
    whole.add("NAME", title)  # RFC 7986, 5.1
    whole.add("X-WR-CALNAME", title)
    whole.add("X-PUBLISHED-TTL", "PT1H")
    whole.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    whole.add_component(_timezone(zone, min(moments) - _AROUND, max(moments) + _AROUND))
    for event in events:
        whole.add_component(event)
    return bytes(whole.to_ical())


def _event(of: str, starts: datetime, minutes: int, zone: ZoneInfo, now: datetime) -> Event:
    # The end is reckoned in UTC: in the night of a change a meeting lasts as long as any other.
    ends = starts + timedelta(minutes=minutes)
    event = Event()
    event.add("UID", f"{of}@kollegial")
    event.add("DTSTAMP", now)
    # An hour that the clocks show twice is read as the first of the two, unless it is in UTC.
    is_told_twice = any(_is_told_twice(at, zone) for at in (starts, ends))
    shown = UTC if is_told_twice else zone
    event.add("DTSTART", starts.astimezone(shown))
    event.add("DTEND", ends.astimezone(shown))
    event.add("ORGANIZER", vCalAddress(_NOBODY))
    event.classification = CLASS.PRIVATE
    return event


def _is_told_twice(at: datetime, zone: ZoneInfo) -> bool:
    local = at.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


# --- The zone -----------------------------------------------------------------------------------
# Not icalendar's own VTIMEZONE: its clocks are put forward an hour late (seen in 7.3.0).


def _timezone(zone: ZoneInfo, since: datetime, until: datetime) -> Timezone:
    """What the clocks of a zone show between two moments (RFC 5545, 3.6.5).

    Outlook takes the first two observances for all there is: so where the clocks change
    by a yearly rule there are just two, each with its rule; else each change is told.
    """
    whole = Timezone()
    whole.add("TZID", zone.key)
    changes = [*_changes(zone, since, until)]
    if rules := _yearly(zone, changes):
        for (before, change), rule in rules:
            observance = _observance(zone, before, change)
            observance.add("RRULE", rule)
            whole.add_component(observance)
        return whole
    whole.add_component(_observance(zone, since, since))
    for before, change in changes:
        whole.add_component(_observance(zone, before, change))
    return whole


_Change: TypeAlias = tuple[datetime, datetime]
"""A moment before a change of the clocks, and the moment of it."""


def _yearly(zone: ZoneInfo, changes: Sequence[_Change]) -> list[tuple[_Change, Json]]:
    """The first two changes with the rules by which they come every year, if they do.

    Each rule is held against every change for as long as the calendar is for.
    """
    rules = [(change, _rule(zone, change)) for change in changes[:2]]
    if len(rules) < 2 or _kind(zone, changes[0]) == _kind(zone, changes[1]):
        return []
    for n, change in enumerate(changes):
        like, rule = rules[n % 2]
        if _kind(zone, change) != _kind(zone, like) or _rule(zone, change) != rule:
            return []
    return rules


def _kind(zone: ZoneInfo, change: _Change) -> tuple[object, ...]:
    """What a change is from and to, and at which hour of the old clock."""
    before, at = change
    old, new = before.astimezone(zone), at.astimezone(zone)
    return old.utcoffset(), new.utcoffset(), new.tzname(), _onset(zone, change).time()


def _rule(zone: ZoneInfo, change: _Change) -> Json:
    """Every year on the last, or the so many-th, such weekday of the month."""
    onset = _onset(zone, change)
    week = (onset.day - 1) // 7 + 1
    is_last = (onset + timedelta(days=7)).month != onset.month
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[onset.weekday()]
    return {"FREQ": "YEARLY", "BYMONTH": onset.month, "BYDAY": f"{-1 if is_last else week}{day}"}


def _onset(zone: ZoneInfo, change: _Change) -> datetime:
    """When it comes, by the clock before it."""
    before, at = change
    onset = at.astimezone(UTC) + (before.astimezone(zone).utcoffset() or timedelta())
    return onset.replace(tzinfo=None)


def _observance(
    zone: ZoneInfo, before: datetime, change: datetime
) -> TimezoneStandard | TimezoneDaylight:
    """What the clocks show from `change` on; its onset is told by the clock of `before`."""
    old, new = before.astimezone(zone), change.astimezone(zone)
    component = TimezoneDaylight() if new.dst() else TimezoneStandard()
    component.add("DTSTART", _onset(zone, (before, change)))
    component.add("TZOFFSETFROM", old.utcoffset())
    component.add("TZOFFSETTO", new.utcoffset())
    component.add("TZNAME", new.tzname())
    return component


def _changes(
    zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Each change of the clocks: a moment before it, and the moment of it, to the second."""
    while since < until:
        old = since.astimezone(zone).utcoffset()

        def is_changed(seconds: int, since: datetime = since, old: timedelta | None = old) -> bool:
            return (since + timedelta(seconds=seconds)).astimezone(zone).utcoffset() != old

        day = range(int(_DAY.total_seconds()) + 1)
        if is_changed(day[-1]):
            yield since, since + timedelta(seconds=bisect_left(day, x=True, key=is_changed))
        since += _DAY
