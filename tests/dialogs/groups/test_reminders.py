"""Reminders come once, in time, at the person's own hours, and never too many of them."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.groups.reminders import (
    KINDS,
    Drop,
    NotSentReason,
    Occasion,
    Recipient,
    ReminderKind,
    Send,
    Unasked,
    Wait,
    decide,
    fits,
    put_off,
    window,
)
from dialogs.groups.working_hours import Quiet, is_working_day, working_days_from

OSLO, NEW_YORK = ZoneInfo("Europe/Oslo"), ZoneInfo("America/New_York")
ZONES = (OSLO, NEW_YORK, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Pacific/Kiritimati"))
KARI = Recipient(OSLO)


def oslo(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OSLO)


def meeting(starts: datetime, minutes: int = 90, quiet: Quiet | None = None) -> Occasion:
    return Occasion(starts, starts + timedelta(minutes=minutes), OSLO, quiet)


def sent_at(
    kind: ReminderKind, occasion: Occasion, person: Recipient, since: datetime
) -> datetime | NotSentReason:
    """Where a reminder that is woken up at `since`, and whenever it asks for, ends up."""
    match decide(kind, occasion, person, since):
        case Send():
            return since.astimezone(person.zone)
        case Wait(until):
            return sent_at(kind, occasion, person, until)
        case Drop(reason):
            return reason


def course(
    occasion: Occasion, person: Recipient = KARI, since: datetime | None = None
) -> dict[str, str]:
    """Each reminder of an occasion, by when it is sent in the person's time."""
    since = since or occasion.starts - timedelta(days=60)
    of_meetings = [kind for kind in KINDS if kind != "questionnaire"]
    ends = {kind: sent_at(kind, occasion, person, since) for kind in of_meetings}
    return {k: e if isinstance(e, str) else f"{e:%a %d.%m. %H:%M}" for k, e in ends.items()}


# One meeting


def test_the_reminders_of_a_meeting_on_an_ordinary_week() -> None:
    assert course(meeting(oslo(2027, 1, 14, 9))) == {
        "invitation": "Thu 07.01. 08:00",
        "log_form": "Tue 12.01. 08:00",
        "day_before": "Wed 13.01. 08:00",
        "soon": "Thu 14.01. 08:50",
        "try": "Thu 14.01. 10:30",
        "used": "Thu 11.02. 08:00",
    }


def test_before_a_monday_the_days_before_are_working_days() -> None:
    assert course(meeting(oslo(2027, 1, 18, 9))) == {
        "invitation": "Mon 11.01. 08:00",
        "log_form": "Thu 14.01. 08:00",
        "day_before": "Fri 15.01. 08:00",
        "soon": "Mon 18.01. 08:50",
        "try": "Mon 18.01. 10:30",
        "used": "Mon 15.02. 08:00",
    }


def test_easter_is_kept() -> None:
    assert course(meeting(oslo(2027, 3, 30, 9))) == {
        "invitation": "no_time",  # what comes a week before is the next one already
        "log_form": "Tue 23.03. 08:00",
        "day_before": "Wed 24.03. 08:00",
        "soon": "Tue 30.03. 08:50",
        "try": "Tue 30.03. 10:30",
        "used": "Tue 27.04. 08:00",
    }


def test_what_would_come_on_a_holiday_some_weeks_later_comes_after_it() -> None:
    assert course(meeting(oslo(2027, 4, 19, 9)))["used"] == "Tue 18.05. 08:00"


def test_nothing_at_all_is_sent_on_a_public_holiday() -> None:
    constitution_day = meeting(oslo(2028, 5, 17, 9))
    assert course(constitution_day)["soon"] == "no_time"
    assert course(constitution_day)["try"] == "Thu 18.05. 08:00"


def test_ten_minutes_before_comes_at_any_hour_and_on_a_saturday() -> None:
    assert course(meeting(oslo(2027, 1, 16, 19)))["soon"] == "Sat 16.01. 18:50"
    assert course(meeting(oslo(2027, 1, 15, 0, 5)))["soon"] == "Thu 14.01. 23:55"


def test_a_meeting_in_the_evening_is_followed_up_in_the_morning() -> None:
    assert course(meeting(oslo(2027, 1, 14, 18)))["try"] == "Fri 15.01. 08:00"


def test_the_hours_are_those_of_the_person() -> None:
    siri = Recipient(NEW_YORK, opens=time(9, 30), closes=time(15))
    assert course(meeting(oslo(2027, 1, 14, 16)), siri) == {
        "invitation": "Thu 07.01. 09:30",
        "log_form": "Tue 12.01. 09:30",
        "day_before": "Wed 13.01. 09:30",
        "soon": "Thu 14.01. 09:50",
        "try": "Thu 14.01. 11:30",
        "used": "Thu 11.02. 09:30",
    }


def test_quiet_hours_are_kept_and_end_on_time() -> None:
    nights = Quiet(time(16, 30), time(8, 30))
    assert course(meeting(oslo(2027, 1, 14, 9), quiet=nights)) == {
        "invitation": "Thu 07.01. 08:30",
        "log_form": "Tue 12.01. 08:30",
        "day_before": "Wed 13.01. 08:30",
        "soon": "Thu 14.01. 08:50",
        "try": "Thu 14.01. 10:30",
        "used": "Thu 11.02. 08:30",
    }
    assert course(meeting(oslo(2027, 1, 14, 8, 30), quiet=nights))["soon"] == "no_time"


def test_quiet_hours_in_the_middle_of_the_day() -> None:
    lunch = Quiet(time(10), time(12))
    assert course(meeting(oslo(2027, 1, 14, 9), quiet=lunch))["try"] == "Thu 14.01. 12:00"


def test_where_all_hours_are_quiet_nothing_is_sent() -> None:
    always = Quiet(time(7), time(17))
    assert set(course(meeting(oslo(2027, 1, 14, 9), quiet=always)).values()) == {"no_time"}


def test_quiet_hours_that_last_no_time() -> None:
    assert course(meeting(oslo(2027, 1, 14, 9), quiet=Quiet(time(9), time(9)))) == course(
        meeting(oslo(2027, 1, 14, 9))
    )


def test_who_has_a_pause_hears_nothing_before_its_end() -> None:
    away = replace(KARI, paused_until=date(2027, 1, 13))
    assert course(meeting(oslo(2027, 1, 14, 9)), away) == {
        "invitation": "no_time",
        "log_form": "no_time",
        "day_before": "Wed 13.01. 08:00",
        "soon": "Thu 14.01. 08:50",
        "try": "Thu 14.01. 10:30",
        "used": "Thu 11.02. 08:00",
    }
    longer = replace(KARI, paused_until=date(2027, 1, 15))
    assert course(meeting(oslo(2027, 1, 14, 9)), longer)["soon"] == "no_time"
    assert course(meeting(oslo(2027, 1, 14, 9)), longer)["try"] == "Fri 15.01. 08:00"


def test_what_is_switched_off_is_not_sent() -> None:
    picky = replace(KARI, off=frozenset({"used", "soon"}))
    found = course(meeting(oslo(2027, 1, 14, 9)), picky)
    assert {kind for kind, end in found.items() if end == "off"} == {"used", "soon"}


def test_what_is_planned_late_says_only_what_still_helps() -> None:
    planned = oslo(2027, 1, 13, 15, 30)
    assert course(meeting(oslo(2027, 1, 14, 13)), since=planned) == {
        "invitation": "late",
        "log_form": "late",
        "day_before": "Wed 13.01. 15:30",
        "soon": "Thu 14.01. 12:50",
        "try": "Thu 14.01. 14:30",
        "used": "Thu 11.02. 08:00",
    }
    after_work = course(meeting(oslo(2027, 1, 14, 13)), since=oslo(2027, 1, 13, 17))
    assert after_work["day_before"] == "Thu 14.01. 08:00"
    too_late = course(meeting(oslo(2027, 1, 14, 8)), since=oslo(2027, 1, 13, 17))
    assert too_late["day_before"] == "no_time"


# Clocks


@pytest.mark.parametrize("change", [date(2027, 3, 28), date(2027, 10, 31), date(2027, 3, 14)])
@pytest.mark.parametrize("zone", [OSLO, NEW_YORK])
def test_a_series_across_a_change_of_clocks_keeps_its_hours(change: date, zone: ZoneInfo) -> None:
    person = Recipient(zone)
    for days in range(-21, 22):
        starts = datetime.combine(change + timedelta(days=days), time(13), zone)
        if not is_working_day(starts.date()):
            continue
        occasion = Occasion(starts, starts + timedelta(minutes=90), zone)
        found = course(occasion, person)
        assert found["soon"].endswith(f"{starts:%d.%m.} 12:50")
        assert found["try"].endswith(f"{starts:%d.%m.} 14:30")
        for kind in ("invitation", "log_form", "day_before", "used"):
            invited = working_days_from(starts.date() - timedelta(days=8), 1)
            if kind == "invitation" and invited >= working_days_from(starts.date(), -2):
                assert found[kind] == "no_time"
                continue
            assert found[kind].endswith("08:00"), (starts, found)


@pytest.mark.parametrize("days", range(30))
def test_a_week_before_is_a_week_before(days: int) -> None:
    starts = oslo(2027, 3, 1, 9) + timedelta(days=days)
    serves = window("invitation", meeting(starts), KARI)
    assert serves.opens.astimezone(OSLO).date() == starts.date() - timedelta(days=7)


def test_until_a_meeting_is_over_the_one_after_it_is_not_the_next() -> None:
    weekly = replace(meeting(oslo(2027, 1, 14, 9)), follows=oslo(2027, 1, 7, 10, 30))
    assert course(weekly)["invitation"] == "Thu 07.01. 10:30"
    late = replace(weekly, follows=oslo(2027, 1, 7, 19))
    assert course(late)["invitation"] == "Fri 08.01. 08:00"
    next_day = replace(weekly, follows=oslo(2027, 1, 13, 16))
    assert course(next_day)["invitation"] == course(next_day)["log_form"] == "no_time"
    assert course(replace(weekly, follows=oslo(2026, 12, 1, 9)))["invitation"].startswith("Thu 07")


def test_the_hour_that_does_not_exist_and_the_one_that_exists_twice() -> None:
    """Somebody works at night, and the clocks change then."""
    night = Recipient(OSLO, opens=time(2, 30), closes=time(7))
    found = course(Occasion(oslo(2027, 3, 30, 3), oslo(2027, 3, 30, 4), OSLO), night)
    assert found["day_before"] == "Wed 24.03. 02:30"  # Easter Monday is the 29th
    # A time zone of our own choice, for Norwegian Sundays are no working days: Cairo
    # changes in the night to a Friday.
    cairo = ZoneInfo("Africa/Cairo")
    early = Recipient(cairo, opens=time(0, 30), closes=time(7))
    spring = Occasion(
        datetime(2027, 5, 3, 3, tzinfo=cairo), datetime(2027, 5, 3, 4, tzinfo=cairo), cairo
    )
    assert course(spring, early)["day_before"] == "Fri 30.04. 01:30"
    autumn = Occasion(
        datetime(2027, 11, 1, 3, tzinfo=cairo), datetime(2027, 11, 1, 4, tzinfo=cairo), cairo
    )
    late = replace(early, opens=time(23, 30), closes=time(23, 59))
    once = sent_at("log_form", autumn, late, autumn.starts - timedelta(days=30))
    assert isinstance(once, datetime)
    assert (f"{once:%d.%m. %H:%M}", once.fold) == ("28.10. 23:30", 0)


def test_the_29th_of_february() -> None:
    leap = course(meeting(oslo(2028, 3, 1, 9)))
    assert (leap["day_before"], leap["log_form"]) == ("Tue 29.02. 08:00", "Mon 28.02. 08:00")
    assert course(meeting(oslo(2028, 2, 29, 9)))["soon"] == "Tue 29.02. 08:50"
    assert course(meeting(oslo(2028, 2, 1, 9)))["used"] == "Tue 29.02. 08:00"


def test_working_days() -> None:
    assert working_days_from(date(2027, 3, 30), -1) == date(2027, 3, 24)
    assert working_days_from(date(2027, 12, 24), 1) == date(2027, 12, 27)
    assert working_days_from(date(2027, 1, 16), 1) == date(2027, 1, 18)
    assert not is_working_day(date(2027, 5, 17))


# Not too many


def test_a_day_has_room_for_one_and_for_two_with_the_one_just_before() -> None:
    assert fits("log_form", [])
    assert fits("soon", ["log_form"])
    assert fits("try", ["soon"])
    assert fits("soon", ["soon"])
    assert fits("soon", ["news"])
    assert not fits("try", ["news"])
    assert not fits("try", ["log_form"])
    assert fits("log_form", ["soon", "soon"])
    assert fits("soon", ["soon", "try"])
    assert fits("news", ["try"])


def test_a_day_without_room_gives_way_to_the_next_working_day() -> None:
    occasion, friday = meeting(oslo(2027, 1, 15, 9)), oslo(2027, 1, 15, 10, 30)
    assert decide("try", occasion, KARI, friday, ["soon", "news"]) == Wait(oslo(2027, 1, 18, 8))


def test_where_no_day_is_left_it_is_dropped() -> None:
    occasion, before = meeting(oslo(2027, 1, 15, 8)), oslo(2027, 1, 14, 8)
    assert decide("day_before", occasion, KARI, before, ["try"]) == Drop("crowded")


# Putting off


@pytest.mark.parametrize(
    ("kind", "now", "again"),
    [
        ("invitation", oslo(2027, 1, 5, 8), oslo(2027, 1, 6, 8)),
        ("invitation", oslo(2027, 1, 6, 8), oslo(2027, 1, 6, 10)),  # the log form is next
        ("log_form", oslo(2027, 1, 7, 8), oslo(2027, 1, 7, 10)),
        ("day_before", oslo(2027, 1, 8, 8), oslo(2027, 1, 11, 8)),
        ("soon", oslo(2027, 1, 11, 8, 50), oslo(2027, 1, 11, 8, 55)),
        ("soon", oslo(2027, 1, 11, 8, 55), None),
        ("try", oslo(2027, 1, 11, 10, 30), oslo(2027, 1, 12, 8)),
    ],
)
def test_putting_off(kind: ReminderKind, now: datetime, again: datetime | None) -> None:
    assert put_off(kind, meeting(oslo(2027, 1, 11, 9)), KARI, now) == again


def test_putting_off_before_an_early_meeting() -> None:
    occasion = meeting(oslo(2027, 1, 12, 8))
    assert put_off("day_before", occasion, KARI, oslo(2027, 1, 11, 8)) == oslo(2027, 1, 11, 10)


# Every history


moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - the zone is drawn
    lambda moment: moment.replace(second=0, microsecond=0)
)
changes = st.sampled_from([datetime(2027, 3, 28), datetime(2027, 10, 31), datetime(2027, 3, 14)])  # noqa: DTZ001 - the zone is drawn
near_changes = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    changes,
    st.integers(-14 * 1440, 14 * 1440),
)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
quiets = st.none() | st.builds(Quiet, clocks, clocks)


@st.composite
def people(draw: st.DrawFn) -> Recipient:
    opens, closes = sorted(draw(st.lists(clocks, min_size=2, max_size=2, unique=True)))
    return Recipient(
        draw(st.sampled_from(ZONES)),
        opens,
        closes,
        draw(st.none() | st.dates(date(2027, 1, 1), date(2027, 12, 31))),
        draw(st.frozensets(st.sampled_from(KINDS), max_size=2)),
    )


@st.composite
def occasions(draw: st.DrawFn) -> Occasion:
    zone = draw(st.sampled_from(ZONES))
    starts = draw(moments | near_changes).replace(tzinfo=zone)
    length = timedelta(minutes=draw(st.integers(15, 240)))
    return Occasion(starts, starts + length, zone, draw(quiets))


@given(
    st.sampled_from(KINDS),
    occasions(),
    people(),
    st.integers(-20 * 1440, 40 * 1440),
    st.lists(st.sampled_from([*KINDS, "news"]), max_size=3),
)
def test_every_decision_keeps_every_rule(
    kind: ReminderKind, occasion: Occasion, person: Recipient, minutes: int, today: list[Unasked]
) -> None:
    now = occasion.starts.astimezone(UTC) + timedelta(minutes=minutes)
    serves = window(kind, occasion, person)
    match decide(kind, occasion, person, now, today):
        case Send():
            assert fits(kind, today)
            assert now in moments_allowed(kind, occasion, person)
        case Wait(until):
            assert until > now
            assert until in moments_allowed(kind, occasion, person)
            assert decide(kind, occasion, person, until) == Send()
            if until - now > timedelta(minutes=1) and now >= serves.opens and not today:
                assert now not in moments_allowed(kind, occasion, person)
        case Drop("off"):
            assert kind in person.off
        case Drop("late"):
            assert now >= serves.closes
        case Drop("crowded"):
            assert not fits(kind, today)


class moments_allowed:  # noqa: N801 - reads as a set
    """The rules once more, minute by minute and without looking for the next free one."""

    def __init__(self, kind: ReminderKind, occasion: Occasion, person: Recipient) -> None:
        self._kind, self._occasion, self._person = kind, occasion, person

    def __contains__(self, moment: datetime) -> bool:
        kind, person = self._kind, self._person
        serves = window(kind, self._occasion, person)
        here = moment.astimezone(person.zone)
        there = moment.astimezone(self._occasion.zone).time()
        at_work = is_working_day(here.date()) and person.opens <= here.time() < person.closes
        rested = is_working_day(here.date()) or here.weekday() >= 5
        quiet = self._occasion.quiet
        return (
            serves.opens <= moment < serves.closes
            and kind not in person.off
            and (person.paused_until is None or here.date() >= person.paused_until)
            and (quiet is None or there not in quiet)
            and (at_work or (kind == "soon" and rested))
        )


@given(st.sampled_from(KINDS), occasions(), people(), st.integers(-15 * 1440, 40 * 1440))
def test_putting_off_is_later_and_still_useful(
    kind: ReminderKind, occasion: Occasion, person: Recipient, minutes: int
) -> None:
    person = replace(person, off=frozenset())
    now = occasion.starts.astimezone(UTC) + timedelta(minutes=minutes)
    again = put_off(kind, occasion, person, now)
    if again is not None and again >= window(kind, occasion, person).opens:
        assert again > now
        assert again in moments_allowed(kind, occasion, person)


def woken(
    meetings: Collection[Occasion], person: Recipient, jumps: Iterator[timedelta]
) -> Iterator[tuple[datetime, ReminderKind, int, Occasion]]:
    """What a dispatcher sends to one person that is late now and then, by a week or more."""
    first = min(meeting.starts for meeting in meetings).astimezone(UTC) - timedelta(days=30)
    rows = [
        (max(first, window(kind, occasion, person).opens), at, kind, occasion)
        for at, occasion in enumerate(meetings)
        for kind in KINDS
    ]
    heapq.heapify(rows)
    now, today = first, defaultdict[date, list[Unasked]](list)
    while rows:
        due, at, kind, occasion = heapq.heappop(rows)
        now = max(now, due + next(jumps, timedelta()))
        day = now.astimezone(person.zone).date()
        match decide(kind, occasion, person, now, today[day]):
            case Send():
                today[day].append(kind)
                yield now, kind, at, occasion
            case Wait(until):
                heapq.heappush(rows, (until, at, kind, occasion))


@given(
    st.lists(occasions(), min_size=1, max_size=5),
    people(),
    st.lists(
        st.sampled_from([timedelta(), timedelta(hours=1), timedelta(days=7), timedelta(days=30)]),
        max_size=12,
    ),
)
def test_no_history_sends_too_much_too_early_or_twice(
    meetings: list[Occasion], person: Recipient, jumps: list[timedelta]
) -> None:
    sent = list(woken(meetings, person, iter(jumps)))

    assert set(Counter((kind, at) for _, kind, at, _ in sent).values()) <= {1}
    days = defaultdict[date, list[ReminderKind]](list)
    for now, kind, _, occasion in sent:
        serves = window(kind, occasion, person)
        assert serves.opens <= now < serves.closes
        days[now.astimezone(person.zone).date()].append(kind)
    for day, kinds in days.items():
        assert len([kind for kind in kinds if kind != "soon"]) <= 1, (day, kinds)
