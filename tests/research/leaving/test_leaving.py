"""What leaves passes a strict small reader of each program, and says what was answered."""

import io
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from dialogs.studies.answering import Answer
from dialogs.studies.items import Item, Option
from dialogs.studies.questionnaire import Block, Questionnaire, Sum
from research.analysis.items import alpha, item_rest
from research.analysis.rotation import Judgment
from research.analysis.solution import Choices
from research.findings import investigate as analysed
from research.formats.source import unguard
from research.leaving import sorts
from research.leaving.answers import files
from research.leaving.norwegian_excel import for_excel, written
from research.leaving.variables import columns_of
from research.questionnaires.answers import AnsweredForm, form, read, write
from research.questionnaires.findings import FormDoubt, added, investigate
from research.questionnaires.tables import tables
from research.questionnaires.words import in_words
from research.report import folder
from research.report import tables as report_tables
from research.report.tables import Table
from research.studies import StudyRefused
from tests.research.leaving.readers import (
    excel_in_norwegian,
    r_parses,
    r_read_csv,
    spss_reads,
)
from tests.research.samples import dataset, planted
from tests.support.questionnaires import AFTER, BEFORE, ONCE, SCALE, spoken

R = shutil.which("Rscript")


def run_r(script: str, where: Path) -> str:
    """What a script says in R."""
    done = subprocess.run([str(R), script], cwd=where, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def r_has(package: str) -> bool:
    """Whether R is here, and a package of it."""
    code = f'quit(status = as.integer(!requireNamespace("{package}", quietly = TRUE)))'
    return R is not None and not subprocess.run([R, "-e", code], check=False).returncode


GIVEN = {
    "elg": {"role": "yes", "calm": "1", "stress": "3", "why": "=Fordi; «ja»", "means": "plan"},
    "ulv": {"role": "yes", "calm": "unknown", "stress": "2", "means": "(none)"},
    "rev": {"role": "yes", "calm": "3"},
    "and": {"role": "yes", "calm": "2", "stress": "1", "means": "plan,team"},
    "mus": {"role": "yes", "calm": "2", "stress": "1", "else": "linje\nto"},
}


def made(study: Questionnaire, given: dict[str, dict[str, str]]) -> AnsweredForm:
    answers = {name: Answer(study.information.version, row) for name, row in given.items()}
    return form(study, answers, invited=20, withdrawn=(), left_out=())


def test_open_not_asked_and_unknown_are_three_things() -> None:
    columns = columns_of(made(ONCE, GIVEN), "nb")
    by_name = {one.name: n for n, one in enumerate(columns.variables)}

    calm, stress, plan = (by_name[name] for name in ("calm", "stress", "means_plan"))
    assert columns.variables[calm].missing == {
        -99: "Ikke besvart", -98: "Ikke spurt", -97: "vet ikke nb",
    }  # fmt: skip
    assert [row[calm] for row in columns.rows.values()] == [2, 1, 2, 3, -97]
    assert columns.rows["rev"][stress] == -99
    assert columns.rows["ulv"][plan] == 0
    assert columns.rows["rev"][plan] == -99
    assert columns.rows["and"][by_name["role"]] == 1


def test_what_is_missing_lies_below_every_value() -> None:
    low = tuple(Option(str(v), spoken(f"v{v}"), v) for v in (-95, 0))
    items = tuple(Item(id=i, text=spoken(i), way="one", options=low) for i in ("1-x", "all"))
    study = replace(ONCE, blocks=(Block("b", spoken("B"), items),), sums=())
    columns = columns_of(made(study, {"a": {"1-x": "-95"}}), "en")

    assert [one.name for one in columns.variables] == ["v_1_x", "all_2"]
    assert columns.lowest == -999
    assert columns.rows["a"] == (-95, -999)


def test_the_coded_csv_is_numbers_in_r() -> None:
    found = files(made(ONCE, GIVEN), "nb")
    columns = r_read_csv(found["answers_coded.csv"])

    assert all(isinstance(cell, float) for name in columns if name != "pseudonym"
               for cell in columns[name])  # fmt: skip
    assert columns["calm"] == [2.0, 1.0, 2.0, 3.0, -97.0]


def test_the_r_script_labels_everything_and_declares_what_is_missing() -> None:
    study = replace(ONCE, title=spoken('Skjema "en"\nto'))
    found = files(made(study, GIVEN), "nb")
    statements = r_parses(found["answers.R"])

    (labels,) = (one for one in statements if one.startswith("labels <-"))
    (missing,) = (one for one in statements if one.startswith("missing <-"))
    assert 'stress = "Travelt? nb"' in labels
    assert '"vet ikke nb" = -97' in missing
    assert any("cbind(calm, (4 - stress))" in one for one in statements)


@pytest.mark.skipif(R is None, reason="R is not here")
def test_the_script_runs_in_r_and_gives_our_numbers(tmp_path: Path) -> None:
    people_ = {  # as many of each that nothing is hidden
        f"p{n:02}": {"calm": str(1 + n % 3), "stress": str(3 - n % 4 // 2)} for n in range(60)
    }
    unsure = {f"z{n}": {"calm": "unknown", "stress": str(1 + n % 2)} for n in range(12)}
    found = made(ONCE, people_ | unsure)
    for name, content in files(found, "nb").items():
        (tmp_path / name).write_bytes(content)

    said = run_r("answers.R", tmp_path)

    (summed,) = investigate([found]).forms[0].sums
    assert summed.summary is not None
    assert summed.alpha is not None
    (calm,) = (line for line in said.splitlines() if line.startswith("calm"))
    assert [float(cell) for cell in calm.split()[1:3]] == [60, 2]
    assert float(said.split("alpha:")[1].split()[0]) == pytest.approx(summed.alpha, abs=1e-5)
    assert "vet ikke nb" in said


def test_the_syntax_of_spss_names_nothing_that_is_not_there() -> None:
    found = files(made(ONCE, GIVEN), "en")
    syntax = spss_reads(found["answers.sps"])

    assert syntax.labels["calm"] == "Rolig? en"
    assert syntax.values["calm"] == {
        1: "aldri en", 2: "av og til en", 3: "alltid en",
        -99: "Left open", -98: "Not asked", -97: "vet ikke en",
    }  # fmt: skip
    assert set(r_read_csv(found["answers_coded.csv"])) <= set(syntax.variables)
    assert any(one.startswith("RELIABILITY /VARIABLES= calm") for one in syntax.commands)
    (declared,) = (one for one in syntax.commands if one.startswith("MISSING VALUES"))
    assert declared.endswith("(-99 THRU -97)")


def test_the_workbook_has_answers_labels_codebook_and_texts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(files(made(ONCE, GIVEN), "nb")["answers.xlsx"]))
    cells = {s.title: [list(row) for row in s.iter_rows(values_only=True)] for s in book}

    assert list(cells) == ["answers", "labels", "codebook", "texts"]
    calm = cells["answers"][0].index("calm")
    assert [row[calm] for row in cells["answers"][1:]] == [2, 1, 2, 3, None]
    assert [row[calm] for row in cells["labels"][1:]][-1] == "vet ikke nb"
    assert ["calm", "calm", None, "Arbeidet nb", "Rolig? nb", "ordinal", 0, "missing", -99,
            "Ikke besvart"] in cells["codebook"]  # fmt: skip
    assert cells["texts"][1] == ["elg", "why", "Hvorfor? nb", "'=Fordi; «ja»"]


def test_those_who_answered_both_times_stand_side_by_side() -> None:
    before = made(BEFORE, {"elg": {"calm": "1"}, "rev": {"calm": "3"}, "ulv": {"calm": "2"}})
    late = {"and": {"calm": "2"}, "mus": {}, "gås": {"calm": "1"}}
    after = replace(made(AFTER, late), before={"and": "elg", "mus": "rev", "gås": "borte"})
    book = openpyxl.load_workbook(io.BytesIO(files(after, "nb", before)["answers.xlsx"]))
    header, *rows = book["pairs"].iter_rows(values_only=True)

    calm = header.index("calm_before")
    assert header[:2] == ("pseudonym_before", "pseudonym_after")
    assert header[calm + 1] == "calm_after"
    assert [(*row[:2], *row[calm : calm + 2]) for row in rows] == [
        ("elg", "and", 1, 2),
        ("rev", "mus", 3, None),
    ]
    with pytest.raises(StudyRefused, match="was not asked after"):
        files(before, "nb", after)


def test_csv_for_excel_in_norwegian_is_read_back_too(tmp_path: Path) -> None:
    found = made(ONCE, GIVEN)
    write(tmp_path / "out", found, files(found, "nb"), "excel")

    for name in ("answers.csv", "texts.csv"):
        rows = excel_in_norwegian((tmp_path / "out" / name).read_bytes())
        assert len(rows) > 1
    assert r_read_csv((tmp_path / "out" / "answers_coded.csv").read_bytes())
    assert read(tmp_path / "out") == found


def test_decimals_become_commas() -> None:
    table = Table("x", ("navn", "tall"), (("Å; ja", 1.5), ("0.1", -2.25), ("b", 1e-07)))

    assert excel_in_norwegian(for_excel(table.csv())) == [
        ["navn", "tall"], ["Å; ja", 1.5], [0.1, -2.25], ["b", 1e-07],
    ]  # fmt: skip
    assert written({"a.csv": b"a\n", "b.csv": b"b\n"}, "excel", frozenset({"b.csv"})) == {
        "a.csv": b"\xef\xbb\xbfa\r\n",
        "b.csv": b"b\n",
    }
    assert written({"a.csv": b"a\n"}, "r") == {"a.csv": b"a\n"}


@pytest.mark.parametrize(
    "text", ["1,2", "1,2,3", "1-5", "3/4", "1-2-2030", "1.2.2030", "12:30", "007", "1. mai", "2E3"]
)
def test_texts_that_excel_would_reshape_stay_texts(text: str) -> None:
    table = Table("x", ("navn", "svar"), (("a", text), ("b", 0.5)))

    header, row, number = excel_in_norwegian(for_excel(table.csv()))

    assert header == ["navn", "svar"]
    assert row == ["a", f"'{text}"]
    assert unguard(f"'{text}") == text
    assert number == ["b", 0.5]


@pytest.mark.parametrize("text", ["elg", "p1", "1", "-3", "plan,team", "Møtet kl. 12", "s1-2"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert for_excel(f"{text if ',' not in text else chr(34) + text + chr(34)}\n".encode()) == (
        b"\xef\xbb\xbf" + text.encode() + b"\r\n"
    )


class TestSorts:
    DATA = replace(
        dataset(
            planted(3, 3, 5)[0],
            comments={"p1": {"2": "Derfor"}},
            fields={"p2": {"alder": "4"}},
        ),
        title='En "studie"',
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("choices", "expected"),
        [
            (Choices(factors=2), 'extraction = "PCA"'),
            (Choices(factors=2, extraction="centroid"), 'extraction = "centroid"'),
            (Choices(factors=2, extraction="horst"), "begins with our loadings"),
            (Choices(factors=2, rotation=Judgment(())), "begins with our loadings"),
        ],
    )
    def test_the_analysis_is_repeated_in_r(
        self, choices: Choices, expected: str, tmp_path: Path
    ) -> None:
        found = analysed(self.DATA, "", lambda _: choices, factors=2)
        script = sorts.analysis_script(found, "Kollegial")
        if R is not None:
            (tmp_path / "analysis.R").write_bytes(script)
            (tmp_path / "parse.R").write_text('invisible(parse("analysis.R"))', "utf-8")
            run_r("parse.R", tmp_path)

        assert expected in script.decode()
        assert any("qzscores(sorts, nfactors = 2, forced = TRUE" in s for s in r_parses(script))

    @pytest.mark.skipif(not r_has("qmethod"), reason="R's qmethod is not here")
    @pytest.mark.parametrize("extraction", ["pca", "centroid"])
    def test_r_gives_the_same(self, extraction: str, tmp_path: Path) -> None:
        found = analysed(
            self.DATA,
            "",
            lambda n: Choices(factors=n, compat="r", extraction=extraction),  # type: ignore[arg-type]  # a parameter is one of the two words
            factors=3,
        )
        kept = ("zscores", "loadings", "flags")
        written_ = {f"{t.name}.csv": t.csv() for t in report_tables.tables(found) if t.name in kept}
        written_[sorts.SORTS] = sorts.sorts_table(found.data).csv()
        written_["analysis.R"] = sorts.analysis_script(found, "Kollegial")
        folder.write(tmp_path / "a", written_)

        said = run_r("analysis.R", tmp_path / "a")

        assert float(said.split("greatest difference:")[1].split()[0]) < 0.002

    def test_unforced_sorts_say_their_distribution(self) -> None:
        data = replace(self.DATA, sorts=self.DATA.sorts.copy())
        data.sorts[0, 0] = 3
        script = sorts.sorts_script(data, "sorts_r.csv", "Kollegial")

        assert "forced = FALSE, distribution = c(-3, -2, -2" in script.decode()
        assert len(r_parses(script)) == 8
        assert '  "2" = "Statement number 2",' in script.decode()

    def test_sorts_for_spss_and_excel(self) -> None:
        called = {-3: "Minst lik meg", 3: "Mest 'lik' meg"}
        syntax = spss_reads(sorts.sorts_syntax(self.DATA, "sorts_r.csv", "Kollegial", called))
        book = openpyxl.load_workbook(io.BytesIO(sorts.sorts_workbook(self.DATA)))

        assert syntax.labels["q1"] == "p1"
        assert syntax.values["q1"] == called
        assert "IF (statement = '2') text = 'Statement number 2'" in syntax.commands
        assert book.sheetnames == ["sorts", "persons", "comments", "answers"]
        assert book["persons"]["B2"].value == self.DATA.sorts[0, 0]
        assert r_read_csv(sorts.sorts_table(self.DATA).csv())["p1"] == [
            float(value) for value in self.DATA.sorts[:, 0]
        ]


# Gaps, alpha, and items that go against the rest


ITEMS = tuple(Item(id=f"i{n}", text=spoken(f"I{n}"), way="one", options=SCALE) for n in range(4))
TOGETHER = replace(
    ONCE,
    blocks=(Block("b", spoken("B"), ITEMS),),
    sums=(Sum("s", spoken("S"), tuple(one.id for one in ITEMS)),),
)


def people(rows: list[list[int]]) -> dict[str, dict[str, str]]:
    return {
        f"p{n:02}": {f"i{i}": str(value) for i, value in enumerate(row) if value}
        for n, row in enumerate(rows)
    }


def test_a_forgotten_reversal_is_seen() -> None:
    rows = [[v, v, v, 4 - v] for v in (1, 2, 3) for _ in range(4)]
    found = investigate([made(TOGETHER, people(rows))])
    (summed,) = found.forms[0].sums

    assert summed.against == ("i3",)
    assert summed.rest == {}, "how much it goes against them leads back to counts that are hidden"
    all_told = investigate([made(TOGETHER, people(rows))], least=1)
    assert all_told.forms[0].sums[0].rest["i3"] == pytest.approx(-1)
    (doubt,) = (one for one in found.doubts if one.code == "turned")
    assert doubt.names == "i3"
    assert "Was it forgotten" in in_words(doubt, "en")
    assert "alpha" in {one.code for one in all_told.doubts}


def test_an_alpha_below_zero_is_told_as_it_is() -> None:
    doubt = FormDoubt("alpha", -10, 100, "calm")

    assert "(Cronbachs alfa −0,10)" in in_words(doubt, "nb")
    assert "(Cronbach's alpha −0.10)" in in_words(doubt, "en")


def test_how_many_were_complete_of_how_many_answered() -> None:
    rows = [[1, 2, 3, 1]] * 6 + [[3, 3, 3, 2]] * 5 + [[2, 2, 2, 0], [2, 0, 0, 0], [0, 0, 0, 0]]
    form_ = made(TOGETHER, people(rows))
    sums = {gaps: investigate([form_], least=1, gaps=gaps).forms[0].sums[0]
            for gaps in ("complete", "most", "half")}  # fmt: skip

    assert (sums["complete"].answered, sums["complete"].complete) == (13, 11)
    assert [one.summary.n for one in sums.values() if one.summary] == [11, 11, 12]
    assert ("gaps", 2, 13) in {(d.code, d.n, d.of) for d in investigate([form_]).doubts}
    (table,) = (t for t in tables(investigate([form_]), "nb") if t.name == "sums")
    assert table.header[-4:] == ("answered", "complete", "filled", "alpha")


def test_what_is_missing_counts_as_the_mean_of_the_rest() -> None:
    assert added([1, 2, 3, None], "complete") is None
    assert added([1, 2, 3, None], "half") == 8
    assert added([1, 2, 3, None], "most") is None
    assert added([1, None, None, None], "half") is None
    assert added([None, None], "half") is None


def test_alpha_is_cronbachs() -> None:
    # Two items that are the same: 1. Three of a textbook: by hand from the variances.
    assert alpha([[1, 1], [2, 2], [3, 3]]) == pytest.approx(1)
    rows = [[2, 3, 3], [4, 4, 5], [3, 3, 4], [5, 4, 5], [1, 2, 2]]
    values = np.array(rows, dtype=float)
    expected = 3 / 2 * (1 - values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1))
    assert alpha(rows) == pytest.approx(expected)
    assert alpha([[1, 1], [1, 1]]) is None
    assert alpha([[1], [2]]) is None
    assert item_rest(("a", "b"), [[1, 2], [2, 2]]) == {}
    assert item_rest(("a",), [[1], [2]]) == {}
