"""What was tried since last time."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from dialogs.sessions.method import Primitive


@dataclass(frozen=True, slots=True)
class FollowUp(Primitive):
    """What was tried since last time, from those who want to tell; each sees their own note."""

    kind: Literal["follow_up"] = "follow_up"

    writes: ClassVar = True
    gives_word: ClassVar = True
    hears_all: ClassVar = True
    brings_notes: ClassVar = True
