"""Bringing a case, what became of it, and the panel's queue: all of it in somebody's own chat."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.cases.service import Panel
from bot.gateway.deep_links import link_to
from bot.gateway.events import Conversation, Json
from bot.ui.dates import day, full_moment
from bot.ui.elements import (
    ask_first,
    card,
    choice,
    execute,
    heading,
    open_url,
    paragraph,
    plain,
    required,
    small,
)
from bot.ui.fitting import CARD_ROOM, fitting, size
from bot.ui.texts import Texts
from dialogs.groups.cases import HURRIES, QUESTION_LIMIT, Case, free, queued, waiting
from dialogs.groups.group import Meeting

ON_A_PAGE = 20
"""Cases without a place that whoever leads can choose among."""
PLACED_ROOM = 18_000
"""UTF-16 code units for the cases that have a place."""


def name_of(say: Texts, panel: Panel) -> str:
    return plain(panel.group.name or panel.method.title[say.language])


def summary(say: Texts, panel: Panel) -> str:
    """What a notification shows: never a word of the case."""
    return say("case.origin", name=panel.group.name or panel.method.title[say.language])


# --- One's own cases ----------------------------------------------------------------------------


def mine(
    say: Texts,
    person: str,
    panels: Sequence[Panel],
    nonce: str,
    now: datetime,
    *told: Json,
    anyway: bool = False,
) -> Json:
    """What somebody has brought, and room for another. `anyway`: they have been asked to look at
    the text again."""
    theirs = [(panel, case) for panel in panels for case in panel.cases if case.person == person]
    body = [heading(say("case")), *told]
    for panel, case in theirs:
        body += _one(say, panel, case, now)
    if not panels:
        return card([*body, paragraph(say("case.nowhere"))])
    carried: Json = {"nonce": nonce, **({"anyway": "yes"} if anyway else {})}
    if len(panels) == 1:
        carried["panel"] = panels[0].group.id
    return card(
        [*body, *_form(say, panels)],
        [execute(say("case.bring"), "case.bring", carried, style="positive")],
    )


def _form(say: Texts, panels: Sequence[Panel]) -> list[Json]:
    to = [choice(name_of(say, panel), panel.group.id) for panel in panels]
    # Nothing is required: the card has buttons of cases that are there already, too.
    which: Json = {
        "type": "Input.ChoiceSet",
        "id": "panel",
        "label": say("case.panel"),
        "value": panels[0].group.id,
        "choices": to,
    }
    question: Json = {
        "type": "Input.Text",
        "id": "question",
        "label": say("case.question"),
        "placeholder": say("case.example", limit=QUESTION_LIMIT),
        "isMultiline": True,
    }
    hurry: Json = {
        "type": "Input.ChoiceSet",
        "id": "hurry",
        "label": say("case.hurry"),
        "style": "expanded",
        "value": HURRIES[1],
        "choices": [choice(say(f"case.hurry.{each}"), each) for each in HURRIES],
    }
    return [
        paragraph(say("case.what"), separator=True),
        *([which] if len(to) > 1 else []),
        question,
        hurry,
        small(say("case.sees")),
    ]


def _one(say: Texts, panel: Panel, case: Case, now: datetime) -> list[Json]:
    """A case as it stands, with what its owner can do about it."""
    about = {"group": panel.group.id, "case": case.id}
    if case.heard:
        line = say("case.heard", name=name_of(say, panel), day=day(say, case.heard))
        return [paragraph(line, separator=True), *_telling(say, about, f"went.{case.id}")]
    return [
        paragraph(plain(case.question), separator=True),
        small(_stands(say, panel, case)),
        *_moving(say, panel, case, now, about),
    ]


def _stands(say: Texts, panel: Panel, case: Case) -> str:
    name, hurry = name_of(say, panel), say(f"case.hurry.{case.hurry}")
    if meeting := panel.group.meeting(case.meeting):
        when = full_moment(say, meeting.starts_at, panel.group.zone)
        return say("case.has_place", name=name, when=when, hurry=hurry)
    return say("case.waits", name=name, hurry=hurry)


def _moving(say: Texts, panel: Panel, case: Case, now: datetime, about: Json) -> list[Json]:
    """Another meeting that has room, a later one, or none."""
    field, rooms = f"to.{case.id}", free(panel.group, panel.cases, now)
    where: Json = {
        "type": "Input.ChoiceSet",
        "id": field,
        "label": say("case.to"),
        "choices": [_meeting_choice(say, panel, each) for each in rooms],
    }
    away = execute(say("case.withdraw.confirm"), "case.withdraw", about, style="destructive")
    buttons = [ask_first(say("case.withdraw"), say("case.withdraw.question"), away)]
    if case.meeting:
        not_then = {**about, "meeting": case.meeting}
        buttons.insert(0, execute(say("case.not_then"), "case.not_then", not_then))
    if rooms:
        buttons.insert(0, execute(say("case.move"), "case.move", {**about, "field": field}))
    return [*([where] if rooms else []), {"type": "ActionSet", "actions": buttons}]


def _meeting_choice(say: Texts, panel: Panel, meeting: Meeting) -> Json:
    return choice(full_moment(say, meeting.starts_at, panel.group.zone), meeting.id)


def _telling(say: Texts, about: Json, field: str, *, anyway: bool = False) -> list[Json]:
    """How it went: for the panel, or for nobody."""
    carried = {**about, "field": field, **({"anyway": "yes"} if anyway else {})}
    return [
        {"type": "Input.Text", "id": field, "label": say("case.went"), "isMultiline": True},
        {
            "type": "ActionSet",
            "actions": [
                execute(say("case.went.tell"), "case.went", carried),
                execute(say("case.went.no"), "case.no", about, inputs=False),
            ],
        },
        small(say("case.went.sees")),
    ]


# --- What its owner hears -----------------------------------------------------------------------


def _letter(say: Texts, panel: Panel, *body: Json, more: Iterable[Json] = ()) -> Json:
    look = execute(say("case.mine"), "case.show", {}, inputs=False)
    return card([small(summary(say, panel)), *body], [*more, look])


def placed(say: Texts, panel: Panel, case: Case, meeting: Meeting, news: str) -> Json:
    """It has a place, or its meeting is at another time."""
    when = full_moment(say, meeting.starts_at, panel.group.zone)
    about = {"group": panel.group.id, "case": case.id, "meeting": case.meeting}
    place = Conversation(**panel.group.conversation)
    return _letter(
        say,
        panel,
        heading(say(f"{news}.title")),
        paragraph(say("case_placed.text", when=when, n=meeting.minutes)),
        more=[
            open_url(say("case.open_place"), link_to(place)),
            execute(say("case.not_then"), "case.not_then", about, inputs=False),
        ],
    )


def waits(say: Texts, panel: Panel) -> Json:
    """The meeting where it had its place is no more, and no other has room yet."""
    return _letter(say, panel, heading(say("case_waits.title")), paragraph(say("case_waits.text")))


def closed(say: Texts, title: str) -> Json:
    """The panel is no more."""
    origin = small(say("case.origin", name=plain(title)))
    return card([origin, heading(say("case_closed.title")), paragraph(say("case_closed.text"))])


def report(say: Texts, panel: Panel, learned: Sequence[str]) -> Json:
    """What the panel kept of the meeting, for whoever brought the case."""
    lines = [paragraph(f"- {plain(each)}") for each in learned]
    top = [heading(say("case_report.title"))]
    text = say("case_report.text" if lines else "case_report.nothing")
    room = CARD_ROOM - size(*top) - 2_000
    return _letter(say, panel, *top, paragraph(text), *fitting(lines, room))


def how_it_went(say: Texts, panel: Panel, case: Case, *told: Json, anyway: bool = False) -> Json:
    """Some weeks later. `anyway`: they have been asked to look at the text again."""
    about = {"group": panel.group.id, "case": case.id}
    return card(
        [
            small(summary(say, panel)),
            heading(say("case_went.title")),
            *told,
            paragraph(say("case_went.text")),
            *_telling(say, about, "went", anyway=anyway),
        ]
    )


def told(say: Texts, case: Case) -> Json:
    """Where the panel belongs: how it went, and not with whom."""
    return card([heading(say("case_told.title")), paragraph(plain(case.went))])


# --- The panel's queue --------------------------------------------------------------------------


def queue(say: Texts, panel: Panel, now: datetime, page: int, *told: Json, leads: bool) -> Json:
    """What has a place, how many wait, and for whoever leads how to give places."""
    there = [case for case in queued(panel.cases) if case.meeting]
    left = waiting(panel.cases)
    body = [heading(say("queue", name=name_of(say, panel))), *told, small(say("queue.sees"))]
    placed = [*_with_places(say, panel, there)]
    shown = fitting(placed, PLACED_ROOM)
    body += shown
    if rest := len(placed) - len(shown):
        body.append(small(say("queue.more", n=rest)))
    counts = Counter(case.hurry for case in left)
    lines = [
        say("queue.waiting", n=counts[each], hurry=say(f"case.hurry.{each}"))
        for each in HURRIES
        if counts[each]
    ]
    body.append(paragraph("\n\n".join(lines) or say("queue.nobody_waits"), separator=True))
    if not leads or not (there or left) or not panel.group.coming(now):
        return card(body)
    return _giving(say, panel, now, page, body)


def _with_places(say: Texts, panel: Panel, there: Sequence[Case]) -> Iterator[Json]:
    """By the time of their meetings."""
    for meeting in panel.group.series:
        for case in (each for each in there if each.meeting == meeting.id):
            when = full_moment(say, meeting.starts_at, panel.group.zone)
            line = small(f"{when} · {say(f'case.hurry.{case.hurry}')}")
            items = [paragraph(plain(case.question)), line]
            yield {"type": "Container", "separator": True, "items": items}


def _giving(
    say: Texts,
    panel: Panel,
    now: datetime,
    page: int,
    body: list[Json],
) -> Json:
    """Which case to which meeting: of those without a place only the number is known."""
    there = [case for case in queued(panel.cases) if case.meeting]
    left = waiting(panel.cases)
    last = max(len(left) - 1, 0) // ON_A_PAGE
    page = min(max(page, 0), last)
    first = page * ON_A_PAGE
    shown = left[first : first + ON_A_PAGE]
    choices = [choice(_shortened(case.question), case.id) for case in there] + [
        choice(say("queue.number", n=n, hurry=say(f"case.hurry.{case.hurry}")), case.id)
        for n, case in enumerate(shown, first + 1)
    ]
    about: Json = {"group": panel.group.id, "page": page}
    buttons = [execute(say("queue.give"), "queue.give", about, style="positive")]
    for to, title in ((page - 1, "page.before"), (page + 1, "page.after")):
        if 0 <= to <= last:
            turn = {**about, "page": to}
            buttons.append(execute(say(title), "queue.turn", turn, inputs=False))
    where = [small(say("page.of", page=page + 1, pages=last + 1))] if last else []
    meetings = [_meeting_choice(say, panel, each) for each in panel.group.coming(now)]
    fields: list[Json] = [
        required(say, _choosing("case", say("queue.case"), choices)),
        required(say, _choosing("meeting", say("queue.meeting"), meetings)),
    ]
    return card([*body, *fields, small(say("queue.gives")), *where], buttons)


def _choosing(ident: str, label: str, choices: list[Json]) -> Json:
    return {"type": "Input.ChoiceSet", "id": ident, "label": label, "choices": choices}


def _shortened(question: str, room: int = 60) -> str:
    line = " ".join(question.split())
    return line if len(line) <= room else f"{line[:room]} …"
