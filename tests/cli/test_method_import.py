"""`kollegial method import`, as a facilitator runs it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.method import app
from tests.research.instruments.test_reader import BLOCK, STEPS


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_script_becomes_a_method_that_the_check_accepts_once_it_is_finished() -> None:
    Path("script.yaml").write_text(STEPS, "utf-8")
    said = run("import", "script.yaml", "--out", "mine.toml")

    assert "A round: a script in nb." in said
    assert "1. All tell" in said
    left = run("check", "mine.toml", code=1)
    assert "mine.toml:7: The purpose in nb is not finished" in left
    assert "1 fault in mine.toml." in left
    mine = Path("mine.toml")
    mine.write_text(mine.read_text("utf-8").replace("IKKE FERDIG: ", ""), "utf-8")
    assert "mine.toml has no faults: 2 phases" in run("check", "mine.toml")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (BLOCK, "This is a questionnaire, and nothing was written."),
        ("a: &a [*a]\n", "script.yaml, line 1: `&a` names a value to repeat it."),
        ("id: a\ntitle: A\nquestions: []\n", "A has no questions."),
    ],
)
def test_what_is_no_method_is_refused(text: str, word: str) -> None:
    Path("script.yaml").write_text(text, "utf-8")

    assert word in run("import", "script.yaml", code=1)
    assert [path.name for path in Path().iterdir()] == ["script.yaml"]
