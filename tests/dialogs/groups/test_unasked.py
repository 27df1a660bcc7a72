"""What is said unasked: of what, to whom, and at which hours."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.groups.appointments import (
    Ask,
    Begin,
    CallOff,
    Choice,
    Close,
    Set,
    Slot,
    TakeBack,
    Times,
    step,
    told,
)
from dialogs.groups.appointments import Notify as News
from dialogs.groups.group import Gather, Group, Meeting, Place, gathered
from dialogs.groups.reminders import (
    Drop,
    Occasion,
    Recipient,
    Reminder,
    ReminderKind,
    Send,
    Unasked,
    Urgency,
    Wait,
    not_twice,
    of_meetings,
    of_times,
    tell,
)
from dialogs.groups.signup import Membership
from dialogs.groups.working_hours import Hours, Quiet, QuietHours, WorkingHours, last_working
from dialogs.sessions.method import Frame

OSLO = ZoneInfo("Europe/Oslo")
KARI = Recipient(OSLO)
NO_QUIET = QuietHours(OSLO)
FIRST = datetime(2027, 1, 12, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def oslo(day: int, hour: int, minute: int = 0) -> datetime:
    """In January 2027; the fourth is a Monday."""
    return datetime(2027, 1, day, hour, minute, tzinfo=OSLO)


# --- At which hours -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "now", "today", "decision"),
    [
        ("now", oslo(9, 0, 30), ["try"], Send()),
        ("hours", oslo(5, 9), ["try"], Send()),
        ("hours", oslo(5, 22, 47), [], Wait(oslo(6, 8))),
        ("hours", oslo(9, 0, 30), [], Wait(oslo(11, 8))),
        ("room", oslo(5, 9), [], Send()),
        ("room", oslo(5, 9), ["soon"], Send()),
        ("room", oslo(5, 9), ["news"], Wait(oslo(6, 8))),
    ],
)
def test_only_what_cannot_wait_comes_at_any_hour(
    urgency: Urgency, now: datetime, today: Collection[Unasked], decision: Send | Wait
) -> None:
    assert tell(urgency, KARI, NO_QUIET, now, today=today) == decision


def test_what_is_of_no_use_any_more_is_let_go() -> None:
    ends = oslo(6, 7)

    assert tell("hours", KARI, NO_QUIET, oslo(5, 22), ends=ends) == Drop("no_time")
    assert tell("room", KARI, NO_QUIET, oslo(5, 9), ends=ends, today=["try"]) == Drop("crowded")


def test_news_keep_to_pauses_and_quiet_hours() -> None:
    away = replace(KARI, paused_until=date(2027, 1, 20))
    quiet = QuietHours(OSLO, Quiet(time(7), time(11)))

    assert tell("hours", away, NO_QUIET, oslo(5, 9)) == Wait(oslo(20, 8))
    assert tell("hours", KARI, quiet, oslo(5, 9)) == Wait(oslo(5, 11))
    assert (away.is_paused(oslo(5, 9)), KARI.is_paused(oslo(5, 9))) == (True, False)


def test_the_last_working_moment_before() -> None:
    hours = Hours(OSLO)

    assert last_working(oslo(5, 9), hours) == oslo(5, 9)
    assert last_working(oslo(5, 5), hours) == oslo(4, 16)
    assert last_working(oslo(4, 5), hours) == datetime(2026, 12, 31, 16, tzinfo=OSLO)
    assert last_working(oslo(5, 23), hours) == oslo(5, 16)


def test_a_break_leaves_as_much_working_time_as_there_was() -> None:
    hours = WorkingHours("Europe/Oslo")

    assert hours.worked(oslo(8, 15), oslo(11, 9)) == timedelta(hours=2)  # from a Friday to a Monday
    assert hours.worked(oslo(9, 9), oslo(10, 23)) == timedelta()
    assert hours.after(oslo(10, 22), timedelta(hours=2)) == oslo(11, 10)  # from a Sunday
    assert hours.after(oslo(5, 15), timedelta(hours=2)) == oslo(6, 9)
    assert hours.after(oslo(5, 22), timedelta()) == oslo(6, 8)
    assert hours.after(oslo(8, 22), timedelta()) == oslo(11, 8)


# --- Of a group's meetings ----------------------------------------------------------------------


def a_group(**more: object) -> Group:
    gather = Gather(
        at=FIRST - 9 * DAY,
        by="anne",
        method="guidance",
        language="nb",
        timezone="Europe/Oslo",
        place=Place("19:chat", {}),
    )
    members = Membership("kari", "Kari"), Membership("siri", "Siri", "waiting")
    meetings = tuple(Meeting(n, FIRST + n * 14 * DAY, 90) for n in range(2))
    made = replace(gathered(Frame(), gather), members=members, meetings=meetings)
    return replace(made, **more)  # type: ignore[arg-type] # tests name what they change


def heard(
    group: Group, person: str, *, has_form: bool = True, is_meeting: bool = False
) -> list[tuple[int, ReminderKind]]:
    """What somebody should hear, by the number of the meeting."""
    numbers = {meeting.id: meeting.number for meeting in group.meetings}
    wanted = of_meetings(group, has_form=has_form, is_meeting=is_meeting)
    return [(numbers[each.occasion], each.kind) for each in wanted if each.person == person]


def test_members_hear_of_every_meeting_and_who_leads_of_what_is_near() -> None:
    group = a_group()

    assert heard(group, "kari") == [
        *((0, kind) for kind in ("invitation", "log_form", "day_before", "soon", "try")),
        *((1, kind) for kind in ("invitation", "log_form", "day_before", "soon", "try", "used")),
    ]
    assert heard(group, "anne") == [(n, kind) for n in (0, 1) for kind in ("day_before", "soon")]
    assert heard(group, "siri") == []
    assert (0, "log_form") not in heard(group, "kari", has_form=False)


def test_of_a_meeting_under_way_nobody_hears_that_it_is_near() -> None:
    group = a_group()
    first = replace(group.meetings[0], state="held")  # from the beginning of its session on
    group = replace(group, meetings=(first, *group.meetings[1:]))
    told = heard(group, "kari", is_meeting=True)

    assert [kind for n, kind in told if n == 0] == []
    assert "soon" in {kind for _, kind in told}  # of the next one, however long this one takes
    assert "try" not in {kind for _, kind in told}


def test_of_a_meeting_that_was_held_they_hear_who_were_there() -> None:
    first, second = a_group().meetings
    late = Membership("ola", "Ola", since=first.ends_at + DAY)
    early = Membership("kari", "Kari", since=first.starts_at)
    group = a_group(members=(early, late), meetings=(replace(first, state="held"), second))

    assert [kind for number, kind in heard(group, "kari") if number == 0] == ["try"]
    assert [kind for number, kind in heard(group, "ola") if number == 0] == []


def test_of_a_cancelled_meeting_nobody_hears() -> None:
    first, second = a_group().meetings
    group = a_group(meetings=(first, replace(second, state="cancelled")))

    assert (0, "used") in heard(group, "kari")
    assert {number for number, _ in heard(group, "kari")} == {0}


# --- Of appointments ----------------------------------------------------------------------------

NINE = Slot("nine", FIRST, 60, 8)
CHOSEN = Times((NINE,), (Choice("kari", "Kari", "nine"), Choice("ola", "Ola", None)))


def test_who_has_chosen_a_time_is_reminded_of_it() -> None:
    assert [(each.person, each.kind) for each in of_times("offer", CHOSEN)] == [
        ("kari", "day_before"),
        ("kari", "soon"),
    ]


def test_who_did_not_do_it_themselves_is_told() -> None:
    own = Slot("own", FIRST, 60, 1, alone=True)
    for event, news in (
        (Ask("per", "Per"), [News("anne", "asked")]),
        (Set("ola", own), [News("ola", "set", own)]),
        (CallOff("nine"), [News("kari", "called_off", NINE)]),
        (CallOff("another"), []),
        (Close(), [News("kari", "called_off", NINE)]),
        (TakeBack(), [News("kari", "called_off", NINE), News("ola", "unanswered")]),
        (Begin(FIRST), [News("ola", "unanswered")]),
        (Begin(FIRST - DAY), []),
    ):
        after, _ = step(CHOSEN, event)
        assert [*told("anne", CHOSEN, after, event)] == news


# --- Not twice ----------------------------------------------------------------------------------


def test_a_meeting_that_moves_is_spoken_of_anew_where_that_helps() -> None:
    def key(kind: ReminderKind, starts: datetime) -> str:
        reminder = Reminder(kind, "meeting", "g", "m", "kari")
        return not_twice(reminder, Occasion(starts, starts, OSLO), KARI)

    hour = timedelta(hours=1)
    assert key("invitation", FIRST) == key("invitation", FIRST + DAY)
    assert key("log_form", FIRST) == key("log_form", FIRST + hour)
    assert key("log_form", FIRST) != key("log_form", FIRST + DAY)
    assert key("soon", FIRST) != key("soon", FIRST + hour)
