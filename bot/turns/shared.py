"""What can be asked for both in writing and on a card."""

from bot.cards import study as cards
from bot.gateway.events import Json, Origin
from bot.texts import Texts, texts
from bot.turns.services import Services
from dialogs.study import Language
from storage.codes import Code


async def set_language(services: Services, origin: Origin, language: Language) -> str:
    """Use a language with a person from now on; says so in it."""
    async with services.operational.begin() as transaction:
        transaction.remember(origin.person.id, origin.person.teams_id)
        transaction.set_language(origin.person.id, language)
    return texts(language)("language.done")


async def withdraw(services: Services, typed: str, say: Texts) -> Json:
    """Ask for an answer to be destroyed, or for a better code."""
    code = Code.parse(typed)
    if not isinstance(code, Code):
        return cards.withdrawal(say, say("withdraw.mistyped"))
    if await services.urn.withdraw(code) is None:
        return cards.withdrawal(say, say("withdraw.unknown"))
    return cards.message(say("withdraw.done"))
