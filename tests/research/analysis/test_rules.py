"""Rules that hold for every set of sorts."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from research.analysis import Floats, NotAnalysable
from research.analysis.conventions import Compat
from research.analysis.correlation import correlate
from research.analysis.matching import match, tucker_congruence
from research.analysis.rotation import varimax, varimax_criterion
from research.analysis.scores import factor_arrays, overall_scores
from research.analysis.solution import Choices, Extraction, Solution, extract, solve
from tests.research.samples import GRID, planted, random_sorts

seeds = st.integers(0, 10_000)
extractions = st.sampled_from(["pca", "centroid", "horst"])
few = settings(max_examples=25, deadline=None)


def solved(sorts: Floats, extraction: Extraction, compat: Compat = "default") -> Solution:
    return solve(sorts, GRID, Choices(3, extraction, compat=compat))


def matched(one: Solution, other: Floats) -> tuple[Floats, Floats]:
    columns, signs = match(tucker_congruence(one.loadings, other)[None])
    return columns[0], signs[0]


@few
@given(seed=seeds, extraction=extractions)
def test_each_array_is_a_permutation_of_the_grid(seed: int, extraction: Extraction) -> None:
    sorts, _ = planted(seed, 3, 5)
    for compat in ("default", "kade"):
        for column in solved(sorts, extraction, compat).arrays.T:
            assert np.sort(column).tolist() == np.sort(GRID).tolist()


@few
@given(seed=seeds, extraction=st.sampled_from(["pca", "centroid"]))
def test_the_order_of_sorts_changes_nothing_but_labels(seed: int, extraction: Extraction) -> None:
    sorts, _ = planted(seed, 3, 5)
    order = np.random.default_rng(seed).permutation(sorts.shape[1])
    before, after = solved(sorts, extraction), solved(sorts[:, order], extraction)

    columns, signs = matched(before, after.loadings[np.argsort(order)])

    assert columns.tolist() == [0, 1, 2]
    assert signs.tolist() == [1, 1, 1]
    np.testing.assert_allclose(after.loadings, before.loadings[order], atol=1e-6)
    np.testing.assert_array_equal(after.flags, before.flags[order])
    np.testing.assert_allclose(after.z, before.z, atol=1e-5)
    np.testing.assert_array_equal(after.arrays, before.arrays)


@few
@given(seed=seeds, extraction=extractions)
def test_the_order_of_statements_changes_nothing_but_labels(
    seed: int, extraction: Extraction
) -> None:
    sorts, _ = planted(seed, 3, 5)
    assume(len(np.unique(sorts, axis=0)) == len(sorts))  # equal rows can only be told by label
    order = np.random.default_rng(seed).permutation(len(sorts))
    before, after = solved(sorts, extraction), solved(sorts[order], extraction)

    np.testing.assert_allclose(after.loadings, before.loadings, atol=1e-6)
    np.testing.assert_allclose(after.z, before.z[order], atol=1e-6)
    np.testing.assert_array_equal(after.arrays, before.arrays[order])


@few
@given(seed=seeds, reflected=st.integers(0, 2))
def test_flipping_a_factor_changes_signs_alone(seed: int, reflected: int) -> None:
    sorts, _ = planted(seed, 3, 5)
    found = solved(sorts, "pca")
    assume(len(np.unique(sorts, axis=0)) == len(sorts))
    signs = np.where(np.arange(3) == reflected, -1, 1)

    z = found.z * signs
    arrays = factor_arrays(z, GRID, tie_breakers=overall_scores(sorts, found.loadings * signs))

    np.testing.assert_array_equal(arrays, found.arrays * signs)


@settings(max_examples=10, deadline=None)
@given(seed=seeds, factors=st.integers(2, 5))
def test_varimax_finds_the_optimum(seed: int, factors: int) -> None:
    sorts = random_sorts(seed, 12)
    unrotated = extract(correlate(sorts), factors, "pca")

    found = varimax(unrotated)

    # From 15 other starts nothing better is found: the oracle climbs by gradient.
    best = max(_climb(unrotated, seed, start) for start in range(15))
    assert varimax_criterion(found) > best - 1e-8
    np.testing.assert_allclose(found @ found.T, unrotated @ unrotated.T, atol=1e-10)


def _climb(loadings: Floats, seed: int, start: int) -> float:
    """Varimax by projected gradient from a random rotation: another algorithm than ours."""
    random = np.random.default_rng([seed, start])
    factors = loadings.shape[1]
    scaled = loadings / np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    rotation = np.linalg.qr(random.standard_normal((factors, factors)))[0]
    for _ in range(2000):
        rotated = scaled @ rotation
        gradient = scaled.T @ (rotated**3 - rotated * (rotated**2).mean(axis=0))
        left, _, right = np.linalg.svd(gradient)
        step = left @ right
        if np.abs(step - rotation).max() < 1e-12:
            break
        rotation = step
    return float(varimax_criterion(scaled @ rotation))


@few
@given(seed=seeds, compat=st.sampled_from(["default", "r", "kade"]), extraction=extractions)
def test_copies_and_opposites_never_hang_nor_give_a_nan(
    seed: int, compat: Compat, extraction: Extraction
) -> None:
    sorts = random_sorts(seed, 6)
    doubled = np.column_stack([sorts, sorts[:, :2], -sorts[:, 1:4]])

    try:
        found = solved(doubled, extraction, compat)
    except NotAnalysable:  # a clear answer: nothing is left for a third factor
        return
    for values in (found.loadings, found.z, found.errors, found.correlations_of_factors):
        assert np.isfinite(values).all()


@few
@given(seed=seeds)
def test_unforced_sorts_are_analysed_and_arrays_keep_to_the_grid(seed: int) -> None:
    sorts, _ = planted(seed, 3, 4)
    sorts[0, 0] += 2
    sorts[3, 5] -= 1

    found = solved(sorts, "pca")

    assert all(np.sort(column).tolist() == np.sort(GRID).tolist() for column in found.arrays.T)


@pytest.mark.parametrize("extraction", ["pca", "centroid", "horst"])
def test_planted_views_are_found(extraction: Extraction) -> None:
    sorts, truth = planted(7, 3, 8, noise=0.5)

    found = solved(sorts, extraction)

    congruences = np.abs(np.corrcoef(found.z, truth, rowvar=False)[:3, 3:])
    assert sorted(congruences.argmax(axis=1).tolist()) == [0, 1, 2]
    assert congruences.max(axis=1).min() > 0.9
    assert found.flags.sum() == 24
