"""One database: a transaction is a function over a SQLAlchemy `Connection`.

    result = await database.write(lambda c: c.execute(...).rowcount)

The function runs whole, on PostgreSQL in a greenlet over asyncpg, on SQLite in
the one thread that owns the file's only connection. There, what comes while the thread
is at work shares the next transaction, and a cancelled caller leaves none half done
(docs/adr/0003-two-databases.md, docs/adr/0042-together.md).
"""

import asyncio
import json
import logging
import os
import random
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, cast

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Select,
    Table,
    Update,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator
from sqlalchemy.util import greenlet_spawn

from storage.database_url import PostgresServer, SqliteFile, read_url
from storage.schema_version import OlderSchema, check, known_schemas, migrate
from storage.several import Alone, Several, Values
from storage.together import Together
from storage.worker import Worker

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]
Insert: TypeAlias = postgresql.Insert | sqlite.Insert
DialectInsert: TypeAlias = Callable[[Table], Any]
"""`insert` as a dialect has it, which knows ON CONFLICT."""
Write: TypeAlias = Callable[[Connection], object]
"""A part of a transaction, done on its connection."""
Work: TypeAlias = Callable[[Connection], Any]
DatabaseName: TypeAlias = Literal["operational", "urn"]

_BUSY_SECONDS = 10
"""How long to wait for another process; Teams waits 15 s for an answer."""
_LOG_MILLISECONDS = 50
"""How long to wait for whoever reads the log; then it is tried again later."""
_MIGRATION_LOCK = 0x6B6F6C6C
"""Any number will do, so long as every replica takes the same one."""
_CROSSED = frozenset({"40001", "40P01"})
"""PostgreSQL's codes for two transactions that stood in each other's way: nothing was written."""
_ATTEMPTS = 4
_SQLITE_AWAY = frozenset({"SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN"})


class Stale(Exception):
    """Somebody else was quicker; nothing of this transaction was written."""


class _Again(Exception):
    """Nothing was committed, and another time it may be."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__()
        self.error = error


def is_away(error: BaseException) -> bool:
    """Whether a database would not, for now: nothing is wrong with what was asked of it.

    It cannot be reached, is too slow, shuts down, or has no room.
    """
    if isinstance(error, DBAPIError):
        sqlstate = str(getattr(error.orig, "sqlstate", None) or "")
        sqlite_name = getattr(error.orig, "sqlite_errorname", "")
        is_out = sqlstate[:2] in {"08", "53", "57"} or sqlstate == "55P03"
        return is_out or error.connection_invalidated or sqlite_name in _SQLITE_AWAY
    return isinstance(error, (OSError, TimeoutError, PoolTimeout))


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


@dataclass(slots=True)
class _First:
    """What is still to be written with the next transaction of a task."""

    database: "Database"
    task: asyncio.Task[Any] | None
    step: Write | None


_FIRST: ContextVar[_First | None] = ContextVar("first", default=None)


class Database(ABC):
    """What the repositories stand on. Open one with `open_database`."""

    is_shared = False
    """Whether other machines may use it too."""
    keeps_log = False
    """Whether the log still holds what was to be taken away: somebody, a backup say, reads it."""

    async def write(self, work: Callable[[Connection], T], *, patient: bool = False) -> T:
        """Do `work` in a transaction that is committed when this returns.

        It may be done anew, where another transaction stood in its way. What may take
        longer than a turn, such as the night's work, is `patient`.
        """
        first = _FIRST.get()
        if first is None or first.database is not self or first.task is not asyncio.current_task():
            return await self._write(work, patient=patient)
        step = first.step

        def both(connection: Connection) -> T:
            if step is not None:
                step(connection)
            return work(connection)

        result = await self._write(both, patient=patient)
        first.step = None
        return result

    @asynccontextmanager
    async def beginning_with(self, step: Write) -> AsyncIterator[None]:
        """The first transaction that this task writes in the block begins with `step`.

        Where it writes none, `step` is written by itself at the end. Tasks that the block
        starts write for themselves.
        """
        first = _First(self, asyncio.current_task(), step)
        token = _FIRST.set(first)
        try:
            yield
        finally:
            _FIRST.reset(token)
        if first.step is not None:
            await self._write(first.step)

    @abstractmethod
    async def _write(self, work: Callable[[Connection], T], *, patient: bool = False) -> T:
        """`write`, and nothing beside."""

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do `work`, which only reads, on one state of the operational database.

        On the urn of a PostgreSQL each statement may see a newer one.
        """

    async def look(self, statement: Select[Any], values: Values) -> list[Any]:
        """The rows of one statement that only reads."""
        return await self.read(lambda c: [*c.execute(statement, values)])

    async def change(self, statement: Update, values: Values) -> int:
        """How many rows one statement changed that does no more when it is done twice."""
        return await self.write(lambda c: c.execute(statement, values).rowcount)

    @abstractmethod
    async def write_traceless(self, work: Callable[[Connection], T]) -> T:
        """`write`, and take away what this and earlier commits left in the log."""

    @abstractmethod
    async def start(self, name: DatabaseName, *, migrating: bool) -> None:
        """Bring the schema up to date, or see that it is."""

    @abstractmethod
    async def compact(self) -> None:
        """Take away what deleted rows left in the files, and in the log."""

    @abstractmethod
    async def tidy(self) -> None:
        """Try again to empty the log, if it could not be emptied."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection."""


class SqliteDatabase(Database):
    """A file and the thread that owns its connection."""

    def __init__(self, path: Path, name: DatabaseName) -> None:
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
        self._reads = Together(self._do_in(self._reading), is_away)
        self._writes = Together(self._do_in(self._writing), is_away)

    async def start(self, name: DatabaseName, *, migrating: bool) -> None:
        def connect() -> None:
            self._connection = self._engine.connect()
            if migrating:
                self._transaction("BEGIN IMMEDIATE", [partial(migrate, name=name)])
                self._empty_log()
            else:
                self._transaction("BEGIN", [partial(check, name=name)])

        await self._thread.do(connect)

    def _do_in(
        self, kind: Callable[[Sequence[Work]], list[Any]]
    ) -> Callable[[Sequence[Work]], Awaitable[list[Any]]]:
        return lambda works: self._thread.do(partial(kind, works))

    def _reading(self, works: Sequence[Work]) -> list[Any]:
        self._plain("PRAGMA query_only = ON")
        try:
            return self._transaction("BEGIN", works)
        finally:
            self._plain("PRAGMA query_only = OFF")

    def _writing(self, works: Sequence[Work]) -> list[Any]:
        return self._transaction("BEGIN IMMEDIATE", works)

    def _transaction(self, begin: str, works: Sequence[Work]) -> list[Any]:
        # sqlite3 by itself would begin only at the first write, and then fail
        # where another process has written in between.
        with self._connection.begin():
            self._plain(begin)
            return [work(self._connection) for work in works]

    def _plain(self, statement: str) -> list[Any]:
        sqlite: Any = self._connection.connection.driver_connection
        found: list[Any] = sqlite.execute(statement).fetchall()
        return found

    async def _write(self, work: Callable[[Connection], T], *, patient: bool = False) -> T:
        del patient  # a file makes nobody wait
        result: T = await self._writes.do(work)
        return result

    async def read(self, work: Callable[[Connection], T]) -> T:
        result: T = await self._reads.do(work)
        return result

    def _empty_log(self) -> None:
        """Or know that it could not be emptied; nobody waits for whoever reads it."""
        self._plain(f"PRAGMA busy_timeout = {_LOG_MILLISECONDS}")
        try:
            ((is_busy, *_),) = self._plain("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._plain(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        self.keeps_log = bool(is_busy)

    async def tidy(self) -> None:
        if self.keeps_log:
            await self._thread.do(self._empty_log)

    async def write_traceless(self, work: Callable[[Connection], T]) -> T:
        def write_and_empty() -> T:
            (result,) = self._writing([work])
            self._empty_log()
            return cast("T", result)

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

        for each in (self._reads, self._writes):
            await each.rest()
        await self._thread.do(disconnect)
        self._thread.stop()


class PostgresDatabase(Database):
    """A pool of connections to a server."""

    is_shared = True

    def __init__(self, server: PostgresServer, name: DatabaseName) -> None:
        self._name = name
        self._engine = _engine(
            name,
            server.connect,
            pool_size=server.pool_size,
            max_overflow=0,
            pool_timeout=server.pool_timeout,
        )
        self._patient = _engine(name, partial(server.connect, patient=True), poolclass=NullPool)
        # READ COMMITTED shows each statement another state of the database. The urn keeps it:
        # resealing empties a table, and a snapshot from before would see it empty.
        isolation = "REPEATABLE READ" if name == "operational" else "READ COMMITTED"
        self._snapshot = {"isolation_level": isolation, "postgresql_readonly": True}
        self._asked: dict[Alone, Together[Values]] = {}

    async def start(self, name: DatabaseName, *, migrating: bool) -> None:
        def alone(connection: Connection) -> None:
            # Those that start together must not migrate together.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            migrate(connection, name=name)

        if migrating:
            await self.write(alone, patient=True)
        else:
            await self.read(partial(check, name=name))

    async def _write(self, work: Callable[[Connection], T], *, patient: bool = False) -> T:
        return await _until_done(self._patient if patient else self._engine, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await _until_done(self._engine, work, self._snapshot)

    async def look(self, statement: Select[Any], values: Values) -> list[Any]:
        rows: list[Any] = await self._for_all_who_ask(statement).do(values)
        return rows

    async def change(self, statement: Update, values: Values) -> int:
        if _FIRST.get() is not None:
            return await super().change(statement, values)
        return len(await self._for_all_who_ask(statement).do(values))

    def _for_all_who_ask(self, statement: Alone) -> Together[Values]:
        """Those who ask while an answer is under way are answered with the next one."""
        if (asked := self._asked.get(statement)) is None:
            do = Several(statement).do
            asked = self._asked[statement] = Together(
                lambda values: _until_done(self._engine, partial(do, values=values), _SINGLE),
                is_away,
            )
        return asked

    async def write_traceless(self, work: Callable[[Connection], T]) -> T:
        # The server's log is not ours to empty (docs/adr/0004-urn.md).
        return await self.write(work)

    async def tidy(self) -> None:
        """Nothing."""

    async def compact(self) -> None:
        """Write new files for the tables that this role may maintain.

        Not for the urn: `storage/urn/mixing.py` has written them, in random order.
        """
        if self._name == "urn":
            return
        async with self._patient.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            mine = (
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()"
            )
            for name in (await alone.scalars(text(mine))).all():
                await alone.execute(text(f"VACUUM (FULL, ANALYZE) {name}"))

    async def close(self) -> None:
        for each in self._asked.values():
            await each.rest()
        await self._engine.dispose()
        await self._patient.dispose()


def _engine(name: DatabaseName, connect: Callable[[], Any], **pool: Any) -> AsyncEngine:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        hide_parameters=True,
        logging_name=name,
        pool_logging_name=name,
        **pool,
    )
    _silence(engine.sync_engine)
    event.listen(engine.sync_engine, "handle_error", _give_up_what_says_nothing)
    return engine


_SINGLE: Mapping[str, Any] = {"isolation_level": "AUTOCOMMIT"}
"""One statement is whole by itself: to begin and to commit are two ways to the server more."""
_WRITING: Mapping[str, Any] = {}


async def _until_done(
    engine: AsyncEngine, work: Callable[[Connection], T], options: Mapping[str, Any] = _WRITING
) -> T:
    """Do `work` in a transaction; again where it is certain that nothing of it was committed."""
    for attempt in range(1, _ATTEMPTS):
        try:
            return await _in_transaction(engine, work, options)
        except _Again:
            await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter is no secret
    try:
        return await _in_transaction(engine, work, options)
    except _Again as error:
        raise error.error from error


async def _in_transaction(
    engine: AsyncEngine, work: Callable[[Connection], T], options: Mapping[str, Any]
) -> T:
    """Raises `_Again` where two transactions crossed, or the connection had died while it rested.

    Asking each connection whether it lives, before each use, costs a way to the server.
    """
    is_committing = False

    def whole() -> T:
        nonlocal is_committing
        with engine.sync_engine.connect() as connection:
            if options:  # an engine with options would have events, which cost a fifth of a read
                connection.execution_options(**options)
            with connection.begin():
                result = work(connection)
                is_committing = True
        return result

    try:
        # All of it in one greenlet: `AsyncEngine` changes to another for each step.
        return await greenlet_spawn(whole)
    except DBAPIError as error:
        has_crossed = getattr(error.orig, "sqlstate", None) in _CROSSED
        if has_crossed or (error.connection_invalidated and not is_committing):
            raise _Again(error) from error
        raise


def _give_up_what_says_nothing(context: ExceptionContext) -> None:
    """A connection that was not answered on is closed: to roll it back would wait again."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


def _durable_and_forgetful(sqlite: Any, _record: object) -> None:
    """Lose nothing that was committed, and keep nothing that was deleted."""
    _use_log(sqlite)
    for pragma in (
        "synchronous = FULL",
        "secure_delete = ON",
        "foreign_keys = ON",
    ):
        sqlite.execute(f"PRAGMA {pragma}").fetchall()


def _use_log(sqlite: Any) -> None:
    """Write ahead. Those who open a new file together get in each other's way, and wait."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            sqlite.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _silence(engine: Engine) -> None:
    # At DEBUG SQLAlchemy would log each statement with its time, and the rows it found.
    for each in engine, engine.pool:
        # Without `echo`, which we never ask for, it is an ordinary logger.
        cast("logging.Logger", each.logger).disabled = True


async def open_database(url: str, name: DatabaseName, *, migrating: bool = True) -> Database:
    """Open a database, and bring its schema up to date unless that is somebody else's to do.

    `url` is as `storage.database_url` reads it. Raises `NewerSchema`, `OlderSchema` and `BadUrl`.
    """
    match read_url(url):
        case SqliteFile(path) if not (migrating or path.exists()):
            raise OlderSchema(name, None, known_schemas(name)[0])
        case SqliteFile(path):
            database: Database = SqliteDatabase(path, name)
        case PostgresServer() as server:
            database = PostgresDatabase(server, name)
    try:
        await database.start(name, migrating=migrating)
    except BaseException:
        await database.close()
        raise
    return database
