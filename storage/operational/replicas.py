"""Which replicas run on this database: each says so now and then, under a name of its own.

A name is random and new with each start; it says nothing of the machine.
"""

from datetime import datetime

from sqlalchemy import Column, Connection, MetaData, Table, Text, delete, func, select

from dialogs.retention import REPLICA
from storage.database import Database, Utc, replacing

_REPLICA = Table(
    "replica",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("seen_at", Utc),
)
_SAY = replacing(_REPLICA, "id")


class Replicas:
    """Those that run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, me: str, now: datetime) -> int:
        """Say that I run; how many do."""

        def work(connection: Connection) -> int:
            connection.execute(_SAY[connection.dialect.name], {"id": me, "seen_at": now})
            connection.execute(delete(_REPLICA).where(_REPLICA.c.seen_at < now - REPLICA))
            return connection.scalar(select(func.count()).select_from(_REPLICA)) or 1

        return await self._database.write(work)

    async def leave(self, me: str) -> None:
        """I stop: the others need not wait until I am missed."""
        await self._database.write(lambda c: c.execute(delete(_REPLICA).where(_REPLICA.c.id == me)))
