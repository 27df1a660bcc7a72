"""Sums beside their items: whether what is told of them could be of other answers.

A deviation beside the items' own counts can leave one single way in which so many have answered:
of three questions with two answers each, it tells how many said yes to all. So two persons change
places in one item, which leaves every item as it was. Where all that is told of sums stays the same
too, these two could have answered otherwise, and so could whoever else has what is theirs now.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from research.analysis import Floats
from research.analysis.counts import suppressed
from research.analysis.items import alpha, item_rest

Depth: TypeAlias = Literal[-1, 0, 1, 2]
"""What is told of a sum: nothing, which items go against the rest, its bands too, or all of it."""
TRIES = 80
"""Changes of places that are tried for each person."""
FEW = 10
"""Answers from which on it is said how the items go together."""
SUM_DECIMALS, ALPHA_DECIMALS, REST_DECIMALS = 1, 1, 1
"""To how many a sum's mean and deviation, alpha, and an item's correlation are told: to more of
them the deviation is that of one way alone."""


def totals(own: Floats, share: float) -> Floats:
    """The sum of each person's scores, with their own mean for gaps.

    Not a number where less than that share of it is known.
    """
    items = own.shape[1]
    known = (~np.isnan(own)).sum(axis=1)
    enough = (known > 0) & (known >= share * items)
    return np.where(enough, np.nansum(own, axis=1) * items / np.maximum(known, 1), np.nan)


@dataclass(frozen=True, slots=True)
class Added:
    """One sum."""

    columns: tuple[int, ...]
    """Of the items, as scored in it."""
    bands: tuple[float, ...]
    """Where each begins, from the least on."""
    share: float
    """Of its items, that somebody must have answered."""
    depth: Depth

    def totals(self, scores: Floats) -> Floats:
        """Of each person, with their own mean for gaps; not a number where these are too many."""
        return totals(scores[:, self.columns], self.share)

    def in_bands(self, reached: Floats) -> list[int]:
        """How many of these totals are in each band."""
        there = reached[~np.isnan(reached)]
        at_least = [int((there >= least).sum()) for least in self.bands] + [0]
        return [one - more for one, more in pairwise(at_least)]

    def told(self, scores: Floats, depth: Depth) -> Iterator[object]:
        """All that is told of it, what is soon reckoned first."""
        reached = self.totals(scores)
        there = reached[~np.isnan(reached)]
        complete = scores[:, self.columns][~np.isnan(scores[:, self.columns]).any(axis=1)]
        if depth > 0:
            yield suppressed(self.in_bands(reached))
        if depth > 1:
            yield round(float(there.mean()), SUM_DECIMALS)
            yield round(float(there.std(ddof=1)), SUM_DECIMALS)
            yield float(np.median(there))
        if len(complete) < FEW or depth < 0:
            return
        if depth > 1:
            found = alpha(complete.tolist())
            yield None if found is None else round(found, ALPHA_DECIMALS)
        rest = item_rest([str(n) for n in self.columns], complete.tolist())
        yield [n for n, value in rest.items() if value < 0]
        if depth > 1:
            yield [round(value, REST_DECIMALS) for value in rest.values()]


def otherwise(
    scores: Floats, sums: Sequence[Added], which: int, still: Iterable[int], least: int
) -> bool:
    """Whether each who is one of few in a sum could have answered otherwise.

    By what they answered to its items, by their sum, and by a band that is hidden; with all the
    same told of all sums. `scores` are people by items, and not numbers where there is none; the
    items `still` stay as they are.
    """
    seen = _Few(scores, sums[which], least)
    told = [[*one.told(scores, one.depth)] for one in sums]
    for person in range(len(scores)):
        if not seen.open_of(person):
            continue
        for other, changed in _alike(
            scores, sums, told, _places(scores, sums[which], person, {*still}), person
        ):
            seen.take(person, other, changed)
            if not seen.open_of(person):
                break
        if seen.rows[person] in seen.few:
            return False
    return not seen.is_open


class _Few:
    """Those who are few, until it is found that they could be otherwise."""

    def __init__(self, scores: Floats, one: Added, least: int) -> None:
        self._one = one
        self.rows = _rows(scores, one)
        self._totals = one.totals(scores)
        counted = Counter(self._totals[~np.isnan(self._totals)].tolist())
        self.few = {row for row, n in Counter(self.rows).items() if n < least}
        self._rare = {total for total, n in counted.items() if n < least}
        self._counts = one.in_bands(self._totals)
        hidden = suppressed(self._counts, least) if one.depth > 0 else ()
        self._bands = {n for n, count in enumerate(hidden) if count is None}

    @property
    def is_open(self) -> bool:
        return bool(self.few or self._rare or self._bands)

    def open_of(self, person: int) -> bool:
        """Whether there is something to look for in what somebody answered."""
        return (
            self.rows[person] in self.few or self._totals[person] in self._rare or bool(self._bands)
        )

    def take(self, person: int, other: int, changed: Floats) -> None:
        """These two have changed places in one item."""
        now = self._one.totals(changed)
        self.few -= {self.rows[person], self.rows[other]}
        before, after = (Counter(t[[person, other]].tolist()) for t in (self._totals, now))
        self._rare -= {t for t in before | after if before[t] != after[t]}
        counts = zip(self._counts, self._one.in_bands(now), strict=True)
        self._bands -= {n for n, (was, is_now) in enumerate(counts) if was != is_now}


def _rows(scores: Floats, one: Added) -> list[tuple[float, ...]]:
    """What each answered to the items of a sum; -1 for nothing, which equals itself."""
    return [tuple(row) for row in np.nan_to_num(scores[:, one.columns], nan=-1e9).tolist()]


def _alike(
    scores: Floats,
    sums: Sequence[Added],
    told: Sequence[Sequence[object]],
    places: Iterable[tuple[int, int]],
    person: int,
) -> Iterator[tuple[int, Floats]]:
    """Those with whom somebody may change places, and the answers then."""
    for column, other in places:
        changed = scores.copy()
        changed[[person, other], column] = scores[[other, person], column]
        if all(
            all(a == b for a, b in zip(one.told(changed, one.depth), said, strict=True))
            for one, said in zip(sums, told, strict=True)
            if column in one.columns
        ):
            yield other, changed


def _places(scores: Floats, one: Added, person: int, still: set[int]) -> list[tuple[int, int]]:
    """Items and others with whom to change places in them: first what changes the spread least."""
    columns = [n for n in one.columns if n not in still]
    own, step = scores[:, one.columns], scores[:, columns] - scores[person, columns]
    known = np.nan_to_num(own, nan=-1e9)
    unlike = (known != known[person]).sum(axis=1)
    reached = np.nan_to_num(one.totals(scores))
    spread = np.abs(step * (reached[person] - reached[:, None] + step))
    there = (np.nan_to_num(step) != 0) & (unlike > 1)[:, None]
    others, at = np.nonzero(there)
    order = np.lexsort((others, spread[others, at]))
    likely = [(columns[at[n]], int(others[n])) for n in order]
    moving = [found for found, n in zip(likely, order, strict=True) if spread[others[n], at[n]] > 0]
    return moving[:TRIES] + likely[:TRIES]
