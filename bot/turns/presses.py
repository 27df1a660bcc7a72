"""What is pressed on cards: one function for each verb.

Card data can be forged. Who acts is `press.origin.person`, never what `data` says.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypeAlias

from bot.cards import study as cards
from bot.cards.parts import plain
from bot.cards.qsort import delivered
from bot.gateway.events import (
    Answer,
    Conversation,
    Final,
    Origin,
    Press,
    Say,
    SendError,
    ShowCard,
)
from bot.live_cards import OpenCard
from bot.perform import Reply
from bot.presses import text
from bot.studies import UnknownStudy, enqueue_now
from bot.texts import Texts, texts
from bot.turns.results import look_up
from bot.turns.services import Services
from bot.turns.shared import set_language, withdraw
from dialogs.study import LANGUAGES, Study
from storage.codes import Token
from storage.operational import AlreadySeen

_Verb: TypeAlias = Callable[[Services, Press, Texts], Awaitable[Reply]]
_OfStudy: TypeAlias = Callable[[Services, Press, Texts, Study], Awaitable[Reply]]


async def answer_press(services: Services, press: Press, say: Texts) -> Answer:
    """Show the new card: by an update for good, and in the answer at once.

    The update comes first: after the answer it would wipe out what has been
    filled in since (docs/adr/0012-one-card.md).
    """
    dialog, _, step = press.verb.partition(".")
    if verb := _VERBS.get(press.verb):
        reply = await verb(services, press, say)
    elif dialog == "qsort":
        reply = await _qsort(services, press, step, say)
    else:  # of an older version's card, or forged: the card may be everyone's, and stays
        reply = Say(say("draft.gone"))
    if isinstance(reply, Say):
        if not press.is_invoke:
            await services.teams.send_text(press.origin.conversation, reply.text)
        return reply
    if press.card_id and not press.is_automatic:
        services.live_cards.put(press.origin.conversation, press.card_id, reply)
        await services.live_cards.settled(press.origin.conversation, press.card_id)
    return ShowCard(reply)


def _personally(verb: _Verb) -> _Verb:
    """Only in the personal chat: elsewhere others would see the card."""

    async def checked(services: Services, press: Press, say: Texts) -> Reply:
        if not press.origin.is_personal:
            return Say(say("draft.in_personal"))
        return await verb(services, press, say)

    return checked


def _of_study(verb: _OfStudy) -> _Verb:
    """With the study that the card names, if there is one."""

    async def checked(services: Services, press: Press, say: Texts) -> Reply:
        try:
            study = await services.studies.get(text(press.data, "study"))
        except UnknownStudy:
            return Say(say("study.unknown"))
        return await verb(services, press, say, study)

    return checked


async def _qsort(services: Services, press: Press, step: str, say: Texts) -> Reply:
    async def go_on(services: Services, press: Press, say: Texts) -> Reply:
        _keep_at_hand(services, press)
        return await services.qsorts.press(step, press.data, say)

    return await _personally(go_on)(services, press, say)


def _keep_at_hand(services: Services, press: Press) -> None:
    """So that `fortsett` finds this card."""
    if token := Token.parse(text(press.data, "token")):
        card = OpenCard(token, press.card_id)
        services.open_cards.remember(press.origin.conversation.id, card)


async def _start(services: Services, press: Press, say: Texts, study: Study) -> Reply:
    """Show the information: here in the personal chat, else there."""
    if not await services.studies.is_open(study.id):
        return Say(say("study.closed", title=cards.title(say, study)))
    if press.origin.is_personal:
        token = Token.parse(text(press.data, "token")) or Token.new()
        begun = await services.qsorts.resume(token, say)
        return begun or cards.consent(say, study, str(token), invited=False)
    try:
        chat = await _personal_chat(services, press.origin)
    except Final:
        return Say(say("study.start.not_installed"))
    except SendError:
        return Say(say("study.start.later"))
    await _send_information(services, press, say, study, chat)
    return Say(say("study.start.sent"))


async def _personal_chat(services: Services, origin: Origin) -> Conversation:
    known = await services.operational.person(origin.person.id)
    if known and known.chat:
        return Conversation(**known.chat)
    return await services.teams.personal_chat(origin.person, origin.conversation)


async def _send_information(
    services: Services, press: Press, say: Texts, study: Study, chat: Conversation
) -> None:
    """Once a day to each person, however often they press."""
    person, now = press.origin.person, datetime.now(UTC)
    key = f"consent:{press.card_id}:{study.id}"
    try:
        async with services.operational.begin() as transaction:
            transaction.see(key, person.id, now)
            transaction.remember(person.id, person.teams_id, asdict(chat), press.origin.timezone)
            enqueue_now(
                transaction,
                "consent",
                f"{key}:{person.id}:{now.isoformat()}",
                chat,
                {"study": study.id, "language": say.language},
            )
    except AlreadySeen:
        return
    services.dispatcher.wake()


async def _consent(services: Services, press: Press, say: Texts, study: Study) -> Reply:
    token = Token.parse(text(press.data, "token"))
    if token is None:
        return Say(say("study.unknown"))
    _keep_at_hand(services, press)
    return await services.qsorts.begin(study, token, say)


async def _decline(_: Services, __: Press, say: Texts) -> Reply:
    return cards.message(say("consent.declined"))


async def _noted(services: Services, press: Press, say: Texts, study: Study) -> Reply:
    services.open_cards.forget(press.origin.conversation.id)
    return delivered(study, say, "", None, replaced=False)


async def _withdraw(services: Services, press: Press, say: Texts) -> Reply:
    return await withdraw(services, text(press.data, "code"), say)


async def _result(services: Services, press: Press, say: Texts) -> Reply:
    return await look_up(services, text(press.data, "code"), say)


async def _close(services: Services, press: Press, say: Texts, study: Study) -> Reply:
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


async def _language(services: Services, press: Press, say: Texts) -> Reply:
    wanted = text(press.data, "language")
    for code in LANGUAGES:
        if code == wanted:
            done = await set_language(services, press.origin, code)
            if not press.origin.is_personal:
                return Say(done)  # the card is everyone's, the choice is not
            return cards.message(f"{done} {texts(code)('welcome.start')}")
    return cards.languages(say)


_VERBS: dict[str, _Verb] = {
    "study.start": _of_study(_start),
    "study.consent": _personally(_of_study(_consent)),
    "study.decline": _personally(_decline),
    "study.withdraw": _personally(_withdraw),
    "study.result": _personally(_result),
    "study.close": _of_study(_close),
    "study.keep": _keep,
    "qsort.noted": _personally(_of_study(_noted)),
    "language": _language,
}
