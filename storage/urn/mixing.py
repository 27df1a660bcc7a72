"""How the rows of the urn lose the order they came in."""

import random
from collections.abc import Sequence

from sqlalchemy import Connection, LargeBinary, delete, insert, select, text

from storage.database import Json
from storage.urn.tables import REQUESTED, SUBMISSION, TABLES

_MIXED = 32
"""How many submissions change places with one that comes in: all, in a study of fewer."""
_NEW = ", ".join(
    f"CAST(:{c.name} AS {'bytea' if isinstance(c.type, LargeBinary) else 'text'}[])"
    for c in SUBMISSION.c
)
_NAMES = ", ".join(SUBMISSION.c.keys())
_MIX = text(
    f"""
    WITH newcomer AS (
        SELECT * FROM unnest({_NEW}) AS each ({_NAMES})
    ), beside AS (
        SELECT near.pseudonym FROM newcomer CROSS JOIN LATERAL (
            (SELECT pseudonym FROM submission
                WHERE study = newcomer.study AND pseudonym > newcomer.pseudonym
                ORDER BY pseudonym LIMIT {_MIXED})
            UNION ALL
            (SELECT pseudonym FROM submission
                WHERE study = newcomer.study AND pseudonym < newcomer.pseudonym
                ORDER BY pseudonym LIMIT {_MIXED})
            LIMIT {_MIXED}
        ) AS near
        UNION
        SELECT pseudonym FROM newcomer
    ), gone AS (
        DELETE FROM submission WHERE study = (SELECT study FROM newcomer LIMIT 1)
            AND pseudonym IN (SELECT pseudonym FROM beside)
        RETURNING {_NAMES}
    )
    INSERT INTO submission ({_NAMES})
        SELECT {_NAMES} FROM (
            SELECT {_NAMES} FROM gone WHERE pseudonym NOT IN (SELECT pseudonym FROM newcomer)
            UNION ALL
            SELECT {_NAMES} FROM newcomer
        ) AS mixed ORDER BY gen_random_uuid()
    """  # noqa: S608 - our own names
)
"""On PostgreSQL, in one statement: the rows, half a megabyte, do not leave the server."""


def mix(connection: Connection, newcomers: Sequence[Json]) -> None:
    """Put submissions of one study in, and tell by nothing which ones they were.

    They and those beside each of them in the alphabet are written anew in random
    order: all are from the same transaction, and each may lie where any of them lay.
    An answer with a newcomer's pseudonym makes room for it.
    """
    if connection.dialect.name == "postgresql":
        columns = {c.name: [each[c.name] for each in newcomers] for c in SUBMISSION.c}
        connection.execute(_MIX, columns)
        return
    (study,) = {each["study"] for each in newcomers}
    rows: dict[str, Json] = {}
    for each in newcomers:
        rows |= _beside(connection, study, each["pseudonym"])
    rows |= {each["pseudonym"]: each for each in newcomers}
    connection.execute(
        delete(SUBMISSION).where(SUBMISSION.c.study == study, SUBMISSION.c.pseudonym.in_([*rows]))
    )
    mixed = [*rows.values()]
    random.SystemRandom().shuffle(mixed)
    connection.execute(insert(SUBMISSION), mixed)


def _beside(connection: Connection, study: str, pseudonym: str) -> dict[str, Json]:
    of_study = select(SUBMISSION).where(SUBMISSION.c.study == study)
    rows: dict[str, Json] = {}
    for beside in (SUBMISSION.c.pseudonym > pseudonym, SUBMISSION.c.pseudonym < pseudonym):
        nearest = of_study.where(beside).order_by(SUBMISSION.c.pseudonym)
        for row in connection.execute(nearest.limit(_MIXED - len(rows))):
            rows[row.pseudonym] = row._asdict()
    return rows


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
