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
from dateutil.rrule import rrulestr  # type: ignore[import-untyped] # it has no types
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.groups.calendar import calendar
from bot.ui.texts import texts
from dialogs.groups.group import Group, Meeting
from dialogs.groups.planning import Plan, occurrences
from simulation import cards
from simulation.teams import Post
from tests.support.kollegial import House, kollegial

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SINCE = datetime(2026, 6, 1, tzinfo=UTC)
TITLE = "Veiledningsgruppe"
SAY = texts("nb")


def a_group(plan: Plan, zone: str = "Europe/Oslo") -> Group:
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
        used=NOW.date(),
        retention=NOW.date(),
    )
    return replace(group, meetings=meetings)


SPRING = Plan("veiledningsgruppe", date(2027, 3, 16), time(9), 3, 14, 90, 4, 8)


PLACE = "https://teams.microsoft.com/l/chat/19%3Achat/0"


def written(group: Group, meetings: Iterable[Meeting] | None = None, now: datetime = NOW) -> str:
    chosen = group.meetings if meetings is None else meetings
    return calendar(texts("nb"), TITLE, group, chosen, now, place=PLACE).decode()


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


def moved(group: Group, number: int, by: timedelta) -> Group:
    old = group.meetings[number - 1]
    new = replace(old, starts_at=old.starts_at + by, sequence=old.sequence + 1)
    return replace(group, meetings=tuple(new if m == old else m for m in group.meetings))


def test_a_series_is_read_alike_by_two_programs() -> None:
    group = a_group(SPRING)
    text = written(group)
    theirs = [meeting.starts_at for meeting in group.meetings]

    events = parts(text, "VEVENT")
    assert [event.start.astimezone(UTC) for event in events] == theirs
    assert {event.end - event.start for event in events} == {timedelta(minutes=90)}
    assert parts(text, "VCALENDAR")[0].get_missing_tzids() == set()
    other: Any = vobject.readOne(text)
    assert [event.dtstart.value.astimezone(UTC) for event in other.vevent_list] == theirs
    assert [event.dtstart.value.hour for event in other.vevent_list] == [9, 9, 9]
    assert str(other.method.value) == "PUBLISH"


def test_an_update_replaces_instead_of_doubling() -> None:
    group, program = a_group(SPRING), Program()
    program.take(written(group))
    changed = moved(group, 2, timedelta(days=1))
    program.take(written(changed, [changed.meetings[1]]))
    assert program.shown() == [meeting.starts_at for meeting in changed.meetings]
    program.take(written(changed))
    assert len(program.events) == 3

    program.take(written(group))  # an old file, opened again
    assert program.shown() == [meeting.starts_at for meeting in changed.meetings]


def test_what_is_called_off_goes_away() -> None:
    group, program = a_group(SPRING), Program()
    program.take(written(group))
    off = replace(group.meetings[0], state="cancelled", sequence=1)
    changed = replace(group, meetings=(off, *group.meetings[1:]))
    alone = written(changed, [off])
    program.take(alone)

    assert program.shown() == [meeting.starts_at for meeting in group.meetings[1:]]
    assert parts(alone, "VCALENDAR")[0]["METHOD"] == "CANCEL"
    assert parts(written(changed), "VCALENDAR")[0]["METHOD"] == "PUBLISH"


def test_a_calendar_names_the_group_and_the_way_to_it_and_no_person() -> None:
    group = a_group(SPRING)
    text = written(group).replace("\r\n ", "")

    for secret in ("aad-anne", group.id):
        assert secret not in text
    assert f"URL:{PLACE}" in text
    assert f"hører til: {PLACE}" in text
    assert f"SUMMARY:{TITLE}\\, møte 1 av 3" in text
    assert "CLASS:PRIVATE" in text
    assert "ATTENDEE" not in text


def local_by_definition(text: str, moment: datetime) -> datetime:
    """What the clock shows at a moment by the file's own VTIMEZONE (RFC 5545, 3.6.5)."""
    onsets = []
    for part in parts(text, "STANDARD", "DAYLIGHT"):
        first, last = part["DTSTART"].dt, moment.replace(tzinfo=None) + timedelta(days=1)
        each = [first]
        if rule := part.get("RRULE"):
            each = rrulestr(rule.to_ical().decode(), dtstart=first).between(first, last, inc=True)
        for onset in each:
            at = onset.replace(tzinfo=UTC) - part["TZOFFSETFROM"].td
            onsets.append((at, part["TZOFFSETTO"].td))
    offset: timedelta = max(each for each in onsets if each[0] <= moment)[1]
    return moment.replace(tzinfo=None) + offset


@given(
    st.sampled_from(
        ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo"]
    ),
    st.integers(0, 55_000_000).map(lambda s: SINCE + timedelta(seconds=s)),
)
def test_the_zone_is_told_as_it_is_to_the_second(zone: str, moment: datetime) -> None:
    text = written(a_group(SPRING, zone))
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert local_by_definition(text, moment) == local


def what_outlook_misreads(text: str) -> list[str]:
    """What is right by the standard and read wrongly all the same (public reports)."""
    (zone,) = parts(text, "VTIMEZONE")
    observances = parts(text, "STANDARD", "DAYLIGHT")
    faults = [
        f"{kind} told more than once: only the first is read"
        for kind in ("STANDARD", "DAYLIGHT")
        if len(parts(text, kind)) > 1
    ]
    if len(observances) == 2 and not all("RRULE" in each for each in observances):
        faults.append("a change without a yearly rule")
    for event in parts(text, "VEVENT"):
        missing = {"UID", "SEQUENCE", "DTSTAMP", "ORGANIZER", "SUMMARY"} - event.keys()
        faults += [f"an event without {name}" for name in missing]
        zones = {event[name].params.get("TZID", "UTC") for name in ("DTSTART", "DTEND")}
        if zones not in ({zone["TZID"]}, {"UTC"}):
            faults.append("an event in another zone")
    if not all(line.endswith("\r") for line in text.split("\n")[:-1]):
        faults.append("lines that do not end as they should")
    return faults


@pytest.mark.parametrize(
    "zone", ["Europe/Oslo", "Europe/London", "America/New_York", "Asia/Kathmandu"]
)
def test_outlook_reads_what_is_written(zone: str) -> None:
    for plan in (SPRING, replace(SPRING, first=date(2027, 10, 19))):
        text = written(a_group(plan, zone))
        assert what_outlook_misreads(text) == []
        (whole,) = parts(text, "VCALENDAR")
        assert (whole["X-WR-CALNAME"], whole["X-PUBLISHED-TTL"]) == (TITLE, "PT1H")


def test_where_the_clocks_follow_no_yearly_rule_each_change_is_told() -> None:
    observances = parts(written(a_group(SPRING, "Africa/Casablanca")), "STANDARD", "DAYLIGHT")

    assert len(observances) > 2
    assert not any("RRULE" in each for each in observances)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_clocks_change_just_when_they_do(seconds: int) -> None:
    text = written(a_group(SPRING))
    for change in (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)):
        moment = change + timedelta(seconds=seconds)
        local = moment.astimezone(ZoneInfo("Europe/Oslo")).replace(tzinfo=None)
        assert local_by_definition(text, moment) == local


def test_a_meeting_in_the_night_of_a_change_lasts_as_long_as_any_other() -> None:
    night = Plan("veiledningsgruppe", date(2027, 3, 28), time(1, 30), 1, 1, 90, 4, 8)
    (event,) = parts(written(a_group(night)), "VEVENT")

    assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == timedelta(minutes=90)
    assert (event.start.hour, event.end.hour) == (1, 4)


def test_a_meeting_on_29_february() -> None:
    leap = Plan("veiledningsgruppe", date(2028, 2, 29), time(9), 1, 1, 90, 4, 8)
    assert "DTSTART;TZID=Europe/Oslo:20280229T090000" in written(a_group(leap))


# As a link


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, [], now=lambda: NOW) as house:
        yield house


def links(post: Post) -> list[str]:
    """All calendars that a card offers."""
    found = cards.actions(post.card or {"body": []})
    return [each["url"] for each in found if each["type"] == "Action.OpenUrl"]


async def fetched(url: str) -> tuple[int, str, str]:
    url = url.replace("webcal:", "http:")
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, response.headers["Content-Type"], await response.text()


async def test_the_link_on_the_card_opens_the_series_and_follows_its_changes(
    house: House,
) -> None:
    chat = house.teams.group_chat(house.anne, house.kari)
    await house.anne.write("planlegg 3 x 14 dager fra 2027-01-12 kl 9", chat)
    await house.anne.press(chat.last, "group.plan")
    await house.settle()
    link, subscription = links(chat.last)
    assert subscription == f"webcal{link[4:]}"
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
    await house.anne.press(panel, "group.move", data={"sure": "yes"})
    await house.settle()
    own = {link for post in house.kari.chat.posts for link in links(post)}
    assert len(own) == 3  # the series, to subscribe to as well, and the meeting that moved
    for url in own:
        program.take((await fetched(url))[2])
    assert len(program.events) == 3
    assert program.shown()[0] == datetime(2027, 1, 13, 8, tzinfo=UTC)


async def test_every_calendar_that_leaves_is_read_by_outlook(house: House) -> None:
    """Whatever happens to a group: every link of every card in every chat."""
    chat, anne, kari = house.teams.group_chat(house.anne, house.kari), house.anne, house.kari
    read: set[str] = set()

    async def read_all() -> None:
        await house.settle()
        for post in (*chat.posts, *anne.chat.posts, *kari.chat.posts):
            for url in links(post):
                status, _, text = await fetched(url)
                assert (status, what_outlook_misreads(text)) == (200, [])
                read.add(url)

    await anne.write("planlegg 3 x 14 dager fra 2027-03-16 kl 9", chat)
    await anne.press(chat.last, "group.plan")
    await read_all()
    await kari.press(chat.last, "group.join")
    await kari.write("kalender")
    assert {SAY("calendar.next"), SAY("group.calendar.subscribe"), SAY("calendar.twice")} <= {
        *kari.sees(kari.chat.last).split("\n")
    }
    await read_all()
    for verb, to in (("group.move", {"day": "2027-03-17"}), ("group.cancel", {})):
        await anne.write("grupper")
        panel = anne.chat.last
        await anne.press(panel, "group.panel")
        await anne.press(panel, verb, to)
        await anne.press(panel, verb, data={"sure": "yes"})
        await kari.write("kalender")
        await read_all()
    await anne.press(panel, "group.end")
    await read_all()

    assert (
        len(read) == 2 + 2
    )  # the series, to subscribe to as well; the one that was next, and then


def test_another_title_is_another_version() -> None:
    """What an event is called counts all meetings: with more of them it changes."""
    group, program = a_group(SPRING), Program()
    more = replace(
        group, meetings=(*group.meetings, *a_group(replace(SPRING, meetings=1)).meetings)
    )
    old, new = (parts(written(each), "VEVENT")[0] for each in (group, more))

    assert old["SUMMARY"] != new["SUMMARY"]
    assert old["SEQUENCE"] < new["SEQUENCE"]
    program.take(written(more))
    program.take(written(group))  # an old file, opened again
    assert "4" in program.events[old["UID"]]["SUMMARY"]


@pytest.mark.parametrize("minutes", [30, 60, 90])
def test_a_meeting_in_the_hour_that_comes_twice_has_its_length(minutes: int) -> None:
    night = Plan("veiledningsgruppe", date(2027, 10, 31), time(2, 30), 1, 1, minutes, 4, 8)
    group = a_group(night)
    text = written(group)
    (event,) = parts(text, "VEVENT")

    assert event.start.astimezone(UTC) == group.meetings[0].starts_at
    assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == timedelta(minutes=minutes)
    assert "DTSTART:20271031T003000Z" in text
    assert what_outlook_misreads(text) == []


async def test_a_guessed_link_opens_nothing(house: House) -> None:
    for key in ("guessed", "x" * 2000, "..%2F..%2Fetc", "%00"):
        url = f"{house.settings.calendars}/{key}.ics"
        assert (await fetched(url))[0] == 404
