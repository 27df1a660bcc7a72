"""What each small group found."""

from bot.gateway.events import Json
from bot.sessions.cards.meeting import is_read
from bot.sessions.cards.part import PartView
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import paragraph, plain, small
from dialogs.sessions import queries
from dialogs.sessions.primitives.findings import MOST_LINES, Findings, lines_of
from dialogs.sessions.state import Opened, Suggested, Wording


class FindingsView(PrimitiveView[Findings]):
    """The lines of one small group until all are shown, and then those of all."""

    def task(self) -> str:
        shown = is_read(self.meeting.session, self.phase)
        return self.say("session.do.findings.shown" if shown else "session.do.findings")

    def how(self) -> str:
        return self.say("session.how.findings")

    def opens(self) -> str:
        return "session.button.findings"

    def about(self) -> str:
        """What they go on from, until all lines are shown: those are for all, and this is not."""
        return "" if self._is_shown() else self.does.of

    def body(self) -> list[Json]:
        if (wording := self._wording()) is None or self._is_shown():
            return []
        lines = [paragraph(f"- {plain(line)}", spacing="Small") for line in lines_of(wording.text)]
        said = self.say("session.found", n=len(wording.confirmed))
        return [{"type": "Container", "style": "emphasis", "items": [small(said), *lines]}]

    def agrees(self) -> list[Json]:
        """To say yes on the small group's card, which stays."""
        return [self._yes(wording, stays=1)] if (wording := self._wording()) else []

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        """Put other lines in their place, or say yes to them."""
        say, meeting, wording = self.say, self.meeting, self._wording()
        edition = wording.edition if wording else 0
        buttons = [meeting.press(say("own.findings.send"), "agree", edition=edition)]
        if any(isinstance(each, Suggested) for each in view.notices):
            anyway = meeting.press(say("own.send.anyway"), "agree", edition=edition, anyway="yes")
            buttons.append(anyway)
        if wording:
            buttons.append(self._yes(wording))
        return [
            {
                "type": "Input.Text",
                "id": "text",
                "label": say("own.findings", n=MOST_LINES),
                "isMultiline": True,
                "value": view.text or (wording.text if wording else ""),
            },
            {"type": "ActionSet", "actions": buttons},
        ]

    def _is_shown(self) -> bool:
        return bool(queries.shown(self.meeting.method, self.meeting.session, self.phase.id))

    def _wording(self) -> Wording | None:
        """Of the small group whose card it is."""
        return self.meeting.session.wordings.get(self.phase.id)

    def _yes(self, wording: Wording, **data: int) -> Json:
        title, edition = self.say("own.findings.yes"), wording.edition
        return self.meeting.press(title, "confirm", style="positive", edition=edition, **data)
