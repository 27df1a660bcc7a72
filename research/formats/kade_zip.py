"""KADE's and Ken-Q's zip: `name.txt`, `pattern.txt`, `statements.txt`, `sorts.txt`."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from dialogs.faults import Fault
from research.dataset import Dataset, shape_of
from research.formats.faults import BadFile, CannotHold, Checker
from research.formats.losses import lost
from research.formats.sorts import ReadingOptions, SortRecord, gather
from research.formats.source import SourceFile
from research.formats.statements import (
    PATTERN_VALUES,
    numbers,
    one_line,
    pattern_from,
    write_statements,
)

NAME = "kade-zip"
TITLE = "KADE or Ken-Q zip"
SUFFIX = ".zip"
MEMBERS = ("name.txt", "pattern.txt", "statements.txt", "sorts.txt")
MOST_BYTES = 100_000_000
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of all members: the same dataset gives the same file."""


def recognises(source: SourceFile) -> bool:
    return any(PurePosixPath(name).name.lower() == "sorts.txt" for name in source.members)


def read(source: SourceFile, reading: ReadingOptions) -> Dataset:
    """Sorts, grid, title and texts. Commas separate values and cannot be in names."""
    texts = _members(source)
    checker = Checker()
    pattern = pattern_from(list(texts["pattern.txt"].strip().split(",")), checker, "pattern.txt")
    statements = [line for line in texts["statements.txt"].splitlines() if line.strip()]
    records = [
        _record(line, f"sorts.txt, line {number}")
        for number, line in enumerate(texts["sorts.txt"].splitlines(), 1)
        if line.strip()
    ]
    if pattern is not None and sum(pattern.values()) != len(statements):
        checker.fault(
            "pattern.txt",
            f"The pattern has {sum(pattern.values())} cells.",
            f"{len(statements)}, the number of statements",
            "Correct the counts, or the statements.",
        )
    return gather(
        records,
        reading,
        checker,
        title=texts["name.txt"].strip(),
        statements=numbers(len(statements)),
        texts=statements,
        pattern=pattern,
    )


def _record(line: str, place: str) -> SortRecord:
    name, *cells = line.split(",")
    return SortRecord(
        name, place, cells, lambda n: f"{place}, column {n + 2}", name_at=f"{place}, column 1"
    )


def _members(source: SourceFile) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        there = _by_name(source.members)
        missing = [name for name in MEMBERS if name not in there]
        large = [n for n in there if archive.getinfo(there[n]).file_size > MOST_BYTES]
        if missing or large:
            found = f"{missing[0]} is missing." if missing else f"{large[0]} is over 100 MB."
            raise BadFile(
                [Fault("", found, f"{', '.join(MEMBERS)} in the zip", "Save it again in KADE.")]
            )
        return {name: SourceFile(source.path, archive.read(there[name])).text for name in MEMBERS}


def _by_name(members: Sequence[str]) -> dict[str, str]:
    """Ours by their names, also in a folder that was packed anew; a Mac's own files are none."""
    found = ((PurePosixPath(one).name.lower(), one) for one in members if "__MACOSX" not in one)
    return {name: one for name, one in found if name in MEMBERS}


def losses(data: Dataset) -> list[str]:
    """What the file cannot hold."""
    return lost(data, "labels", "commas", "lines", "answers")


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    """The zip.

    Raises:
        CannotHold: values beyond -6...+13.
    """
    cells = shape_of(data).cells
    if not set(cells) <= set(PATTERN_VALUES):
        raise CannotHold("KADE's grids reach from -6 to +13, and this one goes beyond.")
    texts = tuple(
        one_line(text) or label for text, label in zip(data.texts, data.statements, strict=True)
    )
    members = {
        "name.txt": one_line(data.title),
        "pattern.txt": ",".join(str(cells.get(value, 0)) for value in PATTERN_VALUES),
        "statements.txt": write_statements(texts).decode(),
        "sorts.txt": "".join(
            ",".join([one_line(name.replace(",", " ")), *map(str, data.sorts[:, i])]) + "\n"
            for i, name in enumerate(data.names)
        ),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return {path: buffer.getvalue()}
