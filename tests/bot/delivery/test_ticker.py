"""The ticker ticks on whatever is done to the machine's clock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
import time_machine

from bot.delivery import ticker
from bot.delivery.ticker import Ticker, _Every

SOON = timedelta(milliseconds=20)
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


class Ticks:
    """Counted, and waited for."""

    def __init__(self) -> None:
        self.count = 0
        self._come = asyncio.Condition()

    async def tick(self) -> None:
        async with self._come:
            self.count += 1
            self._come.notify_all()

    async def more(self, number: int = 3) -> None:
        """Raises TimeoutError where they do not come."""
        wanted = self.count + number
        async with asyncio.timeout(60), self._come:
            await self._come.wait_for(lambda: self.count >= wanted)


@pytest_asyncio.fixture
async def ticks(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ticks]:
    monkeypatch.setattr(ticker, "WATCH_S", 0.02)
    ticks, running = Ticks(), Ticker()
    running.every(SOON, ticks.tick)
    with time_machine.travel(NOW, tick=True):
        running.start()
        await ticks.more()
        yield ticks
        running.close()
        running.close()  # again is no error


@pytest.mark.parametrize("days", [-30, -1, 1, 30])
async def test_it_goes_on_when_the_clock_is_set(ticks: Ticks, days: int) -> None:
    with time_machine.travel(NOW + timedelta(days=days), tick=True):
        await ticks.more()


async def test_a_tick_that_fails_is_followed_by_others() -> None:
    ticks, running = Ticks(), Ticker()

    async def fail() -> None:
        await ticks.tick()
        raise RuntimeError

    running.every(SOON, fail)
    running.start()
    await ticks.more()
    running.close()


def test_what_was_missed_is_not_made_up_for() -> None:
    every, later = _Every(SOON), NOW + timedelta(days=30)

    assert every.get_next_fire_time(None, NOW) == NOW
    assert every.get_next_fire_time(NOW, later) == later + SOON
