"""Each step by itself: its formula, its edges, and what it refuses."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from research.analysis import Floats, NotAnalysable, rotation
from research.analysis.characteristics import characterise, differences_error
from research.analysis.conventions import CONVENTIONS, Compat, rounded
from research.analysis.correlation import correlate, eigenvalues, standardise, twins
from research.analysis.extraction import centroids, horst, positive_manifold, principal_components
from research.analysis.flagging import (
    bipolar,
    by_factor_and_size,
    flag,
    flag_doubts,
    near_flags,
    split_bipolar,
    threshold,
    undecided,
)
from research.analysis.matching import assign, compare_solutions, nearest_factor, tucker_congruence
from research.analysis.number import (
    Advice,
    Parallel,
    advise,
    humphrey,
    kaiser,
    parallel_analysis,
    scree_elbow,
    two_significant,
)
from research.analysis.rotation import (
    HandRotation,
    Judgment,
    rotate_by_angles,
    varimax,
    varimax_from,
    varimax_kade,
    varimax_r,
)
from research.analysis.scores import factor_arrays, factor_weights, near_ties, z_scores
from research.analysis.second_order import second_order
from research.analysis.solution import (
    Choices,
    Extraction,
    recommend,
    require,
    resample,
    rotate,
    solve,
)
from research.analysis.statements import (
    FactorPair,
    compare,
    consensus,
    crib_sheets,
    disagreement,
    distinguishing,
    verdicts,
)
from tests.research.samples import GRID, planted, random_sorts


def chance_of(line: Floats) -> Parallel:
    """A line of chance that another seed would draw the same."""
    return Parallel(line, line, 1, low=line, high=line, in_sequence=1)


LOADINGS = np.array([[0.8, 0.1], [-0.7, 0.2], [0.1, 0.9], [0.5, 0.45], [0.1, 0.2]])


class TestCorrelation:
    def test_a_constant_sort_is_refused(self) -> None:
        sorts = random_sorts(1, 3)
        sorts[:, 1] = 2

        with pytest.raises(NotAnalysable, match="number 2 is constant"):
            correlate(sorts)

    def test_copies_and_opposites_are_named(self) -> None:
        sorts = random_sorts(1, 3)
        assert twins(correlate(np.column_stack([sorts, sorts[:, 0], -sorts[:, 2]]))) == [
            (0, 3, 1),
            (2, 4, -1),
        ]


class TestExtraction:
    def test_more_factors_than_the_data_carry(self) -> None:
        sorts = random_sorts(1, 2)
        correlations = correlate(np.column_stack([sorts, sorts]))

        with pytest.raises(NotAnalysable, match="at most 2 factors, and 3"):
            principal_components(correlations, 3)
        with pytest.raises(NotAnalysable, match="at most 2 factors, and 3"):
            horst(correlations, 3, 50)

    def test_an_exhausted_residual_gives_zeros(self) -> None:
        correlations = np.ones((1, 4, 4))

        found = centroids(correlations, 2, CONVENTIONS["default"].centroid)

        np.testing.assert_allclose(found[0, :, 0], 1.0, atol=1e-6)
        assert not found[0, :, 1].any()

    def test_reflection_ends_where_a_column_sum_is_zero(self) -> None:
        # R's loop would turn the zero column for ever.
        matrix = np.array([[[0.0, 0.5, -0.5], [0.5, 0.0, -0.2], [-0.5, -0.2, 0.0]]])

        signs, sums = positive_manifold(matrix, np.ones((1, 3)), 12)

        assert sums.min() >= 0
        assert signs.tolist() == [[1.0, 1.0, -1.0]]

    def test_an_iteration_that_does_not_rest_is_ended(self) -> None:
        sorts = random_sorts(3, 5)

        assert np.isfinite(horst(correlate(sorts), 3, 2)).all()
        restless = replace(CONVENTIONS["default"].centroid, stop=-1.0)
        assert np.isfinite(centroids(correlate(sorts)[None], 2, restless)).all()


class TestRotation:
    def test_one_factor_is_left_alone(self) -> None:
        one = LOADINGS[:, :1]
        for turn in (varimax, varimax_r, varimax_kade):
            np.testing.assert_allclose(turn(one), one, atol=1e-5)

    def test_angles_turn_two_factors(self) -> None:
        turned = rotate_by_angles(LOADINGS, [HandRotation(0, 1, 90)])

        np.testing.assert_allclose(turned, LOADINGS[:, [1, 0]] * [1, -1], atol=1e-12)

    def test_angles_there_and_back_change_nothing(self) -> None:
        turns = [HandRotation(0, 1, 33.5), HandRotation(0, 1, -33.5)]

        np.testing.assert_allclose(rotate_by_angles(LOADINGS, turns), LOADINGS, atol=1e-12)

    def test_a_turn_of_a_factor_that_is_not_there(self) -> None:
        with pytest.raises(NotAnalysable, match="turns f3, and there are 2"):
            rotate_by_angles(LOADINGS, [HandRotation(0, 2, 10)])

    def test_a_factor_with_itself_is_inverted(self) -> None:
        inverted = rotate_by_angles(LOADINGS, [HandRotation(1, 1, 180)])

        np.testing.assert_array_equal(inverted, LOADINGS * [1, -1])

    def test_judgment_may_start_from_varimax(self) -> None:
        unrotated = principal_components(correlate(random_sorts(2, 6)), 2)
        none = Judgment((), after_varimax=False)

        np.testing.assert_allclose(rotate(unrotated, none, "pca"), unrotated)
        after = rotate(unrotated, Judgment((), after_varimax=True), "pca")
        np.testing.assert_allclose(after, rotate(unrotated, "varimax", "pca"))

    def test_no_rotation(self) -> None:
        unrotated = -np.abs(LOADINGS)

        np.testing.assert_array_equal(rotate(unrotated, "none", "centroid", "r"), unrotated)
        np.testing.assert_array_equal(rotate(unrotated, "none", "pca", "r"), -unrotated)
        np.testing.assert_array_equal(rotate(unrotated, "none", "pca"), unrotated)

    def test_sorts_without_communality_stay_at_zero(self) -> None:
        loadings = np.vstack([LOADINGS, [0.0, 0.0]])
        for turn in (varimax, varimax_r, varimax_kade):
            np.testing.assert_array_equal(turn(loadings)[-1], [0.0, 0.0])

    def test_a_rotation_that_does_not_rest_is_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rotation, "MAX_SWEEPS", 1)
        monkeypatch.setattr(rotation, "MAX_SWEEPS_KADE", 1)
        loadings = principal_components(correlate(random_sorts(2, 6)), 3)
        for turn in (varimax, varimax_kade):
            np.testing.assert_allclose(
                (turn(loadings) ** 2).sum(axis=1), (loadings**2).sum(axis=1), atol=1e-4
            )

    def test_a_perfect_tie_of_angles_ends(self) -> None:
        circle = np.array([[np.cos(a), np.sin(a)] for a in np.arange(8) * np.pi / 4])

        np.testing.assert_allclose(varimax_from(circle[None])[0], circle, atol=1e-9)

    def test_kade_turns_by_45_degrees_where_the_angle_is_flat(self) -> None:
        crossed = np.array([[1.0, 1.0], [1.0, -1.0], [1.0, 1.0], [1.0, -1.0]]) / 2

        found = np.abs(varimax_kade(crossed))

        np.testing.assert_allclose(np.sort(found, axis=1)[:, 0], 0, atol=1e-3)


class TestFlagging:
    def test_the_threshold(self) -> None:
        assert threshold(36) == pytest.approx(1.96 / 6)
        assert threshold(36, 0.01) == pytest.approx(2.576 / 6)

    def test_both_ends_are_flagged(self) -> None:
        flags = flag(LOADINGS, 0.33)

        assert flags.tolist() == [[1, 0], [1, 0], [0, 1], [1, 0], [0, 0]]
        np.testing.assert_array_equal(flag(LOADINGS, 0.33, "kade"), flags)
        assert bipolar(LOADINGS, flags) == [0]

    def test_either_part_of_the_rule_alone(self) -> None:
        for compat in get_args(Compat):
            significant = flag(LOADINGS, 0.42, compat, "significant")
            majority = flag(LOADINGS, 0.42, compat, "majority")

            assert significant.tolist() == [[1, 0], [1, 0], [0, 1], [1, 1], [0, 0]]
            assert majority.tolist() == [[1, 0], [1, 0], [0, 1], [1, 0], [0, 1]]
            np.testing.assert_array_equal(significant & majority, flag(LOADINGS, 0.42, compat))

    def test_sorts_that_no_single_factor_speaks_for(self) -> None:
        left = undecided(LOADINGS, flag(LOADINGS, 0.42), 0.42)

        assert (left.confounded, left.null, left.unflagged) == ((3,), (4,), (4,))

    def test_flags_that_a_hair_decided(self) -> None:
        loadings = np.array([[0.425, 0.1], [0.415, 0.1], [0.6, 0.595], [0.8, 0.1]])

        both = near_flags(loadings, 0.42, "both", 0.01)
        assert [(sort, factor) for sort, factor, *_ in both] == [(0, 0), (1, 0), (2, 0), (2, 1)]
        assert both[0][2:] == (0.425, 0.42)
        significant = near_flags(loadings, 0.42, "significant", 0.01)
        assert [sort for sort, *_ in significant] == [0, 1]
        assert [sort for sort, *_ in near_flags(loadings, 0.42, "majority", 0.01)] == [2, 2]

    def test_by_factor_and_size(self) -> None:
        assert by_factor_and_size(LOADINGS) == [0, 1, 3, 2, 4]

    def test_a_split_reflects_the_other_end(self) -> None:
        loadings, flags, names = split_bipolar(LOADINGS, flag(LOADINGS, 0.33), ["f1", "f2"])

        assert names == ("f1a", "f1b", "f2")
        np.testing.assert_array_equal(loadings[:, 1], -LOADINGS[:, 0])
        assert flags[:, 0].tolist() == [True, False, False, True, False]
        assert flags[:, 1].tolist() == [False, True, False, False, False]

    def test_doubtful_flags(self) -> None:
        flags = np.array([[1, 0], [0, 0], [0, 1], [1, 1], [1, 0]], dtype=bool)

        assert flag_doubts(LOADINGS, flags, 0.33) == [
            (3, 0, "several"),
            (3, 1, "minor"),
            (3, 1, "several"),
            (4, 0, "weak"),
            (4, 0, "minor"),
            (1, 0, "unflagged"),
        ]


class TestScores:
    def test_weights(self) -> None:
        np.testing.assert_allclose(factor_weights(np.array([[0.5, -0.8]])), [[2 / 3, -0.8 / 0.36]])
        assert np.isfinite(factor_weights(np.array([[1.0, -1.2]]))).all()

    def test_statements_that_all_but_tie_across_a_border(self) -> None:
        z = np.array([[1.0], [0.301], [0.3], [-0.5], [-0.501], [-0.6]])
        arrays = np.array([[2], [1], [0], [0], [0], [-1]])

        ((factor, higher, lower, difference),) = near_ties(z, arrays, 0.01)

        assert (factor, higher, lower) == (0, 1, 2)
        assert difference == pytest.approx(0.001)

    def test_flagged_sorts_that_cancel_out(self) -> None:
        sort = random_sorts(1, 1)
        sorts = np.column_stack([sort, -sort])

        with pytest.raises(NotAnalysable, match="cancel each other out"):
            z_scores(sorts, np.full((2, 1), 0.5), np.ones((2, 1), dtype=bool))

    def test_a_sort_that_is_the_factor_in_kades_way(self) -> None:
        sorts = random_sorts(1, 2)

        found = z_scores(sorts, np.array([[1.0], [0.2]]), np.array([[True], [False]]), "kade")

        expected = (sorts[:, 0] - sorts[:, 0].mean()) / sorts[:, 0].std(ddof=1)
        np.testing.assert_allclose(found[:, 0], expected, atol=2e-3)

    def test_ties_in_each_convention(self) -> None:
        z = np.array([[1.0], [0.2], [0.2], [-0.5], [-0.9]])
        grid = np.array([2, 1, 0, -1, -2])

        def laid(compat: Compat = "default", breakers: Floats | None = None) -> list[int]:
            scores: list[int] = factor_arrays(z, grid, compat, breakers)[:, 0].tolist()
            return scores

        assert laid(compat="r") == [2, 0, 0, -1, -2]
        assert laid(compat="kade") == [2, 1, 0, -1, -2]
        assert laid() == [2, 1, 0, -1, -2]
        assert laid(breakers=np.array([[0.0], [1.0], [2.0], [0.0], [0.0]])) == [2, 0, 1, -1, -2]

    def test_three_tied_statements_get_the_middle_score_in_r(self) -> None:
        z = np.array([[0.1], [0.1], [0.1], [-1.0], [2.0]])

        found = factor_arrays(z, np.array([-2, -1, 0, 1, 2]), "r")[:, 0]

        assert found.tolist() == [0, 0, 0, -2, 2]


class TestCharacteristics:
    def test_reliability_and_errors(self) -> None:
        found = characterise(LOADINGS, flag(LOADINGS, 0.33))

        assert found.flagged == (3, 1)
        np.testing.assert_allclose(found.reliability, [2.4 / 2.6, 0.8])
        np.testing.assert_allclose(found.standard_error, np.sqrt(1 - np.array([2.4 / 2.6, 0.8])))
        errors = differences_error(found.standard_error)
        assert errors[0, 1] == pytest.approx(np.hypot(*found.standard_error))
        assert differences_error(found.standard_error, 3)[0, 1] == round(float(errors[0, 1]), 3)

    def test_kades_rounding(self) -> None:
        found = characterise(LOADINGS, flag(LOADINGS, 0.33), 3)

        assert found.reliability.tolist() == [0.923, 0.8]
        assert found.standard_error.tolist() == [0.277, 0.447]

    def test_rounding_half_away_from_zero(self) -> None:
        np.testing.assert_array_equal(rounded(np.array([0.5, -0.5, 1.25]), 0), [1, -1, 1])
        np.testing.assert_array_equal(rounded(np.array([0.125, -0.125]), 2), [0.13, -0.13])


class TestStatements:
    Z = np.array([[2.0, -1.0, -1.0], [0.1, 0.0, -0.1], [3.0, 0.0, -3.0], [1.0, 0.9, -1.0]])
    ERRORS = np.full((3, 3), 0.4)

    def compared(self, z: np.ndarray | None = None) -> list[FactorPair]:
        return compare(self.Z if z is None else z, self.ERRORS, CONVENTIONS["default"])

    def test_verdicts_as_r_gives_them(self) -> None:
        assert verdicts(self.compared(), ["f1", "f2", "f3"]) == [
            "Distinguishes f1 only",
            "Consensus",
            "Distinguishes all",
            "Distinguishes f3 only",
        ]
        two = compare(self.Z[:, :2], self.ERRORS, CONVENTIONS["r"])
        assert verdicts(two, ["f1", "f2"])[0] == "Distinguishing"
        assert verdicts([], ["f1"]) == []

    def test_a_factor_beyond_the_ninth_is_no_other(self) -> None:
        # R's `grep(1)` also matches f10.
        z = np.zeros((1, 10))
        z[0, 9] = 9.0
        comparisons = compare(z, np.full((10, 10), 0.4), CONVENTIONS["r"])
        names = [f"f{n + 1}" for n in range(10)]

        assert verdicts(comparisons, names) == ["Distinguishes f10 only"]

    def test_a_factor_that_differs_from_all_while_some_others_differ(self) -> None:
        z = np.array([[5.0, 0.0, 0.0, 1.0]])
        comparisons = compare(z, np.full((4, 4), 0.4), CONVENTIONS["r"])

        assert verdicts(comparisons, ["f1", "f2", "f3", "f4"]) == [
            "Distinguishes f1 Distinguishes f4 "
        ]

    def test_none_of_these(self) -> None:
        z = np.array([[1.0, 0.6, 0.0]])

        assert verdicts(compare(z, self.ERRORS, CONVENTIONS["r"]), ["f1", "f2", "f3"]) == [""]

    def test_the_weakest_difference_decides(self) -> None:
        found = distinguishing(self.compared(), 3)

        assert found[0] == ["6*", "", ""]
        assert found[2] == ["6*", "6*", "6*"]
        assert found[3] == ["", "", "***" if 1.9 <= 4.892 * 0.4 else "6*"]
        assert distinguishing([], 1) == []

    def test_consensus_at_two_levels(self) -> None:
        z = np.array([[0.0, 0.1], [0.0, 0.9], [0.0, 2.0]])
        assert consensus(compare(z, self.ERRORS, CONVENTIONS["kade"])) == ["C*", "C", ""]
        assert consensus([]) == []

    def test_equal_to_the_critical_value(self) -> None:
        z = np.array([[0.784, 0.0]])
        errors = np.full((2, 2), 0.4)

        assert compare(z, errors, CONVENTIONS["r"])[0].marks == ("",)
        assert compare(z, errors, CONVENTIONS["kade"])[0].marks == ("*",)

    def test_disagreement(self) -> None:
        np.testing.assert_allclose(disagreement(self.Z), self.Z.var(axis=1))

    def test_crib_sheets(self) -> None:
        arrays = np.array([[2, -2], [1, 0], [0, 1], [-1, -1], [-2, 2]])

        first, second = crib_sheets(arrays)

        assert (first.highest, first.higher, first.lower, first.lowest) == ((0,), (1,), (2,), (4,))
        assert (second.highest, second.lowest) == ((4,), (0,))
        (alone,) = crib_sheets(arrays[:, :1])
        assert (alone.higher, alone.lower) == ((), ())


class TestMatching:
    @settings(max_examples=60, deadline=None)
    @given(seed=st.integers(0, 10_000), rows=st.integers(1, 8), more=st.integers(0, 3))
    def test_assignment_is_optimal(self, seed: int, rows: int, more: int) -> None:
        profit = np.random.default_rng(seed).integers(-9, 9, (rows, rows + more)).astype(float)

        found = assign(profit)

        expected = scipy.optimize.linear_sum_assignment(profit, maximize=True)
        assert len(set(found)) == rows
        assert profit[range(rows), found].sum() == profit[expected].sum()

    def test_congruence_of_nothing_is_zero(self) -> None:
        assert tucker_congruence(np.zeros((4, 1)), np.ones((4, 1))).tolist() == [[0.0]]

    def test_solutions_with_unequal_numbers_of_factors(self) -> None:
        z = np.random.default_rng(1).standard_normal((20, 3))

        more = compare_solutions(z, -z[:, [2, 0]])
        fewer = compare_solutions(z[:, [2, 0]], z)

        assert [(p.factor, p.other) for p in more] == [(0, 1), (2, 0)]
        assert [p.correlation for p in more] == pytest.approx([-1, -1])
        assert [(p.factor, p.other) for p in fewer] == [(0, 2), (1, 0)]

    def test_the_nearest_factor_of_a_sort(self) -> None:
        arrays = random_sorts(5, 3).astype(int)

        found = nearest_factor(-arrays[:, 1], arrays)

        assert found.factor == 1
        assert found.correlations[1] == pytest.approx(-1)


class TestNumberOfFactors:
    def test_rules(self) -> None:
        assert kaiser(np.array([2.0, 1.0, 0.9])) == 2
        assert humphrey(np.array([[0.8, 0.3], [0.7, 0.2], [0.1, 0.1]]), 25) == 1
        assert two_significant(LOADINGS, 0.4) == 2
        assert scree_elbow(np.array([4.0, 3.8, 1.0, 0.9, 0.8])) == 2
        assert scree_elbow(np.array([1.5, 0.5])) == 1

    def test_chance_is_recognised(self) -> None:
        sorts = random_sorts(4, 10)
        told = []

        chance = parallel_analysis(sorts, 1, 50, lambda done, total: told.append((done, total)))

        assert chance.keep(np.full(10, 1.0)) == 0
        assert told[-1] == (50, 50)
        advice = recommend(sorts, chance)
        assert advice.factors >= 1

    def test_views_are_counted(self) -> None:
        sorts, _ = planted(3, 3, 8, noise=0.5)
        for choices in (None, Choices(1, "centroid"), Choices(1, "horst")):
            advice = recommend(sorts, parallel_analysis(sorts, 1), choices)
            assert advice.factors == 3

    def test_many_sorts_of_few_statements(self) -> None:
        chance = parallel_analysis(random_sorts(1, 40), 1, 20)

        assert chance.upper.shape == (40,)
        np.testing.assert_allclose(chance.upper[16:], 0, atol=1e-9)

    def test_what_another_seed_might_keep_is_told(self) -> None:
        near, _ = planted(2, 3, 6, noise=1.2)  # seeds 1 to 9 keep between 0 and 3 of it
        values = eigenvalues(correlate(near))

        kept = {parallel_analysis(near, seed).keep(values) for seed in range(1, 10)}
        fewest, most = parallel_analysis(near, 1).range(values)

        assert kept <= set(range(fewest, most + 1))
        assert len(kept) > 1

    def test_a_weak_factor_behind_a_strong_one(self) -> None:
        views, _ = planted(3, 3, 1, noise=0.0)
        random = np.random.default_rng(1)
        strong = np.repeat(views[:, :1], 14, axis=1) + random.standard_normal((16, 14))
        weak = np.repeat(views[:, 1:2], 3, axis=1) + random.standard_normal((16, 3))
        sorts = np.column_stack([strong, weak])
        values = eigenvalues(correlate(sorts))
        chance = parallel_analysis(sorts, 1)

        assert chance.keep(values) == 1
        assert chance.in_sequence == 2

    def test_a_factor_with_one_flag_is_not_kept(self) -> None:
        advice = advise(
            np.array([3.0, 2.0, 1.0]),
            chance_of(np.full(3, 0.5)),
            unrotated=np.ones((4, 3)),
            least=0.4,
            statements=25,
            fewest_flags=lambda factors: 3 - factors,
        )

        assert isinstance(advice, Advice)
        assert advice.factors == 1
        assert ("parallel", 3) in advice.reasons

    def test_nothing_beyond_chance(self) -> None:
        advice = advise(
            np.array([1.0, 1.0]),
            chance_of(np.full(2, 1.5)),
            unrotated=np.ones((2, 2)),
            least=0.4,
            statements=25,
            fewest_flags=lambda _: 2,
        )

        assert advice.factors == 1
        assert advice.reasons[0] == ("chance", 0)


class TestSecondOrder:
    def test_factors_in_common(self) -> None:
        random = np.random.default_rng(2)
        common = random.standard_normal((30, 1))
        z = np.column_stack([common + 0.4 * random.standard_normal((30, 1)) for _ in range(3)])

        found = second_order(z)

        assert found is not None
        assert found.loadings.shape == (3, 1)
        assert (np.abs(found.loadings) > 0.8).all()

    def test_two_factors_are_too_few(self) -> None:
        assert second_order(random_sorts(1, 2)) is None


class TestBootstrap:
    @pytest.mark.parametrize("extraction", ["pca", "centroid", "horst"])
    def test_every_sample_is_aligned(self, extraction: str) -> None:
        sorts, _ = planted(11, 3, 6)
        found = solve(sorts, GRID, Choices(3, extraction))  # type: ignore[arg-type]  # a parameter is one of the words
        told = []

        samples = resample(sorts, found, 200, 1, lambda done, total: told.append((done, total)))

        assert (samples.steps, samples.aligned) == (200, 200)
        assert (samples.congruence > 0.9).all()
        assert told[-1] == (200, 200)
        assert ((samples.z.low <= found.z) & (found.z <= samples.z.high)).all()
        assert np.corrcoef(samples.z.mean[:, 0], found.z[:, 0])[0, 1] > 0.95
        assert samples.flagged.min() >= 0
        assert samples.flagged.max() <= 1

    def test_a_seed_makes_it_repeatable(self) -> None:
        sorts, _ = planted(11, 2, 6)
        found = solve(sorts, GRID, Choices(2))

        first, again, other = (
            resample(
                sorts,
                found,
                50,
                seed,
            )
            for seed in (1, 1, 2)
        )

        np.testing.assert_array_equal(first.z.error, again.z.error)
        assert (first.z.error != other.z.error).any()

    def test_judgment_is_resampled_towards_the_solution(self) -> None:
        sorts, _ = planted(11, 2, 6)
        turned = Judgment((HandRotation(0, 1, 10.0),), after_varimax=True)
        found = solve(sorts, GRID, Choices(2, rotation=turned))

        assert (resample(sorts, found, 100, 1).congruence > 0.9).all()


class TestSolution:
    def test_too_little_to_analyse(self) -> None:
        with pytest.raises(NotAnalysable, match="There are 1 sorts"):
            require(random_sorts(1, 1))
        with pytest.raises(NotAnalysable, match="There are 1 statements"):
            require(np.array([[1.0, 2.0]]))
        with pytest.raises(NotAnalysable, match="5 factors were asked for, and there are 3"):
            solve(random_sorts(1, 3), GRID, Choices(5))

    def test_no_flags_at_all(self) -> None:
        flags = np.zeros((4, 2), dtype=bool)

        with pytest.raises(NotAnalysable, match="No sort is flagged"):
            solve(random_sorts(1, 4), GRID, Choices(2, flags=flags))

    def test_a_factor_without_flags_has_no_scores(self) -> None:
        sorts, _ = planted(5, 2, 4)
        flags = np.zeros((8, 2), dtype=bool)
        flags[:4, 1] = True

        found = solve(sorts, GRID, Choices(2, flags=flags))

        assert found.factors == ("f1", "f2")
        assert found.scored == ("f2",)
        assert found.z.shape == found.arrays.shape == (16, 1)
        assert found.comparisons == ()
        assert found.characteristics.flagged == (0, 4)
        assert np.isfinite(found.characteristics.standard_error).all()

    def test_a_bipolar_factor_as_two(self) -> None:
        sorts, _ = planted(5, 1, 6)
        sorts[:, 3:] *= -1

        whole = solve(sorts, GRID, Choices(1))
        split = solve(sorts, GRID, Choices(1, split_bipolar=True))

        assert whole.flags.all()
        assert split.scored == ("f1a", "f1b")
        assert split.explained == pytest.approx(whole.characteristics.explained.sum())
        assert split.correlations_of_factors[0, 1] < -0.5

    def test_recommending_for_data_of_low_rank(self) -> None:
        sorts = random_sorts(1, 2)
        tripled = np.column_stack([sorts, sorts, sorts])

        for extraction in get_args(Extraction):
            chance = parallel_analysis(tripled, 1, 20)
            assert 1 <= recommend(tripled, chance, Choices(1, extraction)).factors <= 2


def test_sorts_with_gaps_are_correlated_over_what_both_have() -> None:
    random = np.random.default_rng(3)
    sorts = random.integers(-4, 5, (30, 4)).astype(float)
    sorts[[2, 9, 17], 1] = np.nan
    sorts[[2, 5], 3] = np.nan
    found = correlate(sorts)

    for i in range(4):
        for j in range(4):
            both = ~np.isnan(sorts[:, i]) & ~np.isnan(sorts[:, j])
            expected = np.corrcoef(sorts[both, i], sorts[both, j])[0, 1]
            assert found[i, j] == pytest.approx(expected, abs=1e-12)


def test_a_gap_stands_at_the_mean_of_its_sort() -> None:
    scores = standardise(np.array([[1.0, 1.0], [2.0, np.nan], [3.0, 3.0]]))

    assert scores[1, 1] == 0.0
    assert scores[:, 1] == pytest.approx([-(2**-0.5), 0.0, 2**-0.5])


@pytest.mark.parametrize("is_constant", [False, True])
def test_sorts_with_too_little_in_common_are_named(is_constant: bool) -> None:
    sorts = np.random.default_rng(1).integers(-4, 5, (22, 3)).astype(float)
    sorts[:4, 1] = np.nan
    sorts[4 if is_constant else 8 :, 2] = np.where(is_constant, 1.0, np.nan)

    with pytest.raises(NotAnalysable, match=r"Sorts number \d and 3 have too little"):
        correlate(sorts)
