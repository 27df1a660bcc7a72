"""Times for a study: chosen, changed, cancelled, and forgotten when they begin."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.groups import planning
from dialogs.groups.appointments import (
    Ask,
    BadNumber,
    Begin,
    CallOff,
    Cancel,
    Choice,
    ChoiceRefusal,
    Choose,
    Event,
    Full,
    NoSuchStudy,
    NoSuchTime,
    OfferFault,
    OfferWish,
    Set,
    Slot,
    Times,
    Twice,
    check,
    read,
    starts,
    step,
)

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = NOW.date()
FIRST = datetime(2027, 1, 12, 8, tzinfo=UTC)
SLOTS = tuple(Slot(f"t{n}", FIRST + timedelta(days=n), 60, 2) for n in range(3))
OFFERED = Times(SLOTS)


def play(*events: Event, times: Times = OFFERED) -> tuple[Times, list[ChoiceRefusal | None]]:
    said = []
    for event in events:
        times, refusal = step(times, event)
        said.append(refusal)
    return times, said


def choose(person: str, slot: str = "t0") -> Choose:
    return Choose(person, person.title(), slot)


def test_choosing_changing_and_cancelling() -> None:
    times, said = play(choose("kari"), choose("ola"), choose("kari", "t1"))
    assert times.choices == (Choice("kari", "Kari", "t1"), Choice("ola", "Ola", "t0"))
    assert said == [None] * 3
    times, _ = play(Cancel("kari"), Cancel("kari"), times=times)
    assert times.choices == (Choice("ola", "Ola", "t0"),)


def test_a_slot_has_no_more_places_than_it_has() -> None:
    times, said = play(choose("kari"), choose("ola"), choose("siri"), choose("kari"))
    assert said == [None, None, Full(), None]
    assert times.choice("siri") is None
    assert not times.is_free(SLOTS[0])


def test_who_finds_it_full_keeps_what_they_had() -> None:
    times, said = play(choose("siri", "t1"), choose("kari"), choose("ola"), choose("siri"))
    assert said[-1] == Full()
    assert times.choice("siri") == Choice("siri", "Siri", "t1")


def test_what_is_not_there_cannot_be_chosen() -> None:
    assert play(choose("kari", "nope")) == (OFFERED, [NoSuchTime()])


def test_a_time_of_ones_own() -> None:
    own = Slot("own", FIRST + timedelta(hours=30), 45, 1, alone=True)
    ask = Ask("kari", "Kari")
    times, said = play(choose("kari"), ask, ask)
    assert times.choices == (Choice("kari", "Kari", None),)
    times, said = play(Set("kari", own), Set("kari", own), Set("ola", own), times=times)
    assert said == [None, NoSuchTime(), NoSuchTime()]
    assert times.choices == (Choice("kari", "Kari", "own"),)
    assert [slot.id for slot in times.slots] == ["t0", "t1", "own", "t2"]
    assert own.ends_at == FIRST + timedelta(hours=30, minutes=45)
    assert play(choose("ola", "own"), times=times)[1] == [Full()]

    for leaving in (Cancel("kari"), choose("kari", "t2"), ask):
        assert play(leaving, times=times)[0].slots == SLOTS


def test_a_time_that_is_called_off_or_begins_leaves_nothing() -> None:
    times, _ = play(choose("kari"), choose("ola", "t1"), Ask("siri", "Siri"))
    for event in (CallOff("t0"), Begin(FIRST)):
        left, _ = step(times, event)
        assert left.slots == SLOTS[1:]
        assert {choice.person for choice in left.choices} == {"ola", "siri"}
    assert step(times, Begin(FIRST - timedelta(seconds=1)))[0] == times


@given(
    st.lists(
        st.one_of(
            st.builds(choose, st.sampled_from("abcdef"), st.sampled_from(["t0", "t1", "t2", "x"])),
            st.builds(lambda p: Ask(p, p), st.sampled_from("abcdef")),
            st.builds(Cancel, st.sampled_from("abcdef")),
            st.builds(
                lambda p, n: Set(p, Slot(f"own{n}", FIRST, 60, 1, alone=True)),
                st.sampled_from("abcdef"),
                st.integers(0, 1000),
            ),
            st.builds(CallOff, st.sampled_from(["t0", "t1", "t2"])),
        ),
        max_size=30,
    )
)
def test_no_history_overfills_a_slot_or_leaves_anything_over(events: list[Event]) -> None:
    times, _ = play(*events)
    people = [choice.person for choice in times.choices]
    assert len(set(people)) == len(people)
    for slot in times.slots:
        assert len(times.chosen(slot)) <= slot.places
        assert not slot.alone or len(times.chosen(slot)) == 1
    assert {c.slot for c in times.choices if c.slot} <= {slot.id for slot in times.slots}


# What is written


LINE = OfferWish(
    "oppfolging",
    (
        (date(2027, 1, 12), time(9)),
        (date(2027, 1, 12), time(13)),
        (date(2027, 1, 14), time(9, 30)),
    ),
    45,
    8,
)


@pytest.mark.parametrize(
    "line",
    [
        "oppfolging 45 min 8 plasser: 12.1. kl 9, kl 13, 14.1. kl 9:30",
        "Oppfolging: 2027-01-12 09:00; 13:00; 2027-01-14 09:30, 8 places 45 minutes",
        "45 minutt 8 plassar 12. januar kl 9\nkl 13\ntorsdag 14. januar kl 09:30",
    ],
)
def test_an_offer_can_be_written_in_many_ways(line: str) -> None:
    wish = read(line, ["oppfolging"], TODAY)
    assert wish == LINE
    assert check(LINE, OSLO, NOW) is None
    assert starts(LINE, OSLO)[0] == datetime(2027, 1, 12, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("annen 12.1. kl 9", planning.NotUnderstood("annen")),
        ("oppfolging 31.2. kl 9", planning.NoSuchDay("31.2.")),
        ("oppfolging kl 9", planning.Missing("date")),
        ("oppfolging 12.1. kl 25:00", planning.NoSuchTime("25:00")),
    ],
)
def test_what_cannot_be_read_is_named(line: str, fault: OfferFault) -> None:
    assert read(line, ["oppfolging"], TODAY) == fault


def test_among_several_studies_one_is_named() -> None:
    studies = ["oppfolging", "annen"]
    assert read("12.1. kl 9", studies, TODAY) == NoSuchStudy()
    assert read("", [], TODAY) == NoSuchStudy()
    assert read("annen 12.1. kl 9", studies, TODAY) == OfferWish("annen", LINE.moments[:1])


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (OfferWish("x", LINE.moments[:2]), BadNumber("slots", 2, 3, 12)),
        (OfferWish("x", LINE.moments, 5), BadNumber("minutes", 5, 15, 480)),
        (OfferWish("x", LINE.moments, 60, 0), BadNumber("places", 0, 1, 30)),
        (OfferWish("x", (*LINE.moments, LINE.moments[0])), Twice(date(2027, 1, 12), time(9))),
        (
            OfferWish("x", (*LINE.moments, (date(2026, 11, 20), time(9)))),
            planning.Past(date(2026, 11, 20)),
        ),
        (
            OfferWish("x", (*LINE.moments, (date(2027, 3, 28), time(2, 30)))),
            planning.SkippedHour(date(2027, 3, 28), time(2, 30)),
        ),
    ],
)
def test_what_cannot_be_offered_is_named(wish: OfferWish, fault: OfferFault) -> None:
    assert check(wish, OSLO, NOW) == fault


@given(st.text(max_size=80))
def test_whatever_is_written_is_a_wish_or_a_fault(text: str) -> None:
    assert isinstance(read(text, ["oppfolging"], TODAY), OfferWish | OfferFault)
