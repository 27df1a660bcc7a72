"""Several replicas together send no faster than Teams allows the tenant."""

import heapq
from datetime import UTC, datetime

import pytest

from bot.delivery.sharing import SMALLEST, Sharing
from bot.gateway.limits import TEAMS_LIMITS, OnTheirWay, Windows

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
REMINDERS = 22_000


class Running:
    """How many replicas there are, without a database."""

    def __init__(self, *counts: int | Exception) -> None:
        self._counts = [*counts]
        self.left = False

    async def beat(self, _: str, __: datetime) -> int:
        count = self._counts.pop(0)
        if isinstance(count, Exception):
            raise count
        return count

    async def leave(self, _: str) -> None:
        self.left = True
        if self._counts:
            await self.beat("", NOW)


async def told(running: Running, beats: int) -> list[int]:
    parts: list[int] = []
    sharing = Sharing(running, parts.append, lambda: NOW)  # type: ignore[arg-type] # as far as it is used
    for _ in range(beats):
        await sharing.beat()
    await sharing.leave()
    return parts


@pytest.mark.parametrize(
    ("counts", "parts"),
    [
        ([1, 1, 2], [SMALLEST, 1, 1, 2]),  # alone at first
        ([3, 3, 2], [SMALLEST, SMALLEST, 3, 2]),  # a newcomer waits until the others know
        ([2, OSError(), 2], [SMALLEST, SMALLEST, 2]),
    ],
)
async def test_each_learns_among_how_many_it_shares(
    counts: list[int | Exception], parts: list[int]
) -> None:
    running = Running(*counts)
    assert await told(running, len(counts)) == parts
    assert running.left


async def test_a_database_that_is_away_keeps_nobody_from_stopping() -> None:
    await told(Running(1, OSError()), 1)


@pytest.mark.parametrize("replicas", [1, 2, 3, 7])
def test_together_they_keep_the_tenants_limit(replicas: int) -> None:
    """Reminders as fast as each may, on a clock of their own: never over 30 in a second."""
    windows = TEAMS_LIMITS.requests
    each = [Windows(windows) for _ in range(replicas)]
    for one in each:
        one.share(replicas)
    sent: list[float] = []
    waiting = [(0.001 * n, n) for n in range(replicas)]
    while len(sent) < REMINDERS // 10:
        now, n = heapq.heappop(waiting)
        slot = each[n].next_bulk_slot("tenant", now)
        if slot > now:
            heapq.heappush(waiting, (slot, n))
            continue
        each[n].take("tenant", now)
        sent.append(now)
        heapq.heappush(waiting, (now, n))
    (count, seconds), *_ = windows
    sent.sort()

    assert all(later - early >= seconds for early, later in zip(sent, sent[count:], strict=False))
    assert len(sent) / sent[-1] > 0.6 * count


def test_what_is_on_its_way_is_shared_too() -> None:
    away = OnTheirWay(((30, 1.0),))
    away.share(3)
    for _ in range(10):
        assert away.has_room("tenant", 0.0)
        away.send("tenant")
    assert not away.has_room("tenant", 0.0)
