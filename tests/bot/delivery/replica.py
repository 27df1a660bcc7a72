"""A dispatcher in a process of its own, until it is ended.

Run as `python -m tests.bot.delivery.replica URL`.
"""

import asyncio
import signal
import sys

import aiohttp

from bot.delivery.dispatcher import Dispatcher
from bot.gateway.gateway import Gateway
from bot.operation.clock import utc_now
from storage.operational.store import Operational
from tests.bot.delivery.dispatching import CREATES, kinds


async def serve(url: str) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    operational = await Operational.open(url)
    async with aiohttp.ClientSession() as session:
        gateway = Gateway(credentials=None, session=session)
        dispatcher = Dispatcher(operational, kinds(gateway.teams), CREATES, utc_now)
        dispatcher.start()
        await stopped.wait()
        await dispatcher.close()
    await operational.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
