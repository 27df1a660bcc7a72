"""What each value means, from the card on which it is chosen to the report that tells of it.

The list is the one of `docs/questionnaires.md`: every row of it is gone through here.
"""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateway.events import Json
from bot.studies.cards.questionnaire import draw
from bot.studies.instrument import InstrumentView
from bot.studies.questionnaire_instrument import Questionnaires
from bot.ui.texts import texts
from dialogs.studies.answering import Answer, Answering, answer, begin
from dialogs.studies.items import Condition, Item, Option
from dialogs.studies.questionnaire import Block, Questionnaire, Sum
from research.leaving.answers import coded
from research.leaving.variables import columns_of
from research.questionnaires.answers import AnsweredForm, form, write
from research.questionnaires.findings import investigate
from research.questionnaires.report import report
from research.questionnaires.tables import LOST, tables
from research.report.tables import HIDDEN
from tests.support.questionnaire_cards import CODE, NONCE, PSEUDONYM, TOKEN
from tests.support.questionnaires import ONCE, spoken

DOCS = Path("docs/questionnaires.md").read_text("utf-8")
STEPS = tuple(Option(str(n), spoken(f"trinn {n}"), n) for n in (1, 2, 3))
UNKNOWN = Option("unknown", spoken("Vet ikke"))
LISTED = (Option("plan", spoken("plan")), Option("team", spoken("team")))
ITEMS = (
    Item(id="calm", text=spoken("Rolig?"), way="one", options=(*STEPS, UNKNOWN)),
    Item(id="safe", text=spoken("Trygg?"), way="one", options=(*STEPS, UNKNOWN), reversed=True),
    Item(id="list", text=spoken("Hva?"), way="several", options=LISTED, scores=(1, 2, 3)),
    Item(
        id="more", text=spoken("Mer?"), way="one", options=STEPS, when=Condition("calm", ("3",)),
    ),
)  # fmt: skip
STUDY = Questionnaire(
    id="values", title=ONCE.title, languages=ONCE.languages, purpose=ONCE.purpose, minutes=1,
    information=ONCE.information, retention=ONCE.retention,
    blocks=(Block("b", spoken("B"), ITEMS),),
    sums=(Sum("total", spoken("Alt"), ("calm", "safe", "list")),),
)  # fmt: skip

MEANT: dict[str, tuple[Json, dict[str, str], dict[str, int], int | None]] = {
    # what is pressed on the card, answers.csv, answers_coded.csv, and the sum
    "an option with a number": (
        {"calm": "1", "safe": "1", "list": "plan"}, {"calm": "1"}, {"calm": 1}, 1 + 3 + 2,
    ),
    "an option without one": (
        {"calm": "unknown", "safe": "1", "list": "plan"},
        {"calm": "unknown"}, {"calm": -97}, None,
    ),
    "some of several": (
        {"calm": "1", "safe": "1", "list": "plan,team"},
        {"list": "plan,team"}, {"list_plan": 1, "list_team": 1}, 1 + 3 + 3,
    ),
    "*Ingen av disse*": (
        {"calm": "1", "safe": "1", "list": "(none)"},
        {"list": "(none)"}, {"list_plan": 0, "list_team": 0}, 1 + 3 + 1,
    ),
    "passed over": (
        {"calm": "1", "safe": "1"}, {"list": ""}, {"list_plan": -99, "list_team": -99}, None,
    ),
    "not shown, for an earlier answer": (
        {"calm": "1", "safe": "1", "list": "plan"}, {"more": "(not asked)"}, {"more": -98},
        1 + 3 + 2,
    ),
}  # fmt: skip


def choices(card: Json) -> dict[str, set[str]]:
    """By input of a card, what can be chosen in it."""
    return {
        part["id"]: {choice["value"] for choice in part["choices"]}
        for part in card["body"]
        if part["type"] == "Input.ChoiceSet"
    }


def answered(pressed: Json) -> dict[str, str]:
    """What comes of a form whose card was filled in so."""
    draft = begin(STUDY, PSEUDONYM, CODE)
    assert isinstance(draft.stage, Answering)
    offered = choices(draw(InstrumentView(STUDY, texts("nb"), TOKEN, NONCE), draft))
    for item, value in pressed.items():
        assert {value} <= offered[f"item.{item}"] or {*value.split(",")} <= offered[f"item.{item}"]
    event = Questionnaires().read("leave", {f"item.{i}": value for i, value in pressed.items()})
    assert event is not None
    draft, _ = Questionnaires().step(STUDY, draft, event)
    return dict(answer(STUDY, draft).answers)


def made(*pressed: Json) -> AnsweredForm:
    given = {f"p{n:02}": answered(one) for n, one in enumerate(pressed)}
    version = STUDY.information.version
    return form(
        STUDY,
        {name: Answer(version, one) for name, one in given.items()},
        invited=20,
        withdrawn=(),
        left_out=(),
    )


def test_the_list_and_what_is_tried_are_the_same() -> None:
    for meant in MEANT:
        assert f"| {meant} " in DOCS
    for mark in (HIDDEN, LOST, "(left open)", "(not asked)", "(none)"):
        assert f"`{mark}`" in DOCS


@pytest.mark.parametrize("meant", MEANT)
def test_a_value_keeps_its_meaning_to_the_report(meant: str, tmp_path: Path) -> None:
    pressed, cells, codes, total = MEANT[meant]
    found = made(*[pressed] * 6)
    write(tmp_path / "out", found)
    with (tmp_path / "out/answers.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert {item: row[item] for item in cells} == cells

    table = coded(columns_of(found, "nb"))
    numbers = dict(zip(table.header, table.rows[0], strict=True))
    assert {name: numbers[name] for name in codes} == codes

    findings = investigate([found], gaps="complete")
    (summed,) = findings.forms[0].sums
    assert (summed.summary.mean if summed.summary else None) == total
    counts = {
        (str(line[1]), str(line[2])): line[4]
        for each in tables(findings, "nb")
        if each.name == "counts"
        for line in each.rows
    }
    for item, cell in cells.items():
        for one in cell.split(",") if cell else ["(left open)"]:
            assert counts[item, one] == 6
    html = report(findings, "nb")[0].decode()
    assert ("Ingen av disse: 6" in html) == (meant == "*Ingen av disse*")
    assert ("Ikke besvart: 6" in html) == (meant == "passed over")
    assert "Ikke spurt: 6" in html
    assert ("Vet ikke nb: 6" in html) == (meant == "an option without one")


def test_what_is_hidden_is_told_from_what_is_not_there() -> None:
    whole = {"calm": "1", "safe": "1", "list": "plan"}
    findings = investigate([made(*[whole] * 6, {**whole, "list": "(none)"})])
    found = {each.name: each for each in tables(findings, "nb")}
    counts = {(row[1], row[2]): row[4] for row in found["counts"].rows}

    assert counts["list", "(none)"] == HIDDEN
    assert counts["list", "team"] == HIDDEN  # else the total would tell who said none
    assert counts["calm", "2"] == 0
    items = {row[1]: row[5:] for row in found["items"].rows}
    assert items["more"] == ("", "", "", "")  # nobody was asked
    few = {e.name: e for e in tables(investigate([made(*[whole] * 3)]), "nb")}
    assert [row[5:] for row in few["items"].rows if row[1] == "calm"] == [(HIDDEN,) * 4]
    assert few["sums"].rows[0][3:7] == (HIDDEN,) * 4


def test_a_sum_says_what_was_filled_in_and_what_is_lost() -> None:
    five = tuple(Item(id=f"i{n}", text=spoken("?"), way="one", options=STEPS) for n in range(5))
    before = replace(
        STUDY, id="b", wave="before", blocks=(Block("b", spoken("B"), five),),
        sums=(Sum("total", spoken("Alt"), tuple(i.id for i in five)),),
    )  # fmt: skip
    after = replace(before, id="a", wave="after", before="b")
    gaps = [0] * 5 + [1] * 3 + [3] * 2

    def waved(study: Questionnaire) -> AnsweredForm:
        given = {
            f"p{n:02}": Answer(
                study.information.version,
                {i.id: "2" for i in five[gap:]},
                f"p{n:02}" if study.before else "",
            )
            for n, gap in enumerate(gaps)
        }
        return form(study, given, invited=20, withdrawn=(), left_out=())

    found = investigate([waved(before), waved(after)])
    (total,) = (one for one in found.changes if one.is_sum)
    assert (len(total.pairs), total.lost) == (8, 2)
    assert {("gaps", 2), ("filled", 3)} <= {(d.code, d.n) for d in found.doubts}
    assert not {"pairs", "persons"} & {each.name for each in tables(found, "nb")}
    all_told = investigate([waved(before), waved(after)], least=1)
    written = {each.name: each for each in tables(all_told, "nb")}
    assert [row[2:4] for row in written["pairs"].rows][-2:] == [(LOST, LOST)] * 2
    assert [row[2] for row in written["persons"].rows] == [0] * 8 + [LOST] * 2
    assert written["change"].rows[0][2:4] == (8, 2)
    html = report(found, "en")[0].decode()
    assert "8 (2 lost for gaps)" in html
    strict = investigate([waved(before), waved(after)], gaps="complete")
    assert [len(one.pairs) for one in strict.changes if one.is_sum] == [5]
