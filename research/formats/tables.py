"""Sorts written as CSV, with the statements across or down."""

import csv
import io
from collections.abc import Iterable, Sequence

from research.formats.source import guard


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV with guarded texts, LF at the ends of lines."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([guard(cell) for cell in header])
    writer.writerows(
        [guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return buffer.getvalue().encode()
