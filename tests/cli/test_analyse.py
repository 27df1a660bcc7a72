"""`kollegial convert` and `kollegial analyse`, as a researcher runs them."""

import json
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from cli import analyse
from research.dataset import Dataset
from research.formats.registry import BY_NAME, read, write_files
from tests.research.samples import GRID, dataset, planted, random_sorts, table
from tests.support.data import LIPSET

FILES = {
    "correlations.csv",
    "eigenvalues.csv",
    "loadings.csv",
    "number_of_factors.csv",
    "unrotated.csv",
    "weights.csv",
    "flags.csv",
    "zscores.csv",
    "factor_arrays.csv",
    "characteristics.csv",
    "factor_correlations.csv",
    "sed.csv",
    "distinguishing.csv",
    "analysis.json",
    "analysis.xlsx",
    "analysis.R",
    "sorts.csv",
    "report.html",
}


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(analyse.app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def written(data: Dataset, folder: Path, name: str = "json") -> Path:
    path = folder / f"sorts{BY_NAME[name].SUFFIX}"
    write_files(BY_NAME[name].write(data, path))
    return path


@pytest.fixture(autouse=True)
def undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Factor arrays take a second each to draw: only tests of pictures wait for them."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)


@pytest.fixture
def drawn() -> None:
    """A test that needs the pictures."""


@pytest.fixture
def sorts(tmp_path: Path) -> Path:
    values, _ = planted(3, 3, 5)
    return written(dataset(values, comments={"p1": {"2": "Derfor"}}), tmp_path)


def test_what_was_decided_is_in_the_report(tmp_path: Path) -> None:
    case = Path("tests/data/cases/q/ok_r.csv").resolve()
    rows = case.read_text("utf-8").replace(",", ";").splitlines()
    extra = ["tema", *["A"] * 14]
    text = "\n".join(f"{row};{more}" for row, more in zip(rows, extra, strict=True))
    (tmp_path / "x.csv").write_text(text.replace("s3;1;0", "s3;1;", 1), "utf-8")

    told = run(
        "analyse", tmp_path / "x.csv", "--missing", "drop", "--exclude", "P8", "--csv", "excel",
        "--language", "en", "--out", tmp_path / "out",
    )  # fmt: skip

    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    for said in ("Sorts with missing values were dropped: P2.", "left out: tema."):
        assert said in told
        assert said in report
    assert "Left out by the researcher: P8." in report
    assert (tmp_path / "out" / "sed.csv").read_bytes().startswith(b"\xef\xbb\xbffactor;")
    assert (tmp_path / "out" / "zscores.csv").read_bytes().startswith(b"statement,")


class TestConvert:
    def test_says_what_it_read_and_what_it_cannot_keep(self, sorts: Path, tmp_path: Path) -> None:
        told = run("convert", sorts, tmp_path / "out.dat")

        assert "sorts.json: Kollegial JSON, 15 sorts of 16 statements." in told
        assert "out.sta (PQMethod .DAT)" in told
        assert "PQMethod .DAT cannot hold comments and other answers." in told

    def test_a_format_by_name(self, sorts: Path, tmp_path: Path) -> None:
        run("convert", sorts, tmp_path / "out.xlsx", "--to", "excel1")
        back = run("convert", tmp_path / "out.xlsx", tmp_path / "back.csv", "--to", "kade-csv")

        assert "type 1" in back

    def test_statements_from_a_file(self, sorts: Path, tmp_path: Path) -> None:
        (tmp_path / "texts.txt").write_text("".join(f"Nytt {n}\n" for n in range(16)), "utf-8")

        run("convert", sorts, tmp_path / "out.zip", "--statements", tmp_path / "texts.txt")

        assert "Nytt 3" in read(tmp_path / "out.zip")[0].texts

    def test_a_bad_file_leaves_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "bad.csv").write_text("statement,a,b\ns1,1,\ns2,1,2\n", "utf-8")

        told = run("convert", tmp_path / "bad.csv", tmp_path / "out.zip", code=1)

        assert "line 2, column 3: The cell is empty." in told
        assert "Nothing was written." in told
        assert not (tmp_path / "out.zip").exists()

    def test_an_unknown_target(self, sorts: Path, tmp_path: Path) -> None:
        assert "--to" in run("convert", sorts, tmp_path / "out.txt", code=1)

    def test_a_format_that_is_none(self, sorts: Path, tmp_path: Path) -> None:
        run("convert", sorts, tmp_path / "out.csv", "--to", "spss", code=2)


class TestAnalyse:
    @pytest.mark.usefixtures("drawn")
    def test_writes_every_file(self, sorts: Path, tmp_path: Path) -> None:
        told = run("analyse", sorts, "--out", tmp_path / "out")

        pictures = {f"factor_array_f{n}.{kind}" for n in (1, 2, 3) for kind in ("svg", "png")}
        assert {path.name for path in (tmp_path / "out").iterdir()} == FILES | pictures
        assert "3 factors (as recommended)" in told
        assert "15 of 15 sorts flagged" in told

    def test_tables_are_labelled(self, sorts: Path, tmp_path: Path) -> None:
        run("analyse", sorts, "--factors", 2, "--out", tmp_path / "out")
        first = {
            path.stem: path.read_text("utf-8").split("\n")[0].split(",")
            for path in (tmp_path / "out").glob("*.csv")
        }

        for name in ("loadings", "flags"):
            assert first[name] == ["qsort", "f1", "f2"]
        for name in ("zscores", "factor_arrays"):
            assert first[name] == ["statement", "f1", "f2"]
        for name in ("factor_correlations", "sed"):
            assert first[name] == ["factor", "f1", "f2"]
        assert first["distinguishing"][:4] == ["statement", "dist.and.cons", "f1_f2", "sig_f1_f2"]
        assert first["eigenvalues"][:2] == ["factor", "eigenvalue"]
        assert first["characteristics"][0] == "factor"
        assert first["correlations"][:3] == ["qsort", "p1", "p2"]

    def test_tables_json_and_workbook_agree(self, sorts: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        run("analyse", sorts, "--bootstrap", 50, "--out", out)
        document = json.loads((out / "analysis.json").read_text("utf-8"))
        loadings = table(out / "loadings.csv")
        sheets = openpyxl.load_workbook(out / "analysis.xlsx")

        assert document["loadings"]["f2"]["p4"] == loadings.values[3, 1]
        assert sheets["loadings"]["C5"].value == pytest.approx(loadings.values[3, 1])
        assert sheets["statements"]["B2"].value == "Statement number 1"
        assert document["bootstrap"]["steps"] == document["bootstrap"]["aligned"] == 50
        assert document["choices"]["extraction"] == "pca"
        assert document["choices"]["seed"] == 1
        assert document["second_order"]["loadings"]
        assert len(table(out / "bootstrap.csv").cells) == 3 * (16 + 15)

    @pytest.mark.parametrize(("compat", "folder"), [("r", "R"), ("kade", "KADE")])
    def test_compat(self, compat: str, folder: str, tmp_path: Path) -> None:
        options = ("--factors", 3, "--extraction", "centroid", "--compat", compat)
        run("analyse", LIPSET / "lipset.csv", *options, "--out", tmp_path / "out")

        for file, reference in (("loadings", "loadings"), ("factor_arrays", "factor_arrays")):
            found = table(tmp_path / "out" / f"{file}.csv")
            expected = table(LIPSET / folder / f"centroid_varimax_3f_{reference}.csv")
            np.testing.assert_allclose(found.values, expected.values, atol=1e-3)

    @pytest.mark.usefixtures("drawn")
    def test_the_same_twice(self, sorts: Path, tmp_path: Path) -> None:
        options = ("--factors", 1, "--bootstrap", 20, "--seed", 7)
        for name in ("one", "two"):
            run("analyse", sorts, *options, "--out", tmp_path / name)
        one, two = (
            {p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two")
        )

        assert one == two

    def test_judgment_from_a_file(self, sorts: Path, tmp_path: Path) -> None:
        (tmp_path / "turns.csv").write_text("varimax\nfirst,second,degrees\nf1,f2,90\n", "utf-8")
        common = ("analyse", sorts, "--factors", 2)
        run(*common, "--out", tmp_path / "varimax")
        run(*common, "--rotation", tmp_path / "turns.csv", "--out", tmp_path / "turned")

        before, after = (table(tmp_path / n / "loadings.csv").values for n in ("varimax", "turned"))
        np.testing.assert_allclose(after, before[:, [1, 0]] * [1, -1], atol=1e-9)
        report = (tmp_path / "turned" / "report.html").read_text("utf-8")
        assert "etter skjønn, med vinkler: f1–f2 90,0°" in report
        (tmp_path / "turns.csv").write_text("varimax\nf2,f2,180\n", "utf-8")
        run(*common, "--rotation", tmp_path / "turns.csv", "--out", tmp_path / "inverted")
        inverted = table(tmp_path / "inverted" / "loadings.csv").values
        np.testing.assert_array_equal(inverted, before * [1, -1])
        assert "f2 snudd" in (tmp_path / "inverted" / "report.html").read_text("utf-8")

    @pytest.mark.parametrize(
        ("turns", "expected"),
        [
            ("f1,f2,x\n", "line 1, column 3"),
            ("f1,f1,3\n", "line 1, column 1"),
            ("f1,f2,400\n", "from -360 to 360"),
            ("a,f2,3\n", "line 1, column 1"),
        ],
    )
    def test_bad_turns(self, turns: str, expected: str, sorts: Path, tmp_path: Path) -> None:
        (tmp_path / "turns.csv").write_text(turns, "utf-8")

        told = run(
            "analyse", sorts, "--rotation", tmp_path / "turns.csv", "--out", tmp_path / "o", code=1
        )

        assert expected in told

    def test_turning_a_factor_that_is_not_there(self, sorts: Path, tmp_path: Path) -> None:
        (tmp_path / "turns.csv").write_text("f1,f9,30\n", "utf-8")

        options = ("--rotation", tmp_path / "turns.csv", "--factors", 2)
        told = run("analyse", sorts, *options, "--out", tmp_path / "o", code=1)

        assert "f9" in told

    def test_flags_by_hand(self, sorts: Path, tmp_path: Path) -> None:
        (tmp_path / "flags.csv").write_text("qsort,f1,f2\np1,1,0\np2,1,\np6,0,1\n", "utf-8")

        run("analyse", sorts, "--flags", tmp_path / "flags.csv", "--out", tmp_path / "out")

        flags = table(tmp_path / "out" / "flags.csv")
        assert flags.values.sum(axis=0).tolist() == [2, 1]
        (tmp_path / "flags.csv").write_text("qsort,f2,f1\np1,0,1\np2,,1\np6,1,0\n", "utf-8")
        run("analyse", sorts, "--flags", tmp_path / "flags.csv", "--out", tmp_path / "swapped")
        swapped = (tmp_path / "swapped" / "flags.csv").read_bytes()
        assert swapped == (tmp_path / "out" / "flags.csv").read_bytes()
        document = json.loads((tmp_path / "out" / "analysis.json").read_text("utf-8"))
        assert document["choices"]["flags"] == "manual"
        assert {"code": "one_flag", "factor": "f2"} in document["doubts"]

    @pytest.mark.parametrize(
        ("text", "options", "expected"),
        [
            ("qsort,f1\nnobody,1\n", (), "line 2, column 1: There is no sort nobody"),
            ("qsort,f1,f2\np1,1\n", (), "line 2: The row is short or long"),
            ("qsort,f1\np1,1\np1,0\n", (), "stands at line 2, column 1 already"),
            ("qsort,f1,f2\np1,1,0\n", ("--factors", 3), "--factors says 3"),
            ("qsort,f1,f2\np1,0,0\n", (), "No sort is flagged"),
        ],
    )
    def test_bad_flags(
        self, text: str, options: tuple[object, ...], expected: str, sorts: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "flags.csv").write_text(text, "utf-8")
        flags = ("--flags", tmp_path / "flags.csv")

        assert expected in run("analyse", sorts, *flags, *options, "--out", tmp_path / "o", code=1)
        assert not (tmp_path / "o").exists()

    def test_comparing_with_an_earlier_solution(self, sorts: Path, tmp_path: Path) -> None:
        run("analyse", sorts, "--out", tmp_path / "one")
        earlier = ("--compare", tmp_path / "one" / "analysis.json")
        run("analyse", sorts, "--extraction", "centroid", *earlier, "--out", tmp_path / "two")

        pairs = table(tmp_path / "two" / "comparison.csv").cells
        assert len(pairs) == 3
        assert all(abs(float(correlation)) > 0.9 for _, correlation in pairs)
        assert "tidligere løsning" in (tmp_path / "two" / "report.html").read_text("utf-8")

    def test_comparing_with_something_else(self, sorts: Path, tmp_path: Path) -> None:
        told = run("analyse", sorts, "--compare", sorts, "--out", tmp_path / "o", code=1)
        assert "holds no solution" in told

        other = json.dumps(
            {"format": "kollegial-analysis", "zscores": {"f1": {"x": 1.0, "y": 0.0}}}
        )
        (tmp_path / "other.json").write_text(other, "utf-8")
        options = ("--compare", tmp_path / "other.json", "--out", tmp_path / "o")
        assert "fewer than 3 statements in common" in run("analyse", sorts, *options, code=1)

    def test_bipolar_factors_as_two(self, tmp_path: Path) -> None:
        values, _ = planted(5, 1, 8)
        values[:, 4:] *= -1
        path = written(dataset(values), tmp_path)

        run("analyse", path, "--factors", 1, "--out", tmp_path / "one")
        run("analyse", path, "--factors", 1, "--split-bipolar", "--out", tmp_path / "two")

        assert table(tmp_path / "one" / "zscores.csv").columns == ["f1"]
        assert table(tmp_path / "two" / "zscores.csv").columns == ["f1a", "f1b"]
        document = json.loads((tmp_path / "one" / "analysis.json").read_text("utf-8"))
        assert document["bipolar"] == ["f1"]
        assert {"code": "bipolar", "factor": "f1"} in document["doubts"]


class TestBadInput:
    """A clear answer or a correct result; never a hang, never a NaN in a file."""

    def no_nan(self, out: Path) -> None:
        for path in out.iterdir():
            if path.suffix in {".csv", ".json"}:
                assert not re.search(r"\b(nan|inf)\b", path.read_text("utf-8"), re.IGNORECASE)

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (random_sorts(1, 1), "There are 1 sorts"),
            (np.array([[1, 2, 3]]), "There are 1 statements"),
            (np.column_stack([random_sorts(1, 3), np.zeros(16)]), "--exclude p4"),
        ],
    )
    def test_nothing_to_correlate(self, values: np.ndarray, expected: str, tmp_path: Path) -> None:
        path = written(dataset(values), tmp_path)

        assert expected in run("analyse", path, "--out", tmp_path / "out", code=1)
        assert not (tmp_path / "out").exists()

    def test_a_sort_left_out(self, tmp_path: Path) -> None:
        path = written(dataset(np.column_stack([random_sorts(1, 5), np.zeros(16)])), tmp_path)

        run("analyse", path, "--exclude", "p6", "--out", tmp_path / "out")

        assert len(table(tmp_path / "out" / "loadings.csv").labels) == 5
        told = run("analyse", path, "--exclude", "p9", "--out", tmp_path / "o", code=1)
        assert "there is no such sort" in told

    def test_more_factors_than_sorts_or_than_the_data_carry(self, tmp_path: Path) -> None:
        twice = np.repeat(random_sorts(1, 2), 3, axis=1)
        path = written(dataset(twice), tmp_path)

        told = run("analyse", path, "--factors", 7, "--out", tmp_path / "o", code=1)
        assert "7 factors were asked for, and there are 6 sorts" in told
        told = run("analyse", path, "--factors", 3, "--out", tmp_path / "o", code=1)
        assert "The data carry at most 2 factors" in told

    @pytest.mark.parametrize("extraction", ["pca", "centroid", "horst"])
    @pytest.mark.parametrize("compat", [(), ("--compat", "r"), ("--compat", "kade")])
    def test_copies_and_opposites(
        self, extraction: str, compat: tuple[str, ...], tmp_path: Path
    ) -> None:
        values = random_sorts(1, 5)
        path = written(dataset(np.column_stack([values, values[:, 0], -values[:, 1]])), tmp_path)

        run("analyse", path, "--extraction", extraction, *compat, "--out", tmp_path / "out")

        self.no_nan(tmp_path / "out")
        doubts = json.loads((tmp_path / "out" / "analysis.json").read_text("utf-8"))["doubts"]
        assert {"code": "twins_equal", "first": "p1", "second": "p6"} in doubts
        assert {"code": "twins_opposite", "first": "p2", "second": "p7"} in doubts

    def test_unforced_sorts(self, tmp_path: Path) -> None:
        values, _ = planted(3, 2, 5)
        values[0, 0] += 1
        path = written(dataset(values), tmp_path)

        told = run("analyse", path, "--factors", 2, "--out", tmp_path / "out")

        assert "1 sorts do not keep to the grid: p1." in told
        assert "The most common one among the sorts was used." in told
        arrays = table(tmp_path / "out" / "factor_arrays.csv").values
        assert all(sorted(column) == sorted(GRID) for column in arrays.T)

    def test_where_no_grid_is_shared_none_is_kept_to(self, tmp_path: Path) -> None:
        cases = Path("tests/data/cases/q").resolve()

        told = run("analyse", cases / "all_unforced.csv", "--factors", 2, "--out", tmp_path / "out")

        assert "Each sort has a distribution of its own" in told
        assert "do not keep to the grid" not in told

    def test_a_factor_without_flags(self, tmp_path: Path) -> None:
        path = written(dataset(random_sorts(3, 6)), tmp_path)
        flags = tmp_path / "flags.csv"
        flags.write_text("qsort,f1,f2,f3\np1,1,0,0\np2,1,0,0\np3,0,0,1\n", "utf-8")

        told = run("analyse", path, "--flags", flags, "--out", tmp_path / "out")

        self.no_nan(tmp_path / "out")
        assert "f2 has no flagged sorts" in told
        assert table(tmp_path / "out" / "zscores.csv").columns == ["f1", "f3"]
        assert table(tmp_path / "out" / "loadings.csv").columns == ["f1", "f2", "f3"]

    def test_as_many_factors_as_sorts(self, tmp_path: Path) -> None:
        path = written(dataset(random_sorts(3, 5)), tmp_path)

        run("analyse", path, "--factors", 5, "--bootstrap", 20, "--out", tmp_path / "out")

        self.no_nan(tmp_path / "out")

    def test_a_folder_that_is_there(self, sorts: Path, tmp_path: Path) -> None:
        assert "exists already" in run("analyse", sorts, "--out", tmp_path, code=1)

    def test_an_unknown_level(self, sorts: Path, tmp_path: Path) -> None:
        told = run("analyse", sorts, "--level", 0.3, "--out", tmp_path / "o", code=2)
        assert "'--level': 0.3 is none of" in told

    def test_a_folder_that_cannot_be_made(self, sorts: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", "utf-8")
        told = run("analyse", sorts, "--out", tmp_path / "file" / "out", code=1)
        assert "Nothing was written" in told


def test_statements_that_look_like_formulas_and_markup(tmp_path: Path) -> None:
    values, _ = planted(3, 2, 5)
    data = dataset(values, texts=tuple(f"=<b>$x$ {n}</b>" for n in range(16)), title="<script>")

    run("analyse", written(data, tmp_path), "--factors", 2, "--out", tmp_path / "out")

    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "<script>" not in report
    assert "=&lt;b&gt;$x$ 3&lt;/b&gt;" in report
    sheet = openpyxl.load_workbook(tmp_path / "out" / "analysis.xlsx")["statements"]
    assert sheet["B2"].value == "'=<b>$x$ 0</b>"


@pytest.mark.parametrize(
    ("grid", "cells"),
    [
        ("3,8,3", {"-1": 3, "0": 8, "1": 3}),
        ("2,5,5,2", {"-2": 2, "-1": 5, "1": 5, "2": 2}),
        ("\u22121:7, 3:7", {"-1": 7, "3": 7}),
    ],
)
def test_the_grid_of_factor_arrays_is_stated(
    grid: str, cells: dict[str, int], tmp_path: Path
) -> None:
    case = Path("tests/data/cases/q/all_unforced.csv").resolve()
    run("analyse", case, "--factors", 2, "--grid", grid, "--out", tmp_path / "out")

    (array, *_) = json.loads((tmp_path / "out/analysis.json").read_text("utf-8"))[
        "factor_arrays"
    ].values()
    values = [str(value) for value in array.values()]
    assert {value: values.count(value) for value in sorted(set(values))} == cells


@pytest.mark.parametrize(
    ("grid", "said"), [("1,2,1", "it has 4 cells"), ("a,b", "it is no grid"), ("-1,15", "no grid")]
)
def test_a_grid_that_is_none_is_refused(grid: str, said: str, tmp_path: Path) -> None:
    case = Path("tests/data/cases/q/all_unforced.csv").resolve()
    assert said in run("analyse", case, f"--grid={grid}", "--out", tmp_path / "out", code=1)
    assert not (tmp_path / "out").exists()


def with_gaps(tmp_path: Path, *places: tuple[int, int]) -> Path:
    """The healthy case without some values: row of a statement, column of a sort."""
    rows = [line.split(",") for line in OK.read_text("utf-8").splitlines()]
    for row, column in places:
        rows[row][column] = ""
    path = tmp_path / "gaps.csv"
    path.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    return path


OK = Path("tests/data/cases/q/ok_r.csv").resolve()


def test_gaps_are_correlated_pairwise_and_said(tmp_path: Path) -> None:
    gaps = with_gaps(tmp_path, (3, 2), (5, 2), (7, 4))
    told = run(
        "analyse", gaps, "--missing", "pairwise", "--factors", 2, "--language", "en",
        "--out", tmp_path / "out",
    )  # fmt: skip

    assert "correlated pairwise" in " ".join(told.split())
    assert "P2 (2), P4 (1)" in told
    assert "correlated pairwise" in (tmp_path / "out/report.html").read_text("utf-8")
    line = (tmp_path / "out/sorts.csv").read_text("utf-8").splitlines()[3]
    assert line.split(",")[2] == ""
    found = json.loads((tmp_path / "out/analysis.json").read_text("utf-8"))
    values = [list(map(int, r.split(",")[1:])) for r in OK.read_text("utf-8").splitlines()[1:]]
    keep = [n for n in range(len(values)) if n not in {2, 4}]
    whole = np.corrcoef([[values[n][0] for n in keep], [values[n][1] for n in keep]])[0, 1]
    row = (tmp_path / "out/correlations.csv").read_text("utf-8").splitlines()[1].split(",")
    assert float(row[2]) == pytest.approx(whole, abs=1e-6)
    for array in found["factor_arrays"].values():  # a sort with gaps says nothing of the grid
        assert sorted(array.values()) == sorted(row[0] for row in values)


@pytest.mark.parametrize("compat", ["r", "kade"])
def test_with_gaps_no_other_tools_numbers(compat: str, tmp_path: Path) -> None:
    gaps = with_gaps(tmp_path, (3, 2))
    options = ("--missing", "pairwise", "--compat", compat, "--out", tmp_path / "o")
    assert "take no sorts with gaps" in " ".join(run("analyse", gaps, *options, code=1).split())


def test_a_gap_changes_little_in_the_bootstrap(tmp_path: Path) -> None:
    wide = {}
    for name, file in (("whole", OK), ("gaps", with_gaps(tmp_path, (3, 2)))):
        run("analyse", file, "--missing", "pairwise", "--factors", 2, "--bootstrap", 100,
            "--out", tmp_path / name)  # fmt: skip
        found = json.loads((tmp_path / name / "analysis.json").read_text("utf-8"))
        assert found["bootstrap"]["aligned"] == 100
        _, *rows = (tmp_path / name / "bootstrap.csv").read_text("utf-8").splitlines()
        wide[name] = [float(cell) for row in rows for cell in row.split(",")[3:]]
    assert np.abs(np.subtract(wide["whole"], wide["gaps"])).max() < 0.35
    assert wide["whole"] != wide["gaps"]


def test_a_sort_that_is_mostly_gaps_is_refused(tmp_path: Path) -> None:
    gaps = with_gaps(tmp_path, *((row, 2) for row in range(1, 9)))
    said = run("analyse", gaps, "--missing", "pairwise", "--out", tmp_path / "o", code=1)
    assert "The cell is empty." in said


def test_gaps_cannot_be_converted(tmp_path: Path) -> None:
    gaps = with_gaps(tmp_path, (3, 2))
    said = run("convert", gaps, tmp_path / "x.zip", "--missing", "pairwise", code=1)
    assert "--missing drop" in said


def test_where_all_sorts_have_gaps_the_grid_is_theirs(tmp_path: Path) -> None:
    gaps = with_gaps(tmp_path, *((n, n) for n in range(1, 9)))
    run("analyse", gaps, "--missing", "pairwise", "--factors", 2, "--out", tmp_path / "out")
    assert (tmp_path / "out/report.html").is_file()
