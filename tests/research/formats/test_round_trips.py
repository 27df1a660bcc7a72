"""What is written in a format is read back, and what a format cannot hold is said."""

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from research.dataset import Dataset, distribution
from research.formats import eq_json, excel1, excel2, htmlq, kade_csv, kade_zip, pqmethod, r_csv
from research.formats.faults import CannotHold
from research.formats.registry import BY_NAME, read, target_format, write_files
from research.formats.statements import numbers
from tests.research.samples import GRID, dataset, random_sorts
from tests.support.data import LIPSET

NAMES = list(BY_NAME)
PATTERN = distribution(GRID)


def full() -> Dataset:
    """A dataset with something in every field."""
    data = dataset(random_sorts(1, 4), title="Skogen, sjøen og byen", pattern=PATTERN)
    return replace(
        data,
        names=("rolig elg", "=1+1", "-blid", "Åse"),
        texts=tuple(f"@Utsagn {n}; “sitat”, og mer" for n in data.statements),
        comments={"Åse": {"1": "=Fordi\ndet er slik", "16": "nei"}},
        fields={
            "Åse": {"alder": "33", "datetime": "2026-01-02 10:11:12"},
            "-blid": {"alder": "+4"},
        },
    )


def through(data: Dataset, name: str, folder: Path) -> tuple[Dataset, str]:
    path = folder / f"file{BY_NAME[name].SUFFIX}"
    write_files(BY_NAME[name].write(data, path))
    return read(path)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_is_recognised_by_its_content(name: str, tmp_path: Path) -> None:
    for case, data in enumerate((full(), dataset(random_sorts(2, 9)))):
        folder = tmp_path / str(case)
        folder.mkdir()
        back, taken_for = through(data, name, folder)

        assert taken_for == BY_NAME[name].TITLE
        np.testing.assert_array_equal(back.sorts, data.sorts)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_but_what_is_said(name: str, tmp_path: Path) -> None:
    data = full()
    lost = " ".join(BY_NAME[name].losses(data))

    back, _ = through(data, name, tmp_path)

    kept = {
        "title": back.title == data.title,
        "the grid": back.pattern == data.pattern,
        "texts of the statements": back.texts == data.texts,
        "names": back.names == data.names,
        "comments": back.comments == data.comments,
        "comments and other answers": back.fields == data.fields,
    }
    for what, is_kept in kept.items():
        assert is_kept or what in lost, what


@pytest.mark.parametrize("name", NAMES)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 1000), sorts=st.integers(1, 30))
def test_what_a_format_holds_comes_back_the_same(
    name: str, seed: int, sorts: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    module = BY_NAME[name]
    data = dataset(random_sorts(seed, sorts), pattern=PATTERN)
    once, _ = through(data, name, tmp_path_factory.mktemp("once"))

    twice, _ = through(once, name, tmp_path_factory.mktemp("twice"))

    assert not module.losses(once) or module.losses(once) == module.losses(twice)
    assert once == twice


def test_our_own_format_holds_everything(tmp_path: Path) -> None:
    assert BY_NAME["json"].losses(full()) == []
    assert through(full(), "json", tmp_path)[0] == full()


@pytest.mark.parametrize("module", [r_csv, kade_csv, htmlq, excel1, excel2])
def test_no_cell_is_taken_for_a_formula(module: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / f"file{module.SUFFIX}"
    write_files(module.write(full(), path))

    if path.suffix == ".xlsx":
        sheets = openpyxl.load_workbook(path).worksheets
        cells = [cell.value for s in sheets for row in s.iter_rows() for cell in row]
    else:
        delimiter = ";" if module is htmlq else ","
        rows = csv.reader(io.StringIO(path.read_text("utf-8")), delimiter=delimiter)
        cells = [cell for row in rows for cell in row]
    for cell in cells:
        if isinstance(cell, str) and not cell.lstrip("-").isdigit():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


class TestPQMethod:
    def test_byte_for_byte(self, tmp_path: Path) -> None:
        data, _ = read(LIPSET / "lipset.DAT")
        path = tmp_path / "again.dat"

        write_files(pqmethod.write(data, path))

        assert path.read_bytes() == (LIPSET / "lipset.DAT").read_bytes()
        assert data.texts[0] == "We accept improvements in status and power of lower class"
        assert read(path)[0].texts == data.texts

    def test_fixed_columns(self, tmp_path: Path) -> None:
        data = dataset(random_sorts(1, 12), title="T" * 80)

        first, second, third, *_ = (
            pqmethod.write(data, tmp_path / "x.dat")[tmp_path / "x.dat"].decode().split("\r\n")
        )

        assert first == f"  0 12 16 {'T' * 68}"
        assert second == " -3  3" + "".join(
            f"{PATTERN.get(value, 0):3d}" for value in range(-6, 14)
        )
        assert third[:10] == "p1        "
        assert len(third) == 10 + 2 * 16

    def test_long_names_stay_apart(self, tmp_path: Path) -> None:
        data = replace(
            dataset(random_sorts(1, 3)), names=("en veldig lang", "en veldig kort", "Åse")
        )
        back, _ = through(data, "pqmethod", tmp_path)

        assert back.names == ("en vlang", "en vkort", "_se")
        assert len(pqmethod.losses(data)) == 2

    @pytest.mark.parametrize(
        ("names", "cut"),
        [
            (("participant_01", "participant_02", "anna"), ("partic01", "partic02", "anna")),
            (("Kontor vest 7", "Kontor vest 12", "Kontor"), ("Kontor 7", "Kontor12", "Kontor")),
            (("abcdefghij", "abcdefghik"), ("abcdefgh", "abcdefg2")),
            (("a veldig langt navn", "a veldig lengre navn"), ("langt na", "lengre n")),
        ],
    )
    def test_a_cut_name_keeps_what_tells_it_apart(
        self, names: tuple[str, ...], cut: tuple[str, ...], tmp_path: Path
    ) -> None:
        data = replace(dataset(random_sorts(1, len(names))), names=names)

        assert through(data, "pqmethod", tmp_path)[0].names == cut

    def test_values_beyond_its_columns(self) -> None:
        with pytest.raises(CannotHold, match="from -6 to"):
            pqmethod.write(dataset(random_sorts(1, 2) * 3), Path("x.dat"))

    def test_too_many(self) -> None:
        with pytest.raises(CannotHold, match="999"):
            pqmethod.write(dataset(random_sorts(1, 1000)), Path("x.dat"))


class TestKade:
    def test_its_own_zip(self) -> None:
        data, taken_for = read(LIPSET / "lipset_KADE.zip")

        assert taken_for == "KADE or Ken-Q zip"
        assert data.title == "Lipset"
        assert data.pattern == {-4: 2, -3: 3, -2: 4, -1: 5, 0: 5, 1: 5, 2: 4, 3: 3, 4: 2}
        np.testing.assert_array_equal(data.sorts, read(LIPSET / "lipset.csv")[0].sorts)

    def test_the_members_of_the_zip(self, tmp_path: Path) -> None:
        path = tmp_path / "x.zip"
        write_files(kade_zip.write(full(), path))

        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == list(kade_zip.MEMBERS)
            assert archive.read("pattern.txt") == b"0,0,0,1,2,3,4,3,2,1,0,0,0,0,0,0,0,0,0,0"
            assert archive.read("sorts.txt").startswith(b"rolig elg,")

    def test_commas_in_names(self, tmp_path: Path) -> None:
        data = replace(dataset(random_sorts(1, 2)), names=("a, b", "c"))
        for name in ("kade-zip", "excel1", "excel2"):
            folder = tmp_path / name
            folder.mkdir()
            assert through(data, name, folder)[0].names == ("a b", "c")
            assert "commas in names" in " ".join(BY_NAME[name].losses(data))

    @pytest.mark.parametrize("kind", [1, 2])
    def test_the_sheets_of_a_workbook(self, kind: int, tmp_path: Path) -> None:
        path = tmp_path / "x.xlsx"
        write_files(BY_NAME[f"excel{kind}"].write(full(), path))
        book = openpyxl.load_workbook(path)
        rows = {s.title: list(s.iter_rows(values_only=True)) for s in book.worksheets}

        assert rows["name"][1] == ("Skogen, sjøen og byen",)
        assert len(rows["pattern"][1]) == 20
        assert rows["pattern"][1][3:10] == (1, 2, 3, 4, 3, 2, 1)
        assert rows["type"][1] == (kind,)
        assert rows["version"][1] == (1,)
        assert rows["statements"][0] == ("Statements",)
        if kind == 1:
            assert rows["sorts"][0][1] == "rolig elg"
            assert [row[0] for row in rows["sorts"][1:]] == sorted(GRID.tolist())
            assert {row[1] for row in rows["sorts"][1:]} == set(range(1, 17))
        else:
            assert rows["sorts"][0] == ("rolig elg", *full().sorts[:, 0].tolist())

    def test_an_unforced_sort_has_no_place_in_type_1(self) -> None:
        data = dataset(random_sorts(1, 3), pattern=PATTERN)
        data.sorts[0, 1] += 1

        with pytest.raises(CannotHold, match="p2 does not keep to the grid"):
            excel1.write(data, Path("x.xlsx"))

    @pytest.mark.parametrize("module", [kade_zip, excel1, excel2])
    def test_grids_beyond_its_own(self, module: ModuleType) -> None:
        with pytest.raises(CannotHold, match="-6 to"):
            module.write(dataset(random_sorts(1, 3) * 4), Path("x"))

    def test_the_statements_of_a_csv_lie_beside_it(self, tmp_path: Path) -> None:
        data = full()

        back, _ = through(data, "kade-csv", tmp_path)

        assert back.texts == data.texts
        assert (tmp_path / "file.txt").is_file()


class TestHtmlq:
    def test_a_submission_with_bars(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text(
            "uid;sid;sort;dur0;comment2;form0\n"
            "a1;1;+1|0|-1;12;fordi;ja\n"
            'b2;2;-1|0|+1;9;;"nei; egentlig"\n',
            "utf-8",
        )

        data, taken_for = read(path)

        assert taken_for == htmlq.TITLE
        assert data.names == ("a1", "b2")
        assert data.sorts.T.tolist() == [[1, 0, -1], [-1, 0, 1]]
        assert data.comments == {"a1": {"2": "fordi"}}
        assert data.fields["b2"] == {"dur0": "9", "form0": "nei; egentlig"}

    def test_names_from_sid_where_a_uid_is_missing(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text("sid;uid;datetime;s1;s2;s3\n7;;t;1;0;-1\n8;x;t;0;1;-1\n", "utf-8")

        assert read(path)[0].names == ("7", "8")


class TestEasyHtmlq:
    def test_records_by_push_id(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_text(
            '{"-K1": {"sort": "+2|-1|0", "year": 1}, "-K2": {"sort": "0|1|2"}}', "utf-8"
        )

        data, taken_for = read(path)

        assert taken_for == eq_json.TITLE
        assert data.names == ("-K1", "-K2")
        assert data.sorts.T.tolist() == [[2, -1, 0], [0, 1, 2]]
        assert data.fields == {"-K1": {"year": "1"}}


class TestR:
    def test_lipsets_csv(self, tmp_path: Path) -> None:
        data, taken_for = read(LIPSET / "lipset.csv")

        assert taken_for == r_csv.TITLE
        assert data.statements[:2] == ("sta_1", "sta_2")
        assert data.names[0] == "US1"
        path = tmp_path / "again.csv"
        write_files(r_csv.write(data, path))
        assert path.read_text("utf-8") == (LIPSET / "lipset.csv").read_text("utf-8")

    @pytest.mark.parametrize(
        ("header", "first", "expected"),
        [
            ("statement,a,b", "s1", r_csv.TITLE),
            ("participant,s1,s2,s3", "a", kade_csv.TITLE),
            (",a,b", "sta_1", r_csv.TITLE),
            ("x,1,2,3", "anna", kade_csv.TITLE),
        ],
    )
    def test_told_from_kades_by_labels(
        self, header: str, first: str, expected: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "x.csv"
        width = header.count(",")
        lines = [header] + [
            ",".join([first if n == 1 else f"{first}{n}", *(str(n + i) for i in range(width))])
            for n in range(1, 4)
        ]
        path.write_text("\n".join(lines), "utf-8")

        assert read(path)[1] == expected

    def test_told_from_kades_by_the_distribution(self, tmp_path: Path) -> None:
        sorts = random_sorts(3, 5).astype(int)
        across = tmp_path / "across.csv"
        across.write_text(
            "x," + ",".join("abcdefghijklmnop") + "\n"
            + "".join(
                f"name {'vwxyz'[i]}," + ",".join(map(str, own)) + "\n"
                for i, own in enumerate(sorts.T)
            ),
            "utf-8",
        )  # fmt: skip

        data, taken_for = read(across)

        assert taken_for == kade_csv.TITLE
        np.testing.assert_array_equal(data.sorts, sorts)


def test_the_target_is_told_by_its_name() -> None:
    assert target_format(Path("x.DAT"), None).NAME == "pqmethod"
    assert target_format(Path("x.csv"), "kade-csv").NAME == "kade-csv"
    with pytest.raises(CannotHold, match="does not tell the format"):
        target_format(Path("x.txt"), None)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("mine", "utf-8")

    with pytest.raises(CannotHold, match="exists already"):
        write_files({path: b"yours"})

    assert path.read_text("utf-8") == "mine"


def test_all_files_or_none(tmp_path: Path) -> None:
    with pytest.raises(CannotHold, match="Nothing was written"):
        write_files({tmp_path / "x.dat": b"1", tmp_path / "missing" / "x.sta": b"2"})

    assert list(tmp_path.iterdir()) == []


def test_labels_are_said_to_be_lost() -> None:
    data = replace(dataset(random_sorts(1, 2)), statements=tuple("abcdefghijklmnop"))
    for name in ("pqmethod", "kade-zip", "excel1", "excel2", "htmlq", "eq"):
        assert "labels" in " ".join(BY_NAME[name].losses(data))
    assert numbers(2) == ("1", "2")
