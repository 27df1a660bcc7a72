from collections.abc import AsyncIterator

import pytest

from tests.support.bot import Bot, gateway_bot
from tests.support.teams import APP_ID, FakeTeams


@pytest.fixture
async def pair() -> AsyncIterator[tuple[FakeTeams, Bot]]:
    async with gateway_bot(APP_ID, patience=30.0) as pair:
        yield pair


@pytest.fixture
def teams(pair: tuple[FakeTeams, Bot]) -> FakeTeams:
    return pair[0]


@pytest.fixture
def bot(pair: tuple[FakeTeams, Bot]) -> Bot:
    """A bot with credentials: every request must be signed."""
    return pair[1]


@pytest.fixture
async def open_pair() -> AsyncIterator[tuple[FakeTeams, Bot]]:
    """The same without credentials, as beside the Playground."""
    async with gateway_bot(None) as pair:
        yield pair
