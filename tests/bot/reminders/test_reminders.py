"""Reminders as people get them: on time by their own clock, about things as they are, and few."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import column, delete, table

from bot.delivery.outgoing import plan_row
from bot.reminders.service import addressed
from bot.ui.texts import texts
from dialogs.groups.group import Group, Meeting
from dialogs.groups.reminders import KINDS, Switch
from dialogs.groups.signup import Membership
from dialogs.groups.working_hours import Quiet, QuietHours
from dialogs.retention import NOTE
from dialogs.sessions.notes import Note
from simulation import cards
from simulation.teams import Chat, Post, User
from storage.operational.outbox import Claimed
from storage.operational.preferences import Preferences
from tests.support.databases import on_both
from tests.support.kollegial import House, can, kollegial, press_raw

OSLO, NEW_YORK = ZoneInfo("Europe/Oslo"), ZoneInfo("America/New_York")
SAY = texts("nb")
MONDAY = datetime(2027, 1, 4, 7, tzinfo=OSLO)
FIRST = datetime(2027, 1, 14, 9, tzinfo=OSLO)
DAYS = timedelta(days=1)
GUIDE = (Path(__file__).parents[3] / "docs/deltaker.md").read_text("utf-8")


@dataclass
class Clock:
    """The bot's clock, which only these tests move."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@dataclass
class Weeks:
    """A bot, a group of it, and the weeks that pass."""

    house: House
    clock: Clock
    chat: Chat
    group: Group

    async def pass_to(self, moment: datetime) -> None:
        """From one due time to the next; nobody sleeps."""
        outbox = self.house.operational.outbox
        ends = moment + timedelta(seconds=59)  # of a morning's reminders some come a little later
        while (due := await outbox.next_due()) and due <= ends:
            self.clock.at = max(self.clock.at, due)
            await self.house.settle()
        self.clock.at = max(moment, min(self.clock.at, ends))
        await self.house.settle()

    async def save(self, **changes: object) -> None:
        """Change the group, as its facilitator or members do, and have it planned anew."""
        groups = self.house.operational.groups
        before = await groups.get(self.group.id)
        assert before is not None
        self.group = replace(before, **changes)  # type: ignore[arg-type] # tests name what they change
        async with self.house.operational.begin() as transaction:
            transaction.run(groups.save(self.group))
            transaction.enqueue(plan_row("meeting", self.group.id, self.clock()))

    async def move(self, number: int, starts_at: datetime) -> None:
        await self._change(
            number, lambda old: replace(old, starts_at=starts_at, sequence=old.sequence + 1)
        )

    async def cancel(self, number: int) -> None:
        await self._change(
            number, lambda old: replace(old, state="cancelled", sequence=old.sequence + 1)
        )

    async def _change(self, number: int, how: Callable[[Meeting], Meeting]) -> None:
        await self.save(
            meetings=tuple(how(m) if m.number == number else m for m in self.group.meetings)
        )


def reminders(user: User) -> list[Post]:
    return [post for post in user.chat.posts if post.card and can(user, post, "reminder.put_off")]


def kinds(user: User) -> list[str]:
    """What somebody was reminded of, in order."""
    titles = {SAY(f"reminder.{kind}.title"): kind for kind in KINDS}
    return [titles[next(t for t in titles if t in user.sees(post))] for post in reminders(user)]


@pytest_asyncio.fixture
async def weeks(tmp_path: Path, urls: dict[str, str]) -> AsyncIterator[Weeks]:
    clock = Clock(MONDAY)
    async with kollegial(tmp_path, [], now=clock, urls=urls) as house:
        yield await weeks_of(house, clock)


async def weeks_of(house: House, clock: Clock) -> Weeks:
    """Kari and Ola in a group that Anne leads, with two meetings to come."""
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    for user in (house.anne, house.kari, house.ola):
        await user.write("hjelp")
    members = tuple(Membership(user.id, user.name) for user in (house.kari, house.ola))
    meetings = tuple(Meeting(n, FIRST + (n - 1) * 14 * DAYS, 90) for n in (1, 2))
    group = Group(
        name="Torsdager",
        method="veiledningsgruppe",
        language="nb",
        timezone="Europe/Oslo",
        conversation={
            "id": chat.id,
            "kind": "groupChat",
            "tenant": house.teams.tenant,
            "service_url": house.teams.service_url,
        },
        place=chat.id,
        facilitator=house.anne.id,
        size_min=4,
        size_max=8,
        created=MONDAY.date(),
        used=MONDAY.date(),
        retention=date(2027, 12, 31),
    )
    group = replace(group, members=members, meetings=meetings)
    async with house.operational.begin() as transaction:
        transaction.run(house.operational.groups.add(group))
        transaction.enqueue(plan_row("meeting", group.id, clock()))
    return Weeks(house, clock, chat, group)


async def test_a_meeting_is_reminded_of_step_by_step(weeks: Weeks) -> None:
    kari, ola, anne = weeks.house.kari, weeks.house.ola, weeks.house.anne
    for moment, kind in (
        (datetime(2027, 1, 7, 8, tzinfo=OSLO), "invitation"),
        (datetime(2027, 1, 12, 8, tzinfo=OSLO), "log_form"),
        (datetime(2027, 1, 13, 8, tzinfo=OSLO), "day_before"),
        (datetime(2027, 1, 14, 8, 50, tzinfo=OSLO), "soon"),
        (datetime(2027, 1, 14, 10, 30, tzinfo=OSLO), "try"),
    ):
        before = len(reminders(kari))
        await weeks.pass_to(moment - timedelta(minutes=1))
        assert len(reminders(kari)) == before
        await weeks.pass_to(moment)
        assert kinds(kari)[before:] == [kind]
    assert kinds(ola) == kinds(kari)
    assert kinds(anne) == ["day_before", "soon"]
    await weeks.pass_to(datetime(2027, 3, 30, tzinfo=OSLO))
    assert kinds(kari)[5:] == ["invitation", "log_form", "day_before", "soon", "try", "used"]
    assert kinds(anne) == ["day_before", "soon"] * 2


async def test_it_says_which_group_it_is_from_and_when_in_ones_own_time(weeks: Weeks) -> None:
    siri = weeks.house.teams.user("Siri Eksempel", timezone="America/New_York", locale="en-US")
    await siri.write("help")
    await siri.write("language english")
    await weeks.save(members=(*weeks.group.members, Membership(siri.id, siri.name)))
    await weeks.pass_to(datetime(2027, 1, 13, 8, tzinfo=NEW_YORK) - timedelta(minutes=1))
    before = len(reminders(siri))
    await weeks.pass_to(datetime(2027, 1, 13, 8, tzinfo=NEW_YORK))

    (post,) = reminders(siri)[before:]
    seen = siri.sees(post)
    assert texts("en")("reminder.origin.meeting", title="Torsdager") in seen
    # By which clock is said, for it is not the group's.
    at = "tomorrow, Thursday 14 January, at 03:00 (America/New York)"
    assert f"“Torsdager” is {at}." in seen
    for verb in ("reminder.put_off", "reminder.off", "reminder.pause", "form.open"):
        assert can(siri, post, verb)
    (link,) = (a["url"] for a in cards.actions(siri.card(post)) if a["type"] == "Action.OpenUrl")
    assert link.endswith(f"/calendar/{weeks.group.meetings[0].calendar_key}.ics")
    assert post.activity["summary"] == f"Torsdager: {at}"


# Things change


async def test_a_meeting_that_moves_is_reminded_of_where_it_is(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(datetime(2027, 1, 12, 12, tzinfo=OSLO))
    assert kinds(kari) == ["invitation", "log_form"]
    await weeks.move(1, datetime(2027, 1, 21, 13, tzinfo=OSLO))
    await weeks.pass_to(datetime(2027, 1, 19, 7, 59, tzinfo=OSLO))
    assert kinds(kari) == ["invitation", "log_form"]

    await weeks.pass_to(datetime(2027, 1, 21, 12, 50, tzinfo=OSLO))
    assert kinds(kari)[2:] == ["log_form", "day_before", "soon"]
    assert "kl. 13:00" in kari.sees(reminders(kari)[-1])


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("jeg har ferie til 3. august", date(2027, 8, 3)),
        ("borte i tre dager", date(2027, 1, 7)),
        ("syk i dag", date(2027, 1, 5)),
        ("pause i to uker", date(2027, 1, 18)),
        ("pause til neste mandag", date(2027, 1, 11)),
    ],
)
async def test_who_says_that_they_are_away_has_a_pause(
    weeks: Weeks, written: str, until: date
) -> None:
    """At once where that was asked for; where it was only told, after a button."""
    kari, preferences = weeks.house.kari, weeks.house.operational.preferences
    await kari.write(written)
    if not written.startswith("pause"):
        assert (await preferences.of(kari.id)).paused_until is None
        offered, _ = cards.actions(kari.card(kari.chat.last))  # the other is help
        assert offered["title"].startswith("pause")
        await kari.press(kari.chat.last, offered["title"])
    assert (await preferences.of(kari.id)).paused_until == until


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("stopp påminnelser", "settings"),
        ("når er neste møte", "groups.heading"),
        ("kalender", "calendar.next"),
    ],
)
async def test_what_is_asked_for_is_shown(weeks: Weeks, written: str, shown: str) -> None:
    kari = weeks.house.kari
    await kari.write(written)
    assert SAY(shown) in kari.sees(kari.chat.last)


async def test_what_is_due_at_once_stands_on_one_card(weeks: Weeks) -> None:
    """On a day with a meeting the one after it is the next only when that is over."""
    kari = weeks.house.kari
    await weeks.move(1, datetime(2027, 1, 21, 13, tzinfo=OSLO))
    await weeks.pass_to(datetime(2027, 1, 21, 14, 28, tzinfo=OSLO))
    before = len(reminders(kari))
    await weeks.pass_to(datetime(2027, 1, 22, 16, tzinfo=OSLO))

    (post,) = reminders(kari)[before:]
    seen = kari.sees(post)
    assert all(SAY(f"reminder.{kind}.title") in seen for kind in ("try", "invitation"))
    assert "torsdag 28. januar kl. 09:00" in seen
    (first, second) = weeks.group.meetings
    later = {"reminder": f"invitation/meeting/{weeks.group.id}/{second.id}"}
    await kari.press(post, "reminder.put_off", data=later)
    tried = {"reminder": f"try/meeting/{weeks.group.id}/{first.id}"}
    await kari.press(post, "reminder.off", data=tried)
    await weeks.pass_to(datetime(2027, 1, 25, 8, tzinfo=OSLO))
    assert kinds(kari)[before + 1 :] == ["invitation"]
    assert (await weeks.house.operational.preferences.of(kari.id)).off == {"try"}


async def test_a_day_that_is_full_has_room_on_the_card_that_fills_it(weeks: Weeks) -> None:
    """Of two groups that meet tomorrow, both are told of: on one card, and each once."""
    kari, group = weeks.house.kari, weeks.group
    other = replace(
        group,
        id="f" * 32,
        name="Fredager",
        place="19:other",
        calendar_key="other",
        meetings=(Meeting(1, FIRST + timedelta(hours=4), 90),),
    )
    async with weeks.house.operational.begin() as transaction:
        transaction.run(weeks.house.operational.groups.add(other))
        transaction.enqueue(plan_row("meeting", other.id, weeks.clock()))
    await weeks.pass_to(datetime(2027, 1, 13, 7, 59, tzinfo=OSLO))
    before = len(reminders(kari))
    await weeks.pass_to(datetime(2027, 1, 13, 16, tzinfo=OSLO))

    (post,) = reminders(kari)[before:]
    assert all(name in kari.sees(post) for name in ("Torsdager", "Fredager"))
    await weeks.pass_to(datetime(2027, 1, 14, 13, tzinfo=OSLO))
    assert kinds(kari)[before + 1 :] == ["soon", "try", "soon"]


async def test_a_meeting_that_moves_by_an_hour_is_not_prepared_for_twice(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(FIRST - timedelta(minutes=5))
    assert kinds(kari) == ["invitation", "log_form", "day_before", "soon"]
    await weeks.move(1, FIRST + timedelta(hours=1))
    await weeks.pass_to(FIRST + timedelta(minutes=50))

    assert kinds(kari)[4:] == ["soon"]
    assert "kl. 10:00" in kari.sees(reminders(kari)[-1])


async def test_back_where_it_was_it_is_reminded_of_after_all(weeks: Weeks) -> None:
    await weeks.pass_to(datetime(2027, 1, 7, 7, tzinfo=OSLO))
    await weeks.move(1, FIRST + 30 * DAYS)
    await weeks.pass_to(datetime(2027, 1, 12, 9, tzinfo=OSLO))
    assert reminders(weeks.house.kari) == []
    await weeks.move(1, FIRST)
    await weeks.pass_to(FIRST)

    assert kinds(weeks.house.kari) == ["log_form", "day_before", "soon"]


async def test_of_a_cancelled_meeting_nobody_hears(weeks: Weeks) -> None:
    await weeks.cancel(1)
    await weeks.pass_to(datetime(2027, 1, 20, 12, tzinfo=OSLO))
    assert reminders(weeks.house.kari) == reminders(weeks.house.anne) == []


async def test_what_was_used_is_asked_after_the_last_meeting_there_is(weeks: Weeks) -> None:
    await weeks.pass_to(FIRST + DAYS)
    await weeks.cancel(2)
    await weeks.pass_to(datetime(2027, 2, 12, tzinfo=OSLO))
    assert kinds(weeks.house.kari)[-1] == "used"


async def test_who_leaves_hears_no_more_and_who_comes_late_hears_what_still_helps(
    weeks: Weeks,
) -> None:
    kari, ola = weeks.house.kari, weeks.house.ola
    siri = weeks.house.teams.user("Siri Eksempel")
    await weeks.pass_to(datetime(2027, 1, 12, 12, tzinfo=OSLO))
    await siri.write("hjelp")
    before = len(reminders(ola))
    await weeks.save(members=(Membership(kari.id, kari.name), Membership(siri.id, siri.name)))
    await weeks.pass_to(FIRST)

    assert kinds(siri) == ["log_form", "day_before", "soon"]
    assert len(reminders(ola)) == before


async def test_who_waits_for_a_seat_is_not_reminded(weeks: Weeks) -> None:
    kari, ola = weeks.house.kari, weeks.house.ola
    waiting = Membership(ola.id, ola.name, "waiting")
    await weeks.save(members=(Membership(kari.id, kari.name), waiting))
    await weeks.pass_to(FIRST)
    assert (len(reminders(kari)), reminders(ola)) == (4, [])


async def test_nothing_is_said_before_a_meeting_that_has_begun(weeks: Weeks) -> None:
    await weeks.pass_to(FIRST - timedelta(minutes=20))
    await weeks.save(
        meetings=tuple(replace(m, state="held") for m in weeks.group.meetings if m.number == 1)
    )
    await weeks.pass_to(FIRST + timedelta(hours=2))
    assert kinds(weeks.house.kari) == ["invitation", "log_form", "day_before", "try"]


async def test_of_a_group_that_is_gone_nobody_hears(weeks: Weeks) -> None:
    async with weeks.house.operational.begin() as transaction:
        transaction.run(weeks.house.operational.groups.destroy(weeks.group, FIRST))
    await weeks.pass_to(FIRST)
    assert reminders(weeks.house.kari) == []


async def test_planning_anew_repeats_nothing(weeks: Weeks) -> None:
    kari = weeks.house.kari
    for day in range(4, 15):
        await weeks.pass_to(datetime(2027, 1, day, 9, 30, tzinfo=OSLO))
        await weeks.save()
    await weeks.pass_to(FIRST + DAYS)
    assert kinds(kari) == ["invitation", "log_form", "day_before", "soon", "try"]


# What people choose


@pytest.mark.parametrize("word", re.findall(r"^\| `([^`]+)`", GUIDE, re.MULTILINE))
async def test_what_the_guide_for_participants_says_to_write_is_understood(
    weeks: Weeks, word: str
) -> None:
    kari = weeks.house.kari
    await kari.write(word)
    said = kari.sees(kari.chat.last)
    assert SAY("miss.personal").partition("\n")[0] not in said
    assert SAY("error.bug") not in said


async def test_a_pause_holds_until_its_day(weeks: Weeks) -> None:
    kari, ola = weeks.house.kari, weeks.house.ola
    await kari.write("pause til 13. januar")
    assert kari.chat.last.text == SAY("pause.done", day="13. januar 2027")
    await weeks.pass_to(FIRST)
    assert kinds(kari) == ["day_before", "soon"]
    assert kinds(ola) == ["invitation", "log_form", "day_before", "soon"]


async def test_a_pause_can_be_ended_and_taken_on_a_card(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await kari.write("pause")
    await kari.press(kari.chat.last, "reminder.pause", {"until": "2027-02-01"})
    assert kari.sees(kari.chat.last) == SAY("pause.done", day="1. februar 2027")
    await kari.write("pause slutt")
    assert kari.chat.last.text == SAY("pause.ended")
    await weeks.pass_to(datetime(2027, 1, 7, 8, tzinfo=OSLO))
    (post,) = reminders(kari)
    await kari.press(post, "reminder.pause", {"until": "2027-01-14"})
    assert kari.sees(post) == SAY("pause.done", day="14. januar 2027")
    await weeks.pass_to(FIRST)
    assert kinds(kari) == ["day_before", "soon"]
    assert SAY("date.today", day="", time="09:00") in kari.sees(reminders(kari)[0])


@pytest.mark.parametrize("until", ["2027-01-04", "31.2.", "snart", "2028-02-01", "1.2. kl 9"])
async def test_a_pause_needs_a_day_to_come(weeks: Weeks, until: str) -> None:
    kari = weeks.house.kari
    await kari.write(f"pause til {until}")
    assert SAY("pause.which", example="18. januar 2027") in kari.sees(kari.chat.last)
    assert (await chosen(weeks, kari)).paused_until is None
    await press_raw(kari, kari.chat.last, "reminder.pause", {"until": until})
    assert SAY("pause.which", example="18. januar 2027") in kari.sees(kari.chat.last)


async def chosen(weeks: Weeks, user: User) -> Preferences:
    return await weeks.house.operational.preferences.of(user.id)


async def test_a_kind_that_is_switched_off_does_not_come(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(datetime(2027, 1, 7, 8, tzinfo=OSLO))
    (post,) = reminders(kari)
    await kari.press(post, "reminder.off")
    expected = SAY("reminder.off.done", kind=SAY("settings.kind.invitation"))
    assert kari.sees(post) == expected
    await weeks.pass_to(FIRST + 14 * DAYS)

    assert "invitation" not in kinds(kari)
    await kari.write("varsler")
    assert kari.card(kari.chat.last)


async def test_what_is_put_off_comes_again_once(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(datetime(2027, 1, 7, 8, tzinfo=OSLO))
    (post,) = reminders(kari)
    reply = await kari.press(post, "reminder.put_off")
    expected = SAY(
        "reminder.put_off.done", when=SAY("date.tomorrow", day="fredag 8. januar", time="08:00")
    )
    assert kari.sees(post) == expected
    await kari.redeliver(reply)
    await weeks.pass_to(datetime(2027, 1, 8, 7, 59, tzinfo=OSLO))
    assert reminders(kari) == []

    await weeks.pass_to(datetime(2027, 1, 11, 7, tzinfo=OSLO))
    assert kinds(kari) == ["invitation"]


async def test_the_last_one_can_be_put_off_by_a_word(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await kari.write("utsett")
    assert kari.chat.last.text == SAY("reminder.put_off.none")
    await weeks.pass_to(FIRST - timedelta(minutes=9))
    await kari.write("utsett")
    assert kari.chat.last.text == SAY(
        "reminder.put_off.done", when=SAY("date.today", day="", time="08:56")
    )
    await weeks.pass_to(FIRST - timedelta(minutes=4))
    assert kinds(kari)[-2:] == ["soon", "soon"]
    await kari.write("utsett")
    assert kari.chat.last.text == SAY("reminder.put_off.no")


async def test_what_was_put_off_and_is_no_more_does_not_come(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(datetime(2027, 1, 7, 8, tzinfo=OSLO))
    await kari.press(reminders(kari)[0], "reminder.put_off")
    await weeks.cancel(1)
    await kari.write("utsett")
    assert kari.chat.last.text == SAY("reminder.put_off.no")
    await weeks.pass_to(FIRST)
    assert reminders(kari) == []


async def test_ones_own_hours_and_kinds_are_saved_together(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await kari.write("varsler")
    post = kari.chat.last
    given = {"kinds": "soon,try", "opens": "10:00", "closes": "14:30", "until": "2027-01-11"}
    await kari.press(post, "reminder.save", given)
    assert SAY("settings.saved") in kari.sees(post)
    off: frozenset[Switch] = frozenset(
        {"invitation", "log_form", "day_before", "used", "questionnaire", "colleague"}
    )
    assert await chosen(weeks, kari) == Preferences(date(2027, 1, 11), off, time(10), time(14, 30))

    await kari.press(post, "reminder.save", {**given, "opens": "15:00"})
    assert SAY("settings.hours") in kari.sees(post)
    await kari.press(post, "reminder.save", {**given, "until": "2029-01-11"})
    assert SAY("pause.which", example="18. januar 2027") in kari.sees(post)
    assert (await chosen(weeks, kari)).opens == time(10)
    await kari.press(post, "reminder.save", {**given, "until": ""})
    assert (await chosen(weeks, kari)).paused_until is None


async def test_a_groups_quiet_hours_are_its_facilitators(weeks: Weeks) -> None:
    anne, kari = weeks.house.anne, weeks.house.kari
    await kari.write("varsler", weeks.chat)
    assert weeks.chat.last.text == SAY("quiet.no")
    await anne.write("varsler", weeks.chat)
    post = weeks.chat.last
    forged = await press_raw(kari, post, "reminder.quiet", {"group": weeks.group.id})
    assert forged.text == SAY("manage.no")
    assert (await anne.press(post, "reminder.quiet", {"since": "07:00"})).text == SAY("quiet.both")
    await anne.press(post, "reminder.quiet", {"since": "07:00", "until": "09:30"})
    expected = SAY("quiet.saved", group="Torsdager", since="07:00", until="09:30")
    assert anne.sees(post) == expected
    quiet = Quiet(time(7), time(9, 30))
    assert await weeks.house.operational.preferences.quiet(weeks.group.id) == quiet
    await weeks.pass_to(datetime(2027, 1, 7, 9, 29, tzinfo=OSLO))
    assert reminders(kari) == []
    await weeks.pass_to(datetime(2027, 1, 7, 9, 30, tzinfo=OSLO))
    assert kinds(kari) == ["invitation"]

    await anne.write("varsler", weeks.chat)
    await anne.press(weeks.chat.last, "reminder.quiet", {"since": "", "until": ""})
    assert await weeks.house.operational.preferences.quiet(weeks.group.id) is None


@pytest.mark.parametrize(
    "address", ["", "nope", "soon/meeting/x", "soon/cave/x/y", "late/meeting/x/y", None, 7]
)
async def test_forged_presses_change_nothing(weeks: Weeks, address: object) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(datetime(2027, 1, 7, 8, tzinfo=OSLO))
    (post,) = reminders(kari)
    for verb in ("reminder.put_off", "reminder.off"):
        reply = await press_raw(kari, post, verb, {"reminder": address})
        assert reply.text
    assert await chosen(weeks, kari) == Preferences()


async def test_a_stranger_gets_nothing_of_a_group_by_a_forged_press(weeks: Weeks) -> None:
    kari = weeks.house.kari
    siri = weeks.house.teams.user("Siri Eksempel")
    await siri.write("hjelp")
    await weeks.pass_to(datetime(2027, 1, 7, 8, tzinfo=OSLO))
    (post,) = reminders(kari)
    carried = {"reminder": f"invitation/meeting/{weeks.group.id}/{weeks.group.meetings[0].id}"}
    await press_raw(siri, siri.chat.last, "reminder.put_off", carried)
    assert siri.sees(siri.chat.last) == SAY("reminder.put_off.no")
    assert addressed(carried["reminder"], siri.id) is not None
    assert can(kari, post, "reminder.put_off")


async def test_in_a_group_ones_own_reminders_are_not_spoken_of(weeks: Weeks) -> None:
    await weeks.house.kari.write("utsett", weeks.chat)
    assert weeks.chat.last.text == SAY("reminder.in_personal")


# What goes wrong


@on_both
async def test_after_a_stop_of_a_week_what_still_helps_comes_once(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(datetime(2027, 1, 6, 12, tzinfo=OSLO))
    await weeks.house.stop()
    weeks.clock.at = datetime(2027, 1, 13, 12, tzinfo=OSLO)
    await weeks.house.start()
    await weeks.pass_to(datetime(2027, 1, 13, 12, 1, tzinfo=OSLO))
    assert kinds(kari) == ["day_before"]

    await weeks.pass_to(FIRST + DAYS)
    assert kinds(kari) == ["day_before", "soon", "try"]


@pytest.mark.parametrize("jump", [timedelta(hours=1), 30 * DAYS], ids=["hour", "month"])
@pytest.mark.parametrize("sign", [1, -1], ids=["ahead", "back"])
async def test_a_clock_that_jumps_repeats_nothing(weeks: Weeks, jump: timedelta, sign: int) -> None:
    kari = weeks.house.kari
    noon = datetime(2027, 1, 12, 12, tzinfo=OSLO)
    await weeks.pass_to(noon)
    weeks.clock.at = noon + sign * jump
    await weeks.house.settle()
    weeks.clock.at = noon
    await weeks.pass_to(datetime(2027, 3, 30, tzinfo=OSLO))

    missed = (
        ("day_before", "soon", "try", "invitation", "log_form")
        if (sign, jump.days) == (1, 30)
        else ()
    )
    expected = Counter(kind for kind in KINDS for _ in range(2))
    expected["used"] = 1
    del expected["questionnaire"]  # it has none
    found = Counter(kinds(kari))
    assert found <= expected
    assert all(found[kind] == expected[kind] for kind in KINDS if kind not in missed)


async def test_a_plan_that_is_lost_is_made_anew_that_night(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(datetime(2027, 1, 11, 23, tzinfo=OSLO))
    lost = await lose(weeks.house, "reminder")
    assert lost > 0
    await weeks.pass_to(datetime(2027, 1, 12, 3, tzinfo=OSLO))
    assert await lose(weeks.house, "reminder") == 0
    await weeks.pass_to(datetime(2027, 1, 12, 3, 40, tzinfo=OSLO))
    assert await lose(weeks.house, "reminder") == lost
    await weeks.pass_to(datetime(2027, 1, 13, 9, tzinfo=OSLO))
    assert kinds(kari)[-1] == "day_before"


async def lose(house: House, kind: str) -> int:
    """How many rows of a kind waited to be sent, and do so no more."""
    outbox = table("outbox", column("kind"), column("state"))
    waiting = delete(outbox).where(outbox.c.kind == kind, outbox.c.state == "due")
    return await house.operational._database.write(lambda c: c.execute(waiting).rowcount)


async def test_who_cannot_be_written_to_is_let_go_until_they_can(weeks: Weeks) -> None:
    kari, ola = weeks.house.kari, weeks.house.ola
    await weeks.house.teams.uninstall(kari.chat, kari)
    await weeks.pass_to(datetime(2027, 1, 7, 8, tzinfo=OSLO))
    assert kinds(ola) == ["invitation"]
    assert await weeks.house.operational.outbox.parked() == []
    await weeks.house.teams.install(kari.chat, kari)
    await weeks.pass_to(datetime(2027, 1, 12, 8, tzinfo=OSLO))
    # Each night it is planned anew, and an invitation still serves.
    assert kinds(kari) == ["invitation", "log_form"]


async def test_what_teams_did_not_take_comes_when_it_does(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.pass_to(datetime(2027, 1, 7, 7, 59, tzinfo=OSLO))
    weeks.house.teams.fail("POST", path=kari.chat.id, status=429, times=80)
    connector = weeks.house.services.addresses._teams._connector  # type: ignore[attr-defined] # the gateway's own
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connector, "_patience", 0.2)
        await weeks.pass_to(datetime(2027, 1, 7, 8, tzinfo=OSLO))
    assert reminders(kari) == []
    weeks.house.teams.forgive()
    await weeks.pass_to(datetime(2027, 1, 7, 11, tzinfo=OSLO))
    assert kinds(kari) == ["invitation"]


async def test_a_session_that_waits_for_somebody_keeps_to_the_same_rules(weeks: Weeks) -> None:
    kari, ola = weeks.house.kari, weeks.house.ola
    waiting = [Claimed(f"row {n}", "own_reminder", {}, {}, 1, was_begun=False) for n in range(2)]

    async def may(person: str, row: Claimed) -> bool:
        reminders = weeks.house.services.reminders
        return await reminders.may_tell(person, row, QuietHours(OSLO), "phase", of="session")

    await weeks.pass_to(datetime(2027, 1, 7, 7, tzinfo=OSLO))
    assert not await may(kari.id, waiting[1])  # before her hours
    weeks.clock.at = datetime(2027, 1, 7, 8, tzinfo=OSLO)
    assert await may(kari.id, waiting[0])
    assert await may(kari.id, waiting[0])  # the same once more, for Teams was away
    assert not await may(kari.id, waiting[1])
    await ola.write("pause til 8. januar")
    assert not await may(ola.id, waiting[0])
    await weeks.pass_to(datetime(2027, 1, 7, 12, tzinfo=OSLO))
    assert reminders(kari) == []


async def test_a_day_with_news_has_no_room_for_more(weeks: Weeks) -> None:
    kari, anne = weeks.house.kari, weeks.house.anne
    await weeks.pass_to(datetime(2027, 1, 7, 7, 30, tzinfo=OSLO))
    await anne.write("grupper")
    post = anne.chat.last
    await anne.press(post, "group.panel")
    moved = {"moved": weeks.group.meetings[1].id, "day": "2027-01-29"}
    await anne.press(post, "group.move", moved)
    await anne.press(post, "group.move", data={"sure": "yes"})
    await weeks.house.settle()
    assert "29. januar" in kari.sees(kari.chat.last)
    await weeks.pass_to(datetime(2027, 1, 8, 7, 59, tzinfo=OSLO))
    assert reminders(kari) == []
    await weeks.pass_to(datetime(2027, 1, 8, 8, tzinfo=OSLO))
    assert kinds(kari) == ["invitation"]


# What somebody took along comes back

MINE, NEWER = "Spørre en gang til før jeg svarer", "Vente til hun er ferdig"
TRIED_AT, USED_AT = FIRST + timedelta(minutes=90), datetime(2027, 3, 30, tzinfo=OSLO)


async def take_along(weeks: Weeks, user: User, meeting: int, text: str, **changes: str) -> None:
    store = weeks.house.services.sessions.stored
    note = replace(Note(text, "veiledningsgruppe"), **changes)  # type: ignore[arg-type] # tests name what they change
    until = weeks.clock().date() + NOTE
    await weeks.house.operational.run(
        store.add_to_note(weeks.group.id, meeting, user.id, note, until)
    )


@on_both
async def test_the_reminder_shows_the_note_and_what_came_of_it_is_told_there(weeks: Weeks) -> None:
    kari, ola = weeks.house.kari, weeks.house.ola
    await take_along(weeks, kari, 1, MINE)
    await weeks.pass_to(TRIED_AT)

    (post,) = reminders(kari)[-1:]
    assert MINE in kari.sees(post)
    assert SAY("reminder.try.note", title="Torsdager") in kari.sees(post)
    assert MINE not in post.activity["summary"], "it is read on the screen of a locked telephone"
    assert SAY("reminder.try.text", title="Torsdager") in ola.sees(reminders(ola)[-1])
    await kari.press(post, SAY("note.tried"), {"went": "Hun fortalte mer"})
    assert MINE not in kari.sees(post), "it stands on the card no longer"
    assert SAY("note.is.tried") in kari.sees(post)

    await take_along(weeks, kari, 2, NEWER)
    await weeks.pass_to(USED_AT)
    (post,) = reminders(kari)[-1:]
    assert kinds(kari)[-1] == "used"
    assert NEWER in kari.sees(post)
    assert MINE not in kari.sees(post)
    await kari.write("notater")
    seen = "".join(f"{kari.sees(kari.chat.last)} {field['value']}" for field in fields(kari))
    await kari.press(kari.chat.last, SAY("page.after"))
    seen += "".join(f"{kari.sees(kari.chat.last)} {field['value']}" for field in fields(kari))
    assert "Hun fortalte mer" in seen


def fields(user: User) -> list[dict[str, str]]:
    return [*cards.inputs(user.card(user.chat.last)).values()]


async def test_what_somebody_let_lie_does_not_come_back(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await take_along(weeks, kari, 1, MINE, state="left")
    await weeks.pass_to(TRIED_AT)
    assert kinds(kari)[-1] == "try"
    assert MINE not in kari.sees(reminders(kari)[-1])


async def test_a_line_that_cannot_be_kept_is_looked_at_where_the_note_is(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await take_along(weeks, kari, 1, MINE)
    await weeks.pass_to(TRIED_AT)
    (post,) = reminders(kari)[-1:]
    await kari.press(post, SAY("note.tried"), {"went": "Ring 99 88 77 66"})

    assert cards.inputs(kari.card(post))["went"]["value"] == "Ring 99 88 77 66"
    assert SAY("found.phone") in kari.sees(post)
    assert MINE in kari.sees(post)
    await kari.press(post, SAY("note.tried"), {"went": "Hun fortalte mer"})
    assert SAY("notes.saved") in kari.sees(post)


async def test_of_a_note_that_is_gone_the_reminder_says_so(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await take_along(weeks, kari, 1, MINE)
    await weeks.pass_to(TRIED_AT)
    await weeks.house.services.sessions.stored.destroy_note(weeks.group.id, 1, kari.id)
    (post,) = reminders(kari)[-1:]
    await kari.press(post, SAY("note.tried"))
    assert kari.sees(post) == SAY("notes.gone")


async def test_among_other_things_a_note_is_answered_and_they_stay(weeks: Weeks) -> None:
    kari = weeks.house.kari
    await weeks.move(1, datetime(2027, 1, 21, 13, tzinfo=OSLO))
    await take_along(weeks, kari, 1, MINE)
    await weeks.pass_to(datetime(2027, 1, 22, 16, tzinfo=OSLO))
    (post,) = reminders(kari)[-1:]
    assert all(SAY(f"reminder.{kind}.title") in kari.sees(post) for kind in ("try", "invitation"))
    (field,) = cards.inputs(kari.card(post)).keys() - {"until"}
    wrong = await kari.press(post, SAY("note.tried"), {field: "Ring 99 88 77 66"})
    assert SAY("notes.look") in wrong.text

    reply = await kari.press(post, SAY("note.left"), {field: "Det passet ikke"})
    assert reply.text == SAY("notes.saved")
    (kept,) = await weeks.house.services.sessions.stored.notes(kari.id)
    assert (kept.note.state, kept.note.went) == ("left", "Det passet ikke")
    await weeks.house.services.sessions.stored.destroy_note(weeks.group.id, 1, kari.id)
    assert (await kari.press(post, SAY("note.left"))).text == SAY("notes.gone")
