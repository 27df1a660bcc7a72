"""What a workbook hides is said or refused: rows that were filtered away are still in the file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from cli.analyse import app
from cli.importing import import_method
from dialogs.faults import Fault
from research import by_hand
from research.dataset import Dataset
from research.formats.faults import BadFile
from research.formats.registry import read, with_statements
from research.formats.sorts import ReadingOptions
from research.formats.source import SourceFile
from research.study_files import statements
from tests.research.tables.test_sorts import as_numbers, down, same

TABLE = as_numbers(down())


def hiding(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    rows: tuple[int, ...] = (),
    columns: tuple[str, ...] = (),
    sheet: str = "",
) -> Path:
    """A workbook whose first sheet hides rows and columns, and which hides a sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, cells in sheets.items():
        page = book.create_sheet(name)
        for row in cells:
            page.append(row)
    for number in rows:
        book.worksheets[0].row_dimensions[number].hidden = True
    for letter in columns:
        book.worksheets[0].column_dimensions[letter].hidden = True
    if sheet:
        book[sheet].sheet_state = "hidden"
    book.save(path)
    return path


def said(data: Dataset) -> str:
    return " ".join(f"{nb} {en}" for nb, en in data.remarks)


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    path = hiding(tmp_path / "x.xlsx", {"Ark1": TABLE}, rows=(3, 4, 9, 99), columns=("C", "AA"))
    data, _ = read(path)

    assert same(data)
    assert "lest som de andre (Ark1: 3-4, 9, C)." in said(data)
    assert "read like the others (Ark1: 3-4, 9, C)." in said(data)
    told = CliRunner().invoke(app, ["convert", str(path), str(tmp_path / "x.csv")])
    assert "(Ark1: 3-4, 9, C)" in told.output


def test_nothing_is_said_where_nothing_is_hidden(tmp_path: Path) -> None:
    data, _ = read(hiding(tmp_path / "x.xlsx", {"Ark1": TABLE}, rows=(99,), columns=("Z",)))

    assert data.remarks == ()


def test_a_hidden_sheet_is_not_read_unless_it_is_named(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {"Ark1": TABLE, "Kladd": [["x", "y"], [1, 2]]}
    path = hiding(tmp_path / "x.xlsx", sheets, sheet="Kladd")
    data, _ = read(path)
    assert same(data)
    assert "Hidden sheets were not read: Kladd." in said(data)

    path = hiding(tmp_path / "y.xlsx", {"Les meg": [["Husk"]], "Data": TABLE}, sheet="Data")
    data, _ = read(path, reading=ReadingOptions(sheet="Data"))
    assert same(data)
    assert "Hidden sheets were read: Data." in said(data)


def test_a_workbook_of_which_nothing_is_seen(tmp_path: Path) -> None:
    path = hiding(tmp_path / "x.xlsx", {"Ark1": [], "Data": TABLE}, sheet="Data")

    with pytest.raises(BadFile, match="is on hidden sheets: Data"):
        read(path)


def test_kades_hidden_sheets_are_read_as_kade_reads_them(tmp_path: Path) -> None:
    original = Path("tests/data/cases/q/excel2_header_row.xlsx")
    book = openpyxl.load_workbook(original)
    for name in ("type", "version"):
        book[name].sheet_state = "veryHidden"
    book.save(path := tmp_path / "x.xlsx")
    data, taken_for = read(path)

    assert same(data)
    assert "type 2" in taken_for
    assert "Hidden sheets were read: " in said(data)


def test_hidden_texts_of_sorts_are_said(tmp_path: Path) -> None:
    good, _ = read(Path("tests/data/cases/q/ok_r.csv"))
    rows: list[Sequence[object]] = [
        ["id", "text"],
        *([one, f"Om {one}"] for one in good.statements),
    ]

    data = with_statements(good, hiding(tmp_path / "t.xlsx", {"Ark1": rows}, rows=(2,)))

    assert "(Ark1: 2)" in said(data)


def test_where_each_row_decides_hidden_ones_are_refused(tmp_path: Path) -> None:
    rows: list[list[object]] = [["", "f1"], ["a", 1], ["b", 1]]
    source = SourceFile.of(hiding(tmp_path / "x.xlsx", {"Ark1": rows}, rows=(3,)))

    with pytest.raises(BadFile, match="hides rows or columns"):
        by_hand.flags(source, ("a", "b"))
    with pytest.raises(BadFile, match="hides rows or columns"):
        by_hand.turns(source)
    fault = statements("x.xlsx", source.data)
    assert isinstance(fault, Fault)
    assert "(Ark1: 3)" in fault.what


def test_an_instrument_with_hidden_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[list[object]] = [["number", "text"], [1, "Hva skjedde?"], [2, "Hvorfor?"]]
    path = hiding(tmp_path / "guide.xlsx", {"Ark1": rows}, rows=(3,))

    import_method(path, tmp_path / "guide.toml")

    assert "read like the others (Ark1: 3)" in capsys.readouterr().out
