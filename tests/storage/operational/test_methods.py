"""Methods are kept for as long as a session goes by them, or a group has them."""

import asyncio
from datetime import date
from functools import partial

from dialogs.groups.group import Group
from storage.crypto.vault import Vault
from storage.operational.methods import KeptMethod
from storage.operational.retention import end
from storage.operational.store import Operational

MONDAY, TUESDAY = date(2027, 1, 11), date(2027, 1, 12)
BEFORE, AFTER = KeptMethod("coffee", '{"phases": 4}'), KeptMethod("coffee", '{"phases": 3}')
TEA = KeptMethod("tea", "{}")
CHAT = {"id": "19:chat"}


async def keep(operational: Operational, method: KeptMethod, day: date = MONDAY) -> None:
    async with operational.begin() as transaction:
        transaction.run(operational.methods.keep(method, day))


async def begin(operational: Operational, method: KeptMethod, group: str = "g") -> None:
    sessions = operational.sessions(Vault(bytes(32)))
    session = sessions.new(group, 1, {"id": f"19:{group}"}, method.digest, b"the beginning")
    async with operational.begin() as transaction:
        transaction.run(operational.methods.keep(method, MONDAY))
        transaction.run(sessions.add(session))


def group(method: str) -> Group:
    return Group(
        name="Lillevik",
        method=method,
        language="nb",
        timezone="Europe/Oslo",
        conversation=CHAT,
        place=CHAT["id"],
        facilitator="anne",
        size_min=4,
        size_max=8,
        created=MONDAY,
        used=MONDAY,
        retention=MONDAY,
    )


async def test_each_is_kept_once_and_the_last_of_an_id_comes_last(
    operational: Operational,
) -> None:
    for day, method in ((MONDAY, BEFORE), (MONDAY, AFTER), (MONDAY, AFTER), (TUESDAY, BEFORE)):
        await keep(operational, method, day)

    assert await operational.methods.all() == [AFTER, BEFORE]
    assert await operational.methods.get(AFTER.digest) == AFTER.definition
    assert await operational.methods.get(TEA.digest) is None


async def test_what_no_session_goes_by_and_no_group_has_is_forgotten(
    operational: Operational,
) -> None:
    await keep(operational, BEFORE)
    await begin(operational, AFTER)
    await keep(operational, TEA)
    await operational.methods.forget_unused()
    assert await operational.methods.all() == [AFTER]

    await keep(operational, TEA)
    async with operational.begin() as transaction:
        transaction.run(operational.groups.add(group("tea")))
        transaction.run(lambda c: end(c, "group", "g"))
    await operational.methods.forget_unused()
    assert await operational.methods.all() == [TEA]


async def test_a_session_that_begins_while_methods_are_forgotten_has_its_method(
    operational: Operational,
) -> None:
    for number in range(10):
        await keep(operational, AFTER)
        await asyncio.gather(
            begin(operational, AFTER, f"g{number}"), operational.methods.forget_unused()
        )
        assert await operational.methods.get(AFTER.digest)
        async with operational.begin() as transaction:
            transaction.run(partial(end, thing="group", name=f"g{number}"))


async def test_the_method_of_a_group_is_that_of_its_session_under_way(
    operational: Operational,
) -> None:
    sessions = operational.sessions(Vault(bytes(32)))
    await begin(operational, BEFORE)
    assert await sessions.method_of("g") == BEFORE.digest

    (session,) = await sessions.at("19:g")
    assert session.method == BEFORE.digest
    async with operational.begin() as transaction:
        transaction.run(sessions.save(session, b"the end", is_over=True))
    assert await sessions.method_of("g") is None
