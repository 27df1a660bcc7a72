"""How many factors to keep: the criteria, and a recommendation with its reasons."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from research.analysis import Floats, Ints
from research.analysis.correlation import standardise

MOST_SAMPLES, FEWEST_SAMPLES = 200, 20
"""Permuted samples of parallel analysis: the larger one is, the less they vary."""
CELLS = 2_000_000
"""How many cells are permuted in all, between those bounds."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""


def silent(done: int, total: int) -> None:
    """No progress to show."""


def kaiser(eigenvalues: Floats) -> int:
    """Eigenvalues of at least 1 (Kaiser 1960; Guttman 1954). Keeps many in large samples."""
    return int((eigenvalues >= 1 - 1e-9).sum())


def humphrey(loadings: Floats, statements: int) -> int:
    """Unrotated factors whose two highest loadings multiply to more than 2/√N.

    (Brown 1980, p. 223; Watts & Stenner 2012, p. 108.)
    """
    highest = np.sort(np.abs(loadings), axis=0)[-2:]
    return int((highest.prod(axis=0) > 2 / np.sqrt(statements)).sum())


def two_significant(loadings: Floats, least: float) -> int:
    """Unrotated factors with at least two significant loadings (Brown 1980, p. 223)."""
    return int(((np.abs(loadings) > least).sum(axis=0) >= 2).sum())


def scree_elbow(eigenvalues: Floats) -> int:
    """Factors before the scree's sharpest bend (acceleration factor, Raîche et al. 2013)."""
    if len(eigenvalues) < 3:
        return 1
    return int(np.diff(eigenvalues, 2).argmax()) + 1


@dataclass(frozen=True, slots=True)
class Parallel:
    """Eigenvalues that chance gives, from sorts with their statements permuted."""

    mean: Floats
    upper: Floats
    """The 95th percentile: what a real factor should exceed."""
    samples: int

    def keep(self, eigenvalues: Floats) -> int:
        """How many eigenvalues exceed chance before the first that does not."""
        return int(np.cumprod(eigenvalues > self.upper + 1e-9).sum())


def parallel_analysis(
    sorts: Floats, seed: int, samples: int | None = None, progress: Progress = silent
) -> Parallel:
    """Parallel analysis with permuted sorts (Horn 1965; Buja & Eyuboglu 1992).

    Each sort keeps its own values, and so the forced distribution, on statements
    drawn at random; what sorts have in common is then chance alone.

    Args:
        sorts: statements x sorts.
        seed: makes it repeatable.
        samples: from 20 (many statements and sorts) to 200.
    """
    random = np.random.default_rng(seed)
    columns = standardise(sorts)
    # Sorted first, so that the same sorts in another order of statements give the
    # same line; the order of the sorts does not matter to an eigenvalue's distribution.
    columns = np.sort(columns, axis=0)
    shortest = min(columns.shape)
    count = samples or int(np.clip(CELLS // columns.size, FEWEST_SAMPLES, MOST_SAMPLES))
    drawn = np.zeros((count, columns.shape[1]))
    for sample in range(count):
        shuffled = random.permuted(columns, axis=0)
        shuffled = shuffled if columns.shape[0] <= columns.shape[1] else shuffled.T
        products = shuffled @ shuffled.T / (len(columns) - 1)
        drawn[sample, :shortest] = np.linalg.eigvalsh(products)[::-1][:shortest]
        progress(sample + 1, count)
    drawn = np.clip(drawn, 0.0, None)
    return Parallel(drawn.mean(axis=0), np.percentile(drawn, 95, axis=0), count)


Reason: TypeAlias = Literal[
    "parallel", "chance", "kaiser", "humphrey", "two_significant", "elbow", "flags", "variance"
]


@dataclass(frozen=True, slots=True)
class Advice:
    """How many factors to keep, and why."""

    factors: int
    reasons: tuple[tuple[Reason, float], ...]
    """What each criterion says, with its number."""


def advise(
    eigenvalues: Floats,
    parallel: Parallel,
    *,
    unrotated: Floats,
    least: float,
    statements: int,
    fewest_flags: Callable[[int], int],
) -> Advice:
    """A plain recommendation: parallel analysis, held back until every factor has two flags.

    A factor that rests on one sort is that person's, not a shared view (Brown 1980,
    p. 293). The other criteria are reported and do not vote: they keep too many in
    large samples.

    Args:
        eigenvalues: of the correlations, greatest first.
        unrotated: loadings on as many factors as were extracted.
        least: the significant loading.
        fewest_flags: for a number of factors, the fewest flags that one of them
            has after rotation.
    """
    beyond_chance = parallel.keep(eigenvalues)
    factors = min(max(beyond_chance, 1), unrotated.shape[1])
    while factors > 1 and fewest_flags(factors) < 2:
        factors -= 1
    return Advice(
        factors,
        (
            ("parallel", beyond_chance) if beyond_chance else ("chance", 0),
            ("flags", fewest_flags(factors)),
            ("variance", 100 * float(eigenvalues[:factors].sum() / eigenvalues.sum())),
            ("kaiser", kaiser(eigenvalues)),
            ("humphrey", humphrey(unrotated, statements)),
            ("two_significant", two_significant(unrotated, least)),
            ("elbow", scree_elbow(eigenvalues)),
        ),
    )


def chunks(total: int, size: int) -> Iterator[Ints]:
    """The numbers below a total, in pieces of at most a size."""
    for start in range(0, total, size):
        yield np.arange(start, min(start + size, total))
