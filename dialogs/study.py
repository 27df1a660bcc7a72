"""A Q-study: what is asked, of whom it is asked for, and the grid it is laid on.

A study never changes once it is created: participants must all have sorted the
same instrument. `dialogs/study_file.py` reads one from a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["nb", "nn", "en"]
Texts: TypeAlias = Mapping[Language, str]

LANGUAGES: tuple[Language, ...] = get_args(Language)

MIN_STATEMENTS, MAX_STATEMENTS = 3, 140
MAX_VALUE = 7
"""Grids reach from -7 to +7 at most."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the Q-set; `help` is empty where none was written."""

    id: str
    text: Texts
    help: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question."""

    id: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Question:
    """A voluntary question after the sort: free text, or one of `choices`."""

    id: str
    text: Texts
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Information:
    """What a participant accepts before anything is collected."""

    version: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Grid:
    """The forced distribution: how many cells each column value holds."""

    cells: Mapping[int, int]
    """Column value to number of cells, from the least value to the greatest."""

    @property
    def size(self) -> int:
        return sum(self.cells.values())

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(sorted(self.cells))


@dataclass(frozen=True, slots=True)
class Study:
    """A whole study. Every text holds every language in `languages`."""

    id: str
    title: Texts
    languages: tuple[Language, ...]
    purpose: Texts
    """One or two sentences for the invitation card: what it is about, for whom."""
    minutes: int
    """How long a sort usually takes."""
    information: Information
    instruction: Texts
    """The condition of instruction (Brown 1980): on what ground to sort."""
    grid: Grid
    statements: tuple[Statement, ...]
    retention: date
    """The day when answers, drafts and keys are destroyed."""
    closes: date | None = None
    """The last day for answers, if it was set beforehand."""
    questions: tuple[Question, ...] = ()
    minimum_invited: int = 10

    def language(self, wanted: Language) -> Language:
        """The language to show: the one wanted, else the study's first."""
        return wanted if wanted in self.languages else self.languages[0]

    def statement(self, statement_id: str) -> Statement:
        return next(s for s in self.statements if s.id == statement_id)
