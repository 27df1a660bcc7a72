"""One's own notes, one on each card: what was taken along, and how it went."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.gateway.events import Json
from bot.ui.dates import day
from bot.ui.elements import ask_first, card, execute, heading, paragraph, plain, small
from bot.ui.fitting import pages
from bot.ui.texts import Texts
from dialogs.sessions.notes import NOTE_STATES, KeptNote

TEXT_ROOM = 20_000
"""UTF-16 code units of a card for a note; a longer one goes on at the next page."""
_PIECE = re.compile(r".{1,500}(?:\s|\Z)|.{1,500}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note to be drawn; `title` is that of its method."""

    kept: KeptNote
    title: str


def _one(say: Texts, view: NoteView, text: Sequence[Json], about: Json) -> list[Json]:
    """A note with its buttons; `text` is as much of it as has room, and every button
    carries `about`."""
    kept, note = view.kept, view.kept.note
    states = [
        execute(say(f"note.{state}"), "note.mark", {**about, "state": state})
        for state in NOTE_STATES
    ]
    return [
        small(say("notes.from", title=plain(view.title), day=day(say, kept.until))),
        *text,
        small(say(f"note.is.{note.state}")),
        {
            "type": "Input.Text",
            "id": "went",
            "label": say("note.went"),
            "isMultiline": True,
            "value": note.went,
        },
        {"type": "ActionSet", "actions": states},
    ]


def _pieces(text: str) -> list[Json]:
    """A note's text in parts of a size that one can turn a page between."""
    return [paragraph(plain(each.strip())) for each in _PIECE.findall(text) if each.strip()]


def notes(say: Texts, views: Sequence[NoteView], page: int, *told: Json, anyway: bool) -> Json:
    """The note at a page. `anyway`: its writer has been asked to look at the text again."""
    turned = [
        (view, part) for view in views for part in pages(_pieces(view.kept.note.text), TEXT_ROOM)
    ]
    top = [small(say("notes.sees")), heading(say("notes")), *told]
    if not turned:
        return card([*top, paragraph(say("notes.none"))])
    page = min(max(page, 0), len(turned) - 1)
    view, text = turned[page]
    carried: Json = {"page": page, **({"anyway": "yes"} if anyway else {})}
    about = {"group": view.kept.group, "meeting": view.kept.meeting, **carried}
    delete = execute(
        say("note.delete.confirm"),
        "note.delete",
        about,
        inputs=False,
        style="destructive",
    )
    buttons = [ask_first(say("note.delete"), say("note.delete.question"), delete)]
    if page > 0:
        buttons.append(execute(say("page.before"), "note.turn", {**about, "to": page - 1}))
    if page + 1 < len(turned):
        buttons.append(execute(say("page.after"), "note.turn", {**about, "to": page + 1}))
    where = [small(say("page.of", page=page + 1, pages=len(turned)))] if len(turned) > 1 else []
    return card([*top, *_one(say, view, text, about), *where], buttons)
