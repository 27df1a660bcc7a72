"""The door: what Teams posts comes in here, and everything leaves through `teams`."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog
from aiohttp import hdrs, web
from botbuilder.schema import Activity

from bot import metrics
from bot.gateway import inbound
from bot.gateway.adapter import Adapter
from bot.gateway.connector import PATIENCE_S, Connector
from bot.gateway.credentials import TOKEN_URL, AccessToken, Credentials
from bot.gateway.events import Answer, Event, Handler, Press, Say, ShowCard, Teams
from bot.gateway.limits import TEAMS_LIMITS, UNLIMITED, Limits
from bot.gateway.outbound import CARD, Outbound
from bot.gateway.refused import Refused
from bot.gateway.tokens import OPENID_URL, Claims, SigningKeys, Verifier
from bot.gateway.wire import read_activity, write_json

CHANNEL = "msteams"
MESSAGE = "application/vnd.microsoft.activity.message"
MAX_BODY = 4 * 2**20
"""Bytes. A text of 1 MB still reaches the dialogs, which answer it with a message."""

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
            tenants |= {credentials.tenant}
        if limits is None:
            limits = TEAMS_LIMITS if credentials else UNLIMITED
        self._tenants = tenants
        self._max_body = max_body
        outbound = Outbound(
            Connector(session, self._token, limits, patience=patience, clock=clock),
            bot_id=f"28:{credentials.app_id}" if credentials else None,
        )
        self._adapter = Adapter(outbound)
        self.teams = outbound

    def start(self) -> None:
        """Begin to fetch keys and token, without waiting for them."""
        if self._keys and self._token:
            self._keys.start()
            self._token.start()

    async def close(self) -> None:
        if self._keys and self._token:
            await self._keys.close()
            await self._token.close()

    async def receive(self, request: web.Request, handler: Handler) -> web.Response:
        """Answer one POST of Teams, after `handler` has finished with it."""
        try:
            activity, event = await self._read(request)
        except Refused as refused:
            metrics.refused(refused.status)
            log.info("request_refused", status=refused.status, why=refused.why)
            return web.json_response({"error": refused.why}, status=refused.status)
        if event is None:
            return web.Response()
        try:
            answer = await self._adapter.turn(activity, event, handler)
        except Exception as error:  # noqa: BLE001 (whatever the bug, Teams gets an answer)
            # Neither the traceback nor the message: both can quote what was written.
            log.error("turn_failed", error=type(error).__name__, turn=secrets.token_hex(8))
            return web.Response(status=500)
        return _response(event, answer)

    async def _read(self, request: web.Request) -> tuple[Activity, Event | None]:
        authorization = request.headers.get(hdrs.AUTHORIZATION)
        claims = await self._verifier.verify(authorization) if self._verifier else None
        activity = read_activity(await self._body(request))
        if claims is not None:
            self._check_origin(claims, activity)
        elif not (activity.service_url or "").startswith(("http://", "https://")):
            raise Refused(400, "the activity has no service URL")
        return activity, inbound.event(activity, is_trusted=claims is not None)

    def _check_origin(self, claims: Claims, activity: Activity) -> None:
        if not activity.service_url or activity.service_url != claims.service_url:
            raise Refused(401, "the token is for another service URL")
        # Other channels let their users say who they are: only Teams vouches for them.
        if activity.channel_id != CHANNEL or CHANNEL not in claims.endorsements:
            raise Refused(401, "the token's key is not endorsed for this channel")
        tenants = inbound.tenants(activity)
        if not tenants or not tenants <= self._tenants:
            raise Refused(403, "the tenant is not allowed")

    async def _body(self, request: web.Request) -> bytes:
        if (request.content_length or 0) > self._max_body:
            raise Refused(413, "the body is too large")
        body = bytearray()
        try:
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > self._max_body:
                    raise Refused(413, "the body is too large")
        except web.RequestPayloadError:
            raise Refused(400, "the body is torn") from None
        return bytes(body)


def _response(event: Event, answer: Answer) -> web.Response:
    """Only an invoke is answered in its response; the SDK cannot write these forms."""
    if not (isinstance(event, Press) and event.is_invoke):
        return web.Response()
    kind: str
    value: Any
    match answer:
        case ShowCard(card):
            kind, value = CARD, card
        case Say(text):
            kind, value = MESSAGE, text
        case None:
            kind, value = MESSAGE, ""
    body = write_json({"statusCode": 200, "type": kind, "value": value})
    return web.Response(body=body, content_type="application/json")
