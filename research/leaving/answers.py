"""A questionnaire's answers for other programs: numbers, labels, a codebook, scripts."""

from collections.abc import Callable, Iterator

from dialogs.studies.study import Language
from research.leaving.scripts import CODED, r_script, spss_syntax
from research.leaving.variables import Columns, Variable, columns_of
from research.leaving.workbook import workbook
from research.questionnaires.answers import AnsweredForm, pair
from research.report.document import program
from research.report.tables import Cell, Table


def files(
    form: AnsweredForm, language: Language, before: AnsweredForm | None = None
) -> dict[str, bytes]:
    """By name: the coded CSV, the workbook, and the scripts of R and SPSS.

    With the form before, the workbook has those who answered both times side by side too.

    Raises:
        Refused: `form` was not asked after `before`.
    """
    study = form.questionnaire
    columns = columns_of(form, language)
    title = study.title[study.language(language)]
    sheets = [
        numbers(columns),
        labelled(columns),
        codebook(columns),
        texts(form, language),
        *([pairs(before, form, language)] if before else []),
    ]
    return {
        CODED: coded(columns).csv(),
        "answers.xlsx": workbook(sheets),
        "answers.R": r_script(columns, title, program()),
        "answers.sps": spss_syntax(columns, title, program()),
    }


def _header(columns: Columns) -> tuple[str, ...]:
    return ("pseudonym", *(one.name for one in columns.variables))


def coded(columns: Columns) -> Table:
    """Every answer as a number, what is missing too: for the scripts, which declare it."""
    rows: tuple[tuple[Cell, ...], ...] = tuple((p, *row) for p, row in columns.rows.items())
    return Table("answers_coded", _header(columns), rows)


def numbers(columns: Columns) -> Table:
    """The numbers, and empty cells for all that is none."""

    def cell(variable: Variable, value: int) -> Cell:
        return "" if value in variable.missing else value

    return Table("answers", _header(columns), tuple(_rows(columns, cell)))


def pairs(before: AnsweredForm, after: AnsweredForm, language: Language) -> Table:
    """A row for each who answered both times: what both forms ask, before and after."""
    first, second = columns_of(before, language), columns_of(after, language)
    one, other = ({v.name: n for n, v in enumerate(c.variables)} for c in (first, second))
    shared = [name for name in one if name in other]

    def cell_of(columns: Columns, pseudonym: str, at: int) -> Cell:
        value = columns.rows[pseudonym][at]
        return "" if value in columns.variables[at].missing else value

    rows = tuple(
        (b, a, *(
            cell
            for name in shared
            for cell in (cell_of(first, b, one[name]), cell_of(second, a, other[name]))
        ))
        for b, a in pair(before, after).pairs
    )  # fmt: skip
    asked = (f"{name}_{when}" for name in shared for when in ("before", "after"))
    return Table("pairs", ("pseudonym_before", "pseudonym_after", *asked), rows)


def labelled(columns: Columns) -> Table:
    """What was chosen, in words; what was left open and what was not asked, too."""

    def cell(variable: Variable, value: int) -> Cell:
        return {**variable.values, **variable.missing}[value]

    return Table("labels", _header(columns), tuple(_rows(columns, cell)))


def _rows(columns: Columns, cell: Callable[[Variable, int], Cell]) -> Iterator[tuple[Cell, ...]]:
    for pseudonym, row in columns.rows.items():
        yield (
            pseudonym,
            *(cell(one, value) for one, value in zip(columns.variables, row, strict=True)),
        )


def codebook(columns: Columns) -> Table:
    """A row for each value of each variable, with what is missing declared as such."""
    rows: list[tuple[Cell, ...]] = []
    for one in columns.variables:
        for kind, meant in (("value", one.values), ("missing", one.missing)):
            rows += [
                (one.name, one.item, one.option, one.block, one.label, one.level,
                 int(one.is_reversed), kind, value, text)
                for value, text in meant.items()
            ]  # fmt: skip
    for added in columns.sums:
        rows.append(
            (added.name, added.name, "", "", added.label, "sum", 0, "sum of", "",
             " + ".join(added.terms or added.items))
        )  # fmt: skip
    header = ("variable", "item", "option", "block", "text", "level", "reversed", "kind", "value",
              "label")  # fmt: skip
    return Table("codebook", header, tuple(rows))


def texts(form: AnsweredForm, language: Language) -> Table:
    """What was written, with the question that it answers."""
    study = form.questionnaire
    told = study.language(language)
    words = [item for item in study.items if item.way == "text" and item.id not in form.withheld]
    rows = tuple(
        (pseudonym, item.id, item.text[told], answers[item.id])
        for pseudonym, answers in form.answers.items()
        for item in words
        if item.id in answers
    )
    return Table("texts", ("pseudonym", "item", "question", "text"), rows)
