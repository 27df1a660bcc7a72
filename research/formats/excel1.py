"""KADE's Excel type 1: a cell of `sorts` holds the number of a statement.

Row 1 has the names, column A the value of each row: the sort as it lay on the table.
"""

from pathlib import Path

import numpy as np
from openpyxl.utils import get_column_letter

from research.dataset import Dataset, shape_of
from research.formats.excel_book import Book, cell, is_kade, kade_name, losses, write_book
from research.formats.faults import CannotHold, Checker
from research.formats.sorts import ReadingOptions, SortRecord, gather
from research.formats.source import SourceFile, unguard
from research.formats.statements import numbers

__all__ = ["NAME", "SUFFIX", "TITLE", "losses", "read", "recognises", "write"]

NAME = "excel1"
TITLE = "KADE Excel type 1 (cells hold statement numbers)"
SUFFIX = ".xlsx"


def recognises(source: SourceFile) -> bool:
    return is_kade(source) and Book(source).type == "1"


def read(source: SourceFile, reading: ReadingOptions) -> Dataset:
    """Sorts, grid, title and texts."""
    checker = Checker()
    book = Book(source)
    texts = book.texts(checker)
    rows = [row for row in book.sorts(checker) if any(row)]
    pattern = book.pattern(checker, len(texts))
    header, *body = rows
    if len(body) != len(texts):
        checker.fault(
            "sheet sorts",
            f"There are {len(body)} rows of statement numbers.",
            f"{len(texts)}, one for each statement",
            "See whether a row is missing or doubled.",
        )
    values = [checker.value(row[0], cell(n, 0)) for n, row in enumerate(body, 1)]
    columns = [i for i, c in enumerate(header) if i and c]
    names = {i: unguard(header[i]) for i in columns}
    records = [
        SortRecord(
            names[i],
            f"sheet sorts, column {get_column_letter(i + 1)}",
            [] if names[i] in reading.exclude else _placed(body, i, values, len(texts), checker),
            lambda n: f"sheet sorts, statement {n + 1}",
            name_at=cell(0, i),
        )
        for i in columns
    ]
    return gather(
        records,
        reading,
        checker,
        title=book.title(),
        statements=numbers(len(texts)),
        texts=texts,
        pattern=pattern,
    )


def _placed(
    body: list[list[str]], column: int, values: list[int], count: int, checker: Checker
) -> list[int]:
    """What value each statement of a column lies at."""
    by_number: dict[int, int] = {}
    for n, row in enumerate(body, 1):
        content = row[column] if column < len(row) else ""
        number = checker.value(content, cell(n, column))
        if number in by_number or not 1 <= number <= count:
            checker.fault(
                cell(n, column),
                f"Statement {number} does not belong here.",
                f"each number from 1 to {count} once in the column",
                "Put in the statement that lay there.",
            )
            continue
        by_number[number] = values[n - 1]
    return [by_number.get(number, 0) for number in range(1, count + 1)]


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    """The workbook.

    Raises:
        CannotHold: a sort does not keep to the grid, as all sorts share column A.
    """
    shape = shape_of(data)
    if shape.off:
        raise CannotHold(
            f"Excel type 1 holds forced sorts only, and {shape.off[0]} does not keep to the grid. "
            "Choose excel2."
        )
    order = np.argsort(data.sorts, axis=0, kind="stable") + 1
    rows: list[list[int | str]] = [["Value", *map(kade_name, data.names)]]
    rows += [[int(value), *order[n].tolist()] for n, value in enumerate(shape.values())]
    return write_book(data, path, 1, rows)
