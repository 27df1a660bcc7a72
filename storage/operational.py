"""The operational database: people, roles, studies, invitations, and the outbox.

    async with operational.begin() as transaction:
        transaction.remember("aad-1", "29:1", chat, "Europe/Oslo")
        transaction.enqueue(message)

A transaction notes what to write, and writes it all at once when the block
ends without an exception. Nothing here says what anyone did in a study: that
is the urn's, and nothing joins the two.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import (
    Column,
    Connection,
    Executable,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.appointments import Appointments
from storage.database import (
    Database,
    DialectInsert,
    Insert,
    Json,
    Step,
    Utc,
    for_each_dialect,
    open_database,
    to_json,
)
from storage.groups import Groups
from storage.methods import KeptMethods
from storage.outbox import Message, Outbox, enqueue
from storage.preferences import PreferenceStore
from storage.sessions import Sessions
from storage.shared_texts import SharedTexts
from storage.vault import Vault

Role: TypeAlias = Literal["administrator", "facilitator", "researcher"]

_TABLES = MetaData()
_PERSON = Table(
    "person",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("teams_id", Text),
    Column("chat", Text),
    Column("language", Text),
    Column("timezone", Text),
)
_ROLE = Table(
    "role",
    _TABLES,
    Column("person", Text, primary_key=True),
    Column("role", Text, primary_key=True),
)
_STUDY = Table(
    "study",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("definition", Text),
    Column("created", Utc),
)
_INVITATION = Table(
    "invitation",
    _TABLES,
    Column("conversation", Text, primary_key=True),
    Column("activity", Text, primary_key=True),
    Column("study", Text, ForeignKey("study.id")),
    Column("reference", Text),
    Column("members", Integer),
)
_PUBLICATION = Table(
    "publication",
    _TABLES,
    Column("study", Text, ForeignKey("study.id"), primary_key=True),
    Column("key", Text),
    Column("results", Text),
)
_PICTURE = Table(
    "picture",
    _TABLES,
    Column("key", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("png", LargeBinary),
)
_SEEN = Table("seen", _TABLES, Column("key", LargeBinary, primary_key=True), Column("at", Utc))
_AUDIT = Table(
    "audit",
    _TABLES,
    Column("id", Integer, primary_key=True),
    Column("at", Utc),
    Column("who", Text),
    Column("what", Text),
    Column("study", Text),
)


class AlreadySeen(Exception):
    """The activity was dealt with before; nothing of this transaction was written."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has met the bot."""

    id: str
    teams_id: str
    chat: Json | None
    """How to reach the personal chat; None or empty where there is none (any more)."""
    language: str | None
    """The language that the person chose, if they did."""
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation card in a channel or group chat."""

    study: str
    conversation: str
    activity: str
    reference: Json
    """How to reach the conversation again."""
    members: int
    """How many people were in the conversation then."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Results of a study that everyone who was invited may see."""

    study: str
    key: str
    """Unguessable: part of the pictures' addresses, which need no sign-in."""
    results: str
    """What `research.publication.Results` wrote."""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """PNG by name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log."""

    at: datetime
    who: str
    what: str
    study: str | None = None


# Every turn reads it: built once.
_PERSON_BY_ID = select(_PERSON).where(_PERSON.c.id == bindparam("by_id"))
_SEE = for_each_dialect(lambda insert: insert(_SEEN).on_conflict_do_nothing())
_GRANT = for_each_dialect(lambda insert: insert(_ROLE).on_conflict_do_nothing())


def _remember(insert: DialectInsert) -> Insert:
    statement = insert(_PERSON)
    new = {
        "teams_id": statement.excluded.teams_id,
        "chat": func.coalesce(statement.excluded.chat, _PERSON.c.chat),
        "timezone": func.coalesce(statement.excluded.timezone, _PERSON.c.timezone),
    }
    changed = or_(*(_PERSON.c[name].is_distinct_from(new[name]) for name in new))
    remember: Insert = statement.on_conflict_do_update(
        index_elements=["id"], set_=new, where=changed
    )
    return remember


_REMEMBER = for_each_dialect(_remember)


class Transaction:
    """What is to be written, all of it or nothing."""

    def __init__(self) -> None:
        self._steps: list[Callable[[Connection], object]] = []

    def see(self, conversation: str, activity: str, now: datetime) -> None:
        """Take note of an activity; `AlreadySeen` at the end if that was done before."""
        key = _seen_key(conversation, activity)

        def step(connection: Connection) -> None:
            statement = _SEE[connection.dialect.name]
            if connection.execute(statement, {"key": key, "at": now}).rowcount == 0:
                raise AlreadySeen

        # First: what follows need not be done and undone.
        self._steps.insert(0, step)

    def unsee(self, conversation: str, activity: str) -> None:
        """Forget an activity: the next time it counts as the first."""
        self._execute(delete(_SEEN).where(_SEEN.c.key == _seen_key(conversation, activity)))

    def remember(
        self, person: str, teams_id: str, chat: Json | None = None, timezone: str | None = None
    ) -> None:
        """Note how to reach a person; None leaves what is known."""
        values = {
            "id": person,
            "teams_id": teams_id,
            "chat": None if chat is None else to_json(chat),
            "timezone": timezone,
        }
        self._steps.append(lambda c: c.execute(_REMEMBER[c.dialect.name], values))

    def set_language(self, person: str, language: str) -> None:
        """Note the language that a person, whom we remember, has chosen."""
        self._execute(update(_PERSON).where(_PERSON.c.id == person).values(language=language))

    def grant(self, person: str, role: Role) -> None:
        """Give a role; again changes nothing."""
        values = {"person": person, "role": role}
        self._steps.append(lambda c: c.execute(_GRANT[c.dialect.name], values))

    def revoke(self, person: str, role: Role) -> None:
        """Take a role away."""
        self._execute(delete(_ROLE).where(_ROLE.c.person == person, _ROLE.c.role == role))

    def add_study(self, study: str, definition: str, created: datetime) -> None:
        """Keep a study's definition. IntegrityError where there is one of that name."""
        self._execute(insert(_STUDY).values(id=study, definition=definition, created=created))

    def add_invitation(self, invitation: Invitation) -> None:
        """Keep where a study was announced."""
        values = asdict(invitation) | {"reference": to_json(invitation.reference)}
        self._execute(insert(_INVITATION).values(values))

    def publish(self, publication: Publication) -> None:
        """Put results in the place of those published before."""
        self.unpublish(publication.study)
        self._execute(
            insert(_PUBLICATION).values(
                study=publication.study, key=publication.key, results=publication.results
            )
        )
        for name, png in publication.pictures.items():
            self._execute(insert(_PICTURE).values(key=publication.key, name=name, png=png))

    def unpublish(self, study: str) -> None:
        """Take a study's results away, if there are any."""
        keys = select(_PUBLICATION.c.key).where(_PUBLICATION.c.study == study)
        self._execute(delete(_PICTURE).where(_PICTURE.c.key.in_(keys)))
        self._execute(delete(_PUBLICATION).where(_PUBLICATION.c.study == study))

    def enqueue(self, message: Message) -> None:
        """Have a message sent; one with a key that was used before is dropped."""
        self.enqueue_all([message])

    def enqueue_all(self, messages: Iterable[Message]) -> None:
        """Have many messages sent, in one statement."""
        self._steps.append(lambda c: enqueue(c, messages))

    def audit(self, entry: Entry) -> None:
        """Write a line in the audit log."""
        self._execute(insert(_AUDIT).values(asdict(entry)))

    def also(self, step: Step) -> None:
        """Write something of another room's tables, in the same transaction."""
        self._steps.append(step)

    def carry_out(self, connection: Connection) -> None:
        for step in self._steps:
            step(connection)

    def _execute(self, statement: Executable) -> None:
        self._steps.append(lambda c: c.execute(statement))


def _seen_key(conversation: str, activity: str) -> bytes:
    return hashlib.sha256(json.dumps([conversation, activity]).encode()).digest()


class Operational:
    """The operational database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.outbox = Outbox(database)
        self.groups = Groups(database)
        self.methods = KeptMethods(database)
        self.preferences = PreferenceStore(database)
        self.appointments = Appointments(database)
        self.shared_texts = SharedTexts(database)

    @classmethod
    async def open(cls, url: str) -> "Operational":
        """Open the operational database at a database URL. Raises `NewerSchema`."""
        return cls(await open_database(url, "operational"))

    async def close(self) -> None:
        await self._database.close()

    def sessions(self, vault: Vault) -> Sessions:
        """The sessions in this database, which `vault` opens."""
        return Sessions(self._database, vault)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A block whose writes are committed together when it ends."""
        transaction = Transaction()
        yield transaction
        await self._database.write(transaction.carry_out)

    async def person(self, person: str) -> Person | None:
        """Somebody we remember."""

        def work(connection: Connection) -> Person | None:
            row = connection.execute(_PERSON_BY_ID, {"by_id": person}).one_or_none()
            if row is None:
                return None
            chat = None if row.chat is None else json.loads(row.chat)
            return Person(row.id, row.teams_id, chat, row.language, row.timezone)

        return await self._database.read(work)

    async def roles(self, person: str) -> frozenset[Role]:
        """What a person may do beside taking part."""

        def work(connection: Connection) -> frozenset[Role]:
            return frozenset(
                connection.scalars(select(_ROLE.c.role).where(_ROLE.c.person == person))
            )

        return await self._database.read(work)

    async def studies(self) -> dict[str, str]:
        """The definition of every study, by the study's id, the oldest first."""

        def work(connection: Connection) -> dict[str, str]:
            rows = connection.execute(
                select(_STUDY.c.id, _STUDY.c.definition).order_by(_STUDY.c.created, _STUDY.c.id)
            )
            return {row.id: row.definition for row in rows}

        return await self._database.read(work)

    async def study(self, study: str) -> str | None:
        """A study's definition."""
        return await self._database.read(
            lambda c: c.scalar(select(_STUDY.c.definition).where(_STUDY.c.id == study))
        )

    async def invitations(self, study: str) -> list[Invitation]:
        """Where a study was announced."""

        def work(connection: Connection) -> list[Invitation]:
            rows = connection.execute(
                select(_INVITATION)
                .where(_INVITATION.c.study == study)
                .order_by(_INVITATION.c.conversation, _INVITATION.c.activity)
            )
            return [
                Invitation(
                    row.study,
                    row.conversation,
                    row.activity,
                    json.loads(row.reference),
                    row.members,
                )
                for row in rows
            ]

        return await self._database.read(work)

    async def publication(self, study: str) -> Publication | None:
        """A study's published results, without the pictures."""

        def work(connection: Connection) -> Publication | None:
            row = connection.execute(
                select(_PUBLICATION).where(_PUBLICATION.c.study == study)
            ).one_or_none()
            return None if row is None else Publication(row.study, row.key, row.results)

        return await self._database.read(work)

    async def picture(self, key: str, name: str) -> bytes | None:
        """A published picture, by its publication's key."""
        statement = select(_PICTURE.c.png).where(_PICTURE.c.key == key, _PICTURE.c.name == name)
        return await self._database.read(lambda c: c.scalar(statement))

    async def audit_log(self) -> list[Entry]:
        """Who did what, the oldest first."""

        def work(connection: Connection) -> list[Entry]:
            columns = _AUDIT.c.at, _AUDIT.c.who, _AUDIT.c.what, _AUDIT.c.study
            return [
                Entry(*row) for row in connection.execute(select(*columns).order_by(_AUDIT.c.id))
            ]

        return await self._database.read(work)

    async def forget_seen(self, before: datetime) -> None:
        """Forget activities that Teams will not deliver again."""
        await self._database.write(lambda c: c.execute(delete(_SEEN).where(_SEEN.c.at < before)))
