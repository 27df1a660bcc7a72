"""A simple CSV as the document that YAML would have given: one judgement for both.

The columns, in any order, tell which instrument it is:

    questionnaire   text, scale; number, block, asked, reversed
    guide           text; number, role, key

A scale's answers are separated by `|`; one in brackets has no number:
`Disagree | Agree | (Don't know)`.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from dialogs.toml_lines import Path
from research.formats.faults import Checker
from research.formats.source import unguard
from research.instruments.document import Document, refusal, text_of
from research.instruments.shapes import ASKED

MAX_ROWS = 500
QUESTIONNAIRE = ("text", "scale", "number", "block", "asked", "reversed")
GUIDE = ("text", "number", "role", "key")
_YES = frozenset({"1", "x", "yes", "ja", "true"})
_NO = frozenset({"", "0", "no", "nei", "false"})
_ASKED = {one: one for one in ASKED} | {"": "both", "før": "before", "etter": "after"}
_ASKED |= {"begge": "both"}

_Row = tuple[int, Mapping[str, str]]


def load(name: str, data: bytes) -> Document:
    """The document in a CSV with commas, semicolons or tabs.

    Raises:
        BadFile: it is no CSV, or its columns belong to no instrument.
    """
    rows = _rows(name, text_of(name, data))
    stem = name.rpartition("/")[2].removesuffix(".csv")
    lines: dict[Path, int] = {(): 1}
    checker = Checker()
    root: dict[str, Any] = {"id": _slug(stem), "title": stem}
    if "scale" in rows[0][1]:
        root["blocks"] = _blocks(rows, lines, checker, name)
    elif any(row.get("role") for _, row in rows):
        root["guides"] = _guides(rows, lines)
    else:
        root["questions"] = _questions(rows, lines, ("questions",))
    checker.raise_if_any()
    return Document(name, root, lines)


def _rows(name: str, text: str) -> list[_Row]:
    first, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records, line = list[tuple[int, list[str]]](), 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((line, record))
            line = reader.line_num + 1
            if len(records) > MAX_ROWS + 1:
                raise refusal(
                    name,
                    line,
                    f"There are more than {MAX_ROWS} rows.",
                    "one instrument",
                    "Check that it is the right file, or divide it.",
                )
    except csv.Error as error:
        raise refusal(
            name, line, f"This is not CSV: {error}.", "CSV", "Look at the quotes from here on."
        ) from None
    header = [cell.strip().lower() for cell in records[0][1]] if records else []
    _judge(name, header)
    if len(records) < 2:
        raise refusal(name, 1, "There are no rows.", "a row for each question", "Write them.")
    for line, record in records[1:]:
        if len(record) > len(header):
            raise refusal(
                name,
                line,
                f"The row has {len(record)} cells.",
                f"{len(header)}, as the header",
                f"Put texts that contain “{delimiter}” in double quotes.",
            )
    return [
        (line, {key: unguard(cell.strip()) for key, cell in zip(header, record, strict=False)})
        for line, record in records[1:]
    ]


def _judge(name: str, header: list[str]) -> None:
    known = QUESTIONNAIRE if "scale" in header else GUIDE
    wrong = [f"`{one[:40]}`" for one in header if one not in known or header.count(one) > 1]
    if "text" not in header or wrong:
        raise refusal(
            name,
            1,
            f"The columns are {', '.join(header)[:120] or 'missing'}."
            + (f" Unknown or twice: {', '.join(dict.fromkeys(wrong))[:120]}." if wrong else ""),
            f"a questionnaire's columns ({', '.join(QUESTIONNAIRE)}) or a guide's "
            f"({', '.join(GUIDE)})",
            "Name the columns so; only `text` and, for a questionnaire, `scale` are needed.",
        )


def _blocks(
    rows: list[_Row], lines: dict[Path, int], checker: Checker, name: str
) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for (title, scale, asked), group in groupby(rows, _block_of):
        at: Path = ("blocks", len(blocks))
        block = {"id": f"b{len(blocks) + 1}", "title": title or f"{len(blocks) + 1}"}
        answers = [one.strip() for one in scale.split("|")]
        values = _values(answers)
        items: list[dict[str, Any]] = []
        for line, row in group:
            place = f"{name}, line {line}"
            lines.setdefault(at, line)
            lines[*at, "items", len(items)] = line
            items.append(
                {"text": row.get("text", ""), "reversed": _yes(row, place, checker)}
                | _numbered(row, place, checker)
            )
        if asked not in _ASKED:
            checker.fault(
                f"{name}, line {lines[at]}",
                f"The time to ask is “{asked[:40]}”.",
                "before, after or both (før, etter, begge)",
                "Correct the column `asked`.",
            )
        labels = [
            one.removeprefix("(").removesuffix(")") if "(" in one[:1] else one for one in answers
        ]
        blocks.append(
            {
                **block,
                "asked": _ASKED.get(asked, "both"),
                "scale": labels,
                "scale_values": values,
                "items": items,
            }
        )
    return blocks


def _block_of(numbered: _Row) -> tuple[str, str, str]:
    _, row = numbered
    return row.get("block", ""), row["scale"], row.get("asked", "").lower()


def _values(answers: list[str]) -> list[int | None]:
    """1, 2, 3 ... for the answers that are not in brackets."""
    values: list[int | None] = []
    for answer in answers:
        bracketed = answer.startswith("(") and answer.endswith(")")
        values.append(None if bracketed else sum(value is not None for value in values) + 1)
    return values


def _yes(row: Mapping[str, str], place: str, checker: Checker) -> bool:
    said = row.get("reversed", "").lower()
    if said not in _YES | _NO:
        checker.fault(
            place, f"`reversed` is “{said[:40]}”.", "yes, or an empty cell", "Correct it."
        )
    return said in _YES


def _numbered(row: Mapping[str, str], place: str, checker: Checker) -> dict[str, int]:
    said = row.get("number", "")
    if re.fullmatch("[0-9]{0,4}", said):
        return {"number": int(said)} if said else {}
    checker.fault(place, f"The number is “{said[:40]}”.", "a whole number", "Correct it.")
    return {}


def _guides(rows: list[_Row], lines: dict[Path, int]) -> list[dict[str, Any]]:
    """A guide for each role, in the order in which the roles first come."""
    guides: list[dict[str, Any]] = []
    for role in dict.fromkeys(row.get("role", "") for _, row in rows):
        at: Path = ("guides", len(guides))
        own = [(line, row) for line, row in rows if row.get("role", "") == role]
        lines[at] = own[0][0]
        questions = _questions(own, lines, (*at, "questions"))
        guides.append({"id": _slug(role), "title": role, "questions": questions})
    return guides


def _questions(rows: list[_Row], lines: dict[Path, int], at: Path) -> list[dict[str, Any]]:
    for index, (line, _) in enumerate(rows):
        lines[*at, index] = line
    kept = ("text", "number", "key")
    return [{key: row[key] for key in kept if row.get(key)} for _, row in rows]


def _slug(text: str) -> str:
    """An id of small letters, digits and hyphens."""
    plain = text.lower().replace("æ", "ae").translate(str.maketrans("øå", "oa"))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "role"
