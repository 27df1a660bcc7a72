"""The version of a database's schema, and how to come to the one we know."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Text, column, inspect, select, table

_VERSION = select(column("version_num", Text)).select_from(table("alembic_version"))
_MIGRATIONS = Path(__file__).parent / "migrations"


class NewerSchema(Exception):
    """The database was written by a later version of this program."""

    def __init__(self, name: str, found: str, known: str) -> None:
        super().__init__(
            f"The {name} database has schema {found}, which this version of Kollegial does not "
            f"know; the newest it knows is {known}. Nothing was changed. Start the version that "
            f"last used this database, or a later one, or restore the backup from before the "
            f"upgrade."
        )
        self.found = found
        self.known = known


class OlderSchema(Exception):
    """The database is not yet as this version needs it."""

    def __init__(self, name: str, found: str | None, needed: str) -> None:
        has = f"has schema {found}" if found else "is not made yet"
        super().__init__(
            f"The {name} database {has}, and this version of Kollegial needs schema {needed}. "
            "Nothing was changed. Run `kollegial migrate` with the role that owns it; a "
            "demonstration makes its own when it starts (make run)."
        )


def migrate(connection: Connection, name: str) -> None:
    """Bring the schema to the newest we know, within the caller's transaction.

    Raises `NewerSchema`.
    """
    if _found(connection, name) == known_schemas(name)[0]:
        return
    from storage.migrating import upgrade  # noqa: PLC0415 - a server has nothing to migrate

    upgrade(connection, name)


def check(connection: Connection, name: str) -> None:
    """Raises `OlderSchema`, and `NewerSchema`."""
    found, needed = _found(connection, name), known_schemas(name)[0]
    if found != needed:
        raise OlderSchema(name, found, needed)


def _found(connection: Connection, name: str) -> str | None:
    is_made = inspect(connection).has_table("alembic_version")
    found: str | None = connection.scalar(_VERSION) if is_made else None
    newest, *older = known_schemas(name)
    if found not in {None, newest, *older}:
        raise NewerSchema(name, str(found), newest)
    return found


@cache
def known_schemas(name: str) -> tuple[str, ...]:
    """The versions that there are migrations to, the newest first: their files begin with them."""
    files = (_MIGRATIONS / name).glob("[ou][0-9]*.py")
    return tuple(sorted((each.name.partition("_")[0] for each in files), reverse=True))
