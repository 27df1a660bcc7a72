"""Deleting everything about somebody: what there is, what goes, and what is left after it.

Seats, times and sessions under way are given up as if their own buttons were pressed, so that
those who wait are asked. What somebody has begun in their own chat, a rehearsal or a talk with
colleagues, ends for all and is no more: its rows say whose chat it is. Then what is theirs alone
is deleted by the table of `dialogs.retention`. Done twice it comes to the same.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from bot.delivery.recipients import People
from bot.routing.needs import (
    HasAppointments,
    HasCases,
    HasClock,
    HasDispatcher,
    HasGroups,
    HasOpenCards,
    HasOperational,
    HasSessions,
    HasTeams,
    HasUrn,
)
from bot.sessions.clearing import (
    Clearing,
    Emptying,
    emptied_by,
    emptying,
    tell_the_others,
    whose,
)
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
    HasCases,
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
    await services.cases.withdraw_all(person)
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
    own = {group.id for group in await _own_groups(services, person)}
    theirs = [live for live in await _naming(services, person) if live.group.id in own]
    people = People(services.operational, services.teams)
    cards = [await emptying(services.sessions, people, live, _all) for live in theirs]
    left = [(live, await _left(services, live, person)) for live in theirs]
    is_clear = await emptied_by(services, cards, _delete(services, own, cards))
    for live, after in left:
        if after.is_apart and not live.is_over:
            await tell_the_others(services, after, person)
    return is_clear


def _all(_: str) -> bool:
    return True


async def _delete(services: Clearing, groups: Collection[str], cards: Iterable[Emptying]) -> None:
    """All that hangs on these groups, and what it has put on cards."""
    steps = [services.operational.outbox.putting(each) for each in cards]
    for group in groups:
        steps += [
            services.sessions.stored.let_notes_go(group),  # those of the others
            ending("group", group, "a group", services.now()),
        ]
    await services.operational.run(*steps)


async def _leave_sessions(services: Clearing, person: str) -> bool:
    """Leave what is under way, and be nobody in what is over."""
    is_clear, people = True, People(services.operational, services.teams)

    def is_theirs(name: str) -> bool:
        return whose(name) == person

    for live in await _naming(services, person):
        cards = await emptying(services.sessions, people, live, is_theirs)
        await _left(services, live, person)
        rows = [cards] if live.session.is_divided or not live.method.after.keeps else []
        is_clear &= await emptied_by(services, rows, _make_nameless(services, live, person, rows))
    return is_clear


async def _make_nameless(
    services: Clearing, live: Live, person: str, cards: Iterable[Emptying]
) -> None:
    stranger = secrets.token_hex(16)

    def nameless(document: bytes) -> bytes:
        return dump(forget(load(document), person, stranger))

    empties = services.operational.outbox.putting(lambda c: chain(*(each(c) for each in cards)))
    await services.sessions.stored.rewrite(live.id, nameless, empties)


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
