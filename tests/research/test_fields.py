"""Participants' answers beside the factors: only counts that name nobody."""

from research.analysis.solution import Choices, solve
from research.dataset import Dataset
from research.fields import crossed
from tests.research.samples import GRID, dataset, planted


def told(fields: dict[str, dict[str, str]], per_view: int = 12) -> tuple[Dataset, list[object]]:
    sorts, _ = planted(3, 2, per_view)
    data = dataset(sorts, fields=fields)
    return data, list(crossed(data, solve(sorts, GRID, Choices(2))))


def roles(split: int) -> dict[str, dict[str, str]]:
    return {f"p{n}": {"role": "adviser" if n % split else "leader"} for n in range(1, 25)}


def test_counts_of_five_and_more_are_told() -> None:
    _, found = told(roles(2))

    (table,) = found
    assert table.values == ("adviser", "leader")  # type: ignore[attr-defined]  # a list of objects
    assert table.counts == ((6, 6, 0), (6, 6, 0))  # type: ignore[attr-defined]  # a list of objects


def test_few_are_hidden_and_one_more_that_would_tell_them() -> None:
    fields = roles(2) | {"p2": {"role": "third"}, "p4": {"role": "third"}}

    _, found = told(fields)

    (table,) = found
    # Factor 1 has 6, 4 and 2: the small ones are hidden. Factor 2 has 6 and 6.
    columns = list(zip(*table.counts, strict=True))  # type: ignore[attr-defined]  # a list of objects
    assert sorted(columns, key=str)[1:] == [(6, 6, 0), (6, None, None)]


def test_what_is_no_background_is_left_out() -> None:
    fields = {
        f"p{n}": {"dur0": "1" if n % 2 else "2", "free": f"own words {n}", "same": "x"}
        for n in range(1, 25)
    }

    assert told(fields)[1] == []


def test_nothing_is_told_where_everything_is_small() -> None:
    fields = {f"p{n}": {"role": "adviser" if n % 2 else "leader"} for n in range(1, 9)}

    assert told(fields, per_view=4)[1] == []
