"""Matching factors: across samples, between solutions, and a sort to its factor."""

from dataclasses import dataclass

import numpy as np

from research.analysis import Floats, Ints


def assign(profit: Floats) -> list[int]:
    """The column for each row that makes the sum of profits greatest.

    The Hungarian method by shortest augmenting paths (Kuhn 1955; Jonker & Volgenant
    1987), O(n³): factors are few, and scipy would be a large thing to install for it.

    Args:
        profit: rows x columns, no more rows than columns.
    """
    cost = -profit
    rows, columns = cost.shape
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=np.int64)  # row (from 1) that holds each column
    for row in range(1, rows + 1):
        owner[0], current = row, 0
        least = np.full(columns + 1, np.inf)
        came_from = np.zeros(columns + 1, dtype=np.int64)
        seen = np.zeros(columns + 1, dtype=bool)
        while owner[current]:
            seen[current] = True
            reduced = cost[owner[current] - 1] - row_price[owner[current]] - column_price[1:]
            better = ~seen[1:] & (reduced < least[1:])
            least[1:][better] = reduced[better]
            came_from[1:][better] = current
            current = int(np.where(seen, np.inf, least)[1:].argmin()) + 1
            step = least[current]
            row_price[owner[seen]] += step
            column_price[seen] -= step
            least[~seen] -= step
        while current:
            owner[current] = owner[came_from[current]]
            current = int(came_from[current])
    return [int(np.nonzero(owner[1:] == row)[0][0]) for row in range(1, rows + 1)]


def match(congruences: Floats) -> tuple[Ints, Floats]:
    """For each factor (row) its counterpart (column) and the sign that turns it.

    Args:
        congruences: samples x factors x factors, of any measure with a sign.

    Returns:
        samples x factors: the columns, and the signs.
    """
    sizes = np.abs(congruences)
    columns = sizes.argmax(axis=2)
    factors = np.arange(columns.shape[1])
    for sample in np.nonzero((np.sort(columns, axis=1) != factors).any(axis=1))[0]:
        columns[sample] = assign(sizes[sample])
    chosen = np.take_along_axis(congruences, columns[:, :, None], axis=2)[:, :, 0]
    return columns, np.where(chosen < 0, -1.0, 1.0)


def tucker_congruence(first: Floats, second: Floats) -> Floats:
    """Tucker's coefficients between the columns of two matrices (Tucker 1951)."""
    lengths = np.sqrt(
        (first**2).sum(axis=-2)[..., :, None] * (second**2).sum(axis=-2)[..., None, :]
    )
    products = np.swapaxes(first, -1, -2) @ second
    return np.asarray(products / np.where(lengths > 0, lengths, 1.0))


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A factor of one solution beside the factor of another that is most like it."""

    factor: int
    other: int
    correlation: float
    """Of the two factors' z-scores; negative where one is the other's reflection."""


def compare_solutions(z: Floats, other: Floats) -> list[Counterpart]:
    """The factors of two solutions of the same statements, optimally paired.

    Where one solution has more factors, those left over have no counterpart.
    """
    size = z.shape[1]
    correlations = np.corrcoef(z, other, rowvar=False)[:size, size:]
    if size <= other.shape[1]:
        pairs = list(enumerate(assign(np.abs(correlations))))
    else:
        pairs = [(f, o) for o, f in enumerate(assign(np.abs(correlations.T)))]
    return [Counterpart(f, o, float(correlations[f, o])) for f, o in sorted(pairs)]


@dataclass(frozen=True, slots=True)
class Nearest:
    """How one sort lies to the factors."""

    correlations: tuple[float, ...]
    """With each factor array."""
    factor: int
    """The array with the greatest absolute correlation."""


def nearest_factor(sort: Ints, arrays: Ints) -> Nearest:
    """Which factor a single sort lies nearest to, by correlation with the arrays.

    Args:
        sort: one value per statement; not all the same.
        arrays: statements x factors.
    """
    correlations = np.corrcoef(sort, arrays, rowvar=False)[0, 1:]
    return Nearest(tuple(correlations.tolist()), int(np.abs(correlations).argmax()))
