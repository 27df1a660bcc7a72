"""Cards without what was said, at once: of somebody who is deleted the night is not waited for."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from bot.delivery.recipients import People
from bot.gateway.events import Conversation, Json, SendError
from bot.routing.needs import HasClock, HasOperational, HasSessions, HasTeams
from bot.sessions.cards import apart
from bot.sessions.cards.phase import over
from bot.sessions.jobs import meeting_of
from bot.sessions.service import Live, question_name
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.state import PersonId
from storage.operational.sessions import SessionCard


class Clearing(HasClock, HasOperational, HasSessions, HasTeams, Protocol):
    """To reach the cards of a session."""


async def clear(services: Clearing, live: Live, stand: Mapping[str, SessionCard]) -> bool:
    """Take what was said off these cards of a session as it is now; whether Teams let us."""
    people, is_clear = People(services.operational, services.teams), True
    for name, stood in stand.items():
        whose = name.rpartition(":")[2]
        card = _empty(services, await people.say(whose, live.session.language), live, name, whose)
        try:
            await services.teams.update_card(Conversation(**stood.reference), stood.activity, card)
        except SendError:
            is_clear = False
    return is_clear


def _empty(services: HasClock, say: Texts, live: Live, name: str, whose: PersonId) -> Json:
    if name == question_name(whose):
        return apart.question(say, meeting_of(live), whose, services.now())
    return over(say, meeting_of(live))


async def tell_the_others(services: Clearing, live: Live, person: PersonId) -> None:
    """A talk that somebody asked for is over, as at any end; of them it says nothing."""
    people, title = (
        People(services.operational, services.teams),
        live.method.title[live.session.language],
    )
    for member in queries.here(live.session):
        if member.id != person:
            say = await people.say(member.id, live.session.language)
            card = apart.card_of(say, meeting_of(live), member.id)
            with suppress(SendError):  # it is over for them all the same
                await people.tell(member.id, live.place, card, title)
