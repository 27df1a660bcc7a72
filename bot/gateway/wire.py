"""The JSON of a request as the SDK's `Activity`."""

import json
from typing import Any, NoReturn

import botbuilder.schema
from botbuilder.schema import Activity
from msrest import Deserializer
from msrest.exceptions import DeserializationError  # type: ignore[attr-defined] # re-exported

from bot.gateway.refused import Refused

TEXTS = (
    "type", "id", "serviceUrl", "channelId", "replyToId",
    "locale", "localTimezone", "text", "name", "action",
)  # fmt: skip
OBJECTS = {
    "from": ("id", "name", "aadObjectId"),
    "recipient": ("id",),
    "conversation": ("id", "conversationType", "tenantId"),
}
LISTS = ("entities", "membersAdded", "membersRemoved")
REQUIRED = ("type", "channelId", "from", "recipient", "conversation")


class Wire:
    """Reads activities. One deserializer for good: building one per turn is slow."""

    def __init__(self) -> None:
        self._deserialize = Deserializer(  # type: ignore[no-untyped-call] # half typed
            {
                name: model
                for name, model in vars(botbuilder.schema).items()
                if isinstance(model, type)
            }
        )

    def activity(self, body: bytes) -> Activity:
        """The activity in a request's body.

        Only the fields that the gateway reads are given to the SDK; `value` and
        `channelData`, which may be anything, stay plain JSON.

        Raises:
            Refused: it is no JSON object, or a field is missing or of the wrong type (400).
        """
        raw = _parse(body)
        _check(raw)
        known = {key: raw[key] for key in (*TEXTS, *OBJECTS, *LISTS) if key in raw}
        try:
            activity = self._deserialize("Activity", known)
        except (DeserializationError, RecursionError):
            raise Refused(400, "the activity has a field of the wrong type") from None
        activity.value = raw.get("value")
        activity.channel_data = raw.get("channelData")
        return activity


def _parse(body: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not JSON") from None
    if not isinstance(raw, dict):
        raise Refused(400, "the body is not a JSON object")
    return raw


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity: Python would read them, JSON has none


def _check(raw: dict[str, Any]) -> None:
    if not all(raw.get(key) for key in REQUIRED):
        raise Refused(400, "the activity lacks a required field")
    texts = [raw.get(key) for key in TEXTS]
    for key, fields in OBJECTS.items():
        if not isinstance(raw[key], dict):
            raise Refused(400, "the activity has a field of the wrong type")
        texts += [raw[key].get(field) for field in fields]
    if not all(text is None or isinstance(text, str) for text in texts):
        raise Refused(400, "the activity has a field of the wrong type")
