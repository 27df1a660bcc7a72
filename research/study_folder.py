"""A Q-study of HTMLQ, FlashQ or EQ Web Sort as a study file of ours.

Their studies are folders of XML: `statements.xml`, `map.xml` (the grid), `config.xml`
(settings, and the questions after the sort) and `language.xml` (what the page says). What
they do not have, such as the information that participants accept, is left to be written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as ET

from dialogs.faults import Fault
from dialogs.studies.items_file import MAX_OPTIONS, MAX_STEPS
from dialogs.studies.study_file import MAX_LABEL, MAX_QUESTIONS, MAX_WRITTEN
from dialogs.toml.reader import (
    MAX_INFORMATION,
    MAX_INSTRUCTION,
    MAX_PURPOSE,
    MAX_QUESTION,
    MAX_TITLE,
)
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from research.formats.statements import NUMBERED, tag, xml
from research.instruments.csv_file import slug
from research.instruments.toml_text import (
    Value,
    comment,
    pairs,
    paragraph,
    quoted,
    shortened,
    table,
)

PLACES = (".", "settings", "public/settings", "src/settings")
STATEMENTS, MAP, CONFIG, LANGUAGE = "statements.xml", "map.xml", "config.xml", "language.xml"
UNFINISHED = "NOT FINISHED"
KEPT = timedelta(days=730)
_MARKUP = re.compile(r"\{{1,3}/?\s*[A-Za-z][^{}]*\}{1,3}|</?[A-Za-z][^<>]*>")
_BREAK = re.compile(r"(?:\{{1,3}|<)\s*/?(?:br|p|h\d|li)\b[^{}<>]*(?:\}{1,3}|>)", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp)\b|<img|\{img", re.IGNORECASE)
_WHO = re.compile(r"e-?mail|e-?post\b|telefon|\bphone|mobiel|mobil(?:e|nummer)", re.IGNORECASE)
"""Questions that ask who answers."""
_PLAIN = frozenset(
    {"agree", "agreement", "disagree", "disagreement", "neutral", "enig", "uenig", "einig",
     "ueinig", "nøytral", ""}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """The study file, and what was found and what was not taken over."""

    id: str
    text: str
    found: str
    left: tuple[str, ...]


@dataclass(slots=True)
class _Settings:
    """The items of `config.xml` or `language.xml`, by id."""

    items: Mapping[str, str] = field(default_factory=dict)

    def said(self, *names: str) -> str:
        """The first of these texts that is there, without markup."""
        return next((text for name in names if (text := plain(self.items.get(name, "")))), "")

    def is_on(self, name: str, *, default: bool) -> bool:
        value = self.items.get(name, "").strip().lower()
        return value == "true" if value in {"true", "false"} else default


def plain(text: str) -> str:
    """A text without its markup: braces or tags; breaks are spaces."""
    return " ".join(_MARKUP.sub("", _BREAK.sub(" ", text)).split())


def read(folder: Path, language: str, today: date) -> Imported:
    """The study in a folder, its texts in `language`.

    Raises:
        BadFile: there is no study, or a file of it cannot be read.
    """
    return _Study(_place(folder), folder, language, today).imported()


def _place(folder: Path) -> Path:
    """Where in the folder the study is.

    Raises:
        BadFile: nowhere, or in several places.
    """
    usual = [folder / p for p in PLACES if (folder / p / STATEMENTS).is_file()]
    found = usual[:1] or sorted(one.parent for one in folder.glob(f"*/*/{STATEMENTS}"))
    whole = [one for one in found if (one / MAP).is_file()]
    if len(whole) == 1:
        return whole[0]
    names = ", ".join(one.relative_to(folder).as_posix() for one in found)
    what = (
        f"There are several studies: {names}."
        if len(whole) > 1
        else f"There is no {MAP} beside {STATEMENTS} in {names}."
        if found
        else f"There is no {STATEMENTS} with a {MAP} beside it."
    )
    expected = "the folder of an HTMLQ or EQ Web Sort study, or its settings folder"
    raise BadFile([Fault(folder.name, what, expected, "Name the folder that holds both.")])


class _Study:
    def __init__(self, place: Path, folder: Path, language: str, today: date) -> None:
        self._place = place
        self._language = language
        self._today = today
        self._left: list[str] = []
        root = self._root(CONFIG)
        self._config = _Settings(_items(root))
        self._words = _Settings(_items(self._root(LANGUAGE)))
        self._form = root
        title = self._config.said("studyTitle") or self._words.said("landingHead") or folder.name
        self._title = shortened(title, MAX_TITLE)

    def _root(self, name: str) -> ET.Element:
        path = self._place / name
        return xml(SourceFile.of(path)) if path.is_file() else ET.Element("none")

    def imported(self) -> Imported:
        statements = self._statements()
        cells = self._cells()
        identity = slug(self._title)[:40].strip("-") or "study"
        lines = [
            *comment(
                [
                    f"Made of {MAP}, {STATEMENTS}, {CONFIG} and {LANGUAGE}.",
                    f"Write what is {UNFINISHED}, choose the dates, and ask kollegial study check.",
                ]
            ),
            *self._top(identity),
            *(["forced = false"] if self._is_free or sum(cells.values()) > len(statements) else []),
            *self._grid(cells, len(statements)),
            *self._labels(),
            *self._information(),
            *(line for one in statements for line in table("[[statements]]", one)),
            *self._questions(),
        ]
        if not self._is_free and sum(cells.values()) > len(statements):
            self._left.append(
                f"a grid of {sum(cells.values())} cells for {len(statements)} statements: sorting "
                "is free here, unless you correct [grid] and take forced = false away"
            )
        if self._config.is_on("shuffleCards", default=False):
            self._left.append("shuffled statements: here all read them in the same order")
        if self._config.said("loginrequired", "initialScreen") not in {"false", "anonymous", ""}:
            self._left.append("logging in and access codes: nobody logs in here")
        reach = f"{min(cells)} to {max(cells)}" if cells else "no grid"
        found = f"{len(statements)} statements, a grid from {reach}"
        return Imported(identity, "\n".join(lines) + "\n", found, tuple(self._left))

    def _top(self, identity: str) -> Iterator[str]:
        asks_why = self._config.is_on("showStep4", default=True) and self._config.is_on(
            "showPostsort", default=True
        )
        yield from pairs({"id": identity, "languages": [self._language], "minutes": 30})
        yield f"retention = {self._today + KEPT}"
        if not asks_why:
            yield "reasons = 0"
        yield from pairs({"title": self._title})
        intro = self._words.said("introText", "welcomeText") or "what it is about, and for whom"
        yield f"purpose = {quoted(shortened(f'{UNFINISHED}: {intro}', MAX_PURPOSE))}"
        condition = self._words.said("condOfInst", "step2CondOfInstruc")
        if not condition:
            hint = self._words.said("step2Text", "sortHelpModalText")
            condition = f"{UNFINISHED}: on what ground should they sort? {hint}"
        yield f"instruction = {quoted(shortened(condition, MAX_INSTRUCTION))}"

    @property
    def _is_free(self) -> bool:
        return self._config.is_on("allowUnforcedSorts", default=False)

    def _statements(self) -> list[dict[str, Value]]:
        found: list[dict[str, Value]] = []
        ids: set[str] = set()
        for n, one in enumerate(self._each(STATEMENTS, "statement"), 1):
            raw = "".join(one.itertext())
            if _PICTURE.search(raw + ET.tostring(one, "unicode")):
                self._left.append(f"the picture of statement {n}: write what it shows")
            given = re.sub(r"[^A-Za-z0-9_-]", "", one.get("id", ""))[:19]
            name = f"s{given}" if given.isdigit() else given
            if name.lower() in ids:
                self._left.append(f"the id of statement {n}, which another has: it is called n{n}")
            name = name if name and name.lower() not in ids else f"n{n}"
            ids.add(name.lower())
            found.append({"id": name, "text": plain(raw)})
        if self._config.is_on("useImages", default=False):
            self._left.append("the pictures of statements: write what they show")
        numbered = [NUMBERED.fullmatch(str(one["text"])) for one in found]
        if all(each and int(each[1]) == n for n, each in enumerate(numbered, 1)):
            texts = [each[2] for each in numbered if each]
            found = [{**one, "text": text} for one, text in zip(found, texts, strict=True)]
        return found

    def _each(self, file: str, name: str) -> Iterator[ET.Element]:
        return (one for one in self._root(file).iter() if tag(one) == name)

    def _cells(self) -> dict[int, int]:
        """The grid in columns, or in two lines of numbers; where it is in both they agree."""
        columns = [(c.get("id", ""), "".join(c.itertext())) for c in self._each(MAP, "column")]
        items = _items(self._root(MAP))
        heads, counts = (
            items[name].split(",") if items.get(name) else []
            for name in ("qSortHeaderNumbers", "qSortPattern")
        )
        if len(heads) != len(counts) and heads and counts:
            raise _bad_map(
                f"There are {len(heads)} numbers of columns and {len(counts)} counts of cells.",
                "as many of both",
                "Correct qSortHeaderNumbers or qSortPattern.",
            )
        listed = _numbered(zip(heads, counts, strict=False))
        cells = _numbered(columns) or listed
        if listed and cells != listed:
            raise _bad_map(
                "The columns say another grid than qSortHeaderNumbers and qSortPattern.",
                "one grid",
                "Correct the one that is not shown to participants.",
            )
        if empty := [value for value, count in cells.items() if not count]:
            self._left.append(f"columns without cells: {', '.join(map(str, empty))}")
        return {value: count for value, count in cells.items() if count}

    def _grid(self, cells: Mapping[int, int], statements: int) -> Iterator[str]:
        yield from ("", "[grid]")
        for value, count in sorted(cells.items()):
            yield f"{value} = {statements if self._is_free else count}"

    def _labels(self) -> Iterator[str]:
        most = self._words.said("sortAgreement", "btnAgreement", "presortAgreement")
        least = self._words.said("sortDisagreement", "btnDisagreement", "presortDisagreement")
        middle = self._words.said("btnNeutral", "presortNeutral")
        if most.casefold() in _PLAIN or least.casefold() in _PLAIN:
            return
        labels = {"most": most, "least": least, "middle": middle}
        yield from table("[labels]", {k: shortened(v, MAX_LABEL) for k, v in labels.items()})

    def _information(self) -> Iterator[str]:
        yield from table("[information]", {"version": "1"})
        what = "what the study is for, who is responsible, that it is voluntary ..."
        told = self._words.said("welcomeText", "introText", "consentText")
        yield f"text = {paragraph(shortened(f'{UNFINISHED}: {what} {told}', MAX_INFORMATION))}"

    # What is asked after the sort

    def _questions(self) -> Iterator[str]:
        asked = list(self._asked())
        written = 0
        kept: list[dict[str, Value]] = []
        for one in asked:
            written += "choices" not in one and "scale" not in one
            if len(kept) == MAX_QUESTIONS or ("choices" not in one and written > MAX_WRITTEN):
                self._left.append(f"a question too many: {one['text']}")
            else:
                kept.append(one)
        for n, one in enumerate(kept, 1):
            choices = one.pop("choices", ())
            yield from table("[[questions]]", {"id": f"q{n}", **one})
            assert isinstance(choices, list | tuple)  # noqa: S101 - so it was put there
            for place, text in enumerate(choices, 1):
                choice: dict[str, Value] = {"id": f"c{place}", "text": text}
                yield from table("[[questions.choices]]", choice)

    def _asked(self) -> Iterator[dict[str, Value]]:
        required = False
        for form in (i for i in self._form.iter() if i.get("id") in {"form", "survey"}):
            for label, note, each in _fields(form):
                required |= each.get("required") == "true"
                yield from self._field(label, note, each)
        if required:
            self._left.append("required answers: whatever is asked here is voluntary")

    def _field(self, label: str, note: str, each: ET.Element) -> Iterator[dict[str, Value]]:
        kind = each.get("type", "text").lower()
        inside = _parts("".join(each.itertext()))
        text = shortened(f"{label} ({note})" if note and label else label or note, MAX_QUESTION)
        if _WHO.search(text) and kind in {"text", "textarea"}:
            self._left.append(f"a question about who answers, whom nobody knows here: {text}")
        elif kind.startswith(("rating", "likert")):
            steps = _parts(each.get("scale", "")) or [
                str(n) for n in range(1, int(re.sub(r"\D", "", kind) or 5) + 1)
            ]
            for one in inside or [text]:
                yield {"text": shortened(one, MAX_QUESTION), "scale": steps[:MAX_STEPS]}
        elif kind in {"radio", "select", "checkbox", "dropdown"} and len(inside) > 1:
            several = "several" if kind == "checkbox" else ""
            yield {"text": text, "answer": several, "choices": inside[:MAX_OPTIONS]}
        elif kind in {"text", "textarea"} and text:
            yield {"text": text}
        elif kind != "information":
            self._left.append(f"a question of the kind {kind}: {text}")


def _items(root: ET.Element) -> dict[str, str]:
    return {one.get("id", ""): "".join(one.itertext()) for one in root.iter() if tag(one) == "item"}


def _fields(form: ET.Element) -> Iterator[tuple[str, str, ET.Element]]:
    """Each input with its label and note: before it in HTMLQ, after it in EQ Web Sort."""
    if form.get("id") == "survey":
        words = {tag(one): plain("".join(one.itertext())) for one in form}
        for each in islice((one for one in form if tag(one) == "input"), 1):
            yield words.get("label", "").rstrip("* "), words.get("note", ""), each
        return
    label = note = ""
    for one in form:
        match tag(one):
            case "label":
                label, note = plain("".join(one.itertext())).rstrip("* "), ""
            case "note":
                note = plain("".join(one.itertext()))
            case "input":
                yield label, note, one
                note = ""


def _parts(text: str) -> list[str]:
    """What stands between semicolons: one in HTMLQ, three in EQ Web Sort."""
    return [part for each in re.split(r";;;|;", text) if (part := plain(each))]


def _numbered(columns: Iterable[tuple[str, str]]) -> dict[int, int]:
    cells = {}
    for head, count in columns:
        value = head.strip().replace("\u2212", "-")
        if not re.fullmatch(r"[+-]?\d{1,2}", value) or not count.strip().isdigit():
            raise _bad_map(
                f"The column {head.strip()!r} of {count.strip()!r} is no number.",
                "a whole number as its id, and how many cells it has",
                "Number the columns, such as -4 to 4.",
            )
        cells[int(value)] = int(count)
    return cells


def _bad_map(found: str, expected: str, remedy: str) -> BadFile:
    return BadFile([Fault(MAP, found, expected, remedy)])
