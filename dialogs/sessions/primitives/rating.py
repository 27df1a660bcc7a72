"""Scales that everyone rates on, alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar, Literal, Self

from dialogs.sessions.actions import done, none_chosen
from dialogs.sessions.method import Current, Method, Primitive
from dialogs.sessions.queries import SPREAD_FROM
from dialogs.sessions.reading import MethodReader
from dialogs.sessions.scale import Scale, read_scales
from dialogs.sessions.state import Opened, PhaseEvent, Rated, Refused, Session, Stepped, Told
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable


@dataclass(frozen=True, slots=True)
class Rating(Primitive):
    """Everyone rates on the same scales, alone; the group sees the spread, never who."""

    scales: tuple[Scale, ...]
    kind: Literal["rating"] = "rating"

    keys: ClassVar = ("scales",)

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        return cls(read_scales(reader, table, path))

    def outline(self) -> str:
        n = len(self.scales)
        return f"{self.kind} ({n} {'scale' if n == 1 else 'scales'})"

    def accepts(
        self, method: Method, session: Session, now: Current, event: PhaseEvent
    ) -> Stepped | None:
        """On the phase's own scales, all or some."""
        if not isinstance(event, Rated):
            return None
        if now.phase.id in session.spreads:
            return session, [Refused("shown")]
        if not event.values:
            return none_chosen(session, now, event.by)
        if not self._has(event.values):
            return session, [Refused("no_choice")]
        ratings = {**now.opened.ratings, event.by: dict(event.values)}
        return done(session, replace(now.opened, ratings=ratings), event.by), [Told("rated")]

    def result(self, method: Method, session: Session, now: Current) -> Session | None:
        if now.phase.id in session.spreads or not (spread := self._spread(now.opened)):
            return None
        spreads = {**session.spreads, now.phase.id: spread}
        return replace(session, spreads=spreads, opened=replace(now.opened, ratings={}))

    def rehearses(
        self,
        method: Method,
        session: Session,
        now: Current,
        who: Mapping[str, Any],
        chance: Random,
    ) -> PhaseEvent | None:
        """Rather high than low, and not all the same."""
        if now.phase.id in session.spreads or who["by"] in now.opened.ratings:
            return None
        values = {each.id: chance.randint(each.steps // 2, each.steps) for each in self.scales}
        return Rated(**who, values=values)

    def _has(self, values: Mapping[str, int]) -> bool:
        steps = {each.id: each.steps for each in self.scales}
        return all(1 <= value <= steps.get(scale, 0) for scale, value in values.items())

    def _spread(self, opened: Opened) -> dict[str, tuple[int, ...]]:
        """By scale, how many gave 1, 2, ...; a scale that few rated is left out."""
        spread = {}
        for scale in self.scales:
            given = Counter(each[scale.id] for each in opened.ratings.values() if scale.id in each)
            if given.total() >= SPREAD_FROM:
                spread[scale.id] = tuple(given[step] for step in range(1, scale.steps + 1))
        return spread
