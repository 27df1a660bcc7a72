"""The chosen one has the word, and picks what to try."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar, Literal, Self

from dialogs.sessions.method import Current, Defect, Method, Need, Phase, Primitive
from dialogs.sessions.queries import shown
from dialogs.sessions.reading import MethodReader
from dialogs.sessions.state import PhaseEvent, Picked, Refused, Session, Stepped, Told
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable


@dataclass(frozen=True, slots=True)
class Owner(Primitive):
    """Only the chosen one; `picks` names a phase whose contributions the owner picks from."""

    picks: str = ""
    kind: Literal["owner"] = "owner"

    keys: ClassVar = ("picks",)
    is_owners: ClassVar = True
    writes: ClassVar = True

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        return cls(reader.reference(table, path, "picks"))

    def outline(self) -> str:
        return f"{self.kind} (picks from {self.picks})" if self.picks else self.kind

    def needs(self) -> tuple[Need, ...]:
        return (Need("picks", self.picks, texts=True),) if self.picks else ()

    def defects(self, phase: Phase, method: Method) -> Iterable[Defect]:
        if phase.acts != "owner":
            yield Defect(
                ("acts",),
                'In a phase with does = "owner" only the owner acts.',
                'Remove `acts`, or write does = "round".',
            )

    def accepts(
        self, method: Method, session: Session, now: Current, event: PhaseEvent
    ) -> Stepped | None:
        """What the owner wants to try, in the order of what is shown."""
        if not isinstance(event, Picked):
            return None
        ids = [each.id for each in shown(method, session, self.picks)]
        if not set(ids).issuperset(event.contributions):
            return session, [Refused("no_choice")]
        picked = tuple(each for each in ids if each in event.contributions)
        if not picked:
            told = Told("taken_back") if session.picked else Refused("nothing_chosen")
            return replace(session, picked=()), [told]
        return replace(session, picked=picked), [Told("picked")]

    def rehearses(
        self,
        method: Method,
        session: Session,
        now: Current,
        who: Mapping[str, Any],
        chance: Random,
    ) -> PhaseEvent | None:
        """One of what the others have offered."""
        offered = [each.id for each in shown(method, session, self.picks)]
        if session.picked or not offered:
            return None
        return Picked(**who, contributions=(chance.choice(offered),))
