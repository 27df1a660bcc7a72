"""`sak`: a case for a panel, brought and looked after alone. `kø`: what waits for a panel."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Protocol

from bot.cases import cards
from bot.cases.service import Panel
from bot.delivery.outgoing import digest
from bot.gateway.events import Json, Origin, Press, Say
from bot.help.cards import choosing
from bot.routing.needs import HasCases, HasClock, HasDispatcher, HasOperational, HasTeams
from bot.routing.scopes import Verb, personally, refused
from bot.routing.shared import CommandHandler, CommandReply
from bot.studies.cards.study import message
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, integer, text
from bot.ui.elements import notice, refilled, told_of_text
from bot.ui.fitting import too_large
from bot.ui.texts import Texts
from dialogs.groups.cases import (
    HURRIES,
    QUESTION_LIMIT,
    WENT_LIMIT,
    Bring,
    Case,
    Event,
    MoveTo,
    NotThen,
    Refused,
    TellHow,
    Withdraw,
    find,
)
from dialogs.writing.door import TextFault, may_stay, taken


class Needs(HasCases, HasClock, HasDispatcher, HasOperational, HasTeams, Protocol):
    """What these handlers work with."""


# --- One's own cases ----------------------------------------------------------------------------


async def _case(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    if not origin.is_personal:
        return say("case.in_personal")
    return await _mine(services, origin, say)


async def _mine(
    services: Needs, origin: Origin, say: Texts, *told: Json, anyway: bool = False
) -> Json:
    panels = await services.cases.open_to(services.teams, origin.person)
    nonce, person = token_hex(8), origin.person.id
    return cards.mine(say, person, panels, nonce, services.now(), *told, anyway=anyway)


async def _show(services: Needs, press: Press, say: Texts) -> PressReply:
    return await _mine(services, press.origin, say)


async def _bring(services: Needs, press: Press, say: Texts) -> PressReply:
    """By the one door for text; what cannot be kept stays in its field."""
    person, anyway = press.origin.person, text(press.data, "anyway") == "yes"
    given = text(press.data, "question")
    panels = await services.cases.open_to(services.teams, person)
    group = id_of(press.data, "panel")
    if group not in {panel.group.id for panel in panels}:
        return refused(press.verb, "not_theirs", say("case.no_panel"))
    _, wrong = taken({}, {"question": given}, QUESTION_LIMIT, anyway=anyway)
    if wrong:
        return await _look_again(services, press, say, wrong)
    if not given.strip():
        return Say(say("case.empty"))
    await services.operational.remember(person.id, person.teams_id, press.origin.timezone)
    wanted = text(press.data, "hurry")
    case = Case(
        # Drawn on the card, and theirs: pressed twice it is one, and nobody else's is replaced.
        id=digest("case", person.id, id_of(press.data, "nonce")),
        person=person.id,
        question=given.strip(),
        hurry=next((each for each in HURRIES if each == wanted), HURRIES[1]),
        came=services.now(),
    )
    return await _done(services, press, say, group, Bring(services.now(), case))


async def _look_again(
    services: Needs, press: Press, say: Texts, wrong: list[TextFault]
) -> PressReply:
    """The card as it was filled in, with what is wrong with the text."""
    told = [notice(told_of_text(say, f"«{say('case.question')}»", each)) for each in wrong]
    soft = all(map(may_stay, wrong))
    drawn = await _mine(services, press.origin, say, *told, anyway=soft)
    drawn = _with_what_stood(press, drawn)
    return Say(say("text.stays")) if too_large(drawn) else drawn


_DONE: Mapping[type[Event], str] = {
    Bring: "case.brought",
    Withdraw: "case.withdrawn",
    MoveTo: "case.moved",
    NotThen: "case.later",
}
"""What is told of one's own case."""


async def _done(services: Needs, press: Press, say: Texts, group: str, event: Event) -> PressReply:
    """One's own cases after something has happened to them."""
    once = event.case.id if isinstance(event, Bring) else ""
    outcome = await services.cases.act(group, event, once=once)
    services.dispatcher.wake()
    if isinstance(outcome, Refused):
        return Say(say(f"case.refused.{outcome.why}"))
    drawn = await _mine(services, press.origin, say, notice(say(_DONE[type(event)]), "good"))
    return drawn if isinstance(event, Bring) else _with_what_stood(press, drawn)


def _with_what_stood(press: Press, drawn: Json) -> Json:
    """A text that somebody is writing stays in its field."""
    given = {key: value for key, value in press.data.items() if isinstance(value, str)}
    return refilled(drawn, given)


async def _withdraw(services: Needs, press: Press, say: Texts) -> PressReply:
    group, ident = id_of(press.data, "group"), id_of(press.data, "case") or "-"
    event = Withdraw(services.now(), press.origin.person.id, ident)
    return await _done(services, press, say, group, event)


async def _move(services: Needs, press: Press, say: Texts) -> PressReply:
    to = text(press.data, id_of(press.data, "field"))
    if not to:
        return Say(say("refused.nothing_chosen"))
    event = MoveTo(services.now(), press.origin.person.id, id_of(press.data, "case"), to)
    return await _done(services, press, say, id_of(press.data, "group"), event)


async def _not_then(services: Needs, press: Press, say: Texts) -> PressReply:
    case, meeting = id_of(press.data, "case"), id_of(press.data, "meeting")
    event = NotThen(services.now(), press.origin.person.id, case, meeting)
    return await _done(services, press, say, id_of(press.data, "group"), event)


async def _went(services: Needs, press: Press, say: Texts) -> PressReply:
    """How it went, to the panel: a text that cannot be sent stays in its field."""
    given = text(press.data, id_of(press.data, "field") or "went")
    anyway = text(press.data, "anyway") == "yes"
    _, wrong = taken({}, {"went": given}, WENT_LIMIT, anyway=anyway)
    panel = await services.cases.panel(id_of(press.data, "group"))
    case = find(panel.cases, id_of(press.data, "case")) if panel else None
    if panel and case and wrong:
        told = [notice(told_of_text(say, f"«{say('case.went')}»", each)) for each in wrong]
        soft = all(map(may_stay, wrong))
        drawn = cards.how_it_went(say, panel, case, *told, anyway=soft)
        drawn = refilled(drawn, {"went": given})
        return Say(say("text.stays")) if too_large(drawn) else drawn
    if not given.strip():
        return Say(say("case.empty"))
    return await _answer(services, press, say, given.strip(), "case.went.done")


async def _no(services: Needs, press: Press, say: Texts) -> PressReply:
    return await _answer(services, press, say, "", "case.went.none")


async def _answer(services: Needs, press: Press, say: Texts, told: str, done: str) -> PressReply:
    person, ident = press.origin.person.id, id_of(press.data, "case")
    event = TellHow(services.now(), person, ident, told)
    outcome = await services.cases.act(id_of(press.data, "group"), event)
    services.dispatcher.wake()
    return message(say("case.refused.gone" if isinstance(outcome, Refused) else done))


# --- The panel's queue --------------------------------------------------------------------------


async def _queue(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    if not origin.is_personal:
        return say("queue.in_personal")
    panels = await services.cases.of_panelist(origin.person.id)
    named = [each for each in panels if each.group.id == rest] or panels
    if not named:
        return say("queue.none")
    if len(named) > 1:
        words = say("command.queue.title")
        choices = [(cards.name_of(say, each), f"{words} {each.group.id}") for each in named]
        return choosing(say("queue.which"), choices)
    return _drawn(services, origin, say, named[0], 0)


def _drawn(
    services: Needs, origin: Origin, say: Texts, panel: Panel, page: int, *told: Json
) -> Json:
    leads = panel.group.leads(origin.person.id)
    return cards.queue(say, panel, services.now(), page, *told, leads=leads)


async def _shown(services: Needs, press: Press, say: Texts, *told: Json) -> PressReply:
    """For who sits on the panel."""
    panels = await services.cases.of_panelist(press.origin.person.id)
    group, page = id_of(press.data, "group"), integer(press.data, "page") or 0
    panel = next((each for each in panels if each.group.id == group), None)
    if panel is None:
        return refused(press.verb, "not_theirs", say("gate.no"))
    return _drawn(services, press.origin, say, panel, page, *told)


async def _give(services: Needs, press: Press, say: Texts) -> PressReply:
    """Whoever leads gives a case a place: the core says who may."""
    case, meeting = text(press.data, "case"), text(press.data, "meeting")
    if not case or not meeting:
        return Say(say("refused.nothing_chosen"))
    panel = await services.cases.panel(id_of(press.data, "group"))
    if panel is None or not panel.group.leads(press.origin.person.id):
        return refused(press.verb, "not_leader", say("manage.no"))
    event = MoveTo(services.now(), press.origin.person.id, case, meeting)
    outcome = await services.cases.act(panel.group.id, event)
    services.dispatcher.wake()
    if isinstance(outcome, Refused):
        return await _shown(services, press, say, notice(say(f"case.refused.{outcome.why}")))
    return await _shown(services, press, say, notice(say("queue.given"), "good"))


COMMANDS: dict[str, CommandHandler] = {"case": _case, "queue": _queue}
VERBS: dict[str, Verb] = {
    "case.show": personally(_show),
    "case.bring": personally(_bring),
    "case.withdraw": personally(_withdraw),
    "case.move": personally(_move),
    "case.not_then": personally(_not_then),
    "case.went": personally(_went),
    "case.no": personally(_no),
    "queue.turn": personally(_shown),
    "queue.give": personally(_give),
}
