"""A dispatcher in a process of its own, until it is ended.

Run as `python -m tests.bot.delivery.replica URL`. What it holds when it is killed is free for
others after a third of the usual time, so that a test need not wait for half a minute.
"""

import asyncio
import signal
import sys

import aiohttp

from bot.delivery import dispatcher as dispatching
from bot.delivery.dispatcher import Dispatcher
from bot.gateway.gateway import Gateway
from bot.operation.clock import utc_now
from storage.operational.store import Operational
from tests.bot.delivery.dispatching import CREATES, kinds

LEASE = dispatching.LEASE / 3


async def serve(url: str) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    operational = await Operational.open(url)
    async with aiohttp.ClientSession() as session:
        gateway = Gateway(credentials=None, session=session)
        dispatching.LEASE, dispatching.RENEWAL = LEASE, LEASE / 3
        dispatcher = Dispatcher(operational, kinds(gateway.teams), CREATES, utc_now)
        dispatcher.start()
        await stopped.wait()
        await dispatcher.close()
    await operational.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
