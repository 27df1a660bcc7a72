"""What stands around a table of values: titles over several rows, and notes below it.

A row of titles has no number where the rows below have them. The one that gives each column
a name of its own names them; texts of statements and groups may stand above or below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dialogs.faults import Fault
from research.dataset import Remark
from research.formats.faults import BadFile
from research.tables.labels import series
from research.tables.numerals import is_date, is_missing, number
from research.tables.reading import Row, TableSheet

MOST_TITLES = 5
LONG = 25
"""Characters in a title on average, from which it is the statement itself."""


@dataclass(frozen=True, slots=True)
class ClearedTable:
    """A table with one row of titles at most, and nothing below it."""

    sheet: TableSheet
    texts: dict[int, str] = field(default_factory=dict)
    """What the statements say, by column, where a row of titles tells."""
    remarks: tuple[Remark, ...] = ()


def cleared(sheet: TableSheet) -> ClearedTable:
    """The table without what stands around it.

    Raises:
        BadFile: no row of titles names each column, or another table stands below.
    """
    columns = _columns_of_numbers(sheet.rows)
    if len(columns) < 2:
        return ClearedTable(sheet)
    rows, notes = _without_notes(sheet, columns)
    sheet = replace(sheet, rows=tuple(rows))
    count = _count_of_titles(rows, columns)
    if count < 2:
        return ClearedTable(sheet, {}, notes)
    titles, body = rows[:count], rows[count:]
    named = [n for n in columns if any(_cell(row, n) for row in titles)]
    header, texts, said = _header(titles, named, sheet)
    return ClearedTable(replace(sheet, rows=(header, *body)), texts, (*notes, said))


def _columns_of_numbers(rows: Sequence[Row]) -> list[int]:
    """The columns that hold numbers below whatever titles there are."""
    body = rows[min(len(rows) // 3, MOST_TITLES) :]
    found = []
    for n in range(max((len(row.cells) for row in rows), default=0)):
        there = [cell for row in body if not is_missing(cell := _cell(row, n))]
        numbers = [cell for cell in there if number(cell) is not None]
        if 2 * len(there) >= len(body) and len(numbers) >= 0.8 * len(there) > 0:
            found.append(n)
    return found


def _cell(row: Row, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


# --- Notes below --------------------------------------------------------------------------------


def _without_notes(
    sheet: TableSheet, columns: Sequence[int]
) -> tuple[Sequence[Row], tuple[Remark, ...]]:
    """The rows above an empty one, below which there are only words in one column."""
    rows = sheet.rows
    for n in range(2, len(rows)):
        below = rows[n:]
        if rows[n].record <= rows[n - 1].record + 1:
            continue
        if all(_is_note(row) for row in below):
            said = "; ".join(next(filter(None, row.cells))[:60] for row in below[:3])
            nb = f"Under tabellen står det noe annet, som er utelatt: {said}."
            en = f"Below the table stands something else, which was left out: {said}."
            return rows[:n], ((nb, en),)
        if _is_title(rows[n], columns):
            seen = ", ".join(filter(None, rows[n].cells))[:60]
            raise _refused(
                sheet.line(rows[n]),
                f"Below an empty row, another table seems to begin ({seen}).",
                "one table in a file or on a sheet",
                "Take the other one out, or put it on a sheet of its own.",
            )
    return rows, ()


def _is_note(row: Row) -> bool:
    filled = [cell for cell in row.cells if cell]
    return len(filled) == 1 and number(filled[0]) is None and " " in filled[0]


# --- Titles above -------------------------------------------------------------------------------


def _count_of_titles(rows: Sequence[Row], columns: Sequence[int]) -> int:
    count = 0
    while count < min(MOST_TITLES, len(rows) - 2) and _is_title(rows[count], columns):
        count += 1
    return count


def _is_title(row: Row, columns: Sequence[int]) -> bool:
    """Whether there are words where the rows below have numbers, or numbers that count columns."""
    there = [cell for n in columns if not is_missing(cell := _cell(row, n))]
    counting = [str(n) for n in range(1, len(columns) + 1)]
    if there == counting and len(there) > 2 and is_missing(_cell(row, 0)):
        return True
    return bool(there) and not any(number(cell) is not None or is_date(cell) for cell in there)


def _header(
    titles: Sequence[Row], columns: Sequence[int], sheet: TableSheet
) -> tuple[Row, dict[int, str], Remark]:
    """The row that names the columns, the texts of statements, and what was made of them."""
    cells = [[_cell(row, n) for n in columns] for row in titles]
    full = [n for n, each in enumerate(cells) if all(each) and len(set(each)) == len(each)]
    readable = [n for n in full if not cells[n][0].startswith("{")]  # Qualtrics' own ids
    if not readable:
        return _joined(titles, columns, sheet)
    counted = [n for n in readable if series(cells[n]) is not None]
    chosen = min(counted or readable, key=lambda n: (_length(cells[n]), -n))
    longest = max(readable, key=lambda n: _length(cells[n]))
    is_text = longest != chosen and _length(cells[longest]) > LONG
    texts = dict(zip(columns, cells[longest], strict=True)) if is_text else {}
    left = [n for n in range(len(titles)) if n != chosen and not (is_text and n == longest)]
    return _named(titles, chosen), texts, _said(titles, chosen, left)


def _length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells)


def _named(titles: Sequence[Row], chosen: int) -> Row:
    """The chosen row, with the corner of another where it has none."""
    own = list(titles[chosen].cells)
    corners = (row.cells[0] for row in (titles[chosen], *reversed(titles)) if row.cells)
    own[0] = next(filter(None, corners), "")
    return replace(titles[chosen], cells=tuple(own))


def _said(titles: Sequence[Row], chosen: int, left: Sequence[int]) -> Remark:
    row = titles[chosen].record
    nb = f"Titlene står over {len(titles)} rader: rad {row} gir kolonnene navn"
    en = f"The titles stand over {len(titles)} rows: row {row} names the columns"
    if not left:
        return f"{nb}, den andre er utsagnenes tekst.", f"{en}, the other is what statements say."
    seen = "; ".join(_seen(titles[n]) for n in left)
    return f"{nb}. Utelatt: {seen}.", f"{en}. Left out: {seen}."


def _seen(row: Row) -> str:
    there = list(dict.fromkeys(filter(None, row.cells)))
    return ", ".join(one[:30] for one in there[:3]) + (" ..." if len(there) > 3 else "")


def _joined(
    titles: Sequence[Row], columns: Sequence[int], sheet: TableSheet
) -> tuple[Row, dict[int, str], Remark]:
    """Names of the group above and what stands below it: `Nord P1`, `Sør P1`."""
    filled = []
    for row in titles:
        last = ""
        cells = [last := _cell(row, n) or last for n in columns]
        filled.append(cells)
    names = [" ".join(filter(None, parts)) for parts in zip(*filled, strict=True)]
    if not all(names) or len(set(names)) < len(names):
        seen = "; ".join(map(_seen, titles))
        raise _refused(
            sheet.line(titles[0]),
            f"The titles stand over {len(titles)} rows ({seen}), and no row names each column.",
            "one row in which each column has a name of its own",
            "Write the names in one row, and take the other rows of titles out.",
        )
    named = list(_named(titles, len(titles) - 1).cells)
    named += [""] * (max(columns) + 1 - len(named))
    for n, name in zip(columns, names, strict=True):
        named[n] = name
    last_row = titles[-1]
    nb = f"Titlene står over {len(titles)} rader og er satt sammen: {names[0]} ..."
    en = f"The titles stand over {len(titles)} rows and were put together: {names[0]} ..."
    return Row(last_row.number, tuple(named), last_row.record), {}, (nb, en)


def _refused(place: str, found: str, expected: str, remedy: str) -> BadFile:
    return BadFile([Fault(place, found, expected, remedy)])
