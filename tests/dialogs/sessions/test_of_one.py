"""A focus group of one: the same guide, and nothing of what the one writes is for the group."""

from dataclasses import replace

import pytest

from dialogs.sessions import queries
from dialogs.sessions.method import Frame, Method
from dialogs.sessions.of_one import held, is_of_one
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.sharing import shareable
from dialogs.sessions.state import (
    INVENTED,
    Ended,
    Finished,
    HandedOver,
    Joined,
    Left,
    NotedForSelf,
    Pace,
    Paused,
    Refused,
    Resumed,
    Running,
    Started,
    Stopped,
    Told,
)
from tests.support.sessions import NAMES, Group, guide, method_of, phase_of

FOCUS = method_of(
    "focus",
    phase_of("welcome", Inform()),
    phase_of("first", Round("free")),
    phase_of("guide", guide("a", "b"), shared_learning=True),
    phase_of("alone", Private()),
    phase_of("bye", Inform()),
    frame=Frame(with_one=True),
)
GROUPS_ALONE = replace(FOCUS, frame=Frame())


def group_of(
    *members: str, method: Method = FOCUS, pace: Pace = "live", is_started: bool = True
) -> Group:
    return Group(method, members=members, pace=pace, is_started=is_started)


def goes_by(group: Group) -> Method:
    return held(group.method, group.session)


def read_by_the_group(group: Group) -> list[str]:
    """Everything that any card of the group shows."""
    method = goes_by(group)
    return [
        each.text
        for phase in group.method.phases
        for each in queries.shown(method, group.session, phase.id)
    ]


# --- With one from the start --------------------------------------------------------------------


@pytest.mark.parametrize("pace", ["live", "days"])
def test_it_begins_with_one_and_nothing_written_is_shown(pace: Pace) -> None:
    group = group_of("kari", pace=pace)
    assert is_of_one(group.method, group.session)

    for phase in ("first", "guide", "alone"):
        group.skip_to(phase)
        assert group.write("kari", f"om {phase}") == [Told("noted")]
        assert read_by_the_group(group) == []
        assert [each.text for each in queries.mine(group.session, "kari")] == [f"om {phase}"]
    group.do(Stopped, "frode")

    assert group.session.contributions == ()


def test_what_was_written_is_among_ones_own_notes_when_the_part_is_over() -> None:
    group = group_of("kari")
    group.skip_to("guide")
    group.write("kari", "Om a", theme="a")
    group.write("kari", "Om b", theme="b")

    assert NotedForSelf("kari", "Om a\n\nOm b") in group.do(Finished, "kari") + [
        each for _ in range(3) for each in group.next()
    ]


def test_the_one_may_share_with_a_study_what_the_group_never_reads() -> None:
    group = group_of("kari")
    group.skip_to("guide")
    group.write("kari", "Om a", "id1", theme="a")

    assert shareable(goes_by(group), group.session, "kari", "id1")


def test_the_guide_is_the_same_and_goes_by_theme() -> None:
    group = group_of("kari")
    group.skip_to("guide")
    asked = [group.opened.asked[-1]]
    group.next()
    asked.append(group.opened.asked[-1])

    assert asked == ["a", "b"]


@pytest.mark.parametrize(
    ("members", "method"), [(("kari",), GROUPS_ALONE), (("frode",), FOCUS), ((), FOCUS)]
)
def test_nobody_to_talk_to_and_methods_of_groups_do_not_begin(
    members: tuple[str, ...], method: Method
) -> None:
    group = group_of(*members, method=method, is_started=False)

    assert group.do(Started, "frode", names=NAMES) == [Refused("too_few")]


def test_one_who_is_asked_by_who_leads_is_no_group() -> None:
    assert is_of_one(FOCUS, group_of("frode", "kari").session)
    assert not is_of_one(FOCUS, group_of("ola", "kari").session)
    assert not is_of_one(GROUPS_ALONE, group_of("frode", "kari", method=GROUPS_ALONE).session)


def test_a_rehearsal_is_a_rehearsal_of_the_group() -> None:
    assert not is_of_one(FOCUS, group_of("frode", f"{INVENTED}1").session)


# --- A group shrinks, and grows -----------------------------------------------------------------


def test_a_group_shrinks_to_one_and_the_session_goes_on_where_it_was() -> None:
    group = group_of("kari", "ola")
    group.skip_to("first")
    group.write("ola", "da vi var to")
    group.do(Left, "ola")

    assert isinstance(group.session.stage, Running)
    assert group.phase == "first"
    assert queries.takes_writing(group.session, goes_by(group).phases[1])
    assert group.write("kari", "skrevet alene") == [Told("noted")]
    assert "skrevet alene" not in read_by_the_group(group)
    group.skip_to("guide")
    assert read_by_the_group(group) == ["da vi var to"]


def test_what_was_shown_while_they_were_several_is_not_shown_anew_as_the_ones() -> None:
    group = group_of("kari", "ola")
    group.skip_to("alone")
    group.write("kari", "sagt i gruppa")
    group.do(Left, "ola")
    effects = group.next()

    assert group.phase == "bye"
    assert NotedForSelf("kari", "sagt i gruppa") in effects
    assert read_by_the_group(group) == []


def test_over_days_the_last_one_is_not_shown_because_the_others_left() -> None:
    """All who are left are done, and the part is over at once."""
    group = group_of("kari", "ola", pace="days")
    group.skip_to("alone")
    group.write("kari", "sagt i gruppa")
    group.do(Finished, "kari")
    effects = group.do(Left, "ola")

    assert group.phase == "bye"
    assert NotedForSelf("kari", "sagt i gruppa") in effects
    assert read_by_the_group(group) == []


@pytest.mark.parametrize("phase", ["first", "alone"])
def test_others_come_and_what_was_written_alone_stays_with_its_writer(phase: str) -> None:
    group = group_of("kari", "ola")
    group.skip_to(phase)
    group.do(Left, "ola")
    group.write("kari", "skrevet alene")
    effects = group.do(Joined, "siri", name="Siri")
    group.write("siri", "sagt av den som kom")
    group.next()

    assert NotedForSelf("kari", "skrevet alene") in effects
    assert "skrevet alene" not in read_by_the_group(group)
    assert queries.mine(group.session, "kari") == ()
    if phase == "first":
        assert "sagt av den som kom" in read_by_the_group(group)
    assert not is_of_one(group.method, group.session)


def test_a_part_that_was_shown_stays_shown_when_others_come_back() -> None:
    group = group_of("kari", "ola")
    group.skip_to("alone")
    group.write("kari", "sagt i gruppa")
    group.next()
    assert read_by_the_group(group) == ["sagt i gruppa"]
    group.do(Left, "ola")
    assert read_by_the_group(group) == []
    group.do(Joined, "ola", name="Ola")

    assert read_by_the_group(group) == ["sagt i gruppa"]
    assert group.write("ola", "for sent") == [Refused("phase_over")]


def test_the_last_one_leaves_and_it_is_over() -> None:
    group = group_of("kari", "ola")
    group.do(Left, "ola")
    group.do(Left, "kari")

    assert isinstance(group.session.stage, Ended)
    assert group.session.stage.why == "too_few"


def test_a_method_of_groups_ends_with_one_left() -> None:
    group = group_of("kari", "ola", method=GROUPS_ALONE)
    group.do(Left, "ola")

    assert isinstance(group.session.stage, Ended)


def test_a_talk_with_one_takes_a_break_and_goes_on_another_day() -> None:
    group = group_of("kari")
    group.skip_to("guide")
    group.write("kari", "Om a", theme="a")
    group.do(Paused, "kari")
    group.do(Resumed, "kari")

    assert isinstance(group.session.stage, Running)
    assert [each.text for each in queries.mine(group.session, "kari")] == ["Om a"]


def test_who_leads_hands_over_and_a_group_is_a_talk_with_who_handed() -> None:
    group = group_of("kari", "ola")
    group.skip_to("first")
    group.do(HandedOver, "frode", to="kari")
    assert is_of_one(group.method, group.session)
    group.write("ola", "skrevet alene")

    assert read_by_the_group(group) == []
