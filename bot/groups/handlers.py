"""Groups: planned, signed up for, and looked after; what is written and pressed about them."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from secrets import token_hex
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.delivery.recipients import People
from bot.gateway.deep_links import link_to
from bot.gateway.events import Conversation, Final, Json, Origin, Press, Say, SendError
from bot.groups import cards
from bot.groups.calendar import calendar
from bot.groups.cards import GroupView
from bot.groups.service import GroupChanged, LeadsHere, NoSuchZone, Pressed, Refusal
from bot.routing.needs import (
    HasClock,
    HasDispatcher,
    HasGroups,
    HasMethods,
    HasOperational,
    HasSessions,
    HasSettings,
    HasStudies,
    HasTeams,
)
from bot.routing.scopes import OfGroup, Verb, by_leader, facilitating, in_own_chat, of_group
from bot.routing.shared import CommandHandler, CommandReply
from bot.studies.cards.study import message
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, integer, text
from bot.ui.dates import full_day, full_moment
from bot.ui.elements import kinds_of, plain
from bot.ui.texts import Texts, language_of, texts
from bot.ui.zones import zone_named, zone_or_ours
from dialogs.groups import planning, signup
from dialogs.groups.group import (
    AddMeeting,
    Cancel,
    End,
    EndCoLeading,
    Event,
    Gone,
    Group,
    HandOver,
    Meets,
    Move,
    NameCoLeader,
    NoCoLeader,
    Occupied,
    Overlap,
    PostCard,
    Rename,
    Restore,
    SignUp,
    Tie,
    Wish,
    overlap,
)
from dialogs.groups.planning import BadNumber, Missing, NotUnderstood, Plan
from dialogs.groups.signup import Join, Leave, Membership, Resize
from dialogs.groups.working_hours import working_days_from
from dialogs.groups.yearly import summary
from dialogs.sessions.state import EndedCoLeading, NamedCoLeader
from dialogs.studies.study import LANGUAGES, Language
from dialogs.writing.door import RecognisedWords


class Needs(
    HasDispatcher,
    HasGroups,
    HasMethods,
    HasClock,
    HasOperational,
    HasSessions,
    HasSettings,
    HasStudies,
    HasTeams,
    Protocol,
):
    """What these handlers work with."""


_FIELDS = (
    *("name", "method", "day", "time", "meetings", "interval", "minutes", "size"),
    *("least", "days"),
)

_TRIED_DAYS = 60
"""Working days on which an example looks for time that its facilitator has free."""


# --- Written ------------------------------------------------------------------------------------


async def _plan(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """A group here: what a line says is shown first, and what it lacks is asked for by a form."""
    if origin.is_personal:
        return say("plan.where")
    if hindrance := await services.groups.hindrance(origin):
        return _reason(services, say, hindrance)
    zone, form = zone_or_ours(origin.timezone), token_hex(8)
    if not rest:
        given = {"zone": zone, "language": say.language}
        return cards.form(say, services.methods.all(), given, form)
    today = services.now().astimezone(ZoneInfo(zone)).date()
    read = planning.read(rest, services.methods.all(), today)
    problem: Refusal | None
    if isinstance(read, Plan):
        wish = Wish(read, say.language, zone)
        problem = await services.groups.against(origin, wish)
        if problem is None:
            method = services.methods.get(read.method)
            return cards.proposal(say, method, read, _filled_in(wish), form)
    else:
        problem = read
    near = await _near(services, origin, say, rest)
    told = f"{_unplanned(services, say, problem, rest)} {say('plan.filled')}"
    return cards.form(say, services.methods.all(), _filled_in(near), form, told)


async def _groups(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    """One's own groups; in a channel or chat, only where to see them."""
    if not origin.is_personal:
        return say("groups.in_personal")
    person = origin.person.id
    begun = await services.operational.groups.leading(person)
    led = [group for group in begun if services.groups.method(group).after.keeps]  # no talks
    theirs = await services.operational.groups.of_person(person)
    return cards.groups(
        say,
        [await _view(services, group) for group in led],
        [await _view(services, group) for group in theirs],
        person,
    )


async def _year(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """The last year that is over, or an earlier one: one that is not would tell of each meeting."""
    if not origin.is_personal:
        return say("groups.in_personal")
    today = services.now().astimezone(ZoneInfo(zone_or_ours(origin.timezone))).date()
    wanted = re.search(r"\b[12]\d{3}\b", rest)
    number = int(wanted[0]) if wanted else today.year - 1
    if number >= today.year:
        return say("year.not_over", year=number)
    counts = await services.operational.yearly.of(number)
    titles = {method.id: method.title[say.language] for method in services.methods.all()}
    return cards.year(say, number, summary(counts), titles)


async def _view(services: Needs, group: Group) -> GroupView:
    method, roster = services.groups.method(group), services.groups.roster(group)
    quiet = await services.operational.preferences.quiet(group.id)
    return GroupView(group, method, roster, services.settings.calendars, services.now(), quiet)


# --- What cannot be done ------------------------------------------------------------------------


def _unplanned(services: Needs, say: Texts, obstacle: Refusal, rest: str) -> str:
    """What was wrong; and the methods, where none was named."""
    told = _reason(services, say, obstacle)
    if isinstance(obstacle, NotUnderstood) and not _names_a_method(services, say, rest):
        names = ", ".join(method.title[say.language] for method in services.methods.all())
        told += f" {say('plan.methods', names=names)}"
    return told


def _names_a_method(services: Needs, say: Texts, line: str) -> bool:
    said = line.casefold()
    return any(
        name.casefold() in said
        for method in services.methods.all()
        for name in (method.id, method.title[say.language])
    )


def _reason(services: Needs, say: Texts, refusal: Refusal) -> str:
    match refusal:
        case Overlap(starts, group):
            zone, name = ZoneInfo(group.timezone), services.groups.name(group, say.language)
            at = full_moment(say, starts, zone)
            return say("plan.fault.overlap", name=plain(name), at=at)
        case Occupied(group):
            name = services.groups.name(group, say.language)
            return say("plan.fault.occupied", name=plain(name))
    return fault_text(say, refusal)


def fault_text(
    say: Texts, fault: planning.Fault | LeadsHere | NoSuchZone | Gone | Meets | NoCoLeader
) -> str:
    """What is wrong with what was written or filled in."""
    match fault:
        case Missing(what):
            return say(f"plan.fault.missing.{what}")
        case NotUnderstood(words):
            return say("plan.fault.not_understood", words=plain(words[:60]))
        case BadNumber(what, number, least, most):
            return say(f"plan.fault.bad_number.{what}", number=number, least=least, most=most)
        case RecognisedWords():
            return say("text.hard", kinds=kinds_of(say, fault.kinds))
        case NoCoLeader(why):
            return say(f"manage.co.{why}")
    values = {field.name: shown(say, getattr(fault, field.name)) for field in fields(fault)}
    key = fault.kind
    own = f"text.{key}" if key in ("too_long", "unstorable") else f"plan.fault.{key}"
    return say(own, **values)


def shown(say: Texts, value: object) -> object:
    """A day, a time or somebody's words, as a text shows them."""
    match value:
        case date():
            return full_day(say, value)
        case time():
            return f"{value:%H:%M}"
        case str():
            return plain(value)
    return value


async def _near(services: Needs, origin: Origin, say: Texts, rest: str) -> Wish:
    """What can be planned and is nearest to what was written: all of it stays that can."""
    methods, zone = services.methods.all(), zone_or_ours(origin.timezone)
    today = services.now().astimezone(ZoneInfo(zone)).date()
    day = working_days_from(today + timedelta(days=7), 1)
    plan = planning.suggested(rest, methods, today, (day, time(9)))
    for ahead in range(_TRIED_DAYS):
        if await services.groups.against(origin, Wish(plan, say.language, zone)) is None:
            break
        plan = replace(plan, first=working_days_from(day, ahead))
    return Wish(plan, say.language, zone)


def _filled_in(wish: Wish) -> dict[str, str]:
    """A plan as the form's fields; what it has no field for is carried by its button."""
    plan = wish.plan
    return {
        "name": plan.name,
        "method": plan.method,
        "day": plan.first.isoformat(),
        "time": f"{plan.at:%H:%M}",
        "meetings": str(plan.meetings),
        "interval": str(plan.interval),
        "minutes": str(plan.minutes),
        "size": str(plan.size),
        "least": str(plan.least),
        "days": ",".join(day.isoformat() for day in plan.days),
        "language": wish.language,
        "zone": wish.timezone,
    }


# --- Pressed ------------------------------------------------------------------------------------


async def _plan_by_form(services: Needs, press: Press, say: Texts) -> PressReply:
    """The form becomes the sign-up card, or comes back with what was wrong."""
    if press.origin.is_personal:
        return Say(say("plan.where"))
    pressed = Pressed(press.origin, f"plan:{id_of(press.data, 'form')}")
    wish = _wish(services, press, say)
    outcome = (
        await services.groups.plan(pressed, wish, press.card_id) if isinstance(wish, Wish) else wish
    )
    if isinstance(outcome, GroupChanged):
        services.dispatcher.wake()
        return await _signup(services, outcome.group)
    if isinstance(outcome, RecognisedWords):  # the card is everyone's: it stays with its writer
        return Say(_reason(services, say, outcome))
    problem = f"{_reason(services, say, outcome)} {say('plan.kept')}"
    return _form(services, press, say, problem)


async def _change_proposal(services: Needs, press: Press, say: Texts) -> PressReply:
    """What was understood of a line comes into the form."""
    return _form(services, press, say)


def _form(services: Needs, press: Press, say: Texts, problem: str | None = None) -> Json:
    """The form as it was filled in."""
    given = {key: _written(press.data, key) for key in (*_FIELDS, "zone", "language")}
    given["zone"] = zone_or_ours(given["zone"] or press.origin.timezone)
    kept = {key: value for key, value in given.items() if value}
    return cards.form(
        say,
        services.methods.all(),
        kept | {"language": _language(press, say)},
        id_of(press.data, "form"),
        problem,
    )


def _wish(services: Needs, press: Press, say: Texts) -> Wish | Refusal:
    """What was filled in; what is left out is as the method has it."""
    data = press.data
    method = services.methods.find(id_of(data, "method")) or services.methods.all()[0]
    frame = method.frame
    zone = text(data, "zone") or zone_or_ours(press.origin.timezone)
    today = services.now().astimezone(zone_named(zone) or UTC).date()
    first = planning.read_moment(f"{text(data, 'day')} {text(data, 'time')}", today)
    if not isinstance(first, tuple):
        return first
    numbers: dict[str, int] = {}
    for key, usual in (
        ("meetings", frame.meetings),
        ("interval", frame.interval_days),
        ("minutes", frame.minutes),
        ("size", frame.max_size),
    ):
        written = _written(data, key)
        number = integer(data, key) if written else usual
        if number is None or number < 0:
            return NotUnderstood(written)
        numbers[key] = number
    meetings, interval, minutes, size = numbers.values()
    name = text(data, "name").strip()
    least = integer(data, "least") or frame.min_size
    if least > size or not frame.min_size <= least <= frame.max_size:  # of another method
        least = frame.min_size
    days = _days(text(data, "days"))
    if days[:1] != (first[0],) or len(days) != meetings:  # changed in the form
        days = ()
    plan = Plan(method.id, *first, meetings, interval, minutes, least, size, name, days)
    return Wish(plan, _language(press, say), zone)


def _days(written: str) -> tuple[date, ...]:
    """Days as our own button carries them; none where it is forged."""
    try:
        return tuple(sorted({date.fromisoformat(day) for day in written.split(",")}))
    except ValueError:
        return ()


def _language(press: Press, say: Texts) -> Language:
    wanted = id_of(press.data, "language")
    return next((code for code in LANGUAGES if code == wanted), say.language)


def _written(data: Json, key: str) -> str:
    value = data.get(key)
    return str(value) if isinstance(value, str | int) else ""


async def _signup(services: Needs, group: Group) -> Json:
    """The card that everyone sees, in the group's language."""
    return cards.signup(texts(language_of(group.language)), await _view(services, group))


def _pressed(press: Press) -> Pressed:
    """The same button of the same version of a card, pressed by the same person, is one press."""
    version = integer(press.data, "version")
    return Pressed(press.origin, f"{press.verb}:{id_of(press.data, 'group')}:{version}")


async def _join(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    person = press.origin.person
    outcome = await _sign_up(services, press, group, Join(person.id, person.name))
    return await _signed(services, press, say, outcome, stays=True)


async def _leave(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    outcome = await _sign_up(services, press, group, Leave(press.origin.person.id))
    return await _signed(services, press, say, outcome, stays=False)


async def _sign_up(
    services: Needs, press: Press, group: Group, event: signup.Event
) -> GroupChanged | Refusal:
    sees, by = press.origin.is_personal, press.origin.person.id
    happened = SignUp(at=services.now(), event=event, by=by, sees=sees)
    return await _happen(services, press, group, happened)


async def _signed(
    services: Needs, press: Press, say: Texts, outcome: GroupChanged | Refusal, *, stays: bool
) -> PressReply:
    """In one's own chat the card as it is now; where everyone sees the card, a line for oneself."""
    if not isinstance(outcome, GroupChanged):
        return Say(say("group.gone"))
    services.dispatcher.wake()
    group, person = outcome.group, press.origin.person.id
    if press.origin.is_personal:
        return cards.member(say, await _view(services, group), person)
    found = group.member(person)
    if stays != bool(found):  # the card was old, and this its second press
        return await _signup(services, group)
    if found is None:
        return Say(say("signup.done.left"))
    place = services.groups.roster(group).place(person) if found.status == "waiting" else 0
    line = say(f"signup.done.{found.status}", place=place)
    if not await _can_be_reached(services, press):
        line = f"{line} {say('signup.unreachable')}"
    elif found.status == "joined":
        line = f"{line} {say('signup.coming')}"
    return Say(line)


async def _can_be_reached(services: Needs, press: Press) -> bool:
    """Whether letters and reminders will arrive; nobody learns it later."""
    people = People(services.operational, services.teams)
    try:
        await people.chat(press.origin.person.id, press.origin.conversation)
    except Final:
        return False
    except SendError:  # Teams is away for now
        return True
    return True


async def _show(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    return cards.member(say, await _view(services, group), press.origin.person.id)


# --- The panel ----------------------------------------------------------------------------------


def _led(verb: OfGroup) -> Verb:
    """For whoever leads the group, and in their own chat: the panel names its members."""
    return in_own_chat(by_leader(verb), "groups.in_personal")


async def _panel(services: Needs, _: Press, say: Texts, group: Group) -> PressReply:
    return await _drawn(services, say, group)


async def _drawn(
    services: Needs, say: Texts, group: Group, problem: str | None = None, done: str | None = None
) -> Json:
    view = await _view(services, group)
    offered = await services.studies.to_tie(group.questionnaire)
    return cards.panel(say, replace(view, questionnaires=offered), problem, done)


async def _move(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    """A day or a time that is left out stays as it was."""
    meeting = group.meeting(id_of(press.data, "moved"))
    if meeting is None:
        return await _panel_after(services, say, group, Gone(), "moved")
    old = meeting.starts_at.astimezone(group.zone)
    day = text(press.data, "day") or old.date().isoformat()
    at = text(press.data, "time") or f"{old:%H:%M}"
    to = planning.read_moment(f"{day} {at}", services.now().astimezone(group.zone).date())
    if not isinstance(to, tuple):
        return await _panel_after(services, say, group, to, "moved")
    starts = planning.moment(*to, group.zone, services.now())
    if starts == meeting.starts_at:
        return await _drawn(services, say, group, say("manage.same"))
    by = press.origin.person.id
    busy = await services.operational.groups.led_by(by)
    is_coming = meeting in group.coming(services.now())
    if not _is_sure(press) and is_coming and isinstance(starts, datetime):
        if clash := overlap([replace(meeting, starts_at=starts)], busy):
            return await _panel_after(services, say, group, clash, "moved")
        carried = {"moved": meeting.id, "day": to[0].isoformat(), "time": f"{to[1]:%H:%M}"}
        return cards.sure_to_move(say, await _view(services, group), meeting, starts, carried)
    event = Move(at=services.now(), by=by, meeting=meeting.id, to=to, busy=busy)
    outcome = await _happen(services, press, group, event)
    return await _panel_after(services, say, group, outcome, "moved")


async def _cancel(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    by, meeting = press.origin.person.id, id_of(press.data, "cancelled")
    named = group.meeting(meeting)
    if not _is_sure(press) and named in group.coming(services.now()):
        return cards.sure_to_cancel(say, await _view(services, group), named)
    event = Cancel(at=services.now(), by=by, meeting=meeting)
    outcome = await _happen(services, press, group, event)
    return await _panel_after(services, say, group, outcome, "cancelled")


async def _restore(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    by, meeting = press.origin.person.id, id_of(press.data, "restored")
    busy = await services.operational.groups.led_by(by)
    event = Restore(at=services.now(), by=by, meeting=meeting, busy=busy)
    outcome = await _happen(services, press, group, event)
    return await _panel_after(services, say, group, outcome, "restored")


async def _add(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    written = f"{text(press.data, 'new_day')} {text(press.data, 'new_time')}"
    to = planning.read_moment(written, services.now().astimezone(group.zone).date())
    if not isinstance(to, tuple):
        return await _panel_after(services, say, group, to, "added")
    by = press.origin.person.id
    busy = await services.operational.groups.led_by(by)
    event = AddMeeting(at=services.now(), by=by, to=to, busy=busy)
    outcome = await _happen(services, press, group, event)
    return await _panel_after(services, say, group, outcome, "added")


def _is_sure(press: Press) -> bool:
    """Whether somebody has seen what the press will do."""
    return text(press.data, "sure") == "yes"


async def _resize(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    size = integer(press.data, "size")
    if size is None:
        wrong = NotUnderstood(_written(press.data, "size"))
        return await _panel_after(services, say, group, wrong, "size")
    outcome = await _sign_up(services, press, group, Resize(size))
    return await _panel_after(services, say, group, outcome, "size")


async def _rename(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    event = Rename(at=services.now(), name=text(press.data, "name"))
    outcome = await _happen(services, press, group, event)
    return await _panel_after(services, say, group, outcome, "renamed")


async def _tie(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    """A questionnaire before the first meeting and after the last, or none."""
    chosen = id_of(press.data, "tied")
    offered = {study.id for study in await services.studies.to_tie(group.questionnaire)}
    if chosen and chosen not in offered:
        return await _drawn(services, say, group, say("manage.questionnaire.gone"))
    event = Tie(at=services.now(), questionnaire=chosen or None)
    outcome = await _happen(services, press, group, event)
    return await _panel_after(services, say, group, outcome, "tied" if chosen else "untied")


async def _take_out(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    """Who has left, and has not said so: their seat goes to the next in line."""
    person = text(press.data, "person")
    if not group.member(person):
        return await _drawn(services, say, group, say("manage.who.none"))
    outcome = await _sign_up(services, press, group, Leave(person))
    return await _panel_after(services, say, group, outcome, "out")


async def _give(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    to, by = text(press.data, "person"), press.origin.person.id
    if not group.member(to):
        return await _drawn(services, say, group, say("manage.who.none"))
    outcome = await _happen(services, press, group, HandOver(at=services.now(), by=by, to=to))
    if isinstance(outcome, GroupChanged):
        services.dispatcher.wake()
        return cards.member(say, await _view(services, outcome.group), by)
    return await _panel_after(services, say, group, outcome, "out")


async def _co_leads(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    """Somebody with a seat is to lead as well."""
    outcome = await _name_co_leader(services, press.origin, group, text(press.data, "person"))
    return await _panel_after(services, say, group, outcome, "co")


async def _name_co_leader(
    services: Needs, origin: Origin, group: Group, to: str
) -> GroupChanged | Refusal:
    """In the meeting that is under way as well: whoever is there is told there, and once."""
    by, now = origin.person.id, services.now()
    named = NamedCoLeader(by=by, at=now, seed=0, to=to)
    session = await services.sessions.stored.open_of(group.id)
    done = await services.sessions.act(session, lambda _: named) if session else None
    sees = done is not None and done.live.session.co_leader == to
    event = NameCoLeader(at=now, to=to, sees=sees)
    return await services.groups.act(group.id, event)


async def _end_co_leading(services: Needs, origin: Origin, group: Group) -> GroupChanged | Refusal:
    """And in the meeting that is under way."""
    ended = EndedCoLeading(by=origin.person.id, at=services.now(), seed=0)
    if session := await services.sessions.stored.open_of(group.id):
        await services.sessions.act(session, lambda _: ended)
    return await services.groups.act(group.id, EndCoLeading(at=services.now()))


async def _leads_alone(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    outcome = await _end_co_leading(services, press.origin, group)
    person = press.origin.person.id
    if isinstance(outcome, GroupChanged) and not outcome.group.leads(person):
        services.dispatcher.wake()
        return cards.member(say, await _view(services, outcome.group), person)
    return await _panel_after(services, say, group, outcome, "co_end")


async def _will_not_lead(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    """No to leading together with another; of whoever does not, nothing changes."""
    if press.origin.person.id == group.co_leader:
        await _end_co_leading(services, press.origin, group)
        services.dispatcher.wake()
    return message(say("co.no"))


_NOBODY = frozenset(("nei", "ingen", "no", "nobody", "no one", "none"))


def says_nobody(rest: str) -> bool:
    """Whether what was written says that nobody is to."""
    return rest.casefold().strip(" .!") in _NOBODY


async def co_leader_by_name(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """Of the one group that is led here, or anywhere: who leads as well, or nobody."""
    person = origin.person.id
    near = services.operational.groups
    found = await (
        near.leading(person) if origin.is_personal else near.at_place(origin.conversation.id)
    )
    led = [group for group in found if group.leads(person)]
    if len(led) != 1:
        return say("co.where")
    if says_nobody(rest):
        await _end_co_leading(services, origin, led[0])
        services.dispatcher.wake()
        return say("co.ended")
    to = _named(led[0], rest)
    if to is None:
        return say("session.how.co_leader")
    outcome = await _name_co_leader(services, origin, led[0], to.person)
    services.dispatcher.wake()
    if not isinstance(outcome, GroupChanged):
        return _reason(services, say, outcome)
    return say("co.named", name=plain(to.name))


def _named(group: Group, name: str) -> Membership | None:
    """Who has a seat and a name that begins so, if only one has."""
    wanted = name.casefold().strip(" @.")
    found = [each for each in group.joined if wanted and each.name.casefold().startswith(wanted)]
    return found[0] if len(found) == 1 else None


async def _post(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    return await _panel_after(
        services,
        say,
        group,
        await _happen(services, press, group, PostCard(at=services.now())),
        "posted",
    )


async def _end(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    event = End(at=services.now(), by=press.origin.person.id)
    outcome = await _happen(services, press, group, event)
    return await _panel_after(services, say, group, outcome, "ended")


async def _happen(
    services: Needs, press: Press, group: Group, event: Event
) -> GroupChanged | Refusal:
    return await services.groups.act(group.id, event, _pressed(press))


async def _panel_after(
    services: Needs, say: Texts, before: Group, outcome: GroupChanged | Refusal, what: str
) -> PressReply:
    if isinstance(outcome, GroupChanged):
        services.dispatcher.wake()
        return await _drawn(services, say, outcome.group, done=say(f"manage.done.{what}"))
    problem = f"{_reason(services, say, outcome)} {say('manage.unchanged')}"
    return await _drawn(services, say, before, problem)


# --- Calendars ----------------------------------------------------------------------------------


async def calendar_file(services: Needs, key: str) -> bytes | None:
    """What a calendar's key opens: one meeting, or all of a group's."""
    found = await services.operational.groups.with_calendar(key)
    if found is None or not found[1]:
        return None
    group, meetings = found
    say = texts(language_of(group.language))
    title = services.groups.name(group, say.language)
    place = link_to(Conversation(**group.conversation))
    return calendar(say, title, group, meetings, services.now(), place=place)


COMMANDS: dict[str, CommandHandler] = {"plan": _plan, "groups": _groups, "year": _year}
VERBS: dict[str, Verb] = {
    "group.plan": facilitating(_plan_by_form),
    "group.change": facilitating(_change_proposal),
    "group.join": of_group(_join),
    "group.leave": of_group(_leave),
    "group.show": in_own_chat(of_group(_show), "groups.in_personal"),
    "group.panel": _led(_panel),
    "group.move": _led(_move),
    "group.cancel": _led(_cancel),
    "group.restore": _led(_restore),
    "group.add": _led(_add),
    "group.size": _led(_resize),
    "group.rename": _led(_rename),
    "group.tie": _led(_tie),
    "group.out": _led(_take_out),
    "group.give": _led(_give),
    "group.co": _led(_co_leads),
    "group.co_end": _led(_leads_alone),
    "group.co_no": in_own_chat(of_group(_will_not_lead), "groups.in_personal"),
    "group.post": _led(_post),
    "group.end": _led(_end),
}
