"""Words as they are compared: small letters without rings, strokes and apostrophes."""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")
_STROKES = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ß": "ss"})


def folded(text: str) -> str:
    """*Språk* is *sprak*, and *don't* is *dont*."""
    apart = unicodedata.normalize("NFD", text.casefold().translate(_STROKES))
    return "".join(c for c in apart if unicodedata.category(c) != "Mn" and c not in "'’`´-")


def words_of(text: str) -> list[str]:
    return WORD.findall(folded(text))
