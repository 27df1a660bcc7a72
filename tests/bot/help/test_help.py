"""Help: what can be done now, with buttons; all else is folded, and shown to whom it is for."""

import json

from bot.gateway.events import Json
from bot.help.cards import Situation, help_card
from bot.ui.texts import texts
from dialogs.writing.commands import COMMANDS
from simulation import cards

SAY = texts("nb")
EVERYTHING = {"in_session": True, "in_group": True, "has_study": True, "has_times": True}


def names(here: Situation) -> list[str]:
    return [each["title"] for each in cards.actions(help_card(SAY, here)) if "verb" in each]


def test_who_has_nothing_yet_is_offered_what_there_is_for_a_newcomer() -> None:
    assert names(Situation(True)) == ["fem minutter", "grupper"]
    assert names(Situation(True, has_study=True)) == ["studie", "fem minutter", "grupper"]


def test_what_is_nearest_comes_first_and_there_are_six_at_most() -> None:
    assert names(Situation(True, **EVERYTHING)) == [
        *("fortsett", "grupper", "logg", "timer", "studie", "fem minutter")
    ]
    assert names(Situation(True, leads=True, in_group=True)) == [
        *("grupper", "fem minutter", "øv", "varsler")
    ]


def test_in_a_group_it_is_about_the_group() -> None:
    assert names(Situation(False)) == ["fem minutter"]
    assert names(Situation(False, in_group=True)) == ["start", "fem minutter", "idébank"]
    assert names(Situation(False, leads=True, has_study=True)) == [
        *("start", "fem minutter", "planlegg", "inviter")
    ]


def lines(card: Json) -> list[str]:
    """What is to be read before anything is unfolded."""
    return [line for line in cards.text_of(card).splitlines() if line.strip()]


def test_it_is_a_few_lines_and_everything_is_within_one_press() -> None:
    for is_personal in (True, False):
        for leads in (True, False):
            card = help_card(SAY, Situation(is_personal, leads=leads, **EVERYTHING))
            whole = json.dumps(card, ensure_ascii=False)
            assert len(lines(card)) < 30
            for command in COMMANDS:
                told = SAY(f"command.{command.name}.description") in whole
                is_new = command.name != "help"  # that is what they have just written
                assert told == (is_new and (leads or not command.for_facilitators)), command.name
