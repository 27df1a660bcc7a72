"""Calendars: what two programs read in them, and what becomes of an update."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import pytest_asyncio
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendar import calendar
from bot.texts import texts
from dialogs.series import Plan, occurrences
from storage.groups import Circle, Group, Meeting
from tests.support.kollegial import House, kollegial

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SINCE = datetime(2026, 6, 1, tzinfo=UTC)
TITLE = "Veiledningsgruppe"


def a_circle(plan: Plan, zone: str = "Europe/Oslo") -> Circle:
    starts = occurrences(plan, ZoneInfo(zone))
    meetings = tuple(Meeting(n, each, plan.minutes) for n, each in enumerate(starts, 1))
    group = Group(
        name="NAV Eksempelby, onsdager",
        method="veiledningsgruppe",
        language="nb",
        timezone=zone,
        conversation={},
        place="19:chat",
        facilitator="aad-anne",
        size_min=4,
        size_max=8,
        created=NOW.date(),
        retention=NOW.date(),
    )
    return Circle(group, (), meetings)


SPRING = Plan("veiledningsgruppe", date(2027, 3, 16), time(9), 3, 14, 90, 4, 8)


def written(circle: Circle, meetings: Iterable[Meeting] | None = None, now: datetime = NOW) -> str:
    chosen = circle.meetings if meetings is None else meetings
    return calendar(texts("nb"), TITLE, circle, chosen, now).decode()


def parts(text: str, *kinds: str) -> list[Any]:
    """The components of these kinds, as icalendar reads them."""
    whole: Any = Calendar.from_ical(text)
    return [part for kind in kinds for part in whole.walk(kind)]


@dataclass
class Program:
    """A calendar program: it keeps what it was given by UID, and the latest of each."""

    events: dict[str, Any] = field(default_factory=dict)

    def take(self, text: str) -> None:
        for event in parts(text, "VEVENT"):
            known = self.events.get(event["UID"])
            if known is None or event["SEQUENCE"] >= known["SEQUENCE"]:
                self.events[event["UID"]] = event

    def shown(self) -> list[datetime]:
        confirmed = [e for e in self.events.values() if e["STATUS"] == "CONFIRMED"]
        return sorted(event.start.astimezone(UTC) for event in confirmed)


def moved(circle: Circle, number: int, by: timedelta) -> Circle:
    old = circle.meetings[number - 1]
    new = replace(old, starts_at=old.starts_at + by, sequence=old.sequence + 1)
    return replace(circle, meetings=tuple(new if m == old else m for m in circle.meetings))


def test_a_series_is_read_alike_by_two_programs() -> None:
    circle = a_circle(SPRING)
    text = written(circle)
    theirs = [meeting.starts_at for meeting in circle.meetings]

    events = parts(text, "VEVENT")
    assert [event.start.astimezone(UTC) for event in events] == theirs
    assert {event.end - event.start for event in events} == {timedelta(minutes=90)}
    assert parts(text, "VCALENDAR")[0].get_missing_tzids() == set()
    other: Any = vobject.readOne(text)
    assert [event.dtstart.value.astimezone(UTC) for event in other.vevent_list] == theirs
    assert [event.dtstart.value.hour for event in other.vevent_list] == [9, 9, 9]
    assert str(other.method.value) == "PUBLISH"


def test_an_update_replaces_instead_of_doubling() -> None:
    circle, program = a_circle(SPRING), Program()
    program.take(written(circle))
    changed = moved(circle, 2, timedelta(days=1))
    program.take(written(changed, [changed.meetings[1]]))
    assert program.shown() == [meeting.starts_at for meeting in changed.meetings]
    program.take(written(changed))
    assert len(program.events) == 3

    program.take(written(circle))  # an old file, opened again
    assert program.shown() == [meeting.starts_at for meeting in changed.meetings]


def test_what_is_called_off_goes_away() -> None:
    circle, program = a_circle(SPRING), Program()
    program.take(written(circle))
    off = replace(circle.meetings[0], state="cancelled", sequence=1)
    changed = replace(circle, meetings=(off, *circle.meetings[1:]))
    alone = written(changed, [off])
    program.take(alone)

    assert program.shown() == [meeting.starts_at for meeting in circle.meetings[1:]]
    assert parts(alone, "VCALENDAR")[0]["METHOD"] == "CANCEL"
    assert parts(written(changed), "VCALENDAR")[0]["METHOD"] == "PUBLISH"


def test_a_calendar_names_no_person_no_group_and_no_office() -> None:
    circle = a_circle(SPRING)
    text = written(circle).replace("\r\n ", "")

    for secret in ("NAV", "Eksempelby", "onsdager", "aad-anne", "19:chat", circle.group.id):
        assert secret not in text
    assert f"SUMMARY:{TITLE}\\, møte 1 av 3" in text
    assert "CLASS:PRIVATE" in text
    assert "ATTENDEE" not in text


def local_by_definition(text: str, moment: datetime) -> datetime:
    """What the clock shows at a moment by the file's own VTIMEZONE (RFC 5545, 3.6.5)."""
    onsets = []
    for part in parts(text, "STANDARD", "DAYLIGHT"):
        onset = part["DTSTART"].dt.replace(tzinfo=UTC) - part["TZOFFSETFROM"].td
        onsets.append((onset, part["TZOFFSETTO"].td))
    offset: timedelta = max(each for each in onsets if each[0] <= moment)[1]
    return moment.replace(tzinfo=None) + offset


@given(
    st.sampled_from(
        ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo"]
    ),
    st.integers(0, 55_000_000).map(lambda s: SINCE + timedelta(seconds=s)),
)
def test_the_zone_is_told_as_it_is_to_the_second(zone: str, moment: datetime) -> None:
    text = written(a_circle(SPRING, zone))
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert local_by_definition(text, moment) == local


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_clocks_change_just_when_they_do(seconds: int) -> None:
    text = written(a_circle(SPRING))
    for change in (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)):
        moment = change + timedelta(seconds=seconds)
        local = moment.astimezone(ZoneInfo("Europe/Oslo")).replace(tzinfo=None)
        assert local_by_definition(text, moment) == local


def test_a_meeting_in_the_night_of_a_change_lasts_as_long_as_any_other() -> None:
    night = Plan("veiledningsgruppe", date(2027, 3, 28), time(1, 30), 1, 1, 90, 4, 8)
    (event,) = parts(written(a_circle(night)), "VEVENT")

    assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == timedelta(minutes=90)
    assert (event.start.hour, event.end.hour) == (1, 4)


def test_a_meeting_on_29_february() -> None:
    leap = Plan("veiledningsgruppe", date(2028, 2, 29), time(9), 1, 1, 90, 4, 8)
    assert "DTSTART;TZID=Europe/Oslo:20280229T090000" in written(a_circle(leap))


# As a link


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, [], now=lambda: NOW) as house:
        yield house


async def fetched(url: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, response.headers["Content-Type"], await response.text()


async def test_the_link_on_the_card_opens_the_series_and_follows_its_changes(
    house: House,
) -> None:
    chat = house.teams.group_chat(house.anne, house.kari)
    await house.anne.write("planlegg 3 x 14 dager fra 2027-01-12 kl 9", chat)
    await house.settle()
    (link,) = [action["url"] for action in (chat.last.card or {})["actions"] if "url" in action]
    status, kind, text = await fetched(link)
    assert (status, kind) == (200, "text/calendar; charset=utf-8")
    program = Program()
    program.take(text)
    assert len(program.shown()) == 3

    await house.kari.press(chat.last, "group.join")
    await house.anne.write("grupper")
    panel = house.anne.chat.last
    await house.anne.press(panel, "group.panel")
    await house.anne.press(panel, "group.move", {"day": "2027-01-13"})
    await house.settle()
    own = [
        action["url"]
        for post in house.kari.chat.posts
        for action in (post.card or {}).get("actions", [])
        if "url" in action
    ]
    assert len(set(own)) == 2  # the series, and the meeting that moved
    for url in own:
        program.take((await fetched(url))[2])
    assert len(program.events) == 3
    assert program.shown()[0] == datetime(2027, 1, 13, 8, tzinfo=UTC)


async def test_a_guessed_link_opens_nothing(house: House) -> None:
    for key in ("guessed", "x" * 2000, "..%2F..%2Fetc", "%00"):
        url = f"{house.settings.calendars}/{key}.ics"
        assert (await fetched(url))[0] == 404
