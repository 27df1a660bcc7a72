"""Makes `weights.csv` of the labelled sentences: `make weights`.

For each sentence in turn, what speaks for a wrong meaning more than for the right one, or
nearly as much, is weighed anew by just as much as is needed (passive-aggressive learning,
Crammer et al. 2006, p. 560); the weights are the mean over all turns (Freund & Schapire
1999), which forgets the order of the sentences. No sentence is kept, and nothing is guessed
at: the same sentences make the same table.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from dialogs.writing.examples import (
    SCALE,
    Example,
    Features,
    Weights,
    examples,
    features,
    unit,
)
from dialogs.writing.folding import words_of

_ROUNDS = 6
_SEED = 1
_FIRMEST = 0.3
"""The most by which one sentence changes the weights at once: some labels could be others."""
_FEWEST = 2
"""Sentences that have a feature: what one alone has says nothing of others."""
_LEAST = 8
"""Hundredths of a weight, by its rarity, below which it is left out."""
_PLACES = ("alone", "together")


def learn(sentences: Sequence[Example], rounds: int = _ROUNDS) -> Weights:
    seen = [features(words_of(each.sentence)) for each in sentences]
    among = Counter(feature for each in seen for feature in each)
    rarity = {
        feature: _rounded(math.log((len(seen) + 1) / (n + 0.5)))
        for feature, n in sorted(among.items())
        if n >= _FEWEST
    }
    here = {
        place: frozenset(
            meaning
            for each in sentences
            if each.place in (place, "both")
            for meaning in each.meanings
        )
        for place in _PLACES
    }
    return Weights(
        here, rarity, _weighed(sentences, [unit(each, rarity) for each in seen], here, rounds)
    )


def _weighed(
    sentences: Sequence[Example],
    seen: Sequence[Features],
    here: dict[str, frozenset[str]],
    rounds: int,
) -> dict[str, dict[str, float]]:
    now: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    turned: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    order = list(range(len(sentences)))
    shuffled = random.Random(_SEED)  # noqa: S311 - the same order each time
    rivals = {place: sorted(found) for place, found in here.items()}
    rivals["both"] = sorted(here["alone"] | here["together"])
    turn = 1
    for _ in range(rounds):
        shuffled.shuffle(order)
        for number in order:
            each, found = sentences[number], seen[number]
            scores = dict.fromkeys(rivals[each.place], 0.0)
            for feature, value in found.items():
                for meaning, weight in now[feature].items():
                    if meaning in scores:
                        scores[meaning] += value * weight
            right = max(each.meanings, key=lambda meaning: scores[meaning])
            wrong = max(
                (meaning for meaning in scores if meaning not in each.meanings),
                key=lambda meaning: scores[meaning],
            )
            lacking = 1 - scores[right] + scores[wrong]
            if lacking > 0:
                step = min(_FIRMEST, lacking / 2)
                for feature, value in found.items():
                    for meaning, sign in ((right, step), (wrong, -step)):
                        now[feature][meaning] += sign * value
                        turned[feature][meaning] += turn * sign * value
            turn += 1
    return {
        feature: {
            meaning: weight - turned[feature][meaning] / turn for meaning, weight in found.items()
        }
        for feature, found in now.items()
    }


def _rounded(value: float) -> float:
    return round(value * SCALE) / SCALE


def digest() -> str:
    """Of the tables that the weights are made of."""
    tables = (
        (files(__package__) / name).read_bytes() for name in ("examples.csv", "synonyms.toml")
    )
    return sha256(b"".join(tables)).hexdigest()[:16]


def lines(weights: Weights) -> Iterator[str]:
    yield f"of these tables;digest;{digest()}"
    for place in _PLACES:
        yield ";".join((place, "here", *sorted(weights.here[place])))
    for feature, rarity in weights.rarity.items():
        kept = [
            f"{meaning}={round(weight * SCALE)}"
            for meaning, weight in sorted(weights.weight.get(feature, {}).items())
            if abs(weight) * rarity * SCALE >= _LEAST and round(weight * SCALE)
        ]
        if kept or feature.startswith("w "):
            yield ";".join((feature, str(round(rarity * SCALE)), *kept))


def main(target: Path = Path(__file__).with_name("weights.csv")) -> None:  # noqa: B008 - a constant path
    target.write_text("\n".join([*lines(learn(examples())), ""]), "utf-8")
