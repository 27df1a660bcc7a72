"""What is told of a published viewpoint: its ends, and where it stands apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from research.publication import Results

SHOWN = 3
"""Statements at each end, and of those that stand apart."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Statements by id: those agreed and disagreed with most, and those placed unlike others."""

    most: Sequence[str]
    least: Sequence[str]
    apart: Sequence[tuple[str, int]]
    """With the column of each."""


def ends_of(found: Results, name: str) -> Ends:
    """Of a viewpoint, by its factor's name."""
    array = found.arrays[name]
    ranked = sorted(array, key=lambda s: -array[s])
    others = [each for other, each in found.arrays.items() if other != name]

    def distance(statement: str) -> float:
        return abs(array[statement] - sum(each[statement] for each in others) / len(others))

    apart = [s for s in found.distinguishing.get(name, ()) if s in array] if others else []
    apart.sort(key=distance, reverse=True)
    return Ends(ranked[:SHOWN], ranked[-SHOWN:][::-1], [(s, array[s]) for s in apart[:SHOWN]])
