"""A look at a database from outside, which leaves nothing behind: not even a schema.

Of PostgreSQL it asks what the bot's role may do, and tries it in a transaction that is taken back.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg

from storage.database import DatabaseName
from storage.database_url import VERIFIED, Address, PostgresServer, SqliteFile, read_url
from storage.schema_version import known_schemas

_VERSION = "SELECT version_num FROM alembic_version"
NEEDED: Final[dict[DatabaseName, tuple[str, ...]]] = {
    "operational": ("SELECT", "INSERT", "UPDATE", "DELETE", "MAINTAIN"),
    "urn": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"),
}
"""What the bot's role may do with every table. `deploy/postgres/roles.sql` grants it."""
OLDEST_SERVER = 130000
_KNOWS_MAINTAIN = 17
"""Older servers have no such privilege, and only the owner writes the tables anew."""
_ROLES_FILE = "deploy/postgres/roles.sql has the permissions."
_REMEDIES: Final = {
    "25006": "The server takes no writes: name the primary, or add target_session_attrs="
    "read-write and all hosts.",
    "42501": f"The role lacks a privilege. {_ROLES_FILE}",
    "53100": "The server's disk is full: make room.",
    "53300": "The server takes no more connections: raise max_connections, or lower pool_size.",
    "55P03": "Another session holds a lock: see pg_stat_activity.",
    "57014": "It took too long: see what else the server is busy with.",
}
"""What to do, by PostgreSQL's code."""


class Unreadable(Exception):
    """There is no database there that could be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that would keep the bot from its work, or tell what nothing should tell."""

    said: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What there is, beside what this program knows."""

    found: str | None
    """The schema's version; None where there is no schema yet."""
    known: tuple[str, ...]
    """All versions that this program can bring up to date, the newest first."""
    ahead_s: float = 0.0
    """By how many seconds the server's clock is ahead of ours."""
    obstacles: list[Obstacle] = field(default_factory=list)


async def examine(url: str, name: DatabaseName, other: str | None = None) -> Examined:
    """Look at a database, and at whether its role reaches the other one. Raises `Unreadable`."""
    try:
        match read_url(url):
            case SqliteFile(path):
                return await asyncio.to_thread(_sqlite, path, name)
            case PostgresServer() as server:
                return await _postgres(server, name, read_url(other) if other else None)
    except (
        *(OSError, TimeoutError, ValueError, sqlite3.Error),
        *(asyncpg.PostgresError, asyncpg.InterfaceError),
    ) as error:
        reason, *_ = str(error).splitlines() or [type(error).__name__]
        raise Unreadable(reason) from error


def _sqlite(path: Path, name: DatabaseName) -> Examined:
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


async def _postgres(server: PostgresServer, name: DatabaseName, other: Address | None) -> Examined:
    connection = await server.connect()
    try:
        theirs = await connection.fetchval("SELECT clock_timestamp()")
        ahead = (theirs - datetime.now(UTC)).total_seconds()
        exists = await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        obstacles = [each async for each in _of_server(connection, server, name)]
        obstacles += [each async for each in _of_role(connection, server, other)]
        version = None
        if exists:
            obstacles += [each async for each in _of_tables(connection, name)]
            version = await _version(connection)
    finally:
        await connection.close()
    return Examined(version, known_schemas(name), ahead, obstacles)


async def _version(connection: Any) -> str | None:
    """None too where it may not be read, which is an obstacle of its own."""
    if not await connection.fetchval("SELECT has_table_privilege('alembic_version', 'SELECT')"):
        return None
    version: str | None = await connection.fetchval(_VERSION)
    return version


async def _of_server(
    connection: Any, server: PostgresServer, name: DatabaseName
) -> AsyncIterator[Obstacle]:
    """How the server is set up, and how it is reached."""

    async def setting(of: str) -> str:
        return str(await connection.fetchval("SELECT current_setting($1, true)", of))

    if int(await setting("server_version_num")) < OLDEST_SERVER:
        yield Obstacle(
            f"PostgreSQL {await setting('server_version')} is too old", "Use version 13 or later."
        )
    if await setting("server_encoding") != "UTF8":
        yield Obstacle(
            f"its encoding is {await setting('server_encoding')}, which lacks letters",
            "Make the database anew with ENCODING 'UTF8'.",
        )
    if server.is_elsewhere and server.sslmode not in VERIFIED:
        yield Obstacle(
            f"sslmode={server.sslmode} does not see who answers, and what is said may be read",
            "Write sslmode=verify-full&sslrootcert=FILE in its URL.",
        )
    if int(await setting("max_connections")) < server.pool_size:
        yield Obstacle(
            f"it takes {await setting('max_connections')} connections, and each replica asks for "
            f"up to {server.pool_size}",
            "Raise max_connections, or lower pool_size in its URL.",
        )
    if await setting("log_statement") not in {"none", "ddl"}:
        yield Obstacle(
            "its log keeps statements, and with them who wrote when",
            "ALTER SYSTEM SET log_statement = 'none'; SELECT pg_reload_conf();",
        )
    if name == "urn":
        for setting_name, why in (
            ("archive_mode", "its log is archived, which tells in what order answers came"),
            ("track_commit_timestamp", "it keeps the time of each answer"),
        ):
            if await setting(setting_name) in {"on", "always"}:
                yield Obstacle(
                    f"{setting_name} is on: {why}",
                    f"Put the urn on a server of its own, with {setting_name} = off "
                    "(docs/operators.md, Backup).",
                )


async def _of_role(
    connection: Any, server: PostgresServer, other: Address | None
) -> AsyncIterator[Obstacle]:
    """What the role may do that it should not."""
    role = await connection.fetchrow(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls "
        "FROM pg_roles WHERE rolname = current_user"
    )
    if too_much := [name.removeprefix("rol").upper() for name, has in role.items() if has]:
        taken = " ".join(f"NO{name.replace('SUPER', 'SUPERUSER')}" for name in too_much)
        yield Obstacle(
            f"the role {server.user} may do more than the bot needs: {', '.join(too_much)}",
            f"ALTER ROLE {server.user} {taken}; or give the bot a role of its own. {_ROLES_FILE}",
        )
    elif await connection.fetchval(
        "SELECT has_schema_privilege('public', 'CREATE') OR EXISTS (SELECT FROM pg_class WHERE "
        "relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'USAGE'))"
    ):
        yield Obstacle(
            f"the role {server.user} may change the schema",
            f"Give the bot a role that may not, and run `kollegial migrate` with this one. "
            f"{_ROLES_FILE}",
        )
    if not await connection.fetchval("SELECT has_schema_privilege('public', 'USAGE')"):
        yield Obstacle(
            f"the role {server.user} may not use its schema",
            f"GRANT USAGE ON SCHEMA public TO {server.user};",
        )
    match other:
        case PostgresServer(hosts=hosts, database=database) if set(hosts) & set(server.hosts):
            if await connection.fetchval(
                "SELECT bool_or(has_database_privilege(oid, 'CONNECT')) FROM pg_database "
                "WHERE datname = $1 AND datname <> current_database()",
                database,
            ):
                yield Obstacle(
                    f"its role {server.user} reaches the database {database} too, and nothing may "
                    "join the two",
                    f"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC, {server.user};",
                )


async def _of_tables(connection: Any, name: DatabaseName) -> AsyncIterator[Obstacle]:
    """What the role may not do that it must."""
    user = await connection.fetchval("SELECT current_user")
    is_old = connection.get_server_version().major < _KNOWS_MAINTAIN
    for privilege in NEEDED[name]:
        if privilege == "MAINTAIN" and is_old:
            continue
        rows = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
            "'public'::regnamespace AND NOT has_table_privilege(oid, $1) ORDER BY relname",
            privilege,
        )
        if names := ", ".join(f'"{row["relname"]}"' for row in rows):
            yield Obstacle(
                f"the role {user} may not {privilege} {names}",
                f"As the owner: GRANT {privilege} ON {names} TO {user};",
            )
    if name == "urn" and not await connection.fetchval(
        "SELECT has_database_privilege(current_database(), 'TEMPORARY')"
    ):
        database = await connection.fetchval("SELECT current_database()")
        yield Obstacle(
            f"the role {user} may make no temporary tables, by which the urn is written anew at "
            "night",
            f"GRANT TEMPORARY ON DATABASE {database} TO {user};",
        )
        return
    try:
        await _try(connection, name)
    except asyncpg.PostgresError as error:
        reason, *_ = str(error).splitlines()
        remedy = _REMEDIES.get(error.sqlstate or "", "See the server's log.")
        yield Obstacle(f"the bot's work was tried, and failed: {reason}", remedy)


_TRIED: Final[dict[DatabaseName, tuple[str, ...]]] = {
    "operational": (
        "INSERT INTO seen (key, at) VALUES ('\\x00646f63746f72', now())",
        "UPDATE seen SET at = now() WHERE key = '\\x00646f63746f72'",
        "DELETE FROM seen WHERE key = '\\x00646f63746f72'",
        "INSERT INTO audit (at, who, what) VALUES (now(), 'doctor', 'tried')",
    ),
    "urn": (
        "CREATE TEMP TABLE kept_by_doctor ON COMMIT DROP AS TABLE withdrawal",
        "INSERT INTO withdrawal (study, pseudonym) VALUES ('\x01doctor', 'doctor')",
        "DELETE FROM withdrawal WHERE study = '\x01doctor'",
    ),
}


async def _try(connection: Any, name: DatabaseName) -> None:
    transaction = connection.transaction()
    await transaction.start()
    try:
        for statement in _TRIED[name]:
            await connection.execute(statement)
    finally:
        await transaction.rollback()
