"""`kollegial code`, as a researcher runs it."""

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from research.coding.commands import app
from storage.operational import Operational
from tests.research.coding.samples import keep, shared


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KOLLEGIAL_DATABASE_URL", "sqlite:///kollegial.db")
    monkeypatch.setenv("KOLLEGIAL_URN_URL", "sqlite:///urn.db")
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def audited() -> list[tuple[str, str | None]]:
    async def work() -> list[tuple[str, str | None]]:
        operational = await Operational.open("sqlite:///kollegial.db")
        try:
            return [(entry.what, entry.study) for entry in await operational.audit_log()]
        finally:
            await operational.close()

    return asyncio.run(work())


def fill_in(path: Path, code: str = "spør") -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        row[names.index("code")].value = code
        row[names.index("category")].value = "Møtet"
    book.save(path)


def test_from_the_database_to_the_report() -> None:
    keep(shared())
    said = run("export", "--out", "coding")

    assert "Wrote 12 texts to coding: coding.xlsx and coding.csv" in said
    assert "kollegial code import coding/coding.xlsx --out coding-report" in said
    assert audited() == [("export shared texts", None)]
    assert {path.name for path in Path("coding").iterdir()} == {
        "coding.csv",
        "coding.xlsx",
        "shared.jsonl",
    }
    assert Path("coding").stat().st_mode & 0o077 == 0

    fill_in(Path("coding/coding.xlsx"))
    said = run("import", "coding/coding.xlsx", "--out", "coding-report")

    assert "12 of 12 texts are coded. Codes: 1." in said
    assert {path.name for path in Path("coding-report").iterdir()} == {
        "counts.csv",
        "coverage.csv",
        "quotes.csv",
        "roles.csv",
        "report.html",
    }


def test_roles_that_too_few_have_are_said_and_left_out() -> None:
    keep(shared(holders=2))
    said = run("export", "--out", "coding")

    assert "Note: Left out, as fewer than 5 have it: adviser, specialist." in said
    assert "adviser" not in Path("coding/coding.csv").read_text("utf-8")


def test_by_role_no_group_is_told() -> None:
    keep(shared(holders=2))
    run("export", "--by", "role", "--out", "coding")

    assert "GRUPPE" not in Path("coding/shared.jsonl").read_text("utf-8")
    assert "adviser" in Path("coding/shared.jsonl").read_text("utf-8")


def test_own_columns_and_notes_are_told() -> None:
    keep(shared(groups=1, each=2))
    run("export", "--out", "coding")
    rewrite(lambda rows: [[*row, "mine"] for row in rows])
    said = run("import", "coding/coding.csv", "--out", "report", "--language", "en")

    assert "Your own columns were left alone: mine." in said
    assert "Note: Rows without a code yet: 2." in said
    assert "<h1>Shared texts</h1>" in Path("report/report.html").read_text("utf-8")


def test_nothing_shared_yet() -> None:
    assert "No texts are shared yet" in run("export", "--out", "coding", code=1)
    assert not Path("coding").exists()


def rewrite(change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    with Path("coding/coding.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with Path("coding/coding.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(change(rows))


@pytest.mark.parametrize("command", ["export", "import"])
def test_a_folder_that_exists_is_left_alone(command: str) -> None:
    keep(shared())
    run("export", "--out", "coding")
    arguments = [command, *(["coding/coding.csv"] if command == "import" else [])]

    assert "coding exists already and is unchanged" in run(*arguments, "--out", "coding", code=1)


def test_a_folder_that_cannot_be_written() -> None:
    keep(shared())
    said = run("export", "--out", "no/such/coding", code=1)

    assert "Nothing was left behind" in said


def test_contradictions_are_told_and_nothing_is_written() -> None:
    keep(shared(groups=1, each=2))
    run("export", "--out", "coding")
    rewrite(lambda rows: [*rows, ["t-none", *rows[1][1:]]])
    said = run("import", "coding/coding.csv", "--out", "report", code=1)

    assert "There is no shared text called “t-none”" in said
    assert said.rstrip().endswith("Nothing was written.")
    assert not Path("report").exists()


def test_the_shared_texts_may_lie_elsewhere() -> None:
    keep(shared())
    run("export", "--out", "coding")
    Path("coding/coding.csv").rename("mine.csv")

    assert "shared.jsonl: No such file" in run("import", "mine.csv", "--out", "report", code=1)
    run("import", "mine.csv", "--shared", "coding/shared.jsonl", "--out", "report")


def test_the_jsonl_says_no_more_than_the_table() -> None:
    keep(shared())
    run("export", "--out", "coding")
    first, *rest = Path("coding/shared.jsonl").read_text("utf-8").splitlines()

    assert json.loads(first)["texts"] == len(rest) == 12
    assert set(json.loads(rest[0])) == {"id", "group", "role", "method", "phase", "text"}
