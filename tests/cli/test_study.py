"""The researcher's commands, from the study file to the export, as they are typed."""

import asyncio
import csv
import getpass
import json
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import aiohttp
import pytest
from argon2 import PasswordHasher
from time_machine import travel
from typer.testing import CliRunner, Result

from cli.console import shown_in
from cli.migrate import app as migrate
from cli.preview import shown
from cli.study import app
from dialogs.studies import items_file, study_file
from dialogs.studies.qsort import Answer, dump_answer
from dialogs.studies.study import MAX_STATEMENTS, Study
from dialogs.toml import reader
from research.study_files import read_study
from research.talks import Reply, dump_reply
from storage.crypto.codes import Code, Token
from storage.crypto.sealing import Recipient
from storage.operational.store import Entry, Invitation, Operational
from storage.urn.store import Submitted, Urn
from tests.support.databases import (
    drop_postgres_database,
    migrated_files,
    new_postgres_database,
    postgres_server,
)
from tests.support.ports import free_port

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "methods" / "studies"
GUIDE = ROOT / "docs" / "study-file.md"
PSEUDONYMS = ["tun-elg", "ask-rev", "li-ulv"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A researcher's folder with the shipped study, and databases of its own."""
    monkeypatch.chdir(tmp_path)
    for name, url in migrated_files(tmp_path).items():
        monkeypatch.setenv(name, url)
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
    version = study.information.version
    texts: tuple[dict[str, str], dict[str, str]] = {"s1": "Fordi"}, {"sorting": "easy"}
    return {
        pseudonym: Answer(version, sort_of(study, shift), *texts, "")
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


RELEASE = ("release", "oppfolging", "--out", "sealed.kollegial")
EXPORT = ("export", "sealed.kollegial", "--key", "keys/study.key", "--out", "out")


def close_and_release() -> str:
    return done("close", "oppfolging") + done(*RELEASE)


def test_from_the_file_to_the_export(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "36 statements in nb, nn, en, on a grid from -5 to 5" in done("check", "oppfolging.toml")
    wanted = collect()
    invite(12)
    assert "closed with 3 answers; 12 were invited." in close_and_release()
    assert stat.S_IMODE(Path("sealed.kollegial").stat().st_mode) == 0o600
    # On the researcher's machine there are no databases.
    monkeypatch.setenv("KOLLEGIAL_DATABASE_URL", "mysql://nowhere")
    monkeypatch.setenv("KOLLEGIAL_URN_URL", "mysql://nowhere")

    said = done(*EXPORT)

    assert "Wrote 3 sorts to out" in said
    assert "Note:" not in said
    with Path("out/sorts_r.csv").open(encoding="utf-8", newline="") as file:
        header, *body = csv.reader(file)
    assert header == ["statement", *sorted(PSEUDONYMS)]
    for column, pseudonym in enumerate(header[1:], 1):
        assert {row[0]: int(row[column]) for row in body} == wanted[pseudonym].sort
    assert sorted(path.name for path in Path().iterdir() if "db" not in path.name) == [
        "keys", "oppfolging.csv", "oppfolging.toml", "out", "sealed.kollegial"
    ]  # fmt: skip


@pytest.mark.postgres
def test_the_same_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    server = postgres_server()
    urls = [asyncio.run(new_postgres_database(server)) for _ in range(2)]
    monkeypatch.setenv("KOLLEGIAL_DATABASE_URL", urls[0])
    monkeypatch.setenv("KOLLEGIAL_URN_URL", urls[1])
    assert "is not made yet" in refused("list")
    migrated = CliRunner().invoke(migrate)
    assert migrated.output.count("is brought from nothing to schema") == 2
    assert CliRunner().invoke(migrate).output.count("is up to date, with schema") == 2
    wanted = collect()
    close_and_release()

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
    close_and_release()
    done(*EXPORT)

    async def work(operational: Operational) -> list[Entry]:
        return await operational.audit_log()

    log = with_operational(work)

    assert [entry.what for entry in log] == ["create", "open", "close", "release"]
    assert all(entry.who.endswith("(command line)") for entry in log)


def test_a_withdrawn_answer_is_named_and_not_exported() -> None:
    open_shipped()
    codes = submit(*((name, dump_answer(one)) for name, one in answers().items()))

    async def withdraw(urn: Urn) -> None:
        assert await urn.withdraw(codes[0])

    with_urn(withdraw)
    close_and_release()

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


def test_pseudonyms_are_invited_to_a_talk_and_their_replies_read() -> None:
    open_shipped()
    given = {name: dump_answer(one) for name, one in answers().items()}
    codes = dict(zip(given, submit(*given.items()), strict=True))
    first, second, *_ = given
    Path("message.txt").write_text("Hei!\n\nVi vil høre mer.\n", "utf-8")
    invite = ("invite-talk", "oppfolging", first, "--message", "message.txt")
    assert "is open" in refused(*invite)
    done("close", "oppfolging")
    assert "has no answer of nobody-here" in refused(*invite, "nobody-here")
    assert "cannot be read as text" in refused(*invite[:-1], "none.txt")
    said = done(*invite, second, first)
    assert f"Invited {first}, {second}. No card was sent: it was announced nowhere" in said
    assert "/tavle/samtale/oppfolging" in said

    assert "0 sealed replies" in done("replies", "oppfolging", "--out", "none.kollegial")
    read = ("--key", "keys/study.key")
    assert "Nobody has answered yet" in done("read-replies", "none.kollegial", *read)
    replied = {first: Reply("Nei.", ""), second: Reply("Gjerne.", "912 34 567")}

    async def answer(urn: Urn) -> None:
        for name, reply in replied.items():
            assert await urn.reply(codes[name], dump_reply(reply)) is not None
        assert await urn.reply(Code.new(), b"{}") is None

    with_urn(answer)
    assert "2 sealed replies" in done("replies", "oppfolging", "--out", "sealed.replies")
    shown = done("read-replies", "sealed.replies", *read)
    assert "Gjerne." in shown
    assert "Can be reached: 912 34 567" in shown
    assert "Says nothing of how." in shown
    done(*RELEASE)
    assert "kollegial study export" in refused("read-replies", "sealed.kollegial", *read)
    assert "read-replies" in refused("export", "sealed.replies", *read, "--out", "out")


def test_the_link_is_one_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    collect()
    monkeypatch.setenv("KOLLEGIAL_PUBLIC_URL", "https://bot.example.org/")
    said = done("link", "oppfolging")
    assert "https://bot.example.org/tavle/studie/oppfolging\n" in said
    assert "takes no answers" not in said
    done("close", "oppfolging")
    assert "takes no answers now" in done("link", "oppfolging")
    assert "There is no study 'none'" in refused("link", "none")
    for name, start in (("link.svg", b"<?xml"), ("link.png", b"\x89PNG")):
        assert "QR code" in done("link", "oppfolging", "--qr", name)
        assert Path(name).read_bytes().startswith(start)
        assert "exists already" in refused("link", "oppfolging", "--qr", name)
    assert "neither in .svg nor in .png" in refused("link", "oppfolging", "--qr", "link.pdf")


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


def test_without_a_folder_the_keys_lie_beside() -> None:
    assert "study create FILE --recipient @keys/study.pub" in done("keygen")
    assert Path("keys/study.key").exists()
    assert "Choose another --out" in refused("keygen")


def test_where_a_card_went_is_said_in_words() -> None:
    assert shown_in(1) == "A card went to the place of its invitation."
    assert shown_in(3) == "A card went to the 3 places of its invitation."


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
    with sqlite3.connect("urn.db") as database:  # as if the power had gone between the two
        database.execute("DELETE FROM study")
    database.close()
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
    "arguments", [("open", "nope"), ("close", "nope"), ("release", "nope", "--out", "sealed")]
)
def test_an_unknown_study_is_named_with_those_there_are(arguments: tuple[str, ...]) -> None:
    collect()

    assert "There is no study 'nope'. The studies are: oppfolging." in refused(*arguments)
    assert exported_nothing()


def test_an_open_study_is_not_exported() -> None:
    collect()

    assert "is open, and its answers are not released. Close it first" in refused(*RELEASE)
    assert exported_nothing()


def test_a_study_that_was_never_opened_is_not_exported() -> None:
    done("keygen", "--out", "keys")
    done("create", "oppfolging.toml", "--recipient", "@keys/study.pub")

    assert "is created, and its answers are not released. Open it with" in refused(*RELEASE)


def test_a_destroyed_study_is_not_exported() -> None:
    collect()

    async def destroy(urn: Urn) -> None:
        await urn.destroy("oppfolging")

    with_urn(destroy)

    assert "were deleted on the day of retention" in refused(*RELEASE)


def test_no_answers_are_no_export() -> None:
    open_shipped()
    close_and_release()

    assert "has no answers, and nothing was written" in refused(*EXPORT)
    assert exported_nothing()


def test_the_wrong_key_opens_nothing() -> None:
    collect()
    close_and_release()
    done("keygen", "--out", "others")

    said = refused("export", "sealed.kollegial", "--key", "others/study.key", "--out", "out")

    assert "None of the answers opens with this key" in said
    assert exported_nothing()


@pytest.mark.parametrize("content", [None, b"", b"nonsense", b"\xff\xfe", b"age1xyz"])
def test_a_file_that_is_no_key_is_refused(content: bytes | None) -> None:
    collect()
    close_and_release()
    Path("keys/study.key").unlink()
    if content is not None:
        Path("keys/study.key").write_bytes(content)

    said = refused(*EXPORT)

    assert "is no private key" in said or "cannot be read" in said
    assert exported_nothing()


def test_an_export_is_not_written_over() -> None:
    collect()
    close_and_release()
    done(*EXPORT)
    Path("out/notes.txt").write_text("mine", "utf-8")

    assert "out exists already and is unchanged" in refused(*EXPORT)
    assert Path("out/notes.txt").read_text(encoding="utf-8") == "mine"


def test_an_export_needs_a_folder_to_lie_in() -> None:
    collect()
    close_and_release()

    said = refused(*EXPORT[:-1], "nowhere/out")

    assert "nowhere/out cannot be written: No such file or directory" in said


def test_damaged_answers_are_named_and_can_be_left_out() -> None:
    collect()
    done("close", "oppfolging")
    with sqlite3.connect("urn.db") as database:
        database.execute("UPDATE submission SET sealed = x'00' WHERE pseudonym = 'ask-rev'")
    database.close()
    done(*RELEASE)

    assert "These answers are damaged: ask-rev. Nothing was written." in refused(*EXPORT)
    assert exported_nothing()
    assert "No answer is called nobody." in refused(*EXPORT, "--leave-out", "nobody")

    done(*EXPORT, "--leave-out", "ask-rev")

    document = json.loads(Path("out/study.json").read_text(encoding="utf-8"))
    assert (document["submitted"], document["left_out"]) == (2, ["ask-rev"])


def test_what_was_released_is_not_written_over() -> None:
    collect()
    close_and_release()

    assert "exists already and is unchanged" in refused(*RELEASE)
    assert "cannot be written" in refused("release", "oppfolging", "--out", "no/such/file")


def test_a_study_is_opened_from_its_file() -> None:
    collect()
    close_and_release()

    said = refused("export", "oppfolging", *EXPORT[2:])

    assert "There is no file oppfolging" in said
    assert "kollegial study release STUDY --out oppfolging.kollegial" in said


def test_a_release_that_is_not_whole_is_refused() -> None:
    collect()
    close_and_release()
    whole = Path("sealed.kollegial").read_bytes()
    head, *answers = whole.splitlines(keepends=True)
    for damaged, said in (
        (whole[:-200], "cut off or changed"),
        (head + b"".join(answers[:-1]), "cut off or changed"),
        (head + b"".join([*answers, answers[0]]), "cut off or changed"),
        (head.replace(b'"answers"', b'"other"') + b"".join(answers), "cut off or changed"),
        (b"PK\x03\x04", "This is not what `kollegial study release` writes"),
        (b"[]", "This is not what `kollegial study release` writes"),
        (head.replace(b'"version": 1', b'"version": 2'), "another version of Kollegial (format 2)"),
        (
            head.replace(b"sealed-answers", b"sealed-replies", 1),
            "Open it with `kollegial study read-replies`",
        ),
        (
            head.replace(b"sealed-answers", b"other", 1),
            "This is not what `kollegial study release` writes",
        ),
    ):
        Path("sealed.kollegial").write_bytes(damaged)
        assert said in refused(*EXPORT)
        assert exported_nothing()


def test_databases_that_cannot_be_opened_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (
        "nonsense",
        "mysql://x/y",
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
        "title": reader.MAX_TITLE,
        "purpose": reader.MAX_PURPOSE,
        "information": reader.MAX_INFORMATION,
        "instruction": reader.MAX_INSTRUCTION,
        "one statement": study_file.MAX_STATEMENT,
        "all statements in one language": study_file.MAX_ALL_STATEMENTS,
        "help of one statement": reader.MAX_HELP,
        "questions": study_file.MAX_QUESTIONS,
        "one question": reader.MAX_QUESTION,
        "questions answered in words": study_file.MAX_WRITTEN,
        "choices of a question": items_file.MAX_OPTIONS,
        "steps of a scale": items_file.MAX_STEPS,
        "all questions in one language": study_file.MAX_QUESTIONS_TEXT,
        "reasons asked for at each end": study_file.MAX_REASONS,
        "one label": study_file.MAX_LABEL,
        "one dimension": study_file.MAX_DIMENSION,
        "conditions": study_file.MAX_CONDITIONS,
        "a picture": study_file.MAX_IMAGE // 1000,
        "all pictures": study_file.MAX_IMAGES // 1000,
        "minutes": reader.MAX_MINUTES,
        "a file": study_file.MAX_BYTES // 1000,
    }


def test_a_pilot_is_told_and_its_answers_are_nobodys() -> None:
    done("create", "oppfolging.toml", "--pilot")
    said = done("open", "oppfolging-pilot")
    assert "is open" in said
    done("close", "oppfolging-pilot")

    refusal = refused("release", "oppfolging-pilot", "--out", "sealed")
    assert "a key that nobody has" in refusal
    assert not Path("sealed").exists()


def test_a_key_is_given_or_nobody_has_it() -> None:
    for arguments in ((), ("--pilot", "--recipient", "age1")):
        assert run("create", "oppfolging.toml", *arguments).exit_code == 2


def test_check_says_what_a_file_was_taken_for() -> None:
    source = (ROOT / "tests/data/cases/research/ccq100.toml").read_text("utf-8")
    source = source.replace('id = "s1"\n', 'id = "s1"\ndimension = "tid"\n')
    Path("a.toml").write_text(source, "utf-8")
    said = done("check", "a.toml")
    assert "is taken as -4 to 4" in said
    assert "  tid: 1" in said
    assert "  none: 99" in said

    waves = (ROOT / "tests/data/cases/research/waves.toml").read_text("utf-8")
    Path("b.toml").write_text(waves, "utf-8")
    assert "It makes 2 studies: waves-before, waves-after." in done("check", "b.toml")

    free = (ROOT / "tests/data/cases/research/unforced.toml").read_text("utf-8")
    Path("c.toml").write_text(f"forced = false\n{free}", "utf-8")
    assert "Sorting is free" in done("check", "c.toml")


async def test_a_preview_shows_the_study_and_keeps_nothing(tmp_path: Path) -> None:
    study = read_study(ROOT / "tests/data/cases/research/labels.toml", date(2026, 11, 1))
    assert isinstance(study, Study)
    async with (
        shown([study], free_port(), tmp_path) as (address,),
        aiohttp.ClientSession() as web,
        web.get(address, headers={"Accept-Language": "nb"}) as answer,
    ):
        page = await answer.text()

    assert "Dette er en prøve" in page
    assert address.endswith("/tavle/studie/labels-pilot")
