"""What participants told of themselves, beside the factors they define.

A count that few stand behind could be known again: it is hidden, and so is another where
the factor's number of flags would tell it (`analysis.counts`).
"""

import re
from dataclasses import dataclass

import numpy as np

from research.analysis.counts import suppressed
from research.analysis.solution import Solution
from research.dataset import Dataset

MOST_VALUES = 8
LONGEST_VALUE = 40
_TECHNICAL = re.compile(
    r"(dur|n(pos|neu|neg)|[su]id|date|time|name|email|token|key)", re.IGNORECASE
)
"""How fields begin that tools write of their own accord, or that name a person."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """One field beside the factors."""

    field: str
    values: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]
    """For each value, the sorts flagged on each factor and then those on none."""


def crossed(data: Dataset, solution: Solution) -> list[Crossed]:
    """Fields of two to eight answers, where at least one count may be told."""
    names = dict.fromkeys(field for own in data.fields.values() for field in own)
    tables = (_table(data, solution, name) for name in names if not _TECHNICAL.match(name))
    return [table for table in tables if table is not None]


def _table(data: Dataset, solution: Solution, field: str) -> Crossed | None:
    answers = [data.fields.get(name, {}).get(field, "").strip() for name in data.names]
    values = sorted({answer for answer in answers if answer})
    if not 2 <= len(values) <= MOST_VALUES or max(map(len, values)) > LONGEST_VALUE:
        return None
    given = np.array([[answer == value for value in values] for answer in answers])
    groups = np.column_stack([solution.flags, ~solution.flags.any(axis=1)])
    columns = [suppressed((given & group[:, None]).sum(axis=0).tolist()) for group in groups.T]
    if not any(count for column in columns for count in column):
        return None
    return Crossed(field, tuple(values), tuple(zip(*columns, strict=True)))
