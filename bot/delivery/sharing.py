"""What Teams allows the tenant, shared by the replicas that run.

Each takes an equal part of the tenant's requests a second, and learns every few seconds how many
there are. A newcomer begins with the smallest part, until all the others must have seen it.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.operation.clock import Now
from bot.operation.logs import what_failed
from storage.operational.replicas import Replicas

log = structlog.get_logger()

BEAT = timedelta(seconds=10)
SMALLEST = 30
"""Of Teams' 30 requests a second, one."""


class Sharing:
    """Keeps `share` told among how many replicas the tenant's limit is to be shared."""

    def __init__(self, replicas: Replicas, share: Callable[[int], None], now: Now) -> None:
        self._replicas = replicas
        self._share = share
        self._now = now
        self._me = secrets.token_hex(8)
        self._beats = 0
        share(SMALLEST)

    async def beat(self) -> None:
        try:
            running = await self._replicas.beat(self._me, self._now())
        except Exception as error:  # noqa: BLE001 - the database is away: the part stays as it was
            log.warning("replicas_unknown", **what_failed(error))
            return
        self._beats += 1
        is_known = running == 1 or self._beats > 1
        self._share(running if is_known else SMALLEST)

    async def leave(self) -> None:
        try:
            await self._replicas.leave(self._me)
        except Exception as error:  # noqa: BLE001 - the others will miss us
            log.warning("replicas_unknown", **what_failed(error))
