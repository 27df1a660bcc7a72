"""A set of Q-sorts of the same statements: what every format reads and writes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from research.analysis import Ints

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

    def sort_of(self, name: str) -> Ints:
        """One sort, a value for each statement."""
        return np.asarray(self.sorts[:, self.names.index(name)])

    def without(self, names: Iterable[str]) -> "Dataset":
        """The dataset with these sorts, and all that belongs to them, left out."""
        out = set(names)
        kept = [i for i, name in enumerate(self.names) if name not in out]
        return replace(
            self,
            names=tuple(self.names[i] for i in kept),
            sorts=self.sorts[:, kept],
            comments={n: c for n, c in self.comments.items() if n not in out},
            fields={n: f for n, f in self.fields.items() if n not in out},
        )

    def with_texts(self, texts: Iterable[str]) -> "Dataset":
        """The dataset with these statement texts."""
        return replace(self, texts=tuple(texts))


def distribution(values: Iterable[int]) -> dict[int, int]:
    """How many statements have each value, from the least value."""
    return dict(sorted(Counter(map(int, values)).items()))


@dataclass(frozen=True, slots=True)
class Shape:
    """The forced distribution of a dataset, and who did not keep to it."""

    cells: Mapping[int, int]
    stated: bool
    """Whether the file states it; if not, it is the distribution most sorts have."""
    off: tuple[str, ...]
    """The sorts with another distribution: unforced sorts."""

    def values(self) -> Ints:
        """One value per statement, ascending."""
        return np.repeat(list(self.cells), list(self.cells.values())).astype(np.int64)


def shape_of(data: Dataset) -> Shape:
    """The grid as stated, else the most common distribution among the sorts."""
    each = {name: distribution(data.sorts[:, i]) for i, name in enumerate(data.names)}
    if data.pattern is not None:
        cells = dict(data.pattern)
    else:
        counted = Counter(tuple(d.items()) for d in each.values())
        # Of equally common ones the least as a tuple: the order of sorts decides nothing.
        cells = dict(min(counted.items(), key=lambda item: (-item[1], item[0]))[0])
    off = tuple(name for name, own in each.items() if own != cells)
    return Shape(cells, data.pattern is not None, off)
