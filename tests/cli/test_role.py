"""`kollegial role`: roles, and who leads an office."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from storage.operational.store import Operational
from tests.support.databases import migrated_files

KARI = "7b0a6c1e-0000-4000-8000-00000000000a"
TEAM = "19:abc_123@thread.tacv2"
LINK = (
    "https://teams.microsoft.com/l/team/19%3Aabc_123%40thread.tacv2/conversations"
    "?groupId=00000000-1111-4222-8333-444444444444&tenantId=x"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, url in migrated_files(tmp_path).items():
        monkeypatch.setenv(name, url)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["role", *arguments], env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    return result.output


def leads(tmp_path: Path, office: str) -> bool:
    async def look() -> bool:
        operational = await Operational.open(f"sqlite:///{tmp_path}/kollegial.db")
        try:
            return await operational.groups.leads(KARI, {office})
        finally:
            await operational.close()

    return asyncio.run(look())


@pytest.mark.parametrize("office", [LINK, TEAM])
def test_a_leader_is_listed_for_an_office_and_taken_off_the_list(
    tmp_path: Path, office: str
) -> None:
    assert TEAM in run("leader", KARI, office)
    assert leads(tmp_path, TEAM)
    run("leader", KARI, office, "--remove")
    assert not leads(tmp_path, TEAM)


def test_an_office_that_is_none_is_named_with_a_remedy() -> None:
    result = CliRunner().invoke(app, ["role", "leader", KARI, "NAV"], env={"COLUMNS": "300"})
    assert result.exit_code == 2
    assert "Get link to team" in result.output


def test_roles_are_granted_and_revoked() -> None:
    assert "Granted the role facilitator." in run("grant", KARI, "facilitator")
    assert "Revoked the role facilitator." in run("revoke", KARI, "facilitator")
    result = CliRunner().invoke(app, ["role", "grant", KARI, "boss"], env={"COLUMNS": "300"})
    assert result.exit_code == 2
    assert "boss is no role" in result.output


@pytest.mark.parametrize("person", ["x", "kari@example.org", "", f"{KARI}0", "19:abc@thread.v2"])
def test_who_is_no_object_id_is_refused_and_it_is_said_where_to_find_one(person: str) -> None:
    result = CliRunner().invoke(
        app, ["role", "grant", person, "facilitator"], env={"COLUMNS": "300"}
    )
    assert result.exit_code == 2
    assert "entra.microsoft.com" in result.output


def test_an_object_id_in_capitals_is_the_one_that_teams_writes(tmp_path: Path) -> None:
    run("leader", f" {KARI.upper()} ", TEAM)
    assert leads(tmp_path, TEAM)
