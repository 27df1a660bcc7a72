"""Orthogonal rotation: varimax, judgmental by angles, and towards a target."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from research.analysis import Floats, NotAnalysable
from research.analysis.conventions import rounded

RESTARTS = 8
"""Random starts beside the unrotated one: varimax has local optima from three factors on."""
MAX_SWEEPS = 500
MAX_SWEEPS_KADE = 225


def varimax_criterion(loadings: Floats) -> Floats:
    """Kaiser's normalised varimax criterion (Kaiser 1958): what varimax maximises.

    The sum over factors of the variance of the squared loadings, each sort
    scaled to communality 1.

    Args:
        loadings: (samples x) sorts x factors.
    """
    squares = _normalised(loadings)[0] ** 2
    return np.asarray(squares.var(axis=-2).sum(axis=-1))


def varimax(loadings: Floats) -> Floats:
    """Normalised varimax (Kaiser 1958), rotated until it rests.

    From three factors on the criterion has local optima: the best of several
    starts is taken, the unrotated factors first.

    Args:
        loadings: sorts x factors.
    """
    rotated = varimax_from(loadings @ _starts(loadings.shape[1]))
    criteria = varimax_criterion(rotated)
    return np.asarray(rotated[int((criteria > criteria.max() - 1e-10).argmax())])


@cache
def _starts(factors: int) -> Floats:
    """Rotations to start from: none, and from three factors on some at random."""
    random = np.random.default_rng(0).standard_normal(
        (RESTARTS if factors > 2 else 0, factors, factors)
    )
    return np.concatenate([np.eye(factors)[None], np.linalg.qr(random)[0]])


def varimax_from(loadings: Floats) -> Floats:
    """Varimax of many solutions at once, each from where it is.

    Planar rotations of every pair of factors, with the angle that is best for the
    pair (Kaiser 1958), in sweeps until no pair turns by more than 1e-10 radians.

    Args:
        loadings: samples x sorts x factors.
    """
    scaled, lengths = _normalised(loadings)
    pairs = list(combinations(range(loadings.shape[-1]), 2))
    for _ in range(MAX_SWEEPS):
        turned = 0.0
        for first, second in pairs:
            angles = _varimax_angle(scaled[..., first], scaled[..., second])
            _turn(scaled, first, second, angles)
            turned = max(turned, float(np.abs(angles).max()))
        if turned < 1e-10:
            break
    return scaled * lengths


def _varimax_angle(x: Floats, y: Floats) -> Floats:
    moment = _varimax_moment(x, y)
    return np.where(np.abs(moment) < 1e-10, 0.0, np.angle(moment) / 4)  # or any angle is as good


def _varimax_moment(x: Floats, y: Floats) -> NDArray[np.complex128]:
    """The number whose angle is four times the best angle of a plane.

    With each sort as x + iy, this is the spread of the squares: Kaiser's (1958)
    denominator as its real part and his numerator as its imaginary part.
    """
    squares = (x + 1j * y) ** 2
    return np.asarray((squares**2).sum(axis=-1) - squares.sum(axis=-1) ** 2 / x.shape[-1])


def _turn(loadings: Floats, first: int, second: int, angles: Floats) -> None:
    cosine, sine = np.cos(angles)[..., None], np.sin(angles)[..., None]
    x, y = loadings[..., first].copy(), loadings[..., second]
    loadings[..., first] = x * cosine + y * sine
    loadings[..., second] = y * cosine - x * sine


def _normalised(loadings: Floats) -> tuple[Floats, Floats]:
    lengths = np.sqrt((loadings**2).sum(axis=-1, keepdims=True))
    return loadings / np.where(lengths > 0, lengths, 1.0), lengths


def varimax_r(loadings: Floats) -> Floats:
    """Varimax as R's `stats::varimax` ends it: a step that gains under 1e-5 is the last."""
    scaled, lengths = _normalised(loadings)
    rotation = np.eye(loadings.shape[1])
    gain = 0.0
    for _ in range(1000):
        rotated = scaled @ rotation
        target = rotated**3 - rotated * (rotated**2).sum(axis=0) / len(scaled)
        left, singular, right = np.linalg.svd(scaled.T @ target)
        rotation = left @ right
        before, gain = gain, float(singular.sum())
        if gain < before * (1 + 1e-5):
            break
    return np.asarray(scaled @ rotation * lengths)


def varimax_kade(loadings: Floats) -> Floats:
    """Varimax as KADE ends it: no pair turns by a fourth of 0.00116 radians or less.

    It rests when four sweeps in a row change the criterion by less than 1e-8, and
    gives five decimals. Where the numerator of the angle exceeds the denominator,
    KADE turns by the complement of the angle and comes to rest by another way.
    """
    lengths = np.sqrt(rounded((loadings**2).sum(axis=1), 8))[:, None]
    scaled = rounded(loadings / np.where(lengths > 0, lengths, 1.0), 8)
    before, resting = 0.0, 0
    for _ in range(MAX_SWEEPS_KADE):
        gain = float(np.var(scaled**2, axis=0).sum())
        resting = resting + 1 if abs(gain - before) < 1e-8 else 0
        before = gain
        for first, second in combinations(range(loadings.shape[1]), 2):
            angle = _varimax_angle_kade(scaled[:, first], scaled[:, second])
            _turn(scaled, first, second, np.asarray(angle))
            scaled = rounded(scaled, 8)
        if resting > 3:
            break
    return rounded(rounded(scaled, 5) * rounded(lengths, 5), 5)


def _varimax_angle_kade(x: Floats, y: Floats) -> float:
    moment = complex(_varimax_moment(x, y))
    numerator, denominator = moment.imag, moment.real
    ratio = abs(numerator) / abs(denominator) if denominator else np.inf
    fourfold = float(np.arctan(ratio if numerator < denominator else 1 / max(ratio, 1e-300)))
    if numerator <= denominator and ratio < 0.00116:
        return 0.0 if denominator >= 0 else np.pi / 4
    angle = fourfold / 4 if denominator > 0 else abs(np.pi / 4 - fourfold / 4)
    return float(-angle if numerator <= 0 else angle)


@dataclass(frozen=True, slots=True)
class HandRotation:
    """One judgmental rotation: two factors (from 0) turned by degrees, clockwise.

    A factor that is turned with itself, by 180 degrees, is inverted.
    """

    first: int
    second: int
    degrees: float


@dataclass(frozen=True, slots=True)
class Judgment:
    """A judgmental rotation: turns in order, of unrotated or of varimax factors."""

    turns: tuple[HandRotation, ...]
    after_varimax: bool = False


def rotate_by_angles(loadings: Floats, turns: Iterable[HandRotation]) -> Floats:
    """Judgmental rotation (Brown 1980, pp. 224-238), the turns in order.

    A positive angle turns the sorts clockwise in the plane with the first factor
    as x axis and the second as y axis. A factor with itself is inverted: the other pole
    becomes the positive one.

    Raises:
        NotAnalysable: a turn names a factor that is not there.
    """
    rotated = loadings.copy()
    for turn in turns:
        if (highest := max(turn.first, turn.second)) >= loadings.shape[1]:
            raise NotAnalysable(
                f"The rotation turns f{highest + 1}, and there are {loadings.shape[1]} factors. "
                "Correct the file (--rotation), or ask for more factors (--factors)."
            )
        if turn.first == turn.second:
            rotated[:, turn.first] *= -1
        else:
            _turn(rotated, turn.first, turn.second, np.asarray(np.radians(turn.degrees)))
    return rotated


def towards(loadings: Floats, target: Floats) -> Floats:
    """The orthogonal rotation closest to a target (Schönemann 1966).

    Args:
        loadings: samples x sorts x factors.
        target: the same shape.
    """
    left, _, right = np.linalg.svd(np.swapaxes(loadings, -1, -2) @ target)
    return np.asarray(loadings @ (left @ right))


def by_variance(loadings: Floats) -> Iterator[int]:
    """The factors from the greatest sum of squared loadings to the least."""
    yield from np.argsort(-(loadings**2).sum(axis=0), kind="stable").tolist()
