"""Tables of placings: a row for each, or the grid as it lay with numbers of statements on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from research.formats.faults import Checker
from research.formats.sorts import SortRecord
from research.formats.source import SourceFile, unguard
from research.formats.statements import numbers
from research.formats.waves import refuse_persons_twice
from research.tables.labels import numbered, plain_title, series
from research.tables.numerals import whole
from research.tables.reading import Row, TableSheet
from research.tables.workbook import open_workbook


@dataclass(frozen=True, slots=True)
class Placings:
    """Sorts that a table tells otherwise than by a column or row of values for each."""

    records: list[SortRecord]
    statements: list[str]
    title: str


def placed_in(sheet: TableSheet) -> Placings | None:
    """The sorts of such a table; None where it is another.

    Raises:
        BadFile: somebody has placed a statement twice.
    """
    return _each(sheet) or _laid(sheet)


_PERSONS = ("participant", "person", "respondent", "sort", "qsort", "deltaker", "deltakar",
            "informant", "subject", "pseudonym", "user", "uid", "name", "navn")  # fmt: skip
_ITEMS = ("statement", "item", "utsagn", "påstand", "card", "kort", "stimulus")
_VALUES = ("score", "value", "rank", "placement", "position", "column", "verdi", "poeng",
           "skår", "plassering", "kolonne", "rating")  # fmt: skip


def _each(sheet: TableSheet) -> Placings | None:
    """Records from rows of a person, a statement and a value, by their header."""
    header = [plain_title(cell) for cell in sheet.rows[0].cells]
    found = [_column(header, names) for names in (_PERSONS, _ITEMS, _VALUES)]
    person, item, value = found
    if person is None or item is None or value is None or len(set(found)) < 3:
        return None
    checker = Checker()
    body = [Row(r.number, (*r.cells, *[""] * (len(header) - len(r.cells)))) for r in sheet.rows[1:]]
    statements = list(dict.fromkeys(row.cells[item] for row in body))
    refuse_persons_twice(
        [f"{row.cells[person]} {row.cells[item]}" for row in body],
        [(one, [row.cells[n] for row in body]) for n, one in enumerate(header) if n not in found],
        sheet.line(sheet.rows[0]),
    )
    by_person: dict[str, dict[str, Row]] = {}
    for row in body:
        placed = by_person.setdefault(row.cells[person], {})
        if row.cells[item] in placed:
            checker.fault(
                sheet.line(row),
                f"{row.cells[person]} has placed {row.cells[item]} already.",
                "each statement once for each person",
                "Take one of the rows out.",
            )
        placed[row.cells[item]] = row
    checker.raise_if_any()
    if series(statements) is not None:
        statements.sort(key=lambda label: one.number if (one := numbered(label)) else 0)
    records = [
        SortRecord(
            unguard(name),
            f"the sort {name}",
            [placed[s].cells[value] if s in placed else "" for s in statements],
            _placing(sheet, name, placed, statements, value),
        )
        for name, placed in by_person.items()
    ]
    return Placings(
        records, [unguard(one) for one in statements], "a table with a row for each placing"
    )


def _placing(
    sheet: TableSheet, name: str, placed: dict[str, Row], statements: list[str], value: int
) -> Callable[[int], str]:
    def at(n: int) -> str:
        row = placed.get(statements[n])
        return sheet.place(row, value) if row else f"the sort {name}, statement {statements[n]}"

    return at


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    """The only column with one of these names, alone or with `id`, `nr` or `code` behind."""
    tails = ("", " id", " nr", " no", " number", " code", "id", "nr", " name")
    wanted = {name + tail for name in names for tail in tails}
    found = [n for n, cell in enumerate(header) if cell in wanted]
    return found[0] if len(found) == 1 else None


def _laid(sheet: TableSheet) -> Placings | None:
    """Sorts as they lay on the grid: below (or beside) its values the numbers of statements.

    Sure where the values repeat, and each sort has every number from 1 once.
    """
    cells = [row.cells for row in sheet.rows]
    if len({len(row) for row in cells}) > 1:
        return None
    for (_, *values), *sorts in (cells, list(zip(*cells, strict=True))):
        columns = [value for cell in values if (value := whole(cell)) is not None]
        every = list(range(1, len(values) + 1))
        on_grid = [[whole(cell) for cell in sort[1:]] for sort in sorts]
        repeats = len(set(columns)) < len(columns) == len(values)
        if repeats and all(sorted(n or 0 for n in sort) == every for sort in on_grid):
            records = [
                _record(unguard(name), [str(columns[sort.index(n)]) for n in every])
                for (name, *_), sort in zip(sorts, on_grid, strict=True)
            ]
            title = "a table of statement numbers below the values of the grid"
            return Placings(records, list(numbers(len(every))), title)
    return None


def _record(name: str, values: Sequence[str]) -> SortRecord:
    place = f"the sort {name}"
    return SortRecord(name, place, values, lambda n: f"{place}, statement {n + 1}")


# --- A sheet for each person --------------------------------------------------------------------


def boards_in(source: SourceFile) -> Placings | None:
    """Sorts of a workbook in which a sheet for each person shows the grid as it lay.

    Sure where several sheets have values above, and below them each number of a statement once.

    Raises:
        BadFile: some are such, and another has their values and is none.
    """
    if "xl/workbook.xml" not in source.members:
        return None
    sheets = {name: _board(rows) for name, rows in open_workbook(source).items()}
    found = {name: board for name, board in sheets.items() if board is not None and board.is_whole}
    if len(found) < 2:
        return None
    first = next(iter(found.values()))
    checker = Checker()
    for name, board in sheets.items():
        if board is not None and not board.is_like(first):
            checker.fault(
                f"sheet {name}",
                f"The sheet {name} is no sort like the others.",
                f"the values {first.values[0]} to {first.values[-1]} in its first row, and below "
                f"them the numbers 1 to {len(first.placed)}, each once",
                "See whether a number is missing or doubled.",
            )
    checker.raise_if_any()
    every = range(1, len(first.placed) + 1)
    records = [
        _record(unguard(name), [str(board.value_of[n]) for n in every])
        for name, board in found.items()
    ]
    return Placings(records, list(numbers(len(every))), "a workbook with a sheet for each sort")


@dataclass(frozen=True, slots=True)
class _Board:
    """A sheet with values in its first row."""

    values: list[int]
    placed: list[tuple[int, int]]
    """Each number of a statement with the value above it."""
    others: int
    """Cells that hold no number, or have no value above."""

    @property
    def value_of(self) -> dict[int, int]:
        return dict(self.placed)

    @property
    def is_whole(self) -> bool:
        there = sorted(number for number, _ in self.placed)
        return self.others == 0 and there == list(range(1, len(there) + 1)) != []

    def is_like(self, other: "_Board") -> bool:
        return self.is_whole and (self.values, len(self.placed)) == (
            other.values,
            len(other.placed),
        )


def _board(rows: Sequence[Sequence[str]]) -> _Board | None:
    """The grid on a sheet; None where its first row has no values that rise."""
    filled = [row for row in rows if any(row)]
    above = [whole(cell) for cell in filled[0]] if len(filled) > 1 else []
    values = [value for value in above if value is not None]
    if len(values) < 3 or values != sorted(set(values)):
        return None
    cells = [(n, cell) for row in filled[1:] for n, cell in enumerate(row) if cell]
    placed = [
        (number, value)
        for n, cell in cells
        if (number := whole(cell)) is not None
        and (value := above[n] if n < len(above) else None) is not None
    ]
    return _Board(values, placed, len(cells) - len(placed))
