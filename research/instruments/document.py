"""A file as plain data, and the line on which each thing stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.faults import Fault
from dialogs.toml.lines import Path
from research.formats.faults import BadFile

MAX_BYTES = 200_000
"""The longest instrument we know has 40 kB."""


@dataclass(frozen=True, slots=True)
class Document:
    """Maps, lists, texts, numbers and nothing else. All keys are texts."""

    name: str
    root: Mapping[str, Any]
    lines: Mapping[Path, int]
    left: tuple[str, ...] = ()
    """What the file has that has no place here, where it is known before it is read."""

    def line(self, path: Path) -> int:
        """The line of the nearest that has one of its own."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def refusal(name: str, line: int, found: str, expected: str, remedy: str) -> BadFile:
    """One fault, at which reading stops."""
    return BadFile([Fault(f"{name}, line {line}", found, expected, remedy)])


def text_of(name: str, data: bytes) -> str:
    """The text of a file of ordinary size, in UTF-8.

    Raises:
        BadFile: it is larger, or in another encoding.
    """
    if len(data) > MAX_BYTES:
        raise refusal(
            name,
            1,
            f"The file has over {MAX_BYTES // 1000} kB.",
            "one instrument",
            "Check that it is the right file, or divide it.",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refusal(
            name, line, "The file is not UTF-8.", "UTF-8", "Save it again with encoding UTF-8."
        ) from None
