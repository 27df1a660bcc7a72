"""The coding report: what it shows, what it never shows, and how it looks."""

import csv
import io
import string
from pathlib import Path
from typing import get_args

import pytest
from playwright.async_api import Browser

from research.coding.coded import Coding
from research.coding.report import report, tables
from research.coding.words import LIMITS, NOTES, WORDS, NoteCode
from research.report.texts import ReportLanguage
from tests.research.coding.samples import coding, sample
from tests.support.chromium import assert_legible, chromium

__all__ = ["chromium"]

CELLS = [
    ("spør", "Møtet", "Samarbeid", "Jeg spør <først> hva den andre vil."),
    ("teller til ti", "Møtet", "Samarbeid", ""),
    ("avtaler", "Rammer", "Samarbeid", "Vi avtaler hvem som gjør hva."),
    ("vet ikke", "", "", "Jeg sa at jeg ikke visste."),
]


def whole() -> Coding:
    return coding(sample(), *CELLS * 3)


def table(found: Coding, name: str) -> list[list[str]]:
    (data,) = (one.csv() for one in tables(found) if one.name == name)
    return list(csv.reader(io.StringIO(data.decode())))


def test_counts_by_code_and_group() -> None:
    assert table(whole(), "counts") == [
        ["main category", "category", "code", "texts", "GRUPPE1", "GRUPPE2", "GRUPPE3"],
        ["Samarbeid", "Møtet", "spør", "3", "1", "1", "1"],
        ["Samarbeid", "Møtet", "teller til ti", "3", "1", "1", "1"],
        ["Samarbeid", "Rammer", "avtaler", "3", "1", "1", "1"],
        ["", "", "vet ikke", "3", "1", "1", "1"],
    ]


def test_coverage_is_a_mark_for_each_group_and_phase() -> None:
    header, first, second, *_ = table(coding(sample(), *CELLS), "coverage")

    assert header[3:] == [
        *("groups", "phases"),
        *("GRUPPE1", "GRUPPE2", "GRUPPE3"),
        *("reflection: alternatives", "reflection: closing"),
    ]
    assert first[2:] == ["spør", "1", "1", "1", "0", "0", "1", "0"]
    assert second[2:] == ["teller til ti", "1", "1", "1", "0", "0", "0", "1"]


def test_roles_are_compared_where_five_texts_are_alike() -> None:
    found = coding(sample("role", groups=6), *CELLS * 6)

    assert table(found, "roles")[0][3:] == ["adviser", "specialist"]
    assert table(found, "roles")[1][2:] == ["spør", "6", "0"]
    few = coding(sample("role", groups=6), *CELLS * 3)
    assert table(few, "roles")[1][2:] == ["spør", "(hidden)", "(hidden)"]
    assert {row[5] for row in table(few, "quotes")[1:]} == {""}, "one could count them there"
    both = coding(sample("role", groups=6), *[CELLS[0]] * 24)
    assert table(both, "roles")[1][2:] == ["spør", "12", "12"]
    assert {row[5] for row in table(both, "quotes")[1:]} == {"adviser", "specialist"}


def test_without_two_roles_none_are_compared() -> None:
    assert {one.name for one in tables(coding(sample(with_roles=False), *CELLS))} == {
        "counts",
        "coverage",
        "quotes",
        "units",
        "codebook",
    }


def test_quotes_come_by_category() -> None:
    rows = table(whole(), "quotes")[1:]

    assert [row[3] for row in rows[::3]] == [CELLS[0][3], CELLS[2][3], CELLS[3][3]]
    assert rows[0][4:] == ["GRUPPE1", "", "reflection: alternatives", "t-0100abab"]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_report_says_it_all(language: ReportLanguage) -> None:
    text = report(coding(sample("role", groups=6), *CELLS * 6), language).decode()

    column = 0 if language == "nb" else 1
    for key in ("stages", "notes", "categories", "coverage", "by_role", "quotes", "limits"):
        assert f"{WORDS[key][column]}</h2>" in text
    assert all(limit[column] in text for limit in LIMITS)
    assert "Samarbeid · Møtet" in text
    assert "Jeg spør &lt;først&gt; hva den andre vil." in text
    assert f'<html lang="{language}">' in text
    for reaching_out in ("<script", "<link", "src=", "url(http", "@import", 'href="http'):
        assert reaching_out not in text


def test_a_text_as_it_was_shared_is_never_in_the_report() -> None:
    found = whole()
    everything = report(found, "nb").decode() + "".join(one.csv().decode() for one in tables(found))

    for passage in found.material.passages:
        assert passage.text[:20] not in everything


def test_a_table_that_is_still_empty_has_a_report() -> None:
    text = report(coding(sample()), "nb").decode()

    assert WORDS["no_quotes"][0] in text
    assert "Rader uten kode ennå: 12." in text


def test_both_languages_have_the_same_gaps() -> None:
    def gaps(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for nb, en in [*WORDS.values(), *NOTES.values(), *LIMITS]:
        assert gaps(nb) == gaps(en), nb
    assert set(NOTES) == set(get_args(NoteCode))


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
async def test_in_a_browser(width: int, chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(report(coding(sample("role", groups=6), *CELLS * 6), "nb"))

    await assert_legible(chromium, path, width)
