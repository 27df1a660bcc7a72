"""What is written to the bot: each room has a function for each of its commands."""

from dataclasses import asdict

from bot.cards import study as cards
from bot.commands import understand
from bot.gateway.events import Message
from bot.texts import Texts
from bot.turns import appointments, general, groups, logforms, reminders, sessions, studies
from bot.turns.services import Services
from bot.turns.shared import Command, Said
from storage.operational import AlreadySeen

_ALONE: dict[str, Command] = {
    **sessions.COMMANDS,  # which say where they belong
    **general.COMMANDS,
    **studies.COMMANDS,
    **groups.COMMANDS,
    **logforms.COMMANDS,
    **reminders.COMMANDS,
    **appointments.COMMANDS,
}
_TOGETHER: dict[str, Command] = {**_ALONE, **sessions.COMMANDS}
"""In a group, "status" and "go on" are about its session."""


async def answer_message(services: Services, message: Message, say: Texts) -> None:
    """Do what a message asks for; once, however often Teams delivers it."""
    origin = message.origin
    try:
        async with services.operational.begin() as transaction:
            transaction.see(origin.conversation.id, origin.activity_id, services.now())
            chat = asdict(origin.conversation) if origin.is_personal else None
            transaction.remember(origin.person.id, origin.person.teams_id, chat, origin.timezone)
    except AlreadySeen:
        return
    reply = await _reply(services, message, say)
    if isinstance(reply, str):
        await services.teams.send_text(origin.conversation, reply)
    elif reply is not None:
        await services.teams.send_card(origin.conversation, reply, say("card.summary"))


async def _reply(services: Services, message: Message, say: Texts) -> Said:
    spoken, is_personal = understand(message.text), message.origin.is_personal
    is_facilitator = await services.is_facilitator(message.origin)
    if spoken is None:
        return cards.help_card(
            say, is_personal=is_personal, facilitator=is_facilitator, unknown=True
        )
    if spoken.command.for_facilitators and not is_facilitator:
        return say("role.no")
    commands = _ALONE if is_personal else _TOGETHER
    return await commands[spoken.command.name](services, message.origin, say, spoken.rest)
