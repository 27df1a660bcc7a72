"""A study as a file: TOML, with the statements inside or in a file beside it.

`read` takes the bytes and gives a `Study`, or every fault at once with its
line and a remedy. It opens nothing: the caller hands over what lies beside.
`dump` and `load` are for storing a definition, as canonical JSON.

docs/study-file.md describes the format for researchers.
"""

import csv
import difflib
import io
import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from dialogs.study import (
    LANGUAGES,
    MAX_STATEMENTS,
    MAX_VALUE,
    MIN_STATEMENTS,
    Choice,
    Grid,
    Information,
    Language,
    Question,
    Statement,
    Study,
    Texts,
)
from dialogs.toml_lines import Path, lines_of

MAX_BYTES = 512_000
"""A file larger than this is no study."""

# Lengths in UTF-16 code units, as Teams counts: a message holds 80 KB of them.
MAX_TITLE = 100
MAX_PURPOSE = 600
MAX_INFORMATION = 4000
MAX_INSTRUCTION = 1000
MAX_STATEMENT = 400
MAX_HELP = 600
MAX_QUESTION = 400
MAX_CHOICE = 100
MAX_ALL_STATEMENTS = 14_000
"""All statements in one language together: a whole pile is listed on one card."""
MAX_QUESTIONS = 10
MAX_CHOICES = 10
MAX_MINUTES = 240
MIN_INVITED = 10
"""Fewer could be told apart by what they write."""
MAX_INVITED = 10_000

Beside: TypeAlias = Callable[[str], bytes | None]
"""The bytes of the file with this name in the study's folder; None where there is none."""

_Place: TypeAlias = tuple[str, int]
_Table: TypeAlias = Mapping[str, Any]

_studies = TypeAdapter(Study)
_STUDY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_ITEM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_VALUE = re.compile(r"[+-]?[0-9]{1,3}")
_FILE_NAME = re.compile(r"[^/\\:\x00-\x1f\x7f]{1,200}\.(csv|sta)", re.IGNORECASE)
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make text read otherwise than it is stored."""
_KEYS = (
    "id",
    "title",
    "purpose",
    "languages",
    "minutes",
    "retention",
    "closes",
    "minimum_invited",
    "information",
    "instruction",
    "grid",
    "statements",
    "questions",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a study file: where, what, and what to do about it."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.remedy}"


def read(name: str, data: bytes, beside: Beside, today: date) -> Study | list[Fault]:
    """The study in a file called `name`, or all its faults in the order of the lines.

    `today` is the day that its dates must not have passed.
    """
    source = _decode(name, data)
    if isinstance(source, Fault):
        return [source]
    document = _parse(name, source)
    if isinstance(document, Fault):
        return [document]
    reader = _Reader(document, name, lines_of(source), beside, today)
    study = reader.study()
    return sorted(reader.faults, key=lambda fault: (fault.file != name, fault.line)) or study


def dump(study: Study) -> str:
    """The study as canonical JSON: equal studies give the same text."""
    document = _studies.dump_python(study, mode="json")
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Study:
    """The study that `dump` wrote. Raises ValueError where the text is none."""
    study = _studies.validate_json(text)
    return replace(study, grid=Grid(dict(sorted(study.grid.cells.items()))))


def _decode(file: str, data: bytes) -> str | Fault:
    if len(data) > MAX_BYTES:
        return Fault(
            file,
            1,
            f"The file is larger than {MAX_BYTES // 1000} kB.",
            "Check that it is the right file.",
        )
    try:
        return data.decode("utf-8-sig")  # Excel writes a byte order mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Fault(file, line, "The file is not UTF-8.", "Save it again with encoding UTF-8.")


def _parse(file: str, source: str) -> dict[str, Any] | Fault:
    try:
        return tomllib.loads(source)
    except RecursionError:
        return Fault(file, 1, "Brackets are nested too deep.", "Remove the needless ones.")
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rpartition(" (at ")
        found = re.match(r"line (\d+)", where)
        lines = source.rstrip().split("\n")
        line = int(found[1]) if found else len(lines)  # else "at end of document"
        remedy = (
            "Write positive values without the plus sign."
            if lines[min(line, len(lines)) - 1].lstrip().startswith("+")
            else "Look at the quotes, brackets and equals signs here and on the line above."
        )
        return Fault(file, line, f"This is not TOML: {what}.", remedy)
    except ValueError:  # Python converts no number of more than 4300 digits
        before, _, _ = re.split(r"([0-9_]{4300})", source, maxsplit=1)
        return Fault(file, before.count("\n") + 1, "A number is far too long.", "Shorten it.")


class _Reader:
    """Takes a study out of a parsed file, noting what is wrong as it goes.

    What is wrong is replaced by something harmless, so that the rest can
    still be checked; the study counts only where there are no faults.
    """

    def __init__(
        self,
        document: _Table,
        file: str,
        lines: Mapping[Path, int],
        beside: Beside,
        today: date,
    ) -> None:
        self.faults: list[Fault] = []
        self._document = document
        self._places: dict[Path, _Place] = {path: (file, line) for path, line in lines.items()}
        self._beside = beside
        self._today = today
        self._languages: tuple[Language, ...] = ()

    def study(self) -> Study:
        document = self._document
        self._known(document, (), _KEYS)
        self._languages = self._read_languages()
        closes, retention = self._dates()
        grid = self._grid()
        statements = self._statements()
        if statements and grid.cells and grid.size != len(statements):
            self._fault(
                ("grid",),
                f"The grid has {grid.size} cells and there are {len(statements)} statements.",
                "Make the two numbers equal.",
            )
        return Study(
            id=self._id(document, (), "study", _STUDY_ID),
            title=self._texts(document.get("title"), ("title",), "title", MAX_TITLE),
            languages=self._languages,
            purpose=self._texts(document.get("purpose"), ("purpose",), "purpose", MAX_PURPOSE),
            minutes=self._number("minutes", None, 1, MAX_MINUTES),
            information=self._information(),
            instruction=self._texts(
                document.get("instruction"), ("instruction",), "instruction", MAX_INSTRUCTION
            ),
            grid=grid,
            statements=tuple(statements),
            retention=retention,
            closes=closes,
            questions=tuple(self._questions()),
            minimum_invited=self._number("minimum_invited", MIN_INVITED, MIN_INVITED, MAX_INVITED),
        )

    def _fault(self, path: Path, what: str, remedy: str) -> None:
        while path not in self._places:  # the nearest that has a line of its own
            path = path[:-1]
        self.faults.append(Fault(*self._places[path], what, remedy))

    def _known(self, table: _Table, path: Path, known: Collection[str]) -> None:
        for key in table:
            if key not in known:
                self._fault((*path, key), f"Unknown key {_quote(key)}.", _did_you_mean(key, known))

    def _read_languages(self) -> tuple[Language, ...]:
        value = self._document.get("languages")
        remedy = 'Write for instance languages = ["nb", "en"]; nb, nn and en are possible.'
        if not isinstance(value, list) or not value:
            self._fault(("languages",), "`languages` must be a list of languages.", remedy)
            return ()
        for index, one in enumerate(value):
            if one not in LANGUAGES:
                self._fault(("languages", index), f"{_quote(one)} is no language here.", remedy)
            elif one in value[:index]:
                self._fault(("languages", index), f"{_quote(one)} is listed twice.", "Remove one.")
        return tuple(dict.fromkeys(one for one in value if one in LANGUAGES))

    def _dates(self) -> tuple[date | None, date]:
        closes = self._date("closes")
        retention = self._date("retention")
        if "retention" not in self._document:
            self._fault((), "`retention` is missing.", "Write for instance retention = 2030-12-31.")
        if closes and closes < self._today:
            self._fault(("closes",), f"`closes` is in the past: {closes}.", "Choose a later day.")
        if retention and retention <= self._today:
            self._fault(
                ("retention",),
                f"`retention` is not in the future: {retention}.",
                "Answers are destroyed on that day: choose a later one.",
            )
        elif closes and retention and retention <= closes:
            self._fault(
                ("retention",),
                f"`retention` ({retention}) is not after `closes` ({closes}).",
                "Answers are destroyed on that day: choose a later one.",
            )
        return closes, retention or self._today

    def _date(self, name: str) -> date | None:
        value = self._document.get(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self._fault(
                (name,),
                f"`{name}` must be a date.",
                f"Write for instance {name} = 2030-12-31, without quotes and without a time.",
            )
        return None

    def _number(self, name: str, default: int | None, least: int, most: int) -> int:
        value = self._document.get(name, default)
        if type(value) is int and least <= value <= most:
            return value
        self._fault(
            (name,),
            f"`{name}` must be a whole number from {least} to {most}.",
            f"Write for instance {name} = {max(least, 30)}.",
        )
        return least

    def _id(self, table: _Table, path: Path, owner: str, pattern: re.Pattern[str]) -> str:
        value = table.get("id")
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        letters = "small letters" if pattern is _STUDY_ID else "letters"
        length = 40 if pattern is _STUDY_ID else 20
        self._fault(
            (*path, "id"),
            f"The {owner} needs an id of {letters} a-z, digits, - and _, at most {length} in all.",
            'Write for instance id = "s1", in quotes.',
        )
        return ""

    def _information(self) -> Information:
        path = ("information",)
        table = self._table(self._document.get("information"), path)
        if table is None:
            return Information("", {})
        version = table.get("version")
        if not isinstance(version, str) or not _VERSION.fullmatch(version):
            self._fault(
                (*path, "version"),
                "The information needs a version of letters, digits, dots, - and _.",
                'Write for instance version = "1", in quotes.',
            )
        return Information(
            str(version),
            self._spoken(table, path, "information", MAX_INFORMATION, ("version",)),
        )

    def _grid(self) -> Grid:
        path = ("grid",)
        found = len(self.faults)
        table = self._table(self._document.get("grid"), path)
        cells: dict[int, int] = {}
        for key, count in (table or {}).items():
            at = (*path, key)
            value = int(key) if _VALUE.fullmatch(key) else None
            if value is None or abs(value) > MAX_VALUE:
                self._fault(
                    at,
                    f"{_quote(key)} is no value of the grid.",
                    f"Values go from -{MAX_VALUE} to {MAX_VALUE}.",
                )
            elif value in cells:
                self._fault(at, f"The value {value} is given twice.", "Remove one.")
            elif type(count) is not int or not 1 <= count <= MAX_STATEMENTS:
                self._fault(
                    at,
                    f"Column {value} must hold 1 to {MAX_STATEMENTS} cells.",
                    f"Write for instance {value} = 2, or remove the line.",
                )
            else:
                cells[value] = count
        if len(self.faults) == found:
            self._check_shape(cells)
        if len(self.faults) > found:  # then its size says nothing either
            return Grid({})
        return Grid(dict(sorted(cells.items())))

    def _check_shape(self, cells: Mapping[int, int]) -> None:
        if len(cells) < 3:
            self._fault(
                ("grid",),
                "The grid is empty or has fewer than three columns.",
                "Write the number of cells for every value, for instance -1 = 1, 0 = 2, 1 = 1.",
            )
            return
        reach = max(map(abs, cells))
        for value in range(-reach, reach + 1):
            if value not in cells:
                self._fault(
                    ("grid",),
                    f"The grid has no column {value}.",
                    f"Columns go from -{reach} to {reach} without a gap: add {value}.",
                )
            elif value > 0 and cells.get(-value, cells[value]) != cells[value]:
                self._fault(
                    ("grid", str(value)),
                    f"Column {value} holds {cells[value]} and column -{value} {cells[-value]}.",
                    "Give both the same number of cells.",
                )

    def _statements(self) -> list[Statement]:
        value = self._document.get("statements")
        if isinstance(value, str):
            value = self._file(value)
            if value is None:
                return []
        items = self._items(value, ("statements",), "statement")
        statements = []
        for at, table in items:
            owner = _owner("statement", table, at)
            text = self._spoken(table, at, owner, MAX_STATEMENT, ("id", "help"))
            aid = (
                self._texts(table["help"], (*at, "help"), f"help of {owner}", MAX_HELP)
                if "help" in table
                else {}
            )
            identity = self._id(table, at, owner, _ITEM_ID)
            statements.append(Statement(identity, text, aid))
        places = [at for at, _ in items]
        self._distinct([one.id for one in statements], places, "id")
        for language in self._languages:
            texts = [one.text.get(language, "") for one in statements]
            self._distinct([_normal(text) or text for text in texts], places, f"text in {language}")
            if (total := sum(map(_length, texts))) > MAX_ALL_STATEMENTS:
                self._fault(
                    ("statements",),
                    f"The statements in {language} are {total} characters together.",
                    f"A Teams card has room for {MAX_ALL_STATEMENTS}: shorten them.",
                )
        if items and not MIN_STATEMENTS <= len(items) <= MAX_STATEMENTS:
            self._fault(
                ("statements",),
                f"There are {len(items)} statements.",
                f"A study has {MIN_STATEMENTS} to {MAX_STATEMENTS}.",
            )
        return statements

    def _questions(self) -> list[Question]:
        if "questions" not in self._document:
            return []
        items = self._items(self._document["questions"], ("questions",), "question")
        if len(items) > MAX_QUESTIONS:
            self._fault(
                ("questions",),
                f"There are {len(items)} questions.",
                f"A card has room for {MAX_QUESTIONS}: remove some.",
            )
        questions = []
        for at, table in items:
            owner = _owner("question", table, at)
            text = self._spoken(table, at, owner, MAX_QUESTION, ("id", "choices"))
            identity = self._id(table, at, owner, _ITEM_ID)
            choices = self._choices(table, at, owner)
            questions.append(Question(identity, text, tuple(choices)))
        self._distinct([one.id for one in questions], [at for at, _ in items], "id")
        return questions

    def _choices(self, question: _Table, path: Path, owner: str) -> list[Choice]:
        if "choices" not in question:
            return []
        items = self._items(question["choices"], (*path, "choices"), "choice")
        if items and not 2 <= len(items) <= MAX_CHOICES:
            self._fault(
                (*path, "choices"),
                f"The {owner} has {len(items)} choices.",
                f"Give 2 to {MAX_CHOICES}, or none for free text.",
            )
        choices = []
        for at, table in items:
            label = f"{_owner('choice', table, at)} of {owner}"
            text = self._spoken(table, at, label, MAX_CHOICE, ("id",))
            choices.append(Choice(self._id(table, at, label, _ITEM_ID), text))
        self._distinct([one.id for one in choices], [at for at, _ in items], "id")
        return choices

    def _distinct(self, values: Sequence[str], places: Sequence[Path], what: str) -> None:
        first: dict[str, Path] = {}
        for value, at in zip(values, places, strict=True):
            if value and (other := first.setdefault(value.casefold(), at)) != at:
                self._fault(
                    at,
                    f"This has the same {what} as the one on line {self._places[other][1]}.",
                    "Change or remove one.",
                )

    def _table(self, value: object, path: Path) -> _Table | None:
        if isinstance(value, dict):
            return value
        self._fault(
            path,
            f"`{path[-1]}` " + ("is missing." if value is None else "must be a table."),
            f"Begin it with [{path[-1]}] on a line of its own.",
        )
        return None

    def _items(self, value: object, path: Path, owner: str) -> list[tuple[Path, _Table]]:
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            return [((*path, index), one) for index, one in enumerate(value)]
        header = ".".join(str(part) for part in path if isinstance(part, str))
        what = "is missing" if value is None else "must be a list of tables"
        self._fault(path, f"`{header}` {what}.", f"Begin every {owner} with [[{header}]].")
        return []

    def _spoken(
        self, table: _Table, path: Path, owner: str, limit: int, others: Sequence[str]
    ) -> Texts:
        """The texts that stand among the `others` of a table, one key for each language."""
        alone = ("text",) if len(self._languages) == 1 else ()
        if alone and "text" in table:
            self._known(table, path, (*others, "text"))
            return self._texts(table["text"], (*path, "text"), owner, limit)
        self._known(table, path, (*others, *alone, *LANGUAGES))
        texts = {key: value for key, value in table.items() if key in LANGUAGES}
        return self._texts(texts, path, owner, limit)

    def _texts(self, value: object, path: Path, owner: str, limit: int) -> Texts:
        if isinstance(value, str) and len(self._languages) == 1:
            value = {self._languages[0]: value}
        if not isinstance(value, dict):
            self._fault(
                path,
                f"The {owner} is missing." if value is None else f"The {owner} must be texts.",
                'Write a text for each language, for instance nb = "...".',
            )
            return {}
        self._known(value, path, LANGUAGES)
        texts: dict[Language, str] = {}
        for language in LANGUAGES:
            at = (*path, language)
            if language not in value:
                if language in self._languages:
                    self._fault(
                        at, f"The {owner} has no text in {language}.", f'Add {language} = "...".'
                    )
            elif self._languages and language not in self._languages:
                self._fault(
                    at,
                    f"The {owner} has a text in {language}, which `languages` does not list.",
                    f'Add "{language}" to `languages`, or remove the text.',
                )
            else:
                texts[language] = self._text(value[language], at, f"{owner} in {language}", limit)
        return texts

    def _text(self, value: object, path: Path, owner: str, limit: int) -> str:
        if not isinstance(value, str):
            self._fault(path, f"The {owner} must be text.", "Put it in quotes.")
            return ""
        text = _unwrap(value)
        if strange := next((one for one in text if _is_control(one)), None):
            self._fault(
                path,
                f"The {owner} holds the invisible character U+{ord(strange):04X}.",
                "Remove it, or write the text anew.",
            )
        elif all(unicodedata.category(one)[0] in "ZC" for one in text):
            self._fault(path, f"The {owner} is empty.", "Write it.")
        elif _length(text) > limit:
            self._fault(
                path,
                f"The {owner} is {_length(text)} characters long.",
                f"A card has room for {limit}: shorten it.",
            )
        return text

    def _file(self, name: str) -> list[dict[str, Any]] | None:
        """The statements of the file beside, as if they had stood in `[[statements]]`."""
        at = ("statements",)
        if not _FILE_NAME.fullmatch(name):
            self._fault(
                at,
                f"{_quote(name)} is no name of a statement file.",
                "Give the name of a .csv or .STA file in the folder of the study file.",
            )
            return None
        if not self._languages:  # what the columns must be is unknown
            return None
        data = self._beside(name)
        if data is None:
            self._fault(
                at,
                f"There is no file {_quote(name)} here.",
                "Put it in the folder of the study file.",
            )
            return None
        text = _decode(name, data)
        if isinstance(text, Fault):
            self.faults.append(text)
            return None
        return self._csv(name, text) if name.lower().endswith(".csv") else self._sta(name, text)

    def _sta(self, file: str, text: str) -> list[dict[str, Any]] | None:
        """PQMethod's statement file: one statement on each line, numbered or not."""
        if len(self._languages) != 1:
            self._fault(
                ("statements",),
                "A .STA file holds one language.",
                "Use a .csv file with a column for each language.",
            )
            return None
        lines = [line.strip() for line in text.rstrip().splitlines()]
        numbers = [re.match(rf"{number}[.)]\s+", line) for number, line in enumerate(lines, 1)]
        if all(numbers):
            lines = [re.sub(r"^\d+[.)]\s+", "", line) for line in lines]
        for index in range(len(lines)):
            self._places["statements", index] = (file, index + 1)
        return [{"id": f"s{number}", "text": line} for number, line in enumerate(lines, 1)]

    def _csv(self, file: str, text: str) -> list[dict[str, Any]] | None:
        header, _, _ = text.partition("\n")
        # Excel writes semicolons where the decimal sign is a comma, as in Norway.
        delimiter = ";" if ";" in header and "," not in header else ","
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        records: list[tuple[int, list[str]]] = []
        line = 1
        try:
            for row in rows:
                records.append((line, row))
                line = rows.line_num + 1
        except csv.Error as error:
            self.faults.append(
                Fault(file, line, f"This is not CSV: {error}.", "Look at the quotes from here on.")
            )
            return None
        columns = self._columns(
            file, [name.strip().lower() for name in (records or [(1, [])])[0][1]]
        )
        if columns is None:
            return None
        statements: list[dict[str, Any]] = []
        for line, row in records[1:]:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(columns):
                self.faults.append(
                    Fault(
                        file,
                        line,
                        f"This row has {len(row)} fields and the header {len(columns)}.",
                        f'Put texts that contain "{delimiter}" in double quotes.',
                    )
                )
            statement: dict[str, Any] = {"id": ""}
            for name, cell in zip(columns, row, strict=False):
                if not name.startswith("help_"):
                    statement[name] = cell.strip()
                elif cell.strip():
                    statement.setdefault("help", {})[name.removeprefix("help_")] = cell
            self._places["statements", len(statements)] = (file, line)
            statements.append(statement)
        return statements

    def _columns(self, file: str, header: Sequence[str]) -> list[str] | None:
        """The header with `text` and `help` called by their language; None where it is wrong."""
        only, *others = self._languages
        alias = {} if others else {"text": only, "help": f"help_{only}"}
        columns = [alias.get(name, name) for name in header]
        required = ("id", *self._languages)
        known = (*required, *(f"help_{language}" for language in self._languages))
        needed = f"The header needs {', '.join(required)}."
        faults = [
            *(
                Fault(file, 1, f"The column {_quote(name)} is unknown.", _did_you_mean(name, known))
                for name in columns
                if name not in known
            ),
            *(
                Fault(file, 1, f"There is no column {name}.", needed)
                for name in required
                if name not in columns
            ),
            *(
                Fault(file, 1, f"There are two columns {name}.", "Remove one.")
                for name in known
                if columns.count(name) > 1
            ),
        ]
        self.faults += faults
        return None if faults else columns


def _unwrap(text: str) -> str:
    """Paragraphs as they are meant: lines within one joined, list items kept apart."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip())
    return "\n\n".join(
        re.sub(r"[ \t]*\n[ \t]*(?!- )", " ", re.sub(r"[ \t]*\n[ \t]*- ", "\n- ", paragraph))
        for paragraph in paragraphs
    )


def _normal(text: str) -> str:
    """For comparing: letters and digits only, whatever their form and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded))


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_control(one: str) -> bool:
    return (unicodedata.category(one) in {"Cc", "Cs"} and one != "\n") or one in _REORDERING


def _owner(kind: str, table: _Table, path: Path) -> str:
    """How a fault names one of many: by its id, or by its place where it has none."""
    identity = table.get("id")
    known = isinstance(identity, str) and _ITEM_ID.fullmatch(identity)
    return f"{kind} {identity}" if known else f"{kind} number {int(path[-1]) + 1}"


def _quote(value: object) -> str:
    """A value out of the file, short and on one line."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _did_you_mean(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word[:60], known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}."
