"""A table as the document that YAML would have given: one judgement for both.

The columns, in any order, tell which instrument it is:

    questionnaire   text, scale; number, block, asked, reversed
    guide           text; number, role, key, theme, follow_up

A scale's answers are separated by `|`; one in brackets has no number, and numbers that
all of them begin with are theirs: `0 Never | 1 Often | (Don't know)`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from dialogs.toml.lines import Path
from research.formats.faults import Checker
from research.formats.source import SourceFile, unguard
from research.instruments.document import Document, refusal
from research.instruments.programs import recognised
from research.instruments.scales import understood
from research.instruments.shapes import ASKED
from research.tables import reading as tables
from research.tables.known import named
from research.tables.reading import Row, TableSheet
from research.tables.workbook import open_workbook

MAX_ROWS = 500
QUESTIONNAIRE = ("text", "scale", "number", "block", "asked", "reversed")
GUIDE = ("text", "number", "role", "key", "theme", "follow_up")
_YES = frozenset({"1", "x", "yes", "ja", "true"})
_NO = frozenset({"", "0", "no", "nei", "false"})
_ASKED = {one: one for one in ASKED} | {"": "both", "før": "before", "etter": "after"}
_ASKED |= {"begge": "both"}

_Row = tuple[int, Mapping[str, str]]


def load(source: SourceFile) -> Document:
    """The document in a table: our own columns, or those of a survey program.

    Raises:
        BadFile: it is no table, or its columns belong to no instrument.
    """
    name = source.path.name
    stem = source.path.stem
    if "xl/workbook.xml" in source.members and _is_survey(source):
        form = TableSheet(())
    else:
        form = tables.sheet(source, header=_is_header)
    if (program := recognised(form, source)) is not None:
        return program(name, slug(stem))
    if form.rows and (other := named(form.rows[0].cells, "questionnaire")):
        raise other
    rows = _rows(name, form)
    lines: dict[Path, int] = {(): 1}
    checker = Checker()
    root: dict[str, Any] = {"id": slug(stem), "title": stem}
    if "scale" in rows[0][1]:
        root["blocks"] = _blocks(rows, lines, checker, name)
    elif any(row.get("role") for _, row in rows):
        root["guides"] = _guides(rows, lines)
    else:
        root["questions"] = _questions(rows, lines, ("questions",))
    checker.raise_if_any()
    return Document(name, root, lines)


def _is_survey(source: SourceFile) -> bool:
    return "survey" in {name.casefold() for name in open_workbook(source)}


_MEANT = {
    "spørsmål": "text", "spørsmal": "text", "påstand": "text", "utsagn": "text", "tekst": "text",
    "question": "text", "item": "text", "ledd": "text", "svar": "scale",
    "svaralternativer": "scale",
    "svaralternativ": "scale", "alternativer": "scale", "skala": "scale", "answers": "scale",
    "options": "scale", "choices": "scale", "response options": "scale", "responses": "scale",
    "answer options": "scale", "svarskala": "scale", "nr": "number", "nr.": "number",
    "nummer": "number",
    "no": "number", "#": "number", "blokk": "block", "del": "block", "tema": "block",
    "section": "block", "snudd": "reversed", "reversert": "reversed", "reverse": "reversed",
    "når": "asked", "tidspunkt": "asked", "rolle": "role", "nøkkel": "key",
    "follow up": "follow_up", "follow-up": "follow_up", "probes": "follow_up",
    "oppfølging": "follow_up", "oppfølgingsspørsmål": "follow_up", "oppfølgjing": "follow_up",
}  # fmt: skip


def _name(cell: str) -> str:
    """What we call a column; Norwegian names are known too."""
    plain = " ".join(cell.casefold().split())
    return _MEANT.get(plain, plain)


def _is_header(cells: Sequence[str]) -> bool:
    names = {_name(cell) for cell in cells}
    plain = {" ".join(cell.casefold().split()) for cell in cells}
    return (
        "text" in names
        or {"field type", "field label"} <= plain
        or ({"field_type", "field_label"} <= plain)
    )


def _rows(name: str, form: TableSheet) -> list[_Row]:
    if not form.rows:
        raise refusal(name, 1, "The columns are missing.", _WANTED, "Write a header and rows.")
    first, *body = form.rows
    header = [_name(cell) for cell in first.cells]
    if header[0] in _STAMPS:
        raise refusal(
            name,
            1,
            "These look like answers, with the time of each (Google Forms).",
            "questions",
            "Write the questions and their answers in a table with the columns text and scale.",
        )
    header = _by_numbers(header, body)
    choices = [n for n, one in enumerate(header) if _CHOICE.fullmatch(one)]
    if len(choices) > 1 and "scale" not in header:
        header, body = _joined(header, body, choices)
    if "scale" not in header:
        header = ["theme" if one == "block" else one for one in header]
    _judge(name, header)
    if not body:
        raise refusal(name, 1, "There are no rows.", "a row for each question", "Write them.")
    if len(body) > MAX_ROWS:
        raise refusal(
            name,
            body[MAX_ROWS].number,
            f"There are more than {MAX_ROWS} rows.",
            "one instrument",
            "Check that it is the right file, or divide it.",
        )
    for row in body:
        if len(row.cells) > len(header):
            raise refusal(
                name,
                row.number,
                f"The row has {len(row.cells)} cells.",
                f"{len(header)}, as the header",
                "Put texts that contain the separator in double quotes.",
            )
    return _filled_down(
        (row.number, {key: unguard(cell) for key, cell in zip(header, row.cells, strict=False)})
        for row in body
    )


_STAMPS = frozenset({"timestamp", "tidsmerke", "tidsstempel"})
_CHOICE = re.compile(
    r"(svar|svaralternativ|alternativ|answer|response|option|choice|scale) ?\d{1,2}"
)


def _by_numbers(header: list[str], body: Sequence[Row]) -> list[str]:
    """Of two columns that are called as texts are, the one that holds numbers is `number`."""
    texts = [n for n, one in enumerate(header) if one == "text"]
    counting = [n for n in texts if all("".join(row.cells[n : n + 1]).isdigit() for row in body)]
    if len(texts) == 2 and len(counting) == 1 and "number" not in header:
        return ["number" if n in counting else one for n, one in enumerate(header)]
    return header


def _joined(
    header: list[str], body: Sequence[Row], choices: Sequence[int]
) -> tuple[list[str], list[Row]]:
    """Answers in columns of their own (`Svar 1`, `Svar 2`) as one scale."""
    kept = [n for n in range(len(header)) if n not in choices]
    rows = []
    for row in body:
        cells = [row.cells[n] if n < len(row.cells) else "" for n in range(len(header))]
        scale = "|".join(cells[n] for n in choices if cells[n])
        rows.append(replace(row, cells=(*(cells[n] for n in kept), scale)))
    return [*(header[n] for n in kept), "scale"], rows


def _filled_down(rows: Iterable[_Row]) -> list[_Row]:
    """An empty block or theme is the one above, as merged cells leave it."""
    above, filled = dict[str, str](), list[_Row]()
    for line, row in rows:
        above |= {key: row[key] for key in ("block", "theme") if row.get(key)}
        filled.append((line, {**row, **{key: above[key] for key in above if key in row}}))
    return filled


_WANTED = (
    "a questionnaire's columns (text, scale, number, block, asked, reversed) or a guide's "
    "(text, number, role, key, theme, follow_up)"
)


def _judge(name: str, header: list[str]) -> None:
    known = QUESTIONNAIRE if "scale" in header else GUIDE
    wrong = [f"`{one[:40]}`" for one in header if one not in known or header.count(one) > 1]
    if "text" not in header or wrong:
        raise refusal(
            name,
            1,
            f"The columns are {', '.join(header)[:120] or 'missing'}."
            + (f" Unknown or twice: {', '.join(dict.fromkeys(wrong))[:120]}." if wrong else ""),
            _WANTED,
            "Name the columns so; only `text` and, for a questionnaire, `scale` are needed.",
        )


def _blocks(
    rows: list[_Row], lines: dict[Path, int], checker: Checker, name: str
) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for (title, scale, asked), each in groupby(rows, _block_of):
        group = list(each)
        at: Path = ("blocks", len(blocks))
        block = {"id": f"b{len(blocks) + 1}", "title": title or f"{len(blocks) + 1}"}
        labels, values = understood(_answers(scale))
        if len(labels) < 2:
            _one_answer(scale, f"{name}, line {group[0][0]}", checker)
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


def _one_answer(scale: str, place: str, checker: Checker) -> None:
    """Say what a scale was taken for, and how it is written."""
    signs = (sign for sign in (" / ", ",", "/") if sign in scale)
    parts = [one.strip() for one in scale.split(next(signs, "|"))]
    expected = "two answers or more, with upright strokes between"
    if not scale.strip():
        remedy = "Write it in each row, also where it is the one above."
        checker.fault(place, "The scale is empty.", expected, remedy)
    elif len(parts) > 1:
        found = f"The scale “{scale[:60]}” is one answer, for nothing known parts it."
        checker.fault(place, found, expected, f"Write {' | '.join(parts)[:80]}.")
    else:
        checker.fault(place, f"The scale “{scale[:60]}” is one answer.", expected,
                      "Write every step: 1 Never | 2 | 3 Always.")  # fmt: skip


def _block_of(numbered: _Row) -> tuple[str, str, str]:
    _, row = numbered
    return row.get("block", ""), row["scale"], row.get("asked", "").lower()


def _answers(scale: str) -> list[str]:
    """The answers between upright strokes; else between semicolons, or each on its line."""
    parts = scale.split("|") if "|" in scale else re.split(r"[;\n]", scale)
    return [one.strip() for one in parts if one.strip() or len(parts) == 1]


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
        guides.append({"id": slug(role), "title": role, "questions": questions})
    return guides


def _questions(rows: list[_Row], lines: dict[Path, int], at: Path) -> list[dict[str, Any]]:
    for index, (line, _) in enumerate(rows):
        lines[*at, index] = line
    kept = ("text", "number", "key", "theme")
    return [
        {key: row[key] for key in kept if row.get(key)}
        | ({"follow_up": _answers(row["follow_up"])} if row.get("follow_up") else {})
        for _, row in rows
    ]


def slug(text: str) -> str:
    """An id of small letters, digits and hyphens."""
    plain = text.lower().replace("æ", "ae").translate(str.maketrans("øå", "oa"))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "role"
