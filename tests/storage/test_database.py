"""Opening: migrations, newer schemas, wrong addresses; and what stays outside of logs."""

import asyncio
import importlib
import logging
import pkgutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import Connection, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage import database as databases
from storage import schema_version
from storage.crypto.codes import Code, Token
from storage.crypto.sealing import PrivateKey
from storage.database import DatabaseName, open_database
from storage.database_url import BadUrl
from storage.operational.store import Operational
from storage.schema_version import NewerSchema
from storage.urn.store import Submitted, Urn
from tests.storage.conftest import QUICK
from tests.support import quick_databases
from tests.support.databases import NewDatabase

DURABLE_AND_FORGETFUL = databases._durable_and_forgetful
"""As it is when this file is read, before the tests run."""


@pytest.fixture(autouse=True)
def _as_the_product_opens_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "migrate", schema_version.migrate)
    monkeypatch.setattr(databases, "_durable_and_forgetful", DURABLE_AND_FORGETFUL)


def schema(connection: Connection) -> object:
    """Everything that there is in a database to which nothing was written."""
    found = MetaData()
    found.reflect(connection)
    known = inspect(connection)
    return {
        table.name: (
            [{key: str(of) for key, of in c.items()} for c in known.get_columns(table.name)],
            table.primary_key.columns.keys(),
            sorted(str(key.target_fullname) for key in table.foreign_keys),
            sorted(map(repr, known.get_unique_constraints(table.name))),
            sorted(
                (str(index.name), index.unique, index.columns.keys()) for index in table.indexes
            ),
            connection.execute(table.select()).all(),
        )
        for table in found.sorted_tables
    }


@pytest.mark.parametrize("name", get_args(DatabaseName))
async def test_what_tests_do_instead_of_migrations_comes_to_the_same(
    new_database: NewDatabase, name: DatabaseName, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas = []
    for migrate in (schema_version.migrate, *[quick_databases.migrate_as_before] * 2):
        monkeypatch.setattr(databases, "migrate", migrate)
        opened = await open_database(await new_database(), name)
        schemas.append(await opened.read(schema))
        await opened.close()

    assert schemas[0] == schemas[1] == schemas[2]


async def test_opening_again_keeps_what_was_stored(
    new_database: NewDatabase, identity: PrivateKey
) -> None:
    url = await new_database()
    for _ in range(2):
        urn = await Urn.open(url)
        await urn.close()
    urn = await Urn.open(url)
    await urn.register("demo", identity.recipient, 10)
    await urn.close()
    urn = await Urn.open(url)
    assert await urn.states() == {"demo": "created"}
    await urn.close()


async def test_replicas_that_start_together_migrate_once(new_database: NewDatabase) -> None:
    url = await new_database()
    for replica in await asyncio.gather(*(Operational.open(url) for _ in range(4))):
        await replica.close()


@pytest.mark.parametrize("name", get_args(DatabaseName))
async def test_a_newer_schema_is_refused_and_left_alone(
    new_database: NewDatabase, name: DatabaseName
) -> None:
    url = await new_database()
    opened = await open_database(url, name)
    await opened.write(
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = 'z9'"))
    )
    await opened.close()

    for _ in range(2):
        with pytest.raises(NewerSchema, match=f"The {name} database has schema z9") as refused:
            await open_database(url, name)
        assert refused.value.found == "z9"
        assert refused.value.known in str(refused.value)
        assert "Nothing was changed" in str(refused.value)


async def test_a_password_does_not_stand_in_the_refusal() -> None:
    with pytest.raises(BadUrl, match="mysql") as refused:
        await open_database("mysql://bot:hunter2@somewhere/urn", "urn")
    assert "hunter2" not in str(refused.value)


async def test_files_are_their_owners_only(tmp_path: Path) -> None:
    urn = await Urn.open(f"sqlite:///{tmp_path}/new/urn.db")
    files = await asyncio.to_thread(lambda: list((tmp_path / "new").iterdir()))
    assert {file.name for file in files} >= {"urn.db", "urn.db-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    await urn.close()


async def test_sqlite_loses_nothing_and_keeps_nothing(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/urn.db", "urn")

    async def pragma(name: str) -> object:
        return await database.read(lambda c: c.scalar(text(f"PRAGMA {name}")))

    settings = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    assert {name: await pragma(name) for name in settings} == settings
    await database.close()


async def test_logs_at_debug_tell_nothing_of_what_is_stored(
    new_database: NewDatabase, identity: PrivateKey, caplog: pytest.LogCaptureFixture
) -> None:
    url = await new_database()
    # SQLAlchemy holds itself back at WARNING unless somebody asks it not to.
    caplog.set_level(logging.DEBUG, logger="sqlalchemy")
    with caplog.at_level(logging.DEBUG):
        urn = await Urn.open(url, QUICK)
        await urn.register("demo", identity.recipient, 100)
        await urn.open_study("demo")
        started = len(caplog.records)
        token, code = Token.new(), Code.new()
        draft = await urn.open_draft(token, "demo", b"secret words")
        assert draft is not None
        await urn.save_draft(token, draft, b"secret words")
        await urn.draft(token)
        token = Token.new()
        draft = await urn.open_draft(token, "demo", b"secret words")
        assert draft is not None
        submitted = await urn.submit(token, draft, b"secret words", "rolig elv", code)
        assert submitted == Submitted("demo", "rolig elv")
        await urn.withdraw(code)
        await urn.close_study("demo")
        await urn.close()
    told = [record.getMessage() for record in caplog.records[started:] if record.name != "asyncio"]
    assert told == []


async def test_an_error_does_not_show_what_was_to_be_stored(new_database: NewDatabase) -> None:
    database = await open_database(await new_database(), "urn")
    with pytest.raises(Exception, match="no_such_table") as failed:
        await database.write(
            lambda c: c.execute(text("INSERT INTO no_such_table VALUES (:a)"), {"a": "rolig elv"})
        )
    assert "rolig elv" not in str(failed.value)
    await database.close()


async def test_a_cancelled_caller_leaves_nothing_half_done(
    new_database: NewDatabase, identity: PrivateKey
) -> None:
    urn = await Urn.open(await new_database(), QUICK)
    await urn.register("demo", identity.recipient, 100)
    await urn.open_study("demo")
    for i in range(40):
        token = Token.new()
        draft = await urn.open_draft(token, "demo", b"")
        assert draft is not None
        submit = asyncio.create_task(
            urn.submit(token, draft, b"answer", f"bekk {i}", Code.new()), name="submit"
        )
        for _ in range(i):
            await asyncio.sleep(0)
        submit.cancel()
        await asyncio.gather(submit, return_exceptions=True)
        kept, receipt = await urn.draft(token), await urn.receipt(token)
        assert (kept is None) != (receipt is None)
    await urn.close()


async def test_the_log_is_empty_once_an_answer_is_in(tmp_path: Path, identity: PrivateKey) -> None:
    path = tmp_path / "urn.db"
    urn = await Urn.open(f"sqlite:///{path}", QUICK)
    await urn.register("demo", identity.recipient, 100)
    await urn.open_study("demo")
    token = Token.new()
    draft = await urn.open_draft(token, "demo", b"")
    assert draft is not None
    log = Path(f"{path}-wal")
    assert (await asyncio.to_thread(log.stat)).st_size > 0
    await urn.submit(token, draft, b"answer", "rolig elv", Code.new())
    assert (await asyncio.to_thread(log.stat)).st_size == 0
    await urn.close()


async def test_a_log_that_is_being_read_is_known_and_emptied_afterwards(
    tmp_path: Path, identity: PrivateKey
) -> None:
    path = tmp_path / "urn.db"
    urn = await Urn.open(f"sqlite:///{path}", QUICK)
    await urn.register("demo", identity.recipient, 100)
    await urn.open_study("demo")
    token, log = Token.new(), Path(f"{path}-wal")
    draft = await urn.open_draft(token, "demo", b"")
    assert draft is not None
    with closing(sqlite3.connect(path)) as backup:
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM draft").fetchone()
        await urn.submit(token, draft, b"answer", "rolig elv", Code.new())
        assert urn.keeps_log
        await urn.tidy()
        assert urn.keeps_log
        assert (await asyncio.to_thread(log.stat)).st_size > 0

    await urn.tidy()

    assert not urn.keeps_log
    assert (await asyncio.to_thread(log.stat)).st_size == 0
    await urn.tidy()
    await urn.close()


async def test_a_read_sees_one_state_of_the_database(new_database: NewDatabase) -> None:
    """Another writes between two statements of a read, and the read does not see it."""
    url = await new_database()
    reader, writer = [await open_database(url, "operational") for _ in range(2)]
    await writer.write(lambda c: c.execute(text("CREATE TABLE pair (a INTEGER)")))
    has_read, written = threading.Event(), threading.Event()
    count = text("SELECT count(*) FROM pair")

    def twice(connection: Connection) -> tuple[object, object]:
        first = connection.scalar(count)
        has_read.set()
        while not written.is_set():
            connection.execute(text("SELECT 1"))
        return first, connection.scalar(count)

    async def write() -> None:
        while not has_read.is_set():  # noqa: ASYNC110 - the other side is a thread
            await asyncio.sleep(0)
        await writer.write(lambda c: c.execute(text("INSERT INTO pair VALUES (1)")))
        written.set()

    seen, _ = await asyncio.gather(reader.read(twice), write())

    assert seen == (0, 0)
    assert await reader.read(lambda c: c.scalar(count)) == 1
    await reader.close()
    await writer.close()


async def test_a_read_writes_nothing(new_database: NewDatabase) -> None:
    database = await open_database(await new_database(), "urn")
    create = text("CREATE TABLE written (a INTEGER)")
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await database.read(lambda c: c.execute(create))

    await database.write(lambda c: c.execute(create))
    await database.close()


def tables_of(name: DatabaseName) -> list[Table]:
    """Every table that the repositories of a database know."""
    package = importlib.import_module(f"storage.{name}")
    modules = [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    ]
    found = {
        id(each): each for m in modules for each in vars(m).values() if isinstance(each, Table)
    }
    return list(found.values())


@pytest.mark.parametrize("name", get_args(DatabaseName))
async def test_the_repositories_know_the_schema_that_migrations_make(
    new_database: NewDatabase, name: DatabaseName
) -> None:
    opened = await open_database(await new_database(), name)

    def columns(connection: Connection) -> dict[str, dict[str, str]]:
        known = inspect(connection)
        return {
            table: {c["name"]: kind_of(c["type"]) for c in known.get_columns(table)}
            for table in known.get_table_names()
            if table != "alembic_version"
        }

    migrated = await opened.read(columns)
    await opened.close()
    declared = {t.name: {c.name: kind_of(c.type) for c in t.columns} for t in tables_of(name)}
    assert declared == migrated


def kind_of(column: TypeEngine[Any]) -> str:
    """What is kept: a moment is a moment, whichever way a database writes it."""
    while isinstance(column, TypeDecorator):
        column = column.impl_instance
    return str(column.as_generic()).partition("(")[0]
