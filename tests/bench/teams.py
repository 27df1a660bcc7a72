"""Teams as cheap as can be: it shall not be what is measured.

Identity services, a connector that answers everything with an id, and clients
that press or write, all in this process. HTTP is read and written by hand: a
turn costs some 100 µs here.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Self

from aiohttp import web

from bot.gateway.events import Json
from simulation.identity import TeamsIdentity, make_key

APP_ID = "00000000-1111-4222-8333-444444444444"
SECRET = "example-secret"
TENANT = "11111111-2222-4333-8444-555555555555"
BOT_ID = f"28:{APP_ID}"

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Http(asyncio.Protocol):
    """One side of a connection that is kept: whole messages with a Content-Length."""

    def __init__(self) -> None:
        self._buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._buffer, 0, end)
            end += 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < end:
                return
            message, self._buffer = self._buffer[:end], self._buffer[end:]
            self.received(message)

    def received(self, message: bytes) -> None:
        raise NotImplementedError


class Connector(Http):
    """What bots send to. Notes for which conversation each request was."""

    ANSWER = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b'Content-Length: 12\r\n\r\n{"id": "id"}'
    )

    def __init__(self, teams: "Teams") -> None:
        super().__init__()
        self._teams = teams

    REFUSAL = (
        b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n"
        b"Retry-After: 1\r\nContent-Length: 2\r\n\r\n{}"
    )

    def received(self, message: bytes) -> None:
        method, path, _ = message.split(b" ", 2)
        # /v3/conversations/ID/activities...
        conversation = path.split(b"/")[3].decode()
        if not self._teams.allows(method.decode(), conversation):
            self.transport.write(self.REFUSAL)
            return
        self.transport.write(self.ANSWER)
        self._teams.sent_to(conversation)


class Client(Http):
    """One connection of Teams' to the bot."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: asyncio.Future[bytes] | None = None

    async def post(self, request: bytes) -> bytes:
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer

    def received(self, message: bytes) -> None:
        assert self._answer
        self._answer.set_result(message)

    def connection_lost(self, _: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionError("the bot hung up"))


class Teams:
    """Conversations with bots, and how many requests each has got from its bot."""

    def __init__(self) -> None:
        self.identity = TeamsIdentity(make_key())
        self.requests = 0
        self._expected: dict[str, asyncio.Future[None]] = {}
        self.service_url: str
        self.identity_url: str

    def allows(self, method: str, conversation: str) -> bool:
        """Whether this may be sent now: here there are no limits."""
        del method, conversation
        return True

    def sent_to(self, conversation: str) -> None:
        self.requests += 1
        self._expected.pop(conversation).set_result(None)

    async def turn(self, client: Client, conversation: str, request: bytes) -> tuple[bytes, float]:
        """Post; the answer, and the seconds until it and the bot's own request were there."""
        sent = self._expected[conversation] = asyncio.get_running_loop().create_future()
        began = perf_counter()
        answer = await client.post(request)
        await sent
        return answer, perf_counter() - began

    def request(self, activity: Json) -> bytes:
        body = json.dumps(activity).encode()
        return self._head + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def activity(self, conversation: str, kind: str) -> Json:
        """What every activity says, in the personal chat of one person."""
        return {
            "type": kind,
            "id": f"f:{conversation}",
            "timestamp": "2026-01-01T12:00:00.000Z",
            "localTimestamp": "2026-01-01T13:00:00.000+01:00",
            "localTimezone": "Europe/Oslo",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": f"29:{conversation}", "name": "Kari", "aadObjectId": conversation},
            "conversation": {
                "id": conversation,
                "conversationType": "personal",
                "tenantId": TENANT,
            },
            "recipient": {"id": BOT_ID, "name": "Kollegial"},
            "entities": [{"type": "clientInfo", "locale": "nb-NO", "timezone": "Europe/Oslo"}],
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "nb-NO",
        }

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Self]:
        loop = asyncio.get_running_loop()
        connector = await loop.create_server(lambda: Connector(self), "127.0.0.1", 0)
        self.service_url = f"http://127.0.0.1:{connector.sockets[0].getsockname()[1]}"
        token = self.identity.signed(self.identity.claims(APP_ID, self.service_url))
        self._head = (
            b"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\n"
            b"Authorization: Bearer " + token.encode() + b"\r\n"
        )
        app = web.Application()
        app.add_routes(self.identity.routes())
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.identity_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()
            connector.close()
