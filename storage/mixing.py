"""How the rows of the urn lose the order they came in."""

import random
import secrets
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from storage.urn_tables import REQUESTED, SUBMISSION, TABLES

_MIXED = 64
"""How many submissions change places with one that comes in: all, in a study of fewer."""


def mix(connection: Connection, newcomer: dict[str, Any]) -> None:
    """Put a submission in, and tell by nothing which one it was.

    It and those beside it are written in random order under new random ids, so
    all have the same transaction, and each may lie where any of them lay. What
    has the newcomer's pseudonym makes room for it.
    """
    study = newcomer["study"]
    of_study = select(SUBMISSION).where(SUBMISSION.c.study == study)
    start = secrets.token_bytes(16)
    rows = [newcomer]
    for beside in (SUBMISSION.c.id >= start, SUBMISSION.c.id < start):
        nearest = of_study.where(beside, SUBMISSION.c.pseudonym != newcomer["pseudonym"])
        nearest = nearest.order_by(SUBMISSION.c.id).limit(_MIXED + 1 - len(rows))
        rows += (row._asdict() for row in connection.execute(nearest))
    connection.execute(
        delete(SUBMISSION).where(
            SUBMISSION.c.study == study,
            SUBMISSION.c.pseudonym.in_([row["pseudonym"] for row in rows]),
        )
    )
    random.SystemRandom().shuffle(rows)
    connection.execute(insert(SUBMISSION), [{**row, "id": secrets.token_bytes(16)} for row in rows])


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
