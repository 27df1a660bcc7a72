"""When a questionnaire of a group's meetings is asked, and of whom: whatever the meetings are."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dialogs import retention
from dialogs.groups.group import (
    AddMeeting,
    Gather,
    Gone,
    Group,
    Meeting,
    Place,
    PlanReminders,
    Refused,
    Rename,
    Tie,
    gathered,
    step,
)
from dialogs.groups.reminders import (
    ASKED_WITHIN,
    INVITED_BEFORE,
    Recipient,
    Send,
    decide,
    not_twice,
    of_meetings,
    of_series,
    window,
)
from dialogs.groups.signup import Membership
from dialogs.sessions.method import Frame
from dialogs.studies.questionnaire import Questionnaire
from tests.support.questionnaires import AFTER, BEFORE

OSLO = ZoneInfo("Europe/Oslo")
FORMS = (BEFORE, AFTER)
FIRST = datetime(2027, 1, 14, 8, tzinfo=UTC)
DAY = timedelta(days=1)
WEEKS = tuple(Meeting(n, FIRST + n * 14 * DAY, 90) for n in range(3))


def a_group(meetings: tuple[Meeting, ...] = WEEKS, *members: Membership) -> Group:
    gather = Gather(
        at=FIRST - 9 * DAY,
        by="anne",
        method="guidance",
        language="nb",
        timezone="Europe/Oslo",
        place=Place("19:chat", {}),
    )
    there = members or (Membership("kari", "Kari"), Membership("siri", "Siri", "waiting"))
    return replace(gathered(Frame(), gather), meetings=meetings, members=there)


def asked(
    group: Group, *forms: Questionnaire, is_meeting: bool = False
) -> list[tuple[str, str, int]]:
    """Who is asked which form, and by which meeting."""
    series = of_series(group, forms or FORMS, is_meeting=is_meeting)
    return [(each.person, each.occasion, meeting.number) for each, meeting, _ in series]


def test_the_one_before_hangs_on_the_first_meeting_and_the_one_after_on_the_last() -> None:
    assert asked(a_group()) == [("kari", BEFORE.id, 0), ("kari", AFTER.id, 2)]
    assert asked(a_group(), AFTER) == [("kari", AFTER.id, 2)]
    assert asked(a_group(())) == []


def test_a_meeting_that_is_called_off_is_neither_the_first_nor_the_last() -> None:
    first, second, third = WEEKS
    off = replace(first, state="cancelled"), second, replace(third, state="cancelled")
    assert asked(a_group(off)) == [("kari", BEFORE.id, 1), ("kari", AFTER.id, 1)]


def test_once_they_have_met_there_is_no_before_and_no_after_while_they_meet() -> None:
    met = a_group((replace(WEEKS[0], state="held"), *WEEKS[1:]))
    assert asked(met) == [("kari", AFTER.id, 2)]
    assert asked(met, is_meeting=True) == []


def test_who_came_after_the_last_meeting_is_not_asked_of_it() -> None:
    late = Membership("ola", "Ola", since=WEEKS[-1].ends_at + DAY)
    there = Membership("eva", "Eva", since=WEEKS[-1].starts_at)
    group = a_group(WEEKS, late, there)
    assert asked(group, AFTER) == [("eva", AFTER.id, 2)]
    assert asked(group, BEFORE) == [("eva", BEFORE.id, 0), ("ola", BEFORE.id, 0)]


def test_it_is_no_reminder_of_a_single_meeting() -> None:
    told = of_meetings(a_group(), has_form=True, is_meeting=False)
    assert "questionnaire" not in {each.kind for each in told}


def test_whoever_is_in_two_groups_or_whose_meeting_moves_is_asked_once() -> None:
    moved = (replace(WEEKS[0], starts_at=FIRST + 5 * DAY), *WEEKS[1:])
    keys = {
        not_twice(reminder, occasion, Recipient(OSLO))
        for group in (a_group(), replace(a_group(moved), id="another"))
        for reminder, _, occasion in of_series(group, FORMS, is_meeting=False)
    }
    assert keys == {f"questionnaire/{form.id}" for form in FORMS}


meetings = st.lists(
    st.builds(
        Meeting,
        st.integers(1, 9),
        st.integers(0, 90 * 24 * 4).map(lambda quarters: FIRST + quarters * timedelta(minutes=15)),
        st.integers(15, 240),
        state=st.sampled_from(["planned", "held", "cancelled"]),
    ),
    max_size=5,
    unique_by=lambda meeting: meeting.starts_at,
).map(tuple)
zones = st.sampled_from([OSLO, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati")])
pauses = st.none() | st.dates(date(2027, 1, 1), date(2027, 5, 1))


@given(meetings, st.builds(Recipient, zones, paused_until=pauses), st.integers(-30 * 24, 130 * 24))
def test_whatever_the_meetings_are_it_is_asked_before_or_after_all_of_them(
    made: tuple[Meeting, ...], person: Recipient, hours: int
) -> None:
    now, group = FIRST + timedelta(hours=hours), a_group(made)
    there = [meeting for meeting in made if meeting.state != "cancelled"]
    found = [*of_series(group, FORMS, is_meeting=False)]

    assert len({(each.person, each.occasion) for each, _, _ in found}) == len(found)
    assert {each.person for each, _, _ in found} <= {"kari"}
    for reminder, _, occasion in found:
        serves = window(reminder.kind, occasion, person)
        begins = min(meeting.starts_at for meeting in there)
        over = max(there, key=lambda meeting: meeting.starts_at).ends_at
        if reminder.occasion == BEFORE.id:
            assert begins - INVITED_BEFORE - DAY < serves.opens < serves.closes == begins
        else:
            assert over <= serves.opens < serves.closes == over + ASKED_WITHIN
        if decide(reminder.kind, occasion, person, now) == Send():
            assert serves.opens <= now < serves.closes
            assert person.paused_until is None or now.astimezone(person.zone).date() >= (
                person.paused_until
            )
        off = replace(person, off=frozenset({"questionnaire"}))
        assert decide(reminder.kind, occasion, off, now) != Send()


def test_what_was_told_is_known_for_as_long_as_it_could_be_told_again() -> None:
    assert ASKED_WITHIN < retention.TOLD
    assert INVITED_BEFORE < retention.TOLD


def test_a_questionnaire_is_tied_before_they_meet_and_untied_at_any_time() -> None:
    def play(group: Group, study: str | None, at: datetime) -> tuple[str | None, bool, bool]:
        changed, effects = step(Frame(), group, Tie(at=at, questionnaire=study))
        return changed.questionnaire, Refused(Gone()) in effects, PlanReminders() in effects

    assert play(a_group(), BEFORE.id, FIRST - DAY) == (BEFORE.id, False, True)
    assert play(a_group(), BEFORE.id, FIRST + DAY) == (None, True, False)
    assert play(a_group(()), BEFORE.id, FIRST) == (None, True, False)
    tied = replace(a_group(), questionnaire=BEFORE.id)
    assert play(tied, None, FIRST + DAY) == (None, False, True)
    assert play(tied, BEFORE.id, FIRST - DAY) == (BEFORE.id, False, False)


def test_meetings_after_the_last_are_no_reason_to_ask_once_more() -> None:
    tied, over = replace(a_group(), questionnaire=BEFORE.id), WEEKS[-1].ends_at
    noon = (date(2027, 3, 1), time(12))

    def added(at: datetime) -> Group:
        return step(Frame(), tied, AddMeeting(at=at, by="anne", to=noon))[0]

    during, after = added(over - DAY), added(over)
    assert len(during.meetings) == len(after.meetings) == 4
    assert (during.questionnaire, after.questionnaire) == (BEFORE.id, None)
    called = step(Frame(), tied, Rename(at=over, name="Torsdager"))[0]
    assert called.questionnaire == BEFORE.id
