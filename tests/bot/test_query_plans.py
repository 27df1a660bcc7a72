"""No press reads a whole table: a session and a sort, by the plans of every statement of theirs.

SQLite plans without looking at how much there is, so that empty tables show what full ones
would do. What has few rows for ever (studies, roles) may be read whole.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from simulation.hand import Tally
from simulation.session import SessionScenario, SimulatedGroup
from tests.support.kollegial import deliver, kollegial

FEW = frozenset({"study", "role", "alembic_version", "publication", "server_key"})
FEW |= {"peer_group", "appointment_offer"}
"""Groups are some hundreds, and only the living ones are read; an offer ends with its times."""
FEW |= {"once"}
"""No table: one row, made by the statement, that what may be missing is joined to."""


@contextmanager
def heard() -> Iterator[set[str]]:
    """Every statement that any engine is given meanwhile."""
    statements: set[str] = set()

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        statements.add(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def scans(file: str, statements: set[str]) -> set[str]:
    """The statements that read a table of this database from end to end."""
    with closing(sqlite3.connect(file)) as database:
        return {
            f"{step}: {statement}"
            for statement in statements
            if statement.startswith(("SELECT", "UPDATE", "DELETE"))
            for step in plan(database, statement)
            if (scan := re.match(r"SCAN (\w+)$", step)) and scan[1] not in FEW
        }


def plan(database: sqlite3.Connection, statement: str) -> list[str]:
    parameters: Any = [None] * statement.count("?")
    try:
        rows = database.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    except sqlite3.OperationalError:  # a table of the other database
        return []
    return [str(row[3]) for row in rows]


async def test_no_statement_of_a_session_or_a_sort_reads_a_whole_table(tmp_path: Path) -> None:
    async with kollegial(tmp_path) as house:
        with heard() as statements:
            scenario = SessionScenario("veiledningsgruppe", members=2)
            await SimulatedGroup(house.teams, house.anne, scenario, Tally(), None).meet()
            await deliver(house.kari)
        files = house.database_urls.values()
        found = set().union(*(scans(url.removeprefix("sqlite:///"), statements) for url in files))

    assert len(statements) > 40
    assert found == set()
