"""Sorts as a file gives them, record by record, made into a dataset.

What a researcher leaves out is left out before anything is judged; what is missing in the
others is refused, or dropped or left open where that was asked for.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from research.dataset import Dataset, Remark
from research.formats.faults import Checker
from research.formats.statements import numbers
from research.tables.numerals import is_missing

GapChoice: TypeAlias = Literal["refuse", "drop", "pairwise"]
RowsHold: TypeAlias = Literal["statements", "sorts"]
"""What a row of a table is."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a researcher says about a file, beside what its content tells."""

    exclude: frozenset[str] = frozenset()
    missing: GapChoice = "refuse"
    rows: RowsHold | None = None
    sheet: str | None = None


PLAIN = ReadingOptions()


@dataclass(frozen=True, slots=True)
class SortRecord:
    """One sort as it stands in the file."""

    name: str
    place: str
    cells: Sequence[object]
    at: Callable[[int], str]
    """The place of a cell, counted from 0."""
    comments: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    also: str = ""
    """Another name by which it may be left out."""
    name_at: str = ""


def gather(
    records: Sequence[SortRecord],
    reading: ReadingOptions,
    checker: Checker,
    *,
    statements: Sequence[str] | None = None,
    texts: Sequence[str] = (),
    title: str = "",
    pattern: Mapping[int, int] | None = None,
    remarks: Sequence[Remark] = (),
) -> Dataset:
    """The dataset of these records.

    Raises:
        BadFile: with every record that is no sort, and every cell that is no value.
    """
    out = [one for one in records if {one.name, one.also} & reading.exclude]
    kept = [one for one in records if not {one.name, one.also} & reading.exclude]
    count = len(statements) if statements is not None else _length(kept)
    seen: dict[str, str] = {}
    columns: list[tuple[SortRecord, list[int]]] = []
    left_open: dict[str, list[int]] = {}
    dropped = []
    for one in kept:
        faults = len(checker.faults)
        checker.label(one.name, seen, one.name_at or one.place, "sort")
        if gaps := [n for n, cell in enumerate(one.cells) if is_missing(cell)]:
            if reading.missing == "drop" and len(checker.faults) == faults:
                dropped.append(one.name)
                continue
            if reading.missing == "pairwise" and count == len(one.cells) > 2 * len(gaps):
                left_open[one.name.strip()] = gaps
                columns.append((one, _values(one, set(gaps), checker)))
                continue
            _incomplete(one, gaps, count, checker)
        elif len(one.cells) != count:
            checker.fault(
                one.place,
                f"The sort has {len(one.cells)} values.",
                f"{count}, one for each statement",
                "See whether a value is missing, doubled, or holds the separator, or leave the "
                f"sort out: --exclude {one.name}.",
            )
        else:
            columns.append((one, _values(one, set(), checker)))
    checker.raise_if_any()
    labels = numbers(count) if statements is None else tuple(statements)
    told = [
        *remarks,
        *([_dropped(dropped)] if dropped else []),
        *([_left_open(left_open)] if left_open else []),
    ]
    names = tuple(one.name.strip() for one, _ in columns)
    missing = np.zeros((count, len(columns)), dtype=np.bool_)
    for name, rows in left_open.items():
        missing[rows, names.index(name)] = True
    return Dataset(
        title=title,
        statements=labels,
        texts=tuple(texts) or ("",) * count,
        names=names,
        sorts=np.array([c for _, c in columns], dtype=np.int64).reshape(len(columns), count).T,
        pattern=pattern,
        comments={one.name: dict(one.comments) for one, _ in columns if one.comments},
        fields={one.name: dict(one.fields) for one, _ in columns if one.fields},
        remarks=tuple(told),
        excluded=tuple(one.name for one in out),
        also=tuple(one.also for one in out),
        gaps=missing if left_open else None,
    )


def _values(one: SortRecord, gaps: AbstractSet[int], checker: Checker) -> list[int]:
    return [0 if n in gaps else checker.value(c, one.at(n)) for n, c in enumerate(one.cells)]


def _length(records: Sequence[SortRecord]) -> int:
    """How many values most of them have; of equally many, the first's."""
    counted = Counter(len(one.cells) for one in records)
    return counted.most_common(1)[0][0] if counted else 0


def _incomplete(one: SortRecord, gaps: Sequence[int], count: int, checker: Checker) -> None:
    way_on = f"Fill them in, leave the sort out (--exclude {one.name}), or every sort with gaps "
    way_on += "(--missing drop), or correlate pairwise (--missing pairwise)."
    if len(gaps) == len(one.cells):
        checker.fault(one.place, f"The sort {one.name} is empty.", f"{count} values", way_on)
        return
    for n in gaps:
        text = str(one.cells[n] if one.cells[n] is not None else "").strip()
        checker.fault(
            one.at(n),
            f"The cell holds “{text}”, which is no value." if text else "The cell is empty.",
            "a whole number from -999 to 999, the value of a statement",
            way_on,
        )


def _dropped(names: Sequence[str]) -> Remark:
    said = ", ".join(names)
    return (
        f"Sorteringer med manglende verdier er utelatt: {said}.",
        f"Sorts with missing values were dropped: {said}.",
    )


def _left_open(gaps: Mapping[str, Sequence[int]]) -> Remark:
    said = ", ".join(f"{name} ({len(rows)})" for name, rows in gaps.items())
    nb = (
        "Sorteringer med manglende verdier er korrelert parvis, over de utsagnene som begge har. "
        "I z-skårene teller det som mangler, som gjennomsnittet av sorteringen. Så mange mangler: "
    )
    en = (
        "Sorts with missing values were correlated pairwise, over the statements that both have. "
        "In z-scores, what is missing counts as the sort's mean. So many are missing: "
    )
    return f"{nb}{said}.", f"{en}{said}."
