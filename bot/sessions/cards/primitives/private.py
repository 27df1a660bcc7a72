"""Written alone."""

from bot.sessions.cards.meeting import is_read
from bot.sessions.cards.view import PrimitiveView
from dialogs.sessions.primitives.private import Private


class PrivateView(PrimitiveView[Private]):
    """Until it is shown, and then."""

    def task(self) -> str:
        shown = is_read(self.meeting.session, self.phase)
        return self.say("session.do.private.shown" if shown else "session.do.private")

    def how(self) -> str:
        return self.say("session.how.private")

    def opens(self) -> str:
        return "session.button.write"
