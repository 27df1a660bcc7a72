"""Whom somebody shares a group with: by a seat alone, each once, and of no group by name."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.groups.colleagues import Colleague, can_be_asked, colleagues, share_one_group
from dialogs.groups.group import Gather, Group, Place, gathered
from dialogs.groups.reminders import Recipient, Unasked
from dialogs.groups.signup import Membership, Status
from dialogs.groups.working_hours import Quiet, QuietHours
from dialogs.sessions.method import Frame

OSLO = ZoneInfo("Europe/Oslo")
TEN = datetime(2027, 1, 12, 9, tzinfo=UTC)
"""Ten o'clock on a Tuesday in Oslo."""
AT_WORK, NO_QUIET = Recipient(OSLO), QuietHours(OSLO)


def group(name: str, *people: str, **in_line: Status) -> Group:
    event = Gather(
        at=TEN,
        by="anne",
        method="saksrunde",
        language="nb",
        timezone="Europe/Oslo",
        place=Place(name, {}),
    )
    seats = [Membership(each, each.title()) for each in people]
    seats += [Membership(each, each.title(), status) for each, status in in_line.items()]
    return replace(gathered(Frame(), event), name=name, members=tuple(seats))


def names(person: str, *groups: Group) -> list[str]:
    return [each.name for each in colleagues(person, groups)]


def test_each_once_however_many_groups_they_share() -> None:
    four = [group(f"group {n}", "kari", "ola", f"other{n}") for n in range(4)]

    found = colleagues("kari", four)
    assert [each.name for each in found] == ["Ola", "Other0", "Other1", "Other2", "Other3"]
    assert found[0] == Colleague("ola", "Ola", tuple(four))


def test_a_group_is_shared_by_seats_alone() -> None:
    waits = group("full", "ola", "siri", kari="waiting", per="asked")

    assert names("kari", waits) == [], "who waits for a seat does not learn who has one"
    assert names("ola", waits) == ["Siri"], "nor is who waits shown to those who have one"
    assert names("anne", waits) == [], "whoever leads has no seat"


def test_two_who_meet_share_a_group_with_each_other() -> None:
    both, ours = group("both", "kari", "ola", "siri"), group("ours", "kari", "per", "siri")
    known = colleagues("kari", [both, ours])

    assert share_one_group(known, ["ola", "siri"])
    assert share_one_group(known, ["per"])
    assert not share_one_group(known, ["ola", "per"])
    assert not share_one_group(known, ["ola", "whoever has left"])


def test_two_of_one_name_are_two() -> None:
    assert names("kari", group("g", "kari", "ola"), group("h", "kari", "ola2")) == ["Ola", "Ola2"]


@pytest.mark.parametrize(
    ("whom", "quiet"),
    [
        (replace(AT_WORK, paused_until=date(2027, 1, 13)), NO_QUIET),
        (replace(AT_WORK, off=frozenset(["colleague"])), NO_QUIET),
        (replace(AT_WORK, opens=time(11), closes=time(15)), NO_QUIET),
        (AT_WORK, QuietHours(OSLO, Quiet(time(9), time(11)))),
    ],
    ids=["away", "would rather not", "not at work", "quiet hours"],
)
def test_who_cannot_be_asked_now(whom: Recipient, quiet: QuietHours) -> None:
    assert can_be_asked(AT_WORK, [NO_QUIET], TEN)
    assert not can_be_asked(whom, [NO_QUIET, quiet], TEN)


def test_nobody_is_asked_more_than_three_times_a_day() -> None:
    twice: list[Unasked] = ["colleague", "news", "colleague"]
    assert can_be_asked(AT_WORK, [NO_QUIET], TEN, twice)
    assert not can_be_asked(AT_WORK, [NO_QUIET], TEN, [*twice, "colleague"])


def test_nobody_is_asked_on_a_day_off() -> None:
    assert not can_be_asked(AT_WORK, [NO_QUIET], TEN + timedelta(days=5))
    assert not can_be_asked(AT_WORK, [NO_QUIET], datetime(2027, 1, 1, 9, tzinfo=UTC))
