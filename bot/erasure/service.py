"""Deleting everything about somebody: what there is, what goes, and what is left after it.

Seats, times and sessions under way are given up as if their own buttons were pressed, so that
those who wait are asked; then what is theirs alone is deleted by the table of
`dialogs.retention`. Done twice it comes to the same.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from bot.routing.needs import (
    HasAppointments,
    HasClock,
    HasDispatcher,
    HasGroups,
    HasOpenCards,
    HasOperational,
    HasSessions,
    HasUrn,
)
from dialogs.groups import signup
from dialogs.groups.appointments import Cancel
from dialogs.groups.group import SignUp
from dialogs.retention import OPERATIONAL
from dialogs.sessions.forgetting import forget
from dialogs.sessions.state import Left, Session, dump, load


class Looking(HasOperational, HasSessions, Protocol):
    """To see what there is."""


class Erasing(
    Looking,
    HasAppointments,
    HasClock,
    HasDispatcher,
    HasGroups,
    HasOpenCards,
    HasUrn,
    Protocol,
):
    """To delete it."""


class _LeavingGroups(HasClock, HasGroups, HasOperational, Protocol):
    """To give up seats."""


class _LeavingSessions(HasClock, HasSessions, Protocol):
    """To leave what is under way, and be nobody in what is over."""


class _Forgetting(HasOpenCards, HasUrn, Protocol):
    """To destroy a draft."""


SESSIONS = "session"
ADDRESS = "address"
"""How somebody who leads something is reached."""
_STAYS = frozenset(kept.named for kept in OPERATIONAL if kept.asked == "stays")


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows name somebody, by kind of row."""

    goes: Counter[str]
    stays: Counter[str]

    @property
    def leads(self) -> bool:
        """Whether somebody leads something, and must be reached for as long as they do."""
        return bool(self.stays.keys() & {"role", "peer_group", "appointment_offer"})


async def look(services: Looking, person: str, chat: str) -> Found:
    """What there is about somebody; `chat` is their personal chat's id."""
    counts = await services.operational.retention.about(person, chat)
    if sessions := len(await services.sessions.stored.naming(person)):
        counts[SESSIONS] = sessions
    goes, stays = Counter[str](), Counter[str]()
    for what, count in counts.items():
        (stays if what in _STAYS else goes)[what] = count
    found = Found(goes, stays)
    if found.leads and "person" in goes:
        stays[ADDRESS] = goes.pop("person")
    return found


async def erase(services: Erasing, person: str, chat: str) -> None:
    """Delete everything that is somebody's."""
    await _leave_groups(services, person)
    await _cancel_times(services, person)
    await _leave_sessions(services, person)
    await _forget_draft(services, chat)
    found = await look(services, person, chat)
    step = services.operational.retention.erase(person, chat, services.now(), stays=found.leads)
    await services.operational.run(step)
    services.dispatcher.wake()


async def _leave_groups(services: _LeavingGroups, person: str) -> None:
    leaves = SignUp(at=services.now(), event=signup.Leave(person), by=person, sees=True)
    for group in await services.operational.groups.ever_of(person):
        await services.groups.act(group.id, leaves)


async def _cancel_times(services: HasAppointments, person: str) -> None:
    for offer in await services.appointments.all():
        if offer.times.choice(person):
            await services.appointments.change(offer.id, Cancel(person))


async def _leave_sessions(services: _LeavingSessions, person: str) -> None:
    sessions = services.sessions
    for session in await sessions.stored.naming(person):
        seed = secrets.randbits(64)

        def leave(_: Session, seed: int = seed) -> Left:
            return Left(by=person, at=services.now(), seed=seed)

        await sessions.act(session, leave)
        stranger = secrets.token_hex(16)

        def nameless(document: bytes, stranger: str = stranger) -> bytes:
            return dump(forget(load(document), person, stranger))

        await sessions.stored.rewrite(session, nameless)


async def _forget_draft(services: _Forgetting, chat: str) -> None:
    """The one that is at hand here; nobody can find another without its card."""
    if at_hand := services.open_cards.recall(chat):
        await services.urn.discard_draft(at_hand.token)
        services.open_cards.forget(chat)
