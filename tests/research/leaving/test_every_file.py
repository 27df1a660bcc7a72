"""Every file that leaves, of every command: each passes the strict reader of its program.

Which functions write is found in the code, so that none can be forgotten here.
"""

import csv
import io
import json
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import typer
from pyrage import x25519
from typer.testing import CliRunner

from cli.code import app as code
from cli.importing import import_method, import_questionnaire, import_study
from cli.study import _write_qr
from cli.study import app as studies
from dialogs.studies.answering import dump_answer
from dialogs.studies.items import Item, Option
from dialogs.studies.qsort import Answer
from dialogs.studies.study import Labels
from research.analysis.rotation import Judgment
from research.analysis.solution import Choices
from research.bench.wanted import Wanted
from research.coding import refi, table
from research.coding.codebook import CodebookEntry, with_definitions
from research.coding.report import tables as coding_tables
from research.dataset import Dataset
from research.export import Export, write_export
from research.findings import investigate as analysed
from research.formats import excel1, excel2, htmlq, kade_csv, r_csv
from research.formats.source import SourceFile
from research.leaving.answers import files
from research.leaving.norwegian_excel import Csv, written
from research.leaving.sorts import READ_BY_SCRIPT, of_export
from research.questionnaires import answers, sheet
from research.questionnaires.findings import investigate
from research.questionnaires.folder import contents as questionnaire_folder
from research.release import REPLIES, SealedAnswers, dump_answers, load_answers
from research.report import folder
from storage.crypto.sealing import PrivateKey
from storage.urn.store import Release
from tests.research.bench.samples import bench_over
from tests.research.coding.samples import coding, sample, shared
from tests.research.leaving.readers import (
    excel_in_norwegian,
    keeps_to_schema,
    r_parses,
    r_read_csv,
    spss_reads,
)
from tests.research.leaving.test_leaving import GIVEN, made
from tests.research.leaving.writers import PASSING_ON, writers
from tests.research.samples import dataset, planted
from tests.research.test_study_folder import NORWEGIAN
from tests.support.data import INSTRUMENTS
from tests.support.questionnaires import AFTER, ASKS, BEFORE, ONCE
from tests.support.studies import SMALL

DATA: Dataset = replace(
    dataset(
        planted(3, 2, 6)[0],
        comments={"p1": {"2": "1-5, som jeg sa; «ja»"}},
        fields={f"p{n}": {"alder": f"{n % 2}"} for n in range(1, 13)},
    ),
    title="Møtene -\nog 'vi'",
)  # fmt: skip
ODD = ("=1+1", "1-5", "1. mai", "Ja; «nei»\nnei", '"sitat"', "it's", "007", "1,5", "-3 eller +3")


def read_back(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.iterdir()}


def an_analysis(_: Path, csv_for: Csv) -> dict[str, bytes]:
    found = analysed(
        DATA, "x", lambda n: Choices(factors=n, rotation=Judgment(())), factors=2,
        bootstrap_steps=20,
    )  # fmt: skip
    return written(folder.contents(found, "nb"), csv_for, READ_BY_SCRIPT)


def an_export(path: Path, csv_for: Csv) -> dict[str, bytes]:
    several = Item(
        id="where", text={"nb": "Hvor?"}, way="several", background=False,
        options=(Option("1", {"nb": "Her"}), Option("2", {"nb": "Det's der"})),
    )  # fmt: skip
    own = dict.fromkeys(SMALL.languages, "Mest 'lik' meg")
    study = replace(
        SMALL, before="small-before", questions=(*SMALL.questions, several),
        labels=Labels(own, dict.fromkeys(SMALL.languages, "Minst lik meg")),
    )  # fmt: skip
    cells = [value for value, count in study.grid.cells.items() for _ in range(count)]
    sort = dict(zip((s.id for s in study.statements), cells, strict=True))
    first = study.statements[0].id
    given = {
        f"p{n}": Answer("1", sort, {first: text}, {"where": "1,2"}, text, before=f"b{n}")
        for n, text in enumerate(ODD)
    }
    write_export(path / "out", Export(study, given, 12), csv_for, of_export)
    return read_back(path / "out")


def answers_of_a_questionnaire(path: Path, csv_for: Csv) -> dict[str, bytes]:
    given = {
        f"{name}{n}": one | {"why": text}
        for n, text in enumerate(ODD)
        for name, one in GIVEN.items()
    }
    found = made(ONCE, given)
    answers.write(path / "out", found, files(found, "nb"), csv_for)
    return read_back(path / "out")


def a_questionnaires_analysis(_: Path, csv_for: Csv) -> dict[str, bytes]:
    before = made(BEFORE, {f"b{n:02}": {"calm": f"{1 + n % 3}"} for n in range(14)})
    after = made(AFTER, {f"a{n:02}": {"calm": f"{1 + n % 2}"} for n in range(14)})
    after = replace(after, before={f"a{n:02}": f"b{n:02}" for n in range(14)})
    forms = [before, after]
    return questionnaire_folder(forms, investigate(forms), "nb", csv_for)


def a_coding(_: Path, csv_for: Csv) -> dict[str, bytes]:
    found = sample()
    coded = coding(
        found, ("spør", "Møtet", "Hoved", "Et sitat; med «tegn»"), ("1-5", "Rammer", "", ""),
        ("vent & se", "Møtet", "", ""),
    )  # fmt: skip
    entries = with_definitions(coded, (CodebookEntry("spør", "=Spør <før> råd; 1-5"),))
    tables = {f"{one.name}.csv": one.csv() for one in coding_tables(coded, entries)}
    return written(tables, csv_for) | {
        "codebook.qdc": refi.codebook(entries, "Kollegial"),
        "project.qdpx": refi.project(found, coded, entries, "Kollegial"),
        "coding.xlsx": table.workbook(table.table(found)),
    }


def converted(path: Path, _: Csv) -> dict[str, bytes]:
    """For other programs: `sorts.csv` is R's in every case."""
    rows = r_csv.write(DATA, path / "sorts.csv")
    books = {**excel1.write(DATA, path / "kade1.xlsx"), **excel2.write(DATA, path / "kade2.xlsx")}
    others = {
        f"{module.NAME}.txt": next(iter(module.write(DATA, path / "x.csv").values()))
        for module in (htmlq, kade_csv)
    }
    return {one.name: content for one, content in {**rows, **books}.items()} | others


IDENTITY = PrivateKey(str(x25519.Identity.generate()))


def run(app: typer.Typer, *arguments: str | Path) -> None:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output


def sealed(path: Path) -> Path:
    """Shared texts as the server releases them; the key lies beside."""
    texts = {
        name: replace(one, answers={ASKS.shares: odd + " " + one.answers[ASKS.shares]})
        for (name, one), odd in zip(shared().items(), (*ODD, *ODD), strict=False)
    }
    submitted = tuple(
        (name, IDENTITY.recipient.seal(dump_answer(one), 4096)) for name, one in texts.items()
    )
    (path / "study.key").write_text(IDENTITY.text, "ascii")
    (path / "sealed").write_bytes(dump_answers(SealedAnswers(ASKS, 20, Release(submitted, ()))))
    return path / "sealed"


def texts_to_code(path: Path, _: Csv) -> dict[str, bytes]:
    """A table for people and for `code import`: the workbook is Excel's."""
    run(code, "export", sealed(path), "--key", path / "study.key", "--out", path / "coding")
    return read_back(path / "coding")


def candidates(path: Path, csv_for: Csv) -> dict[str, bytes]:
    texts_to_code(path, csv_for)
    text = (path / "coding" / "coding.csv").read_text("utf-8")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    to_fill = [header.index(name) for name in ("code", "category", "condensed meaning")]
    for n, row in enumerate(rows):
        for at, cell in zip(to_fill, ("1. mai", "1-5", f"{ODD[n % len(ODD)]} {n}"), strict=True):
            row[at] = cell
    with (path / "coding" / "filled.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    done = path / "done"
    run(code, "import", path / "coding" / "filled.csv", "--out", done, "--csv", csv_for)
    for name in ("candidates.csv", "candidates.xlsx"):
        run(studies, "concourse", done, "--out", path / name, "--csv", csv_for)
    return read_back(done) | {one.name: one.read_bytes() for one in path.glob("candidates.*")}


def what_the_server_releases(path: Path, _: Csv) -> dict[str, bytes]:
    found = load_answers(SourceFile.of(sealed(path)))
    return {
        "answers.kollegial": dump_answers(found),
        "replies.kollegial": dump_answers(found, REPLIES),
    }


def files_of_ours(path: Path, _: Csv) -> dict[str, bytes]:
    """TOML to be finished: of an instrument, a guide and a study of another program."""
    today = date(2026, 11, 1)
    import_questionnaire(INSTRUMENTS / "kvalitetsveileder.yaml", path / "form.toml", today)
    import_method(INSTRUMENTS / "meningsskaping_guider.yaml", path / "guide.toml")
    import_questionnaire(INSTRUMENTS / "intervju_guider.yaml", path / "talk.toml", today)
    import_study(NORWEGIAN.write(path / "veien"), "nb", path / "study.toml", today)
    return {one.name: one.read_bytes() for one in path.glob("*.toml")}


def a_sheet_for_a_talk(_: Path, csv_for: Csv) -> dict[str, bytes]:
    del csv_for
    return dict(sheet.files(ONCE, "nb"))


def saved_on_the_bench(path: Path, _: Csv) -> dict[str, bytes]:
    bench = bench_over(path)
    bench.save(Wanted(), "a", with_report=False, steps=0)
    return read_back(path / "saved" / "a")


def printed_links(path: Path, _: Csv) -> dict[str, bytes]:
    for name in ("link.svg", "link.png"):
        _write_qr("https://example.org/tavle/x", path / name)
    return read_back(path)


Maker: TypeAlias = Callable[[Path, Csv], Mapping[str, bytes]]
FOLDERS: Mapping[Maker, frozenset[str]] = {
    an_analysis: READ_BY_SCRIPT,
    an_export: frozenset({"sorts_r.csv"}),
    answers_of_a_questionnaire: frozenset({"answers_coded.csv"}),
    a_questionnaires_analysis: frozenset(),
    a_coding: frozenset(),
    converted: frozenset({"sorts.csv"}),
    texts_to_code: frozenset({"coding.csv"}),
    candidates: frozenset(),
    what_the_server_releases: frozenset(),
    files_of_ours: frozenset(),
    a_sheet_for_a_talk: frozenset(),
    saved_on_the_bench: frozenset({"rotation.csv", "flags.csv"}),
    printed_links: frozenset(),
}
"""What makes each folder, and what in it is as R reads it, whatever was asked for."""


MADE_BY: Mapping[str, Maker | str] = {
    "cli/analyse.py:analyse": an_analysis,
    "cli/analyse.py:convert": converted,
    "cli/code.py:export": texts_to_code,
    "cli/code.py:import_": candidates,
    "cli/importing.py:_import_interviews": files_of_ours,
    "cli/importing.py:import_method": files_of_ours,
    "cli/importing.py:import_questionnaire": files_of_ours,
    "cli/importing.py:import_study": files_of_ours,
    "cli/manifest.py:build_command": "Teams' package: tests/cli/test_manifest.py",
    "cli/questionnaire.py:analyse": a_questionnaires_analysis,
    "cli/questionnaire.py:export": answers_of_a_questionnaire,
    "cli/questionnaire.py:sheet": a_sheet_for_a_talk,
    "cli/study.py:_write_qr": printed_links,
    "cli/study.py:concourse": candidates,
    "cli/study.py:export": an_export,
    "cli/study.py:keygen": "keys, which nobody opens in a program",
    "cli/study.py:release": what_the_server_releases,
    "cli/study.py:replies": what_the_server_releases,
    "research/bench/bench.py:save": saved_on_the_bench,
    "research/questionnaires/shown.py:note": "what was reported, which this program alone reads",
}
"""Who writes files: what makes them here, or why no program opens them."""


def test_every_writer_of_files_is_here() -> None:
    assert writers(Path()) - PASSING_ON == MADE_BY.keys()
    assert {one for one in MADE_BY.values() if callable(one)} | {a_coding} == FOLDERS.keys()


def test_a_writer_is_found_in_the_code(tmp_path: Path) -> None:
    (tmp_path / "cli").mkdir()
    code = "def a(p): p.write_bytes(b'')\ndef b(p): p.open('w')\ndef c(p): folder.write(p, {})\n"
    harmless = "def d(p): p.open('rb').read()\ndef e(b): b.write('x')\n"
    (tmp_path / "cli" / "x.py").write_text(code + harmless, "utf-8")

    assert writers(tmp_path) == {f"cli/x.py:{name}" for name in "abc"}


def parts_of(data: bytes) -> Iterator[ET.Element]:
    """The documents of a REFI-QDA file."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("project.qde")
    yield ET.fromstring(data)  # noqa: S314 - we wrote it


def opens_in_excel(data: bytes, *, has_header: bool = True) -> None:
    """A workbook: no formulas, names of columns once each."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for page in book:
        assert len(page.title) <= 31
        header, *rows = [list(row) for row in page.iter_rows()]
        names = [cell.value for cell in header if cell.value is not None]
        assert len(set(names)) == len(names) or not has_header, page.title
        for cell in (cell for row in (header, *rows) for cell in row):
            assert cell.data_type != "f", cell.coordinate
            assert not str(cell.value or "").startswith("=")


def is_json(data: bytes) -> None:
    json.loads(data)


def is_json_lines(data: bytes) -> None:
    assert all(isinstance(json.loads(line), dict) for line in data.splitlines())


def is_sealed(data: bytes) -> None:
    is_json_lines(data)
    assert b"teller til ti" not in data


def is_toml(data: bytes) -> None:
    tomllib.loads(data.decode())


def of_refi(space: str) -> Callable[[bytes], None]:
    def reads(data: bytes) -> None:
        for one in parts_of(data):
            keeps_to_schema(one, space)

    return reads


def begins(start: bytes) -> Callable[[bytes], None]:
    def reads(data: bytes) -> None:
        assert data.startswith(start)

    return reads


READERS: Mapping[str, Callable[[bytes], object]] = {
    "R": r_parses, "sps": spss_reads, "qdc": of_refi(refi.CODEBOOK), "qdpx": of_refi(refi.PROJECT),
    "json": is_json, "jsonl": is_json_lines, "kollegial": is_sealed, "toml": is_toml,
    "html": begins(b"<!doctype html>"), "png": begins(b"\x89PNG"), "svg": begins(b"<?xml"),
    "txt": begins(b""), "xlsx": opens_in_excel,
}  # fmt: skip


def passes(name: str, data: bytes, csv_for: Csv) -> None:
    kind = name.rpartition(".")[2]
    if kind == "csv":
        (r_read_csv if csv_for == "r" else excel_in_norwegian)(data)
    elif name.startswith("kade") and kind == "xlsx":
        opens_in_excel(data, has_header=False)
    else:
        READERS[kind](data)


@pytest.mark.parametrize("csv_for", ["r", "excel"])
@pytest.mark.parametrize("made_by", FOLDERS, ids=lambda one: one.__name__)
def test_every_file_passes_the_reader_of_its_program(
    made_by: Maker,
    csv_for: Csv,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)  # pictures take a second each
    found = made_by(tmp_path, csv_for)

    assert found
    for name, data in found.items():
        passes(name, data, "r" if name in FOLDERS[made_by] else csv_for)
