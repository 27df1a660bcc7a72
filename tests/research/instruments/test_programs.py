"""What survey programs and spreadsheets hold becomes a questionnaire of ours, or is named."""

import json
from datetime import date
from pathlib import Path

import pytest

from cli.importing import import_questionnaire
from dialogs.faults import Fault
from dialogs.studies import questionnaire_file
from dialogs.studies.items import is_no_step
from dialogs.studies.questionnaire import Questionnaire
from dialogs.toml.reader import UNFINISHED
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from research.instruments import csv_file, reader
from research.instruments.scales import doubts, understood
from research.instruments.shapes import QuestionnaireShape
from tests.research.tables.test_sorts import book

CASES = Path("tests/data/cases/research").resolve()
TODAY = date(2030, 5, 1)
LIME = "class\ttype/scale\tname\trelevance\ttext\thelp\tlanguage"
STRUCTURE = [
    ("SL", "", "surveyls_title", "", "Teamet", "", "nb"),
    ("G", "0", "Om teamet", "1", "", "", "nb"),
    ("Q", "F", "q1", "1", "<p>Hvor enig er du?</p>", "", "nb"),
    ("SQ", "", "SQ001", "1", "Jeg tør å være uenig", "", "nb"),
    ("SQ", "", "SQ002", "1", "Møtene er nyttige", "", "nb"),
    ("A", "0", "A0", "", "Aldri", "", "nb"),
    ("A", "0", "A1", "", "Ofte", "", "nb"),
    ("A", "0", "A9", "", "Vet ikke", "", "nb"),
    ("Q", "M", "q2", "1", "Hva bruker du?", "", "nb"),
    ("SQ", "", "a", "", "Teams", "", "nb"),
    ("SQ", "", "b", "", "Telefon", "", "nb"),
    ("Q", "T", "q3", "q1 == 'A0'", "Hvorfor?", "", "nb"),
    ("Q", "X", "q4", "1", "Takk!", "", "nb"),
    ("Q", "T", "q3", "1", "Why?", "", "en"),
]
JS = {
    "title": {"default": "Teamet"},
    "pages": [
        {
            "title": "Side",
            "elements": [
                {
                    "type": "matrix", "name": "m", "title": "Hvor enig?",
                    "columns": [{"value": 0, "text": "Aldri"}, {"value": 1, "text": "Ofte"}],
                    "rows": ["Jeg tør", {"value": "r2", "text": "Møtene er nyttige"}],
                },
                {"type": "rating", "name": "r", "title": "Hvor nyttig?", "rateMin": 0, "rateMax": 3,
                 "minRateDescription": "Ikke"},
                {"type": "panel", "title": "Mer", "elements": [
                    {"type": "checkbox", "name": "c", "title": "Hva?",
                     "choices": ["Teams", "Brev"]},
                    {"type": "comment", "name": "t", "title": "Hvorfor?", "visibleIf": "{r} = 0"},
                    {"type": "boolean", "name": "b", "title": "Enig?"},
                    {"type": "radiogroup", "name": "g", "choices": ["Ja", "Nei", "Vet ikke"]},
                    {"type": "file", "name": "f"},
                ]},
            ],
        }
    ],
}  # fmt: skip
XLS = {
    "survey": [
        ["type", "name", "label::Norsk (nb)", "relevant"],
        ["begin_group", "g", "Gruppe", ""],
        ["select_one agree", "safe", "Jeg tør å være uenig", ""],
        ["select_multiple tools", "tools", "Hva bruker du?", "${safe} = '1' or ${safe} = '2'"],
        ["text", "why", "Hvorfor?", "${safe}='0'"],
        ["end_group", "", "", ""],
        ["geopoint", "where", "Hvor?", ""],
    ],
    "choices": [
        ["list_name", "name", "label::Norsk (nb)"],
        ["agree", "0", "Aldri"], ["agree", "1", "Av og til"], ["agree", "2", "Ofte"],
        ["agree", "99", "Vet ikke"], ["tools", "a", "Teams"], ["tools", "b", "Brev"],
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def imported(file: Path) -> Questionnaire:
    Path("out.toml").unlink(missing_ok=True)
    import_questionnaire(file, Path("out.toml"), TODAY)
    text = Path("out.toml").read_text("utf-8")
    for mark in UNFINISHED:
        text = text.replace(f"{mark}: ", "")
    (read,) = questionnaire_file.read("out.toml", text.encode(), TODAY)
    assert isinstance(read, Questionnaire), read
    return read


def values(form: Questionnaire, item: int = 0) -> list[tuple[str, int | None]]:
    """The labels of an item and their values."""
    language = form.languages[0]
    return [(one.text[language], one.value) for one in form.items[item].options]


PHQ: list[tuple[str, int | None]] = [
    ("0 Aldri", 0),
    ("1 Noen dager", 1),
    ("2 Over halvparten", 2),
    ("3 Nesten hver dag", 3),
]
GIVEN: dict[str, list[tuple[str, int | None]]] = {
    "phq_like.csv": PHQ,
    "dk_norwegian.csv": [("Uenig", 1), ("Enig", 2), ("Vet ikke", None)],
    "redcap_dictionary.csv": [("Aldri", 0), ("Av og til", 1), ("Ofte", 2), ("Vet ikke", None)],
    "xlsform.xlsx": [("Aldri", 0), ("Ofte", 1)],
    "plain_no.csv": [("Aldri", 1), ("Ofte", 2)],
    "yaml_0based.yaml": [
        ("Aldri", 0), ("Noen dager", 1), ("Over halvparten", 2), ("Nesten hver dag", 3),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_a_given_file_has_the_values_that_it_says(name: str) -> None:
    form = imported(CASES / name)

    assert values(form) == GIVEN[name]
    assert len(form.items) >= 2


def test_the_ids_of_a_scale_are_its_values() -> None:
    form = imported(CASES / "phq_like.csv")
    negative = questionnaire_file.read(
        "negative_values.toml", (CASES / "negative_values.toml").read_bytes(), date(2026, 1, 1)
    )
    assert isinstance(negative[0], Questionnaire)

    assert [one.id for one in form.items[0].options] == ["0", "1", "2", "3"]
    assert [one.id for one in negative[0].items[0].options] == ["-1", "0", "1"]


def test_what_is_no_step_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    imported(CASES / "dk_norwegian.csv")

    assert "no step of the scale, and in no mean: Vet ikke" in capsys.readouterr().out


def test_a_condition_of_redcap_is_kept() -> None:
    form = imported(CASES / "redcap_dictionary.csv")

    assert form.items[2].way == "text"
    assert form.items[2].when is not None
    assert (form.items[2].when.item, form.items[2].when.answers) == ("i1", ("0",))


def test_limesurvey(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join([LIME, *("\t".join(row) for row in STRUCTURE)])
    Path("limesurvey.txt").write_text(text, "utf-8-sig")

    form = imported(Path("limesurvey.txt"))

    assert form.title["nb"] == "Teamet"
    assert [one.way for one in form.items] == ["one", "one", "several", "text"]
    assert values(form, 1) == [("Aldri", 0), ("Ofte", 1), ("Vet ikke", None)]
    told = capsys.readouterr().out
    assert "the condition of q3" in told
    assert "q4: type X" in told


def test_surveyjs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("form.json").write_text(json.dumps(JS), "utf-8")

    form = imported(Path("form.json"))

    ways = ["one", "one", "one", "several", "text", "one", "one"]
    assert [one.way for one in form.items] == ways
    assert values(form, 0) == [("Aldri", 0), ("Ofte", 1)]
    assert values(form, 2) == [("0 Ikke", 0), ("1", 1), ("2", 2), ("3", 3)]
    assert values(form, 6) == [("Ja", 1), ("Nei", 2), ("Vet ikke", None)]
    assert form.items[4].when is not None
    assert form.items[4].when.answers == ("0",)
    assert "f: file" in capsys.readouterr().out


def test_an_xlsform_in_norwegian(capsys: pytest.CaptureFixture[str]) -> None:
    Path("form.xlsx").write_bytes(book(XLS))

    form = imported(Path("form.xlsx"))

    assert [one.way for one in form.items] == ["one", "several", "text"]
    assert values(form) == [("Aldri", 0), ("Av og til", 1), ("Ofte", 2), ("Vet ikke", None)]
    assert form.items[1].when is not None
    assert form.items[1].when.answers == ("1", "2")
    assert form.blocks[0].title["nb"] == "Gruppe"
    assert "where: geopoint" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.json", '{"a": 1}', "no questionnaire"),
        ("x.json", '{"SurveyEntry": {}, "SurveyElements": []}', "a Qualtrics survey"),
        ("x.json", '{"elements": [{"elementType": "RADIO"}]}', "a Nettskjema form"),
        ("x.lss", '<?xml version="1.0"?><document><LimeSurveyDocType>', "a LimeSurvey survey"),
        ("x.csv", "record_id,a,a_complete\n1,2,2\n", "REDCap's answers"),
        ("x.csv", "respondent;a;stato_4\n1;2;3\n", "SurveyXact's answers"),
    ],
)
def test_what_is_no_survey_is_named(name: str, content: str, said: str) -> None:
    Path(name).write_text(content, "utf-8")

    with pytest.raises(BadFile, match=said):
        imported(Path(name))


def test_an_answer_of_ones_own_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"type": "radiogroup", "name": "a", "choices": ["x", "y"], "showOtherItem": True}
    Path("a.json").write_text(json.dumps({"elements": [asked]}), "utf-8")
    survey, choices = XLS["survey"], XLS["choices"]
    rows = [[one.replace("select_one agree", "select_one agree or_other") for one in row]
            for row in survey]  # fmt: skip
    Path("b.xlsx").write_bytes(book({"survey": rows, "choices": choices}))

    for name in ("a.json", "b.xlsx"):
        imported(Path(name))

        assert "an answer in words beside the choices (other)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id,document,tag,content", "Read it with kollegial code import"),
        ("id,submitdate,lastpage,startlanguage", "These are answers, not questions"),
        ("uid,sort,datetime", "Read it with kollegial analyse"),
    ],
)
def test_another_program_s_table_is_named(header: str, expected: str) -> None:
    Path("x.csv").write_text(f"{header}\n1,2,3,4\n", "utf-8")

    with pytest.raises(BadFile, match=expected):
        imported(Path("x.csv"))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("Aldri|Ofte", [1, 2]),
        ("0 = Aldri|1 = Ofte", [0, 1]),
        ("1) Aldri|2) Ofte", [1, 2]),
        ("\u22121 Uenig|0 Verken|+1 Enig", [-1, 0, 1]),
        ("1 Helt uenig|2|3|4|5 Helt enig", [1, 2, 3, 4, 5]),
        ("Uenig|Enig|Vet ikke", [1, 2, None]),
        ("Uenig|Enig|Veit ikkje / ikkje aktuelt", [1, 2, None]),
        ("Disagree|Agree|Don\u2019t know", [1, 2, None]),
        ("Uenig|Enig|(Annet)", [1, 2, None]),
        ("0 Aldri|1 Ofte|99 Ønsker ikke å svare", [0, 1, None]),
        ("Ikke aktuelt|Uenig|Enig", [None, 1, 2]),
        ("1-2 år|3-5 år|6-10 år", [1, 2, 3]),
        ("1 gang|1 gang i uka|2 ganger", [1, 2, 3]),
        ("10 %|20 %|30 %", [10, 20, 30]),
    ],
)
def test_what_answers_say_of_themselves(answers: str, expected: list[int | None]) -> None:
    labels, found = understood(answers.split("|"))

    assert found == expected
    assert all(labels)


@pytest.mark.parametrize("scale", ["Uenig | Enig", "Uenig; Enig", "Uenig\nEnig"])
def test_signs_between_answers(scale: str) -> None:
    Path("x.csv").write_text(f'spørsmål,svar\nA?,"{scale}"\n', "utf-8")

    assert values(imported(Path("x.csv"))) == [("Uenig", 1), ("Enig", 2)]


def test_labels_lose_a_number_only_where_a_sign_divides_them() -> None:
    assert understood(["0 = Aldri", "1 = Ofte"])[0] == ["Aldri", "Ofte"]
    assert understood(["1 time", "2 timer"])[0] == ["1 time", "2 timer"]


def test_a_step_in_a_file_of_ours_that_is_none_is_asked_about() -> None:
    text = (CASES / "negative_values.toml").read_text("utf-8")
    text = text.replace('text = "Helt enig"\nvalue = 1', 'text = "Vet ikke"')

    (fault,) = questionnaire_file.read("x.toml", text.encode(), date(2026, 1, 1))

    assert isinstance(fault, Fault)
    assert "would count as 3 in means and sums" in fault.what
    assert is_no_step("Vet ikke/ikke aktuelt")
    assert not is_no_step("Vet godt")
    assert is_no_step("Don\u00b4t know")
    assert not is_no_step("Har litt erfaring")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["0 Aldri", "Noen", "2 Ofte"], "not taken"),
        (["0,5 lite", "1,5 mer"], "not taken"),
        (["Uenig", "Enig", "Usikker"], "write (Usikker) if it is none"),
        (["5 Ofte", "3 Av og til", "1 Aldri"], ""),
        (["1 gang", "2 ganger"], ""),
        (["Uenig", "Usikker", "Enig"], ""),
    ],
)
def test_what_may_be_meant_otherwise_is_said(answers: list[str], said: str) -> None:
    found = "; ".join(doubts(*understood(answers)))

    assert said in found
    assert bool(said) == bool(found)


def test_items_without_numbers_are_numbered_through(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("text;scale\nA;Ja|Nei\nB;Ofte|Aldri\n", "utf-8")
    found = reader.read(csv_file.load(SourceFile.of(tmp_path / "x.csv"))).instrument

    assert isinstance(found, QuestionnaireShape)
    assert [item.number for item in found.items()] == [1, 2]
