"""`idébank` in the own chat: what one's office may find of what its groups have kept."""

from typing import Protocol

from bot.cases.service import is_of
from bot.gateway.events import Json, Origin, Person, Press
from bot.ideas import cards
from bot.routing.needs import HasOperational, HasSessions, HasTeams
from bot.routing.scopes import Verb, personally
from bot.routing.shared import CommandHandler, CommandReply
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import integer, text
from bot.ui.texts import Texts
from dialogs.groups.ideas import found


class Needs(HasOperational, HasSessions, HasTeams, Protocol):
    """What these handlers work with."""


async def _ideas(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    return await _drawn(services, origin.person, say, rest, 0)


async def _find(services: Needs, press: Press, say: Texts) -> PressReply:
    page = integer(press.data, "page") or 0
    return await _drawn(services, press.origin.person, say, text(press.data, "words"), page)


async def _drawn(services: Needs, person: Person, say: Texts, wanted: str, page: int) -> Json:
    """Of the groups in whose chat, or whose channel's team, somebody is."""
    stored, groups = services.sessions.stored, []
    for ident in await stored.groups_with_ideas():
        group = await services.operational.groups.get(ident)
        if group and await is_of(services.teams, group, person):
            groups.append(ident)
    return cards.ideas(say, wanted, found(await stored.ideas(groups), wanted), page)


ALONE: dict[str, CommandHandler] = {"collection": _ideas}
"""In a group it is what the group keeps itself."""
VERBS: dict[str, Verb] = {"ideas.find": personally(_find), "ideas.turn": personally(_find)}
