"""Simulated colleagues who ask each other, and one who rehearses: each in their own chat.

They know of the bot only what their cards say. What they write depends on who they are and on
the part alone, so that two runs can be compared.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal, Protocol, TypeAlias

from bot.ui.texts import texts
from simulation import cards
from simulation.hand import Faults, Hand, Lost, Tally
from simulation.teams import Chat, Post, SimulatedTeams, User

Answer: TypeAlias = Literal["yes", "no", "later", "silent", "gone"]
"""Of a colleague: `later` says yes when they are reminded, `silent` never answers, and `gone` has
taken the app away."""
MAX_STEPS = 120
"""Presses of "next" after which a talk that is not over never will be."""
_SAY = texts("nb")
_HOUR = timedelta(hours=1)
_NIGHTS = timedelta(days=2)
_PAUSE = timedelta(seconds=15)
"""Longer than an invented member takes for anything."""


class Bot(Protocol):
    """What they need of the bot: that its time passes, and that it is started anew."""

    def now(self) -> datetime: ...
    async def settle(self) -> None: ...
    async def restart(self) -> None: ...
    async def pass_time(self, how_long: timedelta) -> None: ...
    async def rows(self, *tables: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class AskingScenario:
    """Who is asked, and what they answer."""

    words: str = "fem minutter"
    answers: tuple[Answer, ...] = ("yes",)
    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    restarts: bool = False
    """The bot is started anew in every part."""


@dataclass(slots=True)
class TalkPlayed:
    """What the chats hold in the end."""

    phases: list[str] = field(default_factory=list)
    """Titles, in the order in which they were opened."""
    ended: str = ""
    """What the last card of whoever asked says."""
    faults: list[str] = field(default_factory=list)
    """What must not be."""


class People:
    """Those who press, each with a hand of their own."""

    def __init__(self, bot: Bot, tally: Tally, seed: int, faults: Faults) -> None:
        self._bot = bot
        self._tally, self._seed, self._faults = tally, seed, faults
        self._hands: dict[str, Hand] = {}
        self.played = TalkPlayed()
        self._written: set[tuple[str, str]] = set()
        self.texts: dict[str, list[str]] = {}
        """What each has written, by id."""

    async def press(self, user: User, verb: str, **inputs: str) -> None:
        """The newest of one's own cards with this button. Raises Lost, and CannotPress."""
        if user.id not in self._hands:
            chance = Random(f"{self._seed}/{user.name}")
            self._hands[user.id] = Hand(user, chance, self._tally, self._faults)
        hand = self._hands[user.id]
        post = newest(user, verb)
        if post is None:
            raise cards.CannotPress(f"{user.name} is offered no {verb}")
        await hand.press(post, verb, inputs, line_will_do=True)
        await self._bot.settle()

    async def write(self, user: User, words: str, chat: Chat | None = None) -> None:
        await user.write(words, chat)
        await self._bot.settle()

    async def write_part(self, user: User) -> None:
        """One's own part, once in each visit that has a field."""
        post = newest(user, "session.send")
        if post is None:
            return
        visit = _visit(user, post)
        if (user.id, visit) in self._written:
            return
        self._written.add((user.id, visit))
        number = len(self.texts) if user.id not in self.texts else [*self.texts].index(user.id)
        text = f"ord nr. {number} i del {visit}"  # with no name, which would be asked about
        self.texts.setdefault(user.id, []).append(text)
        with suppress(cards.CannotPress):  # it was sent by an older press, delivered again
            await self.press(user, "session.send", text=text)


# --- Asking -------------------------------------------------------------------------------------


async def simulate_asking(
    bot: Bot, teams: SimulatedTeams, leader: User, scenario: AskingScenario, tally: Tally
) -> TalkPlayed:
    """From the group that they share to the night after the talk. Raises Lost."""
    people = People(bot, tally, scenario.seed, scenario.faults)
    kari = teams.user("Kari Kollega")
    others = [teams.user(f"Kollega {n}") for n, _ in enumerate(scenario.answers, 1)]
    await _share_a_group(people, teams, leader, [kari, *others], bot.now())
    for user, answer in zip(others, scenario.answers, strict=True):
        if answer == "gone":
            user.chat.refuses = "BotNotInConversationRoster"
    await people.write(kari, scenario.words)
    await people.press(kari, "colleague.ask", people=",".join(user.id for user in others))
    here = [kari, *await _answer(people, bot, others, scenario)]
    if len(here) > 1:
        await _talk(people, bot, here, restarts=scenario.restarts)
    people.played.ended = kari.sees(kari.chat.last)
    people.played.faults += _seen_by_others(people, [kari, *others])
    people.played.faults += await _left(bot)
    return people.played


async def _left(bot: Bot) -> list[str]:
    """What the night should have taken away."""
    await bot.pass_time(_NIGHTS)
    return await bot.rows("session", "session_card")


async def _share_a_group(
    people: People, teams: SimulatedTeams, leader: User, users: list[User], now: datetime
) -> None:
    chat = teams.group_chat(leader, *users)
    first = (now + timedelta(days=20)).date()
    await people.write(leader, f"planlegg 2 x 14 dager fra {first} kl 09:00", chat)
    await leader.press(chat.last, "group.plan")
    for user in users:
        await user.press(in_chat(chat, "group.join"), "group.join")


async def _answer(
    people: People, bot: Bot, others: list[User], scenario: AskingScenario
) -> list[User]:
    """Who comes into the talk."""
    here = []
    for user, answer in zip(others, scenario.answers, strict=True):
        if answer in ("no", "later", "yes"):
            await people.press(user, f"colleague.{answer}")
        if scenario.restarts:
            await bot.restart()
        if answer == "later":
            before = newest(user, "colleague.yes")
            await bot.pass_time(_HOUR)
            if newest(user, "colleague.yes") is before:
                people.played.faults.append(f"{user.name} was not reminded")
            await people.press(user, "colleague.yes")
        if answer in ("later", "yes"):
            here.append(user)
    if not here:
        await bot.pass_time(4 * _HOUR)
    return here


async def _talk(people: People, bot: Bot, here: list[User], *, restarts: bool) -> None:
    """Each writes what is theirs, and whoever asked goes on."""
    asks = here[0]
    for _ in range(MAX_STEPS):
        post = newest(asks, "session.next")
        if post is None:
            return
        title = _title(asks, post)
        if title not in people.played.phases:
            people.played.phases.append(title)
            if restarts:
                await bot.restart()
        for user in here:
            await people.write_part(user)
        with suppress(cards.CannotPress):
            await people.press(asks, "session.next")
    raise Lost(f"the talk does not end: {asks.sees(asks.chat.last)}")


def _seen_by_others(people: People, users: list[User]) -> Iterator[str]:
    """When it is over, nobody's chat has what was written, one's own neither."""
    for user in users:
        seen = "\n".join(user.sees(post) for post in user.chat.posts if post.author is None)
        for other in users:
            for text in people.texts.get(other.id, ()):
                if text in seen:
                    yield f"{user.name} sees what {other.name} wrote"


# --- Rehearsing ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RehearsalScenario:
    """Which method, with how many; `title` as one would write it."""

    title: str
    members: int = 0
    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    restarts: bool = False


async def simulate_rehearsal(
    bot: Bot, teams: SimulatedTeams, scenario: RehearsalScenario, tally: Tally
) -> TalkPlayed:
    """From `øv` to the card that says that it is over. Raises Lost."""
    people = People(bot, tally, scenario.seed, scenario.faults)
    user = teams.user("Frode Øver")
    await people.write(user, f"øv {scenario.title} {scenario.members or ''}".strip())
    await people.press(user, "session.start")
    for _ in range(MAX_STEPS):
        await bot.pass_time(_PAUSE)
        if _SAY("rehearsal.ended") in user.sees(user.chat.last):
            break
        await _lead(people, bot, user, restarts=scenario.restarts)
    else:
        raise Lost(f"the rehearsal does not end: {user.sees(user.chat.last)}")
    people.played.ended = user.sees(user.chat.last)
    shown = "\n".join(user.sees(post) for post in user.chat.posts if post.author is None)
    people.played.faults += [
        f"{text} stands there" for text in people.texts.get(user.id, ()) if text in shown
    ]
    people.played.faults += await _left(bot)
    return people.played


async def _lead(people: People, bot: Bot, user: User, *, restarts: bool) -> None:
    post = newest(user, "session.next")
    if post is None:
        return
    if (title := _title(user, post)) not in people.played.phases:
        people.played.phases.append(title)
        lower = [each for each in user.chat.posts if _is_after(each, post) and each.card]
        people.played.faults += [f"{title}: a card stands below the panel" for _ in lower[:1]]
        if restarts:
            await bot.restart()
        if newest(user, "session.open"):
            await people.press(user, "session.open")
            await people.write_part(user)
    with suppress(cards.CannotPress):
        await people.press(user, "session.next")


def _is_after(post: Post, other: Post) -> bool:
    posts = other.chat.posts
    return posts.index(post) > posts.index(other)


# --- What the chats show ------------------------------------------------------------------------


def newest(user: User, verb: str) -> Post | None:
    return next((post for post in reversed(user.chat.posts) if verb in _verbs(user, post)), None)


def in_chat(chat: Chat, verb: str) -> Post:
    for post in reversed(chat.posts):
        if verb in {each.get("verb") for each in cards.actions(post.card or {})}:
            return post
    raise Lost(f"nobody offers {verb}")


def _verbs(user: User, post: Post) -> set[str]:
    if post.author is not None or post.card is None:
        return set()
    return {str(each.get("verb", "")) for each in cards.actions(user.card(post))}


def _visit(user: User, post: Post) -> str:
    visits = [
        str(each["data"]["visit"])
        for each in cards.actions(user.card(post))
        if "visit" in each.get("data", {})
    ]
    return visits[0] if visits else ""


def _title(user: User, post: Post) -> str:
    """The heading of a card."""
    headings = (
        str(each["text"])
        for each in cards.elements(user.card(post))
        if each.get("style") == "heading"
    )
    return next(headings, "").replace("\\", "")
