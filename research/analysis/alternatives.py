"""What other choices would have given: numbers of factors side by side, and Brown's centroid
as the other tools start it."""

from dataclasses import dataclass, replace

import numpy as np

from research.analysis import Floats, Ints, NotAnalysable
from research.analysis.flagging import undecided
from research.analysis.matching import match, tucker_congruence
from research.analysis.rotation import Judgment
from research.analysis.solution import (
    Choices,
    Rotation,
    Solution,
    extract,
    resample,
    rotate,
    solve,
)

FEWEST_BESIDE, MOST_BESIDE = 2, 7
SAMPLES_BESIDE = 200
"""Bootstrap samples for each number of factors, at most."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What another number of factors would give, by varimax and automatic flags."""

    factors: int
    explained: float
    """Percent of variance."""
    flagged: tuple[int, ...]
    confounded: int
    null: int
    unflagged: int
    greatest_correlation: float | None
    """Between two factors, of either sign; none where one alone has scores."""
    least_reliability: float
    stable: float | None
    """The share of bootstrap samples in which the least stable factor is found again."""


def side_by_side(
    sorts: Floats, grid: Ints, choices: Choices, steps: int, seed: int
) -> tuple[Alternative, ...]:
    """Two to seven factors beside each other, as far as the data carry them.

    Args:
        sorts: statements x sorts.
        grid: the forced distribution.
        choices: the researcher's; manual flags and turns belong to one number only, so
            varimax and automatic flags stand in for them.
        steps: bootstrap samples for each, at most 200; none leaves stability open.
        seed: of the samples.
    """
    found = []
    for factors in range(FEWEST_BESIDE, MOST_BESIDE + 1):
        plain = replace(choices, factors=factors, flags=None, split_bipolar=False)
        if isinstance(choices.rotation, Judgment):
            plain = replace(plain, rotation="varimax")
        try:
            solution = solve(sorts, grid, plain)
        except NotAnalysable:
            break
        found.append(_alternative(sorts, solution, min(steps, SAMPLES_BESIDE), seed))
    return tuple(found)


def _alternative(sorts: Floats, solution: Solution, steps: int, seed: int) -> Alternative:
    left = undecided(solution.loadings, solution.flags, solution.least)
    related = np.abs(solution.correlations_of_factors[np.triu_indices(len(solution.scored), 1)])
    samples = resample(sorts, solution, steps, seed) if steps else None
    return Alternative(
        factors=solution.choices.factors,
        explained=solution.explained,
        flagged=solution.characteristics.flagged,
        confounded=len(left.confounded),
        null=len(left.null),
        unflagged=len(left.unflagged),
        greatest_correlation=float(related.max()) if related.size else None,
        least_reliability=float(solution.characteristics.reliability.min()),
        stable=float(samples.alike.min()) if samples else None,
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like the least alike of two solutions' factors are."""

    factor: int
    congruence: float


def likeness_to_the_tools(solution: Solution) -> Likeness | None:
    """Brown's centroid as we start it, beside the way PQMethod, R and KADE do.

    Ours reflects sorts by the signs of the residuals' first principal axis; theirs
    begins with the sorts as they are, and iterates communalities less far. None where
    the solution is not by our centroid, or theirs carries fewer factors.
    """
    choices = solution.choices
    if choices.extraction != "centroid" or choices.compat != "default":
        return None
    plain: Rotation = "none" if choices.rotation == "none" else "varimax"
    ours = rotate(solution.unrotated, plain, "centroid")
    try:
        unrotated = extract(solution.correlations, choices.factors, "centroid", "r")
    except NotAnalysable:
        return None
    congruences = tucker_congruence(ours, rotate(unrotated, plain, "centroid"))
    matched, _ = match(congruences[None])
    each = np.abs(congruences[np.arange(len(congruences)), matched[0]])
    return Likeness(int(each.argmin()), float(each.min()))
