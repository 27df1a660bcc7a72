"""A talk with one on the cards: what is said, and that nothing of it is on a card of the group."""

from collections import Counter

import pytest

from bot.sessions.methods import shipped
from bot.ui.texts import texts
from cli.simulate.session import faults_of
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards as reading
from simulation.session import SessionPlayed
from tests.support.session_cards import with_one

FOCUS = next(method for method in shipped() if method.frame.with_one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_writes_is_on_their_own_card_alone(language: Language) -> None:
    say = texts(language)
    for name, card in with_one(FOCUS, say):
        seen = reading.text_of(card)
        is_own = name.endswith(", own")
        assert ("Det gikk fint." in seen) == is_own, name
        if is_own:
            assert say("own.of_one") in seen, name
            assert say("session.sees.writer") in seen, name
        elif name.endswith(", panel"):
            assert say("panel.of_one") in seen, name
        elif name == "with one, gathered":
            assert say("session.of_one.before") in seen
        elif name != "with one, ended":
            assert say("session.of_one") in seen, name


def test_a_text_of_one_on_a_card_of_the_group_is_a_fault() -> None:
    outcome = SessionPlayed(
        phases=["Samtale"],
        shown={"Samtale": Counter(["Deltaker 1 om «Samtale»"])},
        of_one=["Samtale"],
    )

    assert faults_of(outcome) == ["what one wrote alone is on a card of the group: Samtale"]
