"""A simple CSV gives the same instruments."""

from pathlib import Path

import pytest

from research.formats.faults import BadFile
from research.formats.source import SourceFile
from research.instruments import csv_file, reader
from research.instruments.csv_file import MAX_ROWS
from research.instruments.shapes import GuideShape, QuestionnaireShape

FORM = """number,block,text,scale,asked,reversed
1,Work,I ask for help,No | Yes | (Don't know),both,
2,Work,I wait,No | Yes | (Don't know),both,ja
3,After,It was useful,Not at all | A little | A lot,etter,
"""
GUIDE = """role;text;key
Adviser;"What helps; and what does not?";helps
Manager;Why?;
Manager;What helps?;helps
"""


def read(text: str, encoding: str = "utf-8") -> QuestionnaireShape | GuideShape:
    source = SourceFile(Path("My form.csv"), text.encode(encoding))
    instrument = reader.read(csv_file.load(source)).instrument
    assert isinstance(instrument, QuestionnaireShape | GuideShape)
    return instrument


def refused(text: str) -> str:
    with pytest.raises(BadFile) as refusal:
        read(text)
    return str(refusal.value)


def test_a_questionnaire() -> None:
    form = read(FORM)
    assert isinstance(form, QuestionnaireShape)

    assert (form.id, form.title) == ("my-form", "My form")
    assert [(b.title, b.asked, len(b.items)) for b in form.blocks] == [
        ("Work", "both", 2),
        ("After", "after", 1),
    ]
    assert form.blocks[0].scale.labels == ("No", "Yes", "Don't know")
    assert form.blocks[0].scale.values == (1, 2, None)
    assert [item.reversed for item in form.items()] == [False, True, False]


def test_only_texts_and_scales_are_needed() -> None:
    form = read("text,scale\nOne,a|b\nTwo,a|b\n")
    assert isinstance(form, QuestionnaireShape)

    assert [item.number for item in form.items()] == [1, 2]
    assert len(form.blocks) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write(encoding: str, delimiter: str) -> None:
    guide = read(f"key{delimiter}text\r\na{delimiter}Hva?\r\n\r\n", encoding)
    assert isinstance(guide, GuideShape)

    assert [(q.id, q.text) for q in guide.roles[0].questions] == [("a", "Hva?")]


def test_a_guide_for_each_role() -> None:
    guide = read(GUIDE)
    assert isinstance(guide, GuideShape)

    assert [(role.id, len(role.questions)) for role in guide.roles] == [
        ("adviser", 1),
        ("manager", 2),
    ]
    assert guide.roles[0].questions[0].text == "What helps; and what does not?"
    assert [shared.id for shared in guide.shared()] == ["helps"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "line 1: The columns are missing"),
        ("text,scale\n", "line 1: There are no rows"),
        ("kwestion\nWhy?\n", "Unknown or twice: `kwestion`"),
        ("text,text\na,b\n", "Unknown or twice: `text`"),
        ("number,scale\n1,a|b\n", "The columns are number, scale"),
        ("text,scale\nOne,two,a|b\n", "line 2: The row has 3 cells"),
        ('text,scale\n"One,a|b\n', "line 2: Unexpected end of data"),
        ("text,scale\n\nOne,a\n", "line 3: The scale “a” is one answer"),
        ('text,scale\nOne,"Never, often"\n', "Write Never | often."),
        ("text,scale\nOne,Ja/Nei\n", "Write Ja | Nei."),
        ("text,scale\nOne,1-5\n", "Write every step"),
        ("text,scale\nOne,a|b\nTwo,\n", "line 3: The scale is empty"),
        ("Tidsmerke,Jeg venter\n2026,Ofte\n", "These look like answers"),
        ("text,scale\n,a|b\n", "line 2: `text` is missing"),
        ("text,scale,asked\nOne,a|b,later\n", "line 2: The time to ask is “later”"),
        ("text,scale,reversed\nOne,a|b,perhaps\n", "line 2: `reversed` is “perhaps”"),
        ("text,scale,number\nOne,a|b,first\n", "line 2: The number is “first”"),
        ("text,scale\n" + "One,a|b\n" * (MAX_ROWS + 1), f"more than {MAX_ROWS} rows"),
    ],
)
def test_faults_have_a_place_and_a_remedy(text: str, word: str) -> None:
    said = refused(text)

    assert word in said
    assert "Expected" in said


def test_a_role_of_no_latin_letters_has_an_id() -> None:
    guide = read("role,text\n«»,Why?\nØystre Slidre,Why?\n")
    assert isinstance(guide, GuideShape)

    assert [role.id for role in guide.roles] == ["role", "oystre-slidre"]


@pytest.mark.parametrize(
    "text",
    [
        "Item,Question,Response options\n1,One,a|b\n2,Two,a|b\n",
        "Nr;Spørsmål;Svar 1;Svar 2\n1;One;a;b\n2;Two;a;b\n",
        "nr;ledd;alternativ 1;alternativ 2;alternativ 3\n1;One;a;b;\n2;Two;a;b;\n",
    ],
)
def test_headers_of_other_habits(text: str) -> None:
    form = read(text)
    assert isinstance(form, QuestionnaireShape)

    assert [(item.number, item.text) for item in form.items()] == [(1, "One"), (2, "Two")]
    assert form.blocks[0].scale.labels == ("a", "b")


def test_an_empty_block_is_the_one_above() -> None:
    form = read("block,text,scale\nWork,One,a|b\n,Two,a|b\nThe group,Three,a|b\n")
    assert isinstance(form, QuestionnaireShape)

    assert [(one.title, len(one.items)) for one in form.blocks] == [("Work", 2), ("The group", 1)]
