"""What the answers to a questionnaire say: once, or before and after."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from dialogs.studies.items import NONE, Item, chosen
from dialogs.studies.questionnaire import Questionnaire, Sum, asked
from research.analysis.counts import LEAST, Summary, summary, suppressed, tells_who
from research.analysis.items import alpha, item_rest
from research.analysis.paired import RankBiserial, SignedRank, effect, holm, signed_rank
from research.questionnaires.answers import AnsweredForm, Pairs, pair

FEW = 10
"""Answers, or pairs, below which numbers are more chance than finding."""

LOW_ALPHA = 0.6
"""Cronbach's alpha under which items hardly measure one thing (Nunnally 1978 asks for .7)."""
Other: TypeAlias = Literal["none", "open", "not_asked"]
"""What is no option, and yet is not the same."""
GapRule: TypeAlias = Literal["complete", "most", "half", "any"]
SHARES: Mapping[GapRule, float] = {"complete": 1.0, "most": 0.8, "half": 0.5, "any": 0.0}
"""The share of its items that somebody must have answered for a sum."""
USUAL: GapRule = "most"

FormDoubtCode: TypeAlias = Literal[
    "few_answers",
    "few_pairs",
    "no_pairs",
    "lost_pairs",
    "contested",
    "withheld",
    "hidden",
    "gaps",
    "filled",
    "alpha",
    "turned",
]


@dataclass(frozen=True, slots=True)
class FormDoubt:
    """Something to look at. `words.DOUBTS` says it in words."""

    code: FormDoubtCode
    n: int
    of: int = 0
    names: str = ""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item in one form."""

    item: Item
    n: int
    """How many answered it."""
    counts: tuple[int | None, ...]
    """By option; None is hidden, for being under five or telling one that is."""
    others: Mapping[Other, int | None]
    """Who said none of several, who left it open and who was not asked; hidden as `counts`."""
    summary: Summary | None
    """Of the answers that are numbers; None where they are under five, or would tell a count that
    is hidden."""


@dataclass(frozen=True, slots=True)
class Summed:
    """One sum in one form. `bands` as `Asked.counts`."""

    sum: Sum
    summary: Summary | None
    bands: tuple[int | None, ...]
    answered: int = 0
    """How many answered at least one of its items."""
    complete: int = 0
    """How many answered all of them with a number."""
    filled: int = 0
    """How many more have a sum, with their own mean for what is missing."""
    alpha: float | None = None
    """Cronbach's, of those who answered all; None where they are under ten, or nobody differs."""
    rest: Mapping[str, float] = field(default_factory=dict)
    """By item, its correlation with the sum of the others (corrected item-total)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What the same persons answered before and after, to an item or in a sum."""

    id: str
    is_sum: bool
    pairs: tuple[tuple[float, float], ...]
    """Numbers before and after, of those who gave both."""
    before: Summary | None
    after: Summary | None
    rose: int | None
    same: int | None
    fell: int | None
    test: SignedRank | None
    effect: RankBiserial | None
    p_of_all: float | None
    """p of the test, adjusted for how many tests there are of its sort (Holm)."""

    lost: int = 0
    """Pairs that answered some of a sum both times, and yet have too many gaps for it."""

    @property
    def mean(self) -> float | None:
        """Of the changes."""
        if self.before is None or self.after is None:
            return None
        return self.after.mean - self.before.mean


@dataclass(frozen=True, slots=True)
class FormFigures:
    """One form: its items and sums."""

    form: AnsweredForm
    items: tuple[ItemFigures, ...]
    sums: tuple[Summed, ...]

    @property
    def questionnaire(self) -> Questionnaire:
        return self.form.questionnaire


@dataclass(frozen=True, slots=True)
class FormFindings:
    """Everything that is written and reported."""

    forms: tuple[FormFigures, ...]
    pairing: Pairs | None
    changes: tuple[Changed, ...]
    doubts: tuple[FormDoubt, ...]
    gaps: GapRule = USUAL


def investigate(
    forms: Sequence[AnsweredForm], *, least: int = LEAST, gaps: GapRule = USUAL
) -> FormFindings:
    """One form, or the one before and the one after.

    Counts under `least` are hidden; 1 hides none. `gaps` says whose sums are counted: of
    those who answered all of it, or at least so much, with their own mean for the rest.

    Raises:
        Refused: the second was not asked after the first.
    """
    answered = tuple(_answered(form, least, gaps) for form in forms)
    if len(forms) == 1:
        return FormFindings(answered, None, (), tuple(_doubts(answered, None)), gaps)
    before, after = forms
    pairing = pair(before, after)
    changes = tuple(_changes(before, after, pairing, least, gaps))
    return FormFindings(answered, pairing, changes, tuple(_doubts(answered, pairing)), gaps)


def _answered(form: AnsweredForm, least: int, gaps: GapRule) -> FormFigures:
    study = form.questionnaire
    items = tuple(
        _asked(form, item, least)
        for item in study.items
        if item.way != "text" and item.id not in form.withheld
    )
    hidden = {one.item.id for one in items if None in one.counts}
    return FormFigures(
        form, items, tuple(_summed(form, one, least, gaps, hidden=hidden) for one in study.sums)
    )


def _asked(form: AnsweredForm, item: Item, least: int) -> ItemFigures:
    given = [one[item.id] for one in form.answers.values() if item.id in one]
    counted = Counter(option for answer in given for option in chosen(answer))
    values = [value for value in map(item.value, given) if value is not None]
    *counts, none = suppressed([*(counted[o.id] for o in item.options), given.count(NONE)], least)
    not_asked = sum(item not in asked(form.questionnaire, one) for one in form.answers.values())
    left_open = len(form.answers) - len(given) - not_asked
    others: dict[Other, int | None] = {"none": none} if item.way == "several" else {}
    others |= zip(("open", "not_asked"), suppressed([left_open, not_asked], least), strict=True)
    is_told = len(values) >= least and None not in (*counts, none)
    told = summary(values) if is_told else None
    return ItemFigures(item, len(given), tuple(counts), others, told)


def _summed(
    form: AnsweredForm, one: Sum, least: int, gaps: GapRule, hidden: AbstractSet[str]
) -> Summed:
    """`hidden` are the items whose means are: one alone would be known from the sum's."""
    study = form.questionnaire
    scores = [scores_of(study, one, answers) for answers in form.answers.values()]
    totals = [reached for each in scores if (reached := added(each, gaps)) is not None]
    whole = [[s for s in each if s is not None] for each in scores if None not in each]
    bands = Counter(band.least for t in totals if (band := one.band(t)))
    counts = suppressed([bands[band.least] for band in one.bands], least)
    is_told = len(totals) >= least and None not in counts and len(hidden & {*one.items}) != 1
    return Summed(
        one,
        summary(totals) if is_told else None,
        counts,
        sum(any(s is not None for s in each) for each in scores),
        len(whole),
        len(totals) - len(whole),
        alpha(whole) if len(whole) >= FEW else None,
        item_rest(one.items, whole) if len(whole) >= FEW else {},
    )


def scores_of(study: Questionnaire, one: Sum, answers: Mapping[str, str]) -> list[int | None]:
    """The score of each item of a sum; None for what has none."""
    return [study.item(i).score(answers[i]) if i in answers else None for i in one.items]


def added(scores: Sequence[int | None], gaps: GapRule) -> float | None:
    """A sum, with the mean of the rest for what is missing; None where that is too much."""
    known = [score for score in scores if score is not None]
    if len(known) == len(scores):
        return sum(known)
    if not known or len(known) < SHARES[gaps] * len(scores):
        return None
    return sum(known) / len(known) * len(scores)


# --- Change -------------------------------------------------------------------------------------


def _changes(
    before: AnsweredForm, after: AnsweredForm, pairing: Pairs, least: int, gaps: GapRule
) -> Iterator[Changed]:
    """First the sums, then the items that are numbers and were asked both times."""
    there = {item.id for item in before.questionnaire.items}
    sums = {one.id for one in before.questionnaire.sums}
    names = {
        True: [one.id for one in after.questionnaire.sums if one.id in sums],
        False: [i.id for i in after.questionnaire.items if i.id in there and i.values],
    }
    for is_sum, wanted in names.items():
        group = [
            (name, _both(before, after, pairing, name, gaps if is_sum else None)) for name in wanted
        ]
        tests = {name: signed_rank(_steps(pairs)) for name, pairs in group if len(pairs) >= least}
        told = {name: test for name, test in tests.items() if test is not None}
        adjusted = dict(zip(told, holm([test.p for test in told.values()]), strict=True))
        for name, pairs in group:
            found = _changed(name, pairs, adjusted.get(name), is_sum=is_sum, least=least)
            some = _both(before, after, pairing, name, "any") if is_sum else pairs
            yield replace(found, lost=len(some) - len(pairs))


def _both(
    before: AnsweredForm, after: AnsweredForm, pairing: Pairs, name: str, gaps: GapRule | None
) -> tuple[tuple[float, float], ...]:
    """The numbers of those who gave one both times."""
    found = (
        (
            number_of(before, earlier, name, gaps),
            number_of(after, later, name, gaps),
        )
        for earlier, later in pairing.pairs
    )
    return tuple((b, a) for b, a in found if b is not None and a is not None)


def number_of(form: AnsweredForm, pseudonym: str, name: str, gaps: GapRule | None) -> float | None:
    """What somebody's answer to an item is as a number, or with a rule for gaps their sum."""
    answers, study = form.answers[pseudonym], form.questionnaire
    if gaps is not None:
        wanted = next(one for one in study.sums if one.id == name)
        return added(scores_of(study, wanted, answers), gaps)
    return study.item(name).value(answers[name]) if name in answers else None


def _steps(pairs: Sequence[tuple[float, float]]) -> list[float]:
    return [after - before for before, after in pairs]


def _changed(
    name: str,
    pairs: tuple[tuple[float, float], ...],
    p_of_all: float | None,
    *,
    is_sum: bool,
    least: int,
) -> Changed:
    steps = _steps(pairs)
    rose, same, fell = suppressed(
        [sum(s > 0 for s in steps), steps.count(0), sum(s < 0 for s in steps)], least
    )
    enough = len(pairs) >= least
    # Few steps of an item make a test and an effect that only some counts can have.
    is_tested = enough and (is_sum or None not in (rose, same, fell))
    # The means of few values tell how many gave each.
    few = [tells_who(map(str, numbers), least) for numbers in zip(*pairs, strict=True)]
    is_told = enough and (is_sum or not any(few))
    return Changed(
        name,
        is_sum,
        pairs,
        summary([b for b, _ in pairs]) if is_told else None,
        summary([a for _, a in pairs]) if is_told else None,
        rose,
        same,
        fell,
        signed_rank(steps) if is_tested else None,
        effect(steps) if is_tested else None,
        p_of_all if is_tested else None,
    )


# --- Doubts -------------------------------------------------------------------------------------


def _doubts(forms: Sequence[FormFigures], pairing: Pairs | None) -> Iterator[FormDoubt]:
    yield from _doubts_of_answers(forms, pairing)
    for one in forms:
        for summed in one.sums:
            yield from _doubts_of_sum(summed)


def _doubts_of_answers(forms: Sequence[FormFigures], pairing: Pairs | None) -> Iterator[FormDoubt]:
    for one in forms:
        if len(one.form.answers) < FEW:
            yield FormDoubt("few_answers", len(one.form.answers), names=one.questionnaire.id)
    if pairing is not None:
        pairs, after = len(pairing.pairs), len(forms[1].form.answers)
        if not pairs:
            yield FormDoubt("no_pairs", 0, after)
        elif pairs < FEW:
            yield FormDoubt("few_pairs", pairs, after)
        if lost := after - pairs:
            yield FormDoubt("lost_pairs", lost, after)
        if pairing.contested:
            yield FormDoubt("contested", pairing.contested, after)
    withheld = sorted({name for one in forms for name in one.form.withheld})
    if withheld:
        yield FormDoubt("withheld", len(withheld), names=", ".join(withheld))
    hidden = sum(None in asked.counts for one in forms for asked in one.items)
    if hidden:
        yield FormDoubt("hidden", hidden, sum(len(one.items) for one in forms))


def _doubts_of_sum(summed: Summed) -> Iterator[FormDoubt]:
    """Sums of few, and of items that do not go together: a reversal may be forgotten."""
    if lost := summed.answered - summed.complete - summed.filled:
        yield FormDoubt("gaps", lost, summed.answered, summed.sum.id)
    if summed.filled:
        yield FormDoubt("filled", summed.filled, summed.answered, summed.sum.id)
    if against := [name for name, value in summed.rest.items() if value < 0]:
        yield FormDoubt("turned", len(against), len(summed.sum.items), ", ".join(against))
    if summed.alpha is not None and summed.alpha < LOW_ALPHA:
        yield FormDoubt("alpha", round(100 * summed.alpha), 100, summed.sum.id)
