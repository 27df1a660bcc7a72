"""A session: one meeting of a group, as values: its state, what happens, what is to be done.

`dialogs/sessions/step.py` says what happens to it, and `dialogs/sessions/queries.py` where it
stands: whose turn it is, of whom the group waits, what may be seen.

Whether a phase is pseudonymous is fixed when it opens (`Opened.anonymous`), and
both what is shown and what the card says are read from that one value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from dialogs.groups.working_hours import WorkingHours
from dialogs.studies.study import Language
from dialogs.writing.guards import Suggestion
from dialogs.writing.recognition import Finding
from dialogs.writing.text import TooLong, Unstorable

TEXT_LIMIT = 1500
"""Characters in one contribution."""
STATE_LIMIT = 60_000
"""Bytes of a whole session of one group, as `dump` writes it."""
MIN_MEMBERS = 2
MAX_MEMBERS = 12
"""More than any group wants: the frame's size warns and never blocks."""
MOST_MEMBERS = 48
"""Where a method divides those who are many into small groups."""
THIN = 3
"""With so few who write, one can guess who wrote what."""

MAX_PLACED = MAX_MEMBERS
"""Contributions on a matrix: one from each member at most."""

INVENTED = "invented:"
"""How the id of a member begins who is nobody: no id that Teams gives does."""

Pace: TypeAlias = Literal["live", "days"]
"""`live`: the group meets, and the bot follows. `days`: each phase is open for some days."""
PersonId: TypeAlias = str
ContributionId: TypeAlias = str
MatrixPlace: TypeAlias = tuple[int, int]
"""On a matrix: how far across and how far up, from 1."""


# --- The session --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who takes part; `name` as Teams shows it, `role` one of the method's own."""

    id: PersonId
    name: str
    role: str = ""
    pseudonym: str = ""
    """Drawn for this session; forgotten when it ends."""
    is_here: bool = True
    """False for those who left; they may come back."""
    subgroup: int = 0
    """Which small group they are in; 0 where the session is not divided."""

    @property
    def is_invented(self) -> bool:
        """Whether it is nobody, and takes part in a rehearsal."""
        return self.id.startswith(INVENTED)


@dataclass(frozen=True, slots=True)
class Contribution:
    """Something written.

    `author` is forgotten, and `id` is another, when what was written alone is shown.
    `name` is what the group sees: the pseudonym, or the open name of who chose it; it
    is empty for a facilitator who is no member.
    """

    id: ContributionId
    phase: str
    text: str
    author: PersonId | None
    name: str
    role: str = ""
    """The writer's role."""
    theme: str = ""
    """What of a guide it is about; empty for anything else."""
    is_shown: bool = False
    """False while only its writer may see it."""
    is_open: bool = False
    """The writer chose the open name."""
    subgroup: int = 0
    """The small group that alone may see it; 0 where it is for all."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The phase that is open now.

    `visit` grows by one with every phase opened, also when one goes back: buttons
    carry it, so that a press on an older card changes nothing.
    """

    phase: str
    visit: int
    since: datetime
    until: datetime
    """When the suggested time is up (live), or the deadline (days). Informs, never locks."""
    anonymous: bool
    turn: int = 0
    """Grows whenever "next" comes to mean something else in this visit: somebody else's turn,
    what was hidden is shown, another vote. The facilitator's buttons carry it."""
    order: tuple[PersonId, ...] = ()
    """Whose turn, in a round with an order: the first of those who are not done."""
    done: frozenset[PersonId] = frozenset()
    passed: frozenset[PersonId] = frozenset()
    is_shown: bool = True
    """False while what is written in a private phase is hidden."""
    votes: Mapping[PersonId, tuple[str, ...]] = field(default_factory=dict)
    runoff: tuple[str, ...] = ()
    """After a tie, or where nobody voted: the candidates of another vote, before the lot."""
    ratings: Mapping[PersonId, Mapping[str, int]] = field(default_factory=dict)
    places: Mapping[PersonId, Mapping[ContributionId, MatrixPlace]] = field(default_factory=dict)
    """Where each has placed what on a matrix."""
    answers: Mapping[PersonId, Mapping[str, str]] = field(default_factory=dict)
    """What each has chosen, by what it is about, where a primitive needs no more than words."""
    asked: tuple[str, ...] = ()
    """The themes of a guide that the group has come to; it talks about the last. Of an
    agreement: the edition that the facilitator was told is not confirmed by all."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a group may agree on. `edition` grows with every change, so that one
    confirms what one has read."""

    text: str
    edition: int = 0
    confirmed: frozenset[PersonId] = frozenset()
    is_agreed: bool = False
    """All had confirmed it when its phase was over, now or in an earlier meeting."""


WhyEnded: TypeAlias = Literal["finished", "ended", "too_few", "never_started"]
"""After the last phase; by the facilitator; with fewer than two left in the live pace."""


@dataclass(frozen=True, slots=True)
class Gathering:
    since: datetime
    kind: Literal["gathering"] = "gathering"


@dataclass(frozen=True, slots=True)
class Running:
    kind: Literal["running"] = "running"


@dataclass(frozen=True, slots=True)
class Resting:
    """A break, or until another day."""

    since: datetime
    kind: Literal["resting"] = "resting"


@dataclass(frozen=True, slots=True)
class Ended:
    at: datetime
    why: WhyEnded
    kind: Literal["ended"] = "ended"


Stage: TypeAlias = Annotated[Gathering | Running | Resting | Ended, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Asking:
    """Colleagues are asked in their own chats, where each of them works: there is no common one.

    Of a no nothing is kept but that there was one.
    """

    until: datetime
    """When nobody need answer any more."""
    waiting: tuple[PersonId, ...] = ()
    """Who was asked and has said neither yes nor no."""
    later: frozenset[PersonId] = frozenset()
    """Those of them who can later."""
    again: Mapping[PersonId, datetime] = field(default_factory=dict)
    """When each of these is reminded of it, once; nobody whom that would help no more."""
    unable: int = 0
    """How many cannot; never who."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Whether the group takes along a file of what it agreed on and kept, once it is over.

    It is made only if all who were there say yes; of a no nothing is kept but that there was one.
    """

    until: datetime
    """When nobody need answer any more, or the file can no longer be fetched."""
    yes: frozenset[PersonId] = frozenset()
    is_refused: bool = False
    key: str = ""
    """What its address ends in; empty where there is no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The whole state. Everything in it may be shown to a member, but for what is hidden in
    `contributions`, `opened.votes`, `opened.ratings`, `opened.places` and `opened.answers`, and
    the pseudonyms."""

    method: str
    meeting: int
    language: Language
    pace: Pace
    hours: WorkingHours
    facilitator: PersonId | None
    """None after the facilitator dropped out, until somebody takes over."""
    co_leader: PersonId | None = None
    """Leads together with the facilitator, and in their place when they leave."""
    members: tuple[Member, ...] = ()
    observer: Member | None = None
    stage: Stage
    opened: Opened | None = None
    """None before the start and after the end."""
    owner: PersonId | None = None
    by_lot: bool = False
    """Two votes for the owner did not settle it, and the lot decided: the group is told."""
    declined: frozenset[PersonId] = frozenset()
    """Owners who wanted to stop: not to be asked again in this session."""
    contributions: tuple[Contribution, ...] = ()
    spreads: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    """Ratings of phases that are over: per scale how many gave 1, 2, ...; never who."""
    pictures: Mapping[str, Mapping[ContributionId, MatrixPlace]] = field(default_factory=dict)
    """Matrices of phases that are over: where each contribution lies for the group; never who."""
    results: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What came of the answers of a phase; never who."""
    picked: tuple[ContributionId, ...] = ()
    """What the owner wants to try."""
    names: tuple[str, ...] = ()
    """Pseudonyms not yet used, in random order."""
    took_part: Mapping[str, frozenset[PersonId]] = field(default_factory=dict)
    """Who can be chosen as the owner, by the phase in which they told."""
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    """What is being agreed on, by phase; it may come from an earlier meeting."""
    called: frozenset[PersonId] = frozenset()
    """Whose notes have been brought up."""
    asking: Asking | None = None
    """None where the session has a chat that its members share."""
    visited: Mapping[int, str] = field(default_factory=dict)
    """The phase of each visit so far: what is taken out goes off their cards, too."""
    kept: tuple[str, ...] = ()
    """What went into the group's own collection in this session, by its digest."""
    summary: Summary | None = None
    """None where nobody has asked for one."""
    brought: Mapping[PersonId, str] = field(default_factory=dict)
    """The questions of those whose cases have a place in this meeting."""
    returned: Mapping[PersonId, tuple[str, ...]] = field(default_factory=dict)
    """What was taken out after it was shown, for its writer alone, as long as the session runs."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether somebody rehearses alone, with members who are invented."""
        return any(member.is_invented for member in self.members)

    @property
    def is_divided(self) -> bool:
        """Whether they are so many that small groups do some of the phases, each by itself."""
        return any(member.subgroup for member in self.members)

    @property
    def limit(self) -> int:
        """Bytes of this session: the more who take part, the more there is room for."""
        return STATE_LIMIT * max(1, -(-len(self.members) // MAX_MEMBERS))


# --- What happens -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Somebody does something. `by` is authenticated; everything else may be forged.

    `seed` is this event's randomness: 64 bits that nobody can guess. Any event can
    open a phase, or show what was hidden.
    """

    by: PersonId
    at: datetime
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InPhase(Act):
    """... in the phase that the pressed card showed. A command, which shows none, gives None."""

    visit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Act):
    """Is here: at the start, later, or again.

    `role` where the method has roles; empty keeps the one that somebody has.
    """

    name: str
    role: str = ""
    back: tuple[Contribution, ...] = ()
    """What they had written, and nobody had seen, when they left a moment ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Act):
    """Goes, for whatever reason; what they wrote and is not shown goes with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed(Act):
    """Is here as the observer, for research only, instead of as a member."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSet(Act):
    pace: Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet(Act):
    """The group's cards are in another language from now on."""

    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Act):
    """`names` are pseudonyms, all different, in random order: one for each whom the method has
    room for.

    `anyway`: also where nobody has one of the method's roles.
    """

    names: tuple[str, ...]
    anyway: bool = False
    brought: Mapping[PersonId, str] = field(default_factory=dict)
    """The questions of those whose cases have a place in this meeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced(InPhase):
    """The facilitator's "next": the next in turn, what is hidden is shown, the votes are counted,
    or else the next phase. `turn` as the pressed button carried it; None for a command."""

    turn: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped(InPhase):
    """The next phase, whatever is left of this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack(InPhase):
    """The phase before; what was written in both is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed(InPhase):
    """The facilitator's word: show what was written alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveWord(InPhase):
    """The facilitator lets somebody be next."""

    to: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(InPhase):
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(InPhase):
    """A member has said or written what they wanted.

    `unsent` is what stands in the field of their card. `anyway`: they have seen what of a
    guide is left, or that it is not sent.
    """

    unsent: str = ""
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed(InPhase):
    """A member lets it pass this time; otherwise as `Finished`."""

    unsent: str = ""
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Act):
    """Anybody may ask for a break; nobody is told who did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Act):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Act):
    """The facilitator hands over to a member."""

    to: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class TookOver(Act):
    """A member takes over where there is no facilitator, or a phase is long overdue; the co-leader
    whenever they have to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCoLeader(Act):
    """A member is to lead as well."""

    to: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCoLeading(Act):
    """The co-leader says no, or whoever leads goes on alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Act):
    """The facilitator ends the session."""

    visit: int | None = None
    """Of the part in which it was asked whether to; None where nobody was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerStopped(Act):
    """The owner no longer wants to be asked about their episode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(InPhase):
    """A contribution; with the `id` of one's own earlier one that is not shown yet, in its place.

    `anyway`: the writer has seen what the guards and the recognition check said.
    """

    id: ContributionId
    text: str
    theme: str = ""
    anyway: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrew(Act):
    """Takes back a contribution of one's own that is not shown yet."""

    id: ContributionId


@dataclass(frozen=True, slots=True, kw_only=True)
class TookOut(Act):
    """Takes out a text that was shown: the facilitator any, its writer their own."""

    id: ContributionId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForSummary(Act):
    """The facilitator asks, when it is over, whether the group takes a summary along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredSummary(Act):
    """A member says yes or no; the last yes makes it, and one no ends it, also afterwards.

    `key` is new, and nobody can guess it.
    """

    is_yes: bool
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted(InPhase):
    """For members, or for contributions, by id; again replaces."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked(InPhase):
    """The owner picks what to try; again replaces."""

    contributions: tuple[ContributionId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(InPhase):
    """`values` by scale; again replaces."""

    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(InPhase):
    """`places` by contribution, all or some; again replaces. `half`: some lie on one axis alone."""

    places: Mapping[ContributionId, MatrixPlace]
    half: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(InPhase):
    """`values` by what they are about, all or some; again replaces."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(InPhase):
    """The facilitator turns to a theme of the guide, in any order, or again."""

    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded(InPhase):
    """What to agree on, in the place of the `edition` that was on the writer's card (0: none)."""

    text: str
    edition: int
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(InPhase):
    """Agrees to an edition; `unsent` is what stands in the field of their card."""

    edition: int
    unsent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Act):
    """Colleagues are asked whether they can; `until` is when they need not answer any more."""

    people: tuple[PersonId, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Act):
    """Says yes to what they were asked; the first yes begins the talk. `names` as `Started`."""

    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed(Act):
    """Can later; the question stays with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Act):
    """Cannot, for whatever reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersDue:
    """The clock: the `until` of a question has come."""

    at: datetime
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeUp:
    """The clock: the `until` of a visit has come. Moves on in the slow pace only."""

    at: datetime
    visit: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """The clock: nobody has brought it to its end, and it is to be kept no longer."""

    at: datetime
    seed: int


GroupEvent: TypeAlias = (
    Joined
    | Left
    | Observed
    | PaceSet
    | LanguageSet
    | Started
    | Paused
    | Resumed
    | HandedOver
    | TookOver
    | NamedCoLeader
    | EndedCoLeading
    | Stopped
    | OwnerStopped
    | Withdrew
    | TookOut
    | Invited
    | Accepted
    | Postponed
    | Declined
)
PhaseEvent: TypeAlias = (
    Advanced
    | Skipped
    | WentBack
    | Revealed
    | GaveWord
    | Extended
    | Finished
    | Passed
    | Wrote
    | Voted
    | Picked
    | Rated
    | Placed
    | Answered
    | Asked
    | Worded
    | Confirmed
)
AfterwardsEvent: TypeAlias = AskedForSummary | AnsweredSummary
Event: TypeAlias = GroupEvent | PhaseEvent | AfterwardsEvent | TimeUp | Lapsed | AnswersDue


# --- What the shell is to do --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PhaseOpened:
    """Post one status card for this visit, close the one before, and wake at `until`."""

    visit: int
    until: datetime
    kind: Literal["phase_opened"] = "phase_opened"


@dataclass(frozen=True, slots=True)
class TimeMoved:
    """The open phase has another `until`: wake at it, too."""

    visit: int
    until: datetime
    kind: Literal["time_moved"] = "time_moved"


@dataclass(frozen=True, slots=True)
class ColleagueAsked:
    """Ask this colleague in their own chat."""

    person: PersonId
    kind: Literal["colleague_asked"] = "colleague_asked"


@dataclass(frozen=True, slots=True)
class ColleagueAnswered:
    """They need not be asked any more: nothing says any longer that they were."""

    person: PersonId
    kind: Literal["colleague_answered"] = "colleague_answered"


@dataclass(frozen=True, slots=True)
class AnswerPutOff:
    """Remind whoever can later of the question at this moment."""

    at: datetime
    kind: Literal["answer_put_off"] = "answer_put_off"


@dataclass(frozen=True, slots=True)
class CameLater:
    """Bring the open phase to somebody who says yes when the talk has begun."""

    person: PersonId
    kind: Literal["came_later"] = "came_later"


@dataclass(frozen=True, slots=True)
class AskedInVain:
    """Nobody who was asked can: tell whoever asked."""

    kind: Literal["asked_in_vain"] = "asked_in_vain"


@dataclass(frozen=True, slots=True)
class TurnCame:
    """Bring this member's own notes up in the personal chat; at most once in a session."""

    member: PersonId
    kind: Literal["turn_came"] = "turn_came"


@dataclass(frozen=True, slots=True)
class NotedForSelf:
    """Add to the notes that their writer alone may read."""

    member: PersonId
    text: str
    kind: Literal["noted_for_self"] = "noted_for_self"


@dataclass(frozen=True, slots=True)
class Kept:
    """Put these into the group's own collection, without names."""

    texts: tuple[str, ...]
    for_office: bool = False
    """The group has voted on what the office may find."""
    kind: Literal["kept"] = "kept"


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Draw every card of the session without it. In the group's own collection, where any of
    `gone` is there, put what is left of it, if anything is, in its place."""

    gone: tuple[str, ...]
    left: tuple[str, ...]
    kind: Literal["taken_out"] = "taken_out"


@dataclass(frozen=True, slots=True)
class Returned:
    """Give its writer what was taken out, in their own chat: the last of what they got back."""

    member: PersonId
    kind: Literal["returned"] = "returned"


@dataclass(frozen=True, slots=True)
class Agreed:
    """Keep what everyone has confirmed, in the place of what was agreed in this phase before."""

    phase: str
    text: str
    kind: Literal["agreed"] = "agreed"


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Close the last card, have the forms destroyed in time, and plan what comes after."""

    kind: Literal["session_ended"] = "session_ended"


@dataclass(frozen=True, slots=True)
class FacilitatorChanged:
    """Send the panel to the new facilitator, if there is one; the old panel says so."""

    kind: Literal["facilitator_changed"] = "facilitator_changed"


@dataclass(frozen=True, slots=True)
class CoLeaderCame:
    """Send the panel to whoever leads as well: it says with whom, and how to say no."""

    kind: Literal["co_leader_came"] = "co_leader_came"


# What there is to say to the one who acted. A refusal changes nothing.


Why: TypeAlias = Literal[
    "not_a_member",
    "not_facilitator",
    "nobody_leads",
    "not_your_turn",  # a phase in which others act
    "phase_over",  # a press on the card of an earlier phase
    "not_running",
    "ended",
    "full",
    "too_few",  # two are needed
    "empty",
    "no_room",  # the phase's card, or the session's state, would grow too large
    "shown",  # what is shown can be neither edited nor withdrawn
    "not_yours",
    "no_choice",  # what was chosen is not there, or not any more
    "nothing_chosen",
    "half_placed",  # on one axis of a matrix alone
    "role_missing",  # nobody has one of the method's roles
    "first_phase",
    "has_facilitator",
    "leads_already",
    "has_co_leader",  # one at a time
    "no_co_leader",  # there is none, or it is a talk of a few minutes
    "observer_taken",
    "no_observer",  # the method has no form for one
    "is_observer",  # who observes neither acts nor takes part
    "is_member",  # who takes part does not observe
    "is_facilitator",
    "unknown_role",
    "no_role",  # the method has roles, and this member has chosen none
    "unknown_pace",
    "no_writing",  # nothing is written in this phase
    "nothing_to_show",
    "unsent",  # what was written is in the field, and nobody else has it
    "reworded",  # somebody has changed what is to be agreed on
    "too_many_lines",  # of what a small group found
    "not_asked",  # has answered, or the question is no more
    "too_many",  # more than the method has room for
    "no_summary",  # nothing was kept, or it is not asked for, or no more
    "rehearsal",  # invented members cannot lead
]


@dataclass(frozen=True, slots=True)
class Refused:
    """`why` names a text; what was written stays on the writer's card."""

    why: Why
    kind: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True)
class HardFound:
    """The text names somebody beyond doubt (a national identity number, a phone, ...)."""

    findings: tuple[Finding, ...]
    kind: Literal["hard_found"] = "hard_found"


@dataclass(frozen=True, slots=True)
class Suggested:
    """Think twice: soft findings, or a guard with an open question as an example."""

    findings: tuple[Finding, ...]
    suggestion: Suggestion | None
    kind: Literal["suggested"] = "suggested"


@dataclass(frozen=True, slots=True)
class Told:
    """`what` names a text for the one who acted: it worked."""

    what: Literal[
        "written",
        "replaced",
        "withdrawn",
        "taken_out",  # what was shown
        "summary_asked",
        "summary_yes",
        "summary_made",  # all have said yes
        "summary_no",
        "taken_back",  # what one had chosen
        "back",  # with what one had written
        "voted",
        "rated",
        "placed",
        "answered",
        "scored",
        "picked",
        "noted",
        "pause_asked",
        "stopped",  # the owner need not say why
        "worded",
        "confirmed",
        "found",  # what a small group found is worded: one more must say yes
        "found_yes",
        "tie_again",  # a tie: another vote among those that are left
        "tie_lot",  # a tie again: the lot decided
        "nobody_chosen",  # nobody voted: another vote, before the lot
        "not_agreed",  # not all have confirmed: the next "next" goes on without an agreement
    ]
    kind: Literal["told"] = "told"


@dataclass(frozen=True, slots=True)
class ThemesLeft:
    """Not done yet: these themes of the guide have not been answered. One may be done anyway."""

    themes: tuple[str, ...]
    kind: Literal["themes_left"] = "themes_left"


Notice: TypeAlias = Refused | HardFound | Suggested | ThemesLeft | Told | TooLong | Unstorable
Effect: TypeAlias = (
    PhaseOpened
    | TimeMoved
    | TurnCame
    | NotedForSelf
    | Kept
    | TakenOut
    | Returned
    | Agreed
    | SessionEnded
    | FacilitatorChanged
    | CoLeaderCame
    | ColleagueAsked
    | ColleagueAnswered
    | AnswerPutOff
    | CameLater
    | AskedInVain
    | Notice
)


Stepped: TypeAlias = tuple[Session, list[Effect]]


# --- As a document ------------------------------------------------------------------------------

_sessions = TypeAdapter(Session)


def dump(session: Session) -> bytes:
    return _sessions.dump_json(session)


def load(document: bytes) -> Session:
    return _sessions.validate_json(document)
