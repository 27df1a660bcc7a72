"""The attacker at what is written of a questionnaire: which hidden counts follow from the rest?

It has the tables, the results that go back to those who answered, and this program, and tries
every way in which so many could have answered.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from dialogs.studies.answering import Answer
from dialogs.studies.items import Item
from dialogs.studies.questionnaire import Questionnaire
from research.analysis.counts import summary, suppressed
from research.bounds import LEAST
from research.questionnaires import told
from research.questionnaires.answers import AnsweredForm, form
from research.questionnaires.findings import investigate
from research.questionnaires.tables import tables
from tests.support.questionnaires import AFTER, ONCE, shipped

SHIPPED, _ = shipped("mestring")
Hide: TypeAlias = Callable[[Sequence[int]], Sequence[int | None]]
"""What stands of counts: the attacker knows the program."""


@dataclass(frozen=True)
class Published:
    """What stands of one item: None where it is hidden, or is no number."""

    item: Item
    n: int
    counts: tuple[int | None, ...]
    mean: float | None
    deviation: float | None


def answered(study: Questionnaire, people: int, dice: random.Random) -> AnsweredForm:
    """Invented people, of whom most choose alike."""
    given = {}
    for number in range(people):
        row = {
            item.id: item.options[min(int(dice.expovariate(1.1)), len(item.options) - 1)].id
            for item in study.items
            if item.way == "one"
        }
        given[f"p{number}"] = Answer(study.information.version, row)
    return form(study, given, invited=people, withdrawn=(), left_out=())


def published(of: AnsweredForm) -> Iterator[Published]:
    """Read off the tables; and the mean that the card shows, where it shows one."""
    found = investigate([of])
    by_name = {table.name: table.rows for table in tables(found, "nb")}
    shown: Mapping[str, list[object]] = _counts(by_name["counts"])
    card = json.loads(told.document([of]))["forms"][of.questionnaire.id]["items"]
    means = {one["item"]: one["mean"] for one in card}
    for _, name, _, n, _, _, mean, _, deviation in by_name["items"]:
        item = of.questionnaire.item(str(name))
        cells = tuple(c if isinstance(c, int) else None for c in shown[item.id])
        told_mean = mean if isinstance(mean, float) else means.get(item.id)
        yield Published(
            item,
            int(str(n)),
            cells[: len(item.options)],
            told_mean,
            deviation if isinstance(deviation, float) else None,
        )


def _counts(rows: Sequence[Sequence[object]]) -> dict[str, list[object]]:
    found = defaultdict[str, list[object]](list)
    for _, item, _, _, count in rows:
        found[str(item)].append(count)
    return found


def ways(one: Published, hide: Hide) -> list[tuple[int, ...]]:
    """Every way in which so many can have answered that gives just what is published."""
    return [
        tried
        for tried in _sums(one.n, len(one.counts))
        if tuple(hide(tried)) == one.counts and _has_figures(one, tried)
    ]


def _sums(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _sums(total - first, cells - 1):
            yield (first, *rest)


def _has_figures(one: Published, tried: Sequence[int]) -> bool:
    values = [
        option.value
        for option, count in zip(one.item.options, tried, strict=True)
        if option.value is not None
        for _ in range(count)
    ]
    found = summary(values)
    if one.mean is not None and (found is None or abs(found.mean - one.mean) > 0.006):
        return False
    return one.deviation is None or (
        found is not None and abs(found.deviation - one.deviation) < 1e-9
    )


def recovered(written: Iterable[Published], hide: Hide) -> tuple[int, int]:
    """How many hidden counts have one value alone that they can have, and how many there are."""
    known = hidden = 0
    for one in written:
        places = [i for i, count in enumerate(one.counts) if count is None]
        possible = ways(one, hide) if places else []
        assert possible or not places, "what happened is possible"
        hidden += len(places)
        known += sum(len({way[i] for way in possible}) == 1 for i in places)
    return known, hidden


@pytest.mark.parametrize("people", [6, 13])
def test_no_hidden_count_follows_from_what_is_written(people: int) -> None:
    forms = [
        answered(study, people, random.Random(seed))
        for study in (ONCE, AFTER, SHIPPED)
        for seed in range(2)
    ]
    known, hidden = recovered((one for each in forms for one in published(each)), suppressed)

    assert hidden > 20
    assert known == 0


def test_the_attacker_wins_where_cells_are_hidden_and_not_tables() -> None:
    """As it was: the small cells alone, with n, mean and deviation beside them."""

    def cells(counts: Sequence[int]) -> tuple[int | None, ...]:
        return tuple(None if 0 < count < LEAST else count for count in counts)

    def as_it_was(of: AnsweredForm) -> Iterator[Published]:
        for item in (item for item in of.questionnaire.items if item.way == "one"):
            given = [one[item.id] for one in of.answers.values() if item.id in one]
            found = summary([v for v in map(item.value, given) if v is not None])
            yield Published(
                item,
                len(given),
                cells([given.count(option.id) for option in item.options]),
                found.mean if found else None,
                found.deviation if found else None,
            )

    known, hidden = recovered(as_it_was(answered(SHIPPED, 13, random.Random(0))), cells)

    assert hidden > 20
    assert known > hidden / 2
