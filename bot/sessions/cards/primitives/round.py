"""Each in turn."""

from bot.sessions.cards.meeting import name_of
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import plain
from dialogs.sessions import queries
from dialogs.sessions.primitives.round import Round


class RoundView(PrimitiveView[Round]):
    """Whose turn it is."""

    def task(self) -> str:
        session = self.meeting.session
        if session.pace == "days":
            return self.say("session.do.round.days")
        if self.does.order == "free":
            return self.say("session.do.round.free")
        turn = queries.whose_turn(self.meeting.method, session)
        if turn is None:
            return self.say("session.do.round.over")
        return self.say("session.do.round", name=plain(name_of(session, turn)))

    def how(self) -> str:
        return self.say("session.how.round.free") if self.does.order == "free" else ""
