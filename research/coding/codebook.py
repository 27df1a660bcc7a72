"""What each code means: read from a sheet, a table or REFI-QDA, and written for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from research.coding.coded import Coding, CodingNote, codes
from research.coding.table import CODEBOOK, column_name, column_names
from research.formats.faults import Checker
from research.formats.source import SourceFile, unguard
from research.report.tables import Table
from research.tables import reading as tables
from research.tables.workbook import open_workbook


@dataclass(frozen=True, slots=True)
class CodebookEntry:
    """One code of a codebook."""

    code: str
    definition: str = ""
    category: str = ""
    main_category: str = ""
    theme: str = ""
    example: str = ""


def read_codebook(source: SourceFile) -> tuple[CodebookEntry, ...]:
    """The codebook in a table, or on the sheet `codebook` of a workbook; none where it has none.

    Raises:
        BadFile: a code is doubled or nameless.
    """
    sheet_name = None
    if "xl/workbook.xml" in source.members:
        sheets = {name.casefold(): name for name in open_workbook(source)}
        sheet_name = sheets.get("codebook") or sheets.get("kodebok")
        if sheet_name is None:
            return ()
        if not any(any(row) for row in open_workbook(source)[sheet_name][1:]):
            return ()
    sheet = tables.sheet(source, wanted=sheet_name, header=_is_header)
    if not sheet.rows or not _is_header(sheet.rows[0].cells):
        return ()
    header = column_names(sheet.rows[0].cells)
    checker, seen, entries = Checker(), dict[str, str](), []
    for row in sheet.rows[1:]:
        record = {k: unguard(c) for k, c in zip(header, row.cells, strict=False)}
        name = record.get("code", "")
        checker.label(name.casefold(), seen, sheet.line(row), "code")
        entries.append(CodebookEntry(*(record.get(key, "") for key in _ORDER)))
    checker.raise_if_any()
    return tuple(entries)


_ORDER = ("code", "definition", "category", "main category", "theme", "example")


def _is_header(cells: Sequence[str]) -> bool:
    return {"code", "definition"} <= {column_name(cell) for cell in cells}


def with_definitions(coding: Coding, entries: Sequence[CodebookEntry]) -> tuple[CodebookEntry, ...]:
    """Every code that is used, and every one that is only defined, with where it belongs.

    Raises:
        BadFile: the codebook places a code otherwise than the table.
    """
    by_code: Mapping[str, CodebookEntry] = {one.code.casefold(): one for one in entries}
    checker = Checker()
    found: list[CodebookEntry] = []
    used = set()
    for one in codes(coding):
        defined = by_code.get(one.code.casefold(), CodebookEntry(one.code))
        used.add(one.code.casefold())
        for name, here, there in (
            ("category", one.category, defined.category),
            ("main category", one.main_category, defined.main_category),
            ("theme", one.theme, defined.theme),
        ):
            if here and there and here.casefold() != there.casefold():
                checker.fault(
                    f"the code {one.code}",
                    f"Its {name} is “{here}” in the table and “{there}” in the codebook.",
                    f"one {name}",
                    "Write them alike.",
                )
        quotes = (u.row.quote for u in coding.coded if u.row.code == one.code and u.row.quote)
        found.append(
            CodebookEntry(
                one.code,
                defined.definition,
                one.category or defined.category,
                one.main_category or defined.main_category,
                one.theme or defined.theme,
                defined.example or next(quotes, ""),
            )
        )
    checker.raise_if_any()
    found += [one for one in entries if one.code.casefold() not in used]
    return tuple(found)


def noted(coding: Coding, entries: Sequence[CodebookEntry]) -> Coding:
    """The coding, and what its codebook leaves open, where there is one."""
    if not any(one.definition for one in entries):
        return coding
    used = {unit.row.code for unit in coding.coded}
    undefined = [one.code for one in entries if one.code in used and not one.definition]
    unused = [one.code for one in entries if one.code not in used]
    notes = [
        *([CodingNote("undefined", {"which": ", ".join(undefined)})] if undefined else []),
        *([CodingNote("unused", {"which": ", ".join(unused)})] if unused else []),
    ]
    return replace(coding, notes=(*coding.notes, *notes))


def codebook_table(coding: Coding, entries: Sequence[CodebookEntry]) -> Table:
    """The codebook with how many texts and meaning units have each code."""
    rows = []
    for one in entries:
        units = [unit for unit in coding.coded if unit.row.code == one.code]
        texts = len({unit.passage.id for unit in units})
        rows.append(
            (one.code, one.definition, one.category, one.main_category, one.theme, one.example,
             texts, len(units))
        )  # fmt: skip
    return Table("codebook", (*CODEBOOK, "texts", "units"), tuple(rows))
