"""Whoever has seen results of some answers subtracts them from results of a few more."""

from dataclasses import replace

import pytest

from research.publication import (
    FormResults,
    ItemResult,
    Published,
    Results,
    beside,
    dump_results,
    load_results,
    publication,
)
from research.studies import StudyRefused

SORTED = Results({"f1": {"s1": 1, "s2": -1}}, (), ())
FORM = FormResults(0, (ItemResult("a", 0, {"1": None}, None),))
KINDS = pytest.mark.parametrize("kind", [SORTED, FORM])


def shown_in_turn(kind: Published, *answers: int) -> Published:
    """What is published when all of these are, one after the other."""
    shown = None
    for n in answers:
        shown = beside(shown, publication("a", dump_results(replace(kind, answers=n))))
    assert shown is not None
    return load_results(shown.results)


@KINDS
@pytest.mark.parametrize("answers", [(12, 11), (11, 12), (20, 16), (12, 18, 13), (30, 12, 20, 28)])
def test_what_few_answered_is_not_told_by_what_was_shown_before(
    kind: Published, answers: tuple[int, ...]
) -> None:
    """Also where something else was shown between."""
    shown_in_turn(kind, *answers[:-1])
    with pytest.raises(StudyRefused, match="beside each other they tell what"):
        shown_in_turn(kind, *answers)


@KINDS
@pytest.mark.parametrize("answers", [(30, 16, 11), (11, 16, 30), (61, 30, 20, 8)])
def test_what_all_but_several_groups_answered_is_not_told(
    kind: Published, answers: tuple[int, ...]
) -> None:
    """No two of these leave few."""
    shown_in_turn(kind, *answers[:-1])
    with pytest.raises(StudyRefused, match="Publish the results of all groups together"):
        shown_in_turn(kind, *answers)


@KINDS
def test_the_same_and_what_is_of_five_more_is_shown(kind: Published) -> None:
    assert shown_in_turn(kind, 12, 12, 17, 17, 25).earlier == (12, 12, 17, 17)


def test_of_what_was_published_before_sorts_were_counted_nothing_is_known() -> None:
    assert shown_in_turn(SORTED, 0, 12).answers == 12
