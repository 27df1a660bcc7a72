"""What the rooms of the turns have in common."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from bot.gateway.events import Ambiguous, Json, Origin, Say
from bot.routing.needs import HasClock, HasDispatcher, HasOperational
from bot.routing.services import Services
from bot.ui.texts import Texts
from storage.operational.outbox import OutboxMessage

PAUSES_S = (0.3, 1.0)
"""Between the attempts at an answer that somebody waits for."""

CommandReply: TypeAlias = Json | str | None
"""The answer to something written: a card, a text, or nothing more than what was done."""
CommandHandler: TypeAlias = Callable[[Services, Origin, Texts, str], Awaitable[CommandReply]]
"""Does what was written; the last argument is what stood after the command."""


async def insist(send: Callable[[], Awaitable[str]]) -> str:
    """Send an answer: rather twice than not at all, where nobody knows whether it got there.

    Raises SendError.
    """
    for pause in PAUSES_S:
        try:
            return await send()
        except Ambiguous:
            await asyncio.sleep(pause)
    return await send()


class Arriving(HasClock, HasDispatcher, HasOperational, Protocol):
    """To have something brought to a personal chat."""


async def in_personal_chat(
    services: Arriving, origin: Origin, say: Texts, message: OutboxMessage
) -> Say:
    """Have something brought to the personal chat of who asks for it, and say so once it is there.

    Its key tells whether it was asked for before.
    """
    person, outbox = origin.person, services.operational.outbox
    with services.dispatcher.awaiting(message.key) as arrival:
        async with services.operational.begin() as transaction:
            # Pressed where others see it, they may be unknown so far.
            transaction.remember(
                person.id, person.teams_id, timezone=origin.timezone, spoken=origin.spoken
            )
            transaction.enqueue(message)
        if await outbox.ask_again(message.key, services.now()) == "done":
            return Say(say(_there(origin)))
        services.dispatcher.wake()
        outcome = await arrival.outcome()
        return Say(say(_there(origin) if outcome == "sent" else f"private.{outcome}"))


def _there(origin: Origin) -> str:
    """Who is in the personal chat is not sent there."""
    return "private.here" if origin.is_personal else "private.sent"
