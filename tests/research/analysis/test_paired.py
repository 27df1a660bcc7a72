"""Change per person: equal to scipy's numbers, and to what can be reckoned by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from research.analysis.counts import Summary, summary, suppressed
from research.analysis.paired import effect, holm, ranks, signed_rank
from research.bounds import LEAST

DIFFERENCES = st.lists(st.integers(-4, 4), min_size=2, max_size=10)


def test_by_hand() -> None:
    found = signed_rank([1, 2, 3])

    assert found is not None
    assert (found.n, found.up, found.down, found.p) == (3, 6, 0, 0.25)
    assert found.is_exact
    assert signed_rank([0, 0]) is None


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=50, unique=True), st.randoms())
def test_without_ties_it_is_scipys_exact_test(
    sizes: list[int], random: np.random.Generator
) -> None:
    values = [size if random.random() < 0.6 else -size for size in sizes]
    found = signed_rank(values)

    expected = stats.wilcoxon(values, method="exact")
    assert found is not None
    assert min(found.up, found.down) == expected.statistic
    assert found.p == pytest.approx(expected.pvalue, rel=1e-12)


@settings(deadline=None, max_examples=40)  # scipy counts every pattern
@given(DIFFERENCES.filter(lambda values: sum(map(bool, values)) > 1))
def test_with_ties_and_zeros_it_is_scipys_test_over_all_patterns(values: list[int]) -> None:
    found = signed_rank(values)

    kept = [value for value in values if value]
    patterns = stats.PermutationMethod(n_resamples=np.inf)
    expected = stats.wilcoxon(kept, zero_method="wilcox", method=patterns)
    assert found is not None
    assert found.n == len(kept)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_beyond_fifty_it_is_scipys_approximation(seed: int) -> None:
    values = np.random.default_rng(seed).integers(-5, 7, 90).tolist()
    found = signed_rank(values)

    expected = stats.wilcoxon(values, method="asymptotic", correction=False)
    assert found is not None
    assert not found.is_exact
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_ranks_are_scipys(values: list[int]) -> None:
    assert ranks(np.array(values, dtype=float)).tolist() == stats.rankdata(values).tolist()


def test_the_effect_is_the_share_that_rose_less_the_share_that_fell() -> None:
    found = effect([1, 2, 3, -1, 0])  # ranks 1.5, 3, 4 up and 1.5 down

    assert found is not None
    assert found.size == pytest.approx((8.5 - 1.5) / 10)
    assert -1 < found.low < found.size < found.high < 1
    assert effect([0, 0, 0]) is None


def test_of_equal_differences_the_interval_is_wilsons() -> None:
    found = effect([1, 1, 1, -1])

    expected = stats.binomtest(3, 4).proportion_ci(method="wilson")
    assert found is not None
    assert (found.low + 1) / 2 == pytest.approx(expected.low, rel=1e-5)
    assert (found.high + 1) / 2 == pytest.approx(expected.high, rel=1e-5)


@pytest.mark.parametrize("shares", [(5, 15, 30, 35, 15), (10, 20, 40, 20, 10), (0, 10, 50, 30, 10)])
@pytest.mark.parametrize("persons", [8, 15, 30, 100])
def test_an_interval_covers_about_as_often_as_it_claims(
    shares: tuple[int, ...], persons: int
) -> None:
    chance = np.random.default_rng(3)
    steps, weights = [-2, -1, 0, 1, 2], np.array(shares) / 100
    crowd = effect(chance.choice(steps, 200_000, p=weights).tolist())
    assert crowd is not None
    found = [effect(chance.choice(steps, persons, p=weights).tolist()) for _ in range(1000)]
    held = [one is not None and one.low <= crowd.size <= one.high for one in found]

    assert 0.92 < np.mean(held) < 0.985


def test_holms_adjustment_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


# Counts


def test_a_summary() -> None:
    assert summary([]) is None
    assert summary([3]) == Summary(1, 3.0, 3.0, 0.0)
    deviation = float(np.std([1, 2, 3, 4], ddof=1))
    assert summary([1, 2, 3, 4]) == Summary(4, 2.5, 2.5, deviation)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([5, 0, 9], (5, 0, 9)),
        ([3, 2, 9], (None, None, 9)),
        ([1, 14], (None, None)),
        ([1, 14, 6, 0], (None, 14, None, None)),
        ([3, 0], (None, None)),
        ([], ()),
    ],
)
def test_small_counts_are_hidden_and_so_is_what_would_tell_them(
    counts: list[int], shown: tuple[int | None, ...]
) -> None:
    assert suppressed(counts) == shown


@given(st.lists(st.integers(0, 12), max_size=8))
def test_no_small_count_can_be_reckoned_from_the_total(counts: list[int]) -> None:
    shown = suppressed(counts)

    assert all(count is None or not 0 < count < LEAST for count in shown)
    hidden = [count for count, seen in zip(counts, shown, strict=True) if seen is None]
    others = [count for count in counts if count >= LEAST]
    assert len(hidden) != 1 or not others
    assert not hidden or sum(hidden) >= LEAST or sum(hidden) == sum(counts)
