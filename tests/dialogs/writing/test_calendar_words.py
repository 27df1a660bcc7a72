"""What facilitators and members write of days, times and numbers, in three languages."""

from dataclasses import replace
from datetime import date, time
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.groups.planning import (
    Fault,
    NotUnderstood,
    Plan,
    check,
    occurrences,
    read,
    read_return,
)
from dialogs.writing.calendar_words import plainly
from tests.dialogs.groups.test_planning import METHODS, NOW, OSLO, PLAN, TODAY

JANUARY_12 = date(2027, 1, 12)
WEEKLY = replace(PLAN, interval=7)
NEXT_TUESDAY = date(2026, 11, 24)

LINES: list[tuple[str, Plan]] = [
    # Bokmål
    ("fra 12. januar kl 9", PLAN),
    ("tre møter fra neste tirsdag kl 9", replace(PLAN, first=NEXT_TUESDAY)),
    (
        "på onsdager kl 10, fire ganger",
        replace(WEEKLY, first=date(2026, 11, 25), at=time(10), meetings=4),
    ),
    (
        "veiledningsgruppe hver onsdag fra uke 2 kl 13:00-14:30",
        replace(WEEKLY, first=date(2027, 1, 13), at=time(13)),
    ),
    ("om to uker kl 9", replace(PLAN, first=date(2026, 12, 5))),
    ("i morgen kl 12", replace(PLAN, first=date(2026, 11, 22), at=time(12))),
    ("i overmorgen kl. 14.00", replace(PLAN, first=date(2026, 11, 23), at=time(14))),
    ("uke 2 kl 9", replace(PLAN, first=date(2027, 1, 11))),
    ("torsdag i uke 53 kl 9", replace(PLAN, first=date(2026, 12, 31))),
    ("12/1 kl 9", PLAN),
    ("12/1/2027 kl 9", PLAN),
    ("12/1/27 kl 9", PLAN),
    ("en gang i måneden fra 12. januar kl 9, 6 møter", replace(PLAN, meetings=6, interval=28)),
    ("en gang i uka fra 12. januar kl 9", WEEKLY),
    ("fra 12.1 kl 9 med to ukers mellomrom", PLAN),
    ("fra 12.1 kl 9 med 10 dagers mellomrom", replace(PLAN, interval=10)),
    ("12. januar 13:00-14:30", replace(PLAN, at=time(13))),
    ("12. januar kl 9 til 10.30", PLAN),
    ("12.1.2027 kl 9-11", replace(PLAN, minutes=120)),
    ("12. januar 9.00-10.30", PLAN),
    ("12. januar klokka halv ti", replace(PLAN, at=time(9, 30))),
    ("12. januar klokka halv to", replace(PLAN, at=time(13, 30))),
    ("klokka kvart over ni 12. januar", replace(PLAN, at=time(9, 15))),
    ("kvart på ni 12. januar", replace(PLAN, at=time(8, 45))),
    ("12.01 09.00", PLAN),
    ("12. januar klokka to", replace(PLAN, at=time(14))),
    ("12. januar kl 9 maks 6 deltakere", replace(PLAN, size=6)),
    ("12. januar kl 9 maks seks", replace(PLAN, size=6)),
    ("mellom 4 og 6 deltakere, 12. januar kl 9", replace(PLAN, size=6)),
    ("minst 5, maks 7 deltakere 12. januar kl 9", replace(PLAN, least=5, size=7)),
    ("12. januar, 26. januar og 9. februar kl 9", PLAN),
    ("12., 19. og 26. januar kl 9", WEEKLY),
    ("tirsdag 12. og torsdag 14. januar kl 9", replace(PLAN, meetings=2, interval=2)),
    (
        "12. januar, 14. januar og 9. februar kl 9",
        replace(PLAN, days=(JANUARY_12, date(2027, 1, 14), date(2027, 2, 9))),
    ),
    (
        "tre møter annenhver tirsdag fra 12. januar klokka ni, 90 minutter, maks åtte",
        PLAN,
    ),
    ("fem samlinger hver fjortende dag fra 12. januar kl 0900", replace(PLAN, meetings=5)),
    ("hver uke fra 12. januar til 9. februar kl 9", replace(WEEKLY, meetings=5)),
    ("tirsdager kl 9 til 15. desember", replace(WEEKLY, first=NEXT_TUESDAY, meetings=4)),
    ("tirsdager kl 9 til 15. desember, 2 møter", replace(WEEKLY, first=NEXT_TUESDAY, meetings=2)),
    ("neste uke tirsdag kl 9", replace(PLAN, first=NEXT_TUESDAY)),
    ("tirsdag om to uker kl 9", replace(PLAN, first=date(2026, 12, 1))),
    ("om en måned kl 9", replace(PLAN, first=date(2026, 12, 19))),
    ("halvannen time fra 12. januar kl 9", PLAN),
    ("en time fra 12. januar kl 9", replace(PLAN, minutes=60)),
    ("tre kvarter fra 12. januar kl 9", replace(PLAN, minutes=45)),
    ("1½ time fra 12. januar kl 9", PLAN),
    ("1,5 t fra 12. januar kl 9", PLAN),
    ("12. januar kl 9, hver tredje uke", replace(PLAN, interval=21)),
    ("4 ganger, to uker mellom hver gang, start 12.1 kl 9", replace(PLAN, meetings=4)),
    ("kan vi ha tre møter på tirsdager kl 9", replace(WEEKLY, first=NEXT_TUESDAY)),
    ("annenhver uke på tirsdager kl 9", replace(PLAN, first=NEXT_TUESDAY)),
    ("førstkommende mandag klokken 9", replace(PLAN, first=date(2026, 11, 23))),
    ("«Tre på onsdager om to uker» 12/1 kl 9", replace(PLAN, name="Tre på onsdager om to uker")),
    # Nynorsk
    ("tre gonger kvar tysdag frå 12. januar klokka halv ti", replace(WEEKLY, at=time(9, 30))),
    ("om to veker klokka ni", replace(PLAN, first=date(2026, 12, 5))),
    ("neste tysdag klokka 9, maks seks deltakarar", replace(PLAN, first=NEXT_TUESDAY, size=6)),
    ("annakvar veke på tysdagar kl 9", replace(PLAN, first=NEXT_TUESDAY)),
    ("ein gong i månaden frå 12. januar kl 9", replace(PLAN, interval=28)),
    # English
    (
        "every Wednesday at 9am, 4 times",
        replace(WEEKLY, first=date(2026, 11, 25), meetings=4),
    ),
    ("three meetings every other Tuesday from January 12th at 9 am", PLAN),
    ("next Tuesday at half past nine", replace(PLAN, first=NEXT_TUESDAY, at=time(9, 30))),
    ("in two weeks at 9:00, max 6 people", replace(PLAN, first=date(2026, 12, 5), size=6)),
    ("12 January, 26 January and 9 February at 9", PLAN),
    ("once a month from 12 Jan at 9am, 6 sessions", replace(PLAN, meetings=6, interval=28)),
    ("from 9am to 10:30am on 12 January", PLAN),
    ("1-2:30 pm on 12 January", replace(PLAN, at=time(13))),
    ("11-12:30 pm on 12 January", replace(PLAN, at=time(11))),
    ("Tuesdays at 9 until 15 December", replace(WEEKLY, first=NEXT_TUESDAY, meetings=4)),
    ("week 2 at 9", replace(PLAN, first=date(2027, 1, 11))),
    ("fortnightly from 12 January at 9", PLAN),
    ("12 January at 9, two weeks apart", PLAN),
]


@pytest.mark.parametrize(("line", "plan"), LINES, ids=[line for line, _ in LINES])
def test_what_a_facilitator_writes_is_understood(line: str, plan: Plan) -> None:
    assert read(line, METHODS, TODAY) == plan


def test_days_that_are_not_equally_far_apart_are_kept_as_they_are() -> None:
    plan = read("12. januar, 14. januar og 9. februar kl 9", METHODS, TODAY)

    assert isinstance(plan, Plan)
    assert check(plan, OSLO, NOW) is None
    assert [start.astimezone(OSLO).date() for start in occurrences(plan, OSLO)] == list(plan.days)


@pytest.mark.parametrize(
    "line",
    [
        "hver tirsdag i januar kl 9",
        "om litt 12.1. kl 9",
        "om 300 uker kl 9",
        "uke 60 kl 9",
        "12. januar kl 14 til kl 9",
    ],
)
def test_what_is_not_understood_is_named(line: str) -> None:
    assert isinstance(read(line, METHODS, TODAY), NotUnderstood)


@pytest.mark.parametrize(
    ("line", "back"),
    [
        ("til 3. august", date(2027, 8, 3)),
        ("til og med fredag", date(2026, 11, 28)),
        ("t.o.m. 3.8", date(2027, 8, 4)),
        ("til neste mandag", date(2026, 11, 23)),
        ("i to uker", date(2026, 12, 5)),
        ("2 uker", date(2026, 12, 5)),
        ("i tre dager", date(2026, 11, 24)),
        ("i dag", date(2026, 11, 22)),
        ("i morgen", date(2026, 11, 23)),
        ("til i morgen", date(2026, 11, 22)),
        ("i overmorgon", date(2026, 11, 24)),
        ("this week", date(2026, 11, 23)),
        ("til uke 8", date(2027, 2, 22)),
        ("dei neste to vekene", date(2026, 12, 5)),
        ("ut uka", date(2026, 11, 23)),
        ("hele neste uke", date(2026, 11, 30)),
        ("resten av veka", date(2026, 11, 23)),
        ("for two weeks", date(2026, 12, 5)),
        ("until 4 January", date(2027, 1, 4)),
        ("rest of the week", date(2026, 11, 23)),
    ],
)
def test_how_long_somebody_is_away(line: str, back: date) -> None:
    assert read_return(line, TODAY) == back


def test_an_absence_that_is_not_understood_is_none() -> None:
    assert not isinstance(read_return("til jul", TODAY), date)
    assert not isinstance(read_return("til og med jul", TODAY), date)


@given(st.text(max_size=80) | st.lists(st.sampled_from([line for line, _ in LINES])).map(" ".join))
def test_whatever_is_written_comes_to_a_plan_a_fault_or_a_day(text: str) -> None:
    assert isinstance(read(text, METHODS, TODAY), Plan | Fault)
    assert isinstance(read_return(text, TODAY), date | Fault)


@pytest.mark.parametrize("piece", ["12., ", "om 2 uker ", "9-", "1/", "minst 4, ", "kl 9 til "])
def test_a_line_that_goes_on_is_read_in_little_time(piece: str) -> None:
    line = (piece * 1000)[:1000]
    plainly(line[:390], TODAY)
    since = process_time()
    read(line, METHODS, TODAY)
    assert process_time() - since < 0.2
