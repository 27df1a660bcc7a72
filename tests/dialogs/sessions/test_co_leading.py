"""Two who lead a session together: as a specification."""

from dataclasses import replace

import pytest

from dialogs.sessions import queries
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.state import (
    Advanced,
    AskedForSummary,
    CoLeaderCame,
    Ended,
    EndedCoLeading,
    Extended,
    FacilitatorChanged,
    Finished,
    HandedOver,
    Joined,
    Left,
    NamedCoLeader,
    Observed,
    Refused,
    Skipped,
    Stopped,
    Told,
    TookOut,
    TookOver,
    Why,
    dump,
    load,
)
from tests.dialogs.sessions.test_rehearsing import LEADER, Rehearsal
from tests.support.sessions import GUIDANCE, MONDAY, Group, method_of, phase_of

QUICK = replace(GUIDANCE, after=replace(GUIDANCE.after, keeps=False))
"""A talk of a few minutes: nothing is kept of it."""
NOTES = phase_of("notes", Round("free"), acts="facilitator")
LEADERS = method_of("leaders", NOTES, phase_of("end", Open()))


def led_by_two(**given: object) -> Group:
    """Frode leads, and Kari leads with him."""
    group = Group(**given)  # type: ignore[arg-type] # as the group takes it
    assert group.do(NamedCoLeader, "frode", to="kari") == [CoLeaderCame()]
    return group


def who_leads(group: Group) -> tuple[str | None, str | None]:
    return group.session.facilitator, group.session.co_leader


def test_the_co_leader_can_do_what_the_leader_can() -> None:
    group = led_by_two()
    group.to("episodes")
    group.write("ola", "Vi satt lenge", id="mine")
    group.do(Finished, "ola")
    assert Told("taken_out") in group.do(TookOut, "kari", id="mine")
    assert group.do(Extended, "kari", until=group.opened.until.replace(year=2031))
    visit = group.opened.visit
    group.do(Advanced, "kari")
    group.do(Skipped, "kari")
    assert group.opened.visit > visit
    alone = replace(group.session, members=())
    assert queries.theirs(group.method, alone, "kari") == "lead"
    assert group.do(Stopped, "kari")
    assert isinstance(group.session.stage, Ended)
    group.session = replace(group.session, kept=("of something",))
    assert group.do(AskedForSummary, "ola") == [Refused("not_facilitator")]
    assert group.do(AskedForSummary, "kari") == [Told("summary_asked")]
    assert group.do(NamedCoLeader, "frode", to="ola") == [Refused("ended")]


@pytest.mark.parametrize(
    ("by", "to", "why"),
    [
        ("frode", "", "nothing_chosen"),
        ("frode", "stranger", "not_a_member"),
        ("frode", "frode", "leads_already"),
        ("kari", "kari", "not_facilitator"),  # nobody names themselves
        ("stranger", "kari", "not_a_member"),
    ],
)
def test_who_cannot_be_named(by: str, to: str, why: Why) -> None:
    group = Group()
    assert group.do(NamedCoLeader, by, to=to) == [Refused(why)]
    assert who_leads(group) == ("frode", None)


def test_who_has_left_cannot_be_named_and_of_two_at_once_the_first_is() -> None:
    group = Group()
    group.do(Left, "per")
    assert group.do(NamedCoLeader, "frode", to="per") == [Refused("not_a_member")]
    assert group.do(NamedCoLeader, "frode", to="kari") == [CoLeaderCame()]
    assert group.do(NamedCoLeader, "frode", to="ola") == [Refused("has_co_leader")]
    assert group.do(NamedCoLeader, "frode", to="kari") == []  # told once
    assert group.do(Observed, "kari", name="Kari") == [Refused("is_facilitator")]
    assert who_leads(group) == ("frode", "kari")


def test_a_talk_of_a_few_minutes_and_a_rehearsal_have_none() -> None:
    assert Group(QUICK).do(NamedCoLeader, "frode", to="kari") == [Refused("no_co_leader")]
    rehearsal = Rehearsal(GUIDANCE)
    rehearsal.do(NamedCoLeader(by=LEADER, at=MONDAY, seed=0, to=rehearsal.session.members[0].id))
    assert rehearsal.effects == [Refused("rehearsal")]


@pytest.mark.parametrize("by", ["kari", "frode"])
def test_either_can_say_no(by: str) -> None:
    group = led_by_two()
    assert group.do(EndedCoLeading, "ola") == [Refused("not_facilitator")]
    assert group.do(EndedCoLeading, by) == []
    assert group.do(EndedCoLeading, "frode") == [Refused("no_co_leader")]
    assert group.do(Advanced, "kari") == [Refused("not_facilitator")]


def test_who_leads_goes_and_the_other_leads() -> None:
    group = led_by_two()
    assert group.do(Left, "frode") == [FacilitatorChanged()]
    assert who_leads(group) == ("kari", None)

    group = led_by_two()
    group.do(Left, "kari")
    assert who_leads(group) == ("frode", None)


def test_who_is_ill_is_back_another_day_beside_who_took_over() -> None:
    group = led_by_two()
    assert group.do(TookOver, "ola") == [Refused("has_facilitator")]
    assert group.do(TookOver, "kari") == [FacilitatorChanged()]
    assert who_leads(group) == ("kari", "frode")
    assert group.do(TookOver, "frode") == [FacilitatorChanged()]
    assert who_leads(group) == ("frode", "kari")


def test_each_hands_over_what_is_theirs() -> None:
    group = led_by_two()
    assert group.do(HandedOver, "frode", to="ola") == [FacilitatorChanged()]
    assert who_leads(group) == ("ola", "kari")
    assert group.do(HandedOver, "kari", to="kari") == []
    assert group.do(HandedOver, "kari", to="siri") == [CoLeaderCame()]
    assert who_leads(group) == ("ola", "siri")
    assert group.do(HandedOver, "siri", to="ola") == []
    assert who_leads(group) == ("ola", None)
    group = led_by_two()
    assert group.do(HandedOver, "frode", to="kari") == [FacilitatorChanged()]
    assert who_leads(group) == ("kari", None)


def test_who_is_to_lead_as_well_gets_the_panel_as_they_come() -> None:
    group = Group(is_started=False)
    group.session = replace(group.session, co_leader="eva")
    assert group.do(Left, "frode") == [FacilitatorChanged()]
    assert who_leads(group) == (None, "eva"), "she is not here to lead"
    assert group.do(Joined, "eva", name="Eva") == [CoLeaderCame()]
    assert group.do(Joined, "eva", name="Eva") == []
    assert group.do(TookOver, "eva") == [FacilitatorChanged()]
    assert who_leads(group) == ("eva", None)


def test_of_what_is_the_leaders_one_is_enough() -> None:
    group = led_by_two(method=LEADERS)
    assert queries.waiting_for(group.method, group.session) == ("frode", "kari")
    group.do(Finished, "kari")
    assert queries.waiting_for(group.method, group.session) == ()


def test_a_session_that_was_kept_before_there_were_two_is_read() -> None:
    session = Group().session
    assert load(dump(session).replace(b'"co_leader":null,', b"")) == session
