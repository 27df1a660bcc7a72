"""How many factors to keep: the criteria, and a recommendation with its reasons."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from research.analysis import Flags, Floats, Ints
from research.analysis.correlation import standardise

MOST_SAMPLES, FEWEST_SAMPLES = 200, 20
"""Permuted samples of parallel analysis: the larger one is, the less they vary."""
MOST_IN_SEQUENCE = 8
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
    low: Floats
    """What bounds the line's own sampling error: another seed's line lies between `low` and
    `high` 95 times of 100 (order statistics; David & Nagaraja 2003, section 7.1)."""
    high: Floats
    in_sequence: int
    """How many factors exceed chance when each is compared with what those before it leave."""

    def keep(self, eigenvalues: Floats) -> int:
        """How many eigenvalues exceed chance before the first that does not."""
        return _leading(eigenvalues > self.upper + 1e-9)

    def range(self, eigenvalues: Floats) -> tuple[int, int]:
        """The fewest and the most that another seed might keep."""
        return (
            _leading(eigenvalues > np.maximum(self.high, self.upper) + 1e-9),
            _leading(eigenvalues > np.minimum(self.low, self.upper) + 1e-9),
        )


def _leading(beyond: Flags) -> int:
    return int(np.cumprod(beyond).sum())


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
    whole = standardise(sorts)
    # Sorted first, so that the same sorts in another order of statements give the
    # same line; the order of the sorts does not matter to an eigenvalue's distribution.
    columns = np.sort(whole, axis=0)
    shortest = min(columns.shape)
    count = samples or int(np.clip(CELLS // columns.size, FEWEST_SAMPLES, MOST_SAMPLES))
    drawn = np.zeros((count, columns.shape[1]))
    for sample in range(count):
        drawn[sample, :shortest] = _permuted(columns, random)[:shortest]
        progress(sample + 1, count)
    drawn = np.clip(drawn, 0.0, None)
    in_order = np.sort(drawn, axis=0)
    upper = np.percentile(drawn, 95, axis=0)
    return Parallel(
        mean=drawn.mean(axis=0),
        upper=upper,
        samples=count,
        low=in_order[max(0, int(np.floor(_rank(count, -1.96))))],
        high=in_order[min(count - 1, int(np.ceil(_rank(count, 1.96))))],
        in_sequence=_in_sequence(whole, upper, random, count),
    )


def _permuted(columns: Floats, random: np.random.Generator) -> Floats:
    """Eigenvalues, greatest first, of columns whose rows were drawn at random in each."""
    shuffled = random.permuted(columns, axis=0)
    shuffled = shuffled if columns.shape[0] <= columns.shape[1] else shuffled.T
    values = np.linalg.eigvalsh(shuffled @ shuffled.T / (len(columns) - 1))[::-1]
    return np.asarray(values)


def _in_sequence(columns: Floats, upper: Floats, random: np.random.Generator, samples: int) -> int:
    """Strong first factors leave less variance than chance has, which hides weaker ones.

    So beyond what parallel analysis keeps, each factor is compared with the first that
    chance gives of the residuals, each sort keeping what is left of its own (after Green
    et al. 2012).
    """
    left, values, right = np.linalg.svd(columns, full_matrices=False)
    eigenvalues = values**2 / (len(columns) - 1)
    kept = _leading(eigenvalues > upper[: len(values)] + 1e-9)
    while 0 < kept < min(MOST_IN_SEQUENCE, len(values) - 2):
        residuals = columns - (left[:, :kept] * values[:kept]) @ right[:kept]
        residuals = np.sort(residuals, axis=0)
        chance = [_permuted(residuals, random)[0] for _ in range(samples)]
        line = np.percentile(chance, 95) * _condensed(columns.shape, kept)
        if eigenvalues[kept] <= line + 1e-9:
            break
        kept += 1
    return kept


def _condensed(shape: tuple[int, ...], kept: int) -> float:
    """How much higher chance reaches in residuals than in their permutations.

    Residuals lie in as many dimensions fewer as factors were taken out, which permuting
    undoes; the edge of chance goes by the dimensions (Johnstone 2001).
    """
    statements, sorts = shape[0] - 1, shape[1]
    left = (1 + np.sqrt((sorts - kept) / (statements - kept))) ** 2 / (sorts - kept)
    return float(left / ((1 + np.sqrt(sorts / statements)) ** 2 / sorts))


def _rank(samples: int, deviations: float) -> float:
    """The place (from 0) of the 95th percentile, so many standard errors away."""
    return 0.95 * (samples - 1) + deviations * float(np.sqrt(samples * 0.95 * 0.05))


NumberReason: TypeAlias = Literal[
    "parallel",
    "chance",
    "sequence",
    "kaiser",
    "humphrey",
    "two_significant",
    "elbow",
    "flags",
    "variance",
]


@dataclass(frozen=True, slots=True)
class Advice:
    """How many factors to keep, and why."""

    factors: int
    reasons: tuple[tuple[NumberReason, float], ...]
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
            ("sequence", parallel.in_sequence),
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
