"""The log form: a member's own, saved as one goes, and seen by nobody else."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.cards import own
from bot.cards import study as study_cards
from bot.cards.groups import long_day
from bot.cards.parts import notice, plain
from bot.gateway.events import Json, Origin, Press
from bot.perform import Reply
from bot.presses import integer, text
from bot.texts import Texts
from bot.turns.services import Services
from bot.turns.shared import Command, Said, Verb, personally
from dialogs.method import Form
from dialogs.text import fault
from storage.groups import Group

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

    def sheet(self, filled: own.Filled, page: int = 0) -> own.Sheet:
        carried = {"group": self.group, "meeting": self.meeting, "form": self.form.id}
        return own.Sheet(self.form, carried, filled, page)


async def _log(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
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


async def _choice(services: Services, say: Texts, group: Group) -> Json:
    """A button that tells the group from others of the same name."""
    circle = await services.operational.groups.circle(group.id)
    following = circle.next_meeting(services.now()) if circle else None
    zone = ZoneInfo(group.timezone)
    day = following.starts_at.astimezone(zone).date() if following else group.created
    name = services.groups.name(group, say.language)
    title = say("form.choice", name=name, day=long_day(say, day))
    return own.form_press(title, "open", {"group": group.id})


async def _mine(services: Services, person: str) -> list[Group]:
    """The groups of a member whose method has such a form."""
    groups = await services.operational.groups.of_person(person)
    return [each for each in groups if (await services.sessions.method(each)).forms]


async def _page(services: Services, say: Texts, group: Group, person: str) -> Json:
    method = await services.sessions.method(group)
    meeting = await services.sessions.stored.held(group.id) + 1
    log = _Log(group.id, meeting, method.forms[method.preparation])
    filled = await services.sessions.filled(group.id, meeting, person)
    return own.form_page(say, log.sheet(filled))


async def _find(services: Services, press: Press) -> _Log | None:
    """The form that a card names, if it belongs to a group of the presser's."""
    group = text(press.data, "group")
    mine = await _mine(services, press.origin.person.id)
    found = next((each for each in mine if each.id == group), None)
    if found is None:
        return None
    method = await services.sessions.method(found)
    form = method.forms.get(text(press.data, "form") or method.preparation)
    if form is None:
        return None
    following = await services.sessions.stored.held(group) + 1
    meeting = integer(press.data, "meeting") or following
    # A form of a meeting that is over has been, or will be, destroyed.
    return _Log(group, max(meeting, following), form)


async def _open(services: Services, press: Press, say: Texts) -> Reply:
    log = await _find(services, press)
    if log is None:
        return study_cards.message(say("form.none"))
    filled = await services.sessions.filled(log.group, log.meeting, press.origin.person.id)
    return own.form_page(say, log.sheet(filled))


async def _saved(services: Services, press: Press, say: Texts, step: int) -> Reply:
    """Keep what is on the page, and go `step` pages on; a field that cannot be kept stays put."""
    log = await _find(services, press)
    if log is None:
        return study_cards.message(say("form.none"))
    person = press.origin.person.id
    page = min(max(integer(press.data, "page") or 0, 0), len(log.form.parts) - 1)
    fields = log.form.parts[page].fields
    given = {each.id: text(press.data, f"field.{each.id}") for each in fields}
    wrong = [each for each in fields if fault(each.id, given[each.id], FIELD_LIMIT)]
    filled = dict(await services.sessions.filled(log.group, log.meeting, person))
    filled |= {key: value for key, value in given.items() if key not in {e.id for e in wrong}}
    await services.sessions.fill_in(log.group, log.meeting, person, filled)
    if wrong:
        names = ", ".join(f"«{plain(each.text[say.language])}»" for each in wrong)
        told = notice(say("form.too_long", fields=names, limit=FIELD_LIMIT))
        return own.form_page(say, log.sheet(filled | given, page), told)
    turned = min(max(page + step, 0), len(log.form.parts) - 1)
    return own.form_page(say, log.sheet(filled, turned), notice(say("form.saved"), "good"))


async def _save(services: Services, press: Press, say: Texts) -> Reply:
    return await _saved(services, press, say, 0)


async def _next(services: Services, press: Press, say: Texts) -> Reply:
    return await _saved(services, press, say, 1)


async def _back(services: Services, press: Press, say: Texts) -> Reply:
    return await _saved(services, press, say, -1)


async def _delete(services: Services, press: Press, say: Texts) -> Reply:
    if log := await _find(services, press):
        person = press.origin.person.id
        await services.sessions.stored.destroy_page(log.group, log.meeting, person, "form")
    return study_cards.message(say("form.deleted"))


COMMANDS: dict[str, Command] = {"log": _log}
VERBS: dict[str, Verb] = {
    "form.open": personally(_open),
    "form.save": personally(_save),
    "form.next": personally(_next),
    "form.back": personally(_back),
    "form.delete": personally(_delete),
}
