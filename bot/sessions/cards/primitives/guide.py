"""Questions that are an aid."""

from bot.gateway.events import Json
from bot.sessions.cards.meeting import is_read, shortened
from bot.sessions.cards.part import PartView, button
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import choice, paragraph, plain, small
from dialogs.sessions import queries
from dialogs.sessions.method import Theme
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.state import Opened

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

    def body(self) -> list[Json]:
        """Where points are given: what they are given for, and those that stand."""
        if not self.does.steps:
            return []
        theme, wording = self._now(), self.meeting.session.wordings.get(self.phase.id)
        body = [paragraph(plain(theme.help[self.say.language]))] if theme and theme.help else []
        lines = wording.text.splitlines() if wording else []
        if lines:
            items = [
                paragraph(f"**{plain(lines[0])}**"),
                *(small(plain(each)) for each in lines[1:]),
            ]
            body.append({"type": "Container", "style": "emphasis", "items": items})
        return body

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        own = PrimitiveView.own(self, view, opened)
        return [*own, *self._points()] if self.does.steps else own

    def _points(self) -> list[Json]:
        """For what is talked about now; where each writes in their own order, for all of it."""
        session, say = self.meeting.session, self.say
        by_theme, now = queries.goes_by_theme(session, self.phase), self._now()
        themes = self.does.themes if not by_theme else (now,) if now else ()
        scores = self.does.scores(session, self.phase)
        steps = [choice(str(step), str(step)) for step in range(1, self.does.steps + 1)]
        fields = [
            {
                "type": "Input.ChoiceSet",
                "id": f"answer.{theme.id}",
                "label": say("own.score", theme=plain(theme.text[say.language])),
                "style": "compact",
                "placeholder": say("own.score.none"),
                "value": str(given.now or "") if (given := scores.get(theme.id)) else "",
                "choices": steps,
            }
            for theme in themes
        ]
        return [*fields, button(self.meeting, say("own.score.send"), "answer")] if fields else []

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
        if theme := self._now():
            text = plain(theme.text[self.say.language])
            return self.say("session.do.guide.theme", theme=text)
        return self.say("session.do.guide.first")

    def _now(self) -> Theme | None:
        """What the group talks about, live."""
        opened = self.meeting.session.opened
        last = opened.asked[-1] if opened and opened.asked else ""
        return next((theme for theme in self.does.themes if theme.id == last), None)
