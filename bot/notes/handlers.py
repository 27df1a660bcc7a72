"""`notater`: what somebody took along, at any time until the day that stands on it."""

from dataclasses import replace
from typing import Protocol

from bot.gateway.events import Json, Origin, Press, Say
from bot.notes import cards
from bot.notes.cards import NoteView
from bot.reminders.cards import AMONG
from bot.routing.needs import HasMethods, HasOperational, HasSessions
from bot.routing.scopes import Verb, personally
from bot.routing.shared import CommandHandler, CommandReply
from bot.studies.cards.study import message as only_says
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, integer, text
from bot.ui.elements import notice, refilled, told_of_text
from bot.ui.fitting import too_large
from bot.ui.texts import Texts
from dialogs.sessions.notes import LINE_LIMIT, NOTE_STATES, KeptNote, Note
from dialogs.writing.door import TextFault, may_stay, taken


class Needs(HasMethods, HasOperational, HasSessions, Protocol):
    """What these handlers work with."""


async def _notes(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    if not origin.is_personal:
        return say("notes.in_personal")
    return await _page(services, origin.person.id, say, 0)


async def _page(
    services: Needs, person: str, say: Texts, page: int, *told: Json, anyway: bool = False
) -> Json:
    return cards.notes(say, await _views(services, person, say), page, *told, anyway=anyway)


async def _views(services: Needs, person: str, say: Texts) -> list[NoteView]:
    kept = await services.sessions.stored.notes(person)
    return [NoteView(each, _title(services, say, each.note)) for each in kept]


def _title(services: Needs, say: Texts, note: Note) -> str:
    """That of its method, where that is still there."""
    method = services.methods.find(note.method)
    return method.title[say.language] if method else say("notes.untitled")


async def _save(services: Needs, press: Press, say: Texts) -> PressReply:
    """How it went, in a word and in a line, whatever button is pressed.

    A line that cannot be kept stays in its field.
    """
    person, page = press.origin.person.id, integer(press.data, "page") or 0
    note, wrong = await _changed(services, press, "went")
    if wrong:
        return await _to_look_at(services, press, say, wrong, page=page, field="went")
    to = integer(press.data, "to")
    saved = [notice(say("notes.saved"), "good")] if note and id_of(press.data, "state") else []
    return await _page(services, person, say, page if to is None else to, *saved)


async def _changed(
    services: Needs, press: Press, field: str
) -> tuple[KeptNote | None, list[TextFault]]:
    """The note as it is after a press, None where it is gone; and what is wrong with its line."""
    person = press.origin.person.id
    wanted, anyway = id_of(press.data, "state"), text(press.data, "anyway") == "yes"
    state = next((each for each in NOTE_STATES if each == wanted), None)
    filled, wrong = taken({}, {"went": text(press.data, field)}, LINE_LIMIT, anyway=anyway)

    def changed(note: Note) -> Note:
        return replace(note, state=state or note.state, went=filled.get("went", note.went))

    group, meeting = id_of(press.data, "group"), integer(press.data, "meeting") or 0
    change = services.sessions.stored.change_note(group, meeting, person, changed)
    await services.operational.run(change)
    kept = await services.sessions.stored.notes(person)
    there = (each for each in kept if (each.group, each.meeting) == (group, meeting))
    return next(there, None), wrong


async def _to_look_at(
    services: Needs,
    press: Press,
    say: Texts,
    wrong: list[TextFault],
    *,
    page: int,
    field: str,
) -> PressReply:
    """The note with what is wrong with its line, which stays in the field as it was written."""
    told = [notice(each) for each in _faults(say, wrong)]
    soft = all(map(may_stay, wrong))
    drawn = await _page(services, press.origin.person.id, say, page, *told, anyway=soft)
    # As it was written, with what goes around it: nothing is lost under the writer's hands.
    drawn = refilled(drawn, {"went": text(press.data, field)})
    return Say(say("text.stays")) if too_large(drawn) else drawn


def _faults(say: Texts, wrong: list[TextFault]) -> list[str]:
    return [told_of_text(say, f"«{say('note.went')}»", each) for each in wrong]


async def _reminded(services: Needs, press: Press, say: Texts) -> PressReply:
    """What came of the note on a reminder: the card says so, and is without the note from then on.

    Where it tells of other things too, it stays as it is. A line that cannot be kept is looked
    at where the note is read.
    """
    field = id_of(press.data, "field") or "went"
    note, wrong = await _changed(services, press, field)
    if wrong and AMONG in press.data:
        return Say(" ".join([*_faults(say, wrong), say("notes.look")]))
    if note is None:
        return Say(say("notes.gone")) if AMONG in press.data else only_says(say("notes.gone"))
    if wrong:
        page = await _page_of(services, press.origin.person.id, say, note)
        return await _to_look_at(services, press, say, wrong, page=page, field=field)
    return Say(say("notes.saved")) if AMONG in press.data else cards.kept(say, note)


async def _page_of(services: Needs, person: str, say: Texts, note: KeptNote) -> int:
    views = await _views(services, person, say)
    return cards.page_of(views, note)


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
    "note.reminded": personally(_reminded),
}
