"""Migrations that find something: what was stored before is there after, as it must be."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from storage.database import DatabaseName
from storage.migrating import configured
from storage.schema_version import known_schemas


def brought_to(connection: Connection, revision: str) -> None:
    config = configured("operational")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{tmp_path}/operational.db")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_of_two_sessions_of_a_group_the_one_that_went_on_is_kept_and_leads_its_channel(
    connection: Connection,
) -> None:
    brought_to(connection, "o0016")
    columns = {column[1] for column in connection.execute(text("PRAGMA table_info(session)"))}
    for name, group, place, is_over, version in (
        ("went on", "g", "19:c;messageid=1", False, 7),
        ("by mistake", "g", "19:c;messageid=2", False, 1),
        ("over", "g", "19:c;messageid=3", True, 9),
        ("another", "h", "19:d", False, 2),
    ):
        row = {
            **dict.fromkeys(columns, b""),
            "id": name,
            "group": group,
            "place": place,
            "is_over": is_over,
            "version": version,
            "meeting": 1,
            "reference": "r",
        }
        names, values = ", ".join(f'"{key}"' for key in row), ", ".join(f":{key}" for key in row)
        connection.execute(text(f"INSERT INTO session ({names}) VALUES ({values})"), row)

    brought_to(connection, "head")

    kept = connection.execute(text("SELECT id, place FROM session ORDER BY id")).all()
    assert [tuple(row) for row in kept] == [
        ("another", "19:d"),
        ("over", "19:c"),
        ("went on", "19:c"),
    ]


def test_an_invitation_of_a_thread_is_found_by_its_channel(connection: Connection) -> None:
    brought_to(connection, "o0018")
    connection.execute(text("INSERT INTO study VALUES ('s', 'x', '2026-12-01')"))
    for place in "19:c;messageid=1", "19:d":
        values = "(:place, '1', 's', '{}', 12)"
        connection.execute(text(f"INSERT INTO invitation VALUES {values}"), {"place": place})

    brought_to(connection, "head")

    kept = connection.execute(text("SELECT conversation, channel FROM invitation ORDER BY 1"))
    assert [tuple(row) for row in kept] == [("19:c;messageid=1", "19:c"), ("19:d", "19:d")]


@pytest.mark.parametrize("name", get_args(DatabaseName))
def test_files_are_named_after_their_versions(name: DatabaseName) -> None:
    script = ScriptDirectory.from_config(configured(name))

    assert known_schemas(name) == tuple(each.revision for each in script.walk_revisions())


def test_a_server_that_finds_its_schema_does_without_alembic_and_numerics() -> None:
    loaded = "import sys, bot.app; print([n for n in sys.modules if n in ('alembic', 'numpy')])"
    found = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True)

    assert found.stdout.strip() == b"[]"
