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
        if self._is_free():
            return self.say("session.do.round.free")
        turn = queries.whose_turn(self.meeting.method, session)
        if turn is None:
            return self.say("session.do.round.over")
        return self._word_of(turn)

    def addressed(self) -> str:
        task, turn = self.task(), queries.whose_turn(self.meeting.method, self.meeting.session)
        is_named = turn is not None and task == self._word_of(turn)
        return self.say("own.turn") if is_named else task

    def listened_to(self) -> str:
        return self.task()

    def _word_of(self, turn: str) -> str:
        return self.say("session.do.round", name=plain(name_of(self.meeting.session, turn)))

    def how(self) -> str:
        return self.say("session.how.round.free") if self._is_free() else ""

    def _is_free(self) -> bool:
        """Small groups keep their own order."""
        return self.does.order == "free" or queries.is_apart(self.meeting.session, self.phase)
