"""Reminders as people get them: on time by their own clock, about things as they are, and few."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.reminders import addressed, plan_row
from bot.simulate.teams import Chat, Post, User
from bot.texts import texts
from dialogs.reminders import Quiet
from storage.groups import Circle, Group, Meeting, Membership
from storage.preferences import Preferences, Told
from tests.support.kollegial import House, can, kollegial, press_raw

OSLO, NEW_YORK = ZoneInfo("Europe/Oslo"), ZoneInfo("America/New_York")
SAY = texts("nb")
MONDAY = datetime(2027, 1, 4, 7, tzinfo=OSLO)
FIRST = datetime(2027, 1, 14, 9, tzinfo=OSLO)
DAYS = timedelta(days=1)


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
    circle: Circle

    async def pass_to(self, moment: datetime) -> None:
        """From one due time to the next; nobody sleeps."""
        outbox = self.house.operational.outbox
        while (due := await outbox.next_due()) and due <= moment:
            self.clock.at = max(self.clock.at, due)
            await self.house.settle()
        self.clock.at = moment
        await self.house.settle()

    async def save(self, **changes: object) -> None:
        """Change the group, as its facilitator or members do, and have it planned anew."""
        groups = self.house.operational.groups
        before = await groups.circle(self.circle.group.id)
        assert before is not None
        self.circle = replace(before, **changes)  # type: ignore[arg-type] # tests name what they change
        async with self.house.operational.begin() as transaction:
            transaction.also(groups.save(self.circle))
            transaction.enqueue(plan_row("meeting", self.circle.group.id, self.clock()))

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
            meetings=tuple(how(m) if m.number == number else m for m in self.circle.meetings)
        )


def reminders(user: User) -> list[Post]:
    return [post for post in user.chat.posts if post.card and can(user, post, "reminder.put_off")]


def kinds(user: User) -> list[str]:
    """What somebody was reminded of, in order."""
    titles = {SAY(f"reminder.{kind}.title"): kind for kind in KINDS}
    return [titles[next(t for t in titles if t in user.sees(post))] for post in reminders(user)]


KINDS = ("invitation", "log_form", "day_before", "soon", "try", "used")


@pytest_asyncio.fixture
async def weeks(tmp_path: Path) -> AsyncIterator[Weeks]:
    clock = Clock(MONDAY)
    async with kollegial(tmp_path, [], now=clock) as house:
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
            retention=date(2027, 12, 31),
        )
        circle = Circle(group, members, meetings)
        async with house.operational.begin() as transaction:
            transaction.also(house.operational.groups.add(circle))
            transaction.enqueue(plan_row("meeting", group.id, clock()))
        yield Weeks(house, clock, chat, circle)


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
        await weeks.pass_to(moment - timedelta(seconds=1))
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
    await weeks.save(members=(*weeks.circle.members, Membership(siri.id, siri.name)))
    await weeks.pass_to(datetime(2027, 1, 13, 8, tzinfo=NEW_YORK) - timedelta(seconds=1))
    before = len(reminders(siri))
    await weeks.pass_to(datetime(2027, 1, 13, 8, tzinfo=NEW_YORK))

    (post,) = reminders(siri)[before:]
    seen = siri.sees(post)
    assert texts("en")("reminder.origin.meeting", title="Torsdager") in seen
    assert "“Torsdager” is tomorrow, Thursday 14 January, at 03:00." in seen
    for verb in ("reminder.put_off", "reminder.off", "reminder.pause"):
        assert can(siri, post, verb)
    assert post.activity["summary"] == "Torsdager: tomorrow, Thursday 14 January, at 03:00"
