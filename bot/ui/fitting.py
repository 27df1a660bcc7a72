"""What fits a card: Teams takes 80 KB of one, in UTF-16, with what goes around it."""

import json
from collections.abc import Sequence

from bot.gateway.events import Json

CARD_ROOM = 38_000
"""UTF-16 code units of a whole card; what is left of 80 KB is for what goes around it."""


def size(*parts: Json) -> int:
    """In UTF-16 code units, as the parts are sent."""
    return sum(
        len(json.dumps(each, ensure_ascii=False).encode("utf-16-le", "surrogatepass")) // 2
        for each in parts
    )


def too_large(card: Json) -> bool:
    return size(card) > CARD_ROOM


def pages(parts: Sequence[Json], room: int) -> list[list[Json]]:
    """In order, as many on each page as have room there, and one at least."""
    turned: list[list[Json]] = []
    left = 0
    for each in parts:
        taken = size(each)
        if not turned or taken > left:
            turned.append([])
            left = room
        turned[-1].append(each)
        left -= taken
    return turned


def fitting(parts: Sequence[Json], room: int) -> list[Json]:
    """The first of them that have room together."""
    first = next(iter(pages(parts, room)), [])
    return first if size(*first) <= room else []
