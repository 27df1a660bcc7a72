"""Who the bot is towards Microsoft, and the access token that shows it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
import structlog

from bot.gateway.events import Unreachable
from bot.gateway.flight import SingleFlight

TOKEN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105 (an address)
SCOPE = "https://api.botframework.com/.default"

EARLY_S = 300.0
"""A token is renewed this long before it expires, while it still serves."""

RETRY_S = 5.0
FETCH_TIMEOUT = aiohttp.ClientTimeout(total=10)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Credentials:
    """The app registration of a single-tenant bot."""

    app_id: str
    tenant: str
    secret: str = field(repr=False)

    @property
    def form(self) -> dict[str, str]:
        """What is posted to the token service."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "client_secret": self.secret,
            "scope": SCOPE,
        }


class AccessToken:
    """The bot's access token by client credentials, fetched ahead of need."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        credentials: Credentials,
        token_url: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._form = credentials.form
        self._url = token_url.format(tenant=credentials.tenant)
        self._clock = clock
        self._token: str | None = None
        self._expires_at = self._renew_at = self._retry_at = float("-inf")
        self._flight = SingleFlight(self._fetch)

    def start(self) -> None:
        self._flight.start()

    async def close(self) -> None:
        await self._flight.close()

    async def get(self) -> str:
        """A token that is valid now.

        Raises:
            Unreachable: the token service gives none.
        """
        now = self._clock()
        may_fetch = now >= self._retry_at
        if self._token is not None and now < self._expires_at:
            if may_fetch and now >= self._renew_at:
                self._flight.start()
            return self._token
        if may_fetch or self._flight.is_under_way:
            await self._flight.wait()
        if self._token is None or self._clock() >= self._expires_at:
            raise Unreachable("no access token")
        return self._token

    def forget(self, token: str) -> None:
        """The connector refused this token: fetch another for the next request."""
        if token == self._token:
            self._token = None

    async def _fetch(self) -> None:
        try:
            async with self._session.post(
                self._url, data=self._form, timeout=FETCH_TIMEOUT, allow_redirects=False
            ) as response:
                answer = await response.json(content_type=None)
            token, lifetime = str(answer["access_token"]), float(answer["expires_in"])
        except (aiohttp.ClientError, TimeoutError, ValueError, LookupError, TypeError) as error:
            self._retry_at = self._clock() + RETRY_S
            log.warning("access_token_unavailable", error=type(error).__name__)
        else:
            now = self._clock()
            self._token = token
            self._expires_at = now + lifetime
            self._renew_at = now + max(lifetime - EARLY_S, lifetime / 2)
