"""What is due: messages to other conversations, and the nightly work.

The rows of the outbox are the truth; APScheduler only wakes us. What may have
been sent and cannot be repeated is parked for an administrator to see.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.gateway.events import Ambiguous, Final, Unreachable
from bot.now import Now
from storage.operational import Operational
from storage.outbox import Claimed

log = structlog.get_logger()

BATCH = 50
LEASE = timedelta(seconds=30)
"""Longer than a send with its retries; a dispatcher that dies lets go after it."""
EVERY = timedelta(seconds=2)
MAX_PAUSE = timedelta(minutes=10)

Work = Callable[[Claimed], Awaitable[None]]


class Dispatcher:
    """Does each due thing once, by its kind.

    `creates` are the kinds that make a new message in a chat: those are not
    repeated when nobody knows whether the first attempt got through.
    """

    def __init__(
        self,
        operational: Operational,
        kinds: Mapping[str, Work],
        creates: frozenset[str],
        now: Now,
    ) -> None:
        self._operational = operational
        self._kinds = kinds
        self._creates = creates
        self._now = now
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._lock = asyncio.Lock()
        self._woken: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._scheduler.add_job(
            self._tick, IntervalTrigger(seconds=int(EVERY.total_seconds())), coalesce=True
        )
        self._scheduler.start()

    async def close(self) -> None:
        """Stop waking up, and finish what is under way."""
        self._scheduler.shutdown(wait=False)
        await asyncio.gather(*self._woken, return_exceptions=True)

    async def _tick(self) -> None:
        # The scheduler cancels its own jobs when it stops, in the middle of a send.
        self.wake()

    def wake(self) -> None:
        """Something was put into the outbox that should not wait for the next tick."""
        task = asyncio.create_task(self.run_due())
        self._woken.add(task)
        task.add_done_callback(self._woken.discard)

    async def run_due(self) -> None:
        """Do everything that is due now."""
        async with self._lock:
            while batch := await self._operational.outbox.claim(BATCH, self._now(), LEASE):
                await asyncio.gather(*(self._do(message) for message in batch))

    async def _do(self, message: Claimed) -> None:
        outbox = self._operational.outbox
        if message.was_begun and message.kind in self._creates:
            await outbox.park(message, "ambiguous: interrupted while sending")
            return
        try:
            await self._kinds[message.kind](message)
        except Unreachable as error:
            await outbox.retry(message, self._now() + _pause(message), str(error))
        except Ambiguous as error:
            if message.kind in self._creates:
                await outbox.park(message, f"ambiguous: {error}")
            else:
                await outbox.retry(message, self._now() + _pause(message), str(error))
        except Final as error:
            await outbox.park(message, error.code)
        except Exception as error:  # noqa: BLE001 - a bug in one kind must not stop the others
            why = f"bug: {type(error).__name__}"
            log.error("outbox_failed", kind=message.kind, error=type(error).__name__)
            if message.kind in self._creates:
                await outbox.park(message, why)
            else:  # a study must be destroyed in time, though the database was locked
                await outbox.retry(message, self._now() + _pause(message), why)
        else:
            await outbox.finish(message)


def _pause(message: Claimed) -> timedelta:
    """Exponential back-off with jitter."""
    seconds = min(2.0**message.attempts, MAX_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.5, 1))  # noqa: S311 - jitter is no secret
