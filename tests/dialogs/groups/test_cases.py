"""The queue of a panel: who gets a place, keeps it, loses it, and is told of what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.groups.cases import (
    MOST_CASES,
    MOST_OF_ONE,
    NOT_HELD,
    Bring,
    Bringing,
    Case,
    Closed,
    Effect,
    Event,
    Hear,
    Hurry,
    LookAgain,
    MoveTo,
    Notify,
    NotThen,
    Queue,
    Rearrange,
    Refused,
    TellHow,
    Told,
    WasHeard,
    Withdraw,
    brought_to,
    find,
    step,
    waiting,
)
from dialogs.groups.group import Gather, Group, Meeting, Place, gathered
from dialogs.groups.reminders import of_cases
from dialogs.groups.signup import Membership
from dialogs.retention import CASE_HEARD
from dialogs.sessions.method import Frame

FIRST = datetime(2027, 1, 14, 8, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = FIRST - 9 * DAY
MEETINGS = tuple(Meeting(n, FIRST + n * 14 * DAY, 45, id=f"m{n}") for n in range(2))


def a_panel(*meetings: Meeting) -> Group:
    gather = Gather(
        at=NOW,
        by="anne",
        method="forum",
        language="nb",
        timezone="Europe/Oslo",
        place=Place("19:channel", {}),
    )
    group = gathered(Frame(), gather)
    return replace(group, meetings=meetings or MEETINGS, members=(Membership("kari", "Kari"),))


PANEL = a_panel()


def a_case(person: str, hurry: Hurry = "soon", minutes: int = 0, ident: str = "") -> Case:
    came = NOW + timedelta(minutes=minutes)
    return Case(id=ident or person, person=person, question="Hva nå?", hurry=hurry, came=came)


def after(*events: Event, group: Group = PANEL, cases: Queue = ()) -> tuple[Queue, list[Effect]]:
    """The queue after all of them, and what followed from the last."""
    effects: list[Effect] = []
    for event in events:
        cases, effects = step(group, cases, event)
    return cases, effects


def brought(*cases: Case, group: Group = PANEL) -> Queue:
    return after(*(Bring(NOW, case) for case in cases), group=group)[0]


def places(cases: Queue) -> dict[str, str]:
    return {case.id: case.meeting for case in cases}


def news(effects: list[Effect]) -> list[tuple[str, str]]:
    return [(each.case.id, each.news) for each in effects if isinstance(each, Notify)]


THREE = brought(a_case("ola"), a_case("siri", minutes=1), a_case("per", minutes=2))


def test_who_comes_first_is_placed_first_and_sees_it_without_being_told() -> None:
    assert places(THREE) == {"ola": "m0", "siri": "m1", "per": ""}
    _, effects = after(Bring(NOW, a_case("ola")))
    assert [type(each) for each in effects] == [LookAgain]
    assert effects == [LookAgain(replace(a_case("ola"), meeting="m0"), FIRST + NOT_HELD)]


def test_a_place_that_is_free_goes_to_who_is_in_most_of_a_hurry() -> None:
    more = brought(*THREE, a_case("liv", "urgent", 3), a_case("dag", "can_wait", -9))
    left, effects = after(Withdraw(NOW, "ola", "ola"), cases=more)
    assert places(left)["liv"] == "m0", "nobody who has a place has lost it before"
    assert news(effects) == [("liv", "placed")]
    assert [case.id for case in waiting(left)] == ["per", "dag"]


def test_brought_twice_it_is_one_and_there_is_an_end_to_them() -> None:
    assert after(Bring(NOW, a_case("ola")), cases=THREE) == (THREE, [])
    many = brought(*(a_case("ola", ident=f"o{n}") for n in range(MOST_OF_ONE)))
    assert after(Bring(NOW, a_case("ola", ident="x")), cases=many)[1] == [Refused("enough")]
    full = tuple(a_case(f"p{n}") for n in range(MOST_CASES))
    assert after(Bring(NOW, a_case("ola")), cases=full)[1] == [Refused("full")]
    ended = replace(PANEL, state="ended")
    assert after(Bring(NOW, a_case("ola")), group=ended)[1] == [Refused("gone")]


def test_the_owner_moves_to_what_is_free_and_whoever_leads_to_anything() -> None:
    two = brought(a_case("ola"))
    moved, effects = after(MoveTo(NOW, "ola", "ola", "m1"), cases=two)
    assert (places(moved), news(effects)) == ({"ola": "m1"}, [])
    assert after(MoveTo(NOW, "ola", "ola", "m1"), cases=moved) == (moved, [])
    assert after(MoveTo(NOW, "ola", "ola", "m1"), cases=THREE)[1] == [Refused("taken")]

    given, effects = after(MoveTo(NOW, "anne", "per", "m0"), cases=THREE)
    assert places(given) == {"ola": "", "siri": "m1", "per": "m0"}
    assert sorted(news(effects)) == [("ola", "waits"), ("per", "placed")]


@pytest.mark.parametrize(
    "event",
    [
        MoveTo(NOW, "per", "ola", "m1"),
        MoveTo(NOW, "ola", "ola", "nope"),
        MoveTo(NOW, "anne", "nope", "m1"),
        NotThen(NOW, "per", "ola", "m0"),
        NotThen(NOW, "per", "per", ""),
        Withdraw(NOW, "per", "ola"),
        Withdraw(NOW, "nobody"),
        TellHow(NOW, "ola", "ola", "Det gikk"),
        TellHow(NOW, "ola", "nope", "Det gikk"),
    ],
    ids=str,
)
def test_what_is_not_ones_own_or_not_there_changes_nothing(event: Event) -> None:
    assert after(event, cases=THREE) == (THREE, [Refused("gone")])


def test_who_cannot_come_waits_for_a_later_one() -> None:
    later, effects = after(NotThen(NOW, "ola", "ola", "m0"), cases=brought(a_case("ola")))
    assert (places(later), news(effects)) == ({"ola": "m1"}, [])
    again = after(NotThen(NOW, "ola", "ola", "m0"), cases=later)
    assert again == (later, [Refused("gone")]), "an old press moves it no further"
    last, _ = after(NotThen(NOW, "ola", "ola", "m1"), cases=later)
    assert places(last) == {"ola": ""}


def test_a_meeting_that_moves_keeps_its_case_and_one_that_is_called_off_gives_it_back() -> None:
    moved = replace(MEETINGS[0], starts_at=FIRST + DAY, sequence=1)
    cases, effects = after(Rearrange(NOW), group=a_panel(moved, MEETINGS[1]), cases=THREE)
    assert (places(cases)["ola"], news(effects)) == ("m0", [("ola", "moved")])
    assert any(e == LookAgain(cases[0], FIRST + DAY + NOT_HELD) for e in effects)

    off = replace(MEETINGS[0], state="cancelled", sequence=1)
    cases, effects = after(Rearrange(NOW), group=a_panel(off, MEETINGS[1]), cases=THREE)
    assert (places(cases)["ola"], news(effects)) == ("", [("ola", "waits")])


def test_a_meeting_that_was_never_held_gives_its_case_back_a_day_later() -> None:
    soon = FIRST + NOT_HELD - timedelta(seconds=1)
    assert places(after(Rearrange(soon), cases=THREE)[0])["ola"] == "m0"
    three = a_panel(*MEETINGS, Meeting(3, FIRST + 40 * DAY, 45, id="m3"))
    cases, effects = after(Rearrange(FIRST + NOT_HELD), group=three, cases=THREE)
    assert places(cases) == {"ola": "m3", "siri": "m1", "per": ""}
    assert news(effects) == [("ola", "placed")]
    held = a_panel(replace(MEETINGS[0], state="held"), MEETINGS[1])
    assert places(after(Rearrange(FIRST + 9 * DAY), group=held, cases=THREE)[0])["ola"] == "m0"


HELD = a_panel(replace(MEETINGS[0], state="held"), MEETINGS[1])
OVER = FIRST + timedelta(hours=1)
WEEKS = timedelta(weeks=4)


def test_of_what_was_heard_only_that_it_was_is_left_and_its_owner_is_asked() -> None:
    cases, effects = after(Hear(OVER, "ola", WEEKS, "s"), group=HELD, cases=THREE)
    heard = find(cases, "ola")
    assert heard
    assert (heard.question, heard.meeting, heard.heard) == ("", "", OVER.date())
    assert heard.until == (OVER + WEEKS + CASE_HEARD).date()
    assert effects == [WasHeard(heard, OVER + WEEKS, "s")]

    told, effects = after(TellHow(NOW, "ola", "ola", "Det gikk"), group=HELD, cases=cases)
    assert [type(each) for each in effects] == [Bringing]
    assert after(TellHow(NOW, "ola", "ola", "Igjen"), cases=told)[1] == [Refused("gone")]
    assert places(after(Told(NOW, "ola"), cases=told)[0]) == {"siri": "m1", "per": ""}
    assert places(after(TellHow(NOW, "ola", "ola"), cases=cases)[0]) == {"siri": "m1", "per": ""}


def test_who_was_not_heard_waits_again() -> None:
    for owner in ("kari", None):
        cases, effects = after(Hear(OVER, owner, WEEKS), group=HELD, cases=THREE)
        assert (places(cases)["ola"], news(effects)) == ("", [("ola", "waits")])


def test_a_panel_that_ends_tells_each_owner_once_and_keeps_nothing() -> None:
    two = (*THREE, a_case("ola", ident="second"))
    ended = replace(PANEL, state="ended")
    cases, effects = after(Rearrange(NOW), group=ended, cases=two)
    assert cases == ()
    assert effects == [Closed("ola"), Closed("per"), Closed("siri")]


def test_the_meeting_that_begins_knows_the_question_that_is_for_it() -> None:
    assert brought_to(PANEL, THREE, FIRST) == {"ola": "Hva nå?"}
    assert brought_to(PANEL, THREE, NOW) == {}


def test_who_has_no_seat_is_reminded_of_their_place() -> None:
    mine = brought(a_case("kari"), a_case("ola", minutes=1), a_case("per", minutes=2))
    kinds = [(each.kind, each.person, meeting.id) for each, meeting in of_cases(PANEL, mine)]
    assert kinds == [("day_before", "ola", "m1"), ("soon", "ola", "m1")]
    held = a_panel(MEETINGS[0], replace(MEETINGS[1], state="held"))
    assert [*of_cases(held, mine)] == []
