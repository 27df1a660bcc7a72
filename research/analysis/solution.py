"""The whole analysis: from sorts and choices to a solution."""

from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from research.analysis import Flags, Floats, Ints, NotAnalysable
from research.analysis.bootstrap import (
    Bootstrap,
    bootstrap,
    centroids_by,
    principal_components_of,
)
from research.analysis.characteristics import (
    Characteristics,
    characterise,
    differences_error,
    factor_correlations,
)
from research.analysis.conventions import CONVENTIONS, Compat, rounded
from research.analysis.correlation import correlate, eigenvalues
from research.analysis.extraction import (
    centroid,
    horst,
    principal_components,
    reflect_positive,
)
from research.analysis.flagging import Rule, flag, split_bipolar, threshold
from research.analysis.number import Advice, Parallel, Progress, advise, silent
from research.analysis.rotation import (
    Judgment,
    by_variance,
    rotate_by_angles,
    varimax,
    varimax_from,
    varimax_kade,
    varimax_r,
)
from research.analysis.scores import factor_arrays, factor_weights, overall_scores, z_scores
from research.analysis.statements import FactorPair, compare

Extraction: TypeAlias = Literal["pca", "centroid", "horst"]
Rotation: TypeAlias = Literal["varimax", "none"] | Judgment

MOST_EXTRACTED = 8
"""How many unrotated factors the criteria look at, as in PQMethod and KADE."""
DECIMALS_KADE = 3


@dataclass(frozen=True, slots=True)
class Choices:
    """What the researcher decides."""

    factors: int
    extraction: Extraction = "pca"
    rotation: Rotation = "varimax"
    flags: Flags | None = None
    """Manual flags, sorts x factors; none flags automatically."""
    level: float = 0.05
    """The level of a significant loading, for automatic flags."""
    flag_rule: Rule = "both"
    compat: Compat = "default"
    split_bipolar: bool = False


@dataclass(frozen=True, slots=True)
class Solution:
    """Everything the analysis found. `factors` names the columns of all but the scores."""

    choices: Choices
    correlations: Floats
    eigenvalues: Floats
    unrotated: Floats
    factors: tuple[str, ...]
    loadings: Floats
    flags: Flags
    least: float
    """The significant loading."""
    characteristics: Characteristics
    scored: tuple[str, ...]
    """The factors with flags: only these have z-scores and arrays."""
    z: Floats
    arrays: Ints
    correlations_of_factors: Floats
    errors: Floats
    """Standard errors of differences (SED)."""
    comparisons: tuple[FactorPair, ...]

    @property
    def explained(self) -> float:
        """Percent of variance that all factors explain; a split factor counts once."""
        return float(100 * (self.unrotated**2).sum() / len(self.unrotated))

    @property
    def weights(self) -> Floats:
        """What each sort weighs in the scored factors; 0 where it is not flagged."""
        chosen = self.positions()
        weights = factor_weights(self.loadings[:, chosen])
        return np.where(self.flags[:, chosen], weights, 0.0)

    def positions(self) -> list[int]:
        """Where the scored factors stand among all."""
        return [self.factors.index(name) for name in self.scored]


def require(sorts: Floats, factors: int | None = None) -> None:
    """Refuse what no analysis can use.

    Raises:
        NotAnalysable: fewer than two sorts or three statements, or more factors
            than sorts.
    """
    statements, count = sorts.shape
    if count < 2:
        raise NotAnalysable(
            f"There are {count} sorts. Q analysis correlates sorts: at least 2 are needed.",
            "too_few",
        )
    if statements < 3:
        raise NotAnalysable(
            f"There are {statements} statements. At least 3 are needed to correlate sorts.",
            "too_few",
        )
    if factors is not None and not 1 <= factors <= count:
        raise NotAnalysable(
            f"{factors} factors were asked for, and there are {count} sorts. "
            f"Ask for a number from 1 to {count} (--factors).",
            "too_many_factors",
        )


def correlations_of(sorts: Floats, compat: Compat) -> Floats:
    """The correlations, to as many decimals as the tool keeps."""
    correlations = correlate(sorts)
    decimals = CONVENTIONS[compat].correlation_decimals
    return correlations if decimals is None else rounded(correlations, decimals)


def extract(
    correlations: Floats, factors: int, extraction: Extraction, compat: Compat = "default"
) -> Floats:
    """Unrotated loadings by any of the three methods."""
    if extraction == "pca":
        return principal_components(correlations, factors)
    if extraction == "centroid":
        return centroid(correlations, factors, CONVENTIONS[compat].centroid)
    return horst(correlations, factors, CONVENTIONS[compat].horst_passes)


def rotate(
    unrotated: Floats, rotation: Rotation, extraction: Extraction, compat: Compat = "default"
) -> Floats:
    """Rotated loadings, with the signs and the order that each tool gives them.

    Ours: varimax factors are turned so that the sum of a|a| is positive and ordered
    by their variance; factors rotated by judgment stay as the researcher left them.
    R: components are turned where the sum of loadings is negative and ordered;
    centroid factors are left alone. KADE: factors are turned by a|a|, not ordered.
    """
    if isinstance(rotation, Judgment):
        start = rotate(unrotated, "varimax", extraction, compat)
        return rotate_by_angles(start if rotation.after_varimax else unrotated, rotation.turns)
    if rotation == "none":
        return unrotated if compat != "r" or extraction != "pca" else _turned_by_sum(unrotated)
    if compat == "kade":
        return reflect_positive(varimax_kade(unrotated))
    rotated = varimax_r(unrotated) if compat == "r" else varimax(unrotated)
    if compat == "r":
        if extraction != "pca":
            return rotated
        rotated = _turned_by_sum(rotated)
    else:
        rotated = reflect_positive(rotated)
    return rotated[:, list(by_variance(rotated))]


def _turned_by_sum(loadings: Floats) -> Floats:
    return np.asarray(loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Extracted:
    """What turning factors by judgment, and flagging sorts, leaves as it is."""

    correlations: Floats
    eigenvalues: Floats
    unrotated: Floats
    loadings: Floats
    """Before any turn by judgment: by varimax, or unrotated."""


def extracted(sorts: Floats, choices: Choices) -> Extracted:
    """Correlate, extract and rotate; turns by judgment are left out.

    Raises:
        NotAnalysable: the data cannot carry it.
    """
    require(sorts, choices.factors)
    compat = choices.compat
    correlations = correlations_of(sorts, compat)
    unrotated = extract(correlations, choices.factors, choices.extraction, compat)
    rotation = choices.rotation
    if isinstance(rotation, Judgment):
        rotation = Judgment((), rotation.after_varimax)
    loadings = rotate(unrotated, rotation, choices.extraction, compat)
    return Extracted(correlations, eigenvalues(correlations), unrotated, loadings)


def solve(sorts: Floats, grid: Ints, choices: Choices, before: Extracted | None = None) -> Solution:
    """Run every step (Brown 1980, chapter 4; Watts & Stenner 2012, chapters 5-6).

    Args:
        sorts: statements x sorts.
        grid: the forced distribution, one value per statement.
        choices: what the researcher decided.
        before: what `extracted` gave for the same sorts and choices, where it is known.

    Raises:
        NotAnalysable: the data cannot carry it.
    """
    compat = choices.compat
    conventions = CONVENTIONS[compat]
    known = before or extracted(sorts, choices)
    loadings = known.loadings
    if isinstance(choices.rotation, Judgment):
        loadings = rotate_by_angles(loadings, choices.rotation.turns)
    least = threshold(len(sorts), choices.level)
    flags = choices.flags
    if flags is None:
        flags = flag(loadings, least, compat, choices.flag_rule)
    names: tuple[str, ...] = tuple(f"f{n + 1}" for n in range(choices.factors))
    if choices.split_bipolar:
        loadings, flags, names = split_bipolar(loadings, flags, names)
    defined: Flags = np.asarray(flags.any(axis=0))
    if not defined.any():
        raise NotAnalysable(
            "No sort is flagged on any factor, so no factor has z-scores. Flag sorts by hand "
            "(--flags FILE), or flag at a weaker level (--level).",
            "nothing_flagged",
        )
    decimals = DECIMALS_KADE if compat == "kade" else None
    z = z_scores(sorts, loadings[:, defined], flags[:, defined], compat)
    breakers = overall_scores(sorts, loadings[:, defined])
    characteristics = characterise(loadings, flags, decimals)
    errors = differences_error(characteristics.standard_error[defined], decimals)
    return Solution(
        choices=choices,
        correlations=known.correlations,
        eigenvalues=known.eigenvalues,
        unrotated=known.unrotated,
        factors=names,
        loadings=loadings,
        flags=flags,
        least=least,
        characteristics=characteristics,
        scored=tuple(name for name, there in zip(names, defined, strict=True) if there),
        z=z,
        arrays=factor_arrays(z, grid, compat, breakers),
        correlations_of_factors=factor_correlations(z),
        errors=errors,
        comparisons=tuple(compare(z, errors, conventions)),
    )


def recommend(sorts: Floats, parallel: Parallel, choices: Choices | None = None) -> Advice:
    """How many factors to keep, for an extraction and a level (`choices.factors` is not read)."""
    wanted = choices or Choices(factors=1)
    require(sorts)
    correlations = correlations_of(sorts, wanted.compat)
    values = eigenvalues(correlations)
    unrotated = _as_many(correlations, min(MOST_EXTRACTED, sorts.shape[1]), wanted)
    least = threshold(len(sorts), wanted.level)

    def fewest_flags(factors: int) -> int:
        kept = unrotated[:, :factors]
        if wanted.extraction == "horst":  # its factors depend on how many there are
            kept = _as_many(correlations, factors, wanted)
        rotated = varimax_from(kept[None])[0]
        flags = flag(rotated, least, wanted.compat, wanted.flag_rule)
        return int(flags.sum(axis=0).min())

    return advise(
        values,
        parallel,
        unrotated=unrotated,
        least=least,
        statements=len(sorts),
        fewest_flags=fewest_flags,
    )


def _as_many(correlations: Floats, factors: int, choices: Choices) -> Floats:
    """Unrotated loadings on that many factors, or on as many as there are."""
    try:
        return extract(correlations, factors, choices.extraction, choices.compat)
    except NotAnalysable:
        return _as_many(correlations, factors - 1, choices)


def resample(
    sorts: Floats, solution: Solution, steps: int, seed: int, progress: Progress = silent
) -> Bootstrap:
    """Bootstrap of a solution's scored factors; Horst's is resampled as Brown's centroid."""
    choices = solution.choices
    conventions = CONVENTIONS[choices.compat]
    chosen = solution.positions()
    return bootstrap(
        sorts,
        solution.loadings[:, chosen],
        solution.z,
        extract=principal_components_of
        if choices.extraction == "pca"
        else centroids_by(conventions.centroid),
        varimax=choices.rotation == "varimax" and len(chosen) == choices.factors,
        flag=partial(flag, least=solution.least, rule=choices.flag_rule),
        standardised=conventions.standardise,
        steps=steps,
        seed=seed,
        progress=progress,
    )
