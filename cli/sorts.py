"""What `convert`, `analyse` and `bench` share: their options, and how sorts are read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.streams import say, stderr
from research import by_hand
from research.analysis import Flags as Marks
from research.analysis import NotAnalysable
from research.analysis.conventions import CRITICAL
from research.analysis.conventions import Compat as CompatName
from research.analysis.solution import Rotation
from research.dataset import Dataset, read_grid
from research.findings import DEFAULT_SEED, NO_NOTES
from research.formats import registry
from research.formats.faults import BadFile, CannotHold
from research.formats.sorts import ReadingOptions, RowsHold
from research.formats.source import SourceFile
from research.notes import FactorNotes, read_notes
from research.report.texts import pick

LEVELS = ", ".join(f"{level:f}".rstrip("0") for level in CRITICAL)
MOST_FACTORS = 50
MOST_BOOTSTRAP = 100_000


class Extracting(StrEnum):
    """`--extraction`."""

    pca = "pca"
    centroid = "centroid"
    horst = "horst"


class Compatible(StrEnum):
    """`--compat`."""

    r = "r"
    kade = "kade"


class Flagging(StrEnum):
    """`--flag-rule`."""

    both = "both"
    significant = "significant"
    majority = "majority"


class Speaking(StrEnum):
    """`--language`."""

    nb = "nb"
    nn = "nn"
    en = "en"


FormatName = StrEnum("FormatName", {name.replace("-", "_"): name for name in registry.BY_NAME})  # type: ignore[misc]  # mypy wants a literal


class Orientation(StrEnum):
    """`--orientation`."""

    statements = "statements"
    sorts = "sorts"


class Gap(StrEnum):
    """`--missing`."""

    refuse = "refuse"
    drop = "drop"
    pairwise = "pairwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file of sorts, and what the options say of it."""

    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="Q-sorts in any format, or a study's export.")
    ]
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Leave a sort out. Can be repeated.")
    ] = None
    missing: Annotated[
        Gap,
        typer.Option(help="Sorts with missing values: refuse the file, drop them, or go pairwise."),
    ] = Gap.refuse
    grid: Annotated[
        str | None,
        typer.Option(
            metavar="CELLS", help="The grid for factor arrays: 1,2,3,2,1 or -1:2,0:3,1:2."
        ),
    ] = None
    statements: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What the statements say: one per line, .STA or CSV."),
    ] = None
    read_as: Annotated[
        FormatName | None,
        typer.Option("--from", help="The format of the file, where its content does not tell."),
    ] = None
    orientation: Annotated[
        Orientation | None,
        typer.Option(help="What a row of the table is, where its content does not tell."),
    ] = None
    sheet: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The sheet of a workbook that has several."),
    ] = None
    language: Annotated[
        Speaking, typer.Option(help="Of the statements, where they are in several, and the report.")
    ] = Speaking.nb

    @property
    def left_out(self) -> tuple[str, ...]:
        """The sorts of `--exclude`."""
        return tuple(self.exclude or ())

    def sorts(self, also: Iterable[str] = ()) -> tuple[Dataset, str]:
        """The sorts, without some more of them, and what the file was taken for."""
        way: RowsHold | None = self.orientation.value if self.orientation else None
        out = frozenset((*self.left_out, *also))
        data, taken_for = registry.read(
            self.source,
            language=self.language.value,
            format_name=self.read_as.value if self.read_as else None,
            reading=ReadingOptions(out, self.missing.value, way, self.sheet),
        )
        if self.statements:
            data = registry.with_statements(data, self.statements)
        return on_grid(data, self.grid), taken_for

    def typed(self) -> tuple[str, ...]:
        """The options as they are typed again, but for the sorts that are left out."""
        said: tuple[tuple[str, object], ...] = (
            ("--from", self.read_as.value if self.read_as else None),
            ("--statements", self.statements.absolute() if self.statements else None),
            ("--orientation", self.orientation.value if self.orientation else None),
            ("--sheet", self.sheet),
            ("--missing", None if self.missing is Gap.refuse else self.missing.value),
            ("--grid", self.grid),
        )
        return tuple(
            word for name, value in said if value is not None for word in (name, str(value))
        )


def _level(level: float) -> float:
    if level not in CRITICAL:
        raise typer.BadParameter(f"{level} is none of {LEVELS}.")
    return level


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The choices of an analysis, as the options say them."""

    factors: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_FACTORS, help="How many. Left out: as recommended."),
    ] = None
    extraction: Annotated[Extracting, typer.Option(help="How factors are extracted.")] = (
        Extracting.pca
    )
    rotation: Annotated[
        str, typer.Option(metavar="varimax|none|FILE", help="FILE: a CSV of turns, by judgment.")
    ] = "varimax"
    flags: Annotated[
        str, typer.Option(metavar="auto|FILE", help="FILE: a CSV like flags.csv, by hand.")
    ] = "auto"
    level: Annotated[
        float, typer.Option(callback=_level, help=f"Of automatic flags: {LEVELS}.")
    ] = 0.05
    flag_rule: Annotated[
        Flagging, typer.Option(help="Which part of the automatic rule must hold, or both.")
    ] = Flagging.both
    names: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A TOML of what you call the factors, and why so many."),
    ] = None
    compat: Annotated[
        Compatible | None, typer.Option(help="Give the numbers that R qmethod or KADE gives.")
    ] = None
    split_bipolar: Annotated[
        bool, typer.Option("--split-bipolar", help="Make two factors of each bipolar one.")
    ] = False
    seed: Annotated[int, typer.Option(min=0, help="Makes random draws repeatable.")] = DEFAULT_SEED

    @property
    def numbers_of(self) -> CompatName:
        """Whose numbers are given."""
        return self.compat.value if self.compat else "default"

    def turns(self) -> Rotation:
        """`--rotation`, its file read."""
        if self.rotation == "varimax":
            return "varimax"
        if self.rotation == "none":
            return "none"
        return by_hand.turns(SourceFile.of(Path(self.rotation)))

    def marks(self, names: tuple[str, ...]) -> Marks | None:
        """`--flags`, its file read; none where they are automatic."""
        return (
            None if self.flags == "auto" else by_hand.flags(SourceFile.of(Path(self.flags)), names)
        )

    def notes(self) -> FactorNotes:
        """`--names`, its file read."""
        return read_notes(SourceFile.of(self.names)) if self.names else NO_NOTES


def require_whole(data: Dataset) -> None:
    """Refuse gaps where nothing can hold them."""
    if data.gaps is not None:
        refuse("Other formats have no room for gaps: use --missing drop here.")


def on_grid(data: Dataset, grid: str | None) -> Dataset:
    """The sorts with the grid of `--grid`, which goes before the file's own."""
    if grid is None:
        return data
    try:
        return replace(data, pattern=read_grid(grid, len(data.statements)))
    except ValueError as error:
        said = str(error) if "cells" in str(error) else "it is no grid"
        refuse(
            f"--grid {grid}: {said}. Write the number of cells of each column, from the least: "
            "1,2,3,2,1; or with their values: -1:2,0:3,1:2."
        )


def remark(data: Dataset) -> None:
    """What reading the file gave occasion to say."""
    for remark in data.remarks:
        say(f"- {pick(remark, 'en')}")


def size_of(data: Dataset) -> str:
    """How many sorts of how many statements."""
    return f"{len(data.names)} sorts of {len(data.statements)} statements"


def refuse(text: str) -> NoReturn:
    """An expected no."""
    raise CannotHold(text)


@contextmanager
def refusing() -> Iterator[None]:
    """Says an expected no, and ends with exit code 1."""
    try:
        yield
    except (BadFile, CannotHold, NotAnalysable) as error:
        stderr.print(str(error), markup=False)
        if isinstance(error, BadFile):
            stderr.print("Nothing was written.")
        raise typer.Exit(1) from None
    except OSError as error:
        stderr.print(f"{error.filename}: {error.strerror}. Nothing was written.", markup=False)
        raise typer.Exit(1) from None
