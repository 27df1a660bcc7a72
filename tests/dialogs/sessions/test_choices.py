"""In every primitive nothing half is taken for whole, and what one has chosen can be taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from dialogs.sessions import queries
from dialogs.sessions.primitives.vote import candidates
from dialogs.sessions.state import (
    Answered,
    Asked,
    Confirmed,
    Event,
    GaveWord,
    HandedOver,
    Joined,
    LanguageSet,
    Passed,
    Picked,
    Placed,
    Rated,
    Refused,
    Skipped,
    Started,
    Told,
    Voted,
    Worded,
)
from tests.support.sessions import EVERYTHING, GUIDANCE, NAMES, Group

SIX = ("m1", "m2", "m3", "m4", "m5", "m6")


def written() -> Group:
    """With two texts and an owner, as far as the first phase where one chooses."""
    group = Group(EVERYTHING, members=SIX)
    group.skip_to("alone")
    group.write("m1", "Ring")
    group.write("m2", "Spør")
    group.next()
    return group


def ids(group: Group) -> list[str]:
    return [each.id for each in queries.shown(EVERYTHING, group.session, "alone")]


def to(phase: str) -> Group:
    group = written()
    group.skip_to(phase)
    return group


CHOICES: dict[str, tuple[type[Event], str, Callable[[Group], Any], Any]] = {
    # by phase: the event, its field, something that can be chosen, and nothing
    "choice": (Voted, "choices", lambda g: (candidates(EVERYTHING, g.session)[0].id,), ()),
    "piles": (Answered, "values", lambda g: {ids(g)[0]: "A", ids(g)[1]: "A"}, {}),
    "keep": (Voted, "choices", lambda g: tuple(ids(g)[:1]), ()),
    "picture": (Placed, "places", lambda g: {ids(g)[0]: (1, 1)}, {}),
    "rating": (Rated, "values", lambda _: {"one": 2}, {}),
}


@pytest.mark.parametrize("phase", CHOICES)
def test_an_empty_choice_is_no_choice_and_takes_back_what_was_chosen(phase: str) -> None:
    act, name, some, nothing = CHOICES[phase]
    group = to(phase)

    assert group.do(act, "m1", **{name: nothing}) == [Refused("nothing_chosen")]
    assert "m1" not in group.opened.done
    group.do(act, "m1", **{name: some(group)})
    assert "m1" in group.opened.done
    assert group.do(act, "m1", **{name: nothing}) == [Told("taken_back")]
    assert "m1" not in group.opened.done
    assert group.do(act, "m1", **{name: nothing}) == [Refused("nothing_chosen")]


@pytest.mark.parametrize("phase", CHOICES)
def test_who_lets_it_pass_has_chosen_nothing(phase: str) -> None:
    act, name, some, _ = CHOICES[phase]
    group = to(phase)
    group.do(act, "m1", **{name: some(group)})

    assert group.do(Passed, "m1") == [Told("taken_back")]
    given = (group.opened.votes, group.opened.ratings, group.opened.places, group.opened.answers)
    assert not any("m1" in each for each in given)
    assert "m1" in group.opened.passed
    assert group.do(Passed, "m1") == []


def test_who_lets_an_agreement_pass_no_longer_confirms_it() -> None:
    group = to("agreement")
    group.do(Worded, "m1", text="Vi ringer", edition=0)
    group.do(Confirmed, "m2", edition=1)

    assert group.do(Passed, "m2") == [Told("taken_back")]
    assert group.session.wordings["agreement"].confirmed == {"m1"}


def test_half_a_place_is_kept_for_nobody() -> None:
    group = to("picture")

    some = {ids(group)[0]: (1, 1)}
    assert group.do(Placed, "m1", places=some, half=True) == [Refused("half_placed")]
    assert group.opened.places == {}


def test_the_owner_picks_something_or_takes_it_back() -> None:
    group = Group(GUIDANCE)
    group.to("choice")
    group.do(Voted, "kari", choices=("kari",))
    group.to("alternatives")
    group.write("ola", "Ring")
    group.next()
    group.skip_to("to_try")
    (offered,) = queries.shown(GUIDANCE, group.session, "alternatives")

    assert group.do(Picked, "kari", contributions=()) == [Refused("nothing_chosen")]
    group.do(Picked, "kari", contributions=(offered.id,))
    assert group.do(Picked, "kari", contributions=()) == [Told("taken_back")]
    assert group.session.picked == ()


def test_the_group_has_another_language() -> None:
    group = written()
    group.do(LanguageSet, "m1", language="en")

    assert group.session.language == "en"
    assert group.do(LanguageSet, "nobody", language="nb") == [Refused("not_a_member")]


@pytest.mark.parametrize(
    ("phase", "act", "values"),
    [
        ("panel", GaveWord, {"to": ""}),
        ("guide", Asked, {"theme": ""}),
        ("panel", HandedOver, {"to": ""}),
    ],
)  # fmt: skip
def test_whoever_leads_is_told_that_nothing_was_chosen(
    phase: str, act: type[Event], values: dict[str, str]
) -> None:
    group = Group(EVERYTHING, members=SIX)
    group.do(Joined, "m1", name="M1", role="panel")
    group.skip_to(phase)

    assert group.do(act, "frode", **values) == [Refused("nothing_chosen")]


def test_a_method_begins_without_one_of_its_roles_only_where_that_is_meant() -> None:
    group = Group(EVERYTHING, members=SIX, is_started=False)  # all are guests

    assert group.do(Started, "frode", names=NAMES) == [Refused("role_missing")]
    assert group.phase == ""
    group.do(Joined, "m1", name="M1", role="panel")
    group.do(Started, "frode", names=NAMES)
    assert group.phase == "open"
    group.do(Skipped, "frode")
