"""The cards of those who are many: what they say, and that Teams takes them."""

from dataclasses import replace

import pytest

from bot.gateway.events import Json
from bot.sessions.cards import own, panel
from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.part import PartView
from bot.sessions.cards.phase import closed, contributions, group_card
from bot.sessions.cards.subgroups import subgroup_card
from bot.ui.fitting import too_large
from bot.ui.texts import texts
from dialogs.sessions import queries
from dialogs.sessions.primitives.findings import LINE_LIMIT, MOST_LINES
from dialogs.sessions.state import TEXT_LIMIT, Paused, Suggested, TookOver
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards
from tests.dialogs.sessions.test_subgroups import MANY, Many
from tests.support.session_cards import ZONE

SAY = texts("nb")


def meeting(group: Many, person: str = "") -> SessionView:
    number = group.of(person)
    seen = queries.as_seen(group.session, number)
    return SessionView("5" * 32, MANY, seen, "", "6" * 32, ZONE, number)


def led(group: Many) -> SessionView:
    return replace(meeting(group), session=group.session)


def verbs(card: Json) -> set[str]:
    return {str(action.get("verb")) for action in cards.actions(card)}


@pytest.fixture
def group() -> Many:
    return Many(13)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phase_says_who_sees_and_what_to_do(group: Many, language: Language) -> None:
    say = texts(language)
    said = {}
    while group.phase != "bye":
        said[group.phase] = cards.text_of(subgroup_card(say, meeting(group, "m00")))
        group.next()

    assert say("session.sees.subgroup") in said["talk"]
    assert say("session.sees.subgroup.pseudonym.hidden") in said["alone"]
    assert say("session.sees.findings.hidden") in said["found"]
    assert say("session.do.findings") in said["found"]
    assert say("session.do.round.free") in said["talk"]
    assert said["welcome"] == say("session.phase.over")


def test_a_small_group_counts_its_own_and_reads_its_own(group: Many) -> None:
    group.to("talk")
    one = group.together(1)
    group.write(one[0], "of the first")

    mine = cards.text_of(subgroup_card(SAY, meeting(group, one[1])))
    other = cards.text_of(subgroup_card(SAY, meeting(group, group.together(2)[0])))

    assert "of the first" in mine
    assert "of the first" not in other
    assert SAY("session.ready.value", n=0, total=len(one)) in mine
    assert "of the first" not in cards.text_of(group_card(SAY, meeting(group)))
    assert "of the first" not in cards.text_of(panel.choices(SAY, led(group)))
    assert "of the first" in str(closed(SAY, meeting(group, one[1]), MANY.phases[1]))
    assert "of the first" not in str(closed(SAY, meeting(group), MANY.phases[1]))


def test_who_leads_and_is_in_one_takes_out_what_is_written_there(group: Many) -> None:
    group.to("talk")
    one, other = group.together(1), group.together(2)
    group.write(one[0], "of the first")
    group.write(other[0], "of the second")

    choices = str(panel.choices(SAY, led(group), reader=one[1]))

    assert "of the first" in choices
    assert "of the second" not in choices


def test_in_a_break_and_when_it_is_shown_nothing_is_pressed(group: Many) -> None:
    group.to("alone")
    group.write("m00", "x")
    assert verbs(subgroup_card(SAY, meeting(group, "m00"))) == {
        "session.open",
        "session.done",
        "session.pass",
    }

    group.next()
    shown = subgroup_card(SAY, meeting(group, "m00"))
    group.next()
    group.do(Paused, "m00")

    assert verbs(shown) == set()
    assert verbs(subgroup_card(SAY, meeting(group, "m00"))) == set()


def test_what_is_told_and_has_nothing_to_write_is_only_read(group: Many) -> None:
    inform = replace(MANY.phases[0], divided="apart")
    method = replace(MANY, phases=(inform, *MANY.phases[1:]))

    card = subgroup_card(SAY, replace(meeting(group, "m00"), method=method))

    assert verbs(card) == set()
    assert f"Smågruppe {group.of('m00')}: " in cards.text_of(card)


def test_lines_are_said_yes_to_on_the_card_and_changed_in_ones_own_part(group: Many) -> None:
    group.to("found")
    one, other = group.together(1)[:2]
    assert "session.confirm" not in verbs(subgroup_card(SAY, meeting(group, one)))
    empty = own.own(PartView(SAY, meeting(group, one), one, "new"))
    assert "session.agree" in verbs(empty)
    assert "session.confirm" not in verbs(empty)
    group.find(1, "our line")

    card = subgroup_card(SAY, meeting(group, other))
    part = own.own(
        PartView(SAY, meeting(group, other), other, "new", notices=[Suggested((), None)])
    )

    assert "- our line" in cards.text_of(card)
    assert SAY("session.found", n=2) in cards.text_of(card)
    assert {"session.confirm", "session.open"} <= verbs(card)
    assert cards.inputs(part)["text"]["value"] == "our line"
    assert [
        a["data"].get("anyway") for a in cards.actions(part) if a["verb"] == "session.agree"
    ] == [
        None,
        "yes",
    ]
    assert "our line" not in cards.text_of(group_card(SAY, meeting(group)))


def test_once_all_lines_are_shown_they_stand_alone(group: Many) -> None:
    group.to("alone")
    one = group.together(1)
    group.write(one[0], "of the first")
    group.to("found")
    group.find(1, "our line")
    assert "of the first" in str(subgroup_card(SAY, meeting(group, one[0])))

    group.next()
    shown = str(subgroup_card(SAY, meeting(group, one[0])))

    assert shown.count("our line") == 1
    assert "of the first" not in shown


def test_the_panel_says_that_few_wrote_in_one_of_them(group: Many) -> None:
    group.to("alone")
    group.write("m00", "x")

    told = cards.text_of(panel.panel(SAY, led(group), prepared=0))

    assert SAY("panel.few_wrote.apart") in told
    assert SAY("panel.subgroups", n=3) in told
    assert "session.word" not in verbs(panel.choices(SAY, led(group)))


def test_what_is_written_in_a_small_group_says_so(group: Many) -> None:
    group.to("alone")
    group.write("m00", "x")
    hidden = cards.text_of(own.own(PartView(SAY, meeting(group, "m00"), "m00", "new")))
    group.do(TookOver, "m00")
    group.to("after")
    group.write("m00", "y")
    view = PartView(SAY, meeting(group, "m00"), "m00", "new", study="Studie")
    shared = replace(MANY, phases=tuple(replace(p, shared_learning=True) for p in MANY.phases))
    shown = cards.text_of(own.own(replace(view, meeting=replace(view.meeting, method=shared))))

    assert SAY("own.mine.subgroup") in hidden
    assert SAY("own.mine.shown.subgroup") in shown


def test_what_forty_eight_find_fits_every_card() -> None:
    group = Many(48, replace(MANY, subgroups=replace(MANY.subgroups, size=3)))  # type: ignore[type-var] # this method has subgroups
    line = "æ" * LINE_LIMIT
    group.to("talk")
    for person in group.together(1):
        for _ in range(5):
            group.write(person, "æ" * TEXT_LIMIT)
    assert not too_large(subgroup_card(SAY, meeting(group, group.together(1)[0])))
    group.to("found")
    for number in group.sizes:
        group.find(number, "\n".join([line] * MOST_LINES))
    group.next()
    assert len(group.shown("found")) == 48
    assert not too_large(group_card(SAY, meeting(group)))
    group.to("piles")
    assert not too_large(group_card(SAY, meeting(group)))
    assert not too_large(own.own(PartView(SAY, meeting(group, "m00"), "m00", "new")))
    group.to("keep")
    assert not too_large(group_card(SAY, meeting(group)))
    assert not too_large(own.own(PartView(SAY, meeting(group, "m00"), "m00", "new")))
    assert contributions(SAY, meeting(group), MANY.phases[6])
