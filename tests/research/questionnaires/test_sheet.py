"""A sheet for a talk: the same questions, room for notes, and nothing that names anybody."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from cli.questionnaire import app
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import LANGUAGES
from research.questionnaires.sheet import WORDS, files
from research.report.texts import ReportLanguage
from tests.support import questionnaires
from tests.support.data import ROOT

(INTERVIEW,) = questionnaires.shipped("intervju")


def page_of(form: Questionnaire, language: ReportLanguage) -> str:
    return files(form, language)["sheet.html"].decode()


@pytest.mark.parametrize("language", get_args(ReportLanguage))
def test_every_question_has_its_follow_up_and_room_for_notes(language: ReportLanguage) -> None:
    page = page_of(INTERVIEW, language)

    for number, item in enumerate(INTERVIEW.items, 1):
        assert f"<h3>{number}. {item.text[language]}</h3>" in page.replace("&#39;", "'")
        assert item.help.get(language, "") in page.replace("&#39;", "'")
    assert page.count("<textarea") == len(INTERVIEW.items) + 2
    assert page.index(WORDS[language]["yes"]) < page.index("<h3>1. ")
    assert str(INTERVIEW.retention) in page


def test_the_workbook_has_the_same_rows_and_an_empty_column() -> None:
    sheet = load_workbook(io.BytesIO(files(INTERVIEW, "nb")["notes.xlsx"])).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)

    assert header == ("nr.", "del", "spørsmål", "følg opp".capitalize(), "notater")
    assert [row[2] for row in rows[:-2]] == [item.text["nb"] for item in INTERVIEW.items]
    assert {row[4] for row in rows} == {None}


def test_nothing_is_asked_that_names_anybody_and_nothing_is_stored() -> None:
    page = page_of(INTERVIEW, "nb")

    assert re.findall(r"<input [^>]*type=.(\w+)", page) == ["checkbox", "text"]
    assert "<script" not in page
    assert "<form" not in page


def test_what_is_written_in_a_guide_is_no_markup() -> None:
    odd = replace(INTERVIEW, title=dict.fromkeys(LANGUAGES, "<b>& co</b>"))

    assert "&lt;b&gt;&amp; co" in page_of(odd, "nb")


def test_words_are_the_same_in_each_language() -> None:
    assert len({frozenset(words) for words in WORDS.values()}) == 1


@pytest.mark.parametrize(
    ("name", "folders"), [("intervju", ["."]), ("mestring", ["after", "before"])]
)
def test_the_command(name: str, folders: list[str], tmp_path: Path) -> None:
    file = ROOT / f"methods/questionnaires/{name}.toml"
    done = CliRunner().invoke(app, ["sheet", str(file), "--out", str(tmp_path / "sheet")])

    assert done.exit_code == 0, done.output
    found = sorted(path.parent.name for path in tmp_path.glob("sheet/**/sheet.html"))
    assert found == (["sheet"] if folders == ["."] else [f"{name}-{one}" for one in folders])
