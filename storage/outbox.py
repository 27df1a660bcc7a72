"""What is to be sent, kept until it is.

    due --claim--> due, claimed --finish--> done
     ^                 |    |
     +---retry---------+    +---park--> parked

A claim is a lease: whoever claims and then dies leaves the message to the next
after `lease`. Several dispatchers on one database each get messages of their
own.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from storage.database import Database, Json, Utc, for_each_dialect, to_json

_OUTBOX = Table(
    "outbox",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("key", Text),
    Column("kind", Text),
    Column("conversation", Text),
    Column("payload", Text),
    Column("due_at", Utc),
    Column("expires_at", Utc),
    Column("state", Text),
    Column("reason", Text),
    Column("attempts", Integer),
    Column("claimed_until", Utc),
)


@dataclass(frozen=True, slots=True)
class Message:
    """Something to send at `due_at`, and not after `expires_at`."""

    key: str
    """What must not be sent twice has the same key."""
    kind: str
    conversation: Json
    payload: Json
    due_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is this dispatcher's to send."""

    id: str
    kind: str
    conversation: Json
    payload: Json
    attempts: int
    """How many times it was claimed, this time included."""
    was_interrupted: bool
    """Whoever claimed it before never said what came of it: it may have been sent."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that nobody will try to send again."""

    key: str
    kind: str
    reason: str


_ENQUEUE = for_each_dialect(
    lambda insert: insert(_OUTBOX).on_conflict_do_nothing(index_elements=["key"])
)
_WAITING = and_(
    _OUTBOX.c.state == "due",
    or_(_OUTBOX.c.claimed_until.is_(None), _OUTBOX.c.claimed_until <= bindparam("now")),
)


def enqueue(connection: Connection, message: Message) -> None:
    """Have a message sent, unless its key was used before."""
    values = {
        "id": secrets.token_hex(16),
        "key": message.key,
        "kind": message.kind,
        "conversation": to_json(message.conversation),
        "payload": to_json(message.payload),
        "due_at": message.due_at,
        "expires_at": message.expires_at,
        "state": "due",
        "attempts": 0,
    }
    connection.execute(_ENQUEUE[connection.dialect.name], values)


def forget_sent(connection: Connection, before: datetime) -> None:
    """Delete what was sent and was due before a time; its key may be used again."""
    connection.execute(delete(_OUTBOX).where(_OUTBOX.c.state == "done", _OUTBOX.c.due_at < before))


class Outbox:
    """The messages that wait, for those who send them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, at_most: int, now: datetime, lease: timedelta) -> list[Claimed]:
        """Take messages that are due, the longest due first.

        What has expired is parked instead.
        """

        def work(connection: Connection) -> list[Claimed]:
            connection.execute(
                update(_OUTBOX)
                .where(_WAITING, _OUTBOX.c.expires_at <= bindparam("now"))
                .values(state="parked", reason="expired"),
                {"now": now},
            )
            rows = connection.execute(
                select(_OUTBOX)
                .where(_WAITING, _OUTBOX.c.due_at <= bindparam("now"))
                .order_by(_OUTBOX.c.due_at, _OUTBOX.c.id)
                .limit(at_most)
                .with_for_update(skip_locked=True),
                {"now": now},
            ).all()
            connection.execute(
                update(_OUTBOX)
                .where(_OUTBOX.c.id.in_([row.id for row in rows]))
                .values(claimed_until=now + lease, attempts=_OUTBOX.c.attempts + 1)
            )
            return [
                Claimed(
                    row.id,
                    row.kind,
                    json.loads(row.conversation),
                    json.loads(row.payload),
                    row.attempts + 1,
                    was_interrupted=row.claimed_until is not None,
                )
                for row in rows
            ]

        return await self._database.write(work)

    async def next_due(self) -> datetime | None:
        """When `claim` will next find something; None while nothing waits."""

        def work(connection: Connection) -> datetime | None:
            moment: datetime | None = connection.scalar(
                select(func.min(func.coalesce(_OUTBOX.c.claimed_until, _OUTBOX.c.due_at))).where(
                    _OUTBOX.c.state == "due"
                )
            )
            return moment

        return await self._database.read(work)

    async def finish(self, message: str) -> None:
        """It was sent."""
        await self._settle(message, state="done")

    async def retry(self, message: str, due_at: datetime, reason: str) -> None:
        """It was certainly not sent; try again at `due_at`."""
        await self._settle(message, due_at=due_at, reason=reason)

    async def park(self, message: str, reason: str) -> None:
        """It was not sent, or may have been; never try again."""
        await self._settle(message, state="parked", reason=reason)

    async def parked(self) -> list[Parked]:
        """What was not sent, for somebody to look at."""

        def work(connection: Connection) -> list[Parked]:
            columns = _OUTBOX.c.key, _OUTBOX.c.kind, _OUTBOX.c.reason
            rows = connection.execute(
                select(*columns).where(_OUTBOX.c.state == "parked").order_by(_OUTBOX.c.key)
            )
            return [Parked(*row) for row in rows]

        return await self._database.read(work)

    async def _settle(self, message: str, **values: str | datetime) -> None:
        statement = update(_OUTBOX).where(_OUTBOX.c.id == message)
        await self._database.write(
            lambda c: c.execute(statement.values(claimed_until=None, **values))
        )
