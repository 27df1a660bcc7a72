"""The columns of a questionnaire's answers as numbers, and what each number means.

Three things are no answer and are told apart: an item that was left open, one that was not
asked, and an answer without a number (`don't know`). They have codes of their own, below
every value that the questionnaire has.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dialogs.studies.items import Answers, Item, chosen
from dialogs.studies.questionnaire import Questionnaire, Sum, asked
from dialogs.studies.study import Language
from research.questionnaires.answers import AnsweredForm

_WORDS: Mapping[str, tuple[str, str]] = {
    "open": ("Ikke besvart", "Left open"),
    "not_asked": ("Ikke spurt", "Not asked"),
}
_RESERVED = frozenset(
    {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with", "if",
     "else", "for", "in", "next", "na", "nan", "null", "true", "false", "inf", "function",
     "while", "repeat", "break", "pseudonym"}
)  # fmt: skip
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. `values` and `missing` say what its numbers mean."""

    name: str
    """What R and SPSS call it; `item` is what the questionnaire's file does."""
    item: str
    label: str
    block: str
    values: Mapping[int, str]
    missing: Mapping[int, str]
    level: str = "scale"
    """`nominal` or `ordinal` for choices; `scale` for counts."""
    is_reversed: bool = False
    option: str = ""
    """Of an item with several answers: the one that this column is about, 1 where it was given."""


@dataclass(frozen=True, slots=True)
class SumVariable:
    """A sum, by the variables that it adds up."""

    name: str
    label: str
    terms: tuple[str, ...]
    """An expression for each item, in which its scale is turned where the item is reversed."""
    items: tuple[str, ...]
    """The variables themselves."""
    is_simple: bool
    """Whether every item is one variable, as scripts need it for alpha."""


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns of a form, and its sums."""

    variables: tuple[Variable, ...]
    sums: tuple[SumVariable, ...]
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By pseudonym, a number for each variable."""

    @property
    def lowest(self) -> int:
        """The least code of what is missing."""
        return min(code for one in self.variables for code in one.missing)


def columns_of(form: AnsweredForm, language: Language) -> Columns:
    """The columns of a form with its answers."""
    study = form.questionnaire
    told = study.language(language)
    items = [i for i in study.items if i.way != "text" and i.id not in form.withheld]
    least = min((value for item in items for value in item.values), default=0)
    base = -99 if least > -90 else -999
    words = {key: pair[0 if told in {"nb", "nn"} else 1] for key, pair in _WORDS.items()}
    missing = {base: words["open"], base + 1: words["not_asked"]}
    names = _Names()
    blocks = {item.id: block.title[told] for block in study.blocks for item in block.items}
    variables = tuple(
        one for item in items for one in _variables(item, told, blocks[item.id], missing, names)
    )
    return Columns(
        variables,
        tuple(_added(study, one, told, variables, names) for one in study.sums),
        {p: tuple(_row(study, a, variables, base)) for p, a in form.answers.items()},
    )


class _Names:
    """Names that R and SPSS both take, each once whatever its capitals."""

    def __init__(self) -> None:
        self._taken: set[str] = set(_RESERVED)

    def name(self, wanted: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", wanted)[:_LONGEST].rstrip("_")
        plain = plain if re.match(r"[A-Za-z]", plain) else f"v_{plain}".rstrip("_")
        name, n = plain, 1
        while name.casefold() in self._taken:
            n += 1
            name = f"{plain}_{n}"
        self._taken.add(name.casefold())
        return name


def _variables(
    item: Item, told: Language, block: str, missing: Mapping[int, str], names: _Names
) -> Iterator[Variable]:
    label = item.text[told]
    if item.way == "several":
        for option in item.options:
            yield Variable(
                names.name(f"{item.id}_{option.id}"), item.id, f"{label}: {option.text[told]}",
                block, {0: "0", 1: option.text[told]}, missing, "nominal", option=option.id,
            )  # fmt: skip
        return
    values, unknown = _codes(item, told, max(missing))
    yield Variable(
        names.name(item.id), item.id, label, block, values, {**missing, **unknown},
        "ordinal" if item.values else "nominal", item.reversed,
    )  # fmt: skip


def _codes(item: Item, told: Language, above: int) -> tuple[dict[int, str], dict[int, str]]:
    """What the numbers of a choice mean; where no answer has a number they are counted."""
    if not item.values:
        return {n: one.text[told] for n, one in enumerate(item.options, 1)}, {}
    values = {one.value: one.text[told] for one in item.options if one.value is not None}
    without = [one for one in item.options if one.value is None]
    return values, {above + n: one.text[told] for n, one in enumerate(without, 1)}


def _row(
    study: Questionnaire, answers: Answers, variables: Iterable[Variable], base: int
) -> Iterator[int]:
    there = {item.id for item in asked(study, answers)}
    for one in variables:
        item = study.item(one.item)
        if one.item not in there:
            yield base + 1
        elif one.item not in answers:
            yield base
        elif one.option:
            yield int(one.option in chosen(answers[one.item]))
        else:
            yield _number(item, answers[one.item], base + 1)


def _number(item: Item, answer: str, above: int) -> int:
    if not item.values:
        return 1 + [one.id for one in item.options].index(answer)
    value = item.value(answer)
    if value is not None:
        return value
    return above + 1 + [o.id for o in item.options if o.value is None].index(answer)


def _added(
    study: Questionnaire,
    wanted: Sum,
    told: Language,
    variables: Iterable[Variable],
    names: _Names,
) -> SumVariable:
    by_item: dict[str, list[Variable]] = {}
    for one in variables:
        by_item.setdefault(one.item, []).append(one)
    terms, items = [], []
    for name in wanted.items:
        item, own = study.item(name), by_item.get(name, [])
        items += [one.name for one in own]
        if item.way == "several" or not own:
            continue
        turned = min(item.values) + max(item.values)
        terms.append(f"({turned} - {own[0].name})" if item.reversed else own[0].name)
    is_simple = len(terms) == len(wanted.items)
    return SumVariable(
        names.name(wanted.id), wanted.title[told], tuple(terms), tuple(items), is_simple
    )
