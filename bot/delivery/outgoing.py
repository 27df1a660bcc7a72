"""Rows of the outbox that go to a conversation."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b
from secrets import token_hex

from bot.gateway.events import Conversation, Json
from dialogs.groups.group import Group
from dialogs.groups.reminders import SourceName
from dialogs.studies.study import Language
from storage.operational.outbox import OutboxMessage


def message_to(
    conversation: Conversation, kind: str, key: str, payload: Json, due_at: datetime
) -> OutboxMessage:
    """What the dispatcher is to send; a key that was used before sends nothing."""
    return OutboxMessage(key, kind, asdict(conversation), payload, due_at)


def information(
    person: str,
    near: Conversation,
    study: str,
    key: str,
    due_at: datetime,
    *,
    language: Language,
    because: str = "study.origin",
) -> OutboxMessage:
    """The information of a study, in somebody's personal chat, where they can begin it.

    `near` is where they asked for it, and `because` the key of the text that tells why they
    get it: an observer of a session gets their form so.
    """
    about = {"person": person, "study": study, "language": language, "because": because}
    return message_to(near, "consent", key, about, due_at)


def digest(*parts: str) -> str:
    """A key that outlives its row's contents and names nobody."""
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def place_cases(group: Group, now: datetime, key: str, *, session: str = "") -> OutboxMessage:
    """Have every case of a panel get its place: its meetings are others, or one of them is over."""
    about = {"group": group.id, "session": session}
    return OutboxMessage(digest("place_cases", group.id, key), "place_cases", {}, about, now)


def case_closed(
    group: Group, titles: Mapping[Language, str], person: str, now: datetime
) -> OutboxMessage:
    """Tell who brought a case that the panel is no more: the row outlives its group."""
    about = {
        "person": person,
        "titles": dict(titles),
        "language": group.language,
        "zone": group.timezone,
    }
    key = digest("case_closed", group.id, person)
    return OutboxMessage(key, "case_closed", dict(group.conversation), about, now)


def plan_row(source: SourceName, of: str, now: datetime) -> OutboxMessage:
    """Have reminders planned: whenever the people or the times of a group or an offer change."""
    return OutboxMessage(token_hex(16), "plan_reminders", {}, {"source": source, "of": of}, now)
