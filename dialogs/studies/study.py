"""A Q-study: what is asked, of whom it is asked for, and the grid it is laid on.

A study never changes once it is created: participants must all have sorted the
same instrument. `dialogs/studies/study_file.py` reads one from a file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from dialogs.studies.items import Item
from dialogs.studies.languages import LANGUAGES, Language, TextByLanguage

__all__ = [
    "LANGUAGES",
    "MAX_STATEMENTS",
    "MAX_VALUE",
    "MIN_STATEMENTS",
    "Grid",
    "Information",
    "Labels",
    "Language",
    "Statement",
    "Study",
    "TextByLanguage",
]

MIN_STATEMENTS, MAX_STATEMENTS = 3, 140
MAX_VALUE = 9
"""Grids reach from -9 to +9 at most."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the Q-set; `help` is empty where none was written."""

    id: str
    text: TextByLanguage
    help: TextByLanguage = field(default_factory=dict)
    dimension: str = ""
    """What part of the subject it is about, for the balance of the Q-set; never shown."""
    image: str = ""
    """A picture in base64; `text` says what it shows. Empty for a statement in words."""


Way: TypeAlias = Literal["teams", "link"]
"""How somebody answers: in a chat of Teams, or by a link that is the same for everybody."""
_FOR_ONE_WAY = re.compile(r"\{(teams|link): ([^{}]*)\}")
_OPENING_QUESTION = re.compile(r"[^.?!\n]{1,80}\?(?=\s)")


@dataclass(frozen=True, slots=True)
class Section:
    question: str
    """Empty where the paragraph does not begin with one."""
    text: str
    is_open: bool
    """Whether all must see it: what answers no question, and what is said of pseudonyms."""


@dataclass(frozen=True, slots=True)
class Information:
    """What a participant accepts before anything is collected."""

    version: str
    text: TextByLanguage
    """`{teams: ...}` and `{link: ...}` are around what holds for one of the two ways alone."""

    def sections(self, language: Language, way: Way) -> list[Section]:
        """What it says on this way, a section for each paragraph."""
        spoken = _FOR_ONE_WAY.sub(
            lambda found: found[2] if found[1] == way else "", self.text[language]
        )
        return [section_of(part.strip()) for part in spoken.split("\n\n") if part.strip()]


def section_of(paragraph: str) -> Section:
    """A question that opens a paragraph is its heading."""
    question = _OPENING_QUESTION.match(paragraph)
    asked = question[0] if question else ""
    text = paragraph[len(asked) :].strip()
    return Section(asked, text, not asked or "pseudonym" in text.casefold())


@dataclass(frozen=True, slots=True)
class Grid:
    """The distribution: how many cells each column value holds.

    It may be skewed, have one half only, or no middle (column 0). Free sorting has more
    cells than statements.
    """

    cells: Mapping[int, int]
    """Column value to number of cells, from the least value to the greatest."""
    moved: int = 0
    """What the values of the file were lowered by: 5 where it has 1 to 9 for -4 to 4."""

    @property
    def size(self) -> int:
        return sum(self.cells.values())

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(sorted(self.cells))


@dataclass(frozen=True, slots=True)
class Labels:
    """What the ends of the grid are called, where that is not agree and disagree."""

    most: TextByLanguage
    least: TextByLanguage
    middle: TextByLanguage = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Study:
    """A whole study. Every text holds every language in `languages`."""

    id: str
    title: TextByLanguage
    languages: tuple[Language, ...]
    purpose: TextByLanguage
    """One or two sentences for the invitation card: what it is about, for whom."""
    minutes: int
    """How long a sort usually takes."""
    information: Information
    instruction: TextByLanguage
    """The condition of instruction (Brown 1980): on what ground to sort."""
    grid: Grid
    statements: tuple[Statement, ...]
    retention: date
    """The day when answers, drafts and keys are destroyed."""
    closes: date | None = None
    """The last day for answers, if it was set beforehand."""
    questions: tuple[Item, ...] = ()
    """Asked after the sort. All are voluntary."""
    minimum_invited: int = 10
    labels: Labels | None = None
    reasons: int = 3
    """Statements at each end for which a reason is asked."""
    forced: bool = True
    """Else every column takes as many as it has cells, and there are more cells than statements."""
    before: str = ""
    """In a later sort: the id of the one before, with which it is paired."""
    pilot: bool = False
    """To be tried out: the answers are sealed with a key that nobody has."""

    def language(self, wanted: Language) -> Language:
        """The language to show: the one wanted, else the study's first."""
        return wanted if wanted in self.languages else self.languages[0]

    def statement(self, statement_id: str) -> Statement:
        return next(s for s in self.statements if s.id == statement_id)

    def as_pilot(self) -> "Study":
        """The same study to be tried out, beside the real one."""
        title = {language: f"{text} (pilot)" for language, text in self.title.items()}
        before = f"{self.before}-pilot" if self.before else ""
        return replace(self, id=f"{self.id}-pilot", title=title, before=before, pilot=True)
