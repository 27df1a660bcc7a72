"""What the groups promise, on both kinds of database."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Stale, Step
from storage.groups import Circle, Group, Meeting, Membership
from storage.operational import Operational

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CHANNEL = "19:team@thread.tacv2"
KARI = Membership("aad-kari", "Kari Eksempel")
OLA = Membership("aad-ola", "Ola Eksempel", "asked", NOW + DAY)
SIRI = Membership("aad-siri", "Siri Eksempel", "waiting")


def a_group(place: str = f"{CHANNEL};messageid=1", name: str = "Tirsdager") -> Group:
    return Group(
        name=name,
        method="veiledningsgruppe",
        language="nn",
        timezone="Europe/Oslo",
        conversation={"id": place, "service_url": "https://smba.example/emea/"},
        place=place,
        facilitator="aad-anne",
        size_min=4,
        size_max=8,
        created=NOW.date(),
        retention=date(2031, 6, 30),
    )


def a_circle(group: Group | None = None) -> Circle:
    meetings = tuple(Meeting(n, NOW + n * 14 * DAY, 90) for n in (1, 2, 3))
    return Circle(group or a_group(), (KARI, OLA, SIRI), meetings)


async def do(operational: Operational, step: Step) -> None:
    async with operational.begin() as transaction:
        transaction.also(step)


async def added(operational: Operational, circle: Circle) -> Circle:
    await do(operational, operational.groups.add(circle))
    return circle


async def read(operational: Operational, circle: Circle) -> Circle:
    found = await operational.groups.circle(circle.group.id)
    assert found is not None
    return found


async def test_a_circle_comes_back_as_it_was_given(operational: Operational) -> None:
    circle = await added(operational, a_circle())

    assert await read(operational, circle) == circle
    assert await operational.groups.circle("another") is None
    assert circle.joined == (KARI,)
    assert circle.member("aad-siri") == SIRI
    assert circle.member("aad-anne") is None


async def test_a_circle_is_saved_whole(operational: Operational) -> None:
    circle = await added(operational, a_circle())
    first, second, third = circle.meetings
    moved = replace(second, starts_at=second.starts_at + DAY, sequence=1)
    changed = replace(
        circle,
        group=replace(circle.group, size_max=6, name="Onsdager"),
        members=(SIRI, replace(OLA, standing="joined", asked_until=None)),
        meetings=(first, moved, replace(third, state="cancelled")),
    )
    await do(operational, operational.groups.save(changed))

    found = await read(operational, circle)
    assert found == replace(changed, group=replace(changed.group, version=1))
    assert found.planned == (first, moved)


async def test_a_circle_can_lose_every_member_and_gain_a_meeting(operational: Operational) -> None:
    circle = await added(operational, a_circle())
    fourth = Meeting(4, NOW + 60 * DAY, 60)
    changed = replace(circle, members=(), meetings=(*circle.meetings, fourth))
    await do(operational, operational.groups.save(changed))

    found = await read(operational, circle)
    assert (found.members, found.meetings[-1]) == ((), fourth)


async def test_what_was_read_before_another_saved_is_stale(operational: Operational) -> None:
    circle = await added(operational, a_circle())
    await do(operational, operational.groups.save(circle))

    for step in (
        operational.groups.save(replace(circle, members=())),
        operational.groups.destroy(circle),
    ):
        with pytest.raises(Stale):
            await do(operational, step)
    assert (await read(operational, circle)).members == circle.members


async def test_of_many_who_save_at_once_each_is_counted(operational: Operational) -> None:
    circle = await added(operational, Circle(a_group()))

    async def join(name: str) -> None:
        while True:
            found = await read(operational, circle)
            seated = replace(found, members=(*found.members, Membership(f"aad-{name}", name)))
            try:
                await do(operational, operational.groups.save(seated))
            except Stale:
                continue
            return

    await asyncio.gather(*(join(f"{n}") for n in range(8)))
    assert {m.name for m in (await read(operational, circle)).members} == set("01234567")


async def test_only_one_living_group_belongs_to_a_place(operational: Operational) -> None:
    first = await added(operational, a_circle())
    with pytest.raises(IntegrityError):
        await added(operational, a_circle())

    ended = replace(first, group=replace(first.group, state="ended"))
    await do(operational, operational.groups.save(ended))
    second = await added(operational, a_circle())
    assert await operational.groups.at_place(first.group.place) == [second.group]


async def test_groups_are_found_where_they_belong(operational: Operational) -> None:
    tuesday = (await added(operational, a_circle())).group
    monday = a_group(f"{CHANNEL};messageid=2", "Mandager")
    other = a_group("19:te_m@thread.tacv2;messageid=1", "Andre")
    for group in (monday, other):
        await added(operational, a_circle(group))
    at_place = operational.groups.at_place

    assert await at_place(tuesday.place) == [tuesday]
    assert await at_place(CHANNEL) == [monday, tuesday]
    assert await at_place(f"{CHANNEL};messageid=3") == [monday, tuesday]
    assert await at_place("19:te_m@thread.tacv2") == [other]
    assert await at_place("19:tea") == []


async def test_groups_are_found_by_those_in_them(operational: Operational) -> None:
    group = (await added(operational, a_circle())).group
    ended = replace(a_group("19:chat", "Ferdig"), state="ended")
    await added(operational, a_circle(ended))

    for member in (KARI, OLA, SIRI):
        assert await operational.groups.of_person(member.person) == [group]
    assert await operational.groups.of_person("aad-anne") == []
    assert await operational.groups.led_by("aad-anne") == [group]
    assert {g.id for g in await operational.groups.all()} == {group.id, ended.id}


async def test_the_next_meeting_is_the_first_that_has_not_begun(operational: Operational) -> None:
    circle = await added(operational, a_circle())
    first, second, third = circle.meetings
    assert circle.next_meeting(NOW) == first
    assert circle.next_meeting(first.starts_at) == first
    assert circle.next_meeting(third.starts_at + DAY) is None

    postponed = replace(first, starts_at=third.starts_at + DAY)
    changed = replace(circle, meetings=(postponed, replace(second, state="cancelled"), third))
    assert changed.next_meeting(NOW) == third
    assert changed.meeting(first.id) == postponed
    assert changed.meeting("another") is None


async def test_a_meeting_that_was_held_stays_so(operational: Operational) -> None:
    circle = await added(operational, a_circle())
    first, second, _ = circle.meetings
    await do(operational, operational.groups.hold(first.id))
    with pytest.raises(Stale):
        await do(operational, operational.groups.save(circle))
    found = await read(operational, circle)
    assert [m.state for m in found.meetings] == ["held", "planned", "planned"]

    cancelled = replace(second, state="cancelled")
    await do(
        operational,
        operational.groups.save(replace(found, meetings=(*found.meetings[:1], cancelled))),
    )
    before = await read(operational, circle)
    for meeting in (first, second):
        await do(operational, operational.groups.hold(meeting.id))
    assert await read(operational, circle) == before


async def test_the_card_is_found_again(operational: Operational) -> None:
    circle = await added(operational, a_circle())
    await do(operational, operational.groups.set_card(circle.group.id, "1700000000001"))

    found = await read(operational, circle)
    assert found.group == replace(circle.group, card="1700000000001", version=1)


async def test_a_calendar_key_opens_one_meeting_or_all(operational: Operational) -> None:
    circle = await added(operational, a_circle())
    await added(operational, a_circle(a_group("19:chat")))
    second = circle.meetings[1]

    assert await operational.groups.with_calendar(second.calendar_key) == (circle, (second,))
    whole = await operational.groups.with_calendar(circle.group.calendar_key)
    assert whole == (circle, circle.meetings)
    assert await operational.groups.with_calendar("guessed") is None


async def test_keys_and_ids_cannot_be_guessed() -> None:
    circles = a_circle(), a_circle()
    keys = [key for c in circles for key in (c.group.id, c.group.calendar_key)]
    keys += [key for c in circles for m in c.meetings for key in (m.id, m.calendar_key)]
    assert len(set(keys)) == len(keys)
    assert min(map(len, keys)) >= 32


async def test_a_destroyed_group_leaves_nothing(operational: Operational) -> None:
    circle, other = (
        await added(operational, a_circle()),
        await added(operational, a_circle(a_group("19:chat"))),
    )
    await do(operational, operational.groups.destroy(circle))

    assert await operational.groups.circle(circle.group.id) is None
    assert await operational.groups.of_person(KARI.person) == [other.group]
    assert await operational.groups.with_calendar(circle.meetings[0].calendar_key) is None
    assert await read(operational, other) == other


async def test_leaders_are_listed_for_an_office(operational: Operational) -> None:
    groups = operational.groups
    for _ in range(2):
        await do(operational, groups.list_leader("aad-anne", CHANNEL))
    assert await groups.leads("aad-anne", {CHANNEL, "19:another"})
    assert not await groups.leads("aad-anne", {"19:another"})
    assert not await groups.leads("aad-kari", {CHANNEL})

    await do(operational, groups.unlist_leader("aad-anne", CHANNEL))
    assert not await groups.leads("aad-anne", {CHANNEL})
