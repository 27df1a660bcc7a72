"""A look at a database from outside, which changes nothing: not even its schema."""

import asyncio
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from storage.database import Name
from storage.schema_version import known_schemas

_PATIENCE_S = 10.0
_VERSION = "SELECT version_num FROM alembic_version"


class Unreadable(Exception):
    """There is no database there that could be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What there is, beside what this program knows."""

    found: str | None
    """The schema's version; None where there is no schema yet."""
    known: tuple[str, ...]
    """All versions that this program can bring up to date, the newest first."""
    ahead_s: float = 0.0
    """By how many seconds the server's clock is ahead of ours."""


async def examine(url: str, name: Name) -> Examined:
    """Look at a database. Raises `Unreadable`."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise Unreadable(f"{parsed.get_backend_name()} is neither sqlite nor postgresql")
        if parsed.get_backend_name() == "sqlite":
            return await asyncio.to_thread(_sqlite, Path(parsed.database or ""), name)
        return await _postgres(parsed, name)
    except ArgumentError:
        raise Unreadable("that is no address of a database, such as sqlite:///FILE") from None
    except (OSError, TimeoutError, ValueError, sqlite3.Error, asyncpg.PostgresError) as error:
        reason, *_ = str(error).splitlines() or [type(error).__name__]
        raise Unreadable(reason) from error


def _sqlite(path: Path, name: Name) -> Examined:
    if not path.exists():
        return Examined(None, known_schemas(name))
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        tables = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        ).fetchone()
        version = connection.execute(_VERSION).fetchone() if tables[0] else None
    finally:
        connection.close()
    return Examined(version[0] if version else None, known_schemas(name))


async def _postgres(url: URL, name: Name) -> Examined:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain, timeout=_PATIENCE_S)
    try:
        server = await connection.fetchval("SELECT clock_timestamp()")
        ahead = (server - datetime.now(UTC)).total_seconds()
        exists = await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        version = await connection.fetchval(_VERSION) if exists else None
    finally:
        await connection.close()
    return Examined(version, known_schemas(name), ahead)
