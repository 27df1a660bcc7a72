"""The services that vouch for Teams and for the bot, with a key of their own."""

import base64
import secrets
import time
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.gateway.tokens import ISSUER

LIFETIME_S = 3600


def make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class TeamsIdentity:
    """Signs as the channel service does, and gives access tokens to the bot."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self.key = key
        self.kid = secrets.token_urlsafe(12)
        self.endorsements = ["msteams"]
        self.granted: set[str] = set()
        """Access tokens that the connector accepts."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/openid", self._openid),
            web.get("/keys", self._keys),
            web.post("/token", self._token),
        ]

    def claims(self, app_id: str, service_url: str) -> dict[str, Any]:
        """What Teams states in a token for this bot."""
        now = int(time.time())
        return {
            "iss": ISSUER,
            "aud": app_id,
            "serviceurl": service_url,
            "nbf": now,
            "exp": now + LIFETIME_S,
        }

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.kid})

    async def _openid(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"issuer": ISSUER, "jwks_uri": str(request.url.with_path("/keys"))}
        )

    async def _keys(self, _: web.Request) -> web.Response:
        numbers = self.key.public_key().public_numbers()
        key = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "n": _base64(numbers.n),
            "e": _base64(numbers.e),
            "endorsements": self.endorsements,
        }
        return web.json_response({"keys": [key]})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if form.get("grant_type") != "client_credentials" or not form.get("client_secret"):
            return web.json_response({"error": "invalid_client"}, status=401)
        token = secrets.token_urlsafe()
        self.granted.add(token)
        return web.json_response(
            {"token_type": "Bearer", "access_token": token, "expires_in": LIFETIME_S}
        )


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
