"""Sorts of the same persons at two times: never two in one, and never one person twice unsaid."""

import re
from collections.abc import Sequence

from dialogs.faults import Fault
from research.formats.faults import BadFile

_TIMES = r"før|etter|for|pre|post|before|after|t\d|(?:wave|runde|time|tid|round) ?\d"
_BEHIND = re.compile(rf"(?P<label>.+?)[ _.\-]+(?P<time>{_TIMES})", re.IGNORECASE)
_BEFORE = re.compile(rf"(?P<time>{_TIMES})[ _.\-]+(?P<label>.+)", re.IGNORECASE)
_MOST = 4


def refuse_two_in_one(statements: Sequence[str], place: str) -> None:
    """Refuse statements that are each there for several times: `s1_før` and `s1_etter`.

    Raises:
        BadFile: they are.
    """
    for form in (_BEHIND, _BEFORE):
        parts = [form.fullmatch(one.strip()) for one in statements]
        found = [(p["label"], p["time"].casefold()) for p in parts if p]
        times = list(dict.fromkeys(time for _, time in found))
        labels = {label for label, _ in found}
        if len(found) == len(statements) == len(labels) * len(times) and 1 < len(times) <= _MOST:
            raise _refused(
                place,
                f"Each statement is there for {len(times)} times ({', '.join(times)}): these are "
                f"{len(times)} sorts of each person, and not one.",
                "one sort in a row or column",
                "Make a table for each time, or a sort for each with the time in its name "
                f"(P1 {times[0]}, P1 {times[1]}).",
            )


def refuse_persons_twice(
    names: Sequence[str], others: Sequence[tuple[str, Sequence[str]]], place: str
) -> None:
    """Refuse names that are there more than once where another column tells them apart.

    Args:
        names: of the rows.
        others: titles of further columns, with their cells.
        place: where to look.

    Raises:
        BadFile: a column does.
    """
    if len(set(names)) == len(names):
        return
    for title, cells in others:
        times = list(dict.fromkeys(cells))
        pairs = set(zip(names, cells, strict=True))
        if len(pairs) == len(names) and 1 < len(times) <= _MOST:
            raise _refused(
                place,
                f"The same are there several times, told apart by the column {title} "
                f"({', '.join(times)}).",
                "each sort under a name of its own",
                f"Take the rows of one of them, or write it into the name (P1 {times[0]}).",
            )


def _refused(place: str, found: str, expected: str, remedy: str) -> BadFile:
    return BadFile([Fault(place, found, expected, remedy)])
