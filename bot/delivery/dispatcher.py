"""What is due: messages to other conversations, and the nightly work.

The rows of the outbox are the truth; the ticker only wakes us. There are two
lanes: what somebody waits for, and bulk, of which a person gets one and nobody
the first. Neither waits for the other.

What becomes of a message says one question: may it have arrived?

    sent                                yes     done
    refused before sending, 412, 429    no      again, not before Teams wants it
    no such conversation                no      again for some minutes, then parked
    blocked, not installed, 4xx         no      parked with Teams' own reason; a sign of life
                                                from who was not reached frees it
    time-out, 5xx, killed meanwhile     maybe   parked and counted where it creates what
                                                must not be there twice, else again
    a database that is away, or full    no      again, however long that takes
    a bug                               no      again, and parked after some attempts, a duty
                                                after more
    too late                            no      dropped and counted
"""

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Literal

import structlog

from bot.delivery.live_cards import SETTLE_S
from bot.delivery.ticker import Ticker
from bot.gateway.delivery_context import DeliveryContext
from bot.gateway.events import Ambiguous, Final, NotFound, SendError, Unreachable
from bot.operation import metrics
from bot.operation.clock import Now
from bot.operation.logs import what_failed
from storage.database import is_away
from storage.operational.groups import channel_of
from storage.operational.outbox import BUG, INTERRUPTED, Claimed
from storage.operational.store import Operational

log = structlog.get_logger()

BATCH = 50
"""Messages in one claim."""
AT_ONCE = 32
"""Messages of a lane under way."""
LEASE = timedelta(seconds=30)
"""How long a dispatcher that died keeps the others from its messages."""
EVERY = timedelta(seconds=2)
RENEWAL = LEASE / 3
MAX_PAUSE = timedelta(minutes=10)
LONGEST_WISH = timedelta(hours=1)
"""However long Teams wants to be left alone."""
RELEASE = timedelta(hours=1)
MAX_BUGS = 5
"""Attempts at what fails by a bug of ours, until somebody should look."""
MAX_NOT_FOUND = 8
"""Attempts in a conversation that Teams does not find: some four to eight minutes."""
DUTIES = frozenset({"nightly", "close", "destroy", "destroy_group", "destroy_forms"})
"""What was promised, and goes on being tried for most of a night."""
MAX_BUGS_OF_A_DUTY = 50

AWAY = "the database was away"

Work = Callable[[Claimed], Awaitable[None]]
"""Does one thing, and creates at most one message."""


@dataclass(eq=False, slots=True)
class _Lane:
    """What has been claimed and is under way."""

    is_bulk: bool
    waiting: deque[Claimed] = field(default_factory=deque)
    held: set[str] = field(default_factory=set)
    """Waiting or under way: all whose lease is ours."""
    workers: set[asyncio.Task[None]] = field(default_factory=set)
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)


class _TakenOver(Exception):
    """We were away for longer than a lease: the message is another dispatcher's by now."""


class Arrival:
    """What comes of a message that somebody waits for."""

    def __init__(self, outcome: asyncio.Future[str]) -> None:
        self._outcome = outcome

    async def outcome(self) -> Literal["sent", "parked", "later"]:
        """Whether it is there, cannot get there, or will come: after two seconds nobody waits.

        Another replica may be the one to send it; that is later, too.
        """
        await asyncio.wait({self._outcome}, timeout=SETTLE_S)
        found = self._outcome.result() if self._outcome.done() else ""
        return "sent" if found == "sent" else "parked" if found == "parked" else "later"


class Dispatcher:
    """Does each due thing once, by its kind.

    `creates` are the kinds whose message must not be there twice: those are not
    repeated when nobody knows whether the first attempt got through.
    """

    def __init__(
        self,
        operational: Operational,
        kinds: Mapping[str, Work],
        creates: frozenset[str],
        now: Now,
    ) -> None:
        self._outbox = operational.outbox
        self._kinds = kinds
        self._creates = creates
        self._now = now
        self._lanes = _Lane(is_bulk=False), _Lane(is_bulk=True)
        self._looking: set[asyncio.Task[None]] = set()
        self._awaited: defaultdict[str, set[asyncio.Future[str]]] = defaultdict(set)
        self._closing = False
        self.ticker = Ticker()
        self.ticker.every(EVERY, self._tick)
        self.ticker.every(RENEWAL, self._renew)
        self.ticker.every(RELEASE, self._release)

    def start(self) -> None:
        self.ticker.start()

    async def close(self) -> None:
        """Finish what is under way, and leave the rest to others at once."""
        self._closing = True
        self.ticker.close()
        await self.ticker.finished()
        await asyncio.gather(*self._looking)
        left = [message.id for lane in self._lanes for message in lane.waiting]
        for lane in self._lanes:
            lane.waiting.clear()
        await self._finish_what_is_under_way()
        await self._outbox.renew(left, self._now())

    async def _tick(self) -> None:
        self.wake()

    def wake(self) -> None:
        """Something was put into the outbox that should not wait for the next tick."""
        task = asyncio.create_task(self._look())
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    @contextmanager
    def awaiting(self, key: str) -> Iterator["Arrival"]:
        """A block that puts the message with this key into the outbox, and wants to know what
        comes of it at once.
        """
        digest = self._outbox.digest(key)
        arrival = asyncio.get_running_loop().create_future()
        self._awaited[digest].add(arrival)
        try:
            yield Arrival(arrival)
        finally:
            self._awaited[digest].discard(arrival)
            if not self._awaited[digest]:
                del self._awaited[digest]

    async def run_due(self) -> None:
        """Do everything that is due now."""
        await self._look()
        await self._finish_what_is_under_way()

    async def _finish_what_is_under_way(self) -> None:
        while workers := [worker for lane in self._lanes for worker in lane.workers]:
            await asyncio.wait(workers)

    async def _look(self) -> None:
        """See what is due, and set as many to work on it as are needed."""
        try:
            dropped = await self._outbox.drop_expired(self._now())
        except Exception as error:  # noqa: BLE001 - the database is away; the next tick tries again
            log.error("outbox_unavailable", **what_failed(error))
            return
        for (kind, state), count in dropped.items():
            metrics.dispatched(kind, "expired" if state == "expired" else "ambiguous", count)
        for lane in self._lanes:
            await self._claim(lane)
            for _ in range(min(len(lane.waiting), AT_ONCE - len(lane.workers))):
                worker = asyncio.create_task(self._work(lane))
                lane.workers.add(worker)
                worker.add_done_callback(lane.workers.discard)

    async def _claim(self, lane: _Lane) -> None:
        async with lane.claiming:
            if lane.waiting or self._closing:
                return
            try:
                claimed = await self._outbox.claim(BATCH, self._now(), LEASE, is_bulk=lane.is_bulk)
            except Exception as error:  # noqa: BLE001 - the database is away; the next tick tries again
                log.error("outbox_unavailable", **what_failed(error))
                return
            lane.held.update(message.id for message in claimed)
            lane.waiting.extend(claimed)

    async def _work(self, lane: _Lane) -> None:
        """Do one thing after the other until nothing is left."""
        while True:
            await self._claim(lane)
            if not lane.waiting:
                return
            message = lane.waiting.popleft()
            try:
                await self._do(message, lane)
            except Exception as error:  # noqa: BLE001 - the database is away, and the lease will end
                log.error("outbox_unavailable", **what_failed(error))
            finally:
                lane.held.discard(message.id)

    async def _renew(self) -> None:
        held = [message for lane in self._lanes for message in lane.held]
        await self._outbox.renew(held, self._now() + LEASE)

    async def _release(self) -> None:
        await self._outbox.release(self._now(), 2 * LONGEST_WISH)

    async def _do(self, message: Claimed, lane: _Lane) -> None:
        """One thing, and what came of it."""
        creates = message.kind in self._creates
        if message.was_begun and creates:
            await self._outbox.park(message, INTERRUPTED)
            metrics.dispatched(message.kind, "ambiguous")
            return
        delivery = DeliveryContext(lane.is_bulk, partial(self._begin, message))
        try:
            with delivery.under_way():
                await self._kinds[message.kind](message)
        except _TakenOver:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the others
            lost = creates and delivery.may_be_there
            lane.held.discard(message.id)
            outcome = await self._settle_failure(message, error, lost=lost)
        else:
            lane.held.discard(message.id)
            await self._outbox.finish(message)
            outcome = "sent"
        metrics.dispatched(message.kind, outcome)
        for arrival in self._awaited.pop(message.key, ()):
            arrival.set_result(outcome)

    async def _begin(self, message: Claimed) -> None:
        if not await self._outbox.begin(message):
            raise _TakenOver

    async def _settle_failure(self, message: Claimed, error: Exception, *, lost: bool) -> str:
        """Have it tried again or parked; what it counts as."""
        why = str(error)
        if not isinstance(error, SendError):  # its arguments could hold anything
            why = AWAY if is_away(error) else f"{BUG}{type(error).__name__}"
            log.error("outbox_failed", kind=message.kind, **what_failed(error))
        pause = _pause(message)
        match error:
            case _ if lost:
                await self._outbox.park(message, f"ambiguous: {why}")
                return "ambiguous"
            case Final():
                await self._outbox.park(message, why, _awaited(message, error))
                return "parked"
            case NotFound() if message.attempts >= MAX_NOT_FOUND:
                await self._outbox.park(message, why, _awaited(message, error))
                return "parked"
            case Unreachable(after=float(wish)):
                pause = min(max(pause, timedelta(seconds=wish)), LONGEST_WISH)
            case Unreachable() | Ambiguous():
                pass
            case _ if is_away(error):
                pass  # however long that takes: no bug of ours
            case _ if message.attempts >= (
                MAX_BUGS_OF_A_DUTY if message.kind in DUTIES else MAX_BUGS
            ):
                await self._outbox.park(message, why)
                return "parked"
        await self._outbox.retry(message, self._now() + pause, why)
        return "retried"


def _awaited(message: Claimed, error: Final | NotFound) -> str | None:
    """Whose sign of life may help: the person's whom it was for, or the conversation's."""
    if isinstance(error, Final) and not error.is_nobody_there and not error.whose:
        return None
    return error.whose or channel_of(message.conversation.get("id", "")) or None


def _pause(message: Claimed) -> timedelta:
    """Exponential back-off with jitter."""
    seconds = min(2.0**message.attempts, MAX_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.5, 1))  # noqa: S311 - jitter is no secret
