"""Coded texts become candidate statements, in nobody's words but the researcher's."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.study import app
from research.coding.concourse import candidates, statements
from research.formats.faults import BadFile
from research.study_files import statements as table_of

HEADER = "row,question,meaning unit,condensed meaning,code,category,main category,theme\n"
ROWS = (
    "t-1,Q,ord for ord en,Vi trenger tid,tid,Rammer,,Hverdag\n"
    "t-2,Q,ord for ord to,vi trenger tid,tid,Rammer,,Hverdag\n"
    "t-3,Q,ord for ord tre,,lytter,Møtet,,\n"
    "t-4,Q,ord for ord fire,Uten kode,,,,\n"
)


def folder(tmp_path: Path, rows: str = ROWS) -> Path:
    (tmp_path / "units.csv").write_text(HEADER + rows, "utf-8")
    return tmp_path


def test_a_candidate_is_a_condensed_meaning_once(tmp_path: Path) -> None:
    found = candidates(folder(tmp_path))

    assert [(c.text, c.category, c.units, c.is_written) for c in found] == [
        ("lytter", "Møtet", 1, False),
        ("Vi trenger tid", "Rammer", 2, True),
    ]
    assert b"ord for ord" not in statements(found).csv()


def test_the_table_is_one_of_statements(tmp_path: Path) -> None:
    table = table_of("s.csv", statements(candidates(folder(tmp_path))).csv())

    assert [row[:3] for _, row in table.rows] == [  # type: ignore[union-attr] # a table was read, no fault
        ("s1", "lytter", "Møtet"),
        ("s2", "Vi trenger tid", "Rammer"),
    ]


@pytest.mark.parametrize("rows", [None, "", "t-1,Q,ord,,,,,\n"])
def test_without_codes_there_is_no_concourse(rows: str | None, tmp_path: Path) -> None:
    if rows is not None:
        folder(tmp_path, rows)
    with pytest.raises(BadFile):
        candidates(tmp_path)


def test_the_command_writes_them_and_tells_the_balance(tmp_path: Path) -> None:
    out = tmp_path / "candidates.csv"
    said = CliRunner().invoke(app, ["concourse", str(folder(tmp_path)), "--out", str(out)])

    assert said.exit_code == 0, said.output
    assert "2 candidate statements" in said.output
    assert "1 are only codes" in said.output
    assert out.is_file()
