"""Kill -9 of the dispatcher at every await, statement and commit, while Teams fails as well.

Nothing is lost: what was not sent is sent by the next dispatcher, once the
lease is over. A card of a phase never comes twice: where nobody can know, it is
parked, and says so. `make torture` kills at every step; `make test` at a share.
"""

import itertools
import os
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.delivery.dispatcher import LEASE, Dispatcher
from bot.gateway.events import Conversation
from bot.gateway.gateway import Gateway
from simulation.cards import text_of
from simulation.teams import Chat, Post
from storage.operational.outbox import OutboxMessage
from storage.operational.store import Operational
from tests.bot.delivery.dispatching import CREATES, kinds
from tests.support.databases import NewDatabase, database_kind, new_database
from tests.support.killing import live_and_die, victims
from tests.support.outbox import parked_by_key
from tests.support.teams import FakeTeams

__all__ = ["database_kind", "new_database"]

STRIDE = 1 if os.environ.get("TESTS_TORTURE") else 41
"""Every how many-th step of a life is one to die at."""
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
FAULTS: dict[str, dict[str, Any]] = {
    "none": {},
    "refused": {"status": 429, "headers": {"Retry-After": "0"}},
    "before": {"status": 503},
    "after": {"status": 503, "is_after": True},
    "cut before": {"is_cut": True},
    "cut after": {"is_cut": True, "is_after": True},
}
CERTAIN = {"none", "refused"}
"""Faults after which Teams' answer says what has happened."""


class World:
    """Teams, the outbox, and what is known of the campaign."""

    def __init__(self, teams: FakeTeams, operational: Operational, session: aiohttp.ClientSession):
        self.teams = teams
        self.outbox = operational.outbox
        self.told: Counter[str] = Counter()
        self._operational = operational
        self._gateway = Gateway(credentials=None, session=session)

    async def begin(self, life: str) -> dict[str, Chat]:
        """Four messages are due; the chat that each belongs to, by its key."""
        chats, messages = {}, []
        for n, kind in enumerate(("phase", "phase", "reminder", "status")):
            key = f"{kind} {life} {n}"
            chat = chats[key] = self.teams.user(key).chat
            chat.posts.append(Post("1", {"type": "message"}, chat))
            place = Conversation(chat.id, "personal", self.teams.tenant, self.teams.service_url)
            payload = {"text": key, "activity": "1"}
            is_bulk = kind == "reminder"
            messages.append(OutboxMessage(key, kind, asdict(place), payload, NOW, is_bulk=is_bulk))
        async with self._operational.begin() as transaction:
            transaction.enqueue_all(messages)
        return chats

    async def go_on(self) -> None:
        """Another dispatcher, once the lease is over and Teams is well again."""
        self.teams.forgive()
        moment = NOW + LEASE
        dispatcher = Dispatcher(
            self._operational, kinds(self._gateway.teams), CREATES, lambda: moment
        )
        while due := await self.outbox.next_due():
            moment = max(moment, due)
            await dispatcher.run_due()

    async def judge(self, chats: dict[str, Chat], *, must_be_known: bool) -> None:
        """Check what has arrived, and what is said of the rest."""
        parked = await parked_by_key(self._operational, chats)
        for key, chat in chats.items():
            shown = sum(key in text_of(post.card) for post in chat.posts if post.card)
            if key in parked:
                assert key.startswith("phase"), "only what must not be there twice is parked"
                assert parked[key].reason.startswith("ambiguous")
                assert not must_be_known
                await self.outbox.drop(parked[key].id)
                self.told["ambiguous"] += 1
                self.told["ambiguous, and had arrived"] += shown
            else:
                assert shown, f"{key} is lost"
                self.told["arrived"] += 1
            if key.startswith("reminder") and not must_be_known:
                self.told["harmless, twice"] += shown > 1
            else:
                assert shown <= 1, f"{key} has come twice"


@pytest_asyncio.fixture
async def victim() -> AsyncIterator[Process]:
    async with victims("tests.bot.delivery.dispatching") as process:
        yield process


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_a_killed_dispatcher_loses_nothing_and_repeats_no_phase(
    new_database: NewDatabase,
    database_kind: str,
    victim: Process,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = await new_database()
    operational = await Operational.open(url)
    async with FakeTeams("", app_id=None) as teams, aiohttp.ClientSession() as session:
        world = World(teams, operational, session)
        for n, (name, fault) in enumerate(FAULTS.items()):
            killed = True
            # Until a life has fewer steps than that.
            for kill_at in itertools.count(1 + n * STRIDE // len(FAULTS), STRIDE):
                if not killed:
                    break
                chats = await world.begin(f"{name} {kill_at}")
                if fault:
                    unlucky = [*chats.values()][kill_at % len(chats)]
                    teams.fail(path=unlucky.id, **fault)
                _, killed = await live_and_die(
                    victim, url=url, now=NOW.isoformat(), kill_at=kill_at
                )
                await world.go_on()
                await world.judge(chats, must_be_known=name in CERTAIN and not killed)
                world.told["kills"] += killed
    await operational.close()
    assert world.told["kills"] >= 500 // STRIDE
    with capsys.disabled():
        sys.stdout.write(f"\n{database_kind}: {dict(world.told)}\n")
