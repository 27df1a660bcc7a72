"""The bots under test: a process each, so that nothing of the bench slows them down."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil

from tests.bench.teams import APP_ID, SECRET, TENANT, Client, Teams
from tests.support.kollegial import SERVER_KEY


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: psutil.Process
    started: float
    """Seconds until it answered."""

    async def client(self) -> Client:
        """A connection of its own."""
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(Client, "127.0.0.1", self.port)
        return client

    def processor(self) -> float:
        """Seconds of processor time so far, in all threads."""
        times = self.process.cpu_times()
        return times.user + times.system

    def memory(self) -> float:
        """Resident, in MB."""
        return self.process.memory_info().rss / 2**20


def kollegial(
    teams: Teams, folder: Path, begins_at: datetime | None = None
) -> AbstractAsyncContextManager[Server]:
    """Kollegial on the databases in a folder; from a time on, it keeps Teams' limits."""
    settings = {
        "KOLLEGIAL_DATABASE_URL": f"sqlite:///{folder}/operational.db",
        "KOLLEGIAL_URN_URL": f"sqlite:///{folder}/urn.db",
    }
    return kollegial_on(teams, settings, begins_at)


def kollegial_on(
    teams: Teams, settings: Mapping[str, str], begins_at: datetime | None = None
) -> AbstractAsyncContextManager[Server]:
    """The same, on the databases of some settings."""
    arguments = [begins_at.isoformat()] if begins_at else []
    return _server(teams, "tests.bench.kollegial", settings, *arguments)


def echo(teams: Teams) -> AbstractAsyncContextManager[Server]:
    """The SDK's echo."""
    return _server(teams, "tests.bench.echo", {})


def agents(teams: Teams) -> AbstractAsyncContextManager[Server]:
    """The Agents SDK's echo."""
    return _server(teams, "tests.bench.agents", {})


@asynccontextmanager
async def _server(
    teams: Teams, module: str, settings: Mapping[str, str], *arguments: str
) -> AsyncIterator[Server]:
    """`python -m module`, from when it is ready until the block ends."""
    port = _free_port()
    common = {
        "KOLLEGIAL_PORT": str(port),
        "KOLLEGIAL_APP_ID": APP_ID,
        "KOLLEGIAL_APP_SECRET": SECRET,
        "KOLLEGIAL_SERVER_KEY": SERVER_KEY,
        "KOLLEGIAL_TENANT": TENANT,
        "KOLLEGIAL_OPENID_URL": f"{teams.identity_url}/openid",
        "KOLLEGIAL_TOKEN_URL": f"{teams.identity_url}/token",
    }
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        env={**os.environ, **common, **settings},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{module} did not start")
        yield Server(port, psutil.Process(process.pid), time.perf_counter() - begun)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
