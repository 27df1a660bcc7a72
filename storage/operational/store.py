"""The operational database: people, roles, studies, invitations, and the outbox.

    async with operational.begin() as transaction:
        transaction.remember("aad-1", "29:1", chat, "Europe/Oslo")
        transaction.enqueue(message)

A transaction notes what to write, and writes it all at once when the block
ends without an exception. Nothing here says what anyone did in a study: that
is the urn's, and nothing joins the two.
"""

import json
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    Column,
    Connection,
    Date,
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
    literal,
    or_,
    select,
    update,
)

from storage.crypto.digests import Digests
from storage.crypto.vault import Vault
from storage.database import (
    Database,
    DialectInsert,
    Insert,
    Json,
    Utc,
    Write,
    for_each_dialect,
    open_database,
    replacing,
    to_json,
)
from storage.operational.appointments import AppointmentStore
from storage.operational.approvals import ApprovalStore
from storage.operational.cases import CaseStore
from storage.operational.groups import GroupStore, channel_of
from storage.operational.methods import KeptMethods
from storage.operational.outbox import (
    WAITS,
    Outbox,
    OutboxMessage,
    enqueue,
    enqueue_again,
    signs,
)
from storage.operational.preferences import PreferenceStore
from storage.operational.replicas import Replicas
from storage.operational.retention import Retention
from storage.operational.server_key import ServerKey
from storage.operational.sessions import SessionStore
from storage.operational.yearly import YearlyCounts

SystemRole: TypeAlias = Literal["administrator", "facilitator", "researcher"]

_TABLES = MetaData()
_PERSON = Table(
    "person",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("teams_id", Text),
    Column("chat", Text),
    Column("language", Text),
    Column("timezone", Text),
    Column("idle_since", Date),
    Column("met_in", Text),
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
    Column("channel", Text),
)
WAITING = "waiting:"
"""In the place of the card's id, while there is no card."""
_PUBLICATION = Table(
    "publication",
    _TABLES,
    Column("study", Text, ForeignKey("study.id"), primary_key=True),
    Column("key", Text),
    Column("results", Text),
)
_TALK = Table(
    "talk",
    _TABLES,
    Column("study", Text, ForeignKey("study.id"), primary_key=True),
    Column("pseudonyms", Text),
    Column("message", Text),
)
_PICTURE = Table(
    "picture",
    _TABLES,
    Column("key", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("png", LargeBinary),
)
_SERVICE_URL = Table(
    "service_url",
    _TABLES,
    Column("tenant", Text, primary_key=True),
    Column("url", Text),
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


class Redelivered(Exception):
    """The activity came before, and what it asks for has been done or is under way."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who has met the bot."""

    id: str
    teams_id: str
    chat: Json | None
    """How to reach the personal chat; None or empty where there is none (any more)."""
    language: str | None
    """The language that the person chose, if they did."""
    timezone: str | None
    met_in: str | None = None
    """The language in which they were first spoken to."""

    @property
    def speaks(self) -> str | None:
        """The language that they are spoken to in, where that is decided."""
        return self.language or self.met_in


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
class Talk:
    """An invitation of pseudonyms to a talk: whoever holds one finds it, and nobody is sent it."""

    study: str
    pseudonyms: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log."""

    at: datetime
    who: str
    what: str
    study: str | None = None


_PERSON_BY_ID = select(_PERSON).where(_PERSON.c.id == bindparam("by_id"))
_ONE = select(literal(1).label("one")).subquery("once")
# Every turn reads it: built once, and in one statement.
_MET = select(WAITS, _PERSON).select_from(
    _ONE.outerjoin(_PERSON, _PERSON.c.id == bindparam("by_id"))
)
_SEE = for_each_dialect(lambda insert: insert(_SEEN).on_conflict_do_nothing())
_GRANT = for_each_dialect(lambda insert: insert(_ROLE).on_conflict_do_nothing())


def _remember(insert: DialectInsert) -> Insert:
    statement = insert(_PERSON)
    new = {
        "teams_id": statement.excluded.teams_id,
        "chat": func.coalesce(statement.excluded.chat, _PERSON.c.chat),
        "timezone": func.coalesce(statement.excluded.timezone, _PERSON.c.timezone),
        "met_in": func.coalesce(_PERSON.c.met_in, statement.excluded.met_in),
    }
    changed = or_(*(_PERSON.c[name].is_distinct_from(new[name]) for name in new))
    remember: Insert = statement.on_conflict_do_update(
        index_elements=["id"], set_=new, where=changed
    )
    return remember


_REMEMBER = for_each_dialect(_remember)
_PUT_SERVICE_URL = replacing(_SERVICE_URL, "tenant")


class Transaction:
    """What is to be written, all of it or nothing."""

    def __init__(self, digests: Digests) -> None:
        self._digests = digests
        self._steps: list[Callable[[Connection], object]] = []

    def see(self, conversation: str, activity: str, now: datetime) -> None:
        """Take note of an activity; `AlreadySeen` at the end if that was done before."""
        # First: what follows need not be done and undone.
        self._steps.insert(0, _seeing(self._digests.of(conversation, activity), now, AlreadySeen))

    def unsee(self, conversation: str, activity: str) -> None:
        """Forget an activity: the next time it counts as the first."""
        self._execute(delete(_SEEN).where(_SEEN.c.key == self._digests.of(conversation, activity)))

    def remember(
        self,
        person: str,
        teams_id: str,
        chat: Json | None = None,
        timezone: str | None = None,
        spoken: str = "",
    ) -> None:
        """Note how to reach a person; what is not given stays as it is known.

        `spoken` is the language they are spoken to in: the first that is noted stays.
        """
        values = {
            "id": person,
            "teams_id": teams_id,
            "chat": None if chat is None else to_json(chat),
            "timezone": timezone,
            "met_in": spoken or None,
        }
        self._steps.append(lambda c: c.execute(_REMEMBER[c.dialect.name], values))

    def set_language(self, person: str, language: str) -> None:
        """Note the language that a person, whom we remember, has chosen."""
        self._execute(update(_PERSON).where(_PERSON.c.id == person).values(language=language))

    def grant(self, person: str, role: SystemRole) -> None:
        """Give a role; again changes nothing."""
        values = {"person": person, "role": role}
        self._steps.append(lambda c: c.execute(_GRANT[c.dialect.name], values))

    def revoke(self, person: str, role: SystemRole) -> None:
        """Take a role away."""
        self._execute(delete(_ROLE).where(_ROLE.c.person == person, _ROLE.c.role == role))

    def add_study(self, study: str, definition: str, created: datetime) -> None:
        """Keep a study's definition. IntegrityError where there is one of that name."""
        self._execute(insert(_STUDY).values(id=study, definition=definition, created=created))

    def forget_study(self, study: str) -> None:
        """Let go of the text of a study that was destroyed; its name stays taken."""
        self._execute(update(_STUDY).where(_STUDY.c.id == study).values(definition=""))

    def add_invitation(self, invitation: Invitation) -> None:
        """Keep where a study was announced."""
        channel = channel_of(invitation.conversation)
        more = {"reference": to_json(invitation.reference), "channel": channel}
        self._execute(insert(_INVITATION).values(asdict(invitation) | more))

    def await_invitation(self, invitation: Invitation) -> None:
        """Keep where a study is to be announced when enough will be invited; again replaces."""
        waiting = replace(invitation, activity=WAITING + invitation.study)
        is_here = _INVITATION.c.conversation == waiting.conversation
        self._execute(
            delete(_INVITATION).where(is_here, _INVITATION.c.activity == waiting.activity)
        )
        self.add_invitation(waiting)

    def await_no_invitations(self, study: str) -> None:
        """They are announced, or never will be."""
        self._execute(delete(_INVITATION).where(_INVITATION.c.activity == WAITING + study))

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

    def invite_to_talk(self, talk: Talk) -> None:
        """Put an invitation in the place of the study's last one."""
        self.end_talk(talk.study)
        names = json.dumps(talk.pseudonyms, ensure_ascii=False)
        values = {"study": talk.study, "pseudonyms": names, "message": talk.message}
        self._execute(insert(_TALK).values(values))

    def end_talk(self, study: str) -> None:
        """Take a study's invitation to a talk away, if there is one."""
        self._execute(delete(_TALK).where(_TALK.c.study == study))

    def enqueue(self, message: OutboxMessage) -> None:
        """Have a message sent; one with a key that was used before is dropped."""
        self.enqueue_all([message])

    def enqueue_all(self, messages: Iterable[OutboxMessage]) -> None:
        """Have many messages sent, in one statement."""
        self._steps.append(lambda c: enqueue(c, messages, self._digests))

    def enqueue_again(self, messages: Iterable[OutboxMessage]) -> None:
        """Have many messages sent, also those whose key was used before and is settled."""
        self._steps.append(lambda c: enqueue_again(c, messages, self._digests))

    def audit(self, entry: Entry) -> None:
        """Write a line in the audit log."""
        self._execute(insert(_AUDIT).values(asdict(entry)))

    def run(self, step: Write) -> None:
        """Write something of another room's tables, in the same transaction."""
        self._steps.append(step)

    def carry_out(self, connection: Connection) -> None:
        for step in self._steps:
            step(connection)

    def _execute(self, statement: Executable) -> None:
        self._steps.append(lambda c: c.execute(statement))


def _person(connection: Connection, person: str) -> KnownPerson | None:
    row = connection.execute(_PERSON_BY_ID, {"by_id": person}).one_or_none()
    return None if row is None else _known(row)


def _known(row: Any) -> KnownPerson:
    chat = None if row.chat is None else json.loads(row.chat)
    return KnownPerson(row.id, row.teams_id, chat, row.language, row.timezone, row.met_in)


def _seeing(key: bytes, now: datetime, already: type[Exception]) -> Write:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)  # when in the day is nobody's

    def step(connection: Connection) -> None:
        statement = _SEE[connection.dialect.name]
        if connection.execute(statement, {"key": key, "at": day}).rowcount == 0:
            raise already

    return step


class Operational:
    """The operational database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._digests = Digests()
        self.outbox = Outbox(database, self._digests)
        self.groups = GroupStore(database)
        self.methods = KeptMethods(database)
        self.preferences = PreferenceStore(database, self._digests)
        self.appointments = AppointmentStore(database)
        self.approvals = ApprovalStore(database)
        self.yearly = YearlyCounts(database)
        self.server_key = ServerKey(database)
        self.replicas = Replicas(database)
        self.retention = Retention(database, self._digests)
        self.is_shared = database.is_shared

    @classmethod
    async def open(cls, url: str, *, migrating: bool = True) -> "Operational":
        """Open the operational database, as `open_database` does."""
        return cls(await open_database(url, "operational", migrating=migrating))

    async def close(self) -> None:
        await self._database.close()

    @property
    def keeps_log(self) -> bool:
        """Whether the log still holds what was to be taken away."""
        return self._database.keeps_log

    async def tidy(self) -> None:
        """Try again to take that away."""
        await self._database.tidy()

    async def use(self, vault: Vault) -> None:
        """Keep digests of ids under a secret that this vault opens. Raises `WrongServerKey`.

        Without, nothing may be written that names a person.
        """
        self._digests.use(await self.server_key.check(vault))
        await self.server_key.lock_what_is_clear(vault)

    def cases(self, vault: Vault) -> CaseStore:
        """The queues of panels in this database, which `vault` opens."""
        return CaseStore(self._database, vault)

    def sessions(self, vault: Vault) -> SessionStore:
        """The sessions in this database, which `vault` opens."""
        return SessionStore(self._database, vault)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A block whose writes are committed together when it ends."""
        transaction = Transaction(self._digests)
        yield transaction
        await self._database.write(transaction.carry_out)

    @asynccontextmanager
    async def once(self, conversation: str, activity: str, now: datetime) -> AsyncIterator[None]:
        """A block that does what an activity asks for, however often the activity comes.

        Its first transaction takes note of the activity, so that a crash before leaves
        nothing done and nothing noted. Raises `Redelivered`.
        """
        key = self._digests.of(conversation, activity)
        is_known = select(_SEEN.c.key).where(_SEEN.c.key == key)
        if await self._database.read(lambda c: c.scalar(is_known)):
            raise Redelivered
        async with self._database.beginning_with(_seeing(key, now, Redelivered)):
            yield

    async def run(self, *steps: Write) -> None:
        """Write all of these, or nothing."""
        async with self.begin() as transaction:
            for step in steps:
                transaction.run(step)

    async def enqueue(self, *messages: OutboxMessage) -> None:
        """Have these sent when they are due."""
        async with self.begin() as transaction:
            transaction.enqueue_all(messages)

    async def remember(
        self, person: str, teams_id: str, timezone: str | None = None, spoken: str = ""
    ) -> None:
        """Remember somebody who turned up."""
        async with self.begin() as transaction:
            transaction.remember(person, teams_id, timezone=timezone, spoken=spoken)

    async def speak(self, person: str, teams_id: str, language: str) -> None:
        """Use a language with somebody from now on."""
        async with self.begin() as transaction:
            transaction.remember(person, teams_id)
            transaction.set_language(person, language)

    async def person(self, person: str) -> KnownPerson | None:
        """Somebody we remember."""
        return await self._database.read(lambda c: _person(c, person))

    async def met(self, person: str, places: Collection[str]) -> tuple[KnownPerson | None, bool]:
        """Somebody who gives a sign of life, and whether anything waits for it, or for one
        from these places.
        """

        values = {"by_id": person, **signs((person, *places), self._digests)}
        (row,) = await self._database.look(_MET, values)
        return None if row.id is None else _known(row), bool(row.waits)

    def carry(self, person: str, what: str) -> str:
        """For a button on somebody's card: what it brings back is what was given, or nothing."""
        return self._digests.lock(person, what)

    def brought(self, person: str, carried: str) -> str | None:
        """What `carry` was given for the same person; None for whatever else a card brings."""
        try:
            return self._digests.unlock(person, carried)
        except (InvalidTag, ValueError):
            return None

    async def service_urls(self) -> dict[str, str]:
        """Under which address each tenant is reached."""

        def work(connection: Connection) -> dict[str, str]:
            return {row.tenant: row.url for row in connection.execute(select(_SERVICE_URL))}

        return await self._database.read(work)

    async def set_service_url(self, tenant: str, url: str) -> None:
        """Note the newest address of a tenant."""
        values = {"tenant": tenant, "url": url}
        await self._database.write(lambda c: c.execute(_PUT_SERVICE_URL[c.dialect.name], values))

    async def roles(self, person: str) -> frozenset[SystemRole]:
        """What a person may do beside taking part."""

        def work(connection: Connection) -> frozenset[SystemRole]:
            return frozenset(
                connection.scalars(select(_ROLE.c.role).where(_ROLE.c.person == person))
            )

        return await self._database.read(work)

    async def all_roles(self) -> list[tuple[str, SystemRole]]:
        """Everybody who has a role, by the role and the person."""

        def work(connection: Connection) -> list[tuple[str, SystemRole]]:
            rows = connection.execute(select(_ROLE).order_by(_ROLE.c.role, _ROLE.c.person))
            return [(row.person, row.role) for row in rows]

        return await self._database.read(work)

    async def study_ids(self) -> list[str]:
        """The id of every study, the oldest first."""
        known = select(_STUDY.c.id).where(_STUDY.c.definition != "")
        statement = known.order_by(_STUDY.c.created, _STUDY.c.id)
        return await self._database.read(lambda c: [*c.scalars(statement)])

    async def studies(self) -> dict[str, str]:
        """The definition of every study, by the study's id, the oldest first."""

        def work(connection: Connection) -> dict[str, str]:
            rows = connection.execute(
                select(_STUDY.c.id, _STUDY.c.definition)
                .where(_STUDY.c.definition != "")
                .order_by(_STUDY.c.created, _STUDY.c.id)
            )
            return {row.id: row.definition for row in rows}

        return await self._database.read(work)

    async def study(self, study: str) -> str | None:
        """A study's definition; None also where it was destroyed."""
        statement = select(_STUDY.c.definition).where(_STUDY.c.id == study)
        return await self._database.read(lambda c: c.scalar(statement) or None)

    async def announced_at(self, conversation: str) -> list[str]:
        """The studies that were announced in a conversation, in the order of their creation.

        A channel is one place, whatever the thread.
        """
        statement = (
            select(_STUDY.c.id)
            .join(_INVITATION, _INVITATION.c.study == _STUDY.c.id)
            .where(_INVITATION.c.channel == channel_of(conversation))
            .group_by(_STUDY.c.id, _STUDY.c.created)
            .order_by(_STUDY.c.created, _STUDY.c.id)
        )
        return await self._database.read(lambda c: [row.id for row in c.execute(statement)])

    async def invitations(self, study: str) -> list[Invitation]:
        """Where a study was announced."""
        there = await self._invitations(study)
        return [each for each in there if not each.activity.startswith(WAITING)]

    async def waiting_invitations(self, study: str) -> list[Invitation]:
        """Where it is to be announced when enough will be invited."""
        there = await self._invitations(study)
        return [each for each in there if each.activity.startswith(WAITING)]

    async def _invitations(self, study: str) -> list[Invitation]:
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

    async def talk(self, study: str) -> Talk | None:
        """Whom a study's researchers invite to a talk, and with which words."""
        row = await self._database.read(
            lambda c: c.execute(select(_TALK).where(_TALK.c.study == study)).one_or_none()
        )
        return (
            row if row is None else Talk(row.study, tuple(json.loads(row.pseudonyms)), row.message)
        )

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
