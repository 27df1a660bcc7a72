"""The report: its words, its pictures, and how it looks in a browser, on a phone and on paper."""

import string
from dataclasses import replace
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from playwright.async_api import Browser

from research.analysis.flagging import Rule
from research.analysis.solution import Choices
from research.findings import DoubtCode, Findings, investigate
from research.formats.registry import read
from research.notes import FactorNote, FactorNotes
from research.report.document import document, program
from research.report.figures import array, cards, fitted, render, signed, wrapped
from research.report.html import MOST_DOUBTS, Report, report
from research.report.tables import WIDEST_SHEET, Table, tables, workbook
from research.report.texts import (
    CHECKLIST,
    DOUBTS,
    REASONS,
    WORDS,
    ReportLanguage,
    localised,
    number,
)
from tests.research.samples import dataset, planted, random_sorts
from tests.support.chromium import assert_legible, chromium
from tests.support.data import LIPSET

__all__ = ["chromium"]

TEXT = "Jeg snakker med kolleger om det jeg ikke fikk til, også når det er vanskelig å si høyt, {n}"


def findings(steps: int = 0) -> Findings:
    values, _ = planted(3, 3, 5)
    values[:, 2] *= -1
    texts = tuple(TEXT.format(n=n) for n in range(16))
    data = dataset(values, texts=texts, comments={"p1": {"3": "Fordi <det> er slik"}})
    return investigate(data, "Example", Choices, factors=3, bootstrap_steps=steps)


@pytest.fixture(scope="module")
def whole() -> Findings:
    return findings(100)


@pytest.fixture(scope="module")
def drawn(whole: Findings) -> tuple[str, dict[str, bytes]]:
    """The report in bokmål with all its pictures, which take a while to draw."""
    html, pictures = report(whole, "nb")
    return html.decode(), pictures


class TestTexts:
    @pytest.mark.parametrize("texts", [WORDS, REASONS, DOUBTS])
    def test_both_languages_have_the_same_gaps(self, texts: dict[str, tuple[str, str]]) -> None:
        def gaps(text: str) -> set[str | None]:
            return {name for _, name, _, _ in string.Formatter().parse(text) if name}

        for key, (nb, en) in texts.items():
            assert gaps(nb) == gaps(en), key
            assert nb.strip()
            assert en.strip()

    def test_every_doubt_has_words(self) -> None:
        assert set(DOUBTS) == set(get_args(DoubtCode))

    def test_numbers(self) -> None:
        assert number(-1.234, "nb") == "−1,23"
        assert number(-0.001, "en") == "0.00"
        assert number(12, "nb", 0) == "12"

    def test_signed_values(self) -> None:
        assert [signed(v) for v in (-3, 0, 2)] == ["−3", "0", "+2"]


class TestReport:
    @pytest.mark.parametrize("language", ["nb", "en"])
    def test_everything_is_there(
        self,
        language: ReportLanguage,
        whole: Findings,
        drawn: tuple[str, dict[str, bytes]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)
        text = drawn[0] if language == "nb" else report(whole, language)[0].decode()

        column = 0 if language == "nb" else 1
        for key in ("study", "number", "loadings", "consensus", "uncertainty", "limits"):
            assert WORDS[key][column] in text
        for item in CHECKLIST:
            assert item[1 + column] in text
        assert f'<html lang="{language}">' in text
        assert "Fordi &lt;det&gt; er slik" in text
        assert "p3 (−)" in text

    def test_it_is_self_contained(self, drawn: tuple[str, dict[str, bytes]]) -> None:
        text = drawn[0].replace('xlink:href="#', "").replace("http://www.w3.org", "")

        for reaching_out in ("<script", "<link", "src=", "url(http", "@import", 'href="http'):
            assert reaching_out not in text

    def test_many_statements_are_not_drawn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 10)

        html, pictures = report(findings(10), "nb")

        assert pictures == {}
        assert WORDS["too_many_cards"][0] in html.decode()

    def test_many_doubts_are_cut_short(
        self, whole: Findings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)
        doubted = replace(whole, doubts=whole.doubts[:1] * (MOST_DOUBTS + 5))

        assert "… +5" in report(doubted, "nb")[0].decode()

    def test_one_factor_and_strict_flags(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)
        values, _ = planted(3, 1, 8, noise=0.3)
        values[0, :] += np.arange(8) % 2
        found = investigate(
            dataset(values), "Example", lambda n: Choices(n, level=0.001), factors=1
        )

        text = report(found, "en")[0].decode()

        assert "p &lt; 0.001" in text
        assert WORDS["consensus_lead"][1] not in text


class TestTables:
    def test_what_is_no_number_is_never_written(self) -> None:
        with pytest.raises(ArithmeticError):
            Table("x", ("a", "b"), (("1", float("nan")),)).csv()

    def test_correlations_of_many_sorts_are_in_their_csv_only(
        self, monkeypatch: pytest.MonkeyPatch, whole: Findings
    ) -> None:
        monkeypatch.setattr("research.report.tables.WIDEST_SHEET", 10)
        monkeypatch.setattr("research.report.document.WIDEST_SHEET", 10)

        assert document(whole)["correlations"] == "in correlations.csv"
        assert b"PK" in workbook(whole)[:2]
        assert tables(whole)[0].name == "correlations"
        assert WIDEST_SHEET > 100

    def test_the_program_is_named(self) -> None:
        assert program().startswith("Kollegial")


class TestFigures:
    def test_each_card_lies_in_its_column(self) -> None:
        scores = random_sorts(1, 1).astype(int)[:, 0]
        drawn = cards(
            [str(n) for n in range(16)],
            [f"text{n}" for n in range(16)],
            scores,
            scores.astype(float),
            ["6*"] + [""] * 15,
        )
        figure = array(drawn, {v: int((scores == v).sum()) for v in range(-3, 4)}, "Factor f1")

        texts = {t.get_text(): t.get_position()[0] for t in figure.axes[0].texts}

        for n, score in enumerate(scores):
            assert int(texts[f"text{n}"]) == score + 3
        assert "0****" in texts

    def test_a_picture_is_a_whole_svg_with_its_text(
        self, drawn: tuple[str, dict[str, bytes]]
    ) -> None:
        _, pictures = drawn
        root = ET.fromstring(pictures["factor_array_f1.svg"])  # noqa: S314 -- our own file

        assert len(pictures) == 6
        assert root.tag.endswith("svg")
        assert "kolleger" in "".join(root.itertext())
        assert pictures["factor_array_f1.png"].startswith(b"\x89PNG")

    def test_text_is_fitted_to_its_card(self) -> None:
        assert fitted("Kort")[1] == ["Kort"]
        assert fitted("ord " * 60)[0] < 7
        size, lines = fitted("langt " * 300)
        assert size < 5
        assert lines[-1].endswith("…")
        assert all(wrapped("uavbrutt" * 30, 20.0))
        assert wrapped("", 20.0) == []

    def test_the_same_picture_twice(self) -> None:
        drawn = cards(["1"], ["text"], np.array([0]), np.array([0.0]), [""])
        first, second = (render(array(drawn, {0: 1}, "f1"), "svg") for _ in range(2))

        assert first == second


CUT = """() => [...document.querySelectorAll('.scroll')]
    .filter((region) => region.scrollWidth > region.clientWidth + 1 && !region.closest('details'))
    .map((region) => region.innerText.slice(0, 60))"""
"""Tables that are wider than the room they have: on paper their last columns would be lost."""


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
async def test_in_a_browser(
    width: int, chromium: Browser, drawn: tuple[str, dict[str, bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_text(drawn[0], "utf-8")
    page = await assert_legible(chromium, path, width)

    if width == 1280:
        assert await page.evaluate(CUT) == []
        await page.emulate_media(media="print")
        await page.set_viewport_size({"width": 720, "height": 900})  # A4 between its margins
        assert await page.evaluate(CUT) == []
        pdf = await page.pdf(prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF")


@pytest.fixture(scope="module")
def named() -> tuple[Findings, str]:
    """A report with the researcher's words, without its pictures."""
    values, _ = planted(3, 3, 12)
    fields = {f"p{n}": {"rolle": "leder" if n % 2 else "rådgiver"} for n in range(1, 37)}
    notes = FactorNotes(
        {"f1": FactorNote("Fast og trygt", "Første linje\nAndre linje")}, "Fordi vi ser tre"
    )
    found = investigate(
        dataset(values, fields=fields), "KADE or Ken-Q zip", Choices, factors=3, notes=notes
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("research.report.html.MOST_STATEMENTS", 0)
        return found, report(found, "nb")[0].decode()


class TestTheResearchersWords:
    def test_names_stand_where_factors_stand(self, named: tuple[Findings, str]) -> None:
        found, html = named

        assert '<a href="#f1">f1 Fast og trygt</a>' in html
        assert "<h3>Faktor f1 Fast og trygt</h3>" in html
        assert "Første linje\nAndre linje" in html
        assert document(found)["factors"]["f1"]["name"] == "Fast og trygt"
        (factors,) = (table for table in tables(found) if table.name == "factors")
        assert factors.rows[0] == ("f1", "Fast og trygt", "Første linje\nAndre linje")

    def test_the_reason_is_the_researchers_own(self, named: tuple[Findings, str]) -> None:
        assert "3. Fordi vi ser tre" in named[1]

    def test_no_reason_is_put_in_their_mouth(self, whole: Findings) -> None:
        item = next(item[2] for item in CHECKLIST if item[0] == "number")
        answers = dict(Report(whole, "en")._checklist())

        assert answers[item] == "3 (the reason is for the researcher to fill in)"

    def test_what_the_file_was_is_said_in_the_reports_language(
        self, named: tuple[Findings, str]
    ) -> None:
        assert "KADE eller Ken-Q zip" in named[1]

    def test_participants_stand_beside_the_factors(self, named: tuple[Findings, str]) -> None:
        assert "rådgiver" in named[1]
        (fields,) = (table for table in tables(named[0]) if table.name == "fields")
        assert fields.rows[0] == ("rolle", "leder", 6, 6, 6, 0)


class TestDoubts:
    def test_an_unstable_factor_and_a_near_eigenvalue_are_told(self) -> None:
        values, _ = planted(2, 3, 6, noise=1.2)
        found = investigate(dataset(values), "Example", Choices, factors=3, bootstrap_steps=60)
        codes = {doubt.code for doubt in found.doubts}

        assert {"near_chance", "unstable"} <= codes
        told = list(Report(found, "nb")._doubts())
        assert any("et annet frø" in doubt and "," in doubt for doubt in told)

    def test_a_hair_and_a_tie_are_told_apart(self) -> None:
        data, read_as = read(LIPSET / "lipset.csv")

        def significant(number: int) -> Choices:
            return Choices(number, "centroid", level=0.01, flag_rule="significant")

        tied = investigate(data, read_as, significant, factors=6)
        near = investigate(data, read_as, Choices, factors=3)

        told = list(Report(tied, "en")._doubts())
        assert "f2: statements sta_32 and sta_25 have the same z-score." in " ".join(told)
        assert "only 0.007 separates their z-scores" in " ".join(Report(near, "en")._doubts())

    def test_a_centroid_that_other_tools_would_not_give(self) -> None:
        values = random_sorts(4, 12)
        found = investigate(dataset(values), "Example", lambda n: Choices(n, "centroid"), factors=5)

        assert "centroid_differs" in {doubt.code for doubt in found.doubts}

    def test_more_sorts_than_a_page_is_wide(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)
        monkeypatch.setattr("research.report.parts.MOST_CORRELATED", 3)
        monkeypatch.setattr("research.report.plane.MOST_NAMED", 3)

        html = report(findings(), "en")[0].decode()

        assert WORDS["correlations"][1] not in html

    def test_every_rule_of_flags_has_words(self) -> None:
        assert {f"rule_{rule}" for rule in get_args(Rule)} <= set(WORDS)
        assert localised("p1.5", "nb") == "p1.5"
        assert localised("-0.25", "nb") == "−0,25"
