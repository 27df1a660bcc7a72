"""The table that researchers fill in: written as CSV and Excel, read from any tool's CSV or Excel.

Columns are known by their names, in any order; others are the researchers' own
and are left alone. A text of several meaning units has a row for each.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import xlsxwriter

from dialogs.faults import Fault
from research.coding.material import Material, Passage
from research.formats.faults import BadFile
from research.formats.source import SourceFile, guard, unguard
from research.report.tables import Table
from research.tables import reading as tables
from research.tables.known import named, refuse_surveys
from research.tables.reading import Row, TableSheet

THEIRS = (
    "meaning unit",
    "condensed meaning",
    "code",
    "category",
    "main category",
    "theme",
    "quote",
)
COLUMNS = ("row", "question", "text", *THEIRS, "group", "role", "method", "phase")
NEEDED = ("row", "text", "code")
CODEBOOK = ("code", "definition", "category", "main category", "theme", "example")
"""The sheet beside the table, for what each code means."""
WIDTHS = {
    "text": 70, "question": 30, "meaning unit": 40, "condensed meaning": 40, "quote": 40, "row": 12
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row as it was filled in. `number` is the row that a spreadsheet shows."""

    number: int
    id: str
    text: str
    condensed: str
    code: str
    category: str
    main_category: str
    quote: str
    unit: str = ""
    """The part of the text that the row is about; empty for all of it."""
    theme: str = ""
    second: str = ""
    """What a second coder called it."""
    of_program: bool = False
    """Whether a program that codes wrote it: then a comma belongs to the code's name."""

    @property
    def place(self) -> str:
        return f"row {self.number} ({self.id})" if self.id else f"row {self.number}"


def table(found: Material) -> Table:
    """The table to fill in."""
    return Table("coding", COLUMNS, tuple(_cells(passage) for passage in found.passages))


def _cells(passage: Passage) -> tuple[str, ...]:
    known = {
        "row": passage.id,
        "question": passage.question,
        "text": passage.text,
        "group": passage.group,
        "role": passage.role,
        "method": passage.method,
        "phase": passage.phase,
    }
    return tuple(known.get(column, "") for column in COLUMNS)


def workbook(empty: Table) -> bytes:
    """The same as an Excel workbook, with room to write."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(empty.name)
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        to_fill_in = book.add_format(
            {"text_wrap": True, "valign": "top", "num_format": "@", "bg_color": "#fff8dc"}
        )
        for column, name in enumerate(empty.header):
            sheet.set_column(column, column, WIDTHS.get(name, 18))
            sheet.write_string(0, column, name, bold)
            style = to_fill_in if name in THEIRS else wrapped
            for row, cells in enumerate(empty.rows, 1):
                sheet.write_string(row, column, guard(str(cells[column])), style)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(empty.rows), len(empty.header) - 1)
        defined = book.add_worksheet("codebook")
        for column, name in enumerate(CODEBOOK):
            defined.set_column(column, column, 60 if name == "definition" else 24, to_fill_in)
            defined.write_string(0, column, name, bold)
    return buffer.getvalue()


ColumnsHold: TypeAlias = Literal["coders", "codes"]
"""What two columns of codes are: what two people called a text, or two codes of one."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each of our columns stands, and which are the researchers' own."""

    at: Mapping[str, int]
    codes: tuple[int, ...]
    """Columns whose cells are codes of one person."""
    categories: tuple[int, ...]
    """Those of `codes`, one for each where they are numbered alike."""
    second: int | None
    own: tuple[str, ...]


def read(
    source: SourceFile, columns: ColumnsHold | None = None
) -> tuple[list[FilledRow], tuple[str, ...]]:
    """The rows, and the names of the columns that are the researchers' own.

    Tables of coded segments that Taguette and MAXQDA export are read too.

    Args:
        source: the table.
        columns: what several columns of codes are, where their names and cells do not tell.

    Raises:
        BadFile: there is no table with our columns, or nothing tells what they are.
    """
    refuse_surveys(source)
    sheet = tables.sheet(source, header=_is_header)
    header = sheet.rows[0].cells if sheet.rows else ()
    if (segments := segmented(header)) is not None:
        return [segments.filled(row) for row in sheet.rows[1:]], ()
    if not _is_header(header):
        raise named(header, "coding") or _no_table(source, header)
    layout = _layout(sheet, columns)
    return [_filled(row, layout) for row in sheet.rows[1:]], layout.own


def _layout(sheet: TableSheet, columns: ColumnsHold | None) -> _Layout:
    header = column_names(sheet.rows[0].cells)
    for name in COLUMNS:
        if header.count(name) > 1:
            raise _refused(sheet, f"Two columns are called `{name}`.", "each name once",
                           "Give your own column another name.")  # fmt: skip
    of_codes = [n for n, name in enumerate(header) if name == "code" or _CODES.fullmatch(name)]
    meant = _meant(sheet, header, of_codes, columns)
    codes = of_codes if meant == "codes" else of_codes[:1]
    second = of_codes[1] if meant == "coders" and len(of_codes) > 1 else None
    numbered = [n for n, name in enumerate(header) if _CATEGORIES.fullmatch(name)]
    plain = [n for n, name in enumerate(header) if name == "category"]
    if len(numbered) == len(of_codes) > 1:  # of two coders, the first's
        plain = numbered if meant == "codes" else plain or numbered[:1]
    at = {name: header.index(name) for name in COLUMNS if name in header}
    known = {*at.values(), *of_codes, *plain}
    own = tuple(name for n, name in enumerate(header) if name and n not in known)
    return _Layout(at, tuple(codes), tuple(plain), second, own)


def _meant(
    sheet: TableSheet, header: Sequence[str], found: Sequence[int], columns: ColumnsHold | None
) -> ColumnsHold:
    """What several columns of codes are.

    Names decide (`coder 1`; `code` and `code 2`, as we call them), or cells: nobody gives a
    text the same code twice, so a code in both columns of a row is what two people said.
    """
    names = [header[n] for n in found]
    is_two = len(found) == 2
    if columns == "codes" or len(found) < 2:
        return "codes"
    if not is_two:
        raise _refused(
            sheet,
            f"There are {len(found)} columns of codes: {', '.join(names)}.",
            "two coders, or several codes of one",
            "Compare two coders at a time. If they are all codes of one text, say "
            "--code-columns codes.",
        )
    if (
        columns == "coders"
        or all(map(_CODER.fullmatch, names))
        or _SECOND.fullmatch(names[1])
        or (names[0] == "code" and _SECOND_CODE.fullmatch(names[1]))
        or any(_shares(row, found) for row in sheet.rows[1:])
    ):
        return "coders"
    raise _refused(
        sheet,
        f"`{names[0]}` and `{names[1]}` may be two codes of a text, or what two coders called it: "
        "no row has the same code in both.",
        "to know which",
        "Say --code-columns codes, or --code-columns coders.",
    )


def _shares(row: Row, columns: Sequence[int]) -> bool:
    """Whether both cells have a code in common."""
    cells = [row.cells[n] if n < len(row.cells) else "" for n in columns]
    one, other = ({part.casefold() for part in parts(cell)} for cell in cells)
    return bool(one & other)


def _refused(sheet: TableSheet, found: str, expected: str, remedy: str) -> BadFile:
    return BadFile([Fault(f"row {sheet.rows[0].record}", found, expected, remedy)])


_SIGNS = re.compile(r"\s*[;|\n]\s*")


def parts(cell: str) -> list[str]:
    """The codes in a cell: a semicolon, an upright stroke or a new line divides two."""
    return [part for part in _SIGNS.split(cell.strip()) if part]


def _filled(row: Row, layout: _Layout) -> FilledRow:
    def cell(column: int | None) -> str:
        text = row.cells[column] if column is not None and column < len(row.cells) else ""
        return unguard(text.strip())

    def label(name: str) -> str:
        return " ".join(cell(layout.at.get(name)).split())

    def codes(columns: Iterable[int]) -> str:
        lines = (" ".join(line.split()) for n in columns for line in cell(n).splitlines())
        return "\n".join(filter(None, lines))

    return FilledRow(
        row.record,
        cell(layout.at.get("row")),
        cell(layout.at.get("text")),
        label("condensed meaning"),
        codes(layout.codes),
        codes(layout.categories),
        label("main category"),
        label("quote"),
        label("meaning unit"),
        label("theme"),
        codes([layout.second] if layout.second is not None else []),
    )


_MEANT = {
    "rad": "row", "tekst": "text", "meningsenhet": "meaning unit", "meiningseining": "meaning unit",
    "meningsbærende enhet": "meaning unit", "utdrag": "meaning unit", "excerpt": "meaning unit",
    "kondensert mening": "condensed meaning", "fortettet mening": "condensed meaning",
    "fortetta meining": "condensed meaning", "kondensert": "condensed meaning",
    "kondensert meningsenhet": "condensed meaning", "condensed meaning unit": "condensed meaning",
    "kode": "code", "kategori": "category", "hovedkategori": "main category",
    "hovudkategori": "main category", "underkategori": "subcategory", "subkategori": "subcategory",
    "delkategori": "subcategory", "sub category": "subcategory", "sub-category": "subcategory",
    "overordnet tema": "theme", "overordna tema": "theme", "hovedtema": "theme",
    "kondensering": "condensed meaning", "fortetting": "condensed meaning",
    "kondensert tekst": "condensed meaning", "koder": "code", "codes": "code",
    "tema": "theme", "sitat": "quote", "gruppe": "group",
    "rolle": "role", "metode": "method", "fase": "phase", "spørsmål": "question",
}  # fmt: skip
_CODES = re.compile(
    r"(code|kode|coder|koder) ?[:(]? ?(\d|[a-d]|i{1,3})\)?"
    r"|(code|kode) ?[:(] ?[^\W\d_].*|(coder|koder)[ :(]+[^\W\d_]\S*"
    r"|(second|andre|annen|første|first) (code|kode|coder|koder)"
)
"""A column of codes beside others: `code 1`, `kode B`, `coder (Kari)`."""
_CODER = re.compile(
    r"coder.*|koder ?[:(]? ?[^\W\d_].*|(second|andre|annen|første|first) (coder|koder)"
)
"""A column that names who coded; *koder 1* may be a code, too."""
_SECOND = re.compile(r"(second|andre|annen) (coder|koder)|coder ?(2|b|ii)")
_SECOND_CODE = re.compile(r"(code|kode) ?(2|b|ii)|(second|andre) (code|kode)")
_CATEGORIES = re.compile(r"(category|kategori) ?\(?(\d|[a-d]|i{1,3})\)?")


def _is_header(row: Sequence[str]) -> bool:
    names = {column_name(cell) for cell in row}
    coders = sum(bool(_CODES.fullmatch(name)) for name in names)
    return (
        names.issuperset(NEEDED)
        or ({"row", "text"} <= names and coders >= 2)
        or (segmented(row) is not None)
    )


def column_names(cells: Sequence[str]) -> list[str]:
    """What we call the columns of a header: above a subcategory a category is a main one."""
    names = [column_name(cell) for cell in cells]
    if "subcategory" not in names:
        return names
    above = "category" if "main category" in names and "category" in names else "main category"
    return [
        "category" if one == "subcategory" else above if one == "category" else one for one in names
    ]


def column_name(cell: str) -> str:
    """What we call a column; Norwegian names are known too."""
    plain = " ".join(re.split(r"[\s_]+", cell.strip().lower()))
    return _MEANT.get(plain, plain)


# --- Coded segments of other programs -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segments:
    """Where a program's table of coded segments has the text's name, the code and the part."""

    document: int
    code: int
    segment: int

    def filled(self, row: Row) -> FilledRow:
        cells = [row.cells[n] if n < len(row.cells) else "" for n in self.columns()]
        name, code, segment = (unguard(cell.strip()) for cell in cells)
        path = [part.strip() for part in re.split(r"\s*(?:>|\\|::)\s*", code) if part.strip()]
        theme, main, category, code = ([""] * 4 + path)[-4:]
        return FilledRow(
            row.record, _stem(name), "", "", code, category, main, "",
            " ".join(segment.split()), theme, of_program=True,
        )  # fmt: skip

    def columns(self) -> tuple[int, int, int]:
        return self.document, self.code, self.segment


_SEGMENTS = (
    ("document", "tag", "content"),
    ("document name", "code", "segment"),
    ("document", "code", "segment"),
    ("dokumentname", "code", "segment"),
    ("dokument", "code", "segment"),
    ("document", "codes", "quotation content"),
)


def segmented(header: Sequence[str]) -> Segments | None:
    """The columns of Taguette's, MAXQDA's or ATLAS.ti's table; None where it is none."""
    names = [" ".join(cell.casefold().split()) for cell in header]
    for wanted in _SEGMENTS:
        if set(wanted) <= set(names) and "row" not in names:
            return Segments(*(names.index(name) for name in wanted))
    return None


def _stem(name: str) -> str:
    """The name of a text, which programs end in .txt or .docx."""
    return re.sub(r"\.(txt|docx?|rtf|pdf|html?)$", "", name, flags=re.IGNORECASE)


def _no_table(source: SourceFile, header: Sequence[str]) -> BadFile:
    first = ", ".join(cell for cell in header if cell)[:120]
    return BadFile(
        [
            Fault(
                f"{source.path.name}, row 1",
                f"There is no header with the columns {', '.join(NEEDED)}; the first row is: "
                f"{first or 'empty'}.",
                f"the columns {', '.join(COLUMNS)}, in any order",
                "Give the columns their names back. Save as CSV UTF-8 or as .xlsx.",
            )
        ]
    )
