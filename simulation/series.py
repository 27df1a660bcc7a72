"""The weeks of a group, in no time: planned, signed up for, changed, and reminded of.

The bot is the real one and answers on loopback, but its clock is ours. It is put
forward from one due row of the outbox to the next, so that months take seconds and
whatever comes, comes when it would have come.
"""

import socket
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from secrets import token_hex
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.app import running
from bot.gateway.limits import UNLIMITED
from bot.operation.settings import Settings
from bot.routing.services import Services
from dialogs.groups.group import Group
from dialogs.groups.working_hours import is_working_day, working_days_from
from simulation import cards
from simulation.teams import BotReply, Post, SimulatedTeams, User
from storage.operational.store import Operational
from storage.urn.store import Urn

MEETINGS, INTERVAL = 3, timedelta(days=14)
AT, MOVED_TO = time(9), time(13)
PLANNED_BEFORE, WEEK = timedelta(days=12), timedelta(days=7)
AFTERWARDS = timedelta(weeks=6)
"""Until the last of the reminders has come."""
ABROAD = ZoneInfo("Atlantic/Reykjavik")
"""Where the last member works: its clocks never change."""
NAMES = ("Kari", "Ola", "Siri", "Nils", "Berit", "Jon")
ALWAYS = ("log_form", "day_before", "soon", "try")
"""What every member is to hear of every meeting, whatever happens."""


@dataclass(frozen=True, slots=True)
class SeriesScenario:
    """A series of three meetings, a fortnight apart."""

    first: date
    """The day of the first meeting, at nine o'clock."""
    zone: ZoneInfo
    seed: int = 1
    stop: bool = False
    """The bot is down for a week after the first meeting."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that somebody does or gets. `reminder` is empty, or its kind and meeting."""

    at: datetime
    who: str
    zone: ZoneInfo
    what: Literal["does", "gets"]
    text: str
    reminder: tuple[str, str] | None = None

    @property
    def local(self) -> datetime:
        return self.at.astimezone(self.zone)


@dataclass(slots=True)
class Course:
    """What happened, and what the reminders are held against."""

    lines: list[Line] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    """Who had a seat to the end."""
    left: str = ""
    left_at: datetime | None = None
    meetings: dict[str, datetime] = field(default_factory=dict)
    """When each meeting began in the end, by its id."""
    told_of_the_move: Counter[str] = field(default_factory=Counter)


async def simulate_series(scenario: SeriesScenario, folder: Path) -> Course:
    """Let the weeks run through; the bot's databases are made in `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    async with SimulatedTeams(f"http://127.0.0.1:{port}/api/messages") as teams:
        weeks = _Weeks(scenario, folder, teams, port)
        async with weeks.databases:
            await weeks.open()
            try:
                await weeks.run()
            finally:
                await weeks.stop()
        return weeks.course


class _Weeks:
    """The bot, those who use it, and the clock."""

    def __init__(
        self, scenario: SeriesScenario, folder: Path, teams: SimulatedTeams, port: int
    ) -> None:
        self.course = Course()
        self.databases = AsyncExitStack()
        self._scenario = scenario
        self._folder = folder
        self._port = port
        self._random = Random(scenario.seed)
        self._server_key = SecretStr(token_hex(32))
        self._bot = AsyncExitStack()
        self._services: Services
        self._seen: set[str] = set()
        self._first = datetime.combine(scenario.first, AT, scenario.zone)
        self._now = (self._first - PLANNED_BEFORE).astimezone(UTC)
        self._anne = teams.user("Anne Eksempel", timezone=str(scenario.zone))
        self._members = [
            teams.user(f"{name} Eksempel", timezone=str(self._zone(name))) for name in NAMES
        ]
        self._chat = teams.group_chat(self._anne, *self._members)

    def _zone(self, name: str) -> ZoneInfo:
        return ABROAD if name == NAMES[-1] else self._scenario.zone

    # The bot

    async def open(self) -> None:
        self._operational = await Operational.open(f"sqlite:///{self._folder}/kollegial.db")
        self.databases.push_async_callback(self._operational.close)
        self._urn = await Urn.open(f"sqlite:///{self._folder}/urn.db")
        self.databases.push_async_callback(self._urn.close)
        await self.start()

    async def start(self) -> None:
        settings = Settings(
            host="127.0.0.1",
            port=self._port,
            is_demonstration=True,
            administrator=self._anne.id,
            server_key=self._server_key,
        )
        bot = running(
            settings, self._operational, self._urn, limits=UNLIMITED, now=lambda: self._now
        )
        self._services = await self._bot.enter_async_context(bot)

    async def stop(self) -> None:
        await self._bot.aclose()

    # The clock

    async def pass_to(self, moment: datetime) -> None:
        """From one due row to the next."""
        while (due := await self._operational.outbox.next_due()) and due <= moment:
            self._now = max(self._now, due)
            await self._settle()
        self._now = max(self._now, moment.astimezone(UTC))
        await self._settle()

    async def _settle(self) -> None:
        await self._services.dispatcher.run_due()
        for user in (None, self._anne, *self._members):
            chat = user.chat if user else self._chat
            for post in chat.posts:
                if post.author is None and post.id not in self._seen:
                    self._seen.add(post.id)
                    self._note(user, "gets", _shown(post), _reminder(post))

    def _note(
        self,
        user: User | None,
        what: Literal["does", "gets"],
        text: str,
        reminder: tuple[str, str] | None = None,
    ) -> None:
        who = user.name.partition(" ")[0] if user else "everyone"
        zone = ZoneInfo(user.timezone) if user else self._scenario.zone
        self.course.lines.append(Line(self._now, who, zone, what, text, reminder))

    # The story

    async def run(self) -> None:
        """Plan, sign up, leave, meet, move a date, perhaps fall out, and go on."""
        await self._plan()
        post = self._chat.last
        for user in self._random.sample(self._members, len(self._members)):
            await self.pass_to(self._now + timedelta(minutes=self._random.randint(3, 40)))
            await self._press(user, post, "group.join", "joins the group")
        await self.pass_to(self._first - timedelta(days=8))
        await self._leave(self._random.choice(self._members), post)
        await self.pass_to(self._first + timedelta(days=1, hours=3))
        await self._move()
        if self._scenario.stop:
            await self._fall_out()
        await self.pass_to(self._first + (MEETINGS - 1) * INTERVAL + AFTERWARDS)
        self.course.meetings = {m.id: m.starts_at for m in (await self._group()).meetings}

    async def _plan(self) -> None:
        line = (
            f"planlegg {MEETINGS} x {INTERVAL.days} dager fra {self._scenario.first} kl {AT:%H:%M}"
        )
        self._note(self._anne, "does", f"writes: @Kollegial {line}")
        await self._anne.write(line, self._chat)
        await self._anne.press(self._chat.last, "group.plan")
        await self._settle()

    async def _leave(self, user: User, post: Post) -> None:
        await self._press(user, post, "group.leave", "leaves the group")
        self.course.left, self.course.left_at = user.name.partition(" ")[0], self._now
        self.course.members = [name for name in NAMES if name != self.course.left]

    async def _fall_out(self) -> None:
        self._note(None, "does", "is without the bot for a week")
        await self.stop()
        self._now += WEEK
        await self.start()
        await self._settle()

    async def _move(self) -> None:
        """The second meeting, to the early afternoon of the next working day."""
        day = working_days_from((self._first + INTERVAL).date(), 1)
        await self._anne.write("grupper")
        post = self._anne.chat.last
        await self._anne.press(post, "group.panel")
        second = next(meeting for meeting in (await self._group()).meetings if meeting.number == 2)
        given = {"moved": second.id, "day": f"{day}", "time": f"{MOVED_TO:%H:%M}"}
        self._note(self._anne, "does", f"moves the second meeting to {day} at {MOVED_TO:%H:%M}")
        before = {user.name: len(user.chat.posts) for user in self._members}
        await self._anne.press(post, "group.move", given)
        await self._anne.press(post, "group.move", data={"sure": "yes"})
        self._seen |= {each.id for each in self._anne.chat.posts}  # what she looked at by herself
        await self._settle()
        for user in self._members:
            told = user.chat.posts[before[user.name] :]
            news = sum(_reminder(each) is None for each in told)
            self.course.told_of_the_move[user.name.partition(" ")[0]] = news

    async def _group(self) -> Group:
        """The only group there is."""
        (group,) = await self._operational.groups.all()
        return group

    async def _press(self, user: User, post: Post, verb: str, told: str) -> BotReply:
        self._note(user, "does", told)
        reply = await user.press(post, verb)
        if reply.text:
            self._note(user, "gets", reply.text)
        await self._settle()
        return reply


def _reminder(post: Post) -> tuple[str, str] | None:
    """Kind and meeting of a reminder, as its buttons carry them."""
    for action in cards.actions(post.card or {}):
        address = action.get("data", {}).get("reminder")
        if address:
            kind, _, _, meeting = address.split("/")
            return kind, meeting
    return None


def _shown(post: Post) -> str:
    """The beginning of what a post says, without the line that tells where it comes from."""
    if post.card is None:
        return post.text
    blocks = [e for e in cards.elements(post.card) if e["type"] == "TextBlock"]
    said = [block["text"] for block in blocks if block.get("size") != "Small"]
    return " – ".join(said[:2])


# --- What must be true --------------------------------------------------------------------------


def faults(course: Course) -> list[str]:
    """Whatever came too often, too early, at a wrong hour, twice, or not at all."""
    reminders = [line for line in course.lines if line.reminder]
    return [
        *_too_many(reminders),
        *(fault for line in reminders for fault in _untimely(line, course)),
        *_not_once(course, reminders),
    ]


def _too_many(reminders: list[Line]) -> Iterator[str]:
    days = defaultdict[tuple[str, date], list[str]](list)
    for line in reminders:
        days[line.who, line.local.date()].append(_kind(line))
    for (who, day), kinds in days.items():
        if len(kinds) > 2 or sum(kind != "soon" for kind in kinds) > 1:
            yield f"{who} got {', '.join(kinds)} on {day}"


def _untimely(line: Line, course: Course) -> Iterator[str]:
    kind, meeting = line.reminder or ("", "")
    starts, told = course.meetings[meeting], f"{line.who} got {_kind(line)} at {line.local}"
    if kind == "soon":
        if not starts - timedelta(minutes=10) <= line.at < starts:
            yield told
    elif not (is_working_day(line.local.date()) and 8 <= line.local.hour < 16):
        yield told
    if (kind in ("try", "used")) != (line.at >= starts):
        yield f"{told}, and the meeting is at {starts.astimezone(line.zone)}"
    if course.left_at and line.who == course.left and line.at >= course.left_at:
        yield f"{told}, and had left"


def _not_once(course: Course, reminders: list[Line]) -> Iterator[str]:
    got = Counter((line.who, *(line.reminder or ())) for line in reminders)
    for told, times in got.items():
        if times > 1:
            yield f"{told[0]} got {told[1]} {times} times"
    last = max(course.meetings, key=lambda meeting: course.meetings[meeting])
    for who in course.members:
        expected = [(kind, meeting) for meeting in course.meetings for kind in ALWAYS]
        for kind, meeting in (*expected, ("used", last)):
            if (who, kind, meeting) not in got:
                yield f"{who} did not get {kind} of the meeting at {course.meetings[meeting]}"
        if course.told_of_the_move[who] != 1:
            yield f"{who} was told {course.told_of_the_move[who]} times that a date had moved"


def _kind(line: Line) -> str:
    return line.reminder[0] if line.reminder else ""
