"""Texts of statements: tables with labels, `.STA` and plain text with one per line, XML."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree import ElementTree as ET

from dialogs.faults import Fault
from research.formats.faults import BadFile, Checker
from research.formats.source import SourceFile, unguard
from research.tables import reading as tables
from research.tables.known import refuse_others, refuse_program_files
from research.tables.labels import Match, match

NUMBERED = re.compile(r"\s*(\d+)[.):\t]\s*(.+)")
LABELS = frozenset(
    {"id", "nr", "nr.", "no", "no.", "#", "number", "numbers", "nummer", "label", "key", "code",
     "kode",
     "statement id", "statement_id", "statementid", "statement no", "utsagnsnr", "statement number",
     "item"}
)  # fmt: skip
TEXTS = frozenset(
    {"text", "statement", "statements", "statement text", "utsagn", "påstand", "påstander", "tekst",
     "wording", "ordlyd", "formulering", "utsegn", "nb", "nn", "en"}
)  # fmt: skip
LABELLED = re.compile(
    r"[(\[]?(?P<label>(?P<stem>[^\W\d_]{0,12})[ _-]?(?P<number>\d{1,3}))"
    r"(?:[)\]]?[.:;)\]\t–-]|[)\]])\s*(?P<text>\S.*)"
)
"""A line that begins with a label: `s3: ...`, `(3) ...`, `3. ...`."""
_LABEL = re.compile(r"[^\W\d_]{0,12}[ _.-]?\d+[.)]?")
_LANGUAGES = frozenset({"nb", "nn", "en"})
_TABLE_HEADER = re.compile(
    r"\"?(id|nr\.?|no\.?|number|label|statement_?id)\"?[ ]*[,;\t]", re.IGNORECASE
)


def read_statements(source: SourceFile, labels: Sequence[str]) -> tuple[str, ...]:
    """The texts in the order of these labels.

    A table with a column of labels gives each text to its label, whatever the order. One
    text per line goes by position, unless the lines are numbered.

    Raises:
        BadFile: a label is unknown, missing or doubled, or there are more or fewer texts.
    """
    refuse_program_files(source)
    found = _rows(source, labels)
    if len(found) != len(labels) and all(not one.label for one in found):
        raise BadFile(
            [
                Fault(
                    f"{source.path.name}, line {min(len(found), len(labels)) + 1}",
                    f"The file holds {len(found)} statements.",
                    f"{len(labels)}, as many as the sorts have values",
                    "Give one statement per line, in the order of the sorts.",
                )
            ]
        )
    if any(not one.label for one in found):
        return tuple(one.text for one in found)
    checker = Checker()
    seen: dict[str, str] = {}
    for one in found:
        checker.label(one.label, seen, f"{source.path.name}, {one.place}", "statement")
    checker.raise_if_any()
    matched = match(labels, [one.label for one in found])
    if matched.unknown or matched.missing:
        raise BadFile(_unpaired(source, labels, matched))
    if twice := [name for name, n in Counter(matched.by_found.values()).items() if n > 1]:
        raise BadFile(
            [
                Fault(
                    source.path.name,
                    f"The statement {twice[0]} has several texts here, under labels that are the "
                    "same but for capitals or zeros.",
                    "one text for each statement",
                    "Take out the one that is too much.",
                )
            ]
        )
    by_label = {matched.by_found[one.label]: one.text for one in found}
    return tuple(by_label[label] for label in labels)


def _unpaired(source: SourceFile, labels: Sequence[str], matched: Match) -> list[Fault]:
    name = source.path.name
    said = f"the labels of the sorts: {', '.join(labels[:5])}{' ...' if labels[5:] else ''}"
    unknown = [
        Fault(name, f"There is no statement {label} among the sorts.", said, "Correct the label.")
        for label in matched.unknown
    ]
    missing = [
        Fault(name, f"The statement {label} has no text here.", said, "Add it.")
        for label in matched.missing
    ]
    return [*unknown, *missing]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement as a file gives it; `label` is empty where the file has none."""

    label: str
    text: str
    place: str


def _rows(source: SourceFile, labels: Sequence[str]) -> list[StatementRow]:
    """The statements of a file: XML, a table with labels, or one on each line."""
    header, rows = statement_table(source)
    lines = _labelled_lines(source, labels) if len(header) == 1 else []
    if lines:
        return lines
    label = _label_column(header, rows, labels)
    others = [n for n in range(len(header)) if n != label]
    text = next((n for n in others if header[n] in {"text", "nb", "nn", "en"}), None)
    if text is None:
        text = max(others, key=lambda n: sum(len(row[n]) for _, row in rows))
    return [
        StatementRow("" if label is None else row[label], row[text], f"line {line}")
        for line, row in rows
    ]


def _label_column(header: Sequence[str], rows: "Rows", labels: Sequence[str]) -> int | None:
    """The column that holds the labels of the sorts, whatever it is called; else that of ids."""
    own = header.index("id") if "id" in header else None
    is_bare = all(label.isdigit() for label in labels)
    if len(header) < 2 or (own is not None and is_bare):
        return own
    by_column = {n: match(labels, [row[n] for _, row in rows]) for n in range(len(header))}
    whole = {n: m for n, m in by_column.items() if not (m.missing or m.unknown)}
    exact = [n for n, m in whole.items() if not m.by_number]
    named = [n for n in whole if not any(row[n].isdigit() for _, row in rows)]
    return own if own in exact else next(iter([*exact, *([] if own in whole else named)]), own)


def _labelled_lines(source: SourceFile, labels: Sequence[str]) -> list[StatementRow]:
    """Lines that begin with the labels of the sorts: `s3: ...`, `(3) ...`; else nothing.

    Raises:
        BadFile: most do, and others do not.
    """
    there = [(n, line.strip()) for n, line in enumerate(source.lines, 1) if line.strip()]
    parts = [(n, LABELLED.fullmatch(line)) for n, line in there]
    found = [StatementRow(p["label"], p["text"], f"line {n}") for n, p in parts if p]
    matched = match(labels, [row.label for row in found])
    if 2 * len(matched.by_found) <= len(there):
        return []
    if len(found) < len(there):
        line = next(n for n, part in parts if part is None)
        raise BadFile(
            [
                Fault(
                    f"{source.path.name}, line {line}",
                    "The line begins with no label, and others do.",
                    f"a label as in line {found[0].place.removeprefix('line ')}",
                    "Write the label before it, or take all of them out.",
                )
            ]
        )
    return found


Rows: TypeAlias = list[tuple[int, list[str]]]


def statement_table(source: SourceFile) -> tuple[list[str], Rows]:
    """A header in our own words (`id`, `text`, languages ...), and rows with their lines.

    A text without a table has the header `text` alone, and so has a table of one column
    without a header; numbers before all lines are their ids where they are in another order.
    """
    refuse_program_files(source)
    if source.data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return ["id", "text"], _xml(source)
    refuse_others(source)
    is_table = source.members or source.path.suffix.lower() in {".csv", ".tsv", ".xlsx"}
    if is_table or _TABLE_HEADER.match(source.text.lstrip("\ufeff")):
        return _table(source)
    return _each_line(source)


def _unquoted(line: str) -> str:
    is_quoted = len(line) > 1 and line[0] == line[-1] == '"' and '"' not in line[1:-1]
    return line[1:-1] if is_quoted else line


_BULLETS = ("• ", "- ", "– ", "* ", "· ", "▪ ", "◦ ", "‣ ")


def _unmarked(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Without a bullet, where every line begins with the same."""
    is_list = len(lines) > 1 and any(all(t.startswith(b) for _, t in lines) for b in _BULLETS)
    return [(n, text[2:].strip()) for n, text in lines] if is_list else lines


def _unwrapped(source: SourceFile) -> list[tuple[int, str]]:
    """The lines that hold anything; an indented one goes on from a numbered one above it.

    Raises:
        BadFile: lines are numbered from 1 on, and one between them is not.
    """
    there = [(n, line) for n, line in enumerate(source.lines, 1) if line.strip()]
    counted = [part["number"] for _, line in there if (part := LABELLED.fullmatch(line.strip()))]
    is_series = [int(one) for one in counted] == list(range(1, len(counted) + 1))
    if not is_series or not 2 < len(counted) < len(there) < 2 * len(counted):
        return _unmarked([(n, _unquoted(line.strip())) for n, line in there])
    lines: list[tuple[int, str]] = []
    for n, line in there:
        if LABELLED.fullmatch(line.strip()):
            lines.append((n, line.strip()))
        elif lines and line[:1].isspace():
            lines[-1] = (lines[-1][0], f"{lines[-1][1]} {line.strip()}")
        else:
            raise BadFile(
                [
                    Fault(
                        f"{source.path.name}, line {n}",
                        "The line begins with no number, and others do.",
                        "each statement on a line of its own",
                        "Indent it where it goes on from the line above; else number it, or take "
                        "it out.",
                    )
                ]
            )
    return lines


def _each_line(source: SourceFile) -> tuple[list[str], Rows]:
    lines = _unwrapped(source)
    parts = [(n, LABELLED.fullmatch(text)) for n, text in lines]
    labelled = [(n, part) for n, part in parts if part]
    counted = [int(part["number"]) for _, part in labelled]
    stems = {part["stem"].casefold() for _, part in labelled}
    is_series = sorted(counted) == list(range(1, len(lines) + 1)) and len(stems) == 1
    if len(counted) < len(lines) or not is_series:
        return ["text"], [(n, [text]) for n, text in lines]
    if counted == sorted(counted) and stems == {""}:
        return ["text"], [(n, [part["text"]]) for n, part in labelled]
    return ["id", "text"], [(n, [part["label"], part["text"]]) for n, part in labelled]


def _table(source: SourceFile) -> tuple[list[str], Rows]:
    sheet = tables.sheet(source, header=is_statement_header)
    rows = list(sheet.rows)
    if not rows:
        return [], []
    if is_statement_header(rows[0].cells):
        header = _header([cell.casefold().strip() for cell in rows[0].cells])
        rows = rows[1:]
        if len(header) == 1 and not sheet.name and any(len(row.cells) > 1 for row in rows):
            one, lines = _each_line(source)
            return one, lines[1:]
    else:
        width = max(len(row.cells) for row in rows)
        named = [_LABEL.fullmatch(row.cells[0]) for row in rows]
        if width > 1 and len(rows) > 2 and named[0] is None and None not in named[1:]:
            rows = rows[1:]  # a header in words of its own
        elif width > 1 and None in named:  # a comma in a sentence is no separator
            return _each_line(source)
        header = ["id", "text", *[""] * (width - 2)] if width > 1 else ["text"]
    if "id" in header:
        _require_labels(header.index("id"), rows, source)
    width = len(header)
    cells = [(row.number, [unguard(cell) for cell in row.cells]) for row in rows]
    if sheet.name:
        cells = [(n, [*row, *[""] * (width - len(row))]) for n, row in cells]
    return header, [(n, row[:width] if not any(row[width:]) else row) for n, row in cells]


def _require_labels(column: int, rows: Sequence[tables.Row], source: SourceFile) -> None:
    """Refuse headings and notes between statements: they have no label, and others do."""
    bare = [row for row in rows if not row.cells[column : column + 1] or not row.cells[column]]
    if not 0 < len(bare) < len(rows):
        return
    raise BadFile(
        [
            Fault(
                f"{source.path.name}, line {row.number}",
                f"“{next(filter(None, row.cells))[:60]}” has no label, and others do: is it a "
                "heading, or a note?",
                "a label in each row",
                "Take the row out, or give it a label; a theme belongs in a column `dimension`.",
            )
            for row in bare
        ]
    )


_SPOKEN = {"bokmål": "nb", "nynorsk": "nn", "engelsk": "en", "english": "en"}
_IN_LANGUAGE = re.compile(rf"(?:.*[( ])?({'|'.join(_SPOKEN)})\)?")


def _language(name: str) -> str:
    """`bokmål` and `Utsagn (bokmål)` are the column `nb`."""
    found = _IN_LANGUAGE.fullmatch(name)
    return _SPOKEN[found[1]] if found else name


def _header(names: list[str]) -> list[str]:
    """What means a label is called `id`, what means the text `text`; each only once."""
    spoken = [_language(name) for name in names]
    names = spoken if len(set(spoken)) == len(set(names)) else names
    for ours, meaning in (("id", LABELS), ("text", TEXTS - _LANGUAGES)):
        found = next((n for n, name in enumerate(names) if name in meaning), None)
        if ours not in names and found is not None:
            names[found] = ours
    return names


def is_statement_header(cells: Sequence[str]) -> bool:
    """Whether a row names columns: a text's, and perhaps a label's."""
    names = {_language(cell.casefold().strip()) for cell in cells if cell.strip()}
    return bool(TEXTS & names) or (bool(LABELS & names) and len(names) > 1)


def _xml(source: SourceFile) -> Rows:
    """HTMLQ's statements.xml."""
    return [
        (n, [one.get("id", ""), " ".join("".join(one.itertext()).split())])
        for n, one in enumerate(
            (each for each in xml(source).iter() if tag(each) == "statement"), 1
        )
    ]


def tag(element: ET.Element) -> str:
    """The name of an element, without its namespace and in small letters."""
    return element.tag.rpartition("}")[2].lower()


def xml(source: SourceFile) -> ET.Element:
    """The root of an XML file. Raises `BadFile` where it is none, or declares anything."""
    if b"<!" in source.data.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise _no_xml(
            source.path.name,
            "The XML declares a type or entities.",
            "Remove the lines that begin with <!DOCTYPE or <!ENTITY.",
        )
    try:
        return _parsed(source)
    except ET.ParseError as error:
        line, column = error.position
        place = f"{source.path.name}, line {line}, column {column + 1}"
        near = "".join(source.lines[line - 1 : line])[max(column - 10, 0) : column + 20].strip()
        remedy = "Mend it there, or save it again: in XML, & is &amp; and < in a text is &lt;."
        raise _no_xml(place, f"This is no XML from “{near}” on.", remedy) from None


def _parsed(source: SourceFile) -> ET.Element:
    """The root; letters that are not in the encoding that it names are read as tables' are."""
    try:
        return ET.fromstring(source.data)  # noqa: S314 - declarations are refused in `xml`
    except ET.ParseError:
        if source.encoding.startswith("UTF-8"):
            raise
        return ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source.text))  # noqa: S314 - declarations are refused in `xml`, as for bytes


def _no_xml(place: str, found: str, remedy: str) -> BadFile:
    return BadFile([Fault(place, found, "statements in XML, as HTMLQ has them", remedy)])


def one_line(text: str) -> str:
    """The text without line breaks, for formats of one statement per line."""
    return " ".join(text.split())


def write_statements(texts: tuple[str, ...]) -> bytes:
    """One statement per line."""
    return "".join(f"{one_line(text)}\n" for text in texts).encode()


def numbers(count: int) -> tuple[str, ...]:
    """Labels for statements that a format knows by position only."""
    return tuple(str(n) for n in range(1, count + 1))


PATTERN_VALUES = range(-6, 14)
"""The values that PQMethod and KADE can count."""


def pattern_from(counts: list[object], checker: Checker, place: str) -> dict[int, int] | None:
    """A grid from 20 counts for the values -6 to +13; nothing where all are zero."""
    if len(counts) != len(PATTERN_VALUES):
        checker.fault(
            place,
            f"The pattern has {len(counts)} counts.",
            "exactly 20, for the values -6 to +13",
            "Write a 0 for each value that the grid does not have.",
        )
        return None
    cells = dict(
        zip(PATTERN_VALUES, (checker.value(count, place) for count in counts), strict=True)
    )
    return {value: count for value, count in cells.items() if count} or None
