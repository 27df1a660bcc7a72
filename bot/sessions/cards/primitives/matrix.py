"""A picture on two axes."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from bot.gateway.events import Json
from bot.sessions.cards.meeting import SessionView, beginning
from bot.sessions.cards.part import PartView, button, steps
from bot.sessions.cards.view import PrimitiveView
from bot.ui.elements import paragraph, plain, small
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.primitives.matrix import Matrix, placeable
from dialogs.sessions.scale import Scale
from dialogs.sessions.state import MatrixPlace, Opened


class MatrixView(PrimitiveView[Matrix]):
    """What is placed, and where it lies."""

    seen_by: ClassVar = "counted"
    shows: ClassVar = "panel.show.picture"

    def how(self) -> str:
        return self.say("session.how.matrix")

    def opens(self) -> str:
        return "session.button.place"

    def body(self) -> list[Json]:
        """What is placed, by number, and once it is counted the picture of where it lies.

        Where each lies is said in words first: who hears the card understands the picture.
        """
        say, meeting, matrix = self.say, self.meeting, self.does
        placed = placeable(meeting.method, meeting.session, matrix)
        picture = meeting.session.pictures.get(self.phase.id, {})
        ids = [each.id for each in placed]
        lying: dict[MatrixPlace, list[str]] = {}
        for number, ident in enumerate(ids, 1):
            if ident in picture:
                lying.setdefault(picture[ident], []).append(str(number))
        drawn: list[Json] = []
        if lying:
            drawn = [
                paragraph(_axis(say, "session.picture.up", matrix.up)),
                *_grid(matrix, lying),
                paragraph(_axis(say, "session.picture.across", matrix.across)),
            ]
        elif meeting.phase is None or meeting.phase.id != self.phase.id:
            drawn = [small(say("session.picture.few"))]
        body: list[Json] = []
        for number, each in enumerate(placed, 1):
            where = say("session.picture.unplaced") if picture else ""
            if each.id in picture:
                across, up = picture[each.id]
                where = say("session.picture.where", across=across, up=up)
            body.append(
                {
                    "type": "Container",
                    "style": "emphasis",
                    "spacing": "Small",
                    "items": [
                        small(" · ".join(filter(None, (f"**{number}**", plain(each.name), where)))),
                        paragraph(plain(beginning(each))),
                    ],
                }
            )
        return [*body, *_not_placed(say, meeting, matrix), *drawn]

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        """Two questions about each contribution, under the number that it has in the group."""
        say, meeting, matrix = self.say, self.meeting, self.does
        given = opened.places.get(view.person, {})
        fields: list[Json] = [
            paragraph(say("own.place")),
            *_not_placed(say, meeting, matrix),
        ]
        for number, each in enumerate(placeable(meeting.method, meeting.session, matrix), 1):
            across, up = given.get(each.id, (None, None))
            fields += [
                paragraph(f"**{number}** {plain(beginning(each))}", separator=True),
                steps(view, f"across.{each.id}", matrix.across, across, f"{number}. "),
                steps(view, f"up.{each.id}", matrix.up, up, f"{number}. "),
            ]
        return [*fields, button(meeting, say("own.place.send"), "place")]


def _not_placed(say: Texts, meeting: SessionView, matrix: Matrix) -> list[Json]:
    """That there is no room for the last of them."""
    placed = len(placeable(meeting.method, meeting.session, matrix))
    rest = len(queries.shown(meeting.method, meeting.session, matrix.of)) - placed
    return [small(say("session.picture.rest", n=rest, placed=placed))] if rest else []


def _axis(say: Texts, key: str, scale: Scale) -> str:
    """What an axis asks, and what its ends mean."""
    low, high, asked = (plain(each[say.language]) for each in (scale.low, scale.high, scale.text))
    return say(key, text=asked, low=low, high=high, steps=scale.steps)


def _grid(matrix: Matrix, lying: Mapping[MatrixPlace, list[str]]) -> list[Json]:
    """A row for each step up, the highest first, and the steps across below."""
    across = range(1, matrix.across.steps + 1)
    rows = [
        [f"**{up}**", *(" ".join(lying.get((x, up), ["·"])) for x in across)]
        for up in range(matrix.up.steps, 0, -1)
    ]
    return [_row(cells) for cells in (*rows, ["↑→", *(f"**{x}**" for x in across)])]


def _row(cells: Iterable[str]) -> Json:
    return {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {
                "type": "Column",
                "width": "stretch",
                "spacing": "None",
                "items": [paragraph(cell, horizontalAlignment="Center")],
            }
            for cell in cells
        ],
    }
