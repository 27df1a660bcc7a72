"""Guards: what a phase asks its members to leave out, found in what they write.

A guard never stops a text. `check` returns the guard that fired and, where it
can be made, an open question in the writer's own words.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from dialogs.study import Language

Guard: TypeAlias = Literal["advice", "leading", "rules", "case"]
"""Advice or a solution; a closed leading question; rules, benefits and rights;
talk that slides from the episode to the client's case."""
GUARDS: tuple[Guard, ...] = get_args(Guard)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`example` is an open question made from the writer's own words, or None."""

    guard: Guard
    example: str | None


def check(text: str, guards: Collection[Guard], language: Language) -> Suggestion | None:
    """The first of `guards` that `text` touches, or None."""
    del text, guards, language
    return None
