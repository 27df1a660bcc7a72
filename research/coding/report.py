"""What a coding gives: tables for other programs, and the report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from research.coding.coded import (
    Code,
    Coding,
    Unit,
    codes,
    counts,
    names,
    suppressed,
)
from research.coding.material import LEAST, Passage
from research.coding.words import LIMITS, WORDS
from research.report.document import program
from research.report.page import page
from research.report.tables import Cell, Table
from research.report.texts import ReportLanguage, pick

PLACE = ("main category", "category", "code")


def group_of(passage: Passage) -> str:
    return passage.group


def role_of(passage: Passage) -> str:
    return passage.role


def phase_of(passage: Passage) -> str:
    return f"{passage.method}: {passage.phase}"


def tables(coding: Coding) -> list[Table]:
    """Counts by code and group, coverage, quotes, and counts by role where there are two."""
    roles = _by_role(coding)
    return [_counts(coding), _coverage(coding), _quotes(coding), *([roles] if roles else [])]


def _place(code: Code) -> tuple[str, str, str]:
    return code.main_category, code.category, code.code


def _counts(coding: Coding) -> Table:
    groups, by_group = names(coding, group_of), counts(coding, group_of)
    total = Counter(unit.row.code for unit in coding.coded)

    def row(one: Code) -> tuple[Cell, ...]:
        return (*_place(one), total[one.code], *(by_group[one.code][group] for group in groups))

    return Table("counts", (*PLACE, "texts", *groups), tuple(row(one) for one in codes(coding)))


def _coverage(coding: Coding) -> Table:
    """1 where a code was found, and in how many groups and phases."""
    groups, phases = names(coding, group_of), names(coding, phase_of)
    by_group, by_phase = counts(coding, group_of), counts(coding, phase_of)

    def row(one: Code) -> tuple[Cell, ...]:
        in_groups = [int(by_group[one.code][group] > 0) for group in groups]
        in_phases = [int(by_phase[one.code][phase] > 0) for phase in phases]
        return (*_place(one), sum(in_groups), sum(in_phases), *in_groups, *in_phases)

    header = (*PLACE, "groups", "phases", *groups, *phases)
    return Table("coverage", header, tuple(row(one) for one in codes(coding)))


def _by_role(coding: Coding) -> Table | None:
    roles, by_role = names(coding, role_of), counts(coding, role_of)
    if len(roles) < 2:
        return None

    def row(one: Code) -> tuple[Cell, ...]:
        cells = suppressed([by_role[one.code][role] for role in roles])
        return (*_place(one), *(f"<{LEAST}" if cell is None else cell for cell in cells))

    return Table("roles", (*PLACE, *roles), tuple(row(one) for one in codes(coding)))


def _quotes(coding: Coding) -> Table:
    """Quotes in standard form, in the order of the codes."""
    by_code: dict[str, list[Unit]] = {one.code: [] for one in codes(coding)}
    for unit in coding.coded:
        if unit.row.quote:
            by_code[unit.row.code].append(unit)
    rows = (
        (*_place(one), unit.row.quote, *_about(unit.passage))
        for one in codes(coding)
        for unit in by_code[one.code]
    )
    return Table("quotes", (*PLACE, "quote", "group", "role", "phase", "row"), tuple(rows))


def _about(passage: Passage) -> tuple[str, str, str, str]:
    return passage.group, passage.role, phase_of(passage), passage.id


# --- The report ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A quote as the report prints it."""

    quote: str
    code: str
    about: str


def report(coding: Coding, language: ReportLanguage) -> bytes:
    """The report as one HTML file."""
    w = {key: pick(pair, language) for key, pair in WORDS.items()}
    found = {table.name: table for table in tables(coding)}
    placed = codes(coding)
    categories = {one.category for one in placed} - {""}
    sections = ["stages", "notes", "categories", "coverage"]
    sections += ["by_role"] if "roles" in found else []
    context = {
        "w": w,
        "title": w["title"],
        "facts": w["facts"].format(
            texts=len(coding.material.passages),
            coded=len({unit.passage.id for unit in coding.coded}),
            codes=len(placed),
            categories=len(categories),
        ),
        "sections": [(one, w[one]) for one in (*sections, "quotes", "limits")],
        "stages": [(w[key], count) for key, count in _stages(coding)],
        "notes": [note.said(language) for note in coding.notes],
        "counts": _by_category(found["counts"], w["none"]),
        "count_titles": [w["texts"], *found["counts"].header[4:]],
        "coverage": _by_category(found["coverage"], w["none"]),
        "coverage_titles": [w["of_groups"], w["of_phases"], *found["coverage"].header[5:]],
        "of": [len(names(coding, group_of)), len(names(coding, phase_of))],
        "roles": _by_category(found["roles"], w["none"]) if "roles" in found else [],
        "role_titles": found["roles"].header[3:] if "roles" in found else [],
        "by_role_lead": w["by_role_lead"].format(least=LEAST),
        "quotes": [
            (
                category,
                [Said(str(quote), str(code), _joined(about[:-1])) for code, quote, *about in rows],
            )
            for category, rows in _by_category(found["quotes"], w["none"])
        ],
        "limits": [pick(limit, language) for limit in LIMITS],
        "made_with": w["made_with"].format(program=program()),
    }
    return page("coding.html.j2", language, context)


def _stages(coding: Coding) -> list[tuple[str, int]]:
    """How many texts have come to each stage."""

    def texts(*fields: str) -> int:
        having = {u.passage.id for u in coding.units if all(getattr(u.row, f) for f in fields)}
        return len(having)

    return [
        ("texts", len(coding.material.passages)),
        ("in_table", texts()),
        ("condensed", texts("condensed")),
        ("coded", texts("code")),
        ("categorised", texts("category")),
        ("themed", texts("main_category")),
        ("quoted", texts("code", "quote")),
    ]


def _by_category(table: Table, none: str) -> list[tuple[str, list[tuple[Cell, ...]]]]:
    """The rows without their main category and category, under the two."""
    return [
        (" · ".join(name for name in place if name) or none, [row[2:] for row in rows])
        for place, rows in groupby(table.rows, lambda row: (str(row[0]), str(row[1])))
    ]


def _joined(cells: Sequence[Cell]) -> str:
    return ", ".join(str(cell) for cell in cells if cell)
