"""A study as a file: TOML, with the statements inside or in a file beside it.

`read` takes the bytes and gives a `Study`, or every fault at once with its
line and a remedy. It opens nothing: the caller hands over what lies beside.
`dump` and `load` are for storing a definition, as canonical JSON.

docs/study-file.md describes the format for researchers.
"""

import difflib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from dialogs.faults import Fault, Line
from dialogs.studies.items import Item, Option
from dialogs.studies.items_file import AnswerWay, ItemReader
from dialogs.studies.languages import KNOWN, LANGUAGES
from dialogs.studies.questionnaire import WAVES
from dialogs.studies.study import (
    MAX_STATEMENTS,
    MAX_VALUE,
    MIN_STATEMENTS,
    Grid,
    Labels,
    Statement,
    Study,
    TextByLanguage,
)
from dialogs.toml.lines import Path
from dialogs.toml.reader import (
    ITEM_ID,
    MAX_HELP,
    MAX_INSTRUCTION,
    MAX_INVITED,
    MAX_MINUTES,
    MAX_PURPOSE,
    MAX_TITLE,
    MIN_INVITED,
    STUDY_ID,
    TomlTable,
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
MAX_QUESTIONS = 15
MAX_WRITTEN = 6
"""Questions that are answered in words: a card must hold what was written."""
MAX_QUESTIONS_TEXT = 8_000
"""Characters of all questions and choices in one language, which stand on one card."""
MAX_REASONS = 6
MAX_LABEL = 40
MAX_DIMENSION = 40
MAX_IMAGE, MAX_IMAGES = 60_000, 2_000_000
"""Bytes of a picture, and of all of them: the definition of a study is read at each press."""
MAX_CONDITIONS = 5


@dataclass(frozen=True, slots=True)
class StatementTable:
    """Statements in a file beside the study's, whatever kind of file that is."""

    header: tuple[str, ...]
    """`id`, `text`, the languages, `help` ...; only `text` where each line is a statement."""
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Each with its line."""


Beside: TypeAlias = Callable[[str], StatementTable | Fault | None]
"""The statements of the file with this name in the study's folder; None where there is none."""

Pictures: TypeAlias = Callable[[str], bytes | None]
"""The picture with this name in the study's folder; None where there is none."""

_studies = TypeAdapter(Study)
_VALUE = re.compile(r"[+-]?[0-9]{1,3}")
_FILE_NAME = re.compile(r"[^/\\:\x00-\x1f\x7f]{1,200}\.(csv|tsv|txt|sta|xlsx|xml)", re.IGNORECASE)
_IMAGE_NAME = re.compile(r"[^/\\:\x00-\x1f\x7f]{1,200}\.(png|jpe?g)", re.IGNORECASE)
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
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
    "forced",
    "labels",
    "reasons",
    "waves",
    "conditions",
    "statements",
    "scales",
    "questions",
)


def read(
    name: str,
    data: bytes,
    beside: Beside,
    today: date,
    pictures: Pictures = lambda _: None,
) -> tuple[Study, ...] | list[Fault]:
    """The studies in a file called `name`, or all its faults in the order of the lines.

    There is one; or two of one that is sorted before and after; or one for each condition
    of instruction. `today` is the day that its dates must not have passed.
    """
    found = read_document(name, data, MAX_BYTES)
    if isinstance(found, Fault):
        return [found]
    document, lines = found
    if document.get("kind") == "questionnaire":
        what = "This is a questionnaire, and no Q-study."
        return [Line(name, lines["kind",]).fault(what, "See: kollegial questionnaire --help")]
    reader = _Reader(document, lines, name, today)
    reader.beside, reader.pictures = beside, pictures
    studies = reader.studies()
    return reader.in_order() or studies


def dump(study: Study) -> str:
    """The study as canonical JSON: equal studies give the same text."""
    document = _studies.dump_python(study, mode="json")
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Study:
    """The study that `dump` wrote. Raises ValueError where the text is none."""
    document = json.loads(text)
    if isinstance(document, dict):
        document["questions"] = [_question(each) for each in document.get("questions", ())]
    study = _studies.validate_python(document, strict=False)
    cells = dict(sorted(study.grid.cells.items()))
    return replace(study, grid=replace(study.grid, cells=cells))


def _question(stored: dict[str, Any]) -> dict[str, Any]:
    """A question as it is now; those of before had choices, or none for free text."""
    if "way" in stored:
        return stored
    options = stored.get("choices") or []
    way = "one" if options else "text"
    return {"id": stored["id"], "text": stored["text"], "way": way, "options": options}


def _value(key: str) -> int | None:
    """The column that a key of the grid names, whatever minus sign it is written with."""
    plain = key.replace("\u2212", "-").replace("\u2013", "-")
    return int(plain) if _VALUE.fullmatch(plain) else None


def _middle(cells: Mapping[int, int]) -> int:
    """What the values of a grid that is numbered from 1 are lowered by; 0 for all others."""
    return (max(cells) + 1) // 2 if min(cells) == 1 and len(cells) == max(cells) else 0


class _Reader(ItemReader):
    """Takes a study out of a parsed file."""

    spoken_here = KNOWN

    beside: Beside
    pictures: Pictures

    def studies(self) -> tuple[Study, ...]:
        whole = self._whole()
        document = self.document
        if "waves" in document and "conditions" in document:
            self.fault(
                ("conditions",),
                "A study is sorted before and after, or under several conditions.",
                "Make two files, one for each time, or remove [waves].",
            )
            return ()
        if "waves" in document:
            return self._waves(whole)
        return self._conditions(whole) if "conditions" in document else (whole,)

    def _whole(self) -> Study:
        document = self.document
        self.known(document, (), _KEYS)
        self.read_languages()
        self.scales = self.read_scales() if "scales" in document else {}
        closes = self.closing(document, ())
        retention = self.retention(closes)
        grid = self._grid()
        forced = self.flag(document, (), "forced", default=True)
        statements = self._statements()
        if statements and grid.cells:
            self._check_size(grid, len(statements), forced=forced)
        instruction = (
            {}
            if "conditions" in document and "instruction" not in document
            else self._instruction(document, (), "instruction")
        )
        return Study(
            id=self.identity(document, (), "study", STUDY_ID),
            title=self.texts(document.get("title"), ("title",), "title", MAX_TITLE),
            languages=self.languages,
            purpose=self.texts(document.get("purpose"), ("purpose",), "purpose", MAX_PURPOSE),
            minutes=self.number(("minutes",), document, (1, MAX_MINUTES)),
            information=self.information(),
            instruction=instruction,
            grid=grid,
            statements=tuple(statements),
            retention=retention,
            closes=closes,
            questions=tuple(self._questions()),
            minimum_invited=self.number(
                ("minimum_invited",), document, (MIN_INVITED, MAX_INVITED), MIN_INVITED
            ),
            labels=self._labels() if "labels" in document else None,
            reasons=self.number(("reasons",), document, (0, MAX_REASONS), 3),
            forced=forced,
        )

    def _instruction(self, table: TomlTable, at: Path, owner: str) -> TextByLanguage:
        path = (*at, "instruction")
        return self.texts(table.get("instruction"), path, owner, MAX_INSTRUCTION)

    def _check_size(self, grid: Grid, statements: int, *, forced: bool) -> None:
        if forced and grid.size != statements:
            offer = (
                ", or write forced = false to let everybody use the columns as they like"
                if grid.size > statements
                else ""
            )
            self.fault(
                ("grid",),
                f"The grid has {grid.size} cells and there are {statements} statements.",
                f"Make the two numbers equal{offer}.",
            )
        elif not forced and grid.size <= statements:
            self.fault(
                ("forced",),
                f"The grid has {grid.size} cells for {statements} statements: there is no choice.",
                "Give every column as many cells as it may hold, or remove `forced`.",
            )

    def _labels(self) -> Labels | None:
        at: Path = ("labels",)
        table = self.table(self.document["labels"], at)
        if table is None:
            return None
        self.known(table, at, ("most", "least", "middle"))
        most, least = (
            self.texts(table.get(end), (*at, end), f"label `{end}`", MAX_LABEL)
            for end in ("most", "least")
        )
        middle = (
            self.texts(table["middle"], (*at, "middle"), "label `middle`", MAX_LABEL)
            if "middle" in table
            else {}
        )
        for language, text in most.items():
            if normal(text) == normal(least.get(language, "")):
                self.fault(
                    at, f"Both ends are called {quote(text)}.", "Give each a text of its own."
                )
        return Labels(most, least, middle)

    def _waves(self, whole: Study) -> tuple[Study, ...]:
        """The two studies of one that is sorted before and after."""
        waves = self.table(self.document["waves"], ("waves",)) or {}
        self.known(waves, ("waves",), WAVES)
        if whole.closes:
            self.fault(
                ("closes",),
                "A study before and after has two last days.",
                "Write closes under [waves.before] and [waves.after].",
            )
        parts = []
        for wave in WAVES:
            at: Path = ("waves", wave)
            own = self.table(waves.get(wave), at) or {}
            title = self.spoken(own, at, f"title of the sort {wave}", MAX_TITLE, ("closes",))
            closes = self.closing(own, at)
            before = f"{whole.id}-before" if wave == "after" else ""
            part = replace(whole, id=f"{whole.id}-{wave}", title=title, closes=closes)
            parts.append(replace(part, before=before))
        return tuple(parts)

    def _conditions(self, whole: Study) -> tuple[Study, ...]:
        """A study for each condition of instruction; the later ones are paired with the first."""
        tables = self.few(self.document["conditions"], ("conditions",), "condition", MAX_CONDITIONS)
        parts: list[Study] = []
        for at, table in tables:
            label = named("condition", table, at)
            self.known(table, at, ("id", "title", "instruction"))
            identity = self.identity(table, at, label, ITEM_ID).lower()
            title = self.texts(table.get("title"), (*at, "title"), f"title of {label}", MAX_TITLE)
            instruction = self._instruction(table, at, f"instruction of {label}")
            part = replace(whole, id=f"{whole.id}-{identity}", title=title)
            before = parts[0].id if parts else ""
            parts.append(replace(part, instruction=instruction, before=before))
        self.distinct([one.id for one in parts], [at for at, _ in tables], "id")
        return tuple(parts)

    def _grid(self) -> Grid:
        path = ("grid",)
        found = len(self.faults)
        table = self.table(self.document.get("grid"), path) or {}
        cells = self._pattern(table) if "pattern" in table else self._columns_of(table)
        if len(self.faults) == found:
            self._check_shape(cells)
        if len(self.faults) > found:  # then its size says nothing either
            return Grid({})
        moved = _middle(cells)
        grid = {(value - moved if moved else value): count for value, count in cells.items()}
        if moved and 0 in grid and len(grid) % 2 == 0:  # 1 to 8: there is no middle
            grid = {value - (value <= 0): count for value, count in grid.items()}
        return Grid(dict(sorted(grid.items())), moved)

    def _pattern(self, table: TomlTable) -> dict[int, int]:
        """The counts of `pattern`, from the least value to the greatest, around the middle."""
        counts = table["pattern"]
        at = ("grid", "pattern")
        most = 2 * MAX_VALUE + 1
        if len(table) > 1 or not isinstance(counts, list) or not 3 <= len(counts) <= most:
            self.fault(
                at,
                "`pattern` must be the numbers of cells from the least column to the greatest.",
                f"Write nothing else under [grid], and 3 to {most} numbers: pattern = [1, 2, 1].",
            )
            return {}
        half = len(counts) // 2
        values = [v for v in range(-half, half + 1) if v or len(counts) % 2]
        return {
            value: self._count((*at, index), value, count)
            for index, (value, count) in enumerate(zip(values, counts, strict=True))
        }

    def _columns_of(self, table: TomlTable) -> dict[int, int]:
        cells: dict[int, int] = {}
        values = {key: _value(key) for key in table}
        known = [value for value in values.values() if value is not None]
        most = 2 * MAX_VALUE + 1 if min(known, default=0) == 1 else MAX_VALUE
        for key, value in values.items():
            at = ("grid", key)
            if value is None or abs(value) > most:
                self.fault(
                    at,
                    f"{quote(key)} is no value of the grid.",
                    f"Values go from -{MAX_VALUE} to {MAX_VALUE}.",
                )
            elif isinstance(table[key], dict):  # TOML reads -0.5 = 2 as a table
                self.fault(
                    at,
                    f"A value that begins with {quote(key)} is no whole number.",
                    "Write whole ones: a grid without a middle is -2, -1, 1, 2.",
                )
            elif value in cells:
                self.fault(at, f"The value {value} is given twice.", "Remove one.")
            else:
                cells[value] = self._count(at, value, table[key])
        return cells

    def _count(self, at: Path, value: int, count: object) -> int:
        if type(count) is int and 1 <= count <= MAX_STATEMENTS:
            return count
        self.fault(
            at,
            f"Column {value} must hold 1 to {MAX_STATEMENTS} cells.",
            f"Write for instance {value} = 2, or leave the column out.",
        )
        return 1

    def _check_shape(self, cells: Mapping[int, int]) -> None:
        """A grid of any shape is taken: skewed, half, without a middle. It has no other gap."""
        if len(cells) < 3:
            self.fault(
                ("grid",),
                "The grid is empty or has fewer than three columns.",
                "Write the number of cells for every value, for instance -1 = 1, 0 = 2, 1 = 1.",
            )
            return
        for value in range(min(cells), max(cells)):
            if value and value not in cells:
                self.fault(
                    ("grid",),
                    f"The grid has no column {value}, but columns on both sides of it.",
                    "Columns follow each other, with or without 0: correct the values.",
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
            text = self.spoken(
                table, at, owner, MAX_STATEMENT, ("id", "help", "dimension", "image")
            )
            aid = (
                self.texts(table["help"], (*at, "help"), f"help of {owner}", MAX_HELP)
                if "help" in table
                else {}
            )
            identity = self.identity(table, at, owner, ITEM_ID)
            statements.append(
                Statement(
                    identity,
                    text,
                    aid,
                    self._dimension(table, at, owner),
                    self._image(table["image"], (*at, "image")) if table.get("image") else "",
                )
            )
        places = [at for at, _ in items]
        self.distinct([one.id for one in statements], places, "id")
        if sum(3 * len(one.image) // 4 for one in statements) > MAX_IMAGES:
            self.fault(
                ("statements",),
                f"The pictures take more than {MAX_IMAGES // 1000} kB together.",
                "Save them smaller: 400 pixels wide is enough for a card.",
            )
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

    def _dimension(self, table: TomlTable, at: Path, owner: str) -> str:
        value = table.get("dimension", "")
        if isinstance(value, str) and length(value) <= MAX_DIMENSION and value.isprintable():
            return value.strip()
        self.fault(
            (*at, "dimension"),
            f"The dimension of {owner} must be a short text.",
            f'Write a word or two, at most {MAX_DIMENSION} characters: dimension = "time".',
        )
        return ""

    def _image(self, name: object, at: Path) -> str:
        """A picture from the folder of the study file, in base64."""
        is_name = isinstance(name, str) and _IMAGE_NAME.fullmatch(name)
        data = self.pictures(str(name)) if is_name else None
        if not is_name:
            what, remedy = "is no name of a picture", "Give a .png or .jpg beside the study file."
        elif data is None:
            what, remedy = "is not here", "Put it in the folder of the study file."
        elif not data.startswith(_BEGINNINGS):
            what, remedy = "is no PNG or JPEG", "Save it as one of them."
        elif len(data) > MAX_IMAGE:
            what = f"is larger than {MAX_IMAGE // 1000} kB"
            remedy = "Save it smaller: 400 pixels wide is enough for a card."
        else:
            return b64encode(data).decode()
        self.fault(at, f"The picture {quote(name)} {what}.", remedy)
        return ""

    def _questions(self) -> list[Item]:
        if "questions" not in self.document:
            return []
        tables = self.items(self.document["questions"], ("questions",), "question")
        questions = [self._question(at, table) for at, table in tables]
        for many, most, what in (
            (len(questions), MAX_QUESTIONS, "questions"),
            (sum(q.way == "text" for q in questions), MAX_WRITTEN, "questions to answer in words"),
        ):
            if many > most:
                self.fault(
                    ("questions",),
                    f"There are {many} {what}.",
                    f"A card has room for {most}: remove some.",
                )
        self.check_room(("questions",), "questions", questions, MAX_QUESTIONS_TEXT)
        self.distinct([one.id for one in questions], [at for at, _ in tables], "id")
        return questions

    def _question(self, at: Path, table: TomlTable) -> Item:
        if "required" in table:
            self.fault(
                (*at, "required"),
                "No question can be required: whatever is asked is voluntary.",
                "Remove this.",
            )
            table = {key: value for key, value in table.items() if key != "required"}
        scale = self._scale_of(table, at)
        default: AnswerWay = (
            "scale" if "scale" in table else "one" if "choices" in table else "text"
        )
        others = ("scale", "background")
        item = self.item(at, table, scale, called="question", default=default, others=others)
        if "background" not in table:
            return item
        return replace(item, background=self.is_set(table, at, "background"))

    def _scale_of(self, table: TomlTable, at: Path) -> tuple[Option, ...]:
        """A scale by its name, or its steps in place, in the one language of the study."""
        value = table.get("scale")
        if not isinstance(value, list):
            return self.scale(table, at)
        steps = [{"text": step} if isinstance(step, str) else step for step in value]
        return self.options(steps, (*at, "scale"), "scale", numbered=True)

    def _file(self, name: str) -> list[dict[str, Any]] | None:
        """The statements of the file beside, as if they had stood in `[[statements]]`."""
        at = ("statements",)
        if not _FILE_NAME.fullmatch(name):
            self.fault(
                at,
                f"{quote(name)} is no name of a statement file.",
                "Give the name of a .csv, .xlsx, .txt, .xml or .STA file beside the study file.",
            )
            return None
        if not self.languages:  # what the columns must be is unknown
            return None
        table = self.beside(name)
        if table is None:
            self.fault(
                at,
                f"There is no file {quote(name)} here.",
                "Put it in the folder of the study file.",
            )
            return None
        if isinstance(table, Fault):
            self.faults.append(table)
            return None
        if table.header == ("text",) and len(self.languages) != 1:
            self.fault(
                at,
                "A file with a statement on each line holds one language.",
                "Use a table with a column for each language.",
            )
            return None
        return self._table(name, table)

    def _table(self, file: str, table: StatementTable) -> list[dict[str, Any]] | None:
        columns = self._columns(file, table.header)
        if columns is None:
            return None
        statements: list[dict[str, Any]] = []
        for number, (line, row) in enumerate(table.rows, 1):
            if len(row) != len(columns):
                self.faults.append(
                    Line(file, line).fault(
                        f"This row has {len(row)} fields and the header {len(columns)}.",
                        "Put texts that contain the separator in double quotes.",
                    )
                )
            statement: dict[str, Any] = {"id": "" if "id" in columns else f"s{number}"}
            for name, cell in zip(columns, row, strict=False):
                if name.startswith("help_"):
                    if cell.strip():
                        statement.setdefault("help", {})[name.removeprefix("help_")] = cell
                elif name:
                    statement[name] = cell.strip()
            self.places["statements", len(statements)] = Line(file, line)
            statements.append(statement)
        return statements

    def _columns(self, file: str, header: Sequence[str]) -> list[str] | None:
        """The header with `text` and `help` called by their language; None where it is wrong.

        A column of the researcher's own, such as a theme, is left alone and called nothing;
        one that is nearly called like ours is a slip.
        """
        only, *others = self.languages
        alias = {"dimensjon": "dimension"} | (
            {} if others else {"text": only, "help": f"help_{only}"}
        )
        columns = [alias.get(name, name) for name in header]
        required = (*(("id",) if header != ("text",) else ()), *self.languages)
        known = (
            *required,
            *(f"help_{language}" for language in self.languages),
            "dimension",
            "image",
        )
        slips = [
            name
            for name in columns
            if name not in known
            and (name in LANGUAGES or difflib.get_close_matches(name, (*known, *alias), 1))
        ]
        needed = f"The header needs {', '.join(required)}."
        head = Line(file, 1)
        faults = [
            *(
                head.fault(f"The column {quote(name)} is unknown.", did_you_mean(name, known))
                for name in slips
            ),
            *(
                head.fault(f"There is no column {name}.", needed)
                for name in required
                if name not in columns
            ),
            *(
                head.fault(f"There are two columns {name}.", "Remove one.")
                for name in known
                if columns.count(name) > 1
            ),
        ]
        self.faults += faults
        return None if faults else [name if name in known else "" for name in columns]
