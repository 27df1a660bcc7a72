"""The urn, whatever is done to it, does what dictionaries would do."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from pyrage import x25519

from storage.crypto.codes import Code, Token
from storage.crypto.sealing import PrivateKey
from storage.urn.store import Release, State, StoredDraft, SubmissionRefusal, Submitted, Urn
from tests.storage.conftest import QUICK
from tests.support.databases import (
    drop_postgres_database,
    new_postgres_database,
    postgres_server,
)

T = TypeVar("T")
STUDIES = ("a", "b")
studies = st.sampled_from(STUDIES)
pseudonyms = st.sampled_from(["brå elv", "rask bekk", "stille tjern", "vid fjord"])


@dataclass
class Answer:
    study: str
    pseudonym: str
    text: bytes
    code: Code
    receipt: Token
    is_withdrawn: bool = False


class UrnMachine(RuleBasedStateMachine):
    kind: ClassVar[str] = "sqlite"

    tokens: Bundle[Token] = Bundle("tokens")
    stale: Bundle[tuple[Token, StoredDraft]] = Bundle("stale")
    codes: Bundle[Code] = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.identity = PrivateKey(str(x25519.Identity.generate()))
        self.states: dict[str, State] = dict.fromkeys(STUDIES, "open")
        self.drafts: dict[Token, StoredDraft] = {}
        self.answers: list[Answer] = []
        self.withdrawn: dict[str, set[str]] = {study: set() for study in STUDIES}

    def run(self, doing: Awaitable[T]) -> T:
        async def run() -> T:
            return await doing

        return self.runner.run(run())

    @initialize(code=st.builds(Code.new), target=codes)
    def start(self, code: Code) -> Code:
        if self.kind == "sqlite":
            self.directory = tempfile.TemporaryDirectory()
            self.url = f"sqlite:///{Path(self.directory.name)}/urn.db"
        else:
            self.url = self.run(new_postgres_database(postgres_server()))
        self.urn = self.run(Urn.open(self.url, QUICK))
        for study in STUDIES:
            self.run(self.urn.register(study, self.identity.recipient, 20))
            self.run(self.urn.open_study(study))
        return code

    def teardown(self) -> None:
        for study in STUDIES:
            self.close(study)
            released = self.run(self.urn.release(study))
            answers = {a.pseudonym: a.text for a in self.answers if a.study == study}
            assert released == Release(released.submissions, tuple(sorted(self.withdrawn[study])))
            assert [name for name, _ in released.submissions] == sorted(answers)
            for name, sealed in released.submissions:
                assert self.identity.unseal(sealed) == answers[name]
        self.run(self.urn.close())
        if self.kind == "sqlite":
            self.directory.cleanup()
        else:
            self.run(drop_postgres_database(postgres_server(), self.url))
        self.runner.close()

    def answer_to(self, code: Code) -> Answer | None:
        return next((a for a in self.answers if a.code == code), None)

    def receipt_for(self, token: Token) -> Submitted | None:
        found = next((a for a in self.answers if a.receipt == token), None)
        return None if found is None else Submitted(found.study, found.pseudonym)

    @rule(study=studies, document=st.binary(max_size=30), target=tokens)
    def begin(self, study: str, document: bytes) -> Token:
        token = Token.new()
        draft = self.run(self.urn.open_draft(token, study, document))
        assert (draft is not None) == (self.states[study] == "open")
        if draft is not None:
            assert (draft.study, draft.document) == (study, document)
            self.drafts[token] = draft
        return token

    @rule(token=tokens, document=st.binary(max_size=30), target=stale)
    def save(self, token: Token, document: bytes) -> tuple[Token, StoredDraft]:
        seen = self.drafts.get(token)
        if seen is None:
            return token, StoredDraft("a", "00" * 8, b"")
        saved = self.run(self.urn.save_draft(token, seen, document))
        assert saved is not None
        assert saved.document == document
        self.drafts[token] = saved
        return token, seen

    @rule(late=stale)
    def save_late(self, late: tuple[Token, StoredDraft]) -> None:
        assert self.run(self.urn.save_draft(*late, b"late")) is None

    @rule(token=tokens)
    def discard(self, token: Token) -> None:
        assert self.run(self.urn.discard_draft(token)) == (token in self.drafts)
        self.drafts.pop(token, None)

    @rule(token=tokens, pseudonym=pseudonyms, text=st.binary(max_size=20), target=codes)
    def submit(self, token: Token, pseudonym: str, text: bytes) -> Code:
        code = Code.new()
        draft = self.drafts.get(token, StoredDraft("a", "00" * 8, b""))
        outcome = self.run(self.urn.submit(token, draft, text, pseudonym, code))
        taken = pseudonym in self.withdrawn[draft.study] or any(
            (a.study, a.pseudonym) == (draft.study, pseudonym) for a in self.answers
        )
        if receipt := self.receipt_for(token):
            assert outcome == receipt
        elif self.states[draft.study] != "open":
            assert outcome is SubmissionRefusal.NOT_OPEN
        elif taken:
            assert outcome is SubmissionRefusal.PSEUDONYM_TAKEN
        elif token not in self.drafts:
            assert outcome is SubmissionRefusal.STALE
        else:
            assert outcome == Submitted(draft.study, pseudonym)
            del self.drafts[token]
            self.answers.append(Answer(draft.study, pseudonym, text, code, token))
        return code

    @rule(late=stale)
    def submit_late(self, late: tuple[Token, StoredDraft]) -> None:
        outcome = self.run(self.urn.submit(*late, b"late", "for sein", Code.new()))
        if receipt := self.receipt_for(late[0]):
            assert outcome == receipt
        elif self.states[late[1].study] == "open":
            assert outcome is SubmissionRefusal.STALE
        else:
            assert outcome is SubmissionRefusal.NOT_OPEN

    @rule(token=tokens, code=codes, text=st.binary(max_size=20))
    def replace(self, token: Token, code: Code, text: bytes) -> None:
        draft = self.drafts.get(token, StoredDraft("a", "00" * 8, b""))
        outcome = self.run(self.urn.replace(token, draft, text, code))
        old = self.answer_to(code)
        if receipt := self.receipt_for(token):
            assert outcome == receipt
        elif self.states[draft.study] != "open":
            assert outcome is SubmissionRefusal.NOT_OPEN
        elif old is None or old.is_withdrawn or old.study != draft.study:
            assert outcome is SubmissionRefusal.UNKNOWN_CODE
        elif token not in self.drafts:
            assert outcome is SubmissionRefusal.STALE
        else:
            assert outcome == Submitted(old.study, old.pseudonym)
            del self.drafts[token]
            old.text, old.receipt = text, token

    @rule(code=codes)
    def withdraw(self, code: Code) -> None:
        outcome = self.run(self.urn.withdraw(code))
        if answer := self.answer_to(code):
            assert outcome == Submitted(answer.study, answer.pseudonym)
            answer.is_withdrawn = True
        else:
            assert outcome is None

    @rule(code=codes)
    def verify(self, code: Code) -> None:
        answer = self.answer_to(code)
        is_there = answer is not None and not answer.is_withdrawn
        assert (self.run(self.urn.verify(code)) is not None) == is_there

    @rule(token=consumes(tokens))
    def look(self, token: Token) -> None:
        assert self.run(self.urn.draft(token)) == self.drafts.get(token)
        assert self.run(self.urn.receipt(token)) == self.receipt_for(token)

    @rule()
    def reseal(self) -> None:
        self.run(self.urn.reseal())
        self.carry_out_withdrawals()

    @rule(study=studies)
    def close(self, study: str) -> None:
        self.run(self.urn.close_study(study))
        self.states[study] = "closed"
        self.drafts = {t: d for t, d in self.drafts.items() if d.study != study}
        self.carry_out_withdrawals()

    @rule()
    def restart(self) -> None:
        self.run(self.urn.close())
        self.urn = self.run(Urn.open(self.url, QUICK))

    @invariant()
    def states_agree(self) -> None:
        if hasattr(self, "urn"):
            assert self.run(self.urn.states()) == self.states

    def carry_out_withdrawals(self) -> None:
        for answer in self.answers:
            if answer.is_withdrawn:
                self.withdrawn[answer.study].add(answer.pseudonym)
        self.answers = [a for a in self.answers if not a.is_withdrawn]


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("kind", "examples"),
    [("sqlite", 20), pytest.param("postgres", 5, marks=pytest.mark.postgres)],
)
def test_the_urn_does_what_dictionaries_would_do(kind: str, examples: int) -> None:
    if kind == "postgres":
        postgres_server()
    machine = type("Machine", (UrnMachine,), {"kind": kind})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples * (20 if os.environ.get("TESTS_TORTURE") else 1),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
