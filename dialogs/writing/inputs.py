"""What the fields of cards deliver, which each client writes in its own way."""

import re

_WHOLE = re.compile(r"([-+]?[0-9]{1,6})(?:[.,]0*)?")


def whole_number(value: object) -> int | None:
    """*3*, *3.0* and *3 * are 3; None for what is no whole number of at most six digits."""
    match value:
        case bool():
            return None
        case int():
            return value
        case str():
            found = _WHOLE.fullmatch(re.sub(r"\s", "", value[:20]))
            return int(found[1]) if found else None
    return None
