"""Studies on disk: the shipped one, the published one, and what is not to be read."""

import re
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from bot.ui.texts import texts
from dialogs.faults import Fault, Line
from dialogs.studies.study import LANGUAGES, Language, Study
from dialogs.studies.study_file import MAX_BYTES, StatementTable
from research.study_files import read_study, statements
from tests.support.data import DATA, ROOT, SHARED, STATEMENTS

SHIPPED = ROOT / "methods" / "studies" / "oppfolging.toml"
PUBLISHED = SHARED / "q_aap" / "statements.csv"
CASES = DATA / "cases" / "research"
TODAY = date(2026, 11, 1)


def shipped() -> Study:
    study = read_study(SHIPPED, TODAY)
    assert isinstance(study, Study), study
    return study


def test_the_shipped_study_has_no_faults() -> None:
    study = shipped()

    assert study.languages == LANGUAGES
    assert study.grid.size == len(study.statements) == 36
    assert [s.id for s in study.statements] == [f"s{n}" for n in range(1, 37)]


def test_the_shipped_study_does_not_ask_what_the_dialog_asks() -> None:
    """*Er det noe du savner i utsagnene?* stands beside its questions."""
    of_gaps = re.compile(r"savn|sakn|mangl|ikk(?:j?e) t[ae][rk]|lack|leave out|miss", re.IGNORECASE)
    for language in LANGUAGES:
        assert of_gaps.search(texts(language)("qsort.explaining.comment"))
        for question in shipped().questions:
            assert not of_gaps.search(question.text[language])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", ["pseudonymt, ikke anonymt", "frivillig", "«trekk»", "bare én gang", "utgaver av"]),
        ("nn", ["pseudonymt, ikkje anonymt", "frivillig", "«trekk»", "éin gong", "utgåver av"]),
        ("en", ["pseudonymous, not anonymous", "voluntary", '"withdraw"', "only once", "versions"]),
    ],
)
def test_the_shipped_information_says_the_honest_word(language: Language, words: list[str]) -> None:
    text = shipped().information.text[language]

    assert [word for word in words if word not in text] == []
    assert "31" in text
    assert "2030" in text


def test_nynorsk_is_no_bokmal() -> None:
    study = shipped()
    texts = [study.information.text["nn"], study.instruction["nn"], study.purpose["nn"]]
    texts += [one.text["nn"] for one in study.statements]
    texts += [one.help["nn"] for one in study.statements if one.help]
    words = {word.strip(".,:;?!«»").lower() for text in texts for word in text.split()}

    bokmal = {"ikke", "jeg", "hva", "hvem", "hvordan", "hvor", "noe", "noen", "en", "et", "fra"}
    bokmal |= {"mer", "mye", "være", "gjøre", "gjør", "dem", "selv", "bare", "hver", "uten"}
    bokmal |= {"kommer", "begynner", "veileder", "utsagn", "forskerne", "svarene"}
    assert words & bokmal == set()


@pytest.mark.shared
def test_the_shipped_statements_are_not_the_published_ones() -> None:
    published = PUBLISHED.read_text(encoding="utf-8").casefold()

    for statement in shipped().statements:
        assert statement.text["nb"].casefold().rstrip(".") not in published


@pytest.mark.parametrize(
    ("statements", "first"),
    [
        (STATEMENTS, "Jeg har så mange å følge opp"),
        pytest.param(PUBLISHED, "Antall brukere jeg følger opp", marks=pytest.mark.shared),
    ],
    ids=["ours", "published"],
)
def test_statements_from_a_spreadsheet_make_a_study(
    tmp_path: Path, statements: Path, first: str
) -> None:
    shutil.copyfile(statements, tmp_path / "statements.csv")
    file = tmp_path / "aap.toml"
    grid = "\n".join(f"{value} = {6 - abs(value)}" for value in range(-5, 6))
    file.write_text(
        'id = "aap"\nlanguages = ["nb"]\nminutes = 60\nretention = 2030-12-31\n'
        'title = "AAP"\npurpose = "Formål"\ninstruction = "Sorter."\n'
        'statements = "statements.csv"\n[information]\nversion = "1"\ntext = "Informasjon"\n'
        f"[grid]\n{grid}\n",
        encoding="utf-8",
    )

    study = read_study(file, TODAY)

    assert isinstance(study, Study), study
    assert study.statements[0].text["nb"].startswith(first)
    assert [one.id for one in study.statements] == [str(n) for n in range(1, 37)]


@pytest.mark.parametrize("file", sorted(CASES.glob("st*.toml")), ids=lambda file: file.stem)
def test_statements_as_programs_save_them(file: Path) -> None:
    study = read_study(file, TODAY)

    assert isinstance(study, Study), study
    assert [one.text["nb"] for one in study.statements] == [
        "Møtene er for korte.",
        "Jeg tør å være uenig; alltid",
        "Vi gjør det, eller ikke.",
        "Lederen snakker for lenge",
    ]
    assert [one.id.removeprefix("s") for one in study.statements] == ["1", "2", "3", "4"]


def test_columns_of_ones_own_are_left_alone_and_slips_are_not(tmp_path: Path) -> None:
    text = (CASES / "st_extracol.toml").read_text("utf-8")
    (tmp_path / "x.toml").write_text(text, "utf-8")
    rows = "".join(f"s{n};Utsagn {n};A\n" for n in range(1, 5))
    for column, is_left in (("tema", True), ("helf", False), ("nn", False)):
        (tmp_path / "st_extracol.csv").write_text(f"id;text;{column}\n{rows}", "utf-8")

        assert isinstance(read_study(tmp_path / "x.toml", TODAY), Study) is is_left


XML = (
    "<S><Statement>Møtene, ja</Statement><statement>Tør, nei</statement>"
    "<statement><![CDATA[Gjør; kanskje]]></statement></S>"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "Møtene, ja\nTør, nei\nGjør; kanskje\n"),
        ("x.csv", '"Møtene, ja"\n"Tør, nei"\n"Gjør; kanskje"\n'),
        ("x.csv", "Utsagn\nMøtene, ja\nTør, nei\nGjør; kanskje\n"),
        ("x.csv", "kort\tsetning\n1\tMøtene, ja\n2\tTør, nei\n3\tGjør; kanskje\n"),
        ("x.txt", "1\tMøtene, ja\n2\tTør, nei\n3\tGjør; kanskje\n"),
        ("x.xml", XML),
    ],
)  # fmt: skip
def test_a_sign_in_a_sentence_divides_nothing(name: str, text: str) -> None:
    table = statements(name, text.encode())

    assert isinstance(table, StatementTable)
    texts = [row[table.header.index("text")] for _, row in table.rows]
    assert texts == ["Møtene, ja", "Tør, nei", "Gjør; kanskje"]


def test_a_file_of_another_program_is_named(tmp_path: Path) -> None:
    text = (CASES / "st_extracol.toml").read_text("utf-8")
    (tmp_path / "x.toml").write_text(text, "utf-8")
    (tmp_path / "st_extracol.csv").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    faults = cast("list[Fault]", read_study(tmp_path / "x.toml", TODAY))

    assert "an old Excel workbook (.xls)" in str(faults[0])


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = cast("list[Fault]", read_study(tmp_path / "nowhere.toml", TODAY))

    assert str(fault).startswith("nowhere.toml:1: It cannot be opened: No such file")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("id,text\na,b\n")
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "linked.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "folder.csv").mkdir()
    for name in ("linked.csv", "folder.csv"):
        file = folder / "study.toml"
        file.write_text(f'languages = ["nb"]\nstatements = "{name}"\n')

        assert f"There is no file '{name}' here." in str(read_study(file, TODAY))


def test_no_more_of_a_large_file_is_read_than_needed(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    with file.open("wb") as large:
        large.truncate(50 * MAX_BYTES)

    assert "larger than" in str(read_study(file, TODAY))


def test_every_study_that_ships_is_plain_toml() -> None:
    for file in SHIPPED.parent.glob("*.toml"):
        assert tomllib.loads(file.read_text(encoding="utf-8"))["id"] == file.stem


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_says_nothing_of_teams_and_each_way_how_to_withdraw(language: Language) -> None:
    information = shipped().information
    teams = [section.text for section in information.sections(language, "teams")]
    link = [section.text for section in information.sections(language, "link")]

    assert any("Teams" in text for text in teams)
    assert not any(word in text for text in link for word in ("Teams", "«trekk»", '"withdraw"'))
    assert not any(brace in text for text in (*teams, *link) for brace in "{}")
    opened = [each for each in information.sections(language, "link") if each.is_open]
    assert any("pseudonym" in each.text for each in opened)
    assert 0 < len([each for each in opened if each.question]) < 4


@pytest.mark.parametrize(
    "text",
    [
        "• En\n• To\n• Tre\n",
        "- En\n- To\n- Tre\n",
        "1. En\n2. To\n3. Tre\n",
    ],
)
def test_marks_before_every_line_are_no_part_of_a_statement(text: str) -> None:
    table = statements("s.txt", text.encode())

    assert isinstance(table, StatementTable)
    assert [row[-1] for _, row in table.rows] == ["En", "To", "Tre"]


def test_a_mark_before_some_lines_stays() -> None:
    table = statements("s.txt", b"- En\nTo\n- Tre\n")

    assert isinstance(table, StatementTable)
    assert [row[0] for _, row in table.rows] == ["- En", "To", "- Tre"]


def test_a_statement_goes_on_in_an_indented_line() -> None:
    table = statements("s.txt", b"1. En sak\n   som varer\n2. To\n3. Tre\n")

    assert isinstance(table, StatementTable)
    assert table.rows[0] == (1, ("En sak som varer",))


def test_a_line_without_a_number_among_others_is_asked_about() -> None:
    fault = statements("s.txt", b"1. En sak\nsom varer\n2. To\n3. Tre\n")

    assert isinstance(fault, Fault)
    assert fault.place in {Line("s.txt", 2), Line("s.csv", 2)}
    assert "begins with no number, and others do" in fault.what


def test_names_of_languages_are_columns() -> None:
    text = "Nr;Utsagn (bokmål);Utsagn (nynorsk);English\ns1;En;Ein;One\n"
    table = statements("s.csv", text.encode())

    assert isinstance(table, StatementTable)
    assert table.header == ("id", "nb", "nn", "en")


def test_headings_and_notes_between_statements_are_named() -> None:
    text = "id;text;dimension\n;TEMA A;\ns1;En;\ns2;To;\n;;\n;Kilde: intervjuer;\n"
    fault = statements("s.csv", text.encode())

    assert isinstance(fault, Fault)
    assert fault.place in {Line("s.txt", 2), Line("s.csv", 2)}
    assert "“TEMA A” has no label, and others do" in fault.what
