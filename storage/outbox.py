"""What is to be sent, kept until it is.

    due --claim--> due, not before its lease ends --finish--> done
     ^                 |    |
     +---retry---------+    +---park--> parked
     |
     +--drop_expired--> expired

`next_at` is when to look at a message next: at first when it is due, then when
a lease or a pause ends. A claim is a lease: whoever claims and then dies leaves
the message to the next after `lease`. Several dispatchers on one database each
get messages of their own.

What was sent or expired leaves only its key, its kind and when it was due: so long as they
are kept, the key sends nothing again.
"""

import json
import secrets
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Integer,
    MetaData,
    Table,
    Text,
    Update,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.database import Database, Json, Stale, Step, Utc, for_each_dialect, to_json
from storage.groups import channel_of

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
    Column("is_bulk", Boolean),
    Column("state", Text),
    Column("reason", Text),
    Column("attempts", Integer),
    Column("begun", Boolean),
    Column("next_at", Utc),
)

INTERRUPTED = "ambiguous: interrupted while sending"
"""Why something is parked whose dispatcher died with it."""
_AT_ONCE = 1000
"""Rows in one statement: SQLite bounds a statement's parameters."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to send at `due_at`, and not at `expires_at` or after."""

    key: str
    """What must not be sent twice has the same key."""
    kind: str
    conversation: Json
    payload: Json
    due_at: datetime
    expires_at: datetime | None = None
    is_bulk: bool = False
    """One of very many, that nobody waits for: it goes after everything else."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is this dispatcher's to send."""

    id: str
    kind: str
    conversation: Json
    payload: Json
    attempts: int
    """How many times it was claimed, this time included."""
    was_begun: bool
    """Whoever claimed it before had begun to send, and never said what came of it."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that nobody will try to send again."""

    id: str
    key: str
    kind: str
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """What should have been sent by now and was not."""

    depth: int
    lag: timedelta
    """For how long the next one has been waiting for a dispatcher."""


_ENQUEUE = for_each_dialect(
    lambda insert: insert(_OUTBOX).on_conflict_do_nothing(index_elements=["key"])
)


def _is(state: str) -> ColumnElement[bool]:
    # Written out, because only then does either database use an index of this state alone.
    return _OUTBOX.c.state == literal_column(f"'{state}'")


_WAITING = (
    _is("due"),
    _OUTBOX.c.is_bulk == bindparam("lane"),
    _OUTBOX.c.next_at <= bindparam("now"),
)
_BACKLOG = select(func.count(), func.min(_OUTBOX.c.next_at)).where(*_WAITING)
_NEXT = (
    select(_OUTBOX)
    .where(
        *_WAITING,
        or_(_OUTBOX.c.expires_at.is_(None), _OUTBOX.c.expires_at > bindparam("now")),
    )
    .order_by(_OUTBOX.c.next_at, _OUTBOX.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
"""What to claim, by an index that holds just this in just this order."""
_EXPIRED = (
    select(_OUTBOX.c.id, _OUTBOX.c.kind, _OUTBOX.c.begun)
    .where(
        _is("due"),
        _OUTBOX.c.expires_at <= bindparam("now"),
        _OUTBOX.c.next_at <= bindparam("now"),
    )
    .limit(_AT_ONCE)
    .with_for_update(skip_locked=True)
)


def enqueue(connection: Connection, messages: Iterable[Message]) -> None:
    """Have messages sent, but for those whose key was used before."""
    rows = [
        {
            "id": secrets.token_hex(16),
            "key": message.key,
            "kind": message.kind,
            "conversation": to_json(message.conversation),
            "payload": to_json(message.payload),
            "due_at": message.due_at,
            "expires_at": message.expires_at,
            "is_bulk": message.is_bulk,
            "state": "due",
            "attempts": 0,
            "begun": False,
            "next_at": message.due_at,
        }
        for message in messages
    ]
    if rows:
        connection.execute(_ENQUEUE[connection.dialect.name], rows)


class Outbox:
    """The messages that wait, for those who send them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, at_most: int, now: datetime, lease: timedelta, *, is_bulk: bool = False
    ) -> list[Claimed]:
        """Take messages of one lane that are due, the longest due first."""

        def work(connection: Connection) -> list[Claimed]:
            asked = {"now": now, "lane": is_bulk, "at_most": at_most}
            rows = connection.execute(_NEXT, asked).all()
            _change(
                connection,
                (row.id for row in rows),
                next_at=now + lease,
                attempts=_OUTBOX.c.attempts + 1,
            )
            return [
                Claimed(
                    row.id,
                    row.kind,
                    json.loads(row.conversation),
                    json.loads(row.payload),
                    row.attempts + 1,
                    was_begun=row.begun,
                )
                for row in rows
            ]

        return await self._database.write(work)

    async def drop_expired(self, now: datetime) -> Counter[tuple[str, str]]:
        """Let go of what it is too late for: how many of each kind, and what became of them.

        They are `expired`, but `parked` where their sending had begun: they may have
        been sent.
        """
        dropped: Counter[tuple[str, str]] = Counter()
        nothing = to_json({})

        def work(connection: Connection) -> bool:
            rows = connection.execute(_EXPIRED, {"now": now}).all()
            _change(
                connection,
                (row.id for row in rows),
                state=case((_OUTBOX.c.begun, "parked"), else_="expired"),
                reason=case((_OUTBOX.c.begun, INTERRUPTED), else_="expired"),
                conversation=case((_OUTBOX.c.begun, _OUTBOX.c.conversation), else_=nothing),
                payload=case((_OUTBOX.c.begun, _OUTBOX.c.payload), else_=nothing),
            )
            dropped.update((row.kind, "parked" if row.begun else "expired") for row in rows)
            return len(rows) == _AT_ONCE

        while await self._database.write(work):
            pass
        return dropped

    async def renew(self, messages: Collection[str], until: datetime) -> None:
        """Keep what was claimed for longer, or until now let go of it."""
        if messages:
            await self._database.write(lambda c: _change(c, messages, next_at=until))

    async def release(self, now: datetime, longest: timedelta) -> None:
        """Look at once at what is due and waits for longer than any lease or pause may be.

        A clock was ahead when it was put off, and has been set back since.
        """
        statement = update(_OUTBOX).where(
            _is("due"), _OUTBOX.c.due_at <= now, _OUTBOX.c.next_at > now + longest
        )
        await self._database.write(lambda c: c.execute(statement.values(next_at=now)))

    async def next_due(self) -> datetime | None:
        """When `claim` will next find something; None while nothing waits."""
        statement = select(func.min(_OUTBOX.c.next_at)).where(_is("due"))
        return await self._database.read(lambda c: c.scalar(statement))

    async def begin(self, message: Claimed) -> bool:
        """From here on it may have been sent, until one of the following says what came of it.

        False where another has claimed it since: then it is theirs to send.
        """
        return await self._settle(message, begun=True)

    async def finish(self, message: Claimed) -> None:
        """It was sent, whatever others took it for."""
        statement = update(_OUTBOX).where(_OUTBOX.c.id == message.id)
        await self._database.write(lambda c: c.execute(statement.values(_done())))

    def arrived(self, key: str) -> Step:
        """It was sent, though whoever sent it could not say so.

        Raises Stale where nobody wonders.
        """
        statement = update(_OUTBOX).where(
            _OUTBOX.c.key == key, _OUTBOX.c.begun, or_(_is("due"), _is("parked"))
        )

        def step(connection: Connection) -> None:
            if not connection.execute(statement.values(_done())).rowcount:
                raise Stale

        return step

    async def retry(self, message: Claimed, at: datetime, reason: str) -> None:
        """It was certainly not sent, or may be repeated; try again at a time."""
        await self._settle(message, next_at=at, reason=reason, begun=False)

    async def park(self, message: Claimed, reason: str) -> None:
        """It was not sent, or may have been; never try again."""
        await self._settle(message, state="parked", reason=reason)

    async def _settle(self, message: Claimed, **values: str | bool | datetime) -> bool:
        # Another who has claimed it since knows better.
        mine = _OUTBOX.c.id == message.id, _OUTBOX.c.attempts == message.attempts
        statement = update(_OUTBOX).where(*mine, _is("due")).values(**values)
        return bool(await self._database.write(lambda c: c.execute(statement).rowcount))

    async def forget(self, before: datetime) -> None:
        """Delete what was sent or expired and was due before a time; its key may be used again."""

        def work(connection: Connection) -> None:
            for settled in (_is("done"), _is("expired")):
                connection.execute(delete(_OUTBOX).where(settled, _OUTBOX.c.due_at < before))

        await self._database.write(work)

    # For those who look after it

    async def backlog(self, now: datetime, *, is_bulk: bool) -> Backlog:
        """What of a lane waits for a dispatcher."""
        asked = {"lane": is_bulk, "now": now}
        depth, first = await self._database.read(lambda c: c.execute(_BACKLOG, asked).one())
        return Backlog(depth, now - first if first else timedelta())

    async def parked(self) -> list[Parked]:
        """What was not sent, for somebody to look at, the longest due first."""

        def work(connection: Connection) -> list[Parked]:
            columns = (getattr(_OUTBOX.c, name) for name in Parked.__slots__)
            rows = connection.execute(
                select(*columns).where(_is("parked")).order_by(_OUTBOX.c.due_at, _OUTBOX.c.key)
            )
            return [Parked(*row) for row in rows]

        return await self._database.read(work)

    async def counted(self, state: str) -> Counter[str]:
        """How many messages of each kind are `due`, `parked`, `done` or `expired`."""
        statement = select(_OUTBOX.c.kind, func.count()).where(_is(state)).group_by(_OUTBOX.c.kind)
        return await self._database.read(lambda c: Counter(dict(c.execute(statement).all())))

    async def last_done(self, kind: str) -> datetime | None:
        """When the last one of a kind that was done had been due."""
        statement = select(func.max(_OUTBOX.c.due_at)).where(_is("done"), _OUTBOX.c.kind == kind)
        return await self._database.read(lambda c: c.scalar(statement))

    async def unpark(self, message: str, now: datetime) -> bool:
        """Try a parked message again after all; whether there is one of that id."""
        return await self._change_parked(update(_OUTBOX).values(_again(now)), message)

    async def unpark_at(self, place: str, reason: str, now: datetime) -> int:
        """Try what was parked for a reason, here or in a thread of here; how many that is."""

        def work(connection: Connection) -> int:
            columns = _OUTBOX.c.id, _OUTBOX.c.conversation
            rows = connection.execute(
                select(*columns).where(_is("parked"), _OUTBOX.c.reason == reason)
            ).all()
            at = {row.id: json.loads(row.conversation).get("id", "") for row in rows}
            here = [message for message, id_ in at.items() if channel_of(id_) == place]
            _change(connection, here, **_again(now))
            return len(here)

        return await self._database.write(work)

    async def drop(self, message: str) -> bool:
        """Give a parked message up for good; whether there is one of that id."""
        return await self._change_parked(delete(_OUTBOX), message)

    async def _change_parked(self, statement: Update | Delete, message: str) -> bool:
        chosen = statement.where(_is("parked"), _OUTBOX.c.id == message)
        return bool(await self._database.write(lambda c: c.execute(chosen).rowcount))


def _done() -> dict[str, object]:
    nothing = to_json({})
    return {"state": "done", "reason": None, "conversation": nothing, "payload": nothing}


def _again(now: datetime) -> dict[str, object]:
    return {"state": "due", "next_at": now, "begun": False, "reason": None}


def _change(connection: Connection, messages: Iterable[str], **values: object) -> None:
    """Give columns of some messages other values."""
    connection.execute(update(_OUTBOX).where(_OUTBOX.c.id.in_([*messages])).values(**values))
