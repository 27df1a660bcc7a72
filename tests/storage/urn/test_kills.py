"""Kill -9 at every await, statement and commit of a submission.

What was acknowledged is stored once. What was not has either happened, and the
receipt says so, or has not, and the participant can go on. `make torture` kills
at every step; `make test` at a share of them.
"""

import itertools
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storage.crypto.sealing import PrivateKey
from storage.urn.store import Release, Submitted, Urn
from tests.storage.conftest import QUICK
from tests.storage.urn.victim import BEGUN, FIRST, LAID, NAME, SECOND, WITHDRAWN_NAME, Secrets
from tests.support.databases import NewDatabase
from tests.support.killing import live_and_die, victims

STRIDE = (
    {"sqlite": 1, "postgres": 1}
    if os.environ.get("TESTS_TORTURE")
    else {"sqlite": 9, "postgres": 25}
)
"""Every how many-th step of a life is one to die at."""


@pytest_asyncio.fixture
async def victim() -> AsyncIterator[Process]:
    async with victims("tests.storage.urn.victim") as process:
        yield process


async def prepare(url: str, study: str, identity: PrivateKey) -> None:
    urn = await Urn.open(url, QUICK)
    await urn.register(study, identity.recipient, 100)
    await urn.open_study(study)
    secrets = Secrets(study)
    draft = await urn.open_draft(secrets.token("theirs"), study, LAID)
    assert draft is not None
    await urn.submit(
        secrets.token("theirs"), draft, b"theirs", WITHDRAWN_NAME, secrets.code("theirs")
    )
    await urn.close()


async def go_on(urn: Urn, study: str, acknowledged: set[str]) -> None:
    """Be the participant who comes back; check what they were told."""
    secrets = Secrets(study)
    first, second, code = secrets.token("first"), secrets.token("second"), secrets.code("mine")
    mine = Submitted(study, NAME)

    draft = await urn.draft(first)
    is_in = await urn.verify(code) == mine
    if "begun" in acknowledged:
        assert (draft is not None) != is_in, "a draft becomes an answer, and neither both nor none"
    if "laid" in acknowledged and draft is not None:
        assert draft.document == LAID
    if "submitted" in acknowledged:
        assert is_in
    if not is_in:
        draft = draft or await urn.open_draft(first, study, BEGUN)
        assert draft is not None
        assert await urn.submit(first, draft, FIRST, NAME, code) == mine
        assert await urn.submit(first, draft, FIRST, NAME, code) == mine
        assert await urn.receipt(first) == mine

    draft = await urn.draft(second)
    is_replaced = await urn.receipt(second) == mine
    if "begun again" in acknowledged:
        assert (draft is not None) != is_replaced
    if "replaced" in acknowledged:
        assert is_replaced
    if not is_replaced:
        draft = draft or await urn.open_draft(second, study, LAID)
        assert draft is not None
        assert await urn.replace(second, draft, SECOND, code) == mine
        assert await urn.replace(second, draft, SECOND, code) == mine

    theirs = await urn.verify(secrets.code("theirs"))
    if "withdrawn" in acknowledged:
        assert theirs is None
    await urn.withdraw(secrets.code("theirs"))

    assert ("closed" not in acknowledged) or (await urn.states())[study] == "closed"
    await urn.close_study(study)


@pytest.mark.torture
@pytest.mark.timeout(1800)
async def test_a_killed_submission_loses_and_doubles_nothing(
    new_database: NewDatabase,
    database_kind: str,
    victim: Process,
    identity: PrivateKey,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = await new_database()
    studies, kills = [], 0
    # Until a life has fewer steps than that: some 180 on SQLite, 500 on PostgreSQL.
    for kill_at in itertools.count(1, STRIDE[database_kind]):
        study = f"study-{kill_at}"
        await prepare(url, study, identity)
        acknowledged, killed = await live_and_die(victim, url=url, study=study, kill_at=kill_at)
        urn = await Urn.open(url, QUICK)
        await go_on(urn, study, acknowledged)
        await urn.close()
        studies.append(study)
        kills += killed
        if not killed:
            break

    urn = await Urn.open(url, QUICK)
    for study in studies:
        released = await urn.release(study)
        assert released == Release(released.submissions, (WITHDRAWN_NAME,))
        ((name, sealed),) = released.submissions
        assert (name, identity.unseal(sealed)) == (NAME, SECOND)
    await urn.close()
    assert kills >= 100 // STRIDE[database_kind]
    with capsys.disabled():
        sys.stdout.write(f"\n{kills} kills on {database_kind}\n")
