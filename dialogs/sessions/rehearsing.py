"""A rehearsal: somebody leads a method alone, with members who are invented and act by themselves.

    method = rehearsed(method)                       # the same, and nothing is kept
    session = gathered(method, begin(method, ...))   # the invented members are here
    move = next_move(method, session, "a name of this rehearsal", at)

What an invented member does next hangs on the rehearsal's name, the visit and who they are, so
that it is the same whenever it is asked for. They tell, ask, recognise and vote; one of them
hesitates, one advises too early where a phase asks for questions, and now and then one leaves.
What each primitive is given to choose, it says itself (`Primitive.rehearses`).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter

from dialogs.sessions.method import Current, Method, Phase
from dialogs.sessions.queries import (
    SPREAD_FROM,
    acting,
    current,
    goes_by_theme,
    has_order,
    here,
    hides,
    takes_writing,
    themes_left,
    waiting_for,
    whose_turn,
)
from dialogs.sessions.state import (
    INVENTED,
    MIN_MEMBERS,
    Event,
    Finished,
    Joined,
    Left,
    Member,
    Passed,
    PersonId,
    Running,
    Session,
    Wrote,
)
from dialogs.sessions.step import step
from dialogs.studies.study import Language

OF = "rehearsal:"
"""How the id of a method begins that is rehearsed."""
AT_LEAST = SPREAD_FROM + 1
"""So many that spreads and pictures are shown, also when one has left."""
IS_DONE, AT_ONCE, HESITATES = (timedelta(seconds=each) for each in (1, 4, 12))
"""How long somebody takes to say that they are done, and to do anything else."""
SAY_SOMETHING = 2
"""How many say something where anybody may and nobody need, and of how many themes one writes."""

_OWNERS: Mapping[str, str] = {
    "telling": "more",
    "recognition": "satisfied",
    "reflection": "less_satisfied",
}
"""What the owner of an episode says of it, where others say something else."""

_SIZED = re.compile(
    r"(?P<name>.*?)(?:\b(?:med|with))?\s*\b(?P<size>[0-9]{1,3})"
    r"(?:\s+(?:deltakere|deltakarar|medlemmer|medlemer|members|people))?",
    re.IGNORECASE,
)

_Texts: TypeAlias = Mapping[str, Mapping[Language, tuple[str, ...]]]
_texts: Final = TypeAdapter(_Texts)


@dataclass(frozen=True, slots=True)
class Move:
    """What an invented member does next, and how long they take for it."""

    event: Event
    after: timedelta


@cache
def words() -> _Texts:
    """What invented members are called and write, by what it is (`rehearsing.toml`)."""
    with (files(__package__) / "rehearsing.toml").open("rb") as file:
        return _texts.validate_python(tomllib.load(file))


# --- Before it begins ---------------------------------------------------------------------------


def rehearsed(method: Method) -> Method:
    """The method as it is rehearsed: at once, and what is said aloud is written, as nobody speaks.

    Nothing is kept, prepared, observed or offered to research.
    """
    return replace(
        method,
        id=OF + method.id,
        phases=tuple(map(_written, method.phases)),
        frame=replace(method.frame, paces=("live",)),
        after=replace(method.after, keeps=False),
        preparation="",
        observer="",
        subgroups=None,
    )


def _written(phase: Phase) -> Phase:
    medium = "both" if phase.medium == "oral" else phase.medium
    return replace(phase, medium=medium, shared_learning=False)


def gathered(method: Method, session: Session, at: datetime, members: int = 0) -> Session:
    """With the invented members, whose names say that they are, and whose roles alternate.

    `members` is how many there are in all; 0: as many as the method wants.
    """
    roles = [role.id for role in method.roles] or [""]
    names = words()["names"][session.language]
    for number in range(_how_many(method, members) - len(session.members)):
        by, name = f"{INVENTED}{number + 1}", names[number]
        role = roles[number % len(roles)]
        session, _ = step(method, session, Joined(by=by, at=at, seed=0, name=name, role=role))
    return session


def _how_many(method: Method, members: int) -> int:
    """Whoever begins it is one of them where it is theirs."""
    wanted = members or max(method.frame.advised_size, AT_LEAST)
    return min(wanted, most(method))


def most(method: Method) -> int:
    """How many can be in a rehearsal: each has a name of their own."""
    return min(method.frame.max_size, len(words()["names"]["nb"]))


def can_be(method: Method, members: int) -> bool:
    """Whether a rehearsal can have so many; 0: as many as the method wants."""
    return members == 0 or MIN_MEMBERS <= members <= most(method)


def read_size(written: str) -> tuple[str, int]:
    """The name of a method, and how many are to be in it where a number follows; else 0."""
    found = _SIZED.fullmatch(written.strip())
    return (found["name"].strip(), int(found["size"])) if found else (written.strip(), 0)


# --- What they do -------------------------------------------------------------------------------


def next_move(method: Method, session: Session, of: str, at: datetime) -> Move | None:
    """The first thing that an invented member would do now; None while they wait for who leads."""
    now = current(method, session)
    if now is None or not isinstance(session.stage, Running):
        return None
    possible = (
        move for move in _moves(method, session, now, of, at) if _changes(method, session, move)
    )
    return next(possible, None)


def _changes(method: Method, session: Session, move: Move) -> bool:
    return step(method, session, move.event)[0] != session


def _moves(method: Method, session: Session, now: Current, of: str, at: datetime) -> Iterator[Move]:
    if (leaver := _leaver(session, now, of)) is not None:
        yield Move(Left(by=leaver, at=at, seed=0), HESITATES)
    order = _order(method, session, now, of)
    for member in _who_can(method, session, now, order):
        one = _One(method, session, now, member, order, of, at)
        if (event := one.acts()) is not None:
            yield Move(event, _pause(event, hesitates=len(order) > 1 and member == order[-1]))


def _pause(event: Event, *, hesitates: bool) -> timedelta:
    if isinstance(event, Finished):
        return IS_DONE
    return HESITATES if hesitates else AT_ONCE


def _leaver(session: Session, now: Current, of: str) -> PersonId | None:
    """Now and then somebody leaves who is not the owner, where enough are left."""
    chance = Random(of)  # noqa: S311 - nothing hangs on whether anybody guesses it
    leaves, visit = chance.random() < 0.5, chance.choice((3, 4, 5))
    last = here(session)[-1]
    is_first = all(member.is_here for member in session.members)
    can = last.is_invented and last.id != session.owner and len(here(session)) > SPREAD_FROM
    return last.id if leaves and can and is_first and now.opened.visit >= visit else None


def _order(method: Method, session: Session, now: Current, of: str) -> list[Member]:
    """In which order they act in this visit: whoever comes last hesitates."""
    may = set(acting(method, session))
    members = [member for member in here(session) if member.is_invented and member.id in may]
    Random(f"{of}/{now.opened.visit}").shuffle(members)  # noqa: S311 - invented members need no secret
    return members


def _who_can(
    method: Method, session: Session, now: Current, order: list[Member]
) -> Iterator[Member]:
    """Whose turn it is; else everybody, or some where nobody is waited for."""
    turn = whose_turn(method, session)
    if turn is not None:
        return (member for member in order if member.id == turn)
    by_theme = goes_by_theme(session, now.phase)
    is_free = by_theme or not now.phase.does.waits(session.pace)
    shift = len(now.opened.asked) if by_theme else 0  # somebody else on each theme
    turned = [*order[shift % max(len(order), 1) :], *order[: shift % max(len(order), 1)]]
    return iter(turned[:SAY_SOMETHING] if is_free else order)


@dataclass(frozen=True, slots=True)
class _One:
    """An invented member, in the phase that is open."""

    method: Method
    session: Session
    now: Current
    member: Member
    order: list[Member]
    of: str
    at: datetime

    def acts(self) -> Event | None:
        """Choose, write, or say that they are done; one of the last lets it pass."""
        phase, opened = self.now
        if self.member.id in opened.passed:
            return None
        who: Mapping[str, Any] = {
            "by": self.member.id,
            "at": self.at,
            "seed": 0,
            "visit": opened.visit,
        }
        if (chosen := self._chooses(who)) is not None:
            return chosen
        is_over = hides(phase) and opened.is_shown
        if phase.does.writes and not is_over and self._passes():
            return Passed(**who)
        if takes_writing(self.session, phase) and not is_over and phase.sees != "writer":
            if (wrote := self._writes(who)) is not None:
                return wrote
            if has_order(self.session, phase):
                return None  # whoever leads gives the word to the next
        is_waited_for = self.member.id in waiting_for(self.method, self.session)
        return Finished(**who, anyway=True) if is_waited_for else None

    def _chooses(self, who: Mapping[str, Any]) -> Event | None:
        chance = Random(f"{self.of}/{self.now.opened.visit}/{self.member.id}")  # noqa: S311 - invented members need no secret
        return self.now.phase.does.rehearses(self.method, self.session, self.now, who, chance)

    def _passes(self) -> bool:
        """Now and then, where enough others say something."""
        is_last = len(self.order) > 3 and self.member == self.order[-1]
        is_waited_for = self.member.id in waiting_for(self.method, self.session)
        now_and_then = self.now.opened.visit % 2 == 0
        return is_last and now_and_then and is_waited_for and not self._wrote()

    def _writes(self, who: Mapping[str, Any]) -> Event | None:
        """Once, or on a few themes of a guide that they answer alone."""
        phase, opened = self.now
        theme = ""
        if goes_by_theme(self.session, phase):
            theme = opened.asked[-1]
        elif phase.does.asks():
            left = themes_left(self.method, self.session, self.member.id)
            theme = left[0].id if left else ""
        so_far = self._wrote()
        is_enough = theme in so_far or (not theme and bool(so_far)) or self._has_answered(so_far)
        if is_enough:
            return None
        ident = f"{self.member.id}:{opened.visit}:{len(so_far)}"
        return Wrote(**who, id=ident, text=self._text(len(so_far)), theme=theme, anyway=True)

    def _has_answered(self, so_far: list[str]) -> bool:
        is_by_theme = goes_by_theme(self.session, self.now.phase)
        return not is_by_theme and len(so_far) >= SAY_SOMETHING

    def _wrote(self) -> list[str]:
        """The themes of what they have written in this phase."""
        phase, person = self.now.phase.id, self.member.id
        written = self.session.contributions
        return [each.theme for each in written if (each.phase, each.author) == (phase, person)]

    def _text(self, so_far: int) -> str:
        """Each has a text of their own of each kind, and tells the same episode all the time."""
        number = int(self.member.id.removeprefix(INVENTED)) - 1
        texts = words()[self._kind()][self.session.language]
        return texts[(number + so_far) % len(texts)]

    def _kind(self) -> str:
        phase = self.now.phase
        if "advice" in phase.guards and self.member == self.order[0]:
            return "advice"
        content = phase.content or "question"
        return _OWNERS.get(content, content) if phase.does.is_owners else content
