"""What is shared for research is kept without a person, a time or an order."""

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, text

from storage.operational import Operational
from storage.shared_texts import SharedText
from storage.vault import Vault

UNTIL = date(2032, 6, 30)


def said(number: int, group: str = "7KX2M9QA", role: str | None = None) -> SharedText:
    return SharedText(group, "reflection", "alternatives", f"I try number {number}", role, 3)


async def share(operational: Operational, texts: Sequence[SharedText], until: date = UNTIL) -> None:
    async with operational.begin() as transaction:
        transaction.also(operational.shared_texts.share(texts, until))


async def stored(operational: Operational, columns: str, order: str) -> list[tuple[object, ...]]:
    def work(connection: Connection) -> list[tuple[object, ...]]:
        found = connection.execute(text(f"SELECT {columns} FROM shared_text ORDER BY {order}"))
        return [tuple(row) for row in found]

    return await operational._database.read(work)


async def test_what_is_shared_comes_back(operational: Operational) -> None:
    texts = [said(1), said(2, role="adviser"), SharedText("G", "m", "p", "Æ\n«ø» 🦊")]
    for one in texts:
        await share(operational, [one])

    assert sorted(await operational.shared_texts.all(), key=lambda t: t.text) == sorted(
        texts, key=lambda t: t.text
    )


async def test_nothing_is_shared(operational: Operational) -> None:
    await share(operational, [])

    assert await operational.shared_texts.all() == []


async def test_it_is_all_or_nothing_with_the_rest_of_the_transaction(
    operational: Operational,
) -> None:
    try:
        async with operational.begin() as transaction:
            transaction.also(operational.shared_texts.share([said(1)], UNTIL))
            transaction.also(lambda _: 1 / 0)
    except ZeroDivisionError:
        pass

    assert await operational.shared_texts.all() == []


async def test_no_order_is_kept(operational: Operational, database_kind: str) -> None:
    for number in range(40):
        await share(operational, [said(number)])
    await share(operational, [said(100, group="other")])

    by_id = [one.text for one in await operational.shared_texts.all() if one.group != "other"]
    as_shared = [f"I try number {number}" for number in range(40)]
    assert by_id != as_shared
    if database_kind == "postgres":
        lying = await stored(operational, "text, xmin::text", "ctid")
        assert [one for one, _ in lying[:-1]] != as_shared
        assert len({transaction for _, transaction in lying[:-1]}) == 1  # the group's last
    else:
        (table,) = await operational._database.read(
            lambda c: c.scalars(
                text("SELECT sql FROM sqlite_master WHERE name = 'shared_text'")
            ).all()
        )
        assert "WITHOUT ROWID" in table


async def test_those_who_share_at_once_are_all_heard(operational: Operational) -> None:
    await asyncio.gather(*(share(operational, [said(number)]) for number in range(30)))

    assert len(await operational.shared_texts.all()) == 30


async def test_texts_are_kept_until_their_day(operational: Operational) -> None:
    await share(operational, [said(1)])
    await share(operational, [said(2, group="later")], date(2032, 7, 1))

    forget = operational.shared_texts.forget

    assert await forget(UNTIL) == 0
    assert await forget(date(2032, 7, 1)) == 1
    assert [one.group for one in await operational.shared_texts.all()] == ["later"]
    assert await forget(date(2032, 7, 2)) == 1
    assert await operational.shared_texts.all() == []


async def test_the_table_has_no_person_and_no_moment(operational: Operational) -> None:
    await share(operational, [said(1)])
    (row,) = await stored(
        operational, 'id, "group", method, phase, role, role_holders, text, keep_until', "id"
    )
    (everything,) = await stored(operational, "*", "id")

    assert sorted(map(str, row)) == sorted(map(str, everything))


def test_a_label_says_nothing_without_the_servers_key() -> None:
    vault, other = Vault(bytes(32)), Vault(bytes(31) + b"1")
    labels = {vault.label(f"group {number}") for number in range(1000)}

    assert len(labels) == 1000
    assert vault.label("group 1") == Vault(bytes(32)).label("group 1")
    assert vault.label("group 1") != other.label("group 1")
    assert all(len(label) == 8 and label[0].isalpha() for label in labels)
