"""The primitives that phases are made of, each a module.

To add one: its module here and its name in `AnyPrimitive` below, its cards in
`bot/sessions/cards/primitives` and their name there. docs/methods.md says how.
"""

from typing import Annotated, TypeAlias, get_args

from pydantic import Field, TypeAdapter

from dialogs.sessions.method import Primitive
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.primitives.cluster import Cluster
from dialogs.sessions.primitives.fill_in import FillIn
from dialogs.sessions.primitives.findings import Findings
from dialogs.sessions.primitives.follow_up import FollowUp
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.matrix import Matrix
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.pause import Pause
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote

AnyPrimitive: TypeAlias = (
    Open  # the first stands in for one that is not known
    | Inform
    | Round
    | Owner
    | Vote
    | Private
    | Guide
    | Agreement
    | Rating
    | Matrix
    | Cluster
    | Findings
    | FillIn
    | Pause
    | FollowUp
)
TYPES: dict[str, type[Primitive]] = {
    each.__dataclass_fields__["kind"].default: each for each in get_args(AnyPrimitive)
}
"""By the name that `does` has in a file."""
_read: TypeAdapter[AnyPrimitive] = TypeAdapter(Annotated[AnyPrimitive, Field(discriminator="kind")])


def load(value: object) -> Primitive:
    """Of a method's document."""
    return _read.validate_python(value)
