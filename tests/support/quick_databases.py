"""Databases that open and write quickly: what makes the product's slow is tested by itself.

What the migrations do to an empty database is always the same: the statements of
the first time are kept, and done again without Alembic. And no commit waits for the
disk: nobody pulls the plug of a test, and a process that is killed loses nothing. A
PostgreSQL server is waited for as long as a busy machine needs, where the test says
nothing else.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, event, inspect

from storage import database
from storage.database_url import Address, SqliteFile, read_url
from storage.schema_version import migrate

_durable_and_forgetful = database._durable_and_forgetful
Statement: TypeAlias = tuple[str, Any]

_kept: dict[tuple[str, str], list[Statement]] = {}


def migrate_as_before(connection: Connection, name: str) -> None:
    """Bring an empty database to the newest schema, quickly; any other as ever."""
    kind = connection.dialect.name, name
    if inspect(connection).get_table_names():
        migrate(connection, name)
    elif kind in _kept:
        for statement, values in _kept[kind]:
            connection.exec_driver_sql(statement, values)
    else:
        _kept[kind] = _written(connection, lambda: migrate(connection, name))


def not_synchronous(sqlite: Any, record: object) -> None:
    """Set a connection up as the product does, but for waiting."""
    _durable_and_forgetful(sqlite, record)
    sqlite.execute("PRAGMA synchronous = OFF").fetchall()


def read_patiently(url: str) -> Address:
    """The address, with five minutes' patience for a server unless it says how much."""
    address = read_url(url)
    if isinstance(address, SqliteFile) or "timeout" in url:
        return address
    return replace(
        address,
        connect_timeout=300,
        pool_timeout=300,
        command_timeout=300,
        statement_timeout=300_000,
        lock_timeout=300_000,
    )


def _written(connection: Connection, work: Callable[[], None]) -> list[Statement]:
    """What `work` writes."""
    statements: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            statements.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    work()
    event.remove(connection, "before_cursor_execute", note)
    return statements
