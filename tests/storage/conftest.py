"""What all tests of the storage share."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from pyrage import x25519

from storage.crypto.sealing import PrivateKey
from storage.operational.store import Operational
from storage.urn.store import Urn
from tests.support.databases import NewDatabase, database_kind, new_database

__all__ = ["database_kind", "new_database"]

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""argon2's cheapest: what it costs is not what is tested."""


@pytest.fixture
def identity() -> PrivateKey:
    return PrivateKey(str(x25519.Identity.generate()))


@pytest_asyncio.fixture
async def urn(new_database: NewDatabase, identity: PrivateKey) -> AsyncIterator[Urn]:
    """An urn with an open study, `demo`, whose answers have up to 500 bytes."""
    urn = await Urn.open(await new_database(), QUICK)
    await urn.register("demo", identity.recipient, 500)
    await urn.open_study("demo")
    yield urn
    await urn.close()


@pytest_asyncio.fixture
async def operational(new_database: NewDatabase) -> AsyncIterator[Operational]:
    operational = await Operational.open(await new_database())
    yield operational
    await operational.close()
