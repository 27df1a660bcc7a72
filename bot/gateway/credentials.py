"""Who the bot is towards Microsoft, and the access token that shows it."""

import base64
import json
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import aiohttp
import jwt
import structlog
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from bot.gateway.events import Unreachable
from bot.gateway.single_flight import SingleFlight
from bot.gateway.wire import read_answer

TOKEN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105 (an address, no password)
RESOURCE = "https://api.botframework.com"
SCOPE = f"{RESOURCE}/.default"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
IMDS = "http://169.254.169.254/metadata/identity/oauth2/token"
"""Azure's instance metadata service."""

EARLY_S = 300.0
"""A token is renewed this long before it expires, while it still serves."""

LONGEST_S = 86_400.0
RETRY_S = 5.0
FETCH_TIMEOUT = aiohttp.ClientTimeout(total=10)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """How the token service is asked."""

    method: str
    url: str
    data: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The app registration of a single-tenant bot, and one way to show that the bot is it."""

    app_id: str
    tenant: str
    secret: str = field(default="", repr=False)
    certificate: str = ""
    """A PEM file with the certificate and its private key."""
    identity: Literal["managed", "workload", ""] = ""
    """Of what the bot runs on in Azure: a managed identity, or a cluster's service account."""

    def request(self, token_url: str) -> TokenRequest:
        """What to ask of the token service now. Raises OSError and ValueError for bad files."""
        if self.identity == "managed":
            return self._of_managed_identity()
        url = token_url.format(tenant=self.tenant)
        form = {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "scope": SCOPE,
            **self._proof(url),
        }
        return TokenRequest("POST", url, form)

    def _proof(self, url: str) -> dict[str, str]:
        if self.secret:
            return {"client_secret": self.secret}
        if self.identity == "workload":
            # The cluster writes it anew before it expires.
            file = os.environ.get("AZURE_FEDERATED_TOKEN_FILE", "")
            assertion = Path(file).read_text("ascii").strip()
        else:
            assertion = _signed(Path(self.certificate).read_bytes(), self.app_id, url)
        return {"client_assertion_type": ASSERTION, "client_assertion": assertion}

    def _of_managed_identity(self) -> TokenRequest:
        """Azure answers at an address that it tells (App Service), or at its own."""
        endpoint, header = (os.environ.get(f"IDENTITY_{x}", "") for x in ("ENDPOINT", "HEADER"))
        asked = {"resource": RESOURCE, "client_id": self.app_id}
        if endpoint:
            query = urlencode({**asked, "api-version": "2019-08-01"})
            return TokenRequest("GET", f"{endpoint}?{query}", None, {"X-IDENTITY-HEADER": header})
        query = urlencode({**asked, "api-version": "2018-02-01"})
        return TokenRequest("GET", f"{IMDS}?{query}", None, {"Metadata": "true"})


def _signed(pem: bytes, app_id: str, audience: str) -> str:
    """That whoever has the certificate's key is the app, for ten minutes."""
    certificate = load_pem_x509_certificate(pem)
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(SHA256())).rstrip(b"=")
    now = int(time.time())
    claims = {
        "aud": audience,
        "iss": app_id,
        "sub": app_id,
        "jti": secrets.token_hex(16),
        "nbf": now - 60,
        "exp": now + 600,
    }
    headers = {"x5t#S256": thumbprint.decode("ascii")}
    return jwt.encode(claims, load_pem_private_key(pem, None), "PS256", headers)  # type: ignore[arg-type] # another kind of key raises TypeError


@asynccontextmanager
async def asking(
    session: aiohttp.ClientSession, credentials: Credentials, token_url: str
) -> AsyncIterator[aiohttp.ClientResponse]:
    """The token service's answer. Raises OSError, ValueError and aiohttp's errors."""
    asked = credentials.request(token_url)
    async with AsyncExitStack() as stack:
        if credentials.identity == "managed":  # on this machine: no proxy stands between
            session = await stack.enter_async_context(aiohttp.ClientSession())
        yield await stack.enter_async_context(
            session.request(**asdict(asked), timeout=FETCH_TIMEOUT, allow_redirects=False)
        )


def _lifetime_s(answer: Mapping[str, object]) -> float:
    """Seconds, a day at most; App Service tells the moment instead."""
    if "expires_in" in answer:
        lifetime = float(str(answer["expires_in"]))
    else:
        lifetime = float(str(answer["expires_on"])) - time.time()
    return min(LONGEST_S, lifetime)


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
        self._credentials = credentials
        self._url = token_url
        self._clock = clock
        self._token: str | None = None
        self._expires_at = self._renew_at = self._retry_at = float("-inf")
        self._flight = SingleFlight(self._fetch)

    def start(self) -> None:
        self._flight.start()

    async def close(self) -> None:
        await self._flight.close()

    @property
    def remaining_s(self) -> float:
        """For how many seconds the token in hand is valid; 0 where there is none."""
        return max(0.0, self._expires_at - self._clock()) if self._token else 0.0

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
            async with asking(self._session, self._credentials, self._url) as response:
                answer = json.loads(await read_answer(response))
            token, lifetime = str(answer["access_token"]), _lifetime_s(answer)
        except (
            aiohttp.ClientError,
            OSError,
            ValueError,
            LookupError,
            TypeError,
            RecursionError,
        ) as error:
            self._retry_at = self._clock() + RETRY_S
            log.warning("access_token_unavailable", error=type(error).__name__)
        else:
            now = self._clock()
            self._token = token
            self._expires_at = now + lifetime
            self._renew_at = now + max(lifetime - EARLY_S, lifetime / 2)
