"""What is wrong with a file, and what to do about it: the same for every kind of file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file of text."""

    file: str
    number: int

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"

    def fault(self, what: str, remedy: str, *, unfinished: bool = False) -> "Fault":
        """Something that is wrong here."""
        return Fault(self, what, "", remedy, unfinished)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file. `what` and `remedy` are sentences; `expected` may be empty."""

    place: Line | str
    """A line; or in words, a sheet and cell for instance, or empty for the whole file."""
    what: str
    expected: str
    remedy: str
    unfinished: bool = False
    """Only something that an import left to be written."""

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        expected = f" Expected {self.expected}." if self.expected else ""
        return f"{place}{self.what}{expected} {self.remedy}"

    @property
    def file(self) -> str:
        """The file whose line it is; empty where the place is none."""
        return self.place.file if isinstance(self.place, Line) else ""

    @property
    def line(self) -> int:
        return self.place.number if isinstance(self.place, Line) else 0
