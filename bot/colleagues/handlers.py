"""`fem minutter` in one's own chat: choosing colleagues, asking them, and what they answer."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Protocol

from bot.colleagues import cards
from bot.colleagues.service import at_hand, known_to
from bot.gateway.events import Json, Origin, Press, Say
from bot.routing.needs import (
    HasClock,
    HasDispatcher,
    HasMethods,
    HasOperational,
    HasReminders,
    HasSessions,
    HasTeams,
)
from bot.routing.scopes import Verb, in_own_chat, of_question, of_session, personally
from bot.routing.shared import CommandHandler, CommandReply
from bot.sessions.cards import apart
from bot.sessions.cards.meeting import meeting_of
from bot.sessions.events import called, who
from bot.sessions.service import Live, Taken
from bot.studies import pseudonyms
from bot.studies.cards.study import message
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, text
from bot.ui.elements import notice, told_of_text
from bot.ui.fitting import too_large
from bot.ui.texts import Texts
from bot.ui.zones import zone_or_ours
from dialogs.groups.colleagues import ANSWER_WITHIN, APART, THEMES_LIMIT, share_one_group
from dialogs.groups.group import Gather, Group, Place, gathered
from dialogs.groups.reminders import Switch
from dialogs.sessions import queries
from dialogs.sessions.method import Method
from dialogs.sessions.state import (
    MAX_MEMBERS,
    Accepted,
    Declined,
    Invited,
    PersonId,
    Postponed,
    Refused,
)
from dialogs.writing.commands import CommandName
from dialogs.writing.door import may_stay, taken


class Needs(
    HasClock,
    HasDispatcher,
    HasMethods,
    HasOperational,
    HasReminders,
    HasSessions,
    HasTeams,
    Protocol,
):
    """What these handlers work with."""


# --- Asking -------------------------------------------------------------------------------------


def _command(name: CommandName) -> CommandHandler:
    """Whom to ask; where somebody is asked already, where that stands."""

    async def command(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
        method = services.methods.named(say(f"command.{name}.title"))
        if method is None:
            return say("five.where")
        live = await _own(services, origin.person.id)
        if live is None:
            return await _choosing(services, origin.person.id, say, method)
        row = services.sessions.where_we_are(live, origin.person.id, secrets.token_hex(8))
        await services.operational.enqueue(row)
        services.dispatcher.wake()
        return None

    return command


async def _own(services: HasSessions, person: PersonId) -> Live | None:
    """The talk that somebody has asked colleagues for."""
    lives = await services.sessions.of(person)
    return next((each for each in lives if each.is_apart and _leads(each, person)), None)


async def _beside(services: HasSessions, person: PersonId) -> set[PersonId]:
    """Who may meet those whom somebody asks now."""
    live = await _own(services, person)
    if live is None:
        return set()
    here = {member.id for member in queries.here(live.session)}
    return {*queries.asked(live.session), *here} - {person}


def _leads(live: Live, person: PersonId) -> bool:
    return live.session.facilitator == person


async def _choosing(
    services: Needs, person: PersonId, say: Texts, method: Method, problem: str = ""
) -> Json | str:
    known = await known_to(services, person)
    if not known:
        return say("five.where")
    there = await at_hand(services, known)
    themes = await services.sessions.stored.themes([each.person for each in there])
    return cards.choose(say, method, there, themes, problem=problem)


async def _ask(services: Needs, press: Press, say: Texts) -> PressReply:
    """Who was chosen is asked: who cannot be any more is not, and the card says so."""
    method = services.methods.find(id_of(press.data, "method"))
    person = press.origin.person.id
    if method is None or method.after.keeps or method.led_by != "owner":
        return Say(say("draft.gone"))
    wanted = [*dict.fromkeys(filter(None, text(press.data, "people").split(",")))]
    known = await known_to(services, person)
    there = {each.person for each in await at_hand(services, known)}
    problem = ""
    if not wanted or not there.issuperset(wanted):
        problem = say("colleague.choose_again")
    elif not share_one_group(known, {*wanted, *await _beside(services, person)}):
        problem = say("colleague.one_group")
    elif not await _asked(services, press, say, method, people=wanted):
        problem = say("refused.too_many")
    if problem:
        again = await _choosing(services, person, say, method, problem)
        return again if isinstance(again, dict) else Say(again)
    services.dispatcher.wake()
    return message(say("colleague.sent", n=len(wanted)))


async def _asked(
    services: Needs, press: Press, say: Texts, method: Method, *, people: list[str]
) -> bool:
    """Whether there was room for them: in the talk that there is, or in a new one."""
    person, until = press.origin.person, services.now() + ANSWER_WITHIN
    invited = Invited(**who(services, person.id), people=tuple(people), until=until)
    if live := await _own(services, person.id):
        done = await services.sessions.act(live.id, lambda _: invited)
        return done is not None and Refused("too_many") not in done.notices
    if len(people) >= method.frame.max_size:
        return False
    await services.operational.remember(person.id, person.teams_id, press.origin.timezone)
    group, place = _gathered(services, press.origin, say, method), press.origin.conversation
    with suppress(Taken):  # pressed twice
        await services.sessions.begin(group, place, person.id, name=called(person), invited=invited)
    return True


def _gathered(services: HasClock, origin: Origin, say: Texts, method: Method) -> Group:
    """What the talk hangs on: it has no members, and its place is nobody's chat."""
    place = origin.conversation
    event = Gather(
        at=services.now(),
        by=origin.person.id,
        method=method.id,
        language=say.language,
        timezone=zone_or_ours(origin.timezone),
        place=Place(f"{APART}{place.id}", asdict(place)),
    )
    return gathered(method.frame, event)


async def _more(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """Somebody else, beside those who were asked or instead of them."""
    person = press.origin.person.id
    if not live.is_apart or live.is_over or not _leads(live, person):
        return Say(say("colleague.gone"))
    card = await _choosing(services, person, say, live.method)
    if isinstance(card, str):
        return Say(card)
    await services.teams.send_card(press.origin.conversation, card, say("colleague.ask"))
    return Say(say("session.chosen"))


# --- Answering ----------------------------------------------------------------------------------


async def _yes(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    person = press.origin.person
    names = pseudonyms.for_session(live.session.language, MAX_MEMBERS)
    yes = Accepted(**who(services, person.id), name=called(person), names=names)
    await services.sessions.act(live.id, lambda _: yes)
    services.dispatcher.wake()
    return message(say("colleague.yes.done"))


async def _later(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    later = Postponed(**who(services, press.origin.person.id))
    done = await services.sessions.act(live.id, lambda _: later)
    services.dispatcher.wake()
    meeting, person = meeting_of(done.live if done else live), press.origin.person.id
    return apart.question(say, meeting, person, services.now())


async def _no(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    no = Declined(**who(services, press.origin.person.id))
    await services.sessions.act(live.id, lambda _: no)
    services.dispatcher.wake()
    return message(say("colleague.no.done"))


async def _not_me(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """No to this question, and to all that would come; with a way back for what would come."""
    await _switch(services, press.origin, lambda off: off | {"colleague"})
    await _no(services, press, say, live)
    return cards.left_alone(say)


async def _me_again(services: Needs, press: Press, say: Texts) -> PressReply:
    await _switch(services, press.origin, lambda off: off - {"colleague"})
    return message(say("colleague.on.done"))


async def _switch(
    services: Needs, origin: Origin, how: Callable[[frozenset[Switch]], frozenset[Switch]]
) -> None:
    await services.reminders.change(origin.person, lambda old: replace(old, off=how(old.off)))
    services.dispatcher.wake()


# --- What somebody gladly answers about ---------------------------------------------------------


async def _gladly(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """What it is now, or what was written after the command: it is kept when they say so."""
    if not origin.is_personal:
        return say("gladly.in_personal")
    kept = await _themes_of(services, origin.person.id)
    return cards.gladly(say, rest or kept, is_kept=bool(kept))


async def _themes_of(services: HasSessions, person: PersonId) -> str:
    return (await services.sessions.stored.themes([person])).get(person, "")


async def _offer(services: Needs, press: Press, say: Texts) -> PressReply:
    """For colleagues to see; a text that cannot be kept stays in its field."""
    person, anyway = press.origin.person, text(press.data, "anyway") == "yes"
    given = text(press.data, "themes")
    _, wrong = taken({}, {"themes": given}, THEMES_LIMIT, anyway=anyway)
    if wrong:
        told = [notice(told_of_text(say, say("gladly.field"), each)) for each in wrong]
        kept = bool(await _themes_of(services, person.id))
        soft = all(map(may_stay, wrong))
        drawn = cards.gladly(say, given, *told, is_kept=kept, anyway=soft)
        return Say(say("text.stays")) if too_large(drawn) else drawn
    if not (written := " ".join(given.split())):
        return await _take_back(services, press, say)
    await services.operational.remember(person.id, person.teams_id, press.origin.timezone)
    await services.operational.run(services.sessions.stored.offer_themes(person.id, written))
    return cards.gladly(say, written, notice(say("gladly.saved"), "good"), is_kept=True)


async def _take_back(services: Needs, press: Press, say: Texts) -> PressReply:
    await services.sessions.stored.take_themes_back(press.origin.person.id)
    return cards.gladly(say, "", notice(say("gladly.taken_back"), "good"), is_kept=False)


COMMANDS: dict[str, CommandHandler] = {"gladly": _gladly}
ALONE: dict[str, CommandHandler] = {
    "five": _command("five"),
    "before": _command("before"),
    "beside": _command("beside"),
}
"""What is something else in the personal chat."""
VERBS: dict[str, Verb] = {
    "colleague.ask": personally(_ask),
    "colleague.more": in_own_chat(of_session(_more)),
    "colleague.yes": of_question(_yes),
    "colleague.later": of_question(_later),
    "colleague.no": of_question(_no),
    "colleague.off": of_question(_not_me),
    "colleague.on": personally(_me_again),
    "colleague.offer": personally(_offer),
    "colleague.take_back": personally(_take_back),
}
