"""The correlations between sorts, and their eigenvalues."""

import numpy as np

from research.analysis import Floats, NotAnalysable

LEAST_COMMON = 10
"""Statements that two sorts with gaps must share: fewer correlate as chance has it."""


def standardise(columns: Floats) -> Floats:
    """Each column with mean 0 and sample standard deviation 1 (n - 1).

    A gap (NaN) stands at the mean: it adds nothing to what is weighted of it.
    """
    gaps = np.isnan(columns)
    if gaps.any():
        centred = columns - np.nanmean(columns, axis=0)
        return np.asarray(np.where(gaps, 0.0, centred / np.nanstd(columns, axis=0, ddof=1)))
    centred = columns - columns.mean(axis=0)
    return np.asarray(centred / columns.std(axis=0, ddof=1))


def correlate(sorts: Floats) -> Floats:
    """Pearson correlations of the sorts with each other (Brown 1980, p. 204).

    Two sorts of which one has gaps (NaN) are correlated over the statements that both have.

    Args:
        sorts: statements x sorts; no sort may be constant.

    Raises:
        NotAnalysable: a sort gives every statement the same value, or two sorts have too few
            statements in common.
    """
    if (constant := np.ptp(sorts, axis=0) == 0).any():
        raise NotAnalysable(f"Sort number {int(constant.argmax()) + 1} is constant.")
    if np.isnan(sorts).any():
        return _pairwise(sorts)
    scores = standardise(sorts)
    correlations = np.clip(scores.T @ scores / (len(scores) - 1), -1.0, 1.0)
    np.fill_diagonal(correlations, 1.0)
    return correlations


def _pairwise(sorts: Floats) -> Floats:
    there = (~np.isnan(sorts)).astype(float)
    values = np.where(np.isnan(sorts), 0.0, sorts)
    common = there.T @ there
    sums = values.T @ there
    squares = (values**2).T @ there
    spread = common * squares - sums**2
    usable = (common >= min(LEAST_COMMON, len(sorts) - 1)) & (spread > 1e-9)
    usable &= usable.T
    if not usable.all():
        first, second = np.argwhere(~usable)[0] + 1
        raise NotAnalysable(
            f"Sorts number {first} and {second} have too little in common to be correlated "
            "pairwise. Drop the sorts with gaps: --missing drop."
        )
    covariances = common * (values.T @ values) - sums * sums.T
    correlations = np.clip(covariances / np.sqrt(spread * spread.T), -1.0, 1.0)
    np.fill_diagonal(correlations, 1.0)
    return np.asarray(correlations)


def eigenvalues(correlations: Floats) -> Floats:
    """All eigenvalues, greatest first; round-off below zero is set to zero."""
    values = np.linalg.eigvalsh(correlations)[::-1]
    return np.clip(values, 0.0, None)


def twins(correlations: Floats) -> list[tuple[int, int, int]]:
    """Pairs of equal (+1) and opposite (-1) sorts, as (first, second, sign)."""
    first, second = np.nonzero(np.triu(np.abs(correlations) > 1 - 1e-9, k=1))
    return [
        (int(i), int(j), int(np.sign(correlations[i, j])))
        for i, j in zip(first, second, strict=True)
    ]
