"""Cards that are alive in a chat: the latest version of each.

An answer to a press shows the new card at once, but only an update makes it
last. Updates of one card go out one at a time, and only the latest waits: a
slow Teams costs neither order nor memory. One that fails for good is let go,
because the next press of the old card shows the new one again.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias

import structlog

from bot.gateway.events import Conversation, Final, Json, SendError, Teams
from storage.crypto.codes import Token

log = structlog.get_logger()

SETTLE_S = 2.0
"""People should see an answer, or a sign of one, within two seconds."""
MAX_FAILURES = 6
"""In a row; each has taken the gateway's own patience with its pauses already."""

_Place: TypeAlias = tuple[str, str]
"""A conversation's id and a card's: Teams numbers cards by the millisecond, in each anew."""


class LiveCards:
    """Updates of cards, under way and waiting."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams
        self._latest: dict[_Place, tuple[Conversation, Json]] = {}
        self._tasks: dict[_Place, asyncio.Task[None]] = {}
        self._closing = False

    def put(self, conversation: Conversation, card_id: str, card: Json) -> None:
        """Put a card in the place of one, after those that are on their way there."""
        place = (conversation.id, card_id)
        self._latest[place] = (conversation, card)
        if place not in self._tasks:
            self._tasks[place] = asyncio.create_task(self._update(place))

    async def settled(self, conversation: Conversation, card_id: str) -> None:
        """Wait until the card is up to date, but no longer than people should wait."""
        if task := self._tasks.get((conversation.id, card_id)):
            await asyncio.wait({task}, timeout=SETTLE_S)

    async def _update(self, place: _Place) -> None:
        try:
            failures = 0
            while place in self._latest:
                conversation, card = self._latest.pop(place)
                try:
                    await self._teams.update_card(conversation, place[1], card)
                    failures = 0
                except SendError as error:
                    failures += 1
                    if isinstance(error, Final) or failures == MAX_FAILURES or self._closing:
                        log.info("card_not_updated", error=type(error).__name__)
                    else:
                        self._latest.setdefault(place, (conversation, card))
        finally:
            del self._tasks[place]

    async def close(self) -> None:
        """Wait for what is on its way, and try nothing again."""
        self._closing = True
        await asyncio.gather(*self._tasks.values())


@dataclass(frozen=True, slots=True)
class OpenCard:
    """The Q-sort card that was last used in a personal chat."""

    token: Token
    card_id: str | None


class OpenCards:
    """Which card `fortsett` brings back. In memory only: a token is never stored.

    After a restart the participant goes on from the card itself (docs/adr/0008).
    """

    LIMIT = 10_000

    def __init__(self) -> None:
        self._cards: OrderedDict[str, OpenCard] = OrderedDict()

    def remember(self, conversation_id: str, card: OpenCard) -> None:
        self._cards[conversation_id] = card
        self._cards.move_to_end(conversation_id)
        if len(self._cards) > self.LIMIT:
            self._cards.popitem(last=False)

    def recall(self, conversation_id: str) -> OpenCard | None:
        return self._cards.get(conversation_id)

    def forget(self, conversation_id: str) -> None:
        self._cards.pop(conversation_id, None)
