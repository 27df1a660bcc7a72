"""`python -m tests.bench.replicas --people 22000 --replicas 3`: reminders past several replicas.

Everybody's reminders are due at eight o'clock. So many replicas run on one PostgreSQL, and share
what Teams allows the tenant; a stub of Teams refuses whatever goes beyond its published limits.
Prints how long it took, and how many requests were refused.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from time import perf_counter

from rich.console import Console

from bot.delivery.sharing import BEAT
from bot.reminders.meetings import Meetings
from bot.reminders.service import ReminderService
from bot.sessions.methods import Methods, shipped
from storage.crypto.vault import Vault
from storage.operational.outbox import Claimed
from storage.operational.store import Operational
from storage.urn.store import Urn
from tests.bench import processes
from tests.bench.reminding import StrictTeams, gather_people, next_morning, none_tied
from tests.support.databases import (
    drop_postgres_database,
    new_postgres_database,
    postgres_server,
)

AHEAD = 2.5 * BEAT
"""So long before the hour the replicas start: each then knows of the others."""


async def planned(url: str, teams: StrictTeams, people: int, at: datetime) -> int:
    """People in groups whose reminders are due at a time; how many people that makes."""
    operational = await Operational.open(url)
    count = await gather_people(operational, teams, people, at)
    sessions = operational.sessions(Vault(bytes(32)))
    calendars = "https://kollegial.example.org"
    meetings = Meetings(operational, sessions, Methods(shipped()), calendars, none_tied)
    planner = ReminderService(
        operational,
        None,  # type: ignore[arg-type] # who plans sends nothing, and needs no Teams
        {"meeting": meetings},
        lambda: at - timedelta(hours=1),
    )
    for group in await operational.groups.all():
        wanted = {"source": "meeting", "of": group.id}
        await planner.plan(Claimed(group.id, "plan_reminders", {}, wanted, 1, was_begun=False))
    await operational.close()
    return count


async def measure(server: str, people: int, replicas: int) -> tuple[int, float, int]:
    """Reminders that arrived, in how many seconds from the hour on, and requests refused."""
    at = next_morning(datetime.now(UTC).date())
    urls = [await new_postgres_database(server) for _ in range(2)]
    async with StrictTeams().open() as teams, AsyncExitStack() as running:
        await (await Urn.open(urls[1])).close()
        teams.wanted = await planned(urls[0], teams, people, at)
        settings: Mapping[str, str] = {
            "KOLLEGIAL_DATABASE_URL": urls[0],
            "KOLLEGIAL_URN_URL": urls[1],
        }
        began = perf_counter() + AHEAD.total_seconds()
        for _ in range(replicas):
            await running.enter_async_context(processes.kollegial_on(teams, settings, at - AHEAD))
        await teams.everybody_has_theirs.wait()
        figures = teams.reminders, perf_counter() - began, teams.refused
    for url in urls:
        await drop_postgres_database(server, url)
    return figures


def main() -> int:
    """1 where Teams refused any."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=22_000)
    asked.add_argument("--replicas", type=int, default=3)
    options = asked.parse_args()
    measured = asyncio.run(measure(postgres_server(), options.people, options.replicas))
    arrived, seconds, refused = measured
    Console().print(
        f"{options.replicas} replicas: {arrived:,} reminders in {seconds:.0f} s, "
        f"{arrived / seconds:.1f} a second; {refused} refused."
    )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
