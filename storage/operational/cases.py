"""The cases that wait with standing panels: each locked, and named by its owner alone.

A queue is read whole and saved with its group, in one transaction: whoever is too late gets the
group's `Stale`, and begins again.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    delete,
    select,
)

from dialogs.groups.cases import Case, Queue
from storage.crypto.vault import Vault
from storage.database import Database, Write, replacing
from storage.operational.mixing import mix

_TABLES = MetaData()
CASE = Table(
    "queued_case",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("peer_group", Text, ForeignKey("peer_group.id")),
    Column("person", Text),
    Column("key", LargeBinary),
    Column("document", LargeBinary),
    Column("until", Date),
)
_PUT = replacing(CASE, "id")
_cases = TypeAdapter(Case)


class CaseStore:
    """Every queue."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def of_group(self, group: str) -> Queue:
        """Everything that one panel has, in the order in which it came."""
        found = await self._some(CASE.c.peer_group == group)
        return tuple(case for _, case in found)

    async def of_person(self, person: str) -> list[tuple[str, Case]]:
        """What somebody has brought, each with its group."""
        return await self._some(CASE.c.person == person)

    def save(self, group: str, before: Iterable[Case], after: Iterable[Case]) -> Write:
        """One queue in the place of another."""
        known, left = {case.id: case for case in before}, [*after]
        gone = known.keys() - {case.id for case in left}
        changed = [self._row(group, case) for case in left if known.get(case.id) != case]

        def step(connection: Connection) -> None:
            if gone:
                connection.execute(delete(CASE).where(CASE.c.id.in_(gone)))
            if changed:
                connection.execute(_PUT[connection.dialect.name], changed)
                mix(connection, CASE.name)

        return step

    def _row(self, group: str, case: Case) -> dict[str, Any]:
        key = Vault.new_row_key()
        return {
            "id": case.id,
            "peer_group": group,
            "person": case.person,
            "key": key,
            "document": self._vault.lock(key, case.id, _cases.dump_json(case)),
            "until": case.until,
        }

    async def _some(self, which: ColumnElement[bool]) -> list[tuple[str, Case]]:
        def work(connection: Connection) -> list[tuple[str, Case]]:
            rows = connection.execute(select(CASE).where(which))
            return [(row.peer_group, self._case(row)) for row in rows]

        return sorted(await self._database.read(work), key=lambda found: found[1].came)

    def _case(self, row: Row[Any]) -> Case:
        return _cases.validate_json(self._vault.unlock(row.key, row.id, row.document))
