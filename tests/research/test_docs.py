"""docs/research.md is true: its commands run, its options and files are there."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from research.analysis.solution import Choices
from research.coding.coded import judge
from research.coding.table import COLUMNS
from research.findings import investigate
from research.formats.faults import BadFile
from research.formats.registry import BY_NAME, write_files
from research.instruments.document import MAX_BYTES
from research.instruments.yaml_file import MAX_DEPTH, MAX_LIST, MAX_NODES
from research.report import tables
from tests.research.coding.samples import filled, keep, sample, shared
from tests.research.samples import dataset, planted
from tests.support.databases import migrated_files

DOCS = Path("docs/research.md").read_text("utf-8")


COMMANDS = (
    "analyse",
    "bench",
    "convert",
    "code export",
    "code import",
    "method import",
    "questionnaire import",
)


def invoke(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    return result.output


def commands(section: str) -> list[str]:
    """What is typed in a section of the page."""
    _, _, rest = DOCS.partition(f"\n{section}\n")
    part, _, _ = rest.partition("\n## ")
    return re.findall(r"^\$ kollegial (.+)$", part, re.MULTILINE)


def example(name: str) -> str:
    """A file that the page shows."""
    found = re.search(
        rf"^```\w+ title={re.escape(name)}\n(.+?)^```$", DOCS, re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return found[1]


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)
    monkeypatch.chdir(tmp_path)
    values, _ = planted(3, 3, 5)
    write_files(BY_NAME["r"].write(dataset(values), Path("sorts.csv")))
    write_files(BY_NAME["json"].write(dataset(values), Path("export")))
    turns = re.search(r"```text\n(varimax\n.*?)```", DOCS, re.DOTALL)
    assert turns is not None
    Path("turns.csv").write_text(turns[1], "utf-8")

    typed = re.findall(r"^\$ kollegial (.+)$", DOCS.partition("## Staged coding")[0], re.MULTILINE)
    assert typed.pop() == "bench export"  # it serves until it is ended: tests/cli/test_bench.py
    assert len(typed) == 2
    for command in typed:
        invoke(*shlex.split(command))
    invoke("analyse", "sorts.csv", "--factors", "3", "--rotation", "turns.csv", "--out", "turned")


def test_the_commands_of_staged_coding_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, url in migrated_files(tmp_path).items():
        monkeypatch.setenv(name, url)

    invoke("study", "keygen", "--out", "keys")
    keep(shared(groups=6), Path("keys/study.pub").read_text("ascii").strip())
    typed = commands("## Staged coding")
    assert len(typed) == 3
    for command in typed:
        invoke(*shlex.split(command))
    for name in (*COLUMNS, *(path.name for path in Path("coding-report").iterdir())):
        assert f"`{name}`" in DOCS


def test_the_contradiction_that_is_shown_is_told_so() -> None:
    found = sample()
    rows = filled(found, ("spør", "Møtet", "", ""), ("spør", "Rammer", "", ""))

    with pytest.raises(BadFile) as refusal:
        judge(rows, found)

    assert str(refusal.value) in DOCS


def test_the_commands_of_instruments_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("guide.yaml", "form.csv"):
        Path(name).write_text(example(name), "utf-8")

    typed = commands("## Published instruments")
    assert len(typed) == 2
    for command in typed:
        invoke(*shlex.split(command))
    for kind, file, said in (
        ("method", "metasamtale.toml", "2 roles"),
        ("questionnaire", "form.toml", "before 2 items, after 3 items"),
    ):
        asked = [kind, "check", file]
        assert "is not finished" in CliRunner().invoke(app, asked).output
        written = Path(file).read_text("utf-8")
        Path(file).write_text(re.sub(r"(IKKE FERDIG|NOT FINISHED): ", "", written), "utf-8")
        assert said in invoke(*asked)


@pytest.mark.parametrize(
    "limit", [f"{MAX_BYTES // 1000} kB", f"{MAX_NODES} values", f"{MAX_LIST} entries"]
)
def test_the_limits_of_instruments_are_true(limit: str) -> None:
    assert limit in DOCS
    assert f"or {MAX_DEPTH}\nlevels" in DOCS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_described(command: str) -> None:
    options = set(re.findall(r"(--[a-z-]+)", invoke(*command.split(), "--help"))) - {"--help"}

    assert options
    for option in options:
        assert option in DOCS, option


def test_every_option_described_is_there() -> None:
    there = "".join(invoke(*command.split(), "--help") for command in COMMANDS)

    for option in set(re.findall(r"`(--[a-z-]+)", DOCS)):
        assert option in there, option


def test_every_format_and_file_is_described() -> None:
    for name in BY_NAME:
        assert f"`{name}`" in DOCS
    values, _ = planted(3, 2, 5)
    found = investigate(dataset(values), "", Choices, factors=2, bootstrap_steps=5)
    for table in tables.tables(found):
        assert f"`{table.name}.csv`" in DOCS
