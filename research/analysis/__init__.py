"""Q factor analysis: pure functions, one for each step of the method.

    sorts -> correlate -> extract -> rotate -> flag -> weigh -> z-scores -> factor arrays

Shapes are the same everywhere: sorts are statements x sorts, loadings sorts x
factors, z-scores and arrays statements x factors. `solution.solve` runs the steps
in order; `conventions` says in which three ways (ours, R qmethod's, KADE's) the
steps differ.

Brown 1980: S. R. Brown, Political Subjectivity. Watts & Stenner 2012: Doing Q
Methodological Research.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]


class NotAnalysable(ValueError):
    """The data cannot carry what was asked; the message says why and what to do."""
