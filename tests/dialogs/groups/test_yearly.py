"""What is told of a year is of many, and no two numbers tell of few by their difference."""

from collections.abc import Sequence
from itertools import product

import pytest

from dialogs.groups import yearly
from dialogs.groups.yearly import LEAST_GROUPS, LEAST_MEETINGS, Count, Row, Summary, summary

Numbers = Sequence[tuple[int, int]]


def of(*numbers: tuple[int, int]) -> list[Count]:
    """Methods a, b, c ... with so many groups and meetings."""
    return [Count("abcdef"[n], *each) for n, each in enumerate(numbers)]


@pytest.mark.parametrize("numbers", [(), ((4, 90),), ((9, 9),), ((2, 8), (2, 30))], ids=str)
def test_of_few_nothing_is_told(numbers: Numbers) -> None:
    assert summary(of(*numbers)) is None


def test_what_is_many_is_told_in_round_numbers() -> None:
    assert summary(of((7, 23))) == Summary(5, 25)
    assert summary(of((7, 23), (8, 41))) == Summary(15, 65, (Row("b", 40), Row("a", 25)))


def test_a_method_of_one_group_is_counted_with_others() -> None:
    """And the smallest of those with it, where it alone would be the rest of the sum."""
    assert summary(of((9, 40), (6, 20), (1, 3))) == Summary(15, 65, (Row("a", 40), Row(None, 25)))
    assert summary(of((9, 40), (1, 3))) == Summary(10, 45), "a row would tell the rest"
    found = summary(of((9, 40), (3, 9), (2, 3)))
    assert found == Summary(15, 50, (Row("a", 40), Row(None, 10)))
    assert summary(of((5, 12), (5, 12), (5, 12))) == Summary(
        15, 30, (Row("a", 10), Row("b", 10), Row("c", 10))
    )


def guesses(told: Summary | None, known: Sequence[Count]) -> list[int]:
    """Whoever knows all other groups, and is told this: how often the last one may have met, which
    alone has its method, if it met at all."""
    return [n for n in range(31) if summary([*known, Count("z", 1, n)]) == told]


def test_who_knows_all_other_groups_does_not_learn_how_often_one_met() -> None:
    many = (5, 12), (6, 27), (9, 40)
    for numbers in (*product(many, repeat=1), *product(many, repeat=2), *product(many, repeat=3)):
        known = of(*numbers)
        for meetings in range(1, 11):
            told = summary([*known, Count("z", 1, meetings)])
            assert told is not None
            assert "z" not in {row.method for row in told.rows}
            assert (told.groups, told.meetings) >= (LEAST_GROUPS, LEAST_MEETINGS)
            assert len(guesses(told, known)) > 1


def test_who_is_told_plain_sums_learns_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the attack can succeed."""
    monkeypatch.setattr(yearly, "STEP", 1)
    known = of((6, 27))
    assert guesses(summary([*known, Count("z", 1, 8)]), known) == [8]
