"""Reads a study from the researcher's disk; `dialogs/study_file.py` judges it."""

from datetime import date
from pathlib import Path

from dialogs.study import Study
from dialogs.study_file import MAX_BYTES, read
from dialogs.toml_reader import Fault
from research.files import head


def read_study(path: Path, today: date) -> Study | list[Fault]:
    """The study in a TOML file, or all its faults.

    A file of statements is only taken from the same folder, also where a
    link there leads elsewhere. `today` is the day that dates must not have passed.
    """
    folder = path.parent.resolve()

    def beside(name: str) -> bytes | None:
        sibling = (folder / name).resolve()
        if sibling.parent != folder or not sibling.is_file():
            return None
        data = head(sibling, MAX_BYTES)
        return None if isinstance(data, Fault) else data

    data = head(path, MAX_BYTES)
    return [data] if isinstance(data, Fault) else read(path.name, data, beside, today)
