"""A bot for a file of tests of the pages, and somebody who reads them without JavaScript."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from tests.support.forms import Reader
from tests.support.kollegial import House, kollegial
from tests.support.studies import SMALL


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """`OPENED` of the file's is open in it, or a small study."""
    opened = getattr(request.module, "OPENED", (SMALL,))
    async with kollegial(tmp_path_factory.mktemp("pages"), opened) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="module")
async def reader(house: House) -> AsyncIterator[Reader]:
    async with aiohttp.ClientSession() as session:
        yield Reader(house, session)
