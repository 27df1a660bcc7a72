"""Cards are read and filled in as a client lets a person do it."""

import pytest

from bot.gateway.events import Json
from simulation.cards import CannotPress, action, actions, inputs, submitted, text_of

CARD: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "refresh": {"action": {"type": "Action.Execute", "verb": "refresh"}},
    "body": [
        {"type": "TextBlock", "text": "Place this card"},
        {"type": "TextBlock", "text": "hidden", "isVisible": False},
        {
            "type": "ColumnSet",
            "columns": [
                {
                    "type": "Column",
                    "items": [
                        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "+4"}]}
                    ],
                    "selectAction": {"type": "Action.Execute", "verb": "place", "data": {"to": 4}},
                },
                {
                    "type": "Column",
                    "items": [{"type": "FactSet", "facts": [{"title": "free", "value": "2"}]}],
                    "selectAction": {"type": "Action.Execute", "verb": "place", "data": {"to": 3}},
                },
            ],
        },
        {
            "type": "Input.Text",
            "id": "why",
            "label": "Why?",
            "isRequired": True,
            "errorMessage": "Say why.",
            "maxLength": 10,
            "regex": "[a-z ]+",
        },
        {
            "type": "Input.ChoiceSet",
            "id": "pile",
            "value": "agree",
            "choices": [{"title": "Agree", "value": "agree"}, {"title": "No", "value": "no"}],
        },
        {
            "type": "Input.ChoiceSet",
            "id": "many",
            "isMultiSelect": True,
            "choices": [{"title": "A", "value": "a"}, {"title": "B", "value": "b"}],
        },
        {"type": "Input.Toggle", "id": "sure", "title": "Sure", "valueOn": "yes", "valueOff": "no"},
        {"type": "Input.Number", "id": "age", "min": 1, "max": 9},
        {"type": "Input.Date", "id": "day"},
    ],
    "actions": [
        {"type": "Action.Execute", "title": "Next", "verb": "next", "data": {"step": 1}},
        {"type": "Action.Submit", "title": "Old", "data": {"verb": "old"}},
        {"type": "Action.Execute", "title": "Off", "verb": "off", "isEnabled": False},
        {"type": "Action.Execute", "title": "Back", "verb": "back", "associatedInputs": "none"},
        {
            "type": "Action.ShowCard",
            "title": "More",
            "card": {
                "type": "AdaptiveCard",
                "actions": [{"type": "Action.Execute", "title": "Inner", "verb": "inner"}],
            },
        },
    ],
}


def test_it_says_what_can_be_seen() -> None:
    lines = text_of(CARD).splitlines()

    assert lines[:4] == ["Place this card", "+4", "free", "2"]
    assert {"Why?", "Agree", "Sure", "Next", "Inner"} <= set(lines)
    assert "hidden" not in lines


def test_every_button_is_found_and_the_refresh_is_none() -> None:
    verbs = [each.get("verb") for each in actions(CARD)]

    assert verbs == ["place", "place", "next", None, "back", None, "inner"]


@pytest.mark.parametrize("name", ["Next", "next"])
def test_an_action_goes_by_its_title_or_verb(name: str) -> None:
    assert action(CARD, name)["data"] == {"step": 1}


def test_a_submit_goes_by_the_verb_in_its_data() -> None:
    assert action(CARD, "old")["title"] == "Old"


def test_actions_of_one_name_are_told_apart_by_what_they_carry() -> None:
    assert action(CARD, "place", {"to": 3})["data"] == {"to": 3}
    with pytest.raises(CannotPress, match="2 actions are called 'place'"):
        action(CARD, "place")


@pytest.mark.parametrize("name", ["Off", "Nowhere", "refresh"])
def test_what_cannot_be_pressed_is_not(name: str) -> None:
    with pytest.raises(CannotPress, match="0 actions"):
        action(CARD, name)


def test_inputs_are_sent_as_they_stand() -> None:
    assert set(inputs(CARD)) == {"why", "pile", "many", "sure", "age", "day"}
    assert submitted(CARD, action(CARD, "Next"), {"why": "because", "many": "a,b"}) == {
        "step": 1,
        "why": "because",
        "pile": "agree",
        "many": "a,b",
        "sure": "no",
    }


def test_an_action_without_inputs_needs_none() -> None:
    assert submitted(CARD, action(CARD, "Back"), {}) == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Say why."),
        ({"why": "far too long"}, "Say why."),
        ({"why": "NO"}, "Say why."),
        ({"why": "ok", "pile": "maybe"}, "pile cannot be 'maybe'"),
        ({"why": "ok", "many": "a,c"}, "many cannot be 'a,c'"),
        ({"why": "ok", "sure": "true"}, "sure cannot be 'true'"),
        ({"why": "ok", "age": "10"}, "age cannot be '10'"),
        ({"why": "ok", "other": "x"}, "no such inputs"),
    ],
)
def test_what_a_client_would_not_send_is_not_sent(given: dict[str, str], message: str) -> None:
    with pytest.raises(CannotPress, match=message):
        submitted(CARD, action(CARD, "Next"), given)
