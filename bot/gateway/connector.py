"""One request to the Bot Connector: the right pace, the right token, the right retries.

What can go wrong sorts itself by one question: may it have taken effect?

    refused before sending     no      try again, then `Unreachable`
    412, 429                   no      try again, then `Unreachable`
    401                        no      once more with a new token, then `Unreachable`
    404 ConversationNotFound   no      `NotFound`: the same id may work in a minute
    502, 503, 504, time-out    maybe   try again if repeating is harmless, else `Ambiguous`
    other 5xx, torn response   maybe   `Ambiguous`
    other 4xx, 501             no      `Final`
"""

import asyncio
import email.utils
import json
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal, TypeAlias

import aiohttp
from yarl import URL

from bot.gateway.credentials import AccessToken
from bot.gateway.delivery_context import DeliveryContext, current_delivery
from bot.gateway.events import Ambiguous, Final, Json, NotFound, SendError, Unreachable
from bot.gateway.limits import RESERVE, Limits, OnTheirWay, RateWindow, Windows
from bot.gateway.wire import read_answer, write_json
from bot.operation import metrics

CallKind: TypeAlias = Literal["send", "change", "read"]
"""Creating something, changing what is there, or reading members."""

PATIENCE_S = 10.0
"""How long one call may take with all its retries: a turn has 15 s in all."""

CONNECT_S = 3.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 3600.0
"""However long Teams wants to be left alone, we ask again after an hour."""
LOOK_AGAIN_S = 0.01
"""Until when something slow may have been answered."""

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")
"""It goes to the log and to whoever looks after the outbox: a word, and no sentence."""

NOT_DONE = {HTTPStatus.PRECONDITION_FAILED, HTTPStatus.TOO_MANY_REQUESTS}
TRANSIENT = {
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, and what repeating it would mean."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    service_url: str
    path: str
    tenant: str
    place: str
    """The conversation whose rate limit it counts against."""
    kind: CallKind
    body: Json | None = None
    is_repeatable: bool = True
    """Whether doing it twice leaves the same as doing it once."""


class _Again(Exception):
    """An attempt that failed with `error` but is worth repeating."""

    def __init__(self, error: SendError, after: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.after = after


class _Pace:
    """When something may be sent: in its turn, and when there is room where it arrives."""

    def __init__(self, windows: Sequence[RateWindow]) -> None:
        self.slots = Windows(windows)
        self.away = OnTheirWay(windows)

    def share(self, among: int) -> None:
        self.slots.share(among)
        self.away.share(among)


class Connector:
    """Requests over one pooled session."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: AccessToken | None,
        limits: Limits,
        *,
        patience: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._session = session
        self._token = token
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._bulk = asyncio.Lock()
        self._requests = _Pace(limits.requests)
        self._places: dict[CallKind, _Pace] = {
            "send": _Pace(limits.sends),
            "change": _Pace(()),
            "read": _Pace(limits.member_reads),
        }

    def share(self, among: int) -> None:
        """Take an equal part of what the tenant is allowed, among so many replicas."""
        self._requests.share(among)

    async def request(self, call: Call) -> Json:
        """The response's JSON object, empty where there is none.

        Raises:
            SendError: as the table at the top says.
        """
        delivery = current_delivery()
        if delivery is None or call.is_repeatable:
            return await self._request(call, delivery)
        was_there = delivery.may_be_there
        try:
            return await self._request(call, delivery)
        except (Unreachable, Final):
            delivery.may_be_there = was_there
            raise

    async def _request(self, call: Call, delivery: DeliveryContext | None) -> Json:
        deadline = self._clock() + self._patience
        attempt = 0
        while True:
            try:
                return await self._attempt(call, deadline, delivery, is_first=attempt == 0)
            except _Again as again:
                pause = _backoff(attempt) if again.after is None else again.after
                if self._clock() + pause >= deadline:
                    raise again.error from None
            await self._sleep(pause)
            attempt += 1

    @asynccontextmanager
    async def _paced(
        self, call: Call, deadline: float, delivery: DeliveryContext | None
    ) -> AsyncIterator[None]:
        """Wait for one's turn; what is done inside of the block counts against the limits."""
        began, is_bulk = self._clock(), bool(delivery and delivery.is_bulk)
        await (self._queue_up if is_bulk else self._take_a_slot)(call, deadline, delivery)
        metrics.paced("bulk" if is_bulk else "prompt", self._clock() - began)
        try:
            yield
        finally:
            for pace, key in self._counting(call):
                pace.away.answer(key, self._clock())

    def _counting(self, call: Call) -> tuple[tuple[_Pace, str], ...]:
        return (self._places[call.kind], call.place), (self._requests, call.tenant)

    async def _take_a_slot(
        self, call: Call, deadline: float, delivery: DeliveryContext | None
    ) -> None:
        await _begin(call, delivery)
        for pace, key in self._counting(call):
            slot = pace.slots.next_slot(key, self._clock())
            if slot < deadline:
                pace.slots.take(key, slot)
            await self._sleep_until(slot, deadline)
        await self._send(call, deadline)

    async def _queue_up(
        self, call: Call, deadline: float, delivery: DeliveryContext | None
    ) -> None:
        """Take no slot ahead of time: whoever comes with something else goes first."""
        place = self._places[call.kind].slots
        # A busy conversation holds up no other.
        await self._sleep_until(place.next_slot(call.place, self._clock()), deadline)
        async with self._bulk:
            await _begin(call, delivery)
            now = self._clock()
            while (slot := self._next_bulk_slot(call, now)) > now:
                await self._sleep_until(slot, deadline)
                now = slot
            for pace, key in self._counting(call):
                pace.slots.take(key, now)
            await self._send(call, deadline, beside=RESERVE)

    def _next_bulk_slot(self, call: Call, now: float) -> float:
        place = self._places[call.kind].slots
        return max(
            place.next_slot(call.place, now), self._requests.slots.next_bulk_slot(call.tenant, now)
        )

    async def _send(self, call: Call, deadline: float, beside: int = 0) -> None:
        """Count it as sent, once no other that is slow on its way can crowd with it."""
        counting = self._counting(call)
        (place, _), (requests, _) = counting
        while not (
            place.away.has_room(call.place, self._clock())
            and requests.away.has_room(call.tenant, self._clock(), beside=beside)
        ):
            await self._sleep_until(self._clock() + LOOK_AGAIN_S, deadline)
        for pace, key in counting:
            pace.away.send(key)

    async def _sleep_until(self, slot: float, deadline: float) -> None:
        if slot >= deadline:
            raise Unreachable("rate limit")
        if (pause := slot - self._clock()) > 0:
            await self._sleep(pause)

    async def _attempt(
        self, call: Call, deadline: float, delivery: DeliveryContext | None, *, is_first: bool
    ) -> Json:
        token = await self._token.get() if self._token else None
        try:
            async with self._paced(call, deadline, delivery):
                seconds = deadline - self._clock()
                if seconds <= 0:
                    raise Unreachable("out of time")
                if call.is_repeatable:
                    seconds = min(seconds, self._patience / 2)  # leave time for another attempt
                response = await self._exchange(call, token, seconds)
        except ValueError:
            raise Final("InvalidServiceUrl") from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _Again(Unreachable(type(error).__name__)) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unknown_outcome(call, type(error).__name__) from None
        metrics.asked(call.kind, response.status)
        if response.status == HTTPStatus.UNAUTHORIZED and is_first and self._token and token:
            self._token.forget(token)
            raise _Again(Unreachable("Unauthorized"), after=0)
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise _judged(call, response)
        return response.body

    async def _exchange(self, call: Call, token: str | None, seconds: float) -> "_Response":
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        async with self._session.request(
            call.method,
            URL(f"{call.service_url.rstrip('/')}/v3/conversations{call.path}", encoded=True),
            data=None if call.body is None else write_json(call.body),
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=seconds, connect=min(seconds, CONNECT_S)),
            allow_redirects=False,
        ) as response:
            return _Response(
                response.status,
                _seconds(response.headers.get("Retry-After")),
                _json_object(await read_answer(response)),
            )


async def _begin(call: Call, delivery: DeliveryContext | None) -> None:
    """Put it on record: before the slot, from which on nothing may take long."""
    if delivery and not call.is_repeatable:
        await delivery.begin()
        delivery.may_be_there = True


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    retry_after: float | None
    body: Json
    """Empty for anything but a JSON object: gateways on the way answer in HTML."""


def _judged(call: Call, response: _Response) -> SendError | _Again:
    """What a status that is no success means."""
    status, code = response.status, _code(response)
    if status in NOT_DONE:
        return _Again(Unreachable(code, response.retry_after), response.retry_after)
    if status in TRANSIENT:
        return _unknown_outcome(call, code)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED:
        return Ambiguous(code)
    if status == HTTPStatus.UNAUTHORIZED or status < HTTPStatus.BAD_REQUEST:
        return Unreachable(code)
    if code == "ConversationNotFound":
        return NotFound(code)
    return Final(code, status)


def _unknown_outcome(call: Call, code: str) -> SendError | _Again:
    return _Again(Ambiguous(code)) if call.is_repeatable else Ambiguous(code)


def _code(response: _Response) -> str:
    """Teams' own word for what is wrong, in each of the forms that its services answer in.

    The connector names an error, and so do some services without an `error` around it. The
    chat service numbers its own, with what they are called as JSON in the message.
    """
    error = response.body.get("error")
    error = error if isinstance(error, dict) else response.body
    message = error.get("message")
    inner = _json_object(message.encode(errors="replace")) if isinstance(message, str) else {}
    for code in (inner.get("subCode"), error.get("code"), error.get("errorCode")):
        if isinstance(code, str) and _CODE.fullmatch(code):
            return code
    return f"HTTP {response.status}"


def _json_object(raw: bytes) -> Json:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` in seconds, whether it was written as seconds or as a date."""
    if retry_after is None:
        return None
    if retry_after.isdecimal():
        return min(float(retry_after), LONGEST_PAUSE_S)
    try:
        seconds = email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return min(max(0.0, seconds), LONGEST_PAUSE_S)


def _backoff(attempt: int) -> float:
    """0.5, 1, 2, 4 ... seconds, less up to half, so that clients fall out of step."""
    return FIRST_PAUSE_S * 2.0**attempt * random.uniform(0.5, 1)  # noqa: S311 (jitter is no secret)
