"""The sheets of an Excel workbook as rows of texts."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeAlias

from dialogs.faults import Fault
from research.dataset import Remark
from research.formats.faults import BadFile
from research.formats.source import MOST_BYTES, SourceFile

Sheets: TypeAlias = Mapping[str, list[list[str]]]
"""By name."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook, and what nobody sees who opens it."""

    shown: Sheets
    hidden: Sheets
    """Sheets that hold something and are hidden."""
    parts: tuple[str, ...]
    """Hidden rows and columns that hold something: `Ark1: 4-6, 9, D`."""


def open_workbook(source: SourceFile) -> Sheets:
    """Every sheet that can be seen, with each cell as the text that it shows.

    Raises:
        BadFile: it is damaged, far too large, or holds formulas whose values were not saved.
    """
    return opened(source).shown


def concealed(source: SourceFile, *, read: Callable[[str], bool] = lambda _: False) -> list[Remark]:
    """What a workbook hides, for whoever reads it: rows that were filtered away are still there.

    Args:
        source: any file; what is no workbook hides nothing.
        read: whether a hidden sheet was read, by its name.
    """
    if "xl/workbook.xml" not in source.members:
        return []
    book = opened(source)
    remarks: list[Remark] = []
    if book.parts:
        said = "; ".join(book.parts)
        nb = f"Arbeidsboka skjuler rader eller kolonner, som er lest som de andre ({said}). "
        en = f"The workbook hides rows or columns, which were read like the others ({said}). "
        nb += "Slett dem i fila hvis de ikke skal være med."
        en += "Delete them in the file if they are not to be part of it."
        remarks.append((nb, en))
    if there := ", ".join(filter(read, book.hidden)):
        remarks.append((f"Skjulte ark er lest: {there}.", f"Hidden sheets were read: {there}."))
    if left := ", ".join(name for name in book.hidden if not read(name)):
        remarks.append(
            (f"Skjulte ark er ikke lest: {left}.", f"Hidden sheets were not read: {left}.")
        )
    return remarks


def refuse_concealed(source: SourceFile) -> None:
    """Refuse hidden rows and columns where each row decides something by itself.

    Raises:
        BadFile: the workbook hides some.
    """
    parts = opened(source).parts if "xl/workbook.xml" in source.members else ()
    if parts:
        raise BadFile(
            [
                Fault(
                    "",
                    f"The workbook hides rows or columns ({'; '.join(parts)}).",
                    "a sheet of which all can be seen",
                    "Show them, or delete them, and save it again.",
                )
            ]
        )


@lru_cache(maxsize=1)  # what recognises a workbook and what reads it open the same one
def opened(source: SourceFile) -> Workbook:
    """The workbook; raises as `open_workbook`."""
    try:
        _weighed(source)
        sheets, hidden = _loaded(source, values=True)
        if _has(source, _FORMULA):
            _uncounted(sheets, _loaded(source, values=False)[0])
        parts = _hidden_parts(source) if _has(source, _HIDDEN) else ()
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
    return Workbook(sheets, hidden, parts)


def _weighed(source: SourceFile) -> None:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > 2 * MOST_BYTES:
            raise BadFile(
                [Fault("", "The workbook is over 400 MB unpacked.", "a table", "Check the file.")]
            )


_FORMULA = re.compile(rb"<f[> ]")
_HIDDEN = re.compile(rb"<(?:\w+:)?(?:row|col) [^>]*\bhidden=.(?:1|true)")


def _has(source: SourceFile, what: re.Pattern[bytes]) -> bool:
    """Whether the document of any sheet has this in it."""
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        return any(
            what.search(archive.read(name)) is not None
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _book(source: SourceFile, *, values: bool, whole: bool = False) -> Any:
    import openpyxl  # noqa: PLC0415 - a server, which opens no workbook, may lack it

    data = io.BytesIO(source.data)
    return openpyxl.load_workbook(data, read_only=not whole, data_only=values)


def _loaded(source: SourceFile, *, values: bool) -> tuple[Sheets, Sheets]:
    """The sheets that are shown, and those that are hidden and hold something."""
    shown: dict[str, list[list[str]]] = {}
    hidden: dict[str, list[list[str]]] = {}
    for sheet in _book(source, values=values).worksheets:
        rows = [[_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        if sheet.sheet_state == "visible":
            shown[sheet.title] = rows
        elif any(map(any, rows)):
            hidden[sheet.title] = rows
    return shown, hidden


def _hidden_parts(source: SourceFile) -> tuple[str, ...]:
    sheets = _book(source, values=True, whole=True).worksheets
    by_sheet = {one.title: list(_hidden_on(one)) for one in sheets if one.sheet_state == "visible"}
    return tuple(f"{title}: {', '.join(parts)}" for title, parts in by_sheet.items() if parts)


def _hidden_on(sheet: Any) -> Iterator[str]:
    """The rows and columns of a sheet that are hidden and hold something."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - a server may lack it

    filled = {(cell.row, cell.column) for row in sheet for cell in row if cell.value is not None}
    rows = {n for n, _ in filled if sheet.row_dimensions[n].hidden}
    groups = [one for one in sheet.column_dimensions.values() if one.hidden]
    columns = {n for _, n in filled if any(one.min <= n <= one.max for one in groups)}
    yield from _ranges(sorted(rows), str)
    yield from _ranges(sorted(columns), get_column_letter)


def _ranges(numbers: Sequence[int], said: Callable[[int], str]) -> Iterator[str]:
    """`4-6` and `9` for 4, 5, 6, 9."""
    for _, group in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        first, *rest = [number for _, number in group]
        yield f"{said(first)}-{said(rest[-1])}" if rest else said(first)


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
