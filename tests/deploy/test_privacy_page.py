"""What is stored stands in one table: it is what the databases have, and what the pages say."""

from collections import defaultdict
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, inspect

from dialogs.retention import EVERYTHING, OUTBOX, ROWS, Retained
from dialogs.sessions.method import After
from storage.database import DatabaseName, open_database
from tests.deploy.retention_pages import pages
from tests.support.databases import NewDatabase, database_kind, new_database
from tests.support.kollegial import kollegial

__all__ = ["database_kind", "new_database"]


@pytest.mark.parametrize("name", ["operational", "urn"])
async def test_every_table_has_its_end_and_every_end_its_table(
    new_database: NewDatabase, name: str
) -> None:
    database = await open_database(await new_database(), cast("DatabaseName", name))

    def look(connection: Connection) -> dict[str, set[str]]:
        found = inspect(connection)
        return {
            table: {column["name"] for column in found.get_columns(table)}
            for table in found.get_table_names()
        }

    there = await database.read(look)
    await database.close()
    of_it = [kept for kept in EVERYTHING if kept.database == name]
    assert {kept.table for kept in of_it} == set(there)
    for kept in of_it:
        columns = {*kept.rows, *kept.names.values(), kept.day, kept.moment} - {""}
        assert columns <= there[kept.table], kept.table
    for table, column in ROWS.values():
        assert name == "urn" or column in there[table]


def test_kinds_of_rows_of_one_table_are_told_apart_by_one_column() -> None:
    kinds: dict[tuple[str, str], list[Retained]] = defaultdict(list)
    for kept in EVERYTHING:
        kinds[kept.database, kept.table].append(kept)
    for several in (each for each in kinds.values() if len(each) > 1):
        assert len({column for kept in several for column in kept.rows}) == 1
        values = [value for kept in several for found in kept.rows.values() for value in found]
        assert len(values) == len({*values})


async def test_every_kind_of_message_has_its_end(tmp_path: Path) -> None:
    async with kollegial(tmp_path, ()) as house:
        assert set(house.services.dispatcher._kinds) == set(OUTBOX)


def test_nothing_that_ends_with_a_person_holds_them_for_ever() -> None:
    """Whatever keeps somebody remembered has an end of its own, or an operator who takes it."""
    for kept in EVERYTHING:
        if kept.holds_person:
            assert "person" in kept.names, kept.table
            assert kept.by != "never", kept.table


def test_the_pages_say_what_the_table_says() -> None:
    for page, text in pages().items():
        assert page.read_text("utf-8") == text, (
            f"{page.name} is not what the table says: run "
            "`.venv/bin/python -m tests.deploy.retention_pages`"
        )


def test_how_long_a_form_is_kept_is_what_methods_say() -> None:
    form = next(kept for kept in EVERYTHING if kept.kind == "form")
    assert f"vanligvis {After().destroy_forms_days}, etter møtet" in form.until
