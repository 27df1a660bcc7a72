"""A plain table of sorts: which way it lies, and what is label, text, value and else.

The values decide where they can: in a forced distribution all sorts have the same values,
in another order. Else the labels do. Where the two disagree, or neither says anything,
the researcher is asked.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from dialogs.faults import Fault
from research.dataset import Dataset, Remark
from research.formats.faults import DATED, BadFile, Checker
from research.formats.placings import Placings, boards_in, placed_in
from research.formats.sorts import ReadingOptions, RowsHold, SortRecord, gather
from research.formats.source import SourceFile, unguard
from research.formats.statements import numbers, read_statements
from research.formats.waves import refuse_persons_twice, refuse_two_in_one
from research.tables import reading as tables
from research.tables.known import named, refuse_surveys
from research.tables.labels import numbered, plain_title, series
from research.tables.numerals import is_date, is_missing, number, whole
from research.tables.reading import Row, TableSheet
from research.tables.titles import ClearedTable, cleared

STATEMENTS_AS_ROWS = "R qmethod CSV (statements as rows)"
SORTS_AS_ROWS = "KADE CSV (sorts as rows)"
STATEMENT_CORNERS = ("statement", "sta", "stm", "item", "utsagn", "påstand", "card", "kort")
SORT_CORNERS = (
    "q-sort", "qsort", "q sort", "sort", "participant", "person", "pseudonym", "name", "navn",
    "resp", "deltaker", "deltakar", "deltager", "informant", "subject", "informanter",
)  # fmt: skip
STATEMENT_STEMS = frozenset(
    {"s", "st", "sta", "stm", "stmt", "statement", "item", "q", "u", "utsagn", "påstand", "card"}
)
SORT_STEMS = frozenset(
    {"p", "person", "participant", "part", "r", "resp", "respondent", "d", "deltaker", "deltakar",
     "informant", "i", "subject", "sort", "qsort", "q-sort", "id", "pid"}
)  # fmt: skip
TEXTS = frozenset(
    {"text", "statement", "statements", "statement text", "item text", "utsagn", "påstand", "tekst",
     "utsagnstekst", "wording", "ordlyd", "formulering"}
)  # fmt: skip
OTHERS = frozenset(
    {"age", "alder", "gender", "sex", "kjønn", "date", "dato", "time", "tid", "timestamp",
     "tidspunkt", "tidsmerke", "duration", "varighet", "comment", "comments", "kommentar",
     "kommentarer", "merknad", "note", "notes", "notat", "group", "gruppe", "office", "kontor",
     "role", "rolle",
     "theme", "tema", "dimension", "dimensjon", "category", "kategori", "email", "e-post",
     "year", "år", "ansiennitet", "weight", "vekt"}
)  # fmt: skip
SUMS = frozenset(
    {"sum", "total", "totalt", "totals", "mean", "average", "snitt", "gjennomsnitt", "sd",
     "std", "standardavvik", "median", "variance", "varians", "min", "max", "count", "antall"}
)  # fmt: skip
LONG = 25
"""Characters in a label on average, from which it is the statement itself."""
SHORT = 3
"""Characters: what is not longer, among values, is a slip and no text."""


def looks_plain(source: SourceFile) -> bool:
    """Whether this may be a table of sorts: several columns, most of them numbers."""
    try:
        sheet = tables.sheet(source)
    except BadFile:  # several sheets, or a quotation mark too few: reading says which
        return bool(source.members) or any(one in source.header for one in tables.SEPARATORS)
    return bool(sheet.name) or (len(sheet.rows) > 1 and len(sheet.rows[1].cells) > 1)


def read(source: SourceFile, reading: ReadingOptions) -> Dataset:
    """The sorts, and what the file was taken for.

    Where the rows are sorts, texts come from the `.txt` of the same name, if there is one.

    Raises:
        BadFile: it is no table, nothing tells which way it lies, or values are wrong.
    """
    refuse_surveys(source)
    if reading.sheet is None and (boards := boards_in(source)) is not None:
        return _of_placings(boards, reading)
    sheet = tables.sheet(source, wanted=reading.sheet)
    if len(sheet.rows) < 2 or max(len(row.cells) for row in sheet.rows) < 2:
        raise BadFile(
            [
                Fault(
                    "line 1",
                    "There is no table of at least one row and one column.",
                    "a header, and rows that begin with a label",
                    "See that one sign separates the values: a comma, a semicolon or a tab.",
                )
            ]
        )
    if other := named(sheet.rows[0].cells, "sorts"):
        raise other
    if (placed := placed_in(sheet)) is not None:
        return _of_placings(placed, reading, sheet.said)
    return _of_columns(source, cleared(sheet), reading)


def _of_placings(placed: Placings, reading: ReadingOptions, said: str = "") -> Dataset:
    data = gather(placed.records, reading, Checker(), statements=placed.statements)
    return replace(data, read_as=_joined(placed.title, said))


def _of_columns(source: SourceFile, around: ClearedTable, reading: ReadingOptions) -> Dataset:
    """A table in which rows or columns are sorts."""
    sheet = around.sheet
    grid = _grid(sheet, reading.exclude)
    if not grid.values:
        raise _no_values(sheet)
    if series(grid.across()) == "f" and plain_title(sheet.rows[0].cells[0]).startswith(
        SORT_CORNERS
    ):
        raise _of_factors(sheet)
    way = reading.rows or _way(grid, sheet)
    if way == "sorts" and grid.header is not None:
        others = [(grid.header.cells[n], [row.cells[n] for row in grid.body]) for n in grid.others]
        refuse_persons_twice(grid.down(), others, sheet.line(sheet.rows[0]))
    data = _dataset(_of_sorts(grid) if way == "statements" else grid, sheet, reading, way)
    refuse_two_in_one(data.statements, sheet.line(sheet.rows[0]))
    if reading.rows is None:
        _refuse_ranks(data, sheet, way)
    if way == "sorts" and around.texts:
        data = data.with_texts([around.texts.get(n, "") for n in grid.values])
    data = replace(data, remarks=(*around.remarks, *data.remarks))
    title = STATEMENTS_AS_ROWS if way == "statements" else SORTS_AS_ROWS
    if sheet.name:
        title = f"a table in a workbook ({way} as rows)"
    beside = source.beside(".txt") if way == "sorts" and not sheet.name else None
    if beside is not None:
        data = data.with_texts(read_statements(beside, data.statements))
    return replace(data, read_as=_joined(title, sheet.said))


def _refuse_ranks(data: Dataset, sheet: TableSheet, way: RowsHold) -> None:
    """Ask where each sort has the numbers 1, 2, 3 ... once: numbers of statements, or ranks."""
    count = len(data.statements)
    every = list(range(1, count + 1))
    if count < 6 or not data.names or any(sorted(one) != every for one in data.sorts.T.tolist()):
        return
    raise BadFile(
        [
            Fault(
                sheet.line(sheet.rows[0]),
                f"Each sort has the numbers 1 to {count} once: numbers of statements in the order "
                "of the grid, or ranks.",
                "values of the grid",
                "Where they are numbers of statements, write the value of its place above each "
                f"column (-2, -2, -1 ...). Where they are ranks, say --orientation {way}.",
            )
        ]
    )


def _of_factors(sheet: TableSheet) -> BadFile:
    return BadFile(
        [
            Fault(
                sheet.line(sheet.rows[0]),
                "The columns are factors: this is a table of flags or weights.",
                "sorts of statements",
                "Take the file of the sorts, and this one with --flags.",
            )
        ]
    )


def _no_values(sheet: TableSheet) -> BadFile:
    dated = any(is_date(cell) for row in sheet.rows[1:] for cell in row.cells)
    words = list(dict.fromkeys(c for row in sheet.rows[1:] for c in row.cells[1:] if c))
    seen = f": there are words in their place ({', '.join(words[:3])} ...)." if words else "."
    return BadFile(
        [
            Fault(
                sheet.line(sheet.rows[0]),
                "No column holds values" + (": there are dates in their place." if dated else seen),
                "whole numbers, the values of the statements",
                DATED if dated else "Check that this is the table of the sorts.",
            )
        ]
    )


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))


# --- The parts of a table -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Grid:
    """Values between labels. Columns and rows are counted in the sheet."""

    header: Row | None
    body: list[Row]
    labels: int | None
    """The column of the labels of the rows; None where rows have none."""
    texts: int | None
    values: list[int]
    others: list[int]
    """Columns that are no values: comments, ages, dates."""
    unlike: list[int]
    """Those of them that are only called otherwise than the columns of values."""

    def across(self) -> list[str]:
        """The names of the columns of values; empty where there is no header."""
        return [unguard(self.header.cells[n]) for n in self.values] if self.header else []

    def down(self) -> list[str]:
        labels = self.labels
        return [] if labels is None else [unguard(row.cells[labels]) for row in self.body]

    def matrix(self) -> list[list[str]]:
        return [[row.cells[n] for n in self.values] for row in self.body]


def _grid(sheet: TableSheet, exclude: AbstractSet[str]) -> _Grid:
    first, *rest = sheet.rows
    width = max(len(row.cells) for row in sheet.rows)
    usual = Counter(len(row.cells) for row in rest).most_common(1)[0][0]
    headed = _is_header(first.cells, rest)
    if headed and len(first.cells) == usual - 1:  # as R's write.table does
        first = Row(first.number, ("", *first.cells))
    judged = [
        r for r in (rest if headed else sheet.rows) if not exclude & set(map(unguard, r.cells))
    ]
    _ragged(first if headed else None, judged, usual, sheet)
    body = [_padded(row, width) for row in (rest if headed else sheet.rows)]
    header = _padded(first, width) if headed else None
    body = [row for row in body if plain_title(next(filter(None, row.cells), "")) not in SUMS]
    kinds = [
        _is_numbers([row.cells[n] for row in body], plain_title(header.cells[n]) if header else "")
        for n in range(width)
    ]
    kinds = _whole(kinds, body)
    labels = _labels(header, body, kinds)
    titles = [plain_title(header.cells[n]) if header else "" for n in range(width)]
    if labels == 0 and titles[0] in OTHERS:  # a date or an age names nobody
        named_ = (n for n in range(1, width) if titles[n].startswith((*SORT_CORNERS, "id", "kode")))
        labels = next(named_, 0)
    if labels == 0 and not kinds[0] and any(not row.cells[0] for row in body):  # merged cells
        labels = next((n for n in range(1, width) if _names_all(body, n, kinds[n])), 0)
    counting = _counting(body, titles, kinds, labels)
    if counting is not None:
        kinds[counting] = False
        if sum(len(row.cells[0]) for row in body) > LONG * len(body):
            titles[0], labels = titles[0] if titles[0] in TEXTS else "text", counting
    if labels is not None:
        kinds[labels] = False
    texts = next(
        (n for n in range(width) if n != labels and not kinds[n] and titles[n] in TEXTS), None
    )
    values = [n for n in range(width) if kinds[n] and n != labels]
    others = [n for n in range(width) if not kinds[n] and n not in {labels, texts}]
    others = [n for n in others if titles[n] or any(row.cells[n] for row in body)]
    unlike = _unlike(values, titles)
    named_so = {n for n in values if titles[n] in OTHERS | SUMS}
    odd = named_so | unlike
    alike = _alike(values, titles)
    odd |= _of_another_scale(body, [n for n in values if n not in odd]) - alike
    return _Grid(
        header,
        body,
        labels,
        texts,
        [n for n in values if n not in odd],
        [n for n in range(width) if n in odd or n in others],
        sorted(unlike - {n for n in values if titles[n] in OTHERS | SUMS}),
    )


def _of_sorts(grid: _Grid) -> _Grid:
    """Where columns are sorts, one is called as it likes; what is no statement is no row."""
    return replace(
        grid,
        values=sorted([*grid.values, *grid.unlike]),
        others=[n for n in grid.others if n not in grid.unlike],
        body=[row for row in grid.body if plain_title(row.cells[grid.labels or 0]) not in OTHERS],
    )


def _ragged(header: Row | None, body: Sequence[Row], usual: int, sheet: TableSheet) -> None:
    """Refuse rows of another length, where the row is no more than a separator longer."""
    length = len(header.cells) if header else usual
    checker = Checker()
    for row in body:
        has = len(row.cells)
        if has == length or (has < length and sheet.name) or has > length >= len(_filled(row)):
            continue
        checker.fault(
            sheet.line(row),
            f"The row has {has - 1} values.",
            f"{length - 1}, one for each column in the header",
            "See whether a value is missing, doubled, or holds the separator.",
        )
    checker.raise_if_any()


def _filled(row: Row) -> tuple[str, ...]:
    """The cells without those that are empty at the end."""
    last = max((n for n, cell in enumerate(row.cells, 1) if cell), default=0)
    return row.cells[:last]


def _padded(row: Row, width: int) -> Row:
    return Row(row.number, (*row.cells, *[""] * (width - len(row.cells))))


def _is_header(cells: Sequence[str], rest: Sequence[Row]) -> bool:
    """A header has names beyond its corner, or counts the columns."""
    beyond = [cell for cell in cells[1:] if cell]
    if series(beyond) == "" and len(beyond) > 2:
        return True
    if not cells[0] and _are_names(beyond, rest):
        return True
    numbers_above = sum(number(cell) is not None for cell in beyond)
    below = [cell for row in rest for cell in row.cells[1:] if cell]
    share = sum(number(cell) is not None for cell in below) / len(below) if below else 0
    return numbers_above < len(beyond) * min(0.5, share) or not beyond


def _are_names(beyond: Sequence[str], rest: Sequence[Row]) -> bool:
    """Whether numbers beside an empty corner name people: 101, 102 ..., and no value is one."""
    values = {cell for row in rest for cell in row.cells[1:] if cell}
    is_labelled = all(row.cells[0] for row in rest)
    return len(set(beyond)) == len(beyond) > 2 and is_labelled and not values & set(beyond)


def _is_numbers(cells: Sequence[str], title: str) -> bool:
    """Whether a column holds values: most of what is there is numbers, or was to be."""
    there = [cell for cell in cells if not is_missing(cell)]
    if not (there or title):
        return False  # an empty column parts what stands beside
    words = [cell for cell in there if number(cell) is None]
    if 2 * len(words) <= len(there):
        return True
    is_short = sum(map(len, words)) <= SHORT * len(words)
    return is_short and title != "" and title not in TEXTS | OTHERS


def _labels(header: Row | None, body: Sequence[Row], kinds: Sequence[bool]) -> int | None:
    """The column that names the rows: the first, unless it holds values like the others."""
    first = [row.cells[0] for row in body]
    values = [whole(cell) for cell in first]
    if not kinds[0] or 2 * values.count(None) > len(values):
        return 0
    corner = plain_title(header.cells[0]) if header else ""
    other = [value for row in body for cell in row.cells[1:] if (value := whole(cell)) is not None]
    counts = series(first) == "" and first == sorted(first, key=lambda cell: whole(cell) or 0)
    apart = len(set(values)) == len(values) and len(values) > 1
    beyond = bool(other) and max(v or 0 for v in values) > max(other)
    if header is not None:
        like_others = (one := numbered(corner)) is not None and any(
            (two := numbered(plain_title(cell))) is not None and two.stem == one.stem and one.stem
            for cell in header.cells[1:]
        )
        return None if like_others and not counts else 0
    return 0 if counts or (apart and beyond) else None


def _whole(kinds: Sequence[bool], body: Sequence[Row]) -> list[bool]:
    """Without columns of decimal fractions, such as z-scores, where others have whole numbers."""
    cells = {n: [row.cells[n] for row in body] for n, is_value in enumerate(kinds) if is_value}
    numbers_ = {n: [c for c in each if number(c) is not None] for n, each in cells.items()}
    broken = {
        n for n, each in numbers_.items() if 2 * sum(whole(c) is None for c in each) > len(each)
    }
    if broken == set(cells):
        return list(kinds)
    return [is_value and n not in broken for n, is_value in enumerate(kinds)]


_NUMBERS = frozenset({"nr", "nr.", "no", "no.", "#", "number", "nummer", "id", "utsagnsnr"})


def _counting(
    body: Sequence[Row], titles: Sequence[str], kinds: Sequence[bool], labels: int | None
) -> int | None:
    """A column behind the first that numbers the rows, whose own labels are words."""
    if labels != 0 or kinds[0]:
        return None
    for n in range(1, len(titles)):
        cells = [row.cells[n] for row in body]
        if titles[n] in _NUMBERS and len(set(cells)) == len(cells) and all(map(str.isdigit, cells)):
            return n
    return None


def _names_all(body: Sequence[Row], column: int, is_numbers: bool) -> bool:
    """Whether a column of words has one of its own for every row."""
    cells = [row.cells[column] for row in body]
    return not is_numbers and all(cells) and len(set(cells)) == len(cells)


def _of_another_scale(body: Sequence[Row], values: Sequence[int]) -> set[int]:
    """Columns most of whose values no other column has: years, ages, numbers of rows."""
    columns = {n: [whole(row.cells[n]) for row in body] for n in values}
    if len(columns) < 3 or len(body) < 3:
        return set()
    having = Counter(value for column in columns.values() for value in set(column))
    return {
        n
        for n, column in columns.items()
        if 2 * sum(value is not None and having[value] == 1 for value in column) > len(column)
    }


def _alike(values: Sequence[int], titles: Sequence[str]) -> set[int]:
    """Columns that count s1, s2, s3 ..., where nearly all do: none of these is anything else."""
    stems = {n: one.stem for n in values if (one := numbered(titles[n]))}
    if not stems:
        return set()
    stem, count = Counter(stems.values()).most_common(1)[0]
    if not stem or count < 3 or count < 0.7 * len(values):
        return set()
    return {n for n in values if stems.get(n) == stem}


def _unlike(values: Sequence[int], titles: Sequence[str]) -> set[int]:
    """Columns that are not called like the others, where nearly all are called alike."""
    alike = _alike(values, titles)
    return set(values) - alike if alike else set()


# --- Which way it lies --------------------------------------------------------------------------


def _way(grid: _Grid, sheet: TableSheet) -> RowsHold:
    by_values, by_labels = _by_values(grid.matrix()), _by_labels(grid)
    if by_values and by_labels and by_values != by_labels:
        raise _asked(
            sheet,
            f"The labels say that the rows are {by_labels}, and the values that they are "
            f"{by_values}: in a forced distribution all sorts have the same values.",
        )
    found = by_values or by_labels
    if found is None:
        raise _asked(sheet, "Nothing tells whether the rows are statements or sorts.")
    return found


def _asked(sheet: TableSheet, found: str) -> BadFile:
    return BadFile(
        [
            Fault(
                sheet.line(sheet.rows[0]),
                found,
                "labels such as s1, s2 for statements, or sorts in a forced distribution",
                "Say it: --from r (or --orientation statements) where each row is a statement, "
                "--from kade-csv (or --orientation sorts) where each row is a sort.",
            )
        ]
    )


def _by_values(matrix: Sequence[Sequence[str]]) -> RowsHold | None:
    down = _forced([list(column) for column in zip(*matrix, strict=True)])
    across = _forced(matrix)
    if max(down, across) < 0.5 or abs(down - across) < 0.3:
        return None
    return "statements" if down > across else "sorts"


def _forced(lines: Sequence[Sequence[str]]) -> float:
    """The share of lines that have the same values as others, in whatever order."""
    whole_lines = [line for line in lines if not any(is_missing(cell) for cell in line)]
    counted = Counter(tuple(sorted(str(whole(cell)) for cell in line)) for line in whole_lines)
    most = max(counted.values(), default=0)
    varied = any(len(set(line)) > 2 for line in counted)
    return most / len(whole_lines) if most > 1 and varied else 0.0


def _by_labels(grid: _Grid) -> RowsHold | None:
    corner = plain_title(grid.header.cells[grid.labels]) if grid.header and grid.labels == 0 else ""
    if corner.startswith(SORT_CORNERS):
        return "sorts"
    if corner.startswith(STATEMENT_CORNERS):
        return "statements"
    down, across = _kind(grid.down()), _kind(grid.across())
    if grid.texts is not None and down != "sorts":
        return "statements"
    if down and down != across:
        return down
    if across and across != down:
        return "sorts" if across == "statements" else "statements"
    bare = [one for label in grid.down() if (one := numbered(label)) and not one.stem]
    if series(grid.across()) == "" and not bare:
        return "sorts"  # statements are counted across, and who sorted has a name
    return None


def _kind(labels: Sequence[str]) -> RowsHold | None:
    """What labels that count are called like; bare numbers may be either."""
    stem = series(labels) if labels else None
    if stem is None:
        each = {one.stem for label in labels if (one := numbered(label))}
        stem = next(iter(each)) if len(each) == 1 and len(labels) > 1 else ""
    if stem in STATEMENT_STEMS:
        return "statements"
    return "sorts" if stem in SORT_STEMS else None


# --- The dataset --------------------------------------------------------------------------------


def _dataset(grid: _Grid, sheet: TableSheet, reading: ReadingOptions, way: RowsHold) -> Dataset:
    checker = Checker()
    down, across = grid.down(), grid.across()
    texts: Sequence[str] = ()
    remarks = [*_left(grid, way), *_left_rows(grid, sheet)]
    if way == "statements":
        if grid.texts is not None:
            texts = [unguard(row.cells[grid.texts]) for row in grid.body]
        elif down and sum(map(len, down)) > LONG * len(down):
            texts, down = down, []
        names = across or list(numbers(len(grid.values)))
        records = [
            SortRecord(
                name,
                f"the sort {name}",
                [row.cells[n] for row in grid.body],
                _down(sheet, grid.body, n),
                name_at=sheet.place(grid.header, n) if grid.header else "",
            )
            for name, n in zip(names, grid.values, strict=True)
        ]
        labels = down
        places = [sheet.place(row, grid.labels or 0) for row in grid.body]
    else:
        names = down or list(numbers(len(grid.body)))
        records = [
            _record(grid, sheet, name, row) for name, row in zip(names, grid.body, strict=True)
        ]
        labels = across
        places = [sheet.place(grid.header, n) for n in grid.values] if grid.header else []
    seen: dict[str, str] = {}
    for label, place in zip(labels, places, strict=bool(labels)):
        checker.label(label, seen, place, "statement")
    if not (down if way == "sorts" else across):
        remarks.append(
            (
                "Sorteringene har ingen navn i fila, og er nummerert.",
                "The sorts have no names in the file, and are numbered.",
            )
        )
    if dated := [one for one in (*labels, *names) if is_date(one)]:
        remarks.append(_dated(dated))
    statements = labels or None
    return gather(records, reading, checker, statements=statements, texts=texts, remarks=remarks)


def _record(grid: _Grid, sheet: TableSheet, name: str, row: Row) -> SortRecord:
    header = grid.header
    fields = {
        unguard(header.cells[n]) or f"column {n + 1}": unguard(row.cells[n])
        for n in grid.others
        if header and row.cells[n]
    }
    return SortRecord(
        name,
        sheet.line(row),
        [row.cells[n] for n in grid.values],
        lambda n: sheet.place(row, grid.values[n]),
        fields=fields,
        name_at=sheet.place(row, grid.labels or 0),
    )


def _dated(labels: Sequence[str]) -> Remark:
    said = ", ".join(labels[:3])
    return (
        f"Noen navn ser ut som datoer ({said}): et regneark kan ha laget dem av noe annet.",
        f"Some names look like dates ({said}): a spreadsheet may have made them of something else.",
    )


def _down(sheet: TableSheet, body: Sequence[Row], column: int) -> Callable[[int], str]:
    return lambda n: sheet.place(body[n], column)


def _left_rows(grid: _Grid, sheet: TableSheet) -> list[Remark]:
    """Rows of sums, and of ages and the like below or above sorts."""
    kept = {row.number for row in (*grid.body, *([grid.header] if grid.header else []))}
    left = [next(filter(None, row.cells)) for row in sheet.rows if row.number not in kept]
    said = ", ".join(one[:30] for one in left)
    return [(f"Rader som er utelatt: {said}.", f"Rows that were left out: {said}.")] if left else []


def _left(grid: _Grid, way: RowsHold) -> list[Remark]:
    """Which columns were taken for no values, so that nobody takes them for sorts."""
    if way == "statements" and grid.header and (unlike := sorted(grid.unlike)):
        names = ", ".join(grid.header.cells[n] or f"({n + 1})" for n in unlike)
        nb = "Kolonner som heter noe annet enn de andre, er lest som sorteringer"
        en = "Columns that are called otherwise than the others were taken for sorts"
        said = (
            f"{nb}: {names}. --exclude utelater en.",
            f"{en}: {names}. --exclude leaves one out.",
        )
        return [*_left(replace(grid, unlike=[]), way), said]
    if not grid.others or grid.header is None:
        return []
    names = ", ".join(grid.header.cells[n] or f"({n + 1})" for n in grid.others)
    if way == "sorts":
        return [
            (
                f"Kolonner som ikke er utsagn, er lest som andre svar: {names}.",
                f"Columns that are no statements were taken for other answers: {names}.",
            )
        ]
    return [
        (
            f"Kolonner som ikke er sorteringer, er utelatt: {names}.",
            f"Columns that are no sorts were left out: {names}.",
        )
    ]
