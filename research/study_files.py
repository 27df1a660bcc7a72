"""Reads a study from the researcher's disk; `dialogs` judges it."""

import re
from datetime import date
from pathlib import Path

from dialogs.faults import Fault, Line
from dialogs.studies.study import Study
from dialogs.studies.study_file import MAX_BYTES, MAX_IMAGE, StatementTable, read
from research.files import head
from research.formats.faults import BadFile
from research.formats.source import SourceFile


def read_study(path: Path, today: date) -> Study | list[Fault]:
    """The one study in a TOML file, or all its faults. See `read_studies`."""
    found = read_studies(path, today)
    if isinstance(found, list) or len(found) == 1:
        return found if isinstance(found, list) else found[0]
    what = f"There are {len(found)} studies in the file."
    return [Line(path.name, 1).fault(what, "Take one sorting at a time.")]


def read_studies(path: Path, today: date) -> tuple[Study, ...] | list[Fault]:
    """The study in a TOML file, or those that it makes, or all its faults.

    A file of statements is only taken from the same folder, also where a
    link there leads elsewhere. `today` is the day that dates must not have passed.
    """
    folder = path.parent.resolve()

    def beside(name: str) -> StatementTable | Fault | None:
        sibling = (folder / name).resolve()
        if sibling.parent != folder or not sibling.is_file():
            return None
        data = head(sibling, MAX_BYTES)
        return data if isinstance(data, Fault) else statements(name, data)

    def picture(name: str) -> bytes | None:
        sibling = (folder / name).resolve()
        if sibling.parent != folder or not sibling.is_file():
            return None
        data = head(sibling, MAX_IMAGE)
        return b"" if isinstance(data, Fault) else data

    data = head(path, MAX_BYTES)
    return [data] if isinstance(data, Fault) else read(path.name, data, beside, today, picture)


def statements(name: str, data: bytes) -> StatementTable | Fault:
    """The table of statements in a file: CSV, workbook, XML, or a text with one on each line."""
    from research.formats.statements import statement_table  # noqa: PLC0415 - a server may lack what reads workbooks
    from research.tables.workbook import refuse_concealed  # noqa: PLC0415 - a server may lack what reads workbooks

    if len(data) > MAX_BYTES:
        what = f"The file is larger than {MAX_BYTES // 1000} kB."
        return Line(name, 1).fault(what, "Check that it is the right file.")
    try:
        source = SourceFile(Path(name), data)
        refuse_concealed(source)
        header, rows = statement_table(source)
    except BadFile as error:
        first = error.faults[0]
        line = re.search(r"(?:line|row|cell [A-Z]+) ?(\d+)", str(first.place))
        return Line(name, int(line[1]) if line else 1).fault(first.what, first.remedy)
    return StatementTable(tuple(header), tuple((line, tuple(row)) for line, row in rows))
