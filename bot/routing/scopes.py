"""Where a verb works and for whom: said once, where the verb is registered.

Card data can be forged, and knowing an id is no permission. A session's or a group's
verbs work in its own conversation and in its members' own chats. Everybody else gets
one line, the same whether there is such a group or not. A refusal is logged with the
verb and the reason, and without any content.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import structlog

from bot.gateway.events import Origin, Press, Say
from bot.routing.services import Services
from bot.sessions.service import Live
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of
from bot.ui.texts import Texts
from dialogs.groups.group import Group
from dialogs.sessions import queries
from storage.operational.groups import channel_of

Scope: TypeAlias = Literal[
    "anywhere", "own chat", "facilitators", "session", "asked", "group", "leader"
]
Run: TypeAlias = Callable[[Services, Press, Texts], Awaitable[PressReply]]
OfSession: TypeAlias = Callable[[Services, Press, Texts, Live], Awaitable[PressReply]]
OfGroup: TypeAlias = Callable[[Services, Press, Texts, Group], Awaitable[PressReply]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Verb:
    """What is pressed: where it works, and what it does."""

    scope: Scope
    run: Run


def anywhere(run: Run) -> Verb:
    """It concerns nobody but the presser, and shows nothing of anybody."""
    return Verb("anywhere", run)


def personally(run: Run) -> Verb:
    """Only in the personal chat: elsewhere others would see the card."""

    async def checked(services: Services, press: Press, say: Texts) -> PressReply:
        if not press.origin.is_personal:
            return Say(say("draft.in_personal"))
        return await run(services, press, say)

    return Verb("own chat", checked)


def facilitating(run: Run) -> Verb:
    """For facilitators, whatever they lead."""

    async def checked(services: Services, press: Press, say: Texts) -> PressReply:
        if not await services.is_facilitator(press.origin):
            return refused(press.verb, "role", say("role.no"))
        return await run(services, press, say)

    return Verb("facilitators", checked)


def of_session(run: OfSession) -> Verb:
    """With the session that the card names: in its conversation, or in its members' own chats."""

    async def checked(services: Services, press: Press, say: Texts) -> PressReply:
        live = await services.sessions.get(id_of(press.data, "session"))
        if live is None or not _has_session(live, press.origin):
            return refused(press.verb, "not_theirs", say("gate.no"))
        return await run(services, press, say, live)

    return Verb("session", checked)


def of_question(run: OfSession) -> Verb:
    """With the session for which the card asks somebody, in their own chat. Everybody else gets
    the line of who answers too late."""

    async def checked(services: Services, press: Press, say: Texts) -> PressReply:
        live = await services.sessions.get(id_of(press.data, "session"))
        origin = press.origin
        is_asked = live is not None and origin.person.id in queries.asked(live.session)
        if live is None or not is_asked or not origin.is_personal:
            return refused(press.verb, "not_asked", say("colleague.gone"))
        return await run(services, press, say, live)

    return Verb("asked", checked)


def of_group(run: OfGroup) -> Verb:
    """With the group that the card names: in its conversation, or in its members' own chats."""

    async def checked(services: Services, press: Press, say: Texts) -> PressReply:
        group = await services.groups.get(id_of(press.data, "group"))
        if group is None or not _has_group(group, press.origin):
            return refused(press.verb, "not_theirs", say("gate.no"))
        return await run(services, press, say, group)

    return Verb("group", checked)


def by_leader(run: OfGroup) -> Verb:
    """With the group that the card names, for whoever leads it."""

    async def led(services: Services, press: Press, say: Texts, group: Group) -> PressReply:
        if not group.leads(press.origin.person.id):
            return refused(press.verb, "not_leader", say("manage.no"))
        return await run(services, press, say, group)

    return Verb("leader", of_group(led).run)


def in_own_chat(verb: Verb, elsewhere: str = "draft.in_personal") -> Verb:
    """The same, and only in the personal chat; `elsewhere` is the text for other places."""

    async def checked(services: Services, press: Press, say: Texts) -> PressReply:
        if not press.origin.is_personal:
            return Say(say(elsewhere))
        return await verb.run(services, press, say)

    return Verb(verb.scope, checked)


def refused(what: str, why: str, line: str) -> Say:
    """The line for who may not, after the log was told; `what` is a verb or command of ours."""
    log.info("refused", kind=what, why=why)
    return Say(line)


def _has_session(live: Live, origin: Origin) -> bool:
    if not origin.is_personal:
        return _is_at(origin, live.place.id)
    person, session = origin.person.id, live.session
    observes = session.observer is not None and session.observer.id == person
    return observes or queries.leads(session, person) or queries.is_here(session, person)


def _has_group(group: Group, origin: Origin) -> bool:
    if not origin.is_personal:
        return _is_at(origin, group.place)
    return group.leads(origin.person.id) or group.member(origin.person.id) is not None


def _is_at(origin: Origin, place: str) -> bool:
    """A channel is one place, in whichever of its threads."""
    return channel_of(origin.conversation.id) == channel_of(place)
