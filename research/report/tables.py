"""Every result as a labelled table: the same for CSV and for the workbook."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import numpy as np
import xlsxwriter

from research.analysis import Floats
from research.analysis.statements import (
    FactorPair,
    consensus,
    disagreement,
    distinguishing,
    verdicts,
)
from research.fields import crossed
from research.findings import Findings
from research.formats.source import guard

Cell: TypeAlias = str | int | float
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""The workbook says no time at which it was made: the same findings give the same file."""
HIDDEN = "(hidden)"
"""A number that there is, and that would make somebody known."""
WIDEST_SHEET = 500
"""Correlations of more sorts than that are in their CSV only."""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows; the first column labels the rows."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def csv(self) -> bytes:
        """CSV in UTF-8, texts guarded, LF at the ends of lines."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow([guard(cell) for cell in self.header])
        writer.writerows([_plain(cell) for cell in row] for row in self.rows)
        return buffer.getvalue().encode()


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return guard(cell)
    if isinstance(cell, float) and not np.isfinite(cell):
        raise ArithmeticError("A table would hold a value that is no number.")
    return cell


def _matrix(
    name: str, corner: str, columns: Sequence[str], labels: Sequence[str], values: np.ndarray
) -> Table:
    rows = ((label, *row) for label, row in zip(labels, values.tolist(), strict=True))
    return Table(name, (corner, *columns), tuple(rows))


def tables(findings: Findings) -> list[Table]:
    """All results that are tables, in the order in which they come about."""
    solution, data = findings.solution, findings.data
    scored, names = solution.scored, data.names
    own = [
        _matrix("correlations", "qsort", names, names, solution.correlations),
        _eigenvalues(findings),
        _beside(findings),
        _matrix("unrotated", "qsort", _unrotated_names(findings), names, solution.unrotated),
        _matrix("loadings", "qsort", solution.factors, names, solution.loadings),
        _matrix("flags", "qsort", solution.factors, names, solution.flags.astype(int)),
        _matrix("weights", "qsort", scored, names, solution.weights),
        _matrix("zscores", "statement", scored, data.statements, solution.z),
        _matrix("factor_arrays", "statement", scored, data.statements, solution.arrays),
        _characteristics(findings),
        _matrix("factor_correlations", "factor", scored, scored, solution.correlations_of_factors),
        _matrix("sed", "factor", scored, scored, solution.errors),
        _distinguishing(findings),
    ]
    asked_for = (
        _fields(findings),
        _notes(findings),
        _bootstrap(findings),
        _comparison(findings),
    )
    return own + [table for table in asked_for if table]


def _unrotated_names(findings: Findings) -> list[str]:
    return [f"u{n + 1}" for n in range(findings.solution.unrotated.shape[1])]


def _beside(findings: Findings) -> Table:
    """Two to seven factors; empty where a number has no such value."""
    rows = tuple(
        (
            each.factors,
            each.explained,
            min(each.flagged),
            sum(each.flagged),
            each.confounded,
            each.null,
            each.unflagged,
            "" if each.greatest_correlation is None else each.greatest_correlation,
            each.least_reliability,
            "" if each.stable is None else each.stable,
        )
        for each in findings.beside
    )
    header = (
        "factors", "explained_percent", "fewest_flags", "flags", "confounded", "null", "unflagged",
        "greatest_correlation", "least_reliability", "stable",
    )  # fmt: skip
    return Table("number_of_factors", header, rows)


def _fields(findings: Findings) -> Table | None:
    found = crossed(findings.data, findings.solution)
    rows = tuple(
        (table.field, value, *("" if count is None else count for count in counts))
        for table in found
        for value, counts in zip(table.values, table.counts, strict=True)
    )
    header = ("field", "value", *findings.solution.factors, "unflagged")
    return Table("fields", header, rows) if rows else None


def _notes(findings: Findings) -> Table | None:
    notes, factors = findings.notes, findings.solution.factors
    if not notes.factors:
        return None
    rows = tuple((name, notes.of(name).name, notes.of(name).text) for name in factors)
    return Table("factors", ("factor", "name", "text"), rows)


def _eigenvalues(findings: Findings) -> Table:
    values = findings.solution.eigenvalues
    percent = 100 * values / values.sum()
    columns: Floats = np.column_stack(
        [values, percent, percent.cumsum(), findings.parallel.mean, findings.parallel.upper]
    )
    labels = [f"f{n + 1}" for n in range(len(values))]
    header = ("eigenvalue", "percent", "cumulative", "parallel_mean", "parallel_95")
    return _matrix("eigenvalues", "factor", header, labels, columns)


def _characteristics(findings: Findings) -> Table:
    solution = findings.solution
    found = solution.characteristics
    rows = zip(
        solution.factors,
        found.flagged,
        found.sum_of_squares.tolist(),
        found.explained.tolist(),
        found.reliability.tolist(),
        found.standard_error.tolist(),
        strict=True,
    )
    return Table(
        "characteristics",
        ("factor", "av_rel_coef", "nload", "eigenvals", "expl_var", "reliability", "se_fscores"),
        tuple((name, 0.8, *rest) for name, *rest in rows),
    )


def _distinguishing(findings: Findings) -> Table:
    """R's `qdc`, and after it consensus and distinguishing marks as KADE has them."""
    solution, labels = findings.solution, findings.data.statements
    comparisons = solution.comparisons
    scored = solution.scored
    header = ["statement", "dist.and.cons"]
    columns: list[Iterable[Cell]] = [
        verdicts(comparisons, scored) if comparisons else [""] * len(labels)
    ]
    for comparison in comparisons:
        pair = pair_name(comparison, scored)
        header += [pair, f"sig_{pair}"]
        columns += [comparison.differences.tolist(), comparison.marks]
    if comparisons:
        marks = distinguishing(comparisons, len(scored))
        header += ["consensus", "variance", *(f"distinguishes_{name}" for name in scored)]
        columns += [consensus(comparisons), disagreement(solution.z).tolist()]
        columns += [[row[i] for row in marks] for i in range(len(scored))]
    return Table("distinguishing", tuple(header), tuple(zip(labels, *columns, strict=True)))


def pair_name(comparison: FactorPair, names: Sequence[str]) -> str:
    """`f1_f2`."""
    return f"{names[comparison.first]}_{names[comparison.second]}"


def _bootstrap(findings: Findings) -> Table | None:
    """One row for each statement and factor, and for each sort and factor."""
    found = findings.bootstrap
    if found is None:
        return None
    solution, data = findings.solution, findings.data
    rows: list[tuple[Cell, ...]] = []
    chosen = solution.positions()
    for of, labels, full, estimate in (
        ("zscore", data.statements, solution.z, found.z),
        ("loading", data.names, solution.loadings[:, chosen], found.loadings),
    ):
        for i, label in enumerate(labels):
            for f, factor in enumerate(solution.scored):
                values = (full, estimate.mean, estimate.error, estimate.low, estimate.high)
                rows.append((of, label, factor, *(float(v[i, f]) for v in values)))
    header = ("of", "label", "factor", "estimate", "mean", "standard_error", "low", "high")
    return Table("bootstrap", header, tuple(rows))


def _comparison(findings: Findings) -> Table | None:
    found = findings.comparison
    if found is None:
        return None
    rows = tuple(
        (findings.solution.scored[p.factor], found.earlier.factors[p.other], p.correlation)
        for p in found.pairs
    )
    return Table("comparison", ("factor", "earlier", "correlation"), rows)


def statements_table(findings: Findings) -> Table:
    """The statements themselves, for the workbook."""
    data = findings.data
    rows = tuple(zip(data.statements, data.texts, strict=True))
    return Table("statements", ("statement", "text"), rows)


def sorts_table(findings: Findings) -> Table:
    """The sorts that were analysed, for the workbook."""
    data = findings.data
    rows = zip(data.statements, data.rows(), strict=True)
    return Table("sorts", ("statement", *data.names), tuple((label, *row) for label, row in rows))


def workbook(findings: Findings) -> bytes:
    """All tables as sheets, in Excel's format."""
    buffer = io.BytesIO()
    sheets = [statements_table(findings), sorts_table(findings), *tables(findings)]
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": NO_TIME})
        bold = book.add_format({"bold": True})
        three = book.add_format({"num_format": "0.000"})
        for table in sheets:
            if len(table.header) > WIDEST_SHEET:
                continue
            sheet = book.add_worksheet(table.name[:31])
            sheet.freeze_panes(1, 1)
            for column, title in enumerate(table.header):
                sheet.write_string(0, column, guard(title), bold)
            for row, cells in enumerate(table.rows, 1):
                for column, cell in enumerate(map(_plain, cells)):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif isinstance(cell, float):
                        sheet.write_number(row, column, cell, three)
                    else:
                        sheet.write_number(row, column, cell)
            sheet.set_column(0, 0, 14)
            if table.name == "statements":
                sheet.set_column(1, 1, 100)
    return buffer.getvalue()
