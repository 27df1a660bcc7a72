"""A summary to take along: made only where all who were there say yes."""

from dataclasses import replace

import pytest

from dialogs.sessions.state import (
    AnsweredSummary,
    AskedForSummary,
    Confirmed,
    Effect,
    Left,
    Refused,
    Stopped,
    Summary,
    Told,
    TookOut,
    Voted,
    Worded,
)
from dialogs.sessions.summary import OPEN, agreed, has_summary, kept, key_now
from tests.dialogs.sessions.test_taking_out import ident, written
from tests.support.sessions import EVERYTHING, GUIDANCE, Group

KEY = "0" * 32


def kept_one() -> Group:
    """The group has voted one of three texts into its collection."""
    group = written()
    group.skip_to("collection")
    for person in group.members:
        group.do(Voted, person, choices=(ident(group, "Vent en dag"),))
    group.next()
    return group


def over() -> Group:
    group = kept_one()
    group.do(Stopped, "frode")
    return group


def answer(group: Group, by: str, *, is_yes: bool = True) -> list[Effect]:
    return group.do(AnsweredSummary, by, is_yes=is_yes, key=KEY)


def test_it_is_there_once_all_who_were_there_have_said_yes() -> None:
    group = over()

    assert group.do(AskedForSummary, "frode") == [Told("summary_asked")]
    for person in ("kari", "ola", "ola", "siri"):
        assert answer(group, person) == [Told("summary_yes")]
        assert key_now(group.session, group.now) == ""
    assert answer(group, "per") == [Told("summary_made")]
    assert answer(group, "ola") == [Told("summary_made")], "said again"

    assert key_now(group.session, group.now) == KEY
    assert key_now(group.session, group.now + OPEN) == ""
    assert group.session.summary
    assert group.session.summary.yes == frozenset(), "nothing says any more who was asked"


def test_one_no_ends_it_before_and_after_and_nothing_says_whose() -> None:
    for yes in ((), ("kari", "ola"), ("kari", "ola", "siri", "per")):
        group = over()
        group.do(AskedForSummary, "frode")
        for person in yes:
            answer(group, person)

        assert answer(group, "siri", is_yes=False) == [Told("summary_no")]

        assert group.session.summary
        assert group.session.summary == Summary(group.session.summary.until, is_refused=True)
        assert key_now(group.session, group.now) == ""
        assert answer(group, "siri") == [Refused("no_summary")]
        assert group.do(AskedForSummary, "frode") == [Refused("no_summary")], "asked once"


def test_only_whoever_leads_asks_and_only_those_who_were_there_answer() -> None:
    group = kept_one()
    group.do(Left, "per")
    assert group.do(AskedForSummary, "frode") == [Refused("no_summary")], "it is not over"
    group.do(Stopped, "frode")

    assert group.do(AskedForSummary, "kari") == [Refused("not_facilitator")]
    assert answer(group, "kari") == [Refused("no_summary")]
    group.do(AskedForSummary, "frode")
    for stranger in ("per", "frode", "somebody"):
        assert answer(group, stranger) == [Refused("not_a_member")]
    for person in ("kari", "ola", "siri"):
        answer(group, person)
    assert key_now(group.session, group.now) == KEY


def test_nobody_answers_after_a_week() -> None:
    group = over()
    group.do(AskedForSummary, "frode")
    group.now += OPEN

    assert answer(group, "kari") == [Refused("no_summary")]


def test_in_it_is_what_was_kept_in_this_session_and_is_kept_still() -> None:
    session = over().session

    assert kept(session, ["Vent en dag", "Fra i fjor"]) == ("Vent en dag",)
    assert kept(session, []) == (), "it was taken out since"


def test_what_is_taken_out_is_not_in_it() -> None:
    group = kept_one()

    group.do(TookOut, "frode", id=ident(group, "Vent en dag"))

    assert group.session.kept == ()
    assert not has_summary(group.session)
    group.do(TookOut, "frode", id=ident(group, "Gå en tur"))
    assert group.session.kept == (), "it had not been kept"


def test_what_was_agreed_on_is_in_it() -> None:
    group = Group(EVERYTHING, members=("kari", "ola"))
    group.skip_to("agreement")
    group.do(Worded, "kari", text="Vi sier fra", edition=0)
    group.do(Confirmed, "ola", edition=1)
    group.do(Stopped, "frode")

    assert agreed(group.session) == ("Vi sier fra",)
    assert has_summary(group.session)


@pytest.mark.parametrize("what", ["nothing", "alone", "forgotten"])
def test_where_there_is_nothing_to_take_along_nobody_is_asked(what: str) -> None:
    after = replace(GUIDANCE.after, keeps=what != "forgotten")
    group = written(replace(GUIDANCE, after=after))
    group.skip_to("collection")
    for person in group.members:
        choice = ident(group, "Vent en dag") if what != "nothing" else ident(group, "Gå en tur")
        if what != "nothing":
            group.do(Voted, person, choices=(choice,))
    group.next()
    for person in ("kari", "ola", "siri") if what == "alone" else ():
        group.do(Left, person)
    group.do(Stopped, "frode")

    assert group.do(AskedForSummary, "frode") == [Refused("no_summary")]
