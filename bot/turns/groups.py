"""Groups: planned, signed up for, and looked after; what is written and pressed about them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from datetime import UTC, date, time, timedelta
from secrets import token_hex
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.calendar import calendar
from bot.cards import groups as cards
from bot.cards.groups import Sheet
from bot.cards.parts import plain
from bot.gateway.events import Final, Json, Origin, Press, Say, SendError
from bot.groups import (
    Gone,
    LeadsHere,
    NoSuchZone,
    Obstacle,
    Occupied,
    Outcome,
    Overlap,
    Pressed,
    Wish,
)
from bot.people import People
from bot.perform import Reply
from bot.presses import integer, text
from bot.texts import Texts, language_of, texts
from bot.turns.services import Services
from bot.turns.shared import Command, Said, Verb
from bot.zones import zone_named, zone_or_ours
from dialogs import series
from dialogs.method import Method
from dialogs.series import BadNumber, Missing, NotUnderstood, Plan
from dialogs.study import LANGUAGES, Language
from dialogs.working_hours import working_days_from
from storage.groups import Circle

_FIELDS = ("name", "method", "day", "time", "meetings", "interval", "minutes", "size")

_TRIED_DAYS = 60
"""Working days on which an example looks for time that its facilitator has free."""

_OfGroup: TypeAlias = Callable[[Services, Press, Texts, Circle], Awaitable[Reply]]


# --- Written ------------------------------------------------------------------------------------


async def _plan(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    """A group here: by a form, or by one line."""
    if origin.is_personal:
        return say("plan.where")
    zone = zone_or_ours(origin.timezone)
    today = services.now().astimezone(ZoneInfo(zone)).date()
    plan = series.read(rest, services.methods.all(), today)
    if not rest:
        if hindrance := await services.groups.hindrance(origin):
            return _obstacle(services, say, hindrance)
        given = {"zone": zone, "language": say.language}
        return cards.form(say, services.methods.all(), given, token_hex(8))
    if not isinstance(plan, Plan):
        return await _refusal(services, origin, say, plan, rest)
    wish = Wish(plan, say.language, zone)
    outcome = await services.groups.plan(Pressed(origin, f"plan:{origin.activity_id}"), wish)
    if not isinstance(outcome, Outcome):
        return await _refusal(services, origin, say, outcome, rest)
    services.dispatcher.wake()
    return None


async def _groups(services: Services, origin: Origin, say: Texts, _: str) -> Said:
    """One's own groups; in a channel or chat, only where to see them."""
    if not origin.is_personal:
        return say("groups.in_personal")
    person = origin.person.id
    led = await services.operational.groups.led_by(person)
    theirs = await services.operational.groups.of_person(person)
    circles = {group.id: await services.groups.circle(group.id) for group in (*led, *theirs)}
    sheets = {key: await _sheet(services, circle) for key, circle in circles.items() if circle}
    return cards.groups(
        say,
        [sheets[group.id] for group in led if group.id in sheets],
        [sheets[group.id] for group in theirs if group.id in sheets],
        person,
    )


async def _sheet(services: Services, circle: Circle) -> Sheet:
    method, roster = services.groups.method(circle.group), services.groups.roster(circle)
    quiet = await services.operational.preferences.quiet(circle.group.id)
    return Sheet(circle, method, roster, services.settings.calendars, services.now(), quiet)


# --- What cannot be done ------------------------------------------------------------------------


async def _refusal(
    services: Services, origin: Origin, say: Texts, obstacle: Obstacle, rest: str
) -> str:
    """What was wrong, that nothing was changed, and a right example where one helps."""
    hindrance = await services.groups.hindrance(origin)
    told = _obstacle(services, say, hindrance or obstacle)
    if hindrance or isinstance(obstacle, Occupied | Gone):
        return told
    if isinstance(obstacle, NotUnderstood) and not _names_a_method(services, say, rest):
        names = ", ".join(method.title[say.language] for method in services.methods.all())
        told += f" {say('plan.methods', names=names)}"
    line = await _example(services, origin, say, rest)
    return f"{told}\n\n{say('plan.example', line=line)}"


def _names_a_method(services: Services, say: Texts, line: str) -> bool:
    said = line.casefold()
    return any(
        name.casefold() in said
        for method in services.methods.all()
        for name in (method.id, method.title[say.language])
    )


def _obstacle(services: Services, say: Texts, obstacle: Obstacle) -> str:
    match obstacle:
        case Overlap(starts, group):
            zone, name = ZoneInfo(group.timezone), services.groups.name(group, say.language)
            at = cards.moment(say, starts, zone)
            return say("plan.fault.overlap", name=plain(name), at=at)
        case Occupied(group):
            name = services.groups.name(group, say.language)
            return say("plan.fault.occupied", name=plain(name))
    return fault_text(say, obstacle)


def fault_text(say: Texts, fault: series.Fault | LeadsHere | NoSuchZone | Gone) -> str:
    """What is wrong with what was written or filled in."""
    match fault:
        case Missing(what):
            return say(f"plan.fault.missing.{what}")
        case NotUnderstood(words):
            return say("plan.fault.not_understood", words=plain(words[:60]))
        case BadNumber(what, number, least, most):
            return say(f"plan.fault.bad_number.{what}", number=number, least=least, most=most)
    values = {field.name: shown(say, getattr(fault, field.name)) for field in fields(fault)}
    key = fault.kind
    own = f"text.{key}" if key in ("too_long", "unstorable") else f"plan.fault.{key}"
    return say(own, **values)


def shown(say: Texts, value: object) -> object:
    """A day, a time or somebody's words, as a text shows them."""
    match value:
        case date():
            return cards.long_day(say, value)
        case time():
            return f"{value:%H:%M}"
        case str():
            return plain(value)
    return value


async def _example(services: Services, origin: Origin, say: Texts, rest: str) -> str:
    """A line that would be understood and done, with all of what was written that can stay."""
    methods, zone = services.methods.all(), zone_or_ours(origin.timezone)
    today = services.now().astimezone(ZoneInfo(zone)).date()
    day = working_days_from(today + timedelta(days=7), 1)
    plan = series.suggested(rest, methods, today, (day, time(9)))
    for ahead in range(_TRIED_DAYS):
        if await services.groups.suits(origin, Wish(plan, say.language, zone)):
            break
        plan = replace(plan, first=working_days_from(day, ahead))
    return _line(say, plan, services.methods.get(plan.method))


def _line(say: Texts, plan: Plan, method: Method) -> str:
    """What to write for a plan; what is as the method has it is left out, but for the series."""
    frame, name = method.frame, f"«{plan.name}» " if plan.name else ""
    line = say(
        "plan.example.line",
        method=name + method.title[say.language].lower(),
        meetings=plan.meetings,
        interval=plan.interval,
        day=plan.first.isoformat(),
        time=f"{plan.at:%H:%M}",
    )
    if plan.minutes != frame.minutes:
        line += " " + say("plan.example.minutes", n=plan.minutes)
    if plan.least != frame.min_size:
        line += " " + say("plan.example.sizes", least=plan.least, size=plan.size)
    elif plan.size != frame.max_size:
        line += " " + say("plan.example.size", size=plan.size)
    return line


# --- Pressed ------------------------------------------------------------------------------------


async def _plan_by_form(services: Services, press: Press, say: Texts) -> Reply:
    """The form becomes the sign-up card, or comes back with what was wrong."""
    if not await services.is_facilitator(press.origin):
        return Say(say("role.no"))
    if press.origin.is_personal:
        return Say(say("plan.where"))
    pressed = Pressed(press.origin, f"plan:{text(press.data, 'form')}")
    wish = _wish(services, press, say)
    outcome = (
        await services.groups.plan(pressed, wish, press.card_id) if isinstance(wish, Wish) else wish
    )
    if isinstance(outcome, Outcome):
        services.dispatcher.wake()
        return await _signup(services, outcome.circle)
    given = {key: _written(press.data, key) for key in (*_FIELDS, "zone", "language")}
    given["zone"] = zone_or_ours(given["zone"] or press.origin.timezone)
    problem = f"{_obstacle(services, say, outcome)} {say('plan.kept')}"
    return cards.form(
        say,
        services.methods.all(),
        {key: value for key, value in given.items() if value} | {"language": _language(press, say)},
        text(press.data, "form"),
        problem,
    )


def _wish(services: Services, press: Press, say: Texts) -> Wish | Obstacle:
    """What was filled in; what is left out is as the method has it."""
    data = press.data
    method = services.methods.find(text(data, "method")) or services.methods.all()[0]
    frame = method.frame
    zone = text(data, "zone") or zone_or_ours(press.origin.timezone)
    today = services.now().astimezone(zone_named(zone) or UTC).date()
    first = series.read_moment(f"{text(data, 'day')} {text(data, 'time')}", today)
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
        if written and not re.fullmatch(r"[0-9]{1,6}", written):
            return NotUnderstood(written)
        numbers[key] = int(written) if written else usual
    meetings, interval, minutes, size = numbers.values()
    name = text(data, "name").strip()
    plan = Plan(method.id, *first, meetings, interval, minutes, frame.min_size, size, name)
    return Wish(plan, _language(press, say), zone)


def _language(press: Press, say: Texts) -> Language:
    wanted = text(press.data, "language")
    return next((code for code in LANGUAGES if code == wanted), say.language)


def _written(data: Json, key: str) -> str:
    value = data.get(key)
    return str(value) if isinstance(value, str | int) else ""


async def _signup(services: Services, circle: Circle) -> Json:
    """The card that everyone sees, in the group's language."""
    return cards.signup(texts(language_of(circle.group.language)), await _sheet(services, circle))


def _of_group(verb: _OfGroup) -> Verb:
    """With the group that the card names, if there is one."""

    async def checked(services: Services, press: Press, say: Texts) -> Reply:
        circle = await services.groups.circle(text(press.data, "group"))
        return await verb(services, press, say, circle) if circle else Say(say("group.gone"))

    return checked


def _pressed(press: Press) -> Pressed:
    """The same button of the same version of a card, pressed by the same person, is one press."""
    version = integer(press.data, "version")
    return Pressed(press.origin, f"{press.verb}:{text(press.data, 'group')}:{version}")


async def _join(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
    outcome = await services.groups.join(circle.group.id, _pressed(press))
    return await _signed(services, press, say, outcome, stays=True)


async def _leave(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
    outcome = await services.groups.leave(circle.group.id, _pressed(press))
    return await _signed(services, press, say, outcome, stays=False)


async def _signed(
    services: Services, press: Press, say: Texts, outcome: Outcome | Obstacle, *, stays: bool
) -> Reply:
    """In one's own chat the card as it is now; where everyone sees the card, a line for oneself."""
    if not isinstance(outcome, Outcome):
        return Say(say("group.gone"))
    services.dispatcher.wake()
    circle, person = outcome.circle, press.origin.person.id
    if press.origin.is_personal:
        return cards.member(say, await _sheet(services, circle), person)
    found = circle.member(person)
    if stays != bool(found):  # the card was old, and this its second press
        return await _signup(services, circle)
    if found is None:
        return Say(say("signup.done.left"))
    place = services.groups.roster(circle).place(person) if found.standing == "waiting" else 0
    line = say(f"signup.done.{found.standing}", place=place)
    return Say(
        line if await _can_be_reached(services, press) else f"{line} {say('signup.unreachable')}"
    )


async def _can_be_reached(services: Services, press: Press) -> bool:
    """Whether letters and reminders will arrive; nobody learns it later."""
    people = People(services.operational, services.teams)
    try:
        await people.chat(press.origin.person.id, press.origin.conversation)
    except Final:
        return False
    except SendError:  # Teams is away for now
        return True
    return True


async def _show(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
    if not press.origin.is_personal:
        return Say(say("groups.in_personal"))
    return cards.member(say, await _sheet(services, circle), press.origin.person.id)


# --- The panel ----------------------------------------------------------------------------------


def _by_facilitator(verb: _OfGroup) -> Verb:
    """For whoever leads the group, and in their own chat: the panel names its members."""

    async def checked(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
        if press.origin.person.id != circle.group.facilitator:
            return Say(say("manage.no"))
        if not press.origin.is_personal:
            return Say(say("groups.in_personal"))
        return await verb(services, press, say, circle)

    return _of_group(checked)


async def _panel(services: Services, _: Press, say: Texts, circle: Circle) -> Reply:
    return cards.panel(say, await _sheet(services, circle))


async def _move(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
    """A day or a time that is left out stays as it was."""
    meeting = circle.meeting(text(press.data, "moved"))
    if meeting is None:
        return await _panel_after(services, say, circle, Gone(), "moved")
    zone = ZoneInfo(circle.group.timezone)
    old = meeting.starts_at.astimezone(zone)
    day = text(press.data, "day") or old.date().isoformat()
    at = text(press.data, "time") or f"{old:%H:%M}"
    to = series.read_moment(f"{day} {at}", services.now().astimezone(zone).date())
    outcome: Outcome | Obstacle
    if isinstance(to, tuple):
        outcome = await services.groups.move(circle.group.id, meeting.id, to, _pressed(press))
    else:
        outcome = to
    return await _panel_after(services, say, circle, outcome, "moved")


async def _cancel(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
    meeting = text(press.data, "cancelled")
    outcome = await services.groups.cancel(circle.group.id, meeting, _pressed(press))
    return await _panel_after(services, say, circle, outcome, "cancelled")


async def _resize(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
    size = integer(press.data, "size")
    outcome: Outcome | Obstacle = NotUnderstood(_written(press.data, "size"))
    if size is not None:
        outcome = await services.groups.resize(circle.group.id, size, _pressed(press))
    return await _panel_after(services, say, circle, outcome, "size")


async def _post(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
    outcome = await services.groups.post(circle.group.id, _pressed(press))
    return await _panel_after(services, say, circle, outcome, "posted")


async def _end(services: Services, press: Press, say: Texts, circle: Circle) -> Reply:
    outcome = await services.groups.end(circle.group.id, _pressed(press))
    return await _panel_after(services, say, circle, outcome, "ended")


async def _panel_after(
    services: Services, say: Texts, before: Circle, outcome: Outcome | Obstacle, what: str
) -> Reply:
    if isinstance(outcome, Outcome):
        services.dispatcher.wake()
        return cards.panel(
            say, await _sheet(services, outcome.circle), done=say(f"manage.done.{what}")
        )
    problem = f"{_obstacle(services, say, outcome)} {say('manage.unchanged')}"
    return cards.panel(say, await _sheet(services, before), problem)


# --- Calendars ----------------------------------------------------------------------------------


async def calendar_file(services: Services, key: str) -> bytes | None:
    """What a calendar's key opens: one meeting, or all of a group's."""
    found = await services.operational.groups.with_calendar(key)
    if found is None or not found[1]:
        return None
    circle, meetings = found
    say = texts(language_of(circle.group.language))
    title = services.groups.method(circle.group).title[say.language]
    return calendar(say, title, circle, meetings, services.now())


COMMANDS: dict[str, Command] = {"plan": _plan, "groups": _groups}
VERBS: dict[str, Verb] = {
    "group.plan": _plan_by_form,
    "group.join": _of_group(_join),
    "group.leave": _of_group(_leave),
    "group.show": _of_group(_show),
    "group.panel": _by_facilitator(_panel),
    "group.move": _by_facilitator(_move),
    "group.cancel": _by_facilitator(_cancel),
    "group.size": _by_facilitator(_resize),
    "group.post": _by_facilitator(_post),
    "group.end": _by_facilitator(_end),
}
