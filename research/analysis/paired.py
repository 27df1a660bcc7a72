"""What has changed for the same persons: Wilcoxon's signed-rank test and an effect size.

Wilcoxon 1945; ranks of ties are averaged and zeros left out, as Hollander, Wolfe &
Chicken 2014, ch. 3.1, have it. The effect size is the matched-pairs rank-biserial
correlation (Kerby 2014): the share of rank sum that went up, less the share that went down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from research.analysis import Floats

EXACT_UP_TO = 50
"""Differences that are not 0 up to which every sign pattern is counted."""
Z = 1.959964
"""The standard normal's 97.5 % point."""


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Of the differences that are not 0."""

    n: int
    up: float
    """Sum of the ranks of those that rose."""
    down: float
    p: float
    """Two-sided."""
    is_exact: bool


@dataclass(frozen=True, slots=True)
class RankBiserial:
    """From -1 (all fell) to 1 (all rose), with the bounds of its 95 % interval."""

    size: float
    low: float
    high: float


def ranks(values: Floats) -> Floats:
    """Ranks from 1, the average of those that are equal."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    average = (last - counts + 1 + last) / 2
    ranked: Floats = average[inverse.reshape(values.shape)]
    return ranked


def signed_rank(differences: Sequence[float]) -> SignedRank | None:
    """Wilcoxon's test that differences lie evenly around 0; None where all are 0.

    Exact up to 50 differences, with ties too: over all sign patterns of the ranks as they
    are. Beyond that by the normal approximation, its variance corrected for ties, without
    a correction for continuity.
    """
    values = np.asarray(differences, dtype=float)
    values = values[values != 0]
    n = len(values)
    if n == 0:
        return None
    ranked = ranks(np.abs(values))
    up, down = float(ranked[values > 0].sum()), float(ranked[values < 0].sum())
    if n <= EXACT_UP_TO:
        return SignedRank(n, up, down, _exact(ranked, min(up, down)), is_exact=True)
    # The ranks themselves hold the ties: their squares sum to n(n+1)(2n+1)/6 less sum(t³-t)/12.
    z = (min(up, down) - ranked.sum() / 2) / sqrt((ranked**2).sum() / 4)
    return SignedRank(n, up, down, erfc(abs(z) / sqrt(2)), is_exact=False)


def _exact(ranked: Floats, statistic: float) -> float:
    """Twice the share of sign patterns whose sum of ranks is no more than the statistic."""
    doubled = np.rint(2 * ranked).astype(int)  # halves become whole
    patterns = np.zeros(doubled.sum() + 1)
    patterns[0] = 1
    for rank in doubled:
        patterns[rank:] = patterns[rank:] + patterns[: len(patterns) - rank]
    share = patterns[: round(2 * statistic) + 1].sum() / 2.0 ** len(doubled)
    return float(min(1.0, 2 * share))


def effect(differences: Sequence[float]) -> RankBiserial | None:
    """The rank-biserial correlation with its 95 % interval; None where nothing has changed.

    The interval is Wilson's (1927) for the share of the rank sum that rose, with as many
    persons as the ranks are worth (Kish 1965, p. 259). It holds its level with few persons,
    where a bootstrap does not: docs/adr/0017-questionnaires.md has the figures.
    """
    found = signed_rank(differences)
    if found is None:
        return None
    values = np.asarray(differences, dtype=float)
    ranked = ranks(np.abs(values[values != 0]))
    persons = ranked.sum() ** 2 / (ranked**2).sum()
    share = found.up / ranked.sum()
    weight = Z**2 / persons
    middle = (share + weight / 2) / (1 + weight)
    half = sqrt(share * (1 - share) * weight + weight**2 / 4) / (1 + weight)
    size, low, high = (float(2 * part - 1) for part in (share, middle - half, middle + half))
    return RankBiserial(size, low, high)


def holm(ps: Sequence[float]) -> list[float]:
    """p-values of many tests, adjusted so that together they err as one would (Holm 1979)."""
    adjusted = [0.0] * len(ps)
    highest = 0.0
    for position, index in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        highest = max(highest, min(1.0, (len(ps) - position) * ps[index]))
        adjusted[index] = highest
    return adjusted
