"""The Q-sort dialog: one participant lays every statement on the grid.

    Reading --last page--> Presorting --last page--> Sorting --last card--> Reviewing
    Reviewing --approved--> Explaining --explained--> Delivering --deliver--> (the urn)

Cards ask page by page and column by column; the board in a browser lays one
statement anywhere (`Laid`). Both work on the same draft, and each may go on where
the other stopped. `step` is the whole dialog. It reads no clock, sends nothing and stores
nothing; it returns the new draft and what the shell has to do or say.

The order of work is the published one (see docs/methods/q-sort.md): three
piles first, then the agree pile from the top of the grid, the disagree pile
from the bottom, and the neutral pile into what is free.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import Field, TypeAdapter

from dialogs.studies.items import NONE, is_answer, picked
from dialogs.studies.study import Statement, Study
from dialogs.studies.submission import (
    PSEUDONYM_LIMIT,
    Broken,
    Confirmed,
    Deliver,
    Discard,
    OutOfTurn,
    Redrawn,
)
from dialogs.writing.door import RecognisedKinds, taken
from dialogs.writing.text import TooLong, Unstorable

READ_PAGE = 12
"""Statements on a card when reading."""
PRESORT_PAGE = 6
"""Statements on a card when sorting into piles."""
RATE_PAGE = 10
"""Statements on a card where each gets a column by itself: in free sorting."""
REASON_LIMIT, ANSWER_LIMIT, COMMENT_LIMIT = 500, 1000, 2000
"""Characters in a reason, in the answer to a question, in the free comment."""
UNDO_DEPTH = 1000
"""Changes that can be taken back: more than anyone makes, and they fit beside the draft."""

T = TypeVar("T")
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
    """What has been laid: in which pile, and in which column of the grid.

    `placed` is in the order in which a board shows a column; the answer is not.
    Whatever is placed has a pile.
    """

    piles: Mapping[str, Pile] = field(default_factory=dict)
    placed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What undo puts back: where they were, and piles and columns (None for none)."""

    stage: Stage
    piles: Mapping[str, Pile | None]
    placed: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """One participant's whole work so far. `changes` is what undo takes back, the latest last."""

    pseudonym: str
    code: str
    stage: Stage = field(default_factory=Reading)
    board: Board = field(default_factory=Board)
    reasons: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    changes: tuple[Change, ...] = ()
    corrects: bool = False
    """It goes in the place of the answer whose pseudonym and code it has."""
    before: str = ""
    """In the correction of a later sort: the pseudonym of the sort that it was paired with."""


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
class ReadAll:
    """Has read every statement, on one page."""


@dataclass(frozen=True, slots=True)
class PutInPile:
    """One statement into a pile; from the grid, where it lay there."""

    statement: str
    pile: Pile


@dataclass(frozen=True, slots=True)
class PilesMade:
    """Content with the piles: on to the grid, where nothing lies by itself."""


@dataclass(frozen=True, slots=True)
class Laid:
    """`statement` into a column, in the place of `instead` where one is named."""

    statement: str
    column: int
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Lifted:
    """From the grid back to its pile."""

    statement: str


@dataclass(frozen=True, slots=True)
class Arranged:
    """Many statements at once, as a form has them: each in the column that was chosen."""

    placed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rated:
    """In free sorting: a column for each of some statements; the others stay as they lie."""

    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Approved:
    """Content with the grid as it lies."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Texts by statement, by question, and free.

    `anyway`: the writer has seen what the recognition check found. Without
    `goes_on` they are kept, and the writer is still writing.
    """

    reasons: Mapping[str, str]
    answers: Mapping[str, str]
    comment: str
    anyway: bool = False
    goes_on: bool = True


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
    | ReadAll
    | PutInPile
    | PilesMade
    | Laid
    | Lifted
    | Arranged
    | Rated
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
class Traded:
    """Moved into a column of one place: what lay there, `other`, lies in `back` now."""

    statement: str
    column: int
    other: str
    back: int
    kind: Literal["traded"] = "traded"


@dataclass(frozen=True, slots=True)
class SameStatement:
    """A swap of a statement with itself, or with nothing."""

    kind: Literal["same_statement"] = "same_statement"


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    kind: Literal["nothing_to_undo"] = "nothing_to_undo"


@dataclass(frozen=True, slots=True)
class NoRoom:
    """The column is full: only an exchange with one that lies there can bring it in."""

    statement: str
    column: int
    kind: Literal["no_room"] = "no_room"


@dataclass(frozen=True, slots=True)
class Uneven:
    """Columns for which more were chosen than fit, each with how many; the others are laid."""

    columns: Mapping[int, int]
    kind: Literal["uneven"] = "uneven"


@dataclass(frozen=True, slots=True)
class StillInPiles:
    """So many statements have no column yet."""

    count: int
    kind: Literal["still_in_piles"] = "still_in_piles"


Notice: TypeAlias = (
    PilesMissing
    | NothingChosen
    | ColumnFull
    | Placed
    | AlreadyThere
    | Traded
    | SameStatement
    | NothingToUndo
    | NoRoom
    | Uneven
    | StillInPiles
    | RecognisedKinds
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
    return study.grid.cells.get(column, 0) - [*board.placed.values()].count(column)


def free_columns(study: Study, board: Board, pile: Pile) -> Iterator[int]:
    """Columns with an empty cell, in the order in which the pile fills them."""
    values = study.grid.values if pile == "disagree" else reversed(study.grid.values)
    return (value for value in values if free_cells(study, board, value) > 0)


def prompt(study: Study, board: Board) -> Prompt | None:
    """What to ask next in the fine sorting; None when every statement is laid."""
    waiting = [s for s in study.statements if s.id not in board.placed]
    for pile in PILES:
        candidates = tuple(s for s in waiting if board.piles.get(s.id) == pile)
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


def unrated(study: Study, board: Board) -> tuple[Statement, ...]:
    """In free sorting: the statements of the next card, pile by pile."""
    waiting = (
        s
        for pile in PILES
        for s in study.statements
        if board.piles.get(s.id) == pile and s.id not in board.placed
    )
    return tuple(islice(waiting, RATE_PAGE))


def _overflows(study: Study, pile: Pile, column: int) -> bool:
    """Whether a column is beyond the pile's own side; of half a grid, its end is the side."""
    least, *_, greatest = study.grid.values
    match pile:
        case "agree":
            return column <= 0 and column < greatest
        case "disagree":
            return column >= 0 and column > least
        case _:
            # The published instruction lets the neutral pile fill +2 to -2 on a grid to 5.
            return 2 * abs(column) > max(greatest, -least)


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
    return tuple(
        s for end in (greatest, least) for s in column_of(study, board, end)[: study.reasons]
    )


# --- The dialog ---------------------------------------------------------------------------------


def begin(pseudonym: str, code: str) -> Draft:
    """A new draft, at the first page of statements."""
    return Draft(pseudonym, code)


def begin_again(pseudonym: str, code: str, delivered: "Answer") -> Draft:
    """A draft that corrects what was handed in under this pseudonym and code."""
    placed = dict(delivered.sort)
    return Draft(
        pseudonym,
        code,
        Reviewing(),
        Board({s: _pile_of(column) for s, column in placed.items()}, placed),
        dict(delivered.comments),
        dict(delivered.answers),
        delivered.comment,
        corrects=True,
        before=delivered.before,
    )


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
        case Sorting(), Chosen() if study.forced:
            return _choose(study, draft, event)
        case Reviewing(), Moved(statement, column) if _can_move(study, draft, statement, column):
            return _move(study, draft, statement, column)
        case Reviewing(), Swapped(first, second):
            return _swap(draft, first, second)
        case Exchanging(statement, column), Swapped(first, second) if (
            first == statement and draft.board.placed.get(second) == column
        ):
            return _swap(draft, first, second)
        case Reading(), ReadAll():
            return _go(draft, Presorting()), []
        case Presorting() | Sorting(), PutInPile(statement, pile) if _is_known(study, statement):
            return _put_in_pile(study, draft, statement, pile), []
        case Presorting(), PilesMade():
            return _piles_made(study, draft)
        case Sorting() | Reviewing() | Exchanging(), Laid() if _can_lay(study, draft, event):
            return _lay_one(study, draft, event)
        case Sorting() | Reviewing() | Exchanging(), Lifted(statement) if (
            statement in draft.board.placed
        ):
            return _onward(study, draft, _moved(draft.board, {}, {statement: None})), []
        case Reading() | Presorting() | Sorting() | Reviewing() | Exchanging(), Arranged(columns):
            return _arrange(study, draft, columns)
        case Sorting(), Rated(columns) if not study.forced:
            rated, said = _arrange(study, draft, {**draft.board.placed, **columns})
            return rated, said if rated == draft else []
        case Reviewing() | Exchanging(), Approved():
            return _go(draft, Explaining()), []
        case Explaining(), Explained():
            return _explain(study, draft, event)
        case Delivering(), Redrawn(pseudonym) if not draft.corrects:
            return replace(draft, pseudonym=pseudonym), []
        case Delivering(), Confirmed(earlier_code, before_code):
            replaces = draft.code if draft.corrects else earlier_code
            return draft, [Deliver(replaces, before_code)]
        case _:  # a press on a card that the dialog has moved past, or a forged one
            return draft, [OutOfTurn()]


def _go(draft: Draft, stage: Stage, board: Board | None = None) -> Draft:
    """Move on, so that undo brings back where we were and what lay there."""
    board = draft.board if board is None else board
    if (stage, board) == (draft.stage, draft.board):
        return draft
    change = Change(
        draft.stage,
        _difference(board.piles, draft.board.piles),
        _difference(board.placed, draft.board.placed),
    )
    changes = (*draft.changes, change)[-UNDO_DEPTH:]
    return replace(draft, stage=stage, board=board, changes=changes)


def _difference(now: Mapping[str, T], before: Mapping[str, T]) -> dict[str, T | None]:
    """What makes `before` of `now`."""
    return {s: before.get(s) for s in dict.fromkeys((*before, *now)) if before.get(s) != now.get(s)}


def _undo(draft: Draft) -> tuple[Draft, list[Effect]]:
    if not draft.changes:
        return draft, [NothingToUndo()]
    *changes, last = draft.changes
    board = _moved(draft.board, last.piles, last.placed)
    return replace(draft, stage=last.stage, board=board, changes=tuple(changes)), []


def _moved(
    board: Board, piles: Mapping[str, Pile | None], placed: Mapping[str, int | None]
) -> Board:
    """The board after these changes. Who comes into a column takes the seat of who leaves it."""
    newcomers = {s: column for s, column in placed.items() if column is not None}
    seats: dict[str, int] = {}
    for statement, column in board.placed.items():
        if statement not in placed:
            seats[statement] = column
        elif heir := next((s for s, to in newcomers.items() if to == column), None):
            seats[heir] = newcomers.pop(heir)
    return Board(_changed(board.piles, piles), {**seats, **newcomers})


def _changed(before: Mapping[str, T], changes: Mapping[str, T | None]) -> dict[str, T]:
    after = {**before, **changes}
    return {s: value for s, value in after.items() if value is not None}


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
    if not study.forced:
        return _onward(study, draft, board), []
    effects: list[Effect] = []
    while (ask := prompt(study, board)) and len(ask.candidates) <= ask.free:
        board = _lay(study, board, ask.pile, [s.id for s in ask.candidates])
        effects.append(Placed(ask.pile, ask.column, len(ask.candidates)))
    return _go(draft, Sorting() if ask else Reviewing(), board), effects


def _is_known(study: Study, statement: str) -> bool:
    return any(s.id == statement for s in study.statements)


def _put_in_pile(study: Study, draft: Draft, statement: str, pile: Pile) -> Draft:
    lifted = {statement: None} if draft.board.piles.get(statement) != pile else {}
    board = _moved(draft.board, {statement: pile}, lifted)
    if isinstance(draft.stage, Sorting):
        return _onward(study, draft, board)
    waiting = (n for n, s in enumerate(study.statements) if s.id not in board.piles)
    page = next(waiting, len(study.statements) - 1) // PRESORT_PAGE
    return _go(draft, Presorting(page), board)


def _piles_made(study: Study, draft: Draft) -> tuple[Draft, list[Effect]]:
    missing = tuple(s.id for s in study.statements if s.id not in draft.board.piles)
    return (draft, [PilesMissing(missing)]) if missing else (_onward(study, draft, draft.board), [])


def _onward(study: Study, draft: Draft, board: Board) -> Draft:
    """The grid is looked over when it is full, and sorted until then."""
    is_full = len(board.placed) == len(study.statements)
    return _go(draft, Reviewing() if is_full else Sorting(), board)


def _pile_of(column: int) -> Pile:
    return "agree" if column > 0 else "disagree" if column < 0 else "neutral"


def _can_lay(study: Study, draft: Draft, event: Laid) -> bool:
    """It and its column are known, and the one to give way lies in that column."""
    lies_there = draft.board.placed.get(event.instead) == event.column
    return (
        event.column in study.grid.cells
        and event.statement in draft.board.piles
        and (not event.instead or lies_there or event.instead == event.statement)
    )


def _lay_one(study: Study, draft: Draft, event: Laid) -> tuple[Draft, list[Effect]]:
    before = draft.board.placed.get(event.statement)
    if before == event.column:
        return draft, [AlreadyThere(event.statement, event.column)]
    if event.instead:
        changes = {event.statement: event.column, event.instead: before}
        return _onward(study, draft, _moved(draft.board, {}, changes)), []
    if not free_cells(study, draft.board, event.column):
        return draft, [NoRoom(event.statement, event.column)]
    return _onward(study, draft, _moved(draft.board, {}, {event.statement: event.column})), []


def _arrange(study: Study, draft: Draft, columns: Mapping[str, int]) -> tuple[Draft, list[Effect]]:
    """Each statement where the form has it; of a column that overflows, none that is new."""
    wanted = {s.id: columns[s.id] for s in study.statements if s.id in columns}
    counts = Counter(wanted.values())
    uneven = {
        column: counts[column]
        for column in sorted(counts)
        if counts[column] > study.grid.cells.get(column, 0)
    }
    placed = {s: column for s, column in wanted.items() if column not in uneven}
    piles = {**draft.board.piles}
    for statement, column in placed.items():
        piles.setdefault(statement, _pile_of(column))
    left = len(study.statements) - len(wanted)
    effects: list[Effect] = [Uneven(uneven)] if uneven else []
    if left:
        effects.append(StillInPiles(left))
    board = Board(piles, placed)
    if len(piles) == len(study.statements):
        return _onward(study, draft, board), effects
    return _go(draft, draft.stage, board), effects


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
    if draft.board.placed[statement] == column:
        return draft, [AlreadyThere(statement, column)]
    if free_cells(study, draft.board, column) > 0:  # in free sorting: else the grid is full
        return _onward(study, draft, _moved(draft.board, {}, {statement: column})), []
    if study.grid.cells[column] == 1:
        (other,) = column_of(study, draft.board, column)
        told = Traded(statement, column, other.id, draft.board.placed[statement])
        return _swap(draft, statement, other.id)[0], [told]
    return _go(draft, Exchanging(statement, column)), []


def _swap(draft: Draft, first: str, second: str) -> tuple[Draft, list[Effect]]:
    placed = draft.board.placed
    if first == second or first not in placed or second not in placed:
        return draft, [SameStatement()]
    changes = {first: placed[second], second: placed[first]}
    return _go(draft, Reviewing(), _moved(draft.board, {}, changes)), []


def _explain(study: Study, draft: Draft, event: Explained) -> tuple[Draft, list[Effect]]:
    found: list[Effect] = []

    def take(
        before: Mapping[str, str], given: Mapping[str, str], fields: Iterable[str], limit: int
    ) -> dict[str, str]:
        known = {field: given[field] for field in fields if field in given}
        kept, faults = taken(before, known, limit, anyway=event.anyway)
        found.extend(faults)
        return kept

    asked = [s.id for s in extremes(study, draft.board)]
    questions = [q.id for q in study.questions if q.way == "text"]
    chosen = {
        q.id: picked(q, event.answers[q.id])
        for q in study.questions
        if q.way != "text" and q.id in event.answers
    }
    written = replace(
        draft,
        reasons=take(draft.reasons, event.reasons, asked, REASON_LIMIT),
        answers=take(draft.answers, event.answers, questions, ANSWER_LIMIT) | chosen,
        comment=take(
            {"comment": draft.comment}, {"comment": event.comment}, ["comment"], COMMENT_LIMIT
        )["comment"],
    )
    stays = found or not event.goes_on
    return (written, found) if stays else (_go(written, Delivering()), [])


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
    before: str = ""
    """In a later sort: the pseudonym of the participant's own sort before, or empty."""
    format: Literal[1] = 1


def answer(study: Study, draft: Draft, before: str = "") -> Answer:
    """The finished sort in the study's order; texts that were left empty are left out.

    `before` is the pseudonym of the participant's own earlier sort; a correction has it.
    """
    asked = [s.id for s in extremes(study, draft.board)]
    return Answer(
        study.information.version,
        {s.id: draft.board.placed[s.id] for s in study.statements},
        {s: draft.reasons[s] for s in asked if draft.reasons.get(s)},
        {q.id: draft.answers[q.id] for q in study.questions if draft.answers.get(q.id)},
        draft.comment,
        before or draft.before,
    )


def fits(study: Study, finished: Answer) -> bool:
    """Whether an answer is a whole sort of this study, on its grid."""
    questions = {q.id: q for q in study.questions}
    counts = Counter(finished.sort.values())
    cells = study.grid.cells
    return (
        finished.information == study.information.version
        and set(finished.sort) == {statement.id for statement in study.statements}
        and (
            counts == cells
            if study.forced
            else all(n <= cells.get(c, 0) for c, n in counts.items())
        )
        and all(q in questions and is_answer(questions[q], a) for q, a in finished.answers.items())
    )


def answer_size(study: Study) -> int:
    """Bytes that hold every possible answer to a study: what each one is padded to.

    A character takes at most four bytes in UTF-8, or six where JSON escapes
    a control character, of which texts hold only tab and line breaks (two).
    """
    least, *_, greatest = study.grid.values
    ends = sum(min(study.grid.cells[end], study.reasons) for end in (least, greatest))
    words = sum(q.way == "text" for q in study.questions)
    characters = ends * REASON_LIMIT + words * ANSWER_LIMIT + COMMENT_LIMIT
    characters += PSEUDONYM_LIMIT if study.before else 0
    longest = max((s.id for s in study.statements), key=len)
    empty = Answer(
        study.information.version,
        {s.id: least for s in study.statements},
        {f"{longest}{n}": "" for n in range(ends)},
        {
            q.id: max(NONE, ",".join(option.id for option in q.options), key=len)
            for q in study.questions
        },
        "",
    )
    return -(-(len(dump_answer(empty)) + 4 * characters) // 1024) * 1024


# --- As documents -------------------------------------------------------------------------------

_answers = TypeAdapter(Answer)


def dump_answer(finished: Answer) -> bytes:
    """JSON in UTF-8."""
    return _answers.dump_json(finished)


def load_answer(document: bytes) -> Answer:
    """Raises ValueError where the document is no answer."""
    return _answers.validate_json(document)
