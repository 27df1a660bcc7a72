"""A vote."""

from typing import ClassVar

from bot.gateway.events import Json
from bot.sessions.cards.meeting import beginning, shortened
from bot.sessions.cards.part import PartView, button
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import choice, paragraph
from dialogs.sessions.primitives.vote import Vote, candidates
from dialogs.sessions.state import Contribution, Member, Opened

FIRST_LINE = 120
"""Characters of an episode's first line."""


class VoteView(PrimitiveView[Vote]):
    """On whom, or on what."""

    seen_by: ClassVar = "counted"

    def task(self) -> str:
        opened = self.meeting.session.opened
        runoff = opened is not None and bool(opened.runoff)
        return self.say(
            "session.do.vote.runoff" if runoff else f"session.do.vote.{self.does.elects}"
        )

    def opens(self) -> str:
        return "session.button.vote"

    def about(self) -> str:
        return self.does.of if self.does.elects == "collection" else self.phase.about

    def _shown(self, candidate: Member | Contribution) -> str:
        """With the first line of their episode, where a member has written it for the group."""
        told = next(
            (
                each.text
                for each in self.meeting.session.contributions
                if each.phase == self.does.of and each.author == candidate.id and each.is_shown
            ),
            "",
        )
        first = next(filter(None, map(str.strip, told.splitlines())), "")
        name = beginning(candidate)
        return f"{name}: {shortened(first, FIRST_LINE)}" if first else name

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        say, meeting = self.say, self.meeting
        choices = candidates(meeting.method, meeting.session)
        if not choices:
            return [paragraph(say("own.vote.nothing"))]
        many = self.does.elects == "collection"
        return [
            {
                "type": "Input.ChoiceSet",
                "id": "choices",
                "label": say("own.vote.many" if many else "own.vote.one"),
                "style": "expanded",
                "wrap": True,
                "isMultiSelect": many,
                "value": ",".join(opened.votes.get(view.person, ())),
                "choices": [choice(self._shown(each), each.id) for each in choices],
            },
            button(meeting, say("own.vote.send"), "vote"),
        ]
