"""KADE's Excel type 2: a row of `sorts` is a name and its values in statement order."""

from pathlib import Path

from research.dataset import Dataset
from research.formats.excel_book import Book, cell, is_kade, kade_name, losses, write_book
from research.formats.faults import Checker
from research.formats.sorts import ReadingOptions, SortRecord, gather
from research.formats.source import SourceFile, unguard
from research.formats.statements import numbers
from research.tables.labels import series
from research.tables.numerals import number

__all__ = ["NAME", "SUFFIX", "TITLE", "losses", "read", "recognises", "write"]

NAME = "excel2"
TITLE = "KADE Excel type 2 (cells hold values)"
SUFFIX = ".xlsx"


def recognises(source: SourceFile) -> bool:
    return is_kade(source) and Book(source).type != "1"


def read(source: SourceFile, reading: ReadingOptions) -> Dataset:
    """Sorts, grid, title and texts; a header row names or counts the statements."""
    checker = Checker()
    book = Book(source)
    texts = book.texts(checker)
    pattern = book.pattern(checker, len(texts))
    records = []
    for n, row in enumerate(book.sorts(checker)):
        cells = list(row)
        while cells and not cells[-1]:
            cells.pop()
        if cells and not (n == 0 and _is_header(cells[1:])):
            records.append(_record(cells, n))
    return gather(
        records,
        reading,
        checker,
        title=book.title(),
        statements=numbers(len(texts)),
        texts=texts,
        pattern=pattern,
    )


def _is_header(cells: list[str]) -> bool:
    return not any(number(one) is not None for one in cells) or series(cells) == ""


def _record(cells: list[str], row: int) -> SortRecord:
    name, *values = cells
    return SortRecord(
        unguard(name),
        f"sheet sorts, row {row + 1}",
        values,
        lambda n: cell(row, n + 1),
        name_at=cell(row, 0),
    )


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    """The workbook. KADE takes every row of `sorts` for a sort, so there is no header."""
    rows: list[list[int | str]] = [
        [kade_name(name), *data.sorts[:, i].tolist()] for i, name in enumerate(data.names)
    ]
    return write_book(data, path, 2, rows)
