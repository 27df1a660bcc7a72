"""How the bot listens: no work for strangers, and nothing told beside the answer.

Nothing packed is unpacked, a body that was refused is not read to its end, and a connection
that does not say in time what it wants is closed. Size and time of a body are bounded where
it is read.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from aiohttp.web_protocol import RequestHandler

HEADERS_S = 10.0
"""How long a connection may take until its first request is there; at most twice as long."""
LINGER_S = 1.0
"""How long the rest of a refused body may come in, so that its sender reads the answer."""
MOST_HEADERS, LONGEST_HEADER = 100, 16_384
"""In bytes. A token of Teams takes some 1,500."""


@asynccontextmanager
async def serving(application: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """Answer at that address until the block ends. Raises OSError where it is taken."""
    asked: set[object] = set()

    @web.middleware
    async def bounded(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked.add(request.protocol)
        if not request.path.isprintable():  # no id of ours, and no database could look for it
            raise web.HTTPNotFound
        return await handler(request)

    application.middlewares.insert(0, bounded)
    application.on_response_prepare.append(_plainly)
    runner = web.AppRunner(
        application,
        access_log=None,
        auto_decompress=False,
        lingering_time=LINGER_S,
        max_headers=MOST_HEADERS,
        max_field_size=LONGEST_HEADER,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        watch = asyncio.create_task(_hang_up_on_the_silent(runner, asked))
        try:
            yield
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
    finally:
        await runner.cleanup()


async def _hang_up_on_the_silent(runner: web.AppRunner, asked: set[object]) -> None:
    """Close the connections on which nothing has been asked since the last look."""
    before: set[RequestHandler] = set()
    while runner.server is not None:
        await asyncio.sleep(HEADERS_S)
        now = {*runner.server.connections}
        for silent in (before & now) - asked:
            silent.force_close()
        asked &= now
        before = now


async def _plainly(_: web.Request, response: web.StreamResponse) -> None:
    """What every answer says, and that it does not say what it was made with."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    response.headers.popall(hdrs.SERVER, None)
