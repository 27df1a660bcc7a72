"""A table that was filled in, checked against the shared texts, and counted."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast, get_args

from dialogs.writing.recognition import check
from research.coding.material import Material, Passage
from research.coding.table import FilledRow, parts
from research.coding.words import NOTES, NoteCode
from research.formats.faults import Checker
from research.report.texts import ReportLanguage, pick

_Label: TypeAlias = Literal["code", "category", "main_category", "theme"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage, or a part of one, and what it was coded as."""

    row: FilledRow
    passage: Passage


@dataclass(frozen=True, slots=True)
class CodingNote:
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
    notes: tuple[CodingNote, ...]
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
    theme: str = ""


def judge(
    rows: Sequence[FilledRow], found: Material, defined: Collection[str] = frozenset()
) -> Coding:
    """The coding in these rows.

    Args:
        rows: as they were filled in.
        found: the texts.
        defined: the codes of the codebook: a comma in one of these divides nothing.

    Raises:
        BadFile: rows contradict each other or the shared texts, with every such row.
    """
    checker = Checker()
    known = {passage.id: passage for passage in found.passages}
    rows = _below_merged(rows, known)
    rows = [one for row in rows for one in _divided(row, checker)]
    rows = [_cut(row, known.get(row.id)) for row in rows]
    for row in rows:
        _own(row, known.get(row.id), checker)
    _perhaps_several(rows, defined, checker)
    for label in get_args(_Label):
        _spelled_alike(rows, label, checker)
    rows = _placed(rows, "code", "category", checker)
    rows = _placed(rows, "category", "main_category", checker)
    rows = _placed(rows, "category", "theme", checker)
    _once(rows, checker)
    checker.raise_if_any()
    units = sorted(
        (Unit(row, known[row.id]) for row in rows), key=lambda u: (u.passage.id, u.row.number)
    )
    return Coding(found, tuple(units), tuple(_notes(rows, found)))


def _below_merged(rows: Sequence[FilledRow], known: Mapping[str, Passage]) -> list[FilledRow]:
    """Rows that a merged cell left without a name are of the text above, if their unit is."""
    found: list[FilledRow] = []
    for row in rows:
        above = known.get(found[-1].id) if found else None
        if above and not row.id and not row.text and row.unit and _is_in(row.unit, above):
            row = replace(row, id=above.id)  # noqa: PLW2901 - the row as it was meant
        found.append(row)
    return found


def _divided(row: FilledRow, checker: Checker) -> list[FilledRow]:
    """A row for each code: a semicolon, an upright stroke or a new line divides two."""
    codes, categories = parts(row.code), parts(row.category)
    second = " ; ".join(parts(row.second))
    if len(categories) not in {0, 1, len(codes)}:
        checker.fault(
            row.place,
            f"There are {len(codes)} codes and {len(categories)} categories.",
            "a category for each code, or one for all of them",
            "Write as many of both, with semicolons between, or a row for each code.",
        )
    if len(codes) < 2:
        return [replace(row, code="".join(codes), category="; ".join(categories), second=second)]
    each = categories if len(categories) == len(codes) else [*categories, ""][:1] * len(codes)
    return [
        replace(row, code=code, category=category, second=second)
        for code, category in zip(codes, each, strict=True)
    ]


def _perhaps_several(rows: Sequence[FilledRow], defined: Collection[str], checker: Checker) -> None:
    """`ask, wait` is asked about, unless the codebook has it; so is `ask/wait` of known codes.

    So are `#ask #wait`, and `ask and wait` where both are codes.
    """
    keys = {_key(row.code) for row in rows}
    sure = {_key(code) for code in defined}
    for row in rows:
        for cell in () if row.of_program else (row.code, *parts(row.second)):
            each, are_several = _perhaps(cell, keys)
            known = any(_key(part) in keys for part in each)
            if len(each) > 1 and _key(cell) not in sure and (known or are_several):
                checker.fault(
                    row.place,
                    f"“{cell}” is one code here, and a part of it is a code elsewhere."
                    if known
                    else f"“{cell}” may be one code, or {len(each)}.",
                    "one code, or several with semicolons between",
                    f"Write {'; '.join(each)} for several; one code stands in the codebook, or "
                    "has another name.",
                )


def _perhaps(cell: str, codes: Collection[str]) -> tuple[list[str], bool]:
    """What a cell may hold instead of one code, and whether it looks so by itself."""
    if len(tags := re.findall(r"#\S+", cell)) > 1:
        return tags, True
    joined = [part.strip() for part in re.split(r"\s(?:og|and|samt)\s", cell)]
    if len(joined) > 1 and all(_key(part) in codes for part in joined):
        return joined, True
    return [part.strip() for part in re.split(r"[,/+&]", cell) if part.strip()], "," in cell


def _cut(row: FilledRow, passage: Passage | None) -> FilledRow:
    """A part of the text in the place of the text is a meaning unit."""
    if passage is None or row.unit or not row.text:
        return row
    is_part = comparable(row.text) != comparable(passage.text) and _is_in(row.text, passage)
    return replace(row, unit=" ".join(row.text.split())) if is_part else row


def _is_in(part: str, passage: Passage) -> bool:
    """Whether a text holds a part; dots stand for what was left out."""
    pieces = [comparable(one) for one in re.split(r"\[?(?:\.\.\.|…)\]?", part)]
    whole = comparable(passage.text)
    return any(pieces) and all(piece in whole for piece in pieces)


def _own(row: FilledRow, passage: Passage | None, checker: Checker) -> None:
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
    elif row.text and comparable(row.text) != comparable(passage.text) and not row.unit:
        checker.fault(
            row.place,
            "The text is not the one that was shared.",
            f"“{' '.join(passage.text.split())[:60]}...”",
            "Put it back as it was exported, and write what you make of it in `condensed meaning` "
            "or `quote`; a part of it is a meaning unit. If every æ, ø and å is wrong: save as CSV "
            "UTF-8.",
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
    if row.theme and not row.category:
        checker.fault(
            row.place, "There is a theme and no category.", "a category", "Fill in the category."
        )
    for what in ("quote", "meaning unit"):
        if check(row.quote if what == "quote" else row.unit).hard:
            checker.fault(
                row.place,
                f"The {what} has something that identifies a person, such as a number or an "
                "address.",
                f"a {what} that tells nobody who it is about",
                f"Take it out of the {what}.",
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


def _spelled_alike(rows: Iterable[FilledRow], label: _Label, checker: Checker) -> None:
    """Two spellings that differ in capitals only would count as two."""
    first: dict[str, FilledRow] = {}
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


def _placed(
    rows: Sequence[FilledRow], inner: _Label, outer: _Label, checker: Checker
) -> list[FilledRow]:
    """Each code in its one category, each category in its main category, as stated anywhere."""
    stated: dict[str, FilledRow] = {}
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
    return [_with(row, outer, outers.get(_key(_label(row, inner)), "")) for row in rows]


def _with(row: FilledRow, outer: _Label, found: str) -> FilledRow:
    """The row with what its code or category belongs to, where any row says so."""
    text = found or _label(row, outer)
    match outer:
        case "category":
            return replace(row, category=text)
        case "theme":
            return replace(row, theme=text)
        case _:
            return replace(row, main_category=text)


def _label(row: FilledRow, label: _Label) -> str:
    return str(getattr(row, label))


def _said(label: _Label) -> str:
    return label.replace("_", " ")


def _once(rows: Iterable[FilledRow], checker: Checker) -> None:
    """A text may have many codes, and a code of many of its units; each unit once."""
    first: dict[tuple[str, ...], FilledRow] = {}
    for row in rows:
        unit = comparable(row.unit or f"{row.quote} {row.condensed}")
        before = first.setdefault((row.id, _key(row.code), unit), row)
        if row.id and before is not row:
            checker.fault(
                row.place,
                f"The text has the code “{row.code}” in row {before.number} already."
                if row.code
                else f"The text stands in row {before.number} already, and neither has a code.",
                "each code once for a text, or meaning units that differ",
                "Remove one of the rows, give it another code, or write what part of the text it "
                "is about in `meaning unit`.",
            )


def _notes(rows: Sequence[FilledRow], found: Material) -> Iterable[CodingNote]:
    if missing := {passage.id for passage in found.passages} - {row.id for row in rows}:
        which = _some(missing)
        yield CodingNote(
            "missing", {"count": len(missing), "of": len(found.passages), "which": which}
        )
    if uncoded := sum(not row.code for row in rows):
        yield CodingNote("uncoded", {"count": uncoded})
    if homeless := {row.code for row in rows if row.code and not row.category}:
        yield CodingNote("homeless", {"which": _some(homeless)})
    known = {passage.id: passage for passage in found.passages}
    for row in rows:
        if row.unit and not _is_in(row.unit, known[row.id]):
            yield CodingNote("elsewhere", {"row": row.number})
        for finding in check(row.quote).soft:
            what = row.quote[finding.start : finding.end]
            yield CodingNote(cast("NoteCode", finding.kind), {"row": row.number, "what": what})


def _some(names: Iterable[str]) -> str:
    first, rest = sorted(names)[:5], sorted(names)[5:]
    return ", ".join(first) + (" ..." if rest else "")


# --- Counting -----------------------------------------------------------------------------------


def codes(coding: Coding) -> list[Code]:
    """Every code, by main category, category and name; what is not placed yet comes last."""
    found = {
        Code(u.row.main_category, u.row.category, u.row.code, u.row.theme) for u in coding.coded
    }
    return sorted(
        found,
        key=lambda one: (
            one.theme == "",
            _key(one.theme),
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
    for code, passage in {(u.row.code, u.passage) for u in coding.coded}:
        if name := of(passage):
            found[code][name] += 1
    return found


def names(coding: Coding, of: Callable[[Passage], str]) -> list[str]:
    """All groups, phases or roles of the material, whether anything there has a code or not."""
    return sorted({of(passage) for passage in coding.material.passages} - {""})
