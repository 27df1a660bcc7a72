"""The urn: drafts and sealed answers, with nothing that says whose they are.

    token --> draft --submit--> submission <-- code

A draft is found and read by its token alone, a submission by its code alone,
and the two are joined by nothing once the draft has become the submission. No
row tells a time or an order, and neither does its place: every submission that
comes in changes places at random with those that are there (`storage/urn/mixing.py`).
docs/adr/0004-urn.md says which leak each measure answers.
"""

import asyncio
import enum
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias, TypeVar, cast

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import (
    Connection,
    LargeBinary,
    Row,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from dialogs.retention import ending_with
from storage.crypto import aead
from storage.crypto.codes import Code, Token
from storage.crypto.sealing import Recipient, pad, unpad
from storage.database import Database, Json, for_each_dialect, is_away, open_database
from storage.together import Together
from storage.urn.drafts import DraftCipher
from storage.urn.mixing import alone, mix, reseal
from storage.urn.tables import DRAFT, REQUESTED, STUDY, SUBMISSION, TABLES, WITHDRAWAL

T = TypeVar("T")
State: TypeAlias = Literal["created", "open", "closed", "destroyed"]

_DRAFT_BY_KEY = select(DRAFT.c.study, DRAFT.c.tag, DRAFT.c.document).where(
    DRAFT.c.key == bindparam("by_key")
)
_OPEN_DRAFT = for_each_dialect(lambda insert: insert(DRAFT).on_conflict_do_nothing())
_SAVE_DRAFT = (
    update(DRAFT)
    .where(DRAFT.c.key == bindparam("by_key"), DRAFT.c.tag == bindparam("by_tag"))
    .values(
        tag=bindparam("tag", type_=LargeBinary), document=bindparam("document", type_=LargeBinary)
    )
)


_AT_HAND = 500
"""Drafts that need not be read for the next press: those that were saved last."""
REPLY_SIZE = 12 * 1024
"""Bytes that every reply is padded to."""


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


class SubmissionRefusal(enum.Enum):
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
class StoredDraft:
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
class OwnAnswer(Submitted):
    """One as its participant handed it in."""

    document: bytes


@dataclass(frozen=True, slots=True)
class Release:
    """What a closed study gives to its researchers, in alphabetical order."""

    submissions: tuple[tuple[str, bytes], ...]
    """Pseudonym and sealed answer."""
    withdrawn: tuple[str, ...]
    """Pseudonyms whose answers must not be used, should anyone still have them."""


class Urn:
    """The urn's database. Every method is one transaction."""

    def __init__(self, database: Database, hasher: PasswordHasher) -> None:
        self._database = database
        self._hasher = hasher
        self._slow_work = asyncio.Semaphore(2)
        self._coming_in = Together(self._take_in, is_away)
        self._at_hand: OrderedDict[bytes, tuple[str, bytes, bytes]] = OrderedDict()

    @classmethod
    async def open(
        cls, url: str, hasher: PasswordHasher | None = None, *, migrating: bool = True
    ) -> "Urn":
        """Open the urn, as `open_database` does.

        Without a `hasher`: argon2id with 19 MiB and two passes, OWASP's least.
        """
        database = await open_database(url, "urn", migrating=migrating)
        return cls(database, hasher or PasswordHasher(2, 19456, 1))

    async def close(self) -> None:
        await self._coming_in.rest()
        await self._database.close()

    @property
    def keeps_log(self) -> bool:
        """Whether the log still holds what was to be taken away."""
        return self._database.keeps_log

    async def tidy(self) -> None:
        """Try again to take that away."""
        await self._database.tidy()

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

        await self._database.write(work, patient=True)
        self._at_hand.clear()
        await self._database.compact()

    async def reseal(self) -> None:
        """Carry out withdrawals, and write every row anew in random order."""

        def work(connection: Connection) -> None:
            alone(connection)
            reseal(connection)

        await self._database.write(work, patient=True)
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

        return await self._database.write(work)  # it holds the study as it is

    async def destroy(self, study: str) -> Counter[str]:
        """Destroy all that was collected; how many of what. The study's name stays taken."""
        forgotten = {"state": "destroyed", "recipient": "", "answer_size": 0}

        def work(connection: Connection) -> Counter[str]:
            alone(connection)
            _known_state(connection, study)
            connection.execute(update(STUDY).where(STUDY.c.id == study).values(forgotten))
            counts: Counter[str] = Counter()
            for kept, _ in ending_with("study", "urn"):
                table = TABLES.tables[kept.table]
                of_study = table.c[kept.names["study"]] == study
                counts[kept.counted] += connection.execute(delete(table).where(of_study)).rowcount
            reseal(connection)
            return +counts

        counts = await self._database.write(work, patient=True)
        self._at_hand.clear()
        await self._database.compact()
        return counts

    # Drafts

    async def open_draft(self, token: Token, study: str, document: bytes) -> StoredDraft | None:
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

    async def draft(self, token: Token) -> StoredDraft | None:
        """The draft of a token, or None where it was submitted, discarded or destroyed."""
        found = await self._database.look(_DRAFT_BY_KEY, {"by_key": token.derive("draft")})
        if not found:
            return None
        (row,) = found
        return StoredDraft(
            row.study, row.tag.hex(), DraftCipher(token, row.study).decrypt(row.document)
        )

    def draft_at_hand(self, token: Token, tag: str) -> StoredDraft | None:
        """The draft as it was saved here last, if it had this tag: nothing is read for it.

        As encrypted in memory as in the database. Another process may have changed or ended it
        since: `save_draft` and `submit` find out, and whoever does neither asks `let_go`.
        """
        key = token.derive("draft")
        study, last, document = self._at_hand.get(key, ("", b"", b""))
        if not document or last.hex() != tag:
            return None
        return StoredDraft(study, tag, DraftCipher(token, study).decrypt(document))

    def let_go(self, token: Token) -> bool:
        """Have the draft read anew; whether it was at hand."""
        return self._at_hand.pop(token.derive("draft"), None) is not None

    async def save_draft(
        self, token: Token, seen: StoredDraft, document: bytes
    ) -> StoredDraft | None:
        """Put `document` in the place of the draft that was `seen`.

        None where someone has changed or ended the draft since. Raises `TooLong`.
        """
        key = token.derive("draft")
        stored = DraftCipher(token, seen.study).encrypt(document)
        tag = secrets.token_bytes(8)

        values = {
            "by_key": key,
            "by_tag": bytes.fromhex(seen.tag),
            "tag": tag,
            "document": stored,
        }
        self.let_go(token)
        if not await self._database.change(_SAVE_DRAFT, values):
            return None
        self._at_hand[key] = (seen.study, tag, stored)
        if len(self._at_hand) > _AT_HAND:
            self._at_hand.popitem(last=False)
        return StoredDraft(seen.study, tag.hex(), document)

    async def discard_draft(self, token: Token) -> bool:
        """Destroy a draft; False where there is none."""
        self.let_go(token)
        key = token.derive("draft")

        def work(connection: Connection) -> bool:
            return connection.execute(delete(DRAFT).where(DRAFT.c.key == key)).rowcount == 1

        return await self._database.write_traceless(work)

    # Submissions

    async def submit(
        self, token: Token, seen: StoredDraft, answer: bytes, pseudonym: str, code: Code
    ) -> Submitted | SubmissionRefusal:
        """Seal `answer`, and put it in the urn in the place of the draft.

        Doing it again changes nothing and returns the same. Raises `TooLong`
        where the answer has more bytes than the study's `answer_size`.
        """
        self.let_go(token)
        copies = await self._copies(seen.study, answer, code)
        verifier = await self._slowly(lambda: self._hasher.hash(code.secret))
        key, receipt = token.derive("draft"), token.derive("receipt")

        def work(connection: Connection, coming: Newcomers) -> Submitted | SubmissionRefusal:
            state = _state(connection, seen.study, change=True)
            already = coming.by_receipt(receipt) or _by_receipt(connection, receipt)
            if already is not None:
                return already
            if state != "open":
                return SubmissionRefusal.NOT_OPEN
            of_that_name = coming.row(seen.study, pseudonym)
            if of_that_name or _is_taken(connection, seen.study, pseudonym):
                return SubmissionRefusal.PSEUDONYM_TAKEN
            if not _take_draft(connection, key, seen):
                return SubmissionRefusal.STALE
            row = {
                "study": seen.study,
                "pseudonym": pseudonym,
                "locator": code.locator,
                "verifier": verifier,
                "receipt": receipt,
                "reply": None,
                **copies,
            }
            coming.add(row)
            return Submitted(seen.study, pseudonym)

        return await self._come_in(work)

    async def replace(
        self, token: Token, seen: StoredDraft, answer: bytes, code: Code
    ) -> Submitted | SubmissionRefusal:
        """`submit`, in the place of the answer with this code; pseudonym and code stay."""
        self.let_go(token)
        copies = await self._copies(seen.study, answer, code)
        key, receipt = token.derive("draft"), token.derive("receipt")
        found = await self._find(code)

        def work(connection: Connection, coming: Newcomers) -> Submitted | SubmissionRefusal:
            state = _state(connection, seen.study, change=True)
            already = coming.by_receipt(receipt) or _by_receipt(connection, receipt)
            if already is not None:
                return already
            if state != "open":
                return SubmissionRefusal.NOT_OPEN
            old = None if found is None else coming.old(connection, seen.study, found)
            if old is None:
                return SubmissionRefusal.UNKNOWN_CODE
            if not _take_draft(connection, key, seen):
                return SubmissionRefusal.STALE
            coming.add({**old, "receipt": receipt, **copies})
            return Submitted(seen.study, old["pseudonym"])

        return await self._come_in(work)

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

    async def own_answer(self, code: Code) -> OwnAnswer | None:
        """The answer of a code as the participant handed it in; None for one that has none."""
        found = await self.verify(code)
        if found is None:
            return None
        own = select(SUBMISSION.c.own).where(
            SUBMISSION.c.study == found.study, SUBMISSION.c.pseudonym == found.pseudonym
        )
        stored = await self._database.read(lambda connection: connection.scalar(own))
        if stored is None:  # withdrawn or destroyed in between
            return None
        document = unpad(aead.decrypt(code.own_key(), stored, _own(found.study)))
        return OwnAnswer(found.study, found.pseudonym, document)

    async def reply(self, code: Code, words: bytes) -> Submitted | None:
        """Seal an answer to an invitation to talk beside the answer of a code, for the last one.

        It moves like an answer that comes in (`mix`): nothing tells which row was written. None for
        a code that no answer of a closed study has.
        """
        if (found := await self.verify(code)) is None:
            return None
        recipient = select(STUDY.c.recipient).where(STUDY.c.id == found.study)
        key = await self._database.read(lambda connection: connection.scalar(recipient))
        sealed = await self._slowly(partial(Recipient(str(key)).seal, words, REPLY_SIZE))

        def work(connection: Connection, coming: Newcomers) -> Submitted | None:
            state = _state(connection, found.study, change=True)
            old = coming.old(connection, found.study, found)
            if state != "closed" or old is None:
                return None
            coming.add({**old, "reply": sealed})
            return found

        return await self._come_in(work)

    async def replies(self, study: str) -> tuple[tuple[str, bytes], ...]:
        """Pseudonyms and their sealed replies, in alphabetical order."""
        replied = (
            select(SUBMISSION.c.pseudonym, SUBMISSION.c.reply)
            .where(SUBMISSION.c.study == study, SUBMISSION.c.reply.is_not(None), ~REQUESTED)
            .order_by(SUBMISSION.c.pseudonym)
        )
        rows = await self._database.read(lambda connection: connection.execute(replied).all())
        return tuple((name, bytes(sealed)) for name, sealed in rows)

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

    async def _come_in(self, work: "Callable[[Connection, Newcomers], T]") -> T:
        """Do `work`, in one transaction with that of others who hand in at the same time."""
        try:
            result: T = await self._coming_in.do(work)
        except asyncio.CancelledError:
            await self._coming_in.rest()  # what has begun is done to its end
            raise
        return result

    async def _take_in(
        self, works: "Sequence[Callable[[Connection, Newcomers], Any]]"
    ) -> list[Any]:
        def work(connection: Connection) -> list[Any]:
            coming = Newcomers()
            outcomes = [each(connection, coming) for each in works]
            coming.mix(connection)
            return outcomes

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


class Newcomers:
    """Submissions that come in with one transaction."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Json] = {}

    def add(self, row: Json) -> None:
        self._rows[row["study"], row["pseudonym"]] = row

    def row(self, study: str, pseudonym: str) -> Json | None:
        return self._rows.get((study, pseudonym))

    def by_receipt(self, receipt: bytes) -> Submitted | None:
        """What came in with a receipt, just before."""
        rows = (where for where, row in self._rows.items() if row["receipt"] == receipt)
        return next((Submitted(*where) for where in rows), None)

    def old(self, connection: Connection, study: str, found: Submitted) -> Json | None:
        """The row of an answer that may be replaced."""
        coming = self.row(study, found.pseudonym) if study == found.study else None
        return coming or _replaceable(connection, study, found)

    def mix(self, connection: Connection) -> None:
        for study in sorted({study for study, _ in self._rows}):
            mix(connection, [row for (of, _), row in self._rows.items() if of == study])


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
    taken = or_(
        *(
            exists().where(table.c.study == study, table.c.pseudonym == pseudonym)
            for table in (SUBMISSION, WITHDRAWAL)
        )
    )
    return bool(connection.scalar(select(taken)))


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


def _take_draft(connection: Connection, key: bytes, seen: StoredDraft) -> bool:
    """Destroy the draft if it still is the one seen."""
    return (
        connection.execute(
            delete(DRAFT).where(DRAFT.c.key == key, DRAFT.c.tag == bytes.fromhex(seen.tag))
        ).rowcount
        == 1
    )
