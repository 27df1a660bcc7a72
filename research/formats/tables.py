"""Sorts in CSV, with the statements across or down; shared by KADE's, R's and our own."""

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from research.dataset import Dataset
from research.formats.faults import BadFile, Checker, Fault, places
from research.formats.source import Source, guard, unguard


def read_table(source: Source, *, statements_down: bool) -> Dataset:
    """A header, then rows that begin with their label."""
    rows = source.rows(",")
    if len(rows) < 2 or len(rows[0][1]) < 2:
        raise BadFile(
            [
                Fault(
                    "line 1",
                    "There is no table of at least one row and one column.",
                    "a header, and rows that begin with a label",
                    "See that values are separated by commas.",
                )
            ]
        )
    checker = Checker()
    down, across = ("statement", "sort") if statements_down else ("sort", "statement")
    (first, header), *body = rows
    seen: dict[str, str] = {}
    columns = [
        checker.label(unguard(cell), seen, places(first)(i), across)
        for i, cell in enumerate(header[1:], 1)
    ]
    labels, values, seen_down = [], [], dict[str, str]()
    for line, row in body:
        labels.append(checker.label(unguard(row[0]), seen_down, places(line)(0), down))
        cells = row[1:]
        if len(cells) != len(columns):
            checker.fault(
                f"line {line}",
                f"The row has {len(cells)} values.",
                f"{len(columns)}, one for each {across} in the header",
                "See whether a value is missing, doubled, or holds the separator.",
            )
            continue
        values.append([checker.value(c, places(line)(i)) for i, c in enumerate(cells, 1)])
    checker.raise_if_any()
    table = np.array(values, dtype=np.int64)
    statements, names = (labels, columns) if statements_down else (columns, labels)
    return Dataset(
        title="",
        statements=tuple(statements),
        texts=("",) * len(statements),
        names=tuple(names),
        sorts=table if statements_down else table.T,
    )


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV with guarded texts, LF at the ends of lines."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([guard(cell) for cell in header])
    writer.writerows(
        [guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return buffer.getvalue().encode()
