"""What the statements tell: distinguishing, consensus, disagreement, crib sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from research.analysis import Floats, Ints
from research.analysis.conventions import Conventions


@dataclass(frozen=True, slots=True)
class FactorPair:
    """The z-scores of one pair of factors, statement by statement."""

    first: int
    second: int
    differences: Floats
    marks: tuple[str, ...]
    """The strongest mark of significance; empty where there is none."""


def compare(z: Floats, errors: Floats, conventions: Conventions) -> list[FactorPair]:
    """Each pair of factors compared on every statement (Brown 1980, p. 245).

    A difference is significant when it exceeds the critical value times the
    standard error of differences.
    """
    comparisons = []
    for first, second in combinations(range(z.shape[1]), 2):
        differences = z[:, first] - z[:, second]
        strength = significance(np.abs(differences), float(errors[first, second]), conventions)
        marks = ("", *(mark for mark, _ in conventions.levels))
        comparisons.append(
            FactorPair(first, second, differences, tuple(marks[s] for s in strength.tolist()))
        )
    return comparisons


def significance(sizes: Floats, error: float, conventions: Conventions) -> Ints:
    """How many of the levels each absolute difference reaches."""
    strength = np.zeros(sizes.shape, dtype=np.int64)
    for _, critical in conventions.levels:
        reached = sizes >= error * critical if conventions.inclusive else sizes > error * critical
        strength += reached
    return strength


def verdicts(comparisons: Sequence[FactorPair], names: Sequence[str]) -> list[str]:
    """R qmethod's column `dist.and.cons`, one verdict per statement.

    `Consensus`: no pair differs at the first level. `Distinguishes f1 only`: f1
    differs from all others, which do not differ. `Distinguishes all`: every pair
    differs. `Distinguishes f1 `: f1 differs from all others, and so do some of them.
    With two factors: `Distinguishing`. Blanks at the end are R's.
    """
    return [
        _verdict([(c.first, c.second) for c in comparisons if c.marks[row]], names)
        for row in range(len(comparisons[0].marks) if comparisons else 0)
    ]


def _verdict(different: list[tuple[int, int]], names: Sequence[str]) -> str:
    factors = len(names)
    if not different:
        return "Consensus"
    if factors == 2:
        return "Distinguishing"
    if len(different) == factors * (factors - 1) // 2:
        return "Distinguishes all"
    parts = []
    for factor, name in enumerate(names):
        if sum(factor in pair for pair in different) == factors - 1:
            only = len(different) == factors - 1
            parts.append(f"Distinguishes {name} only" if only else f"Distinguishes {name} ")
    return "".join(parts)


def distinguishing(comparisons: Sequence[FactorPair], factors: int) -> list[list[str]]:
    """For each statement and factor, the mark at which it differs from all others.

    Empty where it does not. Marks grow with their level, so the weakest of a
    factor's comparisons decides.
    """
    marks = ["", "*", "**", "***", "6*"]
    strength = {mark: place for place, mark in enumerate(marks)}
    weakest = np.full((len(comparisons[0].marks) if comparisons else 0, factors), len(marks) - 1)
    for comparison in comparisons:
        found = np.array([strength[mark] for mark in comparison.marks])
        for factor in (comparison.first, comparison.second):
            weakest[:, factor] = np.minimum(weakest[:, factor], found)
    return [[marks[place] for place in row] for row in weakest.tolist()]


def consensus(comparisons: Sequence[FactorPair]) -> list[str]:
    """Consensus per statement, as in PQMethod and KADE.

    `C*`: no pair of factors differs at .05. `C`: none differs at .01.
    """
    levels = [
        {c.marks[row] for c in comparisons}
        for row in range(len(comparisons[0].marks) if comparisons else 0)
    ]
    return ["C*" if found == {""} else "C" if found <= {"", "*"} else "" for found in levels]


def disagreement(z: Floats) -> Floats:
    """The variance of each statement's z-scores over the factors: least is consensus."""
    return np.asarray(z.var(axis=1))


@dataclass(frozen=True, slots=True)
class CribSheet:
    """What to read first in a factor (Watts & Stenner 2012, pp. 150-158).

    Statements by position. A statement at an extreme of the array is not listed
    again as higher or lower.
    """

    highest: tuple[int, ...]
    higher: tuple[int, ...]
    """Ranked higher here than in any other array."""
    lower: tuple[int, ...]
    lowest: tuple[int, ...]


def crib_sheets(arrays: Ints) -> list[CribSheet]:
    """One crib sheet for each factor; alone, a factor has extremes only."""
    sheets = []
    for factor in range(arrays.shape[1]):
        own = arrays[:, factor]
        others = np.delete(arrays, factor, axis=1)
        highest, lowest = own == own.max(), own == own.min()
        if others.size:
            higher = (own > others.max(axis=1)) & ~highest & ~lowest
            lower = (own < others.min(axis=1)) & ~highest & ~lowest
        else:
            higher = lower = np.zeros(len(own), dtype=bool)
        sheets.append(CribSheet(*map(_positions, (highest, higher, lower, lowest))))
    return sheets


def _positions(chosen: np.ndarray) -> tuple[int, ...]:
    return tuple(np.nonzero(chosen)[0].tolist())
