"""Every file that was handed to us, in one table: what comes of it, in the words that are said."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from cli.importing import told
from dialogs.faults import Fault
from dialogs.studies import questionnaire_file
from research.coding import refi
from research.coding.agreement import agreement
from research.coding.coded import judge
from research.coding.material import load
from research.coding.table import read as coding_table
from research.formats.faults import BadFile
from research.formats.registry import read, with_statements
from research.formats.source import SourceFile
from research.instruments import csv_file, reader, yaml_file
from research.study_files import read_studies
from tests.support.data import DATA, SHARED

TODAY = date(2026, 11, 1)
Q, RESEARCH = DATA / "cases" / "q", DATA / "cases" / "research"


def sorts(path: Path) -> str:
    data, taken_for = read(path)
    return f"{len(data.names)} of {len(data.statements)} {taken_for}"


def texts(path: Path) -> str:
    return with_statements(read(Q / "ok_r.csv")[0], path).texts[0]


def study(path: Path) -> str:
    found = read_studies(path, TODAY)
    if isinstance(found, list):
        return f"{len(found)} fault: {found[0]}"
    least, *_, greatest = found[0].grid.values
    count = len(found[0].statements)
    return f"{len(found)} x {count} on {least} to {greatest}"


def questionnaire(path: Path) -> str:
    found = questionnaire_file.read(path.name, path.read_bytes(), TODAY)
    return f"{len(found)} forms" if not isinstance(found[0], Fault) else str(found[0])


def instrument(path: Path) -> str:
    if path.suffix == ".yaml":
        return "\n".join(told(reader.read(yaml_file.load(path.name, path.read_bytes()))))
    return "\n".join(told(reader.read(csv_file.load(SourceFile.of(path)))))


def coding(path: Path) -> str:
    shared = load(SourceFile.of(RESEARCH / "code_shared.jsonl"))
    source = SourceFile.of(path)
    rows = refi.read_codings(source, shared) if refi.is_refi(source) else coding_table(source)[0]
    found = judge(rows, shared)
    two = agreement(found)
    units = [f"{u.row.code}:{u.row.unit}" for u in found.coded]
    return f"{units} kappa {two.kappa if two else None}"


def beside(path: Path) -> str:
    return path.name


TABLE: Mapping[Path, tuple[Callable[[Path], str], str]] = {
    **{
        Q / name: (sorts, "8 of 14")
        for name in (
            "ok_r.csv", "semicolon_r.csv", "plain_one_sheet.xlsx", "r_export_13_counts.dat",
            "excel2_numbers_as_text.xlsx", "excel2_header_row.xlsx", "eq_google_sheets.csv",
            "eq_nested.json", "long.csv",
        )
    },
    Q / "eq_one_incomplete.json": (sorts, "--exclude"),
    Q / "eq_single_record.json": (sorts, "1 of 14"),
    Q / "likert_persons_down.csv": (sorts, "--from"),
    Q / "statements_other_order.csv": (texts, "Text of s1"),
    Q / "flags_columns_swapped.csv": (beside, "flags"),
    Q / "all_unforced.csv": (sorts, "8 of 14"),
    RESEARCH / "aqs90.toml": (study, "1 x 90 on -4 to 4"),
    RESEARCH / "asym_pos.toml": (study, "1 x 24 on -2 to 3"),
    RESEARCH / "ccq100.toml": (study, "1 x 100 on -4 to 4"),
    RESEARCH / "grid_list.toml": (study, "1 x 32 on -5 to 5"),
    RESEARCH / "labels.toml": (study, "1 x 9 on -2 to 2"),
    RESEARCH / "lang_nb_uk.toml": (study, "1 fault: lang_nb_uk.toml:2"),
    RESEARCH / "lang_sami.toml": (study, "1 x 9 on -2 to 2"),
    RESEARCH / "plus_keys.toml": (study, "1 fault: plus_keys.toml:20"),
    RESEARCH / "q_12choices.toml": (study, "1 x 9 on -2 to 2"),
    RESEARCH / "q_checkbox.toml": (study, "1 x 9 on -2 to 2"),
    RESEARCH / "q_rating.toml": (study, "1 x 9 on -2 to 2"),
    RESEARCH / "q_required.toml": (study, "1 fault: q_required.toml:"),
    RESEARCH / "same_start47.toml": (study, "1 x 47 on -5 to 5"),
    RESEARCH / "sixty_long.toml": (study, "1 x 60 on -6 to 6"),
    RESEARCH / "swap100.toml": (study, "1 x 100 on 0 to 7"),
    RESEARCH / "unforced.toml": (study, "1 fault: unforced.toml:"),
    RESEARCH / "unicode_minus.toml": (study, "1 x 32 on -5 to 5"),
    RESEARCH / "waves.toml": (study, "2 x 9 on -2 to 2"),
    RESEARCH / "wide9.toml": (study, "1 x 83 on -9 to 9"),
    **{
        RESEARCH / f"{name}.toml": (study, "1 x 4 on -1 to 1")
        for name in (
            "st_cp1252", "st_emptycol", "st_extracol", "st_names", "st_noheader", "st_sta1252",
            "st_txt", "st_xlsx", "st_xml",
        )
    },
    **{
        RESEARCH / name: (beside, "st")  # by the studies above
        for name in (
            "st.xlsx", "st_cp1252.csv", "st_cp1252.sta", "st_emptycol.csv", "st_extracol.csv",
            "st_names.csv", "st_noheader.csv", "st_txt.txt", "statements.xml",
        )
    },
    RESEARCH / "mixed.toml": (questionnaire, "2 forms"),
    RESEARCH / "negative_values.toml": (questionnaire, "1 forms"),
    RESEARCH / "phq_like.csv": (instrument, "0 = 0 Aldri"),
    RESEARCH / "dk_norwegian.csv": (instrument, "no step of the scale"),
    RESEARCH / "plain_no.csv": (instrument, "a questionnaire"),
    RESEARCH / "redcap_dictionary.csv": (instrument, "a questionnaire"),
    RESEARCH / "xlsform.xlsx": (instrument, "a questionnaire"),
    RESEARCH / "yaml_0based.yaml": (instrument, "a questionnaire"),
    RESEARCH / "code_two_codes_in_cell.csv": (coding, "'spør:', 'venter:'"),
    RESEARCH / "code_two_units_same_code.csv": (coding, "['spør:', 'spør:'"),
    RESEARCH / "code_meaning_unit_cut.csv": (coding, "spør:Jeg spurte om målet, og"),
    RESEARCH / "code_own_meaning_unit_column.csv": (coding, "øver:Jeg spurte om målet"),
    RESEARCH / "code_two_coders.csv": (coding, "kappa 0"),
    RESEARCH / "code_taguette.csv": (coding, "spør:Jeg ble stående"),
    RESEARCH / "code_shared.jsonl": (beside, "shared"),
    RESEARCH / "project.qdpx": (coding, "REFI-QDA project"),
}  # fmt: skip


IN_THE_WRONG_PLACE: Sequence[tuple[Callable[[Path], str], Path, str]] = (
    (sorts, RESEARCH / "project.qdpx", "kollegial code import"),
    (sorts, RESEARCH / "xlsform.xlsx", "kollegial questionnaire import"),
    (sorts, RESEARCH / "statements.xml", "--statements FILE"),
    (sorts, RESEARCH / "code_taguette.csv", "kollegial code import"),
    (instrument, RESEARCH / "project.qdpx", "kollegial code import"),
    (instrument, RESEARCH / "code_taguette.csv", "kollegial code import"),
    (instrument, DATA / "lipset" / "lipset_KADE.zip", "kollegial analyse"),
    (coding, DATA / "lipset" / "lipset_KADE.zip", "kollegial analyse"),
    (coding, RESEARCH / "xlsform.xlsx", "kollegial questionnaire import"),
    (coding, Q / "eq_google_sheets.csv", "kollegial analyse"),
    (texts, RESEARCH / "project.qdpx", "kollegial code import"),
)


@pytest.mark.parametrize(
    ("read_it", "path", "said"),
    IN_THE_WRONG_PLACE,
    ids=lambda one: getattr(one, "__name__", getattr(one, "name", "")),
)
def test_a_known_file_in_the_wrong_place_is_told_the_right_one(
    read_it: Callable[[Path], str], path: Path, said: str
) -> None:
    with pytest.raises(BadFile, match=said):
        read_it(path)


@pytest.mark.parametrize("path", TABLE, ids=lambda path: path.name)
def test_what_comes_of_a_handed_file(path: Path) -> None:
    read_it, said = TABLE[path]
    try:
        found = read_it(path)
    except BadFile as refused:
        found = str(refused)

    assert said in found


def test_no_file_is_left_out() -> None:
    assert {*TABLE} == {*Q.iterdir(), *RESEARCH.iterdir()}


@pytest.mark.shared
def test_all_that_was_handed_is_here() -> None:
    here = {path.name for path in TABLE} | {"README.md"}
    handed = {path.name for path in (SHARED / "cases").glob("*/*") if path.suffix != ".ics"}

    assert handed <= here
