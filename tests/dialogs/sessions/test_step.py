"""A session: as a specification. What holds for every history: `test_any_session.py`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.groups.working_hours import WorkingHours
from dialogs.sessions import queries
from dialogs.sessions.actions import PHASE_ROOM
from dialogs.sessions.method import After, Frame
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.matrix import Matrix, placeable
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote, candidates, nobody_votes
from dialogs.sessions.state import (
    MAX_MEMBERS,
    MAX_PLACED,
    STATE_LIMIT,
    TEXT_LIMIT,
    Advanced,
    Effect,
    Ended,
    Extended,
    FacilitatorChanged,
    Finished,
    Gathering,
    GaveWord,
    HandedOver,
    HardFound,
    Joined,
    Kept,
    Lapsed,
    Left,
    Member,
    NotedForSelf,
    Observed,
    OwnerStopped,
    Pace,
    PaceSet,
    Passed,
    Paused,
    Picked,
    Placed,
    Rated,
    Refused,
    Resting,
    Resumed,
    Revealed,
    Running,
    SessionEnded,
    Skipped,
    Started,
    Stopped,
    Suggested,
    TimeMoved,
    TimeUp,
    Told,
    TookOver,
    TurnCame,
    Voted,
    WentBack,
    WhyEnded,
    Withdrew,
    Wrote,
    dump,
    load,
)
from dialogs.studies.study import Language
from dialogs.writing.guards import Suggestion
from dialogs.writing.text import TooLong, Unstorable
from tests.support.sessions import (
    EVERYTHING,
    GUIDANCE,
    MONDAY,
    NAMES,
    TINY,
    Group,
    guide,
    matrix,
    method_of,
    phase_of,
    rating,
)

FOUR = ("kari", "ola", "siri", "per")


def few_wrote(group: Group) -> bool:
    now = queries.current(group.method, group.session)
    assert now is not None
    return queries.few_wrote(group.session, now.phase)


def kinds(effects: list[Effect]) -> list[str]:
    return [effect.kind for effect in effects]


def chosen(owner: str = "kari", **values: object) -> Group:
    """A group that has just chosen whose episode to explore."""
    group = Group(**values)  # type: ignore[arg-type] # each test names fields that the group has
    group.to("choice")
    for member in group.members:
        group.do(Voted, member, choices=(owner,))
    group.next()
    return group


def offered(texts: dict[str, str], members: Sequence[str] = FOUR) -> Group:
    """A group in the phase of alternatives, with what these members have written."""
    group = chosen(members=members)
    group.to("alternatives")
    for member, text in texts.items():
        group.write(member, text)
    return group


# --- A whole meeting ----------------------------------------------------------------------------


def test_a_meeting_of_the_reflection_group() -> None:
    group = Group()
    assert group.phase == "welcome"

    group.next()
    told = [str(group.turn)]
    for _ in range(3):
        group.next()
        told.append(str(group.turn))
    assert set(told) == set(FOUR)

    group.next()
    assert group.phase == "choice"
    for member in FOUR:
        group.do(Voted, member, choices=("ola",))
    group.next()
    assert (group.phase, group.session.owner) == ("more", "ola")

    group.next()
    asked = [group.turn]
    for _ in range(2):
        group.next()
        asked.append(group.turn)
    assert asked == ["kari", "siri", "per"]

    group.next()
    assert group.phase == "satisfied"
    group.next()
    group.write("kari", "Si det høyt")
    group.write("siri", "Vente litt")
    group.write("per", "Spørre mer")
    assert group.shown("alternatives") == []
    group.next()
    assert sorted(group.shown("alternatives")) == ["Si det høyt", "Spørre mer", "Vente litt"]

    group.next()
    assert group.phase == "to_try"
    alternatives = queries.shown(GUIDANCE, group.session, "alternatives")
    assert group.do(Picked, "ola", contributions=(alternatives[1].id,)) == [Told("picked")]

    group.next()
    assert group.write("per", "Jeg vil vente") == [Told("noted")]
    assert group.next()[0] == NotedForSelf("per", "Jeg vil vente")

    assert group.phase == "collection"
    for member in ("kari", "siri", "per"):
        group.do(Voted, member, choices=(alternatives[0].id,))
    assert group.next()[0] == Kept((alternatives[0].text,))

    assert group.phase == "closing"
    for member in FOUR:
        group.do(Finished, member)
    group.next()
    assert group.phase == "rating"
    group.do(Rated, "kari", values={"useful": 5, "safe": 4})
    assert group.next() == [NotedForSelf("ola", alternatives[1].text), SessionEnded()]
    assert group.session.stage == Ended(group.now, "finished")
    assert group.session.picked == (alternatives[1].id,)


def test_from_the_second_meeting_it_opens_with_what_was_tried() -> None:
    group = Group(meeting=2)
    effects = group.next()

    assert group.phase == "tried"
    assert {each.member for each in effects if isinstance(each, TurnCame)} == set(FOUR)


def test_every_phase_has_one_card_and_a_greater_visit() -> None:
    group, visits = Group(), []
    while group.phase:
        visits.append(group.opened.visit)
        group.do(Skipped, "frode")

    assert visits == list(range(1, len(visits) + 1))


def test_notes_are_brought_up_when_ones_turn_to_tell_comes_and_only_once() -> None:
    group = Group()
    (first,) = [each for each in group.next() if isinstance(each, TurnCame)]
    assert first.member == group.turn
    assert group.next() == [TurnCame(str(group.turn))]
    group.do(WentBack, "frode")
    again = [each for each in group.next() if isinstance(each, TurnCame)]
    assert again == [] or again[0].member not in group.session.called - {again[0].member}

    later = chosen(str(first.member))
    assert not any(isinstance(each, TurnCame) for each in later.next())


def test_a_document_holds_the_whole_session() -> None:
    group = offered({"ola": "Si det", "per": "Vent"})

    assert load(dump(group.session)) == group.session


# --- Gathering ----------------------------------------------------------------------------------


def test_two_are_needed() -> None:
    group = Group(members=("kari",))

    assert group.session.stage == Gathering(MONDAY)
    assert group.do(Started, "frode", names=NAMES) == [Refused("too_few")]
    group.do(Joined, "ola", name="Ola")
    assert kinds(group.do(Started, "frode", names=NAMES)) == ["phase_opened"]


def test_fewer_than_the_frame_wants_can_meet() -> None:
    group = Group(members=("kari", "ola"))

    assert len(queries.here(group.session)) < GUIDANCE.frame.min_size
    assert isinstance(group.session.stage, Running)


def test_starting_twice_starts_once() -> None:
    group = Group()
    before = group.session

    assert group.do(Started, "frode", names=NAMES) == [Refused("phase_over")]
    assert group.do(PaceSet, "frode", pace="days") == [Refused("phase_over")]
    assert group.session == before


def test_the_pace_is_one_of_the_methods() -> None:
    group = Group(TINY, is_started=False)

    assert group.do(PaceSet, "frode", pace="live") == [Refused("unknown_pace")]
    assert group.session.pace == "days"


def test_where_nobody_is_left_to_begin_it_is_over() -> None:
    group = Group(members=(), is_started=False)
    group.do(Left, "frode")

    assert group.session.stage == Ended(group.now, "never_started")


def test_who_comes_again_keeps_their_role_and_who_has_none_is_asked_to_choose() -> None:
    group = Group(EVERYTHING, members=("kari", "ola", "per"))
    group.do(Joined, "kari", name="Kari", role="panel")
    group.do(Left, "kari")

    group.do(Joined, "kari", name="Kari")

    assert [(each.id, each.role) for each in group.session.members] == [
        ("kari", "panel"),
        ("ola", "guest"),
        ("per", "guest"),
    ]
    assert group.do(Joined, "siri", name="Siri") == [Refused("no_role")]


def test_joining_twice_is_joining_once_with_the_newest_name_and_role() -> None:
    group = Group(EVERYTHING, is_started=False)
    group.do(Joined, "kari", name="Kari\ud800\x00 Kvist" + "x" * 100, role="panel")

    (kari,) = [each for each in group.session.members if each.id == "kari"]
    assert (kari.name[:10], len(kari.name), kari.role) == ("Kari Kvist", 60, "panel")
    assert group.do(Joined, "ola", name="Ola", role="forged") == [Refused("unknown_role")]


def test_a_group_is_full_at_twelve() -> None:
    group = Group(members=[f"m{number}" for number in range(MAX_MEMBERS)])

    assert group.do(Joined, "late", name="Late") == [Refused("full")]
    assert group.do(Joined, "m3", name="M3") == []


def test_who_leaves_before_the_start_gives_the_seat_away() -> None:
    group = Group(is_started=False)
    group.do(Left, "kari")

    assert [each.id for each in group.session.members] == ["ola", "siri", "per"]


def test_stopping_before_the_start() -> None:
    group = Group(is_started=False)

    assert group.do(Stopped, "frode") == [SessionEnded()]
    assert group.session.stage == Ended(group.now, "never_started")
    assert group.do(Joined, "kari", name="Kari") == [Refused("ended")]


def test_pseudonyms_are_drawn_at_the_start_and_differ() -> None:
    group = Group()
    group.do(Joined, "late", name="Late")

    assert [each.pseudonym for each in group.session.members] == list(NAMES[:5])
    assert group.session.names == NAMES[5:MAX_MEMBERS]


def test_where_no_phase_can_be_acted_in_it_is_over_at_once() -> None:
    group = Group(method_of("empty", phase_of("later", Open(), first_meeting=2)))

    assert group.session.stage == Ended(group.now, "finished")


# --- Coming and going ---------------------------------------------------------------------------


def test_who_comes_late_to_a_round_is_heard_last() -> None:
    group = Group()
    group.to("episodes")
    group.do(Joined, "late", name="Late")

    assert group.opened.order[-1] == "late"
    for _ in FOUR:
        group.next()
    assert group.turn == "late"


def test_who_comes_late_to_a_round_of_others_is_no_part_of_it() -> None:
    group = Group(EVERYTHING)
    group.do(Joined, "panelist", name="Panelist", role="panel")
    group.to("panel")
    group.do(Joined, "late", name="Late", role="guest")
    group.do(Joined, "panel2", name="Second", role="panel")

    assert group.opened.order == ("panelist", "panel2")


def test_who_comes_back_has_the_pseudonym_and_the_turn_they_had() -> None:
    group = Group()
    group.to("episodes")
    turn = str(group.turn)
    before = group.session.members
    group.do(Left, turn)
    assert group.turn not in (None, turn)
    group.do(Joined, turn, name=turn.title())

    assert group.session.members == before
    assert group.turn == turn


def test_what_is_not_shown_goes_with_who_leaves() -> None:
    group = offered({"ola": "Mitt", "per": "Mitt også"})
    group.do(Left, "ola")

    assert [each.text for each in group.session.contributions] == ["Mitt også"]


def test_a_note_to_oneself_is_kept_for_who_leaves() -> None:
    group = chosen()
    group.to("to_me")
    group.write("ola", "Jeg vil prøve")
    group.write("per", "Jeg også")

    assert group.do(Left, "ola") == [NotedForSelf("ola", "Jeg vil prøve")]
    assert group.next()[0] == NotedForSelf("per", "Jeg også")


def test_a_vote_goes_with_who_leaves_and_can_be_given_again() -> None:
    group = Group()
    group.to("choice")
    group.do(Voted, "kari", choices=("kari",))
    group.do(Voted, "ola", choices=("ola",))
    group.do(Left, "kari")
    group.do(Joined, "kari", name="Kari")

    assert "kari" in group.waiting
    group.next()
    assert group.session.owner == "ola"


def test_two_can_go_on_and_one_cannot() -> None:
    group = Group(members=("kari", "ola", "siri"))
    group.do(Left, "kari")
    assert group.phase == "welcome"

    assert group.do(Left, "ola") == [SessionEnded()]
    assert group.session.stage == Ended(group.now, "too_few")


def test_over_days_one_may_go_on_and_without_anybody_it_ends_at_the_deadline() -> None:
    group = Group(TINY, members=("kari", "ola"))
    group.do(Left, "kari")
    assert isinstance(group.session.stage, Running)

    group.do(Left, "ola")
    assert isinstance(group.session.stage, Ended)


def test_who_is_not_here_cannot_act() -> None:
    group = Group()
    group.do(Left, "kari")

    assert group.do(Finished, "kari") == [Refused("not_a_member")]
    assert group.write("stranger", "Hei") == [Refused("not_a_member")]


def test_a_facilitator_who_takes_part_is_a_member() -> None:
    group = Group(members=(*FOUR, "frode"))
    group.to("episodes")

    assert "frode" in group.waiting
    assert "frode" not in Group().waiting


# --- The observer -------------------------------------------------------------------------------


def test_an_observer_never_acts_and_counts_nowhere() -> None:
    group = Group()
    assert group.do(Observed, "obs", name="Obs") == []
    assert group.session.observer == Member("obs", "Obs")

    assert group.write("obs", "Hei") == [Refused("is_observer")]
    assert group.do(Joined, "obs", name="Obs") == [Refused("is_observer")]
    assert group.do(Paused, "obs") == [Refused("is_observer")]
    assert "obs" not in group.waiting
    assert group.do(Left, "obs") == []
    assert group.session.observer is None


def test_who_can_observe() -> None:
    group = Group()
    assert group.do(Observed, "kari", name="Kari") == [Refused("is_member")]
    assert group.do(Observed, "frode", name="Frode") == [Refused("is_facilitator")]
    group.do(Observed, "obs", name="Obs")
    assert group.do(Observed, "other", name="Other") == [Refused("observer_taken")]
    assert Group(TINY).do(Observed, "obs", name="Obs") == [Refused("no_observer")]


# --- Who leads ----------------------------------------------------------------------------------


def test_only_the_facilitator_leads() -> None:
    group = Group()

    assert group.do(Advanced, "kari") == [Refused("not_facilitator")]
    assert group.do(Advanced, "stranger") == [Refused("not_a_member")]


def test_a_double_press_advances_once() -> None:
    group = Group()
    visit, turn = group.opened.visit, group.opened.turn
    group.do(Advanced, "frode", visit=visit, turn=turn)
    after = group.session

    assert group.do(Advanced, "frode", visit=visit, turn=turn) == [Refused("phase_over")]
    assert group.session == after


def test_a_double_press_gives_the_word_to_one() -> None:
    group = Group()
    group.to("episodes")
    visit, turn = group.opened.visit, group.opened.turn
    group.do(Advanced, "frode", visit=visit, turn=turn)
    second = group.turn

    assert group.do(Advanced, "frode", visit=visit, turn=turn) == [Refused("phase_over")]
    assert group.turn == second


def test_next_at_the_same_moment_as_the_speaker_says_finished_counts_once() -> None:
    group = Group()
    group.to("episodes")
    visit, turn, (_, second, *_) = group.opened.visit, group.opened.turn, group.opened.order
    group.do(Finished, str(group.turn), visit=visit)

    assert group.do(Advanced, "frode", visit=visit, turn=turn) == [Refused("phase_over")]
    assert group.turn == second


def test_back_opens_the_phase_before_and_keeps_what_was_written() -> None:
    group = Group()
    assert group.do(WentBack, "frode") == [Refused("first_phase")]
    group.to("episodes")
    group.write("kari", "Min episode")
    group.do(WentBack, "frode")
    assert (group.phase, group.opened.visit) == ("welcome", 3)

    group.next()
    assert group.shown("episodes") == ["Min episode"]


def test_the_word_can_be_given() -> None:
    group = Group()
    group.to("episodes")
    first, second, third, last = group.opened.order
    assert group.do(GaveWord, "frode", to=last) == [TurnCame(last)]
    assert group.turn == last
    group.next()
    assert group.turn == first

    group.do(Passed, first)
    group.do(GaveWord, "frode", to=first)
    assert group.turn == first
    assert group.do(GaveWord, "frode", to="stranger") == [Refused("not_a_member")]
    group.next()
    assert [group.turn, second, third] == [second, second, third]


def test_the_word_can_be_given_in_a_free_round_and_in_an_open_phase() -> None:
    group = Group(EVERYTHING)
    group.do(GaveWord, "frode", to="ola")
    assert group.turn == "ola"
    group.do(GaveWord, "frode", to="kari")
    group.next()
    assert [group.phase, group.turn] == ["open", "ola"]

    group.to("free")
    group.do(GaveWord, "frode", to="ola")
    group.next()
    assert [group.phase, group.turn] == ["free", None]  # the others have not been heard
    group.to("form")
    assert group.do(GaveWord, "frode", to="ola") == [Refused("no_choice")]


def test_time_can_be_extended_and_not_shortened() -> None:
    group = Group()
    later = group.opened.until + timedelta(minutes=5)
    assert group.do(Extended, "frode", until=later) == [TimeMoved(1, later)]
    assert group.do(Extended, "frode", until=later) == []
    assert group.opened.until == later


def test_handing_over() -> None:
    group = Group()
    assert group.do(HandedOver, "frode", to="stranger") == [Refused("not_a_member")]
    assert group.do(HandedOver, "frode", to="kari") == [FacilitatorChanged()]
    assert group.do(HandedOver, "kari", to="kari") == []

    assert group.do(Advanced, "frode") == [Refused("not_a_member")]
    assert kinds(group.do(Advanced, "kari")) == ["phase_opened", "turn_came"]


def test_a_facilitator_who_drops_out_is_followed_by_a_member() -> None:
    group = Group()
    assert group.do(TookOver, "kari") == [Refused("has_facilitator")]
    assert group.do(Left, "frode") == [FacilitatorChanged()]
    assert group.do(Advanced, "kari") == [Refused("nobody_leads")]

    assert group.do(TookOver, "kari") == [FacilitatorChanged()]
    assert group.session.facilitator == "kari"


@pytest.mark.parametrize("pace", ["live", "days"])
def test_a_member_takes_over_where_a_phase_is_long_overdue(pace: Pace) -> None:
    group = Group(pace=pace)
    group.now = group.opened.until + queries.OVERDUE[group.session.pace] - timedelta(minutes=1)
    assert not queries.is_overdue(group.session, group.now)

    assert group.do(TookOver, "kari") == [FacilitatorChanged()]


def test_a_member_takes_over_where_the_facilitator_never_comes() -> None:
    group = Group(is_started=False)
    assert group.do(TookOver, "kari") == [Refused("has_facilitator")]
    group.now += timedelta(minutes=5)

    assert group.do(TookOver, "kari") == [FacilitatorChanged()]


def test_a_member_takes_over_after_a_day_of_rest() -> None:
    group = Group()
    group.do(Paused, "ola")
    assert group.do(TookOver, "kari") == [Refused("has_facilitator")]
    group.now += timedelta(days=1)

    assert group.do(TookOver, "kari") == [FacilitatorChanged()]
    assert kinds(group.do(Resumed, "kari")) == ["time_moved"]
    group.do(Stopped, "kari")
    assert not queries.is_overdue(group.session, group.now + timedelta(days=9))


# --- Rest ---------------------------------------------------------------------------------------


def test_anybody_may_ask_for_a_break_and_nothing_is_lost() -> None:
    group = Group()
    group.to("episodes")
    before, until = group.session, group.opened.until
    assert group.do(Paused, "kari") == [Told("pause_asked")]
    rested = group.now
    assert group.do(Paused, "ola") == [Told("pause_asked")]
    assert group.session.stage == Resting(rested)
    assert group.do(Finished, "kari") == [Refused("not_running")]

    group.now += timedelta(days=7)
    effects = group.do(Resumed, "ola")  # who may ask for a break may end it
    moved = until + (group.now - rested)
    assert effects == [TimeMoved(before.opened.visit if before.opened else 0, moved)]
    assert group.session == replace(before, opened=replace(group.opened, until=moved))
    assert group.do(Resumed, "frode") == []


def test_a_break_in_which_all_but_one_went_home() -> None:
    group = Group(members=("kari", "ola"))
    group.do(Paused, "kari")
    group.do(Left, "kari")
    assert group.do(Resumed, "frode") == [Refused("too_few")]
    group.do(Joined, "kari", name="Kari")

    assert kinds(group.do(Resumed, "frode")) == ["time_moved"]


def test_before_the_start_there_is_nothing_to_rest_from() -> None:
    group = Group(is_started=False)

    assert group.do(Paused, "kari") == [Refused("not_running")]
    assert group.do(Resumed, "frode") == [Refused("not_running")]
    assert group.do(Advanced, "frode") == [Refused("not_running")]


# --- Rounds -------------------------------------------------------------------------------------


def test_a_round_hears_everyone_in_turn_whoever_says_it() -> None:
    group = Group()
    group.to("episodes")
    order = group.opened.order
    group.do(Finished, order[0])
    assert group.turn == order[1]
    group.do(Passed, order[1])
    assert group.turn == order[2]
    group.do(Finished, order[3])  # before their turn: they wrote
    group.next()

    assert group.phase == "choice"


def test_when_all_are_heard_live_the_facilitator_still_says_next() -> None:
    group = Group()
    group.to("episodes")
    for member in group.opened.order:
        group.do(Finished, member)
    assert (group.phase, group.turn, group.waiting) == ("episodes", None, ())
    assert queries.is_complete(GUIDANCE, group.session)

    group.next()
    assert group.phase == "choice"


def test_a_silent_member_never_locks() -> None:
    group = Group()
    group.to("episodes")
    group.do(Skipped, "frode")

    assert group.phase == "choice"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_a_random_order_is_the_seeds(seed: int) -> None:
    group = Group()
    group.take(Advanced(by="frode", at=group.now, seed=seed))

    expected = list(FOUR)
    Random(seed).shuffle(expected)
    assert group.opened.order == tuple(expected)


def test_who_changes_their_mind_counts_as_they_said_last() -> None:
    group = Group()
    group.skip_to("closing")
    group.do(Passed, "kari")
    group.do(Finished, "kari")
    assert [*group.opened.done, *group.opened.passed] == ["kari"]
    assert group.opened.done
    group.do(Passed, "kari")
    assert [*group.opened.done, *group.opened.passed] == ["kari"]
    assert group.opened.passed


def test_a_press_on_an_older_card_changes_nothing() -> None:
    group = Group()
    old = group.opened.visit
    group.skip_to("closing")

    assert group.do(Finished, "kari", visit=old) == [Refused("phase_over")]
    assert group.write("kari", "Hei", visit=old) == [Refused("phase_over")]


# --- The choice of an episode -------------------------------------------------------------------


def test_candidates_told_an_episode_did_not_pass_and_are_here() -> None:
    group = Group()
    group.to("episodes")
    first, second, third, last = group.opened.order
    for _ in range(4):
        group.do(Passed if group.turn == second else Finished, str(group.turn))
    group.do(Left, third)
    group.next()

    choices = candidates(GUIDANCE, group.session)
    assert {each.id for each in choices} == {first, last}
    assert group.do(Voted, first, choices=(second,)) == [Refused("no_choice")]


def test_who_wrote_an_episode_took_part() -> None:
    group = Group()
    group.to("episodes")
    group.write("ola", "Min episode")
    group.do(Skipped, "frode")

    assert [each.id for each in candidates(GUIDANCE, group.session)] == ["ola"]


def test_where_talk_left_no_trace_all_but_those_who_passed_are_candidates() -> None:
    group = Group()
    group.to("episodes")
    group.do(Passed, "kari")
    group.do(Skipped, "frode")

    choices = candidates(GUIDANCE, group.session)
    assert {each.id for each in choices} == {"ola", "siri", "per"}


def test_one_votes_for_one_and_may_change_it() -> None:
    group = Group()
    group.to("choice")
    assert group.do(Voted, "kari", choices=("kari", "ola")) == [Refused("no_choice")]
    assert group.do(Voted, "kari", choices=()) == [Refused("nothing_chosen")]
    assert group.do(Voted, "kari", choices=("kari",)) == [Told("voted")]
    group.do(Voted, "kari", choices=("ola",))
    group.next()

    assert group.session.owner == "ola"


def test_without_votes_the_group_is_asked_once_more_and_may_skip_it() -> None:
    group = Group()
    group.to("choice")
    turn = group.opened.turn
    assert not nobody_votes(group.session, GUIDANCE.phases[3])
    assert group.next() == [
        Told("nobody_chosen"),
        TimeMoved(group.opened.visit, group.opened.until),
    ]
    assert (group.phase, group.waiting, group.opened.turn) == ("choice", FOUR, turn + 1)
    assert nobody_votes(group.session, GUIDANCE.phases[3])
    late = Advanced(by="frode", at=group.now, seed=1, visit=group.opened.visit, turn=turn)
    assert group.take(late) == [Refused("phase_over")]  # pressed twice, it draws no lots

    group.do(Skipped, "frode")
    assert group.phase == "to_me"  # the first that needs no owner
    group.next()
    assert group.phase == "closing"  # and nothing was offered that one could keep


def test_where_nobody_votes_the_second_time_either_the_lot_decides() -> None:
    group = Group()
    group.to("choice")
    group.next()

    assert group.next()[0] == Told("tie_lot")
    assert group.session.owner in FOUR
    assert group.session.by_lot


def test_one_vote_after_the_group_has_talked_is_enough() -> None:
    group = Group()
    group.to("choice")
    group.next()
    group.do(Voted, "siri", choices=("per",))
    assert not nobody_votes(group.session, GUIDANCE.phases[3])
    group.next()

    assert (group.session.owner, group.session.by_lot) == ("per", False)


def test_a_tie_is_voted_on_again_and_then_decided_by_lot() -> None:
    group = Group()
    group.to("choice")
    for voter, choice in zip(FOUR, ("kari", "kari", "ola", "ola"), strict=True):
        group.do(Voted, voter, choices=(choice,))
    turn = group.opened.turn
    assert group.next() == [Told("tie_again"), TimeMoved(group.opened.visit, group.opened.until)]
    assert group.opened.turn == turn + 1
    assert group.waiting == FOUR
    assert [each.id for each in candidates(GUIDANCE, group.session)] == ["kari", "ola"]
    assert group.do(Voted, "per", choices=("siri",)) == [Refused("no_choice")]

    assert group.next()[0] == Told("tie_lot")  # nobody voted again
    assert group.session.owner in {"kari", "ola"}
    assert group.session.by_lot


def test_the_lot_is_fair() -> None:
    def lot(seed: int) -> str | None:
        group = Group(members=("kari", "ola"))
        group.to("choice")
        group.do(Voted, "kari", choices=("kari",))
        group.do(Voted, "ola", choices=("ola",))
        group.next()
        group.take(Advanced(by="frode", at=group.now, seed=seed))
        return group.session.owner

    count = Counter(lot(seed) for seed in range(400))
    assert 150 < count["kari"] < 250


def test_a_second_vote_that_is_clear_needs_no_lot() -> None:
    group = Group()
    group.to("choice")
    for voter, choice in zip(FOUR, ("kari", "kari", "ola", "ola"), strict=True):
        group.do(Voted, voter, choices=(choice,))
    group.next()
    group.do(Voted, "per", choices=("ola",))
    group.next()

    assert (group.session.owner, group.session.by_lot) == ("ola", False)


def test_a_second_vote_whose_candidates_have_left_is_on_the_others() -> None:
    group = Group()
    group.to("choice")
    group.do(Voted, "kari", choices=("kari",))
    group.do(Voted, "ola", choices=("ola",))
    group.next()
    group.do(Left, "kari")
    group.do(Left, "ola")

    choices = candidates(GUIDANCE, group.session)
    assert [each.id for each in choices] == ["siri", "per"]


def test_a_vote_whose_candidates_have_all_left_is_over() -> None:
    group = Group(members=("kari", "ola", "siri"))
    group.to("episodes")
    group.write("kari", "Min episode")
    group.do(Skipped, "frode")
    group.do(Left, "kari")
    group.next()

    assert group.phase == "to_me"


def test_the_same_choice_again_keeps_all_and_another_lets_go_of_the_episode() -> None:
    group = chosen()
    group.write("kari", "Mer om min episode")
    group.do(WentBack, "frode")
    group.next()  # nobody votes: it stands
    assert group.shown("more") == ["Mer om min episode"]

    group.do(WentBack, "frode")
    group.do(Voted, "per", choices=("per",))
    group.next()
    assert group.session.owner == "per"
    assert group.shown("more") == []


# --- The owner ----------------------------------------------------------------------------------


def test_only_the_owner_acts_in_an_owners_phase() -> None:
    group = chosen()

    assert group.waiting == ("kari",)
    assert group.do(Finished, "ola") == [Refused("not_your_turn")]
    assert group.write("frode", "Hei") == [Refused("not_your_turn")]
    assert group.write("kari", "Det var slik") == [Told("written")]


def test_an_owner_who_stops_takes_the_episode_back_and_the_others_choose_again() -> None:
    group = Group()
    group.to("episodes")
    group.write("kari", "Min episode")
    group.write("ola", "Min egen")
    for _ in FOUR:
        group.next()
    for member in FOUR:
        group.do(Voted, member, choices=("kari",))
    group.next()
    group.write("kari", "Mer")
    group.to("questions")
    group.write("ola", "Hva tenkte du?")
    assert group.do(OwnerStopped, "ola") == [Refused("not_yours")]
    effects = group.do(OwnerStopped, "kari")

    assert effects[0] == Told("stopped")
    assert kinds(effects[1:]) == ["phase_opened"]
    assert queries.has_lost_owner(group.session)
    assert (group.phase, group.session.owner) == ("choice", None)
    assert [each.text for each in group.session.contributions] == ["Min egen"]
    assert "kari" not in {each.id for each in candidates(GUIDANCE, group.session)}


def test_an_owner_who_leaves_has_stopped() -> None:
    group = chosen()
    group.to("questions")
    group.do(Left, "kari")

    assert (group.phase, group.session.owner) == ("choice", None)


def test_where_nobody_is_left_to_choose_it_goes_on_without_an_owner() -> None:
    group = Group(members=("kari", "ola"))
    for _ in range(2):
        group.to("choice")
        candidate = candidates(GUIDANCE, group.session)[0].id
        group.do(Voted, "ola", choices=(candidate,))
        group.next()
        group.do(OwnerStopped, candidate)

    assert group.phase == "to_me"


def test_an_owner_who_leaves_when_the_episode_is_done_leaves_what_was_offered() -> None:
    group = offered({"ola": "Si det høyt", "per": "Vente"})
    group.to("closing")
    group.do(Left, "kari")

    assert (group.phase, group.session.owner) == ("closing", None)
    assert sorted(group.shown("alternatives")) == ["Si det høyt", "Vente"]


def test_what_an_owner_told_under_a_pseudonym_goes_too() -> None:
    method = method_of(
        "told_alone",
        phase_of("alone", Private(), content="telling"),
        phase_of("choice", Vote("alone", "owner")),
        phase_of("more", Round(), acts="others"),
    )
    group = Group(method)
    group.write("kari", "Min episode")
    group.write("ola", "Min egen")
    group.write("per", "Åpent", is_open=True)
    group.next()
    group.to("choice")
    group.do(Voted, "per", choices=("kari",))
    group.next()
    group.do(OwnerStopped, "kari")

    assert sorted(group.shown("alone")) == ["Min egen", "Åpent"]


def test_the_owner_picks_among_what_is_shown() -> None:
    group = offered({"ola": "Si det høyt", "per": "Vente"})
    group.to("to_try")
    first, second = queries.shown(GUIDANCE, group.session, "alternatives")

    assert group.do(Picked, "kari", contributions=("forged",)) == [Refused("no_choice")]
    group.do(Picked, "kari", contributions=(second.id, first.id, first.id))
    assert list(group.session.picked) == [first.id, second.id]
    group.do(Picked, "kari", contributions=())
    assert not group.session.picked


def test_elsewhere_there_is_nothing_to_pick() -> None:
    group = Group(EVERYTHING)

    assert group.do(Picked, "kari", contributions=("x",)) == [Refused("no_choice")]


# --- Writing alone ------------------------------------------------------------------------------


def test_until_shown_only_the_writer_sees_and_can_change_it() -> None:
    group = offered({})
    assert group.write("ola", "Si det", id="c1") == [Told("written")]
    assert group.write("ola", "Si det høyt", id="c1") == [Told("replaced")]
    assert group.write("per", "Mitt", id="c1") == [Refused("not_yours")]
    assert group.do(Withdrew, "per", id="c1") == [Refused("not_yours")]
    assert [each.text for each in queries.mine(group.session, "ola")] == ["Si det høyt"]
    assert queries.mine(group.session, "per") == ()
    assert group.shown("alternatives") == []

    assert group.do(Withdrew, "ola", id="c1") == [Told("withdrawn")]
    assert group.session.contributions == ()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**64 - 1), st.permutations(["ola", "siri", "per"]))
def test_what_is_shown_tells_nothing_of_how_it_was_written(seed: int, arrived: list[str]) -> None:
    def shown(arrived: list[str], *, is_edited: bool) -> list[tuple[str, str]]:
        group = offered({})
        for member in arrived:
            if is_edited:
                group.write(member, "Før", id=member)
            group.write(member, f"Av {member}", id=member)
        group.take(Revealed(by="frode", at=group.now, seed=seed))
        contributions = queries.shown(GUIDANCE, group.session, "alternatives")
        assert {each.author for each in contributions} == {None}
        assert not {each.id for each in contributions} & set(arrived)
        return [(each.name, each.text) for each in contributions]

    texts = {text for _, text in shown(arrived, is_edited=False)}
    assert texts == {"Av ola", "Av siri", "Av per"}
    assert sorted(shown(arrived, is_edited=True)) == sorted(shown(sorted(arrived), is_edited=False))


def test_the_order_in_which_it_is_shown_is_any_order() -> None:
    def first(seed: int) -> str:
        group = offered({"ola": "Av ola", "siri": "Av siri", "per": "Av per"})
        group.take(Revealed(by="frode", at=group.now, seed=seed))
        return group.shown("alternatives")[0]

    count = Counter(first(seed) for seed in range(300))
    assert set(count) == {"Av ola", "Av siri", "Av per"}
    assert all(70 < each < 130 for each in count.values())


def test_names_are_pseudonyms_or_the_open_name_of_who_chose_it() -> None:
    group = offered({"ola": "Si det"})
    group.write("per", "Vente", is_open=True)
    pseudonyms = {each.id: each.pseudonym for each in group.session.members}
    group.next()

    shown = queries.shown(GUIDANCE, group.session, "alternatives")
    names = {each.text: each.name for each in shown}
    assert names == {"Si det": pseudonyms["ola"], "Vente": "Per"}


def test_where_the_phase_is_not_anonymous_all_names_are_open() -> None:
    group = Group(EVERYTHING)
    group.to("alone")
    assert not group.opened.anonymous
    group.write("kari", "Mitt")
    assert group.next() == []

    (shown,) = queries.shown(EVERYTHING, group.session, "alone")
    assert (shown.name, shown.author) == ("Kari", None)


def test_few_writers_are_told_that_anonymity_is_thin() -> None:
    group = offered({"ola": "Si det", "per": "Vente"})
    assert queries.is_thin(GUIDANCE, group.session)  # three can write
    assert few_wrote(group)
    assert group.do(Revealed, "frode") == []
    assert not few_wrote(group)
    assert len(group.shown("alternatives")) == 2

    many = offered(dict.fromkeys(("ola", "siri", "per", "lise"), "Mitt"), members=(*FOUR, "lise"))
    assert not queries.is_thin(GUIDANCE, many.session)
    assert not few_wrote(many)
    assert many.next() == []
    group.do(Stopped, "frode")
    assert not queries.few_wrote(group.session, GUIDANCE.phases[0])


def test_with_open_names_alone_nothing_is_thin() -> None:
    group = offered({})
    group.write("per", "Vente", is_open=True)

    assert group.do(Revealed, "frode") == []


def test_after_it_was_shown_nothing_is_added_changed_or_withdrawn() -> None:
    group = offered({"ola": "Si det", "per": "Vente"})
    group.next()
    (first, _) = queries.shown(GUIDANCE, group.session, "alternatives")

    assert group.write("siri", "Også mitt") == [Refused("phase_over")]
    assert group.write("siri", "Endret", id=first.id) == [Refused("shown")]
    assert group.do(Withdrew, "ola", id=first.id) == [Refused("shown")]
    assert group.do(Revealed, "frode") == [Refused("nothing_to_show")]
    assert group.waiting == ()


def test_what_was_hidden_when_a_phase_was_skipped_can_be_shown_by_going_back() -> None:
    group = offered({"ola": "Si det"})
    group.do(Skipped, "frode")
    assert group.shown("alternatives") == []
    (mine,) = queries.mine(group.session, "ola")
    group.to("closing")
    assert group.write("ola", "Nytt", id=mine.id) == [Refused("phase_over")]
    while group.phase != "alternatives":
        group.do(WentBack, "frode")
    group.next()

    assert group.shown("alternatives") == ["Si det"]


def test_with_nothing_hidden_next_is_the_next_phase() -> None:
    group = offered({})
    assert group.do(Revealed, "frode") == [Refused("nothing_to_show")]
    group.next()

    assert group.phase == "to_try"


def test_what_the_facilitator_alone_may_see_stands_under_pseudonyms() -> None:
    group = Group(EVERYTHING)
    group.to("wishes")
    assert group.opened.anonymous
    group.write("kari", "Et ønske")
    group.next()
    assert group.shown("wishes") == []
    (wish,) = queries.shown_to_facilitator(EVERYTHING, group.session, "wishes")
    assert (wish.text, wish.name, wish.author) == ("Et ønske", NAMES[0], None)

    group.to("aloud")
    group.write("ola", "Et til")
    for _ in FOUR:
        assert queries.shown_to_facilitator(EVERYTHING, group.session, "aloud") == ()
        group.next()
    (wish,) = queries.shown_to_facilitator(EVERYTHING, group.session, "aloud")
    assert wish.name == NAMES[1]


def test_a_note_to_oneself_is_shown_to_nobody() -> None:
    group = chosen()
    group.to("to_me")
    group.write("kari", "Jeg vil vente")
    group.write("kari", "Og spørre")
    assert not group.opened.anonymous
    assert group.do(Revealed, "frode") == [Refused("nothing_to_show")]
    assert group.next()[0] == NotedForSelf("kari", "Jeg vil vente\n\nOg spørre")

    assert group.session.contributions == ()


# --- What may be written ------------------------------------------------------------------------


def test_talk_stands_under_the_writers_name_at_once_and_stays() -> None:
    group = Group()
    group.to("episodes")
    group.write("kari", "Min episode", id="c1")
    (shown,) = queries.shown(GUIDANCE, group.session, "episodes")

    assert (shown.name, shown.text) == ("Kari", "Min episode")
    assert group.write("kari", "Endret", id="c1") == [Refused("shown")]
    assert group.do(Withdrew, "kari", id="c1") == [Refused("shown")]


def test_a_facilitator_who_is_no_member_writes_without_a_name() -> None:
    group = Group(EVERYTHING)
    group.to("leader")
    assert group.write("kari", "Hei") == [Refused("not_your_turn")]
    assert group.write("frode", "Velkommen") == [Told("written")]

    (shown,) = queries.shown(EVERYTHING, group.session, "leader")
    assert shown.name == ""


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u2060", "\u3164", "\u202e\u2066 ", "\ufe0f"])
def test_nothing_to_see_is_nothing_written(text: str) -> None:
    group = Group()
    group.to("episodes")

    assert group.write("kari", text) == [Refused("empty")]


@pytest.mark.parametrize(
    "text", ["😀", "**fet** [lenke](https://nav.no)", "\u202eבראמ", "<at>x</at>"]
)
def test_what_can_be_seen_is_kept_as_it_was_written(text: str) -> None:
    group = Group()
    group.to("episodes")

    assert group.write("kari", text) == [Told("written")]
    assert group.shown("episodes") == [text]


def test_what_cannot_be_kept_is_said() -> None:
    group = Group()
    group.to("episodes")

    assert group.write("kari", "x" * 20_000) == [TooLong("text", 20_000, TEXT_LIMIT)]
    assert group.write("kari", "\x00 hei") == [Unstorable("text")]
    assert group.write("kari", "Hei", id="x" * 41) == [Refused("not_yours")]
    assert group.write("kari", "Hei", id="\ud800") == [Refused("not_yours")]
    assert group.session.contributions == ()


def test_who_is_named_beyond_doubt_is_stopped_even_if_sent_anyway() -> None:
    group = Group()
    group.to("episodes")
    (effect,) = group.write("kari", "Ring henne på 41 23 45 67", anyway=True)

    assert isinstance(effect, HardFound)
    assert [each.kind for each in effect.findings] == ["phone"]
    assert group.session.contributions == ()


def test_who_may_be_recognised_is_asked_about() -> None:
    group = Group()
    group.to("episodes")
    text = "Jeg møtte en mann som heter Oddvar Bråtebekk på kontoret"
    (effect,) = group.write("kari", text)
    assert isinstance(effect, Suggested)
    assert effect.findings
    assert group.shown("episodes") == []

    assert group.write("kari", text, anyway=True) == [Told("written")]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_advice_among_the_questions_is_answered_with_a_suggestion(language: Language) -> None:
    group = chosen()
    group.to("questions")
    group.session = replace(group.session, language=language)
    (effect,) = group.write("ola", "Du burde snakke med lederen din om det.")
    assert isinstance(effect, Suggested)
    assert isinstance(effect.suggestion, Suggestion)
    assert effect.suggestion.guard == "advice"

    assert group.write("ola", "Hva tenkte du da?") == [Told("written")]
    assert group.write("per", "Du burde snakke med noen.", anyway=True) == [Told("written")]


def test_in_english_the_english_patterns_are_asked() -> None:
    group = chosen()
    group.to("questions")
    group.session = replace(group.session, language="en")
    (effect,) = group.write("ola", "You should talk to your manager about it.")

    assert isinstance(effect, Suggested)


@pytest.mark.parametrize("phase", ["form", "choice", "rating", "bye"])
def test_where_nothing_is_written(phase: str) -> None:
    group = Group(EVERYTHING)
    group.skip_to(phase)

    assert group.write("kari", "Hei") == [Refused("no_writing")]


def test_what_is_oral_live_is_written_over_days() -> None:
    live, days = Group(EVERYTHING), Group(EVERYTHING, pace="days")
    live.to("free")
    days.to("free")

    assert live.write("kari", "Hei") == [Refused("no_writing")]
    assert days.write("kari", "Hei") == [Told("written")]


def test_a_full_session_takes_no_more_text_but_everyone_can_still_join_vote_and_rate() -> None:
    people = [f"{number:0>36}" for number in range(6)]
    method = method_of(
        "large",
        phase_of("alone", Private()),
        phase_of("keep", Vote("alone", "collection")),
        phase_of("rating", rating(*(f"scale{number}" for number in range(10)))),
    )
    group = Group(method, members=people)
    for number in range(1000):
        if group.write(people[number % 6], "🙂" * 90, id=f"{number}") == [Refused("no_room")]:
            break
    for number in range(6, MAX_MEMBERS):
        person = f"{number:0>36}"
        assert group.do(Joined, person, name="🙂" * 60) == []
        people.append(person)
    group.next()
    group.next()
    choices = tuple(each.id for each in candidates(method, group.session))
    assert len(choices) > 50
    for person in people:
        assert group.do(Voted, person, choices=choices[:40]) == [Told("voted")]
    assert len(dump(group.session)) <= STATE_LIMIT
    group.next()
    for person in people:
        group.do(Rated, person, values={f"scale{number}": 5 for number in range(10)})
    assert len(dump(group.session)) <= STATE_LIMIT


def test_votes_that_would_make_the_session_too_large_are_refused() -> None:
    method = method_of(
        "many",
        phase_of("first", Open()),
        phase_of("alone", Private()),
        phase_of("keep", Vote("alone", "collection")),
    )
    people = [f"{number:0>36}" for number in range(MAX_MEMBERS)]
    group = Group(method, members=people)
    for number in range(300):
        group.write(people[number % 12], "x", id=f"first {number}")
    group.skip_to("alone")
    for number in range(1000):
        if group.write(people[number % 12], "x", id=f"{number}") == [Refused("no_room")]:
            break
    group.next()
    group.next()
    choices = tuple(each.id for each in candidates(method, group.session))
    said = [group.do(Voted, person, choices=choices) for person in people]

    assert said[0] == [Told("voted")]
    assert said[-1] == [Refused("no_room")]
    assert len(dump(group.session)) <= STATE_LIMIT


def test_places_that_would_make_the_session_too_large_are_refused() -> None:
    phases = [phase_of(f"open{number}", Open()) for number in range(3)]
    method = method_of(
        "large",
        *phases,
        phase_of("choice", Vote("open0", "owner")),
        phase_of("picks", Owner(picks="open0")),
        phase_of("picture", matrix("open0")),
    )
    people = [f"{number:0>40}" for number in range(MAX_MEMBERS)]
    group = Group(method, members=people[:2])
    for phase in phases:
        group.skip_to(phase.id)
        for number in range(1000):
            ident = f"{phase.id}{number:0>35}"
            if group.write(people[number % 2], "x", id=ident) == [Refused("no_room")]:
                break
    for person in people:
        group.do(Joined, person, name="🙂" * 60)
    group.skip_to("choice")
    for person in people:
        group.do(Voted, person, choices=(people[0],))
    group.to("picks")
    ids = tuple(each.id for each in queries.shown(method, group.session, "open0"))
    group.do(Picked, people[0], contributions=ids)
    group.skip_to("picture")
    places = dict.fromkeys(ids[:MAX_PLACED], (5, 5))
    said = [group.do(Placed, person, places=places) for person in people]

    assert said[0] == [Told("placed")]
    assert said[-1] == [Refused("no_room")]
    assert len(dump(group.session)) <= STATE_LIMIT


def test_what_is_written_in_one_phase_fits_its_card() -> None:
    long = "x" * TEXT_LIMIT
    group = Group(EVERYTHING)
    while group.write("kari", long) == [Told("written")]:
        pass
    said = [each.text for each in group.session.contributions]
    assert 12 <= len(said) <= PHASE_ROOM / TEXT_LIMIT
    assert group.write("kari", long) == [Refused("no_room")]

    group.skip_to("alone")
    assert group.write("kari", long) == [Told("written")]


def test_what_a_card_must_escape_takes_more_room_and_so_does_a_question() -> None:
    method = method_of(
        "escaped", phase_of("open", Open()), phase_of("guide", guide("x" * 400, alone=True))
    )

    def room_for(phase: str, text: str, theme: str = "") -> int:
        group = Group(method)
        group.skip_to(phase)
        return sum(group.write("kari", text, theme=theme) == [Told("written")] for _ in range(1000))

    assert room_for("open", "*" * 300) < room_for("open", "x" * 300) / 2
    assert room_for("guide", "x" * 300, "x" * 400) < room_for("guide", "x" * 300)


# --- What the group keeps -----------------------------------------------------------------------


def test_more_than_half_of_those_present_must_agree() -> None:
    group = offered({"ola": "A", "per": "B"})
    group.to("collection")
    first, second = queries.shown(GUIDANCE, group.session, "alternatives")
    assert group.do(Voted, "kari", choices=(first.id, second.id, first.id)) == [Told("voted")]
    group.do(Voted, "ola", choices=(first.id, second.id))
    group.do(Voted, "siri", choices=(first.id,))
    assert group.do(Voted, "per", choices=()) == [Refused("nothing_chosen")]

    assert group.next()[0] == Kept((first.text,))


def test_where_nothing_is_agreed_nothing_is_kept() -> None:
    group = offered({"ola": "A", "per": "B"})
    group.to("collection")

    assert kinds(group.next()) == ["phase_opened"]


# --- Ratings ------------------------------------------------------------------------------------


def rated(people: int) -> Group:
    group = Group(EVERYTHING, members=[f"m{number}" for number in range(6)])
    group.skip_to("rating")
    for number in range(people):
        assert group.do(Rated, f"m{number}", values={"one": 1 + number % 2}) == [Told("rated")]
    return group


def test_the_group_sees_the_spread_and_never_who() -> None:
    group = rated(5)
    group.next()

    assert group.session.spreads == {"rating": {"one": (3, 2, 0, 0, 0)}}
    assert group.opened.ratings == {}


def test_the_group_sees_what_came_of_it_before_the_next_part() -> None:
    group = rated(5)

    assert (group.next(), group.phase, group.opened.turn) == ([], "rating", 1)
    assert group.do(Rated, "m5", values={"one": 5}) == [Refused("shown")]
    group.next()

    assert group.phase == "bye"


def test_of_fewer_than_five_nothing_is_kept() -> None:
    group = rated(4)
    group.next()

    assert group.session.spreads == {}


def test_a_spread_that_was_shown_stays_as_it_is() -> None:
    group = rated(5)
    group.next()
    group.next()
    group.do(WentBack, "frode")
    assert group.waiting == ()
    assert group.do(Rated, "m5", values={"one": 5}) == [Refused("shown")]
    group.next()

    assert group.session.spreads == {"rating": {"one": (3, 2, 0, 0, 0)}}


def test_a_rating_is_on_the_phases_own_scales() -> None:
    group = rated(0)

    for values in ({"one": 0}, {"one": 6}, {"forged": 1}):
        assert group.do(Rated, "m1", values=values) == [Refused("no_choice")]
    group.do(Rated, "m1", values={"one": 5})
    group.do(Rated, "m1", values={"one": 2})
    assert group.opened.ratings == {"m1": {"one": 2}}


def test_elsewhere_there_is_nothing_to_rate_or_vote_on() -> None:
    group = Group(EVERYTHING)

    assert group.do(Rated, "kari", values={"one": 1}) == [Refused("no_choice")]
    assert group.do(Voted, "kari", choices=("kari",)) == [Refused("no_choice")]
    assert candidates(EVERYTHING, group.session) == ()


# --- Places -------------------------------------------------------------------------------------


def pictured(people: int = 0, up: int = 3) -> Group:
    """Six members in a phase where two texts are placed; this many have placed the first."""
    group = Group(EVERYTHING, members=[f"m{number}" for number in range(6)])
    group.skip_to("alone")
    for number, text in enumerate(("one", "two")):
        group.write(f"m{number}", text)
    group.next()
    group.skip_to("picture")
    for number in range(people):
        places = {placed(group)[0]: (1 + number % 5, up)}
        assert group.do(Placed, f"m{number}", places=places) == [Told("placed")]
    return group


def placed(group: Group) -> list[str]:
    now = queries.phase(EVERYTHING, group.session)
    assert now
    assert isinstance(now.does, Matrix)
    return [each.id for each in placeable(EVERYTHING, group.session, now.does)]


def test_the_group_sees_where_a_text_lies_and_never_who_placed_it() -> None:
    group = pictured(6)
    first, second = placed(group)
    for number in range(4):
        group.do(Placed, f"m{number}", places={first: (5, 1), second: (1, 1)})
    group.next()

    assert group.session.pictures == {"picture": {first: (5, 1)}}  # four are too few for the second
    assert group.opened.places == {}


def test_between_two_steps_it_lies_on_the_lower() -> None:
    group = pictured(6)  # 1 2 3 4 5 1
    (first, _) = placed(group)
    group.next()

    assert group.session.pictures == {"picture": {first: (2, 3)}}


def test_of_what_fewer_than_five_have_placed_there_is_no_picture() -> None:
    group = pictured(4)
    group.next()

    assert group.session.pictures == {}


def test_a_picture_that_was_shown_stays_as_it_is() -> None:
    group = pictured(5)
    first, second = placed(group)
    group.next()
    group.next()
    group.do(WentBack, "frode")
    assert group.waiting == ()
    assert group.do(Placed, "m5", places={second: (1, 1)}) == [Refused("shown")]
    group.next()

    assert group.session.pictures == {"picture": {first: (3, 3)}}


def test_only_what_is_there_is_placed_and_only_on_the_axes() -> None:
    group = pictured()
    first, second = placed(group)

    for places in ({"forged": (1, 1)}, {first: (0, 1)}, {first: (6, 1)}, {first: (1, 4)}):
        assert group.do(Placed, "m1", places=places) == [Refused("no_choice")]
    group.do(Placed, "m1", places={first: (1, 1)})
    group.do(Placed, "m1", places={second: (5, 3)})
    assert group.opened.places == {"m1": {second: (5, 3)}}
    assert "m1" in group.opened.done
    group.do(Left, "m1")
    assert group.opened.places == {}
    assert "m1" not in group.opened.done

    group.skip_to("bye")
    assert group.do(Placed, "m2", places={first: (1, 1)}) == [Refused("no_choice")]


def test_where_nothing_was_written_there_is_nothing_to_place() -> None:
    group = Group(EVERYTHING)
    group.skip_to("follow_up")
    group.do(Skipped, "frode")

    assert group.phase == "rating"


def test_no_picture_is_asked_of_so_few_that_it_could_not_be_drawn() -> None:
    group = Group(EVERYTHING, members=FOUR)
    group.skip_to("alone")
    group.write("kari", "one")
    group.next()

    phases = {each.id: each for each in EVERYTHING.phases}
    assert not queries.is_possible(EVERYTHING, group.session, phases["picture"])


def test_no_more_is_placed_than_there_is_room_for() -> None:
    group = Group(EVERYTHING, members=[f"m{number}" for number in range(6)])
    group.skip_to("alone")
    for number in range(MAX_PLACED + 1):
        group.write("m1", f"text {number}")
    group.next()
    group.skip_to("picture")

    assert len(placed(group)) == MAX_PLACED


def test_what_goes_with_an_owner_goes_from_the_picture() -> None:
    method = method_of(
        "about",
        phase_of("round", Round()),
        phase_of("choice", Vote("round", "owner")),
        phase_of("tells", Open(), acts="owner", content="telling"),
        phase_of("picture", matrix("tells")),
        phase_of("more", Owner()),
    )
    people = [f"m{number}" for number in range(6)]
    group = Group(method, members=people)
    group.skip_to("choice")
    for person in people:
        group.do(Voted, person, choices=("m0",))
    group.to("tells")
    group.write("m0", "Det som skjedde", id="told")
    group.to("picture")
    before = group.session
    group.do(Voted, "m1", choices=("m0",))
    assert group.session == before, "a press of another part's card"
    for person in people:
        group.do(Placed, person, places={"told": (1, 2)})
    group.next()
    assert group.session.pictures == {"picture": {"told": (1, 2)}}
    before = group.session
    assert kinds(group.do(Placed, "m1", places={"told": (3, 3)})) == ["refused"]
    assert group.session == before, "what is shown is not placed anew"
    group.do(OwnerStopped, "m0")

    assert group.session.pictures == {"picture": {}}


# --- Over days ----------------------------------------------------------------------------------


def test_over_days_a_phase_ends_when_all_are_done() -> None:
    group = Group(pace="days")
    for member in FOUR[:3]:
        assert group.do(Finished, member) == []
    effects = group.do(Passed, "per")

    assert kinds(effects) == ["phase_opened", *["turn_came"] * 4]
    assert group.phase == "episodes"
    assert group.opened.order == ()


def test_over_days_a_phase_ends_at_its_deadline() -> None:
    group = Group(pace="days")
    early = TimeUp(at=group.opened.until - timedelta(seconds=1), visit=1, seed=1)
    assert group.take(early) == []
    assert group.take(replace(early, at=group.opened.until, visit=7)) == []
    assert kinds(group.time_up())[0] == "phase_opened"


def test_live_the_clock_informs_and_never_locks() -> None:
    group = Group()
    before = group.session

    assert group.time_up() == []
    assert group.session == before


def test_while_the_group_rests_no_deadline_comes() -> None:
    group = Group(pace="days")
    group.do(Paused, "kari")

    assert group.time_up() == []


def test_over_days_what_is_hidden_is_shown_at_the_deadline() -> None:
    group = chosen(pace="days")
    while group.phase != "alternatives":
        group.time_up()
    group.write("ola", "Si det")
    effects = group.time_up()

    assert kinds(effects) == ["phase_opened"]
    assert group.shown("alternatives") == ["Si det"]
    assert group.phase == "to_try"


def test_over_days_a_vote_is_counted_when_all_have_voted() -> None:
    group = Group(pace="days")
    group.to("choice")
    for member in FOUR:
        group.do(Voted, member, choices=("siri",))

    assert (group.phase, group.session.owner) == ("more", "siri")


def test_over_days_a_tie_is_voted_on_again_and_then_decided_by_lot() -> None:
    group = Group(pace="days", members=("kari", "ola"))
    group.to("choice")
    group.do(Voted, "kari", choices=("kari",))
    effects = group.do(Voted, "ola", choices=("ola",))
    assert effects == [Told("voted"), TimeMoved(group.opened.visit, group.opened.until)]
    assert group.phase == "choice"

    assert kinds(group.time_up())[0] == "phase_opened"
    assert group.session.by_lot


def test_over_days_a_vote_without_votes_leads_on_without_an_owner() -> None:
    group = Group(pace="days")
    group.to("choice")
    group.time_up()

    assert (group.phase, group.session.owner) == ("to_me", None)


def test_over_days_a_break_is_no_phase() -> None:
    group = Group(EVERYTHING, pace="days")
    group.to("form")
    group.next()

    assert group.phase == "alone"
    live = Group(EVERYTHING)
    live.to("break")
    assert live.waiting == ()
    assert live.opened.until - live.opened.since == timedelta(minutes=5)


def test_over_days_what_is_refused_moves_nothing_on() -> None:
    group = rated(5)
    group.session = replace(group.session, pace="days")
    group.next()
    group.next()
    group.do(WentBack, "frode")
    assert group.waiting == ()
    assert group.do(Rated, "m1", values={"one": 1}) == [Refused("shown")]

    assert group.phase == "rating"


def test_over_days_who_leaves_is_not_waited_for() -> None:
    group = Group(pace="days")
    for member in FOUR[:3]:
        group.do(Finished, member)
    effects = group.do(Left, "per")

    assert kinds(effects)[0] == "phase_opened"


def test_a_deadline_counts_working_days_in_working_hours() -> None:
    hours = WorkingHours("Europe/Oslo")

    def until(*since: int, days: int = 1) -> str:
        moment = hours.deadline(datetime(*since, tzinfo=UTC), days)  # type: ignore[arg-type,misc] # a date and a time
        return f"{moment:%a %d.%m. %H:%M}"

    assert until(2027, 1, 11, 9, 30) == "Tue 12.01. 09:30"
    assert until(2027, 1, 15, 9) == "Mon 18.01. 09:00"  # a Friday
    assert until(2027, 1, 15, 15) == "Tue 19.01. 07:00"  # its evening, at 16 in Oslo
    assert until(2027, 1, 16, 12) == "Tue 19.01. 07:00"  # a Saturday
    assert until(2027, 1, 12, 3) == "Wed 13.01. 07:00"  # before work
    assert until(2027, 5, 14, 10, days=2) == "Wed 19.05. 10:00"  # 17 May is a holiday
    assert until(2027, 3, 24, 10) == "Tue 30.03. 09:00"  # Easter, and summer time


# --- The end ------------------------------------------------------------------------------------


def test_at_the_end_pseudonyms_authors_and_what_was_hidden_are_forgotten() -> None:
    group = Group(EVERYTHING)
    group.write("kari", "Sagt")
    group.to("alone")
    group.write("ola", "Skjult")
    group.do(Stopped, "frode")

    session = group.session
    assert {each.pseudonym for each in session.members} == {""}
    assert [(each.text, each.author, each.name) for each in session.contributions] == [
        ("Sagt", None, "Kari")
    ]
    assert (session.names, session.took_part, session.called, session.declined) == (
        (),
        {},
        frozenset(),
        frozenset(),
    )
    assert not any(pseudonym in dump(session).decode() for pseudonym in NAMES)


def test_once_ended_it_stays_ended() -> None:
    group = Group()
    group.do(Stopped, "frode")
    before = group.session

    assert group.next() == [Refused("ended")]
    assert group.take(TimeUp(at=group.now, visit=1, seed=1)) == []
    assert group.session == before
    assert queries.next_phase(GUIDANCE, before) is not None
    assert (group.turn, group.waiting) == (None, ())
    assert not queries.is_complete(GUIDANCE, before)


def test_what_is_said_of_a_phase_before_the_start_is_nothing() -> None:
    group = Group(is_started=False)

    assert queries.phase(GUIDANCE, group.session) is None
    assert queries.acting(GUIDANCE, group.session) == ()
    assert not queries.is_thin(GUIDANCE, group.session)


def test_a_tiny_method_is_played_to_its_end() -> None:
    group = Group(TINY)
    group.write("kari", "Hei")
    for member in FOUR:
        group.do(Finished, member)

    assert group.session.stage == Ended(group.now, "finished")
    assert group.shown("only") == ["Hei"]


def test_a_phase_for_a_role_that_nobody_has_is_passed_over() -> None:
    group = Group(EVERYTHING)
    group.skip_to("free")
    group.do(Skipped, "frode")

    assert group.phase == "form"


def test_a_round_that_waits_for_a_facilitator_who_left() -> None:
    method = method_of("led", phase_of("hello", Inform(), acts="facilitator"), frame=Frame())
    group = Group(method)
    assert group.waiting == ()
    group.do(Left, "frode")
    group.do(TookOver, "kari")

    assert queries.acting(method, group.session) == ("kari",)


# --- What anyone begins, and what keeps nothing --------------------------------------------------

FIVE = method_of(
    "five",
    phase_of("happened", Owner(), content="telling"),
    phase_of("colleague", Open(), acts="others"),
    phase_of("to_me", Private(), sees="writer"),
    led_by="owner",
    after=After(keeps=False),
)


def test_who_begins_it_is_here_and_is_the_owner_without_a_vote() -> None:
    group = Group(FIVE, ("kari",), is_started=False)
    assert [each.id for each in group.session.members] == ["frode", "kari"]

    group.do(Started, "frode", names=NAMES)
    assert group.session.owner == "frode"
    assert group.do(Wrote, "kari", id="1", text="Nei") == [Refused("not_your_turn")]
    assert group.write("frode", "Hun gikk på dør") == [Told("written")]


def test_of_what_keeps_nothing_the_notes_alone_are_left() -> None:
    group = Group(FIVE, ("kari",))
    group.write("frode", "Hun gikk på dør")
    group.next()
    group.write("kari", "Hva sa du da?")
    group.next()
    group.write("kari", "Spørre mer")

    assert group.next() == [NotedForSelf("kari", "Spørre mer"), SessionEnded()]
    assert "Hun gikk" not in dump(group.session).decode()
    assert group.session.contributions == ()
    assert group.session.owner is None


@pytest.mark.parametrize(("is_started", "why"), [(False, "never_started"), (True, "ended")])
def test_what_nobody_goes_on_with_lapses_once(is_started: bool, why: WhyEnded) -> None:
    group = Group(FIVE, ("kari",), is_started=is_started)
    lapsed = Lapsed(at=group.now, seed=1)

    assert group.take(lapsed) == [SessionEnded()]
    assert isinstance(group.session.stage, Ended)
    assert group.session.stage.why == why
    assert group.take(lapsed) == []


def test_what_is_somebodys_to_do_follows_from_where_the_group_is() -> None:
    group = Group(is_started=False)
    assert theirs(group) == ["start", "begins", "begins"]
    group.do(Started, "frode", names=NAMES)
    assert theirs(group) == ["lead", "listen", "listen"]
    group.skip_to("episodes")
    first = group.turn
    assert first
    others = [person for person in FOUR if person != first]
    assert theirs(group, first, *others) == ["act", "turn", "turn", "turn"]
    group.do(Finished, first)
    assert theirs(group, first) == ["done"]
    assert theirs(group, "nobody") == ["listen"]
    group.do(Paused, "kari")
    assert theirs(group) == ["rest"] * 3


def theirs(group: Group, *people: str) -> list[str]:
    asked = people or ("frode", "kari", "ola")
    return [queries.theirs(group.method, group.session, person) for person in asked]


def test_who_comes_back_at_once_has_what_nobody_had_seen() -> None:
    group = Group(EVERYTHING)
    gathering = Group(is_started=False)
    assert queries.unseen(gathering.method, gathering.session, "kari") == ()
    group.skip_to("alone")
    group.write("kari", "Vente litt")
    group.write("ola", "Spørre først")
    before = group.session
    unseen = queries.unseen(group.method, group.session, "kari")
    group.do(Left, "kari")
    assert [each.author for each in group.session.contributions] == ["ola"]
    told = group.do(Joined, "kari", name="Kari", back=unseen)

    assert Told("back") in told
    assert {*group.session.contributions} == {*before.contributions}
    assert group.do(Joined, "kari", name="Kari", back=unseen) == []  # again changes nothing
    assert group.do(Joined, "ola", name="Ola", back=unseen) == []  # and nobody gets another's


def test_what_was_shown_meanwhile_is_shown_without_who_left() -> None:
    group = Group(EVERYTHING)
    group.skip_to("alone")
    for person in ("kari", "ola"):
        group.write(person, "Vente litt")
    unseen = queries.unseen(group.method, group.session, "kari")
    group.do(Left, "kari")
    group.next()
    assert group.opened.is_shown

    assert group.do(Joined, "kari", name="Kari", back=unseen) == []
    assert group.shown("alone") == ["Vente litt"]


def test_what_has_no_room_any_more_does_not_come_back() -> None:
    group = Group(EVERYTHING)
    group.skip_to("alone")
    group.write("kari", "x" * TEXT_LIMIT)
    unseen = queries.unseen(group.method, group.session, "kari")
    group.do(Left, "kari")
    for n in range(100):
        if Refused("no_room") in group.write("ola", "y" * TEXT_LIMIT, f"o{n}"):
            break
    before = group.session.contributions

    assert group.do(Joined, "kari", name="Kari", back=unseen) == []
    assert group.session.contributions == before


def test_a_note_to_oneself_is_kept_as_one_leaves() -> None:
    group = Group()
    group.skip_to("to_me")
    group.write("kari", "Puste")

    assert queries.unseen(group.method, group.session, "kari") == ()


def test_who_is_asked_whether_to_end_answers_for_the_part_that_is_open() -> None:
    group = Group(is_started=False)
    assert group.do(Stopped, "frode", visit=1) == [Refused("phase_over")]
    group.do(Started, "frode", names=NAMES)
    assert group.do(Stopped, "frode", visit=0) == [Refused("phase_over")]

    assert SessionEnded() in group.do(Stopped, "frode", visit=1)
