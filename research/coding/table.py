"""The table that researchers fill in: written as CSV and Excel, read from any tool's CSV or Excel.

Columns are known by their names, in any order; others are the researchers' own
and are left alone. A text of several meaning units has a row for each.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

from research.coding.material import Material, Passage
from research.formats.excel_book import Book
from research.formats.faults import BadFile, Fault
from research.formats.source import Source, guard, unguard
from research.report.tables import Table

OURS = ("row", "text", "group", "role", "method", "phase")
THEIRS = ("condensed meaning", "code", "category", "main category", "quote")
COLUMNS = ("row", "text", *THEIRS, "group", "role", "method", "phase")
NEEDED = ("row", "text", "code")
WIDTHS = {"text": 70, "condensed meaning": 40, "quote": 40, "row": 12}
MOST_BEFORE_HEADER = 10
"""Rows that a tool may put above the header, such as the table's title."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A row as it was filled in. `number` is the row that a spreadsheet shows."""

    number: int
    id: str
    text: str
    condensed: str
    code: str
    category: str
    main_category: str
    quote: str

    @property
    def place(self) -> str:
        return f"row {self.number} ({self.id})" if self.id else f"row {self.number}"


def table(found: Material) -> Table:
    """The table to fill in."""
    return Table("coding", COLUMNS, tuple(_cells(passage) for passage in found.passages))


def _cells(passage: Passage) -> tuple[str, ...]:
    known = {
        "row": passage.id,
        "text": passage.text,
        "group": passage.group,
        "role": passage.role,
        "method": passage.method,
        "phase": passage.phase,
    }
    return tuple(known.get(column, "") for column in COLUMNS)


def workbook(empty: Table) -> bytes:
    """The same as an Excel workbook, with room to write."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(empty.name)
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        to_fill_in = book.add_format(
            {"text_wrap": True, "valign": "top", "num_format": "@", "bg_color": "#fff8dc"}
        )
        for column, name in enumerate(empty.header):
            sheet.set_column(column, column, WIDTHS.get(name, 18))
            sheet.write_string(0, column, name, bold)
            style = to_fill_in if name in THEIRS else wrapped
            for row, cells in enumerate(empty.rows, 1):
                sheet.write_string(row, column, guard(str(cells[column])), style)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(empty.rows), len(empty.header) - 1)
    return buffer.getvalue()


def read(source: Source) -> tuple[list[Filled], tuple[str, ...]]:
    """The rows, and the names of the columns that are the researchers' own.

    Raises:
        BadFile: there is no table with our columns.
    """
    records = _sheet(source) if source.members else _csv(source)
    start = next((at for at, (_, row) in enumerate(records) if _is_header(row)), None)
    if start is None:
        raise _no_table(source, records)
    header = [_name(cell) for cell in records[start][1]]
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        raise BadFile(
            [
                Fault(
                    f"{source.path.name}, row {records[start][0]}",
                    f"Two columns are called `{twice[0]}`.",
                    "each name once",
                    "Give your own column another name.",
                )
            ]
        )
    at = {name: header.index(name) for name in COLUMNS if name in header}
    own = tuple(name for name in header if name and name not in COLUMNS)
    return [_filled(number, row, at) for number, row in records[start + 1 :]], own


def _filled(number: int, row: Sequence[str], at: dict[str, int]) -> Filled:
    def cell(name: str) -> str:
        column = at.get(name)
        text = row[column] if column is not None and column < len(row) else ""
        return unguard(text.strip())

    def label(name: str) -> str:
        return " ".join(cell(name).split())

    return Filled(
        number,
        cell("row"),
        cell("text"),
        label("condensed meaning"),
        label("code"),
        label("category"),
        label("main category"),
        label("quote"),
    )


def _is_header(row: Iterable[str]) -> bool:
    return {_name(cell) for cell in row}.issuperset(NEEDED)


def _name(cell: str) -> str:
    return " ".join(re.split(r"[\s_]+", cell.strip().lower()))


def _csv(source: Source) -> list[tuple[int, list[str]]]:
    """The records that hold anything, whichever separator gives a header."""
    found: list[tuple[int, list[str]]] = []
    for delimiter in ",;\t":
        text = source.text.replace("\r\n", "\n").replace("\r", "\n")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            records = [(n, row) for n, row in enumerate(reader, 1) if any(c.strip() for c in row)]
        except csv.Error:  # a quote that is never closed: no row of it can be trusted
            continue
        found = found or records
        if any(_is_header(row) for _, row in records[:MOST_BEFORE_HEADER]):
            return records
    return found


def _sheet(source: Source) -> list[tuple[int, list[str]]]:
    """The same of a workbook's first sheet that has a header, else of its first."""
    sheets = [
        [
            (n, ["" if cell is None else str(cell).strip() for cell in row])
            for n, row in enumerate(rows, 1)
        ]
        for rows in Book(source).sheets.values()
    ]
    with_anything = [[(n, row) for n, row in rows if any(row)] for rows in sheets]
    with_header = (
        rows
        for rows in with_anything
        if any(_is_header(row) for _, row in rows[:MOST_BEFORE_HEADER])
    )
    return next(with_header, next(iter(with_anything), []))


def _no_table(source: Source, records: list[tuple[int, list[str]]]) -> BadFile:
    first = ", ".join(cell for cell in (records[0][1] if records else []) if cell)[:120]
    return BadFile(
        [
            Fault(
                f"{source.path.name}, row 1",
                f"There is no header with the columns {', '.join(NEEDED)}; the first row is: "
                f"{first or 'empty'}.",
                f"the columns {', '.join(COLUMNS)}, in any order",
                "Give the columns their names back. Save as CSV UTF-8 or as .xlsx.",
            )
        ]
    )
