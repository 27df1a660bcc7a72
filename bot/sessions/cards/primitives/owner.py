"""The chosen one has the word."""

from bot.gateway.events import Json
from bot.sessions.cards.meeting import beginning, name_of
from bot.sessions.cards.part import PartView, button, writing
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import choice, paragraph, plain
from dialogs.sessions import queries
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.state import Opened


class OwnerView(PrimitiveView[Owner]):
    """Who it is, and what they pick from."""

    def task(self) -> str:
        session = self.meeting.session
        return self.say("session.do.owner", name=plain(name_of(session, session.owner)))

    def leading(self) -> str:
        """Whoever leads alone may be the owner, and reads of themselves."""
        session = self.meeting.session
        is_own = session.owner == session.facilitator and session.co_leader is None
        return self.addressed() if is_own else self.task()

    def addressed(self) -> str:
        return self.say("own.turn.owner")

    def listened_to(self) -> str:
        return self.task()

    def how(self) -> str:
        return self.say("session.by_lot") if self.meeting.session.by_lot else ""

    def opens(self) -> str:
        return "session.button.choose" if self.does.picks else PrimitiveView.opens(self)

    def about(self) -> str:
        return self.does.picks or self.phase.about

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        picking = self._pick() if self.does.picks else []
        return [*picking, *writing(view, self.phase, opened)]

    def _pick(self) -> list[Json]:
        say, meeting = self.say, self.meeting
        shown = queries.shown(meeting.method, meeting.session, self.does.picks)
        if not shown:
            return [paragraph(say("own.pick.nothing"))]
        return [
            {
                "type": "Input.ChoiceSet",
                "id": "picked",
                "label": say("own.pick"),
                "style": "expanded",
                "wrap": True,
                "isMultiSelect": True,
                "value": ",".join(meeting.session.picked),
                "choices": [choice(beginning(each), each.id) for each in shown],
            },
            button(meeting, say("own.pick.send"), "pick"),
        ]
