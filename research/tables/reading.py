"""A CSV, a text or a sheet of a workbook as rows of texts, and what it was taken for.

What decides is how the values lie, never the name of the file: the separator is the one
that gives rows of one length, the encoding the one in which the bytes are text.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dialogs.faults import Fault
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from research.tables.known import refuse_others, refuse_program_files
from research.tables.workbook import Workbook, opened

SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "upright strokes"}
MOST_BEFORE_HEADER = 10
"""Rows that a tool may put above the header, such as the table's title."""

IsHeader: TypeAlias = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds anything, and its number in the file."""

    number: int
    cells: tuple[str, ...]
    record: int = 0
    """The number that a spreadsheet shows for it: a text of two lines is one row there."""


@dataclass(frozen=True, slots=True)
class TableSheet:
    """Rows without those that are empty, and without columns that are empty at the end."""

    rows: tuple[Row, ...]
    said: str = ""
    """How the file is written, where that is not commas in UTF-8."""
    name: str = ""
    """Of a workbook's sheet; empty for a text."""
    before: int = 0
    """Empty columns that were left out before the first."""

    def place(self, row: Row, column: int) -> str:
        """Where a cell is, as its program says it."""
        column += self.before
        if self.name:
            from openpyxl.utils import get_column_letter  # noqa: PLC0415 - a server, which opens no workbook, may lack it

            return f"sheet {self.name}, cell {get_column_letter(column + 1)}{row.number}"
        return f"line {row.number}, column {column + 1}"

    def line(self, row: Row) -> str:
        return f"sheet {self.name}, row {row.number}" if self.name else f"line {row.number}"


def sheet(
    source: SourceFile, *, wanted: str | None = None, header: IsHeader | None = None
) -> TableSheet:
    """The table in a file.

    Args:
        source: a CSV with any separator, or a workbook.
        wanted: the name of the sheet, where there are several.
        header: whether a row is the table's header; then rows above it are left out, and
            of several separators and sheets that one is taken which gives a header.

    Raises:
        BadFile: there is none, or several and nothing decides.
    """
    refuse_program_files(source)
    refuse_others(source)
    if "xl/workbook.xml" in source.members:
        return _of_workbook(opened(source), wanted, header)
    if wanted is not None:
        raise _refused("", "--sheet is for workbooks, and this is a text.", "a workbook (.xlsx)",
                       "Leave --sheet out.")  # fmt: skip
    return _of_text(source, header)


# --- Workbooks ----------------------------------------------------------------------------------


def _of_workbook(book: Workbook, wanted: str | None, header: IsHeader | None) -> TableSheet:
    filled = {name: _tidied(_numbered(rows)) for name, rows in book.shown.items()}
    filled = {name: rows for name, rows in filled.items() if rows}
    if wanted is not None:  # a hidden sheet is read where it is asked for by name
        filled |= {name: _tidied(_numbered(rows)) for name, rows in book.hidden.items()}
    if wanted is not None:
        names = {name.casefold(): name for name in filled}
        if wanted.casefold() not in names:
            raise _refused("", f"There is no sheet “{wanted}” with anything on it.",
                           f"one of {', '.join(filled) or 'none'}",
                           "Name one of them with --sheet.")  # fmt: skip
        filled = {names[wanted.casefold()]: filled[names[wanted.casefold()]]}
    if header is not None:
        with_header = {name: _below(rows, header) for name, rows in filled.items()}
        found = {name: below for name, below in with_header.items() if below is not None}
        if len(found) == 1 or (found and wanted is None and len(filled) > len(found)):
            name, below = next(iter(found.items()))
            return TableSheet(below, f"sheet “{name}”", name)
    tables = {name: rows for name, rows in filled.items() if len(rows) > 1 and _width(rows) > 1}
    if len(tables) == 1:  # the others are notes
        filled = tables
    if not filled:
        raise _nothing_shown(book.hidden)
    if len(filled) > 1:
        raise _refused("", f"The workbook has several sheets: {', '.join(filled)}.",
                       "to know which of them holds the table",
                       "Name it: --sheet NAME.")  # fmt: skip
    name, rows = next(iter(filled.items()))
    return _moved(TableSheet(_untitled(rows), f"sheet “{name}”", name))


def _nothing_shown(hidden: Iterable[str]) -> BadFile:
    if not (names := ", ".join(hidden)):
        return _refused("", "The workbook is empty.", "a sheet with a table", "Save it again.")
    return _refused("", f"All that is in the workbook is on hidden sheets: {names}.",
                    "a sheet that can be seen",
                    "Show it in the spreadsheet: right-click a tab, Unhide.")  # fmt: skip


def _numbered(rows: Iterable[Sequence[str]]) -> list[Row]:
    return [Row(n, tuple(cells), n) for n, cells in enumerate(rows, 1)]


# --- Texts --------------------------------------------------------------------------------------


def _of_text(source: SourceFile, header: IsHeader | None) -> TableSheet:
    text = source.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    skipped, stated = 0, ""
    if first.strip().strip('"').lower().startswith("sep=") and first.strip():
        stated, text, skipped = first.strip().strip('"')[4:5] or "\t", rest, 1
    read = {one: _parsed(text, one, skipped) for one in ([stated] if stated else SEPARATORS)}
    best = max(read, key=lambda one: _fitness(read[one].rows, one, header))
    if not stated and (inner := _quoted_whole(read[best].rows)):
        return _of_text(SourceFile(source.path, inner.encode()), header)
    spaced = _tidied(_spaced(text))
    is_spaced = _width(spaced) > 2 and _share(spaced) > 0.9
    if not stated and header is None and _width(_tidied(read[best].rows)) < 2 and is_spaced:
        return TableSheet(_untitled(spaced), _said("spaces", source))
    if (fault := read[best].fault) is not None:
        raise fault
    rows = [row for row in _tidied(read[best].rows) if not _is_rule(row)]
    below = _below(rows, header) if header is not None else None
    kept = _untitled(rows) if below is None else below
    width = _width(kept)
    separator = SEPARATORS.get(best, f"“{best}”") if width > 1 else "commas"
    return _moved(TableSheet(kept, _said(separator, source)))


def _quoted_whole(rows: Sequence[Row]) -> str:
    """The text inside, where each line is one cell that holds a whole line: saved as CSV twice."""
    filled = [row.cells[0] for row in rows if any(row.cells)]
    if len(filled) < 2 or any(len(row.cells) > 1 for row in rows):
        return ""
    for one in SEPARATORS:
        counts = {cell.count(one) for cell in filled}
        if len(counts) == 1 and counts.pop() > 1:
            return "\n".join(filled)
    return ""


def _is_rule(row: Row) -> bool:
    """The line of dashes below a header in Markdown."""
    return len(row.cells) > 1 and all(re.fullmatch(":?-{3,}:?|", cell) for cell in row.cells)


def _said(separator: str, source: SourceFile) -> str:
    is_usual = source.encoding in {"UTF-8", "UTF-8 with a mark"}
    encoding = "" if is_usual else source.encoding
    return ", ".join(filter(None, [separator if separator != "commas" else "", encoding]))


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Rows by one separator; with a fault they only show how well it would have fitted."""

    rows: list[Row]
    fault: BadFile | None = None


def _parsed(text: str, separator: str, skipped: int) -> _Parsed:
    line = 1 + skipped
    try:
        return _Parsed(list(_rows(text, separator, skipped, strict=True)))
    except csv.Error as error:
        rows = list(_rows(text, separator, skipped, strict=False))
        line = rows[-1].number if rows else line
        return _Parsed(
            rows,
            _refused(
                f"line {line}",
                f"{str(error).capitalize()}.",
                "a table with one separator, and quotation marks in pairs",
                "Look at the quotation marks from here on, or save it again.",
            ),
        )


def _rows(text: str, separator: str, skipped: int, *, strict: bool) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    line = 1 + skipped
    try:
        for record, cells in enumerate(reader, 1):
            yield Row(line, tuple(cell.strip() for cell in cells), record)
            line = reader.line_num + 1 + skipped
    except csv.Error:
        if strict:
            raise


def _spaced(text: str) -> list[Row]:
    """A table with spaces between, such as R's `write.table` makes."""
    rows = []
    for n, line in enumerate(text.split("\n"), 1):
        try:
            cells = next(csv.reader([" ".join(line.split())], delimiter=" ", strict=True), [])
        except csv.Error:
            return []
        rows.append(Row(n, tuple(cells)))
    return rows


def _fitness(
    rows: Sequence[Row], separator: str, header: IsHeader | None
) -> tuple[bool, bool, float, int]:
    """How well a separator fits: a header, more than one column, rows of one length."""
    rows = [row for row in rows if any(row.cells)]
    is_headed = header is not None and _below(rows, header) is not None
    width = _width(rows)
    is_table = width > 1 and bool(rows) and (separator != "|" or len(rows[0].cells) == width)
    place = list(SEPARATORS).index(separator) if separator in SEPARATORS else 0
    return is_headed, is_table, _share(rows), -place


def _width(rows: Sequence[Row]) -> int:
    """How long most rows are."""
    counted = Counter(len(row.cells) for row in rows)
    return max(counted, key=lambda width: (counted[width], width), default=0)


def _share(rows: Sequence[Row]) -> float:
    width = _width(rows)
    return sum(len(row.cells) == width for row in rows) / len(rows) if rows else 0.0


# --- Both ---------------------------------------------------------------------------------------


def _tidied(rows: Sequence[Row]) -> list[Row]:
    """Without empty rows, and without empty cells that every row has at its end."""
    filled = [row for row in rows if any(row.cells)]
    last = max((n for row in filled for n, cell in enumerate(row.cells, 1) if cell), default=0)
    return [Row(row.number, row.cells[:last], row.record) for row in filled]


def _moved(sheet: TableSheet) -> TableSheet:
    """Without the columns before the first that holds anything."""
    firsts = (next((n for n, c in enumerate(row.cells) if c), len(row.cells)) for row in sheet.rows)
    before = min(firsts, default=0)
    rows = tuple(Row(row.number, row.cells[before:], row.record) for row in sheet.rows)
    return TableSheet(rows, sheet.said, sheet.name, before)


def _untitled(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Without what stands above the table: rows of one cell where the others have more."""
    filled = [sum(map(bool, row.cells)) for row in rows]
    usual = Counter(filled).most_common(1)[0][0] if filled else 0
    start = 0
    while usual > 1 and start < min(len(rows) - 1, MOST_BEFORE_HEADER) and filled[start] == 1:
        start += 1
    return tuple(rows[start:])


def _below(rows: Sequence[Row], header: IsHeader) -> tuple[Row, ...] | None:
    """The header and what is below it; None where no row near the top is one."""
    found = (n for n, row in enumerate(rows[:MOST_BEFORE_HEADER]) if header(row.cells))
    start = next(found, None)
    return None if start is None else tuple(rows[start:])


def _refused(place: str, found: str, expected: str, remedy: str) -> BadFile:
    return BadFile([Fault(place, found, expected, remedy)])
