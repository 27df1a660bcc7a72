"""What the outbox promises, on both kinds of database."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Executable, event, select, text

from dialogs.retention import SENT
from storage.crypto.vault import Vault
from storage.database import Stale
from storage.operational.outbox import (
    _BACKLOG,
    _EXPIRED,
    _NEXT,
    _OUTBOX,
    INTERRUPTED,
    Backlog,
    Claimed,
    Late,
    Outbox,
    OutboxMessage,
)
from storage.operational.store import Operational, Redelivered
from tests.support.databases import NewDatabase

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
CHAT = {"id": "a:1"}


def message(
    key: str, due_at: datetime = NOW, expires_at: datetime | None = None, *, is_bulk: bool = False
) -> OutboxMessage:
    return OutboxMessage(key, "reminder", CHAT, {"for": key}, due_at, expires_at, is_bulk)


async def put(operational: Operational, *messages: OutboxMessage) -> None:
    async with operational.begin() as transaction:
        transaction.enqueue_all(messages)


async def take(outbox: Outbox, now: datetime = NOW) -> Claimed:
    (claimed,) = await outbox.claim(10, now, LEASE)
    return claimed


async def claim(
    operational: Operational, now: datetime = NOW, at_most: int = 10, *, is_bulk: bool = False
) -> list[str]:
    claimed = await operational.outbox.claim(at_most, now, LEASE, is_bulk=is_bulk)
    return [each.payload["for"] for each in claimed]


async def parked(operational: Operational) -> list[tuple[str, str]]:
    """The keys, which the outbox itself does not know, and the reasons."""
    rows = await operational._database.read(
        lambda c: c.execute(text("SELECT id, payload FROM outbox")).all()
    )
    keys = {row.id: json.loads(row.payload).get("for", "") for row in rows}
    return [(keys[each.id], each.reason) for each in await operational.outbox.parked()]


async def test_a_key_leaves_no_id_and_what_is_settled_no_hour(operational: Operational) -> None:
    await operational.use(Vault(bytes(32)))
    late = message("late:aad-1", NOW - LEASE, NOW)
    await put(operational, message("sent:aad-1"), late)
    await operational.outbox.drop_expired(NOW)
    await operational.outbox.finish(await take(operational.outbox))

    rows = await operational._database.read(
        lambda c: c.execute(select(_OUTBOX.c.key, _OUTBOX.c.due_at)).all()
    )
    assert {row.due_at for row in rows} == {datetime(2031, 3, 10, tzinfo=UTC)}
    assert "aad-1" not in str(rows)


async def test_a_key_is_known_again_by_the_next_process_and_under_the_next_key(
    new_database: NewDatabase,
) -> None:
    url = await new_database()
    for keys in ((bytes(32),), (b"n" * 32, bytes(32)), (b"n" * 32,)):
        operational = await Operational.open(url)
        if len(keys) == 2:
            await operational.server_key.rotate(Vault(*keys))
        await operational.use(Vault(*keys))
        await put(operational, message("once"))
        with suppress(Redelivered):
            async with operational.once("chat", "1", NOW):
                pass
        await operational.close()

    operational = await Operational.open(url)
    counts = await operational._database.read(
        lambda c: [c.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("outbox", "seen")]
    )
    await operational.close()
    assert counts == [1, 1]


async def expire(operational: Operational, now: datetime) -> None:
    await operational.retention.expire(now, now.date())


async def test_what_is_parked_is_forgotten_in_the_end(operational: Operational) -> None:
    await put(operational, message("blocked"))
    await operational.outbox.park(await take(operational.outbox), "ConversationBlockedByUser")
    await expire(operational, NOW + SENT)
    assert len(await operational.outbox.parked()) == 1
    await expire(operational, NOW + SENT + timedelta(days=1))
    assert await operational.outbox.parked() == []


async def test_what_is_due_is_claimed_once_the_longest_due_first(operational: Operational) -> None:
    await put(operational, message("b"), message("a", NOW - LEASE), message("later", NOW + LEASE))

    assert await claim(operational) == ["a", "b"]
    assert await claim(operational) == []
    assert sorted(await claim(operational, NOW + LEASE)) == ["a", "b", "later"]


async def test_each_lane_has_its_own(operational: Operational) -> None:
    await put(operational, message("one of many", NOW - LEASE, is_bulk=True), message("a"))

    assert await claim(operational) == ["a"]
    assert await claim(operational, is_bulk=True) == ["one of many"]


async def test_a_key_is_sent_once(operational: Operational) -> None:
    await put(operational, message("a"), message("a"))
    await put(operational, message("a"))
    await operational.outbox.finish(await take(operational.outbox))
    await put(operational, message("a"))

    assert await claim(operational, NOW + LEASE) == []
    await expire(operational, NOW + SENT + timedelta(days=1))
    await put(operational, message("a"))
    assert await claim(operational) == ["a"]


@pytest.mark.parametrize("end", ["sent", "expired"])
async def test_of_what_is_done_with_neither_place_nor_content_is_kept(
    operational: Operational, end: str
) -> None:
    await put(operational, replace(message("a"), expires_at=NOW + LEASE))
    if end == "sent":
        await operational.outbox.finish(await take(operational.outbox))
    else:
        await operational.outbox.drop_expired(NOW + LEASE)

    def row(connection: Connection) -> tuple[str, ...]:
        return tuple(connection.execute(text("SELECT conversation, payload FROM outbox")).one())

    assert [json.loads(each) for each in await operational._database.read(row)] == [{}, {}]


async def test_a_claim_ends_with_its_lease(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("a"))
    first = await take(outbox)
    second = await take(outbox, NOW + LEASE)
    await outbox.begin(second)
    third = await take(outbox, NOW + 2 * LEASE)

    assert [each.attempts for each in (first, second, third)] == [1, 2, 3]
    assert [each.was_begun for each in (first, second, third)] == [False, False, True]
    assert (second.kind, second.conversation, second.payload) == ("reminder", CHAT, {"for": "a"})


async def test_a_lease_can_be_made_longer_or_given_back(operational: Operational) -> None:
    await put(operational, message("a"))
    claimed = await take(operational.outbox)
    await operational.outbox.renew([claimed.id], NOW + 3 * LEASE)
    assert await claim(operational, NOW + 2 * LEASE) == []

    await operational.outbox.renew([claimed.id], NOW)
    await operational.outbox.renew([], NOW)
    assert await claim(operational) == ["a"]


async def test_what_failed_is_tried_again_or_parked(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("a"), message("b"))
    one, two = await outbox.claim(10, NOW, LEASE)
    await outbox.begin(one)
    await outbox.retry(one, NOW + 2 * LEASE, "throttled")
    await outbox.park(two, "BotDisabledByAdmin")

    assert await claim(operational, NOW + LEASE) == []
    again = await take(outbox, NOW + 2 * LEASE)
    assert (again.attempts, again.was_begun) == (2, False)
    assert await parked(operational) == [(two.payload["for"], "BotDisabledByAdmin")]
    assert await outbox.counted("parked") == await outbox.counted("due") == {"reminder": 1}


@pytest.mark.parametrize("is_parked", [False, True])
async def test_what_turns_out_to_have_arrived_is_done(
    operational: Operational, is_parked: bool
) -> None:
    outbox = operational.outbox
    await put(operational, message("a"))
    claimed = await take(outbox)
    await outbox.begin(claimed)
    if is_parked:
        await outbox.park(claimed, "ambiguous: time-out")
    async with operational.begin() as transaction:
        transaction.run(outbox.arrived("a"))

    assert await claim(operational, NOW + LEASE) == []
    assert await outbox.counted("done") == {"reminder": 1}


async def test_where_nobody_wonders_nothing_is_written(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("waiting"), message("sent"), message("refused"))
    claimed = {each.payload["for"]: each for each in await outbox.claim(10, NOW, LEASE)}
    await outbox.begin(claimed["sent"])
    await outbox.finish(claimed["sent"])
    await outbox.park(claimed["refused"], "BotDisabledByAdmin")

    for key in ("waiting", "sent", "refused", "unheard of"):
        with pytest.raises(Stale):
            async with operational.begin() as transaction:
                transaction.run(outbox.arrived(key))
    assert await outbox.counted("done") == {"reminder": 1}
    assert await outbox.counted("parked") == {"reminder": 1}


async def test_who_lost_a_claim_can_only_say_that_it_was_sent(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("a"), message("b"))
    slow = {each.payload["for"]: each for each in await outbox.claim(10, NOW, LEASE)}
    quick = {each.payload["for"]: each for each in await outbox.claim(10, NOW + LEASE, LEASE)}
    await outbox.park(slow["a"], "late")
    await outbox.retry(slow["a"], NOW, "late")
    assert not await outbox.begin(slow["a"])
    assert await outbox.begin(quick["a"])
    await outbox.park(quick["b"], INTERRUPTED)
    await outbox.finish(slow["b"])
    await outbox.retry(quick["b"], NOW, "late")

    assert await parked(operational) == []
    assert await claim(operational, NOW + LEASE) == []
    assert await claim(operational, NOW + 2 * LEASE) == ["a"]
    assert await outbox.counted("done") == {"reminder": 1}


async def test_what_has_expired_is_dropped_and_counted(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("a", expires_at=NOW), message("b", expires_at=NOW + LEASE))
    assert await claim(operational) == ["b"]

    assert await outbox.drop_expired(NOW) == Counter({("reminder", "expired"): 1})
    assert await outbox.drop_expired(NOW) == Counter()
    assert await outbox.counted("expired") == {"reminder": 1}
    await put(operational, message("a"))
    assert await claim(operational) == []


async def test_what_may_have_been_sent_is_parked_when_it_expires(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("a", expires_at=NOW + LEASE))
    await outbox.begin(await take(outbox))
    assert await outbox.drop_expired(NOW + LEASE - timedelta(seconds=1)) == {}

    assert await outbox.drop_expired(NOW + LEASE) == {("reminder", "parked"): 1}
    assert await parked(operational) == [("a", INTERRUPTED)]


async def test_very_many_expire_in_portions(operational: Operational) -> None:
    await put(operational, *(message(f"{n}", expires_at=NOW) for n in range(2500)))

    assert await operational.outbox.drop_expired(NOW) == {("reminder", "expired"): 2500}


async def test_it_says_when_to_look_again(operational: Operational) -> None:
    assert await operational.outbox.next_due() is None
    await put(operational, message("later", NOW + 5 * LEASE), message("now"))
    assert await operational.outbox.next_due() == NOW
    claimed = await take(operational.outbox)
    assert await operational.outbox.next_due() == NOW + LEASE
    await operational.outbox.finish(claimed)
    assert await operational.outbox.next_due() == NOW + 5 * LEASE


async def test_it_says_what_waits_and_for_how_long(operational: Operational) -> None:
    outbox, later = operational.outbox, NOW + 2 * LEASE
    await put(operational, message("a"), message("b", NOW + LEASE), message("c", is_bulk=True))
    assert await outbox.backlog(later, is_bulk=False) == Backlog(2, 2 * LEASE)
    assert await outbox.backlog(later, is_bulk=True) == Backlog(1, 2 * LEASE)
    (claimed,) = await outbox.claim(1, later, LEASE)

    assert await outbox.backlog(later, is_bulk=False) == Backlog(1, LEASE)
    assert await outbox.backlog(NOW - LEASE, is_bulk=False) == Backlog(0, timedelta())
    assert await outbox.late(NOW - LEASE) == {False: Late(), True: Late()}

    await outbox.retry(claimed, later + LEASE, "503")
    assert await outbox.late(later) == {False: Late(2 * LEASE, 1), True: Late(2 * LEASE, 0)}
    assert await outbox.retried() == {("reminder", "503"): 1}


async def test_what_a_clock_that_was_ahead_has_put_off_is_looked_at(
    operational: Operational,
) -> None:
    outbox, ahead = operational.outbox, NOW + timedelta(days=30)
    await put(operational, message("retried"), message("not due", ahead))
    await outbox.retry(await take(outbox), ahead + LEASE, "throttled")
    await put(operational, message("claimed"))
    await outbox.claim(10, NOW, LEASE)
    await outbox.release(NOW, 2 * LEASE)

    assert await claim(operational) == ["retried"]


async def test_what_was_parked_can_be_tried_after_all_or_given_up(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("a"), message("b"), message("c"))
    ids = {}
    for each in await outbox.claim(10, NOW, LEASE):
        ids[each.id] = each.payload["for"]
        await outbox.begin(each)
        if each.payload["for"] != "c":
            await outbox.park(each, "ambiguous")
    a, b = sorted(await outbox.parked(), key=lambda each: ids[each.id])
    assert await outbox.unpark(a.id, NOW)
    assert await outbox.drop(b.id)
    assert not await outbox.unpark(b.id, NOW)
    assert not await outbox.drop(b.id)

    again = await take(outbox)
    assert (again.payload, again.was_begun) == ({"for": "a"}, False)
    assert await outbox.parked() == []


async def test_what_awaits_a_sign_of_life_is_freed_by_that_one_alone(
    operational: Operational,
) -> None:
    outbox = operational.outbox
    await put(operational, *(message(each) for each in ("kari", "ola", "19:a", "nobody")))
    for each in await outbox.claim(10, NOW, LEASE):
        name = each.payload["for"]
        await outbox.park(each, "not there", None if name == "nobody" else name)

    async def waits(*names: str) -> bool:
        return (await operational.met(names[0], names[1:]))[1]

    assert await waits("siri", "19:a")
    assert not await waits("siri", "19:b")
    assert await outbox.free(("kari", "19:a"), NOW) == 2
    assert not await waits("kari", "19:a")
    assert await waits("ola")
    assert sorted(await claim(operational)) == ["19:a", "kari"]


async def test_who_asks_again_gets_what_was_parked(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("a"))
    assert await outbox.ask_again("a", NOW) == "due"
    await outbox.park(await take(outbox), "ambiguous: time-out")

    assert await outbox.ask_again("a", NOW) == "due"
    await outbox.finish(await take(outbox))
    assert await outbox.ask_again("a", NOW) == "done"
    assert await outbox.ask_again("b", NOW) is None


async def test_it_says_when_work_of_a_kind_was_last_done(operational: Operational) -> None:
    outbox = operational.outbox
    await put(operational, message("a"), message("b", NOW + LEASE))
    assert await outbox.last_done("reminder") is None
    await outbox.finish(await take(outbox))

    assert await outbox.last_done("reminder") == NOW.replace(hour=0)  # the day is kept


async def test_several_dispatchers_get_messages_of_their_own(new_database: NewDatabase) -> None:
    url = await new_database()
    replicas = [await Operational.open(url) for _ in range(3)]
    await put(replicas[0], *(message(f"{i:02}") for i in range(60)))

    claimed = await asyncio.gather(
        *(claim(replica, at_most=5) for _ in range(4) for replica in replicas)
    )
    for replica in replicas:
        claimed.append(await claim(replica, at_most=60))
        await replica.close()
    assert sorted(key for keys in claimed for key in keys) == [f"{i:02}" for i in range(60)]


async def test_looking_reads_an_index_of_just_what_waits(
    operational: Operational, database_kind: str
) -> None:
    """In its order: neither what was sent, nor what lies ahead, nor sorting makes it slower."""
    outbox, ahead = operational.outbox, NOW + timedelta(days=9)
    await put(operational, *(message(f"done {n}") for n in range(500)))
    for claimed in await outbox.claim(500, NOW, LEASE):
        await outbox.finish(claimed)
    await put(operational, *(message(f"{n}", ahead, ahead) for n in range(2500)))

    def look(connection: Connection) -> list[str]:
        connection.execute(text("ANALYZE"))
        return [
            plan_of(connection, database_kind, statement)
            for statement in (_NEXT, _EXPIRED, _BACKLOG)
        ]

    claiming, expiring, waiting = await operational._database.write(look)
    for plan, index in ((claiming, "next"), (expiring, "expiring"), (waiting, "next")):
        assert f"outbox_{index}" in plan
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan
        assert "Seq Scan" not in plan
        assert "SCAN outbox" not in plan


def plan_of(connection: Connection, kind: str, statement: Executable) -> str:
    """How the database finds what a statement asks for, bound as it is bound when asked."""
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, sql: str, parameters: Any, *___: object) -> None:
        asked.append((sql, parameters))

    event.listen(connection, "before_cursor_execute", note)
    connection.execute(statement, {"lane": False, "now": NOW, "at_most": 50})
    event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if kind == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {asked[0][0]}", asked[0][1])
    return "\n".join(str(row) for row in rows)
