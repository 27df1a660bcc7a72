"""How rows of the operational database lose the order they came in.

Who stands beside whom in a table, and was written in the same transaction, tells who met where
and who talked with whom, though every row by itself is locked or says nothing of it.
"""

from sqlalchemy import Connection, text


def mix(connection: Connection, table: str) -> None:
    """Write all rows of a table anew, in random order: all are from the same transaction.

    Not one on which other rows hang.
    """
    if connection.dialect.name == "postgresql":
        # Whoever deletes a row meanwhile would not find it where it lies now.
        connection.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
        connection.execute(
            text(
                f"WITH gone AS (DELETE FROM {table} RETURNING *) "  # noqa: S608 - our own names
                f"INSERT INTO {table} SELECT * FROM gone ORDER BY gen_random_uuid()"
            )
        )
    else:
        connection.execute(text(f"UPDATE {table} SET rowid = random()"))  # noqa: S608 - our own names
