"""One fetch at a time, however many wait for it."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any


class SingleFlight:
    """Runs `work` as a task of its own; who comes while it runs shares that run.

    `work` must not raise: it keeps what it fetched, and what went wrong, itself.
    """

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._task: asyncio.Task[None] | None = None

    @property
    def is_under_way(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self) -> asyncio.Task[None]:
        """Make sure that it runs, without waiting for it."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return self._task

    async def wait(self) -> None:
        """Wait for the run; who stops waiting does not stop it for the others."""
        await asyncio.shield(self.start())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
