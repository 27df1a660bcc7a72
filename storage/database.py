"""One database: a transaction is a function over a SQLAlchemy `Connection`.

    result = await database.write(lambda c: c.execute(...).rowcount)

The function runs whole, on PostgreSQL in a greenlet over asyncpg, on SQLite in
the one thread that owns the file's only connection. That costs one change of
thread a transaction, and a cancelled caller leaves no transaction half done
(docs/adr/0003-two-databases.md has the measurements).
"""

import json
import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, cast

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Table,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from storage.schema_version import migrate
from storage.worker import Worker

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]
Insert: TypeAlias = postgresql.Insert | sqlite.Insert
DialectInsert: TypeAlias = Callable[[Table], Any]
"""`insert` as a dialect has it, which knows ON CONFLICT."""
Step: TypeAlias = Callable[[Connection], object]
"""A part of a transaction, done on its connection."""
Name: TypeAlias = Literal["operational", "urn"]

_BUSY_SECONDS = 10
"""How long to wait for another process; Teams waits 15 s for an answer."""
_MIGRATION_LOCK = 0x6B6F6C6C
"""Any number will do, so long as every replica takes the same one."""


class Stale(Exception):
    """Somebody else was quicker; nothing of this transaction was written."""


class Utc(TypeDecorator[datetime]):
    """An aware moment in time, kept as UTC on databases that know no zones too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def for_each_dialect(build: Callable[[DialectInsert], Insert]) -> Mapping[str, Insert]:
    """One statement, built once for each kind of database, by the dialect's name."""
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}


def replacing(table: Table, *key: str) -> Mapping[str, Insert]:
    """Insert rows of a table, or put them in the place of those with the same key."""

    def build(insert: DialectInsert) -> Insert:
        statement = insert(table)
        new = {c.name: statement.excluded[c.name] for c in table.c if c.name not in key}
        built: Insert = statement.on_conflict_do_update(index_elements=[*key], set_=new)
        return built

    return for_each_dialect(build)


def to_json(value: Json) -> str:
    """JSON in ASCII: neither database stores NUL or half a surrogate pair as it is."""
    return json.dumps(value, separators=(",", ":"))


class Database(ABC):
    """What the repositories stand on. Open one with `open_database`."""

    @abstractmethod
    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in a transaction that is committed when this returns."""

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do `work`, which only reads, on one state of the database."""

    @abstractmethod
    async def write_traceless(self, work: Callable[[Connection], T]) -> T:
        """`write`, and take away what this and earlier commits left in the log."""

    @abstractmethod
    async def compact(self) -> None:
        """Take away what deleted rows left in the files, and in the log."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection."""


class SqliteDatabase(Database):
    """A file and the thread that owns its connection."""

    def __init__(self, path: Path, name: Name) -> None:
        # The file may hold what only its owner should see, from its first moment.
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT, 0o600))
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)),
            connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None},
            hide_parameters=True,
            logging_name=name,
            pool_logging_name=name,
        )
        _silence(self._engine)
        event.listen(self._engine, "connect", _durable_and_forgetful)
        self._thread = Worker(f"sqlite-{name}")
        self._connection: Connection

    async def start(self, name: Name) -> None:
        def connect() -> None:
            self._connection = self._engine.connect()
            self._transaction("BEGIN IMMEDIATE", partial(migrate, name=name))
            self._empty_log()

        await self._thread.do(connect)

    def _transaction(self, begin: str, work: Callable[[Connection], T]) -> T:
        # sqlite3 by itself would begin only at the first write, and then fail
        # where another process has written in between.
        with self._connection.begin():
            self._plain(begin)
            return work(self._connection)

    def _plain(self, statement: str) -> None:
        sqlite: Any = self._connection.connection.driver_connection
        sqlite.execute(statement).fetchall()

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self._thread.do(partial(self._transaction, "BEGIN IMMEDIATE", work))

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._thread.do(partial(self._transaction, "BEGIN", work))

    def _empty_log(self) -> None:
        self._plain("PRAGMA wal_checkpoint(TRUNCATE)")

    async def write_traceless(self, work: Callable[[Connection], T]) -> T:
        def write_and_empty() -> T:
            result = self._transaction("BEGIN IMMEDIATE", work)
            self._empty_log()
            return result

        return await self._thread.do(write_and_empty)

    async def compact(self) -> None:
        def vacuum() -> None:
            self._plain("VACUUM")
            self._empty_log()

        await self._thread.do(vacuum)

    async def close(self) -> None:
        def disconnect() -> None:
            # There is no connection where connecting failed.
            if connection := getattr(self, "_connection", None):
                connection.close()
            self._engine.dispose()

        await self._thread.do(disconnect)
        self._thread.stop()


class PostgresDatabase(Database):
    """A pool of connections to a server."""

    def __init__(self, url: URL, name: Name) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=10,
            pool_pre_ping=True,
            hide_parameters=True,
            logging_name=name,
            pool_logging_name=name,
        )
        _silence(self._engine.sync_engine)

    async def start(self, name: Name) -> None:
        def alone(connection: Connection) -> None:
            # Replicas that start together must not migrate together.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            migrate(connection, name=name)

        await self.write(alone)

    async def write(self, work: Callable[[Connection], T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.write(work)

    async def write_traceless(self, work: Callable[[Connection], T]) -> T:
        # The server's log is not ours to empty (docs/adr/0004-urn.md).
        return await self.write(work)

    async def compact(self) -> None:
        """Nothing: `storage/mixing.py` has written new files."""

    async def close(self) -> None:
        await self._engine.dispose()


def _durable_and_forgetful(sqlite: Any, _record: object) -> None:
    """Lose nothing that was committed, and keep nothing that was deleted."""
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "secure_delete = ON",
        "foreign_keys = ON",
    ):
        sqlite.execute(f"PRAGMA {pragma}").fetchall()


def _silence(engine: Engine) -> None:
    # At DEBUG SQLAlchemy would log each statement with its time, and the rows it found.
    for each in engine, engine.pool:
        # Without `echo`, which we never ask for, it is an ordinary logger.
        cast("logging.Logger", each.logger).disabled = True


async def open_database(url: str, name: Name) -> Database:
    """Open a database and bring its schema up to date.

    `url` is `sqlite:///file` (relative) or `sqlite:////file` (absolute), or
    `postgresql://...`. Raises `NewerSchema`, and ValueError for other URLs.
    """
    parsed = make_url(url)
    match parsed.get_backend_name(), parsed.database:
        case "sqlite", str(path) if path not in {"", ":memory:"}:
            database: SqliteDatabase | PostgresDatabase = SqliteDatabase(Path(path), name)
        case "postgresql", _:
            database = PostgresDatabase(parsed.set(drivername="postgresql+asyncpg"), name)
        case _:
            raise ValueError(
                f"The {name} database must be sqlite:///FILE or postgresql://HOST/DATABASE, "
                f"not {parsed.render_as_string()}."
            )
    try:
        await database.start(name)
    except BaseException:
        await database.close()
        raise
    return database
