"""Rows of the outbox that go to a conversation."""

from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b

from bot.gateway.events import Conversation, Json
from dialogs.study import Language
from storage.outbox import Message


def message_to(
    conversation: Conversation, kind: str, key: str, payload: Json, due_at: datetime
) -> Message:
    """What the dispatcher is to send; a key that was used before sends nothing."""
    return Message(key, kind, asdict(conversation), payload, due_at)


def information(
    chat: Conversation,
    study: str,
    key: str,
    due_at: datetime,
    *,
    language: Language,
    because: str = "study.origin",
) -> Message:
    """The information of a study, in somebody's personal chat, where they can begin it.

    Whoever has a form to fill in now gets it so: an observer of a session, say. `because`
    is the key of the text that tells why they get it.
    """
    payload = {"study": study, "language": language, "because": because}
    return message_to(chat, "consent", key, payload, due_at)


def digest(*parts: str) -> str:
    """A key that outlives its row's contents and names nobody."""
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
