"""A member's own part of a session, in the personal chat: only they see it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.gateway.events import Json
from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.part import Filled, PartView, form_press
from bot.sessions.cards.phase import (
    origin,
    page_of,
    what_to_do,
    who_sees,
)
from bot.sessions.cards.primitives import view_of
from bot.ui.elements import (
    ask_first,
    card,
    folded,
    heading,
    notice,
    paragraph,
    plain,
    small,
)
from bot.ui.fitting import CARD_ROOM, fitting, size
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.method import Form, Phase
from dialogs.sessions.of_one import is_of_one
from dialogs.sessions.state import (
    Contribution,
    HardFound,
    Notice,
    Opened,
    Refused,
    Resting,
    Suggested,
    ThemesLeft,
    Told,
)
from dialogs.studies.study import TextByLanguage
from dialogs.writing.guards import Suggestion
from dialogs.writing.recognition import Finding
from dialogs.writing.text import TooLong, Unstorable

_PIECE = re.compile(r".{1,500}(?:\s|\Z)|.{1,500}", re.DOTALL)
"""Of a note, in one paragraph: what is turned page by page should be small."""
FOLDED = 1_000
"""What the frame of something folded takes of a card."""


def own(view: PartView) -> Json:
    """What this member can do in the phase."""
    say, meeting = view.say, view.meeting
    phase, opened = meeting.phase, meeting.session.opened
    is_rehearsal = meeting.session.is_rehearsal
    told = [
        block
        for each in view.notices
        for block in (
            [_rehearsed(say)] if is_rehearsal and each in _KEPT else said(say, each, view.text)
        )
    ]
    if phase is None or opened is None:
        kept = [] if told else _kept(say, view.text)
        return card([origin(say, meeting), *told, paragraph(say("own.none")), *kept])
    buttons = _ways_out(view)
    is_theirs = meeting.session.owner == view.person and queries.needs_owner(phase)
    if is_theirs and meeting.session.asking is None:  # else it is over when they end it
        stop = meeting.press(say("own.stop.confirm"), "stop")
        buttons.append(ask_first(say("own.stop"), say("own.stop.question"), stop))
    top = [
        small(say("own.origin")),
        origin(say, meeting),
        heading(plain(phase.title[say.language])),
        *told,
        *([notice(say("own.of_one"))] if is_of_one(meeting.method, meeting.session) else []),
        *_task(view, phase, opened),
    ]
    part = _part(view, phase, opened)
    room = CARD_ROOM - size(card([*top, *part], buttons))
    body = [
        *top,
        *_own_note(view, phase, room // 4),
        *_own_form(view, room // 4),
        *part,
        *_all_mine(view, phase, room // 2),
    ]
    left = CARD_ROOM - size(card(body, buttons)) - FOLDED
    return card([*body, *_on_cards(view, left)], buttons)


def _acts(view: PartView) -> bool:
    return queries.may_act(view.meeting.method, view.meeting.session, view.person)


def _ways_out(view: PartView) -> list[Json]:
    """To be finished, and to let it pass: a part is known by these, also to who listens."""
    say, meeting = view.say, view.meeting
    unsent = Refused("unsent") in view.notices
    left = unsent or any(isinstance(each, ThemesLeft) for each in view.notices)
    anyway = "own.done.unsent" if unsent else "own.done.anyway"
    return [
        meeting.press(say(anyway), "done", anyway="yes")
        if left
        else meeting.press(say("session.button.done"), "done"),
        meeting.press(say("session.button.pass"), "pass"),
    ]


def _task(view: PartView, phase: Phase, opened: Opened) -> list[Json]:
    """What there is to do, and who sees it: whoever acts is spoken to."""
    say, meeting = view.say, view.meeting
    drawn = view_of(say, meeting, phase)
    if not _acts(view):
        task = drawn.listened_to()
        return [paragraph(task)] if task else []
    waits = queries.whose_turn(meeting.method, meeting.session) not in (None, view.person)
    is_counted = queries.is_counted(meeting.session, phase)
    task = what_to_do(say, meeting, phase) if waits or is_counted else drawn.addressed()
    return [paragraph(task), small(who_sees(say, meeting, phase, opened))]


_KEPT = (Told("noted"), Told("picked"))
"""What is found among one's notes afterwards; of a rehearsal nothing is."""


def _rehearsed(say: Texts) -> Json:
    return notice(say("rehearsal.told"), "good")


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
        case Refused(why="unsent"):  # it stands in the field still
            return [notice(say("refused.unsent"))]
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


def _own_note(view: PartView, phase: Phase, room: int) -> list[Json]:
    pieces = [paragraph(plain(piece.strip())) for piece in _PIECE.findall(view.note)]
    if not pieces:
        return []
    is_told_of = phase.does.brings_notes
    is_open = is_told_of or view.note_page is not None
    shown, turning = page_of(view.say, pieces, room, view.note_page or 0, view.to_note)
    bring = _bring(view) if is_told_of and _writes(view, phase) else []
    return folded("note", view.say("own.note"), [*shown, *turning, *bring], is_open=is_open)


def _bring(view: PartView) -> list[Json]:
    """Whoever wants to begins with what they took along."""
    press = view.meeting.press(view.say("own.note.bring"), "bring")
    return [{"type": "ActionSet", "actions": [press]}]


def _writes(view: PartView, phase: Phase) -> bool:
    """Whether they have a field to write in."""
    meeting = view.meeting
    is_theirs = queries.may_act(meeting.method, meeting.session, view.person)
    return is_theirs and queries.takes_writing(meeting.session, phase)


def _own_form(view: PartView, room: int) -> list[Json]:
    method = view.meeting.method
    form = method.forms.get(method.preparation)
    if form is None or not view.form:
        return []
    lines: list[Json] = []
    for part in form.parts:
        for asked in part.fields:
            if answer := view.form.get(asked.id, ""):
                lines.append(small(plain(asked.text[view.say.language])))
                lines.append(paragraph(plain(answer), spacing="None"))
    shown = fitting(lines, room)
    if len(shown) < len(lines):
        shown.append(small(view.say("own.form.rest")))
    return folded("form", form.title[view.say.language], shown)


def _part(view: PartView, phase: Phase, opened: Opened) -> list[Json]:
    """The fields and buttons of the primitive."""
    if isinstance(view.meeting.session.stage, Resting):
        return [paragraph(view.say("now.rest"))]
    if not _acts(view):
        return [paragraph(view.say("own.others"))]
    if queries.is_counted(view.meeting.session, phase):
        return [paragraph(view.say("own.counted"))]
    return view_of(view.say, view.meeting, phase).own(view, opened)


def _all_mine(view: PartView, phase: Phase, room: int) -> list[Json]:
    """What a member has written and is not shown yet, beside a field to write in."""
    meeting, say = view.meeting, view.say
    if view.editing or not _writes(view, phase):
        return []
    mine = queries.mine(meeting.session, view.person)
    if view.study:  # what is shown under one's name can be shared as well
        mine += _shown(view, phase)
    numbers = range(1, len(mine) + 1) if len(mine) > 1 else [0]
    drawn = [_mine(view, each, n) for n, each in zip(numbers, mine, strict=False)]
    newest_first = drawn[::-1]
    shown, turning = page_of(say, newest_first, room, view.page, view.to_page)
    count = [small(say("own.mine.count", n=len(mine)))] if turning else []
    return [*count, *shown, *turning]


def _on_cards(view: PartView, room: int) -> list[Json]:
    """What of one's own was shown: it can be taken out, whatever part of the method is open."""
    say, shown = view.say, queries.shown_of(view.meeting.session, view.person)
    items = [_on_card(view, each, number) for number, each in enumerate(shown, 1)][::-1]
    fit = fitting(items, room)
    if not fit:
        return []
    return folded("shown", say("own.shown"), [small(say("own.shown.what")), *fit])


def _on_card(view: PartView, contribution: Contribution, number: int) -> Json:
    title = view.say("own.remove.n", n=number)
    remove = view.meeting.press(title, "remove", id=contribution.id)
    return {
        "type": "Container",
        "style": "emphasis",
        "items": [
            small(f"**{number}**"),
            paragraph(plain(contribution.text)),
            {"type": "ActionSet", "actions": [remove]},
        ],
    }


def returned(say: Texts, meeting: SessionView, text: str) -> Json:
    """To its writer alone: that it was taken out, and all of it."""
    return card(
        [
            small(say("own.origin")),
            origin(say, meeting),
            heading(say("own.returned")),
            paragraph(say("own.returned.what")),
            paragraph(plain(text)),
        ]
    )


def _shown(view: PartView, phase: Phase) -> tuple[Contribution, ...]:
    return tuple(
        each
        for each in view.meeting.session.contributions
        if each.author == view.person and each.is_shown and each.phase == phase.id
        if phase.shared_learning
    )


def _mine(view: PartView, contribution: Contribution, number: int) -> Json:
    """One's own: what is not shown yet can be changed, and what a study asks for be shared.

    With a number where there are several.
    """
    say, meeting, ident = view.say, view.meeting, contribution.id
    which, mark = (".n", f"**{number}** · ") if number else ("", "")
    phase = next(each for each in meeting.method.phases if each.id == contribution.phase)
    actions = []
    if not contribution.is_shown:
        actions += [
            meeting.press(say(f"own.edit{which}", n=number), "edit", id=ident),
            meeting.press(say(f"own.withdraw{which}", n=number), "withdraw", id=ident),
        ]
    if view.study and phase.shared_learning:
        actions.append(meeting.press(say(f"own.share{which}", n=number), "share", id=ident))
    whose = "subgroup" if contribution.subgroup else phase.sees
    seen = f"own.mine.{whose}"
    if contribution.is_shown:
        seen = "own.mine.shown.subgroup" if contribution.subgroup else "own.mine.shown"
    return {
        "type": "Container",
        "style": "emphasis",
        "items": [
            small(mark + say(seen)),
            paragraph(plain(contribution.text)),
            {"type": "ActionSet", "actions": actions},
        ],
    }


# --- The log form -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormView:
    """A form at one of its pages; `carried` says which group and meeting it is for."""

    form: Form
    carried: Json
    filled: Filled
    page: int = 0
    words: Mapping[str, TextByLanguage] = field(default_factory=dict)
    """Its method's own."""


def form_page(say: Texts, view: FormView, *told: Json, anyway: bool = False) -> Json:
    """One part of a form: saved with every button, and seen by its writer alone.

    With `anyway`, who has been asked to look at a text again may go on with it as it is.
    """
    form, page, say = view.form, view.page, say.in_words(view.words)
    part = form.parts[page]
    carried = {**view.carried, "page": page}
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
                "value": view.filled.get(asked.id, ""),
            }
        )
        if asked.help:
            body.append(small(plain(asked.help[say.language])))
    if anyway:
        carried["anyway"] = "yes"
    buttons = [form_press(say("form.save"), "save", carried, style="positive")]
    if page + 1 < len(form.parts):
        buttons.append(form_press(say("form.next"), "next", carried))
    if page > 0:
        buttons.append(form_press(say("form.back"), "back", carried))
    delete = form_press(say("form.delete.confirm"), "delete", carried, style="destructive")
    return card(
        body, [*buttons, ask_first(say("form.delete"), say("form.delete.question"), delete)]
    )
