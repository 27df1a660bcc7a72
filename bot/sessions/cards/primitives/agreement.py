"""A text that all confirm."""

from bot.gateway.events import Json
from bot.sessions.cards.part import PartView
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import paragraph, plain, small
from dialogs.sessions import queries
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.state import Opened, Suggested


class AgreementView(PrimitiveView[Agreement]):
    """The wording, and how many have confirmed it."""

    def how(self) -> str:
        return self.say("session.how.agreement")

    def opens(self) -> str:
        return "session.button.agree"

    def body(self) -> list[Json]:
        session = self.meeting.session
        wording = session.wordings.get(self.phase.id)
        if wording is None:
            return []
        total = len(queries.actors(session, self.phase))
        confirmed = self.say("session.confirmed", n=len(wording.confirmed), total=total)
        return [
            {
                "type": "Container",
                "style": "emphasis",
                "items": [small(confirmed), paragraph(plain(wording.text))],
            }
        ]

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        """Put another wording in its place, or confirm it."""
        say, meeting = self.say, self.meeting
        wording = meeting.session.wordings.get(self.phase.id)
        edition = wording.edition if wording else 0
        buttons = [meeting.press(say("own.word"), "agree", style="positive", edition=edition)]
        if any(isinstance(each, Suggested) for each in view.notices):
            anyway = meeting.press(say("own.send.anyway"), "agree", edition=edition, anyway="yes")
            buttons.append(anyway)
        if wording:
            buttons.append(meeting.press(say("own.confirm"), "confirm", edition=edition))
        return [
            {
                "type": "Input.Text",
                "id": "text",
                "label": say("own.agreement"),
                "isMultiline": True,
                "value": view.text or (wording.text if wording else ""),
            },
            {"type": "ActionSet", "actions": buttons},
        ]
