"""Cards without what was said, once a talk is no more, or somebody is no more in it.

The transaction that deletes finds the cards that stand, and has each emptied by the outbox, which
does not give up where Teams is away. A card that arrives with what was said when all is gone is
emptied by whoever sent it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from secrets import token_hex
from typing import Protocol, TypeAlias

from sqlalchemy import Connection

from bot.delivery.recipients import People
from bot.gateway.events import SendError
from bot.routing.needs import HasClock, HasDispatcher, HasOperational, HasSessions, HasTeams
from bot.sessions.cards import apart
from bot.sessions.cards.meeting import meeting_of
from bot.sessions.cards.phase import over
from bot.sessions.service import GATHERING, Live, SessionService, question_name
from bot.ui.texts import Texts, texts
from dialogs.sessions import queries
from dialogs.sessions.state import PersonId
from storage.operational.outbox import OutboxMessage
from storage.operational.sessions import SessionCard

AGAIN = timedelta(minutes=1)
"""What was on its way when a card was emptied has arrived by then: the answer to a press, or what
a process had sent that died."""


Which: TypeAlias = Callable[[str], bool]


class Clearing(HasClock, HasDispatcher, HasOperational, HasSessions, HasTeams, Protocol):
    """To reach the cards of a session."""


def emptied(say: Texts, live: Live, stood: SessionCard, key: str, due: datetime) -> OutboxMessage:
    """Takes what was said off a card."""
    asked = question_name(whose(stood.name))
    draw = apart.gone if stood.name == asked else over
    card = draw(say, meeting_of(live))
    about = {"activity": stood.activity, "card": card}
    return OutboxMessage(key, "empty_card", stood.reference, about, due)


def says_anything(name: str) -> bool:
    """Whether what somebody said may stand on it."""
    kind, visit, *_ = (*name.split(":"), "")
    return kind == "own" or (kind == "phase" and visit != str(GATHERING))


def whose(name: str) -> PersonId:
    """Whose own card it is, where it is anybody's."""
    return name.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Emptying:
    """What empties the cards of one session, found in the transaction that deletes it."""

    sessions: SessionService
    live: Live
    says: Mapping[PersonId, Texts]
    """The language of each whose own card stands."""
    concerns: Which
    """The cards that are to be emptied, by their names."""
    before: dict[str, SessionCard]
    """Those that stood before, by the keys of what empties them: what ends a session may drop
    some."""

    def __call__(self, connection: Connection) -> Iterator[OutboxMessage]:
        now = self.sessions.now()
        stand = self.sessions.stored.standing(connection, self.live.id)
        for key, stood in (self.before | _keyed(self.live, stand, self.concerns)).items():
            say = self.says.get(whose(stood.name)) or texts(self.live.session.language)
            yield emptied(say, self.live, stood, key, now)
            yield emptied(say, self.live, stood, token_hex(16), now + AGAIN)


async def emptying(
    sessions: SessionService, people: People, live: Live, concerns: Which
) -> Emptying:
    """What empties the cards of a session, each in the language of whose it is."""
    stand = await sessions.stored.cards(live.id)
    says = {whose(name): await people.say(whose(name), live.session.language) for name in stand}
    return Emptying(sessions, live, says, concerns, _keyed(live, stand, concerns))


def _keyed(live: Live, stand: Mapping[str, SessionCard], concerns: Which) -> dict[str, SessionCard]:
    return {_key(live, stood): stood for name, stood in stand.items() if concerns(name)}


def _key(live: Live, stood: SessionCard) -> str:
    return f"empty:{live.id}:{stood.name}:{stood.activity}"


async def emptied_by(
    services: HasDispatcher, rows: Collection[Emptying], delete: Awaitable[None]
) -> bool:
    """Delete, and wait for the cards as long as people should; whether all are empty by then."""
    with ExitStack() as stack:
        keys = chain.from_iterable(each.before for each in rows)
        arrivals = [stack.enter_context(services.dispatcher.awaiting(key)) for key in keys]
        await delete
        services.dispatcher.wake()
        outcomes = await asyncio.gather(*(arrival.outcome() for arrival in arrivals))
    return all(outcome == "sent" for outcome in outcomes)


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
