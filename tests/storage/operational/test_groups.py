"""What the groups promise, on both kinds of database."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from dialogs.groups.group import Group, Meeting
from dialogs.groups.signup import Membership
from storage.database import Stale, Write
from storage.operational.store import Operational

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
        used=NOW.date(),
        retention=date(2031, 6, 30),
        members=(KARI, OLA, SIRI),
        meetings=tuple(Meeting(n, NOW + n * 14 * DAY, 90) for n in (1, 2, 3)),
    )


async def do(operational: Operational, step: Write) -> None:
    async with operational.begin() as transaction:
        transaction.run(step)


async def added(operational: Operational, group: Group) -> Group:
    await do(operational, operational.groups.add(group))
    return group


async def read(operational: Operational, group: Group) -> Group:
    found = await operational.groups.get(group.id)
    assert found is not None
    return found


async def test_a_group_comes_back_as_it_was_given(operational: Operational) -> None:
    group = await added(operational, a_group())

    assert await read(operational, group) == group
    assert await operational.groups.get("another") is None
    assert group.joined == (KARI,)
    assert group.member("aad-siri") == SIRI
    assert group.member("aad-anne") is None


async def test_a_group_is_saved_whole(operational: Operational) -> None:
    group = await added(operational, a_group())
    first, second, third = group.meetings
    moved = replace(second, starts_at=second.starts_at + DAY, sequence=1)
    changed = replace(
        group,
        size_max=6,
        name="Onsdager",
        members=(SIRI, replace(OLA, status="joined", asked_until=None)),
        meetings=(first, moved, replace(third, state="cancelled")),
    )
    await do(operational, operational.groups.save(changed))

    found = await read(operational, group)
    assert found == replace(changed, version=1)
    assert found.planned == (first, moved)


async def test_a_group_can_lose_every_member_and_gain_a_meeting(operational: Operational) -> None:
    group = await added(operational, a_group())
    fourth = Meeting(4, NOW + 60 * DAY, 60)
    changed = replace(group, members=(), meetings=(*group.meetings, fourth))
    await do(operational, operational.groups.save(changed))

    found = await read(operational, group)
    assert (found.members, found.meetings[-1]) == ((), fourth)


async def test_what_was_read_before_another_saved_is_stale(operational: Operational) -> None:
    group = await added(operational, a_group())
    await do(operational, operational.groups.save(group))

    for step in (
        operational.groups.save(replace(group, members=())),
        operational.groups.destroy(group, NOW),
    ):
        with pytest.raises(Stale):
            await do(operational, step)
    assert (await read(operational, group)).members == group.members


async def test_of_many_who_save_at_once_each_is_counted(operational: Operational) -> None:
    group = await added(operational, replace(a_group(), members=(), meetings=()))

    async def join(name: str) -> None:
        while True:
            found = await read(operational, group)
            seated = replace(found, members=(*found.members, Membership(f"aad-{name}", name)))
            try:
                await do(operational, operational.groups.save(seated))
            except Stale:
                continue
            return

    await asyncio.gather(*(join(f"{n}") for n in range(8)))
    assert {m.name for m in (await read(operational, group)).members} == set("01234567")


async def test_only_one_living_group_belongs_to_a_place(operational: Operational) -> None:
    first = await added(operational, a_group())
    with pytest.raises(IntegrityError):
        await added(operational, a_group())

    ended = replace(first, state="ended")
    await do(operational, operational.groups.save(ended))
    second = await added(operational, a_group())
    assert await operational.groups.at_place(first.place) == [second]


async def test_groups_are_found_where_they_belong(operational: Operational) -> None:
    tuesday = await added(operational, a_group())
    monday = a_group(f"{CHANNEL};messageid=2", "Mandager")
    other = a_group("19:te_m@thread.tacv2;messageid=1", "Andre")
    for group in (monday, other):
        await added(operational, group)
    at_place = operational.groups.at_place

    assert await at_place(tuesday.place) == [tuesday]
    assert await at_place(CHANNEL) == [monday, tuesday]
    assert await at_place(f"{CHANNEL};messageid=3") == [monday, tuesday]
    assert await at_place("19:te_m@thread.tacv2") == [other]
    assert await at_place("19:tea") == []


async def test_groups_are_found_by_those_in_them(operational: Operational) -> None:
    group = await added(operational, a_group())
    ended = replace(a_group("19:chat", "Ferdig"), state="ended")
    await added(operational, ended)

    for member in (KARI, OLA, SIRI):
        assert await operational.groups.of_person(member.person) == [group]
    assert await operational.groups.of_person("aad-anne") == []
    assert await operational.groups.led_by("aad-anne") == [group]
    assert {g.id for g in await operational.groups.all()} == {group.id, ended.id}


async def test_the_next_meeting_is_the_first_that_has_not_begun(operational: Operational) -> None:
    group = await added(operational, a_group())
    first, second, third = group.meetings
    assert group.next_meeting(NOW) == first
    assert group.next_meeting(first.starts_at) == first
    assert group.next_meeting(third.starts_at + DAY) is None

    postponed = replace(first, starts_at=third.starts_at + DAY)
    changed = replace(group, meetings=(postponed, replace(second, state="cancelled"), third))
    assert changed.next_meeting(NOW) == third
    assert changed.meeting(first.id) == postponed
    assert changed.meeting("another") is None


async def test_a_meeting_that_was_held_stays_so(operational: Operational) -> None:
    group = await added(operational, a_group())
    first, second, _ = group.meetings
    await do(operational, operational.groups.hold(first.id))
    with pytest.raises(Stale):
        await do(operational, operational.groups.save(group))
    found = await read(operational, group)
    assert [m.state for m in found.meetings] == ["held", "planned", "planned"]

    cancelled = replace(second, state="cancelled")
    await do(
        operational,
        operational.groups.save(replace(found, meetings=(*found.meetings[:1], cancelled))),
    )
    before = await read(operational, group)
    for meeting in (first, second):
        await do(operational, operational.groups.hold(meeting.id))
    assert await read(operational, group) == before


async def test_the_card_is_found_again(operational: Operational) -> None:
    group = await added(operational, a_group())
    await do(operational, operational.groups.set_card(group.id, "1700000000001"))

    found = await read(operational, group)
    assert found == replace(group, card="1700000000001", version=1)


async def test_a_calendar_key_opens_one_meeting_or_all(operational: Operational) -> None:
    group = await added(operational, a_group())
    await added(operational, a_group("19:chat"))
    second = group.meetings[1]

    assert await operational.groups.with_calendar(second.calendar_key) == (group, (second,))
    whole = await operational.groups.with_calendar(group.calendar_key)
    assert whole == (group, group.meetings)
    assert await operational.groups.with_calendar("guessed") is None


async def test_keys_and_ids_cannot_be_guessed() -> None:
    groups = a_group(), a_group()
    keys = [key for c in groups for key in (c.id, c.calendar_key)]
    keys += [key for c in groups for m in c.meetings for key in (m.id, m.calendar_key)]
    assert len(set(keys)) == len(keys)
    assert min(map(len, keys)) >= 32


async def test_a_destroyed_group_leaves_nothing(operational: Operational) -> None:
    group, other = (
        await added(operational, a_group()),
        await added(operational, a_group("19:chat")),
    )
    await do(operational, operational.groups.destroy(group, NOW))

    assert await operational.groups.get(group.id) is None
    assert await operational.groups.of_person(KARI.person) == [other]
    assert await operational.groups.with_calendar(group.meetings[0].calendar_key) is None
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


async def test_groups_are_found_by_when_they_meet_and_when_they_pass(
    operational: Operational,
) -> None:
    group = await added(operational, a_group())
    last, groups = group.meetings[-1].starts_at, operational.groups

    assert await groups.that_met_since(last - DAY) == [group.id]
    assert await groups.that_met_since(last) == []
    assert await groups.past(group.retention) == []
    assert await groups.past(group.retention + DAY) == [(group.id, group.retention, group.zone)]


async def test_whom_a_questionnaire_asks_are_counted_once_over_all_its_groups(
    operational: Operational,
) -> None:
    one = replace(a_group(), questionnaire="skjema-before")
    two = replace(
        a_group("19:another", "Torsdager"),
        questionnaire="skjema-before",
        state="ended",
        members=(KARI, replace(KARI, person="aad-per"), SIRI),
    )
    other = replace(a_group("19:third"), members=(replace(KARI, person="aad-eva"),))
    for group in (one, two, other):
        await added(operational, group)

    assert await operational.groups.asked("skjema-before") == 2, "who has a seat, and each once"
    assert await operational.groups.asked("another") == 0
    assert (await read(operational, one)).questionnaire == "skjema-before"

    await do(operational, operational.groups.untie("skjema-before"))
    assert await operational.groups.asked("skjema-before") == 0
    with pytest.raises(Stale):
        await do(operational, operational.groups.save(one))
