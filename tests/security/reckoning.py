"""The attacker who puts tables together: every way in which so many can have answered.

Of each person two answers with three steps are looked at together: to the two items of a sum, or
before and after. What is told is held against every table of three times three that so many can
have filled; what is the same in all that are left is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from research.analysis.counts import suppressed
from research.analysis.paired import effect, signed_rank
from research.bounds import LEAST

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
STEPS = (1, 2, 3)
FIRST, SECOND = (np.repeat(STEPS, 3), np.tile(STEPS, 3))
"""What somebody in each of the nine cells answered."""


@cache
def ways(people: int, cells: int) -> Ints:
    """Every way to share people among cells, a row for each."""
    bars = np.array([*combinations(range(people + cells - 1), cells - 1)], dtype=np.int64)
    edges = np.hstack(
        [np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), people + cells - 1)]
    )
    counted: Ints = np.diff(edges, axis=1) - 1
    return counted


def together(first: Ints, second: Ints) -> Ints:
    """Every way of the one with every way of the other."""
    return np.hstack([np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1))])


def counted(table: Ints, values: Sequence[int] | Ints, of: Iterable[int]) -> Ints:
    """How many have each of these values, in every way."""
    at = np.asarray(values)
    return np.stack([table[:, at == one].sum(axis=1) for one in of], axis=1)


@dataclass
class Reckoning:
    """Ways that are still possible, and what is looked for in them."""

    possible: NDArray[np.bool_]
    sought: dict[str, Ints] = field(default_factory=dict)
    """What the tables hide, and what it is in every way."""

    @classmethod
    def of(cls, table: Ints) -> "Reckoning":
        return cls(np.ones(len(table), dtype=bool))

    def counts(
        self, name: str, found: Ints, told: Sequence[int | None], *, whole: bool = False
    ) -> None:
        """A table of counts, in which some are hidden; `whole`: all may be for another reason."""
        if not (whole and {*told} == {None}):
            self.possible &= hides_as(found, told)
        for place, count in enumerate(told):
            if count is None:
                self.sought[f"{name} {place}"] = found[:, place]

    def few(self, counted: Mapping[str, Ints], truth: Ints) -> None:
        """A table that nobody tells: what is small in it must not follow."""
        named = zip(counted.items(), truth, strict=True)
        self.sought |= {name: found for (name, found), n in named if 0 < n < LEAST}

    def figure(self, found: Floats | Ints, told: float | None, within: float = 1e-9) -> None:
        """A number that is told, to so many decimals as it is."""
        if told is not None:
            self.possible &= np.isclose(found, told, rtol=0, atol=within, equal_nan=False)

    def recovered(self) -> list[str]:
        """What is one and the same in every way that is left, and somebody.

        That nobody could fall, where all had begun at the lowest step, is no secret.
        """
        assert self.possible.any(), "what happened is possible"
        left = {name: found[self.possible] for name, found in self.sought.items()}
        return [name for name, found in left.items() if np.ptp(found) == 0 and found[0] > 0]


def hides_as(found: Ints, told: Sequence[int | None]) -> NDArray[np.bool_]:
    """Which counts the program, that the attacker has, would tell and hide like this."""
    unique, where = np.unique(found, axis=0, return_inverse=True)
    alike = np.array([suppressed(row) == tuple(told) for row in unique.tolist()])
    return np.asarray(alike[where.reshape(-1)], dtype=bool)


def mean(counts: Ints, values: Sequence[int]) -> Floats:
    numbers: Floats = counts @ np.array(values) / np.maximum(counts.sum(axis=1), 1)
    return numbers


def median(counts: Ints, values: Sequence[int]) -> Floats:
    n, reached = counts.sum(axis=1), counts.cumsum(axis=1)
    middle = [(reached > (at // 2)[:, None]).argmax(axis=1) for at in (n - 1, n)]
    found: Floats = np.asarray(values)[np.stack(middle)].mean(axis=0)
    return found


def variance(counts: Ints, values: Sequence[int]) -> Floats:
    """Over n - 1."""
    n = counts.sum(axis=1)
    squares = counts @ np.square(np.array(values)) - n * mean(counts, values) ** 2
    found: Floats = squares / np.maximum(n - 1, 1)
    return found


def weighed(steps: Ints) -> Mapping[str, Floats]:
    """Effect, its bounds and p of so many steps from -2 to 2; not a number where there are none."""
    unique, where = np.unique(steps, axis=0, return_inverse=True)
    rows = np.array([_weighed(tuple(row)) for row in unique.tolist()])[where.reshape(-1)]
    return dict(zip(("effect", "effect_low", "effect_high", "p"), rows.T, strict=True))


@cache
def _weighed(steps: tuple[int, ...]) -> tuple[float, float, float, float]:
    moved = [float(step) for step, n in zip(range(-2, 3), steps, strict=True) for _ in range(n)]
    test, size = signed_rank(moved), effect(moved)
    if test is None or size is None:
        return (np.nan,) * 4
    return size.size, size.low, size.high, test.p
