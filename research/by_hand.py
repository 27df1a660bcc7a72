"""What a researcher decides in a file of their own: flags and turns, by label."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import numpy as np

from dialogs.faults import Fault
from research.analysis import Flags
from research.analysis.rotation import HandRotation, Judgment
from research.formats.faults import BadFile, Checker
from research.formats.source import SourceFile, guard, unguard
from research.tables import reading as tables
from research.tables.labels import match
from research.tables.numerals import number, whole
from research.tables.reading import Row, TableSheet
from research.tables.workbook import refuse_concealed

_FACTOR = re.compile(r"(?:flag[_ ]?)?(?:f|factor|faktor)?[_ ]?(\d+)", re.IGNORECASE)
_MARKED = frozenset({"1", "x", "true", "ja", "yes", "*", "✓", "+", "-1"})
_UNMARKED = frozenset({"", "0", "false", "nei", "no", ".", "na"})


def flags(source: SourceFile, names: Sequence[str]) -> Flags:
    """The flags in a table of sorts by factors: both are known by their labels.

    Sorts that are not named are not flagged.

    Raises:
        BadFile: a sort or factor is unknown or doubled, or a cell is no mark.
    """
    refuse_concealed(source)
    sheet = tables.sheet(source)
    header, *body = sheet.rows
    checker = Checker()
    factors = [_factor(sheet, header, n, checker) for n in range(1, len(header.cells))]
    count = len(factors)
    if sorted(factors) != list(range(1, count + 1)):
        checker.fault(
            sheet.line(header),
            f"The columns are {', '.join(header.cells[1:]) or 'missing'}.",
            f"f1 to f{max(count, 1)}, each once, in any order",
            "Name the columns so, as in flags.csv.",
        )
    seen: dict[str, str] = {}
    labels = [unguard(row.cells[0]) for row in body]
    matched = match(names, labels)
    marked = np.zeros((len(names), count), dtype=bool)
    for row, label in zip(body, labels, strict=True):
        checker.label(label, seen, sheet.place(row, 0), "sort")
        if label not in matched.by_found:
            checker.fault(
                sheet.place(row, 0),
                f"There is no sort {label}.",
                f"one of {', '.join(names[:5])} ...",
                "Correct the name.",
            )
        elif len(row.cells) != len(header.cells):
            checker.fault(sheet.line(row), "The row is short or long.", "as the header", "Mend it.")
        else:
            place = list(names).index(matched.by_found[label])
            for column, factor in enumerate(factors, 1):
                cell = row.cells[column] if column < len(row.cells) else ""
                if 1 <= factor <= count:
                    marked[place, factor - 1] = _is_marked(sheet, row, column, cell, checker)
    checker.raise_if_any()
    return marked


def _factor(sheet: TableSheet, header: Row, column: int, checker: Checker) -> int:
    found = _FACTOR.fullmatch(header.cells[column].strip())
    if found is None:
        checker.fault(
            sheet.place(header, column),
            f"The column is called “{header.cells[column][:40]}”.",
            "the name of a factor, such as f1",
            "Name it so, as in flags.csv.",
        )
        return 0
    return int(found[1])


def _is_marked(sheet: TableSheet, row: Row, column: int, cell: str, checker: Checker) -> bool:
    value = whole(cell)
    text = cell.casefold() if value is None else str(value)
    if text not in _MARKED | _UNMARKED:
        checker.fault(
            sheet.place(row, column),
            f"The cell holds “{cell[:40]}”.",
            "1 where the sort is flagged, 0 or nothing where it is not",
            "Correct it.",
        )
    return text in _MARKED


def turns(source: SourceFile) -> Judgment:
    """The turns in a table of two factors and degrees, known by its header where it has one.

    Raises:
        BadFile: a turn names no two factors, or no angle.
    """
    refuse_concealed(source)
    sheet = tables.sheet(source, header=_is_start)
    rows = list(sheet.rows)
    after_varimax = rows[0].cells[0].casefold() == "varimax"
    rows = rows[after_varimax:]
    columns = [0, 1, 2]
    if rows and _is_named(rows[0].cells):
        names = [cell.casefold() for cell in rows[0].cells]
        columns = [names.index(name) for name in ("first", "second", "degrees")]
        rows = rows[1:]
    checker = Checker()
    found = tuple(_turn(sheet, row, columns, checker) for row in rows)
    checker.raise_if_any()
    return Judgment(found, after_varimax)


def _is_start(cells: Sequence[str]) -> bool:
    return cells[0].casefold() == "varimax" or _is_named(cells)


def _is_named(cells: Sequence[str]) -> bool:
    return {"first", "second", "degrees"} <= {cell.casefold() for cell in cells}


def _turn(sheet: TableSheet, row: Row, columns: Sequence[int], checker: Checker) -> HandRotation:
    cells = [row.cells[n] if n < len(row.cells) else "" for n in columns]
    numbers = [_FACTOR.fullmatch(cell) for cell in cells[:2]]
    first, second = (int(one[1]) if one else 0 for one in numbers)
    degrees = number(cells[2])
    if degrees is None or not -360 <= degrees <= 360:
        checker.fault(
            sheet.place(row, columns[2]),
            f"The angle is “{cells[2]}”.",
            "degrees from -360 to 360",
            "Write it such as 12.5.",
        )
    if (first == second and degrees != 180) or min(first, second) < 1:
        checker.fault(
            sheet.place(row, columns[0]),
            "This turns no plane.",
            "two factors, or one and 180 degrees, which inverts it",
            "Write f1,f2,15 or f1,f1,180 say.",
        )
    return HandRotation(first - 1, second - 1, degrees or 0.0)


def flags_csv(names: Iterable[str], flagged: Flags) -> bytes:
    """The table that `flags` reads."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["qsort", *(f"f{n + 1}" for n in range(flagged.shape[1]))])
    for name, row in zip(names, flagged.astype(int).tolist(), strict=True):
        writer.writerow([guard(name), *row])
    return buffer.getvalue().encode()


def rotation_csv(rotation: Judgment) -> bytes:
    """The table that `turns` reads."""
    lines = ["varimax"] if rotation.after_varimax else []
    lines.append("first,second,degrees")
    lines += [f"f{t.first + 1},f{t.second + 1},{t.degrees:.10g}" for t in rotation.turns]
    return ("\n".join(lines) + "\n").encode()


def agreed(factors: int | None, flagged: Flags) -> int:
    """How many factors flags are for.

    Raises:
        BadFile: the researcher asked for another number.
    """
    width = int(flagged.shape[1])
    if factors not in {None, width}:
        raise BadFile(
            [
                Fault(
                    "",
                    f"--flags marks {width} factors, and --factors says {factors}.",
                    "the same number",
                    "Let them agree.",
                )
            ]
        )
    return width
