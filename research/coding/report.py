"""What a coding gives: tables for other programs, and the report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from research.analysis.counts import suppressed
from research.coding.agreement import CoderAgreement, agreement
from research.coding.codebook import CodebookEntry, codebook_table
from research.coding.coded import (
    Code,
    Coding,
    Unit,
    codes,
    counts,
    names,
)
from research.coding.material import LEAST, Passage
from research.coding.words import LIMITS, WORDS
from research.report.document import program
from research.report.page import page
from research.report.tables import HIDDEN, Cell, Table
from research.report.texts import ReportLanguage, number, pick

PLACE = ("main category", "category", "code")


def group_of(passage: Passage) -> str:
    return passage.group


def role_of(passage: Passage) -> str:
    return passage.role


def phase_of(passage: Passage) -> str:
    return f"{passage.method}: {passage.phase}"


def tables(coding: Coding, entries: Sequence[CodebookEntry] = ()) -> list[Table]:
    """Counts by code and group, coverage, units, quotes, the codebook, and what else there is."""
    others = (_by_role(coding), _agreement(coding))
    return [
        _counts(coding),
        _coverage(coding),
        _units(coding),
        _quotes(coding),
        codebook_table(coding, entries),
        *filter(None, others),
    ]


def _units(coding: Coding) -> Table:
    """Each coded unit on its way from text to theme."""
    rows = (
        (unit.passage.id, unit.passage.question, unit.row.unit, unit.row.condensed, unit.row.code,
         unit.row.category, unit.row.main_category, unit.row.theme)
        for unit in coding.coded
    )  # fmt: skip
    header = ("row", "question", "meaning unit", "condensed meaning", "code", "category",
              "main category", "theme")  # fmt: skip
    return Table("units", header, tuple(rows))


def _agreement(coding: Coding) -> Table | None:
    """How two coders used each code, and all of them together in the last row."""
    found = agreement(coding)
    if found is None:
        return None

    def cell(value: float | None) -> Cell:
        return "" if value is None else value

    rows: list[tuple[Cell, ...]] = [
        (one.code, one.both, one.only_first, one.only_second, one.neither, cell(one.kappa), "")
        for one in found.codes
    ]
    apart = found.units - found.agreed
    rows.append(("", found.agreed, apart, apart, 0, cell(found.kappa), cell(found.alpha)))
    header = ("code", "both", "only_first", "only_second", "neither", "kappa", "alpha")
    return Table("agreement", header, tuple(rows))


def _place(code: Code) -> tuple[str, str, str]:
    return code.main_category, code.category, code.code


def _counts(coding: Coding) -> Table:
    groups, by_group = names(coding, group_of), counts(coding, group_of)
    total = Counter(code for code, _ in {(u.row.code, u.passage.id) for u in coding.coded})

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
        return (*_place(one), *(HIDDEN if cell is None else cell for cell in cells))

    return Table("roles", (*PLACE, *roles), tuple(row(one) for one in codes(coding)))


def _quotes(coding: Coding) -> Table:
    """Quotes in standard form, in the order of the codes."""
    by_code: dict[str, list[Unit]] = {one.code: [] for one in codes(coding)}
    roles = _by_role(coding)
    is_told = roles is None or all(HIDDEN not in row for row in roles.rows)
    for unit in coding.coded:
        if unit.row.quote:
            by_code[unit.row.code].append(unit)
    rows = (
        (*_place(one), unit.row.quote, *_about(unit.passage, is_told=is_told))
        for one in codes(coding)
        for unit in by_code[one.code]
    )
    return Table("quotes", (*PLACE, "quote", "group", "role", "phase", "row"), tuple(rows))


def _about(passage: Passage, *, is_told: bool) -> tuple[str, str, str, str]:
    """`is_told`: whether its role is; with roles beside quotes one counts what is hidden."""
    return passage.group, passage.role if is_told else "", phase_of(passage), passage.id


# --- The report ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as the report prints it."""

    quote: str
    code: str
    about: str


def report(
    coding: Coding,
    language: ReportLanguage,
    entries: Sequence[CodebookEntry] = (),
    *,
    with_units: bool = False,
) -> bytes:
    """The report as one HTML file."""
    w = {key: pick(pair, language) for key, pair in WORDS.items()}
    found = {table.name: table for table in tables(coding, entries)}
    compared = agreement(coding)
    units = [row[1:] for row in found["units"].rows if row[2] or row[3]] if with_units else []
    placed = codes(coding)
    categories = {one.category for one in placed} - {""}
    sections = ["stages", "notes", "categories", "coverage"]
    sections += ["by_role"] if "roles" in found else []
    sections += ["units"] if units else []
    sections += ["codebook"] if any(one.definition for one in entries) else []
    sections += ["agreement"] if compared else []
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
                [Quote(str(quote), str(code), _joined(about[:-1])) for code, quote, *about in rows],
            )
            for category, rows in _by_category(found["quotes"], w["none"])
        ],
        "units": units,
        "codebook": [one for one in entries if one.definition],
        "agreement_lead": _compared(compared, w, language) if compared else "",
        "agreement": [
            (one, w["no_value"] if one.kappa is None else number(one.kappa, language))
            for one in (compared.codes if compared else ())
        ],
        "limits": [pick(limit, language) for limit in LIMITS],
        "made_with": w["made_with"].format(program=program()),
    }
    return page("coding.html.j2", language, context)


def _compared(found: CoderAgreement, w: dict[str, str], language: ReportLanguage) -> str:
    def said(value: float | None) -> str:
        return w["no_value"] if value is None else number(value, language)

    return w["agreement_lead"].format(
        units=found.units,
        percent=number(found.percent, language, 0),
        kappa=said(found.kappa),
        alpha=said(found.alpha),
    )


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
        ("units", sum(bool(u.row.code) for u in coding.units)),
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
