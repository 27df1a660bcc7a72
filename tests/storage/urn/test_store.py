"""What the urn promises, on both kinds of database."""

import asyncio
import secrets
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from argon2 import PasswordHasher

from storage.crypto.codes import Code, Token
from storage.crypto.sealing import PrivateKey, TooManyBytes
from storage.urn.store import (
    OwnAnswer,
    Release,
    StoredDraft,
    StudyExists,
    SubmissionRefusal,
    Submitted,
    UnknownStudy,
    Urn,
    WrongState,
)


async def begin(
    urn: Urn, study: str = "demo", document: bytes = b"{}"
) -> tuple[Token, StoredDraft]:
    token = Token.new()
    draft = await urn.open_draft(token, study, document)
    assert draft is not None
    return token, draft


async def hand_in(urn: Urn, pseudonym: str, answer: bytes = b"answer", study: str = "demo") -> Code:
    token, draft = await begin(urn, study)
    code = Code.new()
    assert await urn.submit(token, draft, answer, pseudonym, code) == Submitted(study, pseudonym)
    return code


async def answers(urn: Urn, identity: PrivateKey, study: str = "demo") -> dict[str, bytes]:
    released = await urn.release(study)
    return {pseudonym: identity.unseal(sealed) for pseudonym, sealed in released.submissions}


async def test_a_draft_is_found_by_its_token_alone(urn: Urn) -> None:
    token, draft = await begin(urn, document=b"so far")

    assert await urn.draft(token) == draft
    assert (draft.study, draft.document) == ("demo", b"so far")
    assert await urn.draft(Token.new()) is None


async def test_saving_changes_the_tag(urn: Urn) -> None:
    token, first = await begin(urn)
    second = await urn.save_draft(token, first, b"second")

    assert second is not None
    assert await urn.draft(token) == second
    assert second.tag != first.tag


async def test_a_draft_that_has_moved_on_is_not_overwritten(urn: Urn) -> None:
    token, first = await begin(urn)
    second = await urn.save_draft(token, first, b"second")

    assert await urn.save_draft(token, first, b"late") is None
    assert await urn.draft(token) == second


async def test_of_eight_presses_at_once_one_counts(urn: Urn) -> None:
    token, draft = await begin(urn)
    saved = await asyncio.gather(
        *(urn.save_draft(token, draft, f"press {i}".encode()) for i in range(8))
    )
    (winner,) = [each for each in saved if each is not None]
    assert await urn.draft(token) == winner


@pytest.mark.parametrize("size", [0, 4000, 100_000])
async def test_drafts_of_any_size_come_back(urn: Urn, size: int) -> None:
    document = secrets.token_bytes(size)
    token, _ = await begin(urn, document=document)
    draft = await urn.draft(token)
    assert draft is not None
    assert draft.document == document


async def test_a_huge_draft_is_refused_and_the_last_one_kept(urn: Urn) -> None:
    token, draft = await begin(urn)
    with pytest.raises(TooManyBytes):
        await urn.save_draft(token, draft, secrets.token_bytes(300_000))
    assert await urn.draft(token) == draft


async def test_a_discarded_draft_is_gone(urn: Urn) -> None:
    token, draft = await begin(urn)

    assert await urn.discard_draft(token)
    assert not await urn.discard_draft(token)
    assert await urn.draft(token) is None
    assert await urn.save_draft(token, draft, b"late") is None
    assert await urn.receipt(token) is None


async def test_a_submission_takes_the_place_of_the_draft(urn: Urn, identity: PrivateKey) -> None:
    token, draft = await begin(urn)
    code = Code.new()
    submitted = await urn.submit(token, draft, b"answer", "rolig elv", code)

    assert submitted == Submitted("demo", "rolig elv")
    assert await urn.draft(token) is None
    assert await urn.receipt(token) == submitted
    assert await urn.verify(code) == submitted
    assert await urn.verify(Code(code.locator, Code.new().secret)) is None
    assert await urn.verify(Code.new()) is None
    await urn.close_study("demo")
    assert await answers(urn, identity) == {"rolig elv": b"answer"}


async def test_a_redelivered_submit_changes_nothing(urn: Urn, identity: PrivateKey) -> None:
    token, draft = await begin(urn)
    code = Code.new()
    first = await urn.submit(token, draft, b"answer", "rolig elv", code)
    again = await urn.submit(token, draft, b"other", "rask bekk", Code.new())

    assert again == first
    assert await urn.verify(code) == first
    await urn.close_study("demo")
    assert await urn.submit(token, draft, b"answer", "rolig elv", code) == first
    assert await answers(urn, identity) == {"rolig elv": b"answer"}


async def test_of_eight_submits_at_once_one_counts(urn: Urn) -> None:
    token, draft = await begin(urn)
    outcomes = await asyncio.gather(
        *(urn.submit(token, draft, b"answer", f"bekk {i}", Code.new()) for i in range(8))
    )
    assert len(set(outcomes)) == 1
    await urn.close_study("demo")
    assert len((await urn.release("demo")).submissions) == 1


async def test_eight_people_submit_at_once(urn: Urn, identity: PrivateKey) -> None:
    drafts = [await begin(urn) for _ in range(8)]
    await asyncio.gather(
        *(
            urn.submit(token, draft, str(i).encode(), f"bekk {i}", Code.new())
            for i, (token, draft) in enumerate(drafts)
        )
    )
    await urn.close_study("demo")
    assert await answers(urn, identity) == {f"bekk {i}": str(i).encode() for i in range(8)}


async def test_a_draft_that_was_changed_is_not_submitted(urn: Urn) -> None:
    token, seen = await begin(urn)
    newer = await urn.save_draft(token, seen, b"newer")

    assert (
        await urn.submit(token, seen, b"answer", "rolig elv", Code.new()) is SubmissionRefusal.STALE
    )
    assert await urn.draft(token) == newer


async def test_a_pseudonym_is_given_once(urn: Urn) -> None:
    await hand_in(urn, "rolig elv")
    token, draft = await begin(urn)

    refused = await urn.submit(token, draft, b"answer", "rolig elv", Code.new())
    assert refused is SubmissionRefusal.PSEUDONYM_TAKEN
    assert await urn.draft(token) == draft
    drawn_again = await urn.submit(token, draft, b"answer", "rask bekk", Code.new())
    assert drawn_again == Submitted("demo", "rask bekk")


async def test_an_answer_that_is_too_long_is_refused_before_anything_is_written(urn: Urn) -> None:
    token, draft = await begin(urn)
    with pytest.raises(TooManyBytes, match="501 bytes, and at most 500"):
        await urn.submit(token, draft, bytes(501), "rolig elv", Code.new())
    assert await urn.draft(token) == draft


async def test_a_code_replaces_its_answer(urn: Urn, identity: PrivateKey) -> None:
    code = await hand_in(urn, "rolig elv", b"first")
    await hand_in(urn, "rask bekk")
    token, draft = await begin(urn)

    replaced = await urn.replace(token, draft, b"second", code)
    assert replaced == Submitted("demo", "rolig elv")
    assert await urn.replace(token, draft, b"third", code) == replaced
    assert await urn.receipt(token) == replaced
    assert await urn.draft(token) is None
    assert await urn.verify(code) == replaced
    await urn.close_study("demo")
    assert await answers(urn, identity) == {"rolig elv": b"second", "rask bekk": b"answer"}


async def test_only_the_right_code_replaces(urn: Urn, identity: PrivateKey) -> None:
    await urn.register("other", identity.recipient, 500)
    await urn.open_study("other")
    of_another_study = await hand_in(urn, "rolig elv", study="other")
    withdrawn = await hand_in(urn, "rask bekk")
    await urn.withdraw(withdrawn)
    token, draft = await begin(urn)

    for code in Code.new(), of_another_study, withdrawn:
        assert await urn.replace(token, draft, b"forged", code) is SubmissionRefusal.UNKNOWN_CODE
    assert await urn.draft(token) == draft
    changed = await urn.save_draft(token, draft, b"changed")
    good = await hand_in(urn, "stille tjern")
    assert await urn.replace(token, draft, b"late", good) is SubmissionRefusal.STALE
    assert await urn.draft(token) == changed


async def test_a_withdrawal_is_carried_out_with_the_next_reseal(
    urn: Urn, identity: PrivateKey
) -> None:
    code = await hand_in(urn, "rolig elv")
    await hand_in(urn, "rask bekk")

    assert await urn.withdraw(code) == Submitted("demo", "rolig elv")
    assert await urn.withdraw(code) == Submitted("demo", "rolig elv")
    assert await urn.verify(code) is None
    await urn.reseal()
    assert await urn.withdraw(code) is None
    token, draft = await begin(urn)
    taken = await urn.submit(token, draft, b"answer", "rolig elv", Code.new())
    assert taken is SubmissionRefusal.PSEUDONYM_TAKEN
    await urn.close_study("demo")
    assert await answers(urn, identity) == {"rask bekk": b"answer"}
    assert (await urn.release("demo")).withdrawn == ("rolig elv",)


async def test_withdrawal_is_possible_after_closing(urn: Urn) -> None:
    code = await hand_in(urn, "rolig elv")
    await urn.close_study("demo")

    assert await urn.withdraw(code) == Submitted("demo", "rolig elv")
    assert (await urn.release("demo")).withdrawn == ()
    await urn.reseal()
    assert await urn.release("demo") == Release((), ("rolig elv",))
    assert await urn.withdraw(Code.new()) is None


async def test_results_are_released_in_alphabetical_order_at_closing_only(urn: Urn) -> None:
    names = [f"{a} {b}" for a in ("rolig", "brå", "stille") for b in ("elv", "ås", "bekk")]
    for name in names:
        await hand_in(urn, name)

    with pytest.raises(WrongState, match="Study demo is open"):
        await urn.release("demo")
    await urn.close_study("demo")
    assert [name for name, _ in (await urn.release("demo")).submissions] == sorted(names)


async def test_closing_destroys_drafts_and_takes_no_more(urn: Urn) -> None:
    token, draft = await begin(urn)
    code = await hand_in(urn, "rolig elv")
    await urn.close_study("demo")
    await urn.close_study("demo")

    assert await urn.draft(token) is None
    assert await urn.save_draft(token, draft, b"late") is None
    assert await urn.open_draft(Token.new(), "demo", b"late") is None
    assert (
        await urn.submit(token, draft, b"late", "rask bekk", Code.new())
        is SubmissionRefusal.NOT_OPEN
    )
    assert await urn.replace(token, draft, b"late", code) is SubmissionRefusal.NOT_OPEN
    with pytest.raises(WrongState, match="is closed"):
        await urn.open_study("demo")


async def test_closing_while_people_submit_loses_nobody(urn: Urn) -> None:
    drafts = [await begin(urn) for _ in range(8)]
    *outcomes, _ = await asyncio.gather(
        *(
            urn.submit(token, draft, b"answer", f"bekk {i}", Code.new())
            for i, (token, draft) in enumerate(drafts)
        ),
        urn.close_study("demo"),
    )
    stored = {name for name, _ in (await urn.release("demo")).submissions}
    assert stored == {each.pseudonym for each in outcomes if isinstance(each, Submitted)}
    assert all(
        isinstance(each, Submitted) or each is SubmissionRefusal.NOT_OPEN for each in outcomes
    )


async def test_resealing_disturbs_nobody(urn: Urn, identity: PrivateKey) -> None:
    code = await hand_in(urn, "rolig elv")
    token, draft = await begin(urn)

    async def press() -> None:
        nonlocal draft
        for i in range(20):
            saved = await urn.save_draft(token, draft, str(i).encode())
            assert saved is not None
            assert await urn.draft(token) == saved
            draft = saved

    await asyncio.gather(press(), *(urn.reseal() for _ in range(5)))
    assert await urn.verify(code) == Submitted("demo", "rolig elv")
    assert await urn.replace(token, draft, b"second", code) == Submitted("demo", "rolig elv")
    await urn.close_study("demo")
    assert await answers(urn, identity) == {"rolig elv": b"second"}


async def test_a_study_is_destroyed_and_its_name_stays_taken(
    urn: Urn, identity: PrivateKey
) -> None:
    await urn.register("other", identity.recipient, 500)
    await urn.open_study("other")
    kept = await hand_in(urn, "stille tjern", study="other")
    for name in "rolig elv", "rask bekk":
        code = await hand_in(urn, name)
    await begin(urn)
    await urn.withdraw(code)

    assert await urn.destroy("demo") == {"drafts": 1, "submissions": 2, "withdrawals": 1}
    assert await urn.destroy("demo") == {}
    assert await urn.states() == {"demo": "destroyed", "other": "open"}
    assert await urn.verify(code) is None
    assert await urn.verify(kept) is not None
    with pytest.raises(StudyExists):
        await urn.register("demo", identity.recipient, 500)
    with pytest.raises(WrongState, match="is destroyed"):
        await urn.release("demo")
    with pytest.raises(WrongState):
        await urn.close_study("demo")


async def test_a_study_is_created_then_open_then_closed(urn: Urn, identity: PrivateKey) -> None:
    await urn.register("new", identity.recipient, 10)
    assert await urn.states() == {"demo": "open", "new": "created"}
    assert await urn.open_draft(Token.new(), "new", b"early") is None
    with pytest.raises(WrongState, match="is created"):
        await urn.close_study("new")
    await urn.open_study("new")
    await urn.open_study("new")
    await begin(urn, "new")


async def test_an_unknown_study_is_said_to_be_unknown(urn: Urn) -> None:
    for doing in urn.open_study, urn.close_study, urn.release, urn.destroy:
        with pytest.raises(UnknownStudy, match="nowhere"):
            await doing("nowhere")
    assert await urn.open_draft(Token.new(), "nowhere", b"") is None
    with pytest.raises(UnknownStudy):
        await urn.submit(
            Token.new(), StoredDraft("nowhere", "00" * 8, b""), b"", "rolig elv", Code.new()
        )


async def test_more_submissions_than_are_mixed_at_once(urn: Urn, identity: PrivateKey) -> None:
    names = [f"bekk {i:02}" for i in range(80)]
    codes = {name: await hand_in(urn, name, name.encode()) for name in names}
    for name in names[:10]:
        token, draft = await begin(urn)
        assert await urn.replace(token, draft, b"again", codes[name]) == Submitted("demo", name)
    await urn.close_study("demo")
    expected = {name: b"again" if name in names[:10] else name.encode() for name in names}
    assert await answers(urn, identity) == expected


class SlowHasher(PasswordHasher):
    """Takes as long as the test wants."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.may_end = threading.Event()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        assert self.may_end.wait(60)
        return super().hash(password, salt=salt)


async def test_a_slow_hash_keeps_nobody_waiting(urn: Urn) -> None:
    token, draft = await begin(urn)
    other, others = await begin(urn)
    urn._hasher = hasher = SlowHasher()

    submit = asyncio.create_task(urn.submit(token, draft, b"answer", "rolig elv", Code.new()))
    saved = await urn.save_draft(other, others, b"meanwhile")
    assert await urn.draft(other) == saved
    assert not submit.done()
    hasher.may_end.set()
    assert await submit == Submitted("demo", "rolig elv")


async def test_whoever_has_the_code_reads_their_own_answer_and_nobody_else(urn: Urn) -> None:
    code = await hand_in(urn, "elv-rev", answer=b"my sort")
    await hand_in(urn, "fjord-ekorn", answer=b"another")

    assert await urn.own_answer(code) == OwnAnswer("demo", "elv-rev", b"my sort")
    assert await urn.own_answer(Code.new()) is None
    assert await urn.own_answer(Code(code.locator, Code.new().secret)) is None


async def test_the_own_copy_follows_replacing_and_ends_with_withdrawing(urn: Urn) -> None:
    code = await hand_in(urn, "elv-rev", answer=b"first")
    token, draft = await begin(urn)
    await urn.replace(token, draft, b"second", code)
    assert await urn.own_answer(code) == OwnAnswer("demo", "elv-rev", b"second")

    await urn.close_study("demo")
    assert await urn.own_answer(code) == OwnAnswer("demo", "elv-rev", b"second")
    await urn.withdraw(code)
    assert await urn.own_answer(code) is None


async def test_those_who_hand_in_at_once_wait_for_one_another_once(urn: Urn) -> None:
    shared: list[int] = []
    do = urn._coming_in._do

    async def noted(works: Sequence[Any]) -> Any:
        shared.append(len(works))
        return await do(works)

    urn._coming_in._do = noted
    begun = []
    for _ in range(16):
        token = Token.new()
        draft = await urn.open_draft(token, "demo", b"")
        assert draft is not None
        begun.append((token, draft))
    handed_in = await asyncio.gather(
        *(
            urn.submit(token, draft, b"answer", f"elv {n:02}", Code.new())
            for n, (token, draft) in enumerate(begun)
        )
    )

    assert handed_in == [Submitted("demo", f"elv {n:02}") for n in range(16)]
    assert sum(shared) == 16
    assert len(shared) < 16
    await urn.close_study("demo")
    release = await urn.release("demo")
    assert [name for name, _ in release.submissions] == [f"elv {n:02}" for n in range(16)]
