"""Sealed answers come out whole, checked, and safe to open anywhere."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from dialogs.studies.items import Item, Option
from dialogs.studies.qsort import Answer, dump_answer
from dialogs.studies.study import Grid, Information, Statement, Study
from research.export import Export, open_answers, write_export
from research.formats.registry import read as read_sorts
from research.leaving.sorts import of_export
from research.studies import StudyRefused
from storage.crypto.sealing import PrivateKey, Recipient, generate_identity, read_identity

SIZE = 2048

STUDY = Study(
    id="small",
    title={"nb": "Tittel"},
    languages=("nb",),
    purpose={"nb": "Formål"},
    minutes=5,
    information=Information("1", {"nb": "Informasjon"}),
    instruction={"nb": "Sorter."},
    grid=Grid({-1: 1, 0: 2, 1: 1}),
    statements=tuple(Statement(f"s{n}", {"nb": f"Utsagn {n}"}) for n in range(1, 5)),
    retention=date(2030, 12, 31),
    questions=(
        Item(id="q1", text={"nb": "Noe mer?"}, way="text"),
        Item(
            id="q2",
            text={"nb": "Velg"},
            way="one",
            options=(Option("a", {"nb": "A"}), Option("b", {"nb": "B"})),
            background=False,
        ),
    ),
)


def answer(*values: int, **texts: Mapping[str, str]) -> Answer:
    sort = {f"s{n}": value for n, value in enumerate(values, 1)}
    return Answer("1", sort, texts.get("comments", {}), texts.get("answers", {}), "")


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> PrivateKey:
    path = tmp_path_factory.mktemp("keys") / "study.key"
    generate_identity(path)
    return read_identity(path)


@pytest.fixture
def recipient(identity: PrivateKey) -> Recipient:
    return identity.recipient


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_answers_are_written_in_four_files(tmp_path: Path) -> None:
    first = Answer(
        "1", {"s1": 1, "s2": 0, "s3": 0, "s4": -1}, {"s1": "Ja,\n«nei»"}, {"q2": "b"}, "Takk"
    )
    second = answer(-1, 0, 1, 0)

    write_export(
        tmp_path / "out", Export(STUDY, {"tun-elg": second, "ask-rev": first}, 12, ["li-ulv"])
    )

    assert rows(tmp_path / "out" / "sorts_r.csv") == [
        ["statement", "ask-rev", "tun-elg"],
        ["s1", "1", "-1"],
        ["s2", "0", "0"],
        ["s3", "0", "1"],
        ["s4", "-1", "0"],
    ]
    assert rows(tmp_path / "out" / "sorts.csv") == [
        ["pseudonym", "s1", "s2", "s3", "s4"],
        ["ask-rev", "1", "0", "0", "-1"],
        ["tun-elg", "-1", "0", "1", "0"],
    ]
    assert rows(tmp_path / "out" / "comments.csv") == [
        ["pseudonym", "about", "id", "column", "text"],
        ["ask-rev", "statement", "s1", "1", "Ja,\n«nei»"],
        ["ask-rev", "question", "q2", "", "b"],
        ["ask-rev", "study", "", "", "Takk"],
    ]
    document = json.loads((tmp_path / "out" / "study.json").read_text(encoding="utf-8"))
    assert document["study"]["grid"]["cells"] == {"-1": 1, "0": 2, "1": 1}
    assert document["study"]["statements"][3]["text"] == {"nb": "Utsagn 4"}
    assert document["study"]["information"]["version"] == "1"
    assert (document["invited"], document["submitted"]) == (12, 2)
    assert (document["withdrawn"], document["left_out"]) == (["li-ulv"], [])
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    written = answer(-1, 0, 0, 1, comments={"s1": text}, answers={"q1": text})

    write_export(tmp_path / "out", Export(STUDY, {text: written}, 12))

    texts = rows(tmp_path / "out" / "comments.csv")[1:]
    assert [(row[0], row[4]) for row in texts] == [("'" + text, "'" + text)] * 2
    assert rows(tmp_path / "out" / "sorts_r.csv")[0] == ["statement", "'" + text]
    assert rows(tmp_path / "out" / "sorts.csv")[1] == ["'" + text, "-1", "0", "0", "1"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t")))
def test_every_text_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    out = tmp_path_factory.mktemp("export") / "out"
    written = answer(-1, 0, 0, 1, comments={"s4": text})

    write_export(out, Export(STUDY, {"ask-rev": written}, 12))

    texts = [row[4] for row in rows(out / "comments.csv")[1:]]
    assert texts == ([text] if text and text[0] not in "=+-@\t\r" else ["'" + text] if text else [])


def test_nothing_is_left_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)

    with pytest.raises(OSError, match="No space left"):
        write_export(tmp_path / "out", Export(STUDY, {"ask-rev": answer(-1, 0, 0, 1)}, 12))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_what_is_there_is_not_written_over(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    match kind:
        case "folder":
            out.mkdir()
        case "file":
            out.touch()
        case _:
            out.symlink_to("nowhere")

    with pytest.raises(StudyRefused, match="exists already and is unchanged"):
        write_export(out, Export(STUDY, {"ask-rev": answer(-1, 0, 0, 1)}, 12))

    assert list(tmp_path.iterdir()) == [out]


def test_sealed_answers_are_opened(identity: PrivateKey, recipient: Recipient) -> None:
    answers = {"ask-rev": answer(-1, 0, 0, 1), "tun-elg": answer(0, 0, 1, -1)}

    sealed = [(name, recipient.seal(dump_answer(one), SIZE)) for name, one in answers.items()]

    assert open_answers(STUDY, sealed, identity) == answers


def test_another_key_opens_nothing(recipient: Recipient, tmp_path: Path) -> None:
    generate_identity(tmp_path / "other.key")
    other = read_identity(tmp_path / "other.key")
    sealed = [("ask-rev", recipient.seal(dump_answer(answer(-1, 0, 0, 1)), SIZE))]

    with pytest.raises(StudyRefused, match="None of the answers opens with this key"):
        open_answers(STUDY, sealed, other)


DAMAGED = {
    "no JSON": b"\xff",
    "no answer": b"{}",
    "a statement too few": dump_answer(answer(-1, 0, 1)),
    "a statement too many": dump_answer(answer(-1, 0, 0, 1, 0)),
    "another grid": dump_answer(answer(-1, -1, 0, 1)),
    "other information": dump_answer(Answer("2", answer(-1, 0, 0, 1).sort, {}, {}, "")),
    "not even sealed": None,
}


@pytest.mark.parametrize("document", DAMAGED.values(), ids=DAMAGED)
def test_damaged_answers_are_named(
    identity: PrivateKey, recipient: Recipient, document: bytes | None
) -> None:
    damaged = b"age" if document is None else recipient.seal(document, SIZE)
    whole = recipient.seal(dump_answer(answer(-1, 0, 0, 1)), SIZE)

    with pytest.raises(StudyRefused) as refusal:
        open_answers(STUDY, [("ask-rev", whole), ("tun-elg", damaged)], identity)

    assert "damaged: tun-elg. Nothing was written." in str(refusal.value)
    assert "--leave-out tun-elg" in str(refusal.value)


@pytest.mark.parametrize(
    ("background", "answers", "told"),
    [
        (None, "aaaaabbbb", False),
        (None, "aaaaabbbbb", True),
        (None, "aaaaabbbbb-", False),
        (False, "aaaaab", True),
        (True, "aaaaaa", True),
    ],
)
def test_a_question_that_makes_somebody_known_is_left_out(
    background: bool | None, answers: str, told: bool, tmp_path: Path
) -> None:
    """Of five and four the four could be known; who left it open is one of them too."""
    words, choice = STUDY.questions
    study = replace(STUDY, questions=(words, replace(choice, background=background)))
    given = {
        f"p{n}": answer(-1, 0, 0, 1, answers={"q1": "Mer"} | ({"q2": one} if one != "-" else {}))
        for n, one in enumerate(answers)
    }

    write_export(tmp_path / "out", Export(study, given, 12), others=of_export)

    texts = [row[2] for row in rows(tmp_path / "out" / "comments.csv")[1:]]
    assert texts.count("q1") == len(answers)
    assert ("q2" in texts) is told
    document = json.loads((tmp_path / "out" / "study.json").read_text(encoding="utf-8"))
    assert document["withheld"] == ([] if told else ["q2"])
    sheet = load_workbook(tmp_path / "out" / "sorts.xlsx")["answers"]
    assert ({row[1] for row in sheet.iter_rows(min_row=2, values_only=True)} == {"Noe mer?"}) is (
        not told
    )


def test_background_in_words_is_never_exported() -> None:
    words, choice = STUDY.questions
    study = replace(STUDY, questions=(replace(words, background=True), choice))
    given = {f"p{n}": answer(-1, 0, 0, 1, answers={"q1": "Mer", "q2": "a"}) for n in range(5)}

    assert Export(study, given, 12).withheld == ["q1"]


def test_answers_after_the_sort_come_back_in_words(tmp_path: Path) -> None:
    given = {"ask-rev": {"q1": "=Mer", "q2": "b"}, "tun-elg": {"q2": "gone"}}
    answers = {
        name: answer(*sort, answers=own)
        for (name, own), sort in zip(given.items(), [(-1, 0, 0, 1), (1, 0, 0, -1)], strict=True)
    }
    write_export(tmp_path / "out", Export(STUDY, answers, 12))
    data, _ = read_sorts(tmp_path / "out")

    assert data.fields == {
        "ask-rev": {"Noe mer?": "=Mer", "Velg": "B"},
        "tun-elg": {"Velg": "gone"},
    }
    assert data.comments == {}
