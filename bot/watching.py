"""What operators and their machines ask: is it ready, and what are the figures?"""

import asyncio
from datetime import timedelta

from aiohttp import web

from bot import metrics
from bot.now import Now
from storage.operational import Operational
from storage.urn import Urn

ANSWER_S = 10.0
"""How long a database may take; the urn is resealed in one transaction."""
LANES = {"prompt": False, "bulk": True}
MAX_LAG = {"prompt": timedelta(minutes=1), "bulk": timedelta(hours=1)}
"""How long messages may wait for a dispatcher: bulk yields to everything else."""


class Watching:
    """Answers those who watch the bot from outside."""

    def __init__(self, operational: Operational, urn: Urn, now: Now) -> None:
        self._operational = operational
        self._urn = urn
        self._now = now

    def probes(self) -> list[web.RouteDef]:
        """For everybody: they tell nothing."""
        return [web.get("/healthz", self._health), web.get("/readyz", self._ready)]

    def figures(self) -> web.Application:
        """For operators alone, at an address of its own."""
        application = web.Application()
        application.add_routes([web.get("/metrics", self._metrics)])
        return application

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _ready(self, _: web.Request) -> web.Response:
        faults = await self.faults()
        return web.Response(text="\n".join(faults) or "ready", status=503 if faults else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        outbox = self._operational.outbox
        for lane, is_bulk in LANES.items():
            backlog = await outbox.backlog(self._now(), is_bulk=is_bulk)
            metrics.waiting(lane, backlog.depth, backlog.lag.total_seconds())
        metrics.parked(await outbox.counted("parked"))
        return web.Response(
            body=metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE}
        )

    async def faults(self) -> list[str]:
        """Why the bot is not ready, in plain words; nothing where it is."""
        checks = self._operational_faults(), self._urn_faults()
        return [fault for found in await asyncio.gather(*checks) for fault in found]

    async def _operational_faults(self) -> list[str]:
        outbox, faults = self._operational.outbox, []
        try:
            async with asyncio.timeout(ANSWER_S):
                for lane, is_bulk in LANES.items():
                    lag = (await outbox.backlog(self._now(), is_bulk=is_bulk)).lag
                    if lag > MAX_LAG[lane]:
                        faults.append(
                            f"The {lane} messages of the outbox have been waiting for "
                            f"{lag.total_seconds():.0f} s: no dispatcher takes them."
                        )
        except Exception:  # noqa: BLE001 - whatever keeps it from answering
            return ["The operational database does not answer."]
        return faults

    async def _urn_faults(self) -> list[str]:
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._urn.states()
        except Exception:  # noqa: BLE001 - as above
            return ["The urn database does not answer."]
        return []
