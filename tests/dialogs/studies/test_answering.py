"""The dialog of a questionnaire, as whoever answers it sees it."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.studies.answering import (
    ABOUT,
    ABOUT_LIMIT,
    Answer,
    Answered,
    Answering,
    Approved,
    Coded,
    Delivering,
    Disowned,
    Draft,
    Effect,
    Event,
    Found,
    LookUp,
    MoreAsked,
    NotYours,
    Open,
    Pairing,
    Paused,
    Recognised,
    Resumed,
    Reviewing,
    Revised,
    WentBack,
    WentUnpaired,
    answer,
    answer_size,
    asking,
    begin,
    begin_again,
    begin_sharing,
    done,
    dump_answer,
    fits,
    load_answer,
    on_card,
    pages,
    step,
)
from dialogs.studies.items import NONE
from dialogs.studies.questionnaire import SHARED_LIMIT, TEXT_LIMIT, Questionnaire, asked
from dialogs.studies.submission import Broken, Confirmed, Deliver, Discard, OutOfTurn, Redrawn
from dialogs.writing.text import TooLong, Unstorable
from tests.support.questionnaires import AFTER, ASKS, BEFORE, ONCE

PERSON = Answered({"role": "yes"})
WORK = Answered({"calm": "3", "stress": "1"})
MORE = Answered({"means": "team,plan", "else": "Nei."})


def play(
    events: Iterable[Event], study: Questionnaire = ONCE, draft: Draft | None = None
) -> tuple[Draft, list[Effect]]:
    draft, effects = draft or begin(study, "fjord-ekorn", "CODE"), list[Effect]()
    for event in events:
        draft, effects = step(study, draft, event)
    return draft, effects


ANSWERED, _ = play([PERSON, WORK, MORE])


def test_block_after_block_and_then_the_review() -> None:
    draft, effects = play([PERSON])
    assert (draft.stage, effects) == (Answering(1), [])
    draft, _ = play([WORK], draft=draft)
    assert draft.stage == Answering(2)
    draft, _ = play([MORE], draft=draft)
    assert draft.stage == Reviewing()
    draft, _ = play([Approved(), Redrawn("elv-rev")], draft=draft)
    assert (draft.stage, draft.pseudonym) == (Delivering(), "elv-rev")
    assert step(ONCE, draft, Confirmed("ABC")) == (draft, [Deliver("ABC")])


def test_what_is_left_open_is_pointed_out_once_and_may_stay_so() -> None:
    draft, effects = play([PERSON, Answered({"calm": "2"})])
    assert (draft.stage, effects) == (Answering(1), [Open(("stress",))])
    assert draft.answers["calm"] == "2"

    draft, effects = play([Answered({"calm": "2"}, leaving=True)], draft=draft)
    assert (draft.stage, effects) == (Answering(2), [])
    draft, effects = play([WentBack(), Answered({"calm": "2"})], draft=draft)
    assert (draft.stage, effects) == (Answering(2), [])


@pytest.mark.parametrize(
    "event", [Answered({"calm": "2"}), Paused({"calm": "2"}), WentBack({"calm": "2"})]
)
def test_what_is_saved_counts_as_done_while_others_on_its_card_are_open(event: Event) -> None:
    before, (draft, _) = play([PERSON])[0], play([PERSON, event])
    assert done(ONCE, draft) == (done(ONCE, before)[0] + 1, done(ONCE, before)[1])
    assert draft.passed == before.passed


def test_an_item_is_asked_once_its_condition_holds_and_dropped_when_it_does_not() -> None:
    draft, effects = play([PERSON, Answered({"calm": "1", "stress": "3"})])
    assert (draft.stage, effects) == (Answering(1), [MoreAsked(("why",))])
    filled = {"calm": "1", "stress": "3", "why": "Mange saker."}
    draft, effects = play([Answered(filled), MORE], draft=draft)
    assert (draft.stage, effects) == (Reviewing(), [])
    assert answer(ONCE, draft).answers["why"] == "Mange saker."

    draft, effects = play([Revised("stress"), Answered({"stress": "1"})], draft=draft)
    assert (draft.stage, effects) == (Reviewing(), [])
    assert "why" not in answer(ONCE, draft).answers


def conditional() -> Questionnaire:
    """A block of its own, before the last, for those whose work is busy."""
    first, work, more = ONCE.blocks
    means, otherwise = more.items
    only = replace(more, items=(replace(otherwise, when=work.items[2].when),))
    return replace(ONCE, blocks=(first, work, only, replace(more, id="last", items=(means,))))


def test_a_block_that_asks_nothing_is_passed_over() -> None:
    study = conditional()
    draft, _ = play([PERSON, WORK], study)

    assert asking(study, draft.answers) == [0, 1, 3]
    assert draft.stage == Answering(3)
    assert play([WentBack()], study, draft)[0].stage == Answering(1)


def test_a_change_in_the_review_leads_to_what_it_brings_up() -> None:
    study = conditional()
    answered, _ = play([PERSON, WORK, MORE], study)
    hard = {"calm": "1", "stress": "3"}
    draft, effects = play([Revised("stress"), Answered({"stress": "3"})], study, answered)
    assert (draft.stage, effects) == (Answering(1), [MoreAsked(("why",))])

    draft, _ = play([Answered(hard)], study, draft)
    assert draft.stage == Answering(2)
    draft, _ = play([Answered({"else": "Alt."})], study, draft)
    assert draft.stage == Answering(3)
    draft, _ = play([MORE], study, draft)
    assert draft.stage == Reviewing()


def test_what_was_handed_in_is_begun_with_in_the_review() -> None:
    delivered = answer(ONCE, ANSWERED)
    again = begin_again(ONCE, "elv-rev", "OWN", delivered)

    assert (again.pseudonym, again.code, again.stage) == ("elv-rev", "OWN", Reviewing())
    assert answer(ONCE, again) == delivered
    draft, effects = play([Revised("role"), Answered({"role": "no"})], draft=again)
    assert (draft.stage, effects) == (Reviewing(), [])


def test_a_correction_goes_in_the_place_of_what_it_corrects_and_of_nothing_else() -> None:
    again = begin_again(ONCE, "elv-rev", "OWN", answer(ONCE, ANSWERED))
    draft, _ = play([Approved()], draft=again)

    for typed in ("", "ANOTHER"):
        assert play([Confirmed(typed)], draft=draft) == (draft, [Deliver("OWN")])
    assert play([Redrawn("lyng-orre")], draft=draft) == (draft, [OutOfTurn()])


def test_from_the_review_one_comes_back_to_it() -> None:
    draft, effects = play([Revised("calm"), Answered({"calm": "3"})], draft=ANSWERED)

    assert (draft.stage, effects) == (Reviewing(), [])
    assert draft.answers == {**ANSWERED.answers, "calm": "3"}


def test_the_review_opens_one_question_and_keeps_the_others() -> None:
    opened, _ = play([Revised("stress")], draft=ANSWERED)
    assert opened.stage == Answering(1, "stress")
    assert [item.id for item in on_card(ONCE, opened.answers, Answering(1, "stress"))] == ["stress"]

    back, _ = play([WentBack({"stress": "2"})], draft=opened)
    assert (back.stage, back.answers["stress"]) == (Reviewing(), "2")
    assert back.answers["calm"] == ANSWERED.answers["calm"]


@pytest.mark.parametrize(("items", "sizes"), [(1, [1]), (7, [7]), (8, [4, 4]), (19, [6, 7, 6])])
def test_a_long_block_comes_in_pages_that_a_phone_can_hold(items: int, sizes: list[int]) -> None:
    work = ONCE.blocks[1]
    many = tuple(replace(work.items[0], id=f"i{n}") for n in range(items))
    study = replace(ONCE, blocks=(replace(work, items=many),))

    found = pages(study)
    assert [len(page.items) for page in found] == sizes
    assert tuple(item for page in found for item in page.items) == many
    draft, effects = play([Answered({"i0": "1"}, leaving=True)], study)
    assert (draft.stage, effects) == (Answering(1) if len(sizes) > 1 else Reviewing(), [])


@pytest.mark.parametrize("item", ["nothing", "", "why"])
def test_only_an_item_that_is_asked_can_be_revised(item: str) -> None:
    assert play([Revised(item)], draft=ANSWERED) == (ANSWERED, [OutOfTurn()])


def test_back_keeps_what_is_filled_in() -> None:
    draft, _ = play([PERSON, WentBack({"calm": "2"})])
    assert (draft.stage, draft.answers["calm"]) == (Answering(0), "2")
    assert play([WentBack()], draft=draft)[0].stage == Answering(0)
    assert play([WentBack()], draft=ANSWERED)[0].stage == Answering(2)
    assert play([Approved(), WentBack()], draft=ANSWERED)[0].stage == Reviewing()


def test_a_pause_keeps_what_is_filled_in_and_nothing_is_done_meanwhile() -> None:
    draft, _ = play([PERSON, Paused({"calm": "2"})])
    assert draft.paused
    assert draft.answers["calm"] == "2"
    assert play([WORK], draft=draft) == (draft, [OutOfTurn()])

    draft, _ = play([Resumed()], draft=draft)
    assert (draft.stage, draft.paused) == (Answering(1), False)
    assert play([Resumed()], draft=draft) == (draft, [OutOfTurn()])
    assert play([Paused({"calm": "1"})], draft=ANSWERED)[0].answers == ANSWERED.answers


def test_breaking_off_destroys_the_draft_at_any_time() -> None:
    paused, _ = play([Paused({})])
    for draft in (paused, ANSWERED, begin(AFTER, "a-b", "CODE")):
        assert step(ONCE, draft, Broken()) == (draft, [Discard()])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"role": "maybe"}, ""),
        ({"role": "yes,no"}, "yes"),
        ({"someone": "else"}, ""),
    ],
)
def test_an_answer_that_is_not_there_to_choose_is_none(given: dict[str, str], kept: str) -> None:
    draft, _ = play([Answered(given)])

    assert draft.answers["role"] == kept


def test_of_several_those_that_there_are_stay_in_their_order() -> None:
    draft, _ = play([Answered({"means": "x,team,plan,team"})], draft=play([PERSON, WORK])[0])
    assert draft.answers["means"] == "plan,team"
    draft, _ = play([Answered({"means": f"{NONE},plan"})], draft=play([PERSON, WORK])[0])
    assert draft.answers["means"] == "plan"


def test_none_of_several_is_an_answer_and_passed_over_is_none() -> None:
    begun, _ = play([PERSON, WORK])
    passed, effects = play([Answered({})], draft=begun)
    assert effects == [Open(("means",))]
    passed, _ = play([Answered({}, leaving=True)], draft=passed)
    none, effects = play([Answered({"means": NONE})], draft=begun)
    assert (none.stage, effects) == (Reviewing(), [])

    given = {"role": "yes", "calm": "3", "stress": "1"}
    assert answer(ONCE, passed).answers == given
    assert answer(ONCE, none).answers == {**given, "means": NONE}
    item = ONCE.item("means")
    scored = replace(item, scores=(1, 2, 5))
    assert [scored.value(one) for one in ("", NONE, "plan", "plan,team")] == [None, 1, 2, 5]
    assert item.value("") is None


def test_a_text_that_cannot_be_kept_leaves_the_one_before() -> None:
    draft, _ = play([PERSON, WORK, WentBack({"else": "Ja."}), WORK])
    draft, effects = play([Answered({"else": "x" * (TEXT_LIMIT + 1)})], draft=draft)
    assert (draft.stage, effects) == (
        Answering(2),
        [TooLong("else", TEXT_LIMIT + 1, TEXT_LIMIT)],
    )
    assert draft.answers["else"] == "Ja."
    assert play([Answered({"else": "\x00"})], draft=draft)[1] == [Unstorable("else")]
    for leaving in (Paused, WentBack):  # what was written is not left behind
        stays, effects = play([leaving({"else": "x" * (TEXT_LIMIT + 1)})], draft=draft)
        assert (stays.stage, stays.paused) == (Answering(2), False)
        assert effects == [TooLong("else", TEXT_LIMIT + 1, TEXT_LIMIT)]


def test_an_answer_can_be_taken_back() -> None:
    draft, _ = play([PERSON, WORK, WentBack(), WentBack()])
    assert draft.answers["role"] == "yes"

    draft, _ = play([Answered({"role": ""}, leaving=True)], draft=draft)
    assert answer(ONCE, draft).answers.get("role") is None


# Pairing


def test_the_form_after_asks_for_the_code_of_the_one_before() -> None:
    assert begin(BEFORE, "a-b", "CODE").stage == Answering(0)
    draft, effects = play([Coded("ABC")], AFTER)
    assert (draft.stage, effects) == (Pairing(), [LookUp("ABC")])

    draft, _ = play([Found("elv-rev")], AFTER, draft)
    assert (draft.stage, draft.before) == (Pairing("elv-rev"), "")
    draft, _ = play([Recognised()], AFTER, draft)
    assert (draft.stage, draft.before) == (Answering(0), "elv-rev")
    assert play([WentBack()], AFTER, draft)[0].stage == Pairing()


def test_an_answer_that_is_not_recognised_is_not_paired() -> None:
    draft, effects = play([Found("elv-rev"), Disowned()], AFTER)
    assert (draft.stage, draft.before, effects) == (Pairing(), "", [NotYours()])

    draft, effects = play([WentUnpaired()], AFTER, draft)
    assert (draft.stage, draft.before, effects) == (Answering(0), "", [])


def test_who_goes_back_and_on_without_the_code_is_paired_no_more() -> None:
    draft, _ = play([Found("elv-rev"), Recognised(), WentBack(), WentUnpaired()], AFTER)

    assert draft.before == ""


@pytest.mark.parametrize("event", [Recognised(), Disowned()])
def test_nothing_is_recognised_before_something_is_found(event: Event) -> None:
    draft = begin(AFTER, "a-b", "CODE")

    assert step(AFTER, draft, event) == (draft, [OutOfTurn()])


@given(
    st.lists(
        st.sampled_from(
            [
                Coded("x"),
                Found("elv-rev"),
                Found("fjord-ekorn"),
                Recognised(),
                Disowned(),
                WentUnpaired(),
                WentBack(),
                PERSON,
                WORK,
                MORE,
                Paused({}),
                Resumed(),
            ]
        ),
        max_size=25,
    )
)
def test_nobody_is_ever_paired_with_what_they_did_not_say_is_theirs(events: list[Event]) -> None:
    shown, recognised = {""}, ""
    draft = begin(AFTER, "a-b", "CODE")
    for event in events:
        before, (draft, _) = draft, step(AFTER, draft, event)
        if isinstance(before.stage, Pairing) and not before.paused:
            if event == Recognised() and before.stage.found:
                recognised = before.stage.found
            elif event == (Disowned() if before.stage.found else WentUnpaired()):
                recognised = ""
        if isinstance(draft.stage, Pairing):
            shown.add(draft.stage.found)
        assert draft.before == recognised
        assert draft.before in shown


# Rules that hold for every history

OPTIONS = st.sampled_from(
    ["", NONE, "1", "2", "3", "unknown", "yes", "no", "plan", "plan,team", "Ja."]
)
FILLED = st.dictionaries(st.sampled_from([item.id for item in ONCE.items]), OPTIONS)
EVENTS = st.one_of(
    st.builds(Answered, FILLED, st.booleans()),
    st.builds(Paused, FILLED),
    st.builds(WentBack, FILLED),
    st.builds(Revised, st.sampled_from(["role", "calm", "stress", "why", "x"])),
    st.sampled_from([Resumed(), Approved(), Confirmed(), Redrawn("x-y"), Recognised()]),
)


@settings(max_examples=300)
@given(st.lists(EVENTS, max_size=30))
def test_no_history_loses_an_answer_or_hands_in_what_was_not_asked(events: list[Event]) -> None:
    draft = begin(ONCE, "a-b", "CODE")
    for event in events:
        before, (draft, effects) = draft, step(ONCE, draft, event)
        assert effects != [OutOfTurn()] or draft == before
        if isinstance(draft.stage, Reviewing | Delivering):
            passed, items = done(ONCE, draft)
            assert passed == items
    finished = answer(ONCE, draft)
    there = {item.id for item in asked(ONCE, draft.answers)}
    assert set(finished.answers) <= there
    assert fits(ONCE, finished)
    assert load_answer(dump_answer(finished)) == finished
    assert len(dump_answer(finished)) <= answer_size(ONCE)


def test_the_longest_answer_has_room() -> None:
    worst = "🦊" * TEXT_LIMIT
    hard = {"calm": "unknown", "stress": "3", "why": worst}
    draft, _ = play([PERSON, Answered(hard), Answered(hard)])
    draft, _ = play([Answered({"means": "plan,team", "else": worst})], draft=draft)
    finished = replace(answer(ONCE, draft), before="x" * 60)

    assert answer_size(ONCE) - 2048 < len(dump_answer(finished)) <= answer_size(ONCE)


@pytest.mark.parametrize(
    "wrong",
    [
        Answer("2", {}),
        Answer("1", {"nobody": "1"}),
        Answer("1", {"calm": "4"}),
        Answer("1", {"calm": "1,2"}),
        Answer("1", {"means": "roof"}),
        Answer("1", {"means": ""}),
        Answer("1", {"means": f"{NONE},plan"}),
    ],
)
def test_an_answer_to_something_else_does_not_fit(wrong: Answer) -> None:
    assert fits(ONCE, Answer("1", {"calm": "unknown", "means": NONE, "why": "Slik."}))
    assert not fits(ONCE, wrong)


# --- A text from a session ----------------------------------------------------------------------


ABOUT_IT = {"question": "Hva?", "phase": "alone", "role": "", "forged": "x"}


def test_a_shared_text_stands_in_its_field_with_what_goes_along() -> None:
    empty = begin(ASKS, "lyng-orre", "code")
    draft = begin_sharing(ASKS, empty, "Sagt", ABOUT_IT)

    assert (draft.answers, draft.about) == (
        {"text": "Sagt"},
        {"question": "Hva?", "phase": "alone"},
    )
    assert isinstance(draft.stage, Answering), "it passes the door before it is kept"


def test_what_goes_along_is_sealed_and_is_there_again_when_it_is_corrected() -> None:
    draft = begin_sharing(ASKS, begin(ASKS, "lyng-orre", "code"), "Sagt", ABOUT_IT)
    finished = answer(ASKS, draft)

    assert fits(ASKS, finished)
    assert load_answer(dump_answer(finished)) == finished
    assert begin_again(ASKS, "p", "c", finished).about == draft.about
    assert not fits(ONCE, replace(finished, answers={})), "a questionnaire that asks for none"


def test_a_shared_text_has_the_room_that_it_had_in_its_session() -> None:
    long = "🦊" * 2 * SHARED_LIMIT
    draft = begin_sharing(ASKS, begin(ASKS, "p", "c"), long, dict.fromkeys(ABOUT, long))

    assert len(draft.answers["text"]) == SHARED_LIMIT
    assert {len(each) for each in draft.about.values()} == {ABOUT_LIMIT}
    assert len(dump_answer(answer(ASKS, draft))) <= answer_size(ASKS)
