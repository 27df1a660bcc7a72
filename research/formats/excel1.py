"""KADE's Excel type 1: a cell of `sorts` holds the number of a statement.

Row 1 has the names, column A the value of each row: the sort as it lay on the table.
"""

from pathlib import Path

import numpy as np

from research.dataset import Dataset, shape_of
from research.formats.excel_book import Book, cell, kade_name, losses, write_book
from research.formats.faults import CannotHold, Checker
from research.formats.source import Source, unguard
from research.formats.statements import numbers

__all__ = ["NAME", "SUFFIX", "TITLE", "losses", "read", "recognises", "write"]

NAME = "excel1"
TITLE = "KADE Excel type 1 (cells hold statement numbers)"
SUFFIX = ".xlsx"


def recognises(source: Source) -> bool:
    return "xl/workbook.xml" in source.members and Book(source).type == "1"


def read(source: Source) -> Dataset:
    """Sorts, grid, title and texts."""
    checker = Checker()
    book = Book(source)
    texts = book.texts(checker)
    rows = [row for row in book.sorts(checker) if any(c is not None for c in row)]
    pattern = book.pattern(checker, len(texts))
    header, *body = rows
    columns = [i for i, c in enumerate(header) if i and str(c or "").strip()]
    seen: dict[str, str] = {}
    names = [checker.label(unguard(str(header[i])), seen, cell(0, i), "sort") for i in columns]
    values = [checker.value(row[0], cell(n, 0)) for n, row in enumerate(body, 1)]
    sorts = np.zeros((len(texts), len(names)), dtype=np.int64)
    if len(body) != len(texts):
        checker.fault(
            "sheet sorts",
            f"There are {len(body)} rows of statement numbers.",
            f"{len(texts)}, one for each statement",
            "See whether a row is missing or doubled.",
        )
    for sort, column in enumerate(columns):
        placed: set[int] = set()
        for n, row in enumerate(body, 1):
            content = row[column] if column < len(row) else None
            number = checker.value(content, cell(n, column))
            if number in placed or not 1 <= number <= len(texts):
                checker.fault(
                    cell(n, column),
                    f"Statement {number} does not belong here.",
                    f"each number from 1 to {len(texts)} once in the column",
                    "Put in the statement that lay there.",
                )
                continue
            placed.add(number)
            sorts[number - 1, sort] = values[n - 1]
    checker.raise_if_any()
    return Dataset(book.title(), numbers(len(texts)), tuple(texts), tuple(names), sorts, pattern)


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
