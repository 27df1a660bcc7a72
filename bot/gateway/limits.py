"""Teams' rate limits, kept on our side so that Teams need not say 429."""

from array import array
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

RateWindow: TypeAlias = tuple[int, float]
"""At most so many requests in so many seconds."""


MARGIN_S = 0.02
"""No two clocks run alike."""

RESERVE = 3
"""Of each window so many places stay free of bulk, for several people who press at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What Teams allows one bot; no windows, no limit."""

    sends: tuple[RateWindow, ...] = ()
    """Sending or creating, per conversation."""
    member_reads: tuple[RateWindow, ...] = ()
    """Reading members, per conversation."""
    requests: tuple[RateWindow, ...] = ()
    """Requests of any kind, per tenant."""


TEAMS_LIMITS = Limits(
    sends=((7, 1), (8, 2), (60, 30), (1800, 3600)),
    member_reads=((14, 1), (16, 2), (120, 30), (3600, 3600)),
    requests=((30, 1),),
)
UNLIMITED = Limits()


class _Times:
    """The latest times of many keys, each in rising order.

    A key that was not used for the length of the longest window is forgotten,
    so memory follows the conversations of the last hour, not of all time.
    """

    def __init__(self, windows: Sequence[RateWindow]) -> None:
        self._kept = max((count for count, _ in windows), default=0)
        self._horizon = max((seconds for _, seconds in windows), default=0.0) + MARGIN_S
        self._times: OrderedDict[str, array[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._times)

    def of(self, key: str) -> "array[float]":
        return self._times.get(key, _NONE)

    def add(self, key: str, time: float) -> None:
        times = self._times.setdefault(key, array("d"))
        self._times.move_to_end(key)
        times.append(time)
        if len(times) > 2 * self._kept:
            del times[: -self._kept]
        while self._last_use_of_oldest() < time - self._horizon:
            self._times.popitem(last=False)

    def _last_use_of_oldest(self) -> float:
        return next(iter(self._times.values()))[-1]


_NONE = array("d")


def shared(windows: Sequence[RateWindow], among: int) -> Sequence[RateWindow]:
    """An equal part of each window, and at least one request."""
    return [(max(1, count // among), seconds) for count, seconds in windows]


def kept_free(places: int, among: int) -> int:
    """How many of the places that are to stay free each of so many keeps."""
    return -(-places // among)


class Windows:
    """Sliding windows for many keys. Slots are given in the order of asking."""

    def __init__(self, windows: Sequence[RateWindow]) -> None:
        self._whole = windows
        self._windows = windows
        self._among = 1
        self._slots = _Times(windows)

    def __len__(self) -> int:
        return len(self._slots)

    def next_slot(self, key: str, now: float) -> float:
        """The earliest time, `now` or later, at which another request is allowed."""
        slots = self._slots.of(key)
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
        slots = self._slots.of(key)
        if not slots:
            return now
        free = now
        for count, seconds in self._windows:
            places = max(1, count - kept_free(RESERVE, self._among))
            free = max(free, slots[-1] + (seconds + MARGIN_S) / places)
            if len(slots) >= places:
                free = max(free, slots[-places] + seconds + MARGIN_S)
        return free

    def share(self, among: int) -> None:
        """From now on, take a part, as others do."""
        self._windows = shared(self._whole, among)
        self._among = among

    def take(self, key: str, slot: float) -> None:
        """Use a slot that `next_slot` named."""
        if self._windows:
            self._slots.add(key, slot)


class OnTheirWay:
    """What may have arrived within each window, for many keys.

    A request arrives some time between its sending and its answer. So it counts from the
    one until the window's length after the other: however long anything took on its way,
    no window where it arrives ever holds too many.
    """

    def __init__(self, windows: Sequence[RateWindow]) -> None:
        self._whole = windows
        self._windows = windows
        self._among = 1
        self._sent: Counter[str] = Counter()
        self._answered = _Times(windows)

    def has_room(self, key: str, now: float, *, beside: int = 0) -> bool:
        """Whether another may be sent, and so many `beside` it."""
        answered = self._answered.of(key)
        for count, seconds in self._windows:
            left = max(1, count - kept_free(beside, self._among)) - self._sent[key]
            if left <= 0 or (len(answered) >= left and now - answered[-left] < seconds):
                return False
        return True

    def share(self, among: int) -> None:
        """From now on, take a part, as others do."""
        self._windows = shared(self._whole, among)
        self._among = among

    def send(self, key: str) -> None:
        if self._windows:
            self._sent[key] += 1

    def answer(self, key: str, now: float) -> None:
        """It was answered, or will never be."""
        if self._windows:
            self._answered.add(key, now)
            self._sent[key] -= 1
            if not self._sent[key]:
                del self._sent[key]
