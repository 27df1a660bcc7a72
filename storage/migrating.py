"""Alembic's part of a schema: loaded where there is something to migrate, and nowhere else.

A server that finds its schema as it should be need not carry it in memory.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, name: str) -> None:
    """Bring a schema to the newest we know, within the caller's transaction."""
    config = configured(name)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def configured(name: str) -> Config:
    """What alembic needs to know of a database's migrations."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(MIGRATIONS / name))
    return config
