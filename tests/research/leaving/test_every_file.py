"""Every file that leaves, of every command: each passes the strict reader of its program."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from dialogs.studies.items import Item, Option
from dialogs.studies.qsort import Answer
from dialogs.studies.study import Labels
from research.analysis.rotation import Judgment
from research.analysis.solution import Choices
from research.coding import refi, table
from research.coding.codebook import CodebookEntry, with_definitions
from research.coding.report import tables as coding_tables
from research.dataset import Dataset
from research.export import Export, write_export
from research.findings import investigate as analysed
from research.formats import excel1, excel2, htmlq, kade_csv, r_csv
from research.leaving.answers import files
from research.leaving.norwegian_excel import Csv, written
from research.leaving.sorts import READ_BY_SCRIPT, of_export
from research.questionnaires import answers
from research.questionnaires.findings import investigate
from research.questionnaires.folder import contents as questionnaire_folder
from research.report import folder
from tests.research.coding.samples import coding, sample
from tests.research.leaving.readers import (
    excel_in_norwegian,
    keeps_to_schema,
    r_parses,
    r_read_csv,
    spss_reads,
)
from tests.research.leaving.test_leaving import GIVEN, made
from tests.research.samples import dataset, planted
from tests.support.questionnaires import AFTER, BEFORE, ONCE
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


FOLDERS: Mapping[Callable[[Path, Csv], Mapping[str, bytes]], frozenset[str]] = {
    an_analysis: READ_BY_SCRIPT,
    an_export: frozenset({"sorts_r.csv"}),
    answers_of_a_questionnaire: frozenset({"answers_coded.csv"}),
    a_questionnaires_analysis: frozenset(),
    a_coding: frozenset(),
    converted: frozenset({"sorts.csv"}),
}
"""What makes each folder, and what in it is as R reads it, whatever was asked for."""


def parts_of(data: bytes) -> Iterator[ET.Element]:
    """The documents of a REFI-QDA file."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("project.qde")
    yield ET.fromstring(data)  # noqa: S314 - we wrote it


def opens_in_excel(data: bytes, *, has_header: bool = True) -> None:
    """A workbook: no formulas, names of columns once each."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        assert len(sheet.title) <= 31
        header, *rows = [list(row) for row in sheet.iter_rows()]
        names = [cell.value for cell in header if cell.value is not None]
        assert len(set(names)) == len(names) or not has_header, sheet.title
        for cell in (cell for row in (header, *rows) for cell in row):
            assert cell.data_type != "f", cell.coordinate
            assert not str(cell.value or "").startswith("=")


def passes(name: str, data: bytes, csv_for: Csv) -> None:
    kind = name.rpartition(".")[2]
    if kind == "csv" and csv_for == "r":
        r_read_csv(data)
    elif kind == "csv":
        excel_in_norwegian(data)
    elif kind == "R":
        r_parses(data)
    elif kind == "sps":
        spss_reads(data)
    elif kind == "xlsx":
        opens_in_excel(data, has_header=not name.startswith("kade"))
    elif kind in {"qdc", "qdpx"}:
        for one in parts_of(data):
            keeps_to_schema(one, refi.PROJECT if kind == "qdpx" else refi.CODEBOOK)
    elif kind == "json":
        json.loads(data)
    else:
        assert kind in {"html", "png", "svg", "txt"}, name
        assert data


@pytest.mark.parametrize("csv_for", ["r", "excel"])
@pytest.mark.parametrize("made_by", FOLDERS, ids=lambda one: one.__name__)
def test_every_file_passes_the_reader_of_its_program(
    made_by: Callable[[Path, Csv], Mapping[str, bytes]],
    csv_for: Csv,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)  # pictures take a second each
    found = made_by(tmp_path, csv_for)

    assert len(found) > 3
    for name, data in found.items():
        passes(name, data, "r" if name in FOLDERS[made_by] else csv_for)
