"""`kollegial code`, as a researcher runs it."""

import asyncio
import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from pyrage import x25519
from typer.testing import CliRunner

from cli.code import app
from cli.study import app as study_app
from dialogs.studies.answering import Answer
from dialogs.studies.questionnaire import Questionnaire
from research import studies
from storage.crypto.codes import Code
from storage.crypto.sealing import PrivateKey, Recipient
from storage.operational.store import Operational
from storage.urn.store import Urn
from tests.research.coding.samples import QUICK, keep, shared
from tests.support.databases import migrated_files
from tests.support.questionnaires import ASKS, ONCE


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, url in migrated_files(tmp_path).items():
        monkeypatch.setenv(name, url)
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


IDENTITY = PrivateKey(str(x25519.Identity.generate()))
RECIPIENT = IDENTITY.recipient.text


def release(study: str = ASKS.id, name: str = "sealed") -> None:
    result = CliRunner().invoke(study_app, ["release", study, "--out", name])
    assert result.exit_code == 0, result.output


def handed_over(texts: Mapping[str, Answer], *by: str, code: int = 0) -> list[Code]:
    """Shared, released on the server, and exported on a machine that has the key."""
    codes = keep(texts, RECIPIENT)
    release()
    Path("study.key").write_text(IDENTITY.text, "ascii")
    run("export", "sealed", "--key", "study.key", "--out", "coding", *by, code=code)
    return codes


def fill_in(path: Path, code: str = "spør") -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        row[names.index("code")].value = code
        row[names.index("category")].value = "Møtet"
    book.save(path)


def test_from_the_study_to_the_report() -> None:
    handed_over(shared())

    assert {path.name for path in Path("coding").iterdir()} == {
        "coding.csv",
        "coding.xlsx",
        "project.qdpx",
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
        "units.csv",
        "codebook.csv",
        "codebook.qdc",
        "project.qdpx",
        "report.html",
    }


def test_the_question_stands_beside_the_text() -> None:
    handed_over(shared())
    with Path("coding/coding.csv").open(encoding="utf-8", newline="") as file:
        assert {row["question"] for row in csv.DictReader(file)} == {"Hva vil du prøve?"}


def test_what_was_withdrawn_after_the_export_is_in_no_analysis() -> None:
    first, *_ = handed_over(shared())
    fill_in(Path("coding/coding.xlsx"))
    asyncio.run(withdrawn(first))
    release(name="again")
    run("export", "again", "--key", "study.key", "--out", "later")
    coded = ("import", "coding/coding.xlsx", "--shared", "later/shared.jsonl", "--out", "report")

    said = run(*coded)

    assert "11 of 11 texts are coded" in said
    assert "Withdrawn since the table was made, and left out: t-0100abab." in said
    assert "(1.0)" not in Path("report/units.csv").read_text("utf-8")


async def withdrawn(code: Code) -> None:
    urn = await Urn.open("sqlite:///urn.db", QUICK)
    assert await urn.withdraw(code)
    await urn.close()


def test_a_project_of_another_program_comes_back() -> None:
    handed_over(shared())
    fill_in(Path("coding/coding.xlsx"))
    run("import", "coding/coding.xlsx", "--out", "first")

    said = run(
        "import", "first/project.qdpx", "--shared", "coding/shared.jsonl",
        "--second", "coding/coding.xlsx", "--codebook", "first/codebook.qdc", "--out", "second",
    )  # fmt: skip

    assert "12 of 12 texts are coded. Codes: 1." in said
    assert "agreement.csv" in {path.name for path in Path("second").iterdir()}


def test_by_role_no_group_is_told() -> None:
    handed_over(shared(), "--by", "role")

    assert "GRUPPE" not in Path("coding/shared.jsonl").read_text("utf-8")
    assert "adviser" in Path("coding/shared.jsonl").read_text("utf-8")


def test_own_columns_and_notes_are_told() -> None:
    handed_over(shared(groups=1, each=5))
    rewrite(lambda rows: [[*row, "mine"] for row in rows])
    said = run("import", "coding/coding.csv", "--out", "report", "--language", "en")

    assert "Your own columns were left alone: mine." in said
    assert "Note: Rows without a code yet: 5." in said
    assert "<h1>Shared texts</h1>" in Path("report/report.html").read_text("utf-8")


def test_of_fewer_than_five_texts_nothing_is_written() -> None:
    handed_over(shared(groups=1, each=4), code=1)

    assert not Path("coding").exists()


def test_a_study_that_asks_for_no_texts_has_none() -> None:
    asyncio.run(closed(ONCE))
    release(ONCE.id)
    Path("study.key").write_text(IDENTITY.text, "ascii")

    said = run("export", "sealed", "--key", "study.key", "--out", "coding", code=1)

    assert "'skjema' asks for no texts of sessions, and nothing was written" in said


async def closed(study: Questionnaire) -> None:
    operational = await Operational.open("sqlite:///kollegial.db")
    urn = await Urn.open("sqlite:///urn.db", QUICK)
    await studies.create(operational, urn, study, Recipient(RECIPIENT), "researcher")
    await urn.open_study(study.id)
    await urn.close_study(study.id)
    await operational.close()
    await urn.close()


def rewrite(change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    with Path("coding/coding.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with Path("coding/coding.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(change(rows))


@pytest.mark.parametrize(
    "command", [("export", "sealed", "--key", "study.key"), ("import", "coding/coding.csv")]
)
def test_a_folder_that_exists_is_left_alone(command: tuple[str, ...]) -> None:
    handed_over(shared())

    assert "coding exists already and is unchanged" in run(*command, "--out", "coding", code=1)


def test_a_folder_that_cannot_be_written() -> None:
    handed_over(shared())
    said = run("export", "sealed", "--key", "study.key", "--out", "no/such/coding", code=1)

    assert "Nothing was left behind" in said


def test_contradictions_are_told_and_nothing_is_written() -> None:
    handed_over(shared(groups=1, each=5))
    rewrite(lambda rows: [*rows, ["t-none", *rows[1][1:]]])
    said = run("import", "coding/coding.csv", "--out", "report", code=1)

    assert "There is no shared text called “t-none”" in said
    assert said.rstrip().endswith("Nothing was written.")
    assert not Path("report").exists()


def test_the_shared_texts_may_lie_elsewhere() -> None:
    handed_over(shared())
    Path("coding/coding.csv").rename("mine.csv")

    assert "shared.jsonl: No such file" in run("import", "mine.csv", "--out", "report", code=1)
    run("import", "mine.csv", "--shared", "coding/shared.jsonl", "--out", "report")


def test_the_jsonl_says_no_more_than_the_table() -> None:
    handed_over(shared())
    first, *rest = Path("coding/shared.jsonl").read_text("utf-8").splitlines()

    assert json.loads(first)["texts"] == len(rest) == 12
    assert set(json.loads(rest[0])) == {
        "id", "group", "role", "method", "phase", "text", "question",
    }  # fmt: skip
