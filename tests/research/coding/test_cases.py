"""Codings as researchers bring them: what each becomes, and that it finds its way back."""

import csv
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from research.coding import refi
from research.coding.agreement import agreement, beside, cohen, krippendorff
from research.coding.codebook import CodebookEntry, noted, read_codebook, with_definitions
from research.coding.coded import Coding, judge
from research.coding.material import load
from research.coding.report import report, tables
from research.coding.table import ColumnsHold, FilledRow, read
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from tests.research.leaving.readers import keeps_to_schema
from tests.research.tables.test_sorts import book

CASES = Path("tests/data/cases/research").resolve()
SHARED = load(SourceFile.of(CASES / "code_shared.jsonl"))
TEXTS = {passage.id: passage.text for passage in SHARED.passages}


def coded(name: str) -> Coding:
    return judge(read(SourceFile.of(CASES / name))[0], SHARED)


def from_text(text: str, name: str = "x.csv", columns: ColumnsHold | None = None) -> Coding:
    return judge(read(SourceFile(Path(name), text.encode()), columns)[0], SHARED)


def refused(text: str) -> str:
    with pytest.raises(BadFile) as caught:
        from_text(text)
    return str(caught.value)


def units(coding: Coding, text: str = "t-01010101") -> list[tuple[str, str]]:
    return [(u.row.code, u.row.unit) for u in coding.coded if u.passage.id == text]


def html(coding: Coding) -> str:
    return report(coding, "nb", with_units=True).decode()


class TestUnits:
    def test_two_codes_in_a_cell_are_two(self) -> None:
        coding = coded("code_two_codes_in_cell.csv")

        assert units(coding) == [("spør", ""), ("venter", "")]
        assert "spør; venter" not in html(coding)

    @pytest.mark.parametrize("sign", ["; ", " | ", "\n"])
    def test_signs_between_codes(self, sign: str) -> None:
        coding = from_text(f'rad;tekst;kode;kategori\nt-01010101;;"a{sign}b";"K{sign}L"\n')

        assert [(u.row.code, u.row.category) for u in coding.coded] == [("a", "K"), ("b", "L")]

    @pytest.mark.parametrize("sign", [", ", "/", " & "])
    def test_one_code_or_two_is_asked_where_both_are_codes(self, sign: str) -> None:
        rows = f't-01010101;;"a{sign}b"\nt-02020202;;a\nt-03030303;;b\n'

        assert "is one code here, and a part of it is a code elsewhere" in refused(
            f"row;text;code\n{rows}"
        )

    def test_a_comma_is_asked_about_unless_the_codebook_has_it(self) -> None:
        rows = 'row;text;code;code 2\nt-01010101;;"tid, sted";x\nt-02020202;;x;"tid, sted"\n'

        assert refused(rows).count("may be one code, or 2") == 2
        sure = {"Tid, sted"}
        assert (
            len(judge(read(SourceFile(Path("x.csv"), rows.encode()))[0], SHARED, sure).coded) == 2
        )
        assert from_text('row;text;code\nt-01010101;;"og/eller"\n').coded
        assert units(from_text('document,tag,content\nt-01010101,"tid, sted",Jeg ble\n'))

    @pytest.mark.parametrize("names", ["kode;kode 2;kode 3", "kode 1;kode 2;kode 3"])
    def test_three_columns_of_codes_are_asked_about(self, names: str) -> None:
        rows = f"rad;tekst;{names}\nt-01010101;;a;b;c\n"

        assert "There are 3 columns of codes" in refused(rows)
        assert units(from_text(rows, columns="codes")) == [("a", ""), ("b", ""), ("c", "")]

    @pytest.mark.parametrize(
        "names", ["code 1;code 2", "kode 1;kode 2", "Kode A;Kode B", "koder 1;koder 2",
                  "kode (hoved);kode (bi)", "første kode;andre kode"],
    )  # fmt: skip
    def test_two_coders_or_two_codes_are_asked_about(self, names: str) -> None:
        rows = f"rad;tekst;{names}\nt-01010101;;a;b\nt-02020202;;b;\n"

        assert "--code-columns codes, or --code-columns coders" in refused(rows)
        assert units(from_text(rows, columns="codes")) == [("a", ""), ("b", "")]
        first = from_text(rows, columns="coders").coded[0].row
        assert (first.code, first.second) == ("a", "b")

    def test_the_same_code_in_both_columns_is_what_two_people_said(self) -> None:
        rows = "rad;tekst;kode 1;kode 2\nt-01010101;;a;b\nt-02020202;;c;C; d\n"

        assert from_text(rows.replace("c;C; d", 'c;"C; d"')).coded[0].row.second == "b"

    def test_each_code_has_its_own_category(self) -> None:
        rows = "rad;tekst;kode 1;kategori 1;kode 2;kategori 2\nt-01010101;;a;K;b;L\n"
        coding = from_text(rows, columns="codes")

        assert [(u.row.code, u.row.category) for u in coding.coded] == [("a", "K"), ("b", "L")]

    def test_of_two_coders_the_firsts_categories_count(self) -> None:
        rows = "rad;tekst;koder A;kategori A;koder B;kategori B\nt-01010101;;a;K;b;L\n"
        (unit,) = from_text(rows).coded

        assert (unit.row.code, unit.row.category, unit.row.second) == ("a", "K", "b")

    @pytest.mark.parametrize("cell", ["#a #b", "a og b", "a and b"])
    def test_other_signs_between_codes_are_asked_about(self, cell: str) -> None:
        rows = f"rad;tekst;kode\nt-01010101;;{cell}\nt-02020202;;a\nt-03030303;;b\n"

        assert "Expected one code, or several with semicolons between" in refused(rows)
        assert from_text(rows.replace(cell, "råd og tid")).coded

    def test_merged_cells_of_a_text(self) -> None:
        rows = "rad;tekst;meningsenhet;kode\nt-01010101;;Jeg spurte om målet;a\n;;{};b\n"

        found = units(from_text(rows.format("da løsnet det")))
        assert found == [("a", "Jeg spurte om målet"), ("b", "da løsnet det")]
        assert "The cell `row` is empty" in refused(rows.format("noe helt annet"))

    def test_other_columns_that_are_called_nearly_so(self) -> None:
        rows = "rad;tekst;kode;kodebok;kode merknad;kodet av\nt-01010101;;a;x;y;z\n"

        _, own = read(SourceFile(Path("x.csv"), rows.encode()))
        assert own == ("kodebok", "kode merknad", "kodet av")

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            ("Underkategori;Kategori;Tema", ("u", "k", "t")),
            ("Subkategori;Hovedkategori;Overordnet tema", ("u", "k", "t")),
            ("Kategori;Hovedkategori;Tema", ("u", "k", "t")),
        ],
    )
    def test_categories_above_one_another(self, names: str, expected: tuple[str, ...]) -> None:
        (unit,) = from_text(f"rad;tekst;kode;{names}\nt-01010101;;a;u;k;t\n").coded

        assert (unit.row.category, unit.row.main_category, unit.row.theme) == expected

    @pytest.mark.parametrize(
        "names", ["kode;kode 2", "kode;andre koder", "coder 1;coder 2", "koder Kari;koder Ola",
                  "Koder A;Koder B", "coder: Kari;coder: Ola"],
    )  # fmt: skip
    def test_coders_under_other_names(self, names: str) -> None:
        (unit,) = from_text(f"rad;tekst;{names}\nt-01010101;;a;b\n").coded

        assert (unit.row.code, unit.row.second) == ("a", "b")

    def test_more_categories_than_codes(self) -> None:
        said = refused('row;text;code;category\nt-01010101;;"a;b;c";"K;L"\n')

        assert "There are 3 codes and 2 categories." in said

    def test_a_cut_text_is_a_meaning_unit(self) -> None:
        coding = coded("code_meaning_unit_cut.csv")

        assert units(coding) == [("spør", "Jeg spurte om målet, og da løsnet det.")]
        assert units(coding, "t-02020202") == [("venter", "")]
        assert "Jeg spurte om målet, og da løsnet det." in html(coding)
        assert "Jeg spurte om målet" not in report(coding, "nb").decode()

    def test_a_column_of_meaning_units(self) -> None:
        coding = coded("code_own_meaning_unit_column.csv")

        assert units(coding) == [("spør", "Jeg spurte om målet")]
        assert [note.code for note in coding.notes] == ["elsewhere"] * 5

    def test_two_units_of_a_text_may_have_one_code(self) -> None:
        coding = coded("code_two_units_same_code.csv")
        counts = {row[2]: row[3] for row in tables(coding)[0].rows}

        assert [code for code, _ in units(coding)] == ["spør", "spør"]
        assert counts["spør"] == 1  # one text
        assert "sto fast" in html(coding)
        assert "spurte om mål" in html(coding)

    def test_what_is_left_out_of_a_unit_is_dots(self) -> None:
        rows = "row;text;code;meaning unit\nt-01010101;;a;Jeg ble [...] fast\n"

        assert [note.code for note in from_text(rows).notes] == ["missing", "homeless"]

    def test_themes_and_norwegian_headers(self) -> None:
        coding = from_text(
            "Rad;Tekst;Meningsenhet;Kondensert mening;Kode;Kategori;Hovedkategori;Tema;Sitat\n"
            "t-01010101;;ble stående fast;sto fast;fast;Møtet;Arbeid;Motstand;Hun sto fast\n"
        )
        (unit,) = coding.coded

        assert (unit.row.theme, unit.row.main_category, unit.row.condensed) == (
            "Motstand", "Arbeid", "sto fast",
        )  # fmt: skip
        assert "Motstand" in html(coding)
        assert "There is a theme and no category" in refused(
            "row;text;code;theme\nt-01010101;;a;T\n"
        )

    def test_a_unit_that_identifies(self) -> None:
        said = refused("row;text;code;meaning unit\nt-01010101;;a;Ring 22 22 55 55\n")

        assert "The meaning unit has something that identifies a person" in said


class TestOtherPrograms:
    def test_taguette(self) -> None:
        coding = coded("code_taguette.csv")

        assert units(coding) == [("spør", "Jeg ble stående fast i samtale")]
        assert len(coding.coded) == 6

    def test_maxqda(self) -> None:
        rows, _ = read(
            SourceFile(
                Path("x.xlsx"),
                book(
                    {
                        "Coded segments": [
                            ["Color", "Document group", "Document name", "Code", "Beginning",
                             "Segment"],
                            ["●", "g", "t-01010101.txt", "Arbeid > Møtet > spør", "1",
                             "Jeg spurte om målet"],
                        ]
                    }
                ),
            )
        )  # fmt: skip
        (unit,) = judge(rows, SHARED).coded

        assert (unit.row.main_category, unit.row.category, unit.row.code) == (
            "Arbeid", "Møtet", "spør",
        )  # fmt: skip
        assert unit.row.unit == "Jeg spurte om målet"

    def test_a_project_without_our_texts_is_named(self) -> None:
        source = SourceFile.of(CASES / "project.qdpx")

        with pytest.raises(BadFile, match="a REFI-QDA project with 1 codes and no coding"):
            refi.read_codings(source, SHARED)
        assert [one.code for one in refi.read_codes(source)] == ["spør"]

    def test_another_table_is_named(self) -> None:
        with pytest.raises(BadFile, match="This is EQ Web Sort in Google Sheets"):
            read(SourceFile(Path("x.csv"), b"partId,randomId,sort\n1,2,3\n"))


class TestRefi:
    CODING = "code_own_meaning_unit_column.csv"

    def entries(self) -> tuple[CodebookEntry, ...]:
        defined = (
            CodebookEntry("spør", "Spør før råd & <svar>"),
            CodebookEntry("ubrukt", "Ingen har den"),
        )
        return with_definitions(coded(self.CODING), defined)

    def test_a_project_finds_its_way_back(self) -> None:
        coding = coded(self.CODING)
        data = refi.project(SHARED, coding, self.entries(), "Kollegial")

        rows = refi.read_codings(SourceFile(Path("x.qdpx"), data), SHARED)
        again = judge(rows, SHARED)

        assert [(u.passage.id, u.row.code, u.row.category) for u in again.coded] == [
            (u.passage.id, u.row.code, u.row.category) for u in coding.coded
        ]
        assert units(again) == [("spør", "Jeg spurte om målet")]
        assert refi.project(SHARED, coding, self.entries(), "Kollegial") == data

    def test_a_codebook_finds_its_way_back(self) -> None:
        data = refi.codebook(self.entries(), "Kollegial")

        back = refi.read_codes(SourceFile(Path("x.qdc"), data))

        assert {one.code: one.definition for one in back}["spør"] == "Spør før råd & <svar>"
        assert {one.code: one.category for one in back}["spør"] == "Møtet"
        assert {one.code for one in back} == {one.code for one in self.entries()}

    def test_what_is_written_keeps_to_the_schema(self) -> None:
        project = refi.project(SHARED, coded(self.CODING), self.entries(), "Kollegial")
        with zipfile.ZipFile(io.BytesIO(project)) as archive:
            members = set(archive.namelist())
            document = ET.fromstring(archive.read("project.qde"))  # noqa: S314 - we wrote it
        codebook = ET.fromstring(refi.codebook(self.entries(), "K"))  # noqa: S314 - we wrote it

        keeps_to_schema(document, refi.PROJECT)
        keeps_to_schema(codebook, refi.CODEBOOK)
        guids = [one.get("guid") for one in document.iter() if one.get("guid")]
        assert len(guids) == len(set(guids))
        codes = {one.get("guid") for one in document.iter(f"{{{refi.PROJECT}}}Code")}
        for reference in document.iter(f"{{{refi.PROJECT}}}CodeRef"):
            assert reference.get("targetGUID") in codes
        for source in document.iter(f"{{{refi.PROJECT}}}TextSource"):
            path = str(source.get("plainTextPath")).removeprefix("internal://")
            assert f"sources/{path}" in members
            for part in source.findall(f"{{{refi.PROJECT}}}PlainTextSelection"):
                text = TEXTS[str(source.get("name"))]
                assert 0 <= int(part.get("startPosition", "")) < int(part.get("endPosition", ""))
                assert int(part.get("endPosition", "")) <= len(text)

    @pytest.mark.parametrize(
        ("xml", "expected"),
        [
            (b'<!DOCTYPE x><CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>', "declares a type"),
            (b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0">', "This is no XML"),
        ],
    )
    def test_refused(self, xml: bytes, expected: str) -> None:
        with pytest.raises(BadFile, match=expected):
            refi.read_codes(SourceFile(Path("x.qdc"), xml))

    def test_the_text_may_stand_in_the_project(self) -> None:
        xml = (
            f'<Project xmlns="{refi.PROJECT}" name="x"><CodeBook><Codes>'
            '<Code guid="A-1" name="spør" isCodable="true"/></Codes></CodeBook><Sources>'
            '<TextSource guid="b" name="t-01010101"><PlainTextContent>Jeg ble stående fast'
            '</PlainTextContent><PlainTextSelection guid="c" startPosition="4" endPosition="7">'
            '<Coding guid="d"><CodeRef targetGUID="a-1"/></Coding></PlainTextSelection>'
            "</TextSource></Sources></Project>"
        )

        (row,) = refi.read_codings(SourceFile(Path("x.qde"), xml.encode()), SHARED)

        assert (row.code, row.unit) == ("spør", "ble")


CODEBOOK = {
    "coding": [["row", "text", "code", "category"], ["t-01010101", "", "spør", "Møtet"],
               ["t-02020202", "", "venter", "Møtet"]],
    "codebook": [["code", "definition", "category"], ["Spør", "Spør før råd", ""],
                 ["ubrukt", "Ingen", ""]],
}  # fmt: skip


class TestCodebook:
    def test_definitions_beside_the_table(self) -> None:
        source = SourceFile(Path("x.xlsx"), book(CODEBOOK))
        coding = judge(read(source)[0], SHARED)

        entries = with_definitions(coding, read_codebook(source))
        coding = noted(coding, entries)

        assert [(one.code, one.definition) for one in entries] == [
            ("spør", "Spør før råd"), ("venter", ""), ("ubrukt", "Ingen"),
        ]  # fmt: skip
        said = [note.said("en") for note in coding.notes]
        assert "Codes without a definition in the codebook: venter." in said
        assert "Codes of the codebook that no text has: ubrukt." in said
        assert "Spør før råd" in report(coding, "nb", entries, with_units=True).decode()

    def test_a_place_that_differs(self) -> None:
        coding = coded("code_two_codes_in_cell.csv")

        with pytest.raises(BadFile, match="is “Møtet” in the table and “Rammer” in the codebook"):
            with_definitions(coding, [CodebookEntry("spør", "", "Rammer")])

    @pytest.mark.parametrize(
        "data", [book({"Ark1": [["a"]]}), book({"codebook": [["code", "definition"]]})]
    )
    def test_none(self, data: bytes) -> None:
        assert read_codebook(SourceFile(Path("x.xlsx"), data)) == ()

    def test_a_table_of_its_own(self) -> None:
        text = "kode;definition\na;A\nA;B\n"

        with pytest.raises(BadFile, match="already"):
            read_codebook(SourceFile(Path("x.csv"), text.encode()))
        assert read_codebook(SourceFile(Path("x.csv"), b"code,x\na,b\n")) == ()


class TestAgreement:
    def test_two_columns(self) -> None:
        coding = coded("code_two_coders.csv")
        found = agreement(coding)

        assert found is not None
        assert (found.units, found.agreed, found.kappa) == (6, 0, 0.0)
        assert "Samsvar mellom to kodere" in html(coding)
        assert "agreement" in {table.name for table in tables(coding)}

    def test_one_coder_has_nobody_to_agree_with(self) -> None:
        assert agreement(coded("code_meaning_unit_cut.csv")) is None

    def test_two_tables(self) -> None:
        rows, _ = read(SourceFile.of(CASES / "code_meaning_unit_cut.csv"))
        other = coded("code_meaning_unit_cut.csv")
        rows = [FilledRow(r.number, r.id, r.text, "", r.code, "", "", "", other_unit(r, other))
                for r in rows]  # fmt: skip

        found = agreement(judge(beside(rows, other), SHARED))

        assert found is not None
        assert (found.percent, found.kappa) == (100.0, 1.0)

    def test_columns_named_for_the_coders(self) -> None:
        coding = from_text(
            "row;text;code (Kari);code (Ola)\nt-01010101;;a;a\nt-02020202;;b;a\n"
            't-03030303;;a;"a; b"\n'
        )
        found = agreement(coding)

        assert found is not None
        assert found.kappa is None  # one unit has two codes
        assert [(one.code, one.both, one.only_first, one.only_second) for one in found.codes] == [
            ("a", 2, 0, 1), ("b", 0, 1, 1),
        ]  # fmt: skip

    def test_cohens_own_example(self) -> None:
        # Cohen 1960, table 1: 200 cases, three categories, kappa .492.
        table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
        pairs = [(r, c) for r, row in enumerate(table) for c, n in enumerate(row) for _ in range(n)]

        kappa = cohen(pairs)

        assert kappa is not None
        assert round(kappa, 3) == 0.492
        assert cohen([]) is None
        assert cohen([("a", "a")]) is None

    def test_krippendorffs_own_example(self) -> None:
        # Krippendorff 2011, section A: ten binary units, two observers, alpha .095.
        first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
        second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

        alpha = krippendorff(list(zip(first, second, strict=True)))

        assert alpha is not None
        assert round(alpha, 3) == 0.095
        assert krippendorff([]) is None
        assert krippendorff([("a", "a")]) is None


def other_unit(row: FilledRow, other: Coding) -> str:
    return next(u.row.unit for u in other.coded if u.passage.id == row.id)


def test_every_table_is_csv_with_labels() -> None:
    for table in tables(coded("code_two_coders.csv")):
        rows = list(csv.reader(io.StringIO(table.csv().decode())))
        assert len({len(row) for row in rows}) == 1
