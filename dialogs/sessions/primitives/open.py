"""Anyone, any number of times."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from dialogs.sessions.method import Primitive
from dialogs.sessions.state import Pace


@dataclass(frozen=True, slots=True)
class Open(Primitive):
    """Anyone, any number of times."""

    kind: Literal["open"] = "open"

    writes: ClassVar = True
    can_be_apart: ClassVar = True
    gives_word: ClassVar = True

    def waits(self, pace: Pace) -> bool:
        return pace == "days"
