"""KADE's CSV: a header, then a row for each sort; the statements in a text file beside it."""

from pathlib import Path

from research.dataset import Dataset
from research.formats.losses import lost
from research.formats.plain import SORTS_AS_ROWS as TITLE
from research.formats.plain import looks_plain as recognises
from research.formats.plain import read
from research.formats.statements import write_statements
from research.formats.tables import write_table

__all__ = ["NAME", "SUFFIX", "TITLE", "losses", "read", "recognises", "write"]

NAME = "kade-csv"
SUFFIX = ".csv"


def losses(data: Dataset) -> list[str]:
    return lost(data, "title", "grid", "answers")


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    rows = ([name, *data.sorts[:, i].tolist()] for i, name in enumerate(data.names))
    files = {path: write_table(["qsort", *data.statements], rows)}
    if any(data.texts):
        files[path.with_suffix(".txt")] = write_statements(data.texts)
    return files
