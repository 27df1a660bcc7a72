"""Updates of cards: each card's own, in order, the latest last."""

import asyncio
from typing import cast

from bot.delivery.live_cards import LiveCards
from bot.gateway.events import Conversation, Json, Teams


class SlowTeams:
    """Takes each update once it is let through."""

    def __init__(self) -> None:
        self.let_through = asyncio.Event()
        self.cards: dict[tuple[str, str], list[Json]] = {}

    async def update_card(self, conversation: Conversation, activity_id: str, card: Json) -> None:
        await self.let_through.wait()
        self.cards.setdefault((conversation.id, activity_id), []).append(card)


def chat(name: str) -> Conversation:
    return Conversation(name, "personal", "tenant", "https://teams.example/")


async def test_cards_of_the_same_id_in_two_chats_are_two_cards() -> None:
    teams = SlowTeams()
    live = LiveCards(cast("Teams", teams))
    for step in range(3):
        for person in ("kari", "ola"):
            live.put(chat(person), "1700000000000", {"of": person, "step": step})
            await asyncio.sleep(0)
    teams.let_through.set()
    await live.settled(chat("kari"), "1700000000000")
    await live.close()

    # The first was under way, the second is out of date before its time came.
    assert teams.cards == {
        (person, "1700000000000"): [{"of": person, "step": 0}, {"of": person, "step": 2}]
        for person in ("kari", "ola")
    }
