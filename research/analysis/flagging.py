"""Which sorts define a factor: automatic and manual flags, and bipolar factors."""

from collections.abc import Sequence

import numpy as np

from research.analysis import Flags, Floats
from research.analysis.conventions import CRITICAL, Compat, rounded


def threshold(statements: int, level: float = 0.05) -> float:
    """The loading that is significant at a level: z/√N (Brown 1980, p. 222)."""
    return CRITICAL[level] / float(np.sqrt(statements))


def flag(loadings: Floats, least: float, compat: Compat = "default") -> Flags:
    """Automatic flags: |a| above a threshold, and a² above half the communality.

    The rule of PQMethod, R qmethod and KADE. A negative loading is flagged like a
    positive one. KADE compares squares rounded to five decimals.

    Args:
        loadings: sorts x factors.
        least: the threshold, as `threshold` gives it.
    """
    squares = loadings**2
    if compat == "kade":
        squares = rounded(squares, 5)
        others = rounded(squares.sum(axis=-1, keepdims=True) - squares, 5)
        limit = float(rounded(rounded(np.asarray(least), 5) ** 2, 5))
        return np.asarray((squares > others) & (squares > limit))
    others = squares.sum(axis=-1, keepdims=True) - squares
    return np.asarray((squares > others) & (np.abs(loadings) > least))


def flag_doubts(loadings: Floats, flags: Flags, least: float) -> list[tuple[int, int, str]]:
    """Flags worth a second look, as (sort, factor, doubt).

    `weak`: flagged below the threshold. `minor`: flagged where another factor
    explains more. `several`: flagged on more factors than one. `unflagged`:
    significant on exactly one factor and not flagged.
    """
    doubts = []
    significant = np.abs(loadings) > least
    highest = np.abs(loadings).argmax(axis=1)
    for sort, factor in np.argwhere(flags).tolist():
        if not significant[sort, factor]:
            doubts.append((sort, factor, "weak"))
        if highest[sort] != factor:
            doubts.append((sort, factor, "minor"))
        if flags[sort].sum() > 1:
            doubts.append((sort, factor, "several"))
    alone = ~flags.any(axis=1) & (significant.sum(axis=1) == 1)
    return doubts + [(s, int(highest[s]), "unflagged") for s in np.nonzero(alone)[0].tolist()]


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
