"""An office plays: random people use the real bot for a year, by a clock that is ours.

The bot answers on loopback. Its clock goes from one due row of the outbox to the next,
stands still while somebody presses, jumps as a machine's does, and goes on when the bot
is started again after a night or a week.
"""

import heapq
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from secrets import token_hex
from typing import TypeAlias
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import Connection, func, select, table

from bot.app import running
from bot.gateway.events import Json
from bot.gateway.limits import UNLIMITED
from bot.operation import demonstration
from bot.operation.settings import Settings
from bot.routing.services import Services
from dialogs.groups.group import Group, Meeting
from dialogs.groups.reminders import KINDS, SWITCHES
from dialogs.retention import NOTE, OPERATIONAL
from dialogs.sessions.rehearsing import OF
from simulation import cards
from simulation.hand import Tally
from simulation.office import days
from simulation.office.history import History, Offered, Span, Talk, Told
from simulation.office.reading import parts
from simulation.questionnaire import open_shipped
from simulation.session import SessionScenario, SimulatedGroup
from simulation.teams import BotReply, Chat, Post, SimulatedTeams, User
from storage.database import open_database
from storage.operational.store import Operational
from storage.urn.store import Urn

ZONES = tuple(
    map(ZoneInfo, ("Europe/Oslo", "America/New_York", "Asia/Tokyo", "Atlantic/Reykjavik"))
)
"""Two of them change their clocks, on other days; two do not."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TURN = timedelta(minutes=3)
"""From one press in a talk to the next."""
_MOMENT = timedelta(seconds=1)
"""What rings at a minute has rung before anybody does something in it. Of one and the same moment
nobody could say whether somebody had left, or a session begun, when a reminder came."""
AFTERWARDS = timedelta(days=120)
"""After the last meeting nothing of a group is kept as long as this."""
FORGOTTEN = timedelta(days=100)
"""And nothing, once nobody goes on with its session, or was told anything."""
GONE = {
    kept.table
    for kept in OPERATIONAL
    if {"group", "session", "offer"} & {*kept.ends_with} and kept.table != "outbox"
} | {"told"}
"""Tables of which nothing is left when every group, session and offer has ended."""


_UNKEPT = ("apart:", OF)
"""How the place begins of what a talk or a rehearsal hangs on."""
REHEARSED = "fem minutter"
FORM, FEW = "mestring", 3
"""The questionnaire of groups that have one, and of how many it is asked."""
TIED = 0.6
"""How many of the groups have it."""

_Act: TypeAlias = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OfficeScenario:
    """How many play, for how long, and which dice they throw."""

    seed: int = 1
    people: int = 40
    since: date = date(2027, 1, 4)
    days: int = 365
    wholly: float = 0.07
    """How many meetings are played in every part, with a text taken out and a summary."""

    @property
    def groups(self) -> int:
        return max(self.people // 8, 1)


async def simulate_office(
    scenario: OfficeScenario, folder: Path, database_url: str = "", urn_url: str = ""
) -> History:
    """Let the year run through; SQLite files are made in `folder` where no URL is given."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    async with AsyncExitStack() as stack:
        teams = await stack.enter_async_context(
            SimulatedTeams(f"http://127.0.0.1:{port}/api/messages")
        )
        url = database_url or f"sqlite:///{folder}/kollegial.db"
        operational = await Operational.open(url)
        stack.push_async_callback(operational.close)
        urn = await Urn.open(urn_url or f"sqlite:///{folder}/urn.db")
        stack.push_async_callback(urn.close)
        office = _Office(scenario, folder, (teams, port), (operational, url), urn)
        await office.start()
        try:
            await office.play()
        finally:
            await office.stop()
        return office.history


class _Office:
    """The bot, those who use it, and the clock."""

    def __init__(
        self,
        scenario: OfficeScenario,
        folder: Path,
        there: tuple[SimulatedTeams, int],
        operational: tuple[Operational, str],
        urn: Urn,
    ) -> None:
        """`there`: Teams, and the port of the bot; `operational` with its URL."""
        self._scenario, self._folder, self._urn = scenario, folder, urn
        teams, port = there
        self._teams = teams
        self._operational, self._database_url = operational
        self._random = random = Random(scenario.seed)
        self._time = datetime.combine(scenario.since, time(5), UTC)
        """The true one; the machine's is `_wrong` by so much."""
        self._wrong = timedelta()
        self._plans: list[tuple[datetime, int, _Act]] = []
        self._order = count()
        self._bot = AsyncExitStack()
        self._services: Services
        self._seen: set[str] = set()
        self._put_off: set[tuple[str, str]] = set()
        self._users = [
            teams.user(
                f"Kollega {n + 1}",
                timezone=str(random.choices(ZONES, (6, 1, 1, 1))[0] if n else ZONES[0]),
            )
            for n in range(scenario.people)
        ]
        self._leaders = self._users[: scenario.groups]
        self._chats: list[Chat] = []
        for leader in self._leaders:
            others = [user for user in self._users if user is not leader]
            near = random.sample(others, min(12, len(others)))
            self._chats.append(teams.group_chat(leader, *near))
        self._settings = Settings(
            host="127.0.0.1",
            port=port,
            is_demonstration=True,
            administrator=self._users[0].id,
            server_key=SecretStr(token_hex(32)),
        )
        zones = {user.id: ZoneInfo(user.timezone) for user in self._users}
        self.history = History(zones, begins=self._time)
        self._named: dict[str, Group] = {}
        """Every group that there was, by its name."""
        self._chance = Random(f"{scenario.seed}/talks")
        """Dice of their own: what colleagues ask each other changes nothing else that is done."""
        self._whole = Random(f"{scenario.seed}/whole")
        """Likewise: which groups have a questionnaire, and which meetings are held to their end."""
        self._form = ""
        self._by_id = {user.id: user for user in self._users}
        self._secrets: dict[str, str] = {}
        """Who wrote what in a talk of which nothing stays on a card, by the text."""
        self._rehearsed: set[str] = set()
        self._titles: dict[str, str] = {}
        """The offers of times, by the titles of their studies."""

    # The bot

    async def start(self) -> None:
        self._services = await self._bot.enter_async_context(
            running(
                self._settings,
                self._operational,
                self._urn,
                limits=UNLIMITED,
                now=lambda: self._time + self._wrong,
            )
        )

    async def stop(self) -> None:
        await self._bot.aclose()

    async def _fall_out(self, how_long: timedelta) -> None:
        since = self._now
        await self.stop()
        self._time += how_long
        await self.start()
        self.history.down.append(Span(since, self._now))
        await self._settle()

    async def _jump(self, how_far: timedelta, how_long: timedelta) -> None:
        """The machine's clock is wrong for a while, and then right again."""
        since = min(self._now, self._now + how_far)
        self._wrong = how_far
        await self._settle()
        await self._pass_to(self._time + how_long)
        until = max(self._now, self._time)
        self._wrong = timedelta()
        await self._settle()
        # What was missed comes to light in the next night but one.
        self.history.wrong.append(Span(since, until + 2 * _DAY))

    # The clock

    @property
    def _now(self) -> datetime:
        """As the machine has it."""
        return self._time + self._wrong

    async def _pass_to(self, moment: datetime) -> None:
        """From one due row to the next."""
        while (due := await self._operational.outbox.next_due()) and due - self._wrong <= moment:
            self._time = max(self._time, due - self._wrong)
            await self._settle()
        self._time = max(self._time, moment)

    def _plan(self, at: datetime, act: _Act) -> None:
        heapq.heappush(self._plans, (at, next(self._order), act))

    def _sometime(self, first: int = 0, last: int | None = None) -> datetime:
        """A moment of a random day, mostly by day."""
        last = self._scenario.days if last is None else last
        day = self._scenario.since + self._random.randint(first, max(first, last - 1)) * _DAY
        hour = self._random.choice((*range(7, 17), *range(24)))
        at = time(hour, self._random.randrange(60))
        return datetime.combine(day, at, ZONES[0]).astimezone(UTC)

    # What comes of it

    async def _settle(self, actor: User | None = None, *, by_clock: bool = True) -> None:
        """Do what is due, and note what everybody got."""
        await self._services.dispatcher.run_due()
        groups = await self._note_facts()
        self._named |= {group.name: group for group in groups}
        for user in self._users:
            for post in user.chat.posts:
                if post.author is None and post.id not in self._seen:
                    self._seen.add(post.id)
                    self._note_message(user, post, is_asked=user is actor)
        for chat, group in self._with_groups(groups):
            for post in chat.posts:
                if post.author is None and post.id not in self._seen:
                    self._seen.add(post.id)
                    verbs = {str(each.get("verb")) for each in cards.actions(post.card or {})}
                    if by_clock and "session.break" in verbs:
                        self.history.posted.append((self._now, group.id, _shown(post)))

    def _note_message(self, user: User, post: Post, *, is_asked: bool) -> None:
        found = parts(post, self._named, self._titles)
        known = [part for part in found if part.kind not in ("unknown", "phase") or not is_asked]
        talk = self.history.talks[found[0].of].at(self._now) if found else None
        if not known or (found[0].kind == "phase" and talk and talk.pace == "live"):
            return
        asked = {(user.id, f"{part.kind}/{part.occasion}") for part in found}
        is_put_off = bool(asked & self._put_off)
        self._put_off -= asked
        text = cards.text_of(post.card or {}).replace("\\", "")  # Markdown's
        self.history.told.append(Told(self._now, user.id, found, text, is_put_off))

    def _with_groups(self, groups: list[Group]) -> list[tuple[Chat, Group]]:
        living = {group.place: group for group in groups if group.state == "living"}
        return [(chat, living[chat.id]) for chat in self._chats if chat.id in living]

    async def _note_facts(self) -> list[Group]:
        history, now = self.history, self._now
        everything = [*await self._operational.groups.all()]
        groups = [group for group in everything if not group.place.startswith(_UNKEPT)]
        self._note_unkept(everything)
        there = {group.id for group in groups}
        for group in groups:
            history.groups[group.id].note(now, group)
        for of, course in history.groups.items():
            if of not in there:
                course.note(now, None)
        for chat, group in self._with_groups(groups):
            # An earlier group of the chat may have ended with its session under way.
            lives = await self._services.sessions.all_at(chat.id)
            live = next((each for each in lives if each.group.id == group.id), None)
            talk = Talk(live.stored.meeting, live.session.pace) if live else None
            if talk or history.talks[group.id].changes:
                history.talks[group.id].note(now, talk)
        if history.times or self._titles:
            await self._note_times()
        return groups

    def _note_unkept(self, everything: list[Group]) -> None:
        unkept = {each.id: each for each in everything if each.place.startswith(_UNKEPT)}
        for of in unkept.keys() | self.history.unkept.keys():
            self.history.unkept[of].note(self._now, unkept.get(of))

    async def _note_times(self) -> None:
        history, now = self.history, self._now
        offers = await self._operational.appointments.all()
        for offer in offers:
            history.times[offer.id].note(now, (offer.times, ZoneInfo(offer.timezone)))
        for of, times in history.times.items():
            if of not in {offer.id for offer in offers}:
                times.note(now, None)

    # What they do

    async def play(self) -> None:
        """The whole year, and what comes after it."""
        scenario = self._scenario
        await demonstration.prepare(self._operational, self._urn, self._folder, self._time.date())
        stores, today = (self._operational, self._urn), self._time.date()
        forms = await open_shipped(FORM, stores, self._folder, "a researcher", today, least=FEW)
        self._form = forms[0].id
        async with self._operational.begin() as transaction:
            for user in self._users:
                transaction.remember(user.id, user.teams_id, timezone=user.timezone)
            for leader in self._leaders:
                transaction.grant(leader.id, "facilitator")
        for n in range(scenario.groups):
            self._plan(self._sometime(0, 10), partial(self._plan_group, n))
        self._plan_people()
        self._plan_talks()
        self._plan_machine()
        end = datetime.combine(scenario.since + scenario.days * _DAY, time(12), UTC)
        while self._plans and self._plans[0][0] < end:
            at, _, act = heapq.heappop(self._plans)
            await self._pass_to(at)
            self._time += _MOMENT
            with suppress(cards.CannotPress, StopIteration):
                await act()
        await self._pass_to(end)
        self.history.ends = self._now
        await self._come_to_an_end()

    def _plan_people(self) -> None:
        years = self._scenario.days / 365
        for user in self._users:
            for act in (self._pause, self._rest, self._set_hours, self._switch, self._write_log):
                for _ in range(self._times(3 * years)):
                    self._plan(self._sometime(), partial(act, user))
        for n in range(self._scenario.groups):
            for _ in range(self._times(2 * years)):
                self._plan(self._sometime(), partial(self._set_quiet, n))
        for _ in range(self._times(6 * years)):
            self._plan(self._sometime(2), self._offer_times)

    def _plan_machine(self) -> None:
        random, years = self._random, self._scenario.days / 365
        for _ in range(self._times(8 * years)):
            self._plan(self._sometime(1), partial(self._fall_out, timedelta()))
        for _ in range(self._times(4 * years)):
            how_long = random.choice((_HOUR, 5 * _HOUR, 16 * _HOUR, 3 * _DAY, 7 * _DAY))
            self._plan(self._sometime(5), partial(self._fall_out, how_long))
        for _ in range(self._times(5 * years)):
            far = random.choice((-26 * _HOUR, -_HOUR, _HOUR, 5 * _HOUR, 30 * _HOUR, 4 * _DAY))
            self._plan(self._sometime(5), partial(self._jump, far, _HOUR / 3))

    def _times(self, usually: float) -> int:
        """A whole number near to it."""
        return int(usually + self._random.random())

    # Groups

    async def _plan_group(self, n: int) -> None:
        """A series, wherever the chat has none, and those who want to be in it."""
        leader, chat, random = self._leaders[n], self._chats[n], self._random
        first = (self._time + random.randint(4, 25) * _DAY).astimezone(ZoneInfo(leader.timezone))
        hour, minute = random.choice((8, 9, 10, 13, 15, 18)), random.choice((0, 0, 15, 30))
        meetings, gap = random.randint(2, 4), random.choice((7, 14, 14, 21, 28))
        line = (
            f"planlegg «Gruppe {n + 1}» {meetings} x {gap} dager fra {first.date()} "
            f"kl {hour:02}:{minute:02}, {random.choice((4, 4, 5, 6))} plasser"
        )
        await self._write(leader, line, chat)
        await self._press(leader, self._offering(chat, "group.plan"), "group.plan")
        group = await self._group(chat)
        if group is None:
            self._plan(self._time + 3 * _DAY, partial(self._plan_group, n))
            return
        await self._tie(n)
        asked = first.date() - _DAY  # when most of them have a seat, and are at work
        while not days.is_working(asked):
            asked -= _DAY
        at = datetime.combine(asked, time(10, 30), ZONES[0]).astimezone(UTC)
        self._plan(max(at, self._time), partial(self._ask, leader))
        for user in random.sample(chat.members, len(chat.members)):
            at = self._time + random.randint(1, 60 * 24 * 3) * timedelta(minutes=1)
            self._plan(at, partial(self._join, user, chat))
            if random.random() < 0.3:
                later = self._time + random.randint(2, 40) * _DAY + random.randint(0, 24) * _HOUR
                self._plan(later, partial(self._leave, user, chat))
        for _ in range(meetings):
            if random.random() < 0.4:
                later = self._time + random.randint(1, 40) * _DAY + random.randint(0, 24) * _HOUR
                change = random.choice((self._move, self._move, self._cancel, self._resize))
                self._plan(later, partial(change, n))
        for meeting in group.meetings:
            if random.random() < 0.7:
                early = random.choice((-timedelta(minutes=12), timedelta(), timedelta(minutes=7)))
                self._plan(meeting.starts_at + early, partial(self._meet, n))
        last = max(meeting.ends_at for meeting in group.meetings)
        if random.random() < 0.2:
            self._plan(last - gap * _DAY, partial(self._end, n))
            self._plan(last + _DAY, partial(self._plan_group, n))
        else:
            self._plan(last + random.randint(1, 50) * _DAY, partial(self._plan_group, n))

    async def _tie(self, n: int) -> None:
        """A questionnaire to the group's meetings, or none."""
        if self._whole.random() < TIED:
            post, _ = await self._panel(n)
            await self._press(self._leaders[n], post, "group.tie", {"tied": self._form})

    async def _join(self, user: User, chat: Chat) -> None:
        await self._press(user, self._offering(chat, "group.join"), "group.join")

    async def _leave(self, user: User, chat: Chat) -> None:
        await self._press(user, self._offering(chat, "group.leave"), "group.leave")

    async def _panel(self, n: int) -> tuple[Post, Group]:
        """The panel of the facilitator's group. Raises CannotPress where there is none."""
        leader, group = self._leaders[n], await self._group(self._chats[n])
        if group is None:
            raise cards.CannotPress("there is no group")
        await self._write(leader, "grupper")
        post = leader.chat.last
        await self._press(leader, post, "group.panel", data={"group": group.id})
        return post, group

    async def _move(self, n: int) -> None:
        post, group = await self._panel(n)
        meeting = self._random.choice(group.coming(self._now) or (None,))
        if meeting is None:
            return
        local = meeting.starts_at.astimezone(group.zone)
        day = local.date() + self._random.randint(-3, 6) * _DAY
        at = f"{self._random.choice((local.hour, 9, 12, 14)):02}:{local.minute:02}"
        given = {"moved": meeting.id, "day": f"{day}", "time": at}
        await self._change(n, post, meeting, "group.move", given)

    async def _cancel(self, n: int) -> None:
        post, group = await self._panel(n)
        meeting = self._random.choice(group.coming(self._now) or (None,))
        if meeting is not None:
            given = {"cancelled": meeting.id}
            await self._change(n, post, meeting, "group.cancel", given)

    async def _change(
        self, n: int, post: Post, meeting: Meeting, verb: str, given: dict[str, str]
    ) -> None:
        # It is noted before it is known, for who hears of it does so at that moment.
        leader = self._leaders[n]
        await leader.press(post, verb, given)
        if _asks(leader.card(post), verb):
            await leader.press(post, verb, data={"sure": "yes"})
        group = await self._group(self._chats[n])
        if group and group.meeting(meeting.id) not in (meeting, None):
            kind = "moved" if verb == "group.move" else "cancelled"
            self.history.changed.append((self._now, kind, group.id, meeting.id))
        await self._settle(self._leaders[n], by_clock=False)

    async def _resize(self, n: int) -> None:
        post, _ = await self._panel(n)
        size = f"{self._random.randint(4, 8)}"
        await self._press(self._leaders[n], post, "group.size", {"size": size})

    async def _end(self, n: int) -> None:
        post, _ = await self._panel(n)
        await self._press(self._leaders[n], post, "group.end")

    # Sessions

    async def _meet(self, n: int) -> None:
        """A meeting's session: now, or over days, and with a break or more time at times."""
        leader, chat, random = self._leaders[n], self._chats[n], self._random
        group = await self._group(chat)
        if group is None:
            return
        there = [user for user in chat.members if group.member(user.id)]
        wholly = self._whole.random() < self._scenario.wholly
        if wholly and not await self._services.sessions.all_at(chat.id):
            await self._meet_wholly(leader, chat, there)
            return
        await self._write(leader, "start", chat)
        post = self._offering(chat, "session.here")
        for user in there:
            if user is leader or random.random() < 0.8:
                await self._press(user, post, "session.here")
        over_days = random.random() < 0.3
        if over_days:
            given = {"pace": "days"}
            await self._press(leader, self._own(leader, "session.pace"), "session.pace", given)
        await self._press(leader, self._own(leader, "session.start"), "session.start")
        if over_days:
            for _ in range(4):
                later = self._time + random.randint(0, 8) * _DAY + random.randint(1, 23) * _HOUR
                self._plan(later, partial(self._more_time, n))
            if random.random() < 0.4:
                pause = self._time + random.randint(1, 5) * _DAY + 2 * _HOUR
                self._plan(pause, partial(self._write, leader, "pause", chat))
                back = pause + random.choice((3 * _HOUR, 2 * _DAY, 4 * _DAY))
                self._plan(back, partial(self._write, leader, "fortsett", chat))
        lasts = random.randint(8, 20) * _DAY if over_days else timedelta(minutes=80)
        self._plan(self._time + lasts, partial(self._stop_session, n))

    async def _meet_wholly(self, leader: User, chat: Chat, there: list[User]) -> None:
        """From start to thanks; a text is taken out, and a summary asked for."""
        members = [user for user in there if user is not leader]
        if len(members) < FEW:
            return
        scenario = SessionScenario(
            "", takes_out=True, summary=self._whole.choice(("yes", "yes", "no"))
        )
        meeting = SimulatedGroup(
            *(self._teams, leader, scenario, Tally()),
            planned=(chat, members),
            settle=partial(self._settle, by_clock=False),
        )
        self._teams.on_its_way_s = 0.05
        met = await meeting.meet()
        self.history.leaked += met.faults
        self.history.taken_along += bool(met.summary)
        await self._settle(by_clock=False)

    async def _more_time(self, n: int) -> None:
        leader = self._leaders[n]
        panel = self._own(leader, "session.extend")
        await self._press(leader, panel, "session.extend", data={"days": 1})

    async def _stop_session(self, n: int) -> None:
        leader = self._leaders[n]
        await self._press(leader, self._own(leader, "session.end"), "session.end")

    # Reminders

    async def _pause(self, user: User) -> None:
        """For some days, and perhaps not for so long after all."""
        local = self._time.astimezone(ZoneInfo(user.timezone)).date()
        until = local + self._random.choice((1, 3, 7, 14, 21)) * _DAY
        await self._write(user, f"pause til {until}")
        await self._note_choice(user)
        if self._random.random() < 0.4:
            early = self._time + self._random.randint(1, 10) * _DAY
            self._plan(early, partial(self._back, user))

    async def _back(self, user: User) -> None:
        await self._write(user, "pause slutt")
        await self._note_choice(user)

    async def _rest(self, user: User) -> None:
        """Once more later, of what came last."""
        wanted = [post for post in user.chat.posts if "reminder.put_off" in _verbs(post, user)]
        if not wanted:
            return
        post = wanted[-1]
        action = next(
            each
            for each in cards.actions(user.card(post))
            if each.get("verb") == "reminder.put_off"
        )
        address = str(action["data"]["reminder"])
        kind, _, _, occasion, *_ = address.split("/")
        self._put_off.add((user.id, f"{kind}/{occasion}"))
        await self._press(user, post, "reminder.put_off", data={"reminder": address})

    async def _set_hours(self, user: User) -> None:
        opens, closes = self._random.choice(
            (("07:00", "15:00"), ("09:30", "17:00"), ("08:00", "16:00"))
        )
        await self._save(user, {"opens": opens, "closes": closes})

    async def _switch(self, user: User) -> None:
        """Some kinds off; and on again after a while."""
        off = self._random.choice(KINDS)
        await self._save(user, {"kinds": ",".join(kind for kind in SWITCHES if kind != off)})
        later = self._time + self._random.randint(2, 30) * _DAY
        self._plan(later, lambda: self._save(user, {"kinds": ",".join(SWITCHES)}))

    async def _save(self, user: User, given: dict[str, str]) -> None:
        await self._write(user, "varsler")
        await self._press(user, user.chat.last, "reminder.save", given)
        await self._note_choice(user)

    async def _note_choice(self, user: User) -> None:
        self.history.chosen[user.id].note(
            self._now, await self._operational.preferences.of(user.id)
        )

    async def _set_quiet(self, n: int) -> None:
        leader, chat = self._leaders[n], self._chats[n]
        group = await self._group(chat)
        if group is None:
            return
        await self._write(leader, "varsler", chat)
        since, until = self._random.choice(
            (("15:00", "09:00"), ("11:00", "13:00"), ("20:00", "07:00"))
        )
        given = {"since": since, "until": until}
        await self._press(leader, self._offering(chat, "reminder.quiet"), "reminder.quiet", given)
        quiet = await self._operational.preferences.quiet(group.id)
        self.history.quiet[group.id].note(self._now, quiet)

    async def _write_log(self, user: User) -> None:
        await self._write(user, "logg")
        post = user.chat.last
        if "form.open" in _verbs(post, user):
            opened = next(e for e in cards.actions(user.card(post)) if e.get("verb") == "form.open")
            await self._press(user, post, opened["title"])
        fields = [key for key in cards.inputs(user.card(post)) if key.startswith("field.")]
        await self._press(user, post, "form.save", dict.fromkeys(fields[:1], "En episode."))

    # Colleagues

    def _plan_talks(self) -> None:
        """Five minutes, what somebody gladly answers about, a rehearsal, one's notes: a few of
        each in any office."""
        years, chance = self._scenario.days / 365, self._chance
        for act, usually in (
            (self._ask, 0.4),
            (self._offer_themes, 0.3),
            (self._rehearse, 0.1),
            (self._read_notes, 0.3),
        ):
            for _ in range(int(len(self._users) * usually * years) + 2):
                day = self._scenario.since + chance.randrange(self._scenario.days) * _DAY
                local = datetime.combine(day, time(chance.randint(7, 15), 30), ZONES[0])
                self._plan(local.astimezone(UTC), partial(act, chance.choice(self._users)))

    async def _ask(self, user: User) -> None:
        """One colleague or two, of those whom somebody can choose now; who has a group, if any."""
        groups = [group for group in await self._operational.groups.all() if len(group.joined) > 1]
        seated = sorted({member.person for group in groups for member in group.joined})
        user = self._by_id[self._chance.choice(seated)] if seated else user
        await self._write(user, "fem minutter")
        post = user.chat.last
        field = cards.inputs(user.card(post)).get("people")
        if field is None:
            return
        titles = {each["value"]: each["title"] for each in field["choices"]}
        wanted = self._chance.sample(sorted(titles), min(len(titles), self._chance.choice((1, 2))))
        self.history.offered.append(Offered(self._now, user.id, titles, tuple(wanted)))
        await self._press(user, post, "colleague.ask", {"people": ",".join(wanted)})
        for person in wanted:
            later = self._time + self._chance.randint(1, 100) * timedelta(minutes=1)
            self._plan(later, partial(self._answer, self._by_id[person], user))

    async def _answer(self, user: User, asks: User) -> None:
        post = self._own(user, "colleague.yes")
        session = str(cards.action(user.card(post), "colleague.yes")["data"]["session"])
        offered = _verbs(post, user)
        answers = ("yes", "yes", "yes", "later", "later", "no", "off")
        answer = self._chance.choice([each for each in answers if f"colleague.{each}" in offered])
        await self._press(user, post, f"colleague.{answer}")
        if answer == "later":
            again = self._time + self._chance.randint(65, 150) * timedelta(minutes=1)
            self._plan(again, partial(self._answer, user, asks))
        elif answer == "off":
            await self._note_choice(user)
            self._plan(self._time + self._chance.randint(1, 30) * _DAY, partial(self._ask_me, user))
        elif answer == "yes":
            self._plan(self._time + _TURN, partial(self._talk, session, (asks, user), 0))

    async def _ask_me(self, user: User) -> None:
        """After all."""
        await self._press(user, self._own(user, "colleague.on"), "colleague.on")
        await self._note_choice(user)

    async def _talk(self, session: str, here: tuple[User, ...], turn: int) -> None:
        """Each writes, and whoever asked goes on; some never come to an end of it."""
        for user in here:
            with suppress(cards.CannotPress):
                post = self._in_talk(user, "session.send", session)
                text = f"huskelapp {len(self._secrets)}"
                self._secrets[text] = user.id
                await self._press(user, post, "session.send", {"text": text})
        if turn == 2 and self._chance.random() < 0.2:
            return
        asks = here[0]
        await self._press(asks, self._in_talk(asks, "session.next", session), "session.next")
        await self._go_on(session, partial(self._talk, session, here, turn + 1))

    async def _go_on(self, session: str, act: _Act) -> None:
        live = await self._services.sessions.get(session)
        if live and live.is_over:
            self.history.over.append((self._now, live.group.id))
        else:
            self._plan(self._time + _TURN, act)

    async def _rehearse(self, user: User) -> None:
        await self._write(user, f"øv {REHEARSED}")
        post = self._own(user, "session.start")
        session = str(cards.action(user.card(post), "session.start")["data"]["session"])
        live = await self._services.sessions.get(session)
        if live and live.is_rehearsal:
            self._rehearsed.add(user.id)
            await self._press(user, post, "session.start")
            self._plan(self._time + _TURN, partial(self._lead_alone, session, user))

    async def _lead_alone(self, session: str, user: User) -> None:
        """To the end, or not."""
        if self._chance.random() < 0.1:
            return
        await self._press(user, self._in_talk(user, "session.next", session), "session.next")
        await self._go_on(session, partial(self._lead_alone, session, user))

    def _in_talk(self, user: User, verb: str, session: str) -> Post:
        """The newest of one's own cards of a session with this button. Raises CannotPress."""
        for post in reversed(user.chat.posts):
            if post.author is None and post.card:
                for each in cards.actions(user.card(post)):
                    if each.get("verb") == verb and each["data"].get("session") == session:
                        return post
        raise cards.CannotPress(f"nobody offers {verb}")

    async def _offer_themes(self, user: User) -> None:
        """And, after a while, no more."""
        await self._write(user, "spør meg gjerne om")
        themes = f"tema {self._users.index(user)}"
        await self._press(
            user, self._own(user, "colleague.offer"), "colleague.offer", {"themes": themes}
        )
        self.history.themes[user.id].note(self._now, themes)
        later = self._time + self._chance.randint(3, 60) * _DAY
        self._plan(later, partial(self._take_themes_back, user))

    async def _take_themes_back(self, user: User) -> None:
        post = self._own(user, "colleague.take_back")
        await self._press(user, post, "colleague.take_back")
        self.history.themes[user.id].note(self._now, "")

    async def _read_notes(self, user: User) -> None:
        await self._write(user, "notater")
        if "note.mark" in _verbs(user.chat.last, user):
            chosen: dict[str, object] = {"state": self._chance.choice(("tried", "open", "left"))}
            given = {"went": "Det gikk fint."}
            await self._press(user, user.chat.last, "note.mark", given, data=chosen)

    def _note_leaks(self) -> None:
        """What the chats hold of talks that are over, and of rehearsals of others."""
        for user in self._users:
            seen = "\n".join(user.sees(post) for post in user.chat.posts if post.author is None)
            for text in re.findall(r"huskelapp [0-9]+", seen):
                if self._secrets[text] != user.id:
                    self.history.leaked.append(
                        f"{user.id[:4]} has what {self._secrets[text][:4]} wrote"
                    )
            if "Oppdiktet" in seen and user.id not in self._rehearsed:
                self.history.leaked.append(f"{user.id[:4]} has heard of a rehearsal")

    # Times

    async def _offer_times(self) -> None:
        n = self._random.randrange(len(self._leaders))
        leader, chat, random = self._leaders[n], self._chats[n], self._random
        days = sorted(random.sample(range(2, 20), 3))
        first, second, third = ((self._time + day * _DAY).date() for day in days)
        line = f"timer oppfolging 60 min 3 plasser: {first} kl 9, {second} kl 13, {third} kl 8:30"
        self._titles.setdefault("", "")
        await self._write(leader, line, chat)
        for user in random.sample(chat.members, min(6, len(chat.members))):
            later = self._time + random.randint(1, 40) * _HOUR
            self._plan(later, partial(self._choose, user))
        if random.random() < 0.5:
            self._plan(self._time + random.randint(2, 12) * _DAY, partial(self._call_off, leader))

    async def _choose(self, user: User) -> None:
        await self._write(user, "timer")
        posts = [p for p in user.chat.posts if "appointment.choose" in _verbs(p, user)]
        if posts:
            slots = cards.inputs(user.card(posts[-1]))["slot"]["choices"]
            given = {"slot": self._random.choice(slots)["value"]}
            await self._press(user, posts[-1], "appointment.choose", given)

    async def _call_off(self, leader: User) -> None:
        await self._write(leader, "timer")
        posts = [p for p in leader.chat.posts if "appointment.call_off" in _verbs(p, leader)]
        if posts:
            slots = cards.inputs(leader.card(posts[-1]))["slot"]["choices"]
            given = {"slot": slots[0]["value"]}
            await self._press(leader, posts[-1], "appointment.call_off", given)

    # The end

    async def _come_to_an_end(self) -> None:
        """Everything ends by itself; the bot sleeps through most of it."""
        self._plans.clear()
        for user in self._users:
            with suppress(cards.CannotPress):  # what they gladly answer about is there until then
                await self._take_themes_back(user)
        last = max((m.ends_at for _, m in self.history.meetings()), default=self._time)
        self._time = max(self._time, last)
        for how_long in (AFTERWARDS, FORGOTTEN, NOTE):
            await self._fall_out(how_long)
            await self._pass_to(self._time + 2 * _DAY)
        self._note_leaks()
        database = await open_database(self._database_url, "operational", migrating=False)
        counts = await database.read(_counts)
        await database.close()
        self.history.left = [f"{name}: {n} rows" for name, n in counts.items() if n]

    # Acting

    async def _group(self, chat: Chat) -> Group | None:
        living = await self._operational.groups.at_place(chat.id)
        return next(iter(living), None)

    def _offering(self, chat: Chat, verb: str) -> Post:
        """The newest post with this button. Raises CannotPress."""
        for post in reversed(chat.posts):
            if post.author is None and post.card and verb in _verbs(post):
                return post
        raise cards.CannotPress(f"nobody offers {verb}")

    def _own(self, user: User, verb: str) -> Post:
        for post in reversed(user.chat.posts):
            if post.author is None and post.card and verb in _verbs(post, user):
                return post
        raise cards.CannotPress(f"nobody offers {verb}")

    async def _write(self, user: User, text: str, chat: Chat | None = None) -> None:
        await user.write(text, chat)
        await self._settle(user, by_clock=False)

    async def _press(
        self,
        user: User,
        post: Post,
        verb: str,
        inputs: dict[str, str] | None = None,
        *,
        data: dict[str, object] | None = None,
    ) -> BotReply:
        reply = await user.press(post, verb, inputs, data=data)
        await self._settle(user, by_clock=False)
        return reply


def _asks(card: Json, verb: str) -> bool:
    """Whether a card asks if one is sure."""
    return any(
        each.get("verb") == verb and each.get("data", {}).get("sure")
        for each in cards.actions(card)
    )


def _counts(connection: Connection) -> dict[str, int]:
    """How many rows every table holds that should be empty."""
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in sorted(GONE)
    }


def _verbs(post: Post, user: User | None = None) -> set[str]:
    if post.card is None:
        return set()
    card = user.card(post) if user else post.card
    return {str(each.get("verb", "")) for each in cards.actions(card)}


def _shown(post: Post) -> str:
    return cards.text_of(post.card or {}).partition("\n")[0]
