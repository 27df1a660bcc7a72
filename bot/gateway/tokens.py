"""Whether a request really comes from Teams: the Bot Framework's signed tokens.

Every request carries a JWT signed by the channel service. Its keys are fetched
ahead of need and off the path of a turn: a turn waits for them only if its
token names a key that nobody has seen yet.
"""

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from bot.gateway.refused import HttpRefusal
from bot.gateway.single_flight import SingleFlight
from bot.gateway.wire import read_answer

ISSUER = "https://api.botframework.com"
OPENID_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"

LEEWAY_S = 300
"""How far the clocks may differ; the value that Microsoft's documentation names."""

FRESH_S = 24 * 3600.0
RETRY_S = 5.0
REFRESH_S = 60.0
"""The least time between two fetches, so that forged key ids cause no flood."""

FETCH_TIMEOUT = aiohttp.ClientTimeout(total=10)
REMEMBERED_TOKENS = 1024

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Key:
    public: RSAPublicKey
    endorsements: frozenset[str]
    """The channels that may sign with this key."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    service_url: str | None
    endorsements: frozenset[str]


class SigningKeys:
    """The channel service's public keys by their id."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        openid_url: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._clock = clock
        self._openid_url = openid_url
        self._keys: Mapping[str, Key] | None = None
        self._stale_at = self._refresh_at = float("-inf")
        self._flight = SingleFlight(self._refresh)

    def start(self) -> None:
        self._flight.start()

    async def close(self) -> None:
        await self._flight.close()

    @property
    def age_s(self) -> float | None:
        """Seconds since the keys were fetched; None where they never were."""
        return None if self._keys is None else self._clock() - (self._stale_at - FRESH_S)

    async def find(self, kid: str) -> Key | None:
        """The key of that id; None if even a fresh list has none.

        Raises:
            Refused: no list of keys could be fetched so far (503).
        """
        now = self._clock()
        may_refresh = now >= self._refresh_at
        if self._keys is not None and kid in self._keys:
            if may_refresh and now >= self._stale_at:
                self._flight.start()
        elif may_refresh or self._flight.is_under_way:
            await self._flight.wait()
        if self._keys is None:
            raise HttpRefusal(503, "the keys of the channel service cannot be fetched")
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        try:
            metadata = await self._json(self._openid_url)
            keys = signing_keys(await self._json(metadata["jwks_uri"]))
        except (
            aiohttp.ClientError,
            jwt.InvalidKeyError,
            TimeoutError,
            ValueError,
            LookupError,
            TypeError,
            RecursionError,
        ) as error:
            self._refresh_at = self._clock() + RETRY_S
            log.warning("signing_keys_unavailable", error=type(error).__name__)
        else:
            now = self._clock()
            self._keys = keys
            self._refresh_at = now + REFRESH_S
            self._stale_at = now + FRESH_S

    async def _json(self, url: str) -> Any:
        async with self._session.get(
            url, timeout=FETCH_TIMEOUT, raise_for_status=True, allow_redirects=False
        ) as response:
            return json.loads(await read_answer(response))


def signing_keys(jwks: Any) -> dict[str, Key]:
    """The RSA keys of a JWKS document; what else it lists signs nothing that we accept.

    Raises LookupError, TypeError or jwt.InvalidKeyError where there are none.
    """
    keys = {}
    for jwk in jwks["keys"]:
        match jwk:
            case {"kty": "RSA", "kid": str(kid), "endorsements": [*endorsements]}:
                public = RSAAlgorithm.from_jwk(jwk)
                if isinstance(public, RSAPublicKey):
                    keys[kid] = Key(public, frozenset(endorsements))
    if not keys:
        raise LookupError("no keys")
    return keys


class Verifier:
    """Checks bearer tokens for one bot.

    Teams sends the same token with many requests, so a verified one is
    remembered by its hash until it expires or its key is withdrawn.
    """

    def __init__(self, keys: SigningKeys, app_id: str) -> None:
        self._keys = keys
        self._app_id = app_id
        self._verified: OrderedDict[bytes, tuple[float, str, str | None]] = OrderedDict()

    async def verify(self, authorization: str | None) -> Claims:
        """What the `Authorization` header proves.

        Raises:
            Refused: the token is missing, junk, out of its time, not for this
                bot, or not signed by a known key (401).
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.isascii():
            raise HttpRefusal(401, "a bearer token is required")
        digest = hashlib.sha256(token.encode()).digest()
        kid = self._verified[digest][1] if digest in self._verified else _key_id(token)
        key = await self._keys.find(kid)
        if key is None:
            raise HttpRefusal(401, "the token is signed with an unknown key")
        expires, _, service_url = self._verified.get(digest, (0.0, "", None))
        if time.time() >= expires:
            self._verified.pop(digest, None)
            expires, service_url = self._check(token, key)
            self._remember(digest, (expires, kid, service_url))
        return Claims(service_url, key.endorsements)

    def _check(self, token: str, key: Key) -> tuple[float, str | None]:
        try:
            claims = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=ISSUER,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iss", "aud"], "strict_aud": True},
            )
            return float(claims["exp"]) + LEEWAY_S, claims.get("serviceurl")
        except (jwt.InvalidTokenError, ArithmeticError, RecursionError):
            raise HttpRefusal(401, "the token is not valid") from None

    def _remember(self, digest: bytes, entry: tuple[float, str, str | None]) -> None:
        self._verified[digest] = entry
        if len(self._verified) > REMEMBERED_TOKENS:
            self._verified.popitem(last=False)


def _key_id(token: str) -> str:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except (jwt.InvalidTokenError, RecursionError):
        kid = None
    if not isinstance(kid, str):
        raise HttpRefusal(401, "the token is not valid")
    return kid
