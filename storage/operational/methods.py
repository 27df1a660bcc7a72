"""Methods as they were: a file that is edited or removed changes no session under way.

    async with operational.begin() as transaction:
        transaction.run(operational.methods.keep(kept, today))
        transaction.run(sessions.add(session))

Each is written once, by the digest of its definition, and shared by all sessions that
go by it. It is no secret, and nobody's.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    Column,
    Connection,
    Date,
    MetaData,
    Table,
    Text,
    column,
    delete,
    select,
    table,
)

from storage.database import Database, Write, replacing

_METHOD = Table(
    "kept_method",
    MetaData(),
    Column("digest", Text, primary_key=True),
    Column("id", Text),
    Column("definition", Text),
    Column("day", Date),
)
_SESSION = table("session", column("method", Text))
_GROUP = table("peer_group", column("method", Text))
_OF_SESSIONS = select(_SESSION.c.method).where(_SESSION.c.method.is_not(None))
_OF_GROUPS = select(_GROUP.c.method)
_PUT = replacing(_METHOD, "digest")


@dataclass(frozen=True, slots=True)
class KeptMethod:
    """A method's id, and the whole of it as `dialogs.sessions.method_file.dump` writes it."""

    id: str
    definition: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.definition.encode()).hexdigest()


class KeptMethods:
    """Every method that a session goes by, or that a group has had."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, method: KeptMethod, today: date) -> Write:
        """Keep it; again notes the day alone. Nobody forgets it before the transaction ends."""
        values = {
            "digest": method.digest,
            "id": method.id,
            "definition": method.definition,
            "day": today,
        }
        return lambda c: c.execute(_PUT[c.dialect.name], values)

    async def get(self, digest: str) -> str | None:
        """A definition."""
        statement = select(_METHOD.c.definition).where(_METHOD.c.digest == digest)
        return await self._database.read(lambda c: c.scalar(statement))

    async def all(self) -> list[KeptMethod]:
        """Every one, also several of the same id: that which was kept last comes last."""

        def work(connection: Connection) -> list[KeptMethod]:
            rows = connection.execute(
                select(_METHOD.c.id, _METHOD.c.definition).order_by(_METHOD.c.day, _METHOD.c.digest)
            )
            return [KeptMethod(*row) for row in rows]

        return await self._database.read(work)

    async def forget_unused(self) -> None:
        """Delete those by which no session goes, and whose id no group has."""

        def work(connection: Connection) -> None:
            # Whoever is keeping one is waited for, so that the next statement sees its session.
            connection.execute(select(_METHOD.c.id).order_by(_METHOD.c.digest).with_for_update())
            is_unused = _METHOD.c.digest.not_in(_OF_SESSIONS) & _METHOD.c.id.not_in(_OF_GROUPS)
            connection.execute(delete(_METHOD).where(is_unused))

        await self._database.write(work)
