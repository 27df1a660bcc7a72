"""How the steps differ between tools: ours, R qmethod 1.8.4 and KADE 1.4.0.

`docs/research.md` has the same as a table, `docs/adr/0007-analysis-defaults.md` the
reasons for ours.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from research.analysis import Floats
from research.analysis.extraction import CentroidRule

Compat: TypeAlias = Literal["default", "r", "kade"]

CRITICAL = {
    0.2: 1.28,
    0.15: 1.44,
    0.1: 1.645,
    0.05: 1.96,
    0.01: 2.576,
    0.005: 2.807,
    0.001: 3.291,
    0.0005: 3.481,
    0.0001: 3.891,
    0.000001: 4.892,
}
"""Two-sided critical values of the normal distribution, by level: those that KADE offers,
as it rounds them, and R's strictest."""


def rounded(values: Floats, decimals: int) -> Floats:
    """Rounded half away from zero, as KADE does; numpy rounds half to even."""
    scale = 10.0**decimals
    return np.asarray(np.trunc(values * scale + np.copysign(0.5, values)) / scale)


@dataclass(frozen=True, slots=True)
class Conventions:
    """One tool's choices where the method leaves some open."""

    correlation_decimals: int | None
    centroid: CentroidRule
    horst_passes: int
    """How many times at most Horst's communalities are estimated."""
    standardise: bool
    """Whether each sort is standardised before it is weighted."""
    levels: tuple[tuple[str, float], ...]
    """Marks of significance and their critical values, weakest first."""
    inclusive: bool
    """Whether a difference equal to its critical value is significant."""


CONVENTIONS: dict[Compat, Conventions] = {
    "default": Conventions(
        correlation_decimals=None,
        centroid=CentroidRule(start=None, stop=1e-9, decimals=10, seeded=True),
        horst_passes=100,
        standardise=True,
        levels=(("*", 1.960), ("**", 2.576), ("***", 3.291), ("6*", 4.892)),
        inclusive=False,
    ),
    "r": Conventions(
        correlation_decimals=None,
        centroid=CentroidRule(start=None, stop=1e-5, decimals=12, seeded=False),
        horst_passes=100,
        standardise=False,
        levels=(("*", 1.960), ("**", 2.576), ("***", 3.291), ("6*", 4.892)),
        inclusive=False,
    ),
    "kade": Conventions(
        correlation_decimals=5,
        centroid=CentroidRule(start=0.5, stop=1e-3, decimals=8, seeded=False),
        horst_passes=30,
        standardise=True,
        levels=(("*", 1.960), ("**", 2.575), ("***", 3.291)),
        inclusive=True,
    ),
}
