"""What somebody has chosen is kept, and a day gives its places away once, on both databases."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import Text, column, select, table

from dialogs.groups.group import Group
from dialogs.groups.reminders import Unasked
from dialogs.groups.working_hours import Quiet
from dialogs.retention import TOLD
from storage.database import Write
from storage.operational.preferences import Notified, Preferences, Room
from storage.operational.store import Operational

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2031, 3, 10)
KARI = "aad-kari"


@pytest_asyncio.fixture(autouse=True)
async def people(operational: Operational) -> None:
    async with operational.begin() as transaction:
        for person in (KARI, "aad-ola"):
            transaction.remember(person, f"29:{person}")


async def do(operational: Operational, step: Write) -> None:
    async with operational.begin() as transaction:
        transaction.run(step)


async def change(operational: Operational, how: Callable[[Preferences], Preferences]) -> None:
    await do(operational, operational.preferences.change(KARI, how))


def told(kind: Unasked, about: str = "", *, day: date = TODAY, person: str = KARI) -> Notified:
    return Notified(person, about or f"{kind}/{day}", kind, f"row of {about or kind}", day)


async def take(operational: Operational, *messages: Notified) -> list[Room]:
    return [await operational.preferences.take_room(message) for message in messages]


async def test_who_has_chosen_nothing_has_no_preferences(operational: Operational) -> None:
    assert await operational.preferences.of(KARI) == Preferences()
    assert await operational.preferences.of("a stranger") == Preferences()


async def test_what_was_chosen_is_kept_and_can_be_changed(operational: Operational) -> None:
    chosen = Preferences(TODAY, frozenset({"soon", "used"}), time(9, 30), time(15))
    await change(operational, lambda _: chosen)
    assert await operational.preferences.of(KARI) == chosen
    assert await operational.preferences.of("aad-ola") == Preferences()

    await change(operational, lambda old: replace(old, paused_until=None))
    assert await operational.preferences.of(KARI) == replace(chosen, paused_until=None)


async def test_changes_made_at_once_are_all_kept(operational: Operational) -> None:
    await asyncio.gather(
        change(operational, lambda old: replace(old, off=old.off | {"soon"})),
        change(operational, lambda old: replace(old, off=old.off | {"try"})),
        change(operational, lambda old: replace(old, paused_until=TODAY)),
    )
    found = await operational.preferences.of(KARI)
    # The first row of somebody has nothing yet to wait for but the person.
    assert found == Preferences(TODAY, frozenset({"soon", "try"}))


async def test_a_group_has_quiet_hours_until_it_is_gone(operational: Operational) -> None:
    group = Group(
        name="Tirsdager",
        method="veiledningsgruppe",
        language="nb",
        timezone="Europe/Oslo",
        conversation={},
        place="19:a",
        facilitator="aad-anne",
        size_min=4,
        size_max=8,
        created=TODAY,
        used=TODAY,
        retention=TODAY,
    )
    store = operational.preferences
    await do(operational, operational.groups.add(group))
    assert await store.quiet(group.id) is None
    for quiet in (Quiet(time(16), time(8)), None, Quiet(time(17), time(7, 30))):
        await do(operational, store.set_quiet(group.id, quiet))
        assert await store.quiet(group.id) == quiet

    await do(operational, operational.groups.destroy(group, NOW))
    assert await store.quiet(group.id) is None


async def test_a_day_has_room_for_one_and_for_another_just_before_a_meeting(
    operational: Operational,
) -> None:
    rooms = await take(operational, told("log_form"), told("try"), told("soon"), told("soon", "2"))
    assert rooms == ["taken", "full", "taken", "taken"]
    assert await operational.preferences.today(KARI, TODAY) == ["log_form", "soon", "soon"]
    tomorrow = TODAY + timedelta(days=1)
    assert await take(operational, told("try", day=tomorrow)) == ["taken"]
    assert await take(operational, told("try", person="aad-ola")) == ["taken"]


async def test_who_tries_again_has_its_place_and_another_comes_too_late(
    operational: Operational,
) -> None:
    first = told("log_form")
    assert await take(operational, first, first) == ["taken", "taken"]
    again = replace(first, message="planned anew", day=TODAY + timedelta(days=1))
    assert await take(operational, again) == ["told"]
    assert await operational.preferences.today(KARI, TODAY) == ["log_form"]


async def test_a_place_that_is_given_back_is_free(operational: Operational) -> None:
    for again in range(2):
        message = told("log_form", str(again))
        assert await take(operational, message, told("try")) == ["taken", "full"]
        await operational.preferences.give_back(message)
    assert await operational.preferences.today(KARI, TODAY) == []


async def test_news_always_have_room_and_take_that_of_others(operational: Operational) -> None:
    rooms = await take(operational, told("log_form"), told("news", "a"), told("news", "b"))
    assert rooms == ["taken"] * 3
    assert await take(operational, told("soon"), told("try")) == ["taken", "full"]


@pytest.mark.parametrize("kind", ["try", "notice"])
async def test_the_last_place_is_given_once(operational: Operational, kind: Unasked) -> None:
    await take(operational, told("soon", "before"))
    rooms = await asyncio.gather(
        *(operational.preferences.take_room(told(kind, str(n))) for n in range(8))
    )
    assert sorted(rooms) == ["full"] * 7 + ["taken"]


async def test_the_last_reminder_is_remembered_for_a_while(operational: Operational) -> None:
    store = operational.preferences
    assert await store.last_told(KARI) is None
    yesterday = TODAY - timedelta(days=1)
    await take(
        operational,
        told("soon", "today, first"),
        told("try", "today, last"),
        told("day_before", "yesterday", day=yesterday),
        told("news"),
        told("used", "hers", person="aad-ola"),
    )
    assert await store.last_told(KARI) == "today, last"

    await operational.retention.expire(NOW, TODAY + TOLD)
    assert await store.last_told(KARI) == "today, last"
    assert await store.today(KARI, yesterday) == []
    await operational.retention.expire(NOW, TODAY + TOLD + timedelta(days=1))
    assert await store.last_told(KARI) is None


async def test_of_an_occasion_that_is_over_only_its_day_is_known(operational: Operational) -> None:
    store = operational.preferences
    mine, other = "soon/slot/offer/a/2031-03-10T09:00", "soon/slot/offer/b/2031-03-10T13:00"
    await take(operational, told("soon", mine), told("soon", other))
    await do(operational, store.forget_about("offer", "b"))

    assert await store.today(KARI, TODAY) == ["soon", "soon"]
    assert await store.last_told(KARI) == told("soon", other).message
    assert await take(operational, told("soon", mine)) == ["taken"]


async def test_who_was_asked_by_a_colleague_is_counted_and_cannot_be_read(
    operational: Operational,
) -> None:
    """Beside a talk that began just then, an id would say who could not."""
    asked = told("colleague"), told("colleague", "another")
    assert await take(operational, *asked, asked[0]) == ["taken"] * 3
    assert await operational.preferences.today(KARI, TODAY) == ["colleague"] * 2
    assert await operational.preferences.today("aad-ola", TODAY) == []
    rows = select(table("told", column("person", Text)))
    people = await operational._database.read(lambda c: c.scalars(rows).all())
    assert len(people) == 2
    assert KARI not in people

    await operational.preferences.give_back(asked[1])
    assert await operational.preferences.today(KARI, TODAY) == ["colleague"]
    assert (await operational.retention.about(KARI, "a:kari"))["told.question"] == 1
    await do(operational, operational.retention.erase(KARI, "a:kari", NOW, stays=False))
    assert await operational.preferences.today(KARI, TODAY) == []
