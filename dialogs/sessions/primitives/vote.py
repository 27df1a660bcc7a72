"""A vote on who becomes the owner, or on what the group keeps."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any, ClassVar, Literal, Self

from dialogs.sessions.actions import done, fits, none_chosen
from dialogs.sessions.method import Current, Method, Need, Phase, Primitive
from dialogs.sessions.phases import go, until, without_episode
from dialogs.sessions.queries import current, here, next_phase, shown
from dialogs.sessions.reading import MethodReader
from dialogs.sessions.state import (
    Contribution,
    Effect,
    Kept,
    Member,
    PersonId,
    PhaseEvent,
    Refused,
    Session,
    Stepped,
    TimeMoved,
    Told,
    Voted,
)
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable


@dataclass(frozen=True, slots=True)
class Vote(Primitive):
    """On who took part in the phase `of` (who becomes the owner), or on what was written there.

    `collection`: what more than half of those present want to keep goes to the
    group's own collection, without names.
    """

    of: str
    elects: Literal["owner", "collection"]
    for_office: bool = False
    """What the group keeps can be found by its office, without the group's name."""
    kind: Literal["vote"] = "vote"

    keys: ClassVar = ("of", "elects", "for_office")

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        of = reader.reference(table, path, "of", "This phase does not say what it votes `of`.")
        for_office = reader.flag(table, path, "for_office", default=False)
        return cls(of, reader.choice(table, path, "elects", ("owner", "collection")), for_office)

    def outline(self) -> str:
        return f"{self.kind} (on {self.of}, elects {self.elects})"

    def needs(self) -> tuple[Need, ...]:
        return (Need("of", self.of, texts=self.elects == "collection"),)

    def is_possible(self, method: Method, session: Session, phase: Phase) -> bool:
        return bool(self.eligible(method, session))

    def accepts(
        self, method: Method, session: Session, now: Current, event: PhaseEvent
    ) -> Stepped | None:
        """For one to be the owner, or for those texts that the group should keep."""
        if not isinstance(event, Voted):
            return None
        choices = tuple(dict.fromkeys(event.choices))
        if not choices:
            return none_chosen(session, now, event.by)
        ids = {each.id for each in candidates(method, session)}
        is_many = self.elects == "collection" or len(choices) == 1
        if not is_many or not ids.issuperset(choices):
            return session, [Refused("no_choice")]
        opened = replace(now.opened, votes={**now.opened.votes, event.by: choices})
        return fits(session, done(session, opened, event.by), Told("voted"))

    def counts(
        self,
        method: Method,
        session: Session,
        now: Current,
        at: datetime,
        chance: Random,
        *,
        is_last: bool,
    ) -> Stepped:
        chosen = candidates(method, session)
        ids = [each.id for each in chosen]
        given = now.opened.votes.values()
        votes = Counter(each for choices in given for each in choices if each in ids)
        effects: list[Effect] = []
        if self.elects == "collection":
            effects = _kept(session, chosen, votes, for_office=self.for_office)
        elif ids and (votes or now.opened.runoff):
            top = [each for each in ids if votes[each] == max(votes.values(), default=0)]
            if len(top) > 1 and not now.opened.runoff:
                return _vote_again(session, now, tuple(top), at, "tie_again")
            effects = [Told("tie_lot")] if len(top) > 1 else []
            session = _elect(method, session, chance.choice(top), by_lot=len(top) > 1)
        elif ids and session.owner is None and not is_last:
            return _vote_again(session, now, tuple(ids), at, "nobody_chosen")
        session, more = go(method, session, next_phase(method, session), at, chance)
        return session, [*effects, *more]

    def rehearses(
        self,
        method: Method,
        session: Session,
        now: Current,
        who: Mapping[str, Any],
        chance: Random,
    ) -> PhaseEvent | None:
        """For somebody else, or for two of the texts."""
        if who["by"] in now.opened.votes:
            return None
        ids = [each.id for each in candidates(method, session) if each.id != who["by"]]
        count = 2 if self.elects == "collection" else 1
        return Voted(**who, choices=tuple(chance.sample(ids, min(count, len(ids)))))

    def keeps(self) -> bool:
        return self.elects == "collection"

    def elects_from(self) -> str | None:
        return self.of if self.elects == "owner" else None

    def eligible(self, method: Method, session: Session) -> tuple[Member | Contribution, ...]:
        """Who took part, is here and has not declined; or what the group may see."""
        if self.elects == "collection":
            return shown(method, session, self.of)
        told = session.took_part.get(self.of)
        return tuple(
            member
            for member in here(session)
            if member.id not in session.declined and (told is None or member.id in told)
        )


def candidates(method: Method, session: Session) -> tuple[Member | Contribution, ...]:
    """What the open vote is on; after a tie, those that are left of it."""
    now = current(method, session)
    if now is None or not isinstance(now.phase.does, Vote):
        return ()
    everything = now.phase.does.eligible(method, session)
    return tuple(each for each in everything if each.id in now.opened.runoff) or everything


def nobody_votes(session: Session, phase: Phase) -> bool:
    """Whether the group was asked once more who is to be the owner, and still nobody has voted."""
    opened = session.opened
    return isinstance(phase.does, Vote) and bool(opened and opened.runoff and not opened.votes)


def _kept(
    session: Session,
    chosen: Iterable[Member | Contribution],
    votes: Counter[str],
    *,
    for_office: bool,
) -> list[Effect]:
    """What more than half of those present agreed to keep."""
    most = len(here(session)) / 2
    kept = (
        each.text for each in chosen if isinstance(each, Contribution) and votes[each.id] > most
    )
    texts = tuple(sorted(kept))
    return [Kept(texts, for_office)] if texts else []


def _vote_again(
    session: Session,
    now: Current,
    top: tuple[str, ...],
    at: datetime,
    why: Literal["tie_again", "nobody_chosen"],
) -> Stepped:
    """Once: where this does not settle it either, the lot does."""
    end = until(session, now.phase, at)
    nobody: frozenset[PersonId] = frozenset()
    again = replace(
        now.opened, runoff=top, votes={}, done=nobody, passed=nobody, since=at, until=end
    )
    effects: list[Effect] = [Told(why), TimeMoved(again.visit, end)]
    return replace(session, opened=again), effects


def _elect(method: Method, session: Session, owner: PersonId, *, by_lot: bool) -> Session:
    if session.owner not in (None, owner):
        session = without_episode(method, session)
    return replace(session, owner=owner, by_lot=by_lot)
