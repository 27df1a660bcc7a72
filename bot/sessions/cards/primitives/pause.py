"""A break."""

from typing import ClassVar

from bot.sessions.cards.view import PrimitiveView
from dialogs.sessions.primitives.pause import Pause


class PauseView(PrimitiveView[Pause]):
    """Nothing is written."""

    seen_by: ClassVar = "nothing"
    is_awaited: ClassVar = False
    is_done_with: ClassVar = False

    def opens(self) -> str:
        return ""
