"""CSV as Excel in Norwegian opens it by a double click: semicolons, decimal commas, a mark."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from research.formats.source import is_reshaped

Csv: TypeAlias = Literal["r", "excel"]
_DECIMAL = re.compile(r"-?\d+\.\d+([eE][-+]?\d+)?")


def for_excel(data: bytes) -> bytes:
    """A CSV of ours, rewritten."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _cell(cell: str) -> str:
    if is_reshaped(cell):
        return f"'{cell}"
    return cell.replace(".", ",") if _DECIMAL.fullmatch(cell) else cell


def written(
    files: Mapping[str, bytes], csv_for: Csv, as_is: frozenset[str] = frozenset()
) -> dict[str, bytes]:
    """The files with every CSV for Excel, where that is wanted; scripts keep theirs `as_is`."""
    if csv_for == "r":
        return dict(files)
    return {
        name: for_excel(data) if name.endswith(".csv") and name not in as_is else data
        for name, data in files.items()
    }
