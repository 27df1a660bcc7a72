"""PQMethod: `.DAT` in fixed columns, with the statements in a `.STA` beside it.

    line 1    columns 1-3 `  0`, 4-6 the number of sorts, 7-9 of statements,
              10 blank, from 11 the title (68 columns; KADE shows 60)
    line 2    22 fields of 3: least value, greatest value, 20 counts for -6...+13
    then      a line per sort: columns 1-10 the name (KADE reads 8), and 2 columns
              per statement, in statement order

Lines end with CRLF.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

from dialogs.faults import Fault
from research.dataset import Dataset, Remark, shape_of
from research.formats.faults import CannotHold, Checker
from research.formats.losses import lost
from research.formats.sorts import ReadingOptions, SortRecord, gather
from research.formats.source import SourceFile
from research.formats.statements import (
    PATTERN_VALUES,
    numbers,
    one_line,
    pattern_from,
    read_statements,
    write_statements,
)
from research.tables.numerals import whole

NAME = "pqmethod"
TITLE = "PQMethod .DAT"
SUFFIX = ".dat"
TITLE_WIDTH, NAME_WIDTH, NAME_READ = 68, 10, 8
MOST = 999


_FIXED = re.compile(r"[ \d]{3}[ \d]{2}\d[ \d]{2}\d( |$)")
_FREE = re.compile(r"\s*\d[\s,]+(?P<sorts>\d{1,3})[\s,]+(?P<statements>\d{1,3})\b(?P<title>.*)")
"""Numbers with any spaces between, as the file was before columns were kept."""


def recognises(source: SourceFile) -> bool:
    return _FIXED.match(source.lines[0]) is not None or _is_free(source.lines)


def _is_free(lines: Sequence[str]) -> bool:
    """Whether the first line's numbers are those of the grid and of the lines below."""
    found = _FREE.match(lines[0])
    if found is None or len(lines) < 3:
        return False
    counts = [whole(one) for one in _tokens(lines[1])[2:]]
    return (
        None not in counts
        and sum(n or 0 for n in counts) == int(found["statements"])
        and len([line for line in lines[2:] if line.strip()]) >= int(found["sorts"])
    )


def _tokens(line: str) -> list[str]:
    return [one for one in re.split(r"[\s,;]+", line) if one]


@dataclass(frozen=True, slots=True)
class _Head:
    sorts: int
    statements: int
    title: str
    counts: list[str]


def _head(lines: Sequence[str]) -> _Head:
    first, second = lines[0], lines[1] if len(lines) > 1 else ""
    if (free := _FREE.match(first)) and not _FIXED.match(first):
        counts = _tokens(second)[2:]
        head = _Head(int(free["sorts"]), int(free["statements"]), free["title"].strip(), counts)
    else:
        counts = [second[i : i + 3].strip() for i in range(6, max(len(second.rstrip()), 6), 3)]
        head = _Head(int(first[3:6]), int(first[6:9]), first[10:].strip(), counts)
    if second.strip():  # programs leave out the zeros at the end
        head.counts.extend(["0"] * (len(PATTERN_VALUES) - len(head.counts)))
    return head


def read(source: SourceFile, reading: ReadingOptions) -> Dataset:
    """Sorts, grid, title; texts from the `.STA` beside it where there is one."""
    checker = Checker()
    lines = source.lines
    head = _head(lines)
    sorts, statements, fields = head.sorts, head.statements, head.counts
    pattern = pattern_from([field or "0" for field in fields], checker, "line 2")
    if pattern is not None and sum(pattern.values()) != statements:
        checker.fault(
            "line 2",
            f"The pattern has {sum(pattern.values())} cells.",
            f"{statements}, the number of statements in line 1",
            "Correct the counts of the pattern (from column 7, three columns each).",
        )
    rows = [(n, line) for n, line in enumerate(lines[2:], 3) if line.strip()]
    sta = source.beside(".sta")
    if (loose := _loose(rows, head, pattern)) is not None:
        data = gather(
            loose,
            reading,
            checker,
            remarks=[_NO_COLUMNS],
            title=head.title,
            statements=numbers(statements),
            pattern=pattern,
        )
        return data.with_texts(read_statements(sta, data.statements)) if sta else data
    if not _keeps_columns(rows, head, pattern):
        checker.faults.extend(_unlike_the_grid(rows, head))
        checker.raise_if_any()
    if len(rows) != sorts:
        checker.fault(
            "line 1, columns 4-6",
            f"The file says {sorts} sorts and has {len(rows)}.",
            "as many lines as the first line says",
            "Correct the number, or put back the lines that are missing.",
        )
    layout = _layout([line for _, line in rows], statements, pattern)
    data = gather(
        [_record(line, number, layout) for number, line in rows],
        reading,
        checker,
        remarks=[] if layout == _OWN else [layout.remark],
        title=head.title,
        statements=numbers(statements),
        pattern=pattern,
    )
    return data.with_texts(read_statements(sta, data.statements)) if sta else data


@dataclass(frozen=True, slots=True)
class _Layout:
    """How many columns a name takes, and how many each value."""

    name: int
    value: int

    def cells(self, line: str) -> list[str]:
        text = line[self.name :].rstrip()
        return [text[i : i + self.value] for i in range(0, len(text), self.value)]

    @property
    def remark(self) -> Remark:
        has, own = (f"{one.name} + {one.value}" for one in (self, _OWN))
        return (
            f"Navn og verdier står i {has} kolonner, og ikke {own} som PQMethod skriver.",
            f"Names and values take {has} columns, and not {own} as PQMethod writes.",
        )


_OWN = _Layout(NAME_WIDTH, 2)
_OTHERS = (_Layout(8, 2), _Layout(10, 3), _Layout(8, 3), _Layout(12, 2), _Layout(12, 3))


def _layout(lines: Sequence[str], count: int, pattern: Mapping[int, int] | None) -> _Layout:
    """PQMethod's own, unless no line fits it and all fit one other, and the grid."""
    if any(len(_OWN.cells(line)) == count for line in lines):
        return _OWN
    fitting = [one for one in _OTHERS if all(_fits(one.cells(x), count, pattern) for x in lines)]
    return fitting[0] if len(fitting) == 1 else _OWN


def _fits(cells: Sequence[str], count: int, pattern: Mapping[int, int] | None) -> bool:
    values = [whole(cell) for cell in cells]
    return len(values) == count and None not in values and (pattern or {}) == Counter(values)


_NO_COLUMNS: Remark = (
    "Navn og verdier står ikke i faste kolonner, men går opp i rutenettet: slik er de lest.",
    "Names and values stand in no fixed columns, and add up to the grid: so they were read.",
)
_Numbered: TypeAlias = tuple[int, str]
"""A line and its number."""


def _loose(
    rows: Sequence[_Numbered], head: _Head, pattern: Mapping[int, int] | None
) -> list[SortRecord] | None:
    """Sorts over several lines each, or with spaces between values; None where that is not sure.

    Sure is what gives every sort the values of the grid, in one way only, and where PQMethod's
    own columns do not.
    """
    groups = _groups(rows, head.sorts)
    if not groups or pattern is None or _keeps_columns(rows, head, pattern):
        return None
    ways = (_wrapped, _spaced) if len(groups[0]) > 1 else (_spaced,)
    found = [[way([line for _, line in each], head.statements) for each in groups] for way in ways]
    sure = [each for each in found if _is_sure(each, head.statements, pattern)]
    if not sure or any(each != sure[0] for each in sure):
        return None
    return [
        _loose_record(name or str(n), values, group[0][0])
        for n, (group, (name, values)) in enumerate(zip(groups, sure[0], strict=True), 1)
    ]


def _groups(rows: Sequence[_Numbered], sorts: int) -> list[Sequence[_Numbered]]:
    """As many lines for each sort; nothing where they do not come out even."""
    each, rest = divmod(len(rows), sorts) if sorts else (0, 1)
    return [] if rest or not each else [rows[i : i + each] for i in range(0, len(rows), each)]


def _keeps_columns(
    rows: Sequence[_Numbered], head: _Head, pattern: Mapping[int, int] | None
) -> bool:
    """Whether lines are written in columns of PQMethod's or of another known width."""
    lines = [line for _, line in rows]
    return len(rows) == head.sorts and (
        _layout(lines, head.statements, pattern) != _OWN
        or any(_fits(_OWN.cells(line), head.statements, pattern) for line in lines)
    )


def _is_sure(
    sorts: Sequence[tuple[str, list[str]]], count: int, pattern: Mapping[int, int]
) -> bool:
    """Whether all fit the grid, and no name may have lost its number to the values."""
    parts = [name.split() for name, _ in sorts]
    is_alike = len({len(part) for part in parts}) == 1
    are_words = all(part and whole(part[-1]) is None for part in parts)
    return (is_alike or are_words) and all(_fits(values, count, pattern) for _, values in sorts)


def _wrapped(lines: Sequence[str], _: int) -> tuple[str, list[str]]:
    """PQMethod's columns, going on in the next line, below the first values or at its beginning."""
    first, *more = (line.rstrip() for line in lines)
    rest = (one if one[:NAME_WIDTH].strip() else one[NAME_WIDTH:] for one in more)
    return first[:NAME_WIDTH].strip(), _OWN.cells(first + "".join(rest))


def _spaced(lines: Sequence[str], count: int) -> tuple[str, list[str]]:
    """The last values of the lines; what is before them is the name."""
    found = _tokens(" ".join(lines))
    return " ".join(found[:-count]), found[-count:]


def _loose_record(name: str, values: list[str], line: int) -> SortRecord:
    return SortRecord(name, f"line {line}", values, lambda n: f"line {line}, value {n + 1}")


def _few_fit(rows: Sequence[_Numbered], head: _Head) -> bool:
    """Whether PQMethod's columns cut values in two, or most lines are no match for them."""
    cells = [_OWN.cells(line) for _, line in rows]
    is_cut = any(cell.strip() == "-" for each in cells for cell in each)
    return is_cut or 2 * sum(len(each) == head.statements for each in cells) < len(rows)


def _unlike_the_grid(rows: Sequence[_Numbered], head: _Head) -> Iterator[Fault]:
    """What to say where sorts go over several lines, or have no columns, and do not add up."""
    groups = _groups(rows, head.sorts)
    remedy = (
        "See that line 2 tells how many cells each value has, and that no value is missing; or "
        "write the sorts as a table (.xlsx or CSV)."
    )
    if groups and len(groups[0]) > 1:
        found = f"Each sort seems to go over {len(groups[0])} lines"
        yield Fault(f"line {rows[0][0]}", f"{found}, whose values are not those of the grid.",
                    f"{head.statements} values in the grid of line 2", remedy)  # fmt: skip
    elif all(len(_tokens(line)) > head.statements for _, line in rows) and _few_fit(rows, head):
        yield Fault(f"line {rows[0][0]}", "The values have spaces between them and stand in no "
                    "columns, and those of some sorts are not those of the grid.",
                    "values in two columns each from column 11, or those of the grid in line 2",
                    remedy)  # fmt: skip


def _record(line: str, number: int, layout: _Layout) -> SortRecord:
    first, wide = layout.name + 1, layout.value
    return SortRecord(
        line[: layout.name].strip(),
        f"line {number}",
        layout.cells(line),
        lambda n: f"line {number}, columns {first + wide * n}-{first + wide * (n + 1) - 1}",
    )


def losses(data: Dataset) -> list[str]:
    """What the file cannot hold."""
    names = []
    if any(len(name) > NAME_READ for name in data.names):
        names.append(f"names beyond {NAME_READ} characters: they are shortened")
    if any(not _plain(name) for name in data.names):
        names.append("letters beyond ASCII in names")
    is_long = len(one_line(data.title)) > TITLE_WIDTH
    title = [f"the title beyond {TITLE_WIDTH} characters"] if is_long else []
    return [*title, *lost(data, "labels"), *names, *lost(data, "lines", "answers")]


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    """The `.DAT`, and the `.STA` where the texts are known.

    Raises:
        CannotHold: values beyond -6...+13, or 1,000 statements or sorts.
    """
    cells = shape_of(data).cells
    if not set(cells) <= set(PATTERN_VALUES) or not _in_range(data):
        raise CannotHold("PQMethod's values reach from -6 to +13, and these sorts go beyond.")
    if max(data.sorts.shape) > MOST:
        raise CannotHold("PQMethod counts to 999 statements and 999 sorts.")
    title = one_line(data.title)[:TITLE_WIDTH].ljust(TITLE_WIDTH)
    counts = [cells.get(value, 0) for value in PATTERN_VALUES]
    lines = [
        f"  0{len(data.names):3d}{len(data.statements):3d} {title}",
        "".join(f"{n:3d}" for n in (min(cells), max(cells), *counts)),
    ]
    lines += [
        name.ljust(NAME_WIDTH) + "".join(f"{value:2d}" for value in data.sorts[:, i])
        for i, name in enumerate(_short(data.names))
    ]
    files = {path: "".join(f"{line}\r\n" for line in lines).encode("cp1252", "replace")}
    if any(data.texts):
        files[path.with_suffix(".sta")] = write_statements(data.texts)
    return files


def _in_range(data: Dataset) -> bool:
    return bool(data.sorts.min() >= PATTERN_VALUES[0] and data.sorts.max() <= PATTERN_VALUES[-1])


def _plain(name: str) -> bool:
    return name.isascii()


def _short(names: tuple[str, ...]) -> list[str]:
    """Names of at most 8 ASCII characters that keep what tells them apart: `partic01`.

    Where that does not do, a number stands at the end.
    """
    plain = [n.encode("ascii", "replace").decode().replace("?", "_").strip() for n in names]
    short: list[str] = []
    for name in plain:
        candidate, n = _cut(name, plain), 1
        while candidate in short:
            n += 1
            candidate = f"{name[: NAME_READ - len(str(n))]}{n}"
        short.append(candidate)
    return short


def _cut(name: str, names: list[str]) -> str:
    """A name's beginning and what differs from those that begin alike."""
    alike = [other for other in names if other[:NAME_READ] == name[:NAME_READ]]
    if len(name) <= NAME_READ or len(alike) == 1:
        return name[:NAME_READ]
    letters = zip(*alike, strict=False)
    same = sum(1 for _ in takewhile(lambda each: len(set(each)) == 1, letters))
    while same and name[same - 1].isalnum():  # no word and no number is cut in two
        same -= 1
    apart = name[same:][:NAME_READ] if same else ""
    return name[: NAME_READ - len(apart)] + apart
