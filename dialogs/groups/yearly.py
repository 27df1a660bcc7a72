"""What may be told of a year's meetings: counts that are of many groups, rounded, of a year that
is over.

A year is told whole, and not before its end, so that no two summaries have anything in common
whose difference tells of one meeting. What is too little for a row of its own is counted with
other rows, until together they are enough.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LEAST_GROUPS = 5
LEAST_MEETINGS = 10
STEP = 5
"""Counts are told to the nearest of these."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of one method in one year: how many groups began with it, and how many meetings were held."""

    method: str
    groups: int
    meetings: int


@dataclass(frozen=True, slots=True)
class Row:
    """Rounded. No method: several together."""

    method: str | None
    meetings: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Rounded; there are either no rows or several."""

    groups: int
    meetings: int
    rows: tuple[Row, ...] = ()


def summary(counts: Iterable[Count]) -> Summary | None:
    """What may be told of a year; None where that is nothing."""
    known = sorted(counts, key=lambda count: (-count.meetings, count.method))
    if not _is_enough(known):
        return None
    groups, meetings = _together(known)
    rows = _rows(known)
    # A sum rounded by itself would, beside its rows, leave fewer numbers possible.
    told = sum(row.meetings for row in rows) if rows else _rounded(meetings)
    return Summary(_rounded(groups), told, rows)


def _rows(known: list[Count]) -> tuple[Row, ...]:
    own = [each for each in known if _is_enough([each])]
    others = [each for each in known if each not in own]
    while others and not _is_enough(others):  # all of them together are enough
        others.append(own.pop())
    if len(own) + bool(others) < 2:
        return ()
    rows = [Row(each.method, _rounded(each.meetings)) for each in own]
    return (*rows, *([Row(None, _rounded(_together(others)[1]))] if others else []))


def _is_enough(counts: Iterable[Count]) -> bool:
    groups, meetings = _together(counts)
    return groups >= LEAST_GROUPS and meetings >= LEAST_MEETINGS


def _together(counts: Iterable[Count]) -> tuple[int, int]:
    known = [*counts]
    return sum(each.groups for each in known), sum(each.meetings for each in known)


def _rounded(number: int) -> int:
    return (number + STEP // 2) // STEP * STEP
