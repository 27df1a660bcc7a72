"""Anyone, any number of times."""

from typing import ClassVar

from bot.sessions.cards.view import PrimitiveView
from dialogs.sessions.primitives.open import Open


class OpenView(PrimitiveView[Open]):
    """Nobody is awaited."""

    is_awaited: ClassVar = False
