"""The sheets of an Excel workbook as rows of texts."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import TypeAlias

from dialogs.faults import Fault
from research.formats.faults import BadFile
from research.formats.source import MOST_BYTES, SourceFile

Sheets: TypeAlias = Mapping[str, list[list[str]]]
"""By name; hidden sheets are left out."""


@lru_cache(maxsize=1)  # what recognises a workbook and what reads it open the same one
def open_workbook(source: SourceFile) -> Sheets:
    """Every sheet that can be seen, with each cell as the text that it shows.

    Raises:
        BadFile: it is damaged, far too large, or holds formulas whose values were not saved.
    """
    try:
        _weighed(source)
        sheets = _loaded(source, values=True)
        if _has_formulas(source):
            _uncounted(sheets, _loaded(source, values=False))
    except (KeyError, ValueError, OSError, TypeError, EOFError, IndexError) as error:
        raise BadFile(
            [
                Fault(
                    "",
                    f"The workbook cannot be opened ({type(error).__name__}).",
                    "an Excel workbook (.xlsx)",
                    "Open it in a spreadsheet program and save it as .xlsx again.",
                )
            ]
        ) from None
    return sheets


def _weighed(source: SourceFile) -> None:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > 2 * MOST_BYTES:
            raise BadFile(
                [Fault("", "The workbook is over 400 MB unpacked.", "a table", "Check the file.")]
            )


def _has_formulas(source: SourceFile) -> bool:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        return any(
            b"<f>" in archive.read(name) or b"<f " in archive.read(name)
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _loaded(source: SourceFile, *, values: bool) -> dict[str, list[list[str]]]:
    import openpyxl  # noqa: PLC0415 - a server, which opens no workbook, may lack it

    book = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=values)
    return {
        sheet.title: [[_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
    }


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value).strip()


def _uncounted(values: Sheets, formulas: Sheets) -> None:
    """Refuse formulas without values: a program wrote them and counted nothing."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - a server may lack it

    faults = [
        Fault(
            f"sheet {name}, cell {get_column_letter(column)}{row}",
            f"The cell holds the formula {text[:40]} without its value.",
            "values",
            "Open the workbook in Excel or LibreOffice, let it calculate, and save it.",
        )
        for name, rows in formulas.items()
        for row, cells in enumerate(rows, 1)
        for column, text in enumerate(cells, 1)
        if text.startswith("=") and not _at(values[name], row, column)
    ]
    if faults:
        raise BadFile(faults)


def _at(rows: list[list[str]], row: int, column: int) -> str:
    cells = rows[row - 1] if row <= len(rows) else []
    return cells[column - 1] if column <= len(cells) else ""
