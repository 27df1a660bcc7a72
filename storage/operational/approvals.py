"""Who approved what: bodies, and never persons.

async with operational.begin() as transaction:
    transaction.run(operational.approvals.note(approval))
"""

from dataclasses import asdict

from sqlalchemy import Column, Connection, Date, MetaData, Table, Text, delete, insert, select

from dialogs.approvals import Approval
from storage.database import Database, Write

_APPROVAL = Table(
    "approval",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("about", Text),
    Column("subject", Text),
    Column("digest", Text),
    Column("role", Text),
    Column("body", Text),
    Column("day", Date),
    Column("until", Date),
)


class ApprovalStore:
    """Every approval that was noted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, approval: Approval) -> Write:
        """A new one."""
        statement = insert(_APPROVAL).values(asdict(approval))
        return lambda c: c.execute(statement)

    async def all(self) -> list[Approval]:
        """The oldest first."""

        def work(connection: Connection) -> list[Approval]:
            rows = connection.execute(select(_APPROVAL).order_by(_APPROVAL.c.day, _APPROVAL.c.id))
            return [Approval(**row._asdict()) for row in rows]

        return await self._database.read(work)

    async def take_back(self, approval: str) -> bool:
        """It does not hold any more, or was noted by mistake; whether it was there."""
        statement = delete(_APPROVAL).where(_APPROVAL.c.id == approval)
        return bool(await self._database.write(lambda c: c.execute(statement).rowcount))
