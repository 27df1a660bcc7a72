"""Numbers as people and programs write them: `−1`, `+2`, `1,5`, `2.0`."""

import re

_SIGNS = str.maketrans(dict.fromkeys("\u2212\u2013\u2012\u2010\u2011\ufe63\uff0d", "-"))
_SPACES = re.compile("[\\s\u00a0\u202f\u2009\ufeff]+")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d{1,2})?", re.IGNORECASE)
_NOTHING = frozenset({"", ".", "-", "na", "n/a", "#n/a", "nan", "null", "none", "missing"})
_DATE = re.compile(
    r"\d{4}[-/]\d\d[-/]\d\d.*"
    r"|\d{1,2}[-./ ]([^\W\d_]{3,9}\.?|\d{1,2})([-./ ]\d{2,4})?(\.?[ T]+\d{1,2}[:.]\d\d.*)?",
    re.IGNORECASE,
)


def is_date(cell: object) -> bool:
    """Whether a spreadsheet has made a date of what was written: `1-3` becomes `01.mar`."""
    return number(cell) is None and _DATE.fullmatch(str(cell).strip()) is not None


def number(cell: object) -> float | None:
    """The number in a cell, with a decimal point or comma; None where it holds none."""
    text = _SPACES.sub("", str(cell).strip().removeprefix("'")).translate(_SIGNS)
    if not _NUMBER.fullmatch(text):
        return None
    return float(text.replace(",", "."))


def whole(cell: object) -> int | None:
    """The whole number in a cell, also where it is written as `2,0`."""
    found = number(cell)
    return int(found) if found is not None and found == int(found) else None


def is_missing(cell: object) -> bool:
    """Whether a cell is empty, or holds what programs write for nothing."""
    text = "" if cell is None else str(cell)
    return _SPACES.sub("", text).translate(_SIGNS).casefold() in _NOTHING
