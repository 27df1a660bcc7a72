"""The Q-sort dialog: one participant lays every statement on the grid.

    Reading --last page--> Presorting --last page--> Sorting --last card--> Reviewing
    Reviewing --approved--> Explaining --explained--> Delivering --deliver--> (the urn)

`step` is the whole dialog. It reads no clock, sends nothing and stores
nothing; it returns the new draft and what the shell has to do or say.

The order of work is the published one (see docs/methods/q-sort.md): three
piles first, then the agree pile from the top of the grid, the disagree pile
from the bottom, and the neutral pile into what is free.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from dialogs.handing_in import Broken, Confirmed, Deliver, Discard, OutOfTurn, Redrawn
from dialogs.study import Statement, Study
from dialogs.text import TooLong, Unstorable, fault

READ_PAGE = 12
"""Statements on a card when reading."""
PRESORT_PAGE = 6
"""Statements on a card when sorting into piles."""
MAX_REASONS = 3
"""Extreme statements at each end for which a reason is asked."""
REASON_LIMIT, ANSWER_LIMIT, COMMENT_LIMIT = 500, 1000, 2000
"""Characters in a reason, in the answer to a question, in the free comment."""
UNDO_DEPTH = 30

Pile: TypeAlias = Literal["agree", "neutral", "disagree"]
PILES: tuple[Pile, ...] = ("agree", "disagree", "neutral")
"""In the order in which they are laid on the grid."""


# --- Where the participant is -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    page: int = 0
    kind: Literal["reading"] = "reading"


@dataclass(frozen=True, slots=True)
class Presorting:
    page: int = 0
    kind: Literal["presorting"] = "presorting"


@dataclass(frozen=True, slots=True)
class Sorting:
    kind: Literal["sorting"] = "sorting"


@dataclass(frozen=True, slots=True)
class Reviewing:
    kind: Literal["reviewing"] = "reviewing"


@dataclass(frozen=True, slots=True)
class Exchanging:
    """`statement` is to go to a full column: one that lies there must take its place."""

    statement: str
    column: int
    kind: Literal["exchanging"] = "exchanging"


@dataclass(frozen=True, slots=True)
class Explaining:
    kind: Literal["explaining"] = "explaining"


@dataclass(frozen=True, slots=True)
class Delivering:
    kind: Literal["delivering"] = "delivering"


Stage: TypeAlias = Annotated[
    Reading | Presorting | Sorting | Reviewing | Exchanging | Explaining | Delivering,
    Field(discriminator="kind"),  # reading a draft takes half the time of trying each in turn
]


@dataclass(frozen=True, slots=True)
class Board:
    """What has been laid: in which pile, and in which column of the grid."""

    piles: Mapping[str, Pile] = field(default_factory=dict)
    placed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """One participant's whole work so far. `past` is what undo brings back."""

    pseudonym: str
    code: str
    stage: Stage = field(default_factory=Reading)
    board: Board = field(default_factory=Board)
    reasons: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    past: tuple[tuple[Stage, Board], ...] = ()


# --- What the participant does ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """Went on from a page of statements."""


@dataclass(frozen=True, slots=True)
class Piled:
    piles: Mapping[str, Pile]


@dataclass(frozen=True, slots=True)
class Chosen:
    """`statements` of a pile for a column; with `spill`, those too many go to the next free."""

    pile: Pile
    column: int
    statements: tuple[str, ...]
    spill: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    statement: str
    column: int


@dataclass(frozen=True, slots=True)
class Swapped:
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Approved:
    """Content with the grid as it lies."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Texts by statement, by question, and free."""

    reasons: Mapping[str, str]
    answers: Mapping[str, str]
    comment: str


@dataclass(frozen=True, slots=True)
class WentBack:
    """One step back; nothing that was laid or written is lost."""


@dataclass(frozen=True, slots=True)
class Undone:
    """Take the last change back."""


Event: TypeAlias = (
    Read
    | Piled
    | Chosen
    | Moved
    | Swapped
    | Approved
    | Explained
    | Redrawn
    | Confirmed
    | Broken
    | WentBack
    | Undone
)


# --- What the shell is to do or say -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PilesMissing:
    """These statements of the page have no pile yet; the others are kept."""

    statements: tuple[str, ...]
    kind: Literal["piles_missing"] = "piles_missing"


@dataclass(frozen=True, slots=True)
class NothingChosen:
    column: int
    kind: Literal["nothing_chosen"] = "nothing_chosen"


@dataclass(frozen=True, slots=True)
class ColumnFull:
    """More were chosen than fit. `nearest` is where those too many could go."""

    column: int
    free: int
    chosen: tuple[str, ...]
    nearest: int
    kind: Literal["column_full"] = "column_full"


@dataclass(frozen=True, slots=True)
class Placed:
    """The last of a pile were laid without a question: all of them fit here."""

    pile: Pile
    column: int
    count: int
    kind: Literal["placed"] = "placed"


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    statement: str
    column: int
    kind: Literal["already_there"] = "already_there"


@dataclass(frozen=True, slots=True)
class SameStatement:
    """A swap of a statement with itself, or with nothing."""

    kind: Literal["same_statement"] = "same_statement"


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    kind: Literal["nothing_to_undo"] = "nothing_to_undo"


Notice: TypeAlias = (
    PilesMissing
    | NothingChosen
    | ColumnFull
    | Placed
    | AlreadyThere
    | SameStatement
    | NothingToUndo
    | OutOfTurn
    | TooLong
    | Unstorable
)
Effect: TypeAlias = Deliver | Discard | Notice


# --- Looking at a draft -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prompt:
    """The question of the fine sorting: which of `candidates` belong in `column`?"""

    pile: Pile
    column: int
    free: int
    candidates: tuple[Statement, ...]
    overflows: bool
    """The pile is larger than its own part of the grid and has come to the nearest free column."""


def free_cells(study: Study, board: Board, column: int) -> int:
    """How many cells of a column are empty."""
    taken = sum(1 for value in board.placed.values() if value == column)
    return study.grid.cells.get(column, 0) - taken


def free_columns(study: Study, board: Board, pile: Pile) -> Iterator[int]:
    """Columns with an empty cell, in the order in which the pile fills them."""
    values = study.grid.values if pile == "disagree" else reversed(study.grid.values)
    return (value for value in values if free_cells(study, board, value) > 0)


def prompt(study: Study, board: Board) -> Prompt | None:
    """What to ask next in the fine sorting; None when every statement is laid."""
    for pile in PILES:
        candidates = tuple(
            s
            for s in study.statements
            if board.piles.get(s.id) == pile and s.id not in board.placed
        )
        if candidates:
            column = next(free_columns(study, board, pile))
            return Prompt(
                pile,
                column,
                free_cells(study, board, column),
                candidates,
                _overflows(study, pile, column),
            )
    return None


def _overflows(study: Study, pile: Pile, column: int) -> bool:
    match pile:
        case "agree":
            return column <= 0
        case "disagree":
            return column >= 0
        case _:
            # The published instruction lets the neutral pile fill +2 to -2 on a grid to 5.
            return 2 * abs(column) > max(study.grid.values)


def page_of(study: Study, page: int, size: int) -> tuple[Statement, ...]:
    """The statements of one page, counted from 0."""
    return study.statements[page * size : (page + 1) * size]


def pages(study: Study, size: int) -> int:
    """How many pages of `size` statements there are."""
    return -(-len(study.statements) // size)


def column_of(study: Study, board: Board, column: int) -> tuple[Statement, ...]:
    """The statements in a column, in the study's order."""
    return tuple(s for s in study.statements if board.placed.get(s.id) == column)


def extremes(study: Study, board: Board) -> tuple[Statement, ...]:
    """The statements at both ends for which a reason is asked, the top first."""
    least, *_, greatest = study.grid.values
    return tuple(s for end in (greatest, least) for s in column_of(study, board, end)[:MAX_REASONS])


# --- The dialog ---------------------------------------------------------------------------------


def begin(pseudonym: str, code: str) -> Draft:
    """A new draft, at the first page of statements."""
    return Draft(pseudonym, code)


def step(  # noqa: C901, PLR0912 - the table of (stage, event) reads best whole
    study: Study, draft: Draft, event: Event
) -> tuple[Draft, list[Effect]]:
    """One event: the new draft, and what to do or say. A refusal changes nothing."""
    match draft.stage, event:
        case _, Broken():
            return draft, [Discard()]
        case _, Undone():
            return _undo(draft)
        case stage, WentBack():
            return _go(draft, _before(study, stage)), []
        case Reading(page), Read():
            last = page + 1 == pages(study, READ_PAGE)
            return _go(draft, Presorting() if last else Reading(page + 1)), []
        case Presorting(page), Piled(piles):
            return _pile(study, draft, page, piles)
        case Sorting(), Chosen():
            return _choose(study, draft, event)
        case Reviewing(), Moved(statement, column) if _can_move(study, draft, statement, column):
            return _move(study, draft, statement, column)
        case Reviewing(), Swapped(first, second):
            return _swap(draft, first, second)
        case Exchanging(statement, column), Swapped(first, second) if (
            first == statement and draft.board.placed.get(second) == column
        ):
            return _swap(draft, first, second)
        case Reviewing(), Approved():
            return _go(draft, Explaining()), []
        case Explaining(), Explained():
            return _explain(study, draft, event)
        case Delivering(), Redrawn(pseudonym):
            return replace(draft, pseudonym=pseudonym), []
        case Delivering(), Confirmed(earlier_code):
            return draft, [Deliver(earlier_code)]
        case _:  # a press on a card that the dialog has moved past, or a forged one
            return draft, [OutOfTurn()]


def _go(draft: Draft, stage: Stage, board: Board | None = None) -> Draft:
    """Move on, so that undo brings back where we were and what lay there."""
    board = draft.board if board is None else board
    if (stage, board) == (draft.stage, draft.board):
        return draft
    past = (*draft.past, (draft.stage, draft.board))[-UNDO_DEPTH:]
    return replace(draft, stage=stage, board=board, past=past)


def _undo(draft: Draft) -> tuple[Draft, list[Effect]]:
    if not draft.past:
        return draft, [NothingToUndo()]
    *past, (stage, board) = draft.past
    return replace(draft, stage=stage, board=board, past=tuple(past)), []


def _before(study: Study, stage: Stage) -> Stage:
    match stage:
        case Reading(page):
            return Reading(max(page - 1, 0))
        case Presorting(0):
            return Reading(pages(study, READ_PAGE) - 1)
        case Presorting(page):
            return Presorting(page - 1)
        case Sorting() | Reviewing():
            return Presorting(pages(study, PRESORT_PAGE) - 1)
        case Exchanging() | Explaining():
            return Reviewing()
        case _:
            return Explaining()


def _pile(
    study: Study, draft: Draft, page: int, chosen: Mapping[str, Pile]
) -> tuple[Draft, list[Effect]]:
    here = [s.id for s in page_of(study, page, PRESORT_PAGE)]
    piles = {**draft.board.piles, **{s: chosen[s] for s in here if s in chosen}}
    # A statement that changed its pile is picked up from the grid again.
    placed = {
        s: column for s, column in draft.board.placed.items() if piles[s] == draft.board.piles[s]
    }
    board = Board(piles, placed)
    missing = tuple(s for s in here if s not in piles)
    if missing:
        return _go(draft, draft.stage, board), [PilesMissing(missing)]
    if page + 1 < pages(study, PRESORT_PAGE):
        return _go(draft, Presorting(page + 1), board), []
    return _settle(study, draft, board)


def _settle(study: Study, draft: Draft, board: Board) -> tuple[Draft, list[Effect]]:
    """Lay what leaves no choice, then ask the next question or go on to the review."""
    effects: list[Effect] = []
    while (ask := prompt(study, board)) and len(ask.candidates) <= ask.free:
        board = _lay(study, board, ask.pile, [s.id for s in ask.candidates])
        effects.append(Placed(ask.pile, ask.column, len(ask.candidates)))
    return _go(draft, Sorting() if ask else Reviewing(), board), effects


def _lay(study: Study, board: Board, pile: Pile, statements: list[str]) -> Board:
    """Each statement in the pile's first free column."""
    for statement in statements:
        column = next(free_columns(study, board, pile))
        board = replace(board, placed={**board.placed, statement: column})
    return board


def _choose(study: Study, draft: Draft, event: Chosen) -> tuple[Draft, list[Effect]]:
    ask = prompt(study, draft.board)
    if ask is None or (ask.pile, ask.column) != (event.pile, event.column):
        return draft, [OutOfTurn()]
    chosen = [s.id for s in ask.candidates if s.id in event.statements]
    if not chosen:
        return draft, [NothingChosen(ask.column)]
    board = _lay(study, draft.board, ask.pile, chosen)
    if len(chosen) > ask.free and not event.spill:
        nearest = board.placed[chosen[ask.free]]
        return draft, [ColumnFull(ask.column, ask.free, tuple(chosen), nearest)]
    return _settle(study, draft, board)


def _can_move(study: Study, draft: Draft, statement: str, column: int) -> bool:
    return statement in draft.board.placed and column in study.grid.cells


def _move(study: Study, draft: Draft, statement: str, column: int) -> tuple[Draft, list[Effect]]:
    # The review begins when the grid is full, so that every move is an exchange.
    if draft.board.placed[statement] == column:
        return draft, [AlreadyThere(statement, column)]
    if study.grid.cells[column] == 1:
        (other,) = column_of(study, draft.board, column)
        return _swap(draft, statement, other.id)
    return _go(draft, Exchanging(statement, column)), []


def _swap(draft: Draft, first: str, second: str) -> tuple[Draft, list[Effect]]:
    placed = draft.board.placed
    if first == second or first not in placed or second not in placed:
        return draft, [SameStatement()]
    swapped = {**placed, first: placed[second], second: placed[first]}
    return _go(draft, Reviewing(), replace(draft.board, placed=swapped)), []


def _explain(study: Study, draft: Draft, event: Explained) -> tuple[Draft, list[Effect]]:
    reasons, faults = _kept(
        draft.reasons, event.reasons, [s.id for s in extremes(study, draft.board)], REASON_LIMIT
    )
    answers, more = _kept(
        draft.answers, event.answers, [q.id for q in study.questions], ANSWER_LIMIT
    )
    comments, last = _kept(
        {"comment": draft.comment}, {"comment": event.comment}, ["comment"], COMMENT_LIMIT
    )
    written = replace(draft, reasons=reasons, answers=answers, comment=comments["comment"])
    if found := [*faults, *more, *last]:
        return written, list(found)
    return _go(written, Delivering()), []


def _kept(
    before: Mapping[str, str], written: Mapping[str, str], fields: list[str], limit: int
) -> tuple[dict[str, str], list[TooLong | Unstorable]]:
    """The texts of the known fields; a text that cannot be kept leaves the one before."""
    faults = {f: why for f in fields if (why := fault(f, written.get(f, ""), limit))}
    texts = {f: written[f] for f in fields if f in written and f not in faults}
    return {**before, **texts}, list(faults.values())


# --- The answer ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sealed. It holds nothing of who, when, or in which language."""

    information: str
    """The version of the information that was accepted."""
    sort: Mapping[str, int]
    comments: Mapping[str, str]
    """Why the extreme statements lie where they do, by statement."""
    answers: Mapping[str, str]
    comment: str
    format: Literal[1] = 1


def answer(study: Study, draft: Draft) -> Answer:
    """The finished sort in the study's order; texts that were left empty are left out."""
    asked = [s.id for s in extremes(study, draft.board)]
    return Answer(
        study.information.version,
        {s.id: draft.board.placed[s.id] for s in study.statements},
        {s: draft.reasons[s] for s in asked if draft.reasons.get(s)},
        {q.id: draft.answers[q.id] for q in study.questions if draft.answers.get(q.id)},
        draft.comment,
    )


def answer_size(study: Study) -> int:
    """Bytes that hold every possible answer to a study: what each one is padded to.

    A character takes at most four bytes in UTF-8, or six where JSON escapes
    a control character, of which texts hold only tab and line breaks (two).
    """
    least, *_, greatest = study.grid.values
    ends = sum(min(study.grid.cells[end], MAX_REASONS) for end in (least, greatest))
    characters = ends * REASON_LIMIT + len(study.questions) * ANSWER_LIMIT + COMMENT_LIMIT
    longest = max((s.id for s in study.statements), key=len)
    empty = Answer(
        study.information.version,
        {s.id: least for s in study.statements},
        {f"{longest}{n}": "" for n in range(ends)},
        {q.id: "" for q in study.questions},
        "",
    )
    return -(-(len(dump_answer(empty)) + 4 * characters) // 1024) * 1024


# --- As documents -------------------------------------------------------------------------------

_drafts = TypeAdapter(Draft)
_answers = TypeAdapter(Answer)


def dump_draft(draft: Draft) -> bytes:
    return _drafts.dump_json(draft)


def load_draft(document: bytes) -> Draft:
    return _drafts.validate_json(document)


def dump_answer(finished: Answer) -> bytes:
    """JSON in UTF-8."""
    return _answers.dump_json(finished)


def load_answer(document: bytes) -> Answer:
    """Raises ValueError where the document is no answer."""
    return _answers.validate_json(document)
