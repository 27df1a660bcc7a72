"""Help, and the language: what every other room relies on."""

from bot.cards import study as cards
from bot.gateway.events import Origin, Press, Say
from bot.perform import Reply
from bot.presses import text
from bot.texts import Texts, texts
from bot.turns.services import Services
from bot.turns.shared import Command, Said, Verb
from dialogs.study import LANGUAGES, Language


async def _help(services: Services, origin: Origin, say: Texts, _: str) -> Said:
    facilitator = await services.is_facilitator(origin)
    is_personal = origin.is_personal
    return cards.help_card(say, is_personal=is_personal, facilitator=facilitator, unknown=False)


async def _language(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    wanted = rest.casefold()
    for code in LANGUAGES:
        if wanted in (code, texts(code)(f"language.{code}").casefold()):
            return await _set_language(services, origin, code)
    return cards.languages(say)


async def _choose_language(services: Services, press: Press, say: Texts) -> Reply:
    wanted = text(press.data, "language")
    for code in LANGUAGES:
        if code == wanted:
            done = await _set_language(services, press.origin, code)
            if not press.origin.is_personal:
                return Say(done)  # the card is everyone's, the choice is not
            return cards.message(f"{done} {texts(code)('welcome.start')}")
    return cards.languages(say)


async def _set_language(services: Services, origin: Origin, language: Language) -> str:
    """Use a language with a person from now on; says so in it."""
    async with services.operational.begin() as transaction:
        transaction.remember(origin.person.id, origin.person.teams_id)
        transaction.set_language(origin.person.id, language)
    return texts(language)("language.done")


COMMANDS: dict[str, Command] = {"help": _help, "language": _language}
VERBS: dict[str, Verb] = {"language": _choose_language}
