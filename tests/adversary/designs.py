"""The real design, and ones with a mistake, which the adversary must see through.

Each mistake was thought harmless somewhere, and is added to the real code. An
adversary that does not find it proves nothing about the design without it.
"""

# ruff: noqa: ARG002 - each mistake needs but some of what it is told

import logging
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from secrets import token_hex
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, insert, text

from storage.database import SqliteDatabase
from storage.operational.outbox import OutboxMessage
from storage.operational.store import Operational
from storage.urn.store import Urn
from storage.urn.tables import SUBMISSION
from tests.adversary.society import Office


class Real:
    """Nothing added."""

    exports_nightly = False

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        """What is patched while people take part."""
        yield

    def office(self, urn: Urn, operational: Operational, dice: random.Random) -> Office:
        """How people take part."""
        return Office(urn, operational, dice)

    async def prepare(self, office: Office, people: list[str]) -> None:
        """Before the study opens."""

    async def submitted(self, office: Office, person: str, pseudonym: str, at: datetime) -> None:
        """After each submission."""


class Table(Real):
    """Keeps one more table in the urn."""

    columns = ""
    values = ""
    kind = "WITHOUT ROWID"

    async def prepare(self, office: Office, people: list[str]) -> None:
        await office.urn._database.write(
            lambda c: c.execute(text(f"CREATE TABLE extra ({self.columns}) {self.kind}"))
        )

    async def submitted(self, office: Office, person: str, pseudonym: str, at: datetime) -> None:
        values = {"person": person, "pseudonym": pseudonym, "at": at.isoformat()}
        await office.urn._database.write(
            lambda c: c.execute(text(f"INSERT INTO extra VALUES ({self.values})"), values)
        )


class CreatedAt(Table):
    """Notes when an answer came in."""

    columns = "pseudonym TEXT PRIMARY KEY, created_at TEXT"
    values = ":pseudonym, :at"


class Rowid(Table):
    """Has a text for a primary key, and random too: the rowid beside it still counts."""

    columns = "pseudonym TEXT PRIMARY KEY"
    values = ":pseudonym"
    kind = ""


class LiveCounter(Table):
    """Counts the answers while the study is open, and keeps the count with each."""

    columns = "pseudonym TEXT PRIMARY KEY, answered INTEGER"
    values = ":pseudonym, (SELECT count(*) + 1 FROM extra)"


class Unmixed(Real):
    """A new answer is written where there is room, and nothing else moves."""

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        def put(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
            names = [row["pseudonym"] for row in rows]
            connection.execute(SUBMISSION.delete().where(SUBMISSION.c.pseudonym.in_(names)))
            connection.execute(insert(SUBMISSION), rows)

        with patch("storage.urn.store.mix", put), patch("storage.urn.store.reseal", lambda _: None):
            yield


class Marker(Unmixed):
    """Notes who has submitted, in the transaction that stores the answer."""

    async def prepare(self, office: Office, people: list[str]) -> None:
        await office.urn._database.write(
            lambda c: c.execute(text("CREATE TABLE participated (person TEXT)"))
        )
        real = office.urn._database.write_traceless

        async def write_traceless(work: Any) -> Any:
            def mark_and_work(connection: Connection) -> Any:
                connection.execute(
                    text("INSERT INTO participated VALUES (:person)"), {"person": office.acting}
                )
                return work(connection)

            return await real(mark_and_work)

        office.urn._database.write_traceless = write_traceless  # type: ignore[method-assign] # the flaw that the adversary is to find


class LogKept(Real):
    """The write-ahead log is emptied when SQLite finds time."""

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        with patch.object(SqliteDatabase, "_empty_log", lambda _: None):
            yield


class DraftResidue(Real):
    """Drafts knew the person and the pseudonym; they were deleted, but not wiped."""

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        async def compact(_: SqliteDatabase) -> None:
            pass

        with patch.object(SqliteDatabase, "compact", compact):
            yield

    async def prepare(self, office: Office, people: list[str]) -> None:
        def work(connection: Connection) -> None:
            connection.execute(text("CREATE TABLE old_draft (person TEXT, pseudonym TEXT)"))
            for person in people:
                connection.execute(
                    text("INSERT INTO old_draft VALUES (:person, :room)"),
                    {"person": person, "room": " " * 20},
                )

        await office.urn._database.write(work)

    async def submitted(self, office: Office, person: str, pseudonym: str, at: datetime) -> None:
        values = {"person": person, "pseudonym": pseudonym.ljust(20)}

        def work(connection: Connection) -> None:
            update = "UPDATE old_draft SET pseudonym = :pseudonym WHERE person = :person"
            connection.execute(text(update), values)
            connection.execute(text("DELETE FROM old_draft WHERE person = :person"), values)

        await office.urn._database.write(lambda c: c.execute(text("PRAGMA secure_delete = OFF")))
        await office.urn._database.write(work)
        await office.urn._database.write(lambda c: c.execute(text("PRAGMA secure_delete = ON")))


class OutboxOrder(Real):
    """Has a message sent for each answer, that names no person."""

    async def submitted(self, office: Office, person: str, pseudonym: str, at: datetime) -> None:
        async with office.operational.begin() as transaction:
            kind = f"received {pseudonym}"
            transaction.enqueue(OutboxMessage(token_hex(8), kind, {"id": "19:t"}, {}, at))


class LogLine(Real):
    """Logs that an answer has come in."""

    async def submitted(self, office: Office, person: str, pseudonym: str, at: datetime) -> None:
        logging.getLogger("bot").debug("submitted %s", pseudonym)


class DailyExports(Real):
    """Lets researchers look every evening while the study is open."""

    exports_nightly = True
