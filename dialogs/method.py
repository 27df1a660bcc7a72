"""A reflection method: its frame, what is prepared, its phases, and what comes after.

A method is data. `dialogs/method_file.py` reads one from a file, and
`dialogs/reflection.py` leads a group through it. Phases are made of a few
primitives; what a phase means lies in its texts, never in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from pydantic import Field as Discriminated

from dialogs.guards import Guard
from dialogs.study import Texts

Pace: TypeAlias = Literal["live", "days"]
"""`live`: the group meets, and the bot follows. `days`: each phase is open for some days."""
Medium: TypeAlias = Literal["oral", "written", "both"]
Audience: TypeAlias = Literal["group", "facilitator", "writer"]
"""Who gets to see what is written in a phase."""
Content: TypeAlias = Literal[
    "telling", "question", "experience", "alternative", "recognition", "reflection"
]
Actor: TypeAlias = str
"""Who acts in a phase: one of `ACTORS`, or the id of one of the method's own roles."""
ACTORS = ("everyone", "owner", "others", "facilitator")
"""`owner` is whom the group has chosen (the episode owner), `others` is everyone else."""
USUAL_ORDER = 50


# --- What a phase does --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inform:
    """The facilitator, or the bot, says something; nobody need do anything."""

    kind: Literal["inform"] = "inform"


@dataclass(frozen=True, slots=True)
class Round:
    """Each in turn. `free`: whoever wants is next, until all have been heard or have passed."""

    order: Literal["fixed", "random", "free"] = "random"
    kind: Literal["round"] = "round"


@dataclass(frozen=True, slots=True)
class Open:
    """Anyone, any number of times."""

    kind: Literal["open"] = "open"


@dataclass(frozen=True, slots=True)
class Owner:
    """Only the chosen one; `picks` names a phase whose contributions the owner picks from."""

    picks: str = ""
    kind: Literal["owner"] = "owner"


@dataclass(frozen=True, slots=True)
class Vote:
    """On who took part in the phase `of` (who becomes the owner), or on what was written there.

    `collection`: what more than half of those present want to keep goes to the
    group's own collection, without names.
    """

    of: str
    elects: Literal["owner", "collection"]
    kind: Literal["vote"] = "vote"


@dataclass(frozen=True, slots=True)
class Private:
    """Written alone; shown all at once, shuffled, at the facilitator's word.

    With `anonymous` under the session's pseudonyms. Where the phase's audience is
    the writer, nothing is ever shown: it is a note to oneself.
    """

    anonymous: bool = True
    kind: Literal["private"] = "private"


@dataclass(frozen=True, slots=True)
class Scale:
    """What a rating asks, or an axis of a matrix: 1 to `steps`, from `low` to `high`."""

    id: str
    text: Texts
    low: Texts
    high: Texts
    steps: int = 5


@dataclass(frozen=True, slots=True)
class Rating:
    """Everyone rates on the same scales, alone; the group sees the spread, never who."""

    scales: tuple[Scale, ...]
    kind: Literal["rating"] = "rating"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everyone places what was written in the phase `of` on two axes, alone.

    The group sees where each contribution lies for them together, never who placed it there.
    """

    of: str
    across: Scale
    up: Scale
    kind: Literal["matrix"] = "matrix"


@dataclass(frozen=True, slots=True)
class FillIn:
    """Everyone fills in one of the method's forms."""

    form: str
    kind: Literal["form"] = "form"


@dataclass(frozen=True, slots=True)
class Pause:
    """A break."""

    kind: Literal["pause"] = "pause"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was tried since last time, from those who want to tell; each sees their own note."""

    kind: Literal["follow_up"] = "follow_up"


@dataclass(frozen=True, slots=True)
class Theme:
    """One question of a guide. `roles` names those who are asked; everyone, where it is empty."""

    id: str
    text: Texts
    help: Texts = field(default_factory=dict)
    """What to follow up with."""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """Questions that are an aid and not a corset: in any order, skipped, followed up.

    Live the group talks about one at a time. Over days, and where it is `alone`,
    each writes in an order of their own, and is told once of what is left; with
    `alone` it is shown together, under the session's pseudonyms.
    """

    themes: tuple[Theme, ...]
    alone: bool = False
    kind: Literal["guide"] = "guide"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One text that all who act confirm. Whoever words it anew opens it again."""

    kind: Literal["agreement"] = "agreement"


Primitive: TypeAlias = Annotated[
    Inform
    | Round
    | Open
    | Owner
    | Vote
    | Private
    | Rating
    | Matrix
    | FillIn
    | Pause
    | FollowUp
    | Guide
    | Agreement,
    Discriminated(discriminator="kind"),
]


# --- The method ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One step of a meeting.

    `title` is the phase line. `script` is what the bot says in a group's first
    meeting, `prompt` in its second; from the third on the title is enough.
    """

    id: str
    title: Texts
    script: Texts
    prompt: Texts
    does: Primitive
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
    """Whether a contribution may be marked as shared for research, by its writer."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form; free text."""

    id: str
    text: Texts
    help: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One card of a form."""

    title: Texts
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a member fills in alone; it belongs to the writer."""

    id: str
    title: Texts
    intro: Texts
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A part that some members have in this method, such as a panel or a kind of work."""

    id: str
    title: Texts


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


@dataclass(frozen=True, slots=True)
class After:
    """What comes after a meeting."""

    destroy_forms_days: int = 7
    """Log forms are destroyed this many days after the meeting that they were for."""
    nudge_weeks: int = 4
    """When to ask what was used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`preparation` is the id of the form that is filled in before each meeting, or empty.

    `observer` is the id of the questionnaire that an observer fills in, or empty
    where there is none. Methods are offered by `order`, the lowest first.
    """

    id: str
    title: Texts
    purpose: Texts
    phases: tuple[Phase, ...]
    frame: Frame = field(default_factory=Frame)
    roles: tuple[Role, ...] = ()
    forms: Mapping[str, Form] = field(default_factory=dict)
    preparation: str = ""
    observer: str = ""
    after: After = field(default_factory=After)
    order: int = USUAL_ORDER

    def plan(self, meeting: int) -> tuple[Phase, ...]:
        """The phases of a group's meeting of this number, 1 being the first."""
        return tuple(phase for phase in self.phases if phase.first_meeting <= meeting)
