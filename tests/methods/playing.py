"""A group that does in every phase of a method what there is to do in it."""

from collections.abc import Sequence
from itertools import cycle

from dialogs.sessions.method import Method, Phase
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.primitives.cluster import Cluster, sortable
from dialogs.sessions.primitives.findings import Findings
from dialogs.sessions.primitives.matrix import Matrix, placeable
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.primitives.vote import Vote, candidates
from dialogs.sessions.queries import may_act, shown, takes_writing, wording_key
from dialogs.sessions.state import (
    Answered,
    Confirmed,
    Ended,
    Finished,
    Joined,
    Pace,
    PaceSet,
    Picked,
    Placed,
    Rated,
    Started,
    Voted,
    Worded,
)
from tests.support.sessions import NAMES, Group

MEMBERS = ("kari", "ola", "siri", "anne", "nils", "per")


class Playing(Group):
    """Members whose roles alternate."""

    seen: tuple[str, ...] = ()

    def play(self) -> None:
        """To the end; `seen` are the phases that were gone through."""
        for _ in range(200):
            if isinstance(self.session.stage, Ended):
                return
            phase = self._open()
            self.seen = tuple(dict.fromkeys((*self.seen, phase.id)))
            for member in [each.id for each in self.session.members]:
                if self.phase == phase.id and may_act(self.method, self.session, member):
                    self._act(member, phase)
            if self.phase == phase.id:
                self.next()
        raise AssertionError(f"{self.phase} never ends")

    def _open(self) -> Phase:
        return next(each for each in self.method.phases if each.id == self.phase)

    def _act(self, member: str, phase: Phase) -> None:
        match phase.does:
            case Vote():
                self.do(Voted, member, choices=(candidates(self.method, self.session)[0].id,))
            case Rating(scales=scales):
                self.do(Rated, member, values={scale.id: scale.steps for scale in scales})
            case Matrix(across=across):
                placed = placeable(self.method, self.session, phase.does)
                self.do(Placed, member, places={each.id: (across.steps, 1) for each in placed})
            case Cluster():
                piles = sortable(self.method, self.session, phase.does)
                self.do(Answered, member, values={each.id: "A" for each in piles})
            case Agreement() | Findings():
                self._agree(member, phase)
            case _ if takes_writing(self.session, phase):
                self._tell(member, phase)
        if isinstance(phase.does, Owner) and phase.does.picks:
            first = shown(self.method, self.session, phase.does.picks)[0]
            self.do(Picked, member, contributions=(first.id,))
        if self.phase == phase.id:
            self.do(Finished, member, anyway=True)

    def _agree(self, member: str, phase: Phase) -> None:
        wording = self.session.wordings.get(wording_key(self.session, phase, member))
        if wording is None:
            self.do(Worded, member, text="Vi prøver ett grep hver.", edition=0)
        else:
            self.do(Confirmed, member, edition=wording.edition)

    def _tell(self, member: str, phase: Phase) -> None:
        for theme in [each.id for each in phase.does.asks()] or [""]:
            self.write(member, f"{member} i {phase.id}", theme=theme)


def play(method: Method, pace: Pace, meeting: int, members: Sequence[str] = MEMBERS) -> Playing:
    """A session of this method, played to its end."""
    group = Playing(method, members=(), pace=pace, meeting=meeting, is_started=False)
    roles = cycle([role.id for role in method.roles] or [""])
    for member in members[: method.frame.max_size]:
        group.do(Joined, member, name=member.title(), role=next(roles))
    group.do(PaceSet, "frode", pace=pace)
    group.do(Started, "frode", names=NAMES)
    group.play()
    return group
