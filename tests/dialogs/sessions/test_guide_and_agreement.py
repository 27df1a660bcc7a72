"""A guide and an agreement: as a specification."""

from dialogs.sessions import queries
from dialogs.sessions.method import Phase, Role
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.vote import Vote, candidates
from dialogs.sessions.state import (
    TEXT_LIMIT,
    Advanced,
    Agreed,
    Asked,
    Confirmed,
    Finished,
    GaveWord,
    HardFound,
    Joined,
    Left,
    Pace,
    Passed,
    Refused,
    SessionEnded,
    Skipped,
    ThemesLeft,
    Told,
    WentBack,
    Worded,
)
from dialogs.sessions.step import begin
from dialogs.writing.text import TooLong
from tests.support.sessions import EVERYTHING, MONDAY, Group, guide, method_of, phase_of, texts


def group_of(
    *phases: Phase, members: tuple[str, ...] = ("kari", "ola"), pace: Pace = "live"
) -> Group:
    roles = (Role("adviser", texts("adviser")), Role("leader", texts("leader")))
    method = method_of("conversation", *phases, phase_of("after", Open()), roles=roles)
    return Group(method, members=members, pace=pace)


def theme(group: Group) -> str:
    return group.opened.asked[-1]


# --- A guide, talked about ----------------------------------------------------------------------


def test_the_group_talks_about_one_theme_at_a_time_until_all_were_offered() -> None:
    group = group_of(phase_of("guide", guide("a", "b", "c")))
    talked = [theme(group)]
    for _ in range(2):
        group.next()
        talked.append(theme(group))
    assert talked == ["a", "b", "c"]
    assert queries.themes_left(group.method, group.session, "") == ()

    group.next()
    assert group.phase == "after"


def test_a_double_press_does_not_pass_a_theme_over() -> None:
    group = group_of(phase_of("guide", guide("a", "b", "c")))
    press = Advanced(by="frode", at=MONDAY, seed=1, visit=1, turn=group.opened.turn)
    group.take(press)

    assert group.take(press) == [Refused("phase_over")]
    assert theme(group) == "b"


def test_themes_are_taken_in_any_order_and_followed_up() -> None:
    group = group_of(phase_of("guide", guide("a", "b", "c")))
    assert group.do(Asked, "frode", theme="c") == []
    group.next()
    assert theme(group) == "b"
    group.do(Asked, "frode", theme="a")
    assert theme(group) == "a"
    assert group.do(Asked, "frode", theme="forged") == [Refused("no_choice")]
    assert group.do(Asked, "kari", theme="c") == [Refused("not_facilitator")]

    group.next()
    assert group.phase == "after"


def test_the_word_is_given_within_a_theme() -> None:
    group = group_of(phase_of("guide", guide("a", "b")))
    group.do(GaveWord, "frode", to="ola")
    assert group.turn == "ola"
    group.next()

    assert [theme(group), group.turn] == ["b", None]


def test_what_is_written_tells_what_it_is_about() -> None:
    group = group_of(phase_of("guide", guide("a", "b")))
    assert group.write("kari", "Om a", theme="a") == [Told("written")]
    assert group.write("kari", "Om noe annet") == [Told("written")]
    assert group.write("kari", "Om hva?", theme="forged") == [Refused("no_choice")]

    shown = queries.shown(group.method, group.session, "guide")
    assert [(each.theme, each.text) for each in shown] == [("a", "Om a"), ("", "Om noe annet")]
    group.to("after")
    assert group.write("kari", "Om a", theme="a") == [Refused("no_choice")]


def test_nobody_is_waited_for_while_the_group_talks() -> None:
    group = group_of(phase_of("guide", guide("a", "b")))
    assert group.waiting == ()

    assert group.do(Finished, "kari") == []


# --- A guide, answered alone or over days -------------------------------------------------------


def test_over_days_each_answers_in_their_own_order_and_is_told_of_what_is_left() -> None:
    group = group_of(phase_of("guide", guide("a", "b", "c")), pace="days")
    assert group.opened.asked == ()
    group.write("kari", "Om c", theme="c")
    assert group.do(Finished, "kari") == [ThemesLeft(("a", "b"))]
    assert group.waiting == ("kari", "ola")
    assert group.do(Finished, "kari", anyway=True) == []
    assert group.do(Asked, "frode", theme="a") == [Refused("no_choice")]
    group.do(Passed, "ola")

    assert group.phase == "after"


def test_roles_are_asked_what_they_share_and_their_own() -> None:
    group = group_of(
        phase_of("guide", guide("shared", adviser="own", leader="theirs")), pace="days"
    )
    group.do(Joined, "kari", name="Kari", role="adviser")
    phase = group.method.phases[0]

    def asked(person: str) -> list[str]:
        return [each.id for each in queries.themes(group.session, phase, person)]

    assert asked("kari") == ["shared", "own"]
    assert asked("ola") == ["shared", "theirs"]
    assert group.write("ola", "Svar", theme="own") == [Refused("no_choice")]
    assert group.write("kari", "Svar", theme="own") == [Told("written")]


def test_where_the_group_talks_all_themes_are_everyones() -> None:
    group = group_of(phase_of("guide", guide("shared", leader="theirs")))

    assert len(queries.themes(group.session, group.method.phases[0], "kari")) == 2


def test_what_was_answered_alone_is_shown_together_without_names() -> None:
    group = group_of(phase_of("guide", guide("a", "b", alone=True)))
    assert group.opened.anonymous
    assert group.opened.asked == ()
    group.write("kari", "Mitt", theme="a")
    group.write("ola", "Også mitt", theme="a")
    assert group.shown("guide") == []
    assert queries.few_wrote(group.session, group.method.phases[0])
    assert group.next() == []
    (first, second) = queries.shown(group.method, group.session, "guide")

    assert {first.text, second.text} == {"Mitt", "Også mitt"}
    assert {first.theme, second.theme} == {"a"}
    assert {first.author, second.author} == {None}
    assert {first.name, second.name} == {""}  # nothing ties the answers of one together
    assert group.do(Finished, "kari") == []
    group.next()
    assert queries.themes_left(group.method, group.session, "kari") == ()


def test_a_phase_after_it_goes_on_from_one_question_alone() -> None:
    kept = phase_of("keep", Vote("guide.try", "collection"))
    group = group_of(phase_of("guide", guide("praise", "try", alone=True)), kept)
    for question in ("praise", "try"):
        group.write("kari", question, theme=question)
    group.next()
    group.next()

    assert [each.text for each in queries.shown(group.method, group.session, "guide")] != ["try"]
    assert [each.text for each in queries.shown(group.method, group.session, "guide.try")] == [
        "try"
    ]
    assert [getattr(each, "text", "") for each in candidates(group.method, group.session)] == [
        "try"
    ]


def test_before_the_start_no_theme_is_left() -> None:
    session = begin(EVERYTHING, 1, "frode", "nb", zone="Europe/Oslo", at=MONDAY)

    assert queries.themes_left(EVERYTHING, session, "kari") == ()


# --- An agreement -------------------------------------------------------------------------------


def agreeing(*members: str, pace: Pace = "live") -> Group:
    return group_of(
        phase_of("agreement", Agreement()), members=members or ("kari", "ola"), pace=pace
    )


def test_what_all_have_confirmed_is_agreed() -> None:
    group = agreeing()
    assert list(group.waiting) == ["kari", "ola"]
    assert group.do(Worded, "kari", text="Vi sier fra", edition=0) == [Told("worded")]
    assert list(group.waiting) == ["ola"]
    assert group.do(Confirmed, "ola", edition=1) == [Told("confirmed")]

    assert group.next()[0] == Agreed("agreement", "Vi sier fra")


def test_who_words_it_anew_opens_it_again() -> None:
    group = agreeing("kari", "ola", "siri")
    group.do(Worded, "kari", text="Vi sier fra", edition=0)
    group.do(Confirmed, "ola", edition=1)
    group.do(Worded, "siri", text="Vi sier fra i tide", edition=1)
    assert group.waiting == ("kari", "ola")
    assert group.do(Confirmed, "kari", edition=1) == [Refused("reworded")]
    assert group.do(Worded, "kari", text="Noe annet", edition=1) == [Refused("reworded")]
    group.do(Confirmed, "kari", edition=2)

    assert not any(isinstance(each, Agreed) for each in group.next())


def test_over_days_it_is_agreed_when_the_last_has_confirmed() -> None:
    group = agreeing(pace="days")
    group.do(Worded, "kari", text="Vi sier fra", edition=0)
    effects = group.do(Confirmed, "ola", edition=1)

    assert effects[:2] == [Told("confirmed"), Agreed("agreement", "Vi sier fra")]


def test_nobody_agrees_alone() -> None:
    group = agreeing()
    group.do(Worded, "kari", text="Vi sier fra", edition=0)

    assert group.do(Left, "ola") == [SessionEnded()]


def test_it_can_be_opened_again_in_the_same_meeting_and_in_a_later_one() -> None:
    group = agreeing()
    group.do(Worded, "kari", text="Vi sier fra", edition=0)
    group.do(Confirmed, "ola", edition=1)
    group.next()
    group.do(WentBack, "frode")
    group.do(Worded, "ola", text="Vi sier fra i tide", edition=1)
    group.do(Confirmed, "kari", edition=2)
    assert group.next()[0] == Agreed("agreement", "Vi sier fra i tide")

    later = begin(
        group.method,
        2,
        "frode",
        "nb",
        zone="Europe/Oslo",
        at=MONDAY,
        agreed={"agreement": "Vi sier fra i tide"},
    )
    assert later.wordings["agreement"].edition == 1
    assert later.wordings["agreement"].confirmed == frozenset()


def test_what_cannot_be_agreed_on_is_said() -> None:
    group = agreeing()
    assert group.do(Confirmed, "kari", edition=0) == [Refused("no_choice")]
    assert group.do(Worded, "kari", text=" ", edition=0) == [Refused("empty")]
    long = "x" * (TEXT_LIMIT + 1)
    assert group.do(Worded, "kari", text=long, edition=0) == [
        TooLong("text", TEXT_LIMIT + 1, TEXT_LIMIT)
    ]
    (found,) = group.do(Worded, "kari", text="Ring 41 23 45 67", edition=0)
    assert isinstance(found, HardFound)
    group.do(Worded, "kari", text="Vi sier fra", edition=0)
    group.do(Skipped, "frode")
    assert group.do(Worded, "kari", text="Vi sier fra", edition=0) == [Refused("no_writing")]
    assert group.do(Confirmed, "kari", edition=1) == [Refused("no_choice")]


def test_going_on_without_everybodys_yes_is_asked_about_once_for_each_wording() -> None:
    group = agreeing()
    group.do(Worded, "kari", text="Vi sier fra", edition=0)

    assert (group.next(), group.phase) == ([Told("not_agreed")], "agreement")
    group.do(Worded, "ola", text="Vi sier fra samme dag", edition=1)
    assert group.next() == [Told("not_agreed")]
    group.next()

    assert group.phase == "after"
    assert not group.session.wordings["agreement"].is_agreed


def test_what_all_have_agreed_on_is_said_to_be_agreed() -> None:
    group = agreeing()
    group.do(Worded, "kari", text="Vi sier fra", edition=0)
    group.do(Confirmed, "ola", edition=1)
    group.next()

    assert group.session.wordings["agreement"].is_agreed


def test_an_edited_text_is_not_dropped_by_another_button() -> None:
    group = agreeing()
    group.do(Worded, "kari", text="Vi sier fra", edition=0)

    assert group.do(Confirmed, "ola", edition=1, unsent="Vi sier alltid fra") == [Refused("unsent")]
    assert group.do(Finished, "ola", unsent="Vi sier alltid fra") == [Refused("unsent")]
    assert group.do(Passed, "ola", unsent="Vi sier alltid fra") == [Refused("unsent")]
    assert group.do(Finished, "ola", unsent="Vi sier alltid fra", anyway=True) == []
    assert group.do(Confirmed, "ola", edition=1, unsent=" Vi sier\r\nfra ") == [Told("confirmed")]


def test_what_one_has_sent_already_is_not_unsent() -> None:
    group = group_of(phase_of("talk", Open()))
    group.write("kari", "Vi sier fra")

    assert group.do(Finished, "kari", unsent="Vi sier fra") == []
    assert group.do(Finished, "kari", unsent=" ") == []


def test_a_full_session_takes_no_longer_agreement() -> None:
    group = group_of(phase_of("talk", Open()), phase_of("agreement", Agreement()))
    while group.write("kari", "🙂" * 1000) == [Told("written")]:
        pass
    while group.write("kari", "🙂" * 100) == [Told("written")]:
        pass
    group.next()

    assert group.do(Worded, "kari", text="🙂" * 1000, edition=0) == [Refused("no_room")]


def test_at_the_end_who_confirmed_is_forgotten() -> None:
    group = agreeing()
    group.do(Worded, "kari", text="Vi sier fra", edition=0)
    group.do(Confirmed, "ola", edition=1)
    group.next()
    group.next()

    assert group.session.wordings["agreement"].confirmed == frozenset()


def test_an_agreement_is_kept_and_so_not_for_what_keeps_nothing() -> None:
    assert Agreement().keeps()
