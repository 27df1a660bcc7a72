"""What is asked and how it is answered, as files say it: items with scales, choices and texts.

Questionnaires are made of them (`dialogs/studies/questionnaire_file.py`), and so are the
questions after a Q-sort (`dialogs/studies/study_file.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, get_args

from dialogs.studies.items import Item, Option, Way, is_no_step
from dialogs.studies.study import TextByLanguage
from dialogs.toml.lines import Path
from dialogs.toml.reader import (
    ITEM_ID,
    MAX_HELP,
    MAX_QUESTION,
    Reader,
    TomlTable,
    length,
    named,
    quote,
)

MAX_OPTION = 600
MAX_STEPS, MAX_OPTIONS = 11, 20
"""Of a scale, and of one's own choices."""
MAX_VALUE = 100
OPTION_ROOM = 25
"""Characters that an option takes beside its text and its id."""

AnswerWay: TypeAlias = Literal["scale", "one", "several", "text"]

_WAYS: Mapping[AnswerWay, Way] = {
    "scale": "one",
    "one": "one",
    "several": "several",
    "text": "text",
}

NO_SCORE = "none"
ANY_SCALE = (Option("1", {}, 1), Option("2", {}, 2))
"""In the place of one that is not there, so that no item is blamed for it."""


class ItemReader(Reader):
    """Takes items out of a parsed file."""

    scales: Mapping[str, tuple[Option, ...]]
    """Those that the file has, by name."""

    def scale(self, table: TomlTable, at: Path) -> tuple[Option, ...]:
        """The options of a block's scale; none where it has none."""
        name = table.get("scale")
        if name is None:
            return ()
        if not isinstance(name, str) or name not in self.scales:
            self.fault(
                (*at, "scale"),
                f"There is no scale {quote(name)}.",
                "Begin each of its options with [[scales.NAME]].",
            )
            return ANY_SCALE
        return self.scales[name]

    def read_scales(self) -> Mapping[str, tuple[Option, ...]]:
        scales = self.table(self.document.get("scales", {}), ("scales",)) or {}
        return {
            name: self.options(scale, ("scales", name), "scale", numbered=True)
            for name, scale in scales.items()
        }

    def options(
        self, value: object, path: Path, owner: str, *, numbered: bool = False
    ) -> tuple[Option, ...]:
        """Options with their ids and values; `numbered` ones count from 1 by themselves."""
        items = self.items(value, path, "option")
        most = MAX_STEPS if numbered else MAX_OPTIONS
        if items and not 2 <= len(items) <= most:
            self.fault(path, f"There are {len(items)} options.", f"A {owner} has 2 to {most}.")
        options = []
        for at, table in items:
            label = named("option", table, at)
            text = self.spoken(table, at, label, MAX_OPTION, ("id", "value", "unknown"))
            options.append(
                self._option(table, at, label, text, int(at[-1]) + 1 if numbered else None)
            )
        self.distinct([one.id for one in options], [at for at, _ in items], "id")
        return tuple(options)

    def _option(
        self, table: TomlTable, at: Path, label: str, text: TextByLanguage, number: int | None
    ) -> Option:
        unknown = self.is_set(table, at, "unknown")
        if unknown and "value" in table:
            self.fault((*at, "value"), "An unknown has no value.", "Remove `value`, or `unknown`.")
        if unknown:
            value = None
        elif "value" in table:
            value = self.number((*at, "value"), table, (-MAX_VALUE, MAX_VALUE))
        else:
            value = number
            if number is not None and any(map(is_no_step, text.values())):
                said = quote(next(iter(text.values())))
                self.fault(
                    at,
                    f"{said} would count as {number} in means and sums.",
                    "Write unknown = true for what is no step of the scale, or give it a value.",
                )
        if "id" in table or number is None:
            return Option(self.identity(table, at, label, ITEM_ID), text, value)
        return Option("unknown" if value is None else str(value), text, value)

    def item(
        self,
        at: Path,
        table: TomlTable,
        scale: tuple[Option, ...],
        *,
        called: str = "item",
        default: AnswerWay = "scale",
        others: Sequence[str] = (),
    ) -> Item:
        """What is asked and how it is answered; `default` is the way where none is named."""
        label = named(called, table, at)
        keys = ("id", "answer", "choices", "scores", "reversed", "help", *others)
        text = self.spoken(table, at, label, MAX_QUESTION, keys)
        answer = self._answer(table, at, label, scale, default)
        options = scale if answer == "scale" else ()
        if answer in {"one", "several"}:
            options = self.options(table.get("choices"), (*at, "choices"), "choice")
        elif "choices" in table:
            self.fault(
                (*at, "choices"),
                f"The {label} has choices and is answered otherwise.",
                'Write answer = "one" or answer = "several", or remove the choices.',
            )
        item = Item(
            id=self.identity(table, at, label, ITEM_ID),
            text=text,
            way=_WAYS[answer],
            options=options,
            reversed=self.is_set(table, at, "reversed"),
            help=self.aside(table, at, "help", label, MAX_HELP),
        )
        item = replace(item, scores=self._scores(table, at, item))
        if item.reversed and len(item.values) < 2:
            self.fault((*at, "reversed"), f"The {label} has no values to turn.", "Remove this.")
        return item

    def _answer(
        self, table: TomlTable, at: Path, label: str, scale: Sequence[Option], default: AnswerWay
    ) -> AnswerWay:
        value = table.get("answer", default)
        found: AnswerWay | None = next((one for one in get_args(AnswerWay) if one == value), None)
        if found is None:
            self.fault(
                (*at, "answer"),
                f"{quote(value)} is no way to answer.",
                "Write scale, one, several or text, in quotes.",
            )
            return "text"
        if found == "scale" and not scale:
            self.fault(
                at,
                f"The {label} is to be answered on a scale, and its block has none.",
                'Write answer = "text", "one" or "several" here, or scale = "..." in the block.',
            )
        return found

    def _scores(self, table: TomlTable, at: Path, item: Item) -> tuple[int | None, ...]:
        value = table.get("scores")
        if value is None:
            return ()
        at = (*at, "scores")
        right = isinstance(value, list) and all(
            one == NO_SCORE or (type(one) is int and abs(one) <= MAX_VALUE) for one in value
        )
        if not right or item.way != "several" or len(value) != len(item.options) + 1:
            self.fault(
                at,
                "`scores` is for an item with several answers, and tells what none, one, two ... "
                "of them score.",
                f"Write {len(item.options) + 1} whole numbers in square brackets; "
                f'"{NO_SCORE}" where there is no score.',
            )
            return ()
        return tuple(None if one == NO_SCORE else one for one in value)

    def is_set(self, table: TomlTable, at: Path, name: str) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            what = f"`{name}` must be true or false."
            self.fault((*at, name), what, f"Write {name} = true, without quotes.")
        return value is True

    def aside(
        self, table: TomlTable, at: Path, name: str, label: str, limit: int
    ) -> TextByLanguage:
        """A text that may be left out."""
        if name not in table:
            return {}
        return self.texts(table[name], (*at, name), f"{name} of {label}", limit)

    def check_room(self, at: Path, label: str, items: Sequence[Item], most: int) -> None:
        """Whether the items of one card fit on it, in every language."""
        for language in self.languages:
            texts = [
                text.get(language, "")
                for item in items
                for text in (item.text, item.help, *(option.text for option in item.options))
            ]
            frames = sum(len(option.id) + OPTION_ROOM for item in items for option in item.options)
            if (size := sum(map(length, texts)) + frames) > most:
                self.fault(
                    at,
                    f"The {label} in {language} takes {size} characters in all.",
                    f"A card has room for {most}: make two of it, or shorten it.",
                )
