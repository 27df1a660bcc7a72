"""Before and after: whether what is told of those who moved could be of others.

How many rose beside how many gave each answer can leave one single way in which few have moved. So
two or three change places: each keeps what they answered before and has another's answer after.
Both forms are what they were; where all that is told of the change stays the same too, these could
have moved otherwise.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import TypeAlias

Pair: TypeAlias = tuple[float, float]
TRIES = 500
"""Exchanges of which it is reckoned what would be told."""
Told: TypeAlias = Callable[[Sequence[float]], object]
"""What is told of so many steps."""


def could_move_otherwise(pairs: Sequence[Pair], told: Told, least: int) -> bool:
    """Whether each number under `least` of those who answered the same two times, or moved by as
    much, is another in some exchange of which the same is told.
    """
    ways = Counter(pairs)
    few = _few(ways, least) | _few(Counter(map(_step, pairs)), least)
    said, tries = told(_steps(ways)), 0
    for old, new in _exchanges(sorted(ways)):
        if not few or tries == TRIES:
            break
        if changed := few & _changed(old, new):
            tries += 1
            if told(_steps(ways - Counter(old) + Counter(new))) == said:
                few -= changed
    return not few


def _steps(ways: Counter[Pair]) -> list[float]:
    return [*map(_step, ways.elements())]


def _step(pair: Pair) -> float:
    return pair[1] - pair[0]


def _few(counted: Mapping[Pair, int] | Mapping[float, int], least: int) -> set[Pair | float]:
    return {what for what, n in counted.items() if n < least}


def _exchanges(ways: Sequence[Pair]) -> Iterator[tuple[tuple[Pair, ...], tuple[Pair, ...]]]:
    """Of two or three who differ: what they have, and what each has with another's answer after."""
    for many in (2, 3):
        for old in combinations(ways, many):
            for order in permutations(old):
                yield old, tuple((b, a) for (b, _), (_, a) in zip(old, order, strict=True))


def _changed(old: Sequence[Pair], new: Sequence[Pair]) -> set[Pair | float]:
    """The ways and steps of which there are more or fewer."""
    were, are = Counter(old), Counter(new)
    steps, now = Counter(map(_step, old)), Counter(map(_step, new))
    ways = {way for way in were | are if were[way] != are[way]}
    return ways | {step for step in steps | now if steps[step] != now[step]}
