"""What the page shows of a solution: numbers and marks by position, and texts in its language."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from research.analysis.alternatives import Alternative
from research.analysis.flagging import bipolar, by_factor_and_size, flag, flag_doubts, undecided
from research.analysis.matching import match, tucker_congruence
from research.analysis.number import Advice, Parallel
from research.analysis.rotation import Judgment, rotate_by_angles
from research.analysis.solution import Extracted, Solution
from research.analysis.statements import consensus, disagreement, distinguishing
from research.dataset import Dataset, Shape
from research.findings import FLAG_DOUBTS, Doubt, near_flags_of
from research.report.marks import stars
from research.report.texts import (
    DOUBTS,
    REASONS,
    ReportLanguage,
    localised,
    number,
    pick,
    taken_for,
)

PageData: TypeAlias = dict[str, Any]


def of_data(data: Dataset, read_as: str, shape: Shape, language: ReportLanguage) -> PageData:
    """What does not change while the researcher works."""
    return {
        "title": data.title,
        "read_as": taken_for(read_as, language),
        "statements": list(data.statements),
        "texts": list(data.texts),
        "names": list(data.names),
        "comments": {name: dict(said) for name, said in data.comments.items()},
        "fields": {name: dict(said) for name, said in data.fields.items()},
        "grid": [[value, count] for value, count in shape.cells.items()],
        "off": list(shape.off),
        "remarks": [pick(remark, language) for remark in data.remarks],
    }


def of_solution(
    data: Dataset,
    solution: Solution,
    known: Extracted,
    varimax: Extracted,
    language: ReportLanguage,
) -> PageData:
    """Everything that a turn or a flag may change."""
    rotation = solution.choices.rotation
    turns = rotation.turns if isinstance(rotation, Judgment) else ()
    whole = rotate_by_angles(known.loadings, turns)
    compat, rule = solution.choices.compat, solution.choices.flag_rule
    marks = flag(whole, solution.least, compat, rule)
    if solution.choices.flags is not None:
        marks = solution.choices.flags
    scored = len(solution.scored)
    found = solution.characteristics
    several = bool(solution.comparisons)
    return {
        "names": list(data.names),
        "plane": whole.tolist(),
        "marks": marks.astype(int).tolist(),
        "order": by_factor_and_size(whole),
        "communalities": (known.unrotated**2).sum(axis=1).tolist(),
        "least": solution.least,
        "bipolar": bipolar(whole, marks),
        "undecided": _undecided(whole, marks, solution.least),
        "factors": list(solution.factors),
        "characteristics": {
            "flagged": list(found.flagged),
            "explained": found.explained.tolist(),
            "reliability": found.reliability.tolist(),
            "standard_error": found.standard_error.tolist(),
        },
        "explained": solution.explained,
        "flagged": int(marks.any(axis=1).sum()),
        "scored": list(solution.scored),
        "defining": {
            name: [
                [data.names[i], float(solution.loadings[i, column])]
                for i in np.nonzero(solution.flags[:, column])[0].tolist()
            ]
            for name, column in zip(solution.scored, solution.positions(), strict=True)
        },
        "z": solution.z.tolist(),
        "arrays": solution.arrays.tolist(),
        "stars": [
            [stars(mark) for mark in row] for row in distinguishing(solution.comparisons, scored)
        ]
        if several
        else [[""] * scored] * len(data.statements),
        "consensus": consensus(solution.comparisons) if several else [""] * len(data.statements),
        "variance": disagreement(solution.z).tolist(),
        "related": solution.correlations_of_factors.tolist(),
        "likeness": _likeness(varimax.loadings, whole),
        "doubts": [told(doubt, language) for doubt in _doubts(data, solution)],
    }


def _undecided(loadings: np.ndarray, marks: np.ndarray, least: float) -> dict[str, list[int]]:
    left = undecided(loadings, marks, least)
    kinds = {"confounded": left.confounded, "null": left.null, "unflagged": left.unflagged}
    return {kind: list(places) for kind, places in kinds.items()}


def _likeness(varimax: np.ndarray, loadings: np.ndarray) -> list[list[float]]:
    """For each factor the varimax factor most like it, and their congruence."""
    congruences = tucker_congruence(loadings, varimax)
    columns, _ = match(congruences[None])
    return [[int(c), float(congruences[f, c])] for f, c in enumerate(columns[0].tolist())]


def _doubts(data: Dataset, solution: Solution) -> list[Doubt]:
    names, choices = solution.factors, solution.choices
    few = [
        Doubt("one_flag" if count else "unflagged_factor", {"factor": name})
        for name, count in zip(names, solution.characteristics.flagged, strict=True)
        if count < 2
    ]
    if choices.split_bipolar:
        return few
    doubtful = flag_doubts(solution.loadings, solution.flags, solution.least)
    few += near_flags_of(data, solution)
    return few + [
        Doubt(FLAG_DOUBTS[doubt], {"sort": data.names[sort], "factor": names[factor]})
        for sort, factor, doubt in doubtful
    ]


def told(doubt: Doubt, language: ReportLanguage) -> str:
    """A doubt in words, as the report has it."""
    about = {name: localised(value, language) for name, value in doubt.about.items()}
    return pick(DOUBTS[doubt.code], language).format(**about)


def of_number(
    solution_values: np.ndarray,
    parallel: Parallel,
    advice: Advice,
    beside: tuple[Alternative, ...],
    language: ReportLanguage,
) -> PageData:
    """What speaks for a number of factors."""
    fewest, most = parallel.range(solution_values)
    return {
        "eigenvalues": solution_values.tolist(),
        "chance": parallel.upper.tolist(),
        "low": parallel.low.tolist(),
        "high": parallel.high.tolist(),
        "recommended": advice.factors,
        "between": [fewest, most],
        "reasons": [
            pick(REASONS[code], language).format(n=number(value, language, 0))
            for code, value in advice.reasons
        ],
        "beside": [_alternative(each) for each in beside],
    }


def _alternative(each: Alternative) -> Mapping[str, Any]:
    return {
        "factors": each.factors,
        "explained": each.explained,
        "flagged": list(each.flagged),
        "confounded": each.confounded,
        "null": each.null,
        "unflagged": each.unflagged,
        "greatest_correlation": each.greatest_correlation,
        "least_reliability": each.least_reliability,
        "stable": each.stable,
    }
