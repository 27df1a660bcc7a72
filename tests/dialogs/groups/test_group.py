"""A group: who may change what, who is told, and until when it is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dialogs.groups import signup
from dialogs.groups.group import (
    AddMeeting,
    AwaitAnswer,
    Cancel,
    Destroy,
    DrawCard,
    Effect,
    End,
    Enrol,
    Event,
    Gather,
    Gone,
    Group,
    HandOver,
    Meeting,
    Meets,
    Move,
    News,
    Notify,
    Occupied,
    Outlive,
    Overlap,
    Pass,
    Place,
    PlanMeetings,
    PlanReminders,
    PostCard,
    Refused,
    Rename,
    Restore,
    SendCard,
    SignUp,
    Speak,
    Use,
    Wish,
    form_ends,
    found,
    gathered,
    step,
)
from dialogs.groups.planning import BadNumber, Past, Plan
from dialogs.groups.signup import Expire, Join, Leave, Resize
from dialogs.retention import FORM_WITHOUT_MEETING, GROUP, UNPLANNED_GROUP, WARNED
from dialogs.sessions.method import After, Frame

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""A Tuesday, 10 o'clock in Oslo; the first meeting is a week later."""
FIRST = date(2027, 1, 12)
DAY = timedelta(days=1)
FRAME = Frame(advised_size=4)
CHAT = Place("19:chat", {"id": "19:chat"})
PLAN = Plan("guidance", FIRST, time(9), meetings=3, interval=14, minutes=90, least=4, size=4)


def planning(
    at: datetime = NOW, *, by: str = "anne", plan: Plan = PLAN, **more: Any
) -> PlanMeetings:
    wish = Wish(plan, "nb", "Europe/Oslo")
    return PlanMeetings(at=at, by=by, wish=wish, place=CHAT, **more)


def a_group(**more: Any) -> Group:
    made = found(FRAME, planning(**more))
    assert isinstance(made, tuple)
    return made[0]


def play(group: Group, *events: Event) -> tuple[Group, list[Effect]]:
    """The group after these events, and what followed from the last."""
    effects: list[Effect] = []
    for event in events:
        group, effects = step(FRAME, group, event)
    return group, effects


def joins(*people: str, at: datetime = NOW) -> list[Event]:
    return [SignUp(at=at, event=Join(person, person.title()), by=person) for person in people]


def told(effects: list[Effect]) -> list[tuple[str, News]]:
    return [(each.person, each.news) for each in effects if isinstance(each, Notify)]


FOUR, _ = play(a_group(card="1"), *joins("kari", "ola", "siri", "per"))
FULL, _ = play(FOUR, *joins("eva"))


# --- Planning -----------------------------------------------------------------------------------


def test_a_plan_makes_a_group_with_its_meetings() -> None:
    group, effects = found(FRAME, planning())  # type: ignore[misc] # nothing is wrong with it

    assert [meeting.starts_at for meeting in group.meetings] == [
        datetime(2027, 1, 12, 8, tzinfo=UTC) + number * 14 * DAY for number in range(3)
    ]
    assert effects == [SendCard(), PlanReminders()]
    assert group.retention == date(2027, 2, 9) + GROUP
    assert found(FRAME, planning(card="1"))[1] == [DrawCard("1"), PlanReminders()]  # type: ignore[index] # nothing is wrong with it


@pytest.mark.parametrize(
    "plan", [replace(PLAN, size=99), replace(PLAN, least=1), replace(PLAN, meetings=0)]
)
def test_what_is_wrong_with_a_plan_is_said(plan: Plan) -> None:
    wrong = found(FRAME, planning(plan=plan))

    assert isinstance(wrong, Refused)
    assert isinstance(wrong.why, BadNumber)
    over = FULL.meetings[-1].ends_at
    later = replace(plan, first=over.date() + DAY)
    assert play(FULL, planning(over, plan=later)) == (FULL, [wrong])


def test_nobody_leads_two_meetings_at_once() -> None:
    clash = Overlap(FOUR.meetings[1].starts_at, FOUR)
    later = replace(PLAN, first=FIRST + 14 * DAY, meetings=1)

    assert found(FRAME, planning(plan=later, busy=[FOUR])) == Refused(clash)
    other = a_group(plan=replace(later, at=time(13)))
    move = Move(at=NOW, by="anne", meeting=other.meetings[0].id, to=(later.first, time(10)))
    assert play(other, replace(move, busy=[FOUR, other])) == (other, [Refused(clash)])
    over = replace(other, meetings=(replace(other.meetings[0], state="held"),))
    assert play(over, planning(plan=later, busy=[FOUR])) == (over, [Refused(clash)])


def test_a_series_goes_on_with_those_who_are_there() -> None:
    at = FOUR.meetings[-1].ends_at
    more = replace(PLAN, first=at.date() + 7 * DAY, meetings=2, name="Tirsdager")

    longer, effects = play(FOUR, planning(at, plan=more))
    assert [meeting.number for meeting in longer.meetings] == [1, 2, 3, 4, 5]
    assert (longer.name, longer.members, longer.card) == ("Tirsdager", FOUR.members, None)
    assert told(effects) == [(each, "added") for each in ("kari", "ola", "siri", "per")]
    assert effects[-3:] == [SendCard(), DrawCard("1"), PlanReminders()]
    assert SendCard() not in play(FOUR, planning(at, plan=more, card="2"))[1]


def test_a_place_with_a_group_that_meets_is_occupied() -> None:
    assert play(FOUR, planning()) == (FOUR, [])  # asked for twice
    other = planning(plan=replace(PLAN, at=time(13)))
    assert play(FOUR, other) == (FOUR, [Refused(Occupied(FOUR))])
    over = FOUR.meetings[-1].ends_at
    theirs = planning(over, by="berit", plan=replace(PLAN, first=over.date() + DAY))
    assert play(FOUR, theirs) == (FOUR, [Refused(Occupied(FOUR))])


# --- Signing up ---------------------------------------------------------------------------------


def test_who_signs_up_is_told_where_they_do_not_see_it() -> None:
    _, effects = play(a_group(card="1"), *joins("kari"))
    assert effects == [
        signup.Seated("kari"),
        Notify("kari", "seated"),
        DrawCard("1"),
        PlanReminders(),
    ]
    seen = SignUp(at=NOW, event=Join("kari", "Kari"), by="kari", sees=True)
    assert told(play(a_group(), seen)[1]) == []
    assert play(FULL, seen) == (FULL, [signup.Unchanged("kari")])


def test_a_seat_that_becomes_free_is_offered_and_its_answer_awaited() -> None:
    left, effects = play(FULL, SignUp(at=NOW, event=Leave("ola"), by="ola"))
    until = NOW + DAY

    assert Notify("eva", "asked", ends=until) in effects
    assert AwaitAnswer("eva", until) in effects
    assert told(effects) == [("eva", "asked"), ("anne", "few")]
    assert told(play(left, SignUp(at=until, event=Expire(until)))[1]) == [("eva", "lapsed")]


def test_no_seat_is_offered_in_a_series_that_is_over_or_kept_beyond_a_meeting() -> None:
    over = FULL.meetings[-1].ends_at
    assert told(play(FULL, SignUp(at=over, event=Leave("ola")))[1]) == [("anne", "few")]

    left, _ = play(FULL, SignUp(at=NOW, event=Leave("ola")))
    soon = (NOW + timedelta(hours=3)).astimezone(OSLO)
    to = soon.date(), soon.time()
    moved, effects = play(left, Move(at=NOW, by="anne", meeting=left.meetings[0].id, to=to))
    eva = moved.member("eva")
    assert eva is not None
    assert eva.asked_until == soon
    assert AwaitAnswer("eva", soon.astimezone(UTC)) in effects
    only = replace(FULL, meetings=FULL.meetings[:1])
    cancel = Cancel(at=NOW, by="anne", meeting=only.meetings[0].id)
    assert not play(only, cancel)[0].planned


def test_a_size_is_one_that_the_method_has() -> None:
    smaller, effects = play(FULL, SignUp(at=NOW, event=Resize(5), by="anne"))

    assert len(smaller.joined) == 4
    assert (smaller.size_max, told(effects)) == (5, [("eva", "asked")])
    wrong = Refused(BadNumber("size", 9, 4, 8))
    assert play(FULL, SignUp(at=NOW, event=Resize(9))) == (FULL, [wrong])


def test_who_takes_part_in_a_group_without_a_plan_belongs_to_it_and_to_no_series() -> None:
    enrol = Enrol(at=NOW, person="eva", name="Eva")
    series = a_group()
    unplanned = replace(series, meetings=())

    enrolled, _ = play(unplanned, enrol)
    assert enrolled.member("eva") is not None
    assert play(unplanned, enrol, enrol)[1] == []
    assert play(series, enrol) == (series, [])
    assert play(FOUR, enrol) == (FOUR, [])
    planned, _ = play(enrolled, planning())
    assert (len(planned.meetings), planned.members) == (len(series.meetings), ())


# --- Dates --------------------------------------------------------------------------------------


def move(to: tuple[date, time], meeting: Meeting = FOUR.meetings[0], at: datetime = NOW) -> Move:
    return Move(at=at, by="kari", meeting=meeting.id, to=to)


def test_a_move_is_told_to_all_but_who_moved() -> None:
    moved, effects = play(FULL, move((FIRST, time(13))))
    (new, *_) = moved.meetings

    assert (new.starts_at, new.sequence) == (datetime(2027, 1, 12, 12, tzinfo=UTC), 1)
    assert told(effects) == [(each, "moved") for each in ("ola", "siri", "per", "eva")]
    assert Notify("ola", "moved", new, new.starts_at) in effects
    assert play(moved, move((FIRST, time(13)))) == (moved, [])


def test_only_a_meeting_to_come_is_moved_or_cancelled_and_to_a_time_to_come() -> None:
    began = FOUR.meetings[0].starts_at + timedelta(minutes=1)
    nobody = Meeting(9, NOW, 90)
    gone = Refused(Gone())

    assert play(FOUR, move((FIRST, time(13)), nobody)) == (FOUR, [gone])
    assert play(FOUR, move((FIRST, time(13)), at=began)) == (FOUR, [gone])
    assert play(FOUR, Cancel(at=NOW, by="anne", meeting=nobody.id)) == (FOUR, [gone])
    assert play(FOUR, move((NOW.date(), time(8)))) == (FOUR, [Refused(Past(NOW.date()))])


def test_a_meeting_that_was_called_off_is_held_after_all() -> None:
    first = FOUR.meetings[0]
    off, _ = play(FOUR, Cancel(at=NOW, by="anne", meeting=first.id))
    restore = Restore(at=NOW, by="anne", meeting=first.id)
    again, effects = play(off, restore)

    assert again.meetings[0] == replace(first, sequence=2)
    assert told(effects) == [(each, "restored") for each in ("kari", "ola", "siri", "per")]
    for event, group in (
        (restore, FOUR),
        (replace(restore, meeting="none"), off),
        (replace(restore, at=first.starts_at + DAY), off),
    ):
        assert play(group, event) == (group, [Refused(Gone())])
    clash = Refused(Overlap(first.starts_at, FOUR))
    other = replace(off, meetings=tuple(replace(m, id=f"{m.id}0") for m in off.meetings))
    assert play(other, replace(restore, meeting=f"{first.id}0", busy=[FOUR])) == (other, [clash])


def test_a_meeting_more_is_as_long_as_the_last_and_told_to_all() -> None:
    add = AddMeeting(at=NOW, by="anne", to=(FIRST + DAY, time(13)))
    more, effects = play(FOUR, add)

    (new,) = more.meetings[3:]
    assert (new.number, new.minutes, new.starts_at) == (
        4,
        90,
        datetime(2027, 1, 13, 12, tzinfo=UTC),
    )
    assert told(effects) == [(each, "added") for each in ("kari", "ola", "siri", "per")]
    clash = Refused(Overlap(new.starts_at, more))
    assert play(FOUR, replace(add, busy=[more])) == (FOUR, [clash])
    assert play(FOUR, replace(add, to=(date(2026, 1, 1), time(9))))[0] == FOUR
    assert play(more, replace(add, busy=[more])) == (more, [])
    assert play(replace(FOUR, meetings=()), add)[1] == [Refused(Gone())]
    many = [replace(add, to=(FIRST + number * DAY, time(15))) for number in range(1, 11)]
    full, effects = play(FOUR, *many)
    assert effects == [Refused(BadNumber("meetings", 13, 1, 12))]
    assert len(full.meetings) == 12


def test_a_group_does_not_end_in_the_middle_of_a_session() -> None:
    unchanged, effects = play(FULL, End(at=NOW, by="anne", is_meeting=True))

    assert unchanged == FULL
    assert effects == [Refused(Meets())]


def test_after_the_end_nothing_happens() -> None:
    ended, effects = play(FULL, End(at=NOW, by="anne"))

    assert ended.state == "ended"
    assert not ended.planned
    assert told(effects) == [(each.person, "ended") for each in FULL.members]
    assert play(ended, *joins("lise")) == (ended, [Refused(Gone())])


def test_the_card_is_sent_again_and_the_old_one_drawn() -> None:
    posted, effects = play(FOUR, PostCard(at=NOW))

    assert (posted.card, effects) == (None, [SendCard(), DrawCard("1"), PlanReminders()])
    assert play(posted, PostCard(at=NOW))[1] == [SendCard(), PlanReminders()]


def test_a_group_has_another_name_language_or_leader() -> None:
    named, _ = play(FOUR, Rename(at=NOW, name=" Lillevik "))
    assert named.name == "Lillevik"
    same, (refused,) = play(FOUR, Rename(at=NOW, name="x" * 900))
    assert same == FOUR
    assert isinstance(refused, Refused)
    assert play(FOUR, Speak(at=NOW, language="en"))[0].language == "en"
    first, *others = (member.person for member in FOUR.joined)
    led, effects = play(FOUR, HandOver(at=NOW, by=FOUR.facilitator, to=first))
    assert led.facilitator == first
    assert told(effects) == [(person, "leads") for person in (first, *others)]
    assert play(FOUR, HandOver(at=NOW, by=FOUR.facilitator, to="nobody"))[0] == FOUR


# --- Retention ----------------------------------------------------------------------------------


def test_a_group_is_kept_after_its_last_meeting_and_no_cancelled_one_counts() -> None:
    late = Cancel(at=NOW, by="anne", meeting=FOUR.meetings[2].id)

    assert FOUR.retention == date(2027, 2, 9) + GROUP
    assert play(FOUR, late)[0].retention == date(2027, 1, 26) + GROUP


def test_where_the_end_comes_nearer_there_are_two_weeks_to_hear_of_it() -> None:
    """The last meeting to come is cancelled long after the last one that was held."""
    first, *others = FOUR.meetings
    long_after = first.starts_at + GROUP + 30 * DAY
    group = replace(FOUR, meetings=(first, replace(others[-1], starts_at=long_after + 60 * DAY)))
    group = replace(group, retention=group.kept_until)
    off, _ = play(group, Cancel(at=long_after, by="anne", meeting=others[-1].id))

    assert off.retention == long_after.date() + WARNED
    assert not off.has_outlived(long_after)
    tomorrow, _ = play(off, Rename(at=long_after + DAY, name="Fredag"))
    assert (tomorrow.name, tomorrow.retention) == ("Fredag", off.retention)


def test_a_group_without_a_plan_is_kept_after_it_was_last_used() -> None:
    gather = Gather(
        at=NOW, by="anne", method="guidance", language="nb", timezone="Europe/Oslo", place=CHAT
    )
    group = gathered(FRAME, gather)
    assert group.retention == NOW.date() + UNPLANNED_GROUP

    later = NOW + 200 * DAY
    assert play(group, Use(at=later))[0].retention == later.date() + UNPLANNED_GROUP


def test_what_was_for_one_talk_leaves_its_place_and_goes_the_next_night() -> None:
    passed, effects = play(FOUR, Pass(at=NOW))

    assert (passed.state, passed.retention, effects) == ("ended", NOW.date(), [])
    assert play(passed, Outlive(at=NOW + DAY))[1] == [Destroy()]


def test_nothing_that_is_in_use_is_destroyed() -> None:
    passed = datetime.combine(FOUR.retention + DAY, time(3), OSLO)

    assert play(FOUR, Outlive(at=passed - DAY)) == (FOUR, [])
    used, effects = play(FOUR, Outlive(at=passed, is_meeting=True))
    assert (used.retention, effects) == (passed.date() + GROUP, [])
    assert play(FOUR, Outlive(at=passed)) == (FOUR, [Destroy()])
    ended, _ = play(FOUR, End(at=NOW, by="anne"))
    assert play(ended, Outlive(at=passed))[1] == [Destroy()]


def test_a_log_form_ends_by_the_calendar() -> None:
    after, (first, _, third) = After(), FOUR.meetings
    week = timedelta(days=7)

    assert form_ends(FOUR, after, NOW) == FIRST + week
    assert form_ends(FOUR, after, first.starts_at + timedelta(minutes=9)) == FIRST + week
    assert form_ends(FOUR, after, first.ends_at) == FIRST + 14 * DAY + week
    assert form_ends(FOUR, after, third.ends_at) == third.ends_at.date() + FORM_WITHOUT_MEETING


# --- Every history ------------------------------------------------------------------------------

people = st.sampled_from(["kari", "ola", "siri", "per", "eva", "lise", "anne"])


class AnyGroup(RuleBasedStateMachine):
    """Whatever happens in whatever order, forged presses and old cards among it."""

    @initialize()
    def plan(self) -> None:
        self.now, self.group = NOW, a_group()

    def happen(self, event: Event) -> None:
        before = self.group
        self.group, effects = step(FRAME, before, event)
        refused = any(isinstance(each, Refused) for each in effects)
        if refused:
            assert (self.group, len(effects)) == (before, 1)
        if self.group != before and not isinstance(event, Outlive):
            assert PlanReminders() in effects
        news = told(effects)
        assert len(news) == len(set(news))
        for meeting in before.meetings:  # none is lost, and none comes back
            after = self.group.meeting(meeting.id)
            assert after is not None
            assert (after.sequence > meeting.sequence) == (after != meeting)
            assert meeting.state == "planned" or after == meeting
        asked = {each.person for each in effects if isinstance(each, AwaitAnswer)}
        assert asked >= {person for person, what in news if what == "asked"}

    @rule(hours=st.integers(1, 24 * 20))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(person=people)
    def join(self, person: str) -> None:
        self.happen(SignUp(at=self.now, event=Join(person, person), by=person))

    @rule(person=people)
    def leave(self, person: str) -> None:
        self.happen(SignUp(at=self.now, event=Leave(person), by=person, sees=True))

    @rule(size=st.integers(3, 9))
    def resize(self, size: int) -> None:
        self.happen(SignUp(at=self.now, event=Resize(size), by="anne"))

    @rule()
    def expire(self) -> None:
        self.happen(SignUp(at=self.now, event=Expire(self.now)))

    @rule(person=people)
    def enrol(self, person: str) -> None:
        self.happen(Enrol(at=self.now, person=person, name=person))

    @rule(which=st.integers(0, 5), days=st.integers(-3, 30), hour=st.integers(0, 23))
    def move(self, which: int, days: int, hour: int) -> None:
        meeting = self.group.meetings[which % len(self.group.meetings)]
        to = self.now.date() + timedelta(days=days), time(hour)
        event = Move(at=self.now, by="anne", meeting=meeting.id, to=to, busy=[self.group])
        self.happen(event)

    @rule(which=st.integers(0, 5))
    def cancel(self, which: int) -> None:
        meeting = self.group.meetings[which % len(self.group.meetings)]
        self.happen(Cancel(at=self.now, by="anne", meeting=meeting.id))

    @rule(days=st.integers(1, 40), by=st.sampled_from(["anne", "berit"]))
    def plan_more(self, days: int, by: str) -> None:
        plan = replace(PLAN, first=self.now.date() + timedelta(days=days), meetings=2)
        self.happen(planning(self.now, by=by, plan=plan, busy=[self.group]))

    @rule()
    def post(self) -> None:
        self.happen(PostCard(at=self.now))

    @rule()
    def use(self) -> None:
        self.happen(Use(at=self.now))

    @rule(is_meeting=st.booleans())
    def outlive(self, is_meeting: bool) -> None:
        before = self.group.retention
        self.happen(Outlive(at=self.now, is_meeting=is_meeting))
        assert self.group.retention >= before

    @rule(chance=st.integers(0, 9))
    def end(self, chance: int) -> None:
        if not chance:
            self.happen(End(at=self.now, by="anne"))

    @invariant()
    def nobody_is_there_twice(self) -> None:
        names = [member.person for member in self.group.members]
        assert len(names) == len(set(names))

    @invariant()
    def it_is_kept_longer_than_it_meets(self) -> None:
        for meeting in self.group.planned:
            assert meeting.ends_at.date() < self.group.retention

    @invariant()
    def an_ended_group_meets_no_more(self) -> None:
        assert self.group.state == "living" or not self.group.coming(self.now)


AnyGroup.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestAnyGroup = AnyGroup.TestCase


def test_of_a_group_that_has_ended_one_can_be_no_member_any_more() -> None:
    ended, _ = play(FOUR, End(at=NOW, by="anne"))
    leaves = SignUp(at=NOW, event=signup.Leave(ended.members[0].person))

    after, effects = play(ended, leaves)

    assert (after, effects) == (replace(ended, members=ended.members[1:]), [])
    joins = SignUp(at=NOW, event=signup.Join("new", "New"))
    assert play(ended, joins) == (ended, [Refused(Gone())])
