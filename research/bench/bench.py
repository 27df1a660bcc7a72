"""One researcher's bench: the sorts, what is known of them so far, and what is saved."""

import shlex
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from research import by_hand
from research.analysis import NotAnalysable
from research.analysis.alternatives import side_by_side
from research.analysis.correlation import eigenvalues
from research.analysis.number import Parallel, parallel_analysis
from research.analysis.rotation import Judgment
from research.analysis.solution import (
    Choices,
    Extracted,
    Solution,
    correlations_of,
    extracted,
    recommend,
    solve,
)
from research.bench.texts import page_words
from research.bench.view import PageData, of_data, of_number, of_solution
from research.bench.wanted import AnalyseCommand, Wanted
from research.dataset import Dataset, Shape, shape_of
from research.findings import check, investigate, require_own_numbers
from research.formats.faults import CannotHold
from research.notes import notes_toml
from research.report import folder
from research.report.marks import PictureFormat

KEPT = 32
"""Extractions that are remembered, so that going back and forth costs nothing."""
STABILITY_STEPS = 100

T = TypeVar("T")
Read = Callable[[Iterable[str]], tuple[Dataset, str]]
"""Reads the file with some more sorts left out, as the command would."""


@dataclass(frozen=True, slots=True)
class Sorts:
    """The sorts that are kept, and the grid they go by."""

    data: Dataset
    read_as: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written, and what repeats it."""

    folder: Path
    files: tuple[str, ...]
    command: str


class Bench:
    """Answers the page. All it remembers are results of pure functions, and the last choices."""

    def __init__(self, read: Read, command: AnalyseCommand, out: Path, begin: Wanted) -> None:
        self.read = read
        self.command = command
        self.out = out
        self.latest = begin
        """What the page wanted last: it comes back to that when it is loaded anew."""
        self._sorts = Cache[Sorts]()
        self._extracted = Cache[Extracted]()
        self._chance = Cache[Parallel]()

    def opened(self) -> PageData:
        """What the page begins with."""
        sorts = self.sorts(())
        language = self.command.language
        return {
            **of_data(sorts.data, sorts.read_as, sorts.shape, language),
            "wanted": self.latest.model_dump(mode="json"),
            "out": str(self.out),
            "language": language,
        }

    def sorts(self, exclude: tuple[str, ...]) -> Sorts:
        """The sorts without some of them. Raises what reading and checking them raises."""

        def made() -> Sorts:
            data, read_as = self.read(exclude)
            check(data)
            return Sorts(data, read_as, shape_of(data))

        return self._sorts.get(exclude, made)

    def _kept(self, wanted: Wanted) -> Sorts:
        sorts = self.sorts(wanted.exclude)
        require_own_numbers(sorts.data, wanted.compat)
        return sorts

    def step(self, wanted: Wanted) -> PageData:
        """The solution for these choices.

        Raises:
            NotAnalysable: the data cannot carry it.
        """
        sorts = self._kept(wanted)
        choices = wanted.choices(sorts.data.names)
        known = self._known(wanted)
        solution = self._solved(sorts, choices, known)
        varimax = self._known(wanted.model_copy(update={"base": "varimax"}))
        self.latest = wanted
        return of_solution(sorts.data, solution, known, varimax, self.command.language)

    def _solved(self, sorts: Sorts, choices: Choices, known: Extracted) -> Solution:
        return solve(sorts.data.values(), sorts.shape.values(), choices, known)

    def _known(self, wanted: Wanted) -> Extracted:
        """What no turn and no flag changes."""
        base = Judgment((), wanted.base == "varimax") if wanted.turns else wanted.base

        def made() -> Extracted:
            sorts = self._kept(wanted)
            choices = Choices(
                wanted.factors, wanted.extraction, rotation=base, compat=wanted.compat
            )
            return extracted(sorts.data.values(), choices)

        key = (wanted.exclude, wanted.factors, wanted.extraction, wanted.compat, base)
        return self._extracted.get(key, made)

    def correlations(self, wanted: Wanted) -> PageData:
        """Between all sorts that are kept."""
        sorts = self._kept(wanted).data
        found = correlations_of(sorts.values(), wanted.compat)
        return {"names": list(sorts.names), "correlations": found.round(4).tolist()}

    def number(self, wanted: Wanted) -> PageData:
        """What speaks for a number of factors; takes a second or more with many sorts."""
        sorts = self._kept(wanted)
        values = sorts.data.values()
        chance = self._chance.get(
            wanted.exclude, lambda: parallel_analysis(values, self.command.seed)
        )
        choices = wanted.choices(sorts.data.names)
        beside = side_by_side(
            values, sorts.shape.values(), choices, STABILITY_STEPS, self.command.seed
        )
        found = eigenvalues(correlations_of(values, wanted.compat))
        advice = recommend(values, chance, choices)
        return of_number(found, chance, advice, beside, self.command.language)

    def picture(self, wanted: Wanted, factor: str, kind: PictureFormat) -> bytes:
        """A factor's array as the report draws it.

        Raises:
            NotAnalysable: there is no such factor.
        """
        from research.report.figures import render  # noqa: PLC0415 - it carries matplotlib
        from research.report.html import array_figure  # noqa: PLC0415 - it carries matplotlib, too

        sorts = self._kept(wanted)
        choices = wanted.choices(sorts.data.names)
        solution = self._solved(sorts, choices, self._known(wanted))
        if factor not in solution.scored:
            raise NotAnalysable(f"There is no array of {factor}.")
        title = wanted.notes(solution.factors).title(factor)
        title = f"{page_words(self.command.language)['factor']} {title}"
        column = solution.scored.index(factor)
        figure = array_figure(sorts.data, solution, sorts.shape.cells, column, title)
        return render(figure, kind)

    def typed(self, wanted: Wanted, name: str, steps: int) -> str:
        """The command line that will repeat what is saved under a name."""
        return shlex.join(self._typed(wanted, self.out / name, steps))

    def _typed(self, wanted: Wanted, where: Path, steps: int) -> list[str]:
        return self.command.typed(wanted, str(where), self._by_hand(wanted).keys(), steps)

    def _by_hand(self, wanted: Wanted) -> dict[str, bytes]:
        """The files of what was decided by hand: none for what is automatic."""
        sorts = self._kept(wanted)
        choices = wanted.choices(sorts.data.names)
        files = {}
        if isinstance(choices.rotation, Judgment):
            files["rotation.csv"] = by_hand.rotation_csv(choices.rotation)
        if choices.flags is not None:
            files["flags.csv"] = by_hand.flags_csv(sorts.data.names, choices.flags)
        solution = self._solved(sorts, choices, self._known(wanted))
        if words := notes_toml(wanted.notes(solution.factors)):
            files["factors.toml"] = words
        return files

    def save(self, wanted: Wanted, name: str, *, steps: int, with_report: bool) -> Saved:
        """Write the choices, the command that repeats them and, if asked, its report.

        Raises:
            CannotHold: the folder is there already, or the name is no plain one.
            NotAnalysable: the data cannot carry it.
        """
        where = self.out / name
        said = page_words(self.command.language)
        if not name.strip(". ") or Path(name).name != name or "\0" in name or "\\" in name:
            raise CannotHold(said["no_name"].format(name=name))
        if where.exists():
            raise CannotHold(said["name_taken"].format(name=name))
        files = self._by_hand(wanted)
        command = shlex.join(self._typed(wanted, where, steps))
        files["command.txt"] = f"{command}\n".encode()
        if with_report:
            report = self._report(wanted, steps)
            files |= {f"analysis/{file}": content for file, content in report.items()}
        folder.write(where, files)
        return Saved(where, tuple(files), command)

    def _report(self, wanted: Wanted, steps: int) -> dict[str, bytes]:
        """What the command would write: through the same functions from the file on."""
        data, read_as = self.read(wanted.exclude)
        choices = wanted.choices(data.names)
        factors = self._solved(self._kept(wanted), choices, self._known(wanted)).factors
        findings = investigate(
            data,
            read_as,
            lambda number: replace(choices, factors=number),
            factors=wanted.factors,
            bootstrap_steps=steps,
            seed=self.command.seed,
            notes=wanted.notes(factors),
        )
        return folder.contents(findings, self.command.language)


class Cache(Generic[T]):
    """What a function gave before; beyond `KEPT` the oldest is forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was given for the key, else what the function gives now."""
        if key not in self._kept:
            made = make()
            self._kept[key] = made
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]
