"""Deleting everything about somebody: what there is, what goes, and what is left after it.

Seats, times and sessions under way are given up as if their own buttons were pressed, so that
those who wait are asked. What somebody has begun in their own chat, a rehearsal or a talk with
colleagues, ends for all and is no more: its rows say whose chat it is. Then what is theirs alone
is deleted by the table of `dialogs.retention`. Done twice it comes to the same.
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
    HasTeams,
    HasUrn,
)
from bot.sessions.clearing import Clearing, clear, tell_the_others
from bot.sessions.service import Live
from dialogs.groups import signup
from dialogs.groups.appointments import Cancel
from dialogs.groups.colleagues import APART
from dialogs.groups.group import Group, SignUp, Vanish
from dialogs.retention import OPERATIONAL
from dialogs.sessions import rehearsing
from dialogs.sessions.forgetting import forget
from dialogs.sessions.state import Left, dump, load
from storage.operational.retention import ending


class Looking(HasOperational, HasSessions, Protocol):
    """To see what there is."""


class Erasing(
    Looking,
    HasAppointments,
    HasClock,
    HasDispatcher,
    HasGroups,
    HasOpenCards,
    HasTeams,
    HasUrn,
    Protocol,
):
    """To delete it."""


class _LeavingGroups(HasClock, HasGroups, HasOperational, Protocol):
    """To give up seats."""


class _Forgetting(HasOpenCards, HasUrn, Protocol):
    """To destroy a draft."""


SESSIONS = "session"
OWN = "own_session"
"""What somebody has begun in their own chat: it goes as a whole."""
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
    own = {group.id for group in await _own_groups(services, person)}
    named = [live for live in await _naming(services, person) if live.group.id not in own]
    counts.update({OWN: len(own), SESSIONS: len(named), "peer_group": -len(own)})
    goes, stays = Counter[str](), Counter[str]()
    for what, count in (+counts).items():
        (stays if what in _STAYS else goes)[what] = count
    found = Found(goes, stays)
    if found.leads and "person" in goes:
        stays[ADDRESS] = goes.pop("person")
    return found


async def _own_groups(services: HasOperational, person: str) -> list[Group]:
    """What somebody's rehearsals and talks from their own chat hang on, also of those over."""
    led = await services.operational.groups.ever_led_by(person)
    return [group for group in led if group.place.startswith((APART, rehearsing.OF))]


async def _naming(services: HasSessions, person: str) -> list[Live]:
    """The sessions that name them, also those that are over."""
    ids = await services.sessions.stored.naming(person)
    found = [await services.sessions.get(each) for each in ids]
    return [live for live in found if live is not None]


async def erase(services: Erasing, person: str, chat: str) -> bool:
    """Delete everything that is somebody's; whether what they said is off the cards, too."""
    await _leave_groups(services, person)
    await _cancel_times(services, person)
    is_clear = await _end_own(services, person)
    is_clear &= await _leave_sessions(services, person)
    await _forget_draft(services, chat)
    found = await look(services, person, chat)
    step = services.operational.retention.erase(person, chat, services.now(), stays=found.leads)
    await services.operational.run(step)
    services.dispatcher.wake()
    return is_clear


async def _leave_groups(services: _LeavingGroups, person: str) -> None:
    for group in await services.operational.groups.ever_led_by(person):
        await services.groups.act(group.id, Vanish(at=services.now(), person=person))
    leaves = SignUp(at=services.now(), event=signup.Leave(person), by=person, sees=True)
    for group in await services.operational.groups.ever_of(person):
        await services.groups.act(group.id, leaves)


async def _cancel_times(services: HasAppointments, person: str) -> None:
    for offer in await services.appointments.all():
        if offer.times.choice(person):
            await services.appointments.change(offer.id, Cancel(person))


async def _end_own(services: Clearing, person: str) -> bool:
    """End what they have begun in their own chat, for all, and leave nothing of it."""
    is_clear, own = True, await _own_groups(services, person)
    names = {group.id for group in own}
    for live in await _naming(services, person):
        if live.group.id not in names:
            continue
        stand = await services.sessions.stored.cards(live.id)
        after = await _left(services, live, person)
        is_clear &= await clear(services, after, stand)
        if after.is_apart and not live.is_over:
            await tell_the_others(services, after, person)
    for group in own:
        notes_go = services.sessions.stored.let_notes_go(group.id)  # those of the others
        ends = ending("group", group.id, "a group", services.now())
        await services.operational.run(notes_go, ends)
    return is_clear


async def _leave_sessions(services: Clearing, person: str) -> bool:
    """Leave what is under way, and be nobody in what is over."""
    is_clear = True
    for live in await _naming(services, person):
        stand = await services.sessions.stored.cards(live.id)
        after = await _left(services, live, person)
        if not live.method.after.keeps:
            theirs = {name: card for name, card in stand.items() if name.endswith(f":{person}")}
            is_clear &= await clear(services, after, theirs)
        stranger = secrets.token_hex(16)

        def nameless(document: bytes, stranger: str = stranger) -> bytes:
            return dump(forget(load(document), person, stranger))

        await services.sessions.stored.rewrite(live.id, nameless)
    return is_clear


async def _left(services: Clearing, live: Live, person: str) -> Live:
    """The session without them."""
    leaves = Left(by=person, at=services.now(), seed=secrets.randbits(64))
    done = await services.sessions.act(live.id, lambda _: leaves)
    return done.live if done else live


async def _forget_draft(services: _Forgetting, chat: str) -> None:
    """The one that is at hand here; nobody can find another without its card."""
    if at_hand := services.open_cards.recall(chat):
        await services.urn.discard_draft(at_hand.token)
        services.open_cards.forget(chat)
