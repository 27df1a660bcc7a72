"""Rows of the outbox that go to a conversation."""

from dataclasses import asdict
from datetime import datetime

from bot.gateway.events import Conversation, Json
from storage.outbox import Message


def message_to(
    conversation: Conversation, kind: str, key: str, payload: Json, due_at: datetime
) -> Message:
    """What the dispatcher is to send; a key that was used before sends nothing."""
    return Message(key, kind, asdict(conversation), payload, due_at)
