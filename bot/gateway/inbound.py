"""From the SDK's `Activity` to the plain values of `events`."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Literal
from zoneinfo import available_timezones

from botbuilder.schema import Activity, ChannelAccount

from bot.gateway.events import (
    Added,
    Conversation,
    ConversationKind,
    Incoming,
    Json,
    MembersLeft,
    Message,
    Origin,
    Person,
    Press,
    Removed,
    Stranger,
)
from bot.gateway.refused import HttpRefusal
from dialogs.writing.normalising import Mention, normalise, unmarked

KINDS: dict[str | None, ConversationKind] = {
    "personal": "personal",
    "groupChat": "groupChat",
    "channel": "channel",
}

LONGEST_ID, LONGEST_NAME = 1024, 256
"""Characters. Teams' own are far shorter."""


def event(activity: Activity) -> Incoming | None:
    """What happened; None for what the bot does not act upon.

    Who is vouched for and has no directory id is a `stranger`. Only where nothing is vouched
    for, on a developer's loopback, may `from.id` stand in for a person.

    Raises:
        Refused: a field is missing or malformed, or an invoke is of a kind that the
            bot does not know (400: it is no fault of ours).
    """
    match activity.type, activity.action:
        case "message", _:
            return _message(activity)
        case "invoke", _:
            return _invoke(activity)
        case "installationUpdate", "add":
            return Added(_installed(activity))
        case "installationUpdate", "remove":
            return Removed(_origin(activity))
        case "conversationUpdate", _ if _has_bot(activity.members_added, activity):
            return Added(_installed(activity))
        case "conversationUpdate", _ if _has_bot(activity.members_removed, activity):
            return Removed(_origin(activity))
        case "conversationUpdate", _ if activity.members_removed:
            return MembersLeft(_origin(activity), tuple(map(_id, activity.members_removed)))
    return None


def stranger(activity: Activity, allowed: Collection[str]) -> Stranger | None:
    """Who comes from another tenant, or speaks without an account in a directory.

    Raises:
        Refused: a field is missing or malformed (400).
    """
    speaks = activity.type in ("message", "invoke")
    is_guest = speaks and not activity.from_property.aad_object_id
    is_foreign = not tenants(activity) <= set(allowed)
    if not (is_foreign or is_guest):
        return None
    why: Literal["guest", "tenant"] = "tenant" if is_foreign else "guest"
    return Stranger(_origin(activity), why, activity.type == "invoke", speaks)


def tenants(activity: Activity) -> set[str]:
    """Every tenant that the activity names: of the place, and of who acts there."""
    theirs = activity.from_property.additional_properties.get("tenantId")
    return {name.lower() for name in (*_tenants_of_place(activity), theirs) if name}


def _tenants_of_place(activity: Activity) -> Iterator[str]:
    if activity.conversation.tenant_id:
        yield activity.conversation.tenant_id
    match activity.channel_data:
        case {"tenant": {"id": str(id_)}}:
            yield id_


def _message(activity: Activity) -> Message | Press:
    origin = _origin(activity)
    if not activity.text and isinstance(activity.value, dict):
        return Press(
            origin,
            verb=_text(activity.value, "verb"),
            data=activity.value,
            card_id=activity.reply_to_id,
            is_invoke=False,
            is_automatic=False,
        )
    return Message(origin, _spoken(activity), unmarked(activity.text or ""))


def _invoke(activity: Activity) -> Press:
    if activity.name != "adaptiveCard/action":
        raise HttpRefusal(400, "an invoke of this kind is not supported")
    match activity.value:
        case {"action": {"type": "Action.Execute"} as action}:
            data = action.get("data")
            return Press(
                _origin(activity),
                verb=_text(action, "verb"),
                data=data if isinstance(data, dict) else {},
                card_id=activity.reply_to_id,
                is_invoke=True,
                is_automatic=activity.value.get("trigger") == "automatic",
            )
    raise HttpRefusal(400, "the invoke holds no action")


def _origin(activity: Activity) -> Origin:
    sender, place = activity.from_property, activity.conversation
    kind = KINDS.get(place.conversation_type)
    if kind is None:
        raise HttpRefusal(400, "the activity lacks a required field")
    ids = (
        *(sender.aad_object_id, sender.id, place.id),
        *(activity.id, activity.service_url, activity.reply_to_id),
    )
    if not all(_is_id(each or "") for each in ids):  # not every database could keep them
        raise HttpRefusal(400, "an id holds a character that none has")
    info = _client_info(activity)
    zone = _text(info, "timezone") or activity.local_timezone
    return Origin(
        person=Person(_id(sender), sender.id, _name(sender)),
        conversation=Conversation(
            id=place.id,
            kind=kind,
            tenant=next(_tenants_of_place(activity), "").lower(),
            service_url=activity.service_url,
            team=_team(activity),
        ),
        activity_id=activity.id or "",
        locale=activity.locale or _text(info, "locale"),
        timezone=zone if zone in _zones() else None,
    )


def _installed(activity: Activity) -> Origin:
    """In a team: the channel that was chosen for it, where one was."""
    origin = _origin(activity)
    match activity.channel_data:
        case {"settings": {"selectedChannel": {"id": str(id_)}}} if id_ and id_.isprintable():
            return replace(origin, conversation=replace(origin.conversation, id=id_))
    return origin


def _is_id(text: str) -> bool:
    return len(text) <= LONGEST_ID and text.isprintable()


def _name(sender: ChannelAccount) -> str:
    """As Teams shows it, without what cannot be stored."""
    return "".join(filter(str.isprintable, (sender.name or "")[:LONGEST_NAME]))


def _id(sender: ChannelAccount) -> str:
    """A directory id in small letters: it is the same person in capitals."""
    return str(sender.aad_object_id or "").lower() or str(sender.id)


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
    """What somebody wrote; other people's mentions become names."""
    mentions = []
    for entity in activity.entities:
        match entity.additional_properties:
            case {"type": "mention", "mentioned": {"id": str(id_)} as mentioned} as mention:
                is_bot = id_ == activity.recipient.id
                piece, name = _text(mention, "text"), _text(mentioned, "name")
                mentions.append(Mention(piece, name, is_bot=is_bot))
    return normalise(activity.text or "", mentions, activity.recipient.name or "")


def _text(thing: dict[str, Any], key: str) -> str:
    """The string under a key; empty where there is none."""
    value = thing.get(key)
    return value if isinstance(value, str) else ""
