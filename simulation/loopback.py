"""A bot in this process, whose clock stands still until somebody moves it."""

import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Self

from pydantic import SecretStr
from sqlalchemy import func, select, table

from bot.app import running
from bot.gateway.limits import UNLIMITED
from bot.operation.settings import Settings
from bot.routing.services import Services
from simulation.teams import SimulatedTeams
from storage.database import open_database
from storage.operational.store import Operational
from storage.urn.store import Urn


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@dataclass
class LoopbackBot:
    """`at` is its clock, and `urls` those of its databases, as the environment names them."""

    at: datetime
    urls: Mapping[str, str]
    port: int = field(default_factory=free_port)
    server_key: SecretStr = field(default_factory=lambda: SecretStr(token_hex(32)))
    administrator: str = ""
    services: Services = field(init=False)
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    def teams(self) -> SimulatedTeams:
        """A Teams that posts to this bot."""
        return SimulatedTeams(f"http://127.0.0.1:{self.port}/api/messages")

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._running.aclose()

    async def _start(self) -> None:
        operational = await Operational.open(self.urls["KOLLEGIAL_DATABASE_URL"])
        self._running.push_async_callback(operational.close)
        urn = await Urn.open(self.urls["KOLLEGIAL_URN_URL"])
        self._running.push_async_callback(urn.close)
        settings = Settings(
            host="127.0.0.1",
            port=self.port,
            is_demonstration=True,
            administrator=self.administrator,
            server_key=self.server_key,
        )
        bot = running(settings, operational, urn, limits=UNLIMITED, now=self.now)
        self.services = await self._running.enter_async_context(bot)

    async def let_facilitate(self, person: str) -> None:
        """They may plan groups."""
        async with self.services.operational.begin() as transaction:
            transaction.grant(person, "facilitator")

    def now(self) -> datetime:
        return self.at

    async def restart(self) -> None:
        """Nothing survives but the databases."""
        await self._running.aclose()
        await self._start()

    async def fall_out(self, how_long: timedelta) -> None:
        """Down for so long; then it does what came due, and lives through a night."""
        self.at += how_long
        await self.restart()
        await self.pass_time(timedelta(hours=26))

    async def pass_time(self, how_long: timedelta) -> None:
        """From one due row to the next."""
        moment = self.at + how_long
        while (due := await self._next_due()) and due <= moment:
            self.at = max(self.at, due)
            await self.services.dispatcher.run_due()
        self.at = moment
        await self.settle()

    async def settle(self) -> None:
        """Do what is due, and what becomes due by it."""
        due: datetime | None = self.at
        while due and due <= self.at:
            await self.services.dispatcher.run_due()
            due = await self._next_due()

    async def rows(self, *tables: str) -> list[str]:
        """What these tables hold, in a line for each that is not empty."""
        url = self.urls["KOLLEGIAL_DATABASE_URL"]
        database = await open_database(url, "operational", migrating=False)
        counts = await database.read(
            lambda c: {
                each: c.scalar(select(func.count()).select_from(table(each))) for each in tables
            }
        )
        await database.close()
        return [f"{name}: {n} rows" for name, n in counts.items() if n]

    async def _next_due(self) -> datetime | None:
        return await self.services.operational.outbox.next_due()


@asynccontextmanager
async def loopback(at: datetime) -> AsyncIterator[tuple[LoopbackBot, SimulatedTeams]]:
    """With databases of its own, which are gone in the end, and a Teams that posts to it."""
    with tempfile.TemporaryDirectory() as folder:
        urls = {
            "KOLLEGIAL_DATABASE_URL": f"sqlite:///{Path(folder)}/kollegial.db",
            "KOLLEGIAL_URN_URL": f"sqlite:///{Path(folder)}/urn.db",
        }
        bot = LoopbackBot(at, urls)
        async with bot.teams() as teams:
            teams.on_its_way_s = 0
            async with bot:
                yield bot, teams
