"""A questionnaire: blocks of items, how each is answered, and what the answers add up to.

Like a Q-study it never changes once it is created. Where people are asked before and
after, the file makes two questionnaires: what each asks is a definition of its own, and
the one after names the one before. `dialogs/questionnaire_file.py` reads a file, and
`dialogs/answering.py` is the dialog.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from dialogs.study import Information, Language, Texts

Wave: TypeAlias = Literal["before", "after"]
WAVES: tuple[Wave, ...] = ("before", "after")
Way: TypeAlias = Literal["one", "several", "text"]
"""How an item is answered: with one option, with any number of them, or in words."""
Answers: TypeAlias = Mapping[str, str]
"""By item: the option's id, the ids of several with commas between, or the text."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen. Without a value (`don't know`) it counts in no mean."""

    id: str
    text: Texts
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """An item is asked only of those who gave one of these answers to an earlier one."""

    item: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question or statement. Everything is voluntary."""

    id: str
    text: Texts
    way: Way
    options: tuple[Option, ...] = ()
    reversed: bool = False
    """Worded the other way round: in sums, its scale is turned."""
    scores: tuple[int | None, ...] = ()
    """Of an item with several answers: what none, one, two ... of them score."""
    help: Texts = field(default_factory=dict)
    when: Condition | None = None

    @property
    def values(self) -> tuple[int, ...]:
        """Every number that the item can give."""
        numbers = self.scores if self.way == "several" else [o.value for o in self.options]
        return tuple(number for number in numbers if number is not None)

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)

    def value(self, answer: str) -> int | None:
        """The number of an answer as it was given; None for one that has none."""
        if self.way == "several":
            return self.scores[len(chosen(answer))] if self.scores else None
        return next((o.value for o in self.options if o.id == answer), None)

    def score(self, answer: str) -> int | None:
        """Its number in a sum: turned where the item is."""
        value = self.value(answer)
        if value is None or not self.reversed:
            return value
        return min(self.values) + max(self.values) - value


@dataclass(frozen=True, slots=True)
class Block:
    """What stands on one card."""

    id: str
    title: Texts
    items: tuple[Item, ...]
    intro: Texts = field(default_factory=dict)
    background: bool = False
    """About who answers: reported in counts alone, and never where a group is small."""


@dataclass(frozen=True, slots=True)
class Band:
    """What a sum means from `least` up to the next band."""

    least: int
    text: Texts


@dataclass(frozen=True, slots=True)
class Sum:
    """The scores of some items added up."""

    id: str
    title: Texts
    items: tuple[str, ...]
    bands: tuple[Band, ...] = ()
    shown: bool = False
    """Whether whoever answers sees it before sending."""

    def band(self, total: int) -> Band | None:
        """The band of a sum; None where the sum has no bands."""
        reached = [band for band in self.bands if band.least <= total]
        return max(reached, key=lambda band: band.least, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """A whole questionnaire. Every text holds every language in `languages`."""

    id: str
    title: Texts
    languages: tuple[Language, ...]
    purpose: Texts
    minutes: int
    information: Information
    blocks: tuple[Block, ...]
    retention: date
    """The day when answers, drafts and keys are destroyed."""
    closes: date | None = None
    sums: tuple[Sum, ...] = ()
    minimum_invited: int = 10
    wave: Wave | None = None
    before: str = ""
    """In the one after: the id of the one before, with whose answers it is paired."""
    kind: Literal["questionnaire"] = "questionnaire"

    def language(self, wanted: Language) -> Language:
        """The language to show: the one wanted, else the questionnaire's first."""
        return wanted if wanted in self.languages else self.languages[0]

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the order in which they are asked."""
        return tuple(item for block in self.blocks for item in block.items)

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)


def chosen(answer: str) -> tuple[str, ...]:
    """The options of an answer, which may be several."""
    return tuple(filter(None, answer.split(",")))


def asked(questionnaire: Questionnaire, answers: Answers) -> Iterator[Item]:
    """The items that are asked of somebody who has answered so."""
    there = set()
    for item in questionnaire.items:
        if item.when is None or (
            item.when.item in there
            and set(chosen(answers.get(item.when.item, ""))) & set(item.when.answers)
        ):
            there.add(item.id)
            yield item


def total(questionnaire: Questionnaire, wanted: Sum, answers: Answers) -> int | None:
    """A sum of these answers; None where a score is missing, for half a sum is none."""
    scores = [questionnaire.item(i).score(answers[i]) for i in wanted.items if i in answers]
    known = [score for score in scores if score is not None]
    return sum(known) if len(known) == len(wanted.items) else None
