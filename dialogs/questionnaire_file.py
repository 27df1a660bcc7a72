"""A questionnaire as a file: TOML.

`read` takes the bytes and gives one questionnaire, or the two that are asked before and
after, or every fault at once with its line and a remedy.

docs/questionnaires.md describes the format for researchers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, get_args

from dialogs.questionnaire import (
    WAVES,
    Band,
    Block,
    Condition,
    Item,
    Option,
    Questionnaire,
    Sum,
    Wave,
    Way,
)
from dialogs.study import Texts
from dialogs.toml_lines import Path
from dialogs.toml_reader import (
    ITEM_ID,
    MAX_HELP,
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
    length,
    named,
    quote,
    read_document,
)

MAX_BYTES = 256_000
MAX_ITEMS = 100
MAX_BLOCK_ITEMS = 25
MAX_WORDS = 6
"""Items of one block that are answered in words: a card must hold what was written."""
MAX_OPTION = 600
MAX_OPTIONS = 11
MAX_VALUE = 100
MAX_INTRO = 600
MAX_BAND = 200
MAX_SUMS = 10
MAX_BANDS = 10
MAX_BLOCK = 15_000
"""Characters of one block in one language, which stands on one card."""
OPTION_ROOM = 25
"""Characters that an option takes beside its text and its id."""

Asked: TypeAlias = Literal["before", "after", "both"]
_Answer: TypeAlias = Literal["scale", "one", "several", "text"]

_WAYS: Mapping[_Answer, Way] = {"scale": "one", "one": "one", "several": "several", "text": "text"}
_KEYS = (
    "kind",
    "id",
    "title",
    "purpose",
    "languages",
    "minutes",
    "retention",
    "closes",
    "minimum_invited",
    "waves",
    "information",
    "scales",
    "blocks",
    "sums",
)
_NO_SCORE = "none"
_ANY_SCALE = (Option("1", {}, 1), Option("2", {}, 2))
"""In the place of one that is not there, so that no item is blamed for it."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item, and where it stands."""

    item: Item
    at: Path
    asked: Asked


def read(name: str, data: bytes, today: date) -> tuple[Questionnaire, ...] | list[Fault]:
    """The questionnaires in a file called `name`, or all its faults in the order of the lines.

    `today` is the day that its dates must not have passed.
    """
    found = read_document(name, data, MAX_BYTES)
    if isinstance(found, Fault):
        return [found]
    reader = _Reader(*found, name, today)
    questionnaires = reader.questionnaires()
    return reader.in_order() or questionnaires


class _Reader(Reader):
    """Takes questionnaires out of a parsed file."""

    def __init__(self, document: Table, lines: Mapping[Path, int], file: str, today: date) -> None:
        super().__init__(document, lines, file, today)
        self._scales: Mapping[str, tuple[Option, ...]] = {}
        self._placed: list[_Placed] = []
        """Every item so far."""

    def questionnaires(self) -> tuple[Questionnaire, ...]:
        document = self.document
        self.known(document, (), _KEYS)
        if document.get("kind") != "questionnaire":
            self.fault(("kind",), "This is no questionnaire.", 'Write kind = "questionnaire".')
        self.read_languages()
        self._scales = self._read_scales()
        blocks = self._blocks()
        self._check_conditions()
        whole = Questionnaire(
            id=self.identity(document, (), "questionnaire", STUDY_ID),
            title=self.texts(document.get("title"), ("title",), "title", MAX_TITLE),
            languages=self.languages,
            purpose=self.texts(document.get("purpose"), ("purpose",), "purpose", MAX_PURPOSE),
            minutes=self.number(("minutes",), document, (1, MAX_MINUTES)),
            information=self.information(),
            blocks=tuple(block for block, _ in blocks),
            retention=date.max,
            closes=self.closing(document, ()),
            sums=self._sums(),
            minimum_invited=self.number(
                ("minimum_invited",), document, (MIN_INVITED, MAX_INVITED), MIN_INVITED
            ),
        )
        parts = self._parts(whole, blocks) if "waves" in document else (whole,)
        retention = self.retention(max((p.closes for p in parts if p.closes), default=None))
        return tuple(replace(part, retention=retention) for part in parts)

    # Before and after

    def _parts(
        self, whole: Questionnaire, blocks: Sequence[tuple[Block, Asked]]
    ) -> tuple[Questionnaire, ...]:
        """The two questionnaires of one that is asked before and after."""
        waves = self.table(self.document["waves"], ("waves",)) or {}
        self.known(waves, ("waves",), WAVES)
        if whole.closes:
            self.fault(
                ("closes",),
                "A questionnaire before and after has two last days.",
                "Write closes under [waves.before] and [waves.after].",
            )
        parts = tuple(self._part(whole, blocks, waves, wave) for wave in WAVES)
        for index, one in enumerate(whole.sums):
            if not any(one in part.sums for part in parts):
                self.fault(
                    ("sums", index),
                    f"The items of sum {one.id} are never all asked at once.",
                    "Sum those that are asked before, or those that are asked after.",
                )
        return parts

    def _part(
        self,
        whole: Questionnaire,
        blocks: Sequence[tuple[Block, Asked]],
        waves: Table,
        wave: Wave,
    ) -> Questionnaire:
        at: Path = ("waves", wave)
        own = self.table(waves.get(wave), at) or {}
        title = self.spoken(own, at, f"title of the form {wave}", MAX_TITLE, ("closes",))
        there = tuple(block for block, asked in blocks if asked in {"both", wave})
        if blocks and not there:
            self.fault(at, f"No block is asked {wave}.", "Remove [waves], or ask a block then.")
        items = {item.id for block in there for item in block.items}
        return replace(
            whole,
            id=f"{whole.id}-{wave}",
            title=title,
            closes=self.closing(own, at),
            blocks=there,
            sums=tuple(one for one in whole.sums if items.issuperset(one.items)),
            wave=wave,
            before=f"{whole.id}-before" if wave == "after" else "",
        )

    def _asked(self, table: Table, at: Path) -> Asked:
        value = table.get("asked", "both")
        found: Asked | None = next((one for one in get_args(Asked) if one == value), None)
        if found is None:
            self.fault(
                (*at, "asked"),
                f"{quote(value)} is no time to ask.",
                "Write before, after or both, in quotes.",
            )
        elif "asked" in table and "waves" not in self.document:
            self.fault(
                (*at, "asked"),
                "The questionnaire is asked once.",
                "Remove this line, or give the two forms titles with [waves.before] and "
                "[waves.after].",
            )
        return found or "both"

    # Scales

    def _scale(self, table: Table, at: Path) -> tuple[Option, ...]:
        """The options of a block's scale; none where it has none."""
        name = table.get("scale")
        if name is None:
            return ()
        if not isinstance(name, str) or name not in self._scales:
            self.fault(
                (*at, "scale"),
                f"There is no scale {quote(name)}.",
                "Begin each of its options with [[scales.NAME]].",
            )
            return _ANY_SCALE
        return self._scales[name]

    def _read_scales(self) -> Mapping[str, tuple[Option, ...]]:
        scales = self.table(self.document.get("scales", {}), ("scales",)) or {}
        return {
            name: self._options(scale, ("scales", name), "scale", numbered=True)
            for name, scale in scales.items()
        }

    def _options(
        self, value: object, path: Path, owner: str, *, numbered: bool = False
    ) -> tuple[Option, ...]:
        """Options with their ids and values; `numbered` ones count from 1 by themselves."""
        items = self.items(value, path, "option")
        if items and not 2 <= len(items) <= MAX_OPTIONS:
            self.fault(
                path,
                f"There are {len(items)} options.",
                f"A {owner} has 2 to {MAX_OPTIONS}.",
            )
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
        self, table: Table, at: Path, label: str, text: Texts, number: int | None
    ) -> Option:
        unknown = self._flag(table, at, "unknown")
        if unknown and "value" in table:
            self.fault((*at, "value"), "An unknown has no value.", "Remove `value`, or `unknown`.")
        if unknown:
            value = None
        elif "value" in table:
            value = self.number((*at, "value"), table, (-MAX_VALUE, MAX_VALUE))
        else:
            value = number
        if "id" in table or number is None:
            return Option(self.identity(table, at, label, ITEM_ID), text, value)
        return Option("unknown" if value is None else str(value).replace("-", "m"), text, value)

    # Blocks and items

    def _blocks(self) -> list[tuple[Block, Asked]]:
        tables = self.items(self.document.get("blocks"), ("blocks",), "block")
        blocks = [self._block(at, table) for at, table in tables]
        self.distinct([block.id for block, _ in blocks], [at for at, _ in tables], "id")
        self.distinct([p.item.id for p in self._placed], [p.at for p in self._placed], "id")
        if len(self._placed) > MAX_ITEMS:
            self.fault(
                self._placed[MAX_ITEMS].at,
                f"There are {len(self._placed)} items.",
                f"A questionnaire has at most {MAX_ITEMS}.",
            )
        return blocks

    def _block(self, at: Path, table: Table) -> tuple[Block, Asked]:
        label = named("block", table, at)
        keys = ("id", "title", "intro", "asked", "scale", "background", "items")
        self.known(table, at, keys)
        identity = self.identity(table, at, label, ITEM_ID)
        title = self.texts(table.get("title"), (*at, "title"), f"title of {label}", MAX_TITLE)
        intro = self._aside(table, at, "intro", label, MAX_INTRO)
        background = self._flag(table, at, "background")
        scale, asked = self._scale(table, at), self._asked(table, at)
        tables = self.items(table.get("items"), (*at, "items"), "item")
        items = [self._item(place, one, scale) for place, one in tables]
        self._placed += [
            _Placed(item, place, asked) for item, (place, _) in zip(items, tables, strict=True)
        ]
        if len(items) > MAX_BLOCK_ITEMS:
            self.fault(
                at,
                f"The {label} has {len(items)} items.",
                f"A card has room for {MAX_BLOCK_ITEMS}.",
            )
        if (words := sum(item.way == "text" for item in items)) > MAX_WORDS:
            self.fault(
                at,
                f"The {label} has {words} items to answer in words.",
                f"A card has room for {MAX_WORDS}: make two blocks of it.",
            )
        self._check_room(at, label, items)
        return Block(identity, title, tuple(items), intro, background), asked

    def _check_room(self, at: Path, label: str, items: Sequence[Item]) -> None:
        for language in self.languages:
            texts = [
                text.get(language, "")
                for item in items
                for text in (item.text, item.help, *(option.text for option in item.options))
            ]
            frames = sum(len(option.id) + OPTION_ROOM for item in items for option in item.options)
            if (size := sum(map(length, texts)) + frames) > MAX_BLOCK:
                self.fault(
                    at,
                    f"The {label} in {language} takes {size} characters in all.",
                    f"A card has room for {MAX_BLOCK}: make two blocks of it.",
                )

    def _item(self, at: Path, table: Table, scale: tuple[Option, ...]) -> Item:
        label = named("item", table, at)
        keys = ("id", "answer", "choices", "scores", "reversed", "help", "when")
        text = self.spoken(table, at, label, MAX_QUESTION, keys)
        answer = self._answer(table, at, label, scale)
        options = scale if answer == "scale" else ()
        if answer in {"one", "several"}:
            options = self._options(table.get("choices"), (*at, "choices"), "choice")
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
            reversed=self._flag(table, at, "reversed"),
            help=self._aside(table, at, "help", label, MAX_HELP),
            when=self._when(table, at),
        )
        item = replace(item, scores=self._scores(table, at, item))
        if item.reversed and len(item.values) < 2:
            self.fault((*at, "reversed"), f"The {label} has no values to turn.", "Remove this.")
        return item

    def _answer(self, table: Table, at: Path, label: str, scale: Sequence[Option]) -> _Answer:
        value = table.get("answer", "scale")
        found: _Answer | None = next((one for one in get_args(_Answer) if one == value), None)
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

    def _scores(self, table: Table, at: Path, item: Item) -> tuple[int | None, ...]:
        value = table.get("scores")
        if value is None:
            return ()
        at = (*at, "scores")
        right = isinstance(value, list) and all(
            one == _NO_SCORE or (type(one) is int and abs(one) <= MAX_VALUE) for one in value
        )
        if not right or item.way != "several" or len(value) != len(item.options) + 1:
            self.fault(
                at,
                "`scores` is for an item with several answers, and tells what none, one, two ... "
                "of them score.",
                f"Write {len(item.options) + 1} whole numbers in square brackets; "
                f'"{_NO_SCORE}" where there is no score.',
            )
            return ()
        return tuple(None if one == _NO_SCORE else one for one in value)

    def _when(self, table: Table, at: Path) -> Condition | None:
        if "when" not in table:
            return None
        at = (*at, "when")
        when = self.table(table["when"], at)
        if when is None:
            return None
        self.known(when, at, ("item", "answers"))
        item, answers = when.get("item"), when.get("answers")
        right = isinstance(answers, list) and answers and all(isinstance(a, str) for a in answers)
        if not isinstance(item, str) or not isinstance(answers, list) or not right:
            self.fault(
                at,
                "A condition needs an earlier item and the answers to it.",
                'Write for instance when = { item = "q1", answers = ["yes"] }.',
            )
            return None
        return Condition(item, tuple(answers))

    def _check_conditions(self) -> None:
        """Each condition rests on an earlier item that is asked then too, and on its answers."""
        places = {placed.item.id: number for number, placed in enumerate(self._placed)}
        for number, placed in enumerate(self._placed):
            if placed.item.when is None:
                continue
            at = (*placed.at, "when")
            other = places.get(placed.item.when.item)
            if other is None:
                self.fault(at, f"There is no item {placed.item.when.item}.", "Correct the name.")
            elif circle := self._circle(placed.item, places):
                self.fault(
                    at,
                    f"These wait for each other: {', '.join(circle)}.",
                    "Take the condition away from one of them.",
                )
            elif other > number:
                self.fault(
                    at,
                    f"The item {placed.item.when.item} comes later.",
                    "Move it up, or this item down.",
                )
            else:
                self._check_condition(placed.item.when, self._placed[other], placed, at)

    def _circle(self, item: Item, places: Mapping[str, int]) -> list[str]:
        """The items in the circle of conditions that this one belongs to, if it does."""
        chain = [item.id]
        while item.when and item.when.item in places:
            item = self._placed[places[item.when.item]].item
            if item.id in chain:
                return chain if item.id == chain[0] else []
            chain.append(item.id)
        return []

    def _check_condition(self, when: Condition, other: _Placed, placed: _Placed, at: Path) -> None:
        if other.asked not in {"both", placed.asked}:
            self.fault(
                at,
                f"The item {other.item.id} is not always asked when this one is.",
                "Ask both at the same time.",
            )
        known = [option.id for option in other.item.options]
        for answer in when.answers:
            if answer not in known:
                what = f"{quote(answer)} is no answer to {other.item.id}."
                self.fault(at, what, f"Its answers are {', '.join(known) or 'free text'}.")

    # Sums

    def _sums(self) -> tuple[Sum, ...]:
        if "sums" not in self.document:
            return ()
        tables = self.items(self.document["sums"], ("sums",), "sum")
        if len(tables) > MAX_SUMS:
            self.fault(("sums",), f"There are {len(tables)} sums.", f"At most {MAX_SUMS} will do.")
        sums = [self._sum(at, table) for at, table in tables]
        items = [(placed.item.id, placed.at) for placed in self._placed]
        columns = [
            *dict(items).items(),
            *((s.id, at) for s, (at, _) in zip(sums, tables, strict=True)),
        ]
        self.distinct([name for name, _ in columns], [at for _, at in columns], "id")
        return tuple(sums)

    def _sum(self, at: Path, table: Table) -> Sum:
        label = named("sum", table, at)
        self.known(table, at, ("id", "title", "items", "bands", "shown"))
        found = len(self.faults)
        items = self._sum_items(table, at)
        is_whole = len(self.faults) == found
        return Sum(
            self.identity(table, at, label, ITEM_ID),
            self.texts(table.get("title"), (*at, "title"), f"title of {label}", MAX_TITLE),
            tuple(item.id for item in items),
            self._bands(table, at, items) if is_whole else (),
            self._flag(table, at, "shown"),
        )

    def _sum_items(self, table: Table, at: Path) -> list[Item]:
        value, at = table.get("items"), (*at, "items")
        known = {placed.item.id: placed.item for placed in self._placed}
        if not isinstance(value, list) or len(value) < 2:
            self.fault(
                at, "A sum needs two items or more.", 'Write for instance items = ["q1", "q2"].'
            )
            return []
        for index, one in enumerate(value):
            if not isinstance(one, str) or one not in known:
                self.fault((*at, index), f"There is no item {quote(one)}.", "Correct the name.")
            elif one in value[:index]:
                self.fault((*at, index), f"{quote(one)} is listed twice.", "Remove one.")
            elif not known[one].values:
                what = f"The item {one} gives no number."
                self.fault((*at, index), what, "Give its answers values, or leave it out.")
        return [known[one] for one in value if isinstance(one, str) and one in known]

    def _bands(self, table: Table, at: Path, items: Sequence[Item]) -> tuple[Band, ...]:
        if "bands" not in table:
            return ()
        at = (*at, "bands")
        tables = self.items(table["bands"], at, "band")
        if len(tables) > MAX_BANDS:
            self.fault(at, f"There are {len(tables)} bands.", f"At most {MAX_BANDS} will do.")
        least = sum(min(item.values, default=0) for item in items)
        most = sum(max(item.values, default=0) for item in items)
        bands = []
        for place, one in tables:
            text = self.spoken(one, place, named("band", one, place), MAX_BAND, ("from",))
            start = self.number((*place, "from"), one, (least, most))
            bands.append(Band(start, text))
        starts = [band.least for band in bands]
        if starts and starts != sorted({least, *starts}):
            self.fault(
                at,
                "The bands do not cover every sum once.",
                f"The first begins at {least}, and each of the next higher than the one before.",
            )
        return tuple(bands)

    # Small things

    def _flag(self, table: Table, at: Path, name: str) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            what = f"`{name}` must be true or false."
            self.fault((*at, name), what, f"Write {name} = true, without quotes.")
        return value is True

    def _aside(self, table: Table, at: Path, name: str, label: str, limit: int) -> Texts:
        """A text that may be left out."""
        if name not in table:
            return {}
        return self.texts(table[name], (*at, name), f"{name} of {label}", limit)
