"""Kollegial in a process of its own: `python -m tests.bench.kollegial`.

As it is shipped and as `kollegial run` loads it, on the databases of its settings, but for
Teams' limits on sending, which the stub has none of. Where a time is given as an argument, the
bot's clock begins there, and the limits hold.
"""

import asyncio
import signal
import sys
from datetime import datetime, timedelta

from cli import event_loop, garbage

with garbage.loading():
    from bot.app import running
    from bot.gateway.limits import TEAMS_LIMITS, UNLIMITED
    from bot.operation import logs
    from bot.operation.clock import utc_now
    from bot.operation.settings import Settings
    from storage.databases import databases, migrate_both


async def serve(begins_at: datetime | None) -> None:
    """Answer until SIGTERM."""
    ahead = begins_at - utc_now() if begins_at else timedelta()
    limits = TEAMS_LIMITS if begins_at else UNLIMITED
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async for _ in migrate_both():
        pass
    async with (
        databases() as (operational, urn),
        running(Settings.read(), operational, urn, limits=limits, now=lambda: utc_now() + ahead),
    ):
        print("ready", flush=True)  # noqa: T201 - whoever started us waits for it
        await stopped.wait()


if __name__ == "__main__":
    logs.configure()
    event_loop.run(serve(datetime.fromisoformat(sys.argv[1]) if sys.argv[1:] else None))
