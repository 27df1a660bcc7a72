"""Sessions: what is written and pressed in the group, on the panel, and in one's own part."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TypeAlias, get_args

from sqlalchemy.exc import IntegrityError

from bot import pseudonyms
from bot.cards import own, panel
from bot.cards import session as cards
from bot.cards import study as study_cards
from bot.cards.fitting import too_large
from bot.cards.parts import notice
from bot.gateway.events import Json, Origin, Press, Say, SendError
from bot.perform import Reply
from bot.presses import integer, text
from bot.sessions import Also, Done, Live, Taken, phase_name
from bot.texts import Texts
from bot.turns import studies
from bot.turns.sending_sessions import meeting_of, new_id
from bot.turns.services import Services
from bot.turns.shared import Command, Said, Verb, personal_chat, personally
from dialogs import session as happened
from dialogs import standing
from dialogs.method import Method, Pace
from dialogs.session import (
    MAX_MEMBERS,
    TEXT_LIMIT,
    Event,
    Gathering,
    Notice,
    PersonId,
    Refused,
    Session,
    ThemesLeft,
    Told,
)
from dialogs.text import TooLong
from storage.groups import Circle, Group, Membership
from storage.operational import Transaction
from storage.sessions import Card

ZONE = "Europe/Oslo"
"""Of a group that nobody has given one."""
RETENTION = timedelta(days=365)
"""How long a group is kept that began without a plan."""

_Event: TypeAlias = Callable[[Services, Press, Session], Event | None]


# --- Written in the group -----------------------------------------------------------------------


async def _start(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    """Gather; once gathered, begin; once begun, show where we are."""
    if origin.is_personal:
        return say("session.where")
    live = await services.sessions.at(origin.conversation.id)
    if live is None:
        return await _gather(services, origin, say, rest)
    if isinstance(live.session.stage, Gathering):
        done = await services.sessions.act(live.id, _starting(services, origin.person.id))
        return _lines(say, done) if done else None
    return await _bring_down(services, live, say)


def _starting(services: Services, by: PersonId) -> Callable[[Session], Event]:
    return lambda session: _started(services, by, session)


async def _gather(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    if await services.groups.leads_at(origin.person.id, origin.conversation):
        return say("plan.fault.leads_here")
    here = await services.operational.groups.at_place(origin.conversation.id)
    if len(here) > 1:
        named = [group for group in here if group.name.casefold() == rest.casefold()]
        if len(named) != 1:
            return say("session.which", names=", ".join(f"«{group.name}»" for group in here))
        here = named
    if here:
        return await _gather_group(services, origin, say, here[0])
    if not await services.is_facilitator(origin):
        return say("session.start.no")
    method = services.methods.named(rest, say.language) if rest else None
    if method is None:
        return cards.methods(say, services.methods.all())
    return await _gather_new(services, origin, say, method)


async def _gather_group(services: Services, origin: Origin, say: Texts, group: Group) -> Said:
    circle = await services.operational.groups.circle(group.id)
    person = origin.person.id
    if circle is None:
        return say("session.none")
    is_one_of_them = person == group.facilitator or circle.member(person) is not None
    if not is_one_of_them and not await services.is_facilitator(origin):
        return say("session.start.no")
    return await _begin(services, origin, say, circle)


async def _gather_new(services: Services, origin: Origin, say: Texts, method: Method) -> Said:
    """A group that begins without a plan: it has this method, and belongs to this place."""
    today = services.now().date()
    group = Group(
        name="",
        method=method.id,
        language=say.language,
        timezone=origin.timezone or ZONE,
        conversation=asdict(origin.conversation),
        place=origin.conversation.id,
        facilitator=origin.person.id,
        size_min=method.frame.min_size,
        size_max=method.frame.max_size,
        created=today,
        retention=today + RETENTION,
    )
    try:
        async with services.operational.begin() as transaction:
            transaction.also(services.operational.groups.add(Circle(group)))
    except IntegrityError:  # somebody else was quicker
        return say("session.taken")
    return await _begin(services, origin, say, Circle(group))


async def _begin(services: Services, origin: Origin, say: Texts, circle: Circle) -> Said:
    try:
        await services.sessions.begin(circle, origin.conversation, origin.person.id)
    except Taken:
        return say("session.taken")
    services.dispatcher.wake()
    return None


async def _bring_down(services: Services, live: Live, say: Texts) -> Said:
    """The card again, at the bottom of the chat; the old one says that it has moved."""
    place, name = live.place, phase_name(live.visit)
    old = (await services.sessions.stored.cards(live.id)).get(name)
    card = cards.group_card(say, meeting_of(live))
    activity = await services.teams.send_card(place, card, live.method.title[say.language])
    async with services.operational.begin() as transaction:
        new = Card(name, live.stored.reference, activity)
        transaction.also(services.sessions.stored.put_card(live.id, new))
    if old is not None:
        services.live_cards.put(place, old.activity, study_cards.message(say("session.moved")))
    return None


async def _status(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    """Where the session is; without one, what facilitators want to know of the studies."""
    if live := await services.sessions.at(origin.conversation.id):
        return await _bring_down(services, live, say)
    if await services.is_facilitator(origin):
        return await studies.status(services, origin, say, rest)
    return say("session.none")


async def _collection(services: Services, origin: Origin, say: Texts, _: str) -> Said:
    return await _collected(services, origin, say, 0)


async def _collected(services: Services, origin: Origin, say: Texts, page: int) -> Json | str:
    """In the group: what it keeps is for its members' eyes."""
    if origin.is_personal:
        return say("session.where")
    here = await services.operational.groups.at_place(origin.conversation.id)
    if len(here) != 1:
        return say("session.none")
    texts_ = await services.sessions.stored.collection(here[0].id)
    return cards.collection(say, here[0].name, texts_, page)


def _commanded(kind: type) -> Command:
    """The same as a button of the panel, on the card that is open now."""

    async def command(services: Services, origin: Origin, say: Texts, _: str) -> Said:
        if origin.is_personal:
            return say("session.where")
        live = await services.sessions.at(origin.conversation.id)
        if live is None:
            return say("session.none.pause" if kind is happened.Paused else "session.none")
        event: Event = kind(**_who(services, origin.person.id))
        done = await services.sessions.act(live.id, lambda _: event)
        services.dispatcher.wake()
        return _lines(say, done) if done and done.notices else None

    return command


def _who(services: Services, person: PersonId) -> Json:
    """What every event takes: who, when, and chance."""
    return {"by": person, "at": services.now(), "seed": secrets.randbits(64)}


# --- Pressed ------------------------------------------------------------------------------------


def _visit(press: Press) -> int:
    visit = integer(press.data, "visit")
    return -1 if visit is None else visit


async def _happen(
    services: Services, press: Press, make: _Event, also: Also | None = None
) -> Done | None:
    """Let a press happen in the session that its card names; None where there is none."""
    done = await services.sessions.act(
        text(press.data, "session"), lambda session: make(services, press, session), also
    )
    if done is not None:
        await _recognise(services, press, done.live)
    services.dispatcher.wake()
    return done


async def _recognise(services: Services, press: Press, live: Live) -> None:
    visit = integer(press.data, "visit")
    if press.card_id and visit is not None and not press.origin.is_personal:
        await services.sessions.recognise(live, visit, press.card_id)


def _in_group(make: _Event, fallback: str) -> Verb:
    """A button of the group's card: a line for the presser; the card follows for everyone."""

    async def verb(services: Services, press: Press, say: Texts) -> Reply:
        done = await _happen(services, press, make)
        if done is None:
            return Say(say("session.none"))
        if press.origin.is_personal:
            return await _own_card(services, press, say, done)
        return Say(_lines(say, done) or say(fallback))

    return verb


def _on_panel(make: _Event) -> Verb:
    """A button of the panel, or of the group's card where the facilitator pressed it."""

    async def verb(services: Services, press: Press, say: Texts) -> Reply:
        done = await _happen(services, press, make)
        if done is None:
            return Say(say("session.none"))
        if not press.origin.is_personal:
            return Say(_lines(say, done) or say("told.done"))
        return await _panel(services, press, say, done)

    return verb


def _own(make: _Event) -> Verb:
    """A button of a member's own part."""

    async def verb(services: Services, press: Press, say: Texts) -> Reply:
        done = await _happen(services, press, make)
        if done is None:
            return Say(say("session.none"))
        return await _own_card(services, press, say, done)

    return personally(verb)


async def _panel(services: Services, press: Press, say: Texts, done: Done) -> Reply:
    live, person = done.live, press.origin.person.id
    if live.session.facilitator != person:
        return panel.handed_over(say, meeting_of(live))
    prepared = await services.sessions.stored.written(
        live.stored.group, live.stored.meeting, "form"
    )
    line = _lines(say, done)
    return panel.panel(say, meeting_of(live), prepared, notice(line) if line else None)


async def _own_card(services: Services, press: Press, say: Texts, done: Done) -> Reply:
    """The member's part after a press; what they wrote stays where it was not taken.

    What has no room on the card stays in the field that it was written in.
    """
    person, live = press.origin.person.id, done.live
    refused = any(not isinstance(each, Told) for each in done.notices)
    ident = text(press.data, "id")
    is_mine = any(each.id == ident for each in standing.mine(live.session, person))
    card = own.own(
        own.Desk(
            say,
            meeting_of(live),
            person,
            ident if refused and ident and not is_mine else new_id(),
            notices=done.notices,
            text=text(press.data, "text") if refused else "",
            editing=ident if refused and is_mine else "",
            form=await services.sessions.form(live, person),
            note=await services.sessions.note(live, person),
        )
    )
    return Say(_lines(say, done)) if refused and too_large(card) else card


async def _open(services: Services, press: Press, say: Texts) -> Reply:
    """Bring a member's own part down in the personal chat, once a minute at most."""
    live = await services.sessions.get(text(press.data, "session"))
    if live is None or live.is_over:
        return Say(say("session.none"))
    if not standing.is_here(live.session, press.origin.person.id):
        return Say(say("refused.not_a_member"))
    try:
        chat = await personal_chat(services, press.origin)
    except SendError:
        return Say(say("study.start.not_installed"))
    person, minute = press.origin.person, services.now().strftime("%Y%m%d%H%M")
    async with services.operational.begin() as transaction:
        transaction.remember(person.id, person.teams_id, asdict(chat), press.origin.timezone)
    await services.sessions.bring(live, person.id, f"{live.visit}:{minute}")
    await _recognise(services, press, live)
    services.dispatcher.wake()
    return Say(say("session.opened"))


async def _edit(services: Services, press: Press, say: Texts) -> Reply:
    """The contribution comes back into the field."""
    live = await services.sessions.get(text(press.data, "session"))
    if live is None:
        return Say(say("session.none"))
    person, ident = press.origin.person.id, text(press.data, "id")
    if not any(each.id == ident for each in standing.mine(live.session, person)):
        return await _own_card(services, press, say, Done(live, (Refused("shown"),)))
    form = await services.sessions.form(live, person)
    return own.own(own.Desk(say, meeting_of(live), person, new_id(), editing=ident, form=form))


async def _leaf(services: Services, press: Press, say: Texts) -> Reply:
    """Another page of what a member has written, or of their note."""
    live = await services.sessions.get(text(press.data, "session"))
    if live is None:
        return Say(say("session.none"))
    person, ident = press.origin.person.id, text(press.data, "id")
    written = text(press.data, "text")
    is_mine = any(each.id == ident for each in standing.mine(live.session, person))
    card = own.own(
        own.Desk(
            say,
            meeting_of(live),
            person,
            new_id(),
            text=written,
            editing=ident if is_mine else "",
            form=await services.sessions.form(live, person),
            note=await services.sessions.note(live, person),
            page=integer(press.data, "page") or 0,
            note_page=integer(press.data, "note"),
        )
    )
    if too_large(card):
        return Say(say("own.too_long", length=len(written), limit=TEXT_LIMIT))
    return card


async def _leaf_collection(services: Services, press: Press, say: Texts) -> Reply:
    """Another page of what the group of this chat keeps, as a card of its own.

    In the place of the pressed card, a forged press could put it over a phase.
    """
    page = integer(press.data, "page") or 0
    answer = await _collected(services, press.origin, say, page)
    if isinstance(answer, str):
        return Say(answer)
    await services.teams.send_card(press.origin.conversation, answer, say("session.collection"))
    return Say(say("session.chosen"))


async def _here(services: Services, press: Press, say: Texts) -> Reply:
    done = await _happen(services, press, _joined, _enrolling(services, press.origin))
    if done is None:
        return Say(say("session.none"))
    return Say(_lines(say, done) or say("told.here"))


def _enrolling(services: Services, origin: Origin) -> Also:
    """Know how to reach them; and who takes part in a group without sign-up belongs to it.

    In the transaction of the step, so that of eight at once nobody is left out.
    """
    person = origin.person

    def enrol(transaction: Transaction, live: Live) -> None:
        circle = live.circle
        if circle.member(person.id):
            return
        transaction.remember(person.id, person.teams_id, timezone=origin.timezone)
        if circle.group.card is None:
            members = (*circle.members, Membership(person.id, person.name))
            transaction.also(services.operational.groups.save(replace(circle, members=members)))

    return enrol


async def _observe(services: Services, press: Press, say: Texts) -> Reply:
    """For research only: the sheet comes in the personal chat, and goes sealed to the urn."""
    live = await services.sessions.get(text(press.data, "session"))
    if live is None:
        return Say(say("session.none"))
    sheet = live.method.observer
    if not sheet or not await services.studies.is_open(sheet):
        return Say(say("session.observe.closed", sheet=sheet))
    try:
        chat = await personal_chat(services, press.origin)
    except SendError:
        return Say(say("study.start.not_installed"))
    done = await _happen(services, press, _observed)
    if done is None or any(isinstance(each, Refused) for each in done.notices):
        return Say(_lines(say, done) if done else say("session.none"))
    await studies.send_information(services, press, say, await services.studies.get(sheet), chat)
    return Say(say("told.observing"))


async def _choose(services: Services, press: Press, say: Texts) -> Reply:
    """A method for a place that has no group."""
    if not await services.is_facilitator(press.origin):
        return Say(say("session.start.no"))
    method = services.methods.find(text(press.data, "method"))
    if method is None or press.origin.is_personal:
        return Say(say("session.none"))
    if await services.sessions.at(press.origin.conversation.id):
        return Say(say("session.taken"))
    answer = await _gather_new(services, press.origin, say, method)
    return Say(answer) if isinstance(answer, str) else study_cards.message(say("session.chosen"))


def _joined(services: Services, press: Press, _: Session) -> Event:
    person = press.origin.person
    name = person.name or person.id[:8]
    role = text(press.data, "role")
    return happened.Joined(**_who(services, person.id), name=name, role=role)


def _observed(services: Services, press: Press, _: Session) -> Event:
    person = press.origin.person
    return happened.Observed(**_who(services, person.id), name=person.name)


def _wrote(services: Services, press: Press, _: Session) -> Event:
    return happened.Wrote(
        **_who(services, press.origin.person.id),
        visit=_visit(press),
        id=text(press.data, "id") or new_id(),
        text=text(press.data, "text"),
        theme=text(press.data, "theme"),
        anyway=text(press.data, "anyway") == "yes",
        is_open=text(press.data, "open") == "true",
        is_shared=text(press.data, "share") == "true",
    )


def _finished(services: Services, press: Press, _: Session) -> Event:
    return happened.Finished(
        **_who(services, press.origin.person.id),
        visit=_visit(press),
        anyway=text(press.data, "anyway") == "yes",
    )


def _worded(services: Services, press: Press, _: Session) -> Event:
    return happened.Worded(
        **_who(services, press.origin.person.id),
        visit=_visit(press),
        text=text(press.data, "text"),
        edition=integer(press.data, "edition") or 0,
        anyway=text(press.data, "anyway") == "yes",
    )


def _confirmed(services: Services, press: Press, _: Session) -> Event:
    return happened.Confirmed(
        **_who(services, press.origin.person.id),
        visit=_visit(press),
        edition=integer(press.data, "edition") or 0,
    )


def _advanced(services: Services, press: Press, _: Session) -> Event:
    return happened.Advanced(
        **_who(services, press.origin.person.id),
        visit=_visit(press),
        turn=integer(press.data, "turn"),
    )


def _rated(services: Services, press: Press, _: Session) -> Event:
    prefix = "scale."
    values = {
        key.removeprefix(prefix): value
        for key in press.data
        if key.startswith(prefix) and (value := integer(press.data, key)) is not None
    }
    return happened.Rated(
        **_who(services, press.origin.person.id), visit=_visit(press), values=values
    )


def _placed(services: Services, press: Press, _: Session) -> Event:
    """What lies on both axes; a place on one of them is none."""
    prefix = "across."
    places = {
        ident: (x, y)
        for key in press.data
        if key.startswith(prefix)
        and (ident := key.removeprefix(prefix))
        and (x := integer(press.data, key)) is not None
        and (y := integer(press.data, f"up.{ident}")) is not None
    }
    return happened.Placed(
        **_who(services, press.origin.person.id), visit=_visit(press), places=places
    )


def _extended(services: Services, press: Press, session: Session) -> Event | None:
    minutes, days = integer(press.data, "minutes") or 0, integer(press.data, "days") or 0
    more = timedelta(days=days, minutes=minutes)
    if session.opened is None or not timedelta() < more <= timedelta(days=14):
        return None
    until = max(session.opened.until, services.now()) + more
    return happened.Extended(
        **_who(services, press.origin.person.id), visit=_visit(press), until=until
    )


def _paced(services: Services, press: Press, _: Session) -> Event | None:
    wanted = text(press.data, "pace")
    for pace in get_args(Pace):
        if pace == wanted:
            return happened.PaceSet(**_who(services, press.origin.person.id), pace=pace)
    return None


def _begun(services: Services, press: Press, session: Session) -> Event:
    return _started(services, press.origin.person.id, session)


def _started(services: Services, by: PersonId, session: Session) -> Event:
    names = pseudonyms.for_session(session.language, MAX_MEMBERS)
    return happened.Started(**_who(services, by), names=names)


def _simple(kind: type, *inputs: str, visit: bool = True) -> _Event:
    """An event that takes these texts of the card, and the visit that it showed."""

    def make(services: Services, press: Press, _: Session) -> Event:
        values: Json = {name: text(press.data, name) for name in inputs}
        if visit:
            values["visit"] = _visit(press)
        event: Event = kind(**_who(services, press.origin.person.id), **values)
        return event

    return make


def _listing(kind: type, field: str, key: str) -> _Event:
    """An event that takes a list of choices, as Teams gives it: with commas between."""

    def make(services: Services, press: Press, _: Session) -> Event:
        chosen = tuple(dict.fromkeys(filter(None, text(press.data, key).split(","))))
        event: Event = kind(
            **_who(services, press.origin.person.id), visit=_visit(press), **{field: chosen}
        )
        return event

    return make


def _lines(say: Texts, done: Done) -> str:
    """What there is to say, as a line; empty where there is nothing."""
    return "\n\n".join(_line(say, each) for each in done.notices)


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
    return say("session.opened")


COMMANDS: dict[str, Command] = {
    "start": _start,
    "status": _status,
    "collection": _collection,
    "next": _commanded(happened.Advanced),
    "back": _commanded(happened.WentBack),
    "pause": _commanded(happened.Paused),
    "resume": _commanded(happened.Resumed),
    "end": _commanded(happened.Stopped),
}
VERBS: dict[str, Verb] = {
    "session.choose": _choose,
    "session.here": _here,
    "session.leave": _in_group(_simple(happened.Left, visit=False), "told.left"),
    "session.observe": _observe,
    "session.open": _open,
    "session.done": _in_group(_finished, "told.done"),
    "session.pass": _in_group(_simple(happened.Passed), "told.passed"),
    "session.break": _on_panel(_simple(happened.Paused, visit=False)),
    "session.resume": _on_panel(_simple(happened.Resumed, visit=False)),
    "session.take": _on_panel(_simple(happened.TookOver, visit=False)),
    "session.start": _on_panel(_begun),
    "session.pace": _on_panel(_paced),
    "session.next": _on_panel(_advanced),
    "session.back": _on_panel(_simple(happened.WentBack)),
    "session.skip": _on_panel(_simple(happened.Skipped)),
    "session.word": _on_panel(_simple(happened.GaveWord, "to")),
    "session.extend": _on_panel(_extended),
    "session.hand": _on_panel(_simple(happened.HandedOver, "to", visit=False)),
    "session.end": _on_panel(_simple(happened.Stopped, visit=False)),
    "session.send": _own(_wrote),
    "session.edit": personally(_edit),
    "session.leaf": personally(_leaf),
    "session.collection": _leaf_collection,
    "session.withdraw": _own(_simple(happened.Withdrew, "id", visit=False)),
    "session.ask": _on_panel(_simple(happened.Asked, "theme")),
    "session.agree": _own(_worded),
    "session.confirm": _own(_confirmed),
    "session.vote": _own(_listing(happened.Voted, "choices", "choices")),
    "session.pick": _own(_listing(happened.Picked, "contributions", "picked")),
    "session.rate": _own(_rated),
    "session.place": _own(_placed),
    "session.stop": _own(_simple(happened.OwnerStopped, visit=False)),
}
