"""How the rows of the urn lose the order they came in."""

import random
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from storage.urn_tables import REQUESTED, SUBMISSION, TABLES

_MIXED = 32
"""How many submissions change places with one that comes in: all, in a study of fewer."""


def mix(connection: Connection, newcomer: dict[str, Any]) -> None:
    """Put a submission in, and tell by nothing which one it was.

    It and those beside it in the alphabet are written anew in random order: all
    are from the same transaction, and each may lie where any of them lay. An
    answer with the newcomer's pseudonym makes room for it.
    """
    study, pseudonym = newcomer["study"], newcomer["pseudonym"]
    of_study = select(SUBMISSION).where(SUBMISSION.c.study == study)
    rows = [newcomer]
    for beside in (SUBMISSION.c.pseudonym > pseudonym, SUBMISSION.c.pseudonym < pseudonym):
        nearest = of_study.where(beside).order_by(SUBMISSION.c.pseudonym)
        found = connection.execute(nearest.limit(_MIXED + 1 - len(rows)))
        rows += (row._asdict() for row in found)
    connection.execute(
        delete(SUBMISSION).where(
            SUBMISSION.c.study == study,
            SUBMISSION.c.pseudonym.in_([row["pseudonym"] for row in rows]),
        )
    )
    random.SystemRandom().shuffle(rows)
    connection.execute(insert(SUBMISSION), rows)


def alone(connection: Connection) -> None:
    """Wait for everybody else, and keep everybody else waiting.

    SQLite's writers are alone anyhow. The order of the tables is the one in
    which all transactions here come to them, so none waits for another in a
    ring.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(TABLES.tables)
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def reseal(connection: Connection) -> None:
    connection.execute(delete(SUBMISSION).where(REQUESTED))
    if connection.dialect.name == "postgresql":
        # New files, and one transaction for all rows: neither VACUUM FULL nor
        # CLUSTER changes which transaction (xmin) a row is from. On SQLite
        # VACUUM writes the file anew in the order of the random keys.
        for name in TABLES.tables:
            connection.execute(text(f"CREATE TEMP TABLE kept ON COMMIT DROP AS TABLE {name}"))
            connection.execute(text(f"TRUNCATE {name}"))
            connection.execute(text(f"INSERT INTO {name} SELECT * FROM kept ORDER BY random()"))  # noqa: S608 - our own table names
            connection.execute(text("DROP TABLE kept"))
