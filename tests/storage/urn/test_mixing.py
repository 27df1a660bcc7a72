"""Where the rows of the urn lie, and what is left where they lay."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from storage.crypto.codes import Code, Token
from storage.crypto.sealing import PrivateKey
from storage.urn.store import Submitted, Urn
from tests.storage.conftest import QUICK
from tests.support.databases import (
    drop_postgres_database,
    new_postgres_database,
    postgres_server,
)

NAMES = [f"elv {i:02}" for i in range(20)]


@pytest.fixture(scope="module")
def server() -> str:
    return postgres_server()


@pytest_asyncio.fixture
async def url(server: str) -> AsyncIterator[str]:
    url = await new_postgres_database(server)
    yield url
    await drop_postgres_database(server, url)


async def hand_in(urn: Urn, pseudonym: str) -> None:
    token = Token.new()
    draft = await urn.open_draft(token, "demo", b"")
    assert draft is not None
    submitted = await urn.submit(token, draft, b"", pseudonym, Code.new())
    assert submitted == Submitted("demo", pseudonym)


@pytest.mark.postgres
async def test_on_postgresql_neither_transaction_nor_place_tells_who_came_first(
    url: str, identity: PrivateKey
) -> None:
    urn = await Urn.open(url, QUICK)
    await urn.register("demo", identity.recipient, 3000)
    await urn.open_study("demo")
    connection = await asyncpg.connect(url)

    async def transactions(table: str) -> int:
        return len(await connection.fetch(f"SELECT DISTINCT xmin::text FROM {table}"))

    async def by_place() -> list[str]:
        rows = await connection.fetch("SELECT pseudonym FROM submission ORDER BY ctid")
        return [row["pseudonym"] for row in rows]

    places = set()
    for name in NAMES:
        await hand_in(urn, name)
        assert await transactions("submission") == 1
        mixed = await by_place()
        if len(mixed) > 1:
            places.add(mixed.index(name) / (len(mixed) - 1))
    for _ in range(3):
        await urn.open_draft(Token.new(), "demo", b"")
    await urn.reseal()
    resealed = await by_place()

    assert sorted(mixed) == sorted(resealed) == NAMES
    # One in 20!, which is 2 * 10^18, that chance does any of these.
    assert not places <= {0}, "the newcomer always comes first"
    assert not places <= {1}, "the newcomer always comes last"
    assert resealed != mixed
    assert [await transactions(t) for t in ("study", "draft", "submission")] == [1, 1, 1]
    await connection.close()
    await urn.close()
