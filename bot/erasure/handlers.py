"""`slett`: what there is about somebody is shown, and deleted when they say so."""

from bot.erasure import cards
from bot.erasure.service import Erasing, Looking, erase, look
from bot.gateway.events import Origin, Press
from bot.routing.scopes import Verb, personally
from bot.routing.shared import CommandHandler, CommandReply
from bot.studies.cards.study import message
from bot.studies.draft_service import PressReply
from bot.ui.texts import Texts


async def _ask(services: Looking, origin: Origin, say: Texts, _: str) -> CommandReply:
    if not origin.is_personal:
        return say("erase.in_personal")
    return cards.asking(say, await look(services, origin.person.id, origin.conversation.id))


async def _confirm(services: Erasing, press: Press, say: Texts) -> PressReply:
    person, chat = press.origin.person.id, press.origin.conversation.id
    before = await look(services, person, chat)
    is_clear = await erase(services, person, chat)
    return cards.receipt(say, before, await look(services, person, chat), is_clear=is_clear)


async def _keep(_: object, __: Press, say: Texts) -> PressReply:
    return message(say("erase.kept"))


COMMANDS: dict[str, CommandHandler] = {"erase": _ask}
VERBS: dict[str, Verb] = {"erase.confirm": personally(_confirm), "erase.keep": personally(_keep)}
