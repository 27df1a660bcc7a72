"""Like is put with like: piles of what was written, for a vote after it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import Any, ClassVar, Literal, Self

from dialogs.sessions.actions import done, fits, none_chosen
from dialogs.sessions.method import Current, Method, Need, Phase, Primitive
from dialogs.sessions.queries import shown
from dialogs.sessions.reading import MethodReader
from dialogs.sessions.state import (
    MAX_PLACED,
    Answered,
    Contribution,
    ContributionId,
    PhaseEvent,
    Refused,
    Session,
    Stepped,
    Told,
)
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable

ALONE = "alone"
PILES = ("A", "B", "C", "D", "E", "F")


@dataclass(frozen=True, slots=True)
class Cluster(Primitive):
    """Everyone puts what was written in the phase `of` into piles, alone.

    What more than half of those who did so have put together is together for the group: a
    vote, a picture or a choice of what comes out of it takes each pile as one.
    """

    of: str
    kind: Literal["cluster"] = "cluster"

    keys: ClassVar = ("of",)

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        return cls(reader.reference(table, path, "of", "This phase does not say what it sorts."))

    def outline(self) -> str:
        return f"{self.kind} (of {self.of})"

    def needs(self) -> tuple[Need, ...]:
        return (Need("of", self.of, texts=True),)

    def is_possible(self, method: Method, session: Session, phase: Phase) -> bool:
        return len(sortable(method, session, self)) > 1

    def gives(self, phase: Phase) -> bool:
        return True

    def shows(self, method: Method, session: Session, phase: Phase) -> tuple[Contribution, ...]:
        """Each pile as one text, under its first's id; all as they were until it is counted."""
        pile_of = session.results.get(phase.id, {})
        piles: dict[ContributionId, list[Contribution]] = {}
        for each in shown(method, session, self.of):
            piles.setdefault(pile_of.get(each.id, each.id), []).append(each)
        return tuple(map(_as_one, piles.values()))

    def accepts(
        self, method: Method, session: Session, now: Current, event: PhaseEvent
    ) -> Stepped | None:
        """Each text in one of the piles, or alone; what is left out is alone."""
        if not isinstance(event, Answered):
            return None
        if now.phase.id in session.results:
            return session, [Refused("shown")]
        ids = {each.id for each in sortable(method, session, self)}
        is_valid = ids.issuperset(event.values) and {ALONE, *PILES}.issuperset(
            event.values.values()
        )
        if not event.values:
            return none_chosen(session, now, event.by)
        if not is_valid:
            return session, [Refused("no_choice")]
        answers = {**now.opened.answers, event.by: dict(event.values)}
        after = done(session, replace(now.opened, answers=answers), event.by)
        return fits(session, after, Told("answered"))

    def rehearses(
        self,
        method: Method,
        session: Session,
        now: Current,
        who: Mapping[str, Any],
        chance: Random,
    ) -> PhaseEvent | None:
        """In two piles, as most of the others do."""
        if now.phase.id in session.results or who["by"] in now.opened.answers:
            return None
        texts = sortable(method, session, self)
        values = {each.id: PILES[number % 2] for number, each in enumerate(texts)}
        values[chance.choice(texts).id] = ALONE
        return Answered(**who, values=values)

    def result(self, method: Method, session: Session, now: Current) -> Session | None:
        if now.phase.id in session.results or not now.opened.answers:
            return None
        together: Counter[tuple[str, str]] = Counter()
        for given in now.opened.answers.values():
            for one, other in combinations(sortable(method, session, self), 2):
                pile = given.get(one.id, ALONE)
                together[one.id, other.id] += pile != ALONE and pile == given.get(other.id)
        pile_of = {each.id: each.id for each in sortable(method, session, self)}
        for (one_id, other_id), count in together.items():
            if count > len(now.opened.answers) / 2:
                joined, into = pile_of[other_id], pile_of[one_id]
                pile_of = {each: into if at == joined else at for each, at in pile_of.items()}
        results = {**session.results, now.phase.id: pile_of}
        return replace(session, results=results, opened=replace(now.opened, answers={}))


def sortable(method: Method, session: Session, cluster: Cluster) -> tuple[Contribution, ...]:
    """What of a phase is sorted: the first that the group may see, so that a card has room.

    Of small groups' lines, which are short, there is room for more.
    """
    most = 2 * MAX_PLACED if session.is_divided else MAX_PLACED
    return shown(method, session, cluster.of)[:most]


def _as_one(pile: list[Contribution]) -> Contribution:
    names = ", ".join(filter(None, dict.fromkeys(each.name for each in pile)))
    return replace(pile[0], text="\n\n".join(each.text for each in pile), name=names)
