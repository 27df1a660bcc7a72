"""Kollegial in a process of its own: `python -m tests.bench.kollegial`.

As it is shipped, on the databases of its settings, but for Teams' limits on
sending: the stub has none.
"""

import asyncio
import signal

from bot import logs
from bot.app import running
from bot.gateway.limits import UNLIMITED
from bot.settings import Settings
from storage.databases import databases


async def serve() -> None:
    """Answer until SIGTERM."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with (
        databases() as (operational, urn),
        running(Settings(), operational, urn, limits=UNLIMITED),
    ):
        print("ready", flush=True)  # noqa: T201 - whoever started us waits for it
        await stopped.wait()


if __name__ == "__main__":
    logs.configure()
    asyncio.run(serve())
