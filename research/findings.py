"""One run of the analysis: the data, every choice, what was found, and what to doubt."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from research.analysis import NotAnalysable
from research.analysis.bootstrap import Bootstrap
from research.analysis.correlation import twins
from research.analysis.flagging import bipolar, flag_doubts
from research.analysis.matching import Counterpart, compare_solutions
from research.analysis.number import Advice, Parallel, Progress, parallel_analysis, silent
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

DEFAULT_SEED = 1

Code: TypeAlias = Literal[
    "few_sorts",
    "grid_inferred",
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
    "factors_alike",
]


FLAG_DOUBTS: dict[str, Code] = {
    "weak": "flag_weak",
    "minor": "flag_minor",
    "several": "flag_several",
    "unflagged": "flag_unflagged",
}
ALIKE = 0.7
"""Factors that correlate more may be one view."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at, with what it concerns. `report.texts` says it in words."""

    code: Code
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
    doubts: tuple[Doubt, ...]


def check(data: Dataset) -> None:
    """Refuse what cannot be correlated, by name.

    Raises:
        NotAnalysable: too few sorts or statements, or a constant sort.
    """
    require(data.sorts.astype(float))
    constant = [n for i, n in enumerate(data.names) if np.ptp(data.sorts[:, i]) == 0]
    if constant:
        raise NotAnalysable(
            f"{', '.join(constant)} gave every statement the same value, which correlates with "
            f"nothing. Leave the sort out: {' '.join(f'--exclude {name}' for name in constant)}"
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
        progress: for the name of a long work, what to tell its steps.

    Raises:
        NotAnalysable: the data cannot carry it.
    """
    check(data)
    sorts = data.sorts.astype(float)
    shape = shape_of(data)
    if factors is not None:
        require(sorts, factors)
    parallel = parallel_analysis(sorts, seed, progress=progress("parallel"))
    advice = recommend(sorts, parallel, choose(1))
    number = advice.factors if factors is None else factors
    solution = solve(sorts, shape.values(), choose(number))
    bootstrap = (
        resample(sorts, solution, bootstrap_steps, seed, progress("bootstrap"))
        if bootstrap_steps
        else None
    )
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
        doubts=tuple(_doubts(data, shape, solution, advice)),
    )


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
        yield Doubt("unforced", {"sorts": ", ".join(shape.off), "count": str(len(shape.off))})
        if not shape.stated:
            yield Doubt("grid_inferred", {})
    for first, second, sign in twins(solution.correlations):
        code: Code = "twins_equal" if sign > 0 else "twins_opposite"
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
