"""Files from the user's own disk."""

import os
from pathlib import Path

from dialogs.faults import Fault, Line
from research import misnamed
from research.studies import StudyRefused


def head(path: Path, most: int) -> bytes | Fault:
    """As much of a file as shows whether it is larger than `most` bytes."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        what = f"It cannot be opened: {reason}."
        return Line(path.name, 1).fault(what, misnamed.remedy(path))


def write_new(path: Path, data: bytes) -> None:
    """A file of its owner's only, whole or not at all. Raises `StudyRefused` where there is one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise StudyRefused(
            f"{path} exists already and is unchanged. Choose another --out."
        ) from error
    except OSError as error:
        raise _unwritten(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritten(path, error) from error


def _unwritten(path: Path, error: OSError) -> StudyRefused:
    return StudyRefused(f"{path} cannot be written: {error.strerror}. Nothing was left behind.")
