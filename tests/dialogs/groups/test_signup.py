"""Signing up: who has a seat, who waits, and who is told what."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dialogs.groups.signup import (
    Asked,
    Effect,
    Event,
    Expire,
    Few,
    Join,
    Lapsed,
    Leave,
    Left,
    Membership,
    Queued,
    Resize,
    Roster,
    Seated,
    Unchanged,
    answer_by,
    step,
)
from dialogs.groups.working_hours import Hours, QuietHours

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=24)
LATER = NOW + timedelta(hours=48)
NOBODY = Roster(size=2, advised=2)


def anybody(roster: Roster, until: datetime) -> dict[str, datetime]:
    return dict.fromkeys((member.person for member in roster.members), until)


def play(roster: Roster, *events: Event, until: datetime = SOON) -> tuple[Roster, list[object]]:
    said: list[object] = []
    for event in events:
        roster, effects = step(roster, event, anybody(roster, until))
        said += effects
    return roster, said


def join(*people: str) -> list[Event]:
    return [Join(person, person.title()) for person in people]


def statuses(roster: Roster) -> dict[str, str]:
    return {member.person: member.status for member in roster.members}


FULL, _ = play(NOBODY, *join("kari", "ola", "siri", "per"))


def test_first_come_first_served_and_the_others_wait() -> None:
    roster, said = play(NOBODY, *join("kari", "ola", "siri", "per"))

    assert said == [Seated("kari"), Seated("ola"), Queued("siri", 1), Queued("per", 2)]
    assert statuses(roster) == {
        "kari": "joined",
        "ola": "joined",
        "siri": "waiting",
        "per": "waiting",
    }
    assert (roster.joined, roster.waiting, roster.free) == (2, 2, 0)
    assert roster.place("per") == 2


def test_a_double_press_signs_up_once() -> None:
    roster, said = play(NOBODY, *join("kari", "kari", "ola", "siri", "siri"))

    assert said == [
        Seated("kari"),
        Unchanged("kari"),
        Seated("ola"),
        Queued("siri", 1),
        Unchanged("siri"),
    ]
    assert len(roster.members) == 3


def test_who_leaves_makes_room_for_the_next_who_is_asked() -> None:
    roster, said = play(FULL, Leave("kari"))

    assert said == [Left("kari"), Asked("siri", SOON), Few(1)]
    assert roster.member("siri") == Membership("siri", "Siri", "asked", SOON)
    assert play(roster, Leave("kari"))[1] == [Unchanged("kari")]


def test_a_seat_that_somebody_is_asked_to_take_is_given_to_nobody_else() -> None:
    roster, said = play(FULL, Leave("kari"), *join("eva"))

    assert said[-1] == Queued("eva", 2)
    assert statuses(roster)["siri"] == "asked"


def test_a_yes_takes_the_seat() -> None:
    roster, said = play(FULL, Leave("kari"), *join("siri", "siri"))

    assert said[-2:] == [Seated("siri"), Unchanged("siri")]
    assert roster.member("siri") == Membership("siri", "Siri")


def test_a_no_asks_the_next() -> None:
    _, said = play(FULL, Leave("kari"), Leave("siri"))

    assert said[-2:] == [Left("siri"), Asked("per", SOON)]


def test_no_answer_in_time_asks_the_next() -> None:
    asked, _ = play(FULL, Leave("kari"))
    assert play(asked, Expire(SOON - timedelta(seconds=1))) == (asked, [])

    roster, said = play(asked, Expire(SOON), until=LATER)
    assert said == [Lapsed("siri"), Asked("per", LATER)]
    assert statuses(roster) == {"ola": "joined", "per": "asked"}
    assert play(roster, Expire(SOON), until=LATER) == (roster, [])
    assert play(roster, *join("siri"))[1] == [Queued("siri", 1)]


def test_a_late_yes_counts_until_the_next_is_asked() -> None:
    asked, _ = play(FULL, Leave("kari"))

    roster, said = play(asked, *join("siri"), until=LATER)
    assert said == [Seated("siri")]
    assert play(roster, Expire(LATER), until=LATER) == (roster, [])


def test_who_was_not_reached_and_was_alone_in_line_can_sign_up_again() -> None:
    _, said = play(NOBODY, *join("kari", "ola", "siri"), Leave("ola"), Expire(SOON), *join("siri"))

    assert said[-2:] == [Lapsed("siri"), Seated("siri")]


def test_a_larger_group_asks_those_who_wait() -> None:
    roster, said = play(FULL, Resize(5))

    assert said == [Asked("siri", SOON), Asked("per", SOON)]
    assert roster.free == 1
    assert play(roster, *join("eva"))[1] == [Seated("eva")]


def test_a_smaller_group_takes_no_seat_away() -> None:
    roster, said = play(FULL, Resize(1))

    assert said == []
    assert (statuses(roster), roster.free) == (statuses(FULL), 0)
    roster, said = play(roster, Leave("kari"))
    assert said == [Left("kari"), Few(1)]
    assert statuses(roster)["siri"] == "waiting"


def test_who_is_in_line_can_leave_it() -> None:
    roster, said = play(FULL, Leave("siri"))

    assert said == [Left("siri")]
    assert roster.place("per") == 1


def test_few_are_told_of_once() -> None:
    five, _ = play(Roster(size=8, advised=5), *join(*"abcde"))
    _, said = play(five, Leave("a"), Leave("b"))

    assert said == [Left("a"), Few(4), Left("b")]


@pytest.mark.parametrize(
    ("now", "meeting", "until"),
    [
        ("2027-01-12 09:00", None, "2027-01-13 09:00"),
        ("2027-01-15 15:30", None, "2027-01-18 15:30"),  # over the weekend
        ("2027-03-24 10:00", None, "2027-03-30 10:00"),  # over Easter and the change of the clock
        ("2027-01-12 09:00", "2027-01-14 09:00", "2027-01-13 09:00"),
        ("2027-01-12 09:00", "2027-01-13 10:00", "2027-01-13 09:00"),
        ("2027-01-12 09:00", "2027-01-13 09:30", "2027-01-13 08:30"),
        ("2027-01-12 09:00", "2027-01-12 10:00", "2027-01-12 10:00"),
        ("2027-01-12 09:00", "2027-01-12 09:01", "2027-01-12 09:01"),
    ],
)
def test_an_answer_is_awaited_a_working_day_but_not_into_the_meeting(
    now: str, meeting: str | None, until: str
) -> None:
    def local(written: str) -> datetime:
        return datetime.fromisoformat(written).replace(tzinfo=OSLO)

    meetings = [local(meeting)] if meeting else None
    assert answer_by(local(now), Hours(OSLO), QuietHours(OSLO), meetings) == local(until)


def test_an_answer_is_awaited_at_an_hour_at_which_somebody_works() -> None:
    def until(now: datetime, hours: Hours, *meetings: datetime) -> datetime | None:
        return answer_by(now, hours, QuietHours(OSLO), meetings or None)

    night = datetime(2027, 3, 24, 22, 47, tzinfo=OSLO)  # before Maundy Thursday
    new_york = ZoneInfo("America/New_York")
    assert until(night, Hours(OSLO)) == datetime(2027, 3, 31, 8, tzinfo=OSLO)
    assert until(night, Hours(new_york)) == datetime(2027, 3, 31, 8, tzinfo=new_york)
    assert until(night, Hours(OSLO, paused_until=date(2027, 4, 5))) is None
    tuesday = datetime(2027, 3, 30, 8, 30, tzinfo=OSLO)
    assert until(night, Hours(OSLO), tuesday) == tuesday
    assert until(night, Hours(OSLO), night + timedelta(hours=1)) is None
    late = datetime(2027, 3, 31, 7, 30, tzinfo=OSLO)
    assert until(night, Hours(OSLO), late) == datetime(2027, 3, 30, 16, tzinfo=OSLO)


def test_who_cannot_be_asked_keeps_their_place() -> None:
    roster, said = step(FULL, Leave("kari"), {"per": SOON})

    assert said == [Left("kari"), Asked("per", SOON), Few(1)]
    assert roster.place("siri") == 1


PEOPLE = st.sampled_from("abcdefghij")


class SigningUp(RuleBasedStateMachine):
    """Any history at all: presses by anyone, in any order, and time that passes."""

    @initialize(size=st.integers(1, 8))
    def begin(self, size: int) -> None:
        self.roster = Roster(size=size, advised=3)
        self.largest = size
        self.now = NOW
        self.promised: set[str] = set()

    def happen(self, event: Event) -> None:
        before = self.roster
        self.roster, effects = step(before, event, anybody(before, self.now + timedelta(hours=2)))
        self.told(before, effects)

    def told(self, before: Roster, effects: list[Effect]) -> None:
        """Whoever's standing changed is told, and nobody else."""
        people = [effect.person for effect in effects if not isinstance(effect, Few)]
        changed = {
            person
            for person in {m.person for m in (*before.members, *self.roster.members)}
            if before.member(person) != self.roster.member(person)
        }
        assert changed <= set(people)
        assert len(people) == len(set(people))
        line = [m.person for m in before.members if m.status == "waiting"]
        asked = [effect.person for effect in effects if isinstance(effect, Asked)]
        assert asked == [person for person in line if person in asked]
        assert set(line[: len(asked)]) - set(asked) <= {
            effect.person for effect in effects if isinstance(effect, Left)
        }

    @rule(person=PEOPLE)
    def joins(self, person: str) -> None:
        self.happen(Join(person, person))
        assert self.roster.member(person)

    @rule(person=PEOPLE)
    def leaves(self, person: str) -> None:
        self.happen(Leave(person))
        assert not self.roster.member(person)

    @rule(size=st.integers(1, 8))
    def is_resized(self, size: int) -> None:
        self.largest = max(self.largest, size)
        self.happen(Resize(size))
        assert self.roster.size == size

    @rule(minutes=st.integers(1, 200))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.happen(Expire(self.now))
        assert all(m.asked_until is None or m.asked_until > self.now for m in self.roster.members)

    @invariant()
    def nobody_is_there_twice(self) -> None:
        if hasattr(self, "roster"):
            assert len({m.person for m in self.roster.members}) == len(self.roster.members)

    @invariant()
    def no_more_have_seats_than_there_ever_were(self) -> None:
        if hasattr(self, "roster"):
            assert len(self.roster.members) - self.roster.waiting <= self.largest

    @invariant()
    def nobody_waits_for_a_seat_that_is_free(self) -> None:
        if hasattr(self, "roster"):
            assert not (self.roster.waiting and self.roster.free)

    @invariant()
    def who_is_asked_has_a_time_and_nobody_else(self) -> None:
        if hasattr(self, "roster"):
            for member in self.roster.members:
                assert (member.status == "asked") == (member.asked_until is not None)


TestSigningUp = SigningUp.TestCase
