"""The urn: drafts and sealed answers, with nothing that says whose they are.

    token --> draft --submit--> submission <-- code

A draft is found and read by its token alone, a submission by its code alone,
and the two are joined by nothing once the draft has become the submission. No
row tells a time or an order, and neither does its place: every submission that
comes in changes places at random with those that are there (`storage/mixing.py`).
docs/adr/0004-urn.md says which leak each measure answers.
"""

import asyncio
import enum
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias, TypeVar, cast

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, Row, bindparam, delete, insert, literal, select, update

from storage import aead
from storage.codes import Code, Token
from storage.database import Database, for_each_dialect, open_database
from storage.drafts import DraftCipher
from storage.mixing import alone, mix, reseal
from storage.sealing import Recipient, pad, unpad
from storage.urn_tables import DRAFT, REQUESTED, STUDY, SUBMISSION, WITHDRAWAL

T = TypeVar("T")
State: TypeAlias = Literal["created", "open", "closed", "destroyed"]

_DRAFT_BY_KEY = select(DRAFT.c.study, DRAFT.c.tag, DRAFT.c.document).where(
    DRAFT.c.key == bindparam("by_key")
)
_OPEN_DRAFT = for_each_dialect(lambda insert: insert(DRAFT).on_conflict_do_nothing())
_SAVE_DRAFT = (
    update(DRAFT)
    .where(DRAFT.c.key == bindparam("by_key"), DRAFT.c.tag == bindparam("by_tag"))
    .values(tag=bindparam("tag"), document=bindparam("document"))
)


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
                insert(STUDY).values(
                    id=study, state="created", recipient=recipient.text, answer_size=answer_size
                )
            )

        await self._database.write(work)

    async def states(self) -> dict[str, State]:
        """Every study and what can be done with it."""

        def work(connection: Connection) -> dict[str, State]:
            rows = connection.execute(select(STUDY.c.id, STUDY.c.state).order_by(STUDY.c.id))
            return {row.id: row.state for row in rows}

        return await self._database.read(work)

    async def open_study(self, study: str) -> None:
        """Begin to take answers. Raises `WrongState` once it was closed."""

        def work(connection: Connection) -> None:
            alone(connection)
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
            alone(connection)
            if (state := _known_state(connection, study)) not in {"open", "closed"}:
                raise WrongState(study, state)
            _set_state(connection, study, "closed")
            connection.execute(delete(DRAFT).where(DRAFT.c.study == study))
            reseal(connection)

        await self._database.write(work)
        await self._database.compact()

    async def reseal(self) -> None:
        """Carry out withdrawals, and write every row anew in random order."""

        def work(connection: Connection) -> None:
            alone(connection)
            reseal(connection)

        await self._database.write(work)
        await self._database.compact()

    async def release(self, study: str) -> Release:
        """What researchers get. Raises `WrongState` unless the study is closed."""

        def work(connection: Connection) -> Release:
            if (state := _known_state(connection, study)) != "closed":
                raise WrongState(study, state)
            submissions = connection.execute(
                select(SUBMISSION.c.pseudonym, SUBMISSION.c.sealed)
                .where(SUBMISSION.c.study == study)
                .order_by(SUBMISSION.c.pseudonym)
            )
            withdrawn = connection.scalars(
                select(WITHDRAWAL.c.pseudonym)
                .where(
                    WITHDRAWAL.c.study == study,
                    WITHDRAWAL.c.pseudonym.not_in(
                        select(SUBMISSION.c.pseudonym).where(SUBMISSION.c.study == study)
                    ),
                )
                .order_by(WITHDRAWAL.c.pseudonym)
            )
            return Release(
                tuple((name, bytes(sealed)) for name, sealed in submissions), tuple(withdrawn)
            )

        return await self._database.read(work)

    async def destroy(self, study: str) -> Destroyed:
        """Destroy all that was collected. The study's name stays taken."""

        def work(connection: Connection) -> Destroyed:
            alone(connection)
            _known_state(connection, study)
            _set_state(connection, study, "destroyed")
            drafts, submissions, withdrawals = (
                connection.execute(delete(table).where(table.c.study == study)).rowcount
                for table in (DRAFT, SUBMISSION, WITHDRAWAL)
            )
            reseal(connection)
            return Destroyed(drafts, submissions, withdrawals)

        counts = await self._database.write(work)
        await self._database.compact()
        return counts

    # Drafts

    async def open_draft(self, token: Token, study: str, document: bytes) -> Draft | None:
        """Begin a draft, or leave the one that was begun with this token as it is.

        None where the study is not open. Raises `TooLong`.
        """
        key = token.derive("draft")
        stored = DraftCipher(token, study).encrypt(document)
        row = {"key": key, "study": study, "tag": secrets.token_bytes(8), "document": stored}

        def work(connection: Connection) -> bool:
            if _state(connection, study) != "open":
                return False
            connection.execute(_OPEN_DRAFT[connection.dialect.name], row)
            return True

        return await self.draft(token) if await self._database.write(work) else None

    async def draft(self, token: Token) -> Draft | None:
        """The draft of a token, or None where it was submitted, discarded or destroyed."""
        key = token.derive("draft")

        def work(connection: Connection) -> Row[str, bytes, bytes] | None:
            return connection.execute(_DRAFT_BY_KEY, {"by_key": key}).one_or_none()

        if (row := await self._database.read(work)) is None:
            return None
        return Draft(row.study, row.tag.hex(), DraftCipher(token, row.study).decrypt(row.document))

    async def save_draft(self, token: Token, seen: Draft, document: bytes) -> Draft | None:
        """Put `document` in the place of the draft that was `seen`.

        None where someone has changed or ended the draft since. Raises `TooLong`.
        """
        key = token.derive("draft")
        stored = DraftCipher(token, seen.study).encrypt(document)
        tag = secrets.token_bytes(8)

        def work(connection: Connection) -> bool:
            values = {
                "by_key": key,
                "by_tag": bytes.fromhex(seen.tag),
                "tag": tag,
                "document": stored,
            }
            return connection.execute(_SAVE_DRAFT, values).rowcount == 1

        saved = await self._database.write(work)
        return Draft(seen.study, tag.hex(), document) if saved else None

    async def discard_draft(self, token: Token) -> bool:
        """Destroy a draft; False where there is none."""
        key = token.derive("draft")

        def work(connection: Connection) -> bool:
            return connection.execute(delete(DRAFT).where(DRAFT.c.key == key)).rowcount == 1

        return await self._database.write_traceless(work)

    # Submissions

    async def submit(
        self, token: Token, seen: Draft, answer: bytes, pseudonym: str, code: Code
    ) -> Submitted | Refusal:
        """Seal `answer`, and put it in the urn in the place of the draft.

        Doing it again changes nothing and returns the same. Raises `TooLong`
        where the answer has more bytes than the study's `answer_size`.
        """
        copies = await self._copies(seen.study, answer, code)
        verifier = await self._slowly(lambda: self._hasher.hash(code.secret))
        key, receipt = token.derive("draft"), token.derive("receipt")

        def work(connection: Connection) -> Submitted | Refusal:
            state = _state(connection, seen.study, change=True)
            if (already := _by_receipt(connection, receipt)) is not None:
                return already
            if state != "open":
                return Refusal.NOT_OPEN
            if _is_taken(connection, seen.study, pseudonym):
                return Refusal.PSEUDONYM_TAKEN
            if not _take_draft(connection, key, seen):
                return Refusal.STALE
            row = {
                "study": seen.study,
                "pseudonym": pseudonym,
                "locator": code.locator,
                "verifier": verifier,
                "receipt": receipt,
                **copies,
            }
            mix(connection, row)
            return Submitted(seen.study, pseudonym)

        return await self._database.write_traceless(work)

    async def replace(
        self, token: Token, seen: Draft, answer: bytes, code: Code
    ) -> Submitted | Refusal:
        """`submit`, in the place of the answer with this code; pseudonym and code stay."""
        copies = await self._copies(seen.study, answer, code)
        key, receipt = token.derive("draft"), token.derive("receipt")
        found = await self._find(code)

        def work(connection: Connection) -> Submitted | Refusal:
            state = _state(connection, seen.study, change=True)
            if (already := _by_receipt(connection, receipt)) is not None:
                return already
            if state != "open":
                return Refusal.NOT_OPEN
            old = None if found is None else _replaceable(connection, seen.study, found)
            if old is None:
                return Refusal.UNKNOWN_CODE
            if not _take_draft(connection, key, seen):
                return Refusal.STALE
            mix(connection, {**old, "receipt": receipt, **copies})
            return Submitted(seen.study, old["pseudonym"])

        return await self._database.write_traceless(work)

    async def receipt(self, token: Token) -> Submitted | None:
        """What became of a draft that is gone; None where it was not submitted."""
        receipt = token.derive("receipt")
        return await self._database.read(lambda connection: _by_receipt(connection, receipt))

    async def verify(self, code: Code) -> Submitted | None:
        """The answer that a code belongs to, unless its withdrawal was asked for."""
        found = await self._find(code)
        if found is None:
            return None

        def work(connection: Connection) -> bool:
            return _replaceable(connection, found.study, found) is not None

        return found if await self._database.read(work) else None

    async def own_answer(self, code: Code) -> tuple[str, bytes] | None:
        """Study and answer as the participant handed it in; None for a code that has none."""
        found = await self.verify(code)
        if found is None:
            return None
        own = select(SUBMISSION.c.own).where(
            SUBMISSION.c.study == found.study, SUBMISSION.c.pseudonym == found.pseudonym
        )
        stored = await self._database.read(lambda connection: connection.scalar(own))
        if stored is None:  # withdrawn or destroyed in between
            return None
        return found.study, unpad(aead.decrypt(code.own_key(), stored, _own(found.study)))

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
                    insert(WITHDRAWAL).values(study=found.study, pseudonym=found.pseudonym)
                )
            return found

        return await self._database.write_traceless(work)

    async def _find(self, code: Code) -> Submitted | None:
        """The answer whose code this is, whether its withdrawal was asked for or not."""

        def work(connection: Connection) -> Sequence[Row[str, str, str]]:
            columns = SUBMISSION.c.study, SUBMISSION.c.pseudonym, SUBMISSION.c.verifier
            return connection.execute(
                select(*columns).where(SUBMISSION.c.locator == code.locator)
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

    async def _copies(self, study: str, answer: bytes, code: Code) -> dict[str, bytes]:
        """The answer twice: sealed for the researchers, and encrypted for whoever has the code."""

        def work(connection: Connection) -> Row[str, int] | None:
            return connection.execute(
                select(STUDY.c.recipient, STUDY.c.answer_size).where(STUDY.c.id == study)
            ).one_or_none()

        if (row := await self._database.read(work)) is None:
            raise UnknownStudy(study)
        seal = partial(Recipient(row.recipient).seal, answer, row.answer_size)
        return {
            "sealed": await self._slowly(seal),
            "own": aead.encrypt(code.own_key(), pad(answer, row.answer_size), _own(study)),
        }

    async def _slowly(self, work: Callable[[], T]) -> T:
        """Do what takes long in a thread: no press waits for somebody else's hash."""
        async with self._slow_work:
            return await asyncio.to_thread(work)


def _state(connection: Connection, study: str, *, change: bool = False) -> State | None:
    """A study's state, which stays so until the transaction ends.

    With `change`, nobody else changes the study's submissions meanwhile.
    """
    query = select(STUDY.c.state).where(STUDY.c.id == study).with_for_update(read=not change)
    return cast("State | None", connection.scalar(query))


def _known_state(connection: Connection, study: str) -> State:
    if (state := _state(connection, study)) is None:
        raise UnknownStudy(study)
    return state


def _set_state(connection: Connection, study: str, state: State) -> None:
    connection.execute(update(STUDY).where(STUDY.c.id == study).values(state=state))


def _own(study: str) -> bytes:
    return b"own copy in " + study.encode()


def _by_receipt(connection: Connection, receipt: bytes) -> Submitted | None:
    row = connection.execute(
        select(SUBMISSION.c.study, SUBMISSION.c.pseudonym).where(SUBMISSION.c.receipt == receipt)
    ).one_or_none()
    return None if row is None else Submitted(*row)


def _is_taken(connection: Connection, study: str, pseudonym: str) -> bool:
    """Whether an answer has the pseudonym, or had it before it was withdrawn."""
    return any(
        connection.scalar(
            select(literal(True)).where(table.c.study == study, table.c.pseudonym == pseudonym)
        )
        for table in (SUBMISSION, WITHDRAWAL)
    )


def _replaceable(connection: Connection, study: str, found: Submitted) -> dict[str, Any] | None:
    """The row of an answer, unless it is another study's or about to be withdrawn."""
    row = connection.execute(
        select(SUBMISSION).where(
            SUBMISSION.c.study == study,
            SUBMISSION.c.study == found.study,
            SUBMISSION.c.pseudonym == found.pseudonym,
            ~REQUESTED,
        )
    ).one_or_none()
    return None if row is None else row._asdict()


def _take_draft(connection: Connection, key: bytes, seen: Draft) -> bool:
    """Destroy the draft if it still is the one seen."""
    return (
        connection.execute(
            delete(DRAFT).where(DRAFT.c.key == key, DRAFT.c.tag == bytes.fromhex(seen.tag))
        ).rowcount
        == 1
    )
