"""Clocks that tests move by hand."""

import asyncio
import time
from datetime import datetime, timedelta

from bot.operation.clock import utc_now


class Clock:
    """The real clock, which can be put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class Stopped:
    """Stands still but for the sleeping, which takes no time. For one task at a time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Days:
    """A clock that goes on by whole days."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.passed
