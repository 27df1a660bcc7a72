"""The urn: drafts and sealed answers, with nothing that says whose they are.

    token --> draft --submit--> submission <-- code

A draft is found and read by its token alone, a submission by its code alone,
and the two are joined by nothing once the draft has become the submission. No
row tells a time or an order, and neither does its place: every submission that
comes in changes places at random with those that are there (`_mix`).
docs/adr/0004-urn.md says which leak each measure answers.
"""

import asyncio
import enum
import random
import secrets
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias, TypeVar, cast

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    literal,
    select,
    text,
    update,
)

from storage.codes import Code, Token
from storage.database import Database, open_database
from storage.sealing import Recipient, TooLong, pad, unpad

T = TypeVar("T")
State: TypeAlias = Literal["created", "open", "closed", "destroyed"]

_BUCKETS = (4096, 16384, 65536, 262144)
"""A draft takes one of these sizes, so that its growth does not show."""
_MIXED = 64
"""How many submissions change places with one that comes in: all, in a study of fewer."""

_TABLES = MetaData()
_STUDY = Table(
    "study",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("state", Text),
    Column("recipient", Text),
    Column("answer_size", Integer),
)
_DRAFT = Table(
    "draft",
    _TABLES,
    Column("key", LargeBinary, primary_key=True),
    Column("study", Text),
    Column("tag", LargeBinary),
    Column("document", LargeBinary),
)
_SUBMISSION = Table(
    "submission",
    _TABLES,
    Column("study", Text, primary_key=True),
    Column("id", LargeBinary, primary_key=True),
    Column("pseudonym", Text),
    Column("locator", Text),
    Column("verifier", Text),
    Column("receipt", LargeBinary),
    Column("sealed", LargeBinary),
)
_WITHDRAWAL = Table(
    "withdrawal",
    _TABLES,
    Column("study", Text, primary_key=True),
    Column("pseudonym", Text, primary_key=True),
)

_DRAFT_BY_KEY = select(_DRAFT.c.study, _DRAFT.c.tag, _DRAFT.c.document).where(
    _DRAFT.c.key == bindparam("by_key")
)
_SAVE_DRAFT = (
    update(_DRAFT)
    .where(_DRAFT.c.key == bindparam("by_key"), _DRAFT.c.tag == bindparam("by_tag"))
    .values(tag=bindparam("tag"), document=bindparam("document"))
)
_REQUESTED = (
    select(_WITHDRAWAL.c.pseudonym)
    .where(
        _WITHDRAWAL.c.study == _SUBMISSION.c.study,
        _WITHDRAWAL.c.pseudonym == _SUBMISSION.c.pseudonym,
    )
    .exists()
)
"""Whether the withdrawal of a submission was asked for."""


class UnknownStudy(LookupError):
    """The urn holds no study of that name."""


class StudyExists(ValueError):
    """The urn holds a study of that name already."""


class WrongState(Exception):
    """The study has passed the state, or not reached it, in which this can be done."""

    def __init__(self, study: str, state: State) -> None:
        super().__init__(f"Study {study} is {state}.")
        self.study = study
        self.state = state


class Refusal(enum.Enum):
    """Why nothing was submitted. The draft is as it was."""

    STALE = enum.auto()
    """The draft has moved on, or is gone."""
    NOT_OPEN = enum.auto()
    """The study takes no answers, not yet or no longer."""
    PSEUDONYM_TAKEN = enum.auto()
    """Somebody drew the same pseudonym first."""
    UNKNOWN_CODE = enum.auto()
    """The code belongs to no answer in this study that could be replaced."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a participant has done so far."""

    study: str
    tag: str
    """Drawn anew at each change, and no number: a count would tell how many there were."""
    document: bytes


@dataclass(frozen=True, slots=True)
class Submitted:
    """An answer that is in the urn."""

    study: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Release:
    """What a closed study gives to its researchers, in alphabetical order."""

    submissions: tuple[tuple[str, bytes], ...]
    """Pseudonym and sealed answer."""
    withdrawn: tuple[str, ...]
    """Pseudonyms whose answers must not be used, should anyone still have them."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What was destroyed with a study: counts, for the deletion certificate."""

    drafts: int
    submissions: int
    withdrawals: int


@dataclass(frozen=True, slots=True)
class _Keys:
    """What a token stands for in the database."""

    row: bytes
    cipher: bytes
    receipt: bytes

    @classmethod
    def of(cls, token: Token) -> "_Keys":
        return cls(
            row=token.derive("draft"), cipher=token.derive("key"), receipt=token.derive("receipt")
        )

    def encrypt(self, study: str, document: bytes) -> bytes:
        packed = zlib.compress(document, 1)
        size = next((size for size in _BUCKETS if len(packed) <= size), None)
        if size is None:
            raise TooLong(f"a draft of {len(packed)} bytes, and at most {_BUCKETS[-1]} fit")
        nonce = secrets.token_bytes(12)
        bound = self.row + study.encode()
        return nonce + AESGCM(self.cipher).encrypt(nonce, pad(packed, size), bound)

    def decrypt(self, study: str, stored: bytes) -> bytes:
        bound = self.row + study.encode()
        return zlib.decompress(unpad(AESGCM(self.cipher).decrypt(stored[:12], stored[12:], bound)))


class Urn:
    """The urn's database. Every method is one transaction."""

    def __init__(self, database: Database, hasher: PasswordHasher) -> None:
        self._database = database
        self._hasher = hasher
        self._slow_work = asyncio.Semaphore(2)

    @classmethod
    async def open(cls, url: str, hasher: PasswordHasher | None = None) -> "Urn":
        """Open the urn at a database URL. Raises `NewerSchema`.

        Without a `hasher`: argon2id with 19 MiB and two passes, OWASP's least.
        """
        database = await open_database(url, "urn")
        return cls(database, hasher or PasswordHasher(2, 19456, 1))

    async def close(self) -> None:
        await self._database.close()

    # Studies

    async def register(self, study: str, recipient: Recipient, answer_size: int) -> None:
        """Make a study known; it is not open yet.

        Answers may have up to `answer_size` bytes, and all take up as much.
        """

        def work(connection: Connection) -> None:
            if _state(connection, study) is not None:
                raise StudyExists(f"There is a study {study} already.")
            connection.execute(
                insert(_STUDY).values(
                    id=study, state="created", recipient=recipient.text, answer_size=answer_size
                )
            )

        await self._database.write(work)

    async def states(self) -> dict[str, State]:
        """Every study and what can be done with it."""

        def work(connection: Connection) -> dict[str, State]:
            rows = connection.execute(select(_STUDY.c.id, _STUDY.c.state).order_by(_STUDY.c.id))
            return dict(rows.tuples().all())

        return await self._database.read(work)

    async def open_study(self, study: str) -> None:
        """Begin to take answers. Raises `WrongState` once it was closed."""

        def work(connection: Connection) -> None:
            _alone(connection)
            if (state := _known_state(connection, study)) not in {"created", "open"}:
                raise WrongState(study, state)
            _set_state(connection, study, "open")

        await self._database.write(work)

    async def close_study(self, study: str) -> None:
        """Take no more answers, destroy the drafts, and reseal.

        Raises `WrongState` unless it was open; closing a second time does
        nothing but reseal.
        """

        def work(connection: Connection) -> None:
            _alone(connection)
            if (state := _known_state(connection, study)) not in {"open", "closed"}:
                raise WrongState(study, state)
            _set_state(connection, study, "closed")
            connection.execute(delete(_DRAFT).where(_DRAFT.c.study == study))
            _reseal(connection)

        await self._database.write(work)
        await self._database.compact()

    async def reseal(self) -> None:
        """Carry out withdrawals, and write every row anew in random order."""

        def work(connection: Connection) -> None:
            _alone(connection)
            _reseal(connection)

        await self._database.write(work)
        await self._database.compact()

    async def release(self, study: str) -> Release:
        """What researchers get. Raises `WrongState` unless the study is closed."""

        def work(connection: Connection) -> Release:
            if (state := _known_state(connection, study)) != "closed":
                raise WrongState(study, state)
            submissions = connection.execute(
                select(_SUBMISSION.c.pseudonym, _SUBMISSION.c.sealed)
                .where(_SUBMISSION.c.study == study)
                .order_by(_SUBMISSION.c.pseudonym)
            )
            withdrawn = connection.scalars(
                select(_WITHDRAWAL.c.pseudonym)
                .where(
                    _WITHDRAWAL.c.study == study,
                    _WITHDRAWAL.c.pseudonym.not_in(
                        select(_SUBMISSION.c.pseudonym).where(_SUBMISSION.c.study == study)
                    ),
                )
                .order_by(_WITHDRAWAL.c.pseudonym)
            )
            return Release(
                tuple((name, bytes(sealed)) for name, sealed in submissions), tuple(withdrawn)
            )

        return await self._database.read(work)

    async def destroy(self, study: str) -> Destroyed:
        """Destroy all that was collected. The study's name stays taken."""

        def work(connection: Connection) -> Destroyed:
            _alone(connection)
            _known_state(connection, study)
            _set_state(connection, study, "destroyed")
            drafts, submissions, withdrawals = (
                connection.execute(delete(table).where(table.c.study == study)).rowcount
                for table in (_DRAFT, _SUBMISSION, _WITHDRAWAL)
            )
            _reseal(connection)
            return Destroyed(drafts, submissions, withdrawals)

        counts = await self._database.write(work)
        await self._database.compact()
        return counts

    # Drafts

    async def open_draft(self, token: Token, study: str, document: bytes) -> Draft | None:
        """Begin a draft; None where the study is not open. Raises `TooLong`."""
        keys = _Keys.of(token)
        stored = keys.encrypt(study, document)
        tag = secrets.token_bytes(8)

        def work(connection: Connection) -> Draft | None:
            if _state(connection, study) != "open":
                return None
            connection.execute(
                insert(_DRAFT).values(key=keys.row, study=study, tag=tag, document=stored)
            )
            return Draft(study, tag.hex(), document)

        return await self._database.write(work)

    async def draft(self, token: Token) -> Draft | None:
        """The draft of a token, or None where it was submitted, discarded or destroyed."""
        keys = _Keys.of(token)

        def work(connection: Connection) -> Row[str, bytes, bytes] | None:
            return connection.execute(_DRAFT_BY_KEY, {"by_key": keys.row}).one_or_none()

        if (row := await self._database.read(work)) is None:
            return None
        return Draft(row.study, row.tag.hex(), keys.decrypt(row.study, row.document))

    async def save_draft(self, token: Token, seen: Draft, document: bytes) -> Draft | None:
        """Put `document` in the place of the draft that was `seen`.

        None where someone has changed or ended the draft since. Raises `TooLong`.
        """
        keys = _Keys.of(token)
        stored = keys.encrypt(seen.study, document)
        tag = secrets.token_bytes(8)

        def work(connection: Connection) -> bool:
            values = {
                "by_key": keys.row,
                "by_tag": bytes.fromhex(seen.tag),
                "tag": tag,
                "document": stored,
            }
            return connection.execute(_SAVE_DRAFT, values).rowcount == 1

        saved = await self._database.write(work)
        return Draft(seen.study, tag.hex(), document) if saved else None

    async def discard_draft(self, token: Token) -> bool:
        """Destroy a draft; False where there is none."""
        row = _Keys.of(token).row

        def work(connection: Connection) -> bool:
            return connection.execute(delete(_DRAFT).where(_DRAFT.c.key == row)).rowcount == 1

        return await self._database.write_traceless(work)

    # Submissions

    async def submit(
        self, token: Token, seen: Draft, answer: bytes, pseudonym: str, code: Code
    ) -> Submitted | Refusal:
        """Seal `answer`, and put it in the urn in the place of the draft.

        Doing it again changes nothing and returns the same. Raises `TooLong`
        where the answer has more bytes than the study's `answer_size`.
        """
        sealed = await self._seal(seen.study, answer)
        verifier = await self._slowly(lambda: self._hasher.hash(code.secret))
        keys = _Keys.of(token)

        def work(connection: Connection) -> Submitted | Refusal:
            state = _state(connection, seen.study, change=True)
            if (already := _by_receipt(connection, keys.receipt)) is not None:
                return already
            if state != "open":
                return Refusal.NOT_OPEN
            if _is_taken(connection, seen.study, pseudonym):
                return Refusal.PSEUDONYM_TAKEN
            if not _take_draft(connection, keys.row, seen):
                return Refusal.STALE
            row = {
                "study": seen.study,
                "pseudonym": pseudonym,
                "locator": code.locator,
                "verifier": verifier,
                "receipt": keys.receipt,
                "sealed": sealed,
            }
            _mix(connection, row)
            return Submitted(seen.study, pseudonym)

        return await self._database.write_traceless(work)

    async def replace(
        self, token: Token, seen: Draft, answer: bytes, code: Code
    ) -> Submitted | Refusal:
        """`submit`, in the place of the answer with this code; pseudonym and code stay."""
        sealed = await self._seal(seen.study, answer)
        keys = _Keys.of(token)
        found = await self._find(code)

        def work(connection: Connection) -> Submitted | Refusal:
            state = _state(connection, seen.study, change=True)
            if (already := _by_receipt(connection, keys.receipt)) is not None:
                return already
            if state != "open":
                return Refusal.NOT_OPEN
            old = None if found is None else _replaceable(connection, seen.study, found)
            if old is None:
                return Refusal.UNKNOWN_CODE
            if not _take_draft(connection, keys.row, seen):
                return Refusal.STALE
            _mix(connection, {**old, "receipt": keys.receipt, "sealed": sealed})
            return Submitted(seen.study, old["pseudonym"])

        return await self._database.write_traceless(work)

    async def receipt(self, token: Token) -> Submitted | None:
        """What became of a draft that is gone; None where it was not submitted."""
        receipt = _Keys.of(token).receipt
        return await self._database.read(lambda connection: _by_receipt(connection, receipt))

    async def verify(self, code: Code) -> Submitted | None:
        """The answer that a code belongs to, unless its withdrawal was asked for."""
        found = await self._find(code)
        if found is None:
            return None

        def work(connection: Connection) -> bool:
            return _replaceable(connection, found.study, found) is not None

        return found if await self._database.read(work) else None

    async def withdraw(self, code: Code) -> Submitted | None:
        """Ask for the answer of a code to be destroyed at the next `reseal`.

        The pseudonym stays taken, and releases name it as withdrawn. Asking
        again, as long as the answer is there, changes nothing and returns the
        same. None for a code that no answer has.
        """
        found = await self._find(code)
        if found is None:
            return None

        def work(connection: Connection) -> Submitted | None:
            _state(connection, found.study, change=True)
            if _replaceable(connection, found.study, found) is not None:
                connection.execute(
                    insert(_WITHDRAWAL).values(study=found.study, pseudonym=found.pseudonym)
                )
            return found

        return await self._database.write_traceless(work)

    async def _find(self, code: Code) -> Submitted | None:
        """The answer whose code this is, whether its withdrawal was asked for or not."""

        def work(connection: Connection) -> Sequence[Row[str, str, str]]:
            columns = _SUBMISSION.c.study, _SUBMISSION.c.pseudonym, _SUBMISSION.c.verifier
            return connection.execute(
                select(*columns).where(_SUBMISSION.c.locator == code.locator)
            ).all()

        for row in await self._database.read(work):
            if await self._slowly(partial(self._matches, row.verifier, code.secret)):
                return Submitted(row.study, row.pseudonym)
        return None

    def _matches(self, verifier: str, secret: str) -> bool:
        try:
            return self._hasher.verify(verifier, secret)
        except VerifyMismatchError:
            return False

    async def _seal(self, study: str, answer: bytes) -> bytes:
        def work(connection: Connection) -> Row[str, int] | None:
            return connection.execute(
                select(_STUDY.c.recipient, _STUDY.c.answer_size).where(_STUDY.c.id == study)
            ).one_or_none()

        if (row := await self._database.read(work)) is None:
            raise UnknownStudy(study)
        return await self._slowly(partial(Recipient(row.recipient).seal, answer, row.answer_size))

    async def _slowly(self, work: Callable[[], T]) -> T:
        """Do what takes long in a thread: no press waits for somebody else's hash."""
        async with self._slow_work:
            return await asyncio.to_thread(work)


def _state(connection: Connection, study: str, *, change: bool = False) -> State | None:
    """A study's state, which stays so until the transaction ends.

    With `change`, nobody else changes the study's submissions meanwhile.
    """
    query = select(_STUDY.c.state).where(_STUDY.c.id == study).with_for_update(read=not change)
    return cast("State | None", connection.scalar(query))


def _known_state(connection: Connection, study: str) -> State:
    if (state := _state(connection, study)) is None:
        raise UnknownStudy(study)
    return state


def _set_state(connection: Connection, study: str, state: State) -> None:
    connection.execute(update(_STUDY).where(_STUDY.c.id == study).values(state=state))


def _by_receipt(connection: Connection, receipt: bytes) -> Submitted | None:
    row = connection.execute(
        select(_SUBMISSION.c.study, _SUBMISSION.c.pseudonym).where(_SUBMISSION.c.receipt == receipt)
    ).one_or_none()
    return None if row is None else Submitted(*row)


def _is_taken(connection: Connection, study: str, pseudonym: str) -> bool:
    """Whether an answer has the pseudonym, or had it before it was withdrawn."""
    return any(
        connection.scalar(
            select(literal(True)).where(table.c.study == study, table.c.pseudonym == pseudonym)
        )
        for table in (_SUBMISSION, _WITHDRAWAL)
    )


def _replaceable(connection: Connection, study: str, found: Submitted) -> dict[str, Any] | None:
    """The row of an answer, unless it is another study's or about to be withdrawn."""
    row = connection.execute(
        select(_SUBMISSION).where(
            _SUBMISSION.c.study == study,
            _SUBMISSION.c.study == found.study,
            _SUBMISSION.c.pseudonym == found.pseudonym,
            ~_REQUESTED,
        )
    ).one_or_none()
    return None if row is None else row._asdict()


def _take_draft(connection: Connection, key: bytes, seen: Draft) -> bool:
    """Destroy the draft if it still is the one seen."""
    return (
        connection.execute(
            delete(_DRAFT).where(_DRAFT.c.key == key, _DRAFT.c.tag == bytes.fromhex(seen.tag))
        ).rowcount
        == 1
    )


def _mix(connection: Connection, newcomer: dict[str, Any]) -> None:
    """Put a submission in, and tell by nothing which one it was.

    It and those beside it are written in random order under new random ids, so
    all have the same transaction, and each may lie where any of them lay. What
    has the newcomer's pseudonym makes room for it.
    """
    study = newcomer["study"]
    of_study = select(_SUBMISSION).where(_SUBMISSION.c.study == study)
    start = secrets.token_bytes(16)
    rows = [newcomer]
    for beside in (_SUBMISSION.c.id >= start, _SUBMISSION.c.id < start):
        nearest = of_study.where(beside, _SUBMISSION.c.pseudonym != newcomer["pseudonym"])
        nearest = nearest.order_by(_SUBMISSION.c.id).limit(_MIXED + 1 - len(rows))
        rows += (row._asdict() for row in connection.execute(nearest))
    connection.execute(
        delete(_SUBMISSION).where(
            _SUBMISSION.c.study == study,
            _SUBMISSION.c.pseudonym.in_([row["pseudonym"] for row in rows]),
        )
    )
    random.SystemRandom().shuffle(rows)
    connection.execute(
        insert(_SUBMISSION), [{**row, "id": secrets.token_bytes(16)} for row in rows]
    )


def _alone(connection: Connection) -> None:
    """Wait for everybody else, and keep everybody else waiting.

    SQLite's writers are alone anyhow. The order of the tables is the one in
    which all transactions here come to them, so none waits for another in a
    ring.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(_TABLES.tables)
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def _reseal(connection: Connection) -> None:
    connection.execute(delete(_SUBMISSION).where(_REQUESTED))
    if connection.dialect.name == "postgresql":
        # New files, and one transaction for all rows: neither VACUUM FULL nor
        # CLUSTER changes which transaction (xmin) a row is from. On SQLite
        # VACUUM writes the file anew in the order of the random keys.
        for name in _TABLES.tables:
            connection.execute(text(f"CREATE TEMP TABLE kept ON COMMIT DROP AS TABLE {name}"))
            connection.execute(text(f"TRUNCATE {name}"))
            connection.execute(text(f"INSERT INTO {name} SELECT * FROM kept ORDER BY random()"))  # noqa: S608 - our own table names
            connection.execute(text("DROP TABLE kept"))
