"""The fake Teams service: `simulation.teams`, which can also be made to fail.

A fault waits for the next request that it fits, and is then used up:

    teams.fail(status=429, headers={"Retry-After": "2"})
    teams.fail("PUT", status=503, is_after=True)    # the card has changed all the same
    teams.fail(path="/openid", until=released)      # hangs until the event is set
    teams.fail(is_cut=True)                         # the connection breaks
"""

import asyncio
import io
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.gateway.events import Json
from simulation.identity import TeamsIdentity, make_key
from simulation.teams import BotReply, Chat, SimulatedTeams, User

APP_ID = "00000000-1111-4222-8333-444444444444"
SECRET = "example-secret"
HTML_PAGE = "<html><body><h1>Bad Gateway</h1></body></html>"

SENDS = ((7, 1), (8, 2), (60, 30), (1800, 3600))
READS = ((14, 1), (16, 2), (120, 30), (3600, 3600))
"""Microsoft's published limits: requests in seconds, per conversation."""
REQUESTS = (30, 1)
"""The same for the whole tenant, whatever is asked."""


@dataclass
class Fault:
    """What happens to one request; without a status it is answered as it should be."""

    method: str | None
    path: str
    status: int | None
    code: str
    headers: Mapping[str, str]
    page: str | None
    is_after: bool
    is_cut: bool
    until: asyncio.Event | None

    def fits(self, request: web.Request) -> bool:
        return self.method in (None, request.method) and self.path in request.path

    def response(self) -> web.Response:
        assert self.status
        if self.page is not None:
            return web.Response(
                status=self.status, text=self.page, content_type="text/html", headers=self.headers
            )
        body: Json = {"error": {"code": self.code, "message": "No."}}
        return web.json_response(body, status=self.status, headers=self.headers)


@dataclass
class RateLimits:
    """Counts as Teams does, in the simplest way that can be right."""

    clock: Callable[[], float] = time.monotonic
    refused: int = 0
    _times: dict[tuple[str, bool], list[float]] = field(default_factory=lambda: defaultdict(list))
    _all: list[float] = field(default_factory=list)

    def allows(self, request: web.Request) -> bool:
        most, seconds = REQUESTS
        if sum(self.clock() - each < seconds for each in self._all[-most:]) >= most:
            self.refused += 1
            return False
        self._all.append(self.clock())
        reads = request.method == "GET"
        if not reads and request.method != "POST":
            return True
        chat = request.match_info.get("chat", "").partition(";")[0]
        times, now = self._times[chat, reads], self.clock()
        for most, seconds in READS if reads else SENDS:
            if sum(now - each < seconds for each in times) >= most:
                self.refused += 1
                return False
        times.append(now)
        return True


async def _pieces(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@cache
def _key() -> rsa.RSAPrivateKey:
    """One for the whole run: making one takes longer than most tests."""
    return make_key()


class FakeTeams(SimulatedTeams):
    """Teams, with faults on request."""

    def __init__(self, bot_url: str, *, app_id: str | None = APP_ID) -> None:
        super().__init__(
            bot_url, app_id=app_id, identity=TeamsIdentity(_key()), middlewares=[self._spoil]
        )
        self.attempts: list[tuple[str, str]] = []
        """Method and path of every request, refused or not."""
        self.rate_limits: RateLimits | None = None
        self.arrived: Callable[[], Awaitable[None]] | None = None
        """Waits for what the bot sends because of an activity, before a test looks at it."""
        self._faults: list[Fault] = []
        self._held = 0

    async def deliver(self, activity: Json) -> BotReply:
        reply = await super().deliver(activity)
        if self.arrived:
            await self.arrived()
        return reply

    def fail(
        self,
        method: str | None = None,
        *,
        path: str = "/v3/",
        status: int | None = None,
        code: str = "ServiceError",
        headers: Mapping[str, str] | None = None,
        page: str | None = None,
        is_after: bool = False,
        is_cut: bool = False,
        until: asyncio.Event | None = None,
        times: int = 1,
    ) -> None:
        fault = Fault(method, path, status, code, headers or {}, page, is_after, is_cut, until)
        self._faults += [fault] * times

    def forgive(self) -> None:
        """Forget the faults that have met no request."""
        self._faults.clear()

    def reinstall_unheard(
        self, user: User, *, leaves: str | None = "BotNotInConversationRoster"
    ) -> Chat:
        """The app was taken away and installed anew, and the bot heard of neither.

        The chat that was refuses with a code; with None Teams knows it no more.
        """
        old = user.chat
        user.chat = self._new(Chat(f"{old.id}-anew", "personal", [user]))
        old.refuses = leaves
        if leaves is None:
            del self._chats[old.id]
        return old

    async def raw(
        self,
        body: bytes | Iterable[bytes],
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Post anything at all to the bot; the status of its answer. In pieces without a length."""
        sent = dict(headers or {})
        if authorization is not None:
            sent["Authorization"] = authorization
        data = io.BytesIO(body) if isinstance(body, bytes) else _pieces(body)
        return (await self.answered(data, sent))[0]

    async def answered(self, data: Any, headers: Mapping[str, str]) -> tuple[int, str]:
        """The status and the text of the bot's answer to anything at all."""
        async with self._session.post(self.bot_url, data=data, headers=headers) as response:
            return response.status, await response.text()

    def authorization(self, **changes: Any) -> str:
        """A genuine header, but for the claims that are changed; None takes one away."""
        claims = self.identity.claims(APP_ID, self.service_url) | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return f"Bearer {self.identity.signed(kept)}"

    @property
    def pending_faults(self) -> int:
        """How many faults have met no request yet."""
        return len(self._faults)

    @property
    def is_at_fault(self) -> bool:
        """Whether something may never arrive: faults wait, or a request is held."""
        return bool(self._faults or self._held)

    @web.middleware
    async def _spoil(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.attempts.append((request.method, request.path))
        await self._tell()
        if self.rate_limits and "/v3/" in request.path and not self.rate_limits.allows(request):
            return web.json_response({}, status=429, headers={"Retry-After": "1"})
        fault = next((each for each in self._faults if each.fits(request)), None)
        if fault is None:
            return await handler(request)
        self._faults.remove(fault)
        if fault.is_after:
            await handler(request)
        if fault.until:
            self._held += 1
            await fault.until.wait()
            self._held -= 1
        if fault.is_cut:
            assert request.transport
            request.transport.abort()
            return web.Response()
        if fault.status:
            return fault.response()
        return await handler(request)
