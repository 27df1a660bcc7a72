"""What a person may write: anything that can be stored and given back as it was."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

_KEPT_CONTROLS = frozenset("\t\n\r")
_ESCAPED = frozenset('\n\r\t"\\`*_[]()#+-!>~{')
"""What Markdown or JSON must escape, so that a card shows it as it was written."""
_SHAPELESS = frozenset("\u034f\u115f\u1160\u2800\u3164\ufe0e\ufe0f\uffa0")
"""Fillers, the empty pattern of Braille, and the two selectors of an emoji's style."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """`length` and `limit` in characters."""

    field: str
    length: int
    limit: int
    kind: Literal["too_long"] = "too_long"


@dataclass(frozen=True, slots=True)
class Unstorable:
    """Control characters or half a character: some databases and tools lose them."""

    field: str
    kind: Literal["unstorable"] = "unstorable"


def fault(field: str, text: str, limit: int) -> TooLong | Unstorable | None:
    """Why a text cannot be kept exactly as written, or None."""
    if len(text) > limit:
        return TooLong(field, len(text), limit)
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in _KEPT_CONTROLS for c in text):
        return Unstorable(field)
    return None


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: spaces, formats, and letters and marks without a shape."""
    return all(unicodedata.category(c)[0] in "ZC" or c in _SHAPELESS for c in text)


def room(text: str) -> int:
    """What a text takes on a card at most, in UTF-16 code units: a line break takes four."""
    return len(text.encode("utf-16-le")) // 2 + 3 * sum(c in _ESCAPED for c in text)
