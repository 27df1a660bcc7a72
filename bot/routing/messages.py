"""What is written to the bot: each room has a function for each of its commands."""

import asyncio
from contextlib import suppress

from bot.appointments import handlers as appointments
from bot.cases import handlers as cases
from bot.colleagues import handlers as colleagues
from bot.erasure import handlers as erasure
from bot.gateway.events import Message, Origin, Press, Say, SendError
from bot.groups import handlers as groups
from bot.help import cards
from bot.help import handlers as general
from bot.ideas import handlers as ideas
from bot.notes import handlers as notes
from bot.reminders import handlers as reminders
from bot.routing.scopes import Verb, anywhere, refused
from bot.routing.services import Services
from bot.routing.shared import CommandHandler, CommandReply, insist
from bot.sessions import handlers as sessions
from bot.sessions import log_forms, rehearsals
from bot.studies import handlers as studies
from bot.studies.cards import study as study_cards
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import text
from bot.ui.elements import kinds_of, plain
from bot.ui.texts import Texts
from dialogs.writing.commands import Command
from dialogs.writing.normalising import normalise
from dialogs.writing.recognition import check
from dialogs.writing.understanding import (
    Asked,
    Doing,
    Meaning,
    Perhaps,
    Thanked,
    understand,
)
from storage.operational.store import Redelivered

_ALONE: dict[str, CommandHandler] = {
    **sessions.COMMANDS,  # which say where they belong
    **general.COMMANDS,
    **studies.COMMANDS,
    **groups.COMMANDS,
    **colleagues.COMMANDS,
    **cases.COMMANDS,
    **log_forms.COMMANDS,
    **rehearsals.COMMANDS,
    **notes.COMMANDS,
    **reminders.COMMANDS,
    **appointments.COMMANDS,
    **erasure.COMMANDS,
    **sessions.ALONE,
    **colleagues.ALONE,
    **ideas.ALONE,
}
_WITH_CODE = ("withdraw", "result")
"""Their codes are drawn by lot, and one in a thousand has digits like a telephone number."""
_AT_ONCE = 2_000
"""Characters that are looked through while others wait."""
_TOGETHER: dict[str, CommandHandler] = {**_ALONE, **sessions.COMMANDS}
"""In a group, "status" and "go on" are about its session."""


async def answer_message(services: Services, message: Message, say: Texts) -> None:
    """Do what a message asks for; once, however often Teams delivers it.

    The message counts as seen in the transaction that does its work: a crash in between
    cannot lose the one and keep the other.
    """
    origin = message.origin
    meaning = understand(message.text, is_personal=origin.is_personal)
    try:
        async with services.operational.once(
            origin.conversation.id, origin.activity_id, services.now()
        ):
            reply = await _identifying(message, meaning, say) or await _reply(
                services, origin, say, meaning
            )
    except Redelivered:
        return
    try:
        await _send(services, origin, say, reply)
    except SendError:  # delivered again, it is answered
        async with services.operational.begin() as transaction:
            transaction.unsee(origin.conversation.id, origin.activity_id)
        raise


async def _identifying(message: Message, meaning: Meaning, say: Texts) -> str:
    """What to say to a message that names somebody beyond doubt; empty for any other.

    Nothing is done with it. What stands in Teams, only its writer can take away.
    """
    if isinstance(meaning, Doing) and meaning.command.name in _WITH_CODE:
        return ""
    is_long = len(message.whole) > _AT_ONCE
    found = await asyncio.to_thread(check, message.whole) if is_long else check(message.whole)
    kinds = dict.fromkeys(each.kind for each in found.hard)
    return say("message.hard", kinds=kinds_of(say, kinds)) if kinds else ""


async def say_by_button(services: Services, press: Press, say: Texts) -> PressReply:
    """A button says a command as if it had been written, and its answer comes below.

    The card of a button that is pressed once becomes what was said, so that
    nobody says it again.
    """
    origin, written = press.origin, text(press.data, "text")
    meaning = understand(normalise(written), is_personal=origin.is_personal)
    if not isinstance(meaning, Doing):
        return Say(say("draft.gone"))
    is_once = press.data.get("once") is True
    minute = services.now().strftime("%Y%m%d%H%M")  # a finger that slips presses twice
    key = f"said:{press.card_id}" if is_once else f"said:{press.card_id}:{minute}:{written}"
    with suppress(Redelivered):
        async with services.operational.once(origin.conversation.id, key, services.now()):
            reply = await _reply(services, origin, say, meaning)
        if isinstance(reply, str) and not origin.is_personal:
            return Say(reply)  # for who pressed, beside the button
        await _send(services, origin, say, reply)
    if is_once:
        return study_cards.message(say("perhaps.done", words=plain(written)))
    return Say(say("said.below"))


async def _send(services: Services, origin: Origin, say: Texts, reply: CommandReply) -> None:
    """A text that names commands has a button for each."""
    if not reply:  # nothing empty is posted
        return
    place, text = origin.conversation, reply if isinstance(reply, str) else ""
    card = reply if isinstance(reply, dict) else None
    if text:
        is_facilitator = await services.is_facilitator(origin)
        card = cards.naming(text, is_personal=origin.is_personal, facilitator=is_facilitator)
    if card is None:
        await insist(lambda: services.teams.send_text(place, text))
    else:
        await insist(lambda: services.teams.send_card(place, card, say("card.summary")))


async def _reply(services: Services, origin: Origin, say: Texts, meaning: Meaning) -> CommandReply:
    is_facilitator = await services.is_facilitator(origin)
    match meaning:
        case Doing(command, rest):
            if command.for_facilitators and not is_facilitator:
                return refused(command.name, "role", say("role.no")).text
            commands = _ALONE if origin.is_personal else _TOGETHER
            return await commands[command.name](services, origin, say, rest)
        case Perhaps((Command(asks_first=True) as command,), rest):  # it asks by itself
            return await _reply(services, origin, say, Doing(command, rest))
        case Perhaps(commands, rest):
            allowed = tuple(c for c in commands if is_facilitator or not c.for_facilitators)
            if allowed:
                return cards.perhaps(say, Perhaps(allowed, rest))
            return say("role.no")
        case Asked(topic):
            return cards.answer(say, topic) if origin.is_personal else say(f"answer.{topic}")
        case Thanked():
            return say("answer.thanks")
    return cards.missed(say) if origin.is_personal else say("miss.group")


VERBS: dict[str, Verb] = {"said": anywhere(say_by_button)}
