"""APScheduler as a ticker that no change of the machine's clock stops or floods.

The scheduler waits for a time of day. By itself it would sleep for a month when
the clock is set back by one, and count each of a million missed ticks when the
clock is put forward.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

WATCH_S = 5.0
"""How soon a clock that was set back is noticed."""


class _Every(BaseTrigger):  # type: ignore[misc] # APScheduler is untyped
    """At once, and then so long after each time; what was missed is not made up for."""

    def __init__(self, pause: timedelta) -> None:
        self._pause = pause

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now if previous is None else now + self._pause


class Ticker:
    """Has work done again and again, until it is closed."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._seen = datetime.now(UTC)
        self._watch: asyncio.TimerHandle | None = None
        self._under_way: set[asyncio.Future[None]] = set()

    def every(self, pause: timedelta, work: Callable[[], Awaitable[None]]) -> None:
        """Have this done. A run that is still going on is not joined by another."""

        async def apart() -> None:
            # The scheduler cancels its own jobs when it stops, in the middle of a read or a send.
            task = asyncio.ensure_future(work())
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            with suppress(asyncio.CancelledError):
                await asyncio.shield(task)

        self._scheduler.add_job(apart, _Every(pause), misfire_grace_time=None)

    def start(self) -> None:
        self._scheduler.start()
        self._look_at_the_clock()

    def close(self) -> None:
        """Stop; `finished` waits for what is being done."""
        if self._watch:
            self._watch.cancel()
            self._watch = None
            self._scheduler.shutdown(wait=False)

    async def finished(self) -> None:
        """When nothing is being done any more."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _look_at_the_clock(self) -> None:
        seen, self._seen = self._seen, datetime.now(UTC)
        if self._seen < seen:
            for job in self._scheduler.get_jobs():
                job.resume()  # as from now
        self._watch = asyncio.get_running_loop().call_later(WATCH_S, self._look_at_the_clock)
