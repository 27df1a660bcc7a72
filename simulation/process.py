"""A bot of its own for a simulation: a child process that can be killed and started again."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Self

import aiohttp

START_S = 30.0


class BotProcess:
    """`kollegial run` on a free port, with `settings` added to the environment."""

    def __init__(self, settings: Mapping[str, str] | None = None, *, demo: bool = True) -> None:
        self._settings = dict(settings or {})
        self._command = ["run", *(["--demo"] if demo else [])]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self._process: asyncio.subprocess.Process

    @property
    def url(self) -> str:
        """Where activities are posted."""
        return f"http://127.0.0.1:{self._port}/api/messages"

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except TimeoutError:
            await self.kill()  # nobody else would end it
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    async def end(self) -> None:
        """End it as an update does."""
        self._process.send_signal(signal.SIGTERM)
        await self._process.wait()

    async def start(self) -> None:
        """Start, and wait until it answers. Raises TimeoutError."""
        port = {"KOLLEGIAL_HOST": "127.0.0.1", "KOLLEGIAL_PORT": str(self._port)}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli", *self._command),
            env={**os.environ, **self._settings, **port},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(START_S), aiohttp.ClientSession() as session:
            while not await self._answers(session):  # noqa: ASYNC110 - another process has no event to wait for
                await asyncio.sleep(0.05)

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        with suppress(aiohttp.ClientError):
            async with session.get(f"http://127.0.0.1:{self._port}/healthz") as response:
                return response.ok
        return False

    async def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        await self._process.wait()
