"""Extraction of unrotated factors from the correlations."""

from dataclasses import dataclass

import numpy as np

from research.analysis import Floats, Ints, NotAnalysable

NEGLIGIBLE = 1e-7
"""What is left of a residual matrix when the data carry no further factor."""
MAX_ITERATIONS = 5000
POWER_STEPS = 50
HORST_STOP = 1e-4


def principal_components(correlations: Floats, factors: int) -> Floats:
    """Loadings on the first principal components, sorts x factors.

    Each component's sign makes the sum of a|a| positive: most of its variance
    lies on the positive side, however the sorts are ordered.

    Raises:
        NotAnalysable: the correlations have fewer positive eigenvalues than that.
    """
    values, vectors = np.linalg.eigh(correlations)
    carried = int((values > NEGLIGIBLE).sum())
    if factors > carried:
        raise _too_many(factors, carried)
    order = np.argsort(-values, kind="stable")[:factors]
    return reflect_positive(vectors[:, order] * np.sqrt(values[order]))


def reflect_positive(loadings: Floats) -> Floats:
    """Factors turned so that the sum of a|a| is not negative."""
    return np.asarray(loadings * np.where((loadings * np.abs(loadings)).sum(axis=-2) < 0, -1, 1))


@dataclass(frozen=True, slots=True)
class CentroidRule:
    """Where Brown's centroid leaves a choice."""

    start: float | None
    """The first communality; none takes the sort's mean correlation."""
    stop: float
    """The iteration ends when no communality changes by more."""
    decimals: int
    """To how many decimals column sums are told from zero and from each other."""
    seeded: bool
    """Whether reflection starts from the signs of the residuals' first principal
    axis. If not, it starts from the sorts as they are. The more exactly
    communalities are iterated, the closer all column sums of the residuals come to
    zero, and then which sorts are reflected hangs on the last decimals."""


def centroid(correlations: Floats, factors: int, rule: CentroidRule) -> Floats:
    """Brown's centroid factors (Brown 1980, pp. 208-224), sorts x factors.

    Each factor: reflect sorts until no column sum is negative, estimate the
    communalities by iteration, take the factor out of the residuals, reflect back.

    Raises:
        NotAnalysable: nothing is left in the residuals before the last factor.
    """
    loadings: Floats = centroids(correlations[None], factors, rule)[0]
    _require_variance(loadings)
    return loadings


def centroids(correlations: Floats, factors: int, rule: CentroidRule) -> Floats:
    """`centroid` of many matrices at once: samples x sorts x factors.

    An exhausted residual gives a factor of zeros.
    """
    residuals = correlations.copy()
    size = residuals.shape[-1]
    diagonal = np.arange(size)
    loadings = np.empty((*residuals.shape[:2], factors))
    for factor in range(factors):
        residuals[:, diagonal, diagonal] = 0.0
        seed = _axis_signs(residuals) if rule.seeded else np.ones(residuals.shape[:2])
        signs, sums = positive_manifold(residuals, seed, rule.decimals)
        first = sums / (size - 1) if rule.start is None else np.full_like(sums, rule.start)
        loadings[:, :, factor] = _iterated(sums, first, rule.stop) * signs
        residuals -= loadings[:, :, factor, None] * loadings[:, None, :, factor]
    return loadings


def _axis_signs(residuals: Floats) -> Floats:
    """Signs on the first principal axis, by power iteration from the most central sort."""
    centre = np.abs(residuals).sum(axis=2).argmax(axis=1)
    axis = np.take_along_axis(residuals, centre[:, None, None], axis=1)[:, 0]
    for _ in range(POWER_STEPS):
        axis += (residuals @ axis[:, :, None])[:, :, 0]
        axis /= np.maximum(np.abs(axis).max(axis=1, keepdims=True), NEGLIGIBLE)
    return np.where(axis < 0, -1.0, 1.0)


def positive_manifold(matrices: Floats, seed: Floats, decimals: int) -> tuple[Floats, Floats]:
    """Signs of the sorts that make no column sum negative, and those sums.

    The most negative column is reflected first, of equals the first one. Each
    reflection raises the total of the matrix, so this ends even where sorts are
    equal or opposite, which R's `centroid` (1.8.4) does not.

    Args:
        matrices: samples x sorts x sorts with a zero diagonal.
        seed: the signs to start from, samples x sorts.
        decimals: sums are rounded to so many before they are compared.
    """
    signs = seed.copy()
    while True:
        # In each round the sums are made afresh and then kept up to date.
        sums = signs * (matrices @ signs[:, :, None])[:, :, 0]
        if not _reflect(matrices, signs, sums, decimals):
            return signs, np.clip(sums, 0.0, None)


def _reflect(matrices: Floats, signs: Floats, sums: Floats, decimals: int) -> bool:
    """Reflect until no sum is negative; whether there was anything to reflect."""
    least = -(10.0**-decimals) / 2
    reflected = False
    while True:
        worst = np.round(sums, decimals).argmin(axis=1)
        lows = np.nonzero(np.take_along_axis(sums, worst[:, None], axis=1)[:, 0] < least)[0]
        if not lows.size:
            return reflected
        reflected = True
        columns: Ints = worst[lows]
        signs[lows, columns] *= -1
        sums[lows] += 2 * signs[lows, columns, None] * signs[lows] * matrices[lows, columns]
        sums[lows, columns] *= -1


def _iterated(sums: Floats, communalities: Floats, stop: float) -> Floats:
    """Centroid loadings (samples x sorts) with communalities iterated to rest."""
    loadings = _centroid_of(sums + communalities)
    active = np.abs(communalities - loadings**2).max(axis=1) > stop
    for _ in range(MAX_ITERATIONS):
        if not active.any():
            break
        before = loadings[active] ** 2
        loadings[active] = _centroid_of(sums[active] + before)
        active[active] = np.abs(before - loadings[active] ** 2).max(axis=1) > stop
    return loadings


def _centroid_of(totals: Floats) -> Floats:
    grand = totals.sum(axis=1, keepdims=True)
    return np.where(grand > NEGLIGIBLE, totals / np.sqrt(np.maximum(grand, NEGLIGIBLE)), 0.0)


def horst(correlations: Floats, factors: int, passes: int) -> Floats:
    """Centroid factors with iterated communalities (Horst 1965, section 5.5).

    All factors are extracted, the communalities they give go into the diagonal,
    and so on until the diagonal of the residuals holds less than 1e-4.

    Args:
        correlations: sorts x sorts.
        factors: how many to extract.
        passes: how many times at most; communalities of few sorts may never rest.

    Raises:
        NotAnalysable: nothing is left in the residuals before the last factor.
    """
    communalities = np.ones(len(correlations))
    loadings = np.zeros((len(correlations), factors))
    for _ in range(passes):
        loadings, left = _horst_pass(correlations, communalities, factors)
        communalities = np.minimum(1.0, communalities - left)
        if np.abs(left).max() <= HORST_STOP:
            break
    _require_variance(loadings)
    return loadings


def _horst_pass(correlations: Floats, diagonal: Floats, factors: int) -> tuple[Floats, Floats]:
    residuals = correlations.copy()
    np.fill_diagonal(residuals, diagonal)
    loadings = np.zeros((len(residuals), factors))
    seed = np.ones((1, len(residuals)))
    for factor in range(factors):
        off_diagonal = residuals - np.diag(residuals.diagonal())
        signs = positive_manifold(off_diagonal[None], seed, 7)[0][0]
        sums = residuals @ signs
        total = float(signs @ sums)
        if total > NEGLIGIBLE:
            loadings[:, factor] = sums / np.sqrt(total)
        residuals -= np.outer(loadings[:, factor], loadings[:, factor])
    return loadings, residuals.diagonal()


def _require_variance(loadings: Floats) -> None:
    empty = (loadings**2).sum(axis=0) <= len(loadings) * NEGLIGIBLE
    if empty.any():
        raise _too_many(loadings.shape[1], int(empty.argmax()))


def _too_many(factors: int, carried: int) -> NotAnalysable:
    return NotAnalysable(
        f"The data carry at most {carried} factors, and {factors} were asked for. "
        f"Ask for {carried} or fewer (--factors).",
        "too_many_factors",
    )
