"""The dialog of a questionnaire: one participant answers it, a page at a time.

    Pairing --yes, mine / without--> Answering --last page--> Reviewing
    Reviewing --approved--> Delivering --deliver--> (the urn)

`step` is the whole dialog. It reads no clock, sends nothing and stores nothing; it
returns the new draft and what the shell has to do or say.

Only the form after begins with `Pairing`. It asks for the code of the form before, shows
whose answer the shell finds with it, and pairs the two only if the participant says that
it is theirs: nothing is ever guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from dialogs.studies.items import NONE, Answers, Item, is_answer, picked
from dialogs.studies.questionnaire import Block, Questionnaire, asked
from dialogs.studies.submission import (
    PSEUDONYM_LIMIT,
    Broken,
    Confirmed,
    Deliver,
    Discard,
    OutOfTurn,
    Redrawn,
)
from dialogs.writing.door import TextFault, taken

ON_A_PAGE = 7
"""Items on one card at most: more is a long way to scroll on a phone."""
ABOUT = ("question", "method", "phase", "role", "group")
"""What may follow a text that somebody shares from a session."""
ABOUT_LIMIT = 600
"""Characters of each."""


# --- Where the participant is -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pairing:
    """`found` is the pseudonym of the answer before that a code has led to, or empty."""

    found: str = ""
    kind: Literal["pairing"] = "pairing"


@dataclass(frozen=True, slots=True)
class Answering:
    """The page of this number, from 0; `only` the item that the review has led to."""

    page: int = 0
    only: str = ""
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
    about: Mapping[str, str] = field(default_factory=dict)
    """What follows a text from a session, of `ABOUT`."""
    corrects: bool = False
    """It goes in the place of the answer whose pseudonym and code it has."""


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
    """What was filled in on a block's card; with `leaving`, the rest is left open.

    `anyway`: the writer has seen what the recognition check found in the texts.
    """

    answers: Mapping[str, str]
    leaving: bool = False
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """Keep what is filled in, and rest."""

    answers: Mapping[str, str]
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Resumed:
    pass


@dataclass(frozen=True, slots=True)
class Revised:
    """From the review to the item with this id."""

    item: str


@dataclass(frozen=True, slots=True)
class Approved:
    """Content with the answers as they are."""


@dataclass(frozen=True, slots=True)
class WentBack:
    """One card back; what was filled in on this one is kept."""

    answers: Mapping[str, str] = field(default_factory=dict)
    anyway: bool = False


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


Notice: TypeAlias = Open | MoreAsked | NotYours | OutOfTurn | TextFault
Effect: TypeAlias = LookUp | Deliver | Discard | Notice


# --- Looking at a draft -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one card: a block, or as much of a long one as a phone can hold."""

    block: Block
    items: tuple[Item, ...]


def pages(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """Blocks in pages of at most `ON_A_PAGE` items, as even as can be."""
    return tuple(
        Page(block, block.items[begin:end])
        for block in questionnaire.blocks
        for begin, end in _spans(len(block.items))
    )


def _spans(items: int) -> list[tuple[int, int]]:
    parts = -(-items // ON_A_PAGE)
    ends = [round(items * part / parts) for part in range(parts + 1)]
    return [*pairwise(ends)]


def here(questionnaire: Questionnaire, answers: Answers, page: int) -> tuple[Item, ...]:
    """The items of a page that are asked of somebody who has answered so."""
    there = {item.id for item in asked(questionnaire, answers)}
    return tuple(item for item in pages(questionnaire)[page].items if item.id in there)


def on_card(questionnaire: Questionnaire, answers: Answers, stage: Answering) -> tuple[Item, ...]:
    """The items that stand on the card: the page's, or the one that the review has led to."""
    there = here(questionnaire, answers, stage.page)
    return tuple(item for item in there if item.id == stage.only) or there


def asking(questionnaire: Questionnaire, answers: Answers) -> list[int]:
    """The pages that have something to ask, by number."""
    return [n for n in range(len(pages(questionnaire))) if here(questionnaire, answers, n)]


def done(questionnaire: Questionnaire, draft: Draft) -> tuple[int, int]:
    """How many items have been answered or left open, and how many are asked.

    What is saved counts at once, also while others on its card are open.
    """
    items = [item.id for item in asked(questionnaire, draft.answers)]
    dealt_with = (item in draft.passed or bool(draft.answers.get(item)) for item in items)
    return sum(dealt_with), len(items)


# --- The dialog ---------------------------------------------------------------------------------


def begin(questionnaire: Questionnaire, pseudonym: str, code: str) -> Draft:
    """A new draft, at the first card."""
    return Draft(pseudonym, code, Pairing() if questionnaire.before else _first(questionnaire))


def begin_sharing(
    questionnaire: Questionnaire, draft: Draft, text: str, about: Mapping[str, str]
) -> Draft:
    """A new draft with a text from a session in its field; it is looked over before it is kept."""
    known = {key: about[key][:ABOUT_LIMIT] for key in ABOUT if about.get(key)}
    answers = {questionnaire.shares: text[: questionnaire.text_limit]}
    return replace(draft, answers=answers, about=known)


def begin_again(
    questionnaire: Questionnaire, pseudonym: str, code: str, delivered: "Answer"
) -> Draft:
    """A draft that corrects what was handed in under this pseudonym and code."""
    answers = dict(delivered.answers)
    passed = tuple(item.id for item in asked(questionnaire, answers))
    return Draft(
        pseudonym,
        code,
        Reviewing(),
        answers,
        passed,
        delivered.before,
        about=dict(delivered.about),
        corrects=True,
    )


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
        case Answering() as stage, Paused() | WentBack():
            draft, faults = _keep(questionnaire, draft, stage, event)
            return (draft, [*faults]) if faults else (_left(questionnaire, draft, event), [])
        case _, Paused() | WentBack():
            return _left(questionnaire, draft, event), []
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
        case Answering() as stage, Answered():
            return _answer(questionnaire, draft, stage, event)
        case Reviewing(), Revised(item) if one := _page_of(questionnaire, draft, item):
            return replace(draft, stage=one), []
        case Reviewing(), Approved():
            return replace(draft, stage=Delivering()), []
        case Delivering(), Redrawn(pseudonym) if not draft.corrects:
            return replace(draft, pseudonym=pseudonym), []
        case Delivering(), Confirmed(earlier_code):
            return draft, [Deliver(draft.code if draft.corrects else earlier_code)]
        case _:  # a press on a card that the dialog has moved past, or a forged one
            return draft, [OutOfTurn()]


def _left(questionnaire: Questionnaire, draft: Draft, event: Paused | WentBack) -> Draft:
    if isinstance(event, Paused):
        return replace(draft, paused=True)
    return replace(draft, stage=_before(questionnaire, draft))


def _first(questionnaire: Questionnaire) -> Answering:
    return Answering(asking(questionnaire, {})[0])


def _before(questionnaire: Questionnaire, draft: Draft) -> Stage:
    there = asking(questionnaire, draft.answers)
    match draft.stage:
        case Delivering():
            return Reviewing()
        case Reviewing():
            return Answering(there[-1])
        case Answering(only=only) if only:
            return Reviewing()
        case Answering(page) if earlier := [n for n in there if n < page]:
            return Answering(earlier[-1])
        case Answering() if not questionnaire.before:
            return draft.stage
        case _:
            return Pairing()


def _page_of(questionnaire: Questionnaire, draft: Draft, item: str) -> Answering | None:
    """The card of one item alone; None where it is not asked."""
    for number in asking(questionnaire, draft.answers):
        if any(each.id == item for each in here(questionnaire, draft.answers, number)):
            return Answering(number, item)
    return None


def _answer(
    questionnaire: Questionnaire, draft: Draft, stage: Answering, event: Answered
) -> tuple[Draft, list[Effect]]:
    shown = on_card(questionnaire, draft.answers, stage)
    before = here(questionnaire, draft.answers, stage.page)
    was_done = _all_passed(questionnaire, draft)
    draft, faults = _keep(questionnaire, draft, stage, event)
    if faults:
        return draft, [*faults]
    there = here(questionnaire, draft.answers, stage.page)
    left_open = tuple(
        item.id
        for item in there
        if item in shown
        and item.way != "text"
        and item.id not in draft.passed
        and not draft.answers.get(item.id)
    )
    if left_open and not event.leaving:
        return draft, [Open(left_open)]
    passed = dict.fromkeys((*draft.passed, *(item.id for item in shown)))
    draft = replace(draft, passed=tuple(passed))
    if more := tuple(item.id for item in there if item not in before):
        return replace(draft, stage=Answering(stage.page)), [MoreAsked(more)]
    return replace(draft, stage=_onward(questionnaire, draft, stage.page, was_done=was_done)), []


def _all_passed(questionnaire: Questionnaire, draft: Draft) -> bool:
    return all(item.id in draft.passed for item in asked(questionnaire, draft.answers))


def _onward(questionnaire: Questionnaire, draft: Draft, page: int, *, was_done: bool) -> Stage:
    """The next page; back to the review for those who came from it.

    A change may have brought up items that have never been shown: those come first.
    """
    if _all_passed(questionnaire, draft) and was_done:
        return Reviewing()
    there = asking(questionnaire, draft.answers)
    unseen = [
        n
        for n in there
        if any(i.id not in draft.passed for i in here(questionnaire, draft.answers, n))
    ]
    later = [n for n in (unseen if was_done else there) if n > page]
    return next((Answering(n) for n in (*later, *unseen)), Reviewing())


def _keep(
    questionnaire: Questionnaire,
    draft: Draft,
    stage: Answering,
    event: Answered | Paused | WentBack,
) -> tuple[Draft, list[TextFault]]:
    """The answers on the card as they stand there; a text that cannot be kept leaves the old."""
    answers, texts = dict(draft.answers), dict[str, str]()
    for item in on_card(questionnaire, draft.answers, stage):
        answer = event.answers.get(item.id, "")
        if item.way == "text":
            texts[item.id] = answer
        else:
            answers[item.id] = picked(item, answer)
    kept, faults = taken(answers, texts, questionnaire.text_limit, anyway=event.anyway)
    return replace(draft, answers=kept), faults


# --- The answer ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sealed. It holds nothing of who, when, or in which language."""

    information: str
    """The version of the information that was accepted."""
    answers: Answers
    """Items that were passed over, or not asked, are left out."""
    before: str = ""
    """In the one after: the pseudonym of the participant's own answer before, or empty."""
    about: Mapping[str, str] = field(default_factory=dict)
    """What follows a text from a session, of `ABOUT`: the question that it answers, and whence."""
    format: Literal[1] = 1


def answer(questionnaire: Questionnaire, draft: Draft) -> Answer:
    """The finished answer, in the questionnaire's order."""
    given = {
        item.id: draft.answers.get(item.id, "") for item in asked(questionnaire, draft.answers)
    }
    return Answer(
        questionnaire.information.version,
        {item: text for item, text in given.items() if text},
        draft.before,
        draft.about,
    )


def fits(questionnaire: Questionnaire, finished: Answer) -> bool:
    """Whether an answer is one to this questionnaire: known items, options that there are."""
    items = {item.id: item for item in questionnaire.items}
    follows = not finished.about or bool(questionnaire.shares)
    return (
        finished.information == questionnaire.information.version
        and follows
        and all(i in items and is_answer(items[i], text) for i, text in finished.answers.items())
    )


def answer_size(questionnaire: Questionnaire) -> int:
    """Bytes that hold every possible answer: what each one is padded to.

    A character takes at most four bytes in UTF-8; JSON escapes line breaks and tabs with
    two, and texts hold no other control character.
    """
    longest = {
        item.id: max(NONE, ",".join(option.id for option in item.options), key=len)
        for item in questionnaire.items
    }
    words = sum(item.way == "text" for item in questionnaire.items)
    empty = Answer(questionnaire.information.version, longest, about=dict.fromkeys(ABOUT, ""))
    about = len(ABOUT) * ABOUT_LIMIT if questionnaire.shares else 0
    characters = words * questionnaire.text_limit + about + PSEUDONYM_LIMIT
    return -(-(len(dump_answer(empty)) + 4 * characters) // 1024) * 1024


# --- As documents -------------------------------------------------------------------------------

_answers = TypeAdapter(Answer)


def dump_answer(finished: Answer) -> bytes:
    """JSON in UTF-8."""
    return _answers.dump_json(finished)


def load_answer(document: bytes) -> Answer:
    """Raises ValueError where the document is no answer."""
    return _answers.validate_json(document)
