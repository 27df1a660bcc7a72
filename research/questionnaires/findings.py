"""What the answers to a questionnaire say: once, or before and after."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np

from dialogs.studies.items import NONE, Answers, Item, chosen
from dialogs.studies.questionnaire import Questionnaire, Sum, asked
from research.analysis import Floats
from research.analysis.counts import Summary, summary, suppressed, tells_who
from research.analysis.exchanged import could_move_otherwise
from research.analysis.items import alpha, item_rest
from research.analysis.otherwise import (
    ALPHA_DECIMALS,
    FEW,
    REST_DECIMALS,
    SUM_DECIMALS,
    Added,
    Depth,
    otherwise,
    totals,
)
from research.analysis.paired import RankBiserial, SignedRank, effect, holm, signed_rank
from research.bounds import LEAST
from research.questionnaires.answers import AnsweredForm, Pairs, pair

LOW_ALPHA = 0.6
"""Cronbach's alpha under which items hardly measure one thing (Nunnally 1978 asks for .7)."""
EFFECT_DECIMALS, P_DECIMALS = 2, 3
"""To how many an effect and its p are told beside counts that are hidden."""
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
    "hushed",
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
    """Who said none of several, hidden as `counts`; who left it open and who was not asked, which
    how many answered says anyway."""
    summary: Summary | None
    """Of the answers that are numbers; None where they are under five, or would tell a count that
    is hidden."""

    @property
    def hides(self) -> bool:
        """Whether a count of it is hidden."""
        return None in (*self.counts, *self.others.values())


@dataclass(frozen=True, slots=True)
class Summed:
    """One sum in one form. `bands` as `ItemFigures.counts`.

    Where an item of it hides a count, so do all bands, and where a band does, nothing is told of
    how much it came to: bands, mean, deviation and how the items go together lead back to counts.
    Nor is it, or its bands are, where somebody who is one of few could not have answered otherwise
    (`analysis.otherwise`). What is told is rounded.
    """

    sum: Sum
    is_told: bool
    summary: Summary | None
    bands: tuple[int | None, ...]
    answered: int = 0
    """How many answered at least one of its items."""
    complete: int = 0
    """How many answered all of them with a number."""
    filled: int = 0
    """How many more have a sum, with their own mean for what is missing."""
    alpha: float | None = None
    """Cronbach's, of those who answered all; None where they are under ten, nobody differs, or it
    is not told."""
    rest: Mapping[str, float] = field(default_factory=dict)
    """By item, its correlation with the sum of the others (corrected item-total)."""
    against: tuple[str, ...] = ()
    """Items that go against the rest, also where it is not told how much, if no count follows."""


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
    """Where one of these is hidden, so are test and effect: few steps give only some of them."""
    test: SignedRank | None
    effect: RankBiserial | None
    p_of_all: float | None
    """p of the test, adjusted for how many tests of its sort are told (Holm)."""

    lost: int = 0
    """Pairs that answered some of a sum both times, and yet have too many gaps for it."""

    @property
    def mean(self) -> float | None:
        """Of the changes."""
        if self.before is None or self.after is None:
            return None
        return self.after.mean - self.before.mean

    @property
    def moved(self) -> tuple[int | None, int | None, int | None]:
        """How many rose, stayed and fell."""
        return self.rose, self.same, self.fell


@dataclass(frozen=True, slots=True)
class FormFigures:
    """One form: its items and sums."""

    form: AnsweredForm
    items: tuple[ItemFigures, ...]
    sums: tuple[Summed, ...]
    untold: tuple[str, ...] = ()
    """Items asked by an answer that is hidden: how many answered them tells how many gave it."""

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
    hides: bool = True
    """Whether counts under five are hidden."""


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
        doubts = tuple(_doubts(answered, None))
        return FormFindings(answered, None, (), doubts, gaps, hides=least > 1)
    before, after = answered
    pairing = pair(before.form, after.form)
    after = _about_few(after, pairing, before, least)
    answered = before, after
    changes = tuple(_changes(_Twice(before, after, pairing, least), gaps))
    doubts = tuple(_doubts(answered, pairing))
    return FormFindings(answered, pairing, changes, doubts, gaps, hides=least > 1)


def hush_key(kind: Literal["item", "sum", "moved", "moved sum"], name: str) -> str:
    """What `AnsweredForm.hushed` calls it: an item and a sum may have one name."""
    return f"{kind} {name}"


def _answered(form: AnsweredForm, least: int, gaps: GapRule) -> FormFigures:
    study, found, untold = form.questionnaire, dict[str, ItemFigures](), list[str]()
    for item in study.items:
        if item.way == "text" or (item.id in form.withheld and item.id not in form.counted):
            continue
        if _tells_of_another(item, found):
            untold.append(item.id)
        else:
            found[item.id] = _asked(form, item, least)
    whole = {name for name, one in found.items() if not one.hides}
    sums = tuple(_sums(form, whole, least, gaps))
    return FormFigures(form, tuple(found.values()), sums, tuple(untold))


def _about_few(after: FormFigures, pairing: Pairs, before: FormFigures, least: int) -> FormFigures:
    """The form after, without background where few answered one form alone.

    Who somebody is does not change: beside the counts before, those after tell of the few.
    """
    alone = [len(one.form.answers) - len(pairing.pairs) for one in (before, after)]
    if not any(0 < n < least for n in alone):
        return after
    about = {i.id for b in after.questionnaire.blocks if b.background for i in b.items}
    kept = tuple(one for one in after.items if one.item.id not in about)
    gone = (one.item.id for one in after.items if one.item.id in about)
    return replace(after, items=kept, untold=(*after.untold, *gone))


def _tells_of_another(item: Item, found: Mapping[str, ItemFigures]) -> bool:
    """Whether an item was asked by an answer of which it is hidden how many gave it."""
    if item.when is None:
        return False
    asked_by = found.get(item.when.item)
    if asked_by is None:
        return True
    options = zip(asked_by.item.options, asked_by.counts, strict=True)
    return any(count is None for option, count in options if option.id in item.when.answers)


def _asked(form: AnsweredForm, item: Item, least: int) -> ItemFigures:
    everybody = form.given(item)
    given = [answer for answer in everybody if answer]
    counted = Counter(option for answer in given for option in chosen(answer))
    values = [value for value in map(item.value, given) if value is not None]
    nones = [given.count(NONE)] if item.way == "several" else []
    table = suppressed([*(counted[o.id] for o in item.options), *nones], least)
    if hush_key("item", item.id) in form.hushed:
        table = (None,) * len(table)
    counts, none = table[: len(item.options)], table[len(item.options) :]
    not_asked = sum(item not in asked(form.questionnaire, one) for one in form.answers.values())
    left_open = everybody.count("") - not_asked
    others: dict[Other, int | None] = {"none": none[0]} if none else {}
    others |= {"open": left_open, "not_asked": not_asked}
    is_told = len(values) >= least and None not in table
    told = summary(values) if is_told else None
    return ItemFigures(item, len(given), counts, others, told)


def _sums(
    form: AnsweredForm, whole: AbstractSet[str], least: int, gaps: GapRule
) -> Iterator[Summed]:
    """`whole` are the items that hide nothing."""
    study = form.questionnaire
    names = [*dict.fromkeys(name for one in study.sums for name in one.items)]
    scores = _scores(study, names, form.answers.values())
    sums = [_added(one, names, gaps) for one in study.sums]
    if least > 1:
        leads = {i.when.item for i in study.items if i.when}
        still = {n for n, name in enumerate(names) if name in leads}
        for n, one in enumerate(study.sums):
            sums[n] = _as_deep_as(_Beside(scores, sums, still, least), n, whole >= {*one.items})
    for one, added_up in zip(study.sums, sums, strict=True):
        is_hushed = hush_key("sum", one.id) in form.hushed
        yield _summed(one, replace(added_up, depth=-1) if is_hushed else added_up, scores, least)


def _scores(study: Questionnaire, names: Sequence[str], answers: Iterable[Answers]) -> Floats:
    """People by items; not a number where there is no score."""
    rows = [[study.item(i).score(one[i]) if i in one else None for i in names] for one in answers]
    return np.array(rows, dtype=float).reshape(len(rows), len(names))


def _added(one: Sum, names: Sequence[str], gaps: GapRule) -> Added:
    columns = tuple(names.index(name) for name in one.items)
    return Added(columns, tuple(band.least for band in one.bands), SHARES[gaps], 2)


@dataclass(frozen=True, slots=True)
class _Beside:
    """The sums of a form, and what they are sums of."""

    scores: Floats
    sums: Sequence[Added]
    still: AbstractSet[int]
    """Items whose answers say who was asked more."""
    least: int


def _as_deep_as(form: _Beside, n: int, is_whole: bool) -> Added:
    """The sum, with as much of it told as may be beside the others."""
    one = form.sums[n]
    reached = one.totals(form.scores)
    if not is_whole or (~np.isnan(reached)).sum() < form.least:
        return replace(one, depth=0)
    hides = None in suppressed(one.in_bands(reached), form.least)
    depths: tuple[Depth, ...] = (1, 0) if hides else (2, 1, 0)
    for depth in depths:
        tried = replace(one, depth=depth)
        beside = [*form.sums[:n], tried, *form.sums[n + 1 :]]
        if otherwise(form.scores, beside, n, form.still, form.least):
            return tried
    return replace(one, depth=-1)


def _summed(one: Sum, found: Added, scores: Floats, least: int) -> Summed:
    own, reached = scores[:, found.columns], found.totals(scores)
    known = ~np.isnan(own)
    complete, there = own[known.all(axis=1)], reached[~np.isnan(reached)]
    counts = suppressed(found.in_bands(reached), least)
    is_told, digits = found.depth == 2, least > 1
    rest = item_rest(one.items, complete.tolist()) if len(complete) >= FEW else {}
    together = alpha(complete.tolist()) if is_told and len(complete) >= FEW else None
    return Summed(
        one,
        is_told,
        _rounded(summary(there.tolist()), digits) if is_told else None,
        counts if found.depth > 0 else (None,) * len(counts),
        int(known.any(axis=1).sum()),
        len(complete),
        len(there) - len(complete),
        round(together, ALPHA_DECIMALS) if together is not None and digits else together,
        {name: round(value, REST_DECIMALS) if digits else value for name, value in rest.items()}
        if is_told
        else {},
        tuple(name for name, value in rest.items() if value < 0 <= found.depth),
    )


def _rounded(found: Summary | None, digits: bool) -> Summary | None:
    """Of a sum, to so many decimals as are told."""
    if found is None or not digits:
        return found
    mean, deviation = round(found.mean, SUM_DECIMALS), round(found.deviation, SUM_DECIMALS)
    return replace(found, mean=mean, deviation=deviation)


def scores_of(study: Questionnaire, one: Sum, answers: Mapping[str, str]) -> list[int | None]:
    """The score of each item of a sum; None for what has none."""
    return [study.item(i).score(answers[i]) if i in answers else None for i in one.items]


def added(scores: Sequence[int | None], gaps: GapRule) -> float | None:
    """A sum, with the mean of the rest for what is missing; None where that is too much."""
    (reached,) = totals(np.array([scores], dtype=float), SHARES[gaps])
    return None if np.isnan(reached) else float(reached)


# --- Change -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Twice:
    """Two forms, and who answered both."""

    before: FormFigures
    after: FormFigures
    pairing: Pairs
    least: int


def _changes(twice: _Twice, gaps: GapRule) -> Iterator[Changed]:
    """First the sums, then the items that are numbers and were asked both times."""
    there = {one.item.id for one in twice.before.items}
    earlier = {one.sum.id: one.is_told for one in twice.before.sums}
    sums = [
        _of_sum(twice, one.sum.id, gaps, is_told=one.is_told and earlier[one.sum.id])
        for one in twice.after.sums
        if one.sum.id in earlier
    ]
    items = [
        _changed(twice, one.item.id, None)
        for one in twice.after.items
        if one.item.id in there and one.item.values
    ]
    for group in (sums, items):
        tests = {one.id: one.test.p for one in group if one.test}
        adjusted = dict(zip(tests, holm([*tests.values()]), strict=True))
        yield from (replace(one, p_of_all=adjusted.get(one.id)) for one in group)


def _of_sum(twice: _Twice, name: str, gaps: GapRule, *, is_told: bool) -> Changed:
    found = _changed(twice, name, gaps)
    lost = len(_both(twice, name, "any")) - len(found.pairs)
    if not is_told:
        found = replace(found, before=None, after=None)
    return replace(found, lost=lost)


def _both(twice: _Twice, name: str, gaps: GapRule | None) -> tuple[tuple[float, float], ...]:
    """The numbers of those who gave one both times."""
    found = (_numbers(twice, pair, name, gaps) for pair in twice.pairing.pairs)
    return tuple((b, a) for b, a in found if b is not None and a is not None)


def _numbers(
    twice: _Twice, pair: tuple[str, str], name: str, gaps: GapRule | None
) -> tuple[float | None, float | None]:
    """What somebody's answers before and after are as numbers."""
    forms = twice.before.form, twice.after.form
    earlier, later = (number_of(one, who, name, gaps) for one, who in zip(forms, pair, strict=True))
    return earlier, later


def number_of(form: AnsweredForm, pseudonym: str, name: str, gaps: GapRule | None) -> float | None:
    """What somebody's answer to an item is as a number, or with a rule for gaps their sum."""
    answers, study = form.answers[pseudonym], form.questionnaire
    if gaps is not None:
        wanted = next(one for one in study.sums if one.id == name)
        return added(scores_of(study, wanted, answers), gaps)
    return study.item(name).value(answers[name]) if name in answers else None


def _changed(twice: _Twice, name: str, gaps: GapRule | None) -> Changed:
    pairs, least = _both(twice, name, gaps), twice.least
    steps = [later - earlier for earlier, later in pairs]
    rose, same, fell = suppressed(
        [sum(s > 0 for s in steps), steps.count(0), sum(s < 0 for s in steps)], least
    )
    moved = hush_key("moved" if gaps is None else "moved sum", name)
    is_hushed = moved in twice.after.form.hushed
    if is_hushed or (least > 1 and _moves_tell_of_one(twice, name, gaps, pairs)):
        rose = same = fell = None
    digits = least > 1
    alone = _item_of(twice, name, gaps)
    if digits and alone and None not in (rose, same, fell):
        depth = _as_deep(twice, alone, pairs)
        rose, same, fell = (rose, same, fell) if depth else (None, None, None)
    else:
        depth = 2
    earlier, later = [b for b, _ in pairs], [a for _, a in pairs]
    is_told = len(pairs) >= least and not (
        is_hushed
        or _tells_of_few(twice.before.form, name, gaps, earlier, least)
        or _tells_of_few(twice.after.form, name, gaps, later, least)
    )
    is_tested = depth == 2 and len(pairs) >= least and None not in (rose, same, fell)
    rounds = gaps is not None and digits
    return Changed(
        name,
        gaps is not None,
        pairs,
        _rounded(summary(earlier), rounds) if is_told else None,
        _rounded(summary(later), rounds) if is_told else None,
        rose,
        same,
        fell,
        _tested(steps, digits) if is_tested else None,
        _sized(steps, digits) if is_tested else None,
        None,
    )


def _item_of(twice: _Twice, name: str, gaps: GapRule | None) -> str:
    """The item that an item is, or a sum of it alone; none where a sum has several."""
    if gaps is None:
        return name
    items = next(one.items for one in twice.after.questionnaire.sums if one.id == name)
    return items[0] if len(items) == 1 else ""


def _as_deep(twice: _Twice, name: str, pairs: Sequence[tuple[float, float]]) -> Literal[0, 1, 2]:
    """Whether how many moved, and effect and p, may be told of an item beside its counts.

    Where a form hides some of these, how many moved can give them away; where none does, it can
    say how somebody moved who is one of few.
    """
    forms = twice.before, twice.after
    if any(one.hides for form in forms for one in form.items if one.item.id == name):
        return 0
    if could_move_otherwise(pairs, _all_told, twice.least):
        return 2
    return 1 if could_move_otherwise(pairs, _moved, twice.least) else 0


def _moved(steps: Sequence[float]) -> tuple[int, int]:
    return sum(s > 0 for s in steps), sum(s < 0 for s in steps)


def _all_told(steps: Sequence[float]) -> object:
    return _moved(steps), _tested(steps, True), _sized(steps, True)


def _tested(steps: Sequence[float], digits: bool) -> SignedRank | None:
    """The test; p to so many decimals as is told."""
    found = signed_rank(steps)
    return replace(found, p=round(found.p, P_DECIMALS)) if found and digits else found


def _sized(steps: Sequence[float], digits: bool) -> RankBiserial | None:
    found = effect(steps)
    if found is None or not digits:
        return found
    sizes = (found.size, found.low, found.high)
    return RankBiserial(*(round(size, EFFECT_DECIMALS) for size in sizes))


def _moves_tell_of_one(
    twice: _Twice, name: str, gaps: GapRule | None, pairs: Sequence[tuple[float, float]]
) -> bool:
    """Whether somebody who answered one form alone could not have answered otherwise.

    They could where a pair may have theirs, and they the pair's, and as many rose, stayed and
    fell: then each form's counts are the same, too. Where all answered alike, its own table
    says so.
    """
    known = twice.pairing.pairs
    for n, one in enumerate((twice.before.form, twice.after.form)):
        paired = {both[n] for both in known if None not in _numbers(twice, both, name, gaps)}
        numbers = (number_of(one, who, name, gaps) for who in one.answers if who not in paired)
        alone = {number for number in numbers if number is not None}
        if len(alone | {both[n] for both in pairs}) == 1:
            continue
        for value in alone:
            exchanged = ((value, a) if n == 0 else (b, value) for b, a in pairs)
            both = zip(pairs, exchanged, strict=True)
            if not any(was != now and _way(was) == _way(now) for was, now in both):
                return True
    return False


def _way(pair: tuple[float, float]) -> int:
    """1 of what rose, 0 of what stayed, -1 of what fell."""
    return (pair[1] > pair[0]) - (pair[1] < pair[0])


def _tells_of_few(
    form: AnsweredForm, name: str, gaps: GapRule | None, paired: Sequence[float], least: int
) -> bool:
    """Whether the mean of those who are paired tells what few gave.

    Beside the mean of all it tells that of the others; and of an item, that of few values how
    many gave each.
    """
    if gaps is None and hush_key("item", name) in form.hushed:
        return True
    numbers = (number_of(form, one, name, gaps) for one in form.answers)
    others = sum(number is not None for number in numbers) - len(paired)
    return 0 < others < least or (gaps is None and tells_who(map(str, paired), least))


# --- Doubts -------------------------------------------------------------------------------------


def _doubts(forms: Sequence[FormFigures], pairing: Pairs | None) -> Iterator[FormDoubt]:
    yield from _doubts_of_answers(forms, pairing)
    if hushed := {key for one in forms for key in one.form.hushed}:
        names = sorted({key.rpartition(" ")[2] for key in hushed})
        yield FormDoubt("hushed", len(names), names=", ".join(names))
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
    withheld = sorted(
        {
            name
            for one in forms
            for name in (*one.form.withheld, *one.untold)
            if name not in {asked.item.id for asked in one.items}
        }
    )
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
    if summed.against:
        names = ", ".join(summed.against)
        yield FormDoubt("turned", len(summed.against), len(summed.sum.items), names)
    if summed.alpha is not None and summed.alpha < LOW_ALPHA:
        yield FormDoubt("alpha", round(100 * summed.alpha), 100, summed.sum.id)
