"""Whether who is few in a sum could have answered otherwise, with all that is told the same."""

import numpy as np

from research.analysis.otherwise import Added, otherwise

YES_TO_ALL = [1, 1, 1]


def _could(*answers: list[int], bands: tuple[float, ...] = (0, 1, 2, 3)) -> bool:
    one = Added((0, 1, 2), bands, 0.5, depth=1)
    return otherwise(np.array(answers, dtype=float), [one], 0, (), 5)


def test_whoever_differs_alone_could_not() -> None:
    assert not _could(*[YES_TO_ALL] * 11, [0, 0, 0])


def test_a_first_change_of_places_may_leave_something_open() -> None:
    """Two of them, which both answered in a way of their own, need another."""
    few = [[1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 0, 0]]
    assert _could(*[YES_TO_ALL] * 8, *few)
