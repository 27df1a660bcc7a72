"""Parts of the report that stand beside the solution: what others would have chosen, who no
factor speaks for, and the tables that a reader may ask for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from research.analysis.flagging import by_factor_and_size, undecided
from research.fields import crossed
from research.findings import Findings

Number: TypeAlias = Callable[[float, int], str]
MOST_CORRELATED = 40
"""Correlations of more sorts are in their CSV only: no page is wide enough."""


@dataclass(frozen=True, slots=True)
class ReportGrid:
    """A table of the report: its heading, its header, and rows that begin with their label."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    folded: bool = False
    """Whether a reader opens it first; folded tables are not printed."""


def beside(findings: Findings, words: Mapping[str, str], number: Number) -> ReportGrid:
    """Two to seven factors, a row for each."""
    none = "–"
    rows = [
        [
            f"{each.factors} ●" if each.factors == findings.solution.choices.factors
            else str(each.factors),
            number(each.explained, 1),
            " ".join(map(str, each.flagged)),
            str(each.confounded),
            str(each.null),
            str(each.unflagged),
            none if each.greatest_correlation is None else number(each.greatest_correlation, 2),
            number(each.least_reliability, 2),
            none if each.stable is None else number(100 * each.stable, 0),
        ]
        for each in findings.beside
    ]  # fmt: skip
    header = (
        "factors_count", "explained", "flags_each", "confounded", "null", "unflagged",
        "greatest_correlation", "least_reliability", "stable",
    )  # fmt: skip
    return ReportGrid(words["beside"], [words[key] for key in header], rows, words["beside_note"])


def nobody(findings: Findings, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Confounded, null and unflagged sorts, by name."""
    solution, names = findings.solution, findings.data.names
    left = undecided(solution.loadings, solution.flags, solution.least)
    kinds = (("confounded", left.confounded), ("null", left.null), ("unflagged", left.unflagged))
    return [
        (words[f"{kind}_sorts"], ", ".join(names[i] for i in places) or words["nobody"])
        for kind, places in kinds
    ]


def unrotated(findings: Findings, words: Mapping[str, str], number: Number) -> ReportGrid:
    """Loadings before rotation."""
    loadings = findings.solution.unrotated
    header = [words["sort"], *(f"u{n + 1}" for n in range(loadings.shape[1]))]
    rows = [
        [name, *(number(a, 2) for a in loadings[i])] for i, name in enumerate(findings.data.names)
    ]
    return ReportGrid(words["unrotated"], header, rows, folded=True)


def weights(findings: Findings, words: Mapping[str, str], number: Number) -> ReportGrid:
    """What each flagged sort weighs, by factor and size."""
    solution = findings.solution
    rows = [
        [findings.data.names[i], *(number(w, 2) if w else "" for w in solution.weights[i])]
        for i in by_factor_and_size(solution.loadings)
        if solution.weights[i].any()
    ]
    return ReportGrid(words["weights"], [words["sort"], *solution.scored], rows, folded=True)


def correlations(findings: Findings, words: Mapping[str, str], number: Number) -> ReportGrid | None:
    """Between sorts, in hundredths as is usual."""
    names = findings.data.names
    if len(names) > MOST_CORRELATED:
        return None
    rows = [
        [name, *(number(100 * r, 0) for r in findings.solution.correlations[i])]
        for i, name in enumerate(names)
    ]
    header = [words["sort"], *names]
    return ReportGrid(words["correlations"], header, rows, words["hundredths"], folded=True)


def differences(findings: Findings, words: Mapping[str, str], number: Number) -> list[ReportGrid]:
    """For each pair of factors all statements, from what the first rates higher to the second."""
    solution, data = findings.solution, findings.data
    grids = []
    for pair in solution.comparisons:
        first, second = solution.scored[pair.first], solution.scored[pair.second]
        rows = [
            [
                f"{data.statements[row]} {data.texts[row]}".rstrip(),
                number(solution.z[row, pair.first], 2),
                number(solution.z[row, pair.second], 2),
                f"{number(pair.differences[row], 2)} {pair.marks[row].replace('6*', '****')}",
            ]
            for row in np.argsort(-pair.differences, kind="stable").tolist()
        ]
        header = [words["statement"], first, second, words["difference"]]
        title = words["difference_of"].format(first=first, second=second)
        grids.append(ReportGrid(title, header, rows, folded=True))
    return grids


def fields(findings: Findings, words: Mapping[str, str]) -> list[ReportGrid]:
    """What participants told of themselves, beside the factors."""
    header = [*findings.solution.factors, words["on_none"]]
    return [
        ReportGrid(
            table.field,
            [table.field, *header],
            [
                [value, *("<5" if n is None else str(n) for n in counts)]
                for value, counts in zip(table.values, table.counts, strict=True)
            ],
        )
        for table in crossed(findings.data, findings.solution)
    ]
