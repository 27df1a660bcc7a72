"""A reflection method: its frame, what is prepared, its phases, and what comes after.

A method is data. `dialogs/sessions/method_file.py` reads one from a file, and
`dialogs/sessions/step.py` leads a group through it. Phases are made of a few
primitives, a module each in `dialogs/sessions/primitives`; what a phase means lies
in its texts, never in code.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, TypeAlias

from pydantic import PlainValidator, ValidationInfo

from dialogs.sessions.reading import MethodReader
from dialogs.sessions.state import (
    MAX_MEMBERS,
    Contribution,
    Opened,
    Pace,
    PhaseEvent,
    Session,
    Stepped,
)
from dialogs.studies.study import TextByLanguage
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable
from dialogs.writing.guards import Guard

Medium: TypeAlias = Literal["oral", "written", "both"]
Audience: TypeAlias = Literal["group", "facilitator", "writer"]
"""Who gets to see what is written in a phase."""
Content: TypeAlias = Literal[
    "telling", "question", "experience", "alternative", "recognition", "reflection"
]
Led: TypeAlias = Literal["facilitator", "anyone", "owner"]
"""Who may begin it: a facilitator, or a member of a group that has one; anyone; or anyone, and
whoever begins it is the owner."""
Actor: TypeAlias = str
"""Who acts in a phase: one of `ACTORS`, or the id of one of the method's own roles."""
ACTORS = ("everyone", "owner", "others", "facilitator")
"""`owner` is whom the group has chosen (the episode owner), `others` is everyone else."""
Divided: TypeAlias = Literal["", "apart", "only"]
"""Where they are so many that they are divided: `apart` each small group does the phase by itself,
and `only` then is there such a phase. Empty: it is for all, as it always is."""
USUAL_ORDER = 50
WORDS = ("explored", "owner", "form")
"""What a method may have a word of its own for: what the group looks into, who owns it, and
the form that is filled in before."""


# --- What a phase does --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theme:
    """One question of a guide. `roles` names those who are asked; everyone, where it is empty."""

    id: str
    text: TextByLanguage
    help: TextByLanguage = field(default_factory=dict)
    """What to follow up with."""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """A phase before that a primitive goes on from, as its file's `key` names it."""

    key: str
    phase: str
    texts: bool
    """Needs what the group sees of what was written there; else that somebody took part."""


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong with a phase: at which of its keys, and what to do about it."""

    at: Path
    what: str
    remedy: str


class Primitive:
    """What a phase does: one module of `primitives` each, which says here how it differs.

    As it stands, a phase waits for everyone who acts, and nothing is written in it.
    """

    __slots__ = ()

    # What it is

    keys: ClassVar[tuple[str, ...]] = ()
    """Its own keys in a file."""
    is_owners: ClassVar[bool] = False
    """Whether only the chosen one acts."""
    writes: ClassVar[bool] = False
    """Whether people tell, or write, something of their own."""
    gives_word: ClassVar[bool] = False
    """Whether the facilitator may let somebody be next."""
    hears_all: ClassVar[bool] = False
    """Whether "next" first halts until all have been heard."""
    brings_notes: ClassVar[bool] = False
    """Whether it is where each tells of their own note."""
    can_be_apart: ClassVar[bool] = False
    """Whether small groups can do it, each by itself."""
    gathers: ClassVar[bool] = False
    """Whether it is where small groups bring together what they found."""

    @property
    @abstractmethod
    def kind(self) -> str:
        """Its name, in files and in the storage."""
        ...

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        """Out of a phase's table, of which `keys` are its own."""
        return cls()

    def outline(self) -> str:
        """What a phase does, in a word or a few."""
        return self.kind

    # What it needs

    def needs(self) -> tuple[Need, ...]:
        return ()

    def fills_in(self) -> str:
        """Which of the method's forms is filled in; empty for none."""
        return ""

    def defects(self, phase: "Phase", method: "Method") -> Iterable[Defect]:
        """What is wrong with it where it stands, but for `needs` and `fills_in`."""
        return ()

    def is_possible(self, method: "Method", session: Session, phase: "Phase") -> bool:
        """Whether there is anything to act on, where there is somebody to act."""
        return True

    def shows_results(self) -> bool:
        """Whether published results of studies are put into the chat with it."""
        return False

    # What is written and seen

    def is_alone(self) -> bool:
        """Written alone, and hidden at first."""
        return False

    def is_anonymous(self) -> bool:
        """Shown to the group under pseudonyms."""
        return False

    def gives(self, phase: "Phase") -> bool:
        """Whether it leaves texts that the group sees, for a phase after it to go on from."""
        return self.writes and phase.medium != "oral" and phase.sees == "group"

    def shows(self, method: "Method", session: Session, phase: "Phase") -> tuple[Contribution, ...]:
        """Those of its texts that have been shown."""
        return tuple(c for c in session.contributions if c.phase == phase.id and c.is_shown)

    def asks(self) -> tuple[Theme, ...]:
        """The questions of a guide."""
        return ()

    # Whose turn it is

    def has_order(self) -> bool:
        """Whether those who act come in turn, live."""
        return False

    def is_shuffled(self) -> bool:
        """Whether that is in a random order."""
        return False

    def waits(self, pace: Pace) -> bool:
        """Whether it waits for those who act."""
        return True

    # What happens in it

    def accepts(
        self, method: "Method", session: Session, now: "Current", event: PhaseEvent
    ) -> Stepped | None:
        """Somebody who acts in it chooses something; None for what is not chosen here."""
        return None

    def counts(
        self,
        method: "Method",
        session: Session,
        now: "Current",
        at: datetime,
        chance: Random,
        *,
        is_last: bool,
    ) -> Stepped | None:
        """On, by what was chosen; None where nothing is counted, and the next phase follows.

        `is_last` where nobody can be asked to choose again.
        """
        return None

    def result(self, method: "Method", session: Session, now: "Current") -> Session | None:
        """With what all have given together, for the group to see; None where there is none yet.

        What is shown once stays: two results would tell what one more person gave. What each
        gave is forgotten.
        """
        return None

    def closes(self, method: "Method", session: Session, now: "Current") -> Stepped:
        """What it leaves behind."""
        return self.result(method, session, now) or session, []

    def keeps(self) -> bool:
        """Whether it leaves something with the group after the meeting."""
        return False

    def rehearses(
        self,
        method: "Method",
        session: Session,
        now: "Current",
        who: Mapping[str, Any],
        chance: Random,
    ) -> PhaseEvent | None:
        """What an invented member chooses in a rehearsal; None where there is nothing to choose,
        or no more. `who` is what every event takes."""
        return None

    def elects_from(self) -> str | None:
        """The phase of whose tellers one becomes the owner; None where nobody is elected."""
        return None


def _primitive(value: object, info: ValidationInfo) -> Primitive:
    """Of a document: `info.context` holds the reader of `dialogs/sessions/primitives`."""
    read: Callable[[object], Primitive] = (info.context or {})["primitive"]
    return read(value)


# --- The method ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One step of a meeting.

    `title` is the phase line. `script` is what the bot says in a group's first
    meeting, `prompt` in its second; from the third on the title is enough.
    """

    id: str
    title: TextByLanguage
    script: TextByLanguage
    prompt: TextByLanguage
    does: Annotated[Primitive, PlainValidator(_primitive)]
    acts: Actor = "everyone"
    sees: Audience = "group"
    medium: Medium = "both"
    content: Content | None = None
    minutes: int = 5
    """Suggested, in the live pace."""
    days: int = 1
    """Working days that the phase is open for, in the slow pace."""
    guards: tuple[Guard, ...] = ()
    first_meeting: int = 1
    """Left out of the meetings before this one."""
    shared_learning: bool = False
    """Whether contributions may be shared with a study that asks for such texts."""
    about: str = ""
    """The phase that it talks about: what was written there is at hand on its card."""
    divided: Divided = ""


class Current(NamedTuple):
    """The open phase, and how far it has come."""

    phase: Phase
    opened: Opened


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form; free text."""

    id: str
    text: TextByLanguage
    help: TextByLanguage = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormPart:
    """One card of a form."""

    title: TextByLanguage
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a member fills in alone; it belongs to the writer."""

    id: str
    title: TextByLanguage
    intro: TextByLanguage
    parts: tuple[FormPart, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A part that some members have in this method, such as a panel or a kind of work."""

    id: str
    title: TextByLanguage


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the meetings. Sizes are members, the facilitator counted if they take part."""

    min_size: int = 4
    advised_size: int = 5
    max_size: int = 8
    minutes: int = 90
    meetings: int = 3
    interval_days: int = 14
    paces: tuple[Pace, ...] = ("live", "days")
    with_one: bool = False
    """Whether it begins and goes on with a single one, as a talk."""


@dataclass(frozen=True, slots=True)
class Subgroups:
    """How those who are many are divided."""

    over: int = MAX_MEMBERS
    """So many are still one group."""
    size: int = 5
    """How many are in each, about."""
    minutes: int = 0
    """Of such a meeting."""


@dataclass(frozen=True, slots=True)
class After:
    """What comes after a meeting."""

    destroy_forms_days: int = 7
    """Log forms are destroyed this many days after the meeting that they were for."""
    nudge_weeks: int = 4
    """When to ask what was used."""
    keeps: bool = True
    """Whether anything is kept but what each wrote to themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`preparation` is the id of the form that is filled in before each meeting, or empty.

    `observer` is the id of the questionnaire that an observer fills in, or empty
    where there is none. `words` are its own for some of `WORDS`, as they stand in a
    sentence (*episoden*). Methods are offered by `order`, the lowest first.
    """

    id: str
    title: TextByLanguage
    purpose: TextByLanguage
    phases: tuple[Phase, ...]
    frame: Frame = field(default_factory=Frame)
    roles: tuple[Role, ...] = ()
    forms: Mapping[str, Form] = field(default_factory=dict)
    preparation: str = ""
    observer: str = ""
    after: After = field(default_factory=After)
    words: Mapping[str, TextByLanguage] = field(default_factory=dict)
    order: int = USUAL_ORDER
    led_by: Led = "facilitator"
    has_queue: bool = False
    """Whether a group that meets by it is a standing panel, to which the office brings cases."""
    subgroups: Subgroups | None = None
    """None where there is room for one group alone."""

    @property
    def is_anyones(self) -> bool:
        """Whether it needs nobody who leads groups."""
        return self.led_by != "facilitator"

    @property
    def room(self) -> int:
        """How many may take part."""
        return max(MAX_MEMBERS, self.frame.max_size) if self.subgroups else MAX_MEMBERS

    def plan(self, meeting: int) -> tuple[Phase, ...]:
        """The phases of a group's meeting of this number, 1 being the first."""
        return tuple(phase for phase in self.phases if phase.first_meeting <= meeting)
