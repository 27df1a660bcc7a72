"""Sessions: what is written and pressed in the group, on the panel, and in one's own part."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial
from secrets import compare_digest, token_hex
from typing import Protocol, TypeAlias, get_args

from sqlalchemy.exc import IntegrityError

from bot.delivery.recipients import People
from bot.gateway.deep_links import link_to
from bot.gateway.events import Conversation, Json, MembersLeft, Origin, Press, Say
from bot.groups.handlers import co_leader_by_name, says_nobody
from bot.help.cards import choosing
from bot.routing.needs import (
    HasClock,
    HasCodes,
    HasDispatcher,
    HasGroups,
    HasJustLeft,
    HasLiveCards,
    HasMethods,
    HasOpenCards,
    HasOperational,
    HasRoles,
    HasSessions,
    HasSettings,
    HasSittings,
    HasStudies,
    HasTeams,
    HasUrn,
)
from bot.routing.scopes import (
    Verb,
    anywhere,
    facilitating,
    in_own_chat,
    of_group,
    of_session,
    refused,
)
from bot.routing.shared import CommandHandler, CommandReply, in_personal_chat
from bot.sessions.cards import apart, own, panel
from bot.sessions.cards import phase as cards
from bot.sessions.cards.meeting import led, meeting_of
from bot.sessions.cards.part import PartView
from bot.sessions.events import called, who
from bot.sessions.jobs import new_id, title_of_study
from bot.sessions.service import Also, Done, Live, Taken, phase_name
from bot.studies import handlers as studies
from bot.studies import pseudonyms
from bot.studies.cards import study as study_cards
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, integer, text
from bot.ui.elements import notice, plain, refilled
from bot.ui.fitting import too_large
from bot.ui.texts import Texts, texts
from bot.ui.zones import zone_or_ours
from dialogs.groups.group import Enrol, Gather, Group, Place, Vanish, gathered, step
from dialogs.sessions import queries
from dialogs.sessions import state as happened
from dialogs.sessions.actions import is_unsent
from dialogs.sessions.method import Method
from dialogs.sessions.sharing import about, shareable
from dialogs.sessions.state import (
    MOST_MEMBERS,
    TEXT_LIMIT,
    Contribution,
    Event,
    Gathering,
    Notice,
    Pace,
    PersonId,
    Refused,
    Session,
    ThemesLeft,
    Told,
)
from dialogs.sessions.summary import key_now
from dialogs.writing.commands import ANYWAY, ASKING_FIRST, CommandName
from dialogs.writing.text import TooLong
from storage.operational.groups import channel_of
from storage.operational.sessions import SessionCard
from storage.operational.store import Transaction


class Needs(
    HasJustLeft,
    HasCodes,
    HasDispatcher,
    HasGroups,
    HasRoles,
    HasLiveCards,
    HasMethods,
    HasClock,
    HasOpenCards,
    HasOperational,
    HasSessions,
    HasSettings,
    HasSittings,
    HasStudies,
    HasTeams,
    HasUrn,
    Protocol,
):
    """What these handlers work with."""


_Event: TypeAlias = Callable[[Needs, Press, Session], Event | None]


# --- Written in the group -----------------------------------------------------------------------


async def _start(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """Gather; once gathered, begin; once begun, show where we are."""
    lives = await _lives(services, origin)
    if origin.is_personal and not lives:
        return say("session.where")
    here = await services.operational.groups.at_place(origin.conversation.id)
    method = services.methods.named(rest) if rest else None
    if not lives or _beside(origin, lives, method) or _another(origin, lives, here, rest):
        return await _gather(services, origin, say, here, rest)
    is_sure = rest.casefold() in ANYWAY
    if method and all(live.method.id != method.id for live in lives):
        return _instead(say, lives[0], method)
    live = _about(say, "start", lives, method.title[say.language] if method else rest)
    if not isinstance(live, Live):
        return live
    if not isinstance(live.session.stage, Gathering):
        return await _shown(services, origin, live, say)
    starting = _starting(services, origin.person.id, anyway=is_sure)
    done = await services.sessions.act(live.id, starting)
    services.dispatcher.wake()
    return (done and _lines(say, done)) or _elsewhere(origin, live, say)


def _beside(origin: Origin, lives: Sequence[Live], method: Method | None) -> bool:
    """Whether it is a talk of a few minutes, in a thread of its own beside what is under way."""
    is_here = origin.is_personal or any(each.place.id == origin.conversation.id for each in lives)
    return method is not None and not method.after.keeps and not is_here


def _another(origin: Origin, lives: Sequence[Live], here: Sequence[Group], rest: str) -> bool:
    """Whether a group is meant that belongs here and is not the one that meets."""
    if origin.is_personal:
        return False
    wanted = _named(here, rest)
    if not wanted and not rest:
        wanted = [group for group in here if group.place == origin.conversation.id]
    meeting = {live.group.id for live in lives}
    return len(wanted) == 1 and wanted[0].id not in meeting and bool(wanted[0].meetings)


def _named(groups: Sequence[Group], rest: str) -> list[Group]:
    wanted = rest.casefold()
    return [group for group in groups if wanted and wanted in (group.id, group.name.casefold())]


def _short(name: CommandName) -> CommandHandler:
    """A command that is called as the method that it begins."""

    async def command(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
        method = services.methods.named(say(f"command.{name}.title"))
        if method is None:
            return say("five.where")
        return await _start(services, origin, say, method.id)

    return command


async def _lives(services: Needs, origin: Origin) -> list[Live]:
    """The sessions that something written here can be about; alone, those that one leads."""
    if not origin.is_personal:
        return await services.sessions.all_at(origin.conversation.id)
    person = origin.person.id
    mine = await services.sessions.of(person)
    return [live for live in mine if queries.leads(live.session, person)]


def _about(say: Texts, name: CommandName, lives: Sequence[Live], rest: str = "") -> Live | Json:
    """The one session, or a question which; `rest` may name its group or its method."""
    wanted = rest.casefold()
    titles = [_title(say, live) for live in lives]
    known = [
        {live.group.id, live.group.name.casefold(), live.method.title[say.language].casefold()}
        for live in lives
    ]
    named = [live for live, names in zip(lives, known, strict=True) if wanted and wanted in names]
    if len(named or lives) == 1:
        return (named or lives)[0]
    words = say(f"command.{name}.title")
    choices = [(t, f"{words} {live.group.id}") for t, live in zip(titles, lives, strict=True)]
    return choosing(say("session.which_one"), choices)


def _title(say: Texts, live: Live) -> str:
    method, name = live.method.title[say.language], live.group.name
    return f"{method} · {name}" if name else method


def _starting(services: Needs, by: PersonId, *, anyway: bool) -> Callable[[Session], Event]:
    return lambda session: _started(services, by, session, anyway=anyway)


async def _gather(
    services: Needs, origin: Origin, say: Texts, here: Sequence[Group], rest: str
) -> CommandReply:
    """By the group's method, or by the one that is named; who names another is asked."""
    if await services.groups.leads_at(origin.person.id, origin.conversation):
        return say("plan.fault.leads_here")
    named, method = _named(here, rest), services.methods.named(rest) if rest else None
    if not named and method:
        named = [group for group in here if group.method == method.id]
    if here and not (await _may_begin(services, origin, named or here, method)):
        return refused("start", "role", say("session.start.no")).text
    if not here:
        return await _gather_here(services, origin, say, method, rest)
    if method and not method.after.keeps:  # a few minutes between all else
        near = [group for group in here if group.place == origin.conversation.id]
        if not near:
            return await _gather_new(services, origin, say, method)
        return await _begin(services, origin, say, near[0], method)
    if rest and not named:
        if method is None:
            return cards.methods(say, services.methods.all(), unknown=rest)
        return _this_or_theirs(services, say, here, method)
    wanted = named or here
    return (
        await _begin(services, origin, say, wanted[0])
        if len(wanted) == 1
        else _which(services, say, wanted)
    )


async def _may_begin(
    services: Needs, origin: Origin, groups: Sequence[Group], method: Method | None
) -> bool:
    """Whoever is in a group may begin what it is for; what is anyone's makes nobody more."""
    person = origin.person.id
    if all((method or services.groups.method(group)).is_anyones for group in groups):
        return True
    is_one_of_them = any(
        group.leads(person) or group.member(person) is not None
        for group in groups
        if not services.groups.method(group).is_anyones
    )
    return is_one_of_them or await services.is_facilitator(origin)


async def _gather_here(
    services: Needs, origin: Origin, say: Texts, method: Method | None, rest: str
) -> CommandReply:
    """Where no group is."""
    is_anyones = method is not None and method.is_anyones
    if not is_anyones and not await services.is_facilitator(origin):
        return refused("start", "role", say("session.start.no")).text
    if method is None:
        return cards.methods(say, services.methods.all(), unknown=rest)
    return await _gather_new(services, origin, say, method)


def _which(services: Needs, say: Texts, groups: Sequence[Group]) -> Json:
    """Which of the groups that belong here: a button for each."""
    words = say("command.start.title")
    name = services.groups.name
    choices = [(name(group, say.language), f"{words} {group.id}") for group in groups]
    return choosing(say("session.which"), choices)


def _this_or_theirs(services: Needs, say: Texts, groups: Sequence[Group], method: Method) -> Json:
    """The group here has another method: this one, this once, or its own?"""
    first, asked = groups[0], plain(method.title[say.language])
    theirs = [(services.groups.name(g, say.language), g.id, g.method) for g in groups]
    question = say("session.ask", method=asked, theirs=plain(theirs[0][0]))
    return cards.asking(
        question,
        [
            (say("session.ask.this", method=asked), {"group": first.id, "method": method.id}),
            *(
                (say("session.ask.theirs", theirs=name), {"group": group, "method": own})
                for name, group, own in theirs
            ),
        ],
    )


def _instead(say: Texts, live: Live, method: Method) -> Json:
    """Another session is under way here."""
    asked, now = plain(method.title[say.language]), plain(live.method.title[say.language])
    carried = {"group": live.group.id, "method": method.id, "session": live.id}
    return cards.asking(
        say("session.ask.busy", method=asked, now=now),
        [
            (say("session.ask.instead", method=asked), carried),
        ],
        (say("session.ask.go_on", now=now), f"{say('command.status.title')} {live.group.id}"),
    )


async def _begin_as(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    """What was chosen where a method and a group did not go together."""
    origin, chosen = press.origin, services.methods.find(text(press.data, "method"))
    if origin.is_personal:
        return Say(say("session.where"))
    lives = await services.sessions.all_at(channel_of(origin.conversation.id))
    wanted = text(press.data, "session")
    live = next((each for each in lives if each.id == wanted), None)
    if chosen is None or (wanted and live is None):
        return Say(say("session.none"))
    # What is under way is not ended for what anyone may begin.
    if not await _may_begin(services, origin, [group], None if live else chosen):
        return refused("start", "role", say("session.start.no"))
    if live and not await _may_begin(services, origin, [group], chosen):
        return refused("start", "role", say("session.start.no"))
    if live:
        ended = happened.Stopped(**who(services, origin.person.id))
        done = await services.sessions.act(live.id, lambda _: ended)
        if done and done.notices:
            return Say(_lines(say, done))
    # The card stays: in its place, a forged press could put this over a phase.
    return Say(await _begin(services, origin, say, group, chosen) or say("session.chosen"))


async def _gather_new(services: Needs, origin: Origin, say: Texts, method: Method) -> CommandReply:
    """A group that begins without a plan: it has this method, and belongs to this place."""
    place = origin.conversation
    event = Gather(
        at=services.now(),
        by=origin.person.id,
        method=method.id,
        language=say.language,
        timezone=zone_or_ours(origin.timezone),
        # In a channel there is room for many talks of a few minutes.
        place=Place(channel_of(place.id) if method.after.keeps else place.id, asdict(place)),
    )
    group = gathered(method.frame, event)
    try:
        await services.operational.run(services.operational.groups.add(group))
    except IntegrityError:  # somebody else was quicker
        return say("session.taken")
    return await _begin(services, origin, say, group)


async def _begin(
    services: Needs, origin: Origin, say: Texts, group: Group, method: Method | None = None
) -> str | None:
    person = origin.person
    await services.operational.remember(person.id, person.teams_id, origin.timezone, origin.spoken)
    try:
        await services.sessions.begin(group, origin.conversation, person.id, method, called(person))
    except Taken:
        return say("session.taken")
    services.dispatcher.wake()
    return None


async def _shown(services: Needs, origin: Origin, live: Live, say: Texts) -> CommandReply:
    """The card again, at the bottom of where the session is, and a line where that is elsewhere."""
    if origin.is_personal:
        await _fetch(services, live, origin.person.id)
        return None
    await _bring_down(services, live)
    return _elsewhere(origin, live, say)


def _elsewhere(origin: Origin, live: Live, say: Texts) -> str | None:
    """Where the session is, for who writes in another thread."""
    if origin.is_personal:
        return None
    if origin.conversation.id == live.place.id:
        return None
    return say("session.elsewhere", link=link_to(live.place))


async def _fetch(services: Needs, live: Live, person: PersonId) -> None:
    """The panel of who leads, and the part of who takes part, at the bottom of their chat."""
    await services.operational.enqueue(services.sessions.where_we_are(live, person, token_hex(8)))
    services.dispatcher.wake()


async def _bring_down(services: Needs, live: Live) -> None:
    """The card again, at the bottom of the chat; the old one says that it has moved."""
    place, name = live.place, phase_name(live.visit)
    old = (await services.sessions.stored.cards(live.id)).get(name)
    of_all = texts(live.session.language)
    card = cards.group_card(of_all, meeting_of(live))
    activity = await services.teams.send_card(place, card, live.method.title[of_all.language])
    moved = SessionCard(name, live.stored.reference, activity)
    await services.operational.run(services.sessions.stored.put_card(live.id, moved))
    if old is not None:
        services.live_cards.put(place, old.activity, study_cards.message(of_all("session.moved")))


async def _status(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """Where the session is; without one, what facilitators want to know of the studies."""
    if lives := await services.sessions.all_at(origin.conversation.id):
        live = _about(say, "status", lives, rest)
        return await _shown(services, origin, live, say) if isinstance(live, Live) else live
    if await services.is_facilitator(origin):
        return await studies.status(services, origin, say, rest)
    return say("session.none")


async def _panel_down(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """The panel at the bottom of the personal chat of who leads, wherever they ask for it."""
    lives = await _lives(services, origin)
    mine = [live for live in lives if queries.leads(live.session, origin.person.id)]
    if not mine:
        return say("panel.not_yours" if lives else "panel.none")
    live = _about(say, "panel", mine, rest)
    if not isinstance(live, Live):
        return live
    row = services.sessions.where_we_are(live, origin.person.id, token_hex(8))
    line = await in_personal_chat(services, origin, say, row)
    return None if line.text == say("private.here") else line.text


async def _resume_alone(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """What one was at: a sort that is open, the panel of a session, or one's own part of it."""
    lives = await services.sessions.of(origin.person.id)
    said = await studies.resume(services, origin, say, rest)
    for live in lives:
        await _fetch(services, live, origin.person.id)
    return None if lives and isinstance(said, str) else said


async def _collection(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    return await _collected(services, origin, say, 0)


async def _collected(services: Needs, origin: Origin, say: Texts, page: int) -> Json | str:
    """In the group: what it keeps is for its members' eyes."""
    if origin.is_personal:
        return say("session.where")
    here = await services.operational.groups.at_place(origin.conversation.id)
    if len(here) != 1:
        return say("session.none")
    return await _collection_of(services, say, here[0], page)


async def _collection_of(services: Needs, say: Texts, group: Group, page: int) -> Json:
    kept = await services.sessions.stored.collection(group.id)
    return cards.collection(say, group.id, group.name, kept, page)


_Written: TypeAlias = Callable[[Needs, PersonId, Live, str], Event | None]
"""The event of a command, and of what was written after it; None where that says nothing."""


_Elsewhere: TypeAlias = Callable[["Needs", Origin, Texts, str], Awaitable[CommandReply]]


def _commanded(
    name: CommandName, make: _Written, elsewhere: _Elsewhere | None = None
) -> CommandHandler:
    """The same as a button of the panel, in the session of this chat, or the one that one leads;
    `elsewhere` is what it does where no session is."""

    async def command(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
        lives = await _lives(services, origin)
        if not lives and elsewhere:
            return await elsewhere(services, origin, say, rest)
        if not lives:
            nothing = _NOTHING_HERE.get(name, "session.none")
            return say("panel.none" if origin.is_personal else nothing)
        live = _about(say, name, lives, rest)
        if not isinstance(live, Live):
            return live
        if name == "next" and await _looks_first(services, origin, live, rest):
            return say("session.look_first")
        event = make(services, origin.person.id, live, rest)
        if event is None:
            return say(f"session.how.{name}")
        is_sure = name not in ASKING_FIRST or rest.casefold() in ANYWAY
        if not is_sure and services.sessions.changes(live, event):
            return panel.asking(say, meeting_of(live), name)
        done = await services.sessions.act(live.id, lambda _: event)
        services.dispatcher.wake()
        if done and done.notices == (Told("pause_asked"),):
            return say("session.pause.written")  # everybody sees who wrote it
        if done and done.notices:
            return _lines(say, done)
        return _elsewhere(origin, live, say)

    return command


async def _looks_first(services: Needs, origin: Origin, live: Live, rest: str) -> bool:
    """Whether so few wrote that whoever leads is warned, on the panel, before it is shown."""
    now = queries.current(live.method, live.session)
    is_theirs = queries.leads(live.session, origin.person.id) and not rest
    if now is None or not is_theirs or not queries.few_wrote(live.session, now.phase):
        return False
    await _fetch(services, live, origin.person.id)
    return True


_NOTHING_HERE: dict[CommandName, str] = {"pause": "session.none.pause"}


def _plainly(kind: type) -> _Written:
    def make(services: Needs, by: PersonId, _: Live, __: str) -> Event | None:
        event: Event = kind(**who(services, by))
        return event

    return make


def _longer(services: Needs, by: PersonId, live: Live, rest: str) -> Event | None:
    """More time: so many minutes, or days where the session goes over days; else the usual."""
    found = re.search(r"\d{1,3}", rest)
    slow = live.session.pace == "days"
    amount = int(found[0]) if found else (1 if slow else panel.EXTENSIONS[1])
    data = {"days": amount} if slow else {"minutes": amount}
    return _extension(services, by, live.session, data)


def _to_somebody(kind: type) -> _Written:
    """To who is named so, if one is."""

    def make(services: Needs, by: PersonId, live: Live, rest: str) -> Event | None:
        person = _person(live.session, rest)
        if person is None:
            return None
        event: Event = kind(**who(services, by), to=person)
        return event

    return make


def _person(session: Session, name: str) -> PersonId | None:
    """Who is here and has a name that begins so, if only one has."""
    wanted = name.casefold().removeprefix("til ").removeprefix("to ").strip(" @.")
    found = [
        member.id
        for member in queries.here(session)
        if wanted and (member.name.casefold().startswith(wanted))
    ]
    return found[0] if len(found) == 1 else None


def _co_leading(services: Needs, by: PersonId, live: Live, rest: str) -> Event | None:
    """Who leads as well, by name; or nobody any more."""
    if says_nobody(rest):
        return happened.EndedCoLeading(**who(services, by))
    return _to_somebody(happened.NamedCoLeader)(services, by, live, rest)


def _at_pace(services: Needs, by: PersonId, _: Live, rest: str) -> Event | None:
    wanted = rest.casefold()
    for pace, words in _PACES.items():
        if any(word in wanted for word in words):
            return happened.PaceSet(**who(services, by), pace=pace)
    return None


_PACES: dict[Pace, tuple[str, ...]] = {
    "live": ("live", "samtidig", "nå", "no", "møte", "now", "meeting"),
    "days": ("dag", "day"),
}


def _about_theme(services: Needs, by: PersonId, live: Live, rest: str) -> Event | None:
    """By its number on the card, or by words that it has alone."""
    now = queries.current(live.method, live.session)
    themes = queries.themes(live.session, now.phase, "") if now else ()
    wanted, language = rest.casefold().strip(" .?"), live.session.language
    if wanted.isdecimal() and 0 < int(wanted) <= len(themes):
        found = [themes[int(wanted) - 1]]
    else:
        found = [each for each in themes if wanted and wanted in each.text[language].casefold()]
    if len(found) != 1:
        return None
    return happened.Asked(**who(services, by), theme=found[0].id)


# --- Pressed ------------------------------------------------------------------------------------


def _visit(press: Press) -> int:
    visit = integer(press.data, "visit")
    return -1 if visit is None else visit


async def _happen(
    services: Needs, press: Press, live: Live, make: _Event, also: Also | None = None
) -> Done | None:
    """Let a press happen in the session that its card names; None where it is gone by now."""
    done = await services.sessions.act(
        live.id, lambda session: make(services, press, session), also
    )
    if done is not None:
        await _recognise(services, press, done.live)
    services.dispatcher.wake()
    return done


async def _recognise(services: Needs, press: Press, live: Live) -> None:
    visit = integer(press.data, "visit")
    if press.card_id and visit is not None and not press.origin.is_personal:
        await services.sessions.recognise(live, visit, press.card_id)


def _in_group(make: _Event, fallback: str) -> Verb:
    """A button of the group's card: a line for the presser; the card follows for everyone."""

    async def verb(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
        done = await _happen(services, press, live, make)
        if done is None:
            return Say(say("session.none"))
        is_here = queries.is_here(done.live.session, press.origin.person.id)
        if press.origin.is_personal and is_here and not integer(press.data, "stays"):
            return await _own_card(services, press, say, done)
        return Say(_lines(say, done) or say(fallback))

    return of_session(verb)


async def _leave(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """Who leaves by mistake has a minute to come back to what they had written."""
    person = press.origin.person.id
    unseen: list[Contribution] = []

    def note(_: Transaction, before: Live) -> None:
        unseen[:] = queries.unseen(before.method, before.session, person)

    done = await _happen(services, press, live, _simple(happened.Left, visit=False), note)
    if done is None:
        return Say(say("session.none"))
    is_gone = unseen and not done.live.is_over
    if is_gone:
        services.just_left.keep((live.id, person), tuple(unseen))
    return Say(_lines(say, done) or say("told.left.back" if is_gone else "told.left"))


def _on_panel(make: _Event) -> Verb:
    """A button of the panel, or of the group's card where the facilitator pressed it."""

    async def verb(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
        done = await _happen(services, press, live, make)
        if done is None:
            return Say(say("session.none"))
        if not press.origin.is_personal:
            return await _done_in_group(services, press, say, done)
        return await _panel(services, press, say, done)

    return of_session(verb)


async def _done_in_group(services: Needs, press: Press, say: Texts, done: Done) -> PressReply:
    """A line for the presser, which stands in the place of a question that it answers."""
    line = _what_was_done(say, press, done)
    is_refused = any(isinstance(each, Refused) for each in done.notices)
    if is_refused or not integer(press.data, "beside"):
        return Say(line)
    return await _instead_of_question(services, press, done.live, line)


async def _instead_of_question(services: Needs, press: Press, live: Live, line: str) -> PressReply:
    """The question is over; what else stands there stays, whatever a forged press says."""
    stands = await services.sessions.stored.cards(live.id)
    is_ours = press.card_id in {card.activity for card in stands.values()}
    return Say(line) if is_ours else study_cards.message(line)


async def _keep(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """No to a question: nothing is done."""
    if not queries.leads(live.session, press.origin.person.id):
        return Say(say("refused.not_facilitator"))
    return await _instead_of_question(services, press, live, say("panel.kept"))


def _answers_summary(services: Needs, press: Press, _: Session) -> Event:
    is_yes = text(press.data, "answer") == "yes"
    of = who(services, press.origin.person.id)
    return happened.AnsweredSummary(**of, is_yes=is_yes, key=token_hex(16))


async def summary_file(services: HasSessions, session: str, key: str) -> str | None:
    """What a group takes along, for whoever has its address; None where there is no such file."""
    live = await services.sessions.get(session)
    known = key_now(live.session, services.sessions.now()) if live else ""
    if live is None or not compare_digest(known, key):
        return None
    collection = await services.sessions.stored.collection(live.group.id)
    return cards.summary_text(texts(live.session.language), meeting_of(live), collection.values())


async def _remove(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """What was shown goes off the cards, by whoever leads or by its writer: nobody is told who."""
    taken = _simple(happened.TookOut, "id", visit=False)
    done = await _happen(services, press, live, taken)
    if done is None:
        return Say(say("session.none"))
    if integer(press.data, "beside") and _is_told(done):
        return study_cards.message(_lines(say, done))
    if integer(press.data, "beside"):
        return Say(_lines(say, done))
    return await _own_card(services, press, say, done)


def _is_told(done: Done) -> bool:
    return all(isinstance(each, Told) for each in done.notices)


def _stopped(services: Needs, press: Press, _: Session) -> Event:
    """A question that was asked in another part is over."""
    visit = _visit(press) if integer(press.data, "beside") else None
    return happened.Stopped(**who(services, press.origin.person.id), visit=visit)


def _own(make: _Event) -> Verb:
    """A button of a member's own part; on a small group's card, which stays, a line says it."""

    async def verb(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
        done = await _happen(services, press, live, make)
        if done is None:
            return Say(say("session.none"))
        if integer(press.data, "stays"):
            return Say(_lines(say, done) or say("told.done"))
        return await _own_card(services, press, say, done)

    return in_own_chat(of_session(verb))


async def _panel(services: Needs, press: Press, say: Texts, done: Done) -> PressReply:
    live, person = done.live, press.origin.person.id
    if integer(press.data, "beside"):  # on a card of its own: the panel follows by itself
        return study_cards.message(_what_was_done(say, press, done))
    if live.is_apart:
        return await _apart(services, press, say, done)
    if not queries.leads(live.session, person):
        return panel.handed_over(say, led(live))
    prepared = await services.sessions.stored.written(
        live.stored.group, live.stored.meeting, "form"
    )
    line = _lines(say, done)
    told = notice(line) if line else None
    return panel.panel(say, led(live), prepared, told, reader=person)


async def _apart(services: Needs, press: Press, say: Texts, done: Done) -> PressReply:
    """What a press did where each has a card of their own: it stays that of its own part."""
    live, line = done.live, _lines(say, done)
    if line or _visit(press) != live.visit:
        return Say(line or say("told.done"))
    person = press.origin.person.id
    return apart.card_of(await _as_drawn(services, person, live), meeting_of(live), person)


async def _choices(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """Bring down what whoever leads chooses among."""
    if live.is_over:
        return Say(say("session.none"))
    if not queries.leads(live.session, press.origin.person.id):
        return Say(say("refused.not_facilitator"))
    card = panel.choices(say, led(live), reader=press.origin.person.id)
    await services.teams.send_card(press.origin.conversation, card, say("panel.more"))
    return Say(say("session.chosen"))


async def _own_card(services: Needs, press: Press, say: Texts, done: Done) -> PressReply:
    """The member's part after a press; what they wrote stays where it was not taken.

    What has no room on the card stays in the field that it was written in.
    """
    person, live = press.origin.person.id, done.live
    say = await _as_drawn(services, person, live)
    refused = any(not isinstance(each, Told) for each in done.notices)
    stays = refused or _is_left(live, person, press)
    ident = id_of(press.data, "id") if press.verb == "session.send" else ""
    is_mine = any(each.id == ident for each in queries.mine(live.session, person))
    card = own.own(
        PartView(
            say,
            meeting_of(live, person),
            person,
            ident if refused and ident and not is_mine else new_id(),
            notices=done.notices,
            text=text(press.data, "text") if stays else "",
            editing=ident if refused and is_mine else "",
            form=await services.sessions.form(live, person),
            note=await services.sessions.note(live, person),
            study=await title_of_study(services.studies, live, say),
        )
    )
    if stays:
        card = refilled(card, {k: value for k, value in press.data.items() if k != "text"})
    return Say(_lines(say, done)) if refused and too_large(card) else card


async def _as_drawn(services: Needs, person: PersonId, live: Live) -> Texts:
    """The language that the card was sent in: no card changes it under a finger."""
    return await People(services.operational, services.teams).say(person, live.session.language)


def _is_left(live: Live, person: PersonId, press: Press) -> bool:
    """Whether a text stood in the field when something else was pressed, and stays in it."""
    now = queries.current(live.method, live.session)
    if now is None or text(press.data, "anyway") == "yes":
        return False
    return is_unsent(live.session, now, person, text(press.data, "text"))


async def _open(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """Bring a member's own part down in the personal chat, once a minute at most."""
    if live.is_over:
        return Say(say("session.none"))
    if not queries.is_here(live.session, press.origin.person.id):
        return Say(say("refused.not_a_member"))
    person, minute = press.origin.person, services.now().strftime("%Y%m%d%H%M")
    row = services.sessions.part(live, person.id, f"{live.visit}:{minute}")
    said = await in_personal_chat(services, press.origin, say, row)
    await _recognise(services, press, live)
    return said


async def _edit(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """The contribution comes back into the field, unless something else stands in it."""
    person, ident = press.origin.person.id, id_of(press.data, "id")
    if not any(each.id == ident for each in queries.mine(live.session, person)):
        return await _own_card(services, press, say, Done(live, (Refused("shown"),)))
    if _is_left(live, person, press):
        return await _own_card(services, press, say, Done(live, (Refused("unsent"),)))
    say = await _as_drawn(services, person, live)
    form = await services.sessions.form(live, person)
    return own.own(
        PartView(say, meeting_of(live, person), person, new_id(), editing=ident, form=form)
    )


async def _bring(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """What they took along last comes into the field, to be told, unless something stands in it."""
    person = press.origin.person.id
    if _is_left(live, person, press):
        return await _own_card(services, press, say, Done(live, (Refused("unsent"),)))
    say = await _as_drawn(services, person, live)
    note = (await services.sessions.note(live, person))[:TEXT_LIMIT]
    return own.own(PartView(say, meeting_of(live, person), person, new_id(), text=note))


async def _share(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """The information of the study that asks for texts, on a card that carries this one."""
    person, ident = press.origin.person.id, id_of(press.data, "id")
    shared = shareable(live.method, live.session, person, ident)
    if shared is None:
        return Say(say("own.share.shown"))
    study = await services.studies.asking_for_texts(live.place.id)
    if study is None:
        return Say(say("own.share.closed"))
    language = say.language
    follows = about(live.method, live.session, shared, services.sessions.label(live), language)
    card = studies.sharing(say, study, shared.text, follows)
    await services.teams.send_card(press.origin.conversation, card, study_cards.title(say, study))
    return Say(say("own.share.sent"))


async def _leaf(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """Another page of what a member has written, or of their note."""
    say = await _as_drawn(services, press.origin.person.id, live)
    person, ident = press.origin.person.id, id_of(press.data, "id")
    written = text(press.data, "text")
    is_mine = any(each.id == ident for each in queries.mine(live.session, person))
    card = own.own(
        PartView(
            say,
            meeting_of(live, person),
            person,
            new_id(),
            text=written,
            editing=ident if is_mine else "",
            form=await services.sessions.form(live, person),
            note=await services.sessions.note(live, person),
            page=integer(press.data, "page") or 0,
            note_page=integer(press.data, "note"),
            study=await title_of_study(services.studies, live, say),
        )
    )
    if too_large(card):
        return Say(say("own.too_long", length=len(written), limit=TEXT_LIMIT))
    return card


async def _leaf_collection(services: Needs, press: Press, say: Texts) -> PressReply:
    """Another page of what the group of this chat keeps, as a card of its own.

    In the place of the pressed card, a forged press could put it over a phase.
    """
    page = integer(press.data, "page") or 0
    answer = await _collected(services, press.origin, say, page)
    if isinstance(answer, str):
        return Say(answer)
    await services.teams.send_card(press.origin.conversation, answer, say("session.collection"))
    return Say(say("session.chosen"))


async def _take_out(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    """One text of what a group keeps is deleted, by one of its members."""
    person = press.origin.person.id
    if not group.leads(person) and group.member(person) is None:
        return refused(press.verb, "not_theirs", say("session.collection.members"))
    if not await services.sessions.stored.take_out(group.id, id_of(press.data, "kept")):
        return Say(say("session.collection.out.gone"))
    card = await _collection_of(services, say, group, 0)
    await services.teams.send_card(press.origin.conversation, card, say("session.collection"))
    return Say(say("session.collection.out.done"))


async def _here(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    back = services.just_left.take((live.id, press.origin.person.id)) or ()
    joined = partial(_joined, back=back)
    done = await _happen(services, press, live, joined, _enrolling(services, press.origin))
    if done is None:
        return Say(say("session.none"))
    return Say(_lines(say, done) or say("told.here"))


def _enrolling(services: Needs, origin: Origin) -> Also:
    """Know how to reach them; and who takes part in a group without sign-up belongs to it.

    In the transaction of the step, so that of eight at once nobody is left out.
    """
    person = origin.person

    def enrol(transaction: Transaction, live: Live) -> None:
        group = live.group
        transaction.remember(
            person.id, person.teams_id, timezone=origin.timezone, spoken=origin.spoken
        )
        if not live.method.after.keeps:  # the group is none of theirs for a few minutes of help
            return
        event = Enrol(at=services.now(), person=person.id, name=person.name)
        changed, _ = step(live.method.frame, group, event)
        if changed != group:
            transaction.run(services.operational.groups.save(changed))

    return enrol


async def _observe(services: Needs, press: Press, say: Texts, live: Live) -> PressReply:
    """For research only: the sheet comes in the personal chat, and goes sealed to the urn."""
    sheet = live.method.observer
    if not sheet or not await services.studies.is_open(sheet):
        return Say(say("session.observe.closed", sheet=sheet))
    done = await _happen(services, press, live, _observed)
    if done is None or any(isinstance(each, Refused) for each in done.notices):
        return Say(_lines(say, done) if done else say("session.none"))
    study = await services.studies.get(sheet)
    because = "questionnaire.because.observer"
    form = await studies.send_information(services, press, say, study, because)
    return Say(f"{say('told.observing')} {form.text}")


async def _choose(services: Needs, press: Press, say: Texts) -> PressReply:
    """A method for a place that has no group."""
    method = services.methods.find(id_of(press.data, "method"))
    if method is None or press.origin.is_personal:
        return Say(say("session.none"))
    if await services.sessions.all_at(channel_of(press.origin.conversation.id)):
        return Say(say("session.taken"))
    answer = await _gather_new(services, press.origin, say, method)
    return Say(answer) if isinstance(answer, str) else study_cards.message(say("session.chosen"))


def _joined(
    services: Needs, press: Press, _: Session, back: tuple[Contribution, ...] = ()
) -> Event:
    person = press.origin.person
    name = called(person)
    role = id_of(press.data, "role")
    return happened.Joined(**who(services, person.id), name=name, role=role, back=back)


def _observed(services: Needs, press: Press, _: Session) -> Event:
    person = press.origin.person
    return happened.Observed(**who(services, person.id), name=person.name)


def _wrote(services: Needs, press: Press, _: Session) -> Event:
    return happened.Wrote(
        **who(services, press.origin.person.id),
        visit=_visit(press),
        id=id_of(press.data, "id") or new_id(),
        text=text(press.data, "text"),
        theme=id_of(press.data, "theme"),
        anyway=text(press.data, "anyway") == "yes",
        is_open=text(press.data, "open") == "true",
    )


def _finished(services: Needs, press: Press, _: Session) -> Event:
    return happened.Finished(
        **who(services, press.origin.person.id),
        visit=_visit(press),
        unsent=text(press.data, "text"),
        anyway=text(press.data, "anyway") == "yes",
    )


def _passed(services: Needs, press: Press, _: Session) -> Event:
    return happened.Passed(
        **who(services, press.origin.person.id),
        visit=_visit(press),
        unsent=text(press.data, "text"),
        anyway=text(press.data, "anyway") == "yes",
    )


def _worded(services: Needs, press: Press, _: Session) -> Event:
    return happened.Worded(
        **who(services, press.origin.person.id),
        visit=_visit(press),
        text=text(press.data, "text"),
        edition=integer(press.data, "edition") or 0,
        anyway=text(press.data, "anyway") == "yes",
    )


def _confirmed(services: Needs, press: Press, _: Session) -> Event:
    return happened.Confirmed(
        **who(services, press.origin.person.id),
        visit=_visit(press),
        edition=integer(press.data, "edition") or 0,
        unsent=text(press.data, "text"),
    )


def _advanced(services: Needs, press: Press, _: Session) -> Event:
    return happened.Advanced(
        **who(services, press.origin.person.id),
        visit=_visit(press),
        turn=integer(press.data, "turn"),
    )


def _rated(services: Needs, press: Press, _: Session) -> Event:
    prefix = "scale."
    values = {
        key.removeprefix(prefix): value
        for key in press.data
        if key.startswith(prefix) and (value := integer(press.data, key)) is not None
    }
    return happened.Rated(
        **who(services, press.origin.person.id), visit=_visit(press), values=values
    )


def _placed(services: Needs, press: Press, _: Session) -> Event:
    """What lies on both axes, and whether something lies on one of them alone."""
    along, up = (
        {
            key.removeprefix(axis): step
            for key in press.data
            if key.startswith(axis) and (step := integer(press.data, key)) is not None
        }
        for axis in ("across.", "up.")
    )
    return happened.Placed(
        **who(services, press.origin.person.id),
        visit=_visit(press),
        places={ident: (along[ident], up[ident]) for ident in along if ident in up},
        half=along.keys() != up.keys(),
    )


def _answered(services: Needs, press: Press, _: Session) -> Event:
    """What is chosen where a primitive needs no more than words."""
    prefix = "answer."
    values = {
        key.removeprefix(prefix): value
        for key in press.data
        if key.startswith(prefix) and (value := text(press.data, key))
    }
    return happened.Answered(
        **who(services, press.origin.person.id), visit=_visit(press), values=values
    )


def _extended(services: Needs, press: Press, session: Session) -> Event | None:
    extension = _extension(services, press.origin.person.id, session, press.data)
    return extension and replace(extension, visit=_visit(press))


def _extension(
    services: Needs, by: PersonId, session: Session, data: Json
) -> happened.Extended | None:
    minutes, days = integer(data, "minutes") or 0, integer(data, "days") or 0
    more = timedelta(days=days, minutes=minutes)
    if session.opened is None or not timedelta() < more <= timedelta(days=14):
        return None
    until = max(session.opened.until, services.now()) + timedelta(minutes=minutes)
    if days:  # working days, as deadlines are
        until = session.hours.deadline(until, days)
    return happened.Extended(**who(services, by), until=until)


def _co_leader(services: Needs, press: Press, _: Session) -> Event:
    return happened.NamedCoLeader(
        **who(services, press.origin.person.id), to=text(press.data, "co")
    )


def _gave_word(services: Needs, press: Press, _: Session) -> Event:
    to = text(press.data, "word") or text(press.data, "to")
    return happened.GaveWord(**who(services, press.origin.person.id), visit=_visit(press), to=to)


def _paced(services: Needs, press: Press, _: Session) -> Event | None:
    wanted = id_of(press.data, "pace")
    for pace in get_args(Pace):
        if pace == wanted:
            return happened.PaceSet(**who(services, press.origin.person.id), pace=pace)
    return None


def _begun(services: Needs, press: Press, session: Session) -> Event:
    is_sure = text(press.data, "anyway") == "yes"
    return _started(services, press.origin.person.id, session, anyway=is_sure)


def _started(services: Needs, by: PersonId, session: Session, *, anyway: bool) -> Event:
    names = pseudonyms.for_session(session.language, MOST_MEMBERS)
    return happened.Started(**who(services, by), names=names, anyway=anyway)


async def members_left(services: Needs, event: MembersLeft) -> None:
    """Who was taken out of the chat, or the team, is waited for no more."""
    place = event.origin.conversation
    for live in await services.sessions.around(place):
        for person in await _gone(services, _who_counts(live.session), event.people):
            await services.sessions.act(live.id, _leaving(services, person))
    for group in await services.operational.groups.with_two():
        if _meets_at(group, place):
            for person in await _gone(services, _who_lead(group), event.people):
                vanished = Vanish(at=services.now(), person=person)
                await services.groups.act(group.id, vanished)
    services.dispatcher.wake()


def _leaving(services: Needs, person: PersonId) -> Callable[[Session], Event]:
    return lambda _: happened.Left(**who(services, person))


def _who_counts(session: Session) -> list[PersonId]:
    """Who takes part, and who leads."""
    here = (member.id for member in queries.here(session))
    return [*dict.fromkeys((*here, *queries.leaders(session)))]


def _who_lead(group: Group) -> list[PersonId]:
    return [*filter(None, (group.facilitator, group.co_leader))]


def _meets_at(group: Group, place: Conversation) -> bool:
    """Whether a group belongs to this chat, or to a channel of this team."""
    own = Conversation(**group.conversation)
    is_of_team = place.team is not None and own.team == place.team
    return is_of_team or channel_of(own.id) == channel_of(place.id)


async def _gone(services: Needs, ids: Sequence[PersonId], people: Sequence[str]) -> list[PersonId]:
    """Those who are among these people, however Teams names them."""
    known = [(each, await services.operational.person(each)) for each in ids]
    return [each for each, row in known if each in people or (row and row.teams_id in people)]


def _simple(kind: type, *inputs: str, visit: bool = True) -> _Event:
    """An event that takes these texts of the card, and the visit that it showed."""

    def make(services: Needs, press: Press, _: Session) -> Event:
        values: Json = {name: id_of(press.data, name) for name in inputs}
        if visit:
            values["visit"] = _visit(press)
        event: Event = kind(**who(services, press.origin.person.id), **values)
        return event

    return make


def _listing(kind: type, field: str, key: str) -> _Event:
    """An event that takes a list of choices, as Teams gives it: with commas between."""

    def make(services: Needs, press: Press, _: Session) -> Event:
        chosen = tuple(dict.fromkeys(filter(None, text(press.data, key).split(","))))
        event: Event = kind(
            **who(services, press.origin.person.id), visit=_visit(press), **{field: chosen}
        )
        return event

    return make


def _lines(say: Texts, done: Done) -> str:
    """What there is to say, as a line; empty where there is nothing."""
    return "\n\n".join(_line(say, each) for each in done.notices)


_WAS_DONE = {"session.start": "told.started", "session.skip": "told.skipped"}
"""What a press did, by its verb, where there is nothing else to say."""


def _what_was_done(say: Texts, press: Press, done: Done) -> str:
    if line := _lines(say, done):
        return line
    return say("told.ended" if done.live.is_over else _WAS_DONE.get(press.verb, "told.done"))


def _line(say: Texts, each: Notice) -> str:
    match each:
        case Refused(why=why):
            return say(f"refused.{why}")
        case Told(what=what):
            return say(f"told.{what}")
        case ThemesLeft(themes=themes):
            return say("own.themes_left.group", n=len(themes))
        case TooLong(length=length, limit=limit):
            return say("own.too_long", length=length, limit=limit)
    return say("private.sent")


COMMANDS: dict[str, CommandHandler] = {
    "start": _start,
    "five": _short("five"),
    "before": _short("before"),
    "beside": _short("beside"),
    "status": _status,
    "panel": _panel_down,
    "collection": _collection,
    "next": _commanded("next", _plainly(happened.Advanced)),
    "back": _commanded("back", _plainly(happened.WentBack)),
    "skip": _commanded("skip", _plainly(happened.Skipped)),
    "pause": _commanded("pause", _plainly(happened.Paused)),
    "resume": _commanded("resume", _plainly(happened.Resumed)),
    "end": _commanded("end", _plainly(happened.Stopped)),
    "take_over": _commanded("take_over", _plainly(happened.TookOver)),
    "more_time": _commanded("more_time", _longer),
    "word": _commanded("word", _to_somebody(happened.GaveWord)),
    "co_leader": _commanded("co_leader", _co_leading, co_leader_by_name),
    "hand_over": _commanded("hand_over", _to_somebody(happened.HandedOver)),
    "pace": _commanded("pace", _at_pace),
    "theme": _commanded("theme", _about_theme),
}
ALONE: dict[str, CommandHandler] = {"resume": _resume_alone}
"""What is something else in the personal chat."""
VERBS: dict[str, Verb] = {
    "session.choose": facilitating(_choose),
    "session.begin": of_group(_begin_as),
    "session.here": of_session(_here),
    "session.leave": of_session(_leave),
    "session.observe": of_session(_observe),
    "session.open": of_session(_open),
    "session.done": _in_group(_finished, "told.finished"),
    "session.pass": _in_group(_passed, "told.passed"),
    "session.break": _on_panel(_simple(happened.Paused, visit=False)),
    "session.resume": _on_panel(_simple(happened.Resumed, visit=False)),
    "session.take": _on_panel(_simple(happened.TookOver, visit=False)),
    "session.start": _on_panel(_begun),
    "session.pace": _on_panel(_paced),
    "session.next": _on_panel(_advanced),
    "session.back": _on_panel(_simple(happened.WentBack)),
    "session.skip": _on_panel(_simple(happened.Skipped)),
    "session.choices": in_own_chat(of_session(_choices)),
    "session.word": _on_panel(_gave_word),
    "session.extend": _on_panel(_extended),
    "session.hand": _on_panel(_simple(happened.HandedOver, "to", visit=False)),
    "session.co": _on_panel(_co_leader),
    "session.co_end": _on_panel(_simple(happened.EndedCoLeading, visit=False)),
    "session.end": _on_panel(_stopped),
    "session.keep": of_session(_keep),
    "session.send": _own(_wrote),
    "session.edit": in_own_chat(of_session(_edit)),
    "session.bring": in_own_chat(of_session(_bring)),
    "session.leaf": in_own_chat(of_session(_leaf)),
    "session.collection": anywhere(_leaf_collection),
    "session.summary": _on_panel(_simple(happened.AskedForSummary, visit=False)),
    "session.summary_answer": _on_panel(_answers_summary),
    "session.remove": in_own_chat(of_session(_remove)),
    "session.share": in_own_chat(of_session(_share)),
    "session.out": of_group(_take_out),
    "session.withdraw": _own(_simple(happened.Withdrew, "id", visit=False)),
    "session.ask": _on_panel(_simple(happened.Asked, "theme")),
    "session.agree": _own(_worded),
    "session.confirm": _own(_confirmed),
    "session.vote": _own(_listing(happened.Voted, "choices", "choices")),
    "session.pick": _own(_listing(happened.Picked, "contributions", "picked")),
    "session.rate": _own(_rated),
    "session.place": _own(_placed),
    "session.answer": _own(_answered),
    "session.stop": _own(_simple(happened.OwnerStopped, visit=False)),
}
