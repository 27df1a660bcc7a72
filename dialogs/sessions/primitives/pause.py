"""A break."""

from dataclasses import dataclass
from typing import Literal

from dialogs.sessions.method import Method, Phase, Primitive
from dialogs.sessions.state import Pace, Session


@dataclass(frozen=True, slots=True)
class Pause(Primitive):
    """A break; over days there is none."""

    kind: Literal["pause"] = "pause"

    def is_possible(self, method: Method, session: Session, phase: Phase) -> bool:
        return session.pace == "live"

    def waits(self, pace: Pace) -> bool:
        return False
