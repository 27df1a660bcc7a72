"""Both databases, for those who work with both."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from storage.operational import Operational
from storage.schema_version import NewerSchema
from storage.settings import DatabaseSettings
from storage.urn import Urn


class CannotOpen(Exception):
    """A database cannot be opened; the message says why and where to look."""


@asynccontextmanager
async def databases() -> AsyncIterator[tuple[Operational, Urn]]:
    """The databases of the settings, brought up to date, until the block ends.

    Raises `CannotOpen`.
    """
    urls = DatabaseSettings()
    async with AsyncExitStack() as stack:
        try:
            operational = await Operational.open(urls.database_url)
            stack.push_async_callback(operational.close)
            urn = await Urn.open(urls.urn_url)
            stack.push_async_callback(urn.close)
        except NewerSchema as error:
            raise CannotOpen(str(error)) from error
        except (SQLAlchemyError, OSError, ValueError) as error:
            cause = getattr(error, "orig", None) or error  # the driver's own words, if any
            reason, *_ = str(cause).splitlines() or [type(cause).__name__]
            raise CannotOpen(
                f"The databases cannot be opened: {reason}\nNothing was changed. Look at "
                "KOLLEGIAL_DATABASE_URL and KOLLEGIAL_URN_URL."
            ) from error
        yield operational, urn
