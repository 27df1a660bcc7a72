"""Submissions, a row for each: HTMLQ's CSV, FlashQ's, EQ Web Sort's sheet and Netlify's form.

`sid` counts, `uid` is the code from the participant's link, `s1`...`sN` hold the
sort; or one column `sort` holds it with bars between the values, as HTMLQ submits
it. `comment<N>` is what was written about statement N. All other columns (`datetime`,
`dur0`..., `npos`, `form0`...) are kept as they are.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dialogs.faults import Fault
from research.dataset import Dataset
from research.formats.faults import BadFile, Checker
from research.formats.losses import lost
from research.formats.sorts import ReadingOptions, SortRecord, gather
from research.formats.source import SourceFile, guard, unguard
from research.tables import reading as tables
from research.tables.known import known
from research.tables.reading import Row, TableSheet

NAME = "htmlq"
TITLE = "HTMLQ CSV (semicolons)"
SUFFIX = ".csv"
VALUE = re.compile(r"s(\d+)")
_ABOUT = re.compile(r"\s*\(s0*(\d+)\)\s*(.*)", re.DOTALL)
_BARS = re.compile(r"[^|]{1,4}(\|[^|]{0,4}){2,}")
COMMENT = re.compile(r"comment_?(\d+)", re.IGNORECASE)


_NAMES = ("uid", "partid", "participantid", "participant", "name", "randomid", "urlusercode",
          "usercode", "sid")  # fmt: skip
"""What a participant is called, the surest first."""
_EMPTY = frozenset({"", "no data", "no usercode set", "none", "null"})
_OWN = frozenset({"uid", "sid", "partid", "randomid", "datetime", "dur0", "npos", "nneu", "nneg",
                  "created_at", "user_agent"})  # fmt: skip
"""Columns of which a file of submissions has at least one, beside its values."""
PRIVATE = frozenset({"ip", "user_agent", "referrer", "user_ip"})
"""What a web server notes of a visitor: it is not read."""


def _is_header(cells: Sequence[str]) -> bool:
    names = {cell.strip().casefold() for cell in cells}
    return bool({"s1", "sort"} & names) and bool(_OWN & names)


def recognises(source: SourceFile) -> bool:
    try:
        sheet = tables.sheet(source, header=_is_header)
    except BadFile:
        return False
    if not sheet.rows:
        return False
    first, *body = sheet.rows
    return _is_header(first.cells) or _has_bars([c.casefold() for c in first.cells], body)


def _has_bars(header: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether a column `sort` holds values with bars between them, whatever else is there."""
    if "sort" not in header or not body:
        return False
    at = header.index("sort")
    return all(_BARS.fullmatch(row.cells[at]) for row in body if len(row.cells) > at)


def read(source: SourceFile, reading: ReadingOptions) -> Dataset:
    """A sort is named by the first of `uid`, `partId` ... that all have, each its own."""
    sheet = tables.sheet(source, wanted=reading.sheet, header=_is_header)
    first, *body = sheet.rows
    columns = [cell.strip() for cell in first.cells]
    checker = Checker()
    rows = []
    for row in body:
        if reading.exclude & set(map(unguard, row.cells)):
            row = _padded(row, len(columns))  # noqa: PLW2901 - what is left out may be cut off
        if len(row.cells) != len(columns):
            checker.fault(
                sheet.line(row),
                f"The row has {len(row.cells)} fields.",
                f"{len(columns)}, as in the header",
                "See whether a text holds the separator and lacks its quotation marks.",
            )
            continue
        rows.append(row)
    checker.raise_if_any()
    if not rows:
        raise BadFile(
            [Fault(sheet.line(first), "There are no sorts.", "one per line", "Check it.")]
        )
    values = sorted((int(m[1]), n) for n, c in enumerate(columns) if (m := VALUE.fullmatch(c)))
    bars = next((n for n, c in enumerate(columns) if c.casefold() == "sort"), None)
    if not values and bars is None:
        wanted = "columns s1, s2 ... or `sort`"
        raise BadFile([Fault(sheet.line(first), "There are no sorts.", wanted, "Check it.")])
    if bars is not None and any("|" in row.cells[bars] for row in rows):
        values = []
    parts = _Parts(columns, _named_by(columns, rows), [n for _, n in values], bars)
    records = [_record(parts, row, sheet, place) for place, row in enumerate(rows, 1)]
    if not values and len({len(one.cells) for one in records if any(one.cells)}) > 1:
        checker.fault(
            sheet.line(first), "Sorts differ in length.", "one value per statement",
            "Compare them, or leave one out with --exclude.",
        )  # fmt: skip
    labels = [str(n) for n, _ in values] or None
    data = gather(records, reading, checker, statements=labels)
    found = known(columns)
    title = TITLE if found is None or "HTMLQ" in found.name else found.name
    ours = title == TITLE and sheet.said == "semicolons"
    return replace(data, read_as=title if ours else ", ".join(filter(None, [
        title.replace(" (semicolons)", ""), sheet.said])))  # fmt: skip


def comments(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What was written about each statement: a text that begins `(s20)` is about the 20th.

    HTMLQ writes so, and its column tells the place on the grid; others name the column for
    the statement.
    """
    found: dict[str, str] = {}
    for column, text in named:
        place = COMMENT.fullmatch(column)
        if place is None or not text.strip():
            continue
        said = _ABOUT.fullmatch(text)
        label, words = (said[1], said[2]) if said else (place[1], text)
        if words:
            found[label] = "\n".join(filter(None, [found.get(label, ""), words]))
    return found


def _padded(row: Row, width: int) -> Row:
    cells = (*row.cells, *[""] * (width - len(row.cells)))
    return Row(row.number, cells[:width], row.record)


def _named_by(columns: Sequence[str], rows: Sequence[Row]) -> int | None:
    """The column of the names."""
    at = {c.casefold(): n for n, c in reversed(list(enumerate(columns)))}
    for n in (at[kind] for kind in _NAMES if kind in at):
        if not {row.cells[n].strip().casefold() for row in rows} & _EMPTY:
            return n
    return None


@dataclass(frozen=True, slots=True)
class _Parts:
    """Which column is what: the name, the values each by itself, or all between bars."""

    columns: Sequence[str]
    by: int | None
    values: Sequence[int]
    bars: int | None


def _record(parts: _Parts, row: Row, sheet: TableSheet, place: int) -> SortRecord:
    cells = [unguard(cell.strip()) for cell in row.cells]
    line, by, bars, values = sheet.line(row), parts.by, parts.bars, parts.values
    if values:
        found = [cells[n] for n in values]
    else:
        found = cells[bars].split("|") if bars is not None and cells[bars] else [""]
    named = list(zip(parts.columns, cells, strict=True))
    return SortRecord(
        str(place) if by is None else cells[by],
        line,
        found,
        lambda n: sheet.place(row, values[n]) if values else f"{line}, field sort",
        comments(named),
        {
            c: text
            for n, (c, text) in enumerate(named)
            if text
            and n not in {by, bars}
            and (c, text) != ("sid", str(place))
            and not VALUE.fullmatch(c)
            and not COMMENT.fullmatch(c)
            and c.casefold() not in PRIVATE
        },
        name_at=f"{line}, field {parts.columns[by]}" if by is not None else line,
    )


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
