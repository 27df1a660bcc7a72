"""A questionnaire: blocks of items, how each is answered, and what the answers add up to.

Like a Q-study it never changes once it is created. Where people are asked before and
after, the file makes two questionnaires: what each asks is a definition of its own, and
the one after names the one before. `dialogs/studies/questionnaire_file.py` reads a file, and
`dialogs/studies/answering.py` is the dialog.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from dialogs.studies.items import Answers, Item, chosen
from dialogs.studies.study import Information, Language, TextByLanguage

TEXT_LIMIT = 1000
"""Characters in an answer in words."""
SHARED_LIMIT = 1500
"""The same where a text from a session is shared: as many as it may have there."""
Wave: TypeAlias = Literal["before", "after"]
WAVES: tuple[Wave, ...] = ("before", "after")


@dataclass(frozen=True, slots=True)
class Block:
    """What stands on one card."""

    id: str
    title: TextByLanguage
    items: tuple[Item, ...]
    intro: TextByLanguage = field(default_factory=dict)
    background: bool = False
    """About who answers: reported in counts alone, and never where a group is small."""


@dataclass(frozen=True, slots=True)
class Band:
    """What a sum means from `least` up to the next band."""

    least: int
    text: TextByLanguage


@dataclass(frozen=True, slots=True)
class Sum:
    """The scores of some items added up."""

    id: str
    title: TextByLanguage
    items: tuple[str, ...]
    bands: tuple[Band, ...] = ()
    shown: bool = False
    """Whether whoever answers sees it before sending."""

    def band(self, total: float) -> Band | None:
        """The band of a sum; None where the sum has no bands."""
        reached = [band for band in self.bands if band.least <= total]
        return max(reached, key=lambda band: band.least, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """A whole questionnaire. Every text holds every language in `languages`."""

    id: str
    title: TextByLanguage
    languages: tuple[Language, ...]
    purpose: TextByLanguage
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
    shares: str = ""
    """The item that takes a text which somebody shares from a session; empty where none does."""
    kind: Literal["questionnaire"] = "questionnaire"

    def language(self, wanted: Language) -> Language:
        """The language to show: the one wanted, else the questionnaire's first."""
        return wanted if wanted in self.languages else self.languages[0]

    @property
    def text_limit(self) -> int:
        return SHARED_LIMIT if self.shares else TEXT_LIMIT

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the order in which they are asked."""
        return tuple(item for block in self.blocks for item in block.items)

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)


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
