"""A bot that is nothing but the gateway: it notes each event and answers as it is told."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from bot.gateway.credentials import Credentials
from bot.gateway.events import Answer, Incoming, Press, Say, Stranger, Told
from bot.gateway.gateway import Gateway
from tests.support.teams import SECRET, FakeTeams


async def nothing(_: Incoming) -> Answer:
    return Say("")


class Bot:
    """What the tests look at: the gateway, what came through it, and what it will answer."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.teams = gateway.teams
        self.events: list[Incoming] = []
        self.handler: Callable[[Incoming], Awaitable[Answer]] = nothing

    async def receive(self, request: web.Request) -> web.Response:
        return await self.gateway.receive(request, self)

    async def press(self, press: Press) -> Answer:
        self.events.append(press)
        return await self.handler(press)

    async def tell(self, event: Told) -> None:
        self.events.append(event)
        await self.handler(event)

    async def turn_away(self, stranger: Stranger) -> Say:
        self.events.append(stranger)
        return Say("not served")


@asynccontextmanager
async def gateway_bot(
    teams_app_id: str | None, **options: Any
) -> AsyncIterator[tuple[FakeTeams, Bot]]:
    """A fake Teams and a gateway that listens to it, on loopback.

    With an app id everything is signed and checked; without, nothing is.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/messages"
        async with FakeTeams(url, app_id=teams_app_id) as teams, aiohttp.ClientSession() as session:
            gateway = Gateway(
                credentials=(
                    Credentials(teams_app_id, teams.tenant, SECRET) if teams_app_id else None
                ),
                session=session,
                openid_url=teams.openid_url,
                token_url=teams.token_url,
                **options,
            )
            bot = Bot(gateway)
            app = web.Application()
            app.router.add_post("/api/messages", bot.receive)
            runner = web.AppRunner(app, shutdown_timeout=0.1)
            await runner.setup()
            await web.SockSite(runner, listener).start()
            try:
                yield teams, bot
            finally:
                await runner.cleanup()
                await gateway.close()
