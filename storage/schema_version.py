"""The version of a database's schema, and how to come to the one we know."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

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


def migrate(connection: Connection, name: str) -> None:
    """Bring the schema to the newest we know, within the caller's transaction."""
    newest, *older = known_schemas(name)
    found = MigrationContext.configure(connection).get_current_revision()
    if found == newest:
        return
    if found is not None and found not in older:
        raise NewerSchema(name, found, newest)
    config = _config(name)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def known_schemas(name: str) -> tuple[str, ...]:
    """The versions that there are migrations to, the newest first."""
    script = ScriptDirectory.from_config(_config(name))
    return tuple(each.revision for each in script.walk_revisions())


def _config(name: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(_MIGRATIONS / name))
    return config
