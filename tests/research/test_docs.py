"""docs/research.md is true: its commands run, its options and files are there."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from research import workbench
from research.analysis.solution import Choices
from research.findings import investigate
from research.formats.registry import BY_NAME, write_files
from research.report import tables
from tests.research.samples import dataset, planted

DOCS = Path("docs/research.md").read_text("utf-8")


def invoke(*arguments: str) -> str:
    result = CliRunner().invoke(workbench.app, list(arguments), env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    return result.output


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)
    monkeypatch.chdir(tmp_path)
    values, _ = planted(3, 3, 5)
    write_files(BY_NAME["r"].write(dataset(values), Path("sorts.csv")))
    write_files(BY_NAME["json"].write(dataset(values), Path("export")))
    turns = re.search(r"```text\n(varimax\n.*?)```", DOCS, re.DOTALL)
    assert turns is not None
    Path("turns.csv").write_text(turns[1], "utf-8")

    commands = re.findall(r"^\$ kollegial (.+)$", DOCS, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        invoke(*shlex.split(command))
    invoke("analyse", "sorts.csv", "--factors", "3", "--rotation", "turns.csv", "--out", "turned")


@pytest.mark.parametrize("command", ["analyse", "convert"])
def test_every_option_is_described(command: str) -> None:
    options = set(re.findall(r"(--[a-z-]+)", invoke(command, "--help"))) - {"--help"}

    assert options
    for option in options:
        assert option in DOCS, option


def test_every_option_described_is_there() -> None:
    there = "".join(invoke(command, "--help") for command in ("analyse", "convert"))

    for option in set(re.findall(r"`(--[a-z-]+)", DOCS)):
        assert option in there, option


def test_every_format_and_file_is_described() -> None:
    for name in BY_NAME:
        assert f"`{name}`" in DOCS
    values, _ = planted(3, 2, 5)
    found = investigate(dataset(values), "", Choices, factors=2, bootstrap_steps=5)
    for table in tables.tables(found):
        assert f"`{table.name}.csv`" in DOCS
