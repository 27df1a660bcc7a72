"""The log form: a member's own, saved as one goes, and seen by nobody else."""

from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.gateway.events import Json, Origin, Press, Say
from bot.routing.needs import HasClock, HasGroups, HasOperational, HasSessions
from bot.routing.scopes import Verb, personally
from bot.routing.shared import CommandHandler, CommandReply
from bot.sessions.cards import own
from bot.sessions.cards.part import Filled, form_press
from bot.studies.cards import study as study_cards
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, integer, text
from bot.ui.dates import full_day
from bot.ui.elements import notice, plain, told_of_text
from bot.ui.fitting import too_large
from bot.ui.texts import Texts
from dialogs.groups.group import Group
from dialogs.sessions.method import Form, Method
from dialogs.writing.door import may_stay, taken


class Needs(HasGroups, HasClock, HasOperational, HasSessions, Protocol):
    """What these handlers work with."""


FIELD_LIMIT = 2000
"""Characters in one field."""
BUTTONS = 6
"""On a card at most; a group beyond that is found by its name."""


@dataclass(frozen=True, slots=True)
class _Log:
    """A form for somebody's next meeting in a group."""

    group: str
    meeting: int
    form: Form
    method: Method

    def view(self, filled: Filled, page: int = 0) -> own.FormView:
        carried = {"group": self.group, "meeting": self.meeting, "form": self.form.id}
        return own.FormView(self.form, carried, filled, page, self.method.words)


async def _log(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """The form for the next meeting, of the group that is named or the only one."""
    if not origin.is_personal:
        return say("form.in_personal")
    groups = await _mine(services, origin.person.id)
    mine = [each for each in groups if (await services.sessions.method(each)).preparation]
    if rest:
        mine = [each for each in mine if each.name.casefold() == rest.casefold()] or mine
    if not mine:
        return say("form.none")
    if len(mine) > 1:
        choices = [await _choice(services, say, each) for each in mine[:BUTTONS]]
        return study_cards.message(say("form.which")) | {"actions": choices}
    return await _page(services, say, mine[0], origin.person.id)


async def _choice(services: Needs, say: Texts, group: Group) -> Json:
    """A button that tells the group from others of the same name."""
    following = group.next_meeting(services.now())
    zone = ZoneInfo(group.timezone)
    day = following.starts_at.astimezone(zone).date() if following else group.created
    name = services.groups.name(group, say.language)
    title = say("form.choice", name=name, day=full_day(say, day))
    return form_press(title, "open", {"group": group.id})


async def _mine(services: Needs, person: str) -> list[Group]:
    """The groups of a member whose method has such a form."""
    groups = await services.operational.groups.of_person(person)
    return [each for each in groups if (await services.sessions.method(each)).forms]


async def _page(services: Needs, say: Texts, group: Group, person: str) -> Json:
    method = await services.sessions.method(group)
    meeting = await services.sessions.stored.next_number(group.id)
    log = _Log(group.id, meeting, method.forms[method.preparation], method)
    filled = await services.sessions.filled(group.id, meeting, person)
    return own.form_page(say, log.view(filled))


async def _find(services: Needs, press: Press) -> _Log | None:
    """The form that a card names, if it belongs to a group of the presser's."""
    group = id_of(press.data, "group")
    mine = await _mine(services, press.origin.person.id)
    found = next((each for each in mine if each.id == group), None)
    if found is None:
        return None
    method = await services.sessions.method(found)
    form = method.forms.get(id_of(press.data, "form") or method.preparation)
    if form is None:
        return None
    following = await services.sessions.stored.next_number(group)
    meeting = integer(press.data, "meeting") or following
    # A form of a meeting that is over has been, or will be, destroyed.
    return _Log(group, max(meeting, following), form, method)


async def _open(services: Needs, press: Press, say: Texts) -> PressReply:
    log = await _find(services, press)
    if log is None:
        return study_cards.message(say("form.none"))
    filled = await services.sessions.filled(log.group, log.meeting, press.origin.person.id)
    return own.form_page(say, log.view(filled))


async def _saved(services: Needs, press: Press, say: Texts, step: int) -> PressReply:
    """Keep what is on the page, and go `step` pages on; a field that cannot be kept stays put."""
    log = await _find(services, press)
    if log is None:
        return study_cards.message(say("form.none"))
    person = press.origin.person.id
    page = min(max(integer(press.data, "page") or 0, 0), len(log.form.parts) - 1)
    fields = log.form.parts[page].fields
    given = {each.id: text(press.data, f"field.{each.id}") for each in fields}
    before = await services.sessions.filled(log.group, log.meeting, person)
    anyway = text(press.data, "anyway") == "yes"
    filled, wrong = taken(before, given, FIELD_LIMIT, anyway=anyway)
    group = await services.operational.groups.get(log.group)
    if group is None:
        return study_cards.message(say("form.none"))
    await services.sessions.fill_in(group, log.meeting, person, filled)
    if wrong:
        names = {each.id: f"«{plain(each.text[say.language])}»" for each in fields}
        told = [notice(told_of_text(say, names[each.field], each)) for each in wrong]
        view = log.view(filled | given, page)
        drawn = own.form_page(say, view, *told, anyway=all(map(may_stay, wrong)))
        return Say(say("text.stays")) if too_large(drawn) else drawn
    turned = min(max(page + step, 0), len(log.form.parts) - 1)
    return own.form_page(say, log.view(filled, turned), notice(say("form.saved"), "good"))


async def _save(services: Needs, press: Press, say: Texts) -> PressReply:
    return await _saved(services, press, say, 0)


async def _next(services: Needs, press: Press, say: Texts) -> PressReply:
    return await _saved(services, press, say, 1)


async def _back(services: Needs, press: Press, say: Texts) -> PressReply:
    return await _saved(services, press, say, -1)


async def _delete(services: Needs, press: Press, say: Texts) -> PressReply:
    """One's own, also after one has left the group, or it has ended."""
    group, person = id_of(press.data, "group"), press.origin.person.id
    if not await services.sessions.stored.destroy_forms_of(group, person):
        return study_cards.message(say("form.nothing"))
    if found := await services.operational.groups.get(group):
        say = say.in_words((await services.sessions.method(found)).words)
    return study_cards.message(say("form.deleted"))


COMMANDS: dict[str, CommandHandler] = {"log": _log}
VERBS: dict[str, Verb] = {
    "form.open": personally(_open),
    "form.save": personally(_save),
    "form.next": personally(_next),
    "form.back": personally(_back),
    "form.delete": personally(_delete),
}
