"""Bulk goes past Teams' limits without one 429, and nobody waits behind it.

In real time, because it is about that: some seconds for 120 messages.
"""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.delivery.dispatcher import Dispatcher
from bot.gateway.events import Conversation
from bot.gateway.gateway import Gateway
from bot.gateway.limits import RESERVE, TEAMS_LIMITS
from storage.operational.outbox import OutboxMessage
from storage.operational.store import Operational
from tests.bot.delivery.dispatching import CREATES, card, kinds
from tests.support.teams import FakeTeams, RateLimits

BULK, BURSTS, BURST = 120, 4, 5


async def test_bulk_is_never_refused_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    operational = await Operational.open(f"sqlite:///{tmp_path}/kollegial.db")
    due = datetime.now(UTC) - timedelta(seconds=1)
    async with FakeTeams("", app_id=None) as teams, aiohttp.ClientSession() as session:
        teams.rate_limits = RateLimits()
        outbound = Gateway(credentials=None, session=session, limits=TEAMS_LIMITS).teams
        dispatcher = Dispatcher(operational, kinds(outbound), CREATES, lambda: datetime.now(UTC))

        def place(name: str) -> Conversation:
            chat = teams.user(name).chat
            return Conversation(chat.id, "personal", teams.tenant, teams.service_url)

        async with operational.begin() as transaction:
            transaction.enqueue_all(
                OutboxMessage(
                    f"{n}", "reminder", asdict(place(f"{n}")), {"text": f"{n}"}, due, None, True
                )
                for n in range(BULK)
            )
        running = asyncio.create_task(dispatcher.run_due())
        overtaken = []

        async def answer(somebody: Conversation) -> None:
            before = len(teams.sent)
            await outbound.send_card(somebody, card("answer"), "An answer")
            overtaken.append(len(teams.sent) - before)

        for burst in range(1, BURSTS + 1):
            await teams.until(lambda: len(teams.sent) >= burst * BULK // (BURSTS + 1))  # noqa: B023 - it is awaited in the same round
            people = [place(f"somebody {burst} {n}") for n in range(BURST)]
            await asyncio.gather(*map(answer, people))
        await running
        await operational.close()

        assert teams.rate_limits.refused == 0
        assert len(teams.sent) == BULK + BURSTS * BURST
        # Each other of a burst, and what the reserve could not keep away.
        assert max(overtaken) <= BURST + RESERVE
