"""KADE's CSV: a header, then a row for each sort; the statements in a text file beside it."""

from pathlib import Path

from research.dataset import Dataset
from research.formats import r_csv
from research.formats.losses import lost
from research.formats.source import Source
from research.formats.statements import read_statements, write_statements
from research.formats.tables import read_table, write_table

NAME = "kade-csv"
TITLE = "KADE CSV (sorts as rows)"
SUFFIX = ".csv"


def recognises(source: Source) -> bool:
    return "," in source.header and len(source.rows(",")) > 1 and not r_csv.recognises(source)


def read(source: Source) -> Dataset:
    """Sorts; texts from the `.txt` of the same name where there is one."""
    data = read_table(source, statements_down=False)
    beside = source.beside(".txt")
    return data.with_texts(read_statements(beside, len(data.statements))) if beside else data


def losses(data: Dataset) -> list[str]:
    return lost(data, "title", "grid", "answers")


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    rows = ([name, *data.sorts[:, i].tolist()] for i, name in enumerate(data.names))
    files = {path: write_table(["qsort", *data.statements], rows)}
    if any(data.texts):
        files[path.with_suffix(".txt")] = write_statements(data.texts)
    return files
