"""Of how many moved it follows how somebody did, where nobody could have moved otherwise."""

from collections.abc import Sequence

import pytest

from research.analysis import exchanged
from research.analysis.exchanged import Pair, could_move_otherwise
from research.bounds import LEAST


def moved(steps: Sequence[float]) -> object:
    return sum(s > 0 for s in steps), sum(s < 0 for s in steps)


def everything(steps: Sequence[float]) -> object:
    return sorted(steps)


def many(*ways: tuple[Pair, int]) -> list[Pair]:
    return [pair for pair, n in ways for _ in range(n)]


FOLLOWS = many(((1, 2), 5), ((1, 1), 1), ((2, 2), 7))
"""Five of six who were at 1 rose, and none fell: the one who stayed there did so."""
TURNED = many(((1, 2), 1), ((0, 3), 6), ((1, 3), 6), ((0, 2), 6))
"""Two who rose by two can have risen by one and by three."""
ROUND = many(((0, 0), 6), ((1, 2), 6), ((2, 1), 1), ((3, 2), 5))
"""Three can have moved by the others' steps."""


@pytest.mark.parametrize(
    ("pairs", "told", "could"),
    [
        (FOLLOWS, moved, False),
        (many(((1, 2), 5), ((2, 2), 6)), moved, True),
        (TURNED, moved, True),
        (TURNED, everything, False),
        (ROUND, everything, True),
    ],
)
def test_somebody_could_have_moved_otherwise(
    pairs: list[Pair], told: exchanged.Told, *, could: bool
) -> None:
    assert could_move_otherwise(pairs, told, LEAST) is could


def test_it_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanged, "TRIES", 0)

    assert not could_move_otherwise(TURNED, moved, LEAST)
