"""Two replicas on one PostgreSQL, one of which is killed: each message is sent exactly once.

`make torture` sends 10,000, `make test` a share of them.
"""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.delivery.dispatcher import AT_ONCE
from bot.gateway.events import Conversation
from simulation.cards import text_of
from storage.operational.outbox import INTERRUPTED, Outbox, OutboxMessage
from storage.operational.store import Operational
from tests.bot.delivery.replica import LEASE
from tests.support.databases import (
    drop_postgres_database,
    new_postgres_database,
    postgres_server,
)
from tests.support.outbox import parked_by_key
from tests.support.teams import FakeTeams

MESSAGES = 10_000 if os.environ.get("TESTS_TORTURE") else 600
CHATS = 100


@pytest.fixture
def server() -> str:
    # Outside of the test's event loop: starting a server takes a while.
    return postgres_server()


@asynccontextmanager
async def replica(url: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.delivery.replica", url
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@pytest.mark.torture
@pytest.mark.postgres
@pytest.mark.timeout(900)
async def test_each_message_is_sent_once_though_a_replica_is_killed(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = await new_postgres_database(server)
    operational = await Operational.open(url)
    outbox = operational.outbox
    async with FakeTeams("", app_id=None) as teams, AsyncExitStack() as replicas:
        chats = [teams.user(f"{n}").chat for n in range(CHATS)]
        places = [
            asdict(Conversation(chat.id, "personal", teams.tenant, teams.service_url))
            for chat in chats
        ]
        due = datetime.now(UTC) - timedelta(seconds=1)
        keys = [f"card {n:05}" for n in range(MESSAGES)]
        async with operational.begin() as transaction:
            transaction.enqueue_all(
                OutboxMessage(key, "phase", places[n % CHATS], {"text": key}, due)
                for n, key in enumerate(keys)
            )
        first, _ = [await replicas.enter_async_context(replica(url)) for _ in range(2)]

        async def half_has_arrived() -> bool:
            return len(teams.sent) >= MESSAGES / 2

        await until(half_has_arrived)
        first.kill()
        await first.wait()
        held_until = await latest(outbox)
        assert held_until <= datetime.now(UTC) + LEASE, "the other may have it by then"
        await until(lambda: nothing_waits(outbox))

        arrived = Counter(text_of(post.card) for chat in chats for post in chat.posts if post.card)
        found = await parked_by_key(operational, keys)
        parked = {key: each.reason for key, each in found.items()}
        await operational.close()
    await drop_postgres_database(server, url)
    assert arrived.keys() | parked.keys() == set(keys)
    assert set(arrived.values()) == {1}
    assert set(parked.values()) <= {INTERRUPTED}
    assert len(parked) <= AT_ONCE
    with capsys.disabled():
        sys.stdout.write(
            f"\n{MESSAGES} messages, one of two replicas killed: {len(arrived)} arrived, each "
            f"once; {len(parked)} parked as ambiguous, of which "
            f"{len(parked.keys() & arrived.keys())} had arrived\n"
        )


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    while not await condition():  # noqa: ASYNC110 - other processes make it true
        await asyncio.sleep(0.05)


async def nothing_waits(outbox: Outbox) -> bool:
    return await outbox.next_due() is None


async def latest(outbox: Outbox) -> datetime:
    """When the last of what waits is looked at again."""
    statement = text("SELECT max(next_at) FROM outbox WHERE state = 'due'")
    moment: datetime = await outbox._database.read(lambda c: c.scalar(statement))
    return moment
