"""Whether words are Norwegian, and in which of its two written forms."""

from dialogs.studies.languages import Language
from dialogs.writing.folding import words_of

_NYNORSK = frozenset(
    (
        *("eg", "ikkje", "kva", "kven", "korleis", "kvifor", "ein", "dei", "noko", "nokon"),
        *("vere", "mykje"),
    )
)
_NORWEGIAN = _NYNORSK | frozenset(
    (
        *("jeg", "ikke", "hva", "hvem", "hvordan", "hvorfor", "hvor", "er", "det", "dette"),
        *("vi", "dere", "du", "meg", "deg", "og", "som", "pa", "av", "kan", "vil", "skal"),
        *("hei", "takk", "hjelp", "sprak", "noe", "noen", "mye", "vaere", "nar"),
    )
)
"""Words that sentences are held together by, and no English sentence has."""


def written_in(text: str) -> Language | None:
    """Bokmål or nynorsk; None where no word says that it is Norwegian."""
    words = set(words_of(text))
    if not words & _NORWEGIAN:
        return None
    return "nn" if words & _NYNORSK else "nb"
