"""What a questionnaire found: the published numbers come out, nobody is paired by guess."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.studies.answering import Answer, dump_answer
from dialogs.studies.items import Condition
from dialogs.studies.questionnaire import Questionnaire
from research.formats.faults import BadFile
from research.questionnaires import answers
from research.questionnaires.answers import (
    AnsweredForm,
    Pairs,
    form,
    open_answers,
    pair,
    read,
    write,
)
from research.questionnaires.findings import FormFindings, investigate
from research.questionnaires.report import report
from research.questionnaires.tables import tables
from research.report.texts import ReportLanguage
from research.studies import StudyRefused
from storage.crypto.sealing import generate_identity, read_identity
from tests.support.questionnaires import AFTER, BEFORE, ONCE, shipped

MESTRING_BEFORE, MESTRING_AFTER = shipped("mestring")


def made(
    study: Questionnaire, rows: dict[str, dict[str, str]], before: dict[str, str] | None = None
) -> AnsweredForm:
    given = {
        name: Answer(study.information.version, row, (before or {}).get(name, ""))
        for name, row in rows.items()
    }
    return form(study, given, invited=20, withdrawn=(), left_out=())


def persons(n: int, **columns: list[str]) -> dict[str, dict[str, str]]:
    """Rows by pseudonym, from columns; an empty answer is left open."""
    return {
        f"p{i:02}": {
            item: values[i] for item, values in columns.items() if i < len(values) and values[i]
        }
        for i in range(n)
    }


def reported() -> tuple[AnsweredForm, AnsweredForm]:
    """Answers with the numbers that the published study reports, where it reports them."""
    before = persons(
        16,
        bg_mi=["yes"] * 13 + ["no"] * 3,
        bg_training=["yes"] * 7 + ["no"] * 9,
        bg_state=["yes"] * 16,
        bg_education=["master"] * 5 + ["bachelor"] * 11,
        m14=["2"] * 8 + ["3"] * 8,
        w20=["2"] * 11 + ["3"] * 5,  # 2.31
        w26=["3"] * 16,
    )
    after = persons(
        15,
        m14=["3"] * 15,
        w20=["2"] * 11 + ["1"] * 4,  # 1.73
        w26=["3"] * 12 + ["2"] * 3,  # 2.8
        s32=["3"] * 8 + ["4"] * 7,
        b35=["3"] * 14 + ["2"],
        b36=["2"] * 5 + ["3"] * 10,
        b38=["unknown"] * 4 + ["2"] * 8 + ["3"] * 3,
    )
    return made(MESTRING_BEFORE, before), made(
        MESTRING_AFTER, after, {f"p{i:02}": f"p{i:02}" for i in range(15)}
    )


def counts(findings: FormFindings, form: int, item: str) -> tuple[int | None, ...]:
    return next(a.counts for a in findings.forms[form].items if a.item.id == item)


def test_the_published_numbers_come_out() -> None:
    findings = investigate(reported(), least=1)
    change = {one.id: one for one in findings.changes}

    assert [len(one.form.answers) for one in findings.forms] == [16, 15]
    assert counts(findings, 1, "b35") == (0, 1, 14, 0)
    assert counts(findings, 1, "b36") == (0, 5, 10, 0)
    assert counts(findings, 1, "b38") == (0, 8, 3, 4)
    assert counts(findings, 1, "s32") == (0, 0, 8, 7, 0)
    assert counts(findings, 0, "bg_training") == (7, 9)
    assert counts(findings, 0, "bg_education") == (11, 5, 0)
    means = {
        (n, a.item.id): a.summary.mean
        for n, one in enumerate(findings.forms)
        for a in one.items
        if a.summary
    }
    assert round(means[0, "w20"], 1) == 2.3
    assert round(means[1, "w20"], 1) == 1.7
    assert round(means[1, "w20"] - means[0, "w20"], 1) == -0.6
    assert round(means[1, "w26"] - means[0, "w26"], 1) == -0.2
    assert round(means[1, "m14"] - means[0, "m14"], 1) == 0.5
    # Of the fifteen who answered both times, what each step was, is known:
    assert (change["w20"].rose, change["w20"].same, change["w20"].fell) == (0, 11, 4)
    assert change["w20"].test is not None
    assert change["w20"].test.p == 0.125
    assert change["w20"].effect is not None
    assert change["w20"].effect.size == -1


def test_dont_know_counts_in_no_mean() -> None:
    (b38,) = [a for a in investigate(reported(), least=1).forms[1].items if a.item.id == "b38"]

    assert b38.n == 15
    assert b38.summary is not None
    assert (b38.summary.n, round(b38.summary.mean, 3)) == (11, round((8 * 2 + 3 * 3) / 11, 3))


def test_under_five_is_hidden_and_background_that_tells_is_not_exported() -> None:
    before, _ = reported()
    findings = investigate(reported())

    assert before.withheld == ("bg_mi", "bg_education"), "the second tells who beside others"
    assert [*before.counted] == ["bg_education"]
    told = {a.item.id: a.counts for a in findings.forms[0].items}
    assert "bg_mi" not in told
    assert sum(filter(None, told["bg_education"])) > 0
    assert counts(findings, 1, "b35") == (None,) * 4
    assert counts(findings, 1, "b36") == (0, 5, 10, 0)
    codes = {doubt.code for doubt in findings.doubts}
    assert {"hidden", "withheld"} <= codes


def test_few_answers_and_pairs_are_said_plainly() -> None:
    before = made(BEFORE, persons(6, calm=["1"] * 6))
    after = made(AFTER, persons(6, calm=["2"] * 6), {"p00": "p00", "p01": "p01"})
    findings = investigate([before, after])

    codes = [doubt.code for doubt in findings.doubts]
    assert codes[:4] == ["few_answers", "few_answers", "few_pairs", "lost_pairs"]
    assert {one.mean for one in findings.changes} == {None}
    assert investigate([before, made(AFTER, persons(1))]).doubts[2].code == "no_pairs"


# Pairing


def test_only_what_one_alone_says_is_paired() -> None:
    before = made(BEFORE, persons(5))
    after = made(
        AFTER, persons(6), {"p00": "p01", "p01": "p02", "p02": "p02", "p03": "gone", "p04": "p00"}
    )

    assert pair(before, after) == Pairs((("p00", "p04"), ("p01", "p00")), 1, 1, 2)
    codes = {doubt.code for doubt in investigate([before, after]).doubts}
    assert "contested" in codes


def test_forms_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(StudyRefused, match="was not asked after"):
        pair(made(AFTER, {}), made(BEFORE, {}))


# Files


@pytest.mark.parametrize("is_background", [False, True])
def test_what_hangs_on_background_that_is_withheld_is_withheld_too(
    tmp_path: Path, *, is_background: bool
) -> None:
    about, work, more = AFTER.blocks
    means = replace(more.items[0], when=Condition("calm", ("1",)))
    after = replace(
        AFTER,
        blocks=(
            about,
            replace(work, background=is_background),
            replace(more, items=(means, *more.items[1:])),
        ),
    )
    rows = {"a-b": {"calm": "1"}, "c-d": {"calm": "2"}, "e-f": {"calm": "1", "means": "plan"}}
    found = made(after, rows, {})
    write(tmp_path / "out", found)

    with (tmp_path / "out/answers.csv").open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    if is_background:
        assert not {"calm", "means"} & {*header}
        assert {"calm", "means"} <= {*found.withheld}
        assert not any("means" in one for one in found.answers.values())
    else:
        assert [line[-1] for line in lines] == ["", "(not asked)", "plan"]


def test_what_is_written_is_read_back_without_what_was_withdrawn(tmp_path: Path) -> None:
    rows = {
        "a-b": {"calm": "1", "means": "(none)", "else": "=SUM(A1)\n«æ»"},
        "c-d": {"means": "plan,team"},
    }
    found = replace(made(AFTER, rows, {"a-b": "e-f"}), withdrawn=("x-y",))
    write(tmp_path / "out", found)

    assert read(tmp_path / "out") == found
    with (tmp_path / "out/answers.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["pseudonym", "calm", "stress", "means"],
            ["a-b", "1", "", "(none)"],
            ["c-d", "", "", "plan,team"],
        ]
    with (tmp_path / "out/texts.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1] == ["a-b", "else", "'=SUM(A1)\n«æ»"]
    document = json.loads((tmp_path / "out/questionnaire.json").read_text("utf-8"))
    document["withdrawn"].append("a-b")
    (tmp_path / "out/questionnaire.json").write_text(json.dumps(document), "utf-8")
    assert list(read(tmp_path / "out").answers) == ["c-d"]
    assert read(tmp_path / "out").before == {}


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", "no", '{"questionnaire": {"kind": "questionnaire"}}', "other", "answers"],
)
def test_a_folder_with_something_else_is_refused(tmp_path: Path, content: str) -> None:
    write(tmp_path / "out", made(ONCE, {"a-b": {"calm": "1"}}))
    path = tmp_path / "out" / answers.DOCUMENT
    if content in {"other", "answers"}:
        document = json.loads(path.read_text("utf-8"))
        document["format"] = document["format"] if content == "answers" else "other"
        document["answers"]["a-b"]["calm"] = "9" if content == "answers" else "1"
        content = json.dumps(document)
    path.write_text(content, "utf-8")

    with pytest.raises(BadFile, match="holds no answers"):
        read(tmp_path / "out")


def test_a_damaged_answer_is_named(tmp_path: Path) -> None:
    recipient = generate_identity(tmp_path / "key")
    identity = read_identity(tmp_path / "key")
    whole, wrong = Answer("1", {"calm": "1"}), Answer("1", {"calm": "9"})
    sealed = {
        name: recipient.seal(dump_answer(a), 1024) for name, a in (("a-b", whole), ("c-d", wrong))
    }

    assert open_answers(ONCE, [("a-b", sealed["a-b"])], identity) == {"a-b": whole}
    with pytest.raises(StudyRefused, match="damaged: c-d"):
        open_answers(ONCE, sealed.items(), identity)


# The report


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_report_has_all_of_it_in_either_language(language: ReportLanguage) -> None:
    findings = investigate(reported())
    html, pictures = report(findings, language)
    text = html.decode()

    assert f'<html lang="{language}">' in text
    shown = [
        *(item.text for item in MESTRING_AFTER.items if item.way != "text" and item.id != "bg_mi"),
        *(one.title for one in MESTRING_AFTER.sums),
    ]
    for one in shown:
        assert one[language].replace("'", "&#39;") in text
    # One who answered the first form alone would follow from how many moved: no change is drawn.
    assert "distribution_mastery_1.png" in pictures
    assert "change.svg" not in pictures
    of_all = report(investigate(reported(), least=1), language)[1]
    assert {"change.svg", "change.png"} <= set(of_all)
    assert "<script" not in text
    assert report(findings, language)[0] == html


def test_the_report_of_one_form_and_of_none_answered() -> None:
    for rows in ({}, persons(12, calm=["1", "2", "3"] * 4, stress=["3"] * 12, means=["plan"] * 12)):
        html, pictures = report(investigate([made(ONCE, rows)]), "nb")
        assert b"Ro nb" in html
        assert "change.svg" not in pictures


def test_tables_are_labelled_and_hide_what_is_hidden() -> None:
    findings = investigate(reported())
    found = {table.name: table for table in tables(findings, "nb")}

    assert set(found) == {
        "items",
        "counts",
        "sums",
        "item_rest",
        "change",
    }
    b35 = [row[-1] for row in found["counts"].rows if row[1] == "b35"]
    assert b35 == [*["(hidden)"] * 4, 0, 0]
    w20 = next(row for row in found["change"].rows if row[0] == "w20")
    assert w20[1:3] == ("item", 15)
    told = {table.name: table for table in tables(investigate(reported(), least=1), "nb")}
    assert {*told} == {*found, "pairs", "persons"}, "numbers of each person tell every count"
    position = told["persons"].header.index("w20")
    assert [row[position] for row in told["persons"].rows].count(-2) == 4
    assert all(table.csv() for table in found.values())
    assert [t.name for t in tables(investigate([made(ONCE, {})]), "en")] == [
        "items",
        "counts",
        "sums",
        "item_rest",
    ]
