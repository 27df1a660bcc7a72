"""The door: what Teams posts comes in here, and everything leaves through `teams`."""

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiohttp import hdrs, web
from botbuilder.schema import Activity

from bot.gateway import inbound
from bot.gateway.adapter import Adapter
from bot.gateway.connector import PATIENCE_S, Connector
from bot.gateway.credentials import TOKEN_URL, AccessToken, Credentials
from bot.gateway.events import (
    Answer,
    Handler,
    Incoming,
    Press,
    Say,
    ShowCard,
    Stranger,
    Teams,
)
from bot.gateway.limits import TEAMS_LIMITS, UNLIMITED, Limits
from bot.gateway.outbound import CARD, Outbound
from bot.gateway.refused import HttpRefusal
from bot.gateway.tokens import OPENID_URL, Claims, SigningKeys, Verifier
from bot.gateway.wire import read_activity, write_json
from bot.operation import metrics
from bot.operation.logs import what_failed
from bot.operation.settings import is_loopback

CHANNEL = "msteams"
MESSAGE = "application/vnd.microsoft.activity.message"
MAX_BODY = 4 * 2**20
"""Bytes. A text of 1 MB still reaches the dialogs, which answer it with a message."""
BODY_S = 10.0
"""How long a body may take to come in."""

log = structlog.get_logger()


class Gateway:
    """Receives from and sends to Teams.

    Without credentials nothing is checked and no token is sent: that is for
    the Agents Playground on loopback, and whoever binds the port must see to it.
    """

    teams: Teams

    def __init__(
        self,
        *,
        credentials: Credentials | None,
        session: aiohttp.ClientSession,
        tenants: frozenset[str] = frozenset(),
        openid_url: str = OPENID_URL,
        token_url: str = TOKEN_URL,
        limits: Limits | None = None,
        patience: float = PATIENCE_S,
        max_body: int = MAX_BODY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`tenants` are let in beside the bot's own; `patience` bounds one send, in seconds.

        Unless `limits` are given, those of Teams hold with credentials; without
        there is no Teams behind it, and none hold.
        """
        self._keys: SigningKeys | None = None
        self._verifier: Verifier | None = None
        self._token: AccessToken | None = None
        if credentials is not None:
            self._keys = SigningKeys(session, openid_url, clock)
            self._verifier = Verifier(self._keys, credentials.app_id)
            self._token = AccessToken(session, credentials, token_url, clock)
            tenants |= {credentials.tenant.lower()}
        if limits is None:
            limits = TEAMS_LIMITS if credentials else UNLIMITED
        self._tenants = tenants
        self._max_body = max_body
        connector = Connector(session, self._token, limits, patience=patience, clock=clock)
        self.share = connector.share
        outbound = Outbound(
            connector,
            bot_id=f"28:{credentials.app_id}" if credentials else None,
        )
        self._adapter = Adapter(outbound)
        self.teams = outbound

    def start(self) -> None:
        """Begin to fetch keys and token, without waiting for them."""
        if self._keys and self._token:
            self._keys.start()
            self._token.start()

    def faults(self) -> list[str]:
        """Why nobody can be answered, and what to do; nothing in a demonstration."""
        if self._keys is None or self._token is None:
            return []
        faults = []
        metrics.trust(self._token.remaining_s, self._keys.age_s)
        if not self._token.remaining_s:
            faults.append(
                "There is no access token: nothing can be sent. `kollegial doctor` says whether "
                "the credentials have expired."
            )
        if self._keys.age_s is None:
            faults.append(
                "Teams' signing keys could not be fetched: nobody is let in. `kollegial doctor` "
                "says what stands between."
            )
        return faults

    async def close(self) -> None:
        if self._keys and self._token:
            await self._keys.close()
            await self._token.close()

    async def receive(self, request: web.Request, handler: Handler) -> web.Response:
        """Answer one POST of Teams, after `handler` has finished with it."""
        try:
            activity, event = await self._read(request)
        except HttpRefusal as refused:
            metrics.refused(refused.status)
            log.info("request_refused", status=refused.status, why=refused.why)
            return web.json_response({"error": refused.why}, status=refused.status)
        if event is None:
            return web.Response()
        try:
            return await self._take(activity, event, handler)
        except Exception as error:  # noqa: BLE001 (whatever the bug, Teams gets an answer)
            # Neither the traceback nor the message: both can quote what was written.
            log.error("turn_failed", turn=secrets.token_hex(8), **what_failed(error))
            return web.Response(status=500)

    async def _take(self, activity: Activity, event: Incoming, handler: Handler) -> web.Response:
        """Only an invoke is answered in its response."""
        match event:
            case Press():
                answer = await self._adapter.press(activity, event, handler)
                return _response(answer) if event.is_invoke else web.Response()
            case Stranger():
                line = await handler.turn_away(event)
                return _response(line) if event.is_invoke else web.Response()
            case _:
                await self._adapter.tell(activity, event, handler)
                return web.Response()

    async def _read(self, request: web.Request) -> tuple[Activity, Incoming | None]:
        if request.headers.get(hdrs.CONTENT_ENCODING, "identity") != "identity":
            raise HttpRefusal(415, "the body is packed")
        authorization = request.headers.get(hdrs.AUTHORIZATION)
        claims = await self._verifier.verify(authorization) if self._verifier else None
        activity = read_activity(await self._body(request))
        if claims is not None:
            self._check_origin(claims, activity)
            if stranger := inbound.stranger(activity, self._tenants):
                metrics.turned_away(stranger.why)
                return activity, stranger
        elif not _is_here(activity.service_url or ""):
            raise HttpRefusal(400, "the activity has no service URL on this machine")
        return activity, inbound.event(activity)

    def _check_origin(self, claims: Claims, activity: Activity) -> None:
        if not activity.service_url or activity.service_url != claims.service_url:
            raise HttpRefusal(401, "the token is for another service URL")
        # Other channels let their users say who they are: only Teams vouches for them.
        if activity.channel_id != CHANNEL or CHANNEL not in claims.endorsements:
            raise HttpRefusal(401, "the token's key is not endorsed for this channel")
        if not inbound.tenants(activity):
            raise HttpRefusal(403, "the activity names no tenant")

    async def _body(self, request: web.Request) -> bytes:
        if (request.content_length or 0) > self._max_body:
            raise HttpRefusal(413, "the body is too large")
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_S):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > self._max_body:
                        raise HttpRefusal(413, "the body is too large")
        except TimeoutError:
            raise HttpRefusal(408, "the body takes too long") from None
        except web.RequestPayloadError:
            raise HttpRefusal(400, "the body is torn") from None
        return bytes(body)


def _is_here(url: str) -> bool:
    """Without credentials nobody is authenticated: nothing leaves this machine."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and is_loopback(parts.hostname or "")
    except ValueError:
        return False


def _response(answer: Answer) -> web.Response:
    """The SDK cannot write these forms."""
    kind: str
    value: Any
    match answer:
        case ShowCard(card):
            kind, value = CARD, card
        case Say(text):
            kind, value = MESSAGE, text
    body = write_json({"statusCode": 200, "type": kind, "value": value})
    return web.Response(body=body, content_type="application/json")
