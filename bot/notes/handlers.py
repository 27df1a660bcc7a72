"""`notater`: what somebody took along, at any time until the day that stands on it."""

from dataclasses import replace
from typing import Protocol

from bot.gateway.events import Json, Origin, Press, Say
from bot.notes import cards
from bot.notes.cards import NoteView
from bot.routing.needs import HasMethods, HasOperational, HasSessions
from bot.routing.scopes import Verb, personally
from bot.routing.shared import CommandHandler, CommandReply
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, integer, text
from bot.ui.elements import notice, refilled, told_of_text
from bot.ui.fitting import too_large
from bot.ui.texts import Texts
from dialogs.sessions.notes import LINE_LIMIT, NOTE_STATES, Note
from dialogs.writing.door import may_stay, taken


class Needs(HasMethods, HasOperational, HasSessions, Protocol):
    """What these handlers work with."""


async def _notes(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    if not origin.is_personal:
        return say("notes.in_personal")
    return await _page(services, origin.person.id, say, 0)


async def _page(
    services: Needs, person: str, say: Texts, page: int, *told: Json, anyway: bool = False
) -> Json:
    kept = await services.sessions.stored.notes(person)
    views = [NoteView(each, _title(services, say, each.note)) for each in kept]
    return cards.notes(say, views, page, *told, anyway=anyway)


def _title(services: Needs, say: Texts, note: Note) -> str:
    """That of its method, where that is still there."""
    method = services.methods.find(note.method)
    return method.title[say.language] if method else say("notes.untitled")


async def _save(services: Needs, press: Press, say: Texts) -> PressReply:
    """How it went, in a word and in a line, whatever button is pressed.

    A line that cannot be kept stays in its field.
    """
    person, page = press.origin.person.id, integer(press.data, "page") or 0
    wanted, anyway = id_of(press.data, "state"), text(press.data, "anyway") == "yes"
    state = next((each for each in NOTE_STATES if each == wanted), None)
    given = {"went": text(press.data, "went")}
    filled, wrong = taken({}, given, LINE_LIMIT, anyway=anyway)

    def changed(note: Note) -> Note:
        return replace(note, state=state or note.state, went=filled.get("went", note.went))

    group, meeting = id_of(press.data, "group"), integer(press.data, "meeting") or 0
    change = services.sessions.stored.change_note(group, meeting, person, changed)
    await services.operational.run(change)
    if wrong:
        told = [notice(told_of_text(say, f"«{say('note.went')}»", each)) for each in wrong]
        soft = all(map(may_stay, wrong))
        drawn = await _page(services, person, say, page, *told, anyway=soft)
        # As it was written, with what goes around it: nothing is lost under the writer's hands.
        drawn = refilled(drawn, {"went": text(press.data, "went")})
        return Say(say("text.stays")) if too_large(drawn) else drawn
    to = integer(press.data, "to")
    saved = [notice(say("notes.saved"), "good")] if state else []
    return await _page(services, person, say, page if to is None else to, *saved)


async def _delete(services: Needs, press: Press, say: Texts) -> PressReply:
    person, page = press.origin.person.id, integer(press.data, "page") or 0
    group, meeting = id_of(press.data, "group"), integer(press.data, "meeting") or 0
    await services.sessions.stored.destroy_note(group, meeting, person)
    return await _page(services, person, say, page, notice(say("notes.deleted"), "good"))


COMMANDS: dict[str, CommandHandler] = {"notes": _notes}
VERBS: dict[str, Verb] = {
    "note.turn": personally(_save),
    "note.mark": personally(_save),
    "note.delete": personally(_delete),
}
