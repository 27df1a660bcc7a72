"""What the outbox promises, on both kinds of database."""

import asyncio
from datetime import UTC, datetime, timedelta

from storage.operational import Operational
from storage.outbox import Message, Parked
from tests.support.databases import NewDatabase

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
CHAT = {"id": "a:1"}


def message(key: str, due_at: datetime = NOW, expires_at: datetime | None = None) -> Message:
    return Message(key, "reminder", CHAT, {"for": key}, due_at, expires_at)


async def put(operational: Operational, *messages: Message) -> None:
    async with operational.begin() as transaction:
        for each in messages:
            transaction.enqueue(each)


async def claim(operational: Operational, now: datetime = NOW, at_most: int = 10) -> list[str]:
    return [each.payload["for"] for each in await operational.outbox.claim(at_most, now, LEASE)]


async def test_what_is_due_is_claimed_once_the_longest_due_first(operational: Operational) -> None:
    await put(operational, message("b"), message("a", NOW - LEASE), message("later", NOW + LEASE))

    assert await claim(operational) == ["a", "b"]
    assert await claim(operational) == []
    assert await claim(operational, NOW + LEASE, at_most=1) == ["a"]


async def test_a_key_is_sent_once(operational: Operational) -> None:
    await put(operational, message("a"), message("a"))
    await put(operational, message("a"))
    (claimed,) = await operational.outbox.claim(10, NOW, LEASE)
    await operational.outbox.finish(claimed.id)
    await put(operational, message("a"))

    assert await claim(operational, NOW + LEASE) == []
    await operational.forget_seen(NOW + LEASE)
    await put(operational, message("a"))
    assert await claim(operational) == ["a"]


async def test_a_claim_ends_with_its_lease(operational: Operational) -> None:
    await put(operational, message("a"))
    (first,) = await operational.outbox.claim(10, NOW, LEASE)
    (second,) = await operational.outbox.claim(10, NOW + LEASE, LEASE)

    assert (first.attempts, first.was_interrupted) == (1, False)
    assert (second.attempts, second.was_interrupted) == (2, True)
    assert (second.kind, second.conversation, second.payload) == ("reminder", CHAT, {"for": "a"})


async def test_what_failed_is_tried_again_or_parked(operational: Operational) -> None:
    await put(operational, message("a"), message("b"))
    one, two = await operational.outbox.claim(10, NOW, LEASE)
    await operational.outbox.retry(one.id, NOW + 2 * LEASE, "throttled")
    await operational.outbox.park(two.id, "BotDisabledByAdmin")

    assert await claim(operational, NOW + LEASE) == []
    (again,) = await operational.outbox.claim(10, NOW + 2 * LEASE, LEASE)
    assert (again.attempts, again.was_interrupted) == (2, False)
    assert await operational.outbox.parked() == [
        Parked(two.payload["for"], "reminder", "BotDisabledByAdmin")
    ]


async def test_what_has_expired_is_parked_and_not_sent(operational: Operational) -> None:
    await put(operational, message("a", expires_at=NOW), message("b", expires_at=NOW + LEASE))

    assert await claim(operational) == ["b"]
    assert await operational.outbox.parked() == [Parked("a", "reminder", "expired")]


async def test_it_says_when_to_look_again(operational: Operational) -> None:
    assert await operational.outbox.next_due() is None
    await put(operational, message("later", NOW + 5 * LEASE), message("now"))
    assert await operational.outbox.next_due() == NOW
    (claimed,) = await operational.outbox.claim(10, NOW, LEASE)
    assert await operational.outbox.next_due() == NOW + LEASE
    await operational.outbox.finish(claimed.id)
    assert await operational.outbox.next_due() == NOW + 5 * LEASE


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
