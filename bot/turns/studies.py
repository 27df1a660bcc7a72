"""Studies and Q-sorts: what is written and pressed about them."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from secrets import token_hex
from typing import TypeAlias

from bot.cards import study as cards
from bot.cards.handing_in import delivered
from bot.cards.parts import plain
from bot.cards.results import lookup
from bot.gateway.events import Conversation, Final, Json, Origin, Press, Say, SendError
from bot.live_cards import OpenCard
from bot.outgoing import information, message_to
from bot.perform import Reply
from bot.presses import text
from bot.studies import UnknownStudy
from bot.texts import Texts
from bot.turns.results import look_up
from bot.turns.services import Services
from bot.turns.shared import Command, Said, Verb, personal_chat, personally
from dialogs.definitions import Definition
from storage.codes import Code, Token
from storage.operational import AlreadySeen

_OfStudy: TypeAlias = Callable[[Services, Press, Texts, Definition], Awaitable[Reply]]


async def _list(services: Services, _: Origin, say: Texts, __: str) -> Said:
    studies = await services.studies.open_ones()
    return cards.studies(say, [(study, str(Token.new())) for study in studies])


async def _resume(services: Services, origin: Origin, say: Texts, _: str) -> Said:
    """Bring the card down in the chat; the old one says that it has moved."""
    if not origin.is_personal:
        return say("draft.in_personal")
    conversation = origin.conversation
    last = services.open_cards.recall(conversation.id)
    card = await services.sittings.show(last.token, say) if last else None
    if last is None or card is None:
        services.open_cards.forget(conversation.id)
        return say("resume.none")
    new_id = await services.teams.send_card(conversation, card, say("card.summary"))
    services.open_cards.remember(conversation.id, OpenCard(last.token, new_id))
    if last.card_id:
        services.live_cards.put(conversation, last.card_id, cards.message(say("draft.moved")))
    return None


async def _withdraw(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    if not origin.is_personal:
        return say("withdraw.in_personal")
    return await _withdrawn(services, rest, say) if rest else cards.withdrawal(say)


async def _result(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    if not origin.is_personal:
        return say("result.in_personal")
    return await look_up(services, rest, say) if rest else lookup(say)


async def _invite(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
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
        transaction.enqueue(
            message_to(
                origin.conversation,
                "invitation",
                f"invitation:{origin.conversation.id}:{origin.activity_id}",
                {"study": study.id, "members": people, "language": say.language},
                services.now(),
            )
        )
    services.dispatcher.wake()
    return say("invite.few.demonstration", minimum=study.minimum_invited) if too_few else None


async def _close(services: Services, _: Origin, say: Texts, rest: str) -> Said:
    study = _named(rest, await services.studies.open_ones())
    return cards.closing(say, study) if study else await _which(services, "close.which", say)


async def status(services: Services, origin: Origin, say: Texts, _: str) -> Said:
    if not await services.is_facilitator(origin):
        return await _list(services, origin, say, "")
    rows = []
    for study, state in await services.studies.with_states():
        # No count while a study is open: it would tell who answered when.
        submitted = await services.studies.submitted(study.id) if state == "closed" else None
        rows.append((study, state, await services.studies.invited(study.id), submitted))
    return cards.status(say, rows)


def _named(wanted: str, studies: list[Definition]) -> Definition | None:
    """The study that was named, or the only one there is."""
    if not wanted and len(studies) == 1:
        return studies[0]
    return next((study for study in studies if study.id == wanted.casefold()), None)


async def _which(services: Services, key: str, say: Texts) -> str:
    studies = await services.studies.open_ones()
    return say(key, example=studies[0].id) if studies else say("study.list.none")


# --- Presses -----------------------------------------------------------------------------------


def _of_study(verb: _OfStudy) -> Verb:
    """With the study that the card names, if there is one."""

    async def checked(services: Services, press: Press, say: Texts) -> Reply:
        try:
            study = await services.studies.get(text(press.data, "study"))
        except UnknownStudy:
            return Say(say("study.unknown"))
        return await verb(services, press, say, study)

    return checked


async def _answer(services: Services, press: Press, say: Texts) -> Reply:
    _keep_at_hand(services, press)
    step = press.verb.partition(".")[2]
    return await services.sittings.press(step, press.data, say)


def _keep_at_hand(services: Services, press: Press) -> None:
    """So that `fortsett` finds this card."""
    if token := Token.parse(text(press.data, "token")):
        card = OpenCard(token, press.card_id)
        services.open_cards.remember(press.origin.conversation.id, card)


async def _start(services: Services, press: Press, say: Texts, study: Definition) -> Reply:
    """Show the information: here in the personal chat, else there."""
    if not await services.studies.is_open(study.id):
        return Say(say("study.closed", title=cards.title(say, study)))
    if press.origin.is_personal:
        token = Token.parse(text(press.data, "token")) or Token.new()
        begun = await services.sittings.resume(token, say)
        return begun or cards.consent(say, study, str(token))
    try:
        chat = await personal_chat(services, press.origin)
    except Final:
        return Say(say("study.start.not_installed"))
    except SendError:
        return Say(say("study.start.later"))
    await send_information(services, press, say, study, chat)
    return Say(say("study.start.sent"))


async def send_information(
    services: Services, press: Press, say: Texts, study: Definition, chat: Conversation
) -> None:
    """Once a day to each person, however often they press."""
    person, now = press.origin.person, services.now()
    key = f"consent:{press.card_id}:{study.id}"
    try:
        async with services.operational.begin() as transaction:
            transaction.see(key, person.id, now)
            transaction.remember(person.id, person.teams_id, asdict(chat), press.origin.timezone)
            transaction.enqueue(
                information(
                    chat,
                    study.id,
                    f"consent:{token_hex(16)}",  # it outlives the row's contents: it names nobody
                    now,
                    language=say.language,
                )
            )
    except AlreadySeen:
        return
    services.dispatcher.wake()


async def _consent(services: Services, press: Press, say: Texts, study: Definition) -> Reply:
    token = Token.parse(text(press.data, "token"))
    if token is None:
        return Say(say("study.unknown"))
    _keep_at_hand(services, press)
    return await services.sittings.begin(study, token, say)


async def _decline(_: Services, __: Press, say: Texts) -> Reply:
    return cards.message(say("consent.declined"))


async def _noted(services: Services, press: Press, say: Texts, study: Definition) -> Reply:
    services.open_cards.forget(press.origin.conversation.id)
    return delivered(study, say, "", None, replaced=False)


async def _withdraw_by_code(services: Services, press: Press, say: Texts) -> Reply:
    return await _withdrawn(services, text(press.data, "code"), say)


async def _look_up(services: Services, press: Press, say: Texts) -> Reply:
    return await look_up(services, text(press.data, "code"), say)


async def _confirm_close(services: Services, press: Press, say: Texts, study: Definition) -> Reply:
    if not await services.is_facilitator(press.origin):
        return Say(say("role.no"))
    match await services.studies.state(study.id):
        case "created":
            return Say(say("study.closed", title=cards.title(say, study)))
        case "open":
            await services.studies.close(study.id, press.origin.person.id)
            services.dispatcher.wake()
    return cards.message(say("close.done", title=plain(cards.title(say, study))))


async def _keep(services: Services, press: Press, say: Texts) -> Reply:
    if not await services.is_facilitator(press.origin):
        return Say(say("role.no"))
    return cards.message(say("close.cancelled"))


async def _withdrawn(services: Services, typed: str, say: Texts) -> Json:
    """Ask for an answer to be destroyed, or for a better code."""
    code = Code.parse(typed)
    if not isinstance(code, Code):
        return cards.withdrawal(say, say("withdraw.mistyped"))
    if await services.urn.withdraw(code) is None:
        return cards.withdrawal(say, say("withdraw.unknown"))
    return cards.message(say("withdraw.done"))


COMMANDS: dict[str, Command] = {
    "study": _list,
    "resume": _resume,
    "withdraw": _withdraw,
    "result": _result,
    "invite": _invite,
    "close": _close,
    "status": status,
}
VERBS: dict[str, Verb] = {
    "study.start": _of_study(_start),
    "study.consent": personally(_of_study(_consent)),
    "study.decline": personally(_decline),
    "study.withdraw": personally(_withdraw_by_code),
    "study.result": personally(_look_up),
    "study.close": _of_study(_confirm_close),
    "study.keep": _keep,
    "qsort.noted": personally(_of_study(_noted)),
}
DIALOGS: dict[str, Verb] = {
    "qsort": personally(_answer),
    "questionnaire": personally(_answer),
}
"""Whole dialogs, whose verbs the dialog itself knows."""
