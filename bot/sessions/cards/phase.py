"""The cards of a session in the group: one for each phase, updated in place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from bot.gateway.events import Json
from bot.sessions.cards.meeting import SessionView, contribution, is_read, name_of, shortened
from bot.sessions.cards.primitives import VIEWS, view_of
from bot.ui.dates import full_day, moment
from bot.ui.elements import (
    card,
    choice,
    execute,
    folded,
    heading,
    listing,
    notice,
    paragraph,
    plain,
    required,
    show_card,
    small,
)
from bot.ui.fitting import CARD_ROOM, fitting, pages, size
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.method import Method, Phase
from dialogs.sessions.of_one import are_enough, is_of_one
from dialogs.sessions.state import (
    Ended,
    Gathering,
    Opened,
    Resting,
    Running,
    Session,
)
from dialogs.sessions.subgroups import parts
from dialogs.sessions.summary import agreed, has_summary, kept

SCRIPT_MEETINGS, PROMPT_MEETINGS = 1, 2
"""The whole script in a group's first meeting, the prompt in the second, then the title."""
MOST_ACTIONS = 6
READ_ROOM = 30_000
NAMED = 60
"""Characters by which a text is told from others in a list."""
"""UTF-16 code units of the group's card for what is read there; of one phase it always suffices."""


def group_card(say: Texts, meeting: SessionView) -> Json:
    """Where we are, what to do now, whose turn, the time, who sees what."""
    match meeting.session.stage:
        case Gathering():
            return _gathering(say, meeting)
        case Ended():
            return ended(say, meeting)
        case Running() | Resting():
            return _phase(say, meeting)


def _gathering(say: Texts, meeting: SessionView) -> Json:
    session, method = meeting.session, meeting.method
    here = [plain(member.name) for member in session.members if member.is_here]
    frame = method.frame
    body = [
        origin(say, meeting),
        heading(say("session.gathering")),
        *_leaderless(say, session),
        paragraph(plain(method.purpose[say.language])),
        paragraph(say("rehearsal.what" if session.is_rehearsal else "session.gathering.task")),
        {
            "type": "FactSet",
            "facts": [
                _fact(say("session.here"), ", ".join(here) or say("session.here.nobody")),
                _fact(say("session.pace"), say(f"session.pace.{session.pace}")),
                _fact(say("session.sees"), say(_who_is_seen(meeting))),
                *_leads(say, session),
                *_observer(say, session),
            ],
        },
    ]
    if len(here) == 1 and are_enough(method, session):
        body.append(small(say("session.of_one.before")))
    elif here and len(here) < frame.advised_size:
        body.append(small(say("session.few", n=len(here), advised=frame.advised_size)))
    if session.is_rehearsal:
        return card(body)
    body += [*will_divide(say, meeting), *roles_missing(say, meeting), *_roles(say, method)]
    buttons = [
        meeting.press(say("session.button.here"), "here", style="positive"),
        meeting.press(say("session.button.leave"), "leave"),
        _take_over(say, meeting) or start(say, meeting),
    ]
    if method.observer and session.observer is None:
        buttons.append(meeting.press(say("session.button.observe"), "observe"))
    return card(body, buttons)


def _who_is_seen(meeting: SessionView) -> str:
    if meeting.session.is_rehearsal:
        return "rehearsal.sees.gathering"
    method = meeting.method
    return "session.sees.gathering" if method.after.keeps else "session.sees.forgotten"


def roles_missing(say: Texts, meeting: SessionView) -> list[Json]:
    """Which roles nobody has, once anybody is here."""
    missing = queries.missing_roles(meeting.method, meeting.session)
    if not missing or not queries.here(meeting.session):
        return []
    names = ", ".join(plain(role.title[say.language]) for role in missing)
    return [notice(say("session.role.missing", roles=names))]


def start(say: Texts, meeting: SessionView, style: str | None = None) -> Json:
    """Begin; where nobody has one of the roles, it says that it is without."""
    session = meeting.session
    if queries.here(session) and queries.missing_roles(meeting.method, session):
        return meeting.press(say("session.button.start.anyway"), "start", style=style, anyway="yes")
    divides = queries.will_divide(meeting.method, session)
    title = "session.button.start.divided" if divides else "session.button.start"
    return meeting.press(say(title), "start", style=style)


def _leaderless(say: Texts, session: Session) -> list[Json]:
    return [notice(say("session.leaderless"))] if session.facilitator is None else []


def _take_over(say: Texts, meeting: SessionView) -> Json | None:
    """For any member, where nobody leads."""
    if meeting.session.facilitator is None:
        return meeting.press(say("session.button.take"), "take")
    return None


def _phase(say: Texts, meeting: SessionView) -> Json:
    say, phase, body = phase_body(say, meeting)
    if meeting.session.is_rehearsal:
        return card([*body, small(say("rehearsal.sees"))], _rehearsing(say, meeting, phase))
    resting = isinstance(meeting.session.stage, Resting)
    return card(body, _resting_buttons(say, meeting) if resting else _buttons(say, meeting, phase))


def _rehearsing(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    """Only one's own part, where whoever leads takes part: the others press by themselves."""
    session = meeting.session
    leader = session.facilitator or ""
    acts = queries.is_here(session, leader) and queries.may_act(meeting.method, session, leader)
    opens = "" if is_read(session, phase) else view_of(say, meeting, phase).opens()
    return [meeting.press(say(opens), "open", style="positive")] if acts and opens else []


def phase_body(say: Texts, meeting: SessionView) -> tuple[Texts, Phase, list[Json]]:
    """The texts in the method's words, the phase, and all of its card but the buttons."""
    session, phase, opened = meeting.session, meeting.phase, meeting.session.opened
    if phase is None or opened is None:
        raise TypeError("a session that runs has a phase")
    say = say.in_words(meeting.method.words)
    resting = isinstance(session.stage, Resting)
    body = [
        origin(say, meeting),
        heading(plain(phase.title[say.language])),
        *([notice(say("session.resting"), "emphasis")] if resting else []),
        *_leaderless(say, session),
        *([notice(say("session.of_one"))] if is_of_one(meeting.method, session) else []),
        *([paragraph(say("session.owner_stopped"))] if queries.has_lost_owner(session) else []),
        *_words(say, meeting, phase),
        *_whose(say, meeting, phase),
        _now(say, meeting, phase, opened),
        *contributions(say, meeting, phase),
    ]
    return say, phase, body


def origin(say: Texts, meeting: SessionView) -> Json:
    """Which group and method, and how far."""
    title = plain(meeting.method.title[say.language])
    parts = [rehearsal(say, meeting), title, plain(meeting.group)]
    if phase := meeting.phase:
        phases = [each.id for each in queries.plan(meeting.method, meeting.session)]
        number = phases.index(phase.id) + 1
        parts.append(say("session.progress", number=number, total=len(phases)))
    return small(" · ".join(filter(None, parts)))


def rehearsal(say: Texts, meeting: SessionView) -> str:
    """What every card of a rehearsal begins with; empty for anything else."""
    return say("rehearsal") if meeting.session.is_rehearsal else ""


def _words(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    """The bot's words shrink as the group learns; anyone can ask for more."""
    script = [paragraph(listing(part)) for part in phase.script[say.language].split("\n\n")]
    number = meeting.session.meeting
    if number <= SCRIPT_MEETINGS:
        return script
    more = folded("more", say("session.more"), script)
    if number <= PROMPT_MEETINGS:
        return [paragraph(plain(phase.prompt[say.language])), *more]
    return more


def _whose(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    """Which small group it is for, and who is in it; for all, where each has its own card."""
    session = meeting.session
    if not queries.is_apart(session, phase) or is_read(session, phase):
        return []
    if not meeting.subgroup:
        return [paragraph(say("session.subgroups.apart"))]
    names = [plain(member.name) for member in queries.in_subgroup(session, meeting.subgroup)]
    return [paragraph(say("subgroup.yours", number=meeting.subgroup, names=", ".join(names)))]


def will_divide(say: Texts, meeting: SessionView) -> list[Json]:
    """That they are so many that they are divided, and what becomes of that."""
    method, session = meeting.method, meeting.session
    if method.subgroups is None or not queries.will_divide(method, session):
        return []
    here = queries.here(session)
    divided = parts([member.id for member in here], method.subgroups.size)
    sizes = sorted(len(each) for each in divided)
    said = say(
        "session.will_divide",
        n=len(here),
        groups=len(divided),
        least=sizes[0],
        most=sizes[-1],
        minutes=method.subgroups.minutes,
    )
    return [notice(said, "accent")]


def _now(say: Texts, meeting: SessionView, phase: Phase, opened: Opened) -> Json:
    session = meeting.session
    facts = [
        _fact(
            say("session.now"),
            " ".join(filter(None, (what_to_do(say, meeting, phase), _how(say, meeting, phase)))),
        ),
        _fact(say("session.time"), _time(say, meeting, opened)),
        _fact(say("session.sees"), who_sees(say, meeting, phase, opened)),
    ]
    if not queries.hides(phase) and (ready := readiness(meeting, phase)):
        value = say("session.ready.value", n=ready[0], total=ready[1])
        facts.append(_fact(say("session.ready"), value))
    facts += [*_leads(say, session), *_observer(say, session)]
    return {"type": "FactSet", "facts": facts}


def readiness(meeting: SessionView, phase: Phase) -> tuple[int, int] | None:
    """How many of how many are finished; None where nobody need be."""
    session, opened = meeting.session, meeting.session.opened
    is_over = is_read(session, phase) or queries.goes_by_theme(session, phase)
    acting = queries.acting(meeting.method, session, meeting.subgroup)
    if not acting or opened is None or is_over or not VIEWS[type(phase.does)].is_awaited:
        return None
    return len(opened.done.union(opened.passed).intersection(acting)), len(acting)


def what_to_do(say: Texts, meeting: SessionView, phase: Phase, *, leads: bool = False) -> str:
    """One line for everyone, or for whoever leads: what happens now, and whose turn it is."""
    if queries.is_counted(meeting.session, phase):
        return say("session.do.counted")
    view = view_of(say, meeting, phase)
    return view.leading() if leads else view.task()


def _how(say: Texts, meeting: SessionView, phase: Phase) -> str:
    """Which of the buttons on the group's card it is done with."""
    session = meeting.session
    if is_read(session, phase) or queries.goes_by_theme(session, phase):
        return ""
    return view_of(say, meeting, phase).how()


def who_sees(say: Texts, meeting: SessionView, phase: Phase, opened: Opened) -> str:
    """From the very values by which the dialog hides and shows."""
    if meeting.session.is_rehearsal and phase.sees == "writer":
        return say("rehearsal.sees.writer")
    if whom := VIEWS[type(phase.does)].seen_by:
        return say(f"session.sees.{whom}")
    if phase.sees == "writer":
        return say("session.sees.writer")
    if phase.does.gathers:
        return say(f"session.sees.findings.{'shown' if opened.is_shown else 'hidden'}")
    whose = "subgroup" if queries.is_apart(meeting.session, phase) else phase.sees
    if queries.hides(phase):
        named = "pseudonym" if opened.anonymous else "name"
        when = "shown" if opened.is_shown and phase.sees == "group" else "hidden"
        return say(f"session.sees.{whose}.{named}.{when}")
    return say(f"session.sees.{whose}")


def contributions(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    """What the group may read of a phase, and of the phase that it goes on from."""
    view = view_of(say, meeting, phase)
    body = [*_shown(say, meeting, phase, phase.id), *view.body()]
    if not (before := view.about()):
        return body
    about = queries.origin_of(meeting.method, meeting.session, before.partition(".")[0])
    everything = _shown(say, meeting, about, before)
    shown = fitting(everything, READ_ROOM - size(*body))
    if rest := len(everything) - len(shown):
        title = plain(about.title[say.language])
        shown.append(small(say("session.rest", n=rest, title=title)))
    return [*shown, *body]


def _shown(say: Texts, meeting: SessionView, phase: Phase, of: str) -> list[Json]:
    """What the group may see of one phase; answers to a guide by question, or to `of` alone."""
    shown = queries.shown(meeting.method, meeting.session, of)
    asked = [theme.id for theme in phase.does.asks()]
    if asked:
        shown = tuple(sorted(shown, key=lambda each: [*asked, each.theme].index(each.theme)))
    return [contribution(say, phase, each) for each in shown]


def _buttons(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    """At most six, the same for everyone: who presses is checked, not who sees."""
    read = is_read(meeting.session, phase)
    view = view_of(say, meeting, phase)
    opens = "" if read else view.opens()
    buttons = [meeting.press(say(opens), "open", style="positive")] if opens else []
    if not read and view.is_done_with:
        buttons += [
            meeting.press(say("session.button.done"), "done"),
            meeting.press(say("session.button.pass"), "pass"),
        ]
    buttons.append(meeting.press(say("session.button.break"), "break"))
    if take := _take_over(say, meeting):
        buttons.append(take)
    return [*buttons, _coming_and_going(say, meeting)]


def _coming_and_going(say: Texts, meeting: SessionView) -> Json:
    """For those who come late, come back or leave."""
    actions = [
        meeting.press(say("session.button.here"), "here"),
        meeting.press(say("session.button.leave"), "leave"),
    ]
    body = [paragraph(say("session.going")), *_roles(say, meeting.method)]
    return show_card(say("session.button.going"), body, *actions)


def _roles(say: Texts, method: Method) -> list[Json]:
    """Which part somebody has in the method, where it has parts.

    Without a preset: several share the card, and it would be everybody's.
    """
    if not method.roles:
        return []
    return [
        {
            "type": "Input.ChoiceSet",
            "id": "role",
            "label": say("session.role"),
            "placeholder": say("session.role.choose"),
            "choices": [choice(role.title[say.language], role.id) for role in method.roles],
        }
    ]


def _resting_buttons(say: Texts, meeting: SessionView) -> list[Json]:
    buttons = [meeting.press(say("session.button.resume"), "resume", style="positive")]
    if take := _take_over(say, meeting):
        buttons.append(take)
    return [*buttons, _coming_and_going(say, meeting)]


def over(say: Texts, meeting: SessionView, *about: str) -> Json:
    """The card of a phase of which there is nothing to be read."""
    line = (rehearsal(say, meeting), *about, say("session.phase.over"))
    return card([small(" · ".join(filter(None, line)))])


def closed(say: Texts, meeting: SessionView, phase: Phase | None) -> Json:
    """The card of a phase that is over, or of the gathering: a line, and what was shown folded."""
    if phase is None:
        if meeting.session.is_rehearsal:
            return over(say, meeting)
        if isinstance(meeting.session.stage, Ended):
            return card(
                [small(f"{plain(meeting.method.title[say.language])} · {say('panel.over')}")]
            )
        return card([origin(say, meeting), paragraph(say("session.gathering.over"))])
    title = f"**{plain(phase.title[say.language])}**"
    if not (shown := contributions(say, meeting, phase)):
        return over(say, meeting, title)
    read = say("session.phase.read")
    name = plain(meeting.group) or plain(meeting.method.title[say.language])
    return card(
        [
            small(" · ".join(filter(None, (rehearsal(say, meeting), name)))),
            paragraph(title, spacing="None"),
            *folded("part", f"{say('session.phase.over')} {read}", shown),
        ]
    )


def ended(
    say: Texts,
    meeting: SessionView,
    collected: Sequence[str] = (),
    next_date: datetime | None = None,
    calendar: str = "",
    *,
    summary: str = "",
) -> Json:
    """Thanks, what the group keeps, what the owner will try, and the next date.

    `calendar` is the address of the group's calendar, where it has one, and `summary` that of
    the file that the group takes along.
    """
    session = meeting.session
    if not isinstance(session.stage, Ended):
        raise TypeError("the session is not over")
    say = say.in_words(meeting.method.words)
    is_forgotten = not meeting.method.after.keeps and session.stage.why != "never_started"
    why = "forgotten" if is_forgotten else session.stage.why
    if session.is_rehearsal:
        return card(
            [
                origin(say, meeting),
                heading(say("rehearsal.ended")),
                paragraph(say("rehearsal.ended.what")),
            ],
            [execute(say("rehearsal.again"), "said", {"text": say("command.rehearse.title")})],
        )
    body = [
        origin(say, meeting),
        heading(say("session.ended.none" if why == "never_started" else "session.ended")),
        paragraph(say(f"session.ended.{why}")),
    ]
    if is_forgotten or why == "never_started":
        return card(body)
    picked = [each for each in session.contributions if each.id in session.picked]
    body += _listed(say("session.ended.agreed"), agreed(session))
    body += _listed(say("session.ended.picked"), (each.text for each in picked))
    forms = [say("session.ended.forms")] if meeting.method.forms else []
    is_private = any(phase.sees == "writer" for phase in meeting.method.phases)
    kept_to_oneself = [say("session.ended.kept")] if is_private else []
    said = " ".join([*kept_to_oneself, *forms])
    last = [small(said)] if said else []
    if next_date:
        when = moment(say, next_date, meeting.zone)
        last.insert(0, paragraph(say("session.ended.next", when=when)))
    told, asked = _of_summary(say, meeting, summary)
    last += told
    items = _listed(say("session.ended.collected"), collected)
    bank = fitting(items, CARD_ROOM - size(*body, *last))
    if rest := len(items) - len(bank):
        bank.append(small(say("session.collection.more", n=rest)))
    link = {"type": "Action.OpenUrl", "title": say("group.calendar"), "url": calendar}
    return card([*body, *bank, *last], [*asked, *([link] if calendar else [])])


def _of_summary(say: Texts, meeting: SessionView, address: str) -> tuple[list[Json], list[Json]]:
    """Whether the group takes a file along: what there is to say, and to press."""
    summary = meeting.session.summary
    if not has_summary(meeting.session):
        return [], []
    if summary is None:
        return [], [_summary(say, meeting, "ask", "summary")]
    if summary.is_refused:
        return [small(say("summary.refused"))], []
    until = moment(say, summary.until, meeting.zone)
    no = _summary(say, meeting, "no", "summary_answer", answer="no")
    if not summary.key:
        yes = _summary(say, meeting, "yes", "summary_answer", answer="yes")
        return [paragraph(say("summary.question", until=until))], [yes, no]
    if not address:
        return [small(say("summary.over"))], []
    link = {"type": "Action.OpenUrl", "title": say("summary.link"), "url": address}
    away = _summary(say, meeting, "away", "summary_answer", answer="no")
    return [paragraph(say("summary.made", until=until))], [link, away]


def _summary(say: Texts, meeting: SessionView, title: str, verb: str, **data: str) -> Json:
    return execute(say(f"summary.{title}"), f"session.{verb}", {"session": meeting.id, **data})


def summary_text(say: Texts, meeting: SessionView, collection: Iterable[str]) -> str:
    """The file: no names, and no text that the group has not agreed on or kept."""
    session, method = meeting.session, meeting.method
    lines = [method.title[say.language]]
    if isinstance(session.stage, Ended):
        lines.append(full_day(say, session.stage.at.astimezone(meeting.zone)))
    for title, written in (
        (say("session.ended.agreed"), agreed(session)),
        (say("summary.kept"), kept(session, collection)),
    ):
        if written:
            lines += ["", title, *(f"- {each}" for each in written)]
    return "\n".join([*lines, ""])


def collection(say: Texts, group: str, name: str, kept: Mapping[str, str], page: int = 0) -> Json:
    """What a group keeps, by id: a page at a time, of which a text can be taken out."""
    body = [*([small(plain(name))] if name else []), heading(say("session.collection"))]
    if not kept:
        body.append(paragraph(say("session.collection.none")))
    items = {ident: paragraph(f"- {plain(text)}") for ident, text in kept.items()}
    shown, turning = page_of(say, [*items.values()], READ_ROOM, page, _to_collection)
    there = {ident: kept[ident] for ident, item in items.items() if any(item is s for s in shown)}
    actions = [_taking_out(say, group, there)] if there else []
    return card([*body, *shown, *turning, small(say("session.collection.sees"))], actions)


def _taking_out(say: Texts, group: str, kept: Mapping[str, str]) -> Json:
    which: Json = {
        "type": "Input.ChoiceSet",
        "id": "kept",
        "label": say("session.collection.which"),
        "style": "compact",
        "placeholder": say("qsort.choose_one"),
        "choices": [choice(shortened(text, NAMED), ident) for ident, text in kept.items()],
    }
    out = execute(say("session.collection.out.confirm"), "session.out", {"group": group})
    body = [required(say, which), small(say("session.collection.out.what"))]
    return show_card(say("session.collection.out"), body, out)


def _to_collection(title: str, page: int) -> Json:
    return execute(title, "session.collection", {"page": page})


def page_of(
    say: Texts,
    parts: Sequence[Json],
    room: int,
    page: int,
    button: Callable[[str, int], Json],
) -> tuple[list[Json], list[Json]]:
    """What lies on a page, and how to turn it; `button` has a title and leads to a page."""
    turned = pages(parts, room)
    if len(turned) <= 1:
        return [*parts], []
    page = min(max(page, 0), len(turned) - 1)
    buttons = []
    if page > 0:
        buttons.append(button(say("page.before"), page - 1))
    if page + 1 < len(turned):
        buttons.append(button(say("page.after"), page + 1))
    where = small(say("page.of", page=page + 1, pages=len(turned)))
    return turned[page], [where, {"type": "ActionSet", "actions": buttons}]


def _listed(title: str, texts: Iterable[str]) -> list[Json]:
    items = [paragraph(f"- {plain(text)}", spacing="Small") for text in texts]
    return [paragraph(title, weight="Bolder"), *items] if items else []


def _leads(say: Texts, session: Session) -> list[Json]:
    """Who leads, where it is one of the members: somebody else has no name here."""
    leader, other = name_of(session, session.facilitator), name_of(session, session.co_leader)
    names = [plain(leader), say("session.leads.co", name=plain(other)) if other else ""]
    told = ", ".join(filter(None, names))
    return [_fact(say("session.leads"), told)] if told else []


def _observer(say: Texts, session: Session) -> list[Json]:
    if session.observer is None:
        return []
    value = say("session.observer.value", name=plain(session.observer.name))
    return [_fact(say("session.observer"), value)]


def _time(say: Texts, meeting: SessionView, opened: Opened) -> str:
    if meeting.session.pace == "live":
        return say("session.time.live", at=f"{opened.until.astimezone(meeting.zone):%H:%M}")
    return say("session.time.days", when=moment(say, opened.until, meeting.zone))


def _fact(title: str, value: str) -> Json:
    return {"title": title, "value": value}


def asking(
    question: str, choices: Iterable[tuple[str, Json]], written: tuple[str, str] | None = None
) -> Json:
    """Which session begins here: a button for each, and for what goes on, as it is written."""
    buttons = [execute(title, "session.begin", data) for title, data in choices][:MOST_ACTIONS]
    if written:
        title, words = written
        buttons.append(execute(title, "said", {"text": words}))
    return card([paragraph(question)], buttons)


def methods(say: Texts, offered: Sequence[Method], unknown: str = "") -> Json:
    """By which method will they talk? `unknown` is a name that is none."""
    choices = [choice(each.title[say.language], each.id) for each in offered]
    return card(
        [
            heading(say("session.choose")),
            *([notice(say("session.unknown", name=plain(unknown)))] if unknown else []),
            method_field(say, choices, offered[0]),
        ],
        [execute(say("session.choose.button"), "session.choose", {}, style="positive")],
    )


def method_field(say: Texts, choices: list[Json], chosen: Method) -> Json:
    return {
        "type": "Input.ChoiceSet",
        "id": "method",
        "label": say("session.choose.label"),
        "style": "expanded",
        "wrap": True,
        "value": chosen.id,
        "choices": choices,
    }
