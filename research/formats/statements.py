"""Texts of statements: `.STA` and plain text with one per line, and CSV."""

import re

from research.formats.faults import BadFile, Checker, Fault
from research.formats.source import Source, unguard

NUMBERED = re.compile(r"\s*(\d+)[.):]\s*(.+)")


def read_statements(source: Source, expected: int) -> tuple[str, ...]:
    """The texts in statement order.

    One per line, where numbers before all of them are taken away, or a CSV with the
    text in its last column, under a header.

    Raises:
        BadFile: there are more or fewer than expected.
    """
    texts = (
        [unguard(row[-1].strip()) for _, row in source.rows(",")[1:]]
        if source.path.suffix.lower() == ".csv"
        else unnumbered([line.strip() for line in source.lines if line.strip()])
    )
    if len(texts) != expected:
        raise BadFile(
            [
                Fault(
                    f"{source.path.name}, line {min(len(texts), expected) + 1}",
                    f"The file holds {len(texts)} statements.",
                    f"{expected}, as many as the sorts have values",
                    "Give one statement per line, in the order of the sorts.",
                )
            ]
        )
    return tuple(texts)


def unnumbered(texts: list[str]) -> list[str]:
    """The texts without their numbers, where they are numbered from 1 on."""
    parts = [NUMBERED.fullmatch(text) for text in texts]
    if all(part and int(part[1]) == n for n, part in enumerate(parts, 1)):
        return [part[2] for part in parts if part]
    return texts


def one_line(text: str) -> str:
    """The text without line breaks, for formats of one statement per line."""
    return " ".join(text.split())


def write_statements(texts: tuple[str, ...]) -> bytes:
    """One statement per line."""
    return "".join(f"{one_line(text)}\n" for text in texts).encode()


def numbers(count: int) -> tuple[str, ...]:
    """Labels for statements that a format knows by position only."""
    return tuple(str(n) for n in range(1, count + 1))


PATTERN_VALUES = range(-6, 14)
"""The values that PQMethod and KADE can count."""


def pattern_from(counts: list[object], checker: Checker, place: str) -> dict[int, int] | None:
    """A grid from 20 counts for the values -6 to +13; nothing where all are zero."""
    if len(counts) != len(PATTERN_VALUES):
        checker.fault(
            place,
            f"The pattern has {len(counts)} counts.",
            "exactly 20, for the values -6 to +13",
            "Write a 0 for each value that the grid does not have.",
        )
        return None
    cells = dict(
        zip(PATTERN_VALUES, (checker.value(count, place) for count in counts), strict=True)
    )
    return {value: count for value, count in cells.items() if count} or None
