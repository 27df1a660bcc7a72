"""Questionnaires of survey programs: REDCap, XLSForm (Kobo, ODK), LimeSurvey, SurveyJS."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dialogs.faults import Fault
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from research.instruments.asked import (
    ProgramAnswer,
    ProgramForm,
    ProgramQuestion,
    Way,
    plain,
    spoken,
)
from research.instruments.document import Document
from research.tables import reading as tables
from research.tables.numerals import whole
from research.tables.reading import TableSheet
from research.tables.workbook import open_workbook

_OTHER = "an answer in words beside the choices (other): ask for it in an item of its own"
_Rows = list[tuple[int, dict[str, str]]]


def recognised(sheet: TableSheet, source: SourceFile) -> Callable[[str, str], Document] | None:
    """How to read a table that a survey program wrote; None where none did."""
    header = {cell.casefold().strip() for cell in sheet.rows[0].cells} if sheet.rows else set()
    if "survey" in {name.casefold() for name in _sheets(source)}:
        return lambda name, identity: _xlsform(name, identity, source)
    if {"field type", "field label"} <= header or {"field_type", "field_label"} <= header:
        return lambda name, identity: _redcap(name, identity, _records(sheet))
    if {"class", "type/scale", "text"} <= header:
        return lambda name, identity: _limesurvey(name, identity, _records(sheet))
    return None


def _sheets(source: SourceFile) -> Mapping[str, list[list[str]]]:
    return open_workbook(source) if "xl/workbook.xml" in source.members else {}


def _records(sheet: TableSheet) -> _Rows:
    header, *body = sheet.rows
    names = [" ".join(cell.casefold().split()) for cell in header.cells]
    return [(row.number, dict(zip(names, row.cells, strict=False))) for row in body]


# --- REDCap -------------------------------------------------------------------------------------

_REDCAP: Mapping[str, Way] = {
    "radio": "one", "dropdown": "one", "yesno": "one", "truefalse": "one", "checkbox": "several",
    "notes": "text", "text": "text",
}  # fmt: skip
_TWO = {
    "yesno": (ProgramAnswer("Ja", 1, "1"), ProgramAnswer("Nei", 0, "0")),
    "truefalse": (ProgramAnswer("Sant", 1, "1"), ProgramAnswer("Usant", 0, "0")),
}
_BRANCH = re.compile(r"\[(\w+)(?:\(\w+\))?\]\s*=\s*['\"]?([\w-]+)['\"]?")


def _redcap(name: str, identity: str, rows: _Rows) -> Document:
    found = ProgramForm(name, identity)
    section = ""
    for line, row in rows:
        short = {key.partition(" (")[0].partition(",")[0]: text for key, text in row.items()}
        field = short.get("variable / field name") or short.get("field_name", "")
        kind = (short.get("field type") or short.get("field_type", "")).casefold()
        label = plain(short.get("field label") or short.get("field_label", ""))
        section = plain(short.get("section header") or short.get("section_header", "")) or section
        if kind not in _REDCAP:
            found.leave(f"{field}: {kind or 'no type'}", line)
            continue
        choices = short.get("choices") or short.get("select_choices_or_calculations", "")
        answers = _TWO.get(kind) or tuple(_redcap_choices(choices))
        if kind == "text":
            answers = ()
        branch = short.get("branching logic") or short.get("branching_logic", "")
        when = _condition(_BRANCH, branch, found, field, line)
        form = short.get("form name") or short.get("form_name", "")
        found.asked.append(
            ProgramQuestion(
                field, label or field, _REDCAP[kind], answers, section or form, line, when
            )
        )
    return found.document(identity)


def _redcap_choices(text: str) -> Iterator[ProgramAnswer]:
    """`0, Never | 1, Often`."""
    for one in filter(None, (part.strip() for part in re.split(r"[|\n]", text))):
        code, _, label = one.partition(",")
        yield ProgramAnswer(plain(label) or code.strip(), whole(code), code.strip())


_OR = re.compile(r"\s+or\s+", re.IGNORECASE)


def _condition(
    pattern: re.Pattern[str], text: str, found: ProgramForm, field: str, line: int
) -> tuple[str, tuple[str, ...]] | None:
    """A condition on one earlier answer; others are told and left."""
    if not text.strip():
        return None
    parts = [
        part.strip().strip("()").strip()
        for part in re.split(r"\s+or\s+", text, flags=re.IGNORECASE)
    ]
    matched = [pattern.fullmatch(part) for part in parts]
    names = {one[1] for one in matched if one}
    if None in matched or len(names) != 1:
        found.leave(f"the condition of {field}: {text[:60]}", line)
        return None
    return next(iter(names)), tuple(one[2] for one in matched if one)


# --- XLSForm ------------------------------------------------------------------------------------

_RELEVANT = re.compile(r"\$\{(\w+)\}\s*=\s*['\"]?([\w-]+)['\"]?")


def _xlsform(name: str, identity: str, source: SourceFile) -> Document:
    sheets = {title.casefold(): title for title in _sheets(source)}
    rows = _records(tables.sheet(source, wanted=sheets["survey"]))
    lists: dict[str, list[ProgramAnswer]] = {}
    if "choices" in sheets:
        for _, row in _records(tables.sheet(source, wanted=sheets["choices"])):
            code = row.get("name", "") or row.get("value", "")
            key = row.get("list_name", "") or row.get("list name", "")
            label = plain(spoken(row, "label")) or code
            lists.setdefault(key, []).append(ProgramAnswer(label, whole(code), code))
    found = ProgramForm(name, identity)
    groups: list[str] = []
    for line, row in rows:
        kind, which = _xls_kind(row.get("type", ""))
        label = plain(spoken(row, "label"))
        field = row.get("name", "")
        if kind == "begin":
            groups.append(label or field)
        elif kind == "end":
            groups = groups[:-1]
        elif kind in {"one", "several", "text"}:
            when = _condition(_RELEVANT, row.get("relevant", ""), found, field, line)
            way: Way = "one" if kind == "one" else "several" if kind == "several" else "text"
            answers = tuple(lists.get(which, ())) if way != "text" else ()
            block = groups[-1] if groups else ""
            if "or_other" in row.get("type", "").split():
                found.leave(f"{field}: {_OTHER}", line)
            found.asked.append(
                ProgramQuestion(field, label or field, way, answers, block, line, when)
            )
        elif kind:
            found.leave(f"{field or label}: {row.get('type', '')}", line)
    return found.document(identity)


def _xls_kind(text: str) -> tuple[str, str]:
    words = text.replace("select one", "select_one").replace("select multiple", "select_multiple")
    first, _, rest = " ".join(words.split()).partition(" ")
    kinds = {"select_one": "one", "select_multiple": "several", "text": "text"}
    if first.startswith(("begin", "end")):
        return first[:5].removesuffix("_") if first.startswith("begin") else "end", rest
    return kinds.get(first, first), rest.split(" ")[0]


# --- LimeSurvey ---------------------------------------------------------------------------------

_LIME: Mapping[str, Way] = {
    "l": "one", "!": "one", "o": "one", "f": "one", "h": "one", "m": "several", "p": "several",
    "s": "text", "t": "text", "u": "text", "y": "one", "5": "one", "a": "one", "g": "one",
}  # fmt: skip
_LIME_FIXED: Mapping[str, tuple[ProgramAnswer, ...]] = {
    "y": (ProgramAnswer("Ja", 1, "Y"), ProgramAnswer("Nei", 0, "N")),
    "5": tuple(ProgramAnswer(str(n), n, str(n)) for n in range(1, 6)),
    "a": tuple(ProgramAnswer(str(n), n, str(n)) for n in range(1, 6)),
}


def _limesurvey(name: str, identity: str, rows: _Rows) -> Document:
    """The structure as tab-separated values: questions, and below each its parts and answers."""
    found = ProgramForm(name, identity)
    languages = [row.get("language", "") for _, row in rows if row.get("class") == "Q"]
    first = languages[0] if languages else ""
    rows = [(n, r) for n, r in rows if r.get("language", "") in {"", first}]
    group = ""
    for at, (_, row) in enumerate(rows):
        text = plain(row.get("text", ""))
        match row.get("class"):
            case "S" | "SL" if row.get("name") == "surveyls_title":
                found.title = text or identity
            case "G":
                group = row.get("name", "") or text
            case "Q":
                _lime_question(found, rows, at, group)
            case _:
                pass
    return found.document(identity)


def _lime_question(found: ProgramForm, rows: _Rows, at: int, group: str) -> None:
    line, row = rows[at]
    name, text = row.get("name", ""), plain(row.get("text", ""))
    kind = row.get("type/scale", "").casefold()
    if kind not in _LIME:
        found.leave(f"{name}: type {row.get('type/scale', '')}", line)
        return
    parts = list(_below(rows, at, "SQ"))
    answers = _LIME_FIXED.get(kind) or tuple(_lime_answers(rows, at))
    if _LIME[kind] == "several":
        answers = tuple(
            ProgramAnswer(plain(r.get("text", "")), None, r.get("name", "")) for _, r in parts
        )
        parts = []
    if row.get("other", "").strip().upper() == "Y":
        found.leave(f"{name}: {_OTHER}", line)
    if row.get("relevance", "1").strip() not in {"", "1"}:
        found.leave(f"the condition of {name}: {row['relevance'][:60]}", line)
    if not parts:
        found.asked.append(ProgramQuestion(name, text or name, _LIME[kind], answers, group, line))
        return
    found.asked.extend(
        ProgramQuestion(
            f"{name}_{part.get('name', '')}",
            plain(part.get("text", "")),
            _LIME[kind],
            answers,
            text or group,
            n,
        )
        for n, part in parts
    )


def _below(rows: _Rows, at: int, kind: str) -> Iterator[tuple[int, dict[str, str]]]:
    for line, row in rows[at + 1 :]:
        if row.get("class") in {"Q", "G"}:
            return
        if row.get("class") == kind:
            yield line, row


def _lime_answers(rows: _Rows, at: int) -> Iterator[ProgramAnswer]:
    for _, row in _below(rows, at, "A"):
        code = row.get("name", "")
        digits = re.fullmatch(r"[A-Za-z]{0,2}0*(-?\d+)", code)
        yield ProgramAnswer(plain(row.get("text", "")), int(digits[1]) if digits else None, code)


# --- SurveyJS -----------------------------------------------------------------------------------

_JS: Mapping[str, Way] = {
    "radiogroup": "one", "dropdown": "one", "rating": "one", "boolean": "one", "matrix": "one",
    "checkbox": "several", "tagbox": "several", "text": "text", "comment": "text",
}  # fmt: skip
_VISIBLE = re.compile(r"\{(\w+)\}\s*=\s*['\"]?([\w-]+)['\"]?")
_RATINGS = 5


_JSON = {
    "SurveyEntry": "a Qualtrics survey (.qsf), which is not read here",
    "elements": "a Nettskjema form, which is not read here",
}


def _is_nettskjema(content: Mapping[str, Any]) -> bool:
    elements = content.get("elements")
    return isinstance(elements, list) and any("elementType" in one for one in elements if one)


def surveyjs(name: str, identity: str, content: Any) -> Document:
    """A SurveyJS survey.

    Raises:
        BadFile: the JSON is none.
    """
    pages = content.get("pages") if isinstance(content, dict) else None
    if pages is None and isinstance(content, dict) and isinstance(content.get("elements"), list):
        pages = [content]
    if not isinstance(pages, list) or _is_nettskjema(content):
        what = next((said for key, said in _JSON.items() if key in content), "no questionnaire")
        raise BadFile(
            [
                Fault(
                    name,
                    f"This JSON is {what}.",
                    "a SurveyJS survey, with `pages` and `elements`",
                    "Export the survey's JSON, or write the instrument as YAML or CSV.",
                )
            ]
        )
    found = ProgramForm(name, _js_text(content.get("title")) or identity)
    for page in pages:
        if isinstance(page, dict):
            _js_elements(found, page, _js_text(page.get("title")))
    return found.document(identity)


def _js_elements(found: ProgramForm, owner: Mapping[str, Any], title: str) -> None:
    for one in owner.get("elements") or owner.get("questions") or ():
        if not isinstance(one, dict):
            continue
        kind, name = str(one.get("type", "text")), str(one.get("name", ""))
        text = _js_text(one.get("title")) or name
        if kind == "panel":
            _js_elements(found, one, text or title)
            continue
        if kind not in _JS:
            found.leave(f"{name}: {kind}", 1)
            continue
        when = _condition(_VISIBLE, str(one.get("visibleIf", "")), found, name, 1)
        answers = tuple(_js_answers(kind, one))
        if one.get("hasOther") or one.get("showOtherItem"):
            found.leave(f"{name}: {_OTHER}", 1)
        if kind == "matrix":
            found.asked.extend(
                ProgramQuestion(f"{name}_{n}", row.label, "one", answers, text, 1, when)
                for n, row in enumerate(_js_choices(one.get("rows")), 1)
            )
        else:
            found.asked.append(ProgramQuestion(name, text, _JS[kind], answers, title, 1, when))


def _js_answers(kind: str, one: Mapping[str, Any]) -> Iterator[ProgramAnswer]:
    match kind:
        case "matrix":
            yield from _js_choices(one.get("columns"))
        case "rating" if one.get("rateValues"):
            yield from _js_choices(one["rateValues"])
        case "rating":
            least, most = one.get("rateMin", 1), one.get("rateMax", _RATINGS)
            if isinstance(least, int) and isinstance(most, int) and 0 < most - least < 100:
                ends = {least: one.get("minRateDescription"), most: one.get("maxRateDescription")}
                for value in range(least, most + 1):
                    said = _js_text(ends.get(value))
                    yield ProgramAnswer(f"{value} {said}".strip(), value, str(value))
        case "boolean":
            yield ProgramAnswer(_js_text(one.get("labelTrue")) or "Ja", 1, "true")
            yield ProgramAnswer(_js_text(one.get("labelFalse")) or "Nei", 0, "false")
        case "text" | "comment":
            return
        case _:
            yield from _js_choices(one.get("choices"))


def _js_choices(values: Any) -> Iterator[ProgramAnswer]:
    for one in values if isinstance(values, list) else ():
        value = one.get("value") if isinstance(one, dict) else one
        label = _js_text(one.get("text")) if isinstance(one, dict) else ""
        yield ProgramAnswer(label or str(value), whole(value), str(value))


def _js_text(value: Any) -> str:
    """A text, or that of the first language that has one."""
    if isinstance(value, dict):
        value = value.get("default") or value.get("nb") or next(iter(value.values()), "")
    return plain(str(value)) if value is not None else ""
