"""What many answered: counts that name nobody, means and medians."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST = 5
"""A count below this, and above 0, could be known again."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the numbers that some answered."""

    n: int
    mean: float
    median: float
    deviation: float
    """Standard deviation of the sample, over n - 1; 0 of a single number."""


def summary(values: Sequence[int]) -> Summary | None:
    """Mean, median and standard deviation; None of no numbers."""
    if not values:
        return None
    numbers = np.asarray(values, dtype=float)
    deviation = float(numbers.std(ddof=1)) if len(numbers) > 1 else 0.0
    return Summary(len(numbers), float(numbers.mean()), float(np.median(numbers)), deviation)


def suppressed(counts: Sequence[int], least: int = LEAST) -> tuple[int | None, ...]:
    """Counts with None in the place of each that is under `least` but not 0.

    Where that would hide one count alone, which the total then tells, the next larger
    one is hidden too (complementary suppression, Hundepool et al. 2012, p. 157).
    """
    hidden = {i for i, count in enumerate(counts) if 0 < count < least}
    if len(hidden) == 1:
        others = [i for i, count in enumerate(counts) if count >= least]
        hidden |= set(sorted(others, key=lambda i: (counts[i], i))[:1])
    return tuple(None if i in hidden else count for i, count in enumerate(counts))


def is_small(counts: Sequence[int], least: int = LEAST) -> bool:
    """Whether some option was chosen by so few that they could be known again."""
    return any(0 < count < least for count in counts)
