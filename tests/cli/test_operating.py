"""What an operator asks and changes at the command line: who did what, who may what, which key."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from storage.crypto.vault import Vault
from storage.operational.store import Entry, Operational
from tests.support.databases import migrated_files

KARI = "7b0a6c1e-0000-4000-8000-00000000000a"
OLD, NEW = "5e" * 32, "a7" * 32


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    urls = migrated_files(tmp_path)
    for name, each in urls.items():
        monkeypatch.setenv(name, each)
    return urls["KOLLEGIAL_DATABASE_URL"]


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def with_database(url: str, work: Callable[[Operational], Awaitable[object]]) -> None:
    async def whole() -> None:
        operational = await Operational.open(url)
        try:
            await work(operational)
        finally:
            await operational.close()

    asyncio.run(whole())


def test_the_audit_log_is_shown_from_a_day_on_and_of_a_study(url: str) -> None:
    assert "has no such lines" in run("audit")

    async def fill(operational: Operational) -> None:
        async with operational.begin() as transaction:
            for day, study in ((1, "prove"), (2, "other")):
                at = datetime(2027, 3, day, 12, tzinfo=UTC)
                transaction.audit(Entry(at, "kari (command line)", "release", study))

    with_database(url, fill)
    both = run("audit")
    assert "2027-03-01 12:00" in both
    assert "kari (command line)" in both
    assert "prove" not in run("audit", "--since", "2027-03-02")
    assert "other" not in run("audit", "--study", "prove")


def test_roles_are_listed() -> None:
    assert "Nobody has a role yet" in run("role", "list")
    run("role", "grant", KARI, "researcher")
    run("role", "leader", KARI, "19:abc@thread.tacv2")

    assert f"{KARI}  researcher" in run("role", "list")
    assert f"{KARI}  leads 19:abc@thread.tacv2" in run("role", "list")


def test_the_server_key_is_rotated(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_database(url, lambda operational: operational.server_key.check(Vault.from_hex(OLD)))
    monkeypatch.setenv("KOLLEGIAL_SERVER_KEY", NEW)
    assert "Set it to NEW,OLD" in run("key", "rotate", code=1)
    monkeypatch.setenv("KOLLEGIAL_SERVER_KEY", f"{NEW},{'0' * 64}")
    assert "is not the key that this database was locked with" in run("key", "rotate", code=1)

    monkeypatch.setenv("KOLLEGIAL_SERVER_KEY", f"{NEW},{OLD}")
    assert "Locked 0 documents with the newest key" in run("key", "rotate")
    with_database(url, lambda operational: operational.server_key.check(Vault.from_hex(NEW)))
    assert "rotate the server's key" in run("audit")


def test_a_database_without_a_schema_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOLLEGIAL_URN_URL", f"sqlite:///{tmp_path}/none.db")
    assert "Run `kollegial migrate`" in run("study", "list", code=1)
    assert not (tmp_path / "none.db").exists()
    assert "The urn database is brought from nothing" in run("migrate")
    monkeypatch.setenv("KOLLEGIAL_URN_URL", "mysql://nowhere")
    assert "mysql is neither" in run("migrate", code=1)
    monkeypatch.setenv("KOLLEGIAL_URNURL", "mysql://nowhere")
    assert "Is KOLLEGIAL_URN_URL meant?" in run("audit", code=1)
