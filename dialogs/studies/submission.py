"""How every dialog about a study ends: handed in, under a pseudonym, or broken off."""

from dataclasses import dataclass
from typing import Literal

PSEUDONYM_LIMIT = 60
"""Characters in a pseudonym; those that are drawn have fewer."""

# What the participant does


@dataclass(frozen=True, slots=True)
class Redrawn:
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Deliver. `earlier_code` is the code of an answer to replace, or empty.

    `before_code` is that of the participant's own sort before, where there was one.
    """

    earlier_code: str = ""
    before_code: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """Break off: the draft is to be destroyed."""


# What the shell is to do or say


@dataclass(frozen=True, slots=True)
class Deliver:
    """Seal the answer and hand it in."""

    earlier_code: str
    before_code: str = ""


@dataclass(frozen=True, slots=True)
class Discard:
    """Destroy the draft."""


@dataclass(frozen=True, slots=True)
class OutOfTurn:
    """A press that does not belong to this step; nothing was changed."""

    kind: Literal["out_of_turn"] = "out_of_turn"
