"""What KADE's two kinds of Excel workbook share.

Sheets `name`, `pattern`, `type` and `version` have a header in row 1 and their
content in row 2; `statements` has the header `Statements`; `sorts` differs.
"""

import io
from pathlib import Path

import xlsxwriter
from openpyxl.utils import get_column_letter

from research.dataset import Dataset, shape_of
from research.formats.faults import CannotHold, Checker
from research.formats.losses import lost
from research.formats.source import SourceFile, guard, unguard
from research.formats.statements import PATTERN_VALUES, pattern_from
from research.tables.workbook import opened

VERSION = 1
SHEETS = {"names": "name", "patterns": "pattern", "qsorts": "sorts", "q-sorts": "sorts"}
"""Names that KADE takes for the same sheet."""


KADE_SHEETS = frozenset({"name", "pattern", "sorts", "statements", "type", "version"})


def is_kade(source: SourceFile) -> bool:
    """Whether a workbook has KADE's sheets: two of them, for one may be called so by chance."""
    if "xl/workbook.xml" not in source.members:
        return False
    return len(KADE_SHEETS & Book(source).sheets.keys()) > 1


class Book:
    """The sheets of KADE's workbook as rows of texts; KADE reads those that are hidden too."""

    def __init__(self, source: SourceFile) -> None:
        book = opened(source)
        self.sheets = {
            SHEETS.get(name.lower(), name.lower()): rows
            for name, rows in {**book.hidden, **book.shown}.items()
        }

    @property
    def type(self) -> str:
        """`1` or `2`; empty where the workbook does not say."""
        return self.second("type")

    def second(self, sheet: str) -> str:
        """The cell below the header."""
        rows = self.sheets.get(sheet, [])
        return rows[1][0].strip() if len(rows) > 1 and rows[1] else ""

    def title(self) -> str:
        return unguard(self.second("name"))

    def texts(self, checker: Checker) -> list[str]:
        """The statements below their header."""
        rows = self.sheets.get("statements") or self.sheets.get("statement") or []
        header = [cell.strip().lower() for cell in rows[0]] if rows else []
        if "statements" not in header:
            checker.fault(
                "sheet statements, row 1",
                "There is no column “Statements”.",
                "a sheet `statements` with the header `Statements`",
                "Name the sheet and its header so.",
            )
            return []
        column = header.index("statements")
        cells = (row[column] for row in rows[1:] if len(row) > column)
        return [unguard(cell.strip()) for cell in cells if cell.strip()]

    def pattern(self, checker: Checker, statements: int) -> dict[int, int] | None:
        """The grid, where the workbook has that sheet."""
        rows = self.sheets.get("pattern", [])
        if len(rows) < 2:
            return None
        counts: list[object] = list(rows[1])
        while counts and not counts[-1]:
            counts.pop()
        if len(counts) == 1 and "," in str(counts[0]):
            counts = list(str(counts[0]).split(","))
        pattern = pattern_from([c or "0" for c in counts], checker, "sheet pattern, row 2")
        if pattern is not None and sum(pattern.values()) != statements:
            checker.fault(
                "sheet pattern, row 2",
                f"The pattern has {sum(pattern.values())} cells.",
                f"{statements}, the number of statements",
                "Correct the counts, or the statements.",
            )
        if "version" not in self.sheets:
            checker.fault(
                "",
                "The workbook has a sheet `pattern` and no sheet `version`.",
                "both; KADE reads no pattern without a version",
                "Add a sheet `version` with a number in row 2.",
            )
        return pattern

    def sorts(self, checker: Checker) -> list[list[str]]:
        """The rows of the sheet `sorts`."""
        rows = self.sheets.get("sorts", [])
        if not rows:
            checker.fault(
                "", "There is no sheet `sorts`.", "one that holds the sorts", "Name the sheet so."
            )
            checker.raise_if_any()
        return rows


def cell(row: int, column: int) -> str:
    """The place of a cell of `sorts`, from row and column counted from 0."""
    return f"sheet sorts, cell {get_column_letter(column + 1)}{row + 1}"


def losses(data: Dataset) -> list[str]:
    """What neither workbook can hold."""
    return lost(data, "labels", "commas", "answers")


def kade_name(name: str) -> str:
    """A name as KADE can read it: it splits the rows of its sheets on commas."""
    return guard(" ".join(name.replace(",", " ").split()))


def write_book(
    data: Dataset, path: Path, kind: int, rows: list[list[int | str]]
) -> dict[Path, bytes]:
    """A workbook of one of the two kinds, with these rows on `sorts`.

    Raises:
        CannotHold: the grid goes beyond -6...+13.
    """
    cells = shape_of(data).cells
    if not set(cells) <= set(PATTERN_VALUES):
        raise CannotHold("KADE's grids reach from -6 to +13, and this one goes beyond.")
    texts = [t or label for t, label in zip(data.texts, data.statements, strict=True)]
    sheets: dict[str, list[list[int | str]]] = {
        "name": [["Name"], [guard(data.title) or "Q-study"]],
        "statements": [[cell] for cell in ("Statements", *map(guard, texts))],
        "sorts": rows,
        "pattern": [
            [f"value {value}" for value in PATTERN_VALUES],
            [cells.get(value, 0) for value in PATTERN_VALUES],
        ],
        "type": [["Type"], [kind]],
        "version": [["Version"], [VERSION]],
    }
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        for title, content in sheets.items():
            sheet = workbook.add_worksheet(title)
            for row, line in enumerate(content):
                for column, value in enumerate(line):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    else:
                        sheet.write_number(row, column, value)
    return {path: buffer.getvalue()}
