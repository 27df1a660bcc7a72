"""A questionnaire as a file: TOML.

`read` takes the bytes and gives one questionnaire, or the two that are asked before and
after, or every fault at once with its line and a remedy.

docs/questionnaires.md describes the format for researchers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, get_args

from dialogs.faults import Fault
from dialogs.studies.items import Condition, Item, Option
from dialogs.studies.items_file import ItemReader
from dialogs.studies.languages import KNOWN
from dialogs.studies.questionnaire import WAVES, Band, Block, Questionnaire, Sum, Wave
from dialogs.toml.lines import Path
from dialogs.toml.reader import (
    ITEM_ID,
    MAX_INVITED,
    MAX_MINUTES,
    MAX_PURPOSE,
    MAX_TITLE,
    MIN_INVITED,
    STUDY_ID,
    TomlTable,
    named,
    quote,
    read_document,
)

MAX_BYTES = 256_000
MAX_ITEMS = 100
MAX_BLOCK_ITEMS = 25
MAX_WORDS = 6
"""Items of one block that are answered in words: a card must hold what was written."""
MAX_INTRO = 600
MAX_BAND = 200
MAX_SUMS = 10
MAX_BANDS = 10
MAX_BLOCK = 15_000
"""Characters of one block in one language, which stands on one card."""

AskedWhen: TypeAlias = Literal["before", "after", "both"]
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
    "shares",
    "waves",
    "information",
    "scales",
    "blocks",
    "sums",
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item, and where it stands."""

    item: Item
    at: Path
    asked: AskedWhen


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


class _Reader(ItemReader):
    """Takes questionnaires out of a parsed file."""

    spoken_here = KNOWN

    def __init__(
        self, document: TomlTable, lines: Mapping[Path, int], file: str, today: date
    ) -> None:
        super().__init__(document, lines, file, today)
        self.scales: Mapping[str, tuple[Option, ...]] = {}
        self._placed: list[_Placed] = []
        """Every item so far."""

    def questionnaires(self) -> tuple[Questionnaire, ...]:
        document = self.document
        self.known(document, (), _KEYS)
        if document.get("kind") != "questionnaire":
            self.fault(("kind",), "This is no questionnaire.", 'Write kind = "questionnaire".')
        self.read_languages()
        self.scales = self.read_scales()
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
            shares=self._shares(),
        )
        parts = self._parts(whole, blocks) if "waves" in document else (whole,)
        retention = self.retention(max((p.closes for p in parts if p.closes), default=None))
        return tuple(replace(part, retention=retention) for part in parts)

    def _shares(self) -> str:
        """The item for a text from a session."""
        if "shares" not in self.document:
            return ""
        shares = self.document["shares"]
        words = [placed.item.id for placed in self._placed if placed.item.way == "text"]
        if shares not in words:
            self.fault(
                ("shares",),
                f"{quote(shares)} is no item to answer in words.",
                f"Name one of these: {', '.join(words) or 'none is there yet'}.",
            )
        if "waves" in self.document:
            self.fault(
                ("shares",), "What is shared is not asked before and after.", "Remove [waves]."
            )
        return str(shares)

    # Before and after

    def _parts(
        self, whole: Questionnaire, blocks: Sequence[tuple[Block, AskedWhen]]
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
        blocks: Sequence[tuple[Block, AskedWhen]],
        waves: TomlTable,
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

    def _asked(self, table: TomlTable, at: Path) -> AskedWhen:
        value = table.get("asked", "both")
        found: AskedWhen | None = next((one for one in get_args(AskedWhen) if one == value), None)
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

    # Blocks and items

    def _blocks(self) -> list[tuple[Block, AskedWhen]]:
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

    def _block(self, at: Path, table: TomlTable) -> tuple[Block, AskedWhen]:
        label = named("block", table, at)
        keys = ("id", "title", "intro", "asked", "scale", "background", "items")
        self.known(table, at, keys)
        identity = self.identity(table, at, label, ITEM_ID)
        title = self.texts(table.get("title"), (*at, "title"), f"title of {label}", MAX_TITLE)
        intro = self.aside(table, at, "intro", label, MAX_INTRO)
        background = self.is_set(table, at, "background")
        scale, asked = self.scale(table, at), self._asked(table, at)
        tables = self.items(table.get("items"), (*at, "items"), "item")
        items = [
            replace(self.item(place, one, scale, others=("when",)), when=self._when(one, place))
            for place, one in tables
        ]
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
        self.check_room(at, label, items, MAX_BLOCK)
        return Block(identity, title, tuple(items), intro, background), asked

    def _when(self, table: TomlTable, at: Path) -> Condition | None:
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

    def _sum(self, at: Path, table: TomlTable) -> Sum:
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
            self.is_set(table, at, "shown"),
        )

    def _sum_items(self, table: TomlTable, at: Path) -> list[Item]:
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

    def _bands(self, table: TomlTable, at: Path, items: Sequence[Item]) -> tuple[Band, ...]:
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
