"""Names paired with names: a position says nothing where a text says another."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from research.formats.source import unguard

_NUMBERED = re.compile(r"(?P<stem>.*?)[ _.\-]*0*(?P<number>\d+)[.)]?")


@dataclass(frozen=True, slots=True)
class NumberedStem:
    """`s01` is the stem `s` and the number 1."""

    stem: str
    number: int


def numbered(label: str) -> NumberedStem | None:
    """A label that ends in a number, taken apart."""
    found = _NUMBERED.fullmatch(label.strip().casefold())
    return NumberedStem(found["stem"].strip(), int(found["number"])) if found else None


def series(labels: Collection[str]) -> str | None:
    """The stem of labels that count 1, 2, 3 ... (or from 0), in any order; else None."""
    each = [numbered(label) for label in labels]
    found = [one for one in each if one is not None]
    stems = {one.stem for one in found}
    if not each or len(found) < len(each) or len(stems) != 1:
        return None
    numbers = sorted(one.number for one in found)
    return next(iter(stems)) if numbers in _counts(len(numbers)) else None


def _counts(length: int) -> tuple[list[int], list[int]]:
    return list(range(1, length + 1)), list(range(length))


@dataclass(frozen=True, slots=True)
class Match:
    """What each found label is called here, and what has no partner."""

    by_found: dict[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    by_number: bool = False


def match(wanted: Sequence[str], found: Sequence[str]) -> Match:
    """Each found label with the wanted one that it means.

    They are the same label where they are spelled alike but for capitals and spaces, or
    where both lists count with one stem each and no other pairing is there: `s3` is `3`.
    """
    there = set(wanted)
    keys = {_key(label): label for label in reversed(wanted)}
    pairs = {
        label: label if label in there else keys[_key(label)]
        for label in found
        if label in there or _key(label) in keys
    }
    by_number = False
    if not pairs:
        pairs = _numbers(wanted, found)
        by_number = bool(pairs)
    partners = set(pairs.values())
    return Match(
        pairs,
        tuple(label for label in found if label not in pairs),
        tuple(label for label in wanted if label not in partners),
        by_number,
    )


def _key(label: str) -> str:
    """Without capitals, spaces and leading zeros: `S01` is `s1`."""
    found = numbered(label)
    return f"{found.stem}{found.number}" if found else " ".join(label.split()).casefold()


def _numbers(wanted: Sequence[str], found: Sequence[str]) -> dict[str, str]:
    there = [numbered(label) for label in wanted]
    asked = [numbered(label) for label in found]
    for each in (there, asked):
        if None in each or len({one.stem for one in each if one}) != 1:
            return {}
    by_number = {one.number: label for one, label in zip(there, wanted, strict=True) if one}
    return {
        label: by_number[one.number]
        for one, label in zip(asked, found, strict=True)
        if one and one.number in by_number
    }


def plain_title(cell: str) -> str:
    """The name of a column without capitals, quotation marks and what stands for a space."""
    return " ".join(unguard(cell).replace("_", " ").casefold().split()).strip('"')
