"""A table that was filled in, checked against the shared texts, and counted."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast, get_args

from dialogs.recognition import check
from research.coding.material import LEAST, Material, Passage
from research.coding.table import Filled
from research.coding.words import NOTES, NoteCode
from research.formats.faults import Checker
from research.report.texts import ReportLanguage, pick

_Label: TypeAlias = Literal["code", "category", "main_category"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage, or a part of one, and what it was coded as."""

    row: Filled
    passage: Passage


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a researcher should look at, and what it is about."""

    code: NoteCode
    about: Mapping[str, str | int]

    def said(self, language: ReportLanguage) -> str:
        return pick(NOTES[self.code], language).format(**self.about)


@dataclass(frozen=True, slots=True)
class Coding:
    """A coding without contradictions."""

    material: Material
    units: tuple[Unit, ...]
    """In the order of the passages' random ids, then of the rows."""
    notes: tuple[Note, ...]
    """What a researcher should look at."""

    @property
    def coded(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.row.code)


@dataclass(frozen=True, slots=True)
class Code:
    """A code and where it belongs; empty where that is not decided yet."""

    main_category: str
    category: str
    code: str


def judge(rows: Sequence[Filled], found: Material) -> Coding:
    """The coding in these rows.

    Raises:
        BadFile: rows contradict each other or the shared texts, with every such row.
    """
    checker = Checker()
    known = {passage.id: passage for passage in found.passages}
    for row in rows:
        _own(row, known.get(row.id), checker)
    for label in get_args(_Label):
        _spelled_alike(rows, label, checker)
    rows = _placed(rows, "code", "category", checker)
    rows = _placed(rows, "category", "main_category", checker)
    _once(rows, checker)
    checker.raise_if_any()
    units = sorted(
        (Unit(row, known[row.id]) for row in rows), key=lambda u: (u.passage.id, u.row.number)
    )
    return Coding(found, tuple(units), tuple(_notes(rows, found)))


def _own(row: Filled, passage: Passage | None, checker: Checker) -> None:
    """What can be wrong in a row by itself."""
    if passage is None:
        checker.fault(
            row.place,
            f"There is no shared text called “{row.id[:40]}”."
            if row.id
            else "The cell `row` is empty.",
            "the name that the text has in shared.jsonl",
            "Copy it from the table as it was exported. A new row for the same text has the "
            "same name.",
        )
    elif row.text and comparable(row.text) != comparable(passage.text):
        checker.fault(
            row.place,
            "The text is not the one that was shared.",
            f"“{' '.join(passage.text.split())[:60]}...”",
            "Put it back as it was exported, and write what you make of it in `condensed meaning` "
            "or `quote`. If every æ, ø and å is wrong: save as CSV UTF-8.",
        )
    if row.category and not row.code:
        checker.fault(row.place, "There is a category and no code.", "a code", "Fill in the code.")
    if row.main_category and not row.category:
        checker.fault(
            row.place,
            "There is a main category and no category.",
            "a category",
            "Fill in the category.",
        )
    if check(row.quote).hard:
        checker.fault(
            row.place,
            "The quote has something that identifies a person, such as a number or an address.",
            "a quote that tells nobody who it is about",
            "Take it out of the quote.",
        )


def comparable(text: str) -> str:
    """A text without what spreadsheets change when they save it.

    They trim, and rewrite line ends; in Windows' own encoding letters and signs
    that it lacks come out as question marks.
    """
    kept = unicodedata.normalize("NFC", text).encode("cp1252", "ignore").decode("cp1252")
    return re.sub(r"[\s?]+", "", kept)


def _key(label: str) -> str:
    return unicodedata.normalize("NFKC", label).casefold()


def _spelled_alike(rows: Iterable[Filled], label: _Label, checker: Checker) -> None:
    """Two spellings that differ in capitals only would count as two."""
    first: dict[str, Filled] = {}
    for row in rows:
        text = _label(row, label)
        before = first.setdefault(_key(text), row)
        if _label(before, label) != text:
            checker.fault(
                row.place,
                f"The {_said(label)} is “{text}” here and “{_label(before, label)}” in row "
                f"{before.number}.",
                "one spelling",
                "Write them alike.",
            )


def _placed(rows: Sequence[Filled], inner: _Label, outer: _Label, checker: Checker) -> list[Filled]:
    """Each code in its one category, each category in its main category, as stated anywhere."""
    stated: dict[str, Filled] = {}
    for row in rows:
        if not (_label(row, inner) and _label(row, outer)):
            continue
        before = stated.setdefault(_key(_label(row, inner)), row)
        if _key(_label(before, outer)) != _key(_label(row, outer)):
            checker.fault(
                row.place,
                f"The {_said(inner)} “{_label(row, inner)}” is in the {_said(outer)} "
                f"“{_label(row, outer)}” here, and in “{_label(before, outer)}” in row "
                f"{before.number}.",
                f"one {_said(outer)} for each {_said(inner)}",
                f"Choose one of them, or make two of the {_said(inner)}.",
            )
    outers = {key: _label(row, outer) for key, row in stated.items()}
    filled = []
    for row in rows:
        found = outers.get(_key(_label(row, inner)), _label(row, outer))
        filled.append(
            replace(row, category=found)
            if outer == "category"
            else replace(row, main_category=found)
        )
    return filled


def _label(row: Filled, label: _Label) -> str:
    return str(getattr(row, label))


def _said(label: _Label) -> str:
    return label.replace("_", " ")


def _once(rows: Iterable[Filled], checker: Checker) -> None:
    """A text may have many codes, and each of them once."""
    first: dict[tuple[str, str], Filled] = {}
    for row in rows:
        before = first.setdefault((row.id, _key(row.code)), row)
        if row.id and before is not row:
            checker.fault(
                row.place,
                f"The text has the code “{row.code}” in row {before.number} already."
                if row.code
                else f"The text stands in row {before.number} already, and neither has a code.",
                "each code once for a text",
                "Remove one of the rows, or give it another code.",
            )


def _notes(rows: Sequence[Filled], found: Material) -> Iterable[Note]:
    if missing := {passage.id for passage in found.passages} - {row.id for row in rows}:
        which = _some(missing)
        yield Note("missing", {"count": len(missing), "of": len(found.passages), "which": which})
    if uncoded := sum(not row.code for row in rows):
        yield Note("uncoded", {"count": uncoded})
    if homeless := {row.code for row in rows if row.code and not row.category}:
        yield Note("homeless", {"which": _some(homeless)})
    for row in rows:
        for finding in check(row.quote).soft:
            what = row.quote[finding.start : finding.end]
            yield Note(cast("NoteCode", finding.kind), {"row": row.number, "what": what})


def _some(names: Iterable[str]) -> str:
    first, rest = sorted(names)[:5], sorted(names)[5:]
    return ", ".join(first) + (" ..." if rest else "")


# --- Counting -----------------------------------------------------------------------------------


def codes(coding: Coding) -> list[Code]:
    """Every code, by main category, category and name; what is not placed yet comes last."""
    found = {Code(u.row.main_category, u.row.category, u.row.code) for u in coding.coded}
    return sorted(
        found,
        key=lambda one: (
            one.main_category == "",
            _key(one.main_category),
            one.category == "",
            _key(one.category),
            _key(one.code),
        ),
    )


def counts(coding: Coding, of: Callable[[Passage], str]) -> Mapping[str, Counter[str]]:
    """For each code, how many texts have it in each group, phase or role; "" is left out."""
    found: dict[str, Counter[str]] = {one.code: Counter() for one in codes(coding)}
    for unit in coding.coded:
        if name := of(unit.passage):
            found[unit.row.code][name] += 1
    return found


def names(coding: Coding, of: Callable[[Passage], str]) -> list[str]:
    """All groups, phases or roles of the material, whether anything there has a code or not."""
    return sorted({of(passage) for passage in coding.material.passages} - {""})


def suppressed(cells: Sequence[int]) -> list[int | None]:
    """The cells of one code, where roles are compared: None where there are fewer than five.

    A single one that is hidden could be worked out from the code's total, so the
    smallest of the others is hidden with it.
    """
    shown: list[int | None] = [cell if cell >= LEAST else None for cell in cells]
    left = [cell for cell in shown if cell is not None]
    if left and len(shown) - len(left) == 1:
        shown[shown.index(min(left))] = None
    return shown
