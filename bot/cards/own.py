"""A member's own part of a session, in the personal chat: only they see it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.cards.fitting import CARD_ROOM, fitting, size
from bot.cards.parts import (
    ask_first,
    card,
    choice,
    execute,
    folded,
    heading,
    notice,
    paragraph,
    plain,
    small,
)
from bot.cards.session import (
    Meeting,
    beginning,
    not_placed,
    origin,
    page_of,
    what_to_do,
    who_sees,
)
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs import standing
from dialogs.guards import Suggestion
from dialogs.method import Agreement, FillIn, Form, Matrix, Owner, Phase, Rating, Scale, Vote
from dialogs.recognition import Finding
from dialogs.session import (
    TEXT_LIMIT,
    Contribution,
    HardFound,
    Notice,
    Opened,
    Place,
    Refused,
    Suggested,
    ThemesLeft,
    Told,
)
from dialogs.text import TooLong, Unstorable

Filled: TypeAlias = Mapping[str, str]
"""What is written in a form, by field."""
_PIECE = re.compile(r".{1,500}(?:\s|\Z)|.{1,500}", re.DOTALL)
"""Of a note, in one paragraph: what is turned page by page should be small."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What drawing one member's part needs.

    `text` is put back into the field, with `notices` on it. `editing` is the
    contribution that is being changed, `new_id` the id of a new one. `form` is the
    member's own log form, and `note` what they took along from last time. `page` is of
    what they have written, and `note_page` of their note, where they are turning it.
    """

    say: Texts
    meeting: Meeting
    person: str
    new_id: str
    notices: Sequence[Notice] = ()
    text: str = ""
    editing: str = ""
    form: Filled = field(default_factory=dict)
    note: str = ""
    page: int = 0
    note_page: int | None = None

    def to_page(self, title: str, page: int) -> Json:
        """A button to another page of what they have written; the field comes along."""
        return self.meeting.press(title, "leaf", id=self.editing, page=page)

    def to_note(self, title: str, page: int) -> Json:
        """The same, of their note."""
        return self.meeting.press(title, "leaf", id=self.editing, note=page)


def own(desk: Desk) -> Json:
    """What this member can do in the phase."""
    say, meeting = desk.say, desk.meeting
    phase, opened = meeting.phase, meeting.session.opened
    told = [block for each in desk.notices for block in said(say, each, desk.text)]
    if phase is None or opened is None:
        kept = [] if told else _kept(say, desk.text)
        return card([origin(say, meeting), *told, paragraph(say("own.none")), *kept])
    left = any(isinstance(each, ThemesLeft) for each in desk.notices)
    buttons = [
        meeting.press(say("own.done.anyway"), "done", anyway="yes")
        if left
        else meeting.press(say("session.button.done"), "done"),
        meeting.press(say("session.button.pass"), "pass"),
    ]
    if meeting.session.owner == desk.person and standing.needs_owner(phase):
        buttons.append(meeting.press(say("own.stop"), "stop"))
    top = [
        small(say("own.origin")),
        origin(say, meeting),
        heading(plain(phase.title[say.language])),
        *told,
        paragraph(what_to_do(say, meeting, phase)),
        small(who_sees(say, phase, opened)),
    ]
    part = _part(desk, phase, opened)
    room = CARD_ROOM - size(card([*top, *part], buttons))
    return card(
        [
            *top,
            *_own_note(desk, room // 4),
            *_own_form(desk, room // 4),
            *part,
            *_all_mine(desk, phase, room // 2),
        ],
        buttons,
    )


def said(say: Texts, each: Notice, text: str) -> list[Json]:
    """What there is to say: what happened, what was kept, what to do."""
    match each:
        case TooLong(length=length, limit=limit):
            return [notice(say("own.too_long", length=length, limit=limit))]
        case Unstorable():
            return [notice(say("own.unstorable"))]
        case HardFound(findings=findings):
            kinds = ", ".join(dict.fromkeys(say(f"found.{each.kind}") for each in findings))
            return [notice(say("own.hard", kinds=kinds), "attention")]
        case Suggested(findings=findings, suggestion=suggestion):
            return [notice("\n\n".join(_think_again(say, findings, suggestion, text)))]
        case ThemesLeft(themes=themes):
            return [notice(say("own.themes_left", n=len(themes)))]
        case Refused(why=why):
            return [notice(say(f"refused.{why}")), *_kept(say, text)]
        case Told(what=what):
            return [notice(say(f"told.{what}"), "good")]


def _think_again(
    say: Texts, findings: Sequence[Finding], suggestion: Suggestion | None, text: str
) -> Iterator[str]:
    if suggestion:
        yield say(f"guard.{suggestion.guard}")
        if suggestion.example:
            yield say("guard.example", example=plain(suggestion.example))
    if findings:
        yield say("own.soft", found=_found(findings, text))
    yield say("own.anyway")


def _found(findings: Sequence[Finding], text: str) -> str:
    parts = dict.fromkeys(plain(text[each.start : each.end]) for each in findings)
    return ", ".join(f"«{part}»" for part in parts)


def _kept(say: Texts, text: str) -> list[Json]:
    """What somebody wrote in vain stays with them."""
    return [small(say("own.kept")), paragraph(plain(text))] if text else []


def _own_note(desk: Desk, room: int) -> list[Json]:
    pieces = [paragraph(plain(piece.strip())) for piece in _PIECE.findall(desk.note)]
    if not pieces:
        return []
    is_open = desk.note_page is not None
    shown, turning = page_of(desk.say, pieces, room, desk.note_page or 0, desk.to_note)
    return folded("note", desk.say("own.note"), [*shown, *turning], is_open=is_open)


def _own_form(desk: Desk, room: int) -> list[Json]:
    method = desk.meeting.method
    form = method.forms.get(method.preparation)
    if form is None or not desk.form:
        return []
    lines: list[Json] = []
    for part in form.parts:
        for asked in part.fields:
            if answer := desk.form.get(asked.id, ""):
                lines.append(small(plain(asked.text[desk.say.language])))
                lines.append(paragraph(plain(answer), spacing="None"))
    shown = fitting(lines, room)
    if len(shown) < len(lines):
        shown.append(small(desk.say("own.form.rest")))
    return folded("form", desk.say("own.form"), shown)


def _part(desk: Desk, phase: Phase, opened: Opened) -> list[Json]:
    """The fields and buttons of the primitive."""
    if not standing.may_act(desk.meeting.method, desk.meeting.session, desk.person):
        return [paragraph(desk.say("own.others"))]
    is_owner = desk.person == desk.meeting.session.owner
    match phase.does:
        case Vote(elects=elects):
            return _vote(desk, opened, many=elects == "collection")
        case Rating(scales=scales):
            return _rate(desk, scales, opened.ratings.get(desk.person, {}))
        case Matrix():
            return _place(desk, phase.does, opened.places.get(desk.person, {}))
        case Agreement():
            return _agree(desk, phase)
        case FillIn(form=form):
            return _form(desk, desk.meeting.method.forms[form])
        case Owner(picks=picks) if picks and is_owner:
            return [*_pick(desk, picks), *_writing(desk, phase, opened)]
    return _writing(desk, phase, opened)


def _all_mine(desk: Desk, phase: Phase, room: int) -> list[Json]:
    """What a member has written and is not shown yet, beside a field to write in."""
    meeting, say = desk.meeting, desk.say
    writes = standing.takes_writing(meeting.session, phase)
    if (
        desk.editing
        or not writes
        or not standing.may_act(meeting.method, meeting.session, desk.person)
    ):
        return []
    mine = standing.mine(meeting.session, desk.person)
    newest_first = [_mine(desk, each) for each in reversed(mine)]
    shown, turning = page_of(say, newest_first, room, desk.page, desk.to_page)
    count = [small(say("own.mine.count", n=len(mine)))] if turning else []
    return [*count, *shown, *turning]


def _theme(desk: Desk, phase: Phase) -> list[Json]:
    """Which question of a guide it is about: those that are left come first."""
    session = desk.meeting.session
    themes = standing.themes(session, phase, desk.person)
    if not themes:
        return []
    left = standing.themes_left(desk.meeting.method, session, desk.person)
    asked = session.opened.asked if session.opened else ()
    by_theme = standing.goes_by_theme(session, phase)
    preset = asked[-1] if by_theme and asked else left[0].id if left else themes[0].id
    ordered = [*left, *(theme for theme in themes if theme not in left)]
    language = desk.say.language
    return [
        {
            "type": "Input.ChoiceSet",
            "id": "theme",
            "label": desk.say("own.theme", n=len(left)),
            "style": "expanded",
            "wrap": True,
            "value": preset,
            "choices": [choice(theme.text[language], theme.id) for theme in ordered],
        },
        *(
            small(plain(theme.help[language]))
            for theme in themes
            if theme.id == preset and theme.help
        ),
    ]


def _agree(desk: Desk, phase: Phase) -> list[Json]:
    """The wording: put another in its place, or confirm it."""
    say, meeting = desk.say, desk.meeting
    wording = meeting.session.wordings.get(phase.id)
    edition = wording.edition if wording else 0
    buttons = [meeting.press(say("own.word"), "agree", style="positive", edition=edition)]
    if any(isinstance(each, Suggested) for each in desk.notices):
        anyway = meeting.press(say("own.send.anyway"), "agree", edition=edition, anyway="yes")
        buttons.append(anyway)
    if wording:
        buttons.append(meeting.press(say("own.confirm"), "confirm", edition=edition))
    return [
        {
            "type": "Input.Text",
            "id": "text",
            "label": say("own.agreement"),
            "isMultiline": True,
            "value": desk.text or (wording.text if wording else ""),
        },
        {"type": "ActionSet", "actions": buttons},
    ]


def _form(desk: Desk, form: Form) -> list[Json]:
    carried = {"group": desk.meeting.group_id, "form": form.id}
    button = form_press(desk.say("session.button.form"), "open", carried, style="positive")
    return [
        paragraph(plain(form.intro[desk.say.language])),
        {"type": "ActionSet", "actions": [button]},
    ]


def _writing(desk: Desk, phase: Phase, opened: Opened) -> list[Json]:
    """The field, with the text that is being changed or was not taken."""
    say, meeting = desk.say, desk.meeting
    mine = standing.mine(meeting.session, desk.person)
    old = next((each.text for each in mine if each.id == desk.editing), "")
    fields: list[Json] = [
        *_theme(desk, phase),
        {
            "type": "Input.Text",
            "id": "text",
            "label": say(f"own.write.{phase.content or 'telling'}"),
            "placeholder": say("own.write.placeholder", limit=TEXT_LIMIT),
            "isMultiline": True,
            "value": desk.text or old,
        },
    ]
    if standing.hides(phase) and opened.anonymous and phase.sees == "group":
        if standing.is_thin(meeting.method, meeting.session):
            fields.append(small(say("own.thin")))
        fields.append(_toggle("open", say("own.open")))
    if phase.shared_learning:
        fields.append(_toggle("share", say("own.share")))
    ident = desk.editing or desk.new_id
    buttons = [meeting.press(say("own.send"), "send", style="positive", id=ident)]
    if any(isinstance(each, Suggested) for each in desk.notices):
        buttons.append(meeting.press(say("own.send.anyway"), "send", id=ident, anyway="yes"))
    return [*fields, {"type": "ActionSet", "actions": buttons}]


def _mine(desk: Desk, contribution: Contribution) -> Json:
    """One's own that is not shown yet."""
    say, meeting = desk.say, desk.meeting
    phase = next(each for each in meeting.method.phases if each.id == contribution.phase)
    return {
        "type": "Container",
        "style": "emphasis",
        "items": [
            small(say(f"own.mine.{phase.sees}")),
            paragraph(plain(contribution.text)),
            {
                "type": "ActionSet",
                "actions": [
                    meeting.press(say("own.edit"), "edit", id=contribution.id),
                    meeting.press(say("own.withdraw"), "withdraw", id=contribution.id),
                ],
            },
        ],
    }


def _vote(desk: Desk, opened: Opened, *, many: bool) -> list[Json]:
    say, meeting = desk.say, desk.meeting
    candidates = standing.candidates(meeting.method, meeting.session)
    if not candidates:
        return [paragraph(say("own.vote.nothing"))]
    return [
        {
            "type": "Input.ChoiceSet",
            "id": "choices",
            "label": say("own.vote.many" if many else "own.vote.one"),
            "style": "expanded",
            "wrap": True,
            "isMultiSelect": many,
            "value": ",".join(opened.votes.get(desk.person, ())),
            "choices": [choice(beginning(each), each.id) for each in candidates],
        },
        _button(meeting, say("own.vote.send"), "vote"),
    ]


def _pick(desk: Desk, picks: str) -> list[Json]:
    say, meeting = desk.say, desk.meeting
    shown = standing.shown(meeting.method, meeting.session, picks)
    if not shown:
        return [paragraph(say("own.pick.nothing"))]
    return [
        {
            "type": "Input.ChoiceSet",
            "id": "picked",
            "label": say("own.pick"),
            "style": "expanded",
            "wrap": True,
            "isMultiSelect": True,
            "value": ",".join(meeting.session.picked),
            "choices": [choice(beginning(each), each.id) for each in shown],
        },
        _button(meeting, say("own.pick.send"), "pick"),
    ]


def _rate(desk: Desk, scales: Sequence[Scale], given: Mapping[str, int]) -> list[Json]:
    fields = [
        {**_steps(desk, f"scale.{scale.id}", scale, given.get(scale.id)), "style": "expanded"}
        for scale in scales
    ]
    return [*fields, _button(desk.meeting, desk.say("own.rate.send"), "rate")]


def _steps(desk: Desk, ident: str, scale: Scale, given: int | None, number: str = "") -> Json:
    """From 1 to as many steps as there are; the ends say what they mean."""
    language = desk.say.language
    ends = {
        1: f"1 ({scale.low[language]})",
        scale.steps: f"{scale.steps} ({scale.high[language]})",
    }
    steps = range(1, scale.steps + 1)
    return {
        "type": "Input.ChoiceSet",
        "id": ident,
        "label": number + scale.text[language],
        "style": "compact",
        "value": str(given or ""),
        "choices": [choice(ends.get(step, str(step)), str(step)) for step in steps],
    }


def _place(desk: Desk, matrix: Matrix, given: Mapping[str, Place]) -> list[Json]:
    """Two questions about each contribution, under the number that it has in the group."""
    say, meeting = desk.say, desk.meeting
    fields: list[Json] = [
        paragraph(say("own.place")),
        *not_placed(say, meeting, matrix),
    ]
    for number, each in enumerate(standing.placeable(meeting.method, meeting.session, matrix), 1):
        across, up = given.get(each.id, (None, None))
        fields += [
            paragraph(f"**{number}** {plain(beginning(each))}", separator=True),
            _steps(desk, f"across.{each.id}", matrix.across, across, f"{number}. "),
            _steps(desk, f"up.{each.id}", matrix.up, up, f"{number}. "),
        ]
    return [*fields, _button(meeting, say("own.place.send"), "place")]


def _button(meeting: Meeting, title: str, verb: str) -> Json:
    return {"type": "ActionSet", "actions": [meeting.press(title, verb, style="positive")]}


def _toggle(ident: str, title: str) -> Json:
    return {"type": "Input.Toggle", "id": ident, "title": title, "value": "false", "wrap": True}


# --- The log form -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form at one of its pages; `carried` says which group and meeting it is for."""

    form: Form
    carried: Json
    filled: Filled
    page: int = 0


def form_page(say: Texts, sheet: Sheet, *told: Json) -> Json:
    """One part of a form: saved with every button, and seen by its writer alone."""
    form, page = sheet.form, sheet.page
    part = form.parts[page]
    carried = {**sheet.carried, "page": page}
    body: list[Json] = [
        small(say("form.sees")),
        heading(plain(form.title[say.language])),
        small(say("form.page", page=page + 1, pages=len(form.parts))),
        *told,
        *([paragraph(plain(form.intro[say.language]))] if page == 0 else []),
        paragraph(f"**{plain(part.title[say.language])}**"),
    ]
    for asked in part.fields:
        body.append(
            {
                "type": "Input.Text",
                "id": f"field.{asked.id}",
                "label": asked.text[say.language],
                "isMultiline": True,
                "value": sheet.filled.get(asked.id, ""),
            }
        )
        if asked.help:
            body.append(small(plain(asked.help[say.language])))
    buttons = [form_press(say("form.save"), "save", carried, style="positive")]
    if page + 1 < len(form.parts):
        buttons.append(form_press(say("form.next"), "next", carried))
    if page > 0:
        buttons.append(form_press(say("form.back"), "back", carried))
    delete = form_press(say("form.delete.confirm"), "delete", carried, style="destructive")
    return card(
        body, [*buttons, ask_first(say("form.delete"), say("form.delete.question"), delete)]
    )


def form_press(title: str, verb: str, carried: Json, style: str | None = None) -> Json:
    return execute(title, f"form.{verb}", carried, style=style)
