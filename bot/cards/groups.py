"""Cards around a group: planning it, signing up, what a member hears, the facilitator's panel.

Everyone in a channel sees the same sign-up card, so it counts members and names
nobody. Names are for the group and its facilitator, in their personal chats.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.cards.parts import (
    ask_first,
    card,
    choice,
    execute,
    heading,
    notice,
    paragraph,
    plain,
    small,
)
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs.method import Method
from dialogs.reminders import Quiet
from dialogs.series import (
    LEAST_MINUTES,
    MAX_INTERVAL,
    MAX_MEETINGS,
    MOST_MINUTES,
    NAME_LIMIT,
)
from dialogs.signup import Membership, Roster
from dialogs.study import LANGUAGES
from dialogs.working_hours import HOLIDAYS, holiday
from storage.groups import Circle, Meeting

ZONES = ("Europe/Oslo", "Europe/Stockholm", "Europe/Helsinki", "Europe/London", "Europe/Brussels")
"""Offered on the form, beside the facilitator's own."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What drawing needs of a group."""

    circle: Circle
    method: Method
    roster: Roster
    links: str
    """The address of calendars, but for their keys."""
    now: datetime
    quiet: Quiet | None = None

    @property
    def coming(self) -> tuple[Meeting, ...]:
        return self.circle.coming(self.now)

    def name(self, say: Texts) -> str:
        return plain(self.circle.group.name or self.method.title[say.language])

    def data(self) -> Json:
        """What every button carries: with the version, a press tells itself from later ones."""
        return {"group": self.circle.group.id, "version": self.circle.group.version}

    def link(self, key: str) -> str:
        return f"{self.links}/{key}.ics"


# --- When ---------------------------------------------------------------------------------------


def when(say: Texts, sheet: Sheet, meeting: Meeting) -> str:
    """A meeting's day and hours, in the group's zone."""
    zone = ZoneInfo(sheet.circle.group.timezone)
    starts = meeting.starts_at.astimezone(zone)
    ends = (meeting.starts_at + timedelta(minutes=meeting.minutes)).astimezone(zone)
    day = long_day(say, starts.date())
    return say("group.when", day=day, start=f"{starts:%H:%M}", end=f"{ends:%H:%M}")


def long_day(say: Texts, day: date) -> str:
    return format_date(day, say("group.day"), locale=say.language)


def moment(say: Texts, at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return say("group.moment", day=long_day(say, local.date()), time=f"{local:%H:%M}")


def _dates(say: Texts, sheet: Sheet) -> list[Json]:
    """Every meeting by time, and the zone."""
    meetings = sorted(sheet.circle.meetings, key=lambda meeting: meeting.starts_at)
    if not meetings:
        return []
    lines = [_date(say, sheet, meeting) for meeting in meetings]
    zone = small(say("group.zone", zone=plain(sheet.circle.group.timezone)), spacing="None")
    return [paragraph(say("group.dates"), weight="Bolder"), *lines, zone, *_warnings(say, sheet)]


def _warnings(say: Texts, sheet: Sheet) -> Iterator[Json]:
    """Of meetings to come on days and at hours that may not suit; they are held all the same."""
    zone, quiet = ZoneInfo(sheet.circle.group.timezone), sheet.quiet
    for meeting in sheet.coming:
        local = meeting.starts_at.astimezone(zone)
        if local.date() in HOLIDAYS:
            name = holiday(local.date(), say.language)
            key = "group.holiday.named" if name else "group.holiday"
            yield notice(say(key, number=meeting.number, holiday=name))
        if quiet and local.time() in quiet:
            hours = {"since": f"{quiet.since:%H:%M}", "until": f"{quiet.until:%H:%M}"}
            yield notice(say("group.quiet", number=meeting.number, **hours))


def _date(say: Texts, sheet: Sheet, meeting: Meeting) -> Json:
    line = say("group.date", number=meeting.number, when=when(say, sheet, meeting))
    if meeting.state != "planned":
        line += f" ({say(f'group.date.{meeting.state}')})"
    return paragraph(line, spacing="None", isSubtle=meeting.state != "planned")


# --- Planning -----------------------------------------------------------------------------------


def form(
    say: Texts,
    methods: Sequence[Method],
    given: Mapping[str, str],
    nonce: str,
    problem: str | None = None,
) -> Json:
    """Asks for a group; `given` is what was filled in before, by the fields' ids."""
    chosen = given.get("method", methods[0].id)
    sizes = [size for m in methods for size in (m.frame.min_size, m.frame.max_size)]
    zones = dict.fromkeys((given["zone"], *ZONES))
    body = [
        heading(say("plan.heading")),
        *([notice(problem)] if problem else []),
        paragraph(say("plan.task")),
        _text("name", say("plan.name"), given, say("plan.name.hint"), NAME_LIMIT),
        _choices("method", say("plan.method"), {m.id: _offer(say, m) for m in methods}, chosen),
        {"type": "Input.Date", "id": "day", "label": say("plan.day"), **_value(given, "day")},
        {
            "type": "Input.Time",
            "id": "time",
            "label": say("plan.time"),
            **_value(given, "time", "09:00"),
        },
        _number(say, "meetings", given, (1, MAX_MEETINGS)),
        _number(say, "interval", given, (1, MAX_INTERVAL)),
        _number(say, "minutes", given, (LEAST_MINUTES, MOST_MINUTES)),
        _number(say, "size", given, (min(sizes), max(sizes))),
        _choices(
            "language",
            say("plan.language"),
            {c: say(f"language.{c}") for c in LANGUAGES},
            given["language"],
        ),
        _choices("zone", say("plan.zone"), {zone: zone for zone in zones}, given["zone"]),
        small(say("plan.sees")),
    ]
    return card(
        body, [execute(say("plan.create"), "group.plan", {"form": nonce}, style="positive")]
    )


def _value(given: Mapping[str, str], key: str, default: str = "") -> Json:
    value = given.get(key, default)
    return {"value": value} if value else {}


def _text(ident: str, label: str, given: Mapping[str, str], hint: str, limit: int) -> Json:
    return {
        "type": "Input.Text",
        "id": ident,
        "label": label,
        "placeholder": hint,
        "maxLength": limit,
        **_value(given, ident),
    }


def _offer(say: Texts, method: Method) -> str:
    """A method, and how its groups usually meet: what a number left out will be."""
    frame = method.frame
    usual = say("plan.usual", n=frame.meetings, minutes=frame.minutes, days=frame.interval_days)
    size = say("plan.usual.size", least=frame.min_size, most=frame.max_size)
    return f"{method.title[say.language]} ({usual}, {size})"


def _number(say: Texts, ident: str, given: Mapping[str, str], allowed: tuple[int, int]) -> Json:
    """A number that may be left out."""
    least, most = allowed
    written = given.get(ident, "")
    is_number = written.isascii() and written.isdecimal() and len(written) < 10
    return {
        "type": "Input.Number",
        "id": ident,
        "label": say(f"plan.{ident}"),
        "placeholder": say("plan.as_usual"),
        "min": least,
        "max": most,
        **({"value": int(written)} if is_number else {}),
    }


def _choices(ident: str, label: str, offered: Mapping[str, str], value: str) -> Json:
    return {
        "type": "Input.ChoiceSet",
        "id": ident,
        "label": label,
        "value": value,
        "choices": [choice(title, key) for key, title in offered.items()],
    }


# --- Signing up ---------------------------------------------------------------------------------


def signup(say: Texts, sheet: Sheet) -> Json:
    """The card in the channel or chat: what, for whom, when, who sees what; no names."""
    group, roster = sheet.circle.group, sheet.roster
    top = [small(say("signup.heading")), heading(sheet.name(say))]
    if group.state == "ended":
        return card([*top, paragraph(say("signup.ended"))])
    body = [
        *top,
        paragraph(plain(sheet.method.purpose[say.language])),
        *_dates(say, sheet),
        {"type": "FactSet", "facts": _facts(say, sheet)},
    ]
    if roster.joined < roster.advised:
        body.append(small(_few(say, roster)))
    join = say("signup.join" if roster.free else "signup.wait")
    actions = [
        execute(join, "group.join", sheet.data(), style="positive"),
        execute(say("signup.leave"), "group.leave", sheet.data()),
    ]
    return card(body, [*actions, *_calendar(say, sheet)])


def _facts(say: Texts, sheet: Sheet) -> list[Json]:
    roster = sheet.roster
    seats = _seats(say, roster)
    if roster.waiting:
        seats += " " + say("signup.waiting", n=roster.waiting)
    least, most = sheet.circle.group.size_min, roster.size
    return [
        {"title": say("signup.for"), "value": say("signup.for.value", least=least, most=most)},
        {"title": say("signup.seats"), "value": seats},
        {"title": say("signup.sees"), "value": say("signup.sees.value")},
        {"title": say("signup.voluntary"), "value": say("signup.voluntary.value")},
    ]


def _seats(say: Texts, roster: Roster) -> str:
    """How many seats are taken, as a person would say it."""
    if roster.joined > roster.size:  # the group was made smaller, and nobody lost a seat
        key = "signup.seats.over"
    elif roster.joined == roster.size:
        key = "signup.seats.all"
    else:
        key = "signup.seats.value" if roster.joined else "signup.seats.none"
    return say(key, n=roster.joined, size=roster.size)


def _few(say: Texts, roster: Roster) -> str:
    key = "signup.few" if roster.joined else "signup.few.none"
    return say(key, n=roster.joined, advised=roster.advised)


def _calendar(say: Texts, sheet: Sheet) -> list[Json]:
    if not sheet.circle.meetings:
        return []
    link = sheet.link(sheet.circle.group.calendar_key)
    return [open_url(say("group.calendar"), link)]


def open_url(title: str, url: str) -> Json:
    return {"type": "Action.OpenUrl", "title": title, "url": url}


# --- What a member hears ------------------------------------------------------------------------


def member(say: Texts, sheet: Sheet, person: str) -> Json:
    """Somebody's own place in the group, as it is now."""
    found, name = sheet.roster.member(person), sheet.name(say)
    top = small(say("group.origin", name=name))
    if found is None:
        return card([top, paragraph(say("member.none", name=name))], _again(say, sheet))
    match found.standing:
        case "joined":
            title, text = say("member.joined", name=name), say("member.joined.text")
        case "asked":
            title, text = say("member.asked", name=name), _until(say, sheet, found)
        case "waiting":
            place = sheet.roster.place(person)
            title, text = say("member.waiting", name=name, place=place), say("member.waiting.text")
    body = [top, heading(title), paragraph(text), *_dates(say, sheet)]
    if found.standing == "joined":
        body.append(_others(say, sheet, person))
    return card(body, _choosing(say, sheet, found))


def _until(say: Texts, sheet: Sheet, found: Membership) -> str:
    zone = ZoneInfo(sheet.circle.group.timezone)
    until = moment(say, found.asked_until, zone) if found.asked_until else ""
    return say("member.asked.text", until=until)


def _others(say: Texts, sheet: Sheet, person: str) -> Json:
    names = [plain(m.name) for m in sheet.circle.joined if m.person != person]
    text = say("member.others", names=", ".join(names)) if names else say("member.alone")
    return small(text)


def _choosing(say: Texts, sheet: Sheet, found: Membership) -> list[Json]:
    if found.standing == "asked":
        return [
            execute(say("member.yes"), "group.join", sheet.data(), style="positive"),
            execute(say("member.no"), "group.leave", sheet.data()),
        ]
    leave = execute(say("signup.leave"), "group.leave", sheet.data())
    return [*_calendar(say, sheet), leave] if found.standing == "joined" else [leave]


def _again(say: Texts, sheet: Sheet) -> list[Json]:
    if sheet.circle.group.state == "ended":
        return []
    title = say("signup.join" if sheet.roster.free else "signup.wait")
    return [execute(title, "group.join", sheet.data())]


def lapsed(say: Texts, sheet: Sheet) -> Json:
    """The seat that was kept has gone to the next in line."""
    name = sheet.name(say)
    return card(
        [small(say("group.origin", name=name)), paragraph(say("member.lapsed", name=name))],
        _again(say, sheet),
    )


def moved(say: Texts, sheet: Sheet, meeting: Meeting) -> Json:
    """A meeting begins at another time."""
    text = say(
        "news.moved", number=meeting.number, name=sheet.name(say), when=when(say, sheet, meeting)
    )
    link = sheet.link(meeting.calendar_key)
    zone = say("group.zone", zone=plain(sheet.circle.group.timezone))
    return _news(say, sheet, [paragraph(text), small(zone)], [open_url(say("news.calendar"), link)])


def cancelled(say: Texts, sheet: Sheet, meeting: Meeting) -> Json:
    """A meeting is called off; the others stay."""
    text = say(
        "news.cancelled",
        number=meeting.number,
        name=sheet.name(say),
        when=when(say, sheet, meeting),
    )
    link = sheet.link(meeting.calendar_key)
    return _news(say, sheet, [paragraph(text)], [open_url(say("news.calendar"), link)])


def added(say: Texts, sheet: Sheet) -> Json:
    """The group goes on meeting."""
    text = paragraph(say("news.added", name=sheet.name(say)))
    return _news(say, sheet, [text, *_dates(say, sheet)], _calendar(say, sheet))


def ended(say: Texts, sheet: Sheet) -> Json:
    """No more meetings."""
    return _news(say, sheet, [paragraph(say("news.ended", name=sheet.name(say)))], [])


def few(say: Texts, sheet: Sheet) -> Json:
    """To the facilitator: fewer than advised; nothing is stopped."""
    roster = sheet.roster
    key = "news.few" if roster.joined else "news.few.none"
    text = say(key, n=roster.joined, name=sheet.name(say), advised=roster.advised)
    show = execute(say("groups.panel"), "group.panel", sheet.data())
    return _news(say, sheet, [paragraph(text)], [show])


def _news(say: Texts, sheet: Sheet, body: list[Json], actions: list[Json]) -> Json:
    return card([small(say("group.origin", name=sheet.name(say))), *body], actions)


# --- The facilitator ----------------------------------------------------------------------------


def panel(say: Texts, sheet: Sheet, problem: str | None = None, done: str | None = None) -> Json:
    """Members and dates, and what can be changed. For the facilitator alone."""
    group = sheet.circle.group
    top = [small(say("manage.sees")), heading(sheet.name(say))]
    if problem:
        top.append(notice(problem))
    if done:
        top.append(notice(done, "good"))
    if group.state == "ended":
        return card([*top, paragraph(say("signup.ended"))])
    body = [*top, *_people(say, sheet), *_dates(say, sheet)]
    return card(body, [*_changes(say, sheet), *_calendar(say, sheet)])


def _people(say: Texts, sheet: Sheet) -> list[Json]:
    roster = sheet.roster
    lines = [
        paragraph(_members(say, roster), weight="Bolder"),
        *(paragraph(_person(say, member), spacing="None") for member in sheet.circle.members),
    ]
    if roster.joined < roster.advised:
        lines.append(small(_few(say, roster)))
    return lines


def _members(say: Texts, roster: Roster) -> str:
    key = "manage.members" if roster.joined else "manage.members.none"
    if roster.joined > roster.size:
        key = "manage.members.over"
    return say(key, n=roster.joined, size=roster.size)


def _person(say: Texts, found: Membership) -> str:
    name = plain(found.name) or say("welcome.someone")
    if found.standing == "joined":
        return name
    return f"{name} ({say(f'manage.standing.{found.standing}')})"


def _changes(say: Texts, sheet: Sheet) -> list[Json]:
    frame = sheet.method.frame
    size = _number(
        say,
        "size",
        {"size": str(sheet.circle.group.size_max)},
        (frame.min_size, frame.max_size),
    )
    planned = {m.id: _short(say, sheet, m) for m in sheet.coming}
    first = next(iter(planned), "")
    data = sheet.data()
    changes = []
    if planned:
        changes = [
            _unfold(
                say("manage.move"),
                [
                    _choices("moved", say("manage.which"), planned, first),
                    {"type": "Input.Date", "id": "day", "label": say("manage.day")},
                    {"type": "Input.Time", "id": "time", "label": say("manage.time")},
                    small(say("manage.told")),
                ],
                execute(say("manage.move.do"), "group.move", data, style="positive"),
            ),
            _unfold(
                say("manage.cancel"),
                [
                    _choices("cancelled", say("manage.which"), planned, first),
                    small(say("manage.told")),
                ],
                execute(say("manage.cancel.do"), "group.cancel", data, style="destructive"),
            ),
        ]
    end = execute(say("manage.end.do"), "group.end", data, inputs=False, style="destructive")
    return [
        *changes,
        _unfold(say("manage.size"), [size], execute(say("manage.size.do"), "group.size", data)),
        execute(say("manage.post"), "group.post", data, inputs=False),
        ask_first(say("manage.end"), say("manage.end.question"), end),
    ]


def _short(say: Texts, sheet: Sheet, meeting: Meeting) -> str:
    return say("group.date", number=meeting.number, when=when(say, sheet, meeting))


def _unfold(title: str, body: Sequence[Json], do: Json) -> Json:
    return {
        "type": "Action.ShowCard",
        "title": title,
        "card": {"type": "AdaptiveCard", "body": [*body], "actions": [do]},
    }


def groups(say: Texts, led: Iterable[Sheet], joined: Iterable[Sheet], person: str) -> Json:
    """Somebody's groups: those they facilitate, and those they have a place in."""
    body: list[Json] = [heading(say("groups.heading"))]
    for sheet in led:
        show = execute(say("groups.panel"), "group.panel", sheet.data())
        body += _entry(say, sheet, say("groups.leads"), [show])
    for sheet in joined:
        found = sheet.roster.member(person)
        if found is not None:
            standing = say(f"groups.{found.standing}")
            show = execute(say("groups.show"), "group.show", sheet.data())
            body += _entry(say, sheet, standing, [show])
    if len(body) == 1:
        body.append(paragraph(say("groups.none")))
    return card(body)


def _entry(say: Texts, sheet: Sheet, standing: str, actions: list[Json]) -> list[Json]:
    following = next(iter(sheet.coming), None)
    if following:
        line = say("groups.next", when=when(say, sheet, following))
    else:
        line = say("groups.unplanned", day=long_day(say, sheet.circle.group.created))
    return [
        paragraph(sheet.name(say), weight="Bolder", separator=True),
        paragraph(f"{standing} {line}", spacing="None"),
        {"type": "ActionSet", "actions": actions},
    ]
