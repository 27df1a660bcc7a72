"""R qmethod's CSV: statements are rows, sorts are columns, the first column names the rows.

Any plain table is read here, whatever separates its values, and sheets of workbooks too;
`plain` tells which way it lies.
"""

from pathlib import Path

from research.dataset import Dataset
from research.formats.losses import lost
from research.formats.plain import STATEMENTS_AS_ROWS as TITLE
from research.formats.plain import looks_plain as recognises
from research.formats.plain import read
from research.formats.tables import write_table

__all__ = ["NAME", "SUFFIX", "TITLE", "losses", "read", "recognises", "write"]

NAME = "r"
SUFFIX = ".csv"


def losses(data: Dataset) -> list[str]:
    return lost(data, "title", "texts", "grid", "answers")


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    rows = ([label, *row.tolist()] for label, row in zip(data.statements, data.sorts, strict=True))
    return {path: write_table(["statement", *data.names], rows)}
