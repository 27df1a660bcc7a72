"""Questions that are an aid."""

from bot.gateway.events import Json
from bot.sessions.cards.meeting import is_read, shortened
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import choice, plain
from dialogs.sessions import queries
from dialogs.sessions.primitives.guide import Guide

THEME = 150
"""Characters of a theme where it is one of many; the group's card has the whole of it."""


class GuideView(PrimitiveView[Guide]):
    """The question that the group talks about, and which may be next."""

    def task(self) -> str:
        session = self.meeting.session
        if queries.goes_by_theme(session, self.phase):
            return self._theme_now()
        shown = is_read(session, self.phase)
        return self.say("session.do.private.shown" if shown else "session.do.guide")

    def how(self) -> str:
        return self.say("session.how.guide")

    def choices(self) -> list[Json]:
        """Any question next, or again, and how many are left."""
        session, say = self.meeting.session, self.say
        if not queries.goes_by_theme(session, self.phase):
            return []
        asked = session.opened.asked if session.opened else ()
        said = f" ({say('panel.theme.asked')})"
        following = next((theme.id for theme in self.does.themes if theme.id not in asked), "")
        return [
            {
                "type": "Input.ChoiceSet",
                "id": "theme",
                "label": say("panel.theme"),
                "style": "expanded",
                "wrap": True,
                "value": following,
                "choices": [
                    choice(
                        shortened(theme.text[say.language], THEME)
                        + (said if theme.id in asked else ""),
                        theme.id,
                    )
                    for theme in self.does.themes
                ],
            },
            {
                "type": "ActionSet",
                "actions": [self.meeting.press(say("panel.theme.ask"), "ask", beside=1)],
            },
        ]

    def _theme_now(self) -> str:
        opened = self.meeting.session.opened
        last = opened.asked[-1] if opened and opened.asked else ""
        for theme in self.does.themes:
            if theme.id == last:
                text = plain(theme.text[self.say.language])
                return self.say("session.do.guide.theme", theme=text)
        return self.say("session.do.guide.first")
