"""Opening: migrations, newer schemas, wrong addresses; and what stays outside of logs."""

import asyncio
import logging
import stat
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import text

from storage.codes import Code, Token
from storage.database import Name, open_database
from storage.operational import Operational
from storage.schema_version import NewerSchema
from storage.sealing import Identity
from storage.urn import Submitted, Urn
from tests.storage.conftest import QUICK
from tests.support.databases import NewDatabase


async def test_opening_again_keeps_what_was_stored(
    new_database: NewDatabase, identity: Identity
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


@pytest.mark.parametrize("name", get_args(Name))
async def test_a_newer_schema_is_refused_and_left_alone(
    new_database: NewDatabase, name: Name
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


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://somewhere/urn"])
async def test_other_kinds_of_database_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must be sqlite:///FILE or postgresql://HOST/DATABASE"):
        await open_database(url, "urn")


async def test_a_password_does_not_stand_in_the_refusal() -> None:
    with pytest.raises(ValueError, match="mysql") as refused:
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
    new_database: NewDatabase, identity: Identity, caplog: pytest.LogCaptureFixture
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
    new_database: NewDatabase, identity: Identity
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


async def test_the_log_is_empty_once_an_answer_is_in(tmp_path: Path, identity: Identity) -> None:
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
