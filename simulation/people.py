"""People in their own chats, each with a hand of their own, beside a bot whose clock is ours."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from simulation import cards
from simulation.hand import Faults, Hand, Lost, Tally
from simulation.teams import BotReply, Chat, Post, User


class Bot(Protocol):
    """What they need of the bot: that its time passes, and that it is started anew."""

    def now(self) -> datetime: ...
    async def settle(self) -> None: ...
    async def restart(self) -> None: ...
    async def pass_time(self, how_long: timedelta) -> None: ...
    async def rows(self, *tables: str) -> list[str]: ...


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
        await self.press_on(user, own(user, verb), verb, inputs)

    async def press_on(
        self,
        user: User,
        post: Post,
        verb: str,
        inputs: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> BotReply:
        """This card and no other. Raises Lost, and CannotPress."""
        reply = await self.hand(user).press(post, verb, inputs, data, line_will_do=True)
        await self._bot.settle()
        return reply

    def hand(self, user: User) -> Hand:
        """The one hand that somebody has."""
        if user.id not in self._hands:
            chance = Random(f"{self._seed}/{user.name}")
            self._hands[user.id] = Hand(user, chance, self._tally, self._faults)
        return self._hands[user.id]

    async def write(self, user: User, words: str, chat: Chat | None = None) -> None:
        await user.write(words, chat)
        await self._bot.settle()

    async def write_part(self, user: User) -> None:
        """One's own part, once in each visit that has a field."""
        post = newest(user, "session.send")
        if post is None:
            return
        visit = visit_of(user, post)
        if (user.id, visit) in self._written:
            return
        self._written.add((user.id, visit))
        number = len(self.texts) if user.id not in self.texts else [*self.texts].index(user.id)
        text = f"ord nr. {number} i del {visit}"  # with no name, which would be asked about
        self.texts.setdefault(user.id, []).append(text)
        with suppress(cards.CannotPress):  # it was sent by an older press, delivered again
            await self.press(user, "session.send", text=text)


# --- What the chats show ------------------------------------------------------------------------


def newest(user: User, verb: str) -> Post | None:
    return next((post for post in reversed(user.chat.posts) if verb in verbs(user, post)), None)


def own(user: User, verb: str) -> Post:
    """The newest of one's own cards with this button. Raises CannotPress."""
    post = newest(user, verb)
    if post is None:
        raise cards.CannotPress(f"{user.name} is offered no {verb}")
    return post


def in_chat(chat: Chat, verb: str) -> Post:
    for post in reversed(chat.posts):
        if verb in {each.get("verb") for each in cards.actions(post.card or {})}:
            return post
    raise Lost(f"nobody offers {verb}")


def verbs(user: User, post: Post) -> set[str]:
    if post.author is not None or post.card is None:
        return set()
    return {str(each.get("verb", "")) for each in cards.actions(user.card(post))}


def visit_of(user: User, post: Post) -> str:
    visits = [
        str(each["data"]["visit"])
        for each in cards.actions(user.card(post))
        if "visit" in each.get("data", {})
    ]
    return visits[0] if visits else ""


def title_of(user: User, post: Post) -> str:
    """The heading of a card."""
    headings = (
        str(each["text"])
        for each in cards.elements(user.card(post))
        if each.get("style") == "heading"
    )
    return next(headings, "").replace("\\", "")
