"""HTMLQ's CSV: semicolons, a row for each submission.

`sid` counts, `uid` is the code from the participant's link, `s1`...`sN` hold the
sort; or one column `sort` holds it with bars between the values, as HTMLQ submits
it. `comment<N>` is what was written about statement N. All other columns (`datetime`,
`dur0`..., `npos`, `form0`...) are kept as they are.
"""

import csv
import io
import re
from pathlib import Path

import numpy as np

from research.dataset import Dataset
from research.formats.faults import BadFile, Checker, Fault, places
from research.formats.losses import lost
from research.formats.source import Source, guard, unguard
from research.formats.statements import numbers

NAME = "htmlq"
TITLE = "HTMLQ CSV (semicolons)"
SUFFIX = ".csv"
VALUE = re.compile(r"s(\d+)")
COMMENT = re.compile(r"comment_?(\d+)", re.IGNORECASE)


def recognises(source: Source) -> bool:
    columns = [cell.strip().strip('"') for cell in source.header.split(";")]
    return len(columns) > 1 and bool({"s1", "sort"} & set(columns))


def read(source: Source) -> Dataset:
    """A sort is named by its `uid` where all have one, else by its `sid`."""
    (first, header), *body = source.rows(";")
    columns = [cell.strip() for cell in header]
    checker = Checker()
    records, values = [], []
    for line, row in body:
        if len(row) != len(columns):
            checker.fault(
                f"line {line}",
                f"The row has {len(row)} fields.",
                f"{len(columns)}, as in the header",
                "See whether a text holds a semicolon and lacks its quotation marks.",
            )
            continue
        record = {c: unguard(cell.strip()) for c, cell in zip(columns, row, strict=True)}
        records.append((line, record))
        values.append(_values(columns, record, line, checker))
    if any(len(row) != len(values[0]) for row in values):
        checker.fault(
            f"line {first}", "Sorts differ in length.", "one value per statement", "Compare them."
        )
    checker.raise_if_any()
    if not records:
        raise BadFile([Fault(f"line {first}", "There are no sorts.", "one per line", "Check it.")])
    by = "uid" if all(record.get("uid") for _, record in records) else "sid"
    seen: dict[str, str] = {}
    names = [
        checker.label(record.get(by, ""), seen, f"line {line}, field {by}", "sort")
        for line, record in records
    ]
    checker.raise_if_any()
    count = len(values[0])
    return Dataset(
        title="",
        statements=numbers(count),
        texts=("",) * count,
        names=tuple(names),
        sorts=np.array(values, dtype=np.int64).T,
        comments=_by_name(names, [_comments(record) for _, record in records]),
        fields=_by_name(
            names, [_others(record, by, n) for n, (_, record) in enumerate(records, 1)]
        ),
    )


def _values(columns: list[str], record: dict[str, str], line: int, checker: Checker) -> list[int]:
    named = sorted((int(m[1]), c) for c in columns if (m := VALUE.fullmatch(c)))
    if named:
        return [checker.value(record[c], places(line)(columns.index(c))) for _, c in named]
    place = f"line {line}, field sort"
    return [checker.value(cell, place) for cell in record["sort"].split("|")]


def _comments(record: dict[str, str]) -> dict[str, str]:
    return {m[1]: text for c, text in record.items() if (m := COMMENT.fullmatch(c)) and text}


def _others(record: dict[str, str], by: str, place: int) -> dict[str, str]:
    """The other columns; a `sid` that only counts the rows says nothing."""
    return {
        c: text
        for c, text in record.items()
        if text
        and c not in {by, "sort"}
        and (c, text) != ("sid", str(place))
        and not VALUE.fullmatch(c)
        and not COMMENT.fullmatch(c)
    }


def _by_name(names: list[str], each: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {name: own for name, own in zip(names, each, strict=True) if own}


def losses(data: Dataset) -> list[str]:
    """What the file cannot hold."""
    return lost(data, "title", "texts", "labels", "grid")


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    """The CSV, with `uid` for the names."""
    others = sorted({c for own in data.fields.values() for c in own} - {"sid", "uid", "datetime"})
    position = {label: str(n) for n, label in enumerate(data.statements, 1)}
    commented = sorted(
        {position[label] for own in data.comments.values() for label in own}, key=int
    )
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    values = [f"s{n}" for n in range(1, len(data.statements) + 1)]
    comments = [f"comment{n}" for n in commented]
    writer.writerow(["sid", "uid", "datetime", *values, *comments, *others])
    for i, name in enumerate(data.names):
        fields = data.fields.get(name, {})
        texts = {position[k]: text for k, text in data.comments.get(name, {}).items()}
        writer.writerow(
            [
                guard(fields.get("sid", str(i + 1))),
                guard(name),
                guard(fields.get("datetime", "")),
                *data.sorts[:, i].tolist(),
                *(guard(texts.get(n, "")) for n in commented),
                *(guard(fields.get(c, "")) for c in others),
            ]
        )
    return {path: buffer.getvalue().encode()}
