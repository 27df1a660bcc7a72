"""Help, and the language: what every other room relies on."""

from typing import Protocol

from bot.gateway.events import Origin, Press, Say
from bot.groups.service import Pressed
from bot.help import cards
from bot.routing.needs import (
    HasAppointments,
    HasClock,
    HasDispatcher,
    HasGroups,
    HasOperational,
    HasRoles,
    HasSessions,
    HasStudies,
    HasTeams,
)
from bot.routing.scopes import Verb, anywhere
from bot.routing.shared import CommandHandler, CommandReply
from bot.sessions.cards.meeting import meeting_of
from bot.sessions.cards.now import now, under_way
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of
from bot.ui.texts import Texts, texts
from dialogs.groups.group import Group, Speak
from dialogs.sessions.state import LanguageSet
from dialogs.studies.study import LANGUAGES, Language


class Needs(
    HasAppointments,
    HasDispatcher,
    HasGroups,
    HasRoles,
    HasClock,
    HasOperational,
    HasSessions,
    HasStudies,
    HasTeams,
    Protocol,
):
    """What these handlers work with."""


NOW = "now"
"""After help: what is one's own to do now is asked for, and not all that can be done."""


async def _help(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    is_personal, person = origin.is_personal, origin.person.id
    if not is_personal and (live := await services.sessions.at(origin.conversation.id)):
        return cards.under_way(say, under_way(say, meeting_of(live)))
    if is_personal and rest == NOW and (lives := await services.sessions.of(person)):
        for live in lives[1:]:
            card = now(say, meeting_of(live), person, live.place)
            await services.teams.send_card(origin.conversation, card, say("card.summary"))
        return now(say, meeting_of(lives[0]), person, lives[0].place)
    return cards.help_card(say, await _situation(services, origin))


async def _situation(services: Needs, origin: Origin) -> cards.Situation:
    """What who asks can do now, where they ask."""
    is_personal, person = origin.is_personal, origin.person.id
    groups = services.operational.groups
    there = await (
        groups.of_person(person) if is_personal else groups.at_place(origin.conversation.id)
    )
    return cards.Situation(
        is_personal,
        leads=await services.is_facilitator(origin),
        in_session=is_personal and bool(await services.sessions.of(person)),
        in_group=bool(there),
        has_study=bool(await services.studies.open_ones()),
        has_times=is_personal and bool(await services.appointments.open_ones()),
    )


async def _language(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    wanted = rest.casefold()
    for code in LANGUAGES:
        if wanted in (code, texts(code)(f"language.{code}").casefold()):
            return await _speak(services, origin, code)
    group = await _group(services, origin)
    return cards.languages(say, of_group=group is not None)


async def _choose_language(services: Needs, press: Press, say: Texts) -> PressReply:
    wanted = id_of(press.data, "language")
    for code in LANGUAGES:
        if code == wanted:
            done = await _speak(services, press.origin, code)
            if not press.origin.is_personal:
                return Say(done)  # the card stays, for everyone
            return cards.welcome(texts(code), done)
    return cards.languages(say)


async def _group(services: Needs, origin: Origin) -> Group | None:
    """The group of this chat that somebody belongs to, where there is but one."""
    if origin.is_personal:
        return None
    here = await services.operational.groups.at_place(origin.conversation.id)
    person = origin.person.id
    theirs = [each for each in here if each.leads(person) or each.member(person)]
    return theirs[0] if len(here) == len(theirs) == 1 else None


async def _speak(services: Needs, origin: Origin, language: Language) -> str:
    """In a group's chat the group's language, elsewhere one's own."""
    group = await _group(services, origin)
    if group is None:
        return await _set_language(services, origin, language)
    now, by = services.now(), origin.person.id
    pressed = Pressed(origin, f"language:{origin.activity_id}")
    await services.groups.act(group.id, Speak(at=now, language=language), pressed)
    if live := await services.sessions.at(origin.conversation.id):
        event = LanguageSet(by=by, at=now, seed=0, language=language)
        await services.sessions.act(live.id, lambda _: event)
    services.dispatcher.wake()
    return texts(language)("language.group_done")


async def _set_language(services: Needs, origin: Origin, language: Language) -> str:
    """Use a language with a person from now on; says so in it."""
    await services.operational.speak(origin.person.id, origin.person.teams_id, language)
    return texts(language)("language.done")


COMMANDS: dict[str, CommandHandler] = {"help": _help, "language": _language}
VERBS: dict[str, Verb] = {"language": anywhere(_choose_language)}
