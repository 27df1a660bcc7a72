"""What operators and their machines ask: is it ready, and what are the figures?"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import structlog
from aiohttp import web

from bot.operation import metrics
from bot.operation.clock import Now
from storage.operational.store import Operational
from storage.urn.store import Urn

ANSWER_S = 10.0
"""How long a database may take; the urn is resealed in one transaction."""
FRESH_S = 2.0
"""How long an answer to whether it is ready holds."""
WRITE_S = 10.0
"""How often it is tried whether the database takes anything."""
LANES = {"prompt": False, "bulk": True}
MAX_LAG = {"prompt": timedelta(minutes=1), "bulk": timedelta(hours=1)}
"""How long messages may wait for a dispatcher: bulk yields to everything else."""

log = structlog.get_logger()


class Watching:
    """Answers those who watch the bot from outside."""

    def __init__(
        self,
        operational: Operational,
        urn: Urn,
        now: Now,
        trust: Callable[[], list[str]] = list,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`trust` tells why Teams and the bot do not know each other."""
        self._operational = operational
        self._urn = urn
        self._now = now
        self._trust = trust
        self._began = now()
        self._clock = clock
        self._look_again = float("-inf")
        self._is_ready = False
        self._looking = asyncio.Lock()
        self._write_again = float("-inf")

    def probes(self) -> list[web.RouteDef]:
        """For everybody: they tell nothing."""
        return [web.get("/healthz", self._health), web.get("/readyz", self._ready)]

    def figures(self) -> web.Application:
        """For operators alone, at an address of its own."""
        application = web.Application()
        application.add_routes(
            [web.get("/metrics", self._metrics), web.get("/readyz", self._reasons)]
        )
        return application

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _ready(self, _: web.Request) -> web.Response:
        """For everybody, who may ask as often as they like: looked at once in a while."""
        async with self._looking:
            if self._clock() >= self._look_again:
                self._is_ready = not await self._told_faults()
                self._look_again = self._clock() + FRESH_S
        return web.Response(
            text="ready" if self._is_ready else "not ready", status=200 if self._is_ready else 503
        )

    async def _told_faults(self) -> list[str]:
        faults = await self.faults()
        for fault in faults:
            log.warning("not_ready", why=fault)
        return faults

    async def _reasons(self, _: web.Request) -> web.Response:
        """For operators: why it is not, and what somebody should look at."""
        faults = await self.faults()
        told = faults or ["ready", *await self.warnings()]
        return web.Response(text="\n".join(told), status=503 if faults else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        metrics.ready(len(await self.faults()))
        with suppress(Exception):  # it is told by the figures of readiness and of the databases
            async with asyncio.timeout(ANSWER_S):
                await self._measure()
        return web.Response(
            body=metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE}
        )

    async def _measure(self) -> None:
        outbox, now = self._operational.outbox, self._now()
        late = await outbox.late(now)
        for lane, is_bulk in LANES.items():
            metrics.waiting(lane, await outbox.backlog(now, is_bulk=is_bulk), late[is_bulk])
        metrics.parked(await outbox.counted("parked"))
        metrics.log_kept("operational", kept=self._operational.keeps_log)
        metrics.log_kept("urn", kept=self._urn.keeps_log)
        night = await outbox.last_done("nightly") or self._began
        metrics.night((now - night).total_seconds())

    async def faults(self) -> list[str]:
        """Why the bot is not ready, in plain words; nothing where it is."""
        found = await asyncio.gather(
            self._asked("operational", self._lateness), self._asked("urn", self._urn_answers)
        )
        return [*self._trust(), *(fault for faults in found for fault in faults)]

    async def warnings(self) -> list[str]:
        """What somebody should look at, though the bot answers: sending it away helps nobody."""
        return await self._asked("operational", self._given_up)

    async def _asked(self, name: str, question: Callable[[], Awaitable[list[str]]]) -> list[str]:
        try:
            async with asyncio.timeout(ANSWER_S):
                faults = await question()
        except Exception:  # noqa: BLE001 - whatever keeps it from answering
            metrics.database(name, is_up=False)
            return [f"The {name} database does not answer."]
        metrics.database(name, is_up=True)
        return faults

    async def _lateness(self) -> list[str]:
        await self._write()
        faults = []
        for lane, is_bulk in LANES.items():
            lag = (await self._operational.outbox.backlog(self._now(), is_bulk=is_bulk)).lag
            if lag > MAX_LAG[lane]:
                faults.append(
                    f"The {lane} messages of the outbox have been waiting for "
                    f"{lag.total_seconds():.0f} s: no dispatcher takes them."
                )
        return faults

    async def _write(self) -> None:
        """A disk that is full is read from as ever. Nothing stays of what is written here."""
        if self._clock() < self._write_again:
            return
        async with self._operational.begin() as transaction:
            transaction.see("ready", "", self._now())
            transaction.unsee("ready", "")
        self._write_again = self._clock() + WRITE_S

    async def _given_up(self) -> list[str]:
        count = await self._operational.outbox.parked_by_bugs()
        told = f"{count} messages or duties were given up because of a bug: "
        return [f"{told}`kollegial outbox` lists them."] if count else []

    async def _urn_answers(self) -> list[str]:
        await self._urn.states()
        return []
