"""What the rooms of the turns have in common."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.gateway.events import Conversation, Json, Origin, Press, Say
from bot.perform import Reply
from bot.texts import Texts
from bot.turns.services import Services

Said: TypeAlias = Json | str | None
"""The answer to something written: a card, a text, or nothing more than what was done."""
Command: TypeAlias = Callable[[Services, Origin, Texts, str], Awaitable[Said]]
"""Does what was written; the last argument is what stood after the command."""
Verb: TypeAlias = Callable[[Services, Press, Texts], Awaitable[Reply]]
"""Does what was pressed."""


def personally(verb: Verb) -> Verb:
    """Only in the personal chat: elsewhere others would see the card."""

    async def checked(services: Services, press: Press, say: Texts) -> Reply:
        if not press.origin.is_personal:
            return Say(say("draft.in_personal"))
        return await verb(services, press, say)

    return checked


async def personal_chat(services: Services, origin: Origin) -> Conversation:
    """Where to write to somebody alone. Raises `SendError`."""
    known = await services.operational.person(origin.person.id)
    if known and known.chat:
        return Conversation(**known.chat)
    return await services.teams.personal_chat(origin.person, origin.conversation)
