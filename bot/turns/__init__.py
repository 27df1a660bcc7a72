"""Every event from Teams, and what the bot does about it.

`messages` answers what is written, `presses` what is pressed, and `sending`
holds what the dispatcher sends by itself. All of them work with the same
`Services`.
"""

from contextlib import suppress
from dataclasses import asdict

import structlog

from bot import metrics
from bot.cards import study as cards
from bot.gateway.events import Added, Answer, Event, Message, Origin, Press, Removed, Say, SendError
from bot.texts import Texts, language_of, texts
from bot.turns.messages import answer_message
from bot.turns.presses import answer_press
from bot.turns.services import Services
from storage.operational import AlreadySeen

log = structlog.get_logger()

NOT_INSTALLED = "BotNotInConversationRoster"
"""What Teams answers where the bot is not."""


async def answer(services: Services, event: Event) -> Answer:
    """Deal with one event. What fails is told to the person, and logged without content."""
    with metrics.turn(type(event).__name__.lower()) as turn:
        return await _answer(services, event, turn)


async def _answer(services: Services, event: Event, turn: metrics.Turn) -> Answer:
    say = texts(language_of(event.origin.locale))
    try:
        say = await services.say(event.origin)
        match event:
            case Press():
                return await answer_press(services, event, say)
            case Message():
                await answer_message(services, event, say)
            case Added():
                await _send_what_waited(services, event.origin)
                await _welcome(services, event.origin, say)
            case Removed():
                await _forget(services, event.origin)
    except SendError as error:
        turn.outcome = "not_sent"
        log.info("answer_not_sent", error=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - whatever the bug, the person gets an answer
        turn.outcome = "failed"
        log.error("turn_failed", turn=type(event).__name__, error=type(error).__name__)
        return await _excuse(services, event, say)
    return None


async def _excuse(services: Services, event: Event, say: Texts) -> Answer:
    """Say that something went wrong to whoever waits for an answer."""
    match event:
        case Press(is_invoke=True):
            return Say(say("error.bug"))
        case Press() | Message():
            with suppress(SendError):
                await services.teams.send_text(event.origin.conversation, say("error.bug"))
    return None


async def _send_what_waited(services: Services, origin: Origin) -> None:
    """What could not be sent here because we were not installed."""
    outbox = services.operational.outbox
    if await outbox.unpark_at(_place(origin), NOT_INSTALLED, services.now()):
        services.dispatcher.wake()


async def _welcome(services: Services, origin: Origin, say: Texts) -> None:
    """Once, though Teams tells of an installation twice."""
    try:
        async with services.operational.begin() as transaction:
            transaction.see("welcome", _place(origin), services.now())
            chat = asdict(origin.conversation) if origin.is_personal else None
            transaction.remember(origin.person.id, origin.person.teams_id, chat, origin.timezone)
    except AlreadySeen:
        return
    if origin.is_personal:
        card = cards.welcome(say)
        await services.teams.send_card(origin.conversation, card, say("welcome.personal"))
    else:
        name = origin.person.name or say("welcome.someone")
        await services.teams.send_text(origin.conversation, say("welcome.group", name=name))


async def _forget(services: Services, origin: Origin) -> None:
    """Once away, we are welcome anew, and have no personal chat to write to."""
    async with services.operational.begin() as transaction:
        transaction.unsee("welcome", _place(origin))
        if origin.is_personal:
            transaction.remember(origin.person.id, origin.person.teams_id, chat={})


def _place(origin: Origin) -> str:
    """The conversation without the thread, which each notice from a channel names anew."""
    return origin.conversation.id.partition(";messageid=")[0]
