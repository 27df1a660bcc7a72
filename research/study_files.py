"""Reads a study from the researcher's disk; `dialogs/study_file.py` judges it."""

from datetime import date
from pathlib import Path

from dialogs.study import Study
from dialogs.study_file import MAX_BYTES, read
from dialogs.toml_reader import Fault


def read_study(path: Path, today: date) -> Study | list[Fault]:
    """The study in a TOML file, or all its faults.

    A file of statements is only taken from the same folder, also where a
    link there leads elsewhere. `today` is the day that dates must not have passed.
    """
    folder = path.parent.resolve()

    def beside(name: str) -> bytes | None:
        sibling = (folder / name).resolve()
        return _head(sibling) if sibling.parent == folder and sibling.is_file() else None

    try:
        data = _head(path)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        return [Fault(path.name, 1, f"It cannot be opened: {reason}.", "Check the name.")]
    return read(path.name, data, beside, today)


def _head(path: Path) -> bytes:
    """As much of a file as shows whether it is too large."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
