"""The cards on which like is put with like."""

import pytest

from bot.sessions.cards import own, panel
from bot.sessions.cards import phase as cards
from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.part import PartView
from bot.ui.fitting import too_large
from bot.ui.texts import texts
from dialogs.sessions.primitives.cluster import ALONE
from dialogs.sessions.state import MAX_PLACED, TEXT_LIMIT, Answered
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards as reading
from tests.dialogs.sessions.test_cluster import METHOD, TEXTS, ids, written
from tests.support import card_schema
from tests.support.session_cards import ZONE, every_card
from tests.support.sessions import Group

NB = texts("nb")


def meeting_of(group: Group) -> SessionView:
    return SessionView("5" * 32, METHOD, group.session, "Lillevik", "6" * 32, ZONE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_valid_and_fits(language: Language) -> None:
    for name, card in every_card(METHOD, texts(language), said="æ" * TEXT_LIMIT):
        assert card_schema.faults(card) == [], name
        assert not too_large(card), name


def test_each_sorts_alone_and_the_group_sees_the_piles_before_it_goes_on() -> None:
    group = written(*TEXTS)
    part = own.own(PartView(NB, meeting_of(group), "kari", "new"))
    fields = reading.inputs(part)
    assert {key: asked["value"] for key, asked in fields.items()} == {
        f"answer.{each.id}": ALONE for each in group.session.contributions
    }
    ring, call, _ = ids(group)
    group.do(Answered, "kari", values={ring: "A", call: "A"})
    again = reading.inputs(own.own(PartView(NB, meeting_of(group), "kari", "new")))
    assert again[f"answer.{ring}"]["value"] == "A"
    before = panel.panel(NB, meeting_of(group), prepared=0)
    assert NB("panel.show.cluster") in [each["title"] for each in reading.actions(before)]
    group.next()

    shown = cards.group_card(NB, meeting_of(group))
    assert NB("session.do.counted") in reading.text_of(shown)
    assert "session.open" not in {each.get("verb") for each in reading.actions(shown)}
    assert "ring first" in reading.text_of(shown)
    over = reading.text_of(own.own(PartView(NB, meeting_of(group), "kari", "new")))
    assert NB("own.counted") in over


def test_what_there_is_no_room_for_is_said() -> None:
    group = written(*(f"text {number}" for number in range(MAX_PLACED + 2)))

    part = reading.text_of(own.own(PartView(NB, meeting_of(group), "kari", "new")))

    assert NB("own.cluster.rest", n=2) in part
