"""Sessions, and what their members write for themselves.

A session lies locked as one document with a version; a write that finds another
version raises `Stale`, and is tried again from a fresh read. Log forms and notes
are locked for their writer. Nothing here has a time but the day of its end.

Steps are for `Transaction.run`, so that a change and what is to be sent because of
it are one transaction.
"""

import json
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from dialogs.groups.ideas import Idea
from dialogs.sessions.notes import KeptNote, Note, dump_note, load_note
from storage.crypto.vault import Vault
from storage.database import Database, Json, Stale, Write, for_each_dialect, to_json
from storage.operational.groups import channel_of
from storage.operational.mixing import mix
from storage.operational.retention import end

Page: TypeAlias = Literal["form", "note", "agreement", "themes"]
"""What a member keeps for themselves: the log form, and what they take along. What a group has
agreed on: one for each phase, which stands in the place of the person. And what somebody gladly
answers about: of no group and no meeting, and read by their colleagues."""
_NO_GROUP, _NO_MEETING = "", 0

_TABLES = MetaData()
SESSION = Table(
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
PAGE = Table(
    "own_page",
    _TABLES,
    Column("group", Text, primary_key=True),
    Column("meeting", Integer, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", LargeBinary),
    Column("document", LargeBinary),
    Column("until", Date),
)
COLLECTED = Table(
    "collected",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("group", Text),
    Column("text", Text),
    Column("key", LargeBinary),
    Column("document", LargeBinary),
    Column("month", Date),
    Column("for_office", Boolean),
)
"""`text` is empty, but for what was kept before it was locked and no start has locked yet."""

_AT_ONCE = 50
"""Sessions that are unlocked in one transaction, so that nobody waits long."""
_UNDER_WAY = text("NOT is_over")
"""Written as the index of sessions under way has it: only then does either database use it."""


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
class SessionCard:
    """A card of a session in a chat: `name` says which."""

    name: str
    reference: Json
    activity: str


_PUT_PAGE = for_each_dialect(
    lambda insert: (statement := insert(PAGE)).on_conflict_do_update(
        index_elements=["group", "meeting", "person", "kind"],
        set_={name: statement.excluded[name] for name in ("key", "document", "until")},
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
    return select(PAGE.c.key, PAGE.c.document, PAGE.c.until).where(
        PAGE.c.group == group,
        PAGE.c.meeting == meeting,
        PAGE.c.person == person,
        PAGE.c.kind == kind,
    )


def _cards_of(connection: Connection, session: str) -> dict[str, SessionCard]:
    return {
        row.name: SessionCard(row.name, json.loads(row.reference), row.activity)
        for row in connection.execute(select(_CARD).where(_CARD.c.session == session))
    }


def locked(vault: Vault, whose: str, text: str) -> dict[str, Any]:
    """The columns of a row that keeps a text locked."""
    key = Vault.new_row_key()
    return {"text": "", "key": key, "document": vault.lock(key, whose, text.encode())}


class SessionStore:
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

    def add(self, session: StoredSession) -> Write:
        """IntegrityError where the group has a session that is not over."""
        values = {
            "id": session.id,
            "group": session.group,
            "meeting": session.meeting,
            "place": channel_of(session.reference["id"]),
            "reference": to_json(session.reference),
            "method": session.method,
            "is_over": session.is_over,
            "version": session.version,
            "key": session.key,
            "document": self._locked(session, session.document),
        }
        return lambda connection: connection.execute(insert(SESSION).values(values))

    def save(self, session: StoredSession, document: bytes, *, is_over: bool) -> Write:
        """Put another document in the place of the one that was read; `Stale` if it changed.

        `session.meeting` is 0 for one that never started.
        """
        statement = (
            update(SESSION)
            .where(SESSION.c.id == session.id, SESSION.c.version == session.version)
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

    async def destroy(self, session: StoredSession, before: Write) -> None:
        """Leave nothing of a session but what its members keep for themselves.

        `before` is done in the same transaction.
        """
        let_go = self.let_notes_go(session.group, session.meeting)

        def work(connection: Connection) -> None:
            before(connection)
            let_go(connection)
            end(connection, "session", session.id)
            connection.execute(delete(SESSION).where(SESSION.c.id == session.id))

        await self._database.write_traceless(work)

    async def get(self, session: str) -> StoredSession | None:
        """A session by its id."""
        return await self._one(SESSION.c.id == session)

    async def at(self, place: str) -> list[StoredSession]:
        """The sessions of a chat or channel that are not over, whatever thread they began in."""
        return await self._some(SESSION.c.place == channel_of(place), _UNDER_WAY)

    async def living(self) -> list[StoredSession]:
        """Every session that is not over."""
        return await self._some(_UNDER_WAY)

    async def method_of(self, group: str) -> str | None:
        """The digest of the method that a group's session under way goes by, if it has one."""
        is_its_own = SESSION.c.meeting > 0
        statement = select(SESSION.c.method).where(SESSION.c.group == group, is_its_own, _UNDER_WAY)
        return await self._database.read(lambda c: c.scalars(statement).first())

    async def under_way(self, group: str) -> str | None:
        """What a group's session under way is now, in one word: another after each step."""
        statement = select(SESSION.c.id, SESSION.c.version).where(
            SESSION.c.group == group, SESSION.c.is_over.is_(False)
        )
        row = await self._database.read(lambda c: c.execute(statement).first())
        return f"{row.id}:{row.version}" if row else None

    async def open_of(self, group: str) -> str | None:
        """The session of a group that is under way, by its id."""
        return next(
            (each.id for each in await self._some(SESSION.c.group == group, _UNDER_WAY)), None
        )

    async def next_number(self, group: str, *, is_extra: bool = False) -> int:
        """Of a group's next meeting, counted from 1; beside its series they count from -1 down."""
        furthest = func.min if is_extra else func.max
        statement = select(furthest(SESSION.c.meeting)).where(
            SESSION.c.group == group, SESSION.c.is_over
        )
        last = await self._database.read(lambda c: c.scalar(statement)) or 0
        return min(last, 0) - 1 if is_extra else max(last, 0) + 1

    async def _one(self, *conditions: object) -> StoredSession | None:
        return next(iter(await self._some(*conditions)), None)

    async def _some(self, *conditions: object) -> list[StoredSession]:
        statement = select(SESSION).where(*conditions).order_by(SESSION.c.id)  # type: ignore[arg-type] # comparing columns gives conditions, which mypy takes for bool

        def work(connection: Connection) -> list[StoredSession]:
            return [self._unlocked(row) for row in connection.execute(statement)]

        return await self._database.read(work)

    def _unlocked(self, row: Row[Any]) -> StoredSession:
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

    def _locked(self, session: StoredSession, document: bytes) -> bytes:
        return self._vault.lock(session.key, session.id, document)

    async def naming(self, person: str) -> list[str]:
        """The sessions in which somebody is named; each has to be unlocked to know."""
        ids = await self._database.read(
            lambda c: [*c.scalars(select(SESSION.c.id).order_by(SESSION.c.id))]
        )
        written, found = json.dumps(person).encode(), list[str]()
        for first in range(0, len(ids), _AT_ONCE):
            some = select(SESSION).where(SESSION.c.id.in_(ids[first : first + _AT_ONCE]))

            def work(connection: Connection, some: Select[Any] = some) -> list[str]:
                return [
                    row.id
                    for row in connection.execute(some)
                    if written in self._vault.unlock(row.key, row.id, row.document)
                ]

            found += await self._database.read(work)
        return found

    async def rewrite(self, session: str, how: Callable[[bytes], bytes], before: Write) -> None:
        """Put another document in the place of a session's, whatever else happens to it.

        `before` is done in the same transaction.
        """

        def work(connection: Connection) -> None:
            before(connection)
            row = connection.execute(
                select(SESSION).where(SESSION.c.id == session).with_for_update()
            ).one_or_none()
            if row is not None:
                document = how(self._vault.unlock(row.key, row.id, row.document))
                connection.execute(
                    update(SESSION)
                    .where(SESSION.c.id == session)
                    .values(
                        version=row.version + 1,
                        document=self._vault.lock(row.key, row.id, document),
                    )
                )

        await self._database.write(work)

    # Cards

    def put_card(self, session: str, card: SessionCard) -> Write:
        """Note where a card stands; again replaces."""
        values = {
            "session": session,
            "name": card.name,
            "reference": to_json(card.reference),
            "activity": card.activity,
        }
        return lambda connection: connection.execute(_PUT_CARD[connection.dialect.name], values)

    def drop_card(self, session: str, name: str) -> Write:
        """Nothing says any more that this card stood anywhere."""
        one = _CARD.c.session == session, _CARD.c.name == name
        return lambda connection: connection.execute(delete(_CARD).where(*one))

    async def cards(self, session: str) -> dict[str, SessionCard]:
        """The cards of a session by their names."""
        return await self._database.read(lambda c: _cards_of(c, session))

    def standing(self, connection: Connection, session: str) -> dict[str, SessionCard]:
        """The same within a transaction; what is noted meanwhile waits until its end."""
        connection.execute(select(SESSION.c.id).where(SESSION.c.id == session).with_for_update())
        return _cards_of(connection, session)

    # What members keep for themselves

    def put_page(
        self,
        group: str,
        meeting: int,
        person: str,
        kind: Page,
        document: bytes,
        *,
        until: date | None = None,
    ) -> Write:
        """Keep a page for its writer alone; again replaces, under a new key.

        `until` is the last day on which it is kept; None: as long as its group.
        """
        key = Vault.new_row_key()
        values = {
            "group": group,
            "meeting": meeting,
            "person": person,
            "kind": kind,
            "key": key,
            "document": self._vault.lock(key, person, document),
            "until": until,
        }
        return lambda connection: connection.execute(_PUT_PAGE[connection.dialect.name], values)

    def add_to_note(self, group: str, meeting: int, person: str, note: Note, until: date) -> Write:
        """Keep what a member takes along, below what there is of this meeting."""

        def step(connection: Connection) -> None:
            row = connection.execute(_one_page(group, meeting, person, "note")).one_or_none()
            whole = self._note(row, person).adding(note.text) if row else note
            page = dump_note(whole)
            self.put_page(group, meeting, person, "note", page, until=until)(connection)

        return step

    def change_note(
        self, group: str, meeting: int, person: str, how: Callable[[Note], Note]
    ) -> Write:
        """Put another note in the place of one's own; nothing where it is gone by now."""

        def step(connection: Connection) -> None:
            row = connection.execute(_one_page(group, meeting, person, "note")).one_or_none()
            if row is not None:
                page = dump_note(how(self._note(row, person)))
                self.put_page(group, meeting, person, "note", page, until=row.until)(connection)

        return step

    def _note(self, row: Row[Any], person: str) -> Note:
        return load_note(self._vault.unlock(row.key, person, row.document))

    async def notes(self, person: str) -> list[KeptNote]:
        """Everything that somebody has taken along, the newest first."""
        statement = (
            select(PAGE)
            .where(PAGE.c.person == person, PAGE.c.kind == "note")
            .order_by(PAGE.c.until.desc(), PAGE.c.group, PAGE.c.meeting)
        )

        def work(connection: Connection) -> list[KeptNote]:
            return [
                KeptNote(row.group, row.meeting, row.until, self._note(row, person))
                for row in connection.execute(statement)
            ]

        return await self._database.read(work)

    async def destroy_note(self, group: str, meeting: int, person: str) -> int:
        """Destroy a note, as its writer wishes; how many that were."""
        statement = delete(PAGE).where(
            PAGE.c.group == group,
            PAGE.c.meeting == meeting,
            PAGE.c.person == person,
            PAGE.c.kind == "note",
        )
        return await self._database.write_traceless(lambda c: c.execute(statement).rowcount)

    def let_notes_go(self, group: str, meeting: int | None = None) -> Write:
        """Notes outlive their group, and those of a meeting that nothing else is kept of outlive
        that: each under a name drawn anew, and in a place of its own, which join no two writers."""
        of = [] if meeting is None else [PAGE.c.meeting == meeting]
        theirs = PAGE.c.group == group, PAGE.c.kind == "note", *of

        def step(connection: Connection) -> None:
            rows = connection.execute(select(PAGE.c.person, PAGE.c.meeting).where(*theirs)).all()
            for person, number in rows:
                one = *theirs, PAGE.c.person == person, PAGE.c.meeting == number
                alone = {"group": secrets.token_hex(16)}
                connection.execute(update(PAGE).where(*one).values(alone))
            if rows:
                mix(connection, PAGE.name)

        return step

    async def page(self, group: str, meeting: int, person: str, kind: Page) -> bytes | None:
        """A page, for its writer."""
        statement = _one_page(group, meeting, person, kind)

        def work(connection: Connection) -> bytes | None:
            row = connection.execute(statement).one_or_none()
            return None if row is None else self._vault.unlock(row.key, person, row.document)

        return await self._database.read(work)

    def offer_themes(self, person: str, themes: str) -> Write:
        """What somebody gladly answers about; again replaces."""
        return self.put_page(_NO_GROUP, _NO_MEETING, person, "themes", themes.encode())

    async def take_themes_back(self, person: str) -> None:
        """Leave nothing of what somebody gladly answered about."""
        theirs = PAGE.c.person == person, PAGE.c.kind == "themes"
        await self._database.write_traceless(lambda c: c.execute(delete(PAGE).where(*theirs)))

    async def themes(self, people: Collection[str]) -> dict[str, str]:
        """What these gladly answer about, those who have said so."""
        statement = select(PAGE).where(PAGE.c.person.in_(people), PAGE.c.kind == "themes")

        def work(connection: Connection) -> dict[str, str]:
            return {
                row.person: self._vault.unlock(row.key, row.person, row.document).decode()
                for row in connection.execute(statement)
            }

        return await self._database.read(work)

    async def agreements(self, group: str) -> dict[str, str]:
        """What a group has agreed on, by phase."""
        statement = select(PAGE).where(PAGE.c.group == group, PAGE.c.kind == "agreement")

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
            .select_from(PAGE)
            .where(PAGE.c.group == group, PAGE.c.meeting == meeting, PAGE.c.kind == kind)
        )
        return await self._database.read(lambda c: c.scalar(statement)) or 0

    async def destroy_forms(self, group: str, meeting: int) -> None:
        """Destroy every member's form of a meeting and of those before it."""
        statement = delete(PAGE).where(
            PAGE.c.group == group, PAGE.c.kind == "form", PAGE.c.meeting <= meeting
        )
        await self._database.write_traceless(lambda c: c.execute(statement))

    def keep_forms(self, group: str, until: date) -> Write:
        """The forms of a group are kept until a day at least: their meeting has moved."""
        shorter = PAGE.c.group == group, PAGE.c.kind == "form", PAGE.c.until < until
        return lambda c: c.execute(update(PAGE).where(*shorter).values(until=until))

    async def destroy_forms_of(self, group: str, person: str) -> int:
        """Destroy somebody's forms in a group, as their writer wishes; how many those were."""
        statement = delete(PAGE).where(
            PAGE.c.group == group, PAGE.c.person == person, PAGE.c.kind == "form"
        )
        return await self._database.write_traceless(lambda c: c.execute(statement).rowcount)

    # What the group keeps

    def collect(
        self,
        group: str,
        texts: Iterable[str],
        month: date | None = None,
        *,
        for_office: bool = False,
    ) -> Write:
        """Put texts into the group's collection: no names, no order, and no day but its month's
        first. `for_office`: its office may find them."""
        ids = ((secrets.token_hex(16), text) for text in texts)
        found: dict[str, Any] = {"group": group, "month": month, "for_office": for_office}
        rows = [{"id": id_, **found, **locked(self._vault, id_, text)} for id_, text in ids]
        return lambda connection: connection.execute(insert(COLLECTED), rows) if rows else None

    def replace_collected(self, group: str, gone: Collection[str], left: Iterable[str]) -> Write:
        """Where any of `gone` is in the group's collection, put `left` in its place."""
        all_of_group = select(COLLECTED).where(COLLECTED.c.group == group)

        def step(connection: Connection) -> None:
            rows = connection.execute(all_of_group).all() if gone else ()
            old = [row for row in rows if self._collected(row) in gone]
            if old:
                ids = [row.id for row in old]
                connection.execute(delete(COLLECTED).where(COLLECTED.c.id.in_(ids)))
                as_it_was = {"month": old[0].month, "for_office": old[0].for_office}
                self.collect(group, left, **as_it_was)(connection)

        return step

    def _collected(self, row: Row[Any]) -> str:
        return self._vault.unlock(row.key, row.id, row.document).decode()

    async def collection(self, group: str) -> dict[str, str]:
        """What the group has kept, by its id."""
        statement = select(COLLECTED).where(COLLECTED.c.group == group).order_by(COLLECTED.c.id)

        def work(connection: Connection) -> dict[str, str]:
            return {row.id: self._collected(row) for row in connection.execute(statement)}

        return await self._database.read(work)

    async def groups_with_ideas(self) -> list[str]:
        """The groups that have kept something which their office may find."""
        groups = select(COLLECTED.c.group).where(COLLECTED.c.for_office).distinct()
        return await self._database.read(lambda c: [*c.scalars(groups.order_by(COLLECTED.c.group))])

    async def ideas(self, groups: Collection[str]) -> list[Idea]:
        """What these have kept for their office, the newest month first; in no other order."""
        theirs = COLLECTED.c.group.in_(groups), COLLECTED.c.for_office
        statement = select(COLLECTED).where(*theirs).order_by(COLLECTED.c.id)

        def work(connection: Connection) -> list[Idea]:
            rows = connection.execute(statement)
            return [Idea(self._collected(row), row.month) for row in rows]

        return sorted(
            await self._database.read(work), key=lambda each: each.month or date.min, reverse=True
        )

    async def take_out(self, group: str, kept: str) -> bool:
        """Leave nothing of one text of a group's collection; whether it was there."""
        statement = delete(COLLECTED).where(COLLECTED.c.group == group, COLLECTED.c.id == kept)
        return await self._database.write_traceless(lambda c: c.execute(statement).rowcount > 0)
