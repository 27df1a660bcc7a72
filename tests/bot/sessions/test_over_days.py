"""Sessions that go on from day to day: deadlines, and what the night sees to."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import column, delete, table

from tests.bot.sessions.test_sessions import gather, status, with_button
from tests.support.clock import Days
from tests.support.kollegial import House, kollegial

WEEK = timedelta(days=7)


@pytest.fixture
def days() -> Days:
    return Days()


@pytest_asyncio.fixture
async def house(tmp_path: Path, days: Days) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=days) as house:
        yield house


async def test_a_deadline_that_was_lost_is_planned_by_the_night(house: House, days: Days) -> None:
    chat = await gather(house, house.kari, house.ola)
    panel = with_button(house.anne.chat, house.anne, "session.start")
    await house.anne.press(panel, "session.pace", data={"pace": "days"})
    await house.anne.press(panel, "session.start")
    await house.settle()
    first = status(chat, house.kari)
    deadlines = delete(table("outbox", column("kind"))).where(column("kind") == "phase_due")
    await house.operational._database.write(lambda c: c.execute(deadlines))

    days.passed = WEEK
    await house.settle()

    assert status(chat, house.kari) is not first
