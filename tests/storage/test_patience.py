"""How long a turn waits for PostgreSQL, and what it does where two stand in each other's way."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.database import Database, open_database
from tests.support.databases import (
    drop_postgres_database,
    new_postgres_database,
    postgres_server,
)

pytestmark = pytest.mark.postgres


@asynccontextmanager
async def opened(**settings: str) -> AsyncIterator[Database]:
    """A database with these settings in its URL."""
    url = await new_postgres_database(await asyncio.to_thread(postgres_server))
    extended = make_url(url).update_query_dict(settings).render_as_string(hide_password=False)
    database = await open_database(extended, "operational")
    try:
        yield database
    finally:
        await database.close()
        await drop_postgres_database(postgres_server(), url)


async def test_transactions_that_cross_are_both_done() -> None:
    async with opened() as database:

        def prepare(connection: Connection) -> None:
            connection.execute(text("CREATE TABLE t (a int PRIMARY KEY, n int)"))
            connection.execute(text("INSERT INTO t VALUES (1, 0), (2, 0)"))

        await database.write(prepare)
        tried: list[int] = []

        def add_to_both(one: int, other: int) -> Callable[[Connection], None]:
            add = text("UPDATE t SET n = n + 1 WHERE a = :a")

            def work(connection: Connection) -> None:
                tried.append(one)
                connection.execute(add, {"a": one})
                if len(tried) <= 2:  # until each has the row that the other wants
                    connection.execute(text("SELECT pg_sleep(0.3)"))
                connection.execute(add, {"a": other})

            return work

        await asyncio.gather(database.write(add_to_both(1, 2)), database.write(add_to_both(2, 1)))
        counted = await database.read(lambda c: c.scalar(text("SELECT sum(n) FROM t")))

    assert (counted, len(tried)) == (4, 3)


async def test_a_connection_that_died_while_it_rested_costs_nobody_a_press() -> None:
    """So it is after the server was started anew, or a firewall forgot."""
    async with opened() as database:
        await database.write(lambda c: c.execute(text("CREATE TABLE t (a int)")))

        async def together(statement: str) -> list[object]:
            one = partial(database.write, lambda c: c.scalar(text(statement)))
            return list(await asyncio.gather(*(one() for _ in range(4))))

        for is_read in (True, False):
            pids = await together("SELECT pg_backend_pid() FROM pg_sleep(0.2)")
            assert len(set(pids)) == 4  # each has one, and all rest in the pool
            async with opened_beside(database) as other:
                for pid in pids:
                    await other.execute("SELECT pg_terminate_backend($1)", pid)
            if is_read:
                assert await database.read(lambda c: c.scalar(text("SELECT 1"))) == 1
            else:
                await database.write(lambda c: c.execute(text("INSERT INTO t VALUES (1)")))
        assert await database.read(lambda c: c.scalar(text("SELECT count(*) FROM t"))) == 1


async def test_what_may_have_been_committed_is_not_done_again() -> None:
    async with opened() as database:
        await database.write(lambda c: c.execute(text("CREATE TABLE t (a int)")))
        tried: list[int] = []

        def insert(connection: Connection) -> None:
            tried.append(1)
            connection.execute(text("INSERT INTO t VALUES (1)"))
            driver: Any = connection.connection.driver_connection
            driver.terminate()  # between the last statement and the commit

        with pytest.raises(DBAPIError):
            await database.write(insert)
    assert tried == [1]


@asynccontextmanager
async def opened_beside(database: Database) -> AsyncIterator[Any]:
    name = await database.read(lambda c: c.scalar(text("SELECT current_database()")))
    connection = await asyncpg.connect(str(make_url(postgres_server()).set(database=name)))
    yield connection
    await connection.close()


async def test_only_the_nights_work_may_take_its_time() -> None:
    async with opened(statement_timeout="300ms", lock_timeout="200ms") as database:

        def sleep(connection: Connection) -> str:
            connection.execute(text("SELECT pg_sleep(0.5)"))
            return str(connection.scalar(text("SHOW lock_timeout")))

        with pytest.raises(DBAPIError, match="statement timeout"):
            await database.write(sleep)
        assert await database.write(sleep, patient=True) == "0"


async def test_a_server_that_freezes_is_given_up_before_teams_asks_again() -> None:
    where = make_url(await asyncio.to_thread(postgres_server))
    socket = f"{where.query['host']}/.s.PGSQL.{where.port or 5432}"
    async with freezable(socket) as (folder, runs):
        patience = {"connect_timeout": "1", "pool_timeout": "1", "command_timeout": "1"}
        async with opened(**patience, host=str(folder), port="5432") as database:
            one = text("SELECT 1")
            assert await database.read(lambda c: c.scalar(one)) == 1
            runs.clear()
            for _ in range(2):  # on a connection from before, and on a new one
                with pytest.raises((TimeoutError, SQLAlchemyError)):
                    await database.read(lambda c: c.scalar(one))
                assert not runs.is_set()  # it is frozen still
            runs.set()
            assert await database.read(lambda c: c.scalar(one)) == 1


@asynccontextmanager
async def freezable(socket: str) -> AsyncIterator[tuple[Path, asyncio.Event]]:
    """A folder with a socket that passes everything on while the event is set."""
    runs = asyncio.Event()
    runs.set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await runs.wait()
            writer.write(data)
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(socket)
        with suppress(OSError):
            await asyncio.gather(pass_on(reader, back), pass_on(there, writer))

    with tempfile.TemporaryDirectory() as folder:
        server = await asyncio.start_unix_server(connected, f"{folder}/.s.PGSQL.5432")
        try:
            yield Path(folder), runs
        finally:
            runs.set()
            server.close()
