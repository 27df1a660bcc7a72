"""A set of Q-sorts of the same statements: what every format reads and writes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from research.analysis import Flags, Floats, Ints

Remark: TypeAlias = tuple[str, str]
"""What was decided while a file was read, in bokmål and English."""
NOTHING: Mapping[str, Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Sorts by name. A format that lacks something leaves it empty."""

    title: str
    statements: tuple[str, ...]
    """Labels: `sta_1`, `s1`, or the numbers from 1."""
    texts: tuple[str, ...]
    """What each statement says; empty where the file does not tell."""
    names: tuple[str, ...]
    sorts: Ints
    """Statements x sorts."""
    pattern: Mapping[int, int] | None = None
    """The grid as the file states it: value to number of cells."""
    comments: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: NOTHING)
    """By sort and by statement."""
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: NOTHING)
    """Other answers, by sort and by name of the field."""
    remarks: tuple[Remark, ...] = ()
    read_as: str = ""
    """What the file was taken for, where its format's name does not tell all."""
    excluded: tuple[str, ...] = ()
    """The sorts that the researcher left out."""
    also: tuple[str, ...] = ()
    """Other names that these go by in the file."""
    gaps: Flags | None = None
    """Where a value is missing, statements x sorts: `sorts` has a 0 there that is none."""

    def values(self) -> Floats:
        """The sorts with NaN where a value is missing."""
        values = self.sorts.astype(float)
        return values if self.gaps is None else np.where(self.gaps, np.nan, values)

    def rows(self) -> list[list[int | str]]:
        """The sorts by statement, for tables: an empty cell where a value is missing."""
        rows: list[list[int | str]] = self.sorts.tolist()
        if self.gaps is not None:
            for row, column in zip(*np.nonzero(self.gaps), strict=True):
                rows[row][column] = ""
        return rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dataset) and (
            (self.title, self.statements, self.texts, self.names)
            == (other.title, other.statements, other.texts, other.names)
            and np.array_equal(self.sorts, other.sorts)
            and self.pattern == other.pattern
            and self.comments == other.comments
            and self.fields == other.fields
        )

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash

    def without(self, names: Iterable[str]) -> "Dataset":
        """The dataset with these sorts, and all that belongs to them, left out."""
        out = set(names)
        kept = [i for i, name in enumerate(self.names) if name not in out]
        return replace(
            self,
            names=tuple(self.names[i] for i in kept),
            sorts=self.sorts[:, kept],
            gaps=None if self.gaps is None or not self.gaps[:, kept].any() else self.gaps[:, kept],
            comments={n: c for n, c in self.comments.items() if n not in out},
            excluded=(*self.excluded, *(name for name in self.names if name in out)),
            fields={n: f for n, f in self.fields.items() if n not in out},
        )

    def with_texts(self, texts: Iterable[str]) -> "Dataset":
        """The dataset with these statement texts."""
        return replace(self, texts=tuple(texts))


def distribution(values: Iterable[int]) -> dict[int, int]:
    """How many statements have each value, from the least value."""
    return dict(sorted(Counter(map(int, values)).items()))


def read_grid(text: str, statements: int) -> dict[int, int]:
    """The grid that a researcher states: `1,2,3,2,1` around the middle, or `-1:2,0:3,1:2`.

    Raises:
        ValueError: it is none, or has not as many cells as there are statements.
    """
    parts = [part.strip().replace("\u2212", "-") for part in text.split(",")]
    if all(":" in part for part in parts):
        pairs = [part.split(":", 1) for part in parts]
        cells = {int(value): int(count) for value, count in pairs}
    else:
        half = len(parts) // 2
        values = [v for v in range(-half, half + 1) if v or len(parts) % 2]
        cells = {value: int(count) for value, count in zip(values, parts, strict=True)}
    if min(cells.values()) < 0:
        raise ValueError(text)
    if (size := sum(cells.values())) != statements:
        raise ValueError(f"it has {size} cells, and there are {statements} statements")
    return dict(sorted(cells.items()))


@dataclass(frozen=True, slots=True)
class Shape:
    """The forced distribution of a dataset, and who did not keep to it."""

    cells: Mapping[int, int]
    stated: bool
    """Whether the file states it."""
    off: tuple[str, ...]
    """The sorts with another distribution: unforced sorts."""
    shared: bool = True
    """Whether sorts have it: else it is the mean of all sorts, each in the order of its values."""

    def values(self) -> Ints:
        """One value per statement, ascending."""
        return np.repeat(list(self.cells), list(self.cells.values())).astype(np.int64)


def shape_of(data: Dataset) -> Shape:
    """The grid as stated, else the one that more than half of the sorts have, else their mean.

    No single person's distribution stands for everybody's: where the sorts were unforced,
    each sort's values are put in order, and the mean at each place is rounded.
    """
    whole = [i for i in range(len(data.names)) if data.gaps is None or not data.gaps[:, i].any()]
    whole = whole or list(range(len(data.names)))  # a gap says nothing of the grid
    each = {data.names[i]: distribution(data.sorts[:, i]) for i in whole}
    if data.pattern is not None:
        cells = dict(data.pattern)
    else:
        counted = Counter(tuple(d.items()) for d in each.values())
        # Of equally common ones the least as a tuple: the order of sorts decides nothing.
        cells = dict(min(counted.items(), key=lambda item: (-item[1], item[0]))[0])
        if 2 * counted[tuple(cells.items())] <= len(each) and len(each) > 1:
            cells = distribution(np.rint(np.sort(data.sorts[:, whole], axis=0).mean(axis=1)))
            off = tuple(name for name, own in each.items() if own != cells)
            return Shape(cells, stated=False, off=off, shared=False)
    off = tuple(name for name, own in each.items() if own != cells)
    return Shape(cells, data.pattern is not None, off)
