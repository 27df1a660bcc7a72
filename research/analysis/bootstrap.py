"""Bootstrap of sorts: how much z-scores and loadings owe to who happened to take part.

Sorts are drawn with replacement and the whole analysis is run on each sample
(Zabala & Pascual 2016). A sample's factors come in any order and direction, so they
are matched to the full solution's by optimal assignment on Tucker's congruence
before anything is averaged: every sample counts.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from research.analysis import Flags, Floats, Ints
from research.analysis.correlation import correlate, standardise
from research.analysis.extraction import CentroidRule, centroids
from research.analysis.matching import match, tucker_congruence
from research.analysis.number import Progress, chunks, silent
from research.analysis.rotation import towards, varimax_from
from research.analysis.scores import factor_weights

CHUNK_CELLS = 4_000_000
"""Samples run together until their correlations fill about 32 MB."""
ALIKE = 0.85
"""A congruence from which two factors are fairly alike (Lorenzo-Seva & ten Berge 2006)."""

BatchExtraction = Callable[[Floats, int], Floats]
"""Correlations (samples x sorts x sorts) and a number to loadings."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One quantity over the samples; `low` and `high` bound the 95 % interval."""

    mean: Floats
    error: Floats
    """Standard error."""
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What the samples gave."""

    steps: int
    aligned: int
    """Samples matched to the full solution: all of them."""
    congruence: Floats
    """Mean congruence of each factor with the full solution's."""
    alike: Floats
    """The share of samples with a congruence of at least .85, for each factor."""
    undefined: Ints
    """Samples in which no sort was flagged on the factor: no z-scores there."""
    z: Estimate
    """Statements x factors."""
    loadings: Estimate
    """Sorts x factors, over the samples that drew the sort once: copies of a sort load
    higher, as they agree with each other."""
    flagged: Floats
    """Sorts x factors: in what share of its draws it was flagged."""


def principal_components_of(correlations: Floats, factors: int) -> Floats:
    """Principal components of many matrices at once, in any direction."""
    values, vectors = np.linalg.eigh(correlations)
    lengths = np.sqrt(np.clip(values[:, None, ::-1][:, :, :factors], 0.0, None))
    return np.asarray(vectors[:, :, ::-1][:, :, :factors] * lengths)


def centroids_by(rule: CentroidRule) -> BatchExtraction:
    """Brown's centroid of many matrices at once."""
    return lambda correlations, factors: centroids(correlations, factors, rule)


def bootstrap(
    sorts: Floats,
    loadings: Floats,
    z: Floats,
    *,
    extract: BatchExtraction,
    varimax: bool,
    flag: Callable[[Floats], Flags],
    standardised: bool,
    steps: int,
    seed: int,
    progress: Progress = silent,
) -> Bootstrap:
    """Run the analysis on samples of sorts.

    Args:
        sorts: statements x sorts.
        loadings: the full solution, sorts x factors.
        z: its z-scores, statements x factors.
        extract: how factors are extracted from a sample.
        varimax: whether samples are rotated by varimax; if not, the full solution
            came by judgment, and samples are rotated as close to it as they come.
        flag: the automatic flags of loadings.
        standardised: whether sorts are standardised before they are weighted.
        steps: how many samples.
        seed: makes it repeatable.
    """
    random = np.random.default_rng(seed)
    count, factors = loadings.shape
    correlations = correlate(sorts)
    columns = standardise(sorts) if standardised else sorts
    tally = _Tally(steps, len(sorts), count, factors)
    done = 0
    for piece in chunks(steps, max(1, CHUNK_CELLS // count**2)):
        drawn = random.integers(0, count, (len(piece), count))
        samples = correlations[drawn[:, :, None], drawn[:, None, :]]
        target = loadings[drawn]
        rotated = towards(extract(samples, factors), target)
        if varimax:
            rotated = varimax_from(rotated)
        congruences = tucker_congruence(target, rotated)
        matched, signs = match(congruences)
        rotated = np.take_along_axis(rotated, matched[:, None, :], axis=2) * signs[:, None, :]
        tally.congruence[piece] = (
            np.take_along_axis(congruences, matched[:, :, None], axis=2)[:, :, 0] * signs
        )
        flagged = flag(rotated)
        weights = np.where(flagged, factor_weights(rotated), 0.0)
        _add_weights(tally.weights, piece, drawn, weights)
        tally.undefined[piece] = ~flagged.any(axis=1)
        tally.add_loadings(piece, drawn, rotated, flagged)
        done += len(piece)
        progress(done, steps)
    return tally.result(columns, z, loadings)


def _add_weights(total: Floats, piece: Ints, drawn: Ints, weights: Floats) -> None:
    """The weight of each sort in each sample: a sort drawn twice counts twice."""
    np.add.at(total, (piece[:, None], drawn), weights)


class _Tally:
    """What is kept of each sample until all are drawn."""

    def __init__(self, steps: int, statements: int, sorts: int, factors: int) -> None:
        self.weights = np.zeros((steps, sorts, factors))
        self.undefined = np.zeros((steps, factors), dtype=bool)
        self.congruence = np.zeros((steps, factors))
        self.times = np.zeros((steps, sorts))
        self.loadings = np.zeros((steps, sorts, factors))
        self.flags = np.zeros((sorts, factors))
        self.statements = statements

    def add_loadings(self, piece: Ints, drawn: Ints, rotated: Floats, flagged: Flags) -> None:
        np.add.at(self.times, (piece[:, None], drawn), 1)
        np.add.at(self.loadings, (piece[:, None], drawn), rotated)
        np.add.at(self.flags, drawn, flagged)

    def result(self, columns: Floats, z: Floats, loadings: Floats) -> Bootstrap:
        steps, factors = self.undefined.shape
        draws = np.maximum(self.times.sum(axis=0), 1)[:, None]
        return Bootstrap(
            steps=steps,
            aligned=steps,
            congruence=self.congruence.mean(axis=0),
            alike=(self.congruence >= ALIKE).mean(axis=0),
            undefined=self.undefined.sum(axis=0),
            z=self._z(columns, z),
            loadings=_estimate(
                self.loadings / np.maximum(self.times, 1)[:, :, None],
                np.repeat(self.times[:, :, None] == 1, factors, axis=2),
                loadings,
            ),
            flagged=self.flags / draws,
        )

    def _z(self, columns: Floats, z: Floats) -> Estimate:
        scores = np.zeros((len(self.weights), *z.shape))
        for factor in range(z.shape[1]):
            sums = self.weights[:, :, factor] @ columns.T
            sums -= sums.mean(axis=1, keepdims=True)
            spread = sums.std(axis=1, ddof=1, keepdims=True)
            scores[:, :, factor] = sums / np.where(spread > 0, spread, 1.0)
        defined = np.repeat(~self.undefined[:, None, :], len(columns), axis=1)
        return _estimate(scores, defined, z)


def _estimate(values: Floats, used: Flags, estimate: Floats) -> Estimate:
    """Mean, standard error and interval of what the samples gave.

    The interval is the full solution's value ± 1.96 standard errors. Corrections for
    few sorts are left out: samples hold sorts twice and thrice, which makes them vary
    more than studies do, by about as much as such corrections would add (simulated in
    docs/performance-analysis.md).
    """
    count = np.maximum(used.sum(axis=0), 1)
    mean = np.where(used, values, 0.0).sum(axis=0) / count
    squares = np.where(used, (values - mean) ** 2, 0.0).sum(axis=0)
    error = np.sqrt(squares / np.maximum(count - 1, 1))
    return Estimate(mean, error, estimate - 1.96 * error, estimate + 1.96 * error)
