"""Those who watch the bot learn whether it works, and nothing of who uses it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from storage.operational.outbox import OutboxMessage
from tests.support.kollegial import House, deliver, kollegial
from tests.support.ports import free_port


async def get(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def wait_long(house: House, *, is_bulk: bool) -> None:
    """A message that no dispatcher takes."""
    house.services.dispatcher.ticker.close()
    due = datetime.now(UTC) - timedelta(minutes=2)
    async with house.operational.begin() as transaction:
        transaction.enqueue(OutboxMessage("a", "consent", {}, {}, due, is_bulk=is_bulk))


def broken(*_: object) -> None:
    raise RuntimeError("secret")


async def test_a_bot_that_works_is_healthy_and_ready(tmp_path: Path) -> None:
    async with kollegial(tmp_path) as house:
        port = house.settings.port

        assert await get(port, "/healthz") == (200, "ok")
        await trusted(house)
        assert await get(port, "/readyz") == (200, "ready")
        await wait_long(house, is_bulk=True)
        assert await get(port, "/readyz") == (200, "ready")


async def trusted(house: House) -> None:
    """Wait until the bot has fetched its token and Teams' keys."""
    await house.kari.write("hjelp")


async def test_without_a_token_it_is_not_ready(tmp_path: Path) -> None:
    async with kollegial(tmp_path, metrics_port=free_port(), **nowhere()) as house:
        assert await get(house.settings.port, "/readyz") == (503, "not ready")
        status, why = await get(house.settings.metrics_port, "/readyz")
        measured = await figures(house)

    assert status == 503
    assert "There is no access token" in why
    assert "Teams' signing keys could not be fetched" in why
    assert measured["kollegial_access_token_seconds"] == 0
    assert measured["kollegial_signing_keys_age_seconds"] == -1
    assert measured["kollegial_ready_faults"] == 2


def nowhere() -> dict[str, Any]:
    return {"token_url": "http://127.0.0.1:9", "openid_url": "http://127.0.0.1:9"}


async def test_a_bot_that_does_not_work_says_why(tmp_path: Path) -> None:
    async with kollegial(tmp_path, metrics_port=free_port()) as house:
        port, inside = house.settings.port, house.settings.metrics_port
        await trusted(house)
        await wait_long(house, is_bulk=False)
        assert await get(port, "/readyz") == (503, "not ready")
        status, why = await get(inside, "/readyz")
        assert status == 503
        assert why.startswith("The prompt messages of the outbox have been waiting for 1")
        house.urn.states = broken  # type: ignore[method-assign, assignment] # the urn is away
        house.operational.outbox.backlog = broken  # type: ignore[method-assign, assignment] # the operational database is away

        assert await get(inside, "/readyz") == (
            503,
            "The operational database does not answer.\nThe urn database does not answer.",
        )
        assert await get(port, "/healthz") == (200, "ok")
        measured = await figures(house)
        assert measured["kollegial_ready_faults"] == 2
        assert measured["kollegial_database_up urn"] == 0


async def test_figures_count_and_name_nobody(tmp_path: Path) -> None:
    async with kollegial(tmp_path, metrics_port=free_port()) as house:
        assert (await get(house.settings.port, "/metrics"))[0] == 404
        before = await figures(house)
        await deliver(house.kari)
        await house.teams.raw(b"{}", "Bearer forged")
        await house.kari.write("studie", group := house.teams.group_chat(house.kari, house.ola))
        await house.kari.press(group.last, "study.start")
        await house.settle()
        await wait_long(house, is_bulk=True)
        after = await figures(house)
        _, exposed = await get(house.settings.metrics_port, "/metrics")

    grown = {name: value - before.get(name, 0) for name, value in after.items()}
    assert grown["kollegial_turn_seconds_count message answered"] == 2
    assert grown["kollegial_turn_seconds_count press answered"] > 5
    assert grown["kollegial_refused_requests_total 401"] == 1
    assert grown["kollegial_outbox_total consent sent"] == 1
    assert grown["kollegial_requests_total change 200"] > 5
    assert grown["kollegial_pace_seconds_count prompt"] > 5
    assert after["kollegial_outbox_depth bulk"] == 1
    assert after["kollegial_outbox_lag_seconds bulk"] == pytest.approx(120, abs=30)
    assert after["kollegial_outbox_oldest_seconds bulk"] == pytest.approx(120, abs=30)
    assert after["kollegial_database_up operational"] == 1
    assert after["kollegial_ready_faults"] == 0
    assert after["kollegial_access_token_seconds"] > 60
    assert 0 <= after["kollegial_night_age_seconds"] < 60
    for user in house.kari, house.ola:
        assert not any(name in exposed for name in (user.id, user.teams_id, user.name))
    assert group.id not in exposed


async def figures(house: House) -> dict[str, float]:
    """Each figure by its name and labels."""
    status, text = await get(house.settings.metrics_port, "/metrics")
    assert status == 200
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_what_a_bug_keeps_from_being_done_is_told(tmp_path: Path) -> None:
    async with kollegial(tmp_path, metrics_port=free_port()) as house:
        await trusted(house)
        async with house.operational.begin() as transaction:
            transaction.enqueue(OutboxMessage("a", "nightly", {}, {}, datetime.now(UTC)))
        (claimed,) = await house.operational.outbox.claim(1, datetime.now(UTC), timedelta(hours=1))
        await house.operational.outbox.park(claimed, "bug: ValueError")

        status, told = await get(house.settings.metrics_port, "/readyz")

    assert (status, told.splitlines()[0]) == (200, "ready")
    assert "1 messages or duties were given up because of a bug" in told
