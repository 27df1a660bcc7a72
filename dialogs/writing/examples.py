"""The labelled sentences, and what is learned from them: which meaning a new one speaks for.

    features   words, what they are about (`synonyms.toml`), and pairs of both
    weights    how much each feature speaks for and against each meaning
    likeliest  the meanings for which most speaks, and by how much more than for none

The weights are a table, `weights.csv`, that `dialogs.writing.learning` makes of the
sentences. Where a sentence is for somebody else, that is a meaning as well: `none`.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise
from typing import TypeAlias

from dialogs.writing.synonyms import subjects, written

NOBODYS = "none"
"""The meaning of a sentence that is not for Kollegial."""
SCALE = 100
"""Weights and rarities are whole numbers of hundredths."""
_FIRST_LETTERS = 4
_REACH = 8
"""Words between which what two of them are about is seen together."""
Features: TypeAlias = dict[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    place: str
    """`alone`, `together` or `both`."""
    meanings: tuple[str, ...]
    """Of commands or topics, `thanks`, or `none`; any of them is right."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Weights:
    here: Mapping[str, frozenset[str]]
    """What is meant in the personal chat (`alone`) and in groups (`together`)."""
    rarity: Mapping[str, float]
    weight: Mapping[str, Mapping[str, float]]
    """For each feature and meaning: what it speaks for, and against (below 0)."""

    def scores(self, words: Sequence[str], place: str) -> dict[str, float]:
        found = dict.fromkeys(sorted(self.here[place]), 0.0)
        for feature, value in unit(features(words), self.rarity).items():
            for meaning, weight in self.weight[feature].items():
                if meaning in found:
                    found[meaning] += value * weight
        return found


def features(words: Sequence[str]) -> Features:
    """What is seen in a sentence, and how much each counts before its rarity."""
    found: Features = defaultdict(float)
    plain = written(words)
    for word in plain:
        found[f"w {word}"] += 1
        found[f"s {word[:_FIRST_LETTERS]}"] += 0.7
        for three in _threes(f"^{word}$"):
            found[f"t {three}"] += 0.3
    for one, other in pairwise(("^", *plain, "$")):
        found[f"p {one} {other}"] += 0.5
    about = subjects(plain)
    for each in sorted({subject for word in about for subject in word}):
        found[f"c {each}"] = 1.5
    for pair in sorted(set(_pairs(about))):
        found[f"d {' '.join(pair)}"] = 1
    return found


def _threes(word: str) -> Iterator[str]:
    """Three letters at a time: what is misspelt, or spoken otherwise, still has most of them."""
    return (word[at : at + 3] for at in range(len(word) - 2))


def _pairs(about: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    placed = [(at, subject) for at, word in enumerate(about) for subject in word]
    for (at, one), (then, other) in combinations(placed, 2):
        if one != other and then - at <= _REACH:
            yield min(one, other), max(one, other)


def unit(seen: Features, rarity: Mapping[str, float]) -> Features:
    """Of length 1, each feature by its rarity; those that no sentence has are left out."""
    weighed = {each: count * rarity[each] for each, count in seen.items() if each in rarity}
    length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
    return {each: value / length for each, value in weighed.items()}


def likeliest(words: Sequence[str], *, is_personal: bool) -> list[tuple[str, float]]:
    """Every meaning with its lead over being for nobody, the likeliest first."""
    scores = learned().scores(words, "alone" if is_personal else "together")
    leads = ((meaning, score - scores[NOBODYS]) for meaning, score in scores.items())
    return sorted(leads, key=lambda each: -each[1])


@cache
def known_words() -> frozenset[str]:
    """Words that more than one of the sentences has."""
    return frozenset(each[2:] for each in learned().rarity if each.startswith("w "))


@cache
def examples() -> tuple[Example, ...]:
    rows = csv.DictReader(_lines("examples.csv"), delimiter=";")
    return tuple(
        Example(row["place"], tuple(row["meaning"].split("|")), row["sentence"]) for row in rows
    )


@cache
def learned() -> Weights:
    here: dict[str, frozenset[str]] = {}
    rarity: dict[str, float] = {}
    weight: dict[str, dict[str, float]] = {}
    for line in _lines("weights.csv"):
        name, value, *rest = line.split(";")
        if value == "digest":
            continue
        if value == "here":
            here[name] = frozenset(rest)
        else:
            rarity[name] = int(value) / SCALE
            pairs = (each.split("=") for each in rest)
            weight[name] = {meaning: int(size) / SCALE for meaning, size in pairs}
    return Weights(here, rarity, weight)


def _lines(name: str) -> list[str]:
    return (files(__package__) / name).read_text("utf-8").splitlines()
