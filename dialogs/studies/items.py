"""What is asked and how it is answered: in questionnaires, and after a Q-sort."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dialogs.studies.languages import TextByLanguage

Way: TypeAlias = Literal["one", "several", "text"]
"""How an item is answered: with one option, with any number of them, or in words."""
Answers: TypeAlias = Mapping[str, str]
"""By item: the option's id, the ids of several with commas between or `NONE`, or the text.

An item that was passed over has no answer, and neither has one that was not asked.
"""
NONE = "(none)"
"""None of several, said so; no option has such an id."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen. Without a value (`don't know`) it counts in no mean."""

    id: str
    text: TextByLanguage
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
    text: TextByLanguage
    way: Way
    options: tuple[Option, ...] = ()
    reversed: bool = False
    """Worded the other way round: in sums, its scale is turned."""
    scores: tuple[int | None, ...] = ()
    """Of an item with several answers: what none, one, two ... of them score."""
    help: TextByLanguage = field(default_factory=dict)
    when: Condition | None = None
    background: bool | None = None
    """Of a question after a sort: whether it tells who answers, where that is said. In
    questionnaires the block says it."""

    @property
    def tells_who(self) -> bool:
        """Whether a question after a sort groups those who answer: choices do, unless it is
        said otherwise; steps of a scale and words do not."""
        if self.background is not None:
            return self.background
        return self.way != "text" and not self.values

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
            return self.scores[len(chosen(answer))] if self.scores and answer else None
        return next((o.value for o in self.options if o.id == answer), None)

    def score(self, answer: str) -> int | None:
        """Its number in a sum: turned where the item is."""
        value = self.value(answer)
        if value is None or not self.reversed:
            return value
        return min(self.values) + max(self.values) - value


_NO_STEPS = (
    "vet ikke", "vet ikkje", "veit ikke", "veit ikkje", "ikke aktuelt", "ikkje aktuelt",
    "ikke relevant", "ikkje relevant", "uaktuelt", "ønsker ikke å svare", "ønskjer ikkje å svare",
    "vil ikke svare", "vil ikkje svare", "ingen mening", "har ingen mening", "ingen formening",
    "har ingen formening", "gjelder ikke", "gjeld ikkje", "kan ikke svare", "kan ikkje svare",
    "ubesvart", "ikke besvart", "ikkje svart", "ikke aktuell", "husker ikke", "hugsar ikkje",
    "ved ikke", "don't know", "dont know", "do not know", "i don't know", "i do not know",
    "can't say", "cannot say", "can't remember", "does not apply", "doesn't apply",
    "not applicable", "not relevant", "n/a", "prefer not to say", "prefer not to answer",
    "no opinion", "no answer", "refused", "in dieđe", "weiß nicht", "weiss nicht", "keine angabe",
    "vet ej", "vet inte", "weet niet", "weet ik niet", "geen mening", "ne sait pas",
)  # fmt: skip


_QUOTES = str.maketrans({"\u2019": "'", "\u00b4": "'", "`": "'", "\u2032": "'"})


def is_no_step(text: str) -> bool:
    """Whether an answer says that there is none: it is no step of a scale, and no number."""
    plain = " ".join(text.casefold().translate(_QUOTES).split()).strip("().- ")
    return any(
        plain == one or plain.startswith((f"{one} ", f"{one}/", f"{one},", f"{one} ("))
        for one in _NO_STEPS
    )


def chosen(answer: str) -> tuple[str, ...]:
    """The options of an answer, which may be several."""
    return tuple(one for one in answer.split(",") if one not in ("", NONE))


def picked(item: Item, answer: str) -> str:
    """What was chosen of the options that there are, in their order; a text is no choice."""
    given = chosen(answer)
    known = [option.id for option in item.options if option.id in given]
    if item.way == "several" and not known and NONE in answer.split(","):
        return NONE
    return ",".join(known if item.way == "several" else known[:1])


def is_answer(item: Item, text: str) -> bool:
    """Whether a text is an answer to the item: its own words, or options that there are."""
    return item.way == "text" or (bool(text) and picked(item, text) == text)
