"""One's own notes, one on each card: what was taken along, and how it went."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.gateway.events import Json
from bot.ui.dates import day
from bot.ui.elements import ask_first, card, execute, heading, paragraph, plain, small
from bot.ui.fitting import pages
from bot.ui.texts import Texts
from dialogs.sessions.notes import NOTE_STATES, KeptNote, Note

TEXT_ROOM = 20_000
"""UTF-16 code units of a card for a note; a longer one goes on at the next page."""
SHOWN_IN_REMINDER = 600
"""Characters of a note on a reminder: there may be several, and all of it is in `notater`."""
_PIECE = re.compile(r".{1,500}(?:\s|\Z)|.{1,500}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note to be drawn; `title` is that of its method."""

    kept: KeptNote
    title: str


def _one(say: Texts, view: NoteView, text: Sequence[Json], about: Json) -> list[Json]:
    """A note with its buttons; `text` is as much of it as has room, and every button
    carries `about`."""
    kept = view.kept
    return [
        small(say("notes.from", title=plain(view.title), day=day(say, kept.until))),
        *text,
        *_went(say, kept.note, "note.mark", about),
    ]


def _went(say: Texts, note: Note, verb: str, about: Json, ident: str = "went") -> list[Json]:
    """What came of it: a line to write, called `ident`, and a button for each state."""
    return [
        small(say(f"note.is.{note.state}")),
        {
            "type": "Input.Text",
            "id": ident,
            "label": say("note.went"),
            "isMultiline": True,
            "value": note.went,
        },
        {
            "type": "ActionSet",
            "actions": [
                execute(say(f"note.{state}"), verb, {**about, "state": state})
                for state in NOTE_STATES
            ],
        },
    ]


def in_reminder(say: Texts, kept: KeptNote, ident: str, more: Json) -> list[Json]:
    """The note of which a reminder reminds; its line is called `ident`, and every button carries
    `more`."""
    whole = kept.note.text.strip()
    shown = shorten(whole)
    about = {"group": kept.group, "meeting": kept.meeting, "field": ident, **more}
    return [
        {
            "type": "Container",
            "style": "emphasis",
            "items": [
                paragraph(plain(shown)),
                *([small(say("notes.rest"))] if shown != whole else []),
            ],
        },
        *_went(say, kept.note, "note.reminded", about, ident),
        small(say("notes.stays")),
    ]


def shorten(whole: str) -> str:
    """As much of a note as a reminder shows, to the end of a word."""
    if len(whole) <= SHOWN_IN_REMINDER:
        return whole
    return whole[:SHOWN_IN_REMINDER].rsplit(maxsplit=1)[0] + " …"


def kept(say: Texts, note: KeptNote) -> Json:
    """In the place of a reminder whose note was answered: the note is not on it any more."""
    said = say("notes.answered", state=say(f"note.is.{note.note.state}"), day=day(say, note.until))
    look = execute(say("notes"), "note.turn", {}, inputs=False)
    return card([paragraph(said)], [look])


def _pieces(text: str) -> list[Json]:
    """A note's text in parts of a size that one can turn a page between."""
    return [paragraph(plain(each.strip())) for each in _PIECE.findall(text) if each.strip()]


def _turned(views: Sequence[NoteView]) -> list[tuple[NoteView, list[Json]]]:
    """A page for each, and more for one that is too long for one."""
    return [
        (view, part) for view in views for part in pages(_pieces(view.kept.note.text), TEXT_ROOM)
    ]


def page_of(views: Sequence[NoteView], note: KeptNote) -> int:
    """The page at which a note begins."""
    begins = (n for n, (view, _) in enumerate(_turned(views)) if view.kept == note)
    return next(begins, 0)


def notes(say: Texts, views: Sequence[NoteView], page: int, *told: Json, anyway: bool) -> Json:
    """The note at a page. `anyway`: its writer has been asked to look at the text again."""
    turned = _turned(views)
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
