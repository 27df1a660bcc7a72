"""Both databases, for those who work with both."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import get_args

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from storage.database import DatabaseName, open_database
from storage.examining import Unreadable, examine
from storage.operational.store import Operational
from storage.schema_version import NewerSchema, OlderSchema
from storage.settings import DatabaseSettings, NotSet
from storage.urn.store import Urn


class CannotOpen(Exception):
    """A database cannot be opened; the message says why and where to look."""


@asynccontextmanager
async def databases() -> AsyncIterator[tuple[Operational, Urn]]:
    """The databases of the settings, until the block ends. Raises `CannotOpen`.

    Their schemas are left alone: `migrate_both` changes them.
    """
    urls = _urls()
    async with AsyncExitStack() as stack:
        with _opening():
            operational = await Operational.open(urls.database_url, migrating=False)
            stack.push_async_callback(operational.close)
            urn = await Urn.open(urls.urn_url, migrating=False)
            stack.push_async_callback(urn.close)
        yield operational, urn


async def migrate_both() -> AsyncIterator[tuple[DatabaseName, str | None, str]]:
    """Bring both schemas up to date: the name, what was found, what is there now.

    Raises `CannotOpen`.
    """
    urls = _urls()
    names: tuple[DatabaseName, ...] = get_args(DatabaseName)
    for name, url in zip(names, (urls.database_url, urls.urn_url), strict=True):
        with _opening():
            examined = await examine(url, name)
            database = await open_database(url, name)
            await database.close()
        yield name, examined.found, examined.known[0]


def _urls() -> DatabaseSettings:
    try:
        return DatabaseSettings.read()
    except NotSet as error:
        raise CannotOpen(str(error)) from None


@contextmanager
def _opening() -> Iterator[None]:
    """What keeps a database from being opened, said in plain words."""
    try:
        yield
    except (NewerSchema, OlderSchema) as error:
        raise CannotOpen(str(error)) from error
    except (
        *(SQLAlchemyError, OSError, TimeoutError, ValueError),
        *(asyncpg.PostgresError, asyncpg.InterfaceError, Unreadable),
    ) as error:
        cause = getattr(error, "orig", None) or error  # the driver's own words, if any
        reason, *_ = str(cause).splitlines() or [type(cause).__name__]
        raise CannotOpen(
            f"The databases cannot be opened: {reason}\nNothing was changed. Look at "
            "KOLLEGIAL_DATABASE_URL and KOLLEGIAL_URN_URL."
        ) from error
