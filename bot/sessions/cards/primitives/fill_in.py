"""One of the method's forms."""

from typing import ClassVar

from bot.gateway.events import Json
from bot.sessions.cards.part import PartView, form_press
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import paragraph, plain
from dialogs.sessions.primitives.fill_in import FillIn
from dialogs.sessions.state import Opened


class FillInView(PrimitiveView[FillIn]):
    """Filled in on cards of its own."""

    seen_by: ClassVar = "form"

    def task(self) -> str:
        return self.say("session.do.form.leader" if self._is_leaders else "session.do.form")

    def addressed(self) -> str:
        return self.say("own.form") if self._is_leaders else self.task()

    def how(self) -> str:
        return self.say("session.how.form.leader" if self._is_leaders else "session.how.form")

    @property
    def _is_leaders(self) -> bool:
        return self.phase.acts == "facilitator"

    def opens(self) -> str:
        return "session.button.form"

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        form = self.meeting.method.forms[self.does.form]
        carried = {"group": self.meeting.group_id, "form": form.id}
        opens = form_press(self.say("session.button.form"), "open", carried, style="positive")
        return [
            paragraph(plain(form.intro[self.say.language])),
            {"type": "ActionSet", "actions": [opens]},
        ]
