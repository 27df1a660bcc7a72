"""A hand that presses as people's hands do: twice, late, and again while nothing answers."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

import aiohttp

from simulation.teams import BotReply, Post, User

PATIENCE_S = 60.0
"""How long somebody goes on trying while the bot does not answer."""


class Lost(Exception):
    """Somebody could not go on; the message has what they saw."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of presses, from 0 to 1, that go wrong."""

    double: float = 0.0
    """Pressed twice at once."""
    redelivered: float = 0.0
    """Sent again by Teams after it was answered, with a new id."""
    stale: float = 0.0
    """An old press sent again, late."""
    lost: float = 0.0
    """Answered, and the answer is lost on its way: pressed again."""
    undone: float = 0.0
    """Taken back with the undo button, and done once more."""


@dataclass(slots=True)
class Tally:
    """What everyone did together."""

    seconds: list[float] = field(default_factory=list)
    """Of each press that was answered."""
    faults: Counter[str] = field(default_factory=Counter)
    retries: int = 0


class Hand:
    """Presses for one user."""

    def __init__(self, user: User, random: Random, tally: Tally, faults: Faults) -> None:
        self.user = user
        self.tally = tally
        self.faults = faults
        self._random = random
        self._replies: list[BotReply] = []

    async def press(
        self,
        post: Post,
        verb: str,
        inputs: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        *,
        line_will_do: bool = False,
    ) -> BotReply:
        """Press, perhaps with a fault. Raises Lost, and CannotPress as `User.press`."""
        press = self.user.prepared(post, verb, inputs, data=data)
        if self.happens("double", self.faults.double):
            reply, _ = await asyncio.gather(
                self.patiently(press, line_will_do=line_will_do),
                self.patiently(press, line_will_do=line_will_do),
            )
        else:
            if self.happens("lost", self.faults.lost):
                await self.patiently(press, line_will_do=True)
                line_will_do = True  # of what was done already
            reply = await self.patiently(press, line_will_do=line_will_do)
        if self.happens("redelivered", self.faults.redelivered):
            await self.patiently(lambda: self.user.redeliver(reply), line_will_do=True)
        if self._replies and self.happens("stale", self.faults.stale):
            old = self._random.choice(self._replies)
            await self.patiently(lambda: self.user.redeliver(old), line_will_do=True)
        self._replies.append(reply)
        return reply

    def happens(self, fault: str, share: float) -> bool:
        if self._random.random() >= share:
            return False
        self.tally.faults[fault] += 1
        return True

    async def patiently(
        self, act: Callable[[], Awaitable[BotReply]], *, line_will_do: bool = False
    ) -> BotReply:
        """Do it again while the bot does not answer, as people do. Raises Lost.

        A press on a living card gives a card; one on an old card may give a line.
        """
        give_up = perf_counter() + PATIENCE_S
        while True:
            began = perf_counter()
            reply: BotReply | None = None
            with suppress(aiohttp.ClientError):
                reply = await act()
            if reply and reply.status == 200 and (line_will_do or not reply.text):
                self.tally.seconds.append(perf_counter() - began)
                return reply
            if perf_counter() > give_up:
                raise Lost(reply.text if reply else "no answer")
            self.tally.retries += 1
            await asyncio.sleep(0.1)
