"""KADE's Excel type 2: a row of `sorts` is a name and its values in statement order."""

from pathlib import Path

import numpy as np

from research.dataset import Dataset
from research.formats.excel_book import Book, cell, kade_name, losses, write_book
from research.formats.faults import Checker
from research.formats.source import Source, unguard
from research.formats.statements import numbers

__all__ = ["NAME", "SUFFIX", "TITLE", "losses", "read", "recognises", "write"]

NAME = "excel2"
TITLE = "KADE Excel type 2 (cells hold values)"
SUFFIX = ".xlsx"


def recognises(source: Source) -> bool:
    return "xl/workbook.xml" in source.members and Book(source).type != "1"


def read(source: Source) -> Dataset:
    """Sorts, grid, title and texts; a header row is known by its cells without numbers."""
    checker = Checker()
    book = Book(source)
    texts = book.texts(checker)
    pattern = book.pattern(checker, len(texts))
    names, values, seen = [], [], dict[str, str]()
    for n, row in enumerate(book.sorts(checker)):
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        if not cells or (n == 0 and not any(isinstance(c, int | float) for c in cells[1:])):
            continue
        names.append(checker.label(unguard(str(cells[0] or "")), seen, cell(n, 0), "sort"))
        if checker.length(len(cells) - 1, len(texts), f"sheet sorts, row {n + 1}"):
            values.append([checker.value(c, cell(n, i)) for i, c in enumerate(cells[1:], 1)])
    checker.raise_if_any()
    sorts = np.array(values, dtype=np.int64).reshape(len(values), len(texts)).T
    return Dataset(book.title(), numbers(len(texts)), tuple(texts), tuple(names), sorts, pattern)


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    """The workbook. KADE takes every row of `sorts` for a sort, so there is no header."""
    rows: list[list[int | str]] = [
        [kade_name(name), *data.sorts[:, i].tolist()] for i, name in enumerate(data.names)
    ]
    return write_book(data, path, 2, rows)
