"""What a press on a Q-sort card means: card data in, an event of the dialog out.

Anyone can forge card data, so everything is checked here for its type, and by
the dialog for its sense.
"""

from collections.abc import Callable

from bot import pseudonyms
from bot.gateway.events import Json
from dialogs import qsort
from dialogs.handing_in import Broken, Confirmed, Redrawn
from dialogs.qsort import PILES


def read_event(verb: str, data: Json) -> qsort.Event | None:
    """The event of a press; None for a verb or data that no card of ours carries."""
    read = _READERS.get(verb)
    return read(data) if read else None


def text(data: Json, key: str) -> str:
    """A text input; empty where it is missing or no text."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def texts(data: Json, prefix: str) -> dict[str, str]:
    """The texts whose keys begin so, by the rest of their keys."""
    return {
        key.removeprefix(prefix): value
        for key, value in data.items()
        if key.startswith(prefix) and isinstance(value, str)
    }


def integer(data: Json, key: str) -> int | None:
    """A small number; Teams gives inputs as text and our own data as numbers."""
    value = data.get(key)
    if isinstance(value, int):
        return value
    try:
        return int(value) if isinstance(value, str) and len(value) < 4 else None
    except ValueError:
        return None


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
    first, second, column = text(data, "first"), text(data, "second"), integer(data, "column")
    if first and not second and column is not None:
        return qsort.Moved(first, column)
    return qsort.Swapped(first, second)


_READERS: dict[str, Callable[[Json], qsort.Event | None]] = {
    "read": lambda _: qsort.Read(),
    "pile": _piled,
    "choose": lambda data: _chosen(data, spill=False),
    "spill": lambda data: _chosen(data, spill=True),
    "change": _changed,
    "exchange": _changed,
    "approve": lambda _: qsort.Approved(),
    "explain": lambda data: qsort.Explained(
        texts(data, "reason."), texts(data, "answer."), text(data, "comment")
    ),
    "redraw": lambda _: Redrawn(pseudonyms.draw()),
    "deliver": lambda data: Confirmed(text(data, "earlier_code")),
    "break": lambda _: Broken(),
    "back": lambda _: qsort.WentBack(),
    "undo": lambda _: qsort.Undone(),
}
