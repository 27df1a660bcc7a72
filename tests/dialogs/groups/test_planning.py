"""Planning a series: what is written, what is wrong with it, and when the meetings begin."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dialogs.groups.planning import (
    HORIZON,
    BadNumber,
    Fault,
    Missing,
    NoSuchDay,
    NoSuchTime,
    NotUnderstood,
    Past,
    Plan,
    RepeatedHour,
    SkippedHour,
    Span,
    TooFar,
    check,
    moment,
    occurrences,
    overlap,
    read,
    read_moment,
    read_return,
    size_fault,
    suggested,
)
from dialogs.sessions.method import Frame, Method
from dialogs.writing.text import TooLong, Unstorable

OSLO, NEW_YORK = ZoneInfo("Europe/Oslo"), ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
"""Its clocks change by half an hour."""
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)

GUIDANCE = Method(
    id="veiledningsgruppe",
    title={"nb": "Veiledningsgruppe", "nn": "Rettleiingsgruppe", "en": "Guidance group"},
    purpose={},
    phases=(),
)
FORUM = replace(
    GUIDANCE,
    id="veiledningsforum",
    title={"nb": "Veiledningsforum"},
    frame=Frame(minutes=45, meetings=6, interval_days=7),
)
METHODS = (GUIDANCE, FORUM)
PLAN = Plan(
    "veiledningsgruppe",
    date(2027, 1, 12),
    time(9),
    meetings=3,
    interval=14,
    minutes=90,
    least=4,
    size=8,
)


def understood(line: str, today: date = TODAY) -> Plan | Fault:
    return read(line, METHODS, today)


# What is written


@pytest.mark.parametrize(
    "line",
    [
        "veiledningsgruppe 3 x 14 dager fra 2027-01-12 kl 09:00",
        "veiledningsgruppe 3x14 dager fra 2027-01-12 kl. 9",
        "VEILEDNINGSGRUPPE fra 12.01.2027 kl 9.00",
        "fra tirsdag 12. januar 2027 klokka 09:00 i 90 minutter",
        "rettleiingsgruppe 3 gonger annakvar veke frå tysdag 12.1.2027 klokka 9",
        "3 møte kvar 14. dag frå 12. januar kl 9 i 90 minutt",
        "guidance group 3 times every 2 weeks from January 12, 2027 at 9 am",
        "3 meetings every other week from Tuesday 12 Jan 2027 at 9:00, 1.5 hours",
        "9:00, 12 jan. 2027",
        "2027-1-12 09:00",
    ],
)
def test_a_plan_can_be_written_in_many_ways(line: str) -> None:
    assert understood(line) == PLAN


def test_what_is_left_out_is_as_the_method_has_it() -> None:
    assert understood("veiledningsforum fra 12.1.2027 kl 9") == replace(
        PLAN, method="veiledningsforum", meetings=6, interval=7, minutes=45
    )


def test_a_group_can_be_given_a_name() -> None:
    for quoted in ("«Tirsdag 14 x»", '"Tirsdag 14 x"', "“ Tirsdag 14 x ”"):
        assert understood(f"{quoted} 2027-01-12 kl 9") == replace(PLAN, name="Tirsdag 14 x")


@pytest.mark.parametrize(
    ("words", "interval"),
    [
        ("hver uke", 7),
        ("ukentlig", 7),
        ("weekly", 7),
        ("annenhver uke", 14),
        ("every second week", 14),
        ("hver 3. uke", 21),
        ("hver tirsdag", 7),
        ("annen hver tysdag", 14),
        ("med 10 dager", 10),
    ],
)
def test_an_interval_can_be_written_in_many_ways(words: str, interval: int) -> None:
    assert understood(f"3 x {words} fra 2027-01-12 kl 9") == replace(PLAN, interval=interval)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("kl 14.30", time(14, 30)),
        ("at 2:30 pm", time(14, 30)),
        ("12 am", time(0)),
        ("12pm", time(12)),
        ("klokken 00:05", time(0, 5)),
        ("kl 0905", time(9, 5)),
        ("kl. 905", time(9, 5)),
    ],
)
def test_a_time_can_be_written_in_many_ways(words: str, at: time) -> None:
    assert understood(f"2027-01-12 {words}") == replace(PLAN, at=at)


@pytest.mark.parametrize(("words", "minutes"), [("2 timer", 120), ("1,5 time", 90), ("45 min", 45)])
def test_a_length_can_be_written_in_many_ways(words: str, minutes: int) -> None:
    assert understood(f"2027-01-12 kl 9 {words}") == replace(PLAN, minutes=minutes)


@pytest.mark.parametrize(
    ("today", "written", "first"),
    [
        (date(2026, 11, 21), "21. november", date(2026, 11, 21)),
        (date(2026, 11, 21), "20.11", date(2027, 11, 20)),
        (date(2026, 11, 21), "20.11.", date(2027, 11, 20)),
        (date(2026, 11, 21), "20.11.28", date(2028, 11, 20)),
        (date(2026, 11, 21), "i dag", date(2026, 11, 21)),
        (date(2026, 11, 21), "i morgon", date(2026, 11, 22)),
        (date(2026, 11, 21), "tomorrow", date(2026, 11, 22)),
        (date(2026, 11, 21), "fredag", date(2026, 11, 27)),
        (date(2026, 11, 21), "laurdag", date(2026, 11, 21)),
        (date(2026, 11, 21), "29. februar", date(2028, 2, 29)),
        (date(2028, 2, 29), "29.2", date(2028, 2, 29)),
        (date(2096, 3, 1), "29.2", date(2104, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_next_one(today: date, written: str, first: date) -> None:
    assert understood(f"fra {written} kl 9", today) == replace(PLAN, first=first)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", Missing("date")),
        ("veiledningsgruppe", Missing("date")),
        ("veiledningsgruppe 3 x", Missing("date")),
        ("3 x 14", NotUnderstood("14")),
        ("kl 9", Missing("date")),
        ("fra 2027-01-12", Missing("time")),
        ("fra 31. februar 2027 kl 9", NoSuchDay("31. februar 2027")),
        ("fra 31.2 kl 9", NoSuchDay("31.2")),
        ("fra 2027-13-01 kl 9", NoSuchDay("2027-13-01")),
        ("fra 0000-01-01 kl 9", NoSuchDay("0000-01-01")),
        ("fra 29.2.2027 kl 9", NoSuchDay("29.2.2027")),
        ("fra mandag 12.1.2027 kl 9", NoSuchDay("mandag 12.1.2027")),
        ("fra 2027-01-12 kl 25:00", NoSuchTime("25:00")),
        ("fra 2027-01-12 kl 9:75", NoSuchTime("9:75")),
        ("fra 2027-01-12 at 13 pm", NoSuchTime("13 pm")),
        ("fra 2027-01-12 at 0 am", NoSuchTime("0 am")),
        ("strikkeklubb fra 2027-01-12 kl 9", NotUnderstood("strikkeklubb")),
        ("Strikk guidance group takk 2027-01-12 kl 9", NotUnderstood("Strikk takk")),
        ("3 x 14 dager hver uke fra 2027-01-12 kl 9", NotUnderstood("hver uke")),
        ("fra 2027-01-12 eller 13.1.2027 kl 9", NotUnderstood("eller")),
        ("fra 2027-01-12 kl 9 kl 10", NotUnderstood("kl 10")),
        ("12. januar og 31. februar kl 9", NoSuchDay("31. februar")),
        ("hver uke fra 12. januar til 31. februar kl 9", NoSuchDay("31. februar")),
    ],
)
def test_what_cannot_be_read_is_named(line: str, fault: Fault) -> None:
    assert understood(line) == fault


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2027-02-01", date(2027, 2, 1)),
        ("til mandag 1. februar", date(2027, 2, 1)),
        ("until 1 Feb", date(2027, 2, 1)),
        ("til tirsdag 1. februar", NoSuchDay("tirsdag 1. februar")),
        ("31.2.", NoSuchDay("31.2.")),
        ("", Missing("date")),
        ("1.2. kl 9", NotUnderstood("9")),
        ("1.2. takk", NotUnderstood("takk")),
        ("1.2. 2.2.", NotUnderstood("2.2.")),
    ],
)
def test_a_day_by_itself(line: str, told: date | Fault) -> None:
    assert read_return(line, TODAY) == told


def test_a_moment_by_itself() -> None:
    first = date(2027, 1, 12)
    assert read_moment("tirsdag 12. januar kl 09:00", TODAY) == (first, time(9))
    assert read_moment("kl 13", TODAY, first) == (first, time(13))
    assert read_moment("torsdag kl 13", TODAY, first) == (date(2027, 1, 14), time(13))
    assert read_moment("13.1. 13:30", TODAY, first) == (date(2027, 1, 13), time(13, 30))
    assert read_moment("kl 13", TODAY) == Missing("date")
    assert read_moment("12.1.", TODAY) == Missing("time")
    assert read_moment("12.1. 09:00 60 min", TODAY) == NotUnderstood("60")


@given(st.text(max_size=120))
@example("9" * 5000)
@example("3 x ٣ dager fra ٢٠٢٧-٠١-١٢ kl ٩")
def test_whatever_is_written_is_a_plan_or_a_fault(text: str) -> None:
    assert isinstance(understood(text), Plan | Fault)


@given(
    st.dates(date(2026, 11, 22), date(2028, 10, 1)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1, 999_999),
    st.integers(0, 999_999),
    st.integers(0, 999_999),
)
def test_every_plan_can_be_written(
    first: date, at: time, meetings: int, interval: int, minutes: int
) -> None:
    line = f"{meetings} x {interval} dager fra {first} kl {at:%H:%M} i {minutes} minutter"

    assert understood(line) == Plan(
        "veiledningsgruppe", first, at, meetings, interval, minutes, 4, 8
    )


@pytest.mark.parametrize(
    ("words", "sizes"),
    [
        ("8 plasser", (4, 8)),
        ("6 plassar", (4, 6)),
        ("for 5 people", (4, 5)),
        ("5-7 seats", (5, 7)),
        ("7 til 5 personer", (5, 7)),
    ],
)
def test_seats_can_be_written_in_many_ways(words: str, sizes: tuple[int, int]) -> None:
    least, size = sizes
    assert understood(f"2027-01-12 kl 9 {words}") == replace(PLAN, least=least, size=size)


USUAL = (date(2027, 1, 12), time(9))


@given(st.text(max_size=80))
@example("200 x 0 dager fra 31.2.2027 kl 25 i 1 minutt 99 plasser")
@example(f"«{'å' * 61}» 2-6 plasser hver uke hver uke")
@example("5-6 plasser 12. januar kl 9")
def test_what_is_suggested_can_be_planned_but_for_its_day(text: str) -> None:
    plan = suggested(text, METHODS, TODAY, USUAL)
    frame = next(method.frame for method in METHODS if method.id == plan.method)

    assert check(replace(plan, first=USUAL[0]), OSLO, NOW) is None
    assert size_fault(plan.least, frame) is None
    assert size_fault(plan.size, frame) is None


@pytest.mark.parametrize(
    ("line", "plan"),
    [
        ("", PLAN),
        ("veiledningsforum 200 x 10 dager", replace(PLAN, method="veiledningsforum", meetings=6)),
        ("takk 13.1. kl 25 5-6 plasser", replace(PLAN, first=date(2027, 1, 13), least=5, size=6)),
        ("kl 12 9 plasser 31.2.", replace(PLAN, at=time(12))),
    ],
)
def test_what_is_suggested_keeps_what_was_right(line: str, plan: Plan) -> None:
    if plan.method == "veiledningsforum":
        plan = replace(plan, interval=10, minutes=45)
    assert suggested(line, METHODS, TODAY, USUAL) == plan


# What is wrong with it


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (PLAN, None),
        (replace(PLAN, meetings=0), BadNumber("meetings", 0, 1, 12)),
        (replace(PLAN, meetings=200), BadNumber("meetings", 200, 1, 12)),
        (replace(PLAN, interval=0), BadNumber("interval", 0, 1, 92)),
        (replace(PLAN, interval=93), BadNumber("interval", 93, 1, 92)),
        (replace(PLAN, minutes=14), BadNumber("minutes", 14, 15, 480)),
        (replace(PLAN, minutes=481), BadNumber("minutes", 481, 15, 480)),
        (replace(PLAN, first=date(2026, 11, 20)), Past(date(2026, 11, 20))),
        (replace(PLAN, first=TODAY, at=time(10)), Past(TODAY)),
        (replace(PLAN, first=TODAY, at=time(10, 1)), None),
        (replace(PLAN, first=TODAY + HORIZON + DAY), TooFar(TODAY + HORIZON + DAY)),
        (replace(PLAN, first=date.max), TooFar(date.max)),
        (
            replace(PLAN, first=date(2027, 3, 28), at=time(2, 30)),
            SkippedHour(date(2027, 3, 28), time(2, 30)),
        ),
        (
            replace(PLAN, first=date(2027, 10, 31), at=time(2, 30)),
            RepeatedHour(date(2027, 10, 31), time(2, 30)),
        ),
        (replace(PLAN, first=date(2027, 3, 28), at=time(3)), None),
        (replace(PLAN, first=date(2027, 10, 31), at=time(3)), None),
        (replace(PLAN, name="å" * 61), TooLong("name", 61, 60)),
        (replace(PLAN, name="\0"), Unstorable("name")),
    ],
)
def test_what_cannot_be_planned_is_named(plan: Plan, fault: Fault | None) -> None:
    assert check(plan, OSLO, NOW) == fault


def test_today_is_the_day_of_the_groups_own_zone() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # the 22nd in Oslo, the 21st in New York

    assert moment(TODAY, time(23), OSLO, late) == Past(TODAY)
    assert moment(TODAY, time(23), NEW_YORK, late) == datetime(2026, 11, 22, 4, tzinfo=UTC)


# When the meetings begin


zones = st.sampled_from([OSLO, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Kolkata")])
plans = st.builds(
    Plan,
    st.just("veiledningsgruppe"),
    st.dates(date(2026, 11, 22), date(2028, 10, 1)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),  # with and without a fold
    st.integers(1, 12),
    st.integers(1, 92),
    st.just(90),
    st.just(4),
    st.just(8),
)


@given(plans, zones)
@example(replace(PLAN, first=date(2027, 3, 21), at=time(2, 30), interval=7), OSLO)
@example(replace(PLAN, first=date(2027, 10, 24), at=time(2, 30), interval=7), OSLO)
@example(replace(PLAN, first=date(2027, 3, 28), at=time(2, fold=1)), OSLO)
@example(replace(PLAN, first=date(2027, 3, 21), at=time(2, fold=1), interval=7), OSLO)
def test_meetings_keep_their_local_time_through_every_change_of_the_clock(
    plan: Plan, zone: ZoneInfo
) -> None:
    assume(check(plan, zone, NOW) is None)

    starts = occurrences(plan, zone)

    assert len(starts) == plan.meetings
    for number, moment_ in enumerate(starts):
        local = moment_.astimezone(zone)
        day = plan.first + number * timedelta(days=plan.interval)
        skipped = datetime.combine(day, plan.at) != local.replace(tzinfo=None)
        assert local.date() == day
        assert local.fold == 0
        if skipped:  # by the clock as much later as the clock was put forward
            assert isinstance(moment(day, plan.at, zone, NOW), SkippedHour | TooFar)
            assert (
                timedelta()
                < local.replace(tzinfo=None) - datetime.combine(day, plan.at)
                <= timedelta(hours=1)
            )
    assert list(starts) == sorted(set(starts))
    assert starts[0] == moment(plan.first, plan.at, zone, NOW)


def local_times(plan: Plan, zone: ZoneInfo) -> list[str]:
    return [f"{starts.astimezone(zone):%m-%d %H:%M %z}" for starts in occurrences(plan, zone)]


def test_a_series_across_both_changes_in_oslo() -> None:
    spring = replace(PLAN, first=date(2027, 3, 16), meetings=3, interval=14)
    autumn = replace(spring, first=date(2027, 10, 19))

    assert local_times(spring, OSLO) == [
        "03-16 09:00 +0100",
        "03-30 09:00 +0200",
        "04-13 09:00 +0200",
    ]
    assert local_times(autumn, OSLO) == [
        "10-19 09:00 +0200",
        "11-02 09:00 +0100",
        "11-16 09:00 +0100",
    ]


def test_a_series_across_both_changes_elsewhere() -> None:
    spring = replace(PLAN, first=date(2027, 3, 9), meetings=2, interval=7)
    autumn = replace(spring, first=date(2027, 11, 2))

    assert local_times(spring, NEW_YORK) == ["03-09 09:00 -0500", "03-16 09:00 -0400"]
    assert local_times(autumn, NEW_YORK) == ["11-02 09:00 -0400", "11-09 09:00 -0500"]


def test_a_later_meeting_whose_hour_is_skipped_or_repeated() -> None:
    skipped = replace(PLAN, first=date(2027, 3, 21), at=time(2, 30), interval=7)
    repeated = replace(PLAN, first=date(2027, 10, 24), at=time(2, 30), interval=7)

    assert local_times(skipped, OSLO) == [
        "03-21 02:30 +0100",
        "03-28 03:30 +0200",
        "04-04 02:30 +0200",
    ]
    assert local_times(repeated, OSLO) == [
        "10-24 02:30 +0200",
        "10-31 02:30 +0200",
        "11-07 02:30 +0100",
    ]


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("hour", range(5))
def test_a_clock_on_the_wall_has_no_fold(day: date, hour: int) -> None:
    """On the nights when the clock goes forward, and back."""
    wall, folded = time(hour), time(hour, fold=1)

    assert moment(day, folded, OSLO, NOW) == moment(day, wall, OSLO, NOW)
    assert local_times(replace(PLAN, first=day, at=folded), OSLO) == local_times(
        replace(PLAN, first=day, at=wall), OSLO
    )


def test_a_series_meets_on_29_february() -> None:
    leap = replace(PLAN, first=date(2028, 2, 15), at=time(9), interval=14)

    assert local_times(leap, OSLO) == [
        "02-15 09:00 +0100",
        "02-29 09:00 +0100",
        "03-14 09:00 +0100",
    ]


# Two at once


def test_meetings_that_share_time_are_found() -> None:
    monday = Span(NOW, 90)
    after = Span(NOW + timedelta(minutes=90), 90)
    within = Span(NOW + timedelta(minutes=89), 1)

    assert overlap([after], [monday]) is None
    assert overlap([monday], [after]) is None
    assert overlap([monday], []) is None
    assert overlap([after, within], [monday, after]) == (after, after)
    assert overlap([within], [after, monday]) == (within, monday)
    assert overlap([monday], [within]) == (monday, within)
