"""R qmethod's CSV: statements are rows, sorts are columns, the first column names the rows."""

import re
from pathlib import Path

from research.dataset import Dataset
from research.formats.losses import lost
from research.formats.source import Source
from research.formats.tables import read_table, write_table

NAME = "r"
TITLE = "R qmethod CSV (statements as rows)"
SUFFIX = ".csv"
STATEMENT_LABEL = re.compile(r"(s|sta|statement|item|q)?[ _.]?\d+")


def recognises(source: Source) -> bool:
    """Whether the rows are statements: by the header, the labels, or the values."""
    rows = source.rows(",") if "," in source.header else []
    if len(rows) < 2:
        return False
    corner, *columns = (cell.strip().strip('"').lower() for cell in rows[0][1])
    labels = [row[0].strip().lower() for _, row in rows[1:]]
    if corner.startswith(("statement", "sta", "item")):
        return True
    if corner.startswith(("q-sort", "qsort", "sort", "participant", "pseudonym", "name", "resp")):
        return False
    numbered = [all(STATEMENT_LABEL.fullmatch(x) for x in names) for names in (labels, columns)]
    if numbered[0] != numbered[1]:
        return numbered[0]
    # In a forced distribution the values of each sort are the same, in another order.
    down = {tuple(sorted(column)) for column in zip(*(r[1:] for _, r in rows[1:]), strict=False)}
    across = {tuple(sorted(row[1:])) for _, row in rows[1:]}
    return len(down) <= len(across)


def read(source: Source) -> Dataset:
    return read_table(source, statements_down=True)


def losses(data: Dataset) -> list[str]:
    return lost(data, "title", "texts", "grid", "answers")


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    rows = ([label, *row.tolist()] for label, row in zip(data.statements, data.sorts, strict=True))
    return {path: write_table(["statement", *data.names], rows)}
