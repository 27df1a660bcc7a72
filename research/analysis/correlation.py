"""The correlations between sorts, and their eigenvalues."""

import numpy as np

from research.analysis import Floats, NotAnalysable


def standardise(columns: Floats) -> Floats:
    """Each column with mean 0 and sample standard deviation 1 (n - 1)."""
    centred = columns - columns.mean(axis=0)
    return np.asarray(centred / columns.std(axis=0, ddof=1))


def correlate(sorts: Floats) -> Floats:
    """Pearson correlations of the sorts with each other (Brown 1980, p. 204).

    Args:
        sorts: statements x sorts; no sort may be constant.

    Raises:
        NotAnalysable: a sort gives every statement the same value.
    """
    if (constant := np.ptp(sorts, axis=0) == 0).any():
        raise NotAnalysable(f"Sort number {int(constant.argmax()) + 1} is constant.")
    scores = standardise(sorts)
    correlations = np.clip(scores.T @ scores / (len(scores) - 1), -1.0, 1.0)
    np.fill_diagonal(correlations, 1.0)
    return correlations


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
