"""The Q-sort dialog: as a specification, and as rules that hold for every history."""

import itertools
from collections import Counter
from collections.abc import Iterable
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from pydantic import TypeAdapter

from dialogs.studies import qsort
from dialogs.studies.qsort import (
    AlreadyThere,
    Approved,
    Arranged,
    Chosen,
    ColumnFull,
    Delivering,
    Draft,
    Effect,
    Event,
    Exchanging,
    Explained,
    Explaining,
    Laid,
    Lifted,
    Moved,
    NoRoom,
    NothingChosen,
    NothingToUndo,
    Pile,
    Piled,
    PilesMade,
    PilesMissing,
    Placed,
    Presorting,
    PutInPile,
    Read,
    ReadAll,
    Reading,
    Reviewing,
    SameStatement,
    Sorting,
    StillInPiles,
    Swapped,
    Traded,
    Undone,
    Uneven,
    WentBack,
    step,
)
from dialogs.studies.study import Study
from dialogs.studies.submission import Broken, Confirmed, Deliver, Discard, OutOfTurn, Redrawn
from dialogs.writing.door import RecognisedKinds
from dialogs.writing.text import TooLong, Unstorable
from tests.support.studies import LARGE, SMALL, study_of

DRAFTS = TypeAdapter(Draft)
START = qsort.begin("fjord-ekorn", "CODE")


def play(study: Study, draft: Draft, events: Iterable[Event]) -> tuple[Draft, list[Effect]]:
    """All events in turn; the last one's effects."""
    effects: list[Effect] = []
    for event in events:
        draft, effects = step(study, draft, event)
    return draft, effects


def presorted(study: Study, piles: Iterable[str]) -> tuple[Draft, list[Effect]]:
    """Read everything and put the statements into these piles, in order."""
    chosen = {s.id: cast("Pile", pile) for s, pile in zip(study.statements, piles, strict=True)}
    reading = [Read()] * qsort.pages(study, qsort.READ_PAGE)
    piling = [Piled(chosen)] * qsort.pages(study, qsort.PRESORT_PAGE)
    return play(study, START, [*reading, *piling])


def laid(study: Study, draft: Draft) -> Draft:
    """Answer every question of the fine sorting with the first candidates."""
    while isinstance(draft.stage, Sorting):
        ask = qsort.prompt(study, draft.board)
        assert ask is not None
        chosen = tuple(s.id for s in ask.candidates[: ask.free])
        draft, _ = step(study, draft, Chosen(ask.pile, ask.column, chosen))
    return draft


def reviewing(study: Study = SMALL) -> Draft:
    piles = itertools.islice(itertools.cycle(qsort.PILES), len(study.statements))
    return laid(study, presorted(study, piles)[0])


def test_the_published_order_agree_from_the_top_disagree_from_the_bottom_neutral_last() -> None:
    piles = ["agree"] * 12 + ["disagree"] * 12 + ["neutral"] * 12
    draft, _ = presorted(LARGE, piles)
    asked = []
    while isinstance(draft.stage, Sorting):
        ask = qsort.prompt(LARGE, draft.board)
        assert ask is not None
        asked.append((ask.pile, ask.column, ask.free))
        chosen = tuple(s.id for s in ask.candidates[: ask.free])
        draft, _ = step(LARGE, draft, Chosen(ask.pile, ask.column, chosen))

    # The last two of a pile of 12 leave no choice: 1 + 2 + 3 + 4 are laid before them.
    assert asked == [
        *[("agree", 5, 1), ("agree", 4, 2), ("agree", 3, 3), ("agree", 2, 4)],
        *[("disagree", -5, 1), ("disagree", -4, 2), ("disagree", -3, 3), ("disagree", -2, 4)],
        *[("neutral", 1, 3), ("neutral", 0, 6)],
    ]
    assert draft.stage == Reviewing()


def test_a_pile_larger_than_its_side_flows_to_the_nearest_free_column() -> None:
    draft, _ = presorted(SMALL, ["agree"] * 7 + ["disagree"] * 2)
    draft, _ = play(SMALL, draft, [Chosen("agree", 2, ("s1",)), Chosen("agree", 1, ("s2", "s3"))])
    ask = qsort.prompt(SMALL, draft.board)

    assert ask is not None
    assert (ask.pile, ask.column, ask.overflows) == ("agree", 0, True)


def test_a_small_agree_pile_leaves_its_cells_to_the_neutral() -> None:
    draft, effects = presorted(SMALL, ["agree"] + ["disagree"] * 3 + ["neutral"] * 5)
    assert effects == [Placed("agree", 2, 1)]
    draft, _ = play(
        SMALL, draft, [Chosen("disagree", -2, ("s2",)), Chosen("neutral", 1, ("s5", "s6"))]
    )

    assert draft.stage == Reviewing()
    assert qsort.column_of(SMALL, draft.board, 0)


def test_neutral_statements_outside_the_middle_are_said() -> None:
    draft, _ = presorted(SMALL, ["disagree"] * 3 + ["neutral"] * 6)
    draft, _ = step(SMALL, draft, Chosen("disagree", -2, ("s1",)))
    ask = qsort.prompt(SMALL, draft.board)

    assert ask is not None
    assert (ask.pile, ask.column, ask.overflows) == ("neutral", 2, True)


def test_too_many_for_a_column_moves_nothing_and_offers_the_nearest() -> None:
    draft, _ = presorted(SMALL, ["agree"] * 5 + ["neutral"] * 4)
    after, effects = step(SMALL, draft, Chosen("agree", 2, ("s1", "s2", "s3")))

    assert after == draft
    assert effects == [ColumnFull(2, 1, ("s1", "s2", "s3"), 1)]


def test_the_offer_taken_lays_the_rest_in_the_nearest_column() -> None:
    draft, _ = presorted(SMALL, ["agree"] * 5 + ["neutral"] * 4)
    draft, _ = step(SMALL, draft, Chosen("agree", 2, ("s1", "s2"), spill=True))

    assert draft.board.placed == {"s1": 2, "s2": 1}


def test_fewer_than_the_column_holds_are_laid_and_the_rest_is_asked_for() -> None:
    draft, _ = presorted(LARGE, ["agree"] * 18 + ["disagree"] * 18)
    draft, _ = play(LARGE, draft, [Chosen("agree", 5, ("s1",)), Chosen("agree", 4, ("s2",))])
    ask = qsort.prompt(LARGE, draft.board)

    assert ask is not None
    assert (ask.column, ask.free) == (4, 1)


@pytest.mark.parametrize(
    ("event", "answer"),
    [
        (Chosen("agree", 2, ()), NothingChosen(2)),
        (Chosen("agree", 2, ("s9",)), NothingChosen(2)),
        (Chosen("agree", 1, ("s1",)), OutOfTurn()),
        (Chosen("neutral", 2, ("s1",)), OutOfTurn()),
        (Read(), OutOfTurn()),
        (Approved(), OutOfTurn()),
        (Moved("s1", 0), OutOfTurn()),
        (Confirmed(), OutOfTurn()),
    ],
)
def test_what_does_not_belong_to_the_step_changes_nothing(event: Event, answer: Effect) -> None:
    draft, _ = presorted(SMALL, ["agree"] * 5 + ["neutral"] * 4)

    assert step(SMALL, draft, event) == (draft, [answer])


def test_statements_without_a_pile_are_named_and_the_others_kept() -> None:
    draft, _ = play(SMALL, START, [Read()])
    draft, effects = step(SMALL, draft, Piled({"s1": "agree", "s3": "neutral"}))

    assert effects == [PilesMissing(("s2", "s4", "s5", "s6"))]
    assert draft.board.piles == {"s1": "agree", "s3": "neutral"}
    assert draft.stage == Presorting(0)


def test_a_changed_pile_picks_the_statement_up_from_the_grid() -> None:
    draft = reviewing()
    draft, _ = step(SMALL, draft, WentBack())
    assert draft.stage == Presorting(1)
    before = draft.board.placed
    draft, _ = step(SMALL, draft, Piled({"s7": "disagree"}))

    assert {s: c for s, c in before.items() if s != "s7"}.items() <= draft.board.placed.items()
    assert draft.stage == Reviewing()  # the one free cell left no choice


def test_moving_to_a_full_column_asks_which_one_trades_places() -> None:
    draft = reviewing()
    first = qsort.column_of(SMALL, draft.board, -1)[0].id
    target = qsort.column_of(SMALL, draft.board, 1)[1].id
    draft, _ = step(SMALL, draft, Moved(first, 1))
    assert draft.stage == Exchanging(first, 1)

    draft, _ = step(SMALL, draft, Swapped(first, target))

    assert draft.stage == Reviewing()
    assert (draft.board.placed[first], draft.board.placed[target]) == (1, -1)


def test_moving_to_a_column_of_one_trades_places_at_once() -> None:
    draft = reviewing()
    (top,) = qsort.column_of(SMALL, draft.board, 2)
    other = qsort.column_of(SMALL, draft.board, 0)[0]
    draft, told = step(SMALL, draft, Moved(other.id, 2))

    assert told == [Traded(other.id, 2, top.id, 0)]
    assert (draft.board.placed[other.id], draft.board.placed[top.id]) == (2, 0)


def test_an_exchange_with_a_statement_elsewhere_is_out_of_turn() -> None:
    draft = reviewing()
    first = qsort.column_of(SMALL, draft.board, -1)[0].id
    elsewhere = qsort.column_of(SMALL, draft.board, 2)[0].id
    draft, _ = step(SMALL, draft, Moved(first, 1))

    assert step(SMALL, draft, Swapped(first, elsewhere)) == (draft, [OutOfTurn()])


def test_a_move_to_where_it_lies_and_a_swap_with_itself_are_said() -> None:
    draft = reviewing()
    column = draft.board.placed["s1"]

    assert step(SMALL, draft, Moved("s1", column)) == (draft, [AlreadyThere("s1", column)])
    assert step(SMALL, draft, Swapped("s1", "s1")) == (draft, [SameStatement()])
    assert step(SMALL, draft, Swapped("s1", "")) == (draft, [SameStatement()])
    assert step(SMALL, draft, Moved("s1", 9)) == (draft, [OutOfTurn()])
    assert step(SMALL, draft, Moved("nobody", 0)) == (draft, [OutOfTurn()])


def test_back_goes_through_every_step_to_the_first_page_and_stays_there() -> None:
    draft, _ = play(SMALL, reviewing(), [Approved(), Explained({}, {}, "")])
    stages = []
    for _ in range(7):
        stages.append(draft.stage)
        draft, effects = step(SMALL, draft, WentBack())
        assert effects == []

    assert stages == [
        *[Delivering(), Explaining(), Reviewing()],
        *[Presorting(1), Presorting(0), Reading(0), Reading(0)],
    ]


def test_back_from_the_fine_sorting_and_from_an_exchange() -> None:
    sorting, _ = presorted(SMALL, ["agree"] * 5 + ["neutral"] * 4)
    assert step(SMALL, sorting, WentBack())[0].stage == Presorting(1)
    draft = reviewing()
    first = qsort.column_of(SMALL, draft.board, -1)[0].id
    assert step(SMALL, step(SMALL, draft, Moved(first, 1))[0], WentBack())[0].stage == Reviewing()


def test_undo_brings_back_each_state_in_turn() -> None:
    events: list[Event] = [Read(), Piled({s.id: "agree" for s in SMALL.statements})]
    draft, seen = START, []
    for event in events:
        seen.append((draft.stage, draft.board))
        draft, _ = step(SMALL, draft, event)
    for expected in reversed(seen):
        draft, _ = step(SMALL, draft, Undone())
        assert (draft.stage, draft.board) == expected

    assert step(SMALL, draft, Undone()) == (draft, [NothingToUndo()])


# --- One statement at a time, as the board in a browser does it ----------------------------------


def piled(study: Study = SMALL) -> Draft:
    """Everything read and put into piles by the board, agree, disagree, neutral in turn."""
    each: list[Event] = [
        PutInPile(s.id, qsort.PILES[n % 3]) for n, s in enumerate(study.statements)
    ]
    return play(study, START, [ReadAll(), *each])[0]


def on_the_board(study: Study = SMALL) -> Draft:
    """Every statement laid by the board, in the study's order from the least column."""
    columns = Counter(study.grid.cells).elements()
    laying = [Laid(s.id, column) for s, column in zip(study.statements, columns, strict=True)]
    return play(study, piled(study), [PilesMade(), *laying])[0]


def test_piles_are_made_one_statement_at_a_time_and_the_card_can_go_on() -> None:
    draft, _ = play(SMALL, START, [ReadAll(), PutInPile("s2", "agree")])
    assert draft.stage == Presorting(0)
    assert step(SMALL, draft, PilesMade()) == (
        draft,
        [PilesMissing(("s1", *(f"s{n}" for n in range(3, 10))))],
    )
    others: list[Event] = [PutInPile(f"s{n}", "neutral") for n in (1, 3, 4, 5, 6)]
    draft, _ = play(SMALL, draft, others)
    assert draft.stage == Presorting(1)
    assert step(SMALL, draft, PutInPile("s99", "agree"))[1] == [OutOfTurn()]


def test_on_the_board_nothing_lies_by_itself() -> None:
    draft, effects = step(SMALL, piled(), PilesMade())
    assert (draft.stage, draft.board.placed, effects) == (Sorting(), {}, [])


def test_a_full_column_takes_no_more_but_one_that_lies_there_may_give_way() -> None:
    sorting, _ = play(SMALL, piled(), [PilesMade(), Laid("s1", 2)])
    assert step(SMALL, sorting, Laid("s2", 2)) == (sorting, [NoRoom("s2", 2)])
    assert step(SMALL, sorting, Laid("s1", 2)) == (sorting, [AlreadyThere("s1", 2)])
    instead, _ = step(SMALL, sorting, Laid("s2", 2, "s1"))
    assert instead.board.placed == {"s2": 2}
    for nonsense in (Laid("s2", 9), Laid("?", 2), Laid("s2", 1, "s1"), Lifted("s2")):
        assert step(SMALL, sorting, nonsense)[1] == [OutOfTurn()]


def test_a_full_grid_is_looked_over_and_one_that_is_lifted_is_laid_again() -> None:
    full = on_the_board()
    assert full.stage == Reviewing()
    lifted, _ = step(SMALL, full, Lifted("s5"))
    assert (lifted.stage, "s5" in lifted.board.placed) == (Sorting(), False)
    assert step(SMALL, lifted, Laid("s5", 0))[0].stage == Reviewing()
    exchanging, _ = step(SMALL, full, Moved("s2", 1))
    assert step(SMALL, exchanging, Laid("s2", 1, "s7"))[0].stage == Reviewing()
    assert step(SMALL, exchanging, Approved())[0].stage == Explaining()


def test_whoever_comes_into_a_column_takes_the_seat_of_whoever_leaves_it() -> None:
    full = on_the_board()
    swapped, _ = step(SMALL, full, Swapped("s2", "s8"))
    assert list(swapped.board.placed) == ["s1", "s8", *(f"s{n}" for n in range(3, 8)), "s2", "s9"]
    assert list(step(SMALL, swapped, Undone())[0].board.placed) == list(full.board.placed)


def test_a_changed_pile_picks_the_statement_up_from_the_board() -> None:
    sorting, _ = play(SMALL, piled(), [PilesMade(), Laid("s1", 2), PutInPile("s1", "neutral")])
    assert (sorting.board.piles["s1"], sorting.board.placed) == ("neutral", {})


def test_every_change_on_the_board_can_be_taken_back() -> None:
    draft, seen = START, []
    events: list[Event] = [ReadAll(), *(PutInPile(s.id, "agree") for s in SMALL.statements)]
    events += [PilesMade(), Laid("s1", 2), Laid("s2", 2, "s1"), PutInPile("s2", "neutral")]
    for event in events:
        seen.append((draft.stage, draft.board))
        draft, _ = step(SMALL, draft, event)
    for expected in reversed(seen):
        draft, _ = step(SMALL, draft, Undone())
        assert (draft.stage, draft.board) == expected


def test_a_form_lays_many_at_once_and_says_what_does_not_fit() -> None:
    chosen = {"s1": 2, "s2": 2, "s3": 1, "s4": 0, "s5": -1, "forged": 0, "s6": 9}
    draft, effects = step(SMALL, START, Arranged(chosen))
    assert effects == [Uneven({2: 2, 9: 1}), StillInPiles(3)]
    assert draft.board == qsort.Board(
        {"s3": "agree", "s4": "neutral", "s5": "disagree"}, {"s3": 1, "s4": 0, "s5": -1}
    )
    columns = Counter(SMALL.grid.cells).elements()
    full = {s.id: column for s, column in zip(SMALL.statements, columns, strict=True)}
    draft, effects = step(SMALL, draft, Arranged(full))
    assert (draft.stage, draft.board.placed, effects) == (Reviewing(), full, [])
    assert step(SMALL, draft, Arranged(full)) == (draft, [])


def test_a_new_draft_begins_with_the_sort_that_was_handed_in() -> None:
    texts = Explained({"s9": "fordi"}, {"q1": "fint"}, "takk")
    full, _ = play(SMALL, on_the_board(), [Approved(), texts])
    again = qsort.begin_again("elv-rev", "OWN", qsort.answer(SMALL, full))
    assert again.stage == Reviewing()
    assert again.board.placed == full.board.placed
    assert (again.reasons, again.answers, again.comment) == (
        {"s9": "fordi"},
        {"q1": "fint"},
        "takk",
    )
    finished, _ = play(SMALL, again, [Approved(), texts])
    assert qsort.answer(SMALL, finished) == qsort.answer(SMALL, full)
    assert step(SMALL, finished, Confirmed("ANOTHER", "B")) == (finished, [Deliver("OWN", "B")])
    assert step(SMALL, finished, Redrawn("lyng-orre")) == (finished, [OutOfTurn()])


# --- Texts ---------------------------------------------------------------------------------------

PERSON = "Ring 22 22 55 55 til meg."
NAMED = "Jeg tok det opp med Kari Nordmann i går."


def test_what_tells_who_somebody_is_is_stopped_and_not_kept() -> None:
    draft, _ = step(SMALL, reviewing(), Approved())
    top, _ = qsort.extremes(SMALL, draft.board)
    for anyway in (False, True):
        after, effects = step(SMALL, draft, Explained({top.id: PERSON}, {}, "hei", anyway))
        assert effects == [RecognisedKinds(top.id, ("phone",), hard=True)]
        assert (after.stage, after.reasons, after.comment) == (Explaining(), {}, "hei")


def test_what_may_tell_it_is_asked_about_once() -> None:
    draft, _ = step(SMALL, reviewing(), Approved())
    asked, effects = step(SMALL, draft, Explained({}, {"q1": NAMED}, ""))
    assert effects == [RecognisedKinds("q1", ("name",), hard=False)]
    assert (asked.stage, asked.answers["q1"]) == (Explaining(), NAMED)
    sure, effects = step(SMALL, asked, Explained({}, {"q1": NAMED}, "", anyway=True))
    assert (sure.stage, effects) == (Delivering(), [])


def test_texts_are_kept_as_written_and_a_text_that_is_too_long_is_refused_alone() -> None:
    draft, _ = step(SMALL, reviewing(), Approved())
    top, bottom = qsort.extremes(SMALL, draft.board)
    draft, effects = step(
        SMALL,
        draft,
        Explained({top.id: "fordi\n\u202eså", "s99": "?"}, {"q1": "x" * 1001}, "  hei "),
    )

    assert effects == [TooLong("q1", 1001, 1000)]
    assert draft.stage == Explaining()
    assert (draft.reasons, draft.answers, draft.comment) == (
        {top.id: "fordi\n\u202eså"},
        {},
        "  hei ",
    )

    draft, effects = step(SMALL, draft, Explained({bottom.id: "nul\0"}, {"q2": "yes"}, "hei"))
    assert effects == [Unstorable(bottom.id)]

    draft, effects = step(SMALL, draft, Explained({}, {}, "ok"))
    assert effects == []
    assert draft.stage == Delivering()
    assert qsort.answer(SMALL, draft) == qsort.Answer(
        "1",
        {s.id: draft.board.placed[s.id] for s in SMALL.statements},
        {top.id: "fordi\n\u202eså"},
        {"q2": "yes"},
        "ok",
    )


def test_what_is_being_written_is_kept_on_the_way() -> None:
    draft, _ = step(SMALL, reviewing(), Approved())
    after, effects = step(SMALL, draft, Explained({}, {}, "halv", goes_on=False))
    assert (after.stage, after.comment, effects) == (Explaining(), "halv", [])


def test_half_a_character_is_refused() -> None:
    draft, _ = step(SMALL, reviewing(), Approved())

    assert step(SMALL, draft, Explained({}, {}, "\ud800"))[1] == [Unstorable("comment")]


def test_delivering_keeps_the_draft_until_the_shell_has_handed_it_in() -> None:
    draft, _ = play(SMALL, reviewing(), [Approved(), Explained({}, {}, "")])
    draft, _ = step(SMALL, draft, Redrawn("elv-rev"))

    assert draft.pseudonym == "elv-rev"
    assert step(SMALL, draft, Confirmed("ABC")) == (draft, [Deliver("ABC")])
    assert step(SMALL, draft, Broken()) == (draft, [Discard()])


def test_an_answer_holds_the_sort_and_the_texts_and_nothing_else() -> None:
    """No language, no time, no count of presses: nothing that narrows down who it was."""
    draft, _ = play(SMALL, reviewing(), [Approved(), Explained({}, {}, "")])
    answer = qsort.load_answer(qsort.dump_answer(qsort.answer(SMALL, draft)))

    assert set(answer.__slots__) == {
        *("information", "sort", "comments", "answers", "comment", "before", "format")
    }


_WORST = "𝄞"  # four bytes in UTF-8


@given(st.sampled_from([SMALL, LARGE, study_of({-1: 5, 0: 3, 1: 5})]))
def test_every_answer_fits_in_the_size_that_answers_are_padded_to(study: Study) -> None:
    draft, _ = step(study, reviewing(study), Approved())
    reasons = {s.id: _WORST * qsort.REASON_LIMIT for s in qsort.extremes(study, draft.board)}
    answers = {q.id: _WORST * qsort.ANSWER_LIMIT for q in study.questions}
    draft, effects = step(study, draft, Explained(reasons, answers, _WORST * qsort.COMMENT_LIMIT))

    assert effects == []
    assert len(qsort.dump_answer(qsort.answer(study, draft))) <= qsort.answer_size(study)


@given(st.data(), st.lists(st.sampled_from(qsort.PILES), min_size=36, max_size=36))
@settings(max_examples=60)
def test_piles_of_any_size_can_be_laid(data: st.DataObject, piles: list[Pile]) -> None:
    """No pile ever blocks: whoever answers every question comes to a full grid."""
    draft, _ = presorted(LARGE, piles)
    while isinstance(draft.stage, Sorting):
        ask = qsort.prompt(LARGE, draft.board)
        assert ask is not None
        many = data.draw(st.integers(1, len(ask.candidates)))
        chosen = tuple(s.id for s in ask.candidates[:many])
        draft, _ = step(LARGE, draft, Chosen(ask.pile, ask.column, chosen, spill=True))

    assert Counter(draft.board.placed.values()) == LARGE.grid.cells


class AnyHistory(RuleBasedStateMachine):
    """Any presses in any order, sensible and forged."""

    study = SMALL
    ids = st.sampled_from([*(s.id for s in SMALL.statements), "forged", ""])
    columns = st.integers(-3, 3)
    piles = st.sampled_from(qsort.PILES)

    def __init__(self) -> None:
        super().__init__()
        self.draft = START

    def take(self, event: Event) -> None:
        before = self.draft
        self.draft, effects = step(self.study, before, event)
        if any(isinstance(e, OutOfTurn | ColumnFull | NothingChosen) for e in effects):
            assert self.draft == before

    @rule()
    def read(self) -> None:
        self.take(Read())

    @rule(chosen=st.dictionaries(ids, piles))
    def pile(self, chosen: dict[str, Pile]) -> None:
        self.take(Piled(chosen))

    @rule(pile=piles)
    def pile_all(self, pile: Pile) -> None:
        self.take(Piled({s.id: pile for s in self.study.statements}))

    @rule(pile=piles, column=columns, chosen=st.lists(ids).map(tuple), spill=st.booleans())
    def choose(self, pile: Pile, column: int, chosen: tuple[str, ...], spill: bool) -> None:
        self.take(Chosen(pile, column, chosen, spill))

    @rule(many=st.integers(1, 4), spill=st.booleans())
    def answer_the_question(self, many: int, spill: bool) -> None:
        if ask := qsort.prompt(self.study, self.draft.board):
            chosen = tuple(s.id for s in ask.candidates[:many])
            self.take(Chosen(ask.pile, ask.column, chosen, spill))

    @rule(statement=ids, column=columns)
    def move(self, statement: str, column: int) -> None:
        self.take(Moved(statement, column))

    @rule(first=ids, second=ids)
    def swap(self, first: str, second: str) -> None:
        self.take(Swapped(first, second))

    @rule(statement=ids, pile=piles)
    def put_in_pile(self, statement: str, pile: Pile) -> None:
        self.take(PutInPile(statement, pile))

    @rule(statement=ids, column=columns, instead=ids)
    def lay(self, statement: str, column: int, instead: str) -> None:
        self.take(Laid(statement, column, instead))

    @rule(statement=ids)
    def lift(self, statement: str) -> None:
        self.take(Lifted(statement))

    @rule(columns=st.dictionaries(ids, columns))
    def arrange(self, columns: dict[str, int]) -> None:
        self.take(Arranged(columns))

    @rule(event=st.sampled_from([ReadAll(), PilesMade()]))
    def go_on(self, event: Event) -> None:
        self.take(event)

    @rule(event=st.sampled_from([Approved(), Explained({}, {}, "x"), WentBack(), Undone()]))
    def other(self, event: Event) -> None:
        self.take(event)

    @invariant()
    def no_column_is_overfull(self) -> None:
        counts = Counter(self.draft.board.placed.values())
        assert all(n <= self.study.grid.cells[column] for column, n in counts.items())

    @invariant()
    def only_piled_statements_are_laid(self) -> None:
        assert set(self.draft.board.placed) <= set(self.draft.board.piles)
        assert set(self.draft.board.piles) <= {s.id for s in self.study.statements}

    @invariant()
    def after_the_fine_sorting_the_grid_is_full(self) -> None:
        if isinstance(self.draft.stage, Reviewing | Exchanging | Explaining | Delivering):
            assert qsort.prompt(self.study, self.draft.board) is None
            assert len(self.draft.board.placed) == self.study.grid.size

    @invariant()
    def while_it_is_sorted_something_is_left(self) -> None:
        if isinstance(self.draft.stage, Sorting):
            assert qsort.prompt(self.study, self.draft.board) is not None

    @invariant()
    def it_can_be_stored(self) -> None:
        assert DRAFTS.validate_json(DRAFTS.dump_json(self.draft)) == self.draft


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
