"""What an instrument is: a questionnaire, a guide, a scored assessment or a script.

Texts are the file's own, in its language. Nothing here says where in a printed
source a text stood.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

Asked: TypeAlias = Literal["before", "after", "both"]
ASKED: tuple[Asked, ...] = get_args(Asked)
Way: TypeAlias = Literal["one", "several", "text"]
"""With one answer of the scale, with any number of them, or in words."""
WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True, slots=True)
class InstrumentDefect:
    """A fault of the instrument itself, which stays there and is said."""

    where: str
    """`item 3`; empty for the whole."""
    summary: str
    found_here: bool = False
    """Whether reading found it; else the file itself says so."""

    def __str__(self) -> str:
        return f"{self.where}: {self.summary}" if self.where else self.summary


@dataclass(frozen=True, slots=True)
class ScaleShape:
    """What can be answered, in order. An answer without a number counts in no mean."""

    labels: tuple[str, ...]
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class ConditionShape:
    """Asked only of those who gave one of these answers to another item."""

    item: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemShape:
    """A question or statement that is answered on its block's scale."""

    number: int
    text: str
    reversed: bool = False
    free_text: str = ""
    """What is asked for in words after it."""
    condition: ConditionShape | None = None


@dataclass(frozen=True, slots=True)
class BlockShape:
    """Items that share a scale."""

    id: str
    title: str
    asked: Asked
    scale: ScaleShape
    items: tuple[ItemShape, ...]
    free_text: str = ""
    way: Way = "one"


@dataclass(frozen=True, slots=True)
class Background:
    """A question about whoever answers."""

    id: str
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionnaireShape:
    """A form, asked once, or before and after."""

    id: str
    title: str
    language: str
    background: tuple[Background, ...]
    blocks: tuple[BlockShape, ...]
    variants: tuple[BlockShape, ...] = ()
    """Other wordings of a block, which are no part of the form."""
    closing: tuple[str, ...] = ()

    def items(self) -> Iterator[ItemShape]:
        """All items, in the order in which they are asked."""
        for block in self.blocks:
            yield from block.items


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a guide, or several in one, of which `parts` are the single ones."""

    number: str
    id: str
    text: str
    kind: str = ""
    """As the file calls it: an instruction, a prompt ..."""
    phase: str = ""
    level: str = ""
    parts: tuple["Question", ...] = ()
    theme: str = ""
    follow_ups: tuple[str, ...] = ()
    """What to ask further, as the guide has it."""


@dataclass(frozen=True, slots=True)
class RoleShape:
    """The questions for one role, or one part of a guide."""

    id: str
    title: str
    questions: tuple[Question, ...]
    """From the warm-up on."""
    background: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    """What is said before the first question."""
    closing: tuple[str, ...] = ()
    """What is said or asked after the last."""
    minutes: tuple[int, int] | None = None
    """From and to, where this role's talk has a length of its own."""

    def asked(self) -> dict[str, str]:
        """Every question and part that has an id, by it."""
        each = [part for question in self.questions for part in (question, *question.parts)]
        return {question.id: question.text for question in each if question.id}


@dataclass(frozen=True, slots=True)
class Shared:
    """A question that several roles are asked, so that they can be compared."""

    id: str
    texts: Mapping[str, str]
    """By role."""

    @property
    def identical(self) -> bool:
        """Word for word; else mirrored, each role asked about the other."""
        return len(set(self.texts.values())) == 1


@dataclass(frozen=True, slots=True)
class GuideShape:
    """Open questions, for one role or several."""

    id: str
    title: str
    language: str
    roles: tuple[RoleShape, ...]
    rules: tuple[str, ...] = ()
    minutes: tuple[int, int] | None = None
    """From and to."""
    is_form: bool = False
    """The parts are those of a form that is filled in alone, and no roles."""

    def shared(self) -> tuple[Shared, ...]:
        """What more than one role is asked, in the first role's order."""
        asked = {role.id: role.asked() for role in self.roles}
        ids = dict.fromkeys(one for questions in asked.values() for one in questions)
        found = (
            Shared(one, {role: texts[one] for role, texts in asked.items() if one in texts})
            for one in ids
        )
        return tuple(shared for shared in found if len(shared.texts) > 1)


@dataclass(frozen=True, slots=True)
class Range:
    """The measured values that give a score. None: no bound on that side."""

    score: int
    least: float | None
    greatest: float | None
    over_least: bool = False
    """The bound itself is not within."""
    under_greatest: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """An item with a level for each score."""

    number: int
    id: str
    part: str
    title: str
    intention: str
    criteria: tuple[str, ...]
    """Ticked one by one where `by_count` says what their number gives."""
    levels: Mapping[int, str]
    """What each score means."""
    by_count: Mapping[int, int | None] = field(default_factory=dict)
    """The score for each number of ticked criteria; None where the source has no level."""
    unit: str = ""
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class BandShape:
    """What a sum means, from `least` to `greatest`."""

    least: int
    greatest: int
    label: str
    short: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Items that are scored and added up."""

    id: str
    title: str
    language: str
    least: int
    greatest: int
    """Of one item."""
    parts: tuple[tuple[str, str], ...]
    """Id and title."""
    items: tuple[Scored, ...]
    bands: tuple[BandShape, ...]
    """From the lowest."""
    rules: tuple[str, ...] = ()

    def band(self, total: int) -> BandShape | None:
        """The band of a sum; None where the bands leave it out."""
        return next((band for band in self.bands if band.least <= total <= band.greatest), None)


@dataclass(frozen=True, slots=True)
class StepShape:
    """What is done in one step, by whom, and what must not be."""

    number: int
    id: str
    phase: str
    what: str
    actors: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    meetings: tuple[int, ...] = ()
    """Those that have this step; all where empty."""


@dataclass(frozen=True, slots=True)
class Script:
    """A meeting, step by step."""

    id: str
    title: str
    language: str
    steps: tuple[StepShape, ...]
    roles: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    minutes: int | None = None
    people: tuple[int, int] | None = None
    """As the method recommends, from and to."""
    meetings: int | None = None
    days_between: int | None = None


Instrument: TypeAlias = QuestionnaireShape | GuideShape | Assessment | Script


@dataclass(frozen=True, slots=True)
class Understood:
    """An instrument, its defects, and what in the file has no place in it."""

    instrument: Instrument
    defects: tuple[InstrumentDefect, ...]
    left: tuple[str, ...]
    """As phrases with the key, how often, and the first line."""
