"""Cards around a group: planning it, signing up, what a member hears, the facilitator's panel.

Everyone in a channel sees the same sign-up card, so it counts members and names
nobody. Names are for the group and its facilitator, in their personal chats.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.gateway.events import Json
from bot.ui.dates import full_day, full_moment, name_of_day
from bot.ui.elements import (
    ask_first,
    card,
    choice,
    execute,
    heading,
    notice,
    open_url,
    paragraph,
    plain,
    required,
    show_card,
    small,
)
from bot.ui.texts import Texts
from bot.ui.zones import zone_in_words
from dialogs.groups.group import Group, Meeting
from dialogs.groups.planning import (
    LEAST_MINUTES,
    MAX_INTERVAL,
    MAX_MEETINGS,
    MOST_MINUTES,
    NAME_LIMIT,
    Plan,
    occurrences,
)
from dialogs.groups.signup import Membership, Roster
from dialogs.groups.working_hours import HOLIDAYS, SATURDAY, Quiet, holiday
from dialogs.groups.yearly import LEAST_GROUPS, LEAST_MEETINGS, STEP, Row, Summary
from dialogs.sessions.method import Method
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import LANGUAGES

ZONES = ("Europe/Oslo", "Europe/Stockholm", "Europe/Helsinki", "Europe/London", "Europe/Brussels")
"""Offered on the form, beside the facilitator's own."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """What drawing needs of a group."""

    group: Group
    method: Method
    roster: Roster
    links: str
    """The address of calendars, but for their keys."""
    now: datetime
    quiet: Quiet | None = None
    questionnaires: Sequence[Questionnaire] = ()
    """Those that can be tied to its meetings, for the panel."""

    @property
    def coming(self) -> tuple[Meeting, ...]:
        return self.group.coming(self.now)

    def name(self, say: Texts) -> str:
        return plain(self.group.name or self.method.title[say.language])

    def data(self) -> Json:
        """What every button carries: with the version, a press tells itself from later ones."""
        return {"group": self.group.id, "version": self.group.version}

    def link(self, key: str) -> str:
        return f"{self.links}/{key}.ics"


# --- When ---------------------------------------------------------------------------------------


def when(say: Texts, view: GroupView, meeting: Meeting) -> str:
    """A meeting's day and hours, in the group's zone."""
    zone = ZoneInfo(view.group.timezone)
    starts, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    day = full_day(say, starts.date())
    # In the night of a change of the clocks an hour says nothing without its zone.
    clock = "%H:%M" if starts.utcoffset() == ends.utcoffset() else "%H:%M (%Z)"
    return say("group.when", day=day, start=f"{starts:{clock}}", end=f"{ends:{clock}}")


def _dates(say: Texts, view: GroupView) -> list[Json]:
    """Every meeting by time, and the zone."""
    meetings = sorted(view.group.meetings, key=lambda meeting: meeting.starts_at)
    if not meetings:
        return []
    lines = [_date(say, view, meeting) for meeting in meetings]
    zone = small(say("group.zone", zone=plain(view.group.timezone)), spacing="None")
    return [paragraph(say("group.dates"), weight="Bolder"), *lines, zone, *_warnings(say, view)]


def _warnings(say: Texts, view: GroupView) -> Iterator[Json]:
    """Of meetings to come on days and at hours that may not suit; they are held all the same."""
    zone, quiet = ZoneInfo(view.group.timezone), view.quiet
    for meeting in view.coming:
        local = meeting.starts_at.astimezone(zone)
        if local.date() in HOLIDAYS:
            name = holiday(local.date(), say.language)
            key = "group.holiday.named" if name else "group.holiday"
            yield notice(say(key, number=meeting.number, holiday=name))
        elif local.date().weekday() >= SATURDAY:
            weekday = name_of_day(say, local.date())
            yield notice(say("group.weekend", number=meeting.number, day=weekday))
        if quiet and local.time() in quiet:
            hours = {"since": f"{quiet.since:%H:%M}", "until": f"{quiet.until:%H:%M}"}
            yield notice(say("group.quiet", number=meeting.number, **hours))


def _date(say: Texts, view: GroupView, meeting: Meeting) -> Json:
    line = say("group.date", number=meeting.number, when=when(say, view, meeting))
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
        required(
            say,
            {"type": "Input.Date", "id": "day", "label": say("plan.day"), **_value(given, "day")},
        ),
        required(
            say,
            {
                "type": "Input.Time",
                "id": "time",
                "label": say("plan.time"),
                **_value(given, "time", "09:00"),
            },
        ),
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
    carried = {key: given[key] for key in ("least", "days") if given.get(key)}
    data = {"form": nonce, **carried}
    return card(body, [execute(say("plan.create"), "group.plan", data, style="positive")])


def proposal(say: Texts, method: Method, plan: Plan, given: Mapping[str, str], nonce: str) -> Json:
    """What a line was understood as, before anything is done."""
    zone = ZoneInfo(given["zone"])
    begin = occurrences(plan, zone)
    starts = [paragraph(full_moment(say, each, zone), spacing="None") for each in begin]
    size = say("signup.for.value", least=plan.least, most=plan.size)
    data = {**given, "form": nonce}
    return card(
        [
            heading(plain(plan.name) or method.title[say.language]),
            paragraph(say("plan.understood", method=method.title[say.language])),
            *starts,
            small(say("group.zone", zone=zone_in_words(zone.key)), spacing="None"),
            paragraph(f"{say('plan.each', n=plan.minutes)} {size}"),
            small(say("plan.not_yet")),
        ],
        [
            execute(say("plan.confirm"), "group.plan", data, style="positive"),
            execute(say("plan.change"), "group.change", data),
        ],
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


def signup(say: Texts, view: GroupView) -> Json:
    """The card in the channel or chat: what, for whom, when, who sees what; no names."""
    group, roster = view.group, view.roster
    top = [small(say("signup.heading")), heading(view.name(say))]
    if group.state == "ended":
        return card([*top, paragraph(say("signup.ended"))])
    body = [
        *top,
        paragraph(plain(view.method.purpose[say.language])),
        *_dates(say, view),
        {"type": "FactSet", "facts": _facts(say, view)},
    ]
    if roster.joined < roster.advised:
        body.append(small(_few(say, roster)))
    join = say("signup.join" if roster.free else "signup.wait")
    actions = [
        execute(join, "group.join", view.data(), style="positive"),
        execute(say("signup.leave"), "group.leave", view.data()),
    ]
    return card(body, [*actions, *_calendar(say, view)])


def _facts(say: Texts, view: GroupView) -> list[Json]:
    roster = view.roster
    seats = _seats(say, roster)
    if roster.waiting:
        seats += " " + say("signup.waiting", n=roster.waiting)
    least, most = view.group.size_min, roster.size
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
    elif not roster.free:  # those that are left are kept for the next in line
        key = "signup.seats.kept"
    else:
        key = "signup.seats.value" if roster.joined else "signup.seats.none"
    return say(key, n=roster.joined, size=roster.size)


def _few(say: Texts, roster: Roster) -> str:
    key = "signup.few" if roster.joined else "signup.few.none"
    return say(key, n=roster.joined, advised=roster.advised)


def _calendar(say: Texts, view: GroupView) -> list[Json]:
    """The meetings as a file; and to subscribe to, so that a change comes by itself."""
    if not view.group.meetings:
        return []
    link = view.link(view.group.calendar_key)
    return [
        open_url(say("group.calendar"), link),
        open_url(say("group.calendar.subscribe"), subscribed(link)),
    ]


def subscribed(link: str) -> str:
    """The address by which calendar programs subscribe, instead of reading a file once."""
    return f"webcal://{link.partition('://')[2]}"


def _own_calendar(say: Texts, view: GroupView) -> list[Json]:
    """All of the meetings, and the next one alone."""
    links = _calendar(say, view)
    if following := next(iter(view.coming), None):
        links.append(open_url(say("calendar.next"), view.link(following.calendar_key)))
    return links


# --- What a member hears ------------------------------------------------------------------------


def member(say: Texts, view: GroupView, person: str) -> Json:
    """Somebody's own place in the group, as it is now."""
    found, name = view.roster.member(person), view.name(say)
    top = small(say("group.origin", name=name))
    if found is None:
        return card([top, paragraph(say("member.none", name=name))])
    match found.status:
        case "joined":
            title, text = say("member.joined", name=name), say("member.joined.text")
        case "asked":
            title, text = say("member.asked", name=name), _until(say, view, found)
        case "waiting":
            place = view.roster.place(person)
            title, text = say("member.waiting", name=name, place=place), say("member.waiting.text")
    body = [top, heading(title), paragraph(text), *_dates(say, view)]
    if found.status == "joined":
        body += [_others(say, view, person), *_leaders(say, view)]
    return card(body, _choosing(say, view, found))


def _until(say: Texts, view: GroupView, found: Membership) -> str:
    zone = ZoneInfo(view.group.timezone)
    until = full_moment(say, found.asked_until, zone) if found.asked_until else ""
    return say("member.asked.text", until=until)


def _others(say: Texts, view: GroupView, person: str) -> Json:
    names = [plain(m.name) for m in view.group.joined if m.person != person]
    text = say("member.others", names=", ".join(names)) if names else say("member.alone")
    return small(text)


def _choosing(say: Texts, view: GroupView, found: Membership) -> list[Json]:
    if found.status == "asked":
        return [
            execute(say("member.yes"), "group.join", view.data(), style="positive"),
            execute(say("member.no"), "group.leave", view.data()),
        ]
    leave = execute(say("signup.leave"), "group.leave", view.data())
    return [*_calendar(say, view), leave] if found.status == "joined" else [leave]


def lapsed(say: Texts, view: GroupView) -> Json:
    """The seat that was kept has gone to the next in line."""
    name = view.name(say)
    return card([small(say("group.origin", name=name)), paragraph(say("member.lapsed", name=name))])


def moved(say: Texts, view: GroupView, meeting: Meeting) -> Json:
    """A meeting begins at another time."""
    text = say(
        "news.moved", number=meeting.number, name=view.name(say), when=when(say, view, meeting)
    )
    link = view.link(meeting.calendar_key)
    zone = say("group.zone", zone=plain(view.group.timezone))
    body = [paragraph(text), small(zone), small(say("calendar.twice"))]
    return _news(say, view, body, [open_url(say("news.calendar"), link)])


def cancelled(say: Texts, view: GroupView, meeting: Meeting) -> Json:
    """A meeting is called off; the others stay."""
    text = say(
        "news.cancelled",
        number=meeting.number,
        name=view.name(say),
        when=when(say, view, meeting),
    )
    link = view.link(meeting.calendar_key)
    zone = say("group.zone", zone=plain(view.group.timezone))
    body = [paragraph(text), small(zone)]
    return _news(say, view, body, [open_url(say("news.calendar"), link)])


def restored(say: Texts, view: GroupView, meeting: Meeting) -> Json:
    """A meeting that was called off is held after all."""
    text = say(
        "news.restored", number=meeting.number, name=view.name(say), when=when(say, view, meeting)
    )
    link = view.link(meeting.calendar_key)
    zone = say("group.zone", zone=plain(view.group.timezone))
    body = [paragraph(text), small(zone), small(say("calendar.twice"))]
    return _news(say, view, body, [open_url(say("news.calendar"), link)])


def added(say: Texts, view: GroupView) -> Json:
    """The group goes on meeting."""
    text = paragraph(say("news.added", name=view.name(say)))
    return _news(say, view, [text, *_dates(say, view)], _calendar(say, view))


def ended(say: Texts, view: GroupView) -> Json:
    """No more meetings."""
    text = paragraph(say("news.ended", name=view.name(say)))
    return _news(say, view, [text], _calendar(say, view))


def leads(say: Texts, view: GroupView, person: str) -> Json:
    """Somebody else leads the group from now on: for them, with what they can do."""
    group = view.group
    if person == group.facilitator:
        show = execute(say("groups.panel"), "group.panel", view.data())
        return _news(say, view, [paragraph(say("news.leads.you", name=view.name(say)))], [show])
    leader = group.member(group.facilitator)
    who = plain(leader.name) if leader and leader.name else say("welcome.someone")
    return _news(say, view, [paragraph(say("news.leads", name=view.name(say), who=who))], [])


def co_leads(say: Texts, view: GroupView) -> Json:
    """To whoever is to lead together with another: what that is, and how to say no."""
    text = paragraph(say("news.co_leads", name=view.name(say)))
    return _news(
        say,
        view,
        [text, *_leaders(say, view), small(say("news.co_leads.what"))],
        [
            execute(say("groups.panel"), "group.panel", view.data()),
            execute(say("news.co_leads.no"), "group.co_no", view.data()),
        ],
    )


def _leaders(say: Texts, view: GroupView) -> list[Json]:
    """Who leads, where two do; a leader without a seat has no name here."""
    group = view.group
    found = (group.member(each) for each in (group.facilitator, group.co_leader or ""))
    leader, other = (plain(each.name) if each else "" for each in found)
    if not group.co_leader:
        return []
    key = "group.leaders" if leader else "group.leaders.co"
    return [small(say(key, leader=leader, other=other or say("welcome.someone")))]


def leaving(say: Texts, view: GroupView) -> Json:
    """To the facilitator: the group is not used, and will be deleted."""
    day = full_day(say, view.group.retention + timedelta(days=1))
    text = say("news.leaving", name=view.name(say), day=day)
    return _news(say, view, [paragraph(text)], [])


def few(say: Texts, view: GroupView) -> Json:
    """To the facilitator: fewer than advised; nothing is stopped."""
    roster = view.roster
    key = "news.few" if roster.joined else "news.few.none"
    text = say(key, n=roster.joined, name=view.name(say), advised=roster.advised)
    show = execute(say("groups.panel"), "group.panel", view.data())
    return _news(say, view, [paragraph(text)], [show])


def _news(say: Texts, view: GroupView, body: list[Json], actions: list[Json]) -> Json:
    return card([small(say("group.origin", name=view.name(say))), *body], actions)


# --- The facilitator ----------------------------------------------------------------------------


def panel(say: Texts, view: GroupView, problem: str | None = None, done: str | None = None) -> Json:
    """Members and dates, and what can be changed. For the facilitator alone."""
    group = view.group
    top = [small(say("manage.sees")), heading(view.name(say))]
    if problem:
        top.append(notice(problem))
    if done:
        top.append(notice(done, "good"))
    if group.state == "ended":
        return card([*top, paragraph(say("signup.ended"))])
    more = [*_members_changed(say, view), *_meetings_more(say, view), *_questionnaire(say, view)]
    unfolding = [{"type": "ActionSet", "actions": more}] if more else []
    body = [*top, *_people(say, view), *_dates(say, view), *unfolding]
    return card(body, [*_changes(say, view), *_calendar(say, view)[:1]])


def sure_to_move(
    say: Texts, view: GroupView, meeting: Meeting, to: datetime, carried: Json
) -> Json:
    """From when to when, before anybody is told."""
    moved = replace(meeting, starts_at=to)
    there = replace(view, group=replace(view.group, meetings=(moved,)))
    question = say(
        "manage.move.sure",
        number=meeting.number,
        old=when(say, view, meeting),
        new=when(say, view, moved),
    )
    do = execute(
        say("manage.move.do"),
        "group.move",
        {**view.data(), **carried, "sure": "yes"},
        inputs=False,
        style="positive",
    )
    return _sure(say, view, question, [*_warnings(say, there)], do)


def sure_to_cancel(say: Texts, view: GroupView, meeting: Meeting) -> Json:
    """Which meeting it is, before anybody is told."""
    question = say("manage.cancel.sure", number=meeting.number, when=when(say, view, meeting))
    do = execute(
        say("manage.cancel.do"),
        "group.cancel",
        {**view.data(), "cancelled": meeting.id, "sure": "yes"},
        inputs=False,
        style="destructive",
    )
    return _sure(say, view, question, [], do)


def _sure(say: Texts, view: GroupView, question: str, warnings: list[Json], do: Json) -> Json:
    told = say("manage.told.n", n=len(view.group.joined)) if view.group.joined else ""
    return card(
        [
            small(say("manage.sees")),
            heading(view.name(say)),
            paragraph(question),
            *warnings,
            *([small(told)] if told else []),
        ],
        [do, execute(say("manage.keep"), "group.panel", view.data(), inputs=False)],
    )


def _people(say: Texts, view: GroupView) -> list[Json]:
    roster = view.roster
    lines = [
        paragraph(_members(say, roster), weight="Bolder"),
        *(paragraph(_person(say, member), spacing="None") for member in view.group.members),
    ]
    if roster.joined < roster.advised:
        lines.append(small(_few(say, roster)))
    return [*lines, *_leaders(say, view)]


def _members_changed(say: Texts, view: GroupView) -> list[Json]:
    """Take out who has left, or hand the group over: unfolded when wanted."""
    names = {m.person: m.name or say("welcome.someone") for m in view.group.joined}
    if not names:
        return []
    out = execute(say("manage.out"), "group.out", view.data(), style="destructive")
    give = execute(say("manage.give"), "group.give", view.data())
    choices = [choice(name, person) for person, name in names.items()]
    who = {
        "type": "Input.ChoiceSet",
        "id": "person",
        "label": say("manage.who"),
        "placeholder": say("manage.who.choose"),
        "choices": choices,
    }
    who = required(say, who)
    with_whom = execute(say("manage.co"), "group.co", view.data())
    alone = execute(say("manage.co.end"), "group.co_end", view.data(), inputs=False)
    other = alone if view.group.co_leader else with_whom
    told = [small(say("manage.people.told")), small(say("manage.co.told"))]
    return [show_card(say("manage.people"), [who, *told], out, give, other)]


def _meetings_more(say: Texts, view: GroupView) -> list[Json]:
    """One meeting more, or one that was called off after all."""
    group, data = view.group, view.data()
    if not group.meetings:
        return []
    add = execute(say("manage.add.do"), "group.add", data, style="positive")
    fields: list[Json] = [
        {"type": "Input.Date", "id": "new_day", "label": say("plan.day")},
        {"type": "Input.Time", "id": "new_time", "label": say("plan.time")},
    ]
    told = small(say("manage.told"))
    more = [show_card(say("manage.add"), [*(required(say, f) for f in fields), told], add)]
    off = {
        meeting.id: _short(say, view, meeting)
        for meeting in group.meetings
        if meeting.is_cancelled and meeting.starts_at >= view.now
    }
    if off:
        restore = execute(say("manage.restore.do"), "group.restore", data, style="positive")
        which = _choices("restored", say("manage.which"), off, next(iter(off)))
        more.append(show_card(say("manage.restore"), [which, told], restore))
    return more


def _questionnaire(say: Texts, view: GroupView) -> list[Json]:
    """Which is asked before the first meeting and after the last; once they have met, only the
    one that is, to be taken away."""
    tied, to_begin = view.group.questionnaire, view.group.is_to_begin(view.now)
    titles = {
        study.id: study.title[study.language(say.language)]
        for study in view.questionnaires
        if to_begin or study.id == tied
    }
    if not titles:
        return []
    offered = {"": say("manage.questionnaire.none"), **titles}
    least = max(s.minimum_invited for s in view.questionnaires if s.id in titles)
    which = _choices("tied", say("manage.questionnaire.which"), offered, tied or "")
    told = small(say("manage.questionnaire.told", n=least))
    tie = execute(say("manage.questionnaire.do"), "group.tie", view.data(), style="positive")
    return [show_card(say("manage.questionnaire"), [which, told], tie)]


def _members(say: Texts, roster: Roster) -> str:
    key = "manage.members" if roster.joined else "manage.members.none"
    if roster.joined > roster.size:
        key = "manage.members.over"
    return say(key, n=roster.joined, size=roster.size)


def _person(say: Texts, found: Membership) -> str:
    name = plain(found.name) or say("welcome.someone")
    if found.status == "joined":
        return name
    return f"{name} ({say(f'manage.status.{found.status}')})"


def _changes(say: Texts, view: GroupView) -> list[Json]:
    frame = view.method.frame
    size = _number(
        say,
        "size",
        {"size": str(view.group.size_max)},
        (frame.min_size, frame.max_size),
    )
    planned = {m.id: _short(say, view, m) for m in view.coming}
    first = next(iter(planned), "")
    data = view.data()
    changes = []
    if planned:
        changes = [
            show_card(
                say("manage.move"),
                [
                    _choices("moved", say("manage.which"), planned, first),
                    {"type": "Input.Date", "id": "day", "label": say("manage.day")},
                    {"type": "Input.Time", "id": "time", "label": say("manage.time")},
                    small(say("manage.told")),
                ],
                execute(say("manage.move.do"), "group.move", data, style="positive"),
            ),
            show_card(
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
        show_card(
            say("manage.size"),
            [size, _text("name", say("plan.name"), {"name": view.group.name}, "", NAME_LIMIT)],
            execute(say("manage.size.do"), "group.size", data),
            execute(say("manage.rename"), "group.rename", data),
        ),
        execute(say("manage.post"), "group.post", data, inputs=False),
        ask_first(say("manage.end"), say("manage.end.question"), end),
    ]


def _short(say: Texts, view: GroupView, meeting: Meeting) -> str:
    return say("group.date", number=meeting.number, when=when(say, view, meeting))


def year(say: Texts, number: int, told: Summary | None, titles: Mapping[str, str]) -> Json:
    """What was held in a year, in counts that are of many; where there are few, that there are."""
    top = heading(say("year.heading", year=number))
    if told is None:
        few = say("year.few", groups=LEAST_GROUPS, meetings=LEAST_MEETINGS)
        return card([top, paragraph(few), small(say("year.what"))])
    facts = [
        {"title": say("year.meetings"), "value": say("year.about", n=told.meetings)},
        {"title": say("year.groups"), "value": say("year.about", n=told.groups)},
    ]
    rows = [
        {"title": _of_row(say, row, titles), "value": say("year.about", n=row.meetings)}
        for row in told.rows
    ]
    by_method = [paragraph(say("year.rows"), weight="Bolder"), {"type": "FactSet", "facts": rows}]
    body = [top, {"type": "FactSet", "facts": facts}, *(by_method if rows else [])]
    return card([*body, small(say("year.what")), small(say("year.share", n=STEP))])


def _of_row(say: Texts, row: Row, titles: Mapping[str, str]) -> str:
    return say("year.others") if row.method is None else plain(titles.get(row.method, row.method))


def groups(say: Texts, led: Iterable[GroupView], joined: Iterable[GroupView], person: str) -> Json:
    """Somebody's groups: those they facilitate, and those they have a place in."""
    led = tuple(led)
    leads = {view.group.id for view in led}
    others = (view for view in joined if view.group.id not in leads)
    entries = [_standing(say, view, person, leads=True) for view in led]
    entries += [_standing(say, view, person) for view in others if view.roster.member(person)]
    body: list[Json] = [heading(say("groups.heading"))]
    for number, (view, standing, actions) in enumerate(entries, 1):
        if len(entries) > 1:  # who hears a button hears nothing of the group that it stands under
            which = f"{number}. {view.group.name or view.method.title[say.language]}"
            named = [each | {"title": f"{which}: {each['title']}"} for each in actions]
        else:
            named = actions
        body += _entry(say, view, standing, named)
    if len(body) == 1:
        body.append(paragraph(say("groups.none")))
    else:
        body.append(small(say("calendar.twice"), separator=True))
    return card(body)


def _standing(
    say: Texts, view: GroupView, person: str, *, leads: bool = False
) -> tuple[GroupView, str, list[Json]]:
    """What somebody is in a group and can do about it; who leads may have a place too."""
    found = view.roster.member(person)
    said = [say("groups.leads")] if leads else []
    buttons = [execute(say("groups.panel"), "group.panel", view.data())] if leads else []
    if found is not None:
        said.append(say(f"groups.{found.status}"))
        buttons.append(execute(say("groups.show"), "group.show", view.data()))
    if leads or (found and found.status == "joined"):
        buttons += _own_calendar(say, view)
    return view, " ".join(said), buttons


def _entry(say: Texts, view: GroupView, standing: str, actions: list[Json]) -> list[Json]:
    following = next(iter(view.coming), None)
    if following:
        line = say("groups.next", when=when(say, view, following))
    else:
        line = say("groups.unplanned", day=full_day(say, view.group.created))
    return [
        paragraph(view.name(say), weight="Bolder", separator=True),
        paragraph(f"{standing} {line}", spacing="None"),
        {"type": "ActionSet", "actions": actions},
    ]
