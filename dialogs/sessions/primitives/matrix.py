"""A picture on two axes of what was written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from statistics import median_low
from typing import Any, ClassVar, Literal, Self

from dialogs.sessions.actions import done, fits, none_chosen
from dialogs.sessions.method import Current, Method, Need, Phase, Primitive
from dialogs.sessions.queries import SPREAD_FROM, actors, shown
from dialogs.sessions.reading import MethodReader
from dialogs.sessions.scale import Scale, read_axis
from dialogs.sessions.state import (
    MAX_PLACED,
    Contribution,
    ContributionId,
    MatrixPlace,
    PhaseEvent,
    Placed,
    Refused,
    Session,
    Stepped,
    Told,
)
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable


@dataclass(frozen=True, slots=True)
class Matrix(Primitive):
    """Everyone places what was written in the phase `of` on two axes, alone.

    The group sees where each contribution lies for them together, never who placed it there.
    """

    of: str
    across: Scale
    up: Scale
    kind: Literal["matrix"] = "matrix"

    keys: ClassVar = ("of", "across", "up")

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        of = reader.reference(table, path, "of", "This phase does not say what it places.")
        across, up = (read_axis(reader, table, path, name) for name in ("across", "up"))
        return cls(of, across, up)

    def outline(self) -> str:
        return f"{self.kind} (of {self.of})"

    def needs(self) -> tuple[Need, ...]:
        return (Need("of", self.of, texts=True),)

    def is_possible(self, method: Method, session: Session, phase: Phase) -> bool:
        """With fewer than the picture needs, it could be asked of them and never shown."""
        enough = len(actors(session, phase)) >= SPREAD_FROM
        return enough and bool(placeable(method, session, self))

    def accepts(
        self, method: Method, session: Session, now: Current, event: PhaseEvent
    ) -> Stepped | None:
        """On the phase's two axes, everything that is to be placed or some of it."""
        if not isinstance(event, Placed):
            return None
        if now.phase.id in session.pictures:
            return session, [Refused("shown")]
        if event.half:
            return session, [Refused("half_placed")]
        if not event.places:
            return none_chosen(session, now, event.by)
        if not self._has(method, session, event.places):
            return session, [Refused("no_choice")]
        opened = replace(now.opened, places={**now.opened.places, event.by: dict(event.places)})
        return fits(session, done(session, opened, event.by), Told("placed"))

    def result(self, method: Method, session: Session, now: Current) -> Session | None:
        if now.phase.id in session.pictures or not (picture := self._picture(method, session, now)):
            return None
        pictures = {**session.pictures, now.phase.id: picture}
        return replace(session, pictures=pictures, opened=replace(now.opened, places={}))

    def rehearses(
        self,
        method: Method,
        session: Session,
        now: Current,
        who: Mapping[str, Any],
        chance: Random,
    ) -> PhaseEvent | None:
        """Everything, somewhere."""
        if now.phase.id in session.pictures or who["by"] in now.opened.places:
            return None
        across, up = self.across.steps, self.up.steps
        places = {
            each.id: (chance.randint(1, across), chance.randint(1, up))
            for each in placeable(method, session, self)
        }
        return Placed(**who, places=places)

    def _has(
        self, method: Method, session: Session, places: Mapping[ContributionId, MatrixPlace]
    ) -> bool:
        ids = {each.id for each in placeable(method, session, self)}
        return ids.issuperset(places) and all(
            1 <= x <= self.across.steps and 1 <= y <= self.up.steps for x, y in places.values()
        )

    def _picture(
        self, method: Method, session: Session, now: Current
    ) -> dict[ContributionId, MatrixPlace]:
        """Where each contribution lies for the group: the median on either axis.

        Of two in the middle the lower, so that it lies on a step. What few have placed is left
        out.
        """
        picture = {}
        for each in placeable(method, session, self):
            places = [places[each.id] for places in now.opened.places.values() if each.id in places]
            if len(places) >= SPREAD_FROM:
                picture[each.id] = (
                    median_low(x for x, _ in places),
                    median_low(y for _, y in places),
                )
        return picture


def placeable(method: Method, session: Session, matrix: Matrix) -> tuple[Contribution, ...]:
    """What of a phase is placed: the first that the group may see, so that a card has room."""
    return shown(method, session, matrix.of)[:MAX_PLACED]
