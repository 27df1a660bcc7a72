"""Somebody says something."""

from typing import ClassVar

from bot.sessions.cards.view import PrimitiveView
from dialogs.sessions.primitives.inform import Inform


class InformView(PrimitiveView[Inform]):
    """Nothing is written."""

    seen_by: ClassVar = "nothing"
    is_awaited: ClassVar = False
    is_done_with: ClassVar = False

    def leading(self) -> str:
        return self.say("panel.do.inform")

    def opens(self) -> str:
        return ""
