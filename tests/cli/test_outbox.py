"""kollegial outbox: what was not sent, why, and what an administrator does about it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.outbox import app
from storage.operational.outbox import Outbox, OutboxMessage
from storage.operational.store import Operational
from tests.support.databases import migrated_files

DUE = datetime(2021, 3, 1, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
SECRET = "what somebody wrote"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    urls = migrated_files(tmp_path)
    for name, url in urls.items():
        monkeypatch.setenv(name, url)
    return urls["KOLLEGIAL_DATABASE_URL"]


def outbox(*words: str) -> Result:
    return CliRunner().invoke(app, words)


async def fill(url: str) -> list[str]:
    """Two are parked, one has expired, one waits, and one is for later; the ids of the first."""
    operational = await Operational.open(url)
    outbox: Outbox = operational.outbox
    async with operational.begin() as transaction:
        for key in ("person 1", "person 2"):
            transaction.enqueue(OutboxMessage(key, "phase", {"id": "19:a"}, {"text": SECRET}, DUE))
        transaction.enqueue(OutboxMessage("late", "reminder", {}, {}, DUE, DUE))
        transaction.enqueue(
            OutboxMessage("later", "reminder", {}, {}, datetime(2999, 1, 1, tzinfo=UTC))
        )
        transaction.enqueue(OutboxMessage("many", "reminder", {}, {}, DUE, is_bulk=True))
    await outbox.drop_expired(DUE)
    for claimed in await outbox.claim(10, DUE, LEASE):
        await outbox.park(claimed, "ambiguous: interrupted while sending")
    ids = [each.id for each in await outbox.parked()]
    await operational.close()
    return ids


async def due(url: str) -> dict[str, int]:
    operational = await Operational.open(url)
    counted = {state: sum((await operational.outbox.counted(state)).values()) for state in STATES}
    await operational.close()
    return counted


STATES = ("due", "parked")


def test_an_empty_outbox_says_so(url: str) -> None:
    assert url
    assert "Nothing is parked." in outbox().output


def test_it_shows_what_waits_and_why_what_is_parked_was_not_sent(url: str) -> None:
    ids = asyncio.run(fill(url))
    shown = outbox().output

    assert "prompt: 0 should be on their way" in shown
    assert "bulk: 1 should be on their way, the next one for" in shown
    assert "with those for later: 2" in shown
    assert "dropped as too late, in the last weeks: 1 reminder" in shown
    assert "ambiguous: interrupted while sending" in shown
    assert "2021-03-01 08:00 UTC" in shown
    assert all(message[:8] in shown for message in ids)
    assert SECRET not in shown
    assert "19:a" not in shown
    assert "person" not in shown


def test_a_parked_message_is_sent_after_all_or_given_up(url: str) -> None:
    first, second = asyncio.run(fill(url))

    assert "sends the phase within seconds" in outbox("retry", first[:8]).output
    assert asyncio.run(due(url)) == {"due": 3, "parked": 1}
    assert "The phase is given up." in outbox("drop", second[:8]).output
    assert asyncio.run(due(url)) == {"due": 3, "parked": 0}


def test_what_is_not_parked_cannot_be_chosen(url: str) -> None:
    asyncio.run(fill(url))

    refused = outbox("retry", "zzz")
    assert refused.exit_code == 2
    assert "no parked messages" in refused.output
    assert "2 parked messages" in outbox("drop", "").output


def test_databases_that_cannot_be_opened_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOLLEGIAL_DATABASE_URL", "mysql://somewhere/kollegial")

    refused = outbox()
    assert (refused.exit_code, "KOLLEGIAL_DATABASE_URL" in refused.output) == (1, True)
