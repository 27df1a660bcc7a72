"""The Q-sort dialog: as a specification, and as rules that hold for every history."""

import itertools
from collections import Counter
from collections.abc import Iterable
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dialogs import qsort
from dialogs.handing_in import Broken, Confirmed, Deliver, Discard, OutOfTurn, Redrawn
from dialogs.qsort import (
    AlreadyThere,
    Approved,
    Chosen,
    ColumnFull,
    Delivering,
    Draft,
    Effect,
    Event,
    Exchanging,
    Explained,
    Explaining,
    Moved,
    NothingChosen,
    NothingToUndo,
    Pile,
    Piled,
    PilesMissing,
    Placed,
    Presorting,
    Read,
    Reading,
    Reviewing,
    SameStatement,
    Sorting,
    Swapped,
    Undone,
    WentBack,
    step,
)
from dialogs.study import Study
from dialogs.text import TooLong, Unstorable
from tests.support.studies import LARGE, SMALL, study_of

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
    draft, _ = step(SMALL, draft, Moved(other.id, 2))

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
        *("information", "sort", "comments", "answers", "comment", "format")
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
    def it_can_be_stored(self) -> None:
        assert qsort.load_draft(qsort.dump_draft(self.draft)) == self.draft


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
