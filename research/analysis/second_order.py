"""Second-order analysis: the factors themselves as sorts."""

from dataclasses import dataclass

import numpy as np

from research.analysis import Floats
from research.analysis.characteristics import factor_correlations
from research.analysis.correlation import eigenvalues
from research.analysis.extraction import principal_components, reflect_positive
from research.analysis.number import kaiser
from research.analysis.rotation import varimax


@dataclass(frozen=True, slots=True)
class SecondOrder:
    """What a study's factors have in common."""

    eigenvalues: Floats
    loadings: Floats
    """First-order factors x second-order factors."""


def second_order(z: Floats) -> SecondOrder | None:
    """Factor analysis of the factors' z-scores (Brown 1980, pp. 312-316).

    Principal components with eigenvalues of at least 1, varimax. Also for the
    factors of several studies of the same statements, side by side.

    Args:
        z: statements x factors.

    Returns:
        Nothing where there are fewer than three factors.
    """
    if z.shape[1] < 3:
        return None
    correlations = factor_correlations(z)
    values = eigenvalues(correlations)
    loadings = varimax(principal_components(correlations, kaiser(values)))
    order = np.argsort(-(loadings**2).sum(axis=0), kind="stable")
    return SecondOrder(values, reflect_positive(loadings[:, order]))
