"""Scales, rated alone."""

from typing import ClassVar

from bot.gateway.events import Json
from bot.sessions.cards.part import PartView, button, steps
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import paragraph, plain
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.state import Opened


class RatingView(PrimitiveView[Rating]):
    """The spread, never who."""

    seen_by: ClassVar = "counted"

    def how(self) -> str:
        return self.say("session.how.rating")

    def opens(self) -> str:
        return "session.button.rate"

    def body(self) -> list[Json]:
        spread = self.meeting.session.spreads.get(self.phase.id, {})
        if not spread:
            return []
        body = []
        for scale in self.does.scales:
            counts = spread.get(scale.id, ())
            line = "  ".join(f"{step}: {count}" for step, count in enumerate(counts, 1))
            body.append(paragraph(f"{plain(scale.text[self.say.language])}  {line}"))
        return body

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        given = opened.ratings.get(view.person, {})
        fields = [
            {**steps(view, f"scale.{scale.id}", scale, given.get(scale.id)), "style": "expanded"}
            for scale in self.does.scales
        ]
        return [*fields, button(self.meeting, self.say("own.rate.send"), "rate")]
