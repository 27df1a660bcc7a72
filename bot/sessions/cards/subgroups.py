"""The card of a small group, in the own chat of each who is in it, and what is said of dividing."""

from bot.gateway.events import Json
from bot.sessions.cards.meeting import SessionView, is_read
from bot.sessions.cards.phase import over, phase_body
from bot.sessions.cards.primitives import view_of
from bot.sessions.cards.primitives.findings import FindingsView
from bot.ui.elements import card
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.method import Phase
from dialogs.sessions.state import Resting


def subgroup_card(say: Texts, meeting: SessionView) -> Json:
    """As on a group's card, of one small group alone; nothing of the others is on it."""
    now = queries.current(meeting.method, meeting.session)
    if now is None or not queries.is_apart(meeting.session, now.phase):
        return over(say, meeting)
    say, phase, body = phase_body(say, meeting)
    return card(body, _buttons(say, meeting, phase))


def _buttons(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    if isinstance(meeting.session.stage, Resting) or is_read(meeting.session, phase):
        return []
    view = view_of(say, meeting, phase)
    opens = view.opens()
    buttons = [meeting.press(say(opens), "open", style="positive")] if opens else []
    if isinstance(view, FindingsView):
        buttons += view.agrees()
    if view.is_done_with:
        buttons += [
            meeting.press(say("session.button.done"), "done", stays=1),
            meeting.press(say("session.button.pass"), "pass", stays=1),
        ]
    return buttons
