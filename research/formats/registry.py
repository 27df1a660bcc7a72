"""All formats: which one a file is in, and writing it as another."""

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

from dialogs.faults import Fault
from dialogs.studies.study import Language
from research.dataset import Dataset
from research.formats import (
    eq_json,
    excel1,
    excel2,
    export,
    htmlq,
    kade_csv,
    kade_zip,
    own_json,
    pqmethod,
    r_csv,
)
from research.formats.faults import BadFile, CannotHold
from research.formats.sorts import PLAIN, ReadingOptions, RowsHold
from research.formats.source import SourceFile
from research.formats.statements import read_statements
from research.tables.known import refuse_others, refuse_program_files
from research.tables.workbook import concealed


class Format(Protocol):
    """What each module offers."""

    NAME: str
    TITLE: str
    SUFFIX: str

    def recognises(self, source: SourceFile) -> bool:
        """Whether the content looks like this format."""
        ...

    def read(self, source: SourceFile, reading: ReadingOptions) -> Dataset:
        """The dataset; raises `BadFile`."""
        ...

    def losses(self, data: Dataset) -> list[str]:
        """What writing would lose, as phrases."""
        ...

    def write(self, data: Dataset, path: Path) -> Mapping[Path, bytes]:
        """The files to write; raises `CannotHold`."""
        ...


FORMATS: tuple[Format, ...] = tuple(
    cast("Format", module)
    # The order of recognition: what is surest first.
    for module in (
        kade_zip,
        excel1,
        excel2,
        own_json,
        eq_json,
        pqmethod,
        htmlq,
        r_csv,
        kade_csv,
    )
)
BY_NAME = {each.NAME: each for each in FORMATS}
BY_SUFFIX = {
    ".dat": "pqmethod",
    ".zip": "kade-zip",
    ".csv": "r",
    ".json": "json",
    ".xlsx": "excel2",
}
_MAY_BE: Mapping[str, Callable[[SourceFile], bool]] = {
    "kade-zip": kade_zip.recognises,
    "excel1": lambda source: "xl/workbook.xml" in source.members,
    "excel2": lambda source: "xl/workbook.xml" in source.members,
    "pqmethod": pqmethod.recognises,
}
"""What a file must look like to be read as a format that was named."""


def read(
    path: Path,
    *,
    language: Language = "en",
    format_name: str | None = None,
    reading: ReadingOptions = PLAIN,
) -> tuple[Dataset, str]:
    """The dataset in a file or an export, and what it was taken for.

    Args:
        path: a file in any format, or the directory of an export.
        language: of the texts of an export.
        format_name: the format, where the content does not tell.
        reading: what the researcher says about the file, and which sorts to leave out.

    Raises:
        BadFile: with the place of every fault.
    """
    if path.is_dir():
        return _kept(export.read(path, language), reading), export.TITLE
    source = SourceFile.of(path)
    refuse_program_files(source)
    chosen = _named(format_name, source) if format_name else _recognised(source)
    data = _kept(chosen.read(source, _stated(reading, format_name)), reading)
    wanted = (reading.sheet or "").casefold()
    of_kade = chosen.NAME in {"excel1", "excel2"}
    hidden = concealed(source, read=lambda name: of_kade or name.casefold() == wanted)
    data = replace(data, remarks=(*data.remarks, *hidden))
    if not data.names:
        raise BadFile([Fault("", "There are no sorts in the file.", "sorts", "Check the file.")])
    return data, data.read_as or chosen.TITLE


def _stated(reading: ReadingOptions, format_name: str | None) -> ReadingOptions:
    """The name of a format says what its rows are."""
    said: RowsHold | None = {"r": "statements", "kade-csv": "sorts"}.get(format_name or "")  # type: ignore[assignment]  # the values are literals
    if said and reading.rows and said != reading.rows:
        raise BadFile(
            [
                Fault(
                    "",
                    f"--from {format_name} says that the rows are {said}, and --orientation that "
                    f"they are {reading.rows}.",
                    "one of the two",
                    "Leave one out.",
                )
            ]
        )
    return replace(reading, rows=reading.rows or said)


def _kept(data: Dataset, reading: ReadingOptions) -> Dataset:
    """Without the sorts to leave out, which there must be."""
    data = data.without(reading.exclude & set(data.names))
    if unknown := sorted(reading.exclude - set(data.excluded) - set(data.also)):
        there = ", ".join([*data.names, *data.excluded])
        raise BadFile(
            [
                Fault(
                    "",
                    f"--exclude {unknown[0]}: there is no such sort.",
                    f"one of {there}",
                    "Correct the name.",
                )
            ]
        )
    return data


def _named(name: str, source: SourceFile) -> Format:
    """The format that the researcher names, where the file can be in it at all."""
    chosen = BY_NAME[name]
    may_be = _MAY_BE.get(name)
    if may_be is not None and not may_be(source):
        raise BadFile(
            [
                Fault(
                    "",
                    f"{source.path.name} is no {chosen.TITLE}.",
                    "; ".join(each.TITLE for each in FORMATS),
                    "Leave --from out: the content tells most formats.",
                )
            ]
        )
    return chosen


def _recognised(source: SourceFile) -> Format:
    for each in FORMATS:
        if each.recognises(source):
            return each
    refuse_others(source)
    raise BadFile(
        [
            Fault(
                "",
                f"{source.path.name} looks like none of the formats.",
                "; ".join(each.TITLE for each in FORMATS),
                f"Name the format: --from {'|'.join(BY_NAME)}.",
            )
        ]
    )


def with_statements(data: Dataset, path: Path) -> Dataset:
    """The dataset with texts from a file of statements."""
    source = SourceFile.of(path)
    data = data.with_texts(read_statements(source, data.statements))
    return replace(data, remarks=(*data.remarks, *concealed(source)))


def target_format(path: Path, name: str | None) -> Format:
    """The format to write: the one named, else by the suffix.

    Raises:
        CannotHold: the suffix names none.
    """
    if chosen := name or BY_SUFFIX.get(path.suffix.lower()):
        return BY_NAME[chosen]
    raise CannotHold(
        f"The name {path.name} does not tell the format. Name it: --to {'|'.join(BY_NAME)}."
    )


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write all files, or none: each comes under a name of its own and is then renamed.

    Raises:
        CannotHold: one of them is there already, or cannot be written.
    """
    if there := [path for path in files if path.exists()]:
        raise CannotHold(f"{there[0]} exists already and is unchanged. Choose another name.")
    written: list[tuple[str, Path]] = []
    try:
        for path, content in files.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
            written.append((name, path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        for name, path in written:
            Path(name).replace(path)
    except OSError as error:
        for name, _ in written:
            Path(name).unlink(missing_ok=True)
        raise CannotHold(
            f"{error.filename or path}: {error.strerror}. Nothing was written."
        ) from None
