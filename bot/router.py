"""Every event from Teams, and what the bot does about it.

`messages` answers what is written, `presses` what is pressed, and `sending`
holds what the dispatcher sends by itself. All of them work with the same
`Services`.
"""

from contextlib import suppress
from dataclasses import asdict

import structlog

from bot.gateway.events import (
    Added,
    Answer,
    MembersLeft,
    Message,
    Origin,
    Press,
    Removed,
    Say,
    SendError,
    Stranger,
    Told,
)
from bot.help import cards
from bot.operation import logs, metrics
from bot.routing.messages import answer_message
from bot.routing.presses import answer_press
from bot.routing.services import Services
from bot.routing.shared import insist
from bot.sessions.handlers import members_left
from bot.ui.texts import Texts, language_of, texts
from storage.operational.groups import channel_of
from storage.operational.store import AlreadySeen

log = structlog.get_logger()


class Router:
    """Deals with each event. What fails is told to the person, and logged without content."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def press(self, press: Press) -> Answer:
        say = texts(language_of(press.origin.locale))
        with metrics.turn("press") as turn:
            try:
                press, say = await self._services.meet(press)
                return await answer_press(self._services, press, say)
            except SendError as error:
                turn.outcome = "not_sent"
                log.info("answer_not_sent", error=type(error).__name__)
                return Say(say("error.not_sent"))
            except Exception as error:  # noqa: BLE001 - whatever the bug, the person gets an answer
                turn.outcome = "failed"
                told = _told("Press", error, say)
                if not press.is_invoke:
                    await self._excuse(press.origin, told)
                return Say(told)

    async def tell(self, event: Told) -> None:
        kind = type(event).__name__
        say = texts(language_of(event.origin.locale))
        with metrics.turn(kind.lower()) as turn:
            try:
                event, say = await self._services.meet(event)
                await self._take(event, say)
            except SendError as error:
                turn.outcome = "not_sent"
                log.info("answer_not_sent", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - whatever the bug, the person gets an answer
                turn.outcome = "failed"
                told = _told(kind, error, say)
                if isinstance(event, Message):
                    await self._excuse(event.origin, told)

    async def turn_away(self, stranger: Stranger) -> Say:
        """A line for whom the bot does not serve; a button's answer is seen by its presser."""
        line = texts(language_of(stranger.origin.locale))(f"stranger.{stranger.why}")
        if stranger.speaks and not stranger.is_invoke:
            await self._excuse(stranger.origin, line)
        return Say(line)

    async def _take(self, event: Told, say: Texts) -> None:
        match event:
            case Message():
                await answer_message(self._services, event, say)
            case Added():
                await _welcome(self._services, event.origin, say)
            case Removed():
                await _forget(self._services, event.origin)
            case MembersLeft():
                await members_left(self._services, event)
                await self._services.cases.members_left(event)

    async def _excuse(self, origin: Origin, text: str) -> None:
        """Say that something went wrong to whoever waits for an answer."""
        with suppress(SendError):
            await self._services.teams.send_text(origin.conversation, text)


def _told(turn: str, error: Exception, say: Texts) -> str:
    """What the person is told of a bug, after the log was."""
    reference = logs.reference()
    log.error("turn_failed", turn=turn, reference=reference, **logs.what_failed(error))
    return f"{say('error.bug')} {say('error.reference', reference=reference)}"


async def _welcome(services: Services, origin: Origin, say: Texts) -> None:
    """Once, though Teams tells of an installation twice; again where it did not get there."""
    try:
        async with services.operational.begin() as transaction:
            transaction.see("welcome", _place(origin), services.now())
            chat = asdict(origin.conversation) if origin.is_personal else None
            transaction.remember(
                origin.person.id, origin.person.teams_id, chat, origin.timezone, origin.spoken
            )
    except AlreadySeen:
        return
    name = origin.person.name or say("welcome.someone")
    card = cards.welcome(say) if origin.is_personal else cards.group_welcome(say, name)
    try:
        await insist(
            lambda: services.teams.send_card(origin.conversation, card, say("welcome.personal"))
        )
    except SendError:
        async with services.operational.begin() as transaction:
            transaction.unsee("welcome", _place(origin))
        raise


async def _forget(services: Services, origin: Origin) -> None:
    """Once away, we are welcome anew, and have no personal chat to write to."""
    async with services.operational.begin() as transaction:
        transaction.unsee("welcome", _place(origin))
        if origin.is_personal:
            transaction.remember(origin.person.id, origin.person.teams_id, chat={})


def _place(origin: Origin) -> str:
    """The team, or the chat without the thread, which each notice from a channel names anew."""
    return origin.conversation.team or channel_of(origin.conversation.id)
