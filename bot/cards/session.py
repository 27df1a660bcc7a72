"""The cards of a session in the group: one for each phase, updated in place."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from bot.cards.fitting import CARD_ROOM, fitting, pages, size
from bot.cards.parts import (
    card,
    choice,
    execute,
    folded,
    heading,
    notice,
    paragraph,
    plain,
    show_card,
    small,
)
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs import standing
from dialogs.method import (
    Agreement,
    FillIn,
    FollowUp,
    Guide,
    Inform,
    Matrix,
    Method,
    Open,
    Owner,
    Pause,
    Phase,
    Private,
    Rating,
    Round,
    Scale,
    Vote,
)
from dialogs.session import (
    Contribution,
    Ended,
    Gathering,
    Member,
    Opened,
    Place,
    Resting,
    Running,
    Session,
)

SCRIPT_MEETINGS, PROMPT_MEETINGS = 1, 2
"""The whole script in a group's first meeting, the prompt in the second, then the title."""
READ_ROOM = 30_000
"""UTF-16 code units of the group's card for what is read there; of one phase it always suffices."""
BEGINNING = 300
"""Characters of a contribution where it is one of many to choose among or to place."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What drawing a session's cards needs."""

    id: str
    method: Method
    session: Session
    group: str
    """The group's name; empty where it has none."""
    group_id: str
    zone: ZoneInfo

    @property
    def phase(self) -> Phase | None:
        return standing.phase(self.method, self.session)

    def press(self, title: str, verb: str, *, style: str | None = None, **data: str | int) -> Json:
        """A button that carries the session, and the visit that its card shows."""
        visit = self.session.opened.visit if self.session.opened else 0
        carried = {"session": self.id, "visit": visit, **data}
        return execute(title, f"session.{verb}", carried, style=style)


def group_card(say: Texts, meeting: Meeting) -> Json:
    """Where we are, what to do now, whose turn, the time, who sees what."""
    match meeting.session.stage:
        case Gathering():
            return _gathering(say, meeting)
        case Ended():
            return ended(say, meeting)
        case Running() | Resting():
            return _phase(say, meeting)


def _gathering(say: Texts, meeting: Meeting) -> Json:
    session, method = meeting.session, meeting.method
    here = [plain(member.name) for member in session.members if member.is_here]
    frame = method.frame
    body = [
        origin(say, meeting),
        heading(say("session.gathering")),
        *_leaderless(say, session),
        paragraph(plain(method.purpose[say.language])),
        paragraph(say("session.gathering.task")),
        {
            "type": "FactSet",
            "facts": [
                _fact(say("session.here"), ", ".join(here) or say("session.here.nobody")),
                _fact(say("session.pace"), say(f"session.pace.{session.pace}")),
                _fact(say("session.sees"), say("session.sees.gathering")),
                *_observer(say, session),
            ],
        },
    ]
    if here and len(here) < frame.advised_size:
        body.append(small(say("session.few", n=len(here), advised=frame.advised_size)))
    body += _roles(say, method)
    buttons = [
        meeting.press(say("session.button.here"), "here", style="positive"),
        meeting.press(say("session.button.leave"), "leave"),
        _take_over(say, meeting) or meeting.press(say("session.button.start"), "start"),
    ]
    if method.observer and session.observer is None:
        buttons.append(meeting.press(say("session.button.observe"), "observe"))
    return card(body, buttons)


def _leaderless(say: Texts, session: Session) -> list[Json]:
    return [notice(say("session.leaderless"))] if session.facilitator is None else []


def _take_over(say: Texts, meeting: Meeting) -> Json | None:
    """For any member, where nobody leads."""
    if meeting.session.facilitator is None:
        return meeting.press(say("session.button.take"), "take")
    return None


def _phase(say: Texts, meeting: Meeting) -> Json:
    session, phase, opened = meeting.session, meeting.phase, meeting.session.opened
    if phase is None or opened is None:
        raise TypeError("a session that runs has a phase")
    resting = isinstance(session.stage, Resting)
    body = [
        origin(say, meeting),
        heading(plain(phase.title[say.language])),
        *([notice(say("session.resting"), "emphasis")] if resting else []),
        *_leaderless(say, session),
        *_words(say, meeting, phase),
        _now(say, meeting, phase, opened),
        *contributions(say, meeting, phase),
    ]
    return card(body, _resting_buttons(say, meeting) if resting else _buttons(say, meeting, phase))


def origin(say: Texts, meeting: Meeting) -> Json:
    """Which group and method, and how far."""
    parts = [plain(meeting.method.title[say.language]), plain(meeting.group)]
    if phase := meeting.phase:
        phases = [each.id for each in standing.plan(meeting.method, meeting.session)]
        number = phases.index(phase.id) + 1
        parts.append(say("session.progress", number=number, total=len(phases)))
    return small(" · ".join(filter(None, parts)))


def _words(say: Texts, meeting: Meeting, phase: Phase) -> list[Json]:
    """The bot's words shrink as the group learns; anyone can ask for more."""
    script = [paragraph(plain(part)) for part in phase.script[say.language].split("\n\n")]
    number = meeting.session.meeting
    if number <= SCRIPT_MEETINGS:
        return script
    more = folded("more", say("session.more"), script)
    if number <= PROMPT_MEETINGS:
        return [paragraph(plain(phase.prompt[say.language])), *more]
    return more


def _now(say: Texts, meeting: Meeting, phase: Phase, opened: Opened) -> Json:
    session = meeting.session
    facts = [
        _fact(
            say("session.now"),
            " ".join((what_to_do(say, meeting, phase), *_how(say, meeting, phase))),
        ),
        _fact(say("session.time"), _time(say, meeting, opened)),
        _fact(say("session.sees"), who_sees(say, phase, opened)),
    ]
    if not standing.hides(phase) and (ready := readiness(meeting, phase)):
        value = say("session.ready.value", n=ready[0], total=ready[1])
        facts.append(_fact(say("session.ready"), value))
    facts += _observer(say, session)
    return {"type": "FactSet", "facts": facts}


def readiness(meeting: Meeting, phase: Phase) -> tuple[int, int] | None:
    """How many of how many are finished; None where nobody need be."""
    acting = len(standing.acting(meeting.method, meeting.session))
    if not acting or isinstance(phase.does, Inform | Open | Pause):
        return None
    return acting - len(standing.waiting_for(meeting.method, meeting.session)), acting


def what_to_do(say: Texts, meeting: Meeting, phase: Phase) -> str:
    """One line for everyone: what happens now, and whose turn it is."""
    session = meeting.session
    owner = name_of(session, session.owner)
    match phase.does:
        case Round(order="free"):
            return say("session.do.round.free")
        case Round():
            turn = standing.whose_turn(meeting.method, session)
            if turn is None:
                return say("session.do.round.over")
            return say("session.do.round", name=plain(name_of(session, turn)))
        case Owner():
            return say("session.do.owner", name=plain(owner))
        case Vote(elects=elects):
            runoff = session.opened is not None and bool(session.opened.runoff)
            return say("session.do.vote.runoff" if runoff else f"session.do.vote.{elects}")
        case Guide() if standing.goes_by_theme(session, phase):
            return _theme_now(say, meeting)
        case Private() | Guide() if _is_read(session, phase):
            return say("session.do.private.shown")
        case Private():
            return say("session.do.private")
        case does:
            return say(f"session.do.{does.kind}")


def _how(say: Texts, meeting: Meeting, phase: Phase) -> Iterator[str]:
    """Which of the buttons on the group's card it is done with."""
    session = meeting.session
    if _is_read(session, phase) or standing.goes_by_theme(session, phase):
        return
    match phase.does:
        case Round(order="free"):
            yield say("session.how.round.free")
        case Private() | Guide() | Rating() | Matrix() | FillIn() | Agreement() | FollowUp():
            yield say(f"session.how.{phase.does.kind}")
        case Owner() if session.by_lot:
            yield say("session.by_lot")


def who_sees(say: Texts, phase: Phase, opened: Opened) -> str:
    """From the very values by which the dialog hides and shows."""
    match phase.does:
        case Inform() | Pause():
            return say("session.sees.nothing")
        case Vote() | Rating() | Matrix():
            return say("session.sees.counted")
        case FillIn():
            return say("session.sees.writer")
        case _ if phase.sees == "writer":
            return say("session.sees.writer")
        case _ if standing.hides(phase):
            whom = "facilitator" if phase.sees == "facilitator" else "group"
            named = "pseudonym" if opened.anonymous else "name"
            when = "shown" if opened.is_shown and whom == "group" else "hidden"
            return say(f"session.sees.{whom}.{named}.{when}")
    return say("session.sees.group")


def contributions(say: Texts, meeting: Meeting, phase: Phase) -> list[Json]:
    """What the group may read of a phase, and of the phase that it votes on or picks from."""
    body = _shown(say, meeting, phase)
    match phase.does:
        case Vote(of=of, elects="collection") | Owner(picks=of) if of:
            about = next(each for each in meeting.method.phases if each.id == of)
            everything = _shown(say, meeting, about)
            before = fitting(everything, READ_ROOM - size(*body))
            title = plain(about.title[say.language])
            if rest := len(everything) - len(before):
                before.append(small(say("session.rest", n=rest, title=title)))
            body = [*before, *body]
    body += _agreement(say, meeting, phase)
    spread = meeting.session.spreads.get(phase.id)
    if spread and isinstance(phase.does, Rating):
        for scale in phase.does.scales:
            counts = spread.get(scale.id, ())
            line = "  ".join(f"{step}: {count}" for step, count in enumerate(counts, 1))
            body.append(paragraph(f"{plain(scale.text[say.language])}  {line}"))
    if isinstance(phase.does, Matrix):
        body += _picture(say, meeting, phase.id, phase.does)
    return body


def _shown(say: Texts, meeting: Meeting, phase: Phase) -> list[Json]:
    """What the group may see of one phase."""
    shown = standing.shown(meeting.method, meeting.session, phase.id)
    return [contribution(say, phase, each) for each in shown]


def _picture(say: Texts, meeting: Meeting, phase: str, matrix: Matrix) -> list[Json]:
    """What is placed, by number, and once it is counted the picture of where it lies.

    The numbers of the picture are said in words too, for those who do not see it.
    """
    placed = standing.placeable(meeting.method, meeting.session, matrix)
    picture = meeting.session.pictures.get(phase, {})
    ids = [each.id for each in placed]
    lying: dict[Place, list[str]] = {}
    for number, ident in enumerate(ids, 1):
        if ident in picture:
            lying.setdefault(picture[ident], []).append(str(number))
    if lying:
        body = [
            paragraph(axis(say, "session.picture.up", matrix.up)),
            *_grid(matrix, lying),
            paragraph(axis(say, "session.picture.across", matrix.across)),
        ]
    else:
        is_open = meeting.phase is not None and meeting.phase.id == phase
        body = [] if is_open else [small(say("session.picture.few"))]
    for number, each in enumerate(placed, 1):
        where = say("session.picture.unplaced") if picture else ""
        if each.id in picture:
            across, up = picture[each.id]
            where = say("session.picture.where", across=across, up=up)
        body.append(
            {
                "type": "Container",
                "style": "emphasis",
                "spacing": "Small",
                "items": [
                    small(" · ".join(filter(None, (f"**{number}**", plain(each.name), where)))),
                    paragraph(plain(beginning(each))),
                ],
            }
        )
    return [*body, *not_placed(say, meeting, matrix)]


def not_placed(say: Texts, meeting: Meeting, matrix: Matrix) -> list[Json]:
    """That there is no room for the last of them."""
    placed = len(standing.placeable(meeting.method, meeting.session, matrix))
    rest = len(standing.shown(meeting.method, meeting.session, matrix.of)) - placed
    return [small(say("session.picture.rest", n=rest, placed=placed))] if rest else []


def axis(say: Texts, key: str, scale: Scale) -> str:
    """What an axis asks, and what its ends mean."""
    low, high, asked = (plain(each[say.language]) for each in (scale.low, scale.high, scale.text))
    return say(key, text=asked, low=low, high=high, steps=scale.steps)


def beginning(candidate: Member | Contribution) -> str:
    """A member's name, or the beginning of a contribution, on one line."""
    text = candidate.name if isinstance(candidate, Member) else candidate.text
    return shortened(text, BEGINNING)


def shortened(text: str, limit: int) -> str:
    """On one line, and with so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]} …"


def _grid(matrix: Matrix, lying: Mapping[Place, list[str]]) -> list[Json]:
    """A row for each step up, the highest first, and the steps across below."""
    across = range(1, matrix.across.steps + 1)
    rows = [
        [f"**{up}**", *(" ".join(lying.get((x, up), ["·"])) for x in across)]
        for up in range(matrix.up.steps, 0, -1)
    ]
    return [_row(cells) for cells in (*rows, ["↑→", *(f"**{x}**" for x in across)])]


def _row(cells: Iterable[str]) -> Json:
    return {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {
                "type": "Column",
                "width": "stretch",
                "spacing": "None",
                "items": [paragraph(cell, horizontalAlignment="Center")],
            }
            for cell in cells
        ],
    }


def contribution(say: Texts, phase: Phase, written: Contribution) -> Json:
    """Under the name that it is shown with, and the theme that it is about."""
    themes = phase.does.themes if isinstance(phase.does, Guide) else ()
    about = [plain(theme.text[say.language]) for theme in themes if theme.id == written.theme]
    return {
        "type": "Container",
        "style": "emphasis",
        "spacing": "Small",
        "items": [
            small(" · ".join([plain(written.name), *about])),
            paragraph(plain(written.text)),
        ],
    }


def _agreement(say: Texts, meeting: Meeting, phase: Phase) -> list[Json]:
    """The wording, and how many have confirmed it."""
    wording = meeting.session.wordings.get(phase.id)
    if wording is None or not isinstance(phase.does, Agreement):
        return []
    total = len(standing.actors(meeting.session, phase))
    confirmed = say("session.confirmed", n=len(wording.confirmed), total=total)
    return [
        {
            "type": "Container",
            "style": "emphasis",
            "items": [small(confirmed), paragraph(plain(wording.text))],
        }
    ]


def _theme_now(say: Texts, meeting: Meeting) -> str:
    """The question that the group talks about."""
    phase, opened = meeting.phase, meeting.session.opened
    themes = phase.does.themes if phase and isinstance(phase.does, Guide) else ()
    last = opened.asked[-1] if opened and opened.asked else ""
    for theme in themes:
        if theme.id == last:
            return say("session.do.guide.theme", theme=plain(theme.text[say.language]))
    return say("session.do.guide.first")


def _is_read(session: Session, phase: Phase) -> bool:
    """Whether what was written alone is there to be read by the group."""
    opened = session.opened
    return bool(opened and opened.is_shown and phase.sees == "group" and standing.hides(phase))


def _buttons(say: Texts, meeting: Meeting, phase: Phase) -> list[Json]:
    """At most six, the same for everyone: who presses is checked, not who sees."""
    is_read = _is_read(meeting.session, phase)
    writes = "" if is_read else _writes(say, phase)
    buttons = [meeting.press(writes, "open", style="positive")] if writes else []
    if not is_read and not isinstance(phase.does, Inform | Pause):
        buttons += [
            meeting.press(say("session.button.done"), "done"),
            meeting.press(say("session.button.pass"), "pass"),
        ]
    buttons.append(meeting.press(say("session.button.break"), "break"))
    if take := _take_over(say, meeting):
        buttons.append(take)
    return [*buttons, _coming_and_going(say, meeting)]


def _coming_and_going(say: Texts, meeting: Meeting) -> Json:
    """For those who come late, come back or leave."""
    actions = [
        meeting.press(say("session.button.here"), "here"),
        meeting.press(say("session.button.leave"), "leave"),
    ]
    return show_card(
        say("session.button.going"),
        [
            paragraph(say("session.going")),
            *_roles(say, meeting.method),
            {"type": "ActionSet", "actions": actions},
        ],
    )


def _roles(say: Texts, method: Method) -> list[Json]:
    """Which part somebody has in the method, where it has parts."""
    if not method.roles:
        return []
    return [
        {
            "type": "Input.ChoiceSet",
            "id": "role",
            "label": say("session.role"),
            "value": method.roles[0].id,
            "choices": [choice(role.title[say.language], role.id) for role in method.roles],
        }
    ]


def _resting_buttons(say: Texts, meeting: Meeting) -> list[Json]:
    buttons = [meeting.press(say("session.button.resume"), "resume", style="positive")]
    if take := _take_over(say, meeting):
        buttons.append(take)
    return [*buttons, _coming_and_going(say, meeting)]


def _writes(say: Texts, phase: Phase) -> str:
    """The button that opens one's own part in the personal chat; empty where there is none."""
    match phase.does:
        case Vote():
            return say("session.button.vote")
        case Rating():
            return say("session.button.rate")
        case Matrix():
            return say("session.button.place")
        case Owner(picks=picks) if picks:
            return say("session.button.choose")
        case FillIn():
            return say("session.button.form")
        case Agreement():
            return say("session.button.agree")
        case Private():
            return say("session.button.write")
        case does if does.kind in ("inform", "pause") or phase.medium == "oral":
            return ""
    return say("session.button.write")


def closed(say: Texts, meeting: Meeting, phase: Phase | None) -> Json:
    """The card of a phase that is over, or of the gathering: what was shown, and no buttons."""
    if phase is None:
        return card([origin(say, meeting), paragraph(say("session.gathering.over"))])
    return card(
        [
            small(plain(meeting.group) or plain(meeting.method.title[say.language])),
            paragraph(f"**{plain(phase.title[say.language])}**"),
            *contributions(say, meeting, phase),
            small(say("session.phase.over")),
        ]
    )


def ended(
    say: Texts, meeting: Meeting, collected: Sequence[str] = (), next_date: datetime | None = None
) -> Json:
    """Thanks, what the group keeps, what the owner will try, and the next date."""
    session = meeting.session
    if not isinstance(session.stage, Ended):
        raise TypeError("the session is not over")
    body = [
        origin(say, meeting),
        heading(say("session.ended")),
        paragraph(say(f"session.ended.{session.stage.why}")),
    ]
    picked = [each for each in session.contributions if each.id in session.picked]
    body += _listed(say("session.ended.picked"), (each.text for each in picked))
    last = [small(say("session.ended.kept"))]
    if next_date:
        when = moment(say, meeting.zone, next_date)
        last.insert(0, paragraph(say("session.ended.next", when=when)))
    items = _listed(say("session.ended.collected"), collected)
    kept = fitting(items, CARD_ROOM - size(*body, *last))
    if rest := len(items) - len(kept):
        kept.append(small(say("session.collection.more", n=rest)))
    return card([*body, *kept, *last])


def collection(say: Texts, group: str, texts: Sequence[str], page: int = 0) -> Json:
    """What a group has agreed to keep, a page at a time."""
    body = [*([small(plain(group))] if group else []), heading(say("session.collection"))]
    if not texts:
        body.append(paragraph(say("session.collection.none")))
    items = [paragraph(f"- {plain(text)}") for text in texts]
    shown, turning = page_of(say, items, READ_ROOM, page, _to_collection)
    return card([*body, *shown, *turning, small(say("session.collection.sees"))])


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


def name_of(session: Session, person: str | None) -> str:
    """As Teams shows it; empty for nobody."""
    return next((member.name for member in session.members if member.id == person), "")


def _observer(say: Texts, session: Session) -> list[Json]:
    if session.observer is None:
        return []
    value = say("session.observer.value", name=plain(session.observer.name))
    return [_fact(say("session.observer"), value)]


def _time(say: Texts, meeting: Meeting, opened: Opened) -> str:
    if meeting.session.pace == "live":
        at = format_time(opened.until.astimezone(meeting.zone), "HH:mm", locale=say.language)
        return say("session.time.live", at=at)
    return say("session.time.days", when=moment(say, meeting.zone, opened.until))


def moment(say: Texts, zone: ZoneInfo, when: datetime) -> str:
    """A day and a time of day, where the group is."""
    local = when.astimezone(zone)
    day = format_date(local, say("session.date"), locale=say.language)
    return say("session.moment", day=day, time=format_time(local, "HH:mm", locale=say.language))


def _fact(title: str, value: str) -> Json:
    return {"title": title, "value": value}


def methods(say: Texts, offered: Sequence[Method]) -> Json:
    """For a place without a group: by which method will they talk?"""
    return card(
        [
            heading(say("session.choose")),
            {
                "type": "Input.ChoiceSet",
                "id": "method",
                "label": say("session.choose.label"),
                "style": "expanded",
                "value": offered[0].id,
                "choices": [choice(each.title[say.language], each.id) for each in offered],
            },
        ],
        [execute(say("session.choose.button"), "session.choose", {}, style="positive")],
    )
