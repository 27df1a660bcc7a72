"""From the SDK's `Activity` to the plain values of `events`."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from botbuilder.schema import Activity, ChannelAccount

from bot.gateway.events import (
    Added,
    Conversation,
    ConversationKind,
    Event,
    Json,
    Message,
    Origin,
    Person,
    Press,
    Removed,
)
from bot.gateway.refused import Refused

KINDS: dict[str | None, ConversationKind] = {
    "personal": "personal",
    "groupChat": "groupChat",
    "channel": "channel",
}


def event(activity: Activity, *, is_trusted: bool) -> Event | None:
    """What happened; None for what the bot does not act upon.

    `is_trusted` says that the identities are vouched for by Teams. Only where
    nothing is, on a developer's loopback, may `from.id` stand in for a person.

    Raises:
        Refused: a field is missing or malformed (400), or an invoke is of a
            kind that the bot does not know (501).
    """
    match activity.type, activity.action:
        case "message", _:
            return _message(activity, is_trusted=is_trusted)
        case "invoke", _:
            return _invoke(activity, is_trusted=is_trusted)
        case "installationUpdate", "add":
            return Added(_origin(activity))
        case "installationUpdate", "remove":
            return Removed(_origin(activity))
        case "conversationUpdate", _ if _has_bot(activity.members_added, activity):
            return Added(_origin(activity))
        case "conversationUpdate", _ if _has_bot(activity.members_removed, activity):
            return Removed(_origin(activity))
    return None


def tenants(activity: Activity) -> set[str]:
    """Every tenant that the activity names: they should be one."""
    named = {activity.conversation.tenant_id}
    match activity.channel_data:
        case {"tenant": {"id": str(id_)}}:
            named.add(id_)
    return {name for name in named if name}


def _message(activity: Activity, *, is_trusted: bool) -> Message | Press:
    origin = _origin(activity, needs_identity=is_trusted)
    if not activity.text and isinstance(activity.value, dict):
        return Press(
            origin,
            verb=_text(activity.value, "verb"),
            data=activity.value,
            card_id=activity.reply_to_id,
            is_invoke=False,
            is_automatic=False,
        )
    return Message(origin, _spoken(activity))


def _invoke(activity: Activity, *, is_trusted: bool) -> Press:
    if activity.name != "adaptiveCard/action":
        raise Refused(501, "an invoke of this kind is not supported")
    match activity.value:
        case {"action": {"type": "Action.Execute"} as action}:
            data = action.get("data")
            return Press(
                _origin(activity, needs_identity=is_trusted),
                verb=_text(action, "verb"),
                data=data if isinstance(data, dict) else {},
                card_id=activity.reply_to_id,
                is_invoke=True,
                is_automatic=activity.value.get("trigger") == "automatic",
            )
    raise Refused(400, "the invoke holds no action")


def _origin(activity: Activity, *, needs_identity: bool = False) -> Origin:
    sender, place = activity.from_property, activity.conversation
    if needs_identity and not sender.aad_object_id:
        raise Refused(400, "the sender has no directory id")
    kind = KINDS.get(place.conversation_type)
    if kind is None:
        raise Refused(400, "the activity lacks a required field")
    ids = sender.aad_object_id, sender.id, place.id, activity.id, activity.service_url
    if not all((each or "").isprintable() for each in ids):  # not every database could keep them
        raise Refused(400, "an id holds a character that none has")
    info = _client_info(activity)
    zone = _text(info, "timezone") or activity.local_timezone
    return Origin(
        person=Person(sender.aad_object_id or sender.id, sender.id, sender.name or ""),
        conversation=Conversation(
            id=place.id,
            kind=kind,
            tenant=min(tenants(activity), default=""),
            service_url=activity.service_url,
            team=_team(activity),
        ),
        activity_id=activity.id or "",
        locale=activity.locale or _text(info, "locale"),
        timezone=zone if zone in _zones() else None,
    )


@cache
def _zones() -> set[str]:
    return available_timezones()


def _has_bot(members: list[ChannelAccount], activity: Activity) -> bool:
    return any(member.id == activity.recipient.id for member in members)


def _team(activity: Activity) -> str | None:
    match activity.channel_data:
        case {"team": {"id": str(id_)}}:
            return id_
    return None


def _client_info(activity: Activity) -> Json:
    infos = (each for each in activity.entities if each.type == "clientInfo")
    return next((dict(info.additional_properties) for info in infos), {})


def _spoken(activity: Activity) -> str:
    """The text without the mention of the bot; other people's mentions become names."""
    text = activity.text or ""
    for entity in activity.entities:
        match entity.additional_properties:
            case {
                "type": "mention",
                "text": str(tag),
                "mentioned": {"id": str(id_)} as mentioned,
            } if tag:
                name = "" if id_ == activity.recipient.id else _text(mentioned, "name")
                text = text.replace(tag, name)
    return text.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ").strip()


def _text(thing: dict[str, Any], key: str) -> str:
    """The string under a key; empty where there is none."""
    value = thing.get(key)
    return value if isinstance(value, str) else ""
