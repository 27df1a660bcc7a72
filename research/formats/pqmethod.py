"""PQMethod: `.DAT` in fixed columns, with the statements in a `.STA` beside it.

    line 1    columns 1-3 `  0`, 4-6 the number of sorts, 7-9 of statements,
              10 blank, from 11 the title (68 columns; KADE shows 60)
    line 2    22 fields of 3: least value, greatest value, 20 counts for -6...+13
    then      a line per sort: columns 1-10 the name (KADE reads 8), and 2 columns
              per statement, in statement order

Lines end with CRLF.
"""

import re
from pathlib import Path

import numpy as np

from research.dataset import Dataset, shape_of
from research.formats.faults import CannotHold, Checker
from research.formats.losses import lost
from research.formats.source import Source
from research.formats.statements import (
    PATTERN_VALUES,
    numbers,
    one_line,
    pattern_from,
    read_statements,
    write_statements,
)

NAME = "pqmethod"
TITLE = "PQMethod .DAT"
SUFFIX = ".dat"
TITLE_WIDTH, NAME_WIDTH, NAME_READ = 68, 10, 8
MOST = 999


def recognises(source: Source) -> bool:
    return bool(re.match(r"[ \d]{3}[ \d]{2}\d[ \d]{2}\d( |$)", source.lines[0]))


def read(source: Source) -> Dataset:
    """Sorts, grid, title; texts from the `.STA` beside it where there is one."""
    checker = Checker()
    lines = source.lines
    sorts, statements = int(lines[0][3:6]), int(lines[0][6:9])
    second = lines[1] if len(lines) > 1 else ""
    fields = [second[i : i + 3] for i in range(6, max(len(second.rstrip()), 6), 3)]
    pattern = pattern_from(list(fields), checker, "line 2")
    if pattern is not None and sum(pattern.values()) != statements:
        checker.fault(
            "line 2",
            f"The pattern has {sum(pattern.values())} cells.",
            f"{statements}, the number of statements in line 1",
            "Correct the counts of the pattern (from column 7, three columns each).",
        )
    names, values, seen = [], [], dict[str, str]()
    rows = [(n, line) for n, line in enumerate(lines[2:], 3) if line.strip()]
    for number, line in rows:
        names.append(checker.label(line[:NAME_WIDTH], seen, f"line {number}", "sort"))
        values.append(_values(line, number, statements, checker))
    if len(rows) != sorts:
        checker.fault(
            "line 1, columns 4-6",
            f"The file says {sorts} sorts and has {len(rows)}.",
            "as many lines as the first line says",
            "Correct the number, or put back the lines that are missing.",
        )
    checker.raise_if_any()
    sta = source.beside(".sta")
    return Dataset(
        title=lines[0][10:].strip(),
        statements=numbers(statements),
        texts=read_statements(sta, statements) if sta else ("",) * statements,
        names=tuple(names),
        sorts=np.array(values, dtype=np.int64).reshape(len(values), statements).T,
        pattern=pattern,
    )


def _values(line: str, number: int, statements: int, checker: Checker) -> list[int]:
    text = line[NAME_WIDTH:].rstrip()
    cells = [text[i : i + 2] for i in range(0, len(text), 2)]
    if not checker.length(len(cells), statements, f"line {number}"):
        return [0] * statements
    first = NAME_WIDTH + 1
    return [
        checker.value(cell, f"line {number}, columns {first + 2 * i}-{first + 2 * i + 1}")
        for i, cell in enumerate(cells)
    ]


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
    """Names of at most 8 ASCII characters, told apart by a number where cut alike."""
    short: list[str] = []
    for name in names:
        plain = name.encode("ascii", "replace").decode().replace("?", "_").strip()
        candidate, n = plain[:NAME_READ], 1
        while candidate in short:
            n += 1
            candidate = f"{plain[: NAME_READ - len(str(n))]}{n}"
        short.append(candidate)
    return short
