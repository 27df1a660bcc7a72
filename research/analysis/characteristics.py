"""What the factors are like: reliability, errors, correlations."""

from dataclasses import dataclass

import numpy as np

from research.analysis import Flags, Floats

AVERAGE_RELIABILITY = 0.8
"""A person's agreement with their own sort made again (Brown 1980, p. 245)."""


@dataclass(frozen=True, slots=True)
class Characteristics:
    """One value per factor."""

    flagged: tuple[int, ...]
    sum_of_squares: Floats
    """Of the rotated loadings: what tools print as the rotated eigenvalue."""
    explained: Floats
    """Percent of variance."""
    reliability: Floats
    """Composite reliability, 0.8n / (1 + 0.8(n - 1)) (Brown 1980, p. 244)."""
    standard_error: Floats
    """Of the factor's z-scores, √(1 - reliability)."""


def characterise(loadings: Floats, flags: Flags, decimals: int | None = None) -> Characteristics:
    """The characteristics of each factor; `decimals` rounds reliability and error."""
    count = flags.sum(axis=0)
    squares = (loadings**2).sum(axis=0)
    reliability = AVERAGE_RELIABILITY * count / (1 + (count - 1) * AVERAGE_RELIABILITY)
    if decimals is not None:
        reliability = np.round(reliability, decimals)
    error = np.sqrt(1 - reliability)
    if decimals is not None:
        error = np.round(error, decimals)
    return Characteristics(
        tuple(count.tolist()), squares, 100 * squares / len(loadings), reliability, error
    )


def differences_error(standard_error: Floats, decimals: int | None = None) -> Floats:
    """SED: standard errors of differences between z-scores, √(s₁² + s₂²).

    Factors x factors (Brown 1980, p. 245).
    """
    errors = np.sqrt(standard_error[:, None] ** 2 + standard_error[None, :] ** 2)
    return errors if decimals is None else np.asarray(np.round(errors, decimals))


def factor_correlations(scores: Floats) -> Floats:
    """Correlations between factors' z-scores or arrays, factors x factors."""
    return np.atleast_2d(np.corrcoef(scores, rowvar=False))
