"""A study as a file: TOML, with the statements inside or in a file beside it.

`read` takes the bytes and gives a `Study`, or every fault at once with its
line and a remedy. It opens nothing: the caller hands over what lies beside.
`dump` and `load` are for storing a definition, as canonical JSON.

docs/study-file.md describes the format for researchers.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from dialogs.study import (
    MAX_STATEMENTS,
    MAX_VALUE,
    MIN_STATEMENTS,
    Choice,
    Grid,
    Question,
    Statement,
    Study,
)
from dialogs.toml_lines import Path
from dialogs.toml_reader import (
    ITEM_ID,
    MAX_CHOICE,
    MAX_HELP,
    MAX_INSTRUCTION,
    MAX_INVITED,
    MAX_MINUTES,
    MAX_PURPOSE,
    MAX_QUESTION,
    MAX_TITLE,
    MIN_INVITED,
    STUDY_ID,
    Fault,
    Reader,
    Table,
    decode,
    did_you_mean,
    length,
    named,
    normal,
    quote,
    read_document,
)

MAX_BYTES = 512_000
"""A file larger than this is no study."""
MAX_STATEMENT = 400
"""In UTF-16 code units, as all lengths of texts."""
MAX_ALL_STATEMENTS = 14_000
"""All statements in one language together: a whole pile is listed on one card."""
MAX_QUESTIONS = 10
MAX_CHOICES = 10

Beside: TypeAlias = Callable[[str], bytes | None]
"""The bytes of the file with this name in the study's folder; None where there is none."""

_studies = TypeAdapter(Study)
_VALUE = re.compile(r"[+-]?[0-9]{1,3}")
_FILE_NAME = re.compile(r"[^/\\:\x00-\x1f\x7f]{1,200}\.(csv|sta)", re.IGNORECASE)
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


def read(name: str, data: bytes, beside: Beside, today: date) -> Study | list[Fault]:
    """The study in a file called `name`, or all its faults in the order of the lines.

    `today` is the day that its dates must not have passed.
    """
    found = read_document(name, data, MAX_BYTES)
    if isinstance(found, Fault):
        return [found]
    reader = _Reader(*found, name, beside, today)
    study = reader.study()
    return reader.in_order() or study


def dump(study: Study) -> str:
    """The study as canonical JSON: equal studies give the same text."""
    document = _studies.dump_python(study, mode="json")
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Study:
    """The study that `dump` wrote. Raises ValueError where the text is none."""
    study = _studies.validate_json(text)
    return replace(study, grid=Grid(dict(sorted(study.grid.cells.items()))))


class _Reader(Reader):
    """Takes a study out of a parsed file."""

    def __init__(
        self, document: Table, lines: Mapping[Path, int], file: str, beside: Beside, today: date
    ) -> None:
        super().__init__(document, lines, file, today)
        self._beside = beside

    def study(self) -> Study:
        document = self.document
        self.known(document, (), _KEYS)
        self.read_languages()
        closes = self.closing(document, ())
        retention = self.retention(closes)
        grid = self._grid()
        statements = self._statements()
        if statements and grid.cells and grid.size != len(statements):
            self.fault(
                ("grid",),
                f"The grid has {grid.size} cells and there are {len(statements)} statements.",
                "Make the two numbers equal.",
            )
        return Study(
            id=self.identity(document, (), "study", STUDY_ID),
            title=self.texts(document.get("title"), ("title",), "title", MAX_TITLE),
            languages=self.languages,
            purpose=self.texts(document.get("purpose"), ("purpose",), "purpose", MAX_PURPOSE),
            minutes=self.number(("minutes",), document, (1, MAX_MINUTES)),
            information=self.information(),
            instruction=self.texts(
                document.get("instruction"), ("instruction",), "instruction", MAX_INSTRUCTION
            ),
            grid=grid,
            statements=tuple(statements),
            retention=retention,
            closes=closes,
            questions=tuple(self._questions()),
            minimum_invited=self.number(
                ("minimum_invited",), document, (MIN_INVITED, MAX_INVITED), MIN_INVITED
            ),
        )

    def _grid(self) -> Grid:
        path = ("grid",)
        found = len(self.faults)
        table = self.table(self.document.get("grid"), path)
        cells: dict[int, int] = {}
        for key, count in (table or {}).items():
            at = (*path, key)
            value = int(key) if _VALUE.fullmatch(key) else None
            if value is None or abs(value) > MAX_VALUE:
                self.fault(
                    at,
                    f"{quote(key)} is no value of the grid.",
                    f"Values go from -{MAX_VALUE} to {MAX_VALUE}.",
                )
            elif value in cells:
                self.fault(at, f"The value {value} is given twice.", "Remove one.")
            elif type(count) is not int or not 1 <= count <= MAX_STATEMENTS:
                self.fault(
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
            self.fault(
                ("grid",),
                "The grid is empty or has fewer than three columns.",
                "Write the number of cells for every value, for instance -1 = 1, 0 = 2, 1 = 1.",
            )
            return
        reach = max(map(abs, cells))
        for value in range(-reach, reach + 1):
            if value not in cells:
                self.fault(
                    ("grid",),
                    f"The grid has no column {value}.",
                    f"Columns go from -{reach} to {reach} without a gap: add {value}.",
                )
            elif value > 0 and cells.get(-value, cells[value]) != cells[value]:
                self.fault(
                    ("grid", str(value)),
                    f"Column {value} holds {cells[value]} and column -{value} {cells[-value]}.",
                    "Give both the same number of cells.",
                )

    def _statements(self) -> list[Statement]:
        value = self.document.get("statements")
        if isinstance(value, str):
            value = self._file(value)
            if value is None:
                return []
        items = self.items(value, ("statements",), "statement")
        statements = []
        for at, table in items:
            owner = named("statement", table, at)
            text = self.spoken(table, at, owner, MAX_STATEMENT, ("id", "help"))
            aid = (
                self.texts(table["help"], (*at, "help"), f"help of {owner}", MAX_HELP)
                if "help" in table
                else {}
            )
            identity = self.identity(table, at, owner, ITEM_ID)
            statements.append(Statement(identity, text, aid))
        places = [at for at, _ in items]
        self.distinct([one.id for one in statements], places, "id")
        for language in self.languages:
            texts = [one.text.get(language, "") for one in statements]
            self.distinct([normal(text) or text for text in texts], places, f"text in {language}")
            if (total := sum(map(length, texts))) > MAX_ALL_STATEMENTS:
                self.fault(
                    ("statements",),
                    f"The statements in {language} are {total} characters together.",
                    f"A Teams card has room for {MAX_ALL_STATEMENTS}: shorten them.",
                )
        if items and not MIN_STATEMENTS <= len(items) <= MAX_STATEMENTS:
            self.fault(
                ("statements",),
                f"There are {len(items)} statements.",
                f"A study has {MIN_STATEMENTS} to {MAX_STATEMENTS}.",
            )
        return statements

    def _questions(self) -> list[Question]:
        if "questions" not in self.document:
            return []
        items = self.items(self.document["questions"], ("questions",), "question")
        if len(items) > MAX_QUESTIONS:
            self.fault(
                ("questions",),
                f"There are {len(items)} questions.",
                f"A card has room for {MAX_QUESTIONS}: remove some.",
            )
        questions = []
        for at, table in items:
            owner = named("question", table, at)
            text = self.spoken(table, at, owner, MAX_QUESTION, ("id", "choices"))
            identity = self.identity(table, at, owner, ITEM_ID)
            choices = self._choices(table, at, owner)
            questions.append(Question(identity, text, tuple(choices)))
        self.distinct([one.id for one in questions], [at for at, _ in items], "id")
        return questions

    def _choices(self, question: Table, path: Path, owner: str) -> list[Choice]:
        if "choices" not in question:
            return []
        items = self.items(question["choices"], (*path, "choices"), "choice")
        if items and not 2 <= len(items) <= MAX_CHOICES:
            self.fault(
                (*path, "choices"),
                f"The {owner} has {len(items)} choices.",
                f"Give 2 to {MAX_CHOICES}, or none for free text.",
            )
        choices = []
        for at, table in items:
            label = f"{named('choice', table, at)} of {owner}"
            text = self.spoken(table, at, label, MAX_CHOICE, ("id",))
            choices.append(Choice(self.identity(table, at, label, ITEM_ID), text))
        self.distinct([one.id for one in choices], [at for at, _ in items], "id")
        return choices

    def _file(self, name: str) -> list[dict[str, Any]] | None:
        """The statements of the file beside, as if they had stood in `[[statements]]`."""
        at = ("statements",)
        if not _FILE_NAME.fullmatch(name):
            self.fault(
                at,
                f"{quote(name)} is no name of a statement file.",
                "Give the name of a .csv or .STA file in the folder of the study file.",
            )
            return None
        if not self.languages:  # what the columns must be is unknown
            return None
        data = self._beside(name)
        if data is None:
            self.fault(
                at,
                f"There is no file {quote(name)} here.",
                "Put it in the folder of the study file.",
            )
            return None
        text = decode(name, data, MAX_BYTES)
        if isinstance(text, Fault):
            self.faults.append(text)
            return None
        return self._csv(name, text) if name.lower().endswith(".csv") else self._sta(name, text)

    def _sta(self, file: str, text: str) -> list[dict[str, Any]] | None:
        """PQMethod's statement file: one statement on each line, numbered or not."""
        if len(self.languages) != 1:
            self.fault(
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
            self.places["statements", index] = (file, index + 1)
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
            self.places["statements", len(statements)] = (file, line)
            statements.append(statement)
        return statements

    def _columns(self, file: str, header: Sequence[str]) -> list[str] | None:
        """The header with `text` and `help` called by their language; None where it is wrong."""
        only, *others = self.languages
        alias = {} if others else {"text": only, "help": f"help_{only}"}
        columns = [alias.get(name, name) for name in header]
        required = ("id", *self.languages)
        known = (*required, *(f"help_{language}" for language in self.languages))
        needed = f"The header needs {', '.join(required)}."
        faults = [
            *(
                Fault(file, 1, f"The column {quote(name)} is unknown.", did_you_mean(name, known))
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
