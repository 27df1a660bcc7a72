"""docs/questionnaires.md is true: its commands run, from the file to the report."""

import asyncio
import json
import os
import re
import shlex
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from time_machine import travel
from typer.testing import CliRunner, Result

from cli.app import app as kollegial
from cli.questionnaire import app
from dialogs.studies.answering import Answer, dump_answer
from storage.crypto.codes import Code, Token
from storage.urn.store import Submitted, Urn
from tests.support.databases import migrated_files

GUIDE = Path("docs/questionnaires.md").read_text("utf-8")
NOVEMBER = "2026-11-01T12:00:00Z"
BEFORE, AFTER = "fellesmoter-before", "fellesmoter-after"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A researcher's folder with the guide's questionnaire, and databases of its own."""
    monkeypatch.chdir(tmp_path)
    for name, url in migrated_files(tmp_path).items():
        monkeypatch.setenv(name, url)
    example = re.search(r"```toml title=fellesmoter.toml\n(.*?)```", GUIDE, re.DOTALL)
    assert example is not None
    Path("fellesmoter.toml").write_text(example[1], "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    # Wide, so that a line of a message is a line here.
    with travel(NOVEMBER):
        return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.output


def submit(study: str, answers: dict[str, Answer]) -> list[Code]:
    async def work() -> list[Code]:
        codes = []
        urn = await Urn.open(os.environ["KOLLEGIAL_URN_URL"], PasswordHasher(1, 8, 1))
        try:
            for pseudonym, answer in answers.items():
                token, code = Token.new(), Code.new()
                draft = await urn.open_draft(token, study, b"{}")
                assert draft is not None
                sent = await urn.submit(token, draft, dump_answer(answer), pseudonym, code)
                assert isinstance(sent, Submitted)
                codes.append(code)
        finally:
            await urn.close()
        return codes

    return asyncio.run(work())


def withdraw(code: Code) -> None:
    async def work() -> None:
        urn = await Urn.open(os.environ["KOLLEGIAL_URN_URL"], PasswordHasher(1, 8, 1))
        await urn.withdraw(code)
        await urn.close()

    asyncio.run(work())


def collected() -> list[Code]:
    """Twelve answered before, and eleven of them after, ten with their code.

    The codes of those before.
    """
    done("keygen", "--out", "keys")
    done("create", "fellesmoter.toml", "--recipient", "@keys/study.pub")
    for study in (BEFORE, AFTER):
        done("open", study)
    names = [f"bekk-{n:02}" for n in range(12)]
    codes = submit(BEFORE, {n: Answer("1", {"safe": "1", "waste": "2"}) for n in names})
    later = {
        f"elv-{n:02}": Answer(
            "1", {"safe": "2", "waste": "2", "better": "yes", "how": "=Alt"}, names[n] if n else ""
        )
        for n in range(11)
    }
    withdraw(submit(AFTER, later)[-1])
    return codes


def release(study: str, name: str) -> str:
    return done("release", study, "--out", f"{name}.kollegial")


def test_from_the_file_to_the_report() -> None:
    collected()
    assert "closed with 12 answers" in done("close", BEFORE)
    assert "closed with 10 answers" in done("close", AFTER)
    listed = done("list")
    assert BEFORE in listed
    assert "12" in listed
    for name, study in (("before", BEFORE), ("after", AFTER)):
        assert f"kollegial questionnaire export {name}.kollegial" in release(study, name)
        said = done("export", f"{name}.kollegial", "--key", "keys/study.key", "--out", name)
    assert "Wrote 10 answers to after" in said
    assert "never to be used: elv-10" in said

    for command in re.findall(r"^\$ kollegial questionnaire (analyse .+)$", GUIDE, re.MULTILINE):
        said = done(*shlex.split(command))
    assert "9 of 10 answers after are paired; 1 are lost to the change." in said
    for name in re.findall(r"^\| `([a-z]+\.(?:html|csv))`", GUIDE, re.MULTILINE):
        folder = Path("report") if (Path("report") / name).exists() else Path("after")
        assert (folder / name).exists(), name
    assert (Path("report") / "change.png").exists()
    assert list(Path("report").glob("distribution_*.png"))
    rows = (Path("report") / "change.csv").read_text("utf-8").splitlines()
    assert rows[1].startswith(
        "trust,sum,9,0,(hidden),(hidden),(hidden),9,0,0,1.0,"
    )  # one of ten alone
    assert (Path("after") / "texts.csv").read_text("utf-8").splitlines()[1] == "elv-00,how,'=Alt"
    assert "exists already" in refused("analyse", "before", "after", "--out", "report")
    assert "was not asked after" in refused("analyse", "after", "before", "--out", "other")
    done("analyse", "after", "--out", "alone", "--language", "en")
    done("analyse", "before", "after", "--out", "all", "--all-counts")
    rows = (Path("all") / "change.csv").read_text("utf-8").splitlines()
    assert rows[1].startswith("trust,sum,9,0,2.0,3.0,1.0,9,0,0,1.0,")
    assert {"pairs.csv", "persons.csv"} <= {path.name for path in Path("all").iterdir()}
    assert "without --all-counts" in refused("publish", AFTER, "all")
    said = done("publish", AFTER, "alone")
    assert "Published the answers to fellesmoter-after. No card was sent" in said
    shown = json.loads((Path("alone") / "results.json").read_text("utf-8"))["forms"][AFTER]
    assert shown["answers"] == 10
    counts = [n for item in shown["items"] for n in item["counts"].values()]
    assert not any(n is not None and 0 < n < 5 for n in counts)
    assert "is not of 'fellesmoter-before'" in refused("publish", BEFORE, "alone")
    assert "cannot be read" in refused("publish", BEFORE, "keys")
    (Path("alone") / "results.json").write_text("{}", "utf-8")
    assert "is no analysis" in refused("publish", AFTER, "alone")


def test_what_one_has_withdrawn_does_not_follow_from_results_that_are_shown_again() -> None:
    codes = collected()
    done("close", BEFORE)

    def analysed(name: str) -> str:
        release(BEFORE, name)
        done("export", f"{name}.kollegial", "--key", "keys/study.key", "--out", name)
        done("analyse", name, "--out", f"{name}-report")
        return f"{name}-report"

    done("publish", BEFORE, analysed("first"))
    withdraw(codes[0])
    release(BEFORE, "second")
    done("export", "second.kollegial", "--key", "keys/study.key", "--out", "second")
    said = refused("analyse", "second", "--out", "second-report")
    assert "before (first-report), this report would tell what fewer than 5 answered" in said
    assert not Path("second-report").exists()
    shown_before = Path(f"shown-{BEFORE}")
    assert [file.name for file in shown_before.iterdir()] == ["first-report.json"]

    (shown_before / "first-report.json").unlink()  # as one would who showed it to nobody
    done("analyse", "second", "--out", "second-report")
    said = refused("publish", BEFORE, "second-report")
    assert "of 12 answers have been shown, and these are of 11: beside each other they" in said
    done("publish", BEFORE, "first-report")


def test_a_report_that_cannot_be_written_leaves_no_note() -> None:
    collected()
    done("close", BEFORE)
    release(BEFORE, "before")
    done("export", "before.kollegial", "--key", "keys/study.key", "--out", "before")
    refused("analyse", "before", "--out", "none/report")
    assert not Path(f"shown-{BEFORE}").exists()
    Path(f"shown-{BEFORE}").write_text("in the way", "utf-8")
    assert "cannot be written" in refused("analyse", "before", "--out", "report")
    assert not Path("report").exists()


def test_few_answers_are_not_exported_unless_they_are_about_nobody() -> None:
    done("keygen", "--out", "keys")
    done("create", "fellesmoter.toml", "--recipient", "@keys/study.pub")
    done("open", BEFORE)
    submit(BEFORE, {f"bekk-{n}": Answer("1", {"safe": "1"}) for n in range(2)})
    done("close", BEFORE)
    release(BEFORE, "before")
    refusal = refused("export", "before.kollegial", "--key", "keys/study.key", "--out", "before")
    assert "has 2 answers, and nothing was written" in refusal
    assert not Path("before").exists()
    said = done("export", "before.kollegial", "--key", "keys/study.key", "--out", "x", "--few")
    assert "Wrote 2 answers" in said
    assert "Nobody that we know of was invited" in said


def test_check_says_what_the_guide_says() -> None:
    said = done("check", "fellesmoter.toml")
    assert f"$ kollegial questionnaire check fellesmoter.toml\n{said}" in GUIDE
    source = Path("fellesmoter.toml").read_text("utf-8")
    broken = source.replace('scale = "agree"', 'scale = "agre"').replace("from = 4", "from = 2")
    Path("fellesmoter.toml").write_text(broken, "utf-8")
    assert refused("check", "fellesmoter.toml") in GUIDE


def test_what_cannot_be_done_is_refused_and_changes_nothing() -> None:
    assert "No such file" in refused("check", "nothing.toml")
    collected()
    again = refused("create", "fellesmoter.toml", "--recipient", "@keys/study.pub")
    assert "There is a study 'fellesmoter-before' already" in again
    assert "is open" in refused("release", BEFORE, "--out", "before.kollegial")
    done("close", BEFORE)
    release(BEFORE, "before")
    arguments = ("export", "before.kollegial", "--key", "keys/study.key", "--out", "before")
    assert "No answer is called x-y" in refused(*arguments, "--leave-out", "x-y")
    assert "cannot be written" in refused(*arguments[:-1], "none/before")
    assert "exists already" in refused(*arguments[:-1], "keys")
    done(*arguments, "--leave-out", "bekk-03")
    assert "cannot be written" in refused("analyse", "before", "--out", "none/report")
    assert "questionnaire.json: No such file" in refused("analyse", "keys", "--out", "report")
    assert not Path("report").exists()


def test_the_other_kinds_commands_say_where_to_go() -> None:
    collected()
    done("close", BEFORE)
    release(BEFORE, "before")
    asked = ["study", "export", "before.kollegial", "--key", "keys/study.key", "--out", "x"]
    other = CliRunner().invoke(kollegial, asked)
    assert other.exit_code == 1
    assert "is a questionnaire" in other.output
    listed = CliRunner().invoke(kollegial, ["study", "list"], env={"COLUMNS": "200"})
    assert AFTER in listed.output


def test_every_command_and_option_is_described() -> None:
    commands = set(re.findall(r"^│ ([a-z]+) ", done("--help"), re.MULTILINE))
    assert commands == set(
        re.findall(r"^\| `kollegial questionnaire ([a-z]+)", GUIDE, re.MULTILINE)
    )
    for command in commands:
        for option in set(re.findall(r"(--[a-z-]+)", done(command, "--help"))) - {"--help"}:
            assert option in GUIDE, (command, option)
