"""kollegial doctor: each fault has its name and its remedy, and no secret is told."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import text
from typer.testing import CliRunner

from bot.delivery.maintenance import ZONE
from bot.gateway.events import Json
from bot.operation.settings import Settings
from cli.doctor import Finding, app, look
from storage.database import open_database
from storage.examining import examine
from storage.operational.outbox import OutboxMessage
from storage.operational.store import Operational
from tests.support.databases import NewDatabase, database_kind, new_database
from tests.support.kollegial import House, kollegial
from tests.support.teams import APP_ID, SECRET

__all__ = ["database_kind", "new_database"]

Arrange = Callable[..., None]


@pytest.fixture
def arrange(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Arrange:
    """Sets the environment, of which nothing else is left."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KOLLEGIAL_{name.upper()}", raising=False)
    monkeypatch.setenv("KOLLEGIAL_DATABASE_URL", f"sqlite:///{tmp_path}/kollegial.db")
    monkeypatch.setenv("KOLLEGIAL_URN_URL", f"sqlite:///{tmp_path}/urn.db")

    def arrange(**settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"KOLLEGIAL_{name.upper()}", value)

    return arrange


def as_in_production(house: House) -> dict[str, str]:
    return {
        "app_id": APP_ID,
        "app_secret": SECRET,
        "tenant": house.teams.tenant,
        "server_key": "5e" * 32,
        "openid_url": house.teams.openid_url,
        "token_url": house.teams.token_url,
        "public_url": "https://kollegial.example.org",
    }


async def found(*, demo: bool = False) -> dict[str, Finding]:
    findings = [finding async for finding in look(demo=demo)]
    assert SECRET not in str(findings)
    return {finding.what: finding for finding in findings}


@asynccontextmanager
async def answering(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """The address of a service that answers everything like this."""
    service = web.Application()
    service.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(service)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def test_a_demonstration_is_well_and_asks_nobody(
    arrange: Arrange, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrange()
    monkeypatch.delattr(aiohttp, "ClientSession")
    result = CliRunner().invoke(app, ["--demo"])

    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "All is well.")
    assert "not there yet" in result.output


def test_what_is_not_set_is_no_demonstration(arrange: Arrange) -> None:
    arrange()
    result = CliRunner().invoke(app)

    assert result.exit_code == 1
    assert "✗ settings: the bot does not start" in result.output
    assert "KOLLEGIAL_APP_ID is not set" in result.output


async def test_a_faulty_method_of_ones_own_is_named(arrange: Arrange, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.toml").write_text('languages = ["nb"]', encoding="utf-8")
    arrange(methods=str(tmp_path / "own"))

    finding = (await found(demo=True))["methods"]

    assert "does not start" in finding.said
    assert "mine.toml:1: `phases` is missing." in finding.remedy


async def test_what_is_in_place_is_said_to_be(arrange: Arrange, tmp_path: Path) -> None:
    async with kollegial(tmp_path) as house:
        arrange(**as_in_production(house), administrator=house.anne.id)
        findings = await found()

    assert [what for what, finding in findings.items() if finding.remedy] == ["public address"]
    assert findings["credentials"].said == "the token service accepts them"
    assert findings["Teams' keys"].said == "1 found"
    assert findings["clock"].said == "as the token service's"
    assert findings["outbox"].said == "clear"
    assert findings["operational database"].said.startswith("up to date")


@pytest.mark.parametrize(
    ("answer", "said", "setting"),
    [
        (
            {"error": "invalid_client", "error_description": f"AADSTS7000215: {SECRET}"},
            "refused with AADSTS7000215",
            "KOLLEGIAL_APP_SECRET",
        ),
        ({"error": "unauthorized_client"}, "refused with HTTP 401", "KOLLEGIAL_TENANT"),
        ({}, "refused with HTTP 401", "KOLLEGIAL_APP"),
    ],
)
async def test_refused_credentials_have_their_remedy(
    arrange: Arrange, tmp_path: Path, answer: Json, said: str, setting: str
) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response(answer, status=401)

    async with kollegial(tmp_path) as house, answering(refuse) as url:
        arrange(**as_in_production(house) | {"token_url": url, "openid_url": url})
        findings = await found()

    assert findings["credentials"].said == said
    assert setting in findings["credentials"].remedy
    assert "KOLLEGIAL_OPENID_URL" in findings["Teams' keys"].said
    assert "KOLLEGIAL_ADMINISTRATOR" in findings["administrator"].remedy


async def test_a_clock_that_goes_wrong_is_told_from_the_services(
    arrange: Arrange, tmp_path: Path
) -> None:
    async def late(_: web.Request) -> web.Response:
        date = format_datetime(datetime.now(UTC) - timedelta(minutes=5), usegmt=True)
        return web.json_response({"access_token": "a"}, headers={"Date": date})

    async with kollegial(tmp_path) as house, answering(late) as url:
        arrange(**as_in_production(house) | {"token_url": url})
        finding = (await found())["clock"]

    assert "s behind this machine's" in finding.said
    assert "NTP" in finding.remedy


@pytest.mark.parametrize("url", ["https://kollegial", "https://10.0.0.1"])
async def test_teams_reaches_public_names_alone(arrange: Arrange, tmp_path: Path, url: str) -> None:
    async with kollegial(tmp_path) as house:
        arrange(**as_in_production(house) | {"public_url": url})
        finding = (await found())["public address"]

    assert "KOLLEGIAL_PUBLIC_URL" in finding.said


async def test_a_service_that_cannot_be_reached_is_named(arrange: Arrange, tmp_path: Path) -> None:
    async with kollegial(tmp_path) as house:
        nowhere = {"token_url": "http://127.0.0.1:9", "openid_url": "http://127.0.0.1:9"}
        arrange(**as_in_production(house) | nowhere)
        findings = await found()

    for what in ("credentials", "Teams' keys"):
        assert findings[what].said == "no answer (ClientConnectorError)"
        assert "https://127.0.0.1" in findings[what].remedy


async def test_a_night_without_its_work_is_noticed(arrange: Arrange, tmp_path: Path) -> None:
    arrange()
    async with kollegial(tmp_path, signed=False) as house:
        now, outbox = datetime.now(UTC), house.operational.outbox
        house.services.dispatcher.ticker.close()
        for key, age, remedy in (("a", 3, True), ("b", 0, False)):
            async with house.operational.begin() as transaction:
                # At the hour of the night's work: a settled row keeps the day, in UTC.
                day = now.astimezone(ZONE).date() - timedelta(days=age)
                due = datetime.combine(day, time(3, 30), ZONE)
                transaction.enqueue(OutboxMessage(key, "nightly", {}, {}, due))
            (claimed,) = await outbox.claim(1, max(now, due), timedelta(minutes=1))
            await outbox.finish(claimed)
            finding = (await found(demo=True))["night's work"]
            assert bool(finding.remedy) == remedy
            assert f"{day:%Y-%m-%d}" in finding.said


async def test_messages_that_wait_and_those_that_were_parked_are_told(
    arrange: Arrange, tmp_path: Path
) -> None:
    arrange()
    operational = await Operational.open(f"sqlite:///{tmp_path}/kollegial.db")
    now = datetime.now(UTC)
    async with operational.begin() as transaction:
        transaction.enqueue(OutboxMessage("a", "phase", {}, {}, now - timedelta(minutes=9)))
        transaction.enqueue(OutboxMessage("b", "phase", {}, {}, now - timedelta(minutes=8)))
    (claimed,) = await operational.outbox.claim(1, now, timedelta(minutes=1))
    await operational.outbox.park(claimed, "ambiguous")
    await operational.close()
    assert "dispatcher" not in await found(demo=True)
    urn = await open_database(f"sqlite:///{tmp_path}/urn.db", "urn")
    await urn.close()
    findings = await found(demo=True)

    assert findings["outbox"].said == "1 parked: see `kollegial outbox`"
    assert "waiting for 4" in findings["dispatcher"].said


async def test_a_schema_is_looked_at_and_left_alone(
    arrange: Arrange, new_database: NewDatabase
) -> None:
    url = await new_database()
    arrange(database_url=url)
    assert (await examine(url, "operational")).found is None
    opened = await open_database(url, "operational")

    async def say(revision: str) -> Finding:
        change = text(f"UPDATE alembic_version SET version_num = '{revision}'")
        await opened.write(lambda connection: connection.execute(change))
        return (await found(demo=True))["operational database"]

    assert "is brought to" in (await say("o0001")).said
    assert "a later version" in (await say("z9")).said
    assert (await examine(url, "operational")).found == "z9"
    await opened.close()


async def test_a_database_that_cannot_be_read_is_named(arrange: Arrange, tmp_path: Path) -> None:
    (tmp_path / "urn.db").write_text("This is no database, however long one looks at it.")
    arrange(database_url="postgresql://nobody:hunter2@127.0.0.1:9/kollegial")
    findings = await found(demo=True)

    assert "KOLLEGIAL_URN_URL" in findings["urn database"].remedy
    assert "KOLLEGIAL_DATABASE_URL" in findings["operational database"].remedy
    assert "hunter2" not in str(findings)


@pytest.mark.parametrize(
    ("url", "why"),
    [("nonsense", "no address of a database"), ("mysql://x/y", "neither sqlite nor postgresql")],
)
async def test_what_is_no_database_is_named(arrange: Arrange, url: str, why: str) -> None:
    arrange(database_url=url)
    finding = (await found(demo=True))["operational database"]

    assert why in finding.said
    assert "KOLLEGIAL_DATABASE_URL" in finding.remedy


async def test_databases_that_cannot_be_worked_with_are_named(
    arrange: Arrange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with kollegial(tmp_path, signed=False):
        arrange()

    async def refuse(_: str, **__: bool) -> Operational:
        raise OSError("no space left")

    monkeypatch.setattr(Operational, "open", refuse)
    assert "no space left" in (await found(demo=True))["databases"].remedy


@pytest.mark.parametrize(
    ("other", "is_fault"),
    [
        ("postgresql://bot@127.0.0.1:9/urn", True),
        ("postgresql://bot@127.0.0.1:9/kollegial", True),
        ("postgresql://urn@127.0.0.1:9/urn", False),
        ("postgresql://bot@127.0.0.1:10/urn", False),
    ],
)
async def test_no_role_opens_both_databases(arrange: Arrange, other: str, is_fault: bool) -> None:
    arrange(database_url="postgresql://bot@127.0.0.1:9/kollegial", urn_url=other)

    assert ("separation" in await found(demo=True)) == is_fault
