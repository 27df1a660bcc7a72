"""The researcher's commands, from the study file to the export, as they are typed."""

import asyncio
import csv
import getpass
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from argon2 import PasswordHasher
from time_machine import travel
from typer.testing import CliRunner, Result

from dialogs import study_file, toml_reader
from dialogs.qsort import Answer, dump_answer
from dialogs.study import MAX_STATEMENTS, Study
from research.commands import app
from research.study_files import read_study
from storage.codes import Code, Token
from storage.operational import Entry, Invitation, Operational
from storage.sealing import Recipient
from storage.urn import Submitted, Urn
from tests.support.databases import (
    drop_postgres_database,
    new_postgres_database,
    postgres_server,
)

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "methods" / "studies"
GUIDE = ROOT / "docs" / "study-file.md"
PSEUDONYMS = ["tun-elg", "ask-rev", "li-ulv"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A researcher's folder with the shipped study, and databases of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KOLLEGIAL_DATABASE_URL", "sqlite:///kollegial.db")
    monkeypatch.setenv("KOLLEGIAL_URN_URL", "sqlite:///urn.db")
    for name in ("oppfolging.toml", "oppfolging.csv"):
        shutil.copy(SHIPPED / name, tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    # Wide, so that a line of a message is a line here.
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


def with_urn(work: Callable[[Urn], Awaitable[T]]) -> T:
    async def whole() -> T:
        urn = await Urn.open(os.environ["KOLLEGIAL_URN_URL"], PasswordHasher(1, 8, 1))
        try:
            return await work(urn)
        finally:
            await urn.close()

    return asyncio.run(whole())


def with_operational(work: Callable[[Operational], Awaitable[T]]) -> T:
    async def whole() -> T:
        operational = await Operational.open(os.environ["KOLLEGIAL_DATABASE_URL"])
        try:
            return await work(operational)
        finally:
            await operational.close()

    return asyncio.run(whole())


def sort_of(study: Study, shift: int) -> dict[str, int]:
    values = [value for value, cells in study.grid.cells.items() for _ in range(cells)]
    return {
        statement.id: values[(index + shift) % len(values)]
        for index, statement in enumerate(study.statements)
    }


def shipped() -> Study:
    study = read_study(Path("oppfolging.toml"), date(2026, 11, 1))
    assert isinstance(study, Study)
    return study


def submit(*documents: tuple[str, bytes]) -> list[Code]:
    async def work(urn: Urn) -> list[Code]:
        codes = []
        for pseudonym, document in documents:
            token, code = Token.new(), Code.new()
            draft = await urn.open_draft(token, "oppfolging", b"{}")
            assert draft is not None
            submitted = await urn.submit(token, draft, document, pseudonym, code)
            assert isinstance(submitted, Submitted)
            codes.append(code)
        return codes

    return with_urn(work)


def answers() -> dict[str, Answer]:
    study = shipped()
    return {
        pseudonym: Answer("1", sort_of(study, shift), {"s1": "Fordi"}, {"sorting": "easy"}, "")
        for shift, pseudonym in enumerate(PSEUDONYMS)
    }


def invite(members: int) -> None:
    async def work(operational: Operational) -> None:
        async with operational.begin() as transaction:
            invitation = Invitation("oppfolging", "19:channel", "card-1", {"id": "19:c"}, members)
            transaction.add_invitation(invitation)

    with_operational(work)


def open_shipped() -> None:
    done("keygen", "--out", "keys")
    done("create", "oppfolging.toml", "--recipient", "@keys/study.pub")
    done("open", "oppfolging")


def collect() -> dict[str, Answer]:
    open_shipped()
    submit(*((pseudonym, dump_answer(one)) for pseudonym, one in answers().items()))
    return answers()


EXPORT = ("export", "oppfolging", "--key", "keys/study.key", "--out", "out")


def test_from_the_file_to_the_export() -> None:
    assert "36 statements in nb, nn, en, on a grid from -5 to 5" in done("check", "oppfolging.toml")
    wanted = collect()
    invite(12)
    assert "closed with 3 answers; 12 were invited." in done("close", "oppfolging")

    said = done(*EXPORT)

    assert "Wrote 3 sorts to out" in said
    assert "Note:" not in said
    with Path("out/sorts_r.csv").open(encoding="utf-8", newline="") as file:
        header, *body = csv.reader(file)
    assert header == ["statement", *sorted(PSEUDONYMS)]
    for column, pseudonym in enumerate(header[1:], 1):
        assert {row[0]: int(row[column]) for row in body} == wanted[pseudonym].sort
    assert sorted(path.name for path in Path().iterdir() if "db" not in path.name) == [
        "keys", "oppfolging.csv", "oppfolging.toml", "out"
    ]  # fmt: skip


@pytest.mark.postgres
def test_the_same_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    server = postgres_server()
    urls = [asyncio.run(new_postgres_database(server)) for _ in range(2)]
    monkeypatch.setenv("KOLLEGIAL_DATABASE_URL", urls[0])
    monkeypatch.setenv("KOLLEGIAL_URN_URL", urls[1])
    wanted = collect()
    done("close", "oppfolging")

    done(*EXPORT)

    with Path("out/sorts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {
        row.pop("pseudonym"): {name: int(value) for name, value in row.items()} for row in rows
    } == {pseudonym: answer.sort for pseudonym, answer in wanted.items()}

    for url in urls:
        asyncio.run(drop_postgres_database(server, url))
    assert "does not exist\nNothing was changed." in refused("list")


def test_a_user_without_a_name_is_someone(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 1000")

    monkeypatch.setattr(getpass, "getuser", nameless)
    open_shipped()

    async def work(operational: Operational) -> list[Entry]:
        return await operational.audit_log()

    assert {entry.who for entry in with_operational(work)} == {"someone (command line)"}


def test_what_was_done_is_in_the_audit_log() -> None:
    collect()
    done("close", "oppfolging")
    done(*EXPORT)

    async def work(operational: Operational) -> list[Entry]:
        return await operational.audit_log()

    log = with_operational(work)

    assert [entry.what for entry in log] == ["create", "open", "close", "export"]
    assert all(entry.who.endswith("(command line)") for entry in log)


def test_a_withdrawn_answer_is_named_and_not_exported() -> None:
    open_shipped()
    codes = submit(*((name, dump_answer(one)) for name, one in answers().items()))

    async def withdraw(urn: Urn) -> None:
        assert await urn.withdraw(codes[0])

    with_urn(withdraw)
    done("close", "oppfolging")

    assert "Withdrawn, and never to be used: tun-elg." in done(*EXPORT)
    document = json.loads(Path("out/study.json").read_text(encoding="utf-8"))
    assert document["withdrawn"] == ["tun-elg"]
    assert document["submitted"] == 2
    for name in ("sorts.csv", "sorts_r.csv", "comments.csv"):
        assert "tun-elg" not in Path("out", name).read_text(encoding="utf-8")


def test_closing_tells_numbers_that_are_odd() -> None:
    collect()
    invite(2)

    said = done("close", "oppfolging")

    assert "There are more answers (3) than people invited (2)" in said
    assert "Only 2 were invited, fewer than the 10" in said


def test_closing_has_the_invitations_say_so() -> None:
    collect()
    invite(12)
    done("close", "oppfolging")
    done("close", "oppfolging")  # again adds nothing

    with sqlite3.connect("kollegial.db") as database:
        messages = database.execute("SELECT kind, payload FROM outbox").fetchall()
    database.close()
    assert [(kind, json.loads(payload)) for kind, payload in messages] == [
        ("close_invitation", {"study": "oppfolging", "activity": "card-1"})
    ]


def test_the_list_shows_no_count_before_closing() -> None:
    assert "There are no studies yet." in done("list")
    collect()
    assert re.search(r"oppfolging .* open +2030-12-31", done("list"))

    done("close", "oppfolging")

    assert re.search(r"oppfolging .* closed +3 +2030-12-31", done("list"))


# --- What is refused ------------------------------------------------------------------------------


def exported_nothing() -> bool:
    return not Path("out").exists() and not list(Path().glob(".out*"))


def test_every_fault_in_a_file_is_shown() -> None:
    text = Path("oppfolging.toml").read_text(encoding="utf-8")
    Path("oppfolging.toml").write_text(text.replace("minutes = 40", "minutts = 40"), "utf-8")

    said = refused("check", "oppfolging.toml")

    line = text[: text.index("minutes = 40")].count("\n") + 1
    assert f"oppfolging.toml:{line}: Unknown key 'minutts'. Did you mean minutes?" in said
    assert "2 faults in oppfolging.toml. Nothing was changed." in said
    assert "1 fault in nowhere.toml." in refused("check", "nowhere.toml")


def test_a_study_with_faults_is_not_created() -> None:
    Path("oppfolging.csv").unlink()
    done("keygen", "--out", "keys")

    assert "There is no file" in refused(
        "create", "oppfolging.toml", "--recipient", "@keys/study.pub"
    )
    assert "There are no studies yet." in done("list")


def test_keys_are_never_written_over() -> None:
    done("keygen", "--out", "keys")
    before = Path("keys/study.key").read_text(encoding="utf-8")

    assert "exists already and is unchanged" in refused("keygen", "--out", "keys")
    assert Path("keys/study.key").read_text(encoding="utf-8") == before
    assert Path("keys/study.key").stat().st_mode & 0o077 == 0
    assert "AGE-SECRET-KEY" not in done("keygen", "--out", "others")


def test_keys_need_a_folder_that_can_be_made() -> None:
    Path("file").touch()

    assert "cannot be written" in refused("keygen", "--out", "file/keys")


@pytest.mark.parametrize("text", ["age1", "nonsense", "@nowhere", "@keys/study.key", "@keys", ""])
def test_only_a_public_key_can_seal(text: str) -> None:
    done("keygen", "--out", "keys")

    said = refused("create", "oppfolging.toml", "--recipient", text)

    assert "This is no public key." in said or "cannot be read" in said
    assert "AGE-SECRET-KEY-1Q" not in said


def test_a_public_key_can_be_typed() -> None:
    public = done("keygen", "--out", "keys").splitlines()[0]

    assert Recipient(public)
    assert "Created study oppfolging." in done("create", "oppfolging.toml", "--recipient", public)


def test_a_study_is_created_once() -> None:
    done("keygen", "--out", "keys")
    done("create", "oppfolging.toml", "--recipient", "@keys/study.pub")

    said = refused("create", "oppfolging.toml", "--recipient", "@keys/study.pub")

    assert "There is a study 'oppfolging' already, and it is unchanged" in said


def test_an_interrupted_creation_can_be_finished_but_not_changed() -> None:
    done("keygen", "--out", "keys")
    done("create", "oppfolging.toml", "--recipient", "@keys/study.pub")
    for file in Path().glob("urn.db*"):  # as if the power had gone between the two databases
        file.unlink()
    assert "unfinished" in done("list")
    text = Path("oppfolging.toml").read_text(encoding="utf-8")
    Path("other.toml").write_text(text.replace("minutes = 40", "minutes = 41"), "utf-8")

    said = refused("create", "other.toml", "--recipient", "@keys/study.pub")
    assert "was begun with another definition" in said
    done("create", "oppfolging.toml", "--recipient", "@keys/study.pub")

    done("open", "oppfolging")


def test_a_study_opens_once_and_closes_once_open() -> None:
    done("keygen", "--out", "keys")
    done("create", "oppfolging.toml", "--recipient", "@keys/study.pub")
    assert "is created: there is nothing to close" in refused("close", "oppfolging")
    done("open", "oppfolging")
    done("open", "oppfolging")
    done("close", "oppfolging")

    assert "is closed and cannot be opened again" in refused("open", "oppfolging")


def test_a_study_past_its_last_day_is_not_opened() -> None:
    done("keygen", "--out", "keys")
    done("create", "oppfolging.toml", "--recipient", "@keys/study.pub")

    with travel("2030-12-31", tick=False):
        assert "The last day of study 'oppfolging' is past." in refused("open", "oppfolging")


@pytest.mark.parametrize(
    "arguments", [("open", "nope"), ("close", "nope"), (*EXPORT[:1], "nope", *EXPORT[2:])]
)
def test_an_unknown_study_is_named_with_those_there_are(arguments: tuple[str, ...]) -> None:
    collect()

    assert "There is no study 'nope'. The studies are: oppfolging." in refused(*arguments)
    assert exported_nothing()


def test_an_open_study_is_not_exported() -> None:
    collect()

    assert "is open, and its answers are not released. Close it first" in refused(*EXPORT)
    assert exported_nothing()


def test_a_study_that_was_never_opened_is_not_exported() -> None:
    done("keygen", "--out", "keys")
    done("create", "oppfolging.toml", "--recipient", "@keys/study.pub")

    assert "is created, and its answers are not released. Open it with" in refused(*EXPORT)


def test_a_destroyed_study_is_not_exported() -> None:
    collect()

    async def destroy(urn: Urn) -> None:
        await urn.destroy("oppfolging")

    with_urn(destroy)

    assert "were deleted on the day of retention" in refused(*EXPORT)


def test_no_answers_are_no_export() -> None:
    open_shipped()
    done("close", "oppfolging")

    assert "has no answers, and nothing was written" in refused(*EXPORT)
    assert exported_nothing()


def test_the_wrong_key_opens_nothing() -> None:
    collect()
    done("close", "oppfolging")
    done("keygen", "--out", "others")

    said = refused("export", "oppfolging", "--key", "others/study.key", "--out", "out")

    assert "None of the answers opens with this key" in said
    assert exported_nothing()


@pytest.mark.parametrize("content", [None, b"", b"nonsense", b"\xff\xfe", b"age1xyz"])
def test_a_file_that_is_no_key_is_refused(content: bytes | None) -> None:
    collect()
    done("close", "oppfolging")
    Path("keys/study.key").unlink()
    if content is not None:
        Path("keys/study.key").write_bytes(content)

    said = refused(*EXPORT)

    assert "is no private key" in said or "cannot be read" in said
    assert exported_nothing()


def test_an_export_is_not_written_over() -> None:
    collect()
    done("close", "oppfolging")
    done(*EXPORT)
    Path("out/notes.txt").write_text("mine", "utf-8")

    assert "out exists already and is unchanged" in refused(*EXPORT)
    assert Path("out/notes.txt").read_text(encoding="utf-8") == "mine"


def test_an_export_needs_a_folder_to_lie_in() -> None:
    collect()
    done("close", "oppfolging")

    said = refused(*EXPORT[:-1], "nowhere/out")

    assert "nowhere/out cannot be written: No such file or directory" in said


def test_damaged_answers_are_named_and_can_be_left_out() -> None:
    collect()
    done("close", "oppfolging")
    with sqlite3.connect("urn.db") as database:
        database.execute("UPDATE submission SET sealed = x'00' WHERE pseudonym = 'ask-rev'")
    database.close()

    assert "These answers are damaged: ask-rev. Nothing was written." in refused(*EXPORT)
    assert exported_nothing()
    assert "No answer is called nobody." in refused(*EXPORT, "--leave-out", "nobody")

    done(*EXPORT, "--leave-out", "ask-rev")

    document = json.loads(Path("out/study.json").read_text(encoding="utf-8"))
    assert (document["submitted"], document["left_out"]) == (2, ["ask-rev"])


def test_databases_that_cannot_be_opened_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (
        "nonsense",
        "mysql://x/y",
        "sqlite:///oppfolging.toml/x.db",
        "sqlite:///oppfolging.csv",
    ):
        monkeypatch.setenv("KOLLEGIAL_URN_URL", url)
        assert "The databases cannot be opened:" in refused("list")


def test_a_database_of_a_later_version_is_left_alone() -> None:
    done("list")
    with sqlite3.connect("urn.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'u9999'")
    database.close()

    assert "has schema u9999, which this version of Kollegial does not know" in refused("list")


def test_what_is_not_understood_ends_with_2() -> None:
    assert run("export", "oppfolging").exit_code == 2
    assert run("nonsense").exit_code == 2


def block_of_guide(first_line: str) -> str:
    _, _, rest = GUIDE.read_text(encoding="utf-8").partition(f"```{first_line}\n")
    return rest.partition("```")[0]


def test_the_example_in_the_guide_has_no_faults() -> None:
    Path("fellesmoter.toml").write_text(block_of_guide("toml title=fellesmoter.toml"), "utf-8")

    assert done("check", "fellesmoter.toml") in block_of_guide("console")


def test_faults_read_as_in_the_guide() -> None:
    faulty = block_of_guide("toml title=fellesmoter.toml")
    for find, put in (("= 2030-12-31", "= 2020-12-31"), ("0 = 3", "0 = 4"), ("help =", "hlep =")):
        assert find in faulty
        faulty = faulty.replace(find, put)
    Path("fellesmoter.toml").write_text(faulty, "utf-8")

    said = refused("check", "fellesmoter.toml")

    assert said.startswith(block_of_guide("text"))


def test_the_guide_states_the_limits_that_hold() -> None:
    limits = dict(
        re.findall(r"^\| ([a-z ]+) \| (\d+)", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert {name: int(limit) for name, limit in limits.items()} == {
        "statements": MAX_STATEMENTS,
        "title": toml_reader.MAX_TITLE,
        "purpose": toml_reader.MAX_PURPOSE,
        "information": toml_reader.MAX_INFORMATION,
        "instruction": toml_reader.MAX_INSTRUCTION,
        "one statement": study_file.MAX_STATEMENT,
        "all statements in one language": study_file.MAX_ALL_STATEMENTS,
        "help of one statement": toml_reader.MAX_HELP,
        "questions": study_file.MAX_QUESTIONS,
        "one question": toml_reader.MAX_QUESTION,
        "choices of a question": study_file.MAX_CHOICES,
        "one choice": toml_reader.MAX_CHOICE,
        "minutes": toml_reader.MAX_MINUTES,
        "a file": study_file.MAX_BYTES // 1000,
    }
