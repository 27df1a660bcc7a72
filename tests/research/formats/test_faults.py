"""Bad files: the place, what was expected and what to do, and never a traceback."""

import json
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.studies.study_file import dump
from research.formats import export
from research.formats.faults import MOST_SHOWN, BadFile
from research.formats.registry import BY_NAME, read, with_statements, write_files
from research.formats.source import SourceFile
from tests.research.samples import dataset, random_sorts
from tests.support.studies import study_of

DAT = (
    b"  0  1  3 T\r\n"
    b" -1  1  0  0  0  0  0  1  1  1  0  0  0  0  0  0  0  0  0  0  0  0\r\n"
    b"a         -1 0 1\r\n"
)


def faults(content: bytes | str, name: str, folder: Path, format_name: str | None = None) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadFile) as caught:
        read(path, format_name=format_name)
    for fault in caught.value.faults:
        assert fault.what.endswith(".")
        assert fault.expected
        assert fault.remedy.endswith(".") or "--from" in fault.remedy
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "place", "expected"),
    [
        ("a.csv", "statement,x,y\ns1,1,2\ns2,,1\n", "line 3, column 2", "cell is empty"),
        ("b.csv", "statement,x,y\ns1,1,2\ns2,1\n", "line 3", "The row has 1 values"),
        ("c.csv", "statement,x,y\ns1,1,2\ns2,1,1.5\n", "line 3, column 3", "“1.5”"),
        (
            "d.csv",
            "statement,x,x\ns1,1,2\ns2,1,1\n",
            "line 1, column 3",
            "line 1, column 2 already",
        ),
        ("e.csv", "statement,x,y\ns1,1,2\ns1,1,1\n", "line 3, column 1", "statement"),
        ("f.csv", "statement,x,\ns1,1,2\ns2,1,1\n", "line 1, column 3", "has no name"),
        ("g.csv", "statement,x,y\ns1,1,NaN\ns2,1,inf\n", "line 2, column 3", "“NaN”"),
        ("h.csv", "participant,s1,s2\nanna,1,2\nanna,2,1\n", "line 3, column 1", "anna"),
        ("i.csv", "sid;uid;s1;s2\n1;a;1\n", "line 2", "3 fields"),
        ("j.csv", "sid;uid;s1;s2\n1;a;1;x\n2;b;1;1\n", "line 2, column 4", "“x”"),
        ("k.csv", "sid;uid;s1;s2\n1;a;1;1\n2;a;1;1\n", "line 3, field uid", "already"),
        ("l.csv", "sid;uid;s1;s2\n", "line 1", "There are no sorts"),
        ("l2.csv", "uid;sort\na;1|2\nb;1|2|3\n", "line 1", "differ in length"),
        ("m.dat", DAT.replace(b"-1 0 1", b"-1 0"), "line 3", "has 2 values"),
        ("n.dat", DAT.replace(b"-1 0 1", b"-1 x 1"), "line 3, columns 13-14", "“x”"),
        ("o.dat", DAT.replace(b"  0  1  3", b"  0  2  3"), "line 1, columns 4-6", "says 2 sorts"),
        ("p.dat", DAT.replace(b"  1  1  1", b"  1  2  1"), "line 2", "4 cells"),
        ("q.dat", DAT.split(b"\r\n")[0], "line 2", "0 counts"),
        ("r.json", '{"a": {"sort": "1|2"}, "b": {"sort": "1"}}', "record b", "has 1 values"),
        ("s.json", '{"a": {"sort": "1|2"}, "b": 7}', "record b", "no text `sort`"),
        ("t.json", '{"a": {"sort": "1|2"},', "line 1, column", "Expecting"),
        ("u.json", "[" * 100_000, "line 1", "JSON"),
        ("v.json", '{"x": 1}', "", "looks like none of the formats"),
        ("w.txt", "just some words", "", "looks like none of the formats"),
        ("x.zip", b"PK\x03\x04 broken", "", "archive is damaged"),
        ("y.csv", "", "line 1", "file is empty"),
    ],
)
def test_each_fault_has_a_place(
    name: str, content: bytes | str, place: str, expected: str, tmp_path: Path
) -> None:
    told = faults(content, name, tmp_path)

    assert place in told
    assert expected in told


def test_many_faults_are_told_at_once_but_not_all(tmp_path: Path) -> None:
    rows = "".join(f"s{n},x,1\n" for n in range(30))

    told = faults(f"statement,a,b\n{rows}", "x.csv", tmp_path)

    assert len(told.splitlines()) == MOST_SHOWN + 1
    assert told.endswith("... and 20 more like these.")


def test_a_format_named_by_hand(tmp_path: Path) -> None:
    assert "no table" in faults("a\n", "x.csv", tmp_path, "r")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="No such file"):
        read(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ("lipset.dat", "Did you mean lipset.DAT?"),
        ("lipset.DATT", "Did you mean lipset.DAT?"),
        ("other.csv", "Check the name."),
        ("nowhere/lipset.DAT", "Check the name of the folder."),
    ],
)
def test_what_lies_beside_a_name_that_is_none_may_be_meant(
    tmp_path: Path, asked: str, remedy: str
) -> None:
    (tmp_path / "lipset.DAT").write_bytes(DAT)
    with pytest.raises(BadFile) as caught:
        SourceFile.of(tmp_path / asked)
    assert caught.value.faults[0].remedy == remedy


def test_a_file_that_is_far_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("research.formats.source.MOST_BYTES", 10)

    assert "over 200 MB" in faults("statement,a,b\n", "x.csv", tmp_path)


class TestZip:
    def archive(self, folder: Path, **members: str) -> bytes:
        whole = {
            "name.txt": "T",
            "pattern.txt": ",".join(["0"] * 5 + ["1", "1", "1"] + ["0"] * 12),
            "statements.txt": "a\nb\nc\n",
            "sorts.txt": "x,-1,0,1\n",
        } | {f"{key}.txt": value for key, value in members.items()}
        path = folder / "made.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in whole.items():
                if text != "-":
                    archive.writestr(name, text)
        return path.read_bytes()

    @pytest.mark.parametrize(
        ("members", "expected"),
        [
            ({"pattern": "-"}, "pattern.txt is missing"),
            ({"pattern": "1,1,1"}, "3 counts"),
            ({"statements": "a\nb\n"}, "The pattern has 3 cells"),
            ({"sorts": "x,1,0\n\n"}, "sorts.txt, line 1: The sort has 2 values"),
            ({"sorts": "x,1,0,1\nx,1,0,1"}, "sorts.txt, line 2, column 1"),
            ({"sorts": "\n"}, "no sorts"),
        ],
    )
    def test_each_member(self, members: dict[str, str], expected: str, tmp_path: Path) -> None:
        assert expected in faults(self.archive(tmp_path, **members), "x.zip", tmp_path)


class TestWorkbook:
    def change(self, folder: Path, kind: int, sheet: str, cell: str, value: object) -> bytes:
        path = folder / "made.xlsx"
        data = dataset(random_sorts(1, 3))
        write_files(BY_NAME[f"excel{kind}"].write(data, path))
        book = openpyxl.load_workbook(path)
        if cell:
            book[sheet][cell].value = value
        else:
            del book[sheet]
        book.save(path)
        return path.read_bytes()

    @pytest.mark.parametrize(
        ("kind", "place", "value", "expected"),
        [
            (1, ("sorts", "C4"), 99, "sheet sorts, cell C4: Statement 99 does not belong"),
            (1, ("sorts", "C4"), None, "sheet sorts, cell C4: The cell is empty"),
            (1, ("sorts", "A3"), "x", "sheet sorts, cell A3"),
            (1, ("sorts", "B1"), "p2", "sheet sorts, cell C1"),
            (1, ("sorts", "A40"), 3, "There are 17 rows"),
            (2, ("sorts", "B2"), None, "sheet sorts, cell B2: The cell is empty"),
            (2, ("sorts", "R2"), 4, "sheet sorts, row 2: The sort has 17 values"),
            (2, ("statements", "A1"), "Utsagn", "no column “Statements”"),
            (2, ("version", ""), None, "no sheet `version`"),
            (2, ("sorts", ""), None, "no sheet `sorts`"),
            (2, ("pattern", "A2"), 7, "sheet pattern, row 2: The pattern has"),
            (2, ("statements", ""), None, "no column “Statements”"),
        ],
    )
    def test_each_sheet(
        self,
        kind: int,
        place: tuple[str, str],
        value: str | int | None,
        expected: str,
        tmp_path: Path,
    ) -> None:
        content = self.change(tmp_path, kind, *place, value)

        assert expected in faults(content, "x.xlsx", tmp_path)

    def test_a_workbook_without_pattern_and_with_a_header(self, tmp_path: Path) -> None:
        path = tmp_path / "x.xlsx"
        path.write_bytes(self.change(tmp_path, 2, "pattern", "", None))
        book = openpyxl.load_workbook(path)
        book["sorts"].insert_rows(1)
        book["sorts"]["A1"] = "Name"
        book["sorts"].title = "Q-sorts"
        book.save(path)

        data, _ = read(path)

        assert data.pattern is None
        assert data.names == ("p1", "p2", "p3")

    def test_a_pattern_in_one_cell(self, tmp_path: Path) -> None:
        content = self.change(
            tmp_path,
            2,
            "pattern",
            "A2",
            ",".join(["0"] * 3 + ["1", "2", "3", "4", "3", "2", "1"] + ["0"] * 10),
        )
        path = tmp_path / "x.xlsx"
        path.write_bytes(content)
        book = openpyxl.load_workbook(path)
        for column in range(2, 21):
            book["pattern"].cell(2, column).value = None
        book.save(path)

        assert read(path)[0].pattern == {-3: 1, -2: 2, -1: 3, 0: 4, 1: 3, 2: 2, 3: 1}

    def test_a_zip_that_only_looks_like_a_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "made.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/workbook.xml", "<no/>")

        assert "cannot be opened" in faults(path.read_bytes(), "x.xlsx", tmp_path)


class TestOwnJson:
    def content(self, **changes: object) -> str:
        whole = {
            "format": "kollegial-sorts",
            "version": 1,
            "statements": [{"id": "a"}, {"id": "b"}],
            "sorts": [{"name": "x", "values": {"a": 1, "b": -1}}],
        }
        return json.dumps(whole | changes)

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"sorts": [{"name": "x", "values": {"a": 1}}]}, "no value for b"),
            ({"sorts": [{"name": "x", "values": {"a": 1, "b": 1, "c": 1}}]}, "no statement c"),
            ({"sorts": [{"name": "x", "values": {"a": "1"}}]}, "sorts.0.values.a"),
            ({"grid": {"1": 1}}, "The grid has 1 cells"),
            ({"grid": {"en": 2}}, "grid"),
            ({"more": 1}, "more"),
            ({"statements": [{"id": "a"}, {"id": "a"}]}, "statements[1]"),
            ({"sorts": []}, "no sorts"),
        ],
    )
    def test_each_part(self, changes: dict[str, object], expected: str, tmp_path: Path) -> None:
        assert expected in faults(self.content(**changes), "x.json", tmp_path)


class TestExport:
    """The directory that `kollegial study export` writes."""

    def folder(self, tmp_path: Path, **changes: object) -> Path:
        definition = study_of({-1: 1, 0: 1, 1: 1})
        folder = tmp_path / "export"
        folder.mkdir()
        document = {"format": 1, "study": json.loads(dump(definition)), "withdrawn": ["grå rev"]}
        (folder / export.STUDY).write_text(json.dumps(document | changes), "utf-8")
        (folder / export.SORTS).write_text(
            "statement,blid elg,rask and\ns1,1,-1\ns2,0,0\ns3,-1,1\n", "utf-8"
        )
        (folder / export.COMMENTS).write_text(
            "pseudonym,about,id,column,text\n"
            "blid elg,statement,s1,1,'=Fordi\n"
            "blid elg,study,,,Takk\n",
            "utf-8",
        )
        return folder

    def test_is_read_whole(self, tmp_path: Path) -> None:
        data, taken_for = read(self.folder(tmp_path), language="nb")

        assert taken_for == "export of a Kollegial study"
        assert data.names == ("blid elg", "rask and")
        assert data.texts == ("nb utsagn 1", "nb utsagn 2", "nb utsagn 3")
        assert data.pattern == {-1: 1, 0: 1, 1: 1}
        assert data.comments == {"blid elg": {"s1": "=Fordi"}}

    def test_comments_may_be_missing(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        (folder / export.COMMENTS).unlink()

        assert read(folder)[0].comments == {}

    def test_who_withdrew_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="rask and withdrew"):
            read(self.folder(tmp_path, withdrawn=["rask and"]))

    def test_statements_that_differ(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        (folder / export.SORTS).write_text("statement,a,b\ns1,1,-1\ns2,0,0\n", "utf-8")

        with pytest.raises(BadFile, match="s3 is in one of"):
            read(folder)

    def test_a_damaged_study(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="cannot be read"):
            read(self.folder(tmp_path, study={"id": "x"}))


class TestStatements:
    def read(self, folder: Path, name: str, text: str) -> tuple[str, ...]:
        (folder / name).write_text(text, "utf-8")
        data = dataset(np.array([[1, 2], [2, 1], [3, 3]]))
        return with_statements(data, folder / name).texts

    def test_one_per_line(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "x.sta", "a\n\nb  \nc\n") == ("a", "b", "c")

    def test_numbers_are_taken_away(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "x.txt", "1. a\n2) 2 b\n3: c") == ("a", "2 b", "c")

    def test_the_last_column_of_a_csv(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "x.csv", 'id,text\n1,"a, b"\n2,\'=b\n3,c\n') == (
            "a, b",
            "=b",
            "c",
        )

    def test_too_few(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match=r"x.txt, line 3: The file holds 2 statements"):
            self.read(tmp_path, "x.txt", "a\nb\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("statement,Åse,Bjørn\ns1,1,2\ns2,2,1\n", encoding)

    assert read(path)[0].names == ("Åse", "Bjørn")


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(alphabet='s1,;\n-+"|{}[]: x0', max_size=200).map(str.encode),
        st.binary(max_size=60).map(lambda tail: DAT + tail),
        st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail),
    )
)
def test_anything_is_read_or_refused(content: bytes, tmp_path: Path) -> None:
    for format_name in (None, *BY_NAME):
        source = SourceFile(tmp_path / "x.csv", content)
        try:
            if format_name is None or BY_NAME[format_name].recognises(source):
                (tmp_path / "x.csv").write_bytes(content)
                read(tmp_path / "x.csv", format_name=format_name)
        except BadFile:
            continue
