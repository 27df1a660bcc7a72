"""One run of the analysis: the data, every choice, what was found, and what to doubt."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from research.analysis import NotAnalysable
from research.analysis.alternatives import (
    Alternative,
    Likeness,
    likeness_to_the_tools,
    side_by_side,
)
from research.analysis.bootstrap import Bootstrap
from research.analysis.conventions import Compat
from research.analysis.correlation import twins
from research.analysis.flagging import bipolar, flag_doubts, near_flags
from research.analysis.matching import Counterpart, compare_solutions
from research.analysis.number import Advice, Parallel, Progress, parallel_analysis, silent
from research.analysis.scores import near_ties
from research.analysis.second_order import SecondOrder, second_order
from research.analysis.solution import (
    Choices,
    Solution,
    recommend,
    require,
    resample,
    solve,
)
from research.dataset import Dataset, Shape, distribution, shape_of
from research.notes import FactorNotes, require_known

DEFAULT_SEED = 1
NO_NOTES = FactorNotes()

DoubtCode: TypeAlias = Literal[
    "few_sorts",
    "grid_inferred",
    "grid_mean",
    "unforced",
    "twins_equal",
    "twins_opposite",
    "equal_eigenvalues",
    "heywood",
    "unflagged_factor",
    "one_flag",
    "bipolar",
    "flag_weak",
    "flag_minor",
    "flag_several",
    "flag_unflagged",
    "array_off_grid",
    "more_than_advised",
    "near_chance",
    "unstable",
    "centroid_differs",
    "flag_near",
    "array_near",
    "array_tied",
    "factors_alike",
]


FLAG_DOUBTS: dict[str, DoubtCode] = {
    "weak": "flag_weak",
    "minor": "flag_minor",
    "several": "flag_several",
    "unflagged": "flag_unflagged",
}
ALIKE = 0.7
"""Factors that correlate more may be one view."""
STABLE = 0.8
"""The share of bootstrap samples in which a factor must be found again."""
NEAR_FLAG, NEAR_TIE = 0.01, 0.01
"""Loadings and z-scores that decide a flag or a column by less are told."""
TIED = 0.0005
"""z-scores that are equal to as many decimals as are told."""
EQUAL = 0.95
"""A congruence from which two factors are equal (Lorenzo-Seva & ten Berge 2006)."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at, with what it concerns. `report.texts` says it in words."""

    code: DoubtCode
    about: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier solution of the same statements, to compare with."""

    factors: tuple[str, ...]
    z: Mapping[str, Mapping[str, float]]
    """By factor and statement."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """This solution's factors beside an earlier one's."""

    earlier: Earlier
    pairs: tuple[Counterpart, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that is written and reported."""

    data: Dataset
    taken_for: str
    shape: Shape
    solution: Solution
    parallel: Parallel
    advice: Advice
    chosen_by: Literal["researcher", "advice"]
    seed: int
    bootstrap: Bootstrap | None
    second: SecondOrder | None
    comparison: Comparison | None
    beside: tuple[Alternative, ...]
    likeness: Likeness | None
    """Of our centroid to the tools'."""
    notes: FactorNotes
    doubts: tuple[Doubt, ...]


def check(data: Dataset) -> None:
    """Refuse what cannot be correlated, by name.

    Raises:
        NotAnalysable: too few sorts or statements, or a constant sort.
    """
    values = data.values()
    require(values)
    spread = np.nanmax(values, axis=0) - np.nanmin(values, axis=0)
    constant = [n for n, each in zip(data.names, spread, strict=True) if each == 0]
    if constant:
        raise NotAnalysable(
            f"{', '.join(constant)} gave every statement the same value, which correlates with "
            f"nothing. Leave the sort out: {' '.join(f'--exclude {name}' for name in constant)}"
        )


def require_own_numbers(data: Dataset, compat: Compat) -> None:
    """Refuse to give another tool's numbers for sorts with gaps: it takes none.

    Raises:
        NotAnalysable: there are gaps, and another tool's numbers were asked for.
    """
    if data.gaps is not None and compat != "default":
        raise NotAnalysable(
            "R qmethod and KADE take no sorts with gaps, so there are no numbers of theirs to "
            "give. Leave --compat out, or drop the sorts with gaps: --missing drop.",
            "gaps",
        )


def investigate(
    data: Dataset,
    taken_for: str,
    choose: Callable[[int], Choices],
    *,
    factors: int | None = None,
    bootstrap_steps: int = 0,
    seed: int = DEFAULT_SEED,
    earlier: Earlier | None = None,
    notes: FactorNotes = NO_NOTES,
    progress: Callable[[str], Progress] = lambda _: silent,
) -> Findings:
    """The whole run.

    Args:
        data: the sorts.
        taken_for: what the file was taken for.
        choose: the researcher's choices for a number of factors.
        factors: how many; none takes the recommendation.
        bootstrap_steps: none runs no bootstrap.
        seed: of the permutations and samples.
        earlier: a solution to compare with.
        notes: the researcher's own words.
        progress: for the name of a long work, what to tell its steps.

    Raises:
        NotAnalysable: the data cannot carry it.
        BadFile: the notes are of factors that are not there.
    """
    check(data)
    require_own_numbers(data, choose(1).compat)
    sorts = data.values()
    shape = shape_of(data)
    if factors is not None:
        require(sorts, factors)
    parallel = parallel_analysis(sorts, seed, progress=progress("parallel"))
    advice = recommend(sorts, parallel, choose(1))
    number = advice.factors if factors is None else factors
    solution = solve(sorts, shape.values(), choose(number))
    require_known(notes, solution.factors)
    bootstrap = (
        resample(sorts, solution, bootstrap_steps, seed, progress("bootstrap"))
        if bootstrap_steps
        else None
    )
    likeness = likeness_to_the_tools(solution)
    return Findings(
        data=data,
        taken_for=taken_for,
        shape=shape,
        solution=solution,
        parallel=parallel,
        advice=advice,
        chosen_by="advice" if factors is None else "researcher",
        seed=seed,
        bootstrap=bootstrap,
        second=second_order(solution.z),
        comparison=None if earlier is None else _compared(data, solution, earlier),
        beside=side_by_side(sorts, shape.values(), choose(number), bootstrap_steps, seed),
        likeness=likeness,
        notes=notes,
        doubts=(
            *_doubts(data, shape, solution, advice),
            *_near_chance(solution, parallel),
            *_unstable(solution, bootstrap),
            *_unlike(solution, likeness),
            *near_flags_of(data, solution),
            *_near_ties(data, solution),
        ),
    )


def near_flags_of(data: Dataset, solution: Solution) -> Iterator[Doubt]:
    """Automatic flags that a hair decided."""
    choices = solution.choices
    if choices.flags is not None or choices.split_bipolar:
        return
    near = near_flags(solution.loadings, solution.least, choices.flag_rule, NEAR_FLAG)
    for sort, factor, loading, limit in near:
        about = {"sort": data.names[sort], "factor": solution.factors[factor]}
        yield Doubt("flag_near", {**about, "loading": f"{loading:.3f}", "limit": f"{limit:.3f}"})


def _near_ties(data: Dataset, solution: Solution) -> Iterator[Doubt]:
    for factor, higher, lower, difference in near_ties(solution.z, solution.arrays, NEAR_TIE):
        about = {
            "factor": solution.scored[factor],
            "first": data.statements[higher],
            "second": data.statements[lower],
        }
        if difference < TIED:
            yield Doubt("array_tied", about)
        else:
            yield Doubt("array_near", {**about, "difference": f"{difference:.3f}"})


def _near_chance(solution: Solution, parallel: Parallel) -> Iterator[Doubt]:
    fewest, most = parallel.range(solution.eigenvalues)
    for place in range(fewest, most):
        yield Doubt(
            "near_chance",
            {
                "number": str(place + 1),
                "value": f"{solution.eigenvalues[place]:.2f}",
                "low": f"{parallel.low[place]:.2f}",
                "high": f"{parallel.high[place]:.2f}",
                "fewest": str(fewest),
                "most": str(most),
            },
        )


def _unstable(solution: Solution, bootstrap: Bootstrap | None) -> Iterator[Doubt]:
    if bootstrap is None:
        return
    for name, share in zip(solution.scored, bootstrap.alike.tolist(), strict=True):
        if share < STABLE:
            yield Doubt("unstable", {"factor": name, "share": f"{100 * share:.0f}"})


def _unlike(solution: Solution, likeness: Likeness | None) -> Iterator[Doubt]:
    if likeness is not None and likeness.congruence < EQUAL:
        about = {
            "factor": f"f{likeness.factor + 1}",
            "congruence": f"{likeness.congruence:.2f}",
            "factors": str(solution.choices.factors),
        }
        yield Doubt("centroid_differs", about)


def _compared(data: Dataset, solution: Solution, earlier: Earlier) -> Comparison:
    shared = [
        (row, label)
        for row, label in enumerate(data.statements)
        if all(label in scores for scores in earlier.z.values())
    ]
    if len(shared) < 3:
        raise NotAnalysable(
            "The solutions have fewer than 3 statements in common, so they cannot be compared. "
            "Statements are matched by their labels."
        )
    other = np.array([[earlier.z[name][label] for name in earlier.factors] for _, label in shared])
    mine = solution.z[[row for row, _ in shared]]
    return Comparison(earlier, tuple(compare_solutions(mine, other)))


def _doubts(data: Dataset, shape: Shape, solution: Solution, advice: Advice) -> Iterator[Doubt]:
    yield from _doubts_of_data(data, shape, solution)
    number = solution.choices.factors
    values = solution.eigenvalues
    if number < len(values) and values[number - 1] - values[number] < 1e-6:
        yield Doubt("equal_eigenvalues", {"factors": str(number)})
    if number > advice.factors:
        yield Doubt("more_than_advised", {"factors": str(number), "advised": str(advice.factors)})
    yield from _doubts_of_factors(data, shape, solution)


def _doubts_of_data(data: Dataset, shape: Shape, solution: Solution) -> Iterator[Doubt]:
    if len(data.names) < 10:
        yield Doubt("few_sorts", {"sorts": str(len(data.names))})
    if shape.off:
        if shape.stated or shape.shared:  # else there is no grid to keep to
            yield Doubt("unforced", {"sorts": ", ".join(shape.off), "count": str(len(shape.off))})
        if not shape.stated:
            yield Doubt("grid_inferred" if shape.shared else "grid_mean", {})
    for first, second, sign in twins(solution.correlations):
        code: DoubtCode = "twins_equal" if sign > 0 else "twins_opposite"
        yield Doubt(code, {"first": data.names[first], "second": data.names[second]})


def _doubts_of_factors(data: Dataset, shape: Shape, solution: Solution) -> Iterator[Doubt]:
    names = solution.factors
    for i in np.nonzero((solution.unrotated**2).sum(axis=1) > 1 + 1e-6)[0]:
        yield Doubt("heywood", {"sort": data.names[i]})
    for name, count in zip(names, solution.flags.sum(axis=0).tolist(), strict=True):
        if count < 2:
            yield Doubt("one_flag" if count else "unflagged_factor", {"factor": name})
    yield from (
        Doubt("bipolar", {"factor": names[factor]})
        for factor in bipolar(solution.loadings, solution.flags)
    )
    if not solution.choices.split_bipolar:
        yield from (
            Doubt(FLAG_DOUBTS[doubt], {"sort": data.names[sort], "factor": names[factor]})
            for sort, factor, doubt in flag_doubts(
                solution.loadings, solution.flags, solution.least
            )
        )
    for column, name in enumerate(solution.scored):
        if distribution(solution.arrays[:, column]) != dict(shape.cells):
            yield Doubt("array_off_grid", {"factor": name})
    yield from _alike(solution)


def _alike(solution: Solution) -> Iterator[Doubt]:
    correlations = solution.correlations_of_factors
    for first, second in np.argwhere(np.triu(np.abs(correlations), k=1) > ALIKE).tolist():
        yield Doubt(
            "factors_alike",
            {
                "first": solution.scored[first],
                "second": solution.scored[second],
                "correlation": f"{correlations[first, second]:.2f}",
            },
        )
