"""A newcomer rehearses alone in Teams, and the night after nothing of it is there."""

import asyncio
import os
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from playwright.async_api import expect

from bot.sessions.methods import shipped
from bot.ui.texts import texts
from tests.e2e.rehearsing import Rehearser
from tests.e2e.started import RunningBot, bot_in
from tests.e2e.teams import TeamsPage

pytestmark = [pytest.mark.browser, pytest.mark.torture]

SAY = texts("nb")
OF_NOBODY = {"audit", "outbox", "replica", "service_url"}
"""What is to be done, and what counts."""


def rows(bot: RunningBot) -> Counter[str]:
    """How many there are of each table in the bot's databases, but of what is to be done."""
    counted: Counter[str] = Counter()
    for file in (bot.folder / ".data").glob("*.db"):
        with closing(sqlite3.connect(file)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (name,) in tables.fetchall():
                if name in OF_NOBODY:
                    continue
                (counted[name],) = database.execute(f"SELECT count(*) FROM {name}").fetchone()
    return counted


if os.environ.get("TESTS_TORTURE"):  # a browser for as long as a colleague thinks

    async def test_a_rehearsal_is_led_to_its_end_and_nothing_is_kept(
        teams: TeamsPage, bot: RunningBot
    ) -> None:
        method = next(each for each in shipped() if each.id == "fem_minutter")
        rehearser = Rehearser(teams, SAY, method)
        await teams.write("språk bokmål")
        await teams.hears(SAY("language.done"))
        before = rows(bot)

        await rehearser.lead()

        for text in (*rehearser.told.values(), rehearser.answered):
            await expect(teams.page.get_by_text(text)).to_have_count(0)
        assert (rows(bot) - before).keys() & {"session", "session_card"}, "until the night"
        await bot.kill()
        async with bot_in(bot.folder, days=2) as later:
            while rows(later) - before:  # noqa: ASYNC110 - another process deletes
                await asyncio.sleep(0.1)
