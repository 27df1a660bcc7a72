"""The findings of a questionnaire as labelled tables.

An empty cell is a number that there is not. `HIDDEN` is one that there is and that would make
somebody known; `LOST` a sum of somebody who answered some of it, and too little for it.
"""

from collections.abc import Iterator, Mapping

from dialogs.studies.items import NONE
from research.analysis.counts import Summary
from research.questionnaires.answers import NOT_ASKED, AnsweredForm
from research.questionnaires.findings import (
    Changed,
    FormFigures,
    FormFindings,
    GapRule,
    Other,
    number_of,
)
from research.questionnaires.words import words
from research.report.tables import HIDDEN, Cell, Table
from research.report.texts import ReportLanguage

LOST = "(lost)"
OTHERS: Mapping[Other, str] = {"none": NONE, "open": "(left open)", "not_asked": NOT_ASKED}
_SUMMARY = ("n", "mean", "median", "standard_deviation")


def tables(findings: FormFindings, language: ReportLanguage) -> list[Table]:
    """Items, counts and sums; where there are two forms, what has changed.

    For whom, where nothing is hidden: numbers of each person tell every count.
    """
    found = [
        Table(
            "items",
            ("form", "item", "text", "answered", "reversed", *_SUMMARY),
            tuple(_items(findings, language)),
        ),
        Table(
            "counts",
            ("form", "item", "option", "text", "count"),
            tuple(_counts(findings, language)),
        ),
        Table(
            "sums",
            ("form", "sum", "text", *_SUMMARY, "answered", "complete", "filled", "alpha"),
            tuple(_sums(findings, language)),
        ),
        Table("item_rest", ("form", "sum", "item", "correlation"), tuple(_rest(findings))),
    ]
    if findings.pairing is None:
        return found
    if findings.hides:
        return [*found, _change(findings)]
    return [*found, _change(findings), _pairs(findings), _persons(findings)]


def text_of(answered: FormFigures, name: str, language: ReportLanguage) -> str:
    """The text of an item, or of a sum."""
    study = answered.questionnaire
    told = study.language(language)
    titles = [one.title for one in study.sums if one.id == name]
    return titles[0][told] if titles else study.item(name).text[told]


def _summary(found: Summary | None, *, of: bool) -> tuple[Cell, ...]:
    """`of`: whether there are numbers at all."""
    if found is None:
        return (HIDDEN if of else "",) * len(_SUMMARY)
    return found.n, found.mean, found.median, found.deviation


def _count(count: int | None) -> Cell:
    return HIDDEN if count is None else count


def _items(findings: FormFindings, language: ReportLanguage) -> Iterator[tuple[Cell, ...]]:
    for form in findings.forms:
        for asked in form.items:
            text = text_of(form, asked.item.id, language)
            turned = int(asked.item.reversed)
            yield (
                form.questionnaire.id, asked.item.id, text, asked.n, turned,
                *_summary(asked.summary, of=bool(asked.n and asked.item.values)),
            )  # fmt: skip


def _counts(findings: FormFindings, language: ReportLanguage) -> Iterator[tuple[Cell, ...]]:
    for form in findings.forms:
        told = form.questionnaire.language(language)
        for asked in form.items:
            for option, count in zip(asked.item.options, asked.counts, strict=True):
                text = option.text[told]
                yield form.questionnaire.id, asked.item.id, option.id, text, _count(count)
            for other, count in asked.others.items():
                text = words(language)[other]
                yield form.questionnaire.id, asked.item.id, OTHERS[other], text, _count(count)


def _sums(findings: FormFindings, language: ReportLanguage) -> Iterator[tuple[Cell, ...]]:
    for form in findings.forms:
        for one in form.sums:
            text = text_of(form, one.sum.id, language)
            found = _summary(one.summary, of=bool(one.complete + one.filled))
            counts = (one.answered, one.complete, one.filled)
            missing = "" if one.is_told or not one.complete else HIDDEN
            alpha: Cell = missing if one.alpha is None else one.alpha
            yield form.questionnaire.id, one.sum.id, text, *found, *counts, alpha


def _rest(findings: FormFindings) -> Iterator[tuple[Cell, ...]]:
    """How each item of a sum goes with the rest of it."""
    for form in findings.forms:
        for one in form.sums:
            for name, value in one.rest.items():
                yield form.questionnaire.id, one.sum.id, name, value


def _pairs(findings: FormFindings) -> Table:
    """Each pair's numbers before and after, side by side: for the researcher alone."""
    assert findings.pairing is not None  # noqa: S101 - the caller has seen that there are two
    before, after = (one.form for one in findings.forms)
    rows = tuple(
        (
            earlier,
            later,
            *(
                _number(form, person, change, findings)
                for change in findings.changes
                for form, person in ((before, earlier), (after, later))
            ),
        )
        for earlier, later in findings.pairing.pairs
    )
    names = (f"{c.id}_{wave}" for c in findings.changes for wave in ("before", "after"))
    return Table("pairs", ("before", "after", *names), rows)


def _number(form: AnsweredForm, person: str, change: Changed, findings: FormFindings) -> Cell:
    """Somebody's number, empty where there is none, or that a sum of theirs is lost."""
    gaps = _gaps(findings, change)
    value = number_of(form, person, change.id, gaps)
    if value is not None:
        return value
    is_lost = gaps is not None and number_of(form, person, change.id, "any") is not None
    return LOST if is_lost else ""


def _gaps(findings: FormFindings, change: Changed) -> GapRule | None:
    return findings.gaps if change.is_sum else None


def _change(findings: FormFindings) -> Table:
    header = (
        "id", "kind", "pairs", "lost", "mean_before", "mean_after", "mean_change", "rose",
        "same", "fell", "effect", "effect_low", "effect_high", "p", "p_of_all", "exact",
    )  # fmt: skip
    return Table("change", header, tuple(_changed(change) for change in findings.changes))


def _changed(change: Changed) -> tuple[Cell, ...]:
    before, after, effect, test = change.before, change.after, change.effect, change.test
    if before is None or after is None:
        means: tuple[Cell, ...] = (HIDDEN if change.pairs else "",) * 3
    else:
        means = before.mean, after.mean, after.mean - before.mean
    cells: tuple[Cell | None, ...] = (
        *means,
        *(_count(count) for count in change.moved),
        *((effect.size, effect.low, effect.high) if effect else (None, None, None)),
        test.p if test else None,
        change.p_of_all,
        int(test.is_exact) if test else None,
    )
    kind = "sum" if change.is_sum else "item"
    missing = HIDDEN if None in change.moved else ""
    shown = (missing if cell is None else cell for cell in cells)
    return change.id, kind, len(change.pairs), change.lost, *shown


def _persons(findings: FormFindings) -> Table:
    """Each pair's change, for the researcher alone: it is no table to show around."""
    assert findings.pairing is not None  # noqa: S101 - the caller has seen that there are two
    before, after = (one.form for one in findings.forms)
    rows = tuple(
        (
            earlier,
            later,
            *(
                _step(
                    _number(before, earlier, change, findings),
                    _number(after, later, change, findings),
                )
                for change in findings.changes
            ),
        )
        for earlier, later in findings.pairing.pairs
    )
    names = (change.id for change in findings.changes)
    return Table("persons", ("before", "after", *names), rows)


def _step(before: Cell, after: Cell) -> Cell:
    if isinstance(before, str) or isinstance(after, str):
        return LOST if LOST in (before, after) else ""
    return after - before
