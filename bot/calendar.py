"""Calendars: one meeting, or all of a group's, as calendar programs read them (RFC 5545).

Each meeting is an event of its own, with the same UID in both and for as long as it
lives; a change raises its SEQUENCE. So a program that has the meeting already, from
whichever link, puts the new version in the place of the old one. Nothing in a
calendar names a person, a group or an office: who finds one knows no more than
that somebody meets.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.enums import CLASS, STATUS
from icalendar.prop import vCalAddress

from bot.texts import Texts
from storage.groups import Circle, Meeting

_NOBODY = "mailto:nobody@kollegial.invalid"
"""An organizer must be named (RFC 5546); one at `.invalid` can be written to by nobody."""
_REFRESH = timedelta(hours=1)
"""How often a program that subscribes should look again."""
_AROUND = timedelta(days=366)
"""How long before the first meeting and after the last the zone's changes are told."""
_DAY = timedelta(days=1)


def calendar(
    say: Texts, title: str, circle: Circle, meetings: Iterable[Meeting], now: datetime
) -> bytes:
    """An .ics file with some of a circle's meetings. `title` is that of the method."""
    zone, total = ZoneInfo(circle.group.timezone), len(circle.meetings)
    events = []
    for meeting in meetings:
        event = _event(meeting, zone, now)
        event.add(
            "SUMMARY", say("calendar.summary", title=title, number=meeting.number, total=total)
        )
        event.add("DESCRIPTION", say("calendar.description"))
        events.append(event)
    whole = Calendar()
    whole.add("PRODID", "-//Kollegial//Meetings//NO")
    whole.add("VERSION", "2.0")
    is_over = all(event.status == STATUS.CANCELLED for event in events)
    whole.add("METHOD", "CANCEL" if is_over else "PUBLISH")
    whole.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    moments = [meeting.starts_at for meeting in circle.meetings]
    whole.add_component(_timezone(zone, min(moments) - _AROUND, max(moments) + _AROUND))
    for event in events:
        whole.add_component(event)
    return bytes(whole.to_ical())


def _event(meeting: Meeting, zone: ZoneInfo, now: datetime) -> Event:
    # The end is reckoned in UTC: in the night of a change a meeting lasts as long as any other.
    ends = meeting.starts_at + timedelta(minutes=meeting.minutes)
    event = Event()
    event.add("UID", f"{meeting.id}@kollegial")
    event.add("DTSTAMP", now)
    event.add("SEQUENCE", meeting.sequence)
    event.add("DTSTART", meeting.starts_at.astimezone(zone))
    event.add("DTEND", ends.astimezone(zone))
    event.add("ORGANIZER", vCalAddress(_NOBODY))
    event.classification = CLASS.PRIVATE
    event.status = STATUS.CANCELLED if meeting.state == "cancelled" else STATUS.CONFIRMED
    return event


# --- The zone -----------------------------------------------------------------------------------
# Not icalendar's own VTIMEZONE: its clocks are put forward an hour late (seen in 7.3.0).


def _timezone(zone: ZoneInfo, since: datetime, until: datetime) -> Timezone:
    """What the clocks of a zone show between two moments (RFC 5545, 3.6.5)."""
    whole = Timezone()
    whole.add("TZID", zone.key)
    whole.add_component(_observance(zone, since, since))
    for before, change in _changes(zone, since, until):
        whole.add_component(_observance(zone, before, change))
    return whole


def _observance(
    zone: ZoneInfo, before: datetime, change: datetime
) -> TimezoneStandard | TimezoneDaylight:
    """What the clocks show from `change` on; its onset is told by the clock of `before`."""
    old, new = before.astimezone(zone), change.astimezone(zone)
    component = TimezoneDaylight() if new.dst() else TimezoneStandard()
    onset = change.astimezone(UTC) + (old.utcoffset() or timedelta())
    component.add("DTSTART", onset.replace(tzinfo=None))
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
