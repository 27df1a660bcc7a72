"""The bot, or the facilitator, says something."""

from dataclasses import dataclass
from typing import Literal

from dialogs.sessions.method import Primitive
from dialogs.sessions.state import Pace


@dataclass(frozen=True, slots=True)
class Inform(Primitive):
    """The facilitator, or the bot, says something; nobody need do anything."""

    kind: Literal["inform"] = "inform"

    def waits(self, pace: Pace) -> bool:
        return pace == "days"
