"""Teams' rate limits, kept on our side so that Teams need not say 429."""

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Window: TypeAlias = tuple[int, float]
"""At most so many requests in so many seconds."""


MARGIN_S = 0.1
"""Requests can arrive closer together than they were sent."""

RESERVE = 3
"""Of each window so many places stay free of bulk, for several people who press at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What Teams allows one bot; no windows, no limit."""

    sends: tuple[Window, ...] = ()
    """Sending or creating, per conversation."""
    member_reads: tuple[Window, ...] = ()
    """Reading members, per conversation."""
    requests: tuple[Window, ...] = ()
    """Requests of any kind, per tenant."""


TEAMS_LIMITS = Limits(
    sends=((7, 1), (8, 2), (60, 30), (1800, 3600)),
    member_reads=((14, 1), (16, 2), (120, 30), (3600, 3600)),
    requests=((30, 1),),
)
UNLIMITED = Limits()


class Windows:
    """Sliding windows for many keys. Slots are given in the order of asking.

    A key that was not used for the length of the longest window is forgotten,
    so memory follows the conversations of the last hour, not of all time.
    """

    def __init__(self, windows: Sequence[Window]) -> None:
        self._windows = windows
        self._kept = max((count for count, _ in windows), default=0)
        self._horizon = max((seconds for _, seconds in windows), default=0.0) + MARGIN_S
        self._slots: OrderedDict[str, array[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._slots)

    def next_slot(self, key: str, now: float) -> float:
        """The earliest time, `now` or later, at which another request is allowed."""
        slots = self._slots.get(key)
        if not slots:
            return now
        free = (
            slots[-count] + seconds + MARGIN_S
            for count, seconds in self._windows
            if len(slots) >= count
        )
        return max(now, slots[-1], *free)

    def next_bulk_slot(self, key: str, now: float) -> float:
        """The same for one of very many, which others are to find their way past.

        After all slots that are taken, one at a time, evenly over the window: so
        another place is free a moment later, and no burst fills it.
        """
        slots = self._slots.get(key)
        if not slots:
            return now
        free = now
        for count, seconds in self._windows:
            places = max(1, count - RESERVE)
            free = max(free, slots[-1] + (seconds + MARGIN_S) / places)
            if len(slots) >= places:
                free = max(free, slots[-places] + seconds + MARGIN_S)
        return free

    def take(self, key: str, slot: float) -> None:
        """Use a slot that `next_slot` named."""
        if not self._windows:
            return
        slots = self._slots.setdefault(key, array("d"))
        self._slots.move_to_end(key)
        slots.append(slot)
        if len(slots) > 2 * self._kept:
            del slots[: -self._kept]
        while self._last_use_of_oldest() < slot - self._horizon:
            self._slots.popitem(last=False)

    def _last_use_of_oldest(self) -> float:
        return next(iter(self._slots.values()))[-1]
