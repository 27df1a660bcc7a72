"""The findings of a questionnaire as labelled tables. What is hidden is an empty cell."""

from collections.abc import Iterator

from research.analysis.counts import Summary
from research.questionnaires.answers import Form
from research.questionnaires.findings import Answered, Changed, Findings, number_of
from research.report.tables import Cell, Table
from research.report.texts import ReportLanguage

_SUMMARY = ("n", "mean", "median", "standard_deviation")


def tables(findings: Findings, language: ReportLanguage) -> list[Table]:
    """Items, counts and sums; where there are two forms, what has changed, for whom."""
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
        Table("sums", ("form", "sum", "text", *_SUMMARY), tuple(_sums(findings, language))),
    ]
    if findings.pairing is None:
        return found
    return [*found, _change(findings), _persons(findings)]


def text_of(answered: Answered, name: str, language: ReportLanguage) -> str:
    """The text of an item, or of a sum."""
    study = answered.questionnaire
    told = study.language(language)
    titles = [one.title for one in study.sums if one.id == name]
    return titles[0][told] if titles else study.item(name).text[told]


def _summary(found: Summary | None) -> tuple[Cell, ...]:
    return (
        ("", "", "", "") if found is None else (found.n, found.mean, found.median, found.deviation)
    )


def _items(findings: Findings, language: ReportLanguage) -> Iterator[tuple[Cell, ...]]:
    for form in findings.forms:
        for asked in form.items:
            text = text_of(form, asked.item.id, language)
            turned = int(asked.item.reversed)
            yield (
                form.questionnaire.id, asked.item.id, text, asked.n, turned,
                *_summary(asked.summary),
            )  # fmt: skip


def _counts(findings: Findings, language: ReportLanguage) -> Iterator[tuple[Cell, ...]]:
    for form in findings.forms:
        told = form.questionnaire.language(language)
        for asked in form.items:
            for option, count in zip(asked.item.options, asked.counts, strict=True):
                shown = "" if count is None else count
                yield form.questionnaire.id, asked.item.id, option.id, option.text[told], shown


def _sums(findings: Findings, language: ReportLanguage) -> Iterator[tuple[Cell, ...]]:
    for form in findings.forms:
        for one in form.sums:
            text = text_of(form, one.sum.id, language)
            yield form.questionnaire.id, one.sum.id, text, *_summary(one.summary)


def _change(findings: Findings) -> Table:
    header = (
        "id", "kind", "pairs", "mean_before", "mean_after", "mean_change", "rose", "same", "fell",
        "effect", "effect_low", "effect_high", "p", "p_of_all", "exact",
    )  # fmt: skip
    return Table("change", header, tuple(_changed(change) for change in findings.changes))


def _changed(change: Changed) -> tuple[Cell, ...]:
    before, after, effect, test = change.before, change.after, change.effect, change.test
    cells: tuple[Cell | None, ...] = (
        before.mean if before else None,
        after.mean if after else None,
        change.mean,
        change.rose,
        change.same,
        change.fell,
        *((effect.size, effect.low, effect.high) if effect else (None, None, None)),
        test.p if test else None,
        change.p_of_all,
        int(test.is_exact) if test else None,
    )
    kind = "sum" if change.is_sum else "item"
    return change.id, kind, len(change.pairs), *("" if cell is None else cell for cell in cells)


def _persons(findings: Findings) -> Table:
    """Each pair's change, for the researcher alone: it is no table to show around."""
    assert findings.pairing is not None  # noqa: S101 - the caller has seen that there are two
    before, after = (one.form for one in findings.forms)
    rows = tuple(
        (earlier, later, *(_step(before, after, (earlier, later), c) for c in findings.changes))
        for earlier, later in findings.pairing.pairs
    )
    names = (change.id for change in findings.changes)
    return Table("persons", ("before", "after", *names), rows)


def _step(before: Form, after: Form, persons: tuple[str, str], change: Changed) -> Cell:
    first, second = (
        number_of(form, person, change.id, is_sum=change.is_sum)
        for form, person in zip((before, after), persons, strict=True)
    )
    return "" if first is None or second is None else second - first
