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

What was sent or expired leaves only a digest of its key, its kind and the day it was due: so
long as they are kept, the key sends nothing again. Keys name people, sessions and minutes; the
digest is kept under the server's secret and names nothing.
"""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Integer,
    MetaData,
    Row,
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
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from dialogs.retention import LOCKED
from storage.crypto.digests import Digests
from storage.database import (
    Database,
    DialectInsert,
    Insert,
    Json,
    Stale,
    Utc,
    Write,
    for_each_dialect,
    to_json,
)

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
    Column("awaits", Text),
)

INTERRUPTED = "ambiguous: interrupted while sending"
"""Why something is parked whose dispatcher died with it."""
BUG = "bug: "
"""Begins the reason of what failed by a fault of ours."""
_AT_ONCE = 1000
"""Rows in one statement: SQLite bounds a statement's parameters."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
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
    hidden: str = ""
    """Somebody whom its row must not name beside what it is about."""


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
    key: str = ""
    """As it is kept: a digest."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that nobody will try to send again."""

    id: str
    kind: str
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a dispatcher."""

    depth: int
    lag: timedelta
    """For how long the next one has been waiting."""


@dataclass(frozen=True, slots=True)
class Late:
    """What should have been sent by now and was not."""

    oldest: timedelta = timedelta()
    """For how long the oldest has been due, whatever it waits for: Teams, or us."""
    retried: int = 0
    """How many were tried in vain, and will be tried again."""


_ENQUEUE = for_each_dialect(
    lambda insert: insert(_OUTBOX).on_conflict_do_nothing(index_elements=["key"])
)


def _is(state: str) -> ColumnElement[bool]:
    # Written out, because only then does either database use an index of this state alone.
    return _OUTBOX.c.state == literal_column(f"'{state}'")


def _enqueue_again(insert: DialectInsert) -> Insert:
    statement = insert(_OUTBOX)
    new = {c.name: statement.excluded[c.name] for c in _OUTBOX.c if c.name != "key"}
    settled = or_(_is("done"), _is("expired"))
    again: Insert = statement.on_conflict_do_update(index_elements=["key"], set_=new, where=settled)
    return again


_ENQUEUE_AGAIN = for_each_dialect(_enqueue_again)


_WAITING = (
    _is("due"),
    _OUTBOX.c.is_bulk == bindparam("lane"),
    _OUTBOX.c.next_at <= bindparam("now"),
)
_BACKLOG = select(func.count(), func.min(_OUTBOX.c.next_at)).where(*_WAITING)
_WAS_TRIED = _OUTBOX.c.reason.is_not(None)
_LATE = (
    select(_OUTBOX.c.is_bulk, func.min(_OUTBOX.c.due_at), func.count().filter(_WAS_TRIED))
    .where(_is("due"), _OUTBOX.c.due_at <= bindparam("now"))
    .group_by(_OUTBOX.c.is_bulk)
)
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


class _day_of(FunctionElement[datetime]):  # noqa: N801 - it reads as a function of SQL
    """The day of a moment: when in the day something was due is nobody's to know."""

    type = Utc()
    inherit_cache = True


@compiles(_day_of, "postgresql")
def _(element: _day_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"date_trunc('day', {compiler.process(element.clauses, **kw)}, 'UTC')"


@compiles(_day_of, "sqlite")
def _(element: _day_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"strftime('%Y-%m-%d 00:00:00.000000', {compiler.process(element.clauses, **kw)})"


_DAY = _day_of(_OUTBOX.c.due_at)


def enqueue(connection: Connection, messages: Iterable[OutboxMessage], digests: Digests) -> None:
    """Have messages sent, but for those whose key was used before."""
    _put(connection, _ENQUEUE, messages, digests)


def enqueue_again(
    connection: Connection, messages: Iterable[OutboxMessage], digests: Digests
) -> None:
    """Have messages sent, also those whose key was used before and is settled."""
    _put(connection, _ENQUEUE_AGAIN, messages, digests)


def _put(
    connection: Connection,
    statement: Mapping[str, Insert],
    messages: Iterable[OutboxMessage],
    digests: Digests,
) -> None:
    rows = [
        {
            "id": (row_id := secrets.token_hex(16)),
            "key": digests.of(message.key).hex(),
            "kind": message.kind,
            **_contents(message, row_id, digests),
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
        connection.execute(statement[connection.dialect.name], rows)


def _contents(message: OutboxMessage, row_id: str, digests: Digests) -> dict[str, str]:
    """Where it goes and what it says; locked where the two together say too much."""
    if not _hides(message):
        return {
            "conversation": to_json(message.conversation),
            "payload": to_json(message.payload),
        }
    contents = to_json({"conversation": message.conversation, "payload": message.payload})
    whose = message.hidden or message.payload.get("person")
    place = whose or message.conversation.get("id", "")
    return {
        "conversation": to_json({"id": digests.of(place).hex()}),
        "payload": to_json({"locked": digests.lock(row_id, contents)}),
    }


def _hides(message: OutboxMessage) -> bool:
    return message.kind in LOCKED or bool(message.hidden)


_SIGNS = ("by_first", "by_second", "by_third")
"""As many as a turn knows: the person, the channel, the team."""
WAITS = (
    select(_OUTBOX.c.id)
    .where(
        _is("parked"),
        _OUTBOX.c.awaits.in_([bindparam(sign, type_=Text) for sign in _SIGNS]),
    )
    .exists()
    .label("waits")
)
"""Whether anything waits for a sign of life of one of three, as `signs` names them."""


def signs(awaited: Sequence[str], digests: Digests) -> dict[str, str]:
    """The parameters of `WAITS` for one to three of them."""
    found = [digests.of(each).hex() for each in awaited]
    return dict(zip_longest(_SIGNS, found, fillvalue=found[0]))


class Outbox:
    """The messages that wait, for those who send them."""

    def __init__(self, database: Database, digests: Digests) -> None:
        self._database = database
        self._digests = digests

    def putting(self, find: Callable[[Connection], Iterable[OutboxMessage]]) -> Write:
        """Have messages sent that are found within the transaction."""
        return lambda connection: enqueue(connection, find(connection), self._digests)

    def digest(self, key: str) -> str:
        """A key as it is kept."""
        return self._digests.of(key).hex()

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
                    *self._opened(row),
                    row.attempts + 1,
                    was_begun=row.begun,
                    key=row.key,
                )
                for row in rows
            ]

        return await self._database.write(work)

    def _opened(self, row: Row[Any]) -> tuple[Json, Json]:
        """Where a message goes, and what it says."""
        conversation, payload = json.loads(row.conversation), json.loads(row.payload)
        if "locked" in payload:
            contents = json.loads(self._digests.unlock(row.id, payload["locked"]))
            return contents["conversation"], contents["payload"]
        return conversation, payload

    async def drop_expired(self, now: datetime) -> Counter[tuple[str, str]]:
        """Let go of what it is too late for: how many of each kind, and what became of them.

        They are `expired`, but `parked` where their sending had begun: they may have
        been sent.
        """
        dropped: Counter[tuple[str, str]] = Counter()
        nothing = to_json({})

        def work(connection: Connection) -> list[tuple[str, str]]:
            rows = connection.execute(_EXPIRED, {"now": now}).all()
            _change(
                connection,
                (row.id for row in rows),
                state=case((_OUTBOX.c.begun, "parked"), else_="expired"),
                reason=case((_OUTBOX.c.begun, INTERRUPTED), else_="expired"),
                conversation=case((_OUTBOX.c.begun, _OUTBOX.c.conversation), else_=nothing),
                payload=case((_OUTBOX.c.begun, _OUTBOX.c.payload), else_=nothing),
                due_at=case((_OUTBOX.c.begun, _OUTBOX.c.due_at), else_=_DAY),
            )
            return [(row.kind, "parked" if row.begun else "expired") for row in rows]

        found = [("", "")] * _AT_ONCE
        while len(found) == _AT_ONCE:
            found = await self._database.write(work)
            dropped.update(found)
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

    def arrived(self, key: str) -> Write:
        """It was sent, though whoever sent it could not say so.

        Raises Stale where nobody wonders.
        """
        statement = update(_OUTBOX).where(
            _OUTBOX.c.key == self._digests.of(key).hex(),
            _OUTBOX.c.begun,
            or_(_is("due"), _is("parked")),
        )

        def step(connection: Connection) -> None:
            if not connection.execute(statement.values(_done())).rowcount:
                raise Stale

        return step

    async def retry(self, message: Claimed, at: datetime, reason: str) -> None:
        """It was certainly not sent, or may be repeated; try again at a time."""
        await self._settle(message, next_at=at, reason=reason, begun=False)

    async def park(self, message: Claimed, reason: str, awaits: str | None = None) -> None:
        """It was not sent, or may have been; not tried again by itself.

        `awaits` is whose sign of life frees it: the id of a person, or of a chat.
        """
        whose = None if awaits is None else self.digest(awaits)
        await self._settle(message, state="parked", reason=reason, awaits=whose)

    async def _settle(self, message: Claimed, **values: str | bool | datetime | None) -> bool:
        # Another who has claimed it since knows better.
        mine = _OUTBOX.c.id == message.id, _OUTBOX.c.attempts == message.attempts
        statement = update(_OUTBOX).where(*mine, _is("due")).values(**values)
        return bool(await self._database.write(lambda c: c.execute(statement).rowcount))

    # For those who look after it

    async def backlog(self, now: datetime, *, is_bulk: bool) -> Backlog:
        """What of a lane waits for a dispatcher."""
        asked = {"lane": is_bulk, "now": now}
        depth, first = await self._database.read(lambda c: c.execute(_BACKLOG, asked).one())
        return Backlog(depth, now - first if first else timedelta())

    async def late(self, now: datetime) -> dict[bool, Late]:
        """What of each lane is late, by whether it is bulk."""
        rows = await self._database.read(lambda c: c.execute(_LATE, {"now": now}).all())
        found = {is_bulk: Late(now - oldest, retried) for is_bulk, oldest, retried in rows}
        return {is_bulk: found.get(is_bulk, Late()) for is_bulk in (False, True)}

    async def retried(self) -> Counter[tuple[str, str]]:
        """How many of each kind were tried in vain and will be tried again, by the reason."""
        columns = _OUTBOX.c.kind, _OUTBOX.c.reason
        statement = select(*columns, func.count()).where(_is("due"), _WAS_TRIED).group_by(*columns)

        def work(connection: Connection) -> Counter[tuple[str, str]]:
            rows = connection.execute(statement)
            return Counter({(kind, reason): count for kind, reason, count in rows})

        return await self._database.read(work)

    async def parked(self) -> list[Parked]:
        """What was not sent, for somebody to look at, the longest due first."""

        def work(connection: Connection) -> list[Parked]:
            columns = (getattr(_OUTBOX.c, name) for name in Parked.__slots__)
            rows = connection.execute(
                select(*columns).where(_is("parked")).order_by(_OUTBOX.c.due_at, _OUTBOX.c.id)
            )
            return [Parked(*row) for row in rows]

        return await self._database.read(work)

    async def parked_by_bugs(self) -> int:
        """How many messages and duties were given up because of a fault of ours."""
        statement = select(func.count()).where(_is("parked"), _OUTBOX.c.reason.startswith(BUG))
        return await self._database.read(lambda c: c.scalar(statement) or 0)

    async def counted(self, state: str) -> Counter[str]:
        """How many messages of each kind are `due`, `parked`, `done` or `expired`."""
        statement = select(_OUTBOX.c.kind, func.count()).where(_is(state)).group_by(_OUTBOX.c.kind)
        return await self._database.read(lambda c: Counter(dict(c.execute(statement).all())))

    async def last_done(self, kind: str) -> datetime | None:
        """When the last one of a kind that was done had been due."""
        statement = select(func.max(_OUTBOX.c.due_at)).where(_is("done"), _OUTBOX.c.kind == kind)
        return await self._database.read(lambda c: c.scalar(statement))

    async def studies_waiting(self) -> set[str]:
        """The studies that something is still to be told of."""
        waits = or_(_is("due"), _is("parked"))
        statement = select(_OUTBOX.c.payload).where(waits, _OUTBOX.c.payload.contains('"study":'))

        def work(connection: Connection) -> set[str]:
            return {json.loads(payload)["study"] for payload in connection.scalars(statement)}

        return await self._database.read(work)

    async def unpark(self, message: str, now: datetime) -> bool:
        """Try a parked message again after all; whether there is one of that id."""
        return await self._change_parked(update(_OUTBOX).values(_again(now)), message)

    async def free(self, awaited: Iterable[str], now: datetime) -> int:
        """Try what waits for a sign of life of somebody or of a chat; how many that is."""
        keys = [self.digest(each) for each in awaited]
        parked = update(_OUTBOX).where(_is("parked"), _OUTBOX.c.awaits.in_(keys))
        statement = parked.values(_again(now))
        return await self._database.write(lambda c: c.execute(statement).rowcount)

    async def ask_again(self, key: str, now: datetime) -> str | None:
        """The state of what has this key; who asks for it again gets what was parked."""
        this = _OUTBOX.c.key == self.digest(key)

        def work(connection: Connection) -> str | None:
            connection.execute(update(_OUTBOX).where(_is("parked"), this).values(_again(now)))
            return connection.scalar(select(_OUTBOX.c.state).where(this))

        return await self._database.write(work)

    async def drop(self, message: str) -> bool:
        """Give a parked message up for good; whether there is one of that id."""
        return await self._change_parked(delete(_OUTBOX), message)

    async def _change_parked(self, statement: Update | Delete, message: str) -> bool:
        chosen = statement.where(_is("parked"), _OUTBOX.c.id == message)
        return bool(await self._database.write(lambda c: c.execute(chosen).rowcount))


def _done() -> dict[str, object]:
    nothing = to_json({})
    return {
        "state": "done",
        "reason": None,
        "awaits": None,
        "conversation": nothing,
        "payload": nothing,
        "due_at": _DAY,
    }


def _again(now: datetime) -> dict[str, object]:
    return {"state": "due", "next_at": now, "begun": False, "reason": None, "awaits": None}


def _change(connection: Connection, messages: Iterable[str], **values: object) -> None:
    """Give columns of some messages other values."""
    connection.execute(update(_OUTBOX).where(_OUTBOX.c.id.in_([*messages])).values(**values))
