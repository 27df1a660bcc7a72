"""The dialog of a questionnaire: one participant answers it, a block at a time.

    Pairing --yes, mine / without--> Answering --last block--> Reviewing
    Reviewing --approved--> Delivering --deliver--> (the urn)

`step` is the whole dialog. It reads no clock, sends nothing and stores nothing; it
returns the new draft and what the shell has to do or say.

Only the form after begins with `Pairing`. It asks for the code of the form before, shows
whose answer the shell finds with it, and pairs the two only if the participant says that
it is theirs: nothing is ever guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from dialogs.handing_in import Broken, Confirmed, Deliver, Discard, OutOfTurn, Redrawn
from dialogs.questionnaire import Answers, Item, Questionnaire, asked, chosen
from dialogs.text import TooLong, Unstorable, fault

TEXT_LIMIT = 1000
"""Characters in an answer in words."""
PSEUDONYM_LIMIT = 60
"""Characters in a pseudonym; those that are drawn have fewer."""


# --- Where the participant is -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pairing:
    """`found` is the pseudonym of the answer before that a code has led to, or empty."""

    found: str = ""
    kind: Literal["pairing"] = "pairing"


@dataclass(frozen=True, slots=True)
class Answering:
    """The block of this number, from 0."""

    block: int = 0
    kind: Literal["answering"] = "answering"


@dataclass(frozen=True, slots=True)
class Reviewing:
    kind: Literal["reviewing"] = "reviewing"


@dataclass(frozen=True, slots=True)
class Delivering:
    kind: Literal["delivering"] = "delivering"


Stage: TypeAlias = Annotated[
    Pairing | Answering | Reviewing | Delivering, Field(discriminator="kind")
]


@dataclass(frozen=True, slots=True)
class Draft:
    """One participant's whole work so far."""

    pseudonym: str
    code: str
    stage: Stage
    answers: Answers = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    """The items that the participant has gone on from, answered or left open."""
    before: str = ""
    """The pseudonym of the answer before, once the participant has said that it is theirs."""
    paused: bool = False


# --- What the participant does ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coded:
    """Wrote the code of the form before, as it was typed."""

    code: str


@dataclass(frozen=True, slots=True)
class Found:
    """The shell has found the answer that the code belongs to."""

    pseudonym: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """Yes, that answer is mine."""


@dataclass(frozen=True, slots=True)
class Disowned:
    """No, it is not, or I do not know."""


@dataclass(frozen=True, slots=True)
class WentUnpaired:
    """Go on without the code."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was filled in on a block's card; with `leaving`, the rest is left open."""

    answers: Mapping[str, str]
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """Keep what is filled in, and rest."""

    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resumed:
    pass


@dataclass(frozen=True, slots=True)
class Revised:
    """From the review to the block with this id."""

    block: str


@dataclass(frozen=True, slots=True)
class Approved:
    """Content with the answers as they are."""


@dataclass(frozen=True, slots=True)
class WentBack:
    """One card back; what was filled in on this one is kept."""

    answers: Mapping[str, str] = field(default_factory=dict)


Event: TypeAlias = (
    Coded
    | Found
    | Recognised
    | Disowned
    | WentUnpaired
    | Answered
    | Paused
    | Resumed
    | Revised
    | Approved
    | Redrawn
    | Confirmed
    | Broken
    | WentBack
)


# --- What the shell is to do or say -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookUp:
    """Find the answer before that has this code, and come back with `Found`."""

    code: str


@dataclass(frozen=True, slots=True)
class Open:
    """These items have no answer yet; they may be left so."""

    items: tuple[str, ...]
    kind: Literal["open"] = "open"


@dataclass(frozen=True, slots=True)
class MoreAsked:
    """The answers have brought up these items on the same card."""

    items: tuple[str, ...]
    kind: Literal["more_asked"] = "more_asked"


@dataclass(frozen=True, slots=True)
class NotYours:
    """The answer that the code led to is not this participant's: nothing is paired."""

    kind: Literal["not_yours"] = "not_yours"


Notice: TypeAlias = Open | MoreAsked | NotYours | OutOfTurn | TooLong | Unstorable
Effect: TypeAlias = LookUp | Deliver | Discard | Notice


# --- Looking at a draft -------------------------------------------------------------------------


def here(questionnaire: Questionnaire, answers: Answers, block: int) -> tuple[Item, ...]:
    """The items of a block that are asked of somebody who has answered so."""
    there = {item.id for item in asked(questionnaire, answers)}
    return tuple(item for item in questionnaire.blocks[block].items if item.id in there)


def blocks(questionnaire: Questionnaire, answers: Answers) -> list[int]:
    """The blocks that have something to ask, by number."""
    return [n for n in range(len(questionnaire.blocks)) if here(questionnaire, answers, n)]


def done(questionnaire: Questionnaire, draft: Draft) -> tuple[int, int]:
    """How many items have been answered or left open, and how many are asked."""
    items = [item.id for item in asked(questionnaire, draft.answers)]
    return sum(item in draft.passed for item in items), len(items)


# --- The dialog ---------------------------------------------------------------------------------


def begin(questionnaire: Questionnaire, pseudonym: str, code: str) -> Draft:
    """A new draft, at the first card."""
    return Draft(pseudonym, code, Pairing() if questionnaire.before else _first(questionnaire))


def step(  # noqa: C901, PLR0912 - the table of (stage, event) reads best whole
    questionnaire: Questionnaire, draft: Draft, event: Event
) -> tuple[Draft, list[Effect]]:
    """One event: the new draft, and what to do or say. A refusal changes nothing."""
    match draft.stage, event:
        case _, Broken():
            return draft, [Discard()]
        case _, Resumed() if draft.paused:
            return replace(draft, paused=False), []
        case _ if draft.paused:
            return draft, [OutOfTurn()]
        case stage, Paused(answers):
            if isinstance(stage, Answering):
                draft, _ = _keep(questionnaire, draft, stage.block, answers)
            return replace(draft, paused=True), []
        case stage, WentBack(answers):
            if isinstance(stage, Answering):
                draft, _ = _keep(questionnaire, draft, stage.block, answers)
            return replace(draft, stage=_before(questionnaire, draft)), []
        case Pairing(""), Coded(code):
            return draft, [LookUp(code)]
        case Pairing(""), Found(pseudonym):
            return replace(draft, stage=Pairing(pseudonym)), []
        case Pairing(""), WentUnpaired():
            return replace(draft, stage=_first(questionnaire), before=""), []
        case Pairing(found), Recognised() if found:
            return replace(draft, stage=_first(questionnaire), before=found), []
        case Pairing(found), Disowned() if found:
            return replace(draft, stage=Pairing(), before=""), [NotYours()]
        case Answering(block), Answered():
            return _answer(questionnaire, draft, block, event)
        case Reviewing(), Revised(block_id) if number := _number(questionnaire, draft, block_id):
            return replace(draft, stage=Answering(number - 1)), []
        case Reviewing(), Approved():
            return replace(draft, stage=Delivering()), []
        case Delivering(), Redrawn(pseudonym):
            return replace(draft, pseudonym=pseudonym), []
        case Delivering(), Confirmed(earlier_code):
            return draft, [Deliver(earlier_code)]
        case _:  # a press on a card that the dialog has moved past, or a forged one
            return draft, [OutOfTurn()]


def _first(questionnaire: Questionnaire) -> Answering:
    return Answering(blocks(questionnaire, {})[0])


def _before(questionnaire: Questionnaire, draft: Draft) -> Stage:
    there = blocks(questionnaire, draft.answers)
    match draft.stage:
        case Delivering():
            return Reviewing()
        case Reviewing():
            return Answering(there[-1])
        case Answering(block) if earlier := [n for n in there if n < block]:
            return Answering(earlier[-1])
        case Answering() if not questionnaire.before:
            return draft.stage
        case _:
            return Pairing()


def _number(questionnaire: Questionnaire, draft: Draft, block_id: str) -> int:
    """The block of this id, counted from 1 so that it is true; 0 where nothing is asked there."""
    there = blocks(questionnaire, draft.answers)
    return next((n + 1 for n in there if questionnaire.blocks[n].id == block_id), 0)


def _answer(
    questionnaire: Questionnaire, draft: Draft, block: int, event: Answered
) -> tuple[Draft, list[Effect]]:
    shown = here(questionnaire, draft.answers, block)
    was_done = _all_passed(questionnaire, draft)
    draft, faults = _keep(questionnaire, draft, block, event.answers)
    if faults:
        return draft, list(faults)
    there = here(questionnaire, draft.answers, block)
    left_open = tuple(
        item.id
        for item in there
        if item in shown
        and item.way == "one"
        and item.id not in draft.passed
        and not draft.answers.get(item.id)
    )
    if left_open and not event.leaving:
        return draft, [Open(left_open)]
    passed = dict.fromkeys((*draft.passed, *(item.id for item in shown)))
    draft = replace(draft, passed=tuple(passed))
    if more := tuple(item.id for item in there if item not in shown):
        return draft, [MoreAsked(more)]
    return replace(draft, stage=_onward(questionnaire, draft, block, was_done=was_done)), []


def _all_passed(questionnaire: Questionnaire, draft: Draft) -> bool:
    passed, total = done(questionnaire, draft)
    return passed == total


def _onward(questionnaire: Questionnaire, draft: Draft, block: int, *, was_done: bool) -> Stage:
    """The next block; back to the review for those who came from it.

    A change may have brought up items that have never been shown: those come first.
    """
    if _all_passed(questionnaire, draft) and was_done:
        return Reviewing()
    there = blocks(questionnaire, draft.answers)
    unseen = [
        n
        for n in there
        if any(i.id not in draft.passed for i in here(questionnaire, draft.answers, n))
    ]
    later = [n for n in (unseen if was_done else there) if n > block]
    return next((Answering(n) for n in (*later, *unseen)), Reviewing())


def _keep(
    questionnaire: Questionnaire, draft: Draft, block: int, given: Mapping[str, str]
) -> tuple[Draft, Sequence[TooLong | Unstorable]]:
    """The answers on the card as they stand there; a text that cannot be kept leaves the old."""
    answers, faults = dict(draft.answers), []
    for item in here(questionnaire, draft.answers, block):
        answer = given.get(item.id, "")
        if item.way != "text":
            picked = chosen(answer)
            known = [option.id for option in item.options if option.id in picked]
            answers[item.id] = ",".join(known if item.way == "several" else known[:1])
        elif why := fault(item.id, answer, TEXT_LIMIT):
            faults.append(why)
        else:
            answers[item.id] = answer
    return replace(draft, answers=answers), faults


# --- The answer ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sealed. It holds nothing of who, when, or in which language."""

    information: str
    """The version of the information that was accepted."""
    answers: Answers
    """Items that were left open are left out; but none of several is an answer, and empty."""
    before: str = ""
    """In the one after: the pseudonym of the participant's own answer before, or empty."""
    format: Literal[1] = 1


def answer(questionnaire: Questionnaire, draft: Draft) -> Answer:
    """The finished answer, in the questionnaire's order."""
    given = {
        item.id: draft.answers.get(item.id, "") for item in asked(questionnaire, draft.answers)
    }
    return Answer(
        questionnaire.information.version,
        {i: text for i, text in given.items() if text or questionnaire.item(i).way == "several"},
        draft.before,
    )


def fits(questionnaire: Questionnaire, finished: Answer) -> bool:
    """Whether an answer is one to this questionnaire: known items, options that there are."""
    items = {item.id: item for item in questionnaire.items}
    return finished.information == questionnaire.information.version and all(
        i in items and _is_answer(items[i], text) for i, text in finished.answers.items()
    )


def _is_answer(item: Item, text: str) -> bool:
    if item.way == "text":
        return True
    known = {option.id for option in item.options}
    return known.issuperset(chosen(text)) and (item.way == "several" or text in known)


def answer_size(questionnaire: Questionnaire) -> int:
    """Bytes that hold every possible answer: what each one is padded to.

    A character takes at most four bytes in UTF-8; JSON escapes line breaks and tabs with
    two, and texts hold no other control character.
    """
    longest = {
        item.id: ",".join(option.id for option in item.options) for item in questionnaire.items
    }
    words = sum(item.way == "text" for item in questionnaire.items)
    empty = Answer(questionnaire.information.version, longest)
    characters = words * TEXT_LIMIT + PSEUDONYM_LIMIT
    return -(-(len(dump_answer(empty)) + 4 * characters) // 1024) * 1024


# --- As documents -------------------------------------------------------------------------------

_answers = TypeAdapter(Answer)


def dump_answer(finished: Answer) -> bytes:
    """JSON in UTF-8."""
    return _answers.dump_json(finished)


def load_answer(document: bytes) -> Answer:
    """Raises ValueError where the document is no answer."""
    return _answers.validate_json(document)
