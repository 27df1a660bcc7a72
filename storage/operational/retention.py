"""Deletes what `dialogs.retention` says is to go: with what it hangs on, or when its time is up.

    def step(connection: Connection) -> None:
        counts = end(connection, "group", group.id)

What is deleted here was named by the table, and by nothing else: a new kind of row that is in
the table has its end.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import partial

from sqlalchemy import (
    Column,
    ColumnClause,
    ColumnElement,
    Connection,
    Date,
    Delete,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    column,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    true,
    update,
)

from dialogs.retention import (
    IDLE,
    OUTBOX,
    ROWS,
    Retained,
    Thing,
    aged,
    ending_with,
    holding_a_person,
    naming_a_person,
    within,
)
from storage.crypto.digests import Digests
from storage.database import Database, Utc, Write
from storage.operational.mixing import mix

_PERSON = Table(
    "person",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("teams_id", Text),
    Column("chat", Text),
    Column("language", Text),
    Column("timezone", Text),
    Column("idle_since", Date),
)
_PREFERENCE = table("preference", column("person", Text))
_OUTBOX = table(
    "outbox", *(column(name, Text) for name in ("kind", "state", "conversation", "payload"))
)
_AUDIT = Table(
    "audit",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Utc),
    Column("who", Text),
    Column("what", Text),
    Column("study", Text),
)
_MIXED = ("person", "own_page", "queued_case")
"""Tables whose rows lie in the order in which people came, and have written."""
_SYSTEM = "the clock"


def certificate(thing: str, counts: Counter[str]) -> str:
    """What the audit log says of what is no more: numbers, and nothing else."""
    told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    return f"destroyed {thing}: {told}" if told else f"destroyed {thing}"


def who_was_asked(digests: Digests, person: str) -> str:
    """What stands for somebody in the count of questions: beside a talk that began just then, their
    id would say who was asked, and could not."""
    return digests.of("asked", person).hex()


class Retention:
    """The ends of all that the operational database keeps."""

    def __init__(self, database: Database, digests: Digests) -> None:
        self._database = database
        self._digests = digests

    def _called(self, person: str, chat: str) -> tuple[str, ...]:
        """What stands for somebody in what waits to be sent to their personal chat, and in the
        count of how often they were asked today."""
        digests = (self._digests.of(each).hex() for each in (chat, person))
        return chat, *digests, who_was_asked(self._digests, person)

    async def expire(self, now: datetime, today: date) -> Counter[str]:
        """Delete what has had its time; how many of what is counted."""
        counts: Counter[str] = Counter()
        for kept in aged():
            statements = [
                delete(table(kept.table)).where(rows, _is_old(kept, now, today))
                for rows in _rows_of(kept)
            ]
            count = sum([await self._deleted(statement) for statement in statements])
            if kept.counted and count:
                counts[kept.counted] += count
        return counts

    async def forget_people(self, today: date) -> int:
        """Forget who takes part in nothing: at once, but choices after `IDLE`; how many."""
        busy = or_(*(_names(kept, _PERSON.c.id) for kept in holding_a_person()))
        has_preference = select(_PREFERENCE).where(_PREFERENCE.c.person == _PERSON.c.id).exists()
        chose = or_(_PERSON.c.language.is_not(None), has_preference)
        since = _PERSON.c.idle_since
        month = today.replace(day=1)  # which day it was is nobody's to know

        def work(connection: Connection) -> int:
            connection.execute(
                update(_PERSON).where(busy, since.is_not(None)).values(idle_since=None)
            )
            connection.execute(
                update(_PERSON).where(~busy, since.is_(None)).values(idle_since=month)
            )
            over = or_(~chose, since < today - IDLE)
            idle = connection.scalars(select(_PERSON.c.id).where(~busy, over)).all()
            waiting = _waiting_letters(connection)
            gone = [person for person in idle if json.dumps(person) not in waiting]
            for person in gone:
                end(connection, "person", person)
            return len(gone)

        return await self._database.write(work, patient=True)

    async def _deleted(self, statement: Delete) -> int:
        return await self._database.write(lambda c: c.execute(statement).rowcount, patient=True)

    async def about(self, person: str, chat: str) -> Counter[str]:
        """How many rows of each kind name somebody or their personal chat, by `Kept.named`."""

        names = person, *self._called(person, chat)

        def work(connection: Connection) -> Counter[str]:
            counts: Counter[str] = Counter()
            for kept in naming_a_person():
                of = column(kept.names["person"], Text).in_(names)
                for rows in _rows_of(kept):
                    found = select(func.count()).select_from(table(kept.table)).where(of, rows)
                    counts[kept.named] += connection.scalar(found) or 0
            for name in names:
                for waits in _waiting("person", name):
                    found = select(func.count()).select_from(_OUTBOX).where(waits)
                    counts["outbox"] += connection.scalar(found) or 0
            return +counts

        return await self._database.read(work)

    def erase(self, person: str, chat: str, now: datetime, *, stays: bool) -> Write:
        """Delete what is somebody's alone. `stays`: they lead something, and are to be reached."""
        card = table("session_card", column("name", Text))
        remembered = {"language": None, "idle_since": None}

        def step(connection: Connection) -> None:
            theirs = card.c.name.endswith(f":{person}", autoescape=True)
            connection.execute(delete(card).where(theirs))
            before = connection.execute(select(_PERSON).where(_PERSON.c.id == person)).one_or_none()
            counts = end(connection, "person", person, self._called(person, chat))
            if stays and before is not None:
                connection.execute(insert(_PERSON).values(before._asdict() | remembered))
            certify(connection, "a person", counts, now)

        return step

    async def compact(self) -> None:
        """Take away what deleted rows left in the files, and in the log, and what the order of
        those that stay tells."""
        for name in _MIXED:
            await self._database.write(partial(mix, table=name), patient=True)
        await self._database.compact()


def end(
    connection: Connection, thing: Thing, name: str, also_called: Collection[str] = ()
) -> Counter[str]:
    """Delete all that goes with a thing; how many of what is counted.

    `also_called`: what stands for its name where that is not to be read.
    """
    names: dict[Thing, list[str]] = {thing: [name, *also_called]}
    for inner, kept in within(thing):
        own = column(ROWS[inner][1], Text)
        of = column(kept.names[thing], Text) == name
        names[inner] = [*connection.scalars(select(own).select_from(table(kept.table)).where(of))]
    counts: Counter[str] = Counter()
    for kept, on in ending_with(thing):
        hanging = column(kept.names[on], Text).in_(names[on])
        for rows in _rows_of(kept):
            gone = connection.execute(delete(table(kept.table)).where(hanging, rows)).rowcount
            if kept.counted and gone:
                counts[kept.counted] += gone
    for each, called in names.items():
        _end_waiting(connection, each, called)
    return counts


def ending(
    thing: Thing,
    name: str,
    told: str,
    now: datetime,
    *,
    elsewhere: Counter[str] | None = None,
    study: str | None = None,
) -> Write:
    """`end`, with a certificate in the audit log that says `told` was destroyed.

    `elsewhere`: what was destroyed with it in the other database.
    """

    def step(connection: Connection) -> None:
        certify(
            connection, told, end(connection, thing, name) + (elsewhere or Counter()), now, study
        )

    return step


def certify(
    connection: Connection, told: str, counts: Counter[str], now: datetime, study: str | None = None
) -> None:
    """Write a certificate in the audit log."""
    values = {"at": now, "who": _SYSTEM, "what": certificate(told, counts), "study": study}
    connection.execute(insert(_AUDIT).values(values))


def _end_waiting(connection: Connection, thing: Thing, names: Collection[str]) -> None:
    """Delete what waits to be sent, or is parked, because of a thing."""
    for name in names:
        for waits in _waiting(thing, name):
            connection.execute(delete(_OUTBOX).where(waits))


def _waiting(thing: Thing, name: str) -> Iterator[ColumnElement[bool]]:
    """The conditions that pick out of the outbox what waits, or is parked, because of a thing."""
    kinds = [kind for kind, things in OUTBOX.items() if thing in things]
    written = json.dumps(name)  # as `to_json` writes it
    named = or_(
        _OUTBOX.c.payload.contains(written, autoescape=True),
        _OUTBOX.c.conversation.contains(written, autoescape=True),
    )
    for state in ("due", "parked"):
        waits = _OUTBOX.c.state == literal_column(f"'{state}'")
        yield and_(waits, _OUTBOX.c.kind.in_(kinds), named)


def _waiting_letters(connection: Connection) -> str:
    """What is on its way to anybody; reminders wait for months, and may not."""
    waits = _OUTBOX.c.state == literal_column("'due'"), _OUTBOX.c.kind != "reminder"
    return "\n".join(connection.scalars(select(_OUTBOX.c.payload).where(*waits)))


def _rows_of(kept: Retained) -> Iterator[ColumnElement[bool]]:
    """The conditions that pick its rows out of its table, one for each value."""
    if not kept.rows:
        yield true()
    for name, values in kept.rows.items():
        for value in values:
            # Written out: only then does either database use an index of such rows alone.
            yield column(name, Text) == literal_column(f"'{value}'")


def _is_old(kept: Retained, now: datetime, today: date) -> ColumnElement[bool]:
    if kept.day:
        day: ColumnClause[date] = column(kept.day, Date)
        return day < today - kept.days
    moment: ColumnClause[datetime] = column(kept.moment, Utc)
    return moment < now - kept.days


def _names(kept: Retained, person: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a row of a kind names somebody."""
    rows = table(kept.table, *(column(name, Text) for name in (kept.names["person"], *kept.rows)))
    kinds = [rows.c[name].in_(values) for name, values in kept.rows.items()]
    return select(rows).where(rows.c[kept.names["person"]] == person, and_(true(), *kinds)).exists()
