"""What is wrong with a file: where, what was expected, and what to do."""

from collections.abc import Iterable

from dialogs.faults import Fault
from research.tables.numerals import is_date, whole

MOST_SHOWN = 10
MOST_VALUE = 1000
DATED = "A spreadsheet made a date of it: format the cells as numbers, and write the value again."


class BadFile(Exception):
    """A file that cannot be read as what it is taken for, with every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(str(self))

    def __str__(self) -> str:
        shown = [str(fault) for fault in self.faults[:MOST_SHOWN]]
        if (more := len(self.faults) - MOST_SHOWN) > 0:
            shown.append(f"... and {more} more like these.")
        return "\n".join(shown)


class CannotHold(Exception):
    """The dataset has something that the target format has no room for."""


class Checker:
    """Collects faults while a file is read, so that all are told at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, found: str, expected: str, remedy: str) -> None:
        self.faults.append(Fault(place, found, expected, remedy))

    def raise_if_any(self) -> None:
        """Raises `BadFile` with what was collected."""
        if self.faults:
            raise BadFile(self.faults)

    def value(self, cell: object, place: str) -> int:
        """A whole number from a cell; 0 and a fault where it is not one."""
        text = str(cell if cell is not None else "").strip()
        number = whole(text)
        if number is not None and abs(number) < MOST_VALUE:
            return number
        way_on = "Fill in the value, or leave the sort out with --exclude."
        if is_date(text):
            way_on = DATED
        self.fault(
            place,
            "The cell is empty." if not text else f"The cell holds “{text[:40]}”.",
            "a whole number from -999 to 999, the value of a statement",
            way_on,
        )
        return 0

    def label(self, text: str, seen: dict[str, str], place: str, kind: str) -> str:
        """A name that is not empty and was not seen before; `seen` remembers where."""
        name = text.strip()
        if not name:
            self.fault(place, f"The {kind} has no name.", "a name", "Fill in a name.")
        elif name in seen:
            self.fault(
                place,
                f"The name “{name}” of the {kind} stands at {seen[name]} already.",
                "each name once",
                "Give one of them another name, or take the one that is too much out.",
            )
        seen.setdefault(name, place)
        return name
