"""The table comes back from any spreadsheet program as it was filled in."""

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from research.coding.coded import judge
from research.coding.table import COLUMNS, FilledRow, read, table, workbook
from research.formats.faults import BadFile
from research.formats.source import FORMULA_STARTS, SourceFile
from tests.research.coding.samples import TEXTS, sample

MATERIAL = sample()


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def fill_in(rows: list[list[str]]) -> list[list[str]]:
    """As researchers do: a code, a category and a quote in each second row."""
    header, *body = (list(row) for row in rows)
    at = header.index
    for number, row in enumerate(body):
        if number % 2:
            row[at("code")] = ("spør", "avtaler")[number % 4 // 2]
            row[at("category")] = "Møtet"
            row[at("condensed meaning")] = "=ikke en formel"
            row[at("quote")] = "Jeg spør først; så venter jeg, og ser"
    return [header, *body]


def as_csv(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(rows)
    return buffer.getvalue()


def as_sheet(rows: list[list[str]], *titles: str) -> bytes:
    book = openpyxl.Workbook()
    for title in titles:
        book.create_sheet(title).append(["notes"])
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            book.worksheets[0].cell(number, column, text).data_type = "s"  # and no formula
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def shuffled(rows: list[list[str]], seed: int = 3) -> list[list[str]]:
    """Columns in another order, two more, rows sorted anew, and blank ones between them."""
    header, *body = ([*row, f"own {n}", ""] for n, row in enumerate(rows))
    header[-2:] = ["Who coded", ""]
    order = random.Random(seed).sample(range(len(header)), len(header))
    random.Random(seed).shuffle(body)
    blank = [""] * len(header)
    return [[row[i] for i in order] for row in (header, *body[:3], blank, *body[3:])]


PROGRAMS: dict[str, Callable[[list[list[str]]], bytes]] = {
    "as exported": lambda rows: as_csv(rows).encode(),
    "Excel, CSV UTF-8, Norwegian": lambda rows: as_csv(rows, ";", "\r\n").encode("utf-8-sig"),
    "Excel, Unicode text": lambda rows: as_csv(rows, "\t", "\r\n").encode("utf-16"),
    "Excel, CSV in Windows' encoding": lambda rows: (
        as_csv(rows, ";", "\r\n").replace("🦊", "??").encode("cp1252")
    ),
    "Excel, workbook": as_sheet,
    "Numbers, CSV": lambda rows: as_csv([["Table 1"], *rows]).encode(),
    "Numbers, workbook": lambda rows: as_sheet([["Tabell 1"], *rows], "Ark 2"),
    "LibreOffice, CSV": lambda rows: as_csv(rows, ";").encode(),
    "another order": lambda rows: as_csv(shuffled(rows)).encode(),
    "another order, workbook": lambda rows: as_sheet(shuffled(rows)),
    "header in capitals": lambda rows: as_csv(
        [[name.upper().replace(" ", "_") for name in rows[0]], *rows[1:]]
    ).encode(),
    "trimmed": lambda rows: as_csv([[" ".join(c.split()) for c in r] for r in rows]).encode(),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_was_filled_in_comes_back(program: str) -> None:
    rows = fill_in(rows_of(table(MATERIAL).csv()))
    name = "coding.xlsx" if "workbook" in program else "coding.csv"

    found, own = read(SourceFile(Path(name), PROGRAMS[program](rows)))
    coding = judge(found, MATERIAL)

    assert [unit.passage for unit in coding.units] == list(MATERIAL.passages)
    assert [unit.row.code for unit in coding.units[:4]] == ["", "spør", "", "avtaler"]
    assert coding.units[1].row.category == "Møtet"
    assert coding.units[1].row.condensed == "=ikke en formel"
    assert coding.units[1].row.quote == "Jeg spør først; så venter jeg, og ser"
    assert own == (("who coded",) if "order" in program else ())


def test_a_fault_has_the_row_that_the_spreadsheet_shows() -> None:
    rows = [["Table 1"], [], *rows_of(table(MATERIAL).csv())]

    for data in (as_csv(rows).encode(), as_sheet(rows)):
        found, _ = read(SourceFile(Path("coding"), data))
        assert [row.number for row in found] == list(range(4, 4 + len(MATERIAL.passages)))


def test_no_cell_is_a_formula() -> None:
    empty = table(MATERIAL)

    for row in rows_of(empty.csv()):
        assert not any(cell.startswith(FORMULA_STARTS) for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(workbook(empty)))
    for cells in book.worksheets[0].iter_rows():
        assert not any(cell.data_type == "f" for cell in cells)
        assert not any(str(cell.value or "").startswith(FORMULA_STARTS) for cell in cells)


def test_the_workbook_is_the_same_table() -> None:
    empty = table(MATERIAL)

    from_csv, _ = read(SourceFile(Path("coding.csv"), empty.csv()))
    from_book, _ = read(SourceFile(Path("coding.xlsx"), workbook(empty)))

    assert from_csv == from_book
    assert [row.text for row in from_csv[:4]] == [p.text for p in MATERIAL.passages[:4]]
    assert TEXTS[1] in from_csv[1].text  # with its line break and equals sign


def test_codes_that_are_numbers_are_texts() -> None:
    header = ["row", "text", "code"]
    book = openpyxl.Workbook()
    book.worksheets[0].append(header)
    book.worksheets[0].append(["t-1", None, 12])
    book.worksheets[0].append(["t-2", None, 1.5])
    buffer = io.BytesIO()
    book.save(buffer)

    found, _ = read(SourceFile(Path("c.xlsx"), buffer.getvalue()))

    assert [row.code for row in found] == ["12", "1.5"]


def test_only_three_columns_are_needed() -> None:
    found, own = read(SourceFile(Path("c.csv"), b"code,row,text\nspoer,t-1,\n"))

    assert found == [FilledRow(2, "t-1", "", "", "spoer", "", "", "")]
    assert own == ()
    assert set(COLUMNS) > {"row", "text", "code"}


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"row,text\nt-1,x\n", "no header with the columns row, text, code; the first row is: row"),
        (b"row,text,code,Code\nt-1,x,,\n", "row 1: Two columns are called `code`"),
        (b"PK not a workbook", "The archive is damaged"),
        (b"\x00\x01", "no header"),
        (b"x" * 200_000, "Field larger than field limit"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, word: str) -> None:
    with pytest.raises(BadFile) as refusal:
        read(SourceFile(Path("coding.csv"), data))

    assert word in str(refusal.value)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(BadFile, match="The workbook is empty"):
        read(SourceFile(Path("c.xlsx"), as_sheet([])))
