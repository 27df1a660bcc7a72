"""Methods of several shapes, and groups that play them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dialogs.sessions import queries
from dialogs.sessions.method import Frame, Method, Phase, Primitive, Role, Theme
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.primitives.cluster import Cluster
from dialogs.sessions.primitives.fill_in import FillIn
from dialogs.sessions.primitives.follow_up import FollowUp
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.matrix import Matrix
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.pause import Pause
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.scale import Scale
from dialogs.sessions.state import (
    MOST_MEMBERS,
    Advanced,
    Effect,
    Event,
    Joined,
    Opened,
    Pace,
    PaceSet,
    Session,
    Skipped,
    Started,
    TimeUp,
    Wrote,
)
from dialogs.sessions.step import begin, step

NAMES = tuple(f"pseudonym {number}" for number in range(1, MOST_MEMBERS + 1))
MONDAY = datetime(2027, 1, 11, 8, tzinfo=UTC)


def texts(text: str) -> dict[Any, str]:
    return {"nb": text, "nn": text, "en": text}


def phase_of(id: str, does: Primitive, **values: Any) -> Phase:  # noqa: A002 - as the phase has it
    return Phase(id=id, title=texts(id), script=texts(id), prompt=texts(id), does=does, **values)


def method_of(id: str, *phases: Phase, **values: Any) -> Method:  # noqa: A002 - as the method has it
    return Method(id=id, title=texts(id), purpose=texts(id), phases=phases, **values)


def rating(*scales: str) -> Rating:
    return Rating(tuple(Scale(each, texts(each), texts("low"), texts("high")) for each in scales))


def matrix(of: str, across: int = 5, up: int = 5) -> Matrix:
    """How many steps there are on either axis."""
    low, high = texts("low"), texts("high")
    return Matrix(
        of,
        Scale("across", texts("across"), low, high, across),
        Scale("up", texts("up"), low, high, up),
    )


def guide(*themes: str, alone: bool = False, **for_roles: str) -> Guide:
    """Themes for everyone, and for each of these roles one more."""
    ids: dict[str, tuple[str, ...]] = dict.fromkeys(themes, ())
    ids |= {theme: (role,) for role, theme in for_roles.items()}
    return Guide(tuple(Theme(id=i, text=texts(i), roles=roles) for i, roles in ids.items()), alone)


GUIDANCE = method_of(
    "guidance",
    phase_of("welcome", Inform()),
    phase_of("tried", FollowUp(), first_meeting=2, content="experience"),
    phase_of("episodes", Round("random"), content="telling", minutes=15),
    phase_of("choice", Vote("episodes", "owner")),
    phase_of("more", Owner(), content="telling"),
    phase_of(
        "questions", Round("fixed"), acts="others", content="question", guards=("advice", "leading")
    ),
    phase_of("satisfied", Owner(), content="recognition"),
    phase_of("alternatives", Private(), acts="others", content="alternative", shared_learning=True),
    phase_of("to_try", Owner(picks="alternatives")),
    phase_of("to_me", Private(), sees="writer"),
    phase_of("collection", Vote("alternatives", "collection")),
    phase_of("closing", Round("free")),
    phase_of("rating", rating("useful", "safe")),
    observer="observation",
)
"""As the reflection group."""

EVERYTHING = method_of(
    "everything",
    phase_of("open", Open()),
    phase_of("free", Round("free"), content="telling", medium="oral"),
    phase_of("panel", Round("fixed"), acts="panel"),
    phase_of("form", FillIn("log")),
    phase_of("break", Pause()),
    phase_of("alone", Private(anonymous=False), shared_learning=True),
    phase_of("wishes", Private(), sees="facilitator"),
    phase_of("aloud", Round("fixed"), sees="facilitator"),
    phase_of("leader", Open(), acts="facilitator"),
    phase_of("guide", guide("first", "second", "third")),
    phase_of("answers", guide("for_all", alone=True, panel="for_panel"), shared_learning=True),
    phase_of("agreement", Agreement()),
    phase_of("choice", Vote("free", "owner")),
    phase_of("owner", Open(), acts="owner", content="telling", shared_learning=True),
    phase_of("first", Round("random"), acts="others"),
    phase_of("follow_up", FollowUp()),
    phase_of("piles", Cluster("alone")),
    phase_of("keep", Vote("alone", "collection")),
    phase_of("picture", matrix("alone", up=3)),
    phase_of("second", Owner()),
    phase_of("rating", rating("one")),
    phase_of("bye", Inform()),
    roles=(Role("panel", texts("panel")), Role("guest", texts("guest"))),
    observer="observation",
)
"""Every primitive, audience and actor."""

TINY = method_of("tiny", phase_of("only", Open()), frame=Frame(paces=("days",)))


@dataclass
class Group:
    """Plays a session: every act takes a minute, and has a seed of its own."""

    method: Method = GUIDANCE
    members: Sequence[str] = ("kari", "ola", "siri", "per")
    pace: Pace = "live"
    meeting: int = 1
    is_started: bool = True
    now: datetime = MONDAY
    session: Session = field(init=False)
    _seed: int = 0

    def __post_init__(self) -> None:
        self.session = begin(
            self.method, self.meeting, "frode", "nb", zone="Europe/Oslo", at=self.now
        )
        role = self.method.roles[-1].id if self.method.roles else ""
        for member in self.members:
            self.do(Joined, member, name=member.title(), role=role)
        self.do(PaceSet, "frode", pace=self.pace)
        if self.is_started:
            self.do(Started, "frode", names=NAMES, anyway=True)

    def do(self, act: type[Event], by: str, **values: Any) -> list[Effect]:
        """Somebody does something; what came of it."""
        return self.take(act(by=by, at=self._tick(), seed=self._seed, **values))  # type: ignore[call-arg] # of the events only TimeUp has no `by`

    def take(self, event: Event) -> list[Effect]:
        self.session, effects = step(self.method, self.session, event)
        return effects

    def next(self) -> list[Effect]:
        return self.do(Advanced, "frode")

    def time_up(self) -> list[Effect]:
        """The clock, at the end of what is open."""
        self.now = self.opened.until
        return self.take(TimeUp(at=self.now, visit=self.opened.visit, seed=self._seed))

    def write(self, by: str, text: str, id: str = "", **values: Any) -> list[Effect]:  # noqa: A002 - as the event has it
        return self.do(Wrote, by, id=id or f"{by}-{self._seed}", text=text, **values)

    def to(self, phase: str) -> None:
        """The facilitator leads on until this phase is open."""
        for _ in range(100):
            if self.phase == phase:
                return
            self.next()
        raise AssertionError(f"{phase} is never opened; {self.phase} is")

    def skip_to(self, phase: str) -> None:
        """The facilitator skips all before this phase."""
        while self.phase != phase:
            assert self.phase, f"{phase} is never opened"
            self.do(Skipped, "frode")

    def _tick(self) -> datetime:
        self._seed += 1
        self.now += timedelta(minutes=1)
        return self.now

    @property
    def opened(self) -> Opened:
        assert self.session.opened is not None
        return self.session.opened

    @property
    def phase(self) -> str:
        return self.session.opened.phase if self.session.opened else ""

    @property
    def turn(self) -> str | None:
        return queries.whose_turn(self.method, self.session)

    @property
    def waiting(self) -> tuple[str, ...]:
        return queries.waiting_for(self.method, self.session)

    def shown(self, phase: str) -> list[str]:
        return [each.text for each in queries.shown(self.method, self.session, phase)]
