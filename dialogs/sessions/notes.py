"""A note to oneself: what somebody takes along from a meeting, and how it went.

It is its writer's alone, and outlives the group: `retention.NOTE` says for how long.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, get_args

from pydantic import TypeAdapter, ValidationError

NoteState: TypeAlias = Literal["tried", "open", "left"]
"""`left`: let it lie, and hear no more of it."""
NOTE_STATES: tuple[NoteState, ...] = get_args(NoteState)
LINE_LIMIT = 500
"""Characters of what is told of how it went."""


@dataclass(frozen=True, slots=True)
class Note:
    """`method` is the id of the method by which they met; empty where nobody knows any more."""

    text: str
    method: str = ""
    state: NoteState = "open"
    went: str = ""
    """How it went, in their own words."""

    def adding(self, text: str) -> "Note":
        """With more below: of one meeting there is one note."""
        return replace(self, text=f"{self.text}\n{text}".strip())


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note with the meeting that tells it from the others of its writer."""

    group: str
    meeting: int
    until: date
    """The last day on which it is kept."""
    note: Note


def comes_back(kept: Iterable[KeptNote], group: str, before: int | None = None) -> KeptNote | None:
    """What somebody took along last from a group, and has not let lie.

    `before`: from a meeting before this one. What they took along from a talk that is none of
    the group's series, which counts its meetings below 0, is theirs to look up.
    """
    theirs = (
        each
        for each in kept
        if each.group == group and each.meeting > 0 and each.note.state != "left"
        if before is None or each.meeting < before
    )
    return max(theirs, key=lambda each: each.meeting, default=None)


_notes = TypeAdapter(Note)


def dump_note(note: Note) -> bytes:
    return _notes.dump_json(note)


def load_note(document: bytes) -> Note:
    """Also one that was written as its text alone, before notes had anything else."""
    try:
        return _notes.validate_json(document)
    except ValidationError:
        return Note(document.decode())
