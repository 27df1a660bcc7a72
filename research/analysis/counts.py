"""What many answered: counts that name nobody, means and medians."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from research.bounds import LEAST


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the numbers that some answered."""

    n: int
    mean: float
    median: float
    deviation: float
    """Standard deviation of the sample, over n - 1; 0 of a single number."""


def summary(values: Sequence[float]) -> Summary | None:
    """Mean, median and standard deviation; None of no numbers."""
    if not values:
        return None
    numbers = np.asarray(values, dtype=float)
    deviation = float(numbers.std(ddof=1)) if len(numbers) > 1 else 0.0
    return Summary(len(numbers), float(numbers.mean()), float(np.median(numbers)), deviation)


def suppressed(counts: Sequence[int], least: int = LEAST) -> tuple[int | None, ...]:
    """Counts with None in the place of each that is under `least` but not 0, and of what tells it.

    The total tells what is hidden together, so nothing is hidden alone: zeros go along, and then
    the smallest of the others, until two or more are hidden that are `least` together
    (complementary suppression, Hundepool et al. 2012, p. 157). Those that are as many go along
    together, and all may not be the most that is hidden: whoever knows this program would else know
    them. So whoever reads the rest cannot tell which of those that are hidden is which.
    """
    if not any(0 < count < least for count in counts):
        return tuple(counts)
    hidden = {i for i, count in enumerate(counts) if count < least}
    for smallest in sorted({count for count in counts if count >= least}):
        told = [counts[i] for i in hidden]
        if len(told) > 1 and sum(told) >= least and {*told} != {least - 1}:
            break
        hidden |= {i for i, count in enumerate(counts) if count == smallest}
    return tuple(None if i in hidden else count for i, count in enumerate(counts))


def tells_who(answers: Iterable[Hashable], least: int = LEAST) -> bool:
    """Whether some answer was given by so few that they could be known again by it."""
    return any(count < least for count in Counter(answers).values())


def side_by_side(columns: Mapping[str, Sequence[Hashable]], least: int = LEAST) -> list[str]:
    """The columns that may stand beside each other, of each person's answers.

    A role and an office that many have are together what one has alone. The first columns are
    kept for which whatever is answered in all of them is answered by `least`.
    """
    kept = list[str]()
    for name in columns:
        together = zip(*(columns[one] for one in (*kept, name)), strict=True)
        if not tells_who(together, least):
            kept.append(name)
    return kept
