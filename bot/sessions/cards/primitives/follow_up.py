"""What was tried since last time."""

from bot.sessions.cards.view import PrimitiveView
from dialogs.sessions.primitives.follow_up import FollowUp


class FollowUpView(PrimitiveView[FollowUp]):
    """As it is written."""

    def how(self) -> str:
        return self.say("session.how.follow_up")
