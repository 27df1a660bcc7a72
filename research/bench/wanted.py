"""What the researcher wants, as the page says it: every choice that the command has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from research.analysis import Flags, NotAnalysable
from research.analysis.conventions import CRITICAL, Compat
from research.analysis.flagging import Rule
from research.analysis.rotation import HandRotation, Judgment
from research.analysis.solution import Choices, Extraction, Rotation
from research.notes import LONGEST_NAME, LONGEST_TEXT, FactorNote, FactorNotes

MOST_TURNS = 500
MOST_FACTORS = 50

Base: TypeAlias = Literal["varimax", "none"]
"""What is turned by hand: varimax factors, or the unrotated ones."""
Factor: TypeAlias = Annotated[int, Field(ge=0, lt=MOST_FACTORS)]
Degrees: TypeAlias = Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)]
Turns: TypeAlias = tuple[tuple[Factor, Factor, Degrees], ...]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """What a factor is called, and what it says."""

    name: str = Field(default="", max_length=LONGEST_NAME)
    text: str = Field(default="", max_length=LONGEST_TEXT)


class Wanted(_Part):
    """All choices. `flags` by the names of sorts: the factors (from 0) each is flagged on."""

    exclude: tuple[str, ...] = ()
    factors: int = Field(default=3, ge=1, le=MOST_FACTORS)
    extraction: Extraction = "pca"
    compat: Compat = "default"
    base: Base = "varimax"
    turns: Turns = Field(default=(), max_length=MOST_TURNS)
    level: float = 0.05
    rule: Rule = "both"
    flags: dict[str, tuple[Factor, ...]] | None = None
    split: bool = False
    reason: str = Field(default="", max_length=LONGEST_TEXT)
    words: dict[Annotated[str, Field(pattern=r"^f[1-9][0-9]?[ab]?$")], Words] = {}

    @field_validator("turns")
    @classmethod
    def _whole_inversions(cls, turns: Turns) -> Turns:
        if any(first == second and degrees != 180 for first, second, degrees in turns):
            raise ValueError("A factor with itself turns by 180 degrees alone.")
        return turns

    def rotation(self) -> Rotation:
        """The turns, or the rotation they begin from where there are none."""
        turns = tuple(HandRotation(*turn) for turn in self.turns)
        return Judgment(turns, after_varimax=self.base == "varimax") if turns else self.base

    def choices(self, names: Sequence[str]) -> Choices:
        """As `solve` takes them, for the sorts that are kept.

        Raises:
            NotAnalysable: a level that there is not.
        """
        if self.level not in CRITICAL:
            raise NotAnalysable(f"{self.level} is no level of flags.")
        return Choices(
            factors=self.factors,
            extraction=self.extraction,
            rotation=self.rotation(),
            flags=self.marks(names),
            level=self.level,
            flag_rule=self.rule,
            compat=self.compat,
            split_bipolar=self.split,
        )

    def marks(self, names: Sequence[str]) -> Flags | None:
        """Flags by hand, sorts x factors; none where they are automatic."""
        if self.flags is None:
            return None
        marks = np.zeros((len(names), self.factors), dtype=bool)
        for row, name in enumerate(names):
            marks[row, [f for f in self.flags.get(name, ()) if f < self.factors]] = True
        return marks

    def notes(self, factors: Sequence[str]) -> FactorNotes:
        """The words for factors that there are; empty ones are left out."""
        known = {*factors, *(name.rstrip("ab") for name in factors)}
        said = {
            name: FactorNote(words.name.strip(), words.text.strip())
            for name, words in sorted(self.words.items())
            if name in known and (words.name.strip() or words.text.strip())
        }
        return FactorNotes(said, self.reason.strip())


@dataclass(frozen=True, slots=True)
class AnalyseCommand:
    """`kollegial analyse` as it is typed, but for what the page decides."""

    source: str
    reading: tuple[str, ...]
    """How the file is read: `--from`, `--statements` and so on."""
    exclude: tuple[str, ...]
    language: Literal["nb", "nn", "en"]
    seed: int

    def typed(self, wanted: Wanted, folder: str, files: Collection[str], steps: int) -> list[str]:
        """The words of the command that repeats a saved solution.

        Args:
            wanted: the choices.
            folder: where they were saved.
            files: which of the three files lie there.
            steps: of the bootstrap.
        """
        words = ["kollegial", "analyse", self.source, *self.reading]
        for name in (*self.exclude, *wanted.exclude):
            words += ["--exclude", name]
        words += ["--factors", str(wanted.factors), "--extraction", wanted.extraction]
        words += ["--rotation", f"{folder}/rotation.csv" if wanted.turns else wanted.base]
        if wanted.flags is not None:
            words += ["--flags", f"{folder}/flags.csv"]
        words += ["--level", f"{wanted.level:f}".rstrip("0"), "--flag-rule", wanted.rule]
        if wanted.compat != "default":
            words += ["--compat", wanted.compat]
        if wanted.split:
            words.append("--split-bipolar")
        if "factors.toml" in files:
            words += ["--names", f"{folder}/factors.toml"]
        if steps:
            words += ["--bootstrap", str(steps)]
        words += ["--seed", str(self.seed), "--language", self.language]
        return [*words, "--out", f"{folder}/analysis"]
