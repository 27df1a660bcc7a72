"""Files from the user's own disk."""

from pathlib import Path

from dialogs.toml_reader import Fault


def head(path: Path, most: int) -> bytes | Fault:
    """As much of a file as shows whether it is larger than `most` bytes."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        return Fault(path.name, 1, f"It cannot be opened: {reason}.", "Check the name.")
