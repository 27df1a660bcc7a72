"""Sessions, and what their members write for themselves.

A session lies locked as one document with a version; a write that finds another
version raises `Stale`, and is tried again from a fresh read. Log forms and notes
are locked for their writer. Nothing here has a time but the day of its end.

Steps are for `Transaction.also`, so that a change and what is to be sent because of
it are one transaction.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.database import Database, Json, Stale, Step, for_each_dialect, to_json
from storage.vault import Vault

Page: TypeAlias = Literal["form", "note", "agreement"]
"""What a member keeps for themselves: the log form, and what they take along. And what a
group has agreed on: one for each phase, which stands in the place of the person."""

_TABLES = MetaData()
_SESSION = Table(
    "session",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("group", Text),
    Column("meeting", Integer),
    Column("place", Text),
    Column("reference", Text),
    Column("method", Text),
    Column("is_over", Boolean),
    Column("version", Integer),
    Column("key", LargeBinary),
    Column("document", LargeBinary),
)
_CARD = Table(
    "session_card",
    _TABLES,
    Column("session", Text, ForeignKey("session.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("reference", Text),
    Column("activity", Text),
)
_PAGE = Table(
    "own_page",
    _TABLES,
    Column("group", Text, primary_key=True),
    Column("meeting", Integer, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", LargeBinary),
    Column("document", LargeBinary),
)
_COLLECTED = Table(
    "collected",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("group", Text),
    Column("text", Text),
)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it lies in the database, unlocked."""

    id: str
    group: str
    meeting: int
    reference: Json
    """How to reach its conversation."""
    method: str | None
    """The digest of the method it goes by; None where it began before methods were kept."""
    is_over: bool
    version: int
    key: bytes
    document: bytes


@dataclass(frozen=True, slots=True)
class Card:
    """A card of a session in a chat: `name` says which."""

    name: str
    reference: Json
    activity: str


_PUT_PAGE = for_each_dialect(
    lambda insert: (statement := insert(_PAGE)).on_conflict_do_update(
        index_elements=["group", "meeting", "person", "kind"],
        set_={"key": statement.excluded.key, "document": statement.excluded.document},
    )
)
_PUT_CARD = for_each_dialect(
    lambda insert: (statement := insert(_CARD)).on_conflict_do_update(
        index_elements=["session", "name"],
        set_={
            "reference": statement.excluded.reference,
            "activity": statement.excluded.activity,
        },
    )
)


def _one_page(group: str, meeting: int, person: str, kind: Page) -> Select[Any]:
    return select(_PAGE.c.key, _PAGE.c.document).where(
        _PAGE.c.group == group,
        _PAGE.c.meeting == meeting,
        _PAGE.c.person == person,
        _PAGE.c.kind == kind,
    )


class Sessions:
    """Every session, and every member's own pages."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def label(self, group: str) -> str:
        """What a group is called in research."""
        return self._vault.label(group)

    # Sessions

    def new(
        self, group: str, meeting: int, reference: Json, method: str, document: bytes
    ) -> StoredSession:
        """A session that `add` is to write, and that goes by the method with this digest."""
        return StoredSession(
            secrets.token_hex(16),
            group,
            meeting,
            reference,
            method,
            is_over=False,
            version=1,
            key=Vault.new_row_key(),
            document=document,
        )

    def add(self, session: StoredSession) -> Step:
        """IntegrityError where the place has a session that is not over."""
        values = {
            "id": session.id,
            "group": session.group,
            "meeting": session.meeting,
            "place": session.reference["id"],
            "reference": to_json(session.reference),
            "method": session.method,
            "is_over": session.is_over,
            "version": session.version,
            "key": session.key,
            "document": self._locked(session, session.document),
        }
        return lambda connection: connection.execute(insert(_SESSION).values(values))

    def save(self, session: StoredSession, document: bytes, *, is_over: bool) -> Step:
        """Put another document in the place of the one that was read; `Stale` if it changed.

        `session.meeting` is 0 for one that never started.
        """
        statement = (
            update(_SESSION)
            .where(_SESSION.c.id == session.id, _SESSION.c.version == session.version)
            .values(
                version=session.version + 1,
                document=self._locked(session, document),
                meeting=session.meeting,
                is_over=is_over,
            )
        )

        def step(connection: Connection) -> None:
            if connection.execute(statement).rowcount == 0:
                raise Stale

        return step

    async def get(self, session: str) -> StoredSession | None:
        """A session by its id."""
        return await self._one(_SESSION.c.id == session)

    async def at(self, place: str) -> StoredSession | None:
        """The session of a conversation that is not over."""
        return await self._one(_SESSION.c.place == place, _SESSION.c.is_over.is_(False))

    async def method_of(self, group: str) -> str | None:
        """The digest of the method that a group's session under way goes by, if it has one."""
        statement = select(_SESSION.c.method).where(
            _SESSION.c.group == group, _SESSION.c.is_over.is_(False)
        )
        return await self._database.read(lambda c: c.scalars(statement).first())

    async def held(self, group: str) -> int:
        """The number of a group's last meeting that is over; 0 before the first."""
        statement = select(func.max(_SESSION.c.meeting)).where(
            _SESSION.c.group == group, _SESSION.c.is_over
        )
        return await self._database.read(lambda c: c.scalar(statement)) or 0

    async def _one(self, *conditions: object) -> StoredSession | None:
        def work(connection: Connection) -> StoredSession | None:
            row = connection.execute(select(_SESSION).where(*conditions)).one_or_none()  # type: ignore[arg-type] # columns' comparisons
            if row is None:
                return None
            return StoredSession(
                row.id,
                row.group,
                row.meeting,
                json.loads(row.reference),
                row.method,
                row.is_over,
                row.version,
                row.key,
                self._vault.unlock(row.key, row.id, row.document),
            )

        return await self._database.read(work)

    def _locked(self, session: StoredSession, document: bytes) -> bytes:
        return self._vault.lock(session.key, session.id, document)

    # Cards

    def put_card(self, session: str, card: Card) -> Step:
        """Note where a card stands; again replaces."""
        values = {
            "session": session,
            "name": card.name,
            "reference": to_json(card.reference),
            "activity": card.activity,
        }
        return lambda connection: connection.execute(_PUT_CARD[connection.dialect.name], values)

    async def cards(self, session: str) -> dict[str, Card]:
        """The cards of a session by their names."""
        statement = select(_CARD).where(_CARD.c.session == session)

        def work(connection: Connection) -> dict[str, Card]:
            return {
                row.name: Card(row.name, json.loads(row.reference), row.activity)
                for row in connection.execute(statement)
            }

        return await self._database.read(work)

    # What members keep for themselves

    def put_page(self, group: str, meeting: int, person: str, kind: Page, document: bytes) -> Step:
        """Keep a page for its writer alone; again replaces, under a new key."""
        key = Vault.new_row_key()
        values = {
            "group": group,
            "meeting": meeting,
            "person": person,
            "kind": kind,
            "key": key,
            "document": self._vault.lock(key, person, document),
        }
        return lambda connection: connection.execute(_PUT_PAGE[connection.dialect.name], values)

    def add_to_note(self, group: str, meeting: int, person: str, text: str) -> Step:
        """Keep more of what a member takes along, below what is there."""

        def step(connection: Connection) -> None:
            row = connection.execute(_one_page(group, meeting, person, "note")).one_or_none()
            before = self._vault.unlock(row.key, person, row.document).decode() if row else ""
            note = f"{before}\n{text}".strip().encode()
            self.put_page(group, meeting, person, "note", note)(connection)

        return step

    async def page(self, group: str, meeting: int, person: str, kind: Page) -> bytes | None:
        """A page, for its writer."""
        statement = _one_page(group, meeting, person, kind)

        def work(connection: Connection) -> bytes | None:
            row = connection.execute(statement).one_or_none()
            return None if row is None else self._vault.unlock(row.key, person, row.document)

        return await self._database.read(work)

    async def agreements(self, group: str) -> dict[str, str]:
        """What a group has agreed on, by phase."""
        statement = select(_PAGE).where(_PAGE.c.group == group, _PAGE.c.kind == "agreement")

        def work(connection: Connection) -> dict[str, str]:
            return {
                row.person: self._vault.unlock(row.key, row.person, row.document).decode()
                for row in connection.execute(statement)
            }

        return await self._database.read(work)

    async def written(self, group: str, meeting: int, kind: Page) -> int:
        """How many members have such a page; never who."""
        statement = (
            select(func.count())
            .select_from(_PAGE)
            .where(_PAGE.c.group == group, _PAGE.c.meeting == meeting, _PAGE.c.kind == kind)
        )
        return await self._database.read(lambda c: c.scalar(statement)) or 0

    async def destroy_pages(self, group: str, meeting: int) -> None:
        """Destroy every member's form of a meeting and before, and the notes from before it."""
        old = or_(
            and_(_PAGE.c.kind == "form", _PAGE.c.meeting <= meeting),
            and_(_PAGE.c.kind == "note", _PAGE.c.meeting < meeting),
        )
        statement = delete(_PAGE).where(_PAGE.c.group == group, old)
        await self._database.write_traceless(lambda c: c.execute(statement))

    async def destroy_page(self, group: str, meeting: int, person: str, kind: Page) -> None:
        """Destroy one page, as its writer wishes."""
        statement = delete(_PAGE).where(
            _PAGE.c.group == group,
            _PAGE.c.meeting == meeting,
            _PAGE.c.person == person,
            _PAGE.c.kind == kind,
        )
        await self._database.write_traceless(lambda c: c.execute(statement))

    # What the group keeps

    def collect(self, group: str, texts: Iterable[str]) -> Step:
        """Put texts into the group's collection: no names, no order."""
        rows = [{"id": secrets.token_hex(16), "group": group, "text": text} for text in texts]
        return lambda connection: connection.execute(insert(_COLLECTED), rows) if rows else None

    async def collection(self, group: str) -> list[str]:
        """What the group has kept."""
        statement = (
            select(_COLLECTED.c.text).where(_COLLECTED.c.group == group).order_by(_COLLECTED.c.id)
        )
        return await self._database.read(lambda c: list(c.scalars(statement)))

    def destroy(self, group: str) -> Step:
        """Everything of a group."""

        def step(connection: Connection) -> None:
            sessions = select(_SESSION.c.id).where(_SESSION.c.group == group)
            connection.execute(delete(_CARD).where(_CARD.c.session.in_(sessions)))
            for table in (_SESSION, _PAGE, _COLLECTED):
                connection.execute(delete(table).where(table.c.group == group))

        return step
