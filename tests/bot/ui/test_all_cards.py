"""What holds for every card of every room: for who hears it, and for who sees no colours."""

from collections import Counter
from collections.abc import Iterator

import pytest

from bot.gateway.events import Json
from bot.ui.texts import texts
from simulation.cards import actions, elements, text_of, within_reach
from tests.support.all_cards import all_cards

NEEDS = {
    "appointment.choose": {"slot"},
    "appointment.call_off": {"slot"},
    "appointment.set": {"person", "day", "time"},
    "appointment.offer": {"study", "times"},
    "colleague.ask": {"people"},
    "group.add": {"new_day", "new_time"},
    "group.co": {"person"},
    "group.give": {"person"},
    "group.out": {"person"},
    "group.plan": {"day", "time"},
    "queue.give": {"case", "meeting"},
    "qsort.change": {"first"},
    "qsort.choose": {"chosen"},
    "qsort.exchange": {"second"},
    "questionnaire.code": {"before_code"},
    "questionnaire.revise": {"item"},
    "session.out": {"kept"},
    "session.remove": {"id"},
    "reminder.pause": {"until"},
    "session.choose": {"method"},
    "session.co": {"co"},
    "study.result": {"code"},
    "study.withdraw": {"code"},
}
"""What a press can do nothing without, of what is filled in beside it."""


@pytest.fixture(scope="module")
def drawn() -> list[Json]:
    return [*all_cards(texts("nb"))]


def test_ids_and_names_of_buttons_are_unique(drawn: list[Json]) -> None:
    for card in drawn:
        ids = Counter(each["id"] for each in elements(card) if "id" in each)
        names = Counter(each["title"] for each in actions(card))
        assert not [each for each, n in (ids + names).items() if n > 1], text_of(card)


def test_what_no_button_can_do_without_is_marked_and_nothing_else(drawn: list[Json]) -> None:
    for card in drawn:
        sent: dict[str, list[bool]] = {}
        fields: dict[str, Json] = {}
        for action in actions(card):
            if "verb" in action and action.get("associatedInputs") != "none":
                for ident, field in within_reach(card, action).items():
                    fields[ident] = field
                    is_needed = ident in NEEDS.get(action["verb"], ())
                    sent.setdefault(ident, []).append(is_needed or ident.startswith("pile."))
        for ident, needed in sent.items():
            chosen = fields[ident].get("value") and fields[ident]["type"] == "Input.ChoiceSet"
            marked = bool(fields[ident].get("isRequired"))
            assert marked == all(needed) or chosen, (ident, text_of(card))
            assert not marked or fields[ident]["errorMessage"]


def test_what_is_unfolded_begins_with_a_heading(drawn: list[Json]) -> None:
    for card in drawn:
        for unfolded, title in _unfolded(card):
            first = unfolded[0]
            assert (first.get("style"), first["text"]) == ("heading", title), text_of(card)


def test_parts_that_a_colour_tells_apart_a_line_tells_apart_too(drawn: list[Json]) -> None:
    coloured = [
        each
        for card in drawn
        for each in elements(card)
        if each["type"] == "Container" and "style" in each
    ]

    assert coloured
    assert all(each["separator"] for each in coloured)


def test_words_come_before_a_picture(drawn: list[Json]) -> None:
    """A picture is made of columns of numbers: heard without words it is noise."""
    pictures = 0
    for card in drawn:
        body = card["body"]
        for number, each in enumerate(body):
            if each["type"] == "ColumnSet" and (
                number == 0 or body[number - 1]["type"] != "ColumnSet"
            ):
                pictures += 1
                before = [one for one in body[:number] if one["type"] == "TextBlock"]
                assert len(before) > 2, text_of(card)
                assert body[number - 1]["type"] in ("TextBlock", "Container"), text_of(card)
    assert pictures


def _unfolded(card: Json) -> Iterator[tuple[list[Json], str]]:
    """What a button or a line unfolds, with what that says."""
    by_id = {each["id"]: each for each in elements(card) if "id" in each}
    for action in actions(card):
        if action["type"] == "Action.ShowCard":
            yield action["card"]["body"], action["title"]
        if action["type"] == "Action.ToggleVisibility":
            for target in action["targetElements"]:
                yield by_id[target]["items"], action["title"]
