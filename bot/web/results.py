"""A study's published results as a page: each viewpoint in words, and its grid.

What is the researcher's own (names, texts) is shown as it was published. Where a
participant gives their code, their own sort is set beside the viewpoint that it lies
nearest to: computed then, and kept nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.studies.cards.qsort import signed, speaking
from bot.studies.cards.results import closeness_in_words, factor, verdict
from bot.studies.viewpoints import ends_of
from bot.ui.texts import Texts
from bot.web import pages
from dialogs.studies.study import Study
from research.publication import Results


@dataclass(frozen=True, slots=True)
class GridView:
    """A sort, drawn: for each column its value and the statements in it, by number and text."""

    columns: Sequence[tuple[str, Sequence[tuple[int, str]]]]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    name: str
    text: str
    most: Sequence[str]
    least: Sequence[str]
    apart: Sequence[tuple[str, str]]
    """Statements that it places unlike the others, each with its column."""
    grid: GridView


@dataclass(frozen=True, slots=True)
class Own:
    """Where one participant's sort lies."""

    said: str
    closeness: Sequence[tuple[str, str]]
    grid: GridView
    nearest: Viewpoint


def draw(
    say: Texts,
    study: Study,
    found: Results,
    *,
    own: Own | None = None,
    fault: str = "",
) -> str:
    """The page; with one's own place, or why there is none."""
    say = speaking(study, say)
    language = study.language(say.language)
    return pages.draw(
        "results",
        say,
        title=study.title[language],
        language=language,
        viewpoints=[_viewpoint(say, study, found, name) for name in found.arrays],
        consensus=[_text(say, study, s) for s in found.consensus],
        own=own,
        fault=fault,
    )


def own_place(
    say: Texts,
    study: Study,
    found: Results,
    sort: Mapping[str, int],
    places: Sequence[tuple[str, float]],
) -> Own:
    """One sort beside the viewpoint that it lies nearest to, or furthest from."""
    nearest, said = verdict(say, study, found, places)
    closeness = [(factor(say, name, found), closeness_in_words(say, r)) for name, r in places]
    return Own(said, closeness, _grid(say, study, sort), _viewpoint(say, study, found, nearest))


def _viewpoint(say: Texts, study: Study, found: Results, name: str) -> Viewpoint:
    ends = ends_of(found, name)
    return Viewpoint(
        factor(say, name, found),
        found.texts.get(name, ""),
        [_text(say, study, s) for s in ends.most],
        [_text(say, study, s) for s in ends.least],
        [(_text(say, study, s), signed(column)) for s, column in ends.apart],
        _grid(say, study, found.arrays[name]),
    )


def _grid(say: Texts, study: Study, sort: Mapping[str, int]) -> GridView:
    return GridView(
        [
            (
                signed(value),
                [
                    (n, _text(say, study, s.id))
                    for n, s in enumerate(study.statements, start=1)
                    if sort.get(s.id) == value
                ],
            )
            for value in study.grid.values
        ]
    )


def _text(say: Texts, study: Study, statement: str) -> str:
    return study.statement(statement).text[study.language(say.language)]
