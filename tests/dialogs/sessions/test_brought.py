"""A case that has a place in a meeting is the one that it is about, where its owner is there."""

from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.state import OwnerStopped, Started, Stopped, WentBack
from tests.support.sessions import GUIDANCE, NAMES, Group, method_of, phase_of

BROUGHT = {"siri": "Hva nå?", "per": "Hvem spør jeg?"}


def started(brought: dict[str, str]) -> Group:
    group = Group(GUIDANCE, is_started=False)
    group.do(Started, "frode", names=NAMES, brought=brought)
    return group


def questions(group: Group) -> list[tuple[str, str, str | None]]:
    return [(each.phase, each.text, each.author) for each in group.session.contributions]


def test_nobody_is_asked_who_has_a_case_nor_chooses() -> None:
    group = started(BROUGHT)
    group.next()
    assert (group.phase, group.session.owner) == ("more", "siri")
    assert questions(group) == [("more", "Hva nå?", "siri")]
    (asked,) = group.session.contributions
    assert (asked.name, asked.is_shown) == ("Siri", True)
    assert not group.session.by_lot


def test_where_no_owner_is_there_it_is_as_ever() -> None:
    group = started({"nobody": "Hva nå?"})
    group.next()
    assert (group.phase, group.session.owner) == ("episodes", None)


def test_whoever_stops_is_not_taken_again_and_another_may_be() -> None:
    group = started(BROUGHT)
    group.next()
    group.do(OwnerStopped, "siri")
    assert (group.phase, questions(group)) == ("choice", [])
    group.do(WentBack, "frode")
    assert (group.phase, group.session.owner) == ("more", "per")


def test_whoever_is_chosen_already_stays_when_the_group_goes_back() -> None:
    group = started(BROUGHT)
    group.next()
    group.do(WentBack, "frode")
    group.do(WentBack, "frode")
    assert (group.phase, group.session.owner) == ("episodes", "siri")


def test_a_method_in_which_the_owner_has_no_word_goes_its_way() -> None:
    choosing = method_of("c", phase_of("all", Round("free")), phase_of("one", Vote("all", "owner")))
    group = Group(choosing, is_started=False)
    group.do(Started, "frode", names=NAMES, brought=BROUGHT)
    assert (group.phase, group.session.owner) == ("all", None)


def test_nothing_of_the_questions_is_left_in_what_is_over() -> None:
    group = started({"nobody": "Hva nå?"})
    assert group.session.brought
    group.do(Stopped, "frode")
    assert not group.session.brought
