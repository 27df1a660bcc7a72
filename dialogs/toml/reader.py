"""What the files of studies, questionnaires and methods have in common: TOML, read with care.

`read_document` takes the bytes of a file, and a `Reader` takes values out of it. Whatever
is wrong becomes a `Fault` with its line and a remedy; all faults are told at once.
"""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from dialogs.faults import Fault, Line
from dialogs.studies.languages import LANGUAGES, Language, TextByLanguage
from dialogs.studies.study import Information
from dialogs.toml.lines import Path, lines_of

# Lengths in UTF-16 code units, as Teams counts: a message holds 80 KB of them.
MAX_TITLE = 100
MAX_PURPOSE = 600
MAX_INFORMATION = 4000
MAX_INSTRUCTION = 1000
MAX_HELP = 600
MAX_QUESTION = 400
MAX_MINUTES = 240
MIN_INVITED = 10
"""Fewer could be told apart by what they write."""
MAX_INVITED = 10_000
MAX_MARKS = 6000
"""Lines, values and brackets; the largest real files have two thousand."""
MAX_FAULTS = 500
"""Faults that are told; nobody mends more at a time."""
MAX_KEY = 10
"""Parts of a key: the parser's memory grows with their square."""
MAX_GUESSES = 100
"""Faults after which no likeness is looked for: that takes a while for each."""

TomlTable: TypeAlias = Mapping[str, Any]
T = TypeVar("T", bound=str)

STUDY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
ITEM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_MARK = re.compile(r"[\n=,\[{]")
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(
    rf"(?:^|[\[{{,])[ \t]*+(?:{_PART}[ \t]*+\.[ \t]*+){{{MAX_KEY}}}", re.MULTILINE
)
UNFINISHED = ("IKKE FERDIG", "IKKJE FERDIG", "NOT FINISHED")
"""How a text begins that an import could not write."""
_INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Controls but for a new line, and what makes text read otherwise than it is stored."""


def read_document(
    name: str, data: bytes, most: int
) -> tuple[TomlTable, Mapping[Path, int]] | Fault:
    """The values of a file of at most `most` bytes, and the lines they stand on."""
    source = decode(name, data, most)
    if isinstance(source, Fault):
        return source
    document = _parse(name, source)
    return document if isinstance(document, Fault) else (document, lines_of(source))


def decode(file: str, data: bytes, most: int) -> str | Fault:
    """The text of a file of at most `most` bytes."""
    if len(data) > most:
        return Line(file, 1).fault(
            f"The file is larger than {most // 1000} kB.",
            "Check that it is the right file.",
        )
    try:
        return data.decode("utf-8-sig")  # Excel writes a byte order mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Line(file, line).fault(
            "The file is not UTF-8.", "Save it again with encoding UTF-8."
        )


def _parse(file: str, source: str) -> dict[str, Any] | Fault:
    """The values of a file, whose size and depth are bounded before anything else."""
    if beyond := next(islice(_MARK.finditer(source), MAX_MARKS, None), None):
        line = source.count("\n", 0, beyond.start()) + 1
        return Line(file, line).fault(
            f"From here on the file has more than {MAX_MARKS} lines, values and brackets.",
            "Check that it is the right file.",
        )
    if long := _LONG_KEY.search(source):
        line = source.count("\n", 0, long.end()) + 1
        return Line(file, line).fault("A key has far too many parts.", "Shorten it.")
    try:
        return tomllib.loads(source)
    except RecursionError:
        return Line(file, 1).fault("Brackets are nested too deep.", "Remove the needless ones.")
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
        return Line(file, line).fault(f"This is not TOML: {what}.", remedy)
    except ValueError:  # Python converts no number of more than 4300 digits
        before, _, _ = re.split(r"([0-9_]{4300})", source, maxsplit=1)
        return Line(file, before.count("\n") + 1).fault("A number is far too long.", "Shorten it.")


class Reader:
    """Takes values out of a parsed file, noting what is wrong as it goes.

    `spoken_here` are the languages that such a file may be in.

    What is wrong is replaced by something harmless, so that the rest can
    still be checked; what was read counts only where there are no faults.
    """

    spoken_here: Collection[Language] = LANGUAGES

    def __init__(
        self, document: TomlTable, lines: Mapping[Path, int], file: str, today: date
    ) -> None:
        self.faults: list[Fault] = []
        self._plain: list[Fault] = []
        """Texts without a language where there are several; one fault, where all are so."""
        self._spoken = False
        """Whether any text has its languages."""
        self._unknown_language = False
        self.document = document
        self.places = {path: Line(file, line) for path, line in lines.items()}
        self.languages: tuple[Language, ...] = ()
        self._name = file
        self._today = today

    def in_order(self) -> list[Fault]:
        """The faults by line, those of the file itself before those of files beside it."""
        if self._plain and not self._spoken:
            names = ", ".join(self.languages)
            self.fault(
                ("languages",),
                f"The texts are in one language, and `languages` names {names}.",
                "Write each text for each of them, for instance "
                f'title = {{ {self.languages[0]} = "...", {self.languages[1]} = "..." }}, or '
                "name only the one that the texts are in.",
            )
        else:
            self.faults += self._plain
        return sorted(self.faults, key=lambda fault: (fault.file != self._name, fault.line))

    def fault(self, path: Path, what: str, remedy: str, *, unfinished: bool = False) -> None:
        if len(self.faults) >= MAX_FAULTS:
            return
        while path not in self.places:  # the nearest that has a line of its own
            path = path[:-1]
        self.faults.append(self.places[path].fault(what, remedy, unfinished=unfinished))

    def known(self, table: TomlTable, path: Path, known: Collection[str]) -> None:
        for key in table:
            if key not in known:
                at = (*path, key)
                self.fault(at, f"Unknown key {quote(key)}.", self._did_you_mean(key, known))

    def _did_you_mean(self, word: str, known: Collection[str]) -> str:
        many = len(self.faults) >= MAX_GUESSES
        return listed(known) if many else did_you_mean(word, known)

    def choice(
        self, table: TomlTable, path: Path, name: str, known: Sequence[T], default: T | None = None
    ) -> T:
        """One of the words in `known`, under the key `name`; it must be there without a default."""
        if name in table:
            return self.word(table[name], (*path, name), known)
        if default is None:
            self.fault((*path, name), f"`{name}` is missing.", listed(known))
        return default or known[0]

    def word(self, value: object, path: Path, known: Sequence[T]) -> T:
        """One of the words in `known`."""
        if value in known:
            return known[known.index(value)]
        what = f"{quote(value)} is not possible here."
        self.fault(path, what, self._did_you_mean(str(value), known))
        return known[0]

    def words(
        self, table: TomlTable, path: Path, name: str, known: Sequence[T], default: tuple[T, ...]
    ) -> tuple[T, ...]:
        """A list of words in `known`, none of them twice, under the key `name`."""
        value = table.get(name, list(default))
        at = (*path, name)
        if not isinstance(value, list) or len(value) > len(known):
            remedy = f'Write for instance {name} = ["{known[0]}"].'
            self.fault(at, f"`{name}` must be a list, with no word twice.", remedy)
            return ()
        words = [self.word(one, (*at, index), known) for index, one in enumerate(value)]
        self.distinct(words, [(*at, index) for index in range(len(words))], "word")
        return tuple(words)

    def flag(self, table: TomlTable, path: Path, name: str, *, default: bool) -> bool:
        value = table.get(name, default)
        if isinstance(value, bool):
            return value
        remedy = f"Write {name} = true or {name} = false, without quotes."
        self.fault((*path, name), f"`{name}` must be true or false.", remedy)
        return default

    def read_languages(self) -> None:
        """Take `languages`, which all texts are then asked for in."""
        value = self.document.get("languages")
        remedy = 'Write for instance languages = ["nb", "en"].'
        if not isinstance(value, list) or not value:
            self.fault(("languages",), "`languages` must be a list of languages.", remedy)
            self._unknown_language = True
            return
        for index, one in enumerate(value):
            if not self._is_spoken(one):
                self._unknown_language = True
                self.fault(
                    ("languages", index),
                    f"{quote(one)} is no language here.",
                    f"{remedy} {self._possible()}",
                )
            elif one in value[:index]:
                self.fault(("languages", index), f"{quote(one)} is listed twice.", "Remove one.")
        self.languages = tuple(dict.fromkeys(one for one in value if self._is_spoken(one)))

    def _is_spoken(self, language: object) -> bool:
        return isinstance(language, str) and language in self.spoken_here

    def _possible(self) -> str:
        ours = f"{', '.join(LANGUAGES[:-1])} and {LANGUAGES[-1]} are possible"
        if self.spoken_here is LANGUAGES:
            return f"{ours}."
        return f"{ours}, and others by their code of two letters (ISO 639), such as se or nl."

    def closing(self, table: TomlTable, path: Path) -> date | None:
        """The last day for answers, `closes`, where it is given."""
        closes = self.day(table, path, "closes")
        if closes and closes < self._today:
            at = (*path, "closes")
            self.fault(at, f"`closes` is in the past: {closes}.", "Choose a later day.")
        return closes

    def retention(self, closes: date | None) -> date:
        """The day on which answers are destroyed, after the last day for them."""
        day = self.day(self.document, (), "retention")
        if "retention" not in self.document:
            self.fault((), "`retention` is missing.", "Write for instance retention = 2030-12-31.")
        if day and day <= self._today:
            self.fault(
                ("retention",),
                f"`retention` is not in the future: {day}.",
                "Answers are destroyed on that day: choose a later one.",
            )
        elif closes and day and day <= closes:
            self.fault(
                ("retention",),
                f"`retention` ({day}) is not after `closes` ({closes}).",
                "Answers are destroyed on that day: choose a later one.",
            )
        return day or self._today

    def day(self, table: TomlTable, path: Path, name: str) -> date | None:
        value = table.get(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.fault(
                (*path, name),
                f"`{name}` must be a date.",
                f"Write for instance {name} = 2030-12-31, without quotes and without a time.",
            )
        return None

    def number(
        self, at: Path, table: TomlTable, between: tuple[int, int], default: int | None = None
    ) -> int:
        """The whole number at a path, whose last part is its key in `table`."""
        name, (least, most) = at[-1], between
        value = table.get(str(name), default)
        if type(value) is int and least <= value <= most:
            return value
        self.fault(
            at,
            f"`{name}` must be a whole number from {least} to {most}.",
            f"Write for instance {name} = {min(max(least, 30), most)}.",
        )
        return least

    def identity(self, table: TomlTable, path: Path, owner: str, pattern: re.Pattern[str]) -> str:
        value = table.get("id")
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        letters = "small letters" if pattern is STUDY_ID else "letters"
        most = 40 if pattern is STUDY_ID else 20
        self.fault(
            (*path, "id"),
            f"The {owner} needs an id of {letters} a-z, digits, - and _, at most {most} in all.",
            'Write for instance id = "s1", in quotes.',
        )
        return ""

    def information(self) -> Information:
        path = ("information",)
        table = self.table(self.document.get("information"), path)
        if table is None:
            return Information("", {})
        version = table.get("version")
        if not isinstance(version, str) or not _VERSION.fullmatch(version):
            self.fault(
                (*path, "version"),
                "The information needs a version of letters, digits, dots, - and _.",
                'Write for instance version = "1", in quotes.',
            )
        return Information(
            str(version),
            self.spoken(table, path, "information", MAX_INFORMATION, ("version",)),
        )

    def distinct(self, values: Sequence[str], places: Sequence[Path], what: str) -> None:
        first: dict[str, Path] = {}
        for value, at in zip(values, places, strict=True):
            if value and (other := first.setdefault(value.casefold(), at)) != at:
                self.fault(
                    at,
                    f"This has the same {what} as the one on line {self.places[other].number}.",
                    "Change or remove one.",
                )

    def table(self, value: object, path: Path) -> TomlTable | None:
        if isinstance(value, dict):
            return value
        what = "is missing" if value is None else "must be a table"
        remedy = f"Begin it with [{_header(path)}] on a line of its own."
        self.fault(path, f"`{path[-1]}` {what}.", remedy)
        return None

    def items(self, value: object, path: Path, owner: str) -> list[tuple[Path, TomlTable]]:
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            return [((*path, index), one) for index, one in enumerate(value)]
        header = _header(path)
        what = "is missing" if value is None else "must be a list of tables"
        self.fault(path, f"`{header}` {what}.", f"Begin every {owner} with [[{header}]].")
        return []

    def few(self, value: object, path: Path, owner: str, most: int) -> list[tuple[Path, TomlTable]]:
        """The items, where there are no more than `most`: more are not looked at."""
        if isinstance(value, list) and len(value) > most:
            what = f"There are {len(value)} of `{path[-1]}`."
            self.fault(path, what, f"There may be {most}: remove some.")
            return []
        return self.items(value, path, owner)

    def spoken(
        self, table: TomlTable, path: Path, owner: str, limit: int, others: Sequence[str]
    ) -> TextByLanguage:
        """The texts that stand among the `others` of a table, one key for each language."""
        own = {key: value for key, value in table.items() if key not in others}
        is_plain = "text" in own and not any(key in self.spoken_here for key in own)
        if is_plain and (len(self.languages) != 1 or self._unknown_language):
            self.known(table, path, (*others, "text"))
            self._without_language(table["text"], path, owner)
            return {}
        alone = ("text",) if len(self.languages) == 1 else ()
        if alone and "text" in table:
            self.known(table, path, (*others, "text"))
            return self.texts(table["text"], (*path, "text"), owner, limit)
        known = self._languages_in(own)
        self.known(table, path, (*others, *alone, *known))
        texts = {key: value for key, value in table.items() if key in known}
        return self.texts(texts, path, owner, limit)

    def _languages_in(self, table: TomlTable) -> tuple[str, ...]:
        """The languages that may be keys here, those of the file first."""
        others = (one for one in (*LANGUAGES, *table) if one in self.spoken_here)
        return tuple(dict.fromkeys((*self.languages, *others)))

    def _without_language(self, value: object, path: Path, owner: str) -> None:
        if isinstance(value, str) and self._unknown_language:
            return  # which it is in has been asked about once
        before = len(self.faults)
        self.fault(
            path,
            f"The {owner} is missing." if value is None else f"The {owner} must be texts.",
            'Write a text for each language, for instance nb = "...".',
        )
        if isinstance(value, str):
            self._plain += self.faults[before:]
            del self.faults[before:]

    def texts(self, value: object, path: Path, owner: str, limit: int) -> TextByLanguage:
        if isinstance(value, str) and len(self.languages) == 1 and not self._unknown_language:
            value = {self.languages[0]: value}
        elif isinstance(value, dict):
            self._spoken = True
        if not isinstance(value, dict):
            self._without_language(value, path, owner)
            return {}
        known = self._languages_in(value)
        self.known(value, path, known)
        texts: dict[Language, str] = {}
        for language in known:
            at = (*path, language)
            if language not in value:
                if language in self.languages and not self._unknown_language:
                    self.fault(
                        at, f"The {owner} has no text in {language}.", f'Add {language} = "...".'
                    )
            elif self.languages and language not in self.languages:
                self.fault(
                    at,
                    f"The {owner} has a text in {language}, which `languages` does not list.",
                    f'Add "{language}" to `languages`, or remove the text.',
                )
            else:
                texts[language] = self._text(value[language], at, f"{owner} in {language}", limit)
        return texts

    def _text(self, value: object, path: Path, owner: str, limit: int) -> str:
        if not isinstance(value, str):
            self.fault(path, f"The {owner} must be text.", "Put it in quotes.")
            return ""
        text = _unwrap(value)
        if strange := _INVISIBLE.search(text):
            self.fault(
                path,
                f"The {owner} holds the invisible character U+{ord(strange[0]):04X}.",
                "Remove it, or write the text anew.",
            )
        elif all(unicodedata.category(one)[0] in "ZC" for one in text):
            self.fault(path, f"The {owner} is empty.", "Write it.")
        elif text.startswith(UNFINISHED):
            self.fault(
                path,
                f"The {owner} is not finished: {quote(text)}.",
                "Write it, without the words in capitals.",
                unfinished=True,
            )
        elif length(text) > limit:
            self.fault(
                path,
                f"The {owner} is {length(text)} characters long.",
                f"A card has room for {limit}: shorten it.",
            )
        return text


def _header(path: Path) -> str:
    """How a table at this path begins in the file."""
    return ".".join(part for part in path if isinstance(part, str))


def _unwrap(text: str) -> str:
    """Paragraphs as they are meant: lines within one joined, list items kept apart."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip())
    return "\n\n".join(
        re.sub(r"[ \t]*\n[ \t]*(?!- )", " ", re.sub(r"[ \t]*\n[ \t]*- ", "\n- ", paragraph))
        for paragraph in paragraphs
    )


def normal(text: str) -> str:
    """For comparing: letters and digits only, whatever their form and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded))


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def named(kind: str, table: TomlTable, path: Path) -> str:
    """How a fault names one of many: by its id, or by its place where it has none."""
    identity = table.get("id")
    known = isinstance(identity, str) and ITEM_ID.fullmatch(identity)
    return f"{kind} {identity}" if known else f"{kind} number {int(path[-1]) + 1}"


def quote(value: object) -> str:
    """A value out of the file, short and on one line."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def did_you_mean(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word[:60], known, n=1)
    return f"Did you mean {near[0]}?" if near else listed(known)


def listed(known: Collection[str]) -> str:
    return f"Known are {', '.join(known)}." if known else "There is none."
