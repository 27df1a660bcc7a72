"""`kollegial approval`: noted of a text, told when a study opens, and of an earlier text."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.streams import stdout
from storage.crypto.sealing import generate_identity
from tests.support.databases import migrated_files

SHIPPED = Path(__file__).parents[2] / "methods/studies"
PRIVACY = ("--role", "privacy", "--body", "Personvernombudet")
DAYS = ("--on", "2026-01-12", "--until", "2099-01-12")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, url in migrated_files(tmp_path).items():
        monkeypatch.setenv(name, url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stdout, "width", 200)
    for each in SHIPPED.iterdir():
        (tmp_path / each.name).write_bytes(each.read_bytes())


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "300"})
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def test_a_text_is_approved_and_another_is_not(tmp_path: Path) -> None:
    """Noted of the file before the study is created; then the file is changed and created."""
    file, key = Path("oppfolging.toml"), generate_identity(tmp_path / "study.key").text
    assert "No such approval is noted" in run("approval", "list")
    assert "is approved by Personvernombudet (privacy)" in run(
        "approval", "note", "--study", str(file), *PRIVACY, *DAYS
    )
    assert "2099-01-12 holds" in run("approval", "list", "oppfolging")
    assert run("approval", "list", "another").startswith("No such")

    text = file.read_text("utf-8")
    file.write_text(text.replace("minimum_invited = 10", "minimum_invited = 11"), "utf-8")
    run("study", "create", str(file), "--recipient", key)
    assert "earlier text" in run("approval", "list")
    assert "earlier text" in run("study", "list")
    assert "was for an earlier version of the text" in run("study", "open", "oppfolging")

    run("approval", "note", "--study", "oppfolging", *PRIVACY, *DAYS)
    assert "Approved by Personvernombudet until 2099-01-12." in run("study", "open", "oppfolging")
    assert "2099-01-12" in run("study", "list")
    assert run("audit").count("note an approval") == 2


def test_the_use_of_a_method_is_approved_and_taken_back() -> None:
    noted = run("approval", "note", "--method", "veiledningsgruppe", *PRIVACY, *DAYS)
    ident = noted.split()[1].removesuffix(":")
    assert "method veiledningsgruppe Personvernombudet privacy" in run("approval", "list")
    assert f"Taken back: {ident}." in run("approval", "take-back", ident)
    assert "Nothing was changed" in run("approval", "take-back", ident, code=1)
    assert "take back an approval" in run("audit")


def test_a_questionnaire_is_approved_in_all_its_parts() -> None:
    file = SHIPPED.parent / "questionnaires/mestring.toml"
    noted = run("approval", "note", "--questionnaire", str(file), *PRIVACY, *DAYS)
    assert noted.count("is approved by") == noted.count("Noted ") >= 1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("--body", "Personvernombudet", "--on", "2098-01-01", "--until", "2099-01-01"), "to come"),
        (("--body", "Kari Nordmann", *DAYS), "names a person"),
        (("--body", "x" * 81, *DAYS), "room for 80 characters"),
        (("--body", "x\ud800", *DAYS), "cannot be kept"),
    ],
    ids=["future", "person", "long", "unstorable"],
)
def test_what_is_wrong_is_told_and_nothing_noted(given: tuple[str, ...], why: str) -> None:
    said = run("approval", "note", "--method", "saksrunde", "--role", "leaders", *given, code=1)
    assert why in said
    assert "Nothing was noted" in said
    assert "No such approval" in run("approval", "list")


def test_one_text_at_a_time_on_behalf_of_somebody() -> None:
    mine = ("--role", "mine", "--body", "Utvalget", *DAYS)
    assert "none of leaders" in run("approval", "note", "--method", "saksrunde", *mine, code=2)
    both = ("--method", "saksrunde", "--study", "oppfolging")
    assert "Give one of" in run("approval", "note", *both, *PRIVACY, *DAYS, code=2)
