"""Colleagues are asked, each in their own chat: the first yes begins; of a no nothing is kept."""

from dataclasses import replace
from datetime import timedelta

from dialogs.sessions.asking import REMIND_AFTER
from dialogs.sessions.method import After, Frame
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.queries import asked, here
from dialogs.sessions.state import (
    Accepted,
    AnswerPutOff,
    AnswersDue,
    AskedInVain,
    Asking,
    CameLater,
    ColleagueAnswered,
    ColleagueAsked,
    Declined,
    Effect,
    Ended,
    Event,
    Invited,
    Left,
    PhaseOpened,
    Postponed,
    Refused,
    Running,
    Session,
    SessionEnded,
    dump,
)
from dialogs.sessions.step import begin, step
from tests.support.sessions import MONDAY, NAMES, method_of, phase_of

METHOD = method_of(
    "five",
    phase_of("happened", Owner(), content="telling"),
    phase_of("colleague", Open(), about="happened"),
    led_by="owner",
    frame=Frame(min_size=2, advised_size=2, max_size=3),
    after=After(keeps=False),
)
UNTIL = MONDAY + timedelta(hours=4)
BEGUN = begin(
    METHOD, 1, "kari", "nb", zone="Europe/Oslo", at=MONDAY, name="Kari", asking=Asking(UNTIL)
)


def invited(*people: str, by: str = "kari") -> Invited:
    return Invited(by=by, at=MONDAY, seed=1, people=people, until=UNTIL)


def yes(person: str) -> Accepted:
    return Accepted(by=person, at=MONDAY, seed=1, name=person.title(), names=NAMES)


def no(person: str) -> Declined:
    return Declined(by=person, at=MONDAY, seed=1)


def later(person: str) -> Postponed:
    return Postponed(by=person, at=MONDAY, seed=1)


def left(person: str) -> Left:
    return Left(by=person, at=MONDAY, seed=1)


def due(after: timedelta = timedelta()) -> AnswersDue:
    return AnswersDue(at=UNTIL + after, seed=1)


def play(*events: Event, session: Session = BEGUN) -> tuple[Session, list[Effect]]:
    """The session after them, and what the last one led to."""
    effects: list[Effect] = []
    for event in events:
        session, effects = step(METHOD, session, event)
    return session, effects


def test_each_is_asked_once() -> None:
    session, effects = play(invited("ola", "ola"))
    assert effects == [ColleagueAsked("ola")]
    assert play(invited("ola", "siri"), session=session)[1] == [ColleagueAsked("siri")]
    assert play(invited("ola"), session=session)[1] == [Refused("nothing_chosen")]


def test_there_is_room_for_as_many_as_the_method_is_for() -> None:
    session, effects = play(invited("ola", "siri", "per"))
    assert (session, effects) == (BEGUN, [Refused("too_many")])
    session, _ = play(invited("ola"), yes("ola"), invited("siri"))
    assert play(invited("per"), session=session)[1] == [Refused("too_many")]


def test_only_whoever_asked_asks_more() -> None:
    assert play(invited("ola"), invited("siri", by="ola"))[1] == [Refused("not_a_member")]
    assert play(invited("ola"), yes("ola"), invited("siri", by="ola"))[1] == [
        Refused("not_facilitator")
    ]


def test_the_first_yes_begins_and_the_second_comes_in() -> None:
    session, effects = play(invited("ola", "siri"), yes("ola"))
    assert isinstance(session.stage, Running)
    assert [type(each) for each in effects][:2] == [ColleagueAnswered, PhaseOpened]
    assert session.owner == "kari"

    session, effects = play(yes("siri"), session=session)
    assert effects == [ColleagueAnswered("siri"), CameLater("siri")]
    assert [member.id for member in here(session)] == ["kari", "ola", "siri"]


def test_later_stays_asked_until_another_answer() -> None:
    session, effects = play(invited("ola"), later("ola"))
    assert effects == [AnswerPutOff(MONDAY + REMIND_AFTER)]
    assert session.asking
    assert session.asking.later == {"ola"}
    assert isinstance(play(yes("ola"), session=session)[0].stage, Running)


def test_of_a_no_nothing_is_kept_but_that_there_was_one() -> None:
    session, effects = play(invited("ola", "siri"), later("ola"), no("ola"))
    assert effects == [ColleagueAnswered("ola")]
    assert b"ola" not in dump(session)
    assert session.asking
    assert session.asking.unable == 1

    assert play(no("siri"), session=session)[1] == [ColleagueAnswered("siri"), AskedInVain()]


def test_who_goes_away_while_asked_cannot() -> None:
    assert play(invited("ola"), left("ola")) == play(invited("ola"), no("ola"))


def test_only_who_is_asked_answers() -> None:
    for event in (yes("per"), later("per"), no("per"), yes("kari")):
        assert play(invited("ola"), event)[1] == [Refused("not_asked")]
    assert play(invited("ola"), no("ola"), yes("ola"))[1] == [Refused("not_asked")]
    common = replace(BEGUN, asking=None)
    assert play(invited("ola"), session=common)[1] == [Refused("not_asked")]


def test_a_question_lapses_when_its_time_has_come() -> None:
    asked_, _ = play(invited("ola"))
    assert play(due(-timedelta(seconds=1)), session=asked_) == (asked_, [])
    session, effects = play(due(), session=asked_)
    assert isinstance(session.stage, Ended)
    assert session.stage.why == "never_started"
    assert effects == [SessionEnded(), AskedInVain()]
    assert b"ola" not in dump(session)
    assert play(due(), session=session) == (session, [])


def test_in_a_talk_under_way_only_the_question_lapses() -> None:
    session, _ = play(invited("ola", "siri"), yes("ola"), due())
    assert isinstance(session.stage, Running)
    assert asked(session) == ()
    assert play(yes("siri"), session=session)[1] == [Refused("not_asked")]
    assert play(due(), session=replace(session, asking=None))[1] == []


def test_the_talk_is_over_when_whoever_asked_goes() -> None:
    session, _ = play(invited("ola", "siri"), yes("ola"), yes("siri"), left("kari"))
    assert isinstance(session.stage, Ended)
    gathering, _ = play(invited("ola"), left("kari"))
    assert isinstance(gathering.stage, Ended)


def test_whoever_comes_in_and_goes_leaves_the_others_to_it() -> None:
    session, _ = play(invited("ola", "siri"), yes("ola"), yes("siri"), left("siri"))
    assert isinstance(session.stage, Running)


def test_who_can_later_is_reminded_once_and_not_of_what_has_lapsed() -> None:
    session, effects = play(invited("ola"), later("ola"))
    assert effects == [AnswerPutOff(MONDAY + REMIND_AFTER)]
    assert step(METHOD, session, later("ola")) == (session, []), "said twice"
    for answer in (no("ola"), yes("ola"), left("ola")):
        after, _ = step(METHOD, session, answer)
        assert after.asking is not None
        assert after.asking.again == {}

    late = Postponed(by="ola", at=UNTIL - REMIND_AFTER, seed=1)
    session, effects = play(invited("ola"), late)
    assert effects == []
    assert session.asking is not None
    assert session.asking.later == {"ola"}
