"""What the answers of a scale say of themselves: their own numbers, and which are no step."""

import re
from collections.abc import Sequence

from dialogs.studies.items import is_no_step
from research.tables.numerals import whole

_NUMBERED = re.compile(r"([-+\u2212\u2013]?\d{1,3})(?:\s*[=:)]\s*|\s+[\u2013-]\s+|\.\s+|\s+|$)(.*)")
_BEGINS = re.compile(r"([-+\u2212\u2013]?\d+(?:[.,]\d+)?)(?=\s|$)")
_SIGNED = re.compile(r"[-+\u2212\u2013]?\d{1,3}\s*([=:)]|\.\s|[\u2013-]\s)")


def understood(answers: Sequence[str]) -> tuple[list[str], list[int | None]]:
    """Labels and values.

    Numbers that all steps begin with are their values (`0 Never | 1 Sometimes`); a number
    that a sign divides from its label (`0 = Never`) is no part of it. Else they count from
    1. An answer in brackets, or one such as `Don't know`, has no value.
    """
    labels = [one[1:-1].strip() if _is_bracketed(one) else one.strip() for one in answers]
    parts = [_NUMBERED.fullmatch(label) for label in labels]
    said = [part[2].strip() if part else label for part, label in zip(parts, labels, strict=True)]
    steps = [
        not _is_bracketed(answer) and not is_no_step(rest or label)
        for answer, rest, label in zip(answers, said, labels, strict=True)
    ]
    numbers = [whole(part[1]) if part else None for part in parts]
    own = [number for number, is_step in zip(numbers, steps, strict=True) if is_step]
    if own and None not in own and len(set(own)) == len(own):
        kept = [
            rest if rest and _SIGNED.match(label) else label
            for rest, label in zip(said, labels, strict=True)
        ]
        return kept, [n if is_step else None for n, is_step in zip(numbers, steps, strict=True)]
    counted, values = 0, list[int | None]()
    for is_step in steps:
        counted += is_step
        values.append(counted if is_step else None)
    return labels, values


_UNSURE = frozenset({"usikker", "ikke sikker", "ikkje sikker", "not sure", "unsure", "undecided",
                     "uvisst", "annet", "anna", "other", "dk", "na"})  # fmt: skip


def doubts(labels: Sequence[str], values: Sequence[int | None]) -> list[str]:
    """What may be meant otherwise than it was understood, and how to say so."""
    said = list[str]()
    steps = [(label, v) for label, v in zip(labels, values, strict=True) if v is not None]
    numbers = [(_BEGINS.match(label), value) for label, value in steps]
    if any(number and whole(number[1]) != value for number, value in numbers):
        said.append(
            "the numbers in the answers are not taken, for not every step has a whole one of its "
            "own: they count from 1"
        )
    if labels and values[-1] is not None and labels[-1].strip(" .").casefold() in _UNSURE:
        said.append(
            f"“{labels[-1]}” is taken for the highest step: write ({labels[-1]}) if it is none"
        )
    return said


def _is_bracketed(answer: str) -> bool:
    return answer.strip().startswith("(") and answer.strip().endswith(")")
