"""A text that was shown is taken out, by whoever leads or its writer; nobody learns whose."""

from dataclasses import replace

import pytest

from dialogs.sessions.method import Method
from dialogs.sessions.primitives.cluster import Cluster
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.state import (
    Answered,
    Picked,
    Refused,
    Returned,
    Stopped,
    TakenOut,
    Told,
    TookOut,
    Voted,
)
from tests.support.sessions import GUIDANCE, Group, phase_of


def written(method: Method = GUIDANCE) -> Group:
    """The alternatives of three are shown; Kari is the owner."""
    group = Group(method)
    group.to("choice")
    for person in group.members:
        group.do(Voted, person, choices=("kari",))
    group.next()
    group.skip_to("alternatives")
    for person, text in (("ola", "Ring en kollega"), ("siri", "Gå en tur"), ("per", "Vent en dag")):
        group.write(person, text)
    group.next()
    assert sorted(group.shown("alternatives")) == ["Gå en tur", "Ring en kollega", "Vent en dag"]
    return group


def ident(group: Group, text: str) -> str:
    return next(each.id for each in group.session.contributions if each.text == text)


def test_whoever_leads_takes_out_a_text_and_only_its_writer_gets_it_back() -> None:
    group = written()

    effects = group.do(TookOut, "frode", id=ident(group, "Gå en tur"))

    assert effects == [Told("taken_out"), TakenOut(("Gå en tur",), ()), Returned("siri")]
    assert sorted(group.shown("alternatives")) == ["Ring en kollega", "Vent en dag"]
    assert group.session.returned == {"siri": ("Gå en tur",)}


def test_its_writer_takes_it_out_and_nobody_elses() -> None:
    group = written()
    theirs = ident(group, "Gå en tur")

    for stranger in ("per", "kari"):
        assert group.do(TookOut, stranger, id=theirs) == [Refused("not_yours")]
    assert Told("taken_out") in group.do(TookOut, "siri", id=theirs)
    assert group.do(TookOut, "siri", id=theirs) == [Refused("no_choice")]
    assert group.do(TookOut, "frode", id="") == [Refused("nothing_chosen")]


def test_what_is_not_shown_yet_is_taken_out_by_nobody() -> None:
    group = written()
    group.skip_to("to_me")
    group.write("per", "Til meg selv", id="note")

    assert group.do(TookOut, "frode", id="note") == [Refused("no_choice")]
    assert group.do(TookOut, "per", id="note") == [Refused("no_choice")]


def test_nobody_has_voted_for_it_or_picked_it_any_more() -> None:
    group = written()
    tour, wait = ident(group, "Gå en tur"), ident(group, "Vent en dag")
    group.skip_to("to_try")
    group.do(Picked, "kari", contributions=(tour, wait))
    group.skip_to("collection")
    group.do(Voted, "kari", choices=(tour,))
    group.do(Voted, "ola", choices=(tour, wait))

    group.do(TookOut, "frode", id=tour)

    assert group.session.picked == (wait,)
    assert group.opened.votes == {"ola": (wait,)}


def test_nobody_has_placed_it_or_answered_about_it_any_more() -> None:
    group = written()
    tour, wait = ident(group, "Gå en tur"), ident(group, "Vent en dag")
    opened = replace(
        group.opened,
        places={"kari": {tour: (1, 2), wait: (3, 4)}},
        answers={"ola": {tour: "5", wait: "2"}},
    )
    group.session = replace(group.session, opened=opened)

    group.do(TookOut, "frode", id=tour)

    assert group.opened.places == {"kari": {wait: (3, 4)}}
    assert group.opened.answers == {"ola": {wait: "2"}}


def test_of_a_pile_the_rest_stays_where_it_was_kept() -> None:
    *phases, collection, closing, rating = GUIDANCE.phases
    piles = phase_of("piles", Cluster("alternatives"))
    collection = replace(collection, does=Vote("piles", "collection"))
    group = written(replace(GUIDANCE, phases=(*phases, piles, collection, closing, rating)))
    one, other = ident(group, "Ring en kollega"), ident(group, "Gå en tur")
    group.skip_to("piles")
    for person in group.members:
        group.do(Answered, person, values={one: "A", other: "A"})
    group.next()
    before = next(text for text in group.shown("piles") if "Gå en tur" in text)

    effects = group.do(TookOut, "frode", id=other)

    assert "Ring en kollega" in before
    assert TakenOut((before,), ("Ring en kollega",)) in effects


def test_what_bears_no_name_goes_back_to_nobody() -> None:
    group = written()
    nameless = tuple(replace(each, name="") for each in group.session.contributions)
    group.session = replace(group.session, contributions=nameless)

    effects = group.do(TookOut, "frode", id=ident(group, "Gå en tur"))

    assert [each.kind for each in effects] == ["told", "taken_out"]
    assert group.do(TookOut, "per", id=ident(group, "Vent en dag")) == [Refused("not_yours")]


@pytest.mark.parametrize("name", ["Siri", "pseudonym"])
def test_where_it_may_be_of_two_it_goes_back_to_nobody(name: str) -> None:
    """Somebody is called in Teams as another is called in the session."""
    group = written()
    siri = next(each for each in group.session.members if each.id == "siri")
    of_two = siri.pseudonym if name == "pseudonym" else name
    members = tuple(
        replace(each, name=of_two) if each.id in ("ola", "siri") else each
        for each in group.session.members
    )
    contributions = tuple(
        replace(each, name=of_two) if each.text == "Gå en tur" else each
        for each in group.session.contributions
    )
    group.session = replace(group.session, members=members, contributions=contributions)

    group.do(TookOut, "frode", id=ident(group, "Gå en tur"))

    assert group.session.returned == {}


def test_once_the_session_is_over_nothing_says_whose_it_was() -> None:
    group = written()
    group.do(TookOut, "frode", id=ident(group, "Gå en tur"))
    assert group.session.visited[group.opened.visit] == group.phase

    group.do(Stopped, "frode")

    assert group.session.returned == {}
    assert group.do(TookOut, "frode", id=ident(group, "Vent en dag")) == [Refused("ended")]
