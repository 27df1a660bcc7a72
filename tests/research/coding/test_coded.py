"""A coding without contradictions is counted; each contradiction is named with its row."""

from dataclasses import replace

import pytest

from research.coding.coded import (
    Code,
    codes,
    comparable,
    counts,
    judge,
    names,
)
from research.coding.material import material
from research.coding.report import group_of, phase_of, role_of
from research.coding.table import FilledRow
from research.formats.faults import BadFile
from tests.research.coding.samples import answer, coding, filled, sample
from tests.support.questionnaires import ASKS

MATERIAL = sample()
NOTHING = ("", "", "", "")


def refused(rows: list[FilledRow]) -> str:
    with pytest.raises(BadFile) as refusal:
        judge(rows, MATERIAL)
    return str(refusal.value)


def said(*cells: tuple[str, str, str, str]) -> str:
    return refused(filled(MATERIAL, *cells))


class TestContradictions:
    def test_a_code_in_two_categories(self) -> None:
        found = said(("spør", "Møtet", "", ""), ("spør", "Rammer", "", ""))

        assert f"row 3 ({MATERIAL.passages[1].id}): The code “spør” is in the category" in found
        assert "“Rammer” here, and in “Møtet” in row 2. Expected one category for each" in found
        assert "Choose one of them, or make two of the code." in found

    def test_a_category_in_two_main_categories(self) -> None:
        found = said(("a", "Møtet", "Oss", ""), ("b", "Møtet", "Dem", ""))

        assert "The category “Møtet” is in the main category “Dem” here, and in “Oss”" in found

    def test_two_spellings(self) -> None:
        found = said(("Spør", "", "", ""), NOTHING, ("spør", "", "", ""))

        assert "row 4" in found
        assert "The code is “spør” here and “Spør” in row 2. Expected one spelling." in found

    def test_a_category_without_a_code(self) -> None:
        found = said(("", "Møtet", "", ""), ("a", "", "Oss", ""))

        assert "row 2" in found
        assert "There is a category and no code." in found
        assert "There is a main category and no category." in found

    def test_a_text_that_is_not_known(self) -> None:
        rows = filled(MATERIAL)
        rows[0] = replace(rows[0], id="t-none")
        rows[1] = replace(rows[1], id="")
        found = refused(rows)

        assert "row 2 (t-none): There is no shared text called “t-none”." in found
        assert "row 3: The cell `row` is empty." in found

    def test_a_text_that_was_changed(self) -> None:
        rows = filled(MATERIAL)
        rows[0] = replace(rows[0], text=f"{rows[0].text} og mer")
        found = refused(rows)

        assert found.startswith(f"row 2 ({MATERIAL.passages[0].id}): The text is not the one")
        assert "condensed meaning" in found

    def test_the_same_code_twice_for_a_text(self) -> None:
        rows = filled(MATERIAL, ("a", "", "", ""))
        assert "The text has the code “a” in row 2 already." in refused(
            [*rows, replace(rows[0], number=40)]
        )
        assert "stands in row 3 already, and neither has a code" in refused(
            [*rows, replace(rows[1], number=40)]
        )

    def test_a_quote_that_identifies(self) -> None:
        found = said(("a", "", "", "Ring meg på 22 22 55 55 om det"))

        assert "The quote has something that identifies a person" in found
        assert "22 22" not in found

    def test_all_are_told_at_once(self) -> None:
        found = said(("", "Møtet", "", ""), ("a", "", "Oss", ""))

        assert found.count("row ") >= 2


class TestStages:
    def test_a_code_is_placed_where_any_row_places_it(self) -> None:
        found = coding(
            MATERIAL, ("a", "", "", ""), ("a", "Møtet", "", ""), ("b", "Møtet", "Oss", "")
        )

        assert codes(found) == [Code("Oss", "Møtet", "a"), Code("Oss", "Møtet", "b")]

    def test_codes_come_by_main_category_and_what_is_not_placed_comes_last(self) -> None:
        found = coding(
            MATERIAL,
            ("å", "", "", ""),
            ("c", "Z", "", ""),
            ("b", "Y", "Oss", ""),
            ("a", "X", "Andre", ""),
        )

        assert [one.code for one in codes(found)] == ["a", "b", "c", "å"]

    def test_a_text_of_several_meaning_units(self) -> None:
        rows = filled(MATERIAL, ("a", "", "", ""))
        more = replace(rows[0], number=40, code="b", text="")
        found = judge([*rows, more], MATERIAL)

        assert [unit.row.code for unit in found.coded] == ["a", "b"]

    def test_what_is_not_done_yet_is_noted(self) -> None:
        rows = filled(MATERIAL, ("a", "", "", ""), ("b", "Møtet", "", ""))[:-6]
        notes = [note.said("en") for note in judge(rows, MATERIAL).notes]

        assert notes[0].startswith("6 of 12 texts are not in the table")
        assert notes[0].endswith(" ....")
        assert notes[1:] == ["Rows without a code yet: 4.", "Codes without a category yet: a."]

    def test_a_quote_that_may_name_someone_is_noted(self) -> None:
        found = coding(MATERIAL, *[("a", "M", "O", "Da sa Torgeir at det gikk")] + [NOTHING] * 11)
        said = [note.said("nb") for note in found.notes]

        assert "Rad 2: «Torgeir» i sitatet kan være et navn. Ta det ut hvis det kan røpe noen." in (
            said
        )

    def test_counts_by_group_and_phase(self) -> None:
        cells = [("a", "", "", ""), NOTHING, ("a", "", "", ""), ("b", "", "", "")] * 3
        found = coding(MATERIAL, *cells)

        assert names(found, group_of) == ["GRUPPE1", "GRUPPE2", "GRUPPE3"]
        assert counts(found, group_of)["a"] == {"GRUPPE1": 2, "GRUPPE2": 2, "GRUPPE3": 2}
        assert counts(found, phase_of)["b"] == {"reflection: closing": 3}
        assert counts(found, role_of)["a"] == {"adviser": 6}


class TestComparing:
    @pytest.mark.parametrize(
        "saved",
        [
            "Jeg spør «først»\r\nog venter 🦊",
            " Jeg spør «først» og venter 🦊 ",
            "Jeg spør «først»\nog venter ??",
            "Jeg spør «først»\nog venter ?",
        ],
    )
    def test_what_spreadsheets_change_counts_as_the_same(self, saved: str) -> None:
        assert comparable(saved) == comparable("Jeg spør «først»\nog venter 🦊")

    @pytest.mark.parametrize("saved", ["Jeg spoer", "Jeg spÃ¸r", "jeg spør", "Jeg spør."])
    def test_other_changes_do_not(self, saved: str) -> None:
        assert comparable(saved) != comparable("Jeg spør")


def test_a_material_without_roles_has_none_to_compare() -> None:
    found = material(ASKS, {"t": answer("t", group="A", method="m", phase="p")}, (), "group")

    assert names(coding(found), role_of) == []
