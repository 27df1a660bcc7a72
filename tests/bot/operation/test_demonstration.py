"""A demonstration answers this machine alone: nobody in it is authenticated."""

from pathlib import Path

import aiohttp
import pytest

from bot.operation.demonstration import FORWARDED
from tests.support.kollegial import kollegial


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:56150"}, 403),
        ({"Origin": "http://[::1]:1"}, 403),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Host": "kollegial.example.org"}, 403),
        *(({name: "10.0.0.1"}, 403) for name in FORWARDED),
    ],
    ids=str,
)
async def test_what_comes_from_elsewhere_is_refused(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    async with kollegial(tmp_path, (), signed=False) as house, aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{house.settings.port}/healthz"
        async with session.get(address, headers=headers) as response:
            assert response.status == status
            refused = "for this machine alone" in await response.text()
            assert refused == (status == 403)
