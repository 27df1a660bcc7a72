"""A guide becomes an interview of one person in writing: each role's questions, and no other's."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from cli.importing import import_method, import_questionnaire
from dialogs.sessions import method_file
from dialogs.sessions.method import Method
from dialogs.studies import questionnaire_file
from dialogs.studies.questionnaire import Questionnaire
from dialogs.toml.reader import UNFINISHED
from research.formats.faults import BadFile
from research.studies import StudyRefused
from tests.support.data import INSTRUMENTS, ROOT, SHARED

TODAY = date(2030, 5, 1)
GUIDES = INSTRUMENTS.resolve()
PUBLISHED = SHARED.resolve() / "instruments"
TALK = """
id: talk
title: A talk
language: en
opening: [Thank you for coming., You may pass over any question.]
warm_up: [{text: "How long have you been here?"}]
themes:
  - title: Together
    questions:
      - key: before
        text: What is it like, working with
        follow_up: [a leader?, an adviser?]
      - {text: "What helps?", follow_up: [Say more.]}
  - {title: Alone, questions: [{text: "What do you do by yourself?"}]}
closing: ["Is there anything else?", Thank you.]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(text: str, name: str = "file.yaml") -> Path:
    Path(name).write_text(text, "utf-8")
    return Path(name)


def interviews(file: Path, role: str = "") -> dict[str, Questionnaire]:
    """What is written of a guide, by the name of its file, when purpose and information are."""
    import_questionnaire(file, None, TODAY, role)
    found = {}
    for path in sorted(Path().glob("*.toml")):
        text = path.read_text("utf-8")
        for mark in UNFINISHED:
            text = text.replace(f"{mark}: ", "")
        read = questionnaire_file.read(path.name, text.encode(), TODAY)
        assert isinstance(read, tuple), read
        (found[path.stem],) = read
    return found


# --- Every guide of the published instruments ---------------------------------------------------


def plain(text: object) -> str:
    return " ".join(str(text).split())


def single(questions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Each question of a source, with what follows it up; by points where these have keys."""
    for question in questions:
        parts = question.get("subquestions", [])
        if parts and isinstance(parts[0], dict):
            yield from ((plain(part["text"]), []) for part in parts)
        else:
            yield plain(question["text"]), [plain(one) for one in question.get("follow_up", parts)]


def sources(folder: Path) -> Iterator[tuple[Path, dict[str, list[tuple[str, list[str]]]]]]:
    """The files of a folder that hold guides, with what each role is asked."""
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        if not document.keys() & {"steps", "blocks", "sum", "parts"}:
            guides = document.get("guides", [document])
            asked = {one["id"]: one.get("questions", one.get("prompts", [])) for one in guides}
            if any(asked.values()):
                yield path, {role: list(single(each)) for role, each in asked.items()}


def walk(folder: Path) -> None:
    """Every guide in a folder is imported, and asks what its source asks: no more, no less."""
    known = list(sources(folder))
    assert [len(roles) for _, roles in known] == [5, 1, 1, 2, 1, 1, 2]
    assert sum(len(asked) for _, roles in known for asked in roles.values()) == 169
    for path, roles in known:
        for old in Path().glob("*.toml"):
            old.unlink()
        found = interviews(path)
        names = [f"{path.stem}-{role}" for role in roles] if len(roles) > 1 else [path.stem]
        assert sorted(found) == sorted(names), path
        background = [
            plain(one["text"])
            for guide in yaml.safe_load(path.read_text("utf-8")).get("guides", [])
            for one in guide.get("background", [])
        ]
        for name, asked in zip(names, roles.values(), strict=True):
            items = found[name].items
            assert [item.way for item in items] == ["text"] * len(asked), name
            assert all(len(block.items) <= 6 for block in found[name].blocks)
            for item, (text, more) in zip(items, asked, strict=True):
                assert plain(item.text["nb"]).startswith(text), (name, item.id)
                shown = plain(f"{item.text['nb']} {item.help.get('nb', '')}")
                assert all(one in shown for one in more), (name, item.id)
                assert item.text["nb"] not in background


def test_every_guide_of_the_twins() -> None:
    walk(GUIDES)


@pytest.mark.shared
def test_every_published_guide() -> None:
    walk(PUBLISHED)


def test_what_two_roles_are_asked_alike_has_one_name() -> None:
    found = interviews(GUIDES / "samarbeid_guider.yaml")
    columns = [{item.id for item in one.items} for one in found.values()]

    assert len(columns[0] & columns[1]) == 8
    assert all(len(one) <= 20 for each in columns for one in each)


def test_what_the_source_has_and_nobody_is_asked_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    interviews(GUIDES / "samarbeid_guider.yaml")
    interviews(GUIDES / "los_fokusgruppe.yaml")
    said = capsys.readouterr().out

    assert said.count("left out, about who answers: ") == 4
    assert said.count("left out, a rule of the talk: ") == 11
    assert "what the guide calls the kind of a question: 12 times" in said
    assert "2 questions, 2 with more to ask" in said


# --- The parts of a guide -----------------------------------------------------------------------


def test_opening_warm_up_themes_follow_ups_and_closing(capsys: pytest.CaptureFixture[str]) -> None:
    talk = interviews(written(TALK))["talk"]

    assert [(block.id, block.title["en"]) for block in talk.blocks] == [
        ("b1", "Question 1"),
        ("b2", "Together"),
        ("b4", "Alone"),
        ("end", "At the end"),
    ]
    assert talk.blocks[0].intro["en"].startswith("Thank you for coming. You may")
    assert [item.text["en"] for item in talk.items] == [
        "How long have you been here?",
        "What is it like, working with: a leader? · an adviser?",
        "What helps?",
        "What do you do by yourself?",
        "Is there anything else?",
    ]
    assert [item.id for item in talk.items] == ["i1", "before", "i1-2", "i2-1", "end1"]
    assert talk.items[2].help == {"en": "Say more."}
    assert talk.minutes == 20
    assert "left out, at the end: Thank you." in capsys.readouterr().out


def test_the_guide_of_the_docs() -> None:
    docs = (ROOT / "docs/questionnaires.md").read_text("utf-8")
    example = re.search(r"^```yaml title=talks.yaml\n(.+?)^```$", docs, re.DOTALL | re.MULTILINE)
    assert example
    found = interviews(written(example[1], "talks.yaml"))

    assert {name: [item.id for item in one.items] for name, one in found.items()} == {
        "talks-leader": ["support", "end1"],
        "talks-adviser": ["support", "day"],
    }


def test_a_length_of_its_own_and_names_that_are_taken() -> None:
    talk = "id: a\ntitle: A\nframe: {minutes: [30, 45]}\nquestions:\n" + "".join(
        f"  - {{number: {number}, text: {text}}}\n"
        for number, text in (("«1»", "One?"), ("«1»", "Two?"), ("i", "Three?"))
    )
    form = interviews(written(talk))["a"]

    assert form.minutes == 45
    assert [item.id for item in form.items] == ["i-1-", "q2", "ii"]


def test_a_long_theme_stands_as_introduction_and_a_theme_of_many_on_several_cards() -> None:
    theme = "What one should think of when it is too late " * 4
    asked = "\n".join(f"      - {{text: 'Number {n}?'}}" for n in range(1, 9))
    talk = f"id: a\ntitle: A\nthemes:\n  - title: '{theme}'\n    questions:\n{asked}\n"
    form = interviews(written(talk))["a"]

    assert [block.title["nb"] for block in form.blocks] == ["Spørsmål 1–6", "Spørsmål 7–8"]
    assert [block.intro["nb"] for block in form.blocks] == [theme.strip()] * 2


def test_the_file_says_that_researchers_may_see_who_wrote_what() -> None:
    interviews(written(TALK))

    assert "say also that the researchers may see who wrote what" in Path("talk.toml").read_text()


def test_a_method_has_the_opening_and_the_follow_ups() -> None:
    import_method(written(TALK), Path("method.toml"))
    text = Path("method.toml").read_text("utf-8").replace("NOT FINISHED: ", "")
    method = method_file.read("method.toml", text.encode())
    assert isinstance(method, Method)

    scripts = [phase.script["en"] for phase in method.phases]
    assert "You may pass over any question." in scripts[0]
    assert scripts[3] == "What helps?\n- Say more."


# --- Roles --------------------------------------------------------------------------------------

MIXED = """role,text,key
Leder,Hvordan har du forankret det?,
Veileder,Hva trenger du?,need
Deltaker,Hva fikk du?,got
Veileder,Hva fikk du?,got
"""


def test_each_role_is_asked_its_own_and_nothing_else() -> None:
    found = interviews(written(MIXED, "guide.csv"))

    assert {name: [item.text["nb"] for item in one.items] for name, one in found.items()} == {
        "guide-leder": ["Hvordan har du forankret det?"],
        "guide-veileder": ["Hva trenger du?", "Hva fikk du?"],
        "guide-deltaker": ["Hva fikk du?"],
    }
    assert {one.title["nb"] for one in found.values()} == {"Leder", "Veileder", "Deltaker"}


def test_one_role_alone() -> None:
    assert list(interviews(written(MIXED, "guide.csv"), "veileder")) == ["guide-veileder"]


def test_the_files_are_called_as_out_says() -> None:
    import_questionnaire(written(MIXED, "guide.csv"), Path("own.toml"), TODAY)
    import_questionnaire(written(MIXED, "guide.csv"), Path("one.toml"), TODAY, "leder")

    names = ["one", "own-deltaker", "own-leder", "own-veileder"]
    assert sorted(path.stem for path in Path().glob("*.toml")) == names


def test_roles_whose_names_would_lead_elsewhere_or_be_the_same() -> None:
    guide = {
        "id": "a",
        "title": "A",
        "guides": [
            {"id": one, "title": one, "questions": [{"text": "Why?"}]}
            for one in ("../../b", "a b", "a.b")
        ],
    }

    assert sorted(interviews(written(json.dumps(guide)))) == ["a-------b", "a-r2", "a-r3"]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (MIXED, "guide.csv", "no role 'sjef', and nothing was written. Its roles are leder, "),
        ("text,scale\nA,No|Yes\n", "form.csv", "which has no roles"),
    ],
)
def test_a_role_that_is_not_there(text: str, name: str, said: str) -> None:
    with pytest.raises(StudyRefused, match=re.escape(said)):
        import_questionnaire(written(text, name), None, TODAY, "sjef")

    assert not list(Path().glob("*.toml"))


# --- Tables and JSON ----------------------------------------------------------------------------


def test_a_table_with_themes_and_follow_ups() -> None:
    table = (
        "nr;tema;spørsmål;oppfølging\n1;Før;Hva ventet du?;Hvorfor? | Hva så?\n2;;Var det nok?;\n"
    )
    form = interviews(written(table, "guide.csv"))["guide"]

    assert [(block.title["nb"], len(block.items)) for block in form.blocks] == [("Før", 2)]
    assert form.items[0].help == {"nb": "Hvorfor? · Hva så?"}


def test_a_workbook() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("role", "text"), ("Leder", "Hva gjør du?"), ("Veileder", "Hva trenger du?")):
        sheet.append(row)
    book.save("guide.xlsx")

    assert sorted(interviews(Path("guide.xlsx"))) == ["guide-leder", "guide-veileder"]


def test_json() -> None:
    guide = {"id": "talk", "title": "A talk", "prompts": [{"text": "Why?"}, {"text": "How?"}]}

    assert len(interviews(written(json.dumps(guide), "talk.json"))["talk"].items) == 2


# --- What does not fit --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (["Why?"] * 200, "There are 200 items. A questionnaire has at most 100."),
        (["w" * 5000], "The item i1 in nb is 5000 characters long."),
    ],
)
def test_too_many_and_too_long(
    questions: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = {"id": "a", "title": "A", "questions": [{"text": one} for one in questions]}
    with pytest.raises(StudyRefused, match="does not fit into a file of ours"):
        import_questionnaire(written(json.dumps(guide)), None, TODAY)

    assert said in " ".join(capsys.readouterr().err.split())
    assert not list(Path().glob("*.toml"))


def test_one_role_that_does_not_fit_and_nothing_is_written() -> None:
    with pytest.raises(StudyRefused):
        import_questionnaire(written(f"role,text\nA,Why?\nB,{'w' * 500}\n", "g.csv"), None, TODAY)

    assert not list(Path().glob("*.toml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TALK.replace('questions: [{text: "What do you do by yourself?"}]', "questions: []"),
         "The theme Alone has no questions."),
        (TALK.replace("title: Alone, ", ""), "`title` is missing"),
        ("id: a\ntitle: A\nquestions: [{text: ''}]\n", "`text` is missing or empty"),
        ("id: a\ntitle: A\nthemes: []\n", "A has no questions"),
    ],
)  # fmt: skip
def test_empty_parts_of_a_guide(text: str, said: str) -> None:
    with pytest.raises(BadFile, match=re.escape(said)):
        import_questionnaire(written(text), None, TODAY)


def test_an_empty_cell_under_a_theme() -> None:
    with pytest.raises(BadFile, match="line 3"):
        import_questionnaire(written("tema,spørsmål\nFør,Hva?\nEtter,\n", "g.csv"), None, TODAY)


def test_a_form_that_stays_with_its_writer_is_no_interview() -> None:
    with pytest.raises(StudyRefused, match="stays with its writer"):
        import_questionnaire(GUIDES / "mestringsgruppe_loggskjema.yaml", None, TODAY)
