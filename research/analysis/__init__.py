"""Q factor analysis: pure functions, one for each step of the method.

    sorts -> correlate -> extract -> rotate -> flag -> weigh -> z-scores -> factor arrays

Shapes are the same everywhere: sorts are statements x sorts, loadings sorts x
factors, z-scores and arrays statements x factors. `solution.solve` runs the steps
in order; `conventions` says in which three ways (ours, R qmethod's, KADE's) the
steps differ.

Brown 1980: S. R. Brown, Political Subjectivity. Watts & Stenner 2012: Doing Q
Methodological Research.
"""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]
Refusal: TypeAlias = Literal[
    "too_few", "too_many_factors", "nothing_flagged", "flags_cancel", "gaps"
]


class NotAnalysable(ValueError):
    """The data cannot carry what was asked; the message says why and what to do.

    `code` tells which refusal it is, to whoever says it in words of their own.
    """

    def __init__(self, message: str, code: Refusal | None = None) -> None:
        super().__init__(message)
        self.code = code
