"""Small strict readers of what leaves: as Excel in Norwegian, R, SPSS and REFI-QDA take it."""

import csv
import io
import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET


def excel_in_norwegian(data: bytes) -> list[list[str | float]]:
    """A CSV as Excel in Norwegian opens it by a double click.

    Without a mark its letters would be Windows' own; a comma is the decimal sign, so a cell
    with a point between digits would become a text or a date.
    """
    assert data.startswith(b"\xef\xbb\xbf"), "æ, ø and å would be wrong"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len({len(row) for row in rows}) == 1, "the columns would slide"
    return [[_norwegian(cell) for cell in row] for row in rows]


def _norwegian(cell: str) -> str | float:
    assert not re.fullmatch(r"-?\d+\.\d+([eE]-?\d+)?", cell), f"{cell} would be a text or a date"
    assert not cell.startswith(("=", "+", "@")), f"{cell} would be a formula"
    assert not re.fullmatch(r"\d{1,2}[-/.]\d{1,2}([-/.]\d{2,4})?", cell), f"{cell} would be a date"
    assert not re.fullmatch(r"\d{1,2}[. ]{0,2}(mai|mars|juni).*", cell), f"{cell} would be a date"
    assert not re.fullmatch(r"0\d+|\d{16,}", cell), f"{cell} would lose digits"
    if re.fullmatch(r"-?\d+(,\d+)?([eE]-?\d+)?", cell):
        return float(cell.replace(",", "."))
    assert not cell.startswith("-"), f"{cell} would be a formula"
    return cell


def r_read_csv(data: bytes) -> dict[str, list[str] | list[float | None]]:
    """A CSV as R's `read.csv` reads it: a column is numbers where every cell is one or empty."""
    assert not data.startswith(b"\xef\xbb\xbf"), "the first name would begin with a mark"
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    assert len(set(header)) == len(header), "R would rename a column"
    assert all(len(row) == len(header) for row in rows)
    return {name: _column([row[n] for row in rows]) for n, name in enumerate(header)}


def _column(cells: list[str]) -> list[str] | list[float | None]:
    if all(re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?|NA|", cell) for cell in cells):
        return [None if cell in {"", "NA"} else float(cell) for cell in cells]
    return cells


def r_parses(script: bytes) -> list[str]:
    """The statements of an R script, whose brackets and quotes close; refuses what R would."""
    statements, depth, current = [], [], ""
    for line in script.decode().splitlines():
        code = _without_strings(line)
        for sign in code:
            if sign in "([{":
                depth.append(sign)
            elif sign in ")]}":
                assert depth, line
                assert depth.pop() + sign in {"()", "[]", "{}"}, line
        current += line + "\n"
        if not depth:
            if code.strip():
                statements.append(current.strip())
            current = ""
    assert not depth, "a bracket is open"
    return statements


def _without_strings(line: str) -> str:
    """The code of a line: strings emptied, and what follows # left out."""
    code, quote, n = "", "", 0
    while n < len(line):
        sign = line[n]
        if quote:
            if sign == "\\":
                n += 1
            elif sign == quote:
                quote = ""
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            break
        else:
            code += sign
        n += 1
    assert not quote, f"a string is open: {line}"
    return code


@dataclass(frozen=True)
class Syntax:
    """What an SPSS syntax file says."""

    variables: list[str]
    labels: dict[str, str]
    values: dict[str, dict[int, str]]
    commands: list[str]


_QUOTED = "'(?:[^']|'')*'"
_NAME = re.compile(r"[A-Za-z@#$][A-Za-z0-9_.@#$]{0,63}")
_RESERVED = {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
_COMMANDS = (
    "GET DATA", "CACHE", "EXECUTE", "VARIABLE LABELS", "VALUE LABELS", "MISSING VALUES",
    "VARIABLE LEVEL", "FREQUENCIES", "DESCRIPTIVES", "COMPUTE", "RELIABILITY", "FACTOR", "STRING",
    "IF",
)  # fmt: skip


def spss_reads(data: bytes) -> Syntax:
    """Syntax as SPSS takes it: each command ends in a full stop, names are declared and legal."""
    text = data.decode("utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbf")
    assert all(len(line.encode()) <= 400 for line in text.splitlines()), "a line is too long"
    commands = _commands(text)
    syntax = Syntax([], {}, {}, commands)
    for command in commands:
        assert command.startswith(_COMMANDS), command
        if command.startswith("GET DATA"):
            fields = command.partition("/VARIABLES=")[2].split()
            names, formats = fields[::2], fields[1::2]
            assert all(re.fullmatch(r"[AF]\d+(\.\d+)?", one) for one in formats), formats
            syntax.variables.extend(names)
        elif command.startswith("COMPUTE"):
            name, _, formula = command.removeprefix("COMPUTE").partition("=")
            for word in re.findall(r"[A-Za-z]\w*", re.sub(r"MEAN\.\d+\(", "(", formula)):
                assert word in syntax.variables, word
            syntax.variables.append(name.strip())
        elif command.startswith("STRING"):
            declared = re.fullmatch(r"STRING (\w+) \(A(\d+)\)", command)
            assert declared, command
            assert int(declared[2]) <= 32767
            syntax.variables.append(declared[1])
        elif command.startswith("IF"):
            decided = re.fullmatch(rf"IF \((\w+) = {_QUOTED}\) (\w+) = {_QUOTED}", command)
            assert decided, command
            assert {decided[1], decided[2]} <= set(syntax.variables)
        elif command.startswith("VARIABLE LABELS"):
            name, label = command.removeprefix("VARIABLE LABELS").strip().split(None, 1)
            assert name in syntax.variables
            syntax.labels[name] = _string(label)
        elif command.startswith("VALUE LABELS"):
            name, _, rest = command.removeprefix("VALUE LABELS").strip().partition(" ")
            assert name in syntax.variables
            last = re.match(r"TO (\w+)", rest)
            assert last is None or last[1] in syntax.variables
            found = re.findall(r"(-?\d+) ('(?:[^']|'')*')", rest)
            assert len(found) == len(re.findall(r"'(?:[^']|'')*'", rest))
            syntax.values[name] = {int(value): _string(said) for value, said in found}
    for name in syntax.variables:
        assert _NAME.fullmatch(name), name
        assert name.upper() not in _RESERVED
    assert len({name.casefold() for name in syntax.variables}) == len(syntax.variables)
    return syntax


def _commands(text: str) -> list[str]:
    """The commands without comments: a full stop at the end of a line ends one."""
    commands, current = [], ""
    for line in text.splitlines():
        current = f"{current} {line.strip()}".strip()
        if re.sub(r"'(?:[^']|'')*'", "", line).rstrip().endswith("."):
            if not current.startswith("*"):
                commands.append(current.removesuffix("."))
            current = ""
    assert not current, f"a command is open: {current}"
    return commands


def _string(text: str) -> str:
    text = text.strip()
    assert re.fullmatch(r"'(?:[^']|'')*'", text), text
    return text[1:-1].replace("''", "'")


# --- REFI-QDA -------------------------------------------------------------------------------------

ORDER: dict[str, tuple[str, ...]] = {
    "Project": ("Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Description"),
    "CodeBook": ("Codes", "Sets"),
    "Codes": ("Code",),
    "Code": ("Description", "NoteRef", "Code"),
    "Users": ("User",),
    "Sources": ("TextSource",),
    "TextSource": ("Description", "PlainTextContent", "PlainTextSelection", "Coding"),
    "PlainTextSelection": ("Description", "Coding", "NoteRef"),
    "Coding": ("CodeRef", "NoteRef"),
}
NEEDS: dict[str, set[str]] = {
    "Project": {"name"},
    "Code": {"guid", "name", "isCodable"},
    "User": {"guid"},
    "TextSource": {"guid"},
    "PlainTextSelection": {"guid", "startPosition", "endPosition"},
    "Coding": {"guid"},
    "CodeRef": {"targetGUID"},
}
GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def keeps_to_schema(element: ET.Element, space: str) -> None:
    """The elements in the schema's order, with what they must have (REFI-QDA 1.5)."""
    space_of, _, name = element.tag.lstrip("{").partition("}")
    assert space_of == space
    assert NEEDS.get(name, set()) <= set(element.keys()), name
    for key in ("guid", "targetGUID"):
        assert re.fullmatch(GUID, element.get(key, "0" * 8 + "-0000" * 3 + "-" + "0" * 12))
    if name == "Code":
        assert element.get("isCodable") in {"true", "false"}
    inner = [child.tag.partition("}")[2] for child in element]
    known = ORDER.get(name, ())
    assert set(inner) <= set(known), (name, inner)
    assert inner == sorted(inner, key=known.index), (name, inner)
    for child in element:
        keeps_to_schema(child, space)
