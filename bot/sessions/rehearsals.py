"""Rehearsing in one's own chat: whoever wants to leads a method alone, with invented members."""

import secrets
from contextlib import suppress
from dataclasses import asdict
from typing import Protocol

from bot.gateway.events import Json, Origin, Press, Say
from bot.routing.needs import (
    HasClock,
    HasDispatcher,
    HasMethods,
    HasOperational,
    HasSessions,
)
from bot.routing.scopes import Verb, personally
from bot.routing.shared import CommandHandler, CommandReply
from bot.sessions.cards.rehearsing import to_rehearse
from bot.sessions.events import called
from bot.sessions.service import Live, Taken
from bot.studies.cards.study import message
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, integer
from bot.ui.elements import plain
from bot.ui.texts import Texts
from bot.ui.zones import zone_or_ours
from dialogs.groups.group import Gather, Place, gathered
from dialogs.sessions import rehearsing
from dialogs.sessions.method import Method
from dialogs.sessions.state import PersonId


class Needs(
    HasClock,
    HasDispatcher,
    HasMethods,
    HasOperational,
    HasSessions,
    Protocol,
):
    """What these handlers work with."""


async def _rehearse(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """By the method that is named; without one, all of them are offered."""
    if not origin.is_personal:
        return say("rehearsal.in_personal")
    if live := await _own(services, origin.person.id):
        return await _again(services, origin, say, live)
    name, members = rehearsing.read_size(rest)
    method = services.methods.named(name) if name else None
    if method is None or not rehearsing.can_be(method, members):
        return _offered(services, say, name, method, members)
    await _begin(services, origin, say, method, members)
    return None


def _offered(
    services: HasMethods, say: Texts, name: str, method: Method | None, members: int
) -> Json:
    """All methods; with why, where one was named that cannot be rehearsed so."""
    problem = say("session.unknown", name=plain(name)) if name else ""
    if method is not None:
        problem = _too_many(say, method)
    return to_rehearse(say, services.methods.all(), problem, method, members)


def _too_many(say: Texts, method: Method) -> str:
    most = rehearsing.most(method)
    return say("rehearsal.size", title=plain(method.title[say.language]), n=most)


async def _choose(services: Needs, press: Press, say: Texts) -> PressReply:
    method = services.methods.find(id_of(press.data, "method"))
    if method is None:
        return Say(say("draft.gone"))
    members = integer(press.data, "members") or 0
    if not rehearsing.can_be(method, members):
        return _offered(services, say, "", method, members)
    if live := await _own(services, press.origin.person.id):
        return Say(await _again(services, press.origin, say, live))
    await _begin(services, press.origin, say, method, members)
    return message(say("rehearsal.comes"))


async def _own(services: HasSessions, person: PersonId) -> Live | None:
    """The rehearsal that somebody has under way."""
    lives = await services.sessions.of(person)
    return next((each for each in lives if each.is_rehearsal), None)


async def _again(services: Needs, origin: Origin, say: Texts, live: Live) -> str:
    """Its panel comes down; another does not begin beside it."""
    row = services.sessions.where_we_are(live, origin.person.id, secrets.token_hex(8))
    await services.operational.enqueue(row)
    services.dispatcher.wake()
    return say("rehearsal.under_way")


async def _begin(services: Needs, origin: Origin, say: Texts, method: Method, members: int) -> None:
    """It hangs on a group of its own, which has no members and whose place is nobody's chat."""
    person, place = origin.person, origin.conversation
    event = Gather(
        at=services.now(),
        by=person.id,
        method=rehearsing.OF + method.id,
        language=say.language,
        timezone=zone_or_ours(origin.timezone),
        place=Place(f"{rehearsing.OF}{place.id}", asdict(place)),
    )
    await services.operational.remember(person.id, person.teams_id, origin.timezone)
    group = gathered(method.frame, event)
    with suppress(Taken):  # pressed twice
        await services.sessions.begin(
            group, place, person.id, name=called(person), alone=True, members=members
        )
    services.dispatcher.wake()


COMMANDS: dict[str, CommandHandler] = {"rehearse": _rehearse}
VERBS: dict[str, Verb] = {"rehearsal.choose": personally(_choose)}
