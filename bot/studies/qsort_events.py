"""What a press on a Q-sort card means: card data in, an event of the dialog out.

Anyone can forge card data, so everything is checked here for its type, and by
the dialog for its sense.
"""

from collections.abc import Callable

from bot.gateway.events import Json
from bot.studies import pseudonyms
from dialogs.studies import qsort
from dialogs.studies.qsort import PILES
from dialogs.studies.submission import Broken, Confirmed, Redrawn
from dialogs.writing.inputs import whole_number

LONGEST_ID = 200
"""Characters."""


def read_event(verb: str, data: Json) -> qsort.Event | None:
    """The event of a press; None for a verb or data that no card of ours carries."""
    read = _READERS.get(verb)
    return read(data) if read else None


def text(data: Json, key: str) -> str:
    """A text input; empty where it is missing or no text."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def id_of(data: Json, key: str) -> str:
    """An id of ours; empty for what none can be, and no database could look for."""
    value = text(data, key)
    return value if len(value) <= LONGEST_ID and value.isprintable() else ""


def texts(data: Json, prefix: str) -> dict[str, str]:
    """The texts whose keys begin so, by the rest of their keys."""
    return {
        key.removeprefix(prefix): value
        for key, value in data.items()
        if key.startswith(prefix) and isinstance(value, str)
    }


def integer(data: Json, key: str) -> int | None:
    """A whole number; Teams gives inputs as text and our own data as numbers."""
    return whole_number(data.get(key))


def _piled(data: Json) -> qsort.Event:
    given = texts(data, "pile.")
    return qsort.Piled(
        {s: pile for s, pile_text in given.items() for pile in PILES if pile == pile_text}
    )


def _chosen(data: Json, *, spill: bool) -> qsort.Event | None:
    pile = next((p for p in PILES if p == data.get("pile")), None)
    column = integer(data, "column")
    if pile is None or column is None:
        return None
    statements = tuple(filter(None, text(data, "chosen").split(",")))
    return qsort.Chosen(pile, column, statements, spill)


def _changed(data: Json) -> qsort.Event:
    """Move or swap: a statement to swap with wins over a column."""
    first, second, column = id_of(data, "first"), id_of(data, "second"), integer(data, "column")
    if first and not second and column is not None:
        return qsort.Moved(first, column)
    return qsort.Swapped(first, second)


def _put(data: Json) -> qsort.Event | None:
    pile = next((p for p in PILES if p == data.get("pile")), None)
    return qsort.PutInPile(id_of(data, "statement"), pile) if pile else None


def _laid(data: Json) -> qsort.Event | None:
    column = integer(data, "column")
    if column is None:
        return None
    return qsort.Laid(id_of(data, "statement"), column, id_of(data, "instead"))


def _columns(data: Json) -> dict[str, int]:
    columns = {
        statement: integer(data, f"column.{statement}") for statement in texts(data, "column.")
    }
    return {s: column for s, column in columns.items() if column is not None}


def _explained(data: Json, *, goes_on: bool) -> qsort.Event:
    return qsort.Explained(
        texts(data, "reason."),
        texts(data, "answer."),
        text(data, "comment"),
        anyway=text(data, "anyway") == "yes",
        goes_on=goes_on,
    )


_READERS: dict[str, Callable[[Json], qsort.Event | None]] = {
    "read": lambda _: qsort.Read(),
    "pile": _piled,
    "choose": lambda data: _chosen(data, spill=False),
    "spill": lambda data: _chosen(data, spill=True),
    "change": _changed,
    "exchange": _changed,
    "read_all": lambda _: qsort.ReadAll(),
    "put": _put,
    "piles_made": lambda _: qsort.PilesMade(),
    "lay": _laid,
    "lift": lambda data: qsort.Lifted(id_of(data, "statement")),
    "arrange": lambda data: qsort.Arranged(_columns(data)),
    "rate": lambda data: qsort.Rated(_columns(data)),
    "approve": lambda _: qsort.Approved(),
    "write": lambda data: _explained(data, goes_on=False),
    "explain": lambda data: _explained(data, goes_on=True),
    "redraw": lambda _: Redrawn(pseudonyms.draw()),
    "deliver": lambda data: Confirmed(text(data, "earlier_code"), text(data, "before_code")),
    "break": lambda _: Broken(),
    "back": lambda _: qsort.WentBack(),
    "undo": lambda _: qsort.Undone(),
}
