"""The numbers of R qmethod 1.8.4 and KADE 1.4.0 on Lipset's data, and of a published study."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, permutations, product
from typing import get_args

import numpy as np
import pytest

from research.analysis import Flags, Floats
from research.analysis.characteristics import factor_correlations
from research.analysis.conventions import CONVENTIONS, Compat
from research.analysis.correlation import correlate, eigenvalues
from research.analysis.extraction import centroid
from research.analysis.flagging import flag
from research.analysis.matching import match, tucker_congruence
from research.analysis.solution import Choices, Extraction, Solution, extract, solve
from research.analysis.statements import verdicts
from tests.research.samples import table
from tests.support.data import AAP, LIPSET, PUBLIC

EXTRACTIONS: tuple[Extraction, ...] = ("pca", "centroid")


def lipset(extraction: Extraction, compat: Compat) -> Solution:
    sorts = table(LIPSET / "lipset.csv").values
    return solve(sorts, np.sort(sorts[:, 0]).astype(int), Choices(3, extraction, compat=compat))


def aligned(loadings: Floats, reference: Floats) -> tuple[Floats, Floats]:
    """The columns and signs that bring loadings to the reference."""
    columns, signs = match(tucker_congruence(reference, loadings)[None])
    return columns[0], signs[0]


@pytest.mark.parametrize("extraction", EXTRACTIONS)
@pytest.mark.parametrize(("compat", "folder"), [("r", "R"), ("kade", "KADE")])
def test_each_tools_numbers(extraction: Extraction, compat: Compat, folder: str) -> None:
    found = lipset(extraction, compat)
    of = {
        part: table(LIPSET / folder / f"{extraction}_varimax_3f_{part}.csv").values
        for part in ("loadings", "zscores", "flags", "factor_arrays")
    }

    # Even the signs and the order are the tool's.
    np.testing.assert_allclose(found.loadings, of["loadings"], atol=2e-5)
    np.testing.assert_allclose(found.z, of["zscores"], atol=1e-9)
    np.testing.assert_array_equal(found.flags, of["flags"].astype(bool))
    np.testing.assert_array_equal(found.arrays, of["factor_arrays"])


@pytest.mark.parametrize("extraction", EXTRACTIONS)
def test_all_that_r_prints(extraction: Extraction) -> None:
    found = lipset(extraction, "r")
    start = LIPSET / "R" / f"{extraction}_varimax_3f"
    qdc = table(start.with_name(f"{start.name}_qdc.csv")).cells
    characteristics = found.characteristics
    printed = np.column_stack(
        [
            [0.8] * 3,
            characteristics.flagged,
            characteristics.sum_of_squares,
            characteristics.explained,
            characteristics.reliability,
            characteristics.standard_error,
        ]
    )

    reference = table(start.with_name(f"{start.name}_characteristics.csv")).values
    np.testing.assert_allclose(printed, reference, atol=1e-9)
    errors = table(start.with_name(f"{start.name}_sed.csv")).values
    np.testing.assert_allclose(found.errors, errors, atol=1e-12)
    related = table(start.with_name(f"{start.name}_zscore_correlations.csv")).values
    np.testing.assert_allclose(found.correlations_of_factors, related, atol=1e-9)
    assert verdicts(found.comparisons, found.factors) == [row[0] for row in qdc]
    for pair, comparison in enumerate(found.comparisons):
        assert list(comparison.marks) == [row[2 + 2 * pair] for row in qdc]
        differences = [float(row[1 + 2 * pair]) for row in qdc]
        np.testing.assert_allclose(comparison.differences, differences, atol=1e-9)


def test_correlations_and_eigenvalues() -> None:
    correlations = correlate(table(LIPSET / "lipset.csv").values)

    np.testing.assert_allclose(
        correlations, table(LIPSET / "R/correlations.csv").values, atol=1e-12
    )
    printed = table(LIPSET / "R/eigenvalues.csv").values[:, 0]
    np.testing.assert_allclose(eigenvalues(correlations), printed, atol=1e-12)


def test_unrotated_factors_of_both_tools() -> None:
    sorts = table(LIPSET / "lipset.csv").values
    reference = table(LIPSET / "R/centroid_unrotated_7f_loadings_spc1e-5.csv").values
    found = centroid(correlate(sorts), 7, CONVENTIONS["r"].centroid)
    np.testing.assert_allclose(found, reference, atol=1e-12)

    correlations = np.round(correlate(sorts), 5)
    for extraction, factors in (("pca", 8), ("centroid", 7)):
        reference = table(LIPSET / "KADE" / f"{extraction}_varimax_3f_unrotated.csv").values
        found = extract(correlations, factors, extraction, "kade")  # type: ignore[arg-type]  # a parameter is one of the words
        np.testing.assert_allclose(np.abs(found), np.abs(reference), atol=1e-6)


@pytest.mark.parametrize("extraction", EXTRACTIONS)
def test_our_own_default_tells_the_same_story(extraction: Extraction) -> None:
    ours, theirs = lipset(extraction, "default"), lipset(extraction, "r")
    columns, signs = aligned(ours.loadings, theirs.loadings)

    np.testing.assert_allclose(ours.loadings[:, columns] * signs, theirs.loadings, atol=2e-3)
    np.testing.assert_array_equal(ours.flags[:, columns], theirs.flags)


def test_ties_keep_our_arrays_on_the_grid_and_take_rs_off_it() -> None:
    grid = np.sort(table(LIPSET / "lipset.csv").values[:, 0])

    ours, theirs = lipset("centroid", "default"), lipset("centroid", "r")

    assert all((np.sort(column) == grid).all() for column in ours.arrays.T)
    assert not all((np.sort(column) == grid).all() for column in theirs.arrays.T)


def aap() -> tuple[Floats, Flags]:
    cells = table(AAP / "loadings.csv").cells
    flags = np.array([[row[4] == str(f) for f in (1, 2, 3, 4)] for row in cells])
    return np.array([row[:4] for row in cells], dtype=float), flags


def test_all_25_flags_of_the_published_study() -> None:
    loadings, printed = aap()

    flags = flag(loadings, 0.42)

    np.testing.assert_array_equal(flags, printed)
    assert flags.sum(axis=0).tolist() == [7, 3, 3, 6]


def test_sums_of_squares_of_the_published_study() -> None:
    loadings, _ = aap()

    squares = (loadings**2).sum(axis=0)

    np.testing.assert_allclose(squares, [4.621, 2.746, 1.655, 4.692], atol=5e-4)
    printed = table(AAP / "factor_characteristics.csv").values[:, 0]
    assert squares.sum() == pytest.approx(printed.sum(), abs=1e-3)


def test_factor_correlations_lie_where_the_published_arrays_allow() -> None:
    # 12 of the 144 cells are illegible, but the grid tells which scores are missing: each
    # printed correlation lies near one that some filling of them gives. It is of z-scores, which
    # arrays round.
    grid = np.repeat(np.arange(-5, 6), [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1])
    cells = table(AAP / "factor_scores_resolved.csv")
    arrays = [dict[int, int]() for _ in range(4)]
    for factor, (statement, score) in zip(cells.labels, cells.cells, strict=True):
        arrays[int(factor) - 1][int(statement)] = int(score)
    fillings = [list(_fillings(array, grid.tolist())) for array in arrays]
    printed = table(AAP / "factor_correlations.csv").values

    for first, second in combinations(range(4), 2):
        possible = [
            factor_correlations(np.column_stack(pair))[0, 1]
            for pair in product(fillings[first], fillings[second])
        ]
        assert min(possible) - 0.07 < printed[first, second] < max(possible) + 0.07


def _fillings(array: dict[int, int], grid: list[int]) -> Iterator[list[int]]:
    """The array with its missing cells filled in every way that the grid allows."""
    left = Counter(grid) - Counter(array.values())
    missing = [s for s in range(1, 37) if s not in array]
    for filling in set(permutations(left.elements())):
        whole = array | dict(zip(missing, filling, strict=True))
        yield [whole[s] for s in range(1, 37)]


@pytest.mark.parametrize("study", ["ipad", "bioeconomy", "learning_analytics"])
@pytest.mark.parametrize("factors", [2, 3])
def test_three_more_public_studies_as_r_solves_them(study: str, factors: int) -> None:
    sorts = table(PUBLIC / f"{study}.csv").values
    grid = np.sort(sorts[:, 0]).astype(int)

    found = solve(sorts, grid, Choices(factors, "pca", compat="r"))

    of = {
        part: table(PUBLIC / "R" / f"{study}_pca_varimax_{factors}f_{part}.csv").values
        for part in ("loadings", "zscores", "flags", "factor_arrays")
    }
    np.testing.assert_allclose(found.loadings, of["loadings"], atol=1e-9)
    np.testing.assert_allclose(found.z, of["zscores"], atol=1e-9)
    np.testing.assert_array_equal(found.flags, of["flags"].astype(bool))
    np.testing.assert_array_equal(found.arrays, of["factor_arrays"])


def test_what_kades_own_tests_expect_on_lipsets_sorts() -> None:
    sorts = table(LIPSET / "lipset.csv").values
    varimax = table(LIPSET / "KADE/pca_varimax_8f_loadings.csv").values
    horst = table(LIPSET / "KADE/horst_unrotated_7f_loadings.csv").values

    eight = solve(sorts, np.sort(sorts[:, 0]).astype(int), Choices(8, "pca", compat="kade"))
    seven = extract(np.round(correlate(sorts), 5), 7, "horst", "kade")

    np.testing.assert_allclose(eight.loadings, varimax, atol=1.1e-5)
    # Seven communalities of nine sorts never rest: KADE stops after 30 passes, rounding in each.
    np.testing.assert_allclose(seven, horst, atol=2e-3)


def test_every_extraction_is_known() -> None:
    assert get_args(Extraction) == ("pca", "centroid", "horst")
