"""The JSON of requests: those that come as the SDK's `Activity`, those that go as bytes.

An activity is built field by field. The SDK's own deserializer takes a quarter of a turn's
time, makes text of whatever stands where text should, and reads the tenant
from a key that Teams never sends (`tenantID`).
"""

import json
from typing import Any, NoReturn

import aiohttp
import orjson
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, Entity

from bot.gateway.events import Json
from bot.gateway.refused import HttpRefusal

MOST_ANSWERED = 2**20
"""Bytes: Microsoft's signing keys take some 30,000."""


def read_activity(body: bytes) -> Activity:
    """The activity in a request's body, as far as the gateway reads it.

    `value`, `channelData` and the properties of entities stay plain JSON.

    Raises:
        Refused: it is no JSON object, or a field is missing or of the wrong type (400).
    """
    raw = _parse(body)
    place = _object(raw, "conversation")
    return Activity(
        type=_needed(raw, "type"),
        id=_text(raw, "id"),
        service_url=_text(raw, "serviceUrl"),
        channel_id=_needed(raw, "channelId"),
        from_property=_account(_object(raw, "from")),
        recipient=_account(_object(raw, "recipient")),
        conversation=ConversationAccount(
            id=_needed(place, "id"),
            conversation_type=_text(place, "conversationType"),
            tenant_id=_text(place, "tenantId"),
        ),
        members_added=[_account(member) for member in _objects(raw, "membersAdded")],
        members_removed=[_account(member) for member in _objects(raw, "membersRemoved")],
        entities=[_entity(entity) for entity in _objects(raw, "entities")],
        reply_to_id=_text(raw, "replyToId"),
        locale=_text(raw, "locale"),
        local_timezone=_text(raw, "localTimezone"),
        text=_text(raw, "text"),
        name=_text(raw, "name"),
        action=_text(raw, "action"),
        value=raw.get("value"),
        channel_data=raw.get("channelData"),
    )


def write_json(value: Json) -> bytes:
    """Compact JSON. orjson takes 10 µs for a card where `json` takes 250."""
    try:
        return orjson.dumps(value)
    except TypeError:  # lone surrogates, which it refuses and Teams may well send in a name
        return json.dumps(value, separators=(",", ":")).encode()


async def read_answer(response: aiohttp.ClientResponse) -> bytes:
    """The body of an answer; nothing of one that is larger than any that makes sense."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MOST_ANSWERED:
            return b""
    return bytes(body)


def _parse(body: bytes) -> Json:
    try:
        raw = _read(body)
    except (ValueError, RecursionError):
        raise HttpRefusal(400, "the body is not JSON") from None
    if not isinstance(raw, dict):
        raise HttpRefusal(400, "the body is not a JSON object")
    return raw


def _read(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:  # lone surrogates, again, and numbers beyond all bounds
        return json.loads(body, parse_constant=_no_number)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity: Python would read them, JSON has none


def _account(raw: Json) -> ChannelAccount:
    account = ChannelAccount(
        id=_needed(raw, "id"), name=_text(raw, "name"), aad_object_id=_text(raw, "aadObjectId")
    )
    account.additional_properties = {"tenantId": _text(raw, "tenantId")}
    return account


def _entity(raw: Json) -> Entity:
    entity = Entity(type=_text(raw, "type"))
    entity.additional_properties = raw
    return entity


def _object(raw: Json, key: str) -> Json:
    value = raw.get(key)
    if not isinstance(value, dict):
        raise _wrong(value)
    return value


def _objects(raw: Json, key: str) -> list[Json]:
    value = raw.get(key)
    if value is None:
        return []
    if not (isinstance(value, list) and all(isinstance(each, dict) for each in value)):
        raise _wrong(value)
    return value


def _text(raw: Json, key: str) -> str | None:
    value = raw.get(key)
    if not (value is None or isinstance(value, str)):
        raise _wrong(value)
    return value


def _needed(raw: Json, key: str) -> str:
    value = _text(raw, key)
    if not value:
        raise _wrong(None)
    return value


def _wrong(value: Any) -> HttpRefusal:
    if value is None:
        return HttpRefusal(400, "the activity lacks a required field")
    return HttpRefusal(400, "the activity has a field of the wrong type")
