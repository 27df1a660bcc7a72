"""What groups have kept for their office to find: by its words, and never by whose it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dialogs.writing.folding import words_of

SHORTEST_STEM = 4
"""Letters in which two words must begin alike to be of one kind: *samtale* and *samtalen*."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A text, and the first day of the month in which it was kept; None: that was not noted."""

    text: str
    month: date | None


def found(ideas: Iterable[Idea], wanted: str) -> list[Idea]:
    """Those with every word that is wanted, as it is or in another form; all, where none is."""
    words = words_of(wanted)
    return [idea for idea in ideas if all(_has(idea, word) for word in words)]


def _has(idea: Idea, wanted: str) -> bool:
    return any(_are_alike(word, wanted) for word in words_of(idea.text))


def _are_alike(one: str, other: str) -> bool:
    """The same, or one goes on where the other ends, and the rest is an ending or a compound."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= SHORTEST_STEM and long.startswith(short))
