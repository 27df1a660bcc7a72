"""What is written to the bot: one function for each command."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypeAlias

from bot.cards import study as cards
from bot.cards.results import lookup
from bot.commands import Name, understand
from bot.gateway.events import Json, Message, Origin, SendError
from bot.live_cards import OpenCard
from bot.studies import enqueue_now
from bot.texts import Texts, texts
from bot.turns.results import look_up
from bot.turns.services import Services
from bot.turns.shared import set_language, withdraw
from dialogs.study import LANGUAGES, Study
from storage.codes import Token
from storage.operational import AlreadySeen

_Reply: TypeAlias = Json | str | None
"""A card, a text, or nothing more than what was done."""
_Command: TypeAlias = Callable[[Services, Origin, Texts, str], Awaitable[_Reply]]


async def answer_message(services: Services, message: Message, say: Texts) -> None:
    """Do what a message asks for; once, however often Teams delivers it."""
    origin = message.origin
    try:
        async with services.operational.begin() as transaction:
            transaction.see(origin.conversation.id, origin.activity_id, datetime.now(UTC))
            chat = asdict(origin.conversation) if origin.is_personal else None
            transaction.remember(origin.person.id, origin.person.teams_id, chat, origin.timezone)
    except AlreadySeen:
        return
    reply = await _reply(services, message, say)
    if isinstance(reply, str):
        await services.teams.send_text(origin.conversation, reply)
    elif reply is not None:
        await services.teams.send_card(origin.conversation, reply, say("card.summary"))


async def _reply(services: Services, message: Message, say: Texts) -> _Reply:
    spoken, is_facilitator = understand(message.text), await services.is_facilitator(message.origin)
    if spoken is None:
        return cards.help_card(say, facilitator=is_facilitator, unknown=True)
    if spoken.command.for_facilitators and not is_facilitator:
        return say("role.no")
    return await _COMMANDS[spoken.command.name](services, message.origin, say, spoken.rest)


async def _help(services: Services, origin: Origin, say: Texts, _: str) -> _Reply:
    facilitator = await services.is_facilitator(origin)
    return cards.help_card(say, facilitator=facilitator, unknown=False)


async def _list(services: Services, _: Origin, say: Texts, __: str) -> _Reply:
    studies = await services.studies.open_ones()
    return cards.studies(say, [(study, str(Token.new())) for study in studies])


async def _resume(services: Services, origin: Origin, say: Texts, _: str) -> _Reply:
    """Bring the card down in the chat; the old one says that it has moved."""
    if not origin.is_personal:
        return say("draft.in_personal")
    conversation = origin.conversation
    last = services.open_cards.recall(conversation.id)
    card = await services.qsorts.show(last.token, say) if last else None
    if last is None or card is None:
        services.open_cards.forget(conversation.id)
        return say("resume.none")
    new_id = await services.teams.send_card(conversation, card, say("card.summary"))
    services.open_cards.remember(conversation.id, OpenCard(last.token, new_id))
    if last.card_id:
        services.live_cards.put(conversation, last.card_id, cards.message(say("draft.moved")))
    return None


async def _withdraw(services: Services, origin: Origin, say: Texts, rest: str) -> _Reply:
    if not origin.is_personal:
        return say("withdraw.in_personal")
    return await withdraw(services, rest, say) if rest else cards.withdrawal(say)


async def _result(services: Services, origin: Origin, say: Texts, rest: str) -> _Reply:
    if not origin.is_personal:
        return say("result.in_personal")
    return await look_up(services, rest, say) if rest else lookup(say)


async def _language(services: Services, origin: Origin, say: Texts, rest: str) -> _Reply:
    wanted = rest.casefold()
    for code in LANGUAGES:
        if wanted in (code, texts(code)(f"language.{code}").casefold()):
            return await set_language(services, origin, code)
    return cards.languages(say)


async def _invite(services: Services, origin: Origin, say: Texts, rest: str) -> _Reply:
    """Announce a study here, where enough people see it that answers cannot be told apart."""
    if origin.is_personal:
        return say("invite.where")
    study = _named(rest, await services.studies.open_ones())
    if study is None:
        return await _which(services, "invite.which", say)
    try:
        people = await services.teams.member_count(origin.conversation)
    except SendError:
        return say("study.start.later")
    too_few = people < study.minimum_invited
    if too_few and not services.settings.is_demonstration:
        return say("invite.few", n=people, minimum=study.minimum_invited)
    async with services.operational.begin() as transaction:
        enqueue_now(
            transaction,
            "invitation",
            f"invitation:{origin.conversation.id}:{origin.activity_id}",
            origin.conversation,
            {"study": study.id, "members": people, "language": say.language},
        )
    services.dispatcher.wake()
    return say("invite.few.demonstration", minimum=study.minimum_invited) if too_few else None


async def _close(services: Services, _: Origin, say: Texts, rest: str) -> _Reply:
    study = _named(rest, await services.studies.open_ones())
    return cards.closing(say, study) if study else await _which(services, "close.which", say)


async def _status(services: Services, _: Origin, say: Texts, __: str) -> _Reply:
    rows = []
    for study, state in await services.studies.with_states():
        # No count while a study is open: it would tell who answered when.
        submitted = await services.studies.submitted(study.id) if state == "closed" else None
        rows.append((study, state, await services.studies.invited(study.id), submitted))
    return cards.status(say, rows)


def _named(wanted: str, studies: list[Study]) -> Study | None:
    """The study that was named, or the only one there is."""
    if not wanted and len(studies) == 1:
        return studies[0]
    return next((study for study in studies if study.id == wanted.casefold()), None)


async def _which(services: Services, key: str, say: Texts) -> str:
    studies = await services.studies.open_ones()
    return say(key, example=studies[0].id) if studies else say("study.list.none")


_COMMANDS: dict[Name, _Command] = {
    "help": _help,
    "study": _list,
    "resume": _resume,
    "withdraw": _withdraw,
    "result": _result,
    "language": _language,
    "invite": _invite,
    "close": _close,
    "status": _status,
}
