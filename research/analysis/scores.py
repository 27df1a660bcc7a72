"""From flagged sorts to z-scores and factor arrays."""

from itertools import pairwise

import numpy as np

from research.analysis import Flags, Floats, Ints, NotAnalysable
from research.analysis.conventions import CONVENTIONS, Compat, rounded
from research.analysis.correlation import standardise
from research.analysis.flagging import by_factor_and_size

LARGEST_LOADING = 0.9999
"""Loadings are held here in weights, which grow without bound towards 1."""
TIE_DECIMALS = 10
"""z-scores that agree to so many decimals are tied: they differ by round-off."""


def factor_weights(loadings: Floats) -> Floats:
    """Weights of flagged sorts, a / (1 - a²) (Spearman 1927; Brown 1980, p. 241).

    Loadings at or beyond ±1 (a sort that is the factor; a Heywood case) weigh
    what ±0.9999 weighs.
    """
    held = np.clip(loadings, -LARGEST_LOADING, LARGEST_LOADING)
    return np.asarray(held / (1 - held**2))


def z_scores(sorts: Floats, loadings: Floats, flags: Flags, compat: Compat = "default") -> Floats:
    """The weighted average of each factor's flagged sorts, standardised.

    Args:
        sorts: statements x sorts.
        loadings: sorts x factors.
        flags: sorts x factors, with at least one flag for each factor.

    Raises:
        NotAnalysable: the flagged sorts of a factor cancel each other out.

    Returns:
        statements x factors, each with mean 0 and standard deviation 1 (n - 1).
    """
    if compat == "kade":
        return _z_scores_kade(sorts, loadings, flags)
    columns = standardise(sorts) if CONVENTIONS[compat].standardise else sorts
    sums = _weighted_sums(columns, np.where(flags, factor_weights(loadings), 0.0))
    if (np.ptp(sums, axis=0) < 1e-9).any():
        raise NotAnalysable(
            "The sorts flagged on a factor cancel each other out, so it has no z-scores. "
            "Flag the sorts of one side only (--flags).",
            "flags_cancel",
        )
    return standardise(sums)


def _weighted_sums(columns: Floats, weights: Floats) -> Floats:
    """`columns @ weights`, row by row in one order: equal rows give equal sums."""
    sums = np.zeros((len(columns), weights.shape[1]))
    for factor, factor_column in enumerate(weights.T):
        used = np.nonzero(factor_column)[0]
        sums[:, factor] = (columns[:, used] * factor_column[used]).sum(axis=1)
    return sums


def _z_scores_kade(sorts: Floats, loadings: Floats, flags: Flags) -> Floats:
    """KADE's z-scores, with its rounding: weights, sums and results at 5, 3 and 3 decimals.

    The weights are scaled before they are rounded, and the sums rounded after each
    sort in the order of KADE's loadings table, so both are followed here.
    """
    normalised = rounded(_standardised_kade(sorts), 3)
    held = rounded(loadings, 4)
    squares = rounded(held**2, 5)
    rest = rounded(np.where(squares == 1.0, 1.0, np.abs(1 - squares)), 5)
    weights = rounded(held / rest, 5)
    order = by_factor_and_size(loadings)  # as KADE's table has them
    listed = [(f, s) for s in order for f in range(loadings.shape[1]) if flags[s, f]]
    z = np.empty((len(sorts), loadings.shape[1]))
    for place, factor in enumerate(dict.fromkeys(f for f, _ in listed)):
        scale_by = listed[place][0]
        scale = rounded(np.abs(1 / weights[flags[:, scale_by], scale_by]), 8).min() * 10
        sums = np.zeros(len(sorts))
        for _, sort in (entry for entry in listed if entry[0] == factor):
            weight = rounded(weights[sort, factor] * scale, 5)
            sums = rounded(sums + rounded(normalised[:, sort] * weight, 5), 3)
        z[:, factor] = rounded(_standardised_kade(sums[:, None])[:, 0], 3)
    return z


def _standardised_kade(columns: Floats) -> Floats:
    deviations = columns - columns.mean(axis=0)
    variances = rounded((deviations**2).sum(axis=0) / (len(columns) - 1), 8)
    return np.asarray(deviations / rounded(np.sqrt(variances), 8))


def factor_arrays(
    z: Floats, grid: Ints, compat: Compat = "default", tie_breakers: Floats | None = None
) -> Ints:
    """The z-scores laid on the grid: the sort that each factor would have made.

    Ties, by convention. Ours: the statement that scores higher in `tie_breakers`,
    then the earlier one, so that each array holds the forced distribution. KADE: the
    earlier statement gets the higher score. R: all get the score at their mean rank,
    rounded down, which can break the forced distribution.

    Args:
        z: statements x factors.
        grid: the forced distribution, one value per statement, in any order.
        tie_breakers: statements x factors; z-scores over all sorts serve well.

    Returns:
        statements x factors.
    """
    values = np.sort(grid)
    arrays = np.empty(z.shape, dtype=np.int64)
    breakers = np.zeros_like(z) if tie_breakers is None else tie_breakers
    later_first = -np.arange(len(z))
    for factor in range(z.shape[1]):
        column = z[:, factor]
        if compat == "r":
            arrays[:, factor] = values[_mean_ranks(column) - 1]
            continue
        keys = (
            (later_first, column)
            if compat == "kade"
            else (later_first, _ranked(breakers[:, factor]), _ranked(column))
        )
        arrays[np.lexsort(keys), factor] = values
    return arrays


def near_ties(z: Floats, arrays: Ints, within: float) -> list[tuple[int, int, int, float]]:
    """Statements in columns beside each other whose z-scores all but tie.

    Args:
        z: statements x factors.
        arrays: the same shape.
        within: the difference below which they do.

    Returns:
        (factor, the higher statement, the lower one, difference), for each border.
    """
    found = []
    for factor in range(z.shape[1]):
        order = np.lexsort((z[:, factor], arrays[:, factor]))[::-1].tolist()
        for higher, lower in pairwise(order):
            difference = float(z[higher, factor] - z[lower, factor])
            if arrays[higher, factor] != arrays[lower, factor] and difference < within:
                found.append((factor, higher, lower, difference))
    return found


def _ranked(column: Floats) -> Floats:
    return np.asarray(np.round(column, TIE_DECIMALS))


def _mean_ranks(column: Floats) -> Ints:
    """Ranks from 1; ties get their mean rank, rounded down."""
    _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    return np.asarray((2 * last - counts + 1) // 2)[inverse]


def overall_scores(sorts: Floats, loadings: Floats) -> Floats:
    """Statements x factors: every sort, standardised, weighted by its loading.

    What breaks ties: it uses the sorts that define no factor too, and changes sign
    with the factor.
    """
    return _weighted_sums(standardise(sorts), loadings)
