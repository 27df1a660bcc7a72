"""Other choices beside the one that was made."""

from itertools import pairwise

import numpy as np
import pytest

from research.analysis.alternatives import MOST_BESIDE, likeness_to_the_tools, side_by_side
from research.analysis.rotation import HandRotation, Judgment
from research.analysis.solution import Choices, extracted, solve
from tests.research.samples import GRID, planted, random_sorts, table
from tests.support.data import LIPSET


class TestSideBySide:
    def test_each_number_tells_what_it_would_give(self) -> None:
        sorts, _ = planted(3, 3, 5)

        found = side_by_side(sorts, GRID, Choices(3), 20, 1)

        assert [each.factors for each in found] == list(range(2, MOST_BESIDE + 1))
        three = found[1]
        assert three.flagged == (5, 5, 5)
        assert (three.null, three.unflagged) == (0, 0)
        assert three.stable is not None
        assert three.stable > 0.9
        assert three.greatest_correlation is not None
        assert all(a.explained < b.explained for a, b in pairwise(found))

    def test_flags_and_turns_by_hand_belong_to_one_number_only(self) -> None:
        sorts, _ = planted(3, 3, 5)
        flags = np.zeros((15, 3), dtype=bool)
        flags[0] = True
        turned = Judgment((HandRotation(0, 2, 30.0),))

        by_hand = side_by_side(sorts, GRID, Choices(3, rotation=turned, flags=flags), 0, 1)

        assert by_hand == side_by_side(sorts, GRID, Choices(3), 0, 1)

    def test_no_further_than_the_data_carry(self) -> None:
        sorts = np.repeat(random_sorts(1, 3), 2, axis=1)

        assert [each.factors for each in side_by_side(sorts, GRID, Choices(2), 0, 1)] == [2, 3]

    def test_where_one_factor_alone_has_scores_nothing_correlates(self) -> None:
        sorts, _ = planted(2, 1, 6, noise=0.1)

        found = side_by_side(sorts, GRID, Choices(1, rotation="none"), 0, 1)

        assert found[0].flagged == (6, 0)
        assert found[0].greatest_correlation is None


class TestCentroidAsTheToolsStartIt:
    def test_the_same_factors_where_few_are_taken(self) -> None:
        sorts = table(LIPSET / "lipset.csv").values

        likeness = likeness_to_the_tools(solve(sorts, GRID_OF_LIPSET, Choices(3, "centroid")))

        assert likeness is not None
        assert likeness.congruence > 0.999

    def test_other_factors_where_many_are(self) -> None:
        sorts = table(LIPSET / "lipset.csv").values

        likeness = likeness_to_the_tools(solve(sorts, GRID_OF_LIPSET, Choices(6, "centroid")))

        assert likeness is not None
        assert likeness.congruence == pytest.approx(0.684, abs=1e-3)
        assert likeness.factor == 3

    def test_of_unrotated_factors(self) -> None:
        sorts, _ = planted(3, 3, 5)
        found = solve(sorts, GRID, Choices(3, "centroid", rotation="none"))

        assert likeness_to_the_tools(found) is not None

    @pytest.mark.parametrize("choices", [Choices(2), Choices(2, "centroid", compat="kade")])
    def test_only_our_own_centroid_is_compared(self, choices: Choices) -> None:
        sorts, _ = planted(3, 3, 5)

        assert likeness_to_the_tools(solve(sorts, GRID, choices)) is None

    def test_fewer_factors_by_the_tools_are_nothing_to_compare_with(self) -> None:
        # Each sort twice: the tools' rule leaves nothing for a second factor.
        sorts = np.repeat(random_sorts(0, 2), 2, axis=1)

        assert likeness_to_the_tools(solve(sorts, GRID, Choices(2, "centroid"))) is None


GRID_OF_LIPSET = np.repeat(np.arange(-4, 5), [2, 3, 4, 5, 5, 5, 4, 3, 2])


def test_what_is_known_before_a_turn_gives_the_same_solution() -> None:
    sorts, _ = planted(3, 3, 5)
    turned = Choices(3, rotation=Judgment((HandRotation(0, 1, 12.5),), after_varimax=True))

    afresh = solve(sorts, GRID, turned)
    known = solve(sorts, GRID, turned, extracted(sorts, turned))

    np.testing.assert_array_equal(afresh.loadings, known.loadings)
    np.testing.assert_array_equal(afresh.z, known.z)
    assert (afresh.weights != 0).tolist() == afresh.flags.tolist()
