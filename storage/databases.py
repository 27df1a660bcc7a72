"""Both databases, for those who work with both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.operational import Operational
from storage.settings import DatabaseSettings
from storage.urn import Urn


@asynccontextmanager
async def databases() -> AsyncIterator[tuple[Operational, Urn]]:
    """The databases of the settings, brought up to date, until the block ends.

    Raises `NewerSchema`.
    """
    urls = DatabaseSettings()
    operational = await Operational.open(urls.database_url)
    try:
        urn = await Urn.open(urls.urn_url)
        try:
            yield operational, urn
        finally:
            await urn.close()
    finally:
        await operational.close()
