"""Which hidden counts follow from all that an analysis writes, taken together?

From every file at once, and from tables that hang together: a sum and its items, before and after,
an item and what was asked by it.
"""

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import TypeAlias

import numpy as np
import openpyxl
import pytest

from dialogs.studies.answering import Answer
from dialogs.studies.items import Condition, Item, Option
from dialogs.studies.questionnaire import Band, Block, Questionnaire, Sum
from research.analysis import otherwise
from research.analysis.counts import suppressed, tells_who
from research.analysis.otherwise import FEW, SUM_DECIMALS
from research.bounds import LEAST
from research.leaving import answers as leaving
from research.questionnaires import findings
from research.questionnaires.answers import AnsweredForm, form, write
from research.questionnaires.answers import read as read_form
from research.questionnaires.findings import (
    EFFECT_DECIMALS,
    P_DECIMALS,
    FormFigures,
    Summed,
    investigate,
)
from research.report.tables import HIDDEN
from tests.security.reckoning import (
    FIRST,
    SECOND,
    STEPS,
    Floats,
    Ints,
    Reckoning,
    counted,
    hides_as,
    mean,
    median,
    together,
    variance,
    ways,
    weighed,
)
from tests.security.what_leaves import Left, number, read, read_tables
from tests.support.questionnaires import AFTER, BEFORE, ONCE, spoken

IS_TORTURE = bool(os.environ.get("TESTS_TORTURE"))
STUDIES, PEOPLE = (60, 11) if IS_TORTURE else (5, 8)
SCALE = tuple(Option(str(n), spoken(f"trinn {n}"), n) for n in STEPS)
A, B = (Item(id=name, text=spoken(name), way="one", options=SCALE) for name in "ab")
BOTH = Sum("both", spoken("Begge"), ("a", "b"), (Band(2, spoken("lite")), Band(5, spoken("mye"))))
SUMMED = replace(ONCE, id="summed", blocks=(Block("all", spoken("Alt"), (A, B)),), sums=(BOTH,))
ALONE = replace(BOTH, id="alone", items=("a",), bands=())
EARLIER = replace(SUMMED, id="earlier", wave="before", sums=(ALONE,))
LATER = replace(EARLIER, id="later", wave="after", before="earlier")
ASKED_BY = replace(B, when=Condition("a", ("3",)))
ASKING = replace(SUMMED, id="asking", blocks=(Block("all", spoken("Alt"), (A, ASKED_BY)),), sums=())
Rows: TypeAlias = Mapping[str, Mapping[str, str]]


def made(study: Questionnaire, rows: Rows, before: Mapping[str, str] | None = None) -> AnsweredForm:
    given = {name: Answer("1", row, (before or {}).get(name, "")) for name, row in rows.items()}
    return form(study, given, invited=20, withdrawn=(), left_out=())


def chosen(dice: Random) -> int:
    """Most choose alike."""
    return min(int(dice.expovariate(1.1)), 2) + 1


# --- Every file at once -------------------------------------------------------------------------


def twice(people: int) -> list[AnsweredForm]:
    """Before and after, with every way of answering."""
    dice, forms = Random(1), list[AnsweredForm]()
    for study in (BEFORE, AFTER):
        rows = {}
        for n in range(people):
            item = {i.id: i.options[min(chosen(dice) - 1, len(i.options) - 1)].id
                    for i in study.items if i.way == "one"}  # fmt: skip
            rows[f"p{n:02}"] = {**item, "means": dice.choice(["plan", "team", "plan,team"])}
        forms.append(made(study, rows, {name: name for name in rows}))
    return forms


def test_no_file_says_what_another_hides() -> None:
    forms = twice(13)
    left = read(forms)

    assert {*left.by_file} >= {"csv", "xlsx", "report", "results", "bars"}
    assert len(left.hidden) > 10
    assert not left.hidden & {*left.counts}
    told = {row["item"] for row in left.tables["items"] if number(row["mean"]) is not None}
    told |= {row["sum"] for row in left.tables["sums"] if number(row["mean"]) is not None}
    assert {name for _, name in left.means} == told
    effects = [row["id"] for row in left.tables["change"] if number(row["effect"]) is not None]
    assert bool(effects) == bool(left.drawn)
    assert not {"pairs", "persons"} & {*left.tables}, "whose numbers tell every count"
    assert left.bands["Ro nb"] == [*investigate(forms).forms[-1].sums[0].bands]


def test_the_reader_reads_every_file() -> None:
    """Where nothing is hidden all of them say the same, so what one says is found."""
    left = read(twice(13)[:1], least=1)

    assert not left.hidden
    csv = left.by_file["csv"]
    assert left.by_file["xlsx"] == csv
    for file in ("report", "bars"):
        told = left.by_file[file]
        assert len(told) >= 10, file
        assert told.items() <= csv.items(), file


# --- A sum, its bands and its items -------------------------------------------------------------


def summed(people: int, dice: Random) -> AnsweredForm:
    rows = {}
    for n in range(people):
        a = chosen(dice)
        rows[f"p{n}"] = {"a": str(a), "b": str(a if dice.random() < 0.5 else chosen(dice))}
    return made(SUMMED, rows)


def of_sums(left: Left, figures: FormFigures, *, decimals: int | None) -> Reckoning:
    """Bands and doubts the report has, which is long in the drawing.

    Beside what is hidden, what nobody tells is sought: how many have each sum, and each row of
    answers, where they are few.
    """
    people, study = len(figures.form.answers), figures.questionnaire
    cells = np.array([*product(*(item.values for item in study.items))])
    table = ways(people, len(cells))
    found = Reckoning.of(table)
    rows = [tuple(int(a[i.id]) for i in study.items) for a in figures.form.answers.values()]
    truth = np.array([rows.count(tuple(cell)) for cell in cells.tolist()])
    found.few({f"row {cell}": table[:, n] for n, cell in enumerate(cells.tolist())}, truth)
    for n, item in enumerate(study.items):
        steps = counted(table, cells[:, n], item.values)
        hold_item(found, left, study.id, item.id, steps, steps=item.values)
    for summed in figures.sums:
        hold_sum(found, left, _Table(study, cells, table, truth, decimals=decimals), summed)
    return found


@dataclass(frozen=True)
class _Table:
    """Every way in which so many can have filled the cells of some items."""

    study: Questionnaire
    cells: Ints
    table: Ints
    truth: Ints
    _: KW_ONLY
    decimals: int | None

    def told(self, numbers: Floats) -> Floats:
        """To so many decimals as a sum's figures are."""
        told: Floats = numbers if self.decimals is None else np.round(numbers, self.decimals)
        return told


def hold_sum(found: Reckoning, left: Left, of: _Table, summed: Summed) -> None:
    """What is told of a sum, and how many have each."""
    one, people = summed.sum, int(of.truth.sum())
    columns = [[i.id for i in of.study.items].index(name) for name in one.items]
    own = of.cells[:, columns]
    scores = [*range(own.sum(axis=1).min(), own.sum(axis=1).max() + 1)]
    totals = counted(of.table, own.sum(axis=1), scores)
    found.few(
        {f"{one.id} {score}": totals[:, n] for n, score in enumerate(scores)},
        counted(of.truth[None, :], own.sum(axis=1), scores)[0],
    )
    if {*summed.bands} - {None}:
        edges = [*(band.least for band in one.bands), scores[-1] + 1]
        within = [[a <= s < b for s in scores] for a, b in pairwise(edges)]
        found.counts("bands", totals @ np.array(within, dtype=int).T, summed.bands)
    row, whole = left.row("sums", one.id), variance(totals, scores)
    found.figure(of.told(mean(totals, scores)), number(row["mean"]))
    found.figure(of.told(np.sqrt(whole)), number(row["standard_deviation"]))
    found.figure(median(totals, scores), number(row["median"]))
    centred = own[None, :, :] - (of.table @ own / people)[:, None, :]
    rests = centred.sum(axis=2, keepdims=True) - centred
    spread, rest, shared = (
        np.einsum("wc,wci->wi", of.table, product_of)
        for product_of in (centred**2, rests**2, centred * rests)
    )
    with np.errstate(all="ignore"):
        share = 1 - spread.sum(axis=1) / (people - 1) / whole
        found.figure(of.told(len(columns) / (len(columns) - 1) * share), number(row["alpha"]))
        together = shared / np.sqrt(spread * rest)
    for line in left.tables["item_rest"]:
        if line["sum"] == one.id:
            at = one.items.index(line["item"])
            found.figure(of.told(together[:, at]), number(line["correlation"]))
    says = bool(summed.against or summed.is_told or {*summed.bands} - {None})
    if people >= FEW and says:  # which go against the rest, as a doubt
        for at, name in enumerate(one.items):
            found.possible &= (shared[:, at] < -1e-9) == (name in summed.against)


def hold_item(
    found: Reckoning,
    left: Left,
    study: str,
    item: str,
    counts: Ints,
    *,
    steps: Sequence[int] = STEPS,
) -> None:
    """What is told of an item."""
    told = [left.counts.get((study, item, str(step))) for step in steps]
    found.counts(f"{study} {item}", counts, told)
    row = left.row("items", item, study)
    found.figure(mean(counts, steps), number(row["mean"]))
    found.figure(np.sqrt(variance(counts, steps)), number(row["standard_deviation"]))


def attack_sums(made_of: Callable[[int, Random], AnsweredForm], least: int) -> tuple[int, int]:
    """How many small counts are known, and how many there are; `least` of what is told of sums."""
    known = hidden = 0
    for seed in range(STUDIES):
        people = PEOPLE + 2 * (seed % 2)
        one = made_of(people, Random(seed))
        left, more = read_tables([one]), read_tables([one], least)
        left.tables |= {name: more.tables[name] for name in ("sums", "item_rest")}
        found = of_sums(left, investigate([one]).forms[0], decimals=1 if least > 1 else None)
        known += len(found.recovered())
        hidden += len(found.sought)
    return known, hidden


BINARY = tuple(
    replace(item, id=name, options=SCALE[:2]) for name, item in zip("abc", (A, B, A), strict=True)
)
THREE = replace(
    BOTH, id="three", items=("a", "b", "c"), bands=(Band(3, spoken("lite")), Band(5, spoken("mye")))
)
SHARING = replace(
    SUMMED,
    blocks=(Block("all", spoken("Alt"), BINARY),),
    sums=(THREE, replace(BOTH, bands=())),
)
"""Three items, and two sums that share two of them."""


def shared(people: int, dice: Random) -> AnsweredForm:
    """So many, ten at least, and so evenly, that no count of an item is small."""
    while True:
        rows = {}
        for n in range(max(people, 10)):
            usual = dice.choice("12")
            rows[f"p{n}"] = {i: usual if dice.random() < 0.55 else dice.choice("12") for i in "abc"}
        if not any(tells_who(row[item] for row in rows.values()) for item in "abc"):
            return made(SHARING, rows)


@pytest.mark.torture
@pytest.mark.parametrize("made_of", [summed, shared])
def test_no_small_count_follows_from_sums_and_their_items(
    made_of: Callable[[int, Random], AnsweredForm],
) -> None:
    known, hidden = attack_sums(made_of, LEAST)

    assert hidden > 3 * STUDIES
    assert known == 0


@pytest.mark.torture
@pytest.mark.parametrize("made_of", [summed, shared])
def test_the_attacker_wins_where_sums_are_told_beside_their_items(
    made_of: Callable[[int, Random], AnsweredForm],
) -> None:
    known, _ = attack_sums(made_of, 1)

    assert known >= STUDIES


def test_what_is_told_of_a_sum_could_be_of_other_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """With so few people a sum is told where its figures are coarse: no small count follows."""
    for module, name in product((otherwise, findings), ("SUM", "ALPHA", "REST")):
        monkeypatch.setattr(module, f"{name}_DECIMALS", 0)
    told = sought = 0
    for seed in range(100) if IS_TORTURE else (2, 32, 34):
        one = shared(8, Random(seed))
        figures = investigate([one]).forms[0]
        found = of_sums(read_tables([one]), figures, decimals=0)
        told += sum(summed.is_told for summed in figures.sums)
        sought += len(found.sought)
        assert found.recovered() == []

    assert told
    assert sought


def test_a_gap_is_not_the_difference_of_a_sum_and_its_items() -> None:
    """One left an item open: beside the items' means that of the sum would tell their answer."""
    answers = shared(14, Random(1)).answers
    rows = {**answers, "p0": {"a": answers["p0"]["a"], "b": answers["p0"]["b"]}}
    one = made(SHARING, rows)

    def sum_of(kind: str, name: str, left: Left) -> float:
        row = left.row(kind, name)
        return float(row["n"]) * float(row["mean"])

    exact = read_tables([one], 1)
    lost = sum(sum_of("items", i, exact) for i in "abc") - sum_of("sums", "three", exact)
    assert round(lost, 6) == int(rows["p0"]["a"]) + int(rows["p0"]["b"])
    assert number(read_tables([one]).row("sums", "three")["mean"]) is None


# --- Before and after ---------------------------------------------------------------------------


def moved(pairs: int, unpaired: tuple[int, int], dice: Random) -> list[AnsweredForm]:
    """Some answered once alone: before, and after."""
    earlier = {f"p{n}": {"a": str(chosen(dice))} for n in range(pairs + unpaired[0])}
    later = {
        f"q{n}": {"a": str(min(3, max(1, int(earlier[f"p{n}"]["a"]) + dice.choice((-1, 0, 0, 1)))))}
        for n in range(pairs)
    }
    alone = {f"r{n}": {"a": str(chosen(dice))} for n in range(unpaired[1])}
    return [
        made(EARLIER, earlier),
        made(LATER, {**later, **alone}, {f"q{n}": f"p{n}" for n in range(pairs)}),
    ]


def of_a_change(
    left: Left, pairs: int, unpaired: tuple[int, int], *, decimals: int = 1
) -> Reckoning:
    """`decimals` of the means of sums."""
    table = together(together(ways(pairs, 9), ways(unpaired[0], 3)), ways(unpaired[1], 3))
    both, alone = table[:, :9], (table[:, 9:12], table[:, 12:])
    found = Reckoning.of(table)
    paired = [counted(both, values, STEPS) for values in (FIRST, SECOND)]
    for study, there, others in zip(("earlier", "later"), paired, alone, strict=True):
        hold_item(found, left, study, "a", there + others)
        row = left.row("sums", "alone", study)
        found.figure(mean(there + others, STEPS), number(row["mean"]), half(SUM_DECIMALS))
    steps = counted(both, SECOND - FIRST, range(-2, 3))
    moves = [steps[:, 3:].sum(axis=1), steps[:, 2], steps[:, :2].sum(axis=1)]
    tests = weighed(steps)
    is_rounded = decimals == 1  # as told beside what is hidden
    for name, exactly in (("a", 15), ("alone", decimals)):
        before, after = (np.round(mean(one, STEPS), exactly) for one in paired)
        means = {"mean_before": before, "mean_after": after, "mean_change": after - before}
        figures = {**tests, **means}
        row = left.row("change", name)
        told = [number(row[kind]) for kind in ("rose", "same", "fell")]
        found.counts(f"moves of {name}", np.stack(moves, axis=1), [*map(whole, told)], whole=True)
        for figure, numbers in figures.items():
            digits = P_DECIMALS if figure == "p" else EFFECT_DECIMALS
            within = half(digits) if figure in tests and is_rounded else 1e-9
            found.figure(numbers, number(row[figure]), within)
    for wave, others, few in zip(("earlier", "later"), alone, unpaired, strict=True):
        # Where all answered alike, so did who was alone, and the form's own table says so.
        alike = (
            LEAST
            <= max(left.counts.get((wave, "a", str(step)), 0) for step in STEPS)
            == (pairs + few)
        )
        found.sought |= {f"alone {wave} {n}": others[:, n] for n in range(3) if few and not alike}
    return found


def half(decimals: int) -> float:
    """How far a number may be from what is told of it, to so many decimals."""
    return float(0.5 * 10.0**-decimals + 1e-9)


def whole(told: float | None) -> int | None:
    return None if told is None else int(told)


MOVES = ("rose", "same", "fell")


@dataclass
class Tally:
    """Of hidden counts, and of the answers of those who answered one form alone."""

    known: int = 0
    hidden: int = 0
    alone_known: int = 0
    alone: int = 0

    def take(self, found: Reckoning) -> None:
        alone = [name for name in found.recovered() if name.startswith("alone")]
        self.alone_known += len(alone)
        self.known += len(found.recovered()) - len(alone)
        self.alone += sum(name.startswith("alone") for name in found.sought)
        self.hidden += sum(not name.startswith("alone") for name in found.sought)


def attack_changes(least: int) -> Tally:
    """`least` of what is told of means, effects and p."""
    tally = Tally()
    for seed in range(STUDIES):
        unpaired = ((0, 0), (0, 1), (1, 1))[seed % 3]
        pairs = PEOPLE - sum(unpaired)
        forms = moved(pairs, unpaired, Random(seed))
        left, more = read_tables(forms), read_tables(forms, least)
        left.tables["change"] = [
            {**told, **{kind: shown[kind] for kind in MOVES}}
            for shown, told in zip(left.tables["change"], more.tables["change"], strict=True)
        ]
        tally.take(of_a_change(left, pairs, unpaired, decimals=1 if least > 1 else 15))
    return tally


@pytest.mark.torture
def test_no_hidden_count_follows_from_what_has_changed() -> None:
    found = attack_changes(LEAST)

    assert found.hidden > 3 * STUDIES
    assert found.known == 0
    assert found.alone_known == 0


@pytest.mark.torture
def test_the_attacker_wins_where_few_steps_have_a_test() -> None:
    assert attack_changes(1).known > STUDIES


def test_who_alone_answered_one_form_does_not_follow_from_how_many_moved() -> None:
    """Five rose from the least step and five stayed there: the sixth that is there was alone."""
    earlier = {f"p{n}": {"a": "1"} for n in range(10)}
    later = {f"q{n}": {"a": "2" if n < 5 else "1"} for n in range(10)}
    pairs = {f"q{n}": f"p{n}" for n in range(10)}

    def moves_beside(answer: str) -> list[str]:
        more = {**later, "alone": {"a": answer}}
        change = read_tables([made(EARLIER, earlier), made(LATER, more, pairs)]).row("change", "a")
        return [change[kind] for kind in (*MOVES, "effect", "p")]

    assert moves_beside("1") == [HIDDEN] * 5
    alike = read_tables([made(EARLIER, earlier), made(LATER, later, pairs)]).row("change", "a")
    assert [alike[kind] for kind in MOVES] == ["5", "5", "0"]


@pytest.mark.parametrize(
    "ways",
    [
        {(1, 2): 5, (1, 1): 1, (2, 1): 5, (2, 2): 5},  # six were at 1, and five of them rose
        {(1, 2): 5, (2, 3): 5, (1, 3): 1, (2, 2): 5},  # the sum of the steps says who rose by two
        {(1, 2): 5, (2, 2): 5, (3, 3): 2},  # the form before hides who was at 3
    ],
)
def test_how_few_moved_does_not_follow_from_how_many_did(ways: dict[tuple[int, int], int]) -> None:
    both = [*Counter(ways).elements()]
    earlier = {f"p{n}": {"a": str(b)} for n, (b, _) in enumerate(both)}
    after = {f"q{n}": {"a": str(a)} for n, (_, a) in enumerate(both)}
    pairs = {f"q{n}": f"p{n}" for n in range(len(both))}
    change = read_tables([made(EARLIER, earlier), made(LATER, after, pairs)]).row("change", "a")

    assert [change[kind] for kind in (*MOVES, "effect", "p")] == [HIDDEN] * 5


def test_who_alone_answered_one_form_is_not_the_difference_of_two_means() -> None:
    answers = ["1"] * 5 + ["2"] * 5
    earlier = {f"p{n}": {"a": a} for n, a in enumerate(answers)}
    later = {f"q{n}": {"a": a} for n, a in enumerate([*answers, "2"])}
    forms = [made(EARLIER, earlier), made(LATER, later, {f"q{n}": f"p{n}" for n in range(10)})]

    of_all = number(read_tables(forms).row("items", "a", "later")["mean"])
    of_pairs = number(read_tables(forms, 1).row("change", "a")["mean_after"])
    assert of_all is not None
    assert of_pairs is not None
    assert round(11 * of_all - 10 * of_pairs, 6) == 2, "what the one alone answered"
    for name in ("a", "alone"):
        assert number(read_tables(forms).row("change", name)["mean_after"]) is None


# --- What was asked by an answer ----------------------------------------------------------------


def led(people: int, dice: Random) -> AnsweredForm:
    rows = {}
    for n in range(people):
        a = 4 - chosen(dice) if dice.random() < 0.5 else chosen(dice)
        rows[f"p{n}"] = {"a": str(a)} | ({"b": str(chosen(dice))} if a == 3 else {})
    return made(ASKING, rows)


def attack_asked(*, told: bool) -> tuple[int, int]:
    """`told`: how many were asked the second item is told, whatever is hidden of the first."""
    known = hidden = 0
    for seed in range(5 * STUDIES):
        one = led(PEOPLE, Random(seed))
        left = read_tables([one])
        table = np.vstack(
            [together(first[None, :], ways(int(first[2]), 3)) for first in ways(PEOPLE, 3)]
        )
        found = Reckoning.of(table)
        hold_item(found, left, "asking", "a", table[:, :3])
        asked = sum("b" in row for row in one.answers.values())
        there = {row["item"] for row in left.tables["items"]}
        if "b" in there:
            hold_item(found, left, "asking", "b", table[:, 3:])
        if told or "b" in there:
            found.possible &= table[:, 2] == asked
        known += len(found.recovered())
        hidden += len(found.sought)
    return known, hidden


@pytest.mark.torture
def test_no_hidden_count_follows_from_how_many_were_asked_more() -> None:
    known, hidden = attack_asked(told=False)

    assert hidden > 3 * STUDIES
    assert known == 0


@pytest.mark.torture
def test_the_attacker_wins_where_it_is_told_how_many_were_asked() -> None:
    known, _ = attack_asked(told=True)

    assert known > STUDIES


# --- Background in rows -------------------------------------------------------------------------

ABOUT = tuple(
    Item(
        id=name,
        text=spoken(name),
        way="one",
        options=tuple(Option(str(n), spoken(f"{name} {n}")) for n in range(choices)),
    )
    for name, choices in (("role", 2), ("office", 2), ("years", 3))
)
TELLING = replace(
    SUMMED,
    id="telling",
    blocks=(Block("about", spoken("Om deg"), ABOUT, background=True), *SUMMED.blocks),
)


def described(people: int, dice: Random, study: Questionnaire = TELLING) -> AnsweredForm:
    rows = {
        f"p{n:03}": {**{one.id: dice.choice(one.options).id for one in ABOUT}, "a": "1", "b": "2"}
        for n in range(people)
    }
    return made(study, rows)


def rows_of(found: AnsweredForm, folder: Path) -> Iterator[list[tuple[str, ...]]]:
    """What each row of each file of an export has of background."""
    write(folder, found, leaving.files(found, "nb"))
    tables = [[*csv.reader(io.StringIO(path.read_text("utf-8")))] for path in folder.glob("*.csv")]
    book = openpyxl.load_workbook(folder / "answers.xlsx")
    tables += [[[str(c) for c in row] for row in sheet.values] for sheet in book]
    for header, *lines in tables:
        if header[0].startswith("pseudonym"):
            at = [n for n, name in enumerate(header) if name in {one.id for one in ABOUT}]
            yield [tuple(line[n] for n in at) for line in lines]
    kept = json.loads((folder / "questionnaire.json").read_text("utf-8"))["answers"]
    yield [tuple(one[i.id] for i in ABOUT if i.id in one) for one in kept.values()]


def known_by(rows: Iterable[tuple[str, ...]]) -> int:
    """How many share what stands in their row with fewer than four others."""
    return sum(n for n in Counter(rows).values() if n < LEAST)


@pytest.mark.parametrize("people", [40, 120])
def test_no_row_tells_by_several_questions_together_who_it_is(people: int, tmp_path: Path) -> None:
    found = described(people, Random(people))
    files = [*rows_of(found, tmp_path / "out")]

    assert len(files) >= 5
    assert {len(row) for row in files[-1]} == {len(ABOUT) - len(found.counted)}
    assert [known_by(rows) for rows in files] == [0] * len(files)
    whole = {**found.counted, **{i.id: 0 for i in ABOUT if i.id not in found.withheld}}
    assert {*whole} == {i.id for i in ABOUT}, "each may stand alone"
    told = {one.item.id: one.n for one in investigate([found]).forms[0].items}
    assert [told[one.id] for one in ABOUT] == [people] * len(ABOUT)
    again = read_form(tmp_path / "out")
    assert investigate([again]).forms[0].items == investigate([found]).forms[0].items


def test_rows_would_tell_where_each_question_is_looked_at_alone() -> None:
    dice = Random(40)
    rows = [tuple(dice.choice(one.options).id for one in ABOUT) for _ in range(40)]

    assert [known_by((row[n],) for row in rows) for n in range(3)] == [0] * 3
    assert known_by(rows) > 10


def test_who_answered_one_form_alone_is_not_told_by_the_background_of_both() -> None:
    earlier = described(20, Random(2), replace(TELLING, id="first", wave="before"))
    later = described(21, Random(2), replace(TELLING, id="then", wave="after", before="first"))
    pairs = {name: name for name in earlier.answers}
    forms = investigate([earlier, replace(later, before=pairs)]).forms

    assert not {one.id for one in ABOUT} & {i for row in later.answers.values() for i in row}
    assert {one.id for one in ABOUT} < {one.item.id for one in forms[0].items}
    assert {one.item.id for one in forms[1].items} == {"a", "b"}
    alike = replace(later, answers={name: later.answers[name] for name in pairs}, before=pairs)
    assert len(investigate([earlier, alike]).forms[1].items) == 5


# --- The rule -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "people"), [(2, 30), (3, 20), (4, 14)])
def test_whoever_knows_how_counts_are_hidden_knows_none_by_it(cells: int, people: int) -> None:
    for n in range(1, people):
        table = ways(n, cells)
        for told in {suppressed(row) for row in table.tolist()}:
            alike = table[hides_as(table, told)]
            assert all(np.ptp(alike[:, i]) > 0 for i, count in enumerate(told) if count is None)
