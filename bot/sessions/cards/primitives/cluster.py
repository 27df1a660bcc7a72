"""Like is put with like."""

from typing import ClassVar

from bot.gateway.events import Json
from bot.sessions.cards.meeting import beginning
from bot.sessions.cards.part import PartView, button
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import choice, paragraph, plain, small
from dialogs.sessions import queries
from dialogs.sessions.primitives.cluster import ALONE, PILES, Cluster, sortable
from dialogs.sessions.state import Opened


class ClusterView(PrimitiveView[Cluster]):
    """Which pile each text lies in; the piles are the texts of the phase once it is counted."""

    seen_by: ClassVar = "counted"
    shows: ClassVar = "panel.show.cluster"

    def how(self) -> str:
        return self.say("session.how.cluster")

    def opens(self) -> str:
        return "session.button.cluster"

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        say, meeting = self.say, self.meeting
        given = opened.answers.get(view.person, {})
        everything = sortable(meeting.method, meeting.session, self.does)
        fields = [paragraph(say("own.cluster"))]
        if rest := len(queries.shown(meeting.method, meeting.session, self.does.of)) - len(
            everything
        ):
            fields.append(small(say("own.cluster.rest", n=rest)))
        piles = [
            choice(say("own.cluster.alone"), ALONE),
            *(choice(say("own.cluster.pile", name=name), name) for name in PILES),
        ]
        for number, each in enumerate(everything, 1):
            fields += [
                paragraph(f"**{number}** {plain(beginning(each))}", separator=True),
                {
                    "type": "Input.ChoiceSet",
                    "id": f"answer.{each.id}",
                    "label": say("own.cluster.where", n=number),
                    "style": "compact",
                    "value": given.get(each.id, ALONE),
                    "choices": piles,
                },
            ]
        return [*fields, button(meeting, say("own.cluster.send"), "answer")]
