"""What each small group found, brought together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import ClassVar, Literal, Self

from dialogs.sessions.method import Current, Defect, Method, Need, Phase, Primitive
from dialogs.sessions.phases import go
from dialogs.sessions.primitives.agreement import confirm, word
from dialogs.sessions.queries import next_phase, shown
from dialogs.sessions.reading import MethodReader
from dialogs.sessions.state import (
    MIN_MEMBERS,
    Confirmed,
    Contribution,
    PhaseEvent,
    Refused,
    Session,
    Stepped,
    Told,
    Worded,
)
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable
from dialogs.writing.text import TooLong, is_blank

MOST_LINES = 3
"""Of one small group."""
LINE_LIMIT = 200
"""Characters of a line."""


@dataclass(frozen=True, slots=True)
class Findings(Primitive):
    """Each small group agrees on a few lines of what came out of the phase `of`.

    All lines are shown to all, shuffled: not who wrote them, nor which small group. At least two
    must have said yes to the same words. Where nobody is divided it is left out, and what goes on
    from it goes on from `of`.
    """

    of: str
    kind: Literal["findings"] = "findings"

    keys: ClassVar = ("of",)
    gathers: ClassVar = True

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        nothing = "This phase does not say what small groups bring together."
        return cls(reader.reference(table, path, "of", nothing))

    def outline(self) -> str:
        return f"{self.kind} (of {self.of})"

    def needs(self) -> tuple[Need, ...]:
        return (Need("of", self.of, texts=True),)

    def defects(self, phase: Phase, method: Method) -> Iterable[Defect]:
        if phase.divided != "only":
            what = "Only where a group is divided there is anything to bring together."
            yield Defect(("divided",), what, 'Write divided = "only".')

    def is_alone(self) -> bool:
        return True

    def gives(self, phase: Phase) -> bool:
        return True

    def shows(self, method: Method, session: Session, phase: Phase) -> tuple[Contribution, ...]:
        if not session.is_divided:
            return shown(method, session, self.of)
        return Primitive.shows(self, method, session, phase)

    def accepts(
        self, method: Method, session: Session, now: Current, event: PhaseEvent
    ) -> Stepped | None:
        if isinstance(event, Worded | Confirmed) and now.opened.is_shown:
            return session, [Refused("shown")]
        match event:
            case Worded(text=text):
                lines = lines_of(text)
                if len(lines) > MOST_LINES:
                    return session, [Refused("too_many_lines")]
                if (longest := max(map(len, lines), default=0)) > LINE_LIMIT:
                    return session, [TooLong("text", longest, LINE_LIMIT)]
                return word(session, now, event, Told("found"))
            case Confirmed():
                return confirm(session, now, event, Told("found_yes"))
        return None

    def counts(
        self,
        method: Method,
        session: Session,
        now: Current,
        at: datetime,
        chance: Random,
        *,
        is_last: bool,
    ) -> Stepped | None:
        """Show what they found, all at once; and go on, where nobody leads."""
        lines = [] if now.opened.is_shown else _found(session, now)
        if not lines:
            return None
        chance.shuffle(lines)
        found = (
            Contribution(
                f"{chance.getrandbits(64):016x}", now.phase.id, line, None, "", is_shown=True
            )
            for line in lines
        )
        others = (each for each in session.contributions if each.phase != now.phase.id)
        opened = replace(now.opened, is_shown=True)
        session = replace(session, contributions=(*others, *found), opened=opened)
        if not is_last:
            return session, []
        return go(method, session, next_phase(method, session), at, chance)

    def closes(self, method: Method, session: Session, now: Current) -> Stepped:
        """What was worded on the way is forgotten."""
        wordings = {
            key: wording
            for key, wording in session.wordings.items()
            if not key.startswith(f"{now.phase.id}/")
        }
        return replace(session, wordings=wordings), []


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if not is_blank(line)]


def _found(session: Session, now: Current) -> list[str]:
    """The lines that two in a small group have said yes to."""
    return [
        line
        for key, wording in session.wordings.items()
        if key.startswith(f"{now.phase.id}/") and len(wording.confirmed) >= MIN_MEMBERS
        for line in lines_of(wording.text)
    ]
