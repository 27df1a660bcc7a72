"""Every event from Teams, and what the bot does about it.

`messages` answers what is written, `presses` what is pressed, and `sending`
holds what the dispatcher sends by itself. All of them work with the same
`Services`.
"""

from dataclasses import asdict
from datetime import UTC, datetime

import structlog

from bot.cards import study as cards
from bot.gateway.events import Added, Answer, Event, Message, Origin, Press, Removed, Say, SendError
from bot.texts import Texts
from bot.turns.messages import answer_message
from bot.turns.presses import answer_press
from bot.turns.services import Services
from storage.operational import AlreadySeen

log = structlog.get_logger()


async def answer(services: Services, event: Event) -> Answer:
    """Deal with one event. What fails is told to the person, and logged without content."""
    say = await services.say(event.origin)
    try:
        match event:
            case Press():
                return await answer_press(services, event, say)
            case Message():
                await answer_message(services, event, say)
            case Added():
                await _welcome(services, event.origin, say)
            case Removed():
                pass
    except SendError as error:
        log.info("answer_not_sent", error=type(error).__name__)
    except Exception as error:
        log.error("turn_failed", turn=type(event).__name__, error=type(error).__name__)
        if not (isinstance(event, Press) and event.is_invoke):
            raise
        return Say(say("error.bug"))
    return None


async def _welcome(services: Services, origin: Origin, say: Texts) -> None:
    """Once, though Teams tells of an installation twice."""
    try:
        async with services.operational.begin() as transaction:
            transaction.see("welcome", origin.conversation.id, datetime.now(UTC))
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
