"""What the answers to a questionnaire say: once, or before and after."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dialogs.questionnaire import Item, Questionnaire, Sum, chosen, total
from research.analysis.counts import LEAST, Summary, summary, suppressed
from research.analysis.paired import Effect, SignedRank, effect, holm, signed_rank
from research.questionnaires.answers import Form, Pairing, pair

FEW = 10
"""Answers, or pairs, below which numbers are more chance than finding."""

Code: TypeAlias = Literal[
    "few_answers", "few_pairs", "no_pairs", "lost_pairs", "contested", "withheld", "hidden"
]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at. `words.DOUBTS` says it in words."""

    code: Code
    n: int
    of: int = 0
    names: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One item in one form."""

    item: Item
    n: int
    """How many answered it."""
    counts: tuple[int | None, ...]
    """By option; None is hidden, for being under five or telling one that is."""
    summary: Summary | None
    """Of the answers that are numbers; None where they are under five."""


@dataclass(frozen=True, slots=True)
class Summed:
    """One sum in one form. `bands` as `Asked.counts`."""

    sum: Sum
    summary: Summary | None
    bands: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What the same persons answered before and after, to an item or in a sum."""

    id: str
    is_sum: bool
    pairs: tuple[tuple[int, int], ...]
    """Numbers before and after, of those who gave both."""
    before: Summary | None
    after: Summary | None
    rose: int | None
    same: int | None
    fell: int | None
    test: SignedRank | None
    effect: Effect | None
    p_of_all: float | None
    """p of the test, adjusted for how many tests there are of its sort (Holm)."""

    @property
    def mean(self) -> float | None:
        """Of the changes."""
        if self.before is None or self.after is None:
            return None
        return self.after.mean - self.before.mean


@dataclass(frozen=True, slots=True)
class Answered:
    """One form: its items and sums."""

    form: Form
    items: tuple[Asked, ...]
    sums: tuple[Summed, ...]

    @property
    def questionnaire(self) -> Questionnaire:
        return self.form.questionnaire


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that is written and reported."""

    forms: tuple[Answered, ...]
    pairing: Pairing | None
    changes: tuple[Changed, ...]
    doubts: tuple[Doubt, ...]


def investigate(forms: Sequence[Form], *, least: int = LEAST) -> Findings:
    """One form, or the one before and the one after.

    Counts under `least` are hidden; 1 hides none.

    Raises:
        Refused: the second was not asked after the first.
    """
    answered = tuple(_answered(form, least) for form in forms)
    if len(forms) == 1:
        return Findings(answered, None, (), tuple(_doubts(answered, None)))
    before, after = forms
    pairing = pair(before, after)
    changes = tuple(_changes(before, after, pairing, least))
    return Findings(answered, pairing, changes, tuple(_doubts(answered, pairing)))


def _answered(form: Form, least: int) -> Answered:
    study = form.questionnaire
    items = tuple(
        _asked(form, item, least)
        for item in study.items
        if item.way != "text" and item.id not in form.withheld
    )
    return Answered(form, items, tuple(_summed(form, one, least) for one in study.sums))


def _asked(form: Form, item: Item, least: int) -> Asked:
    given = [one[item.id] for one in form.answers.values() if item.id in one]
    counted = Counter(option for answer in given for option in chosen(answer))
    values = [value for value in map(item.value, given) if value is not None]
    counts = suppressed([counted[option.id] for option in item.options], least)
    return Asked(item, len(given), counts, summary(values) if len(values) >= least else None)


def _summed(form: Form, one: Sum, least: int) -> Summed:
    totals = [
        reached
        for answers in form.answers.values()
        if (reached := total(form.questionnaire, one, answers)) is not None
    ]
    bands = Counter(band.least for t in totals if (band := one.band(t)))
    counts = suppressed([bands[band.least] for band in one.bands], least)
    return Summed(one, summary(totals) if len(totals) >= least else None, counts)


# --- Change -------------------------------------------------------------------------------------


def _changes(before: Form, after: Form, pairing: Pairing, least: int) -> Iterator[Changed]:
    """First the sums, then the items that are numbers and were asked both times."""
    there = {item.id for item in before.questionnaire.items}
    sums = {one.id for one in before.questionnaire.sums}
    names = {
        True: [one.id for one in after.questionnaire.sums if one.id in sums],
        False: [i.id for i in after.questionnaire.items if i.id in there and i.values],
    }
    for is_sum, wanted in names.items():
        group = [(name, _both(before, after, pairing, name, is_sum=is_sum)) for name in wanted]
        tests = {name: signed_rank(_steps(pairs)) for name, pairs in group if len(pairs) >= least}
        told = {name: test for name, test in tests.items() if test is not None}
        adjusted = dict(zip(told, holm([test.p for test in told.values()]), strict=True))
        for name, pairs in group:
            yield _changed(name, pairs, adjusted.get(name), is_sum=is_sum, least=least)


def _both(
    before: Form, after: Form, pairing: Pairing, name: str, *, is_sum: bool
) -> tuple[tuple[int, int], ...]:
    """The numbers of those who gave one both times."""
    found = (
        (
            number_of(before, earlier, name, is_sum=is_sum),
            number_of(after, later, name, is_sum=is_sum),
        )
        for earlier, later in pairing.pairs
    )
    return tuple((b, a) for b, a in found if b is not None and a is not None)


def number_of(form: Form, pseudonym: str, name: str, *, is_sum: bool) -> int | None:
    """What somebody's answer to an item, or their sum, is as a number."""
    answers, study = form.answers[pseudonym], form.questionnaire
    if is_sum:
        return total(study, next(one for one in study.sums if one.id == name), answers)
    return study.item(name).value(answers[name]) if name in answers else None


def _steps(pairs: Sequence[tuple[int, int]]) -> list[int]:
    return [after - before for before, after in pairs]


def _changed(
    name: str,
    pairs: tuple[tuple[int, int], ...],
    p_of_all: float | None,
    *,
    is_sum: bool,
    least: int,
) -> Changed:
    steps = _steps(pairs)
    enough = len(pairs) >= least
    rose, same, fell = suppressed(
        [sum(s > 0 for s in steps), steps.count(0), sum(s < 0 for s in steps)], least
    )
    return Changed(
        name,
        is_sum,
        pairs,
        summary([b for b, _ in pairs]) if enough else None,
        summary([a for _, a in pairs]) if enough else None,
        rose,
        same,
        fell,
        signed_rank(steps) if enough else None,
        effect(steps) if enough else None,
        p_of_all,
    )


# --- Doubts -------------------------------------------------------------------------------------


def _doubts(forms: Sequence[Answered], pairing: Pairing | None) -> Iterator[Doubt]:
    for one in forms:
        if len(one.form.answers) < FEW:
            yield Doubt("few_answers", len(one.form.answers), names=one.questionnaire.id)
    if pairing is not None:
        pairs, after = len(pairing.pairs), len(forms[1].form.answers)
        if not pairs:
            yield Doubt("no_pairs", 0, after)
        elif pairs < FEW:
            yield Doubt("few_pairs", pairs, after)
        if lost := after - pairs:
            yield Doubt("lost_pairs", lost, after)
        if pairing.contested:
            yield Doubt("contested", pairing.contested, after)
    withheld = sorted({name for one in forms for name in one.form.withheld})
    if withheld:
        yield Doubt("withheld", len(withheld), names=", ".join(withheld))
    hidden = sum(None in asked.counts for one in forms for asked in one.items)
    if hidden:
        yield Doubt("hidden", hidden, sum(len(one.items) for one in forms))
