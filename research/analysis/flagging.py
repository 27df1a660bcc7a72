"""Which sorts define a factor: automatic and manual flags, and bipolar factors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from research.analysis import Flags, Floats
from research.analysis.conventions import CRITICAL, Compat, rounded

Rule: TypeAlias = Literal["both", "significant", "majority"]
"""What is flagged automatically: a loading that is significant and explains more than half
of the communality, or one of the two alone. KADE has all three, PQMethod and R the first."""


def threshold(statements: int, level: float = 0.05) -> float:
    """The loading that is significant at a level: z/√N (Brown 1980, p. 222)."""
    return CRITICAL[level] / float(np.sqrt(statements))


def flag(loadings: Floats, least: float, compat: Compat = "default", rule: Rule = "both") -> Flags:
    """Automatic flags: |a| above a threshold, and a² above half the communality.

    The rule of PQMethod, R qmethod and KADE; KADE can leave out either part. A negative
    loading is flagged like a positive one. KADE compares squares rounded to five decimals.

    Args:
        loadings: sorts x factors.
        least: the threshold, as `threshold` gives it.
        rule: which of the two parts must hold.
    """
    squares = loadings**2
    if compat == "kade":
        squares = rounded(squares, 5)
        others = rounded(squares.sum(axis=-1, keepdims=True) - squares, 5)
        significant = squares > float(rounded(rounded(np.asarray(least), 5) ** 2, 5))
    else:
        others = squares.sum(axis=-1, keepdims=True) - squares
        significant = np.abs(loadings) > least
    if rule == "significant":
        return np.asarray(significant)
    if rule == "majority":
        return np.asarray(squares > others)
    return np.asarray((squares > others) & significant)


@dataclass(frozen=True, slots=True)
class Undecided:
    """Sorts that no single factor speaks for, by position."""

    confounded: tuple[int, ...]
    """Significant on two factors or more."""
    null: tuple[int, ...]
    """Significant on none."""
    unflagged: tuple[int, ...]
    """Flagged on none, whatever the reason."""


def undecided(loadings: Floats, flags: Flags, least: float) -> Undecided:
    """Confounded, null and unflagged sorts (Watts & Stenner 2012, p. 129)."""
    significant = (np.abs(loadings) > least).sum(axis=1)
    found = (significant > 1, significant == 0, ~flags.any(axis=1))
    return Undecided(*(tuple(np.nonzero(each)[0].tolist()) for each in found))


def by_factor_and_size(loadings: Floats) -> list[int]:
    """Sorts by the factor they load highest on, and there by the size of that loading."""
    sizes = np.abs(loadings)
    order: list[int] = np.lexsort((-sizes.max(axis=1), sizes.argmax(axis=1))).tolist()
    return order


def flag_doubts(loadings: Floats, flags: Flags, least: float) -> list[tuple[int, int, str]]:
    """Flags worth a second look, as (sort, factor, doubt).

    `weak`: flagged below the threshold. `minor`: flagged where another factor
    explains more. `several`: flagged on more factors than one. `unflagged`:
    significant on exactly one factor and not flagged.
    """
    doubts = []
    significant = np.abs(loadings) > least
    highest = np.abs(loadings).argmax(axis=1)
    several = flags.sum(axis=1) > 1
    for sort, factor in np.argwhere(flags).tolist():
        if not significant[sort, factor]:
            doubts.append((sort, factor, "weak"))
        if highest[sort] != factor:
            doubts.append((sort, factor, "minor"))
        if several[sort]:
            doubts.append((sort, factor, "several"))
    alone = ~flags.any(axis=1) & (significant.sum(axis=1) == 1)
    return doubts + [(s, int(highest[s]), "unflagged") for s in np.nonzero(alone)[0].tolist()]


def near_flags(
    loadings: Floats, least: float, rule: Rule, within: float
) -> list[tuple[int, int, float, float]]:
    """Loadings that were flagged, or were not, by less than that: (sort, factor, |a|, limit).

    The limit is the significant loading, or the root of half the communality; where both
    must hold, the higher one.
    """
    half = np.sqrt((loadings**2).sum(axis=1, keepdims=True) / 2)
    limits = {
        "significant": np.full(loadings.shape, least),
        "majority": np.broadcast_to(half, loadings.shape),
        "both": np.broadcast_to(np.maximum(half, least), loadings.shape),
    }[rule]
    sizes = np.abs(loadings)
    return [
        (sort, factor, float(sizes[sort, factor]), float(limits[sort, factor]))
        for sort, factor in np.argwhere(np.abs(sizes - limits) < within).tolist()
    ]


def bipolar(loadings: Floats, flags: Flags) -> list[int]:
    """Factors that sorts define from both ends: flagged with plus and with minus."""
    plus = (flags & (loadings > 0)).any(axis=0)
    minus = (flags & (loadings < 0)).any(axis=0)
    return np.nonzero(plus & minus)[0].tolist()


def split_bipolar(
    loadings: Floats, flags: Flags, names: Sequence[str]
) -> tuple[Floats, Flags, tuple[str, ...]]:
    """Each bipolar factor as two: `f1a` with the positive flags, `f1b` reflected.

    (Brown 1980, pp. 252-254; Watts & Stenner 2012, p. 133.)
    """
    columns: list[Floats] = []
    marks: list[Flags] = []
    labels: list[str] = []
    both = bipolar(loadings, flags)
    for factor, name in enumerate(names):
        column, flagged = loadings[:, factor], flags[:, factor]
        if factor not in both:
            columns.append(column)
            marks.append(flagged)
            labels.append(name)
            continue
        columns += [column, -column]
        marks += [flagged & (column > 0), flagged & (column < 0)]
        labels += [f"{name}a", f"{name}b"]
    return np.column_stack(columns), np.column_stack(marks), tuple(labels)
