"""Half a year of some groups, and of somebody who is in all of them: what comes back to people.

A questionnaire before the first meeting and after the last, tied to every group; a note that
one took along, the reminders of it, and what one answers them; and the day after which nothing
is left. The bot's clock is ours, and everybody knows of it only what its cards say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot.gateway.events import Json
from bot.reminders.cards import AMONG
from bot.ui.texts import texts
from dialogs.retention import NOTE
from simulation import cards
from simulation.hand import Faults, Lost, Tally
from simulation.loopback import LoopbackBot
from simulation.office.playing import GONE
from simulation.people import People, in_chat, own
from simulation.questionnaire import open_shipped
from simulation.respondent import EarlierAnswer, Handed, Respondent
from simulation.session import SessionScenario, SimulatedGroup
from simulation.teams import Chat, Post, SimulatedTeams, User

OSLO = ZoneInfo("Europe/Oslo")
FORM = "mestring"
ON_ITS_WAY_S = 0.05
"""How long a card that all see may take to be drawn anew, before one presses again."""
TO_ONESELF = "Skriv til deg selv"
OTHERS, LATER = (3, 2, 2, 2), (0, 3, 6, 8)
"""How many are with Kari in each group, ten in all, which is the least that a questionnaire is
asked of; and how many days after the first group each group meets."""
FIRST = date(2027, 1, 19)
WRITTEN_ON = datetime.combine(FIRST - timedelta(days=4), time(10), OSLO)
INTERVAL, LASTS = timedelta(days=14), timedelta(hours=2)
LINE = "Hun fortalte mer enn sist."
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_SAY = texts("nb")


@dataclass(frozen=True, slots=True)
class HalfYearScenario:
    """What is played, and how people's hands and the bot behave."""

    method: str
    """Its id: one in which everyone writes to themselves at the end."""
    meetings: int = 2
    """Of each group."""
    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    restarts: bool = False
    """The bot is started anew between all that happens, and in every part of a meeting."""


@dataclass(slots=True)
class HalfYearPlayed:
    """What came of it."""

    steps: list[str] = field(default_factory=list)
    """What happened, and on which day."""
    before: list[Handed] = field(default_factory=list)
    after: list[Handed] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What must not be."""


async def simulate_half_year(
    bot: LoopbackBot,
    teams: SimulatedTeams,
    scenario: HalfYearScenario,
    tally: Tally,
    folder: Path,
) -> HalfYearPlayed:
    """From the plan to the day when nothing is left; a key is made in `folder`. Raises Lost."""
    half_year = _HalfYear(bot, teams, scenario, tally)
    await half_year.play(folder)
    return half_year.played


class _HalfYear:
    """Kari, who is in every group, and those who are with her in one."""

    def __init__(
        self, bot: LoopbackBot, teams: SimulatedTeams, scenario: HalfYearScenario, tally: Tally
    ) -> None:
        self.played = HalfYearPlayed()
        self._bot, self._teams, self._scenario, self._tally = bot, teams, scenario, tally
        self._people = People(bot, tally, scenario.seed, scenario.faults)
        self._anne, self._kari = teams.user("Anne Fasilitator"), teams.user("Kari Overalt")
        self._others = [
            [teams.user(f"Kollega {'ABCD'[group]}{n}") for n in range(others)]
            for group, others in enumerate(OTHERS)
        ]
        self._seen: set[str] = set()
        self._put_off: set[str] = set()
        """Who gets one once more, because they asked for it."""
        self._chats = [teams.group_chat(self._anne, self._kari, *each) for each in self._others]

    @property
    def _everyone(self) -> list[User]:
        return [self._kari, *(user for group in self._others for user in group)]

    async def play(self, folder: Path) -> None:
        await self._bot.let_facilitate(self._anne.id)
        services = self._bot.services
        stores, today = (services.operational, services.urn), self._bot.now().date()
        forms = await open_shipped(FORM, stores, folder, self._anne.name, today)
        before, after = (form.id for form in forms)
        for number, chat in enumerate(self._chats):
            await self._plan(number, chat, before)
        await self._pass_to(_begins(0) - _DAY)
        self._check_asked([self._kari, *self._others[0]], "before the first meeting", times=1)
        self.played.before = [await self._answer(user, before) for user in self._writers()]
        await self._meet(0)
        await self._answer_reminders()
        for number in range(1, self._scenario.meetings):
            await self._meet(number)
        last = _begins(self._scenario.meetings - 1) + LATER[-1] * _DAY
        await self._pass_to(last + 2 * _DAY)
        await self._end_of_series(after)
        await self._half_a_year_later()
        await self._nothing_is_left()

    def _writers(self) -> list[User]:
        """Who answers the questionnaire, and is in one group with Kari."""
        return [self._kari, self._others[0][0]]

    # Before the meetings

    async def _plan(self, number: int, chat: Chat, form: str) -> None:
        day = FIRST + LATER[number] * _DAY
        meetings, name = self._scenario.meetings, f"Gruppe {number + 1}"
        line = f"planlegg {self._scenario.method} «{name}» {meetings} x 14 dager fra {day} kl 09:00"
        await self._people.write(self._anne, line, chat)
        await self._people.press_on(self._anne, chat.last, "group.plan")
        for user in (self._kari, *self._others[number]):
            await self._people.press_on(user, in_chat(chat, "group.join"), "group.join")
        await self._people.write(self._anne, "grupper")
        panel = self._anne.chat.last
        (group,) = await self._bot.services.operational.groups.at_place(chat.id)
        await self._people.press_on(self._anne, panel, "group.panel", data={"group": group.id})
        await self._people.press_on(self._anne, panel, "group.tie", {"tied": form})
        self._note(f"{self._anne.name} plans group {number + 1} and ties {form} to it")

    def _check_asked(self, users: list[User], when: str, times: int) -> None:
        """A questionnaire comes to each once, however many groups they are in."""
        for user in users:
            if (asked := len(_asked(user))) != times:
                self._fault(f"{user.name} was asked {asked} times {when}")
        self._note(f"{len(users)} were asked for {FORM} {when}")

    async def _answer(self, user: User, form: str, memory: EarlierAnswer | None = None) -> Handed:
        """From the reminder to the noted code."""
        await self._people.press_on(user, _asked(user)[-1], "study.start")
        random = Random(f"{self._scenario.seed}/{form}/{user.name}")
        respondent = Respondent(user, form, random, self._tally, self._scenario.faults)
        handed = await respondent.take_part(memory, information=own(user, "study.consent"))
        await self._bot.settle()
        self._note(f"{user.name} hands in {form}")
        return handed

    # The meetings of the first group

    async def _meet(self, number: int) -> None:
        """Whoever comes writes what they take along; Kari first 20,000 characters of it."""
        await self._pass_to(_begins(number))
        scenario = SessionScenario(
            self._scenario.method,
            seed=self._scenario.seed,
            faults=self._scenario.faults,
            longwinded=True,
            writes_in=TO_ONESELF,
        )
        there = (self._chats[0], [self._kari, *self._others[0]])
        between = self._bot.restart if self._scenario.restarts else None
        meeting = SimulatedGroup(
            self._teams,
            self._anne,
            scenario,
            self._tally,
            between,
            planned=there,
            settle=self._bot.settle,
        )
        self._teams.on_its_way_s = ON_ITS_WAY_S
        met = await meeting.meet()
        self._teams.on_its_way_s = 0
        self.played.faults += met.faults
        await self._bot.settle()
        self._note(f"group 1 meets: {len(met.phases)} parts")
        await self._pass_to(_begins(number) + LASTS)

    # What comes back

    async def _answer_reminders(self) -> None:
        """Later; tried, with a line; let it lie; and no more of such: each as they like."""
        later, tried, lies, off = self._kari, *self._others[0]
        for user in (later, tried, lies, off):
            self._check_note(user)
        answered = {user.name: _reminders(user, "try")[-1] for user in (tried, lies)}
        alone = {name: not _tells_of_more(post) for name, post in answered.items()}
        await self._press_try(later, "reminder.put_off")
        await self._press_try(off, "reminder.off")
        await self._press_try(tried, "note.reminded", state="tried")
        await self._press_try(lies, "note.reminded", state="left")
        for user in (tried, lies):
            if alone[user.name] and _mine(user) in user.sees(answered[user.name]):
                self._fault(f"the note of {user.name} stands on an answered reminder")
        await self._comes_again(later)
        await self._press_try(later, "note.reminded", state="open")

    async def _comes_again(self, user: User) -> None:
        """What they asked to hear later."""
        self._count_the_day()
        self._put_off.add(user.id)
        before = {post.id for post in user.chat.posts}
        await self._bot.pass_time(_DAY)
        if sum(post.id not in before for post in _reminders(user, "try")) != 1:
            self._fault(f"{user.name} was not reminded once more")

    def _check_note(self, user: User) -> None:
        """It comes back to its writer, and no notification has it."""
        posts = _reminders(user, "try")
        if not any(_mine(user) in user.sees(post) for post in posts):
            self._fault(f"{user.name} is not reminded of what they took along")
        if any(_mine(user) in str(post.activity.get("summary")) for post in posts):
            self._fault(f"a notification has the note of {user.name}")

    async def _press_try(self, user: User, verb: str, **data: str) -> None:
        """On the newest reminder of what was taken along; a line goes with what came of it."""
        post, action = _to_press(user, verb, data)
        carried = {key: str(action["data"][key]) for key in ("reminder",) if key in action["data"]}
        given = {action["data"]["field"]: LINE} if "field" in action["data"] else {}
        await self._people.press_on(user, post, verb, given, {**carried, **data})
        self._note(f"{user.name} presses {action['title']}")

    async def _end_of_series(self, form: str) -> None:
        """The questionnaire after, paired by the code that one has kept."""
        self._check_asked(self._everyone, "after the last meeting", times=2)
        for user, handed in zip(self._writers(), self.played.before, strict=True):
            memory = EarlierAnswer(handed.code, handed.pseudonym)
            after = await self._answer(user, form, memory)
            self.played.after.append(after)
            if after.before != handed.pseudonym:
                self._fault(f"{user.name} was not paired")
        others = {user.name for group in self._others[1:] for user in group}
        for user in self._others[0]:
            said = "\n".join(user.sees(each) for each in (*user.chat.posts, *self._chats[0].posts))
            self.played.faults += [f"{user.name} hears of {one}" for one in others if one in said]

    async def _half_a_year_later(self) -> None:
        await self._bot.fall_out(NOTE / 2)
        for user in (self._kari, *self._others[0]):
            await self._people.write(user, "notater")
            noted = user.sees(user.chat.last)
            if _mine(user) not in noted:
                self._fault(f"{user.name} has no note any more")
            if any(_mine(each) in noted for each in self._everyone if each is not user):
                self._fault(f"{user.name} reads somebody else's note")
        self._note("everyone still has what they took along")

    async def _nothing_is_left(self) -> None:
        await self._bot.fall_out(NOTE)
        await self._people.write(self._kari, "notater")
        if _SAY("notes.none") not in self._kari.sees(self._kari.chat.last):
            self._fault("a note outlives its day")
        await self._bot.pass_time(_DAY)
        self.played.faults += await self._bot.rows(*sorted(GONE))
        self._note("nothing is left in any table")

    # What they share

    async def _pass_to(self, moment: datetime) -> None:
        """Night by night: nobody gets more than one card of reminders in a day, beside those that
        come ten minutes before."""
        if self._scenario.restarts:
            await self._bot.restart()
        while (now := self._bot.now()) < moment:
            tomorrow = datetime.combine(now.astimezone(OSLO).date() + _DAY, time(), OSLO)
            await self._bot.pass_time(min(moment, tomorrow) - now)
            if moment >= tomorrow:
                self._count_the_day()

    def _count_the_day(self) -> None:
        for user in self._everyone:
            new = [
                post for post in user.chat.posts if post.id not in self._seen and _is_daily(post)
            ]
            self._seen |= {post.id for post in user.chat.posts}
            asked_for = 1 if user.id in self._put_off and new else 0
            self._put_off -= {user.id}
            if len(new) - asked_for > 1:
                self._fault(f"{user.name} got {len(new)} reminders before {self._bot.now():%d %b}")

    def _note(self, what: str) -> None:
        self.played.steps.append(f"{self._bot.now().astimezone(OSLO):%Y-%m-%d %H:%M}  {what}")

    def _fault(self, what: str) -> None:
        self.played.faults.append(what)


def _begins(number: int) -> datetime:
    """A meeting of the first group."""
    return datetime.combine(FIRST + number * INTERVAL, time(9), OSLO)


def _to_press(user: User, verb: str, data: Mapping[str, str]) -> tuple[Post, Json]:
    """On a reminder of what was taken along, the newest first. Raises Lost."""
    for post in reversed(_reminders(user, "try")):
        for each in cards.actions(user.card(post)):
            told = each.get("data", {})
            is_of_it = str(told.get("reminder", "try/")).startswith("try/")
            if each.get("verb") == verb and is_of_it and data.items() <= told.items():
                return post, each
    raise Lost(f"{user.name} is offered no {verb}")


def _mine(user: User) -> str:
    """How each of somebody's texts begins."""
    return f"{user.name} om «"


def _reminders(user: User, kind: str) -> list[Post]:
    """The cards that remind of one kind, answered or not."""
    return [post for post in user.chat.posts if f"{kind}/" in _told(post)]


def _told(post: Post) -> str:
    """Which reminders a card was sent with, whatever it says now."""
    return str(post.activity.get("attachments", "")) if post.author is None else ""


def _is_daily(post: Post) -> bool:
    return "/meeting/" in _told(post) and "soon/" not in _told(post)


def _tells_of_more(post: Post) -> bool:
    """A card that does stays as it is when the note is answered."""
    of_note = (
        each for each in cards.actions(post.card or {}) if each.get("verb") == "note.reminded"
    )
    return any(AMONG in each["data"] for each in of_note)


def _asked(user: User) -> list[Post]:
    """The reminders that lead to a questionnaire."""
    return [post for post in user.chat.posts if "questionnaire/" in _told(post)]
