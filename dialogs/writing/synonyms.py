"""Words that mean one thing: spoken forms as they are written, and what a word is about."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dialogs.writing.folding import folded

_LONGEST = 3
"""Words that stand side by side."""
_FEWEST_LETTERS = 3
"""Of a word that may go on."""


@dataclass(frozen=True, slots=True)
class _Table:
    """What is meant by words side by side, and by words that begin with some letters."""

    whole: dict[tuple[str, ...], tuple[str, ...]]
    begins: dict[str, tuple[tuple[str, str], ...]]

    def of_word(self, word: str) -> tuple[str, ...]:
        begun = self.begins.get(word[:_FEWEST_LETTERS], ())
        prefixed = (name for start, name in begun if word.startswith(start))
        return (*self.whole.get((word,), ()), *prefixed)


@cache
def _table(section: str) -> _Table:
    with (files(__package__) / "synonyms.toml").open("rb") as file:
        lines = tomllib.load(file)[section]
    whole: dict[tuple[str, ...], tuple[str, ...]] = {}
    begins: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, forms in lines.items():
        for form in map(folded, forms.split()):
            if form.endswith("*"):
                start = form[:_FEWEST_LETTERS]
                begins[start] = (*begins.get(start, ()), (form[:-1], name))
            else:
                words = tuple(form.split("."))
                whole[words] = (*whole.get(words, ()), name)
    return _Table(whole, begins)


def written(words: Sequence[str]) -> list[str]:
    """With each spoken form as it is written: *kem e æ* is *hvem er jeg*."""
    spoken = _table("written").whole
    return [folded(spoken.get((word,), (word,))[0]) for word in words]


def subjects(words: Sequence[str]) -> list[tuple[str, ...]]:
    """What each word, with those that follow it, is about."""
    about = _table("about")
    found = []
    for at, word in enumerate(words):
        beside = [
            name
            for size in range(2, min(_LONGEST, len(words) - at) + 1)
            for name in about.whole.get(tuple(words[at : at + size]), ())
        ]
        found.append(tuple(dict.fromkeys((*beside, *about.of_word(word)))))
    return found


def is_about(word: str, subject: str) -> bool:
    return subject in _table("about").of_word(word)
