"""From coded texts to candidate statements: the concourse of a Q-study (Brown 1980, p. 186).

A candidate is a condensed meaning in the researcher's own words, never what somebody wrote.
What nobody has condensed yet stands as its code, to be written out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dialogs.faults import Fault
from dialogs.studies.study_file import MAX_DIMENSION
from research.formats.faults import BadFile
from research.formats.source import SourceFile, unguard
from research.instruments.toml_text import shortened
from research.leaving.norwegian_excel import Csv, written
from research.leaving.workbook import workbook
from research.report.tables import Table
from research.tables import reading

UNITS = "units.csv"
_CONDENSED, _CODE, _CATEGORY, _THEME = "condensed meaning", "code", "category", "theme"


@dataclass(slots=True)
class Candidate:
    """A statement that could be asked about, and how many units of text it comes from."""

    text: str
    code: str
    category: str
    theme: str
    units: int = 0
    is_written: bool = field(default=True)
    """Whether somebody has put it in words; else the text is only its code."""


def candidates(folder: Path) -> list[Candidate]:
    """The candidates in the folder of `kollegial code import`, by category and code.

    Raises:
        BadFile: it has no table of units, or nothing is coded.
    """
    path = folder / UNITS
    if not path.is_file():
        raise _none(folder.name, f"There is no {UNITS}.")
    found: dict[tuple[str, str], Candidate] = {}
    for unit in _units(SourceFile.of(path)):
        condensed, code = unit.get(_CONDENSED, ""), unit[_CODE]
        text = condensed or code
        one = Candidate(
            text, code, unit.get(_CATEGORY, ""), unit.get(_THEME, ""), is_written=bool(condensed)
        )
        found.setdefault((text.casefold(), one.category), one).units += 1
    if not found:
        raise _none(UNITS, "Nothing is coded.")
    return sorted(found.values(), key=lambda c: (c.category, c.code, c.text))


def _units(source: SourceFile) -> Iterator[dict[str, str]]:
    header, *rows = reading.sheet(source, header=lambda cells: _CODE in cells).rows
    names = [cell.strip() for cell in header.cells]
    for row in rows:
        unit = {n: unguard(cell.strip()) for n, cell in zip(names, row.cells, strict=False)}
        if unit.get(_CODE):
            yield unit


def _none(place: str, what: str) -> BadFile:
    wanted = "the folder that `kollegial code import` wrote"
    return BadFile([Fault(place, what, wanted, "Code the texts first.")])


def statements(found: list[Candidate]) -> Table:
    """A table that a study file takes as its statements; the last columns are left alone there."""
    return Table(
        "candidates",
        ("id", "text", "dimension", "code", "theme", "units", "written"),
        tuple(
            (f"s{n}", c.text, shortened(c.category, MAX_DIMENSION), c.code, c.theme, c.units,
             "" if c.is_written else "no")
            for n, c in enumerate(found, 1)
        ),
    )  # fmt: skip


def dump_statements(found: list[Candidate], name: str, csv_for: Csv) -> bytes:
    """The table as the file of that name holds it: a workbook, else CSV."""
    table = statements(found)
    if name.casefold().endswith(".xlsx"):
        return workbook([table])
    return written({"candidates.csv": table.csv()}, csv_for)["candidates.csv"]
