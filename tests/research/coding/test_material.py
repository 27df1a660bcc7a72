"""What stands beside a text, and how the texts are kept for the import."""

import json
from pathlib import Path

import pytest

from dialogs.studies.answering import Answer
from research.coding.material import Grouping, Passage, dump, load, material
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from tests.research.coding.samples import answer, sample, shared
from tests.support.questionnaires import ASKS


def test_a_text_comes_with_its_question_under_its_pseudonym() -> None:
    told = answer("t", question="Hva?", group="A", method="m", phase="p", role="adviser")

    (passage,) = material(ASKS, {"lyng-orre": told}, (), "group").passages

    assert passage == Passage("lyng-orre", "A", "adviser", "m", "p", "t", "Hva?")


def test_where_roles_are_compared_no_group_is_told() -> None:
    assert {(p.group, p.role) for p in sample("role").passages} == {
        ("", "adviser"),
        ("", "specialist"),
    }


def test_what_says_nothing_of_whence_is_a_text_still() -> None:
    empty = Answer(ASKS.information.version, {})

    found = material(ASKS, {"b": answer("t"), "a": empty}, (), "group")

    assert [(p.id, p.question, p.role) for p in found.passages] == [("b", "", "")]


def test_texts_come_in_the_order_of_their_pseudonyms() -> None:
    answers = {name: answer(name) for name in ("orre", "lyng", "bjørk")}

    assert [p.id for p in material(ASKS, answers, (), "group").passages] == sorted(answers)


@pytest.mark.parametrize("by", ["group", "role"])
def test_what_is_written_is_read(by: Grouping) -> None:
    found = material(ASKS, shared(), ("lyng-orre",), by)

    again = load(SourceFile(Path("shared.jsonl"), dump(found)))

    assert again == found


LINES = dump(sample()).splitlines(keepends=True)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"".join(LINES[:-1]), id="cut off"),
        pytest.param(b"".join([*LINES[:-1], LINES[-2]]), id="a line twice"),
        pytest.param(b"".join(LINES)[:-20], id="half a line"),
        pytest.param(b"row;text;code\n", id="the table"),
        pytest.param(b"[]\n", id="another JSON"),
        pytest.param(LINES[0].replace(b'"group"', b'"office"') + LINES[1], id="unknown grouping"),
        pytest.param(LINES[0].replace(b"12", b"1") + b'{"id": 1}', id="another line"),
        pytest.param(json.dumps({"a": [[]]}).encode(), id="no header"),
    ],
)
def test_what_is_no_material_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile, match=r"shared\.jsonl: These are no shared texts.* --shared"):
        load(SourceFile(Path("shared.jsonl"), data))
