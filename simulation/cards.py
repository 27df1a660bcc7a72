"""Reading an Adaptive Card as a person does: what it says, what can be filled in, pressed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.gateway.events import Json

NOT_SHOWN = {"data", "fallback", "refresh", "authentication", "msteams"}
"""Properties that hold no element of the card's face."""


class CannotPress(Exception):
    """What the client would say instead of sending: no such button, a field not filled in."""


def elements(card: Json) -> Iterator[Json]:
    """Every element and action of a card, in reading order."""
    left = [card]
    while left:
        element = left.pop()
        if element is not card and isinstance(element.get("type"), str):
            yield element
        children = [
            child
            for key, value in element.items()
            if key not in NOT_SHOWN and isinstance(value, (list, dict))
            for child in (value if isinstance(value, list) else [value])
            if isinstance(child, dict)
        ]
        left += reversed(children)


def text_of(card: Json) -> str:
    """What the card says, a line for each text, fact, choice, label and button."""
    return "\n".join(
        str(element[key])
        for element in _visible(card)
        for key in ("text", "title", "label", "value", "placeholder")
        if isinstance(element.get(key), str) and element[key]
    )


def actions(card: Json) -> list[Json]:
    """Every action that can be pressed."""
    return [
        element
        for element in elements(card)
        if element["type"].startswith("Action.") and element.get("isEnabled", True)
    ]


def action(card: Json, name: str, data: Mapping[str, Any] | None = None) -> Json:
    """The one action with this title, verb or id, whose data hold `data`.

    Raises:
        CannotPress: there is none, or more than one.
    """
    wanted = (data or {}).items()
    found = [
        each
        for each in actions(card)
        if name in (each.get("title"), each.get("verb"), each.get("id"), _verb(each))
        and wanted <= _data(each).items()
    ]
    if len(found) != 1:
        there = sorted({str(each.get("title") or each.get("verb")) for each in actions(card)})
        raise CannotPress(f"{len(found)} actions are called {name!r}; the card has {there}")
    return found[0]


def inputs(card: Json) -> dict[str, Json]:
    """Every input by its id."""
    return {
        element["id"]: element for element in elements(card) if element["type"].startswith("Input.")
    }


def within_reach(card: Json, pressed: Json) -> dict[str, Json]:
    """The inputs that come along with an action: of its own card, and of those around it.

    What is filled in on a card that another button unfolds stays there.
    """
    return next(iter(_around(card, pressed, {})), {})


def _around(card: Json, pressed: Json, outer: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    folded = [each for each in _own(card) if each["type"] == "Action.ShowCard"]
    fields = {
        **outer,
        **{each["id"]: each for each in _own(card) if each["type"].startswith("Input.")},
    }
    if any(each is pressed for each in _own(card)):
        yield fields
    for each in folded:
        yield from _around(each["card"], pressed, fields)


def _own(node: Json) -> Iterator[Json]:
    """The elements of a card, but for those of the cards that it unfolds."""
    for key, value in node.items():
        if key in NOT_SHOWN or node.get("type") == "Action.ShowCard":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict):
                if isinstance(child.get("type"), str):
                    yield child
                yield from _own(child)


def submitted(card: Json, pressed: Json, given: Mapping[str, str]) -> Json:
    """The data that a client sends: the action's own, and the inputs as they stand.

    An input that nobody touched sends its preset value; an empty one sends nothing.

    Raises:
        CannotPress: an input is unknown, required but empty, or holds what it
            does not allow. The client shows its error message then.
    """
    fields = within_reach(card, pressed) if pressed.get("associatedInputs") != "none" else {}
    if unknown := given.keys() - fields.keys():
        raise CannotPress(f"no such inputs: {sorted(unknown)}")
    values = {key: given.get(key, _preset(field)) for key, field in fields.items()}
    for key, value in values.items():
        _check(fields[key], value)
    return {**_data(pressed), **{key: value for key, value in values.items() if value}}


def _check(field: Json, value: str) -> None:
    if not value:
        if field.get("isRequired"):
            raise CannotPress(field.get("errorMessage") or f"{field['id']} is required")
        return
    match field:
        case {"type": "Input.ChoiceSet", "choices": choices}:
            chosen = value.split(",") if field.get("isMultiSelect") else [value]
            allowed = set(chosen) <= {choice["value"] for choice in choices}
        case {"type": "Input.Toggle"}:
            allowed = value in _switch(field)
        case {"type": "Input.Number"}:
            low, high = field.get("min", float("-inf")), field.get("max", float("inf"))
            allowed = low <= float(value) <= high
        case {"type": "Input.Text"}:
            allowed = len(value) <= field.get("maxLength", len(value)) and bool(
                re.fullmatch(field.get("regex", "(?s).*"), value)
            )
        case _:
            allowed = True
    if not allowed:
        raise CannotPress(field.get("errorMessage") or f"{field['id']} cannot be {value[:40]!r}")


def _preset(field: Json) -> str:
    default = _switch(field)[1] if field["type"] == "Input.Toggle" else ""
    return str(field.get("value", default))


def _switch(field: Json) -> tuple[str, str]:
    return field.get("valueOn", "true"), field.get("valueOff", "false")


def _data(pressed: Json) -> Json:
    data = pressed.get("data", {})
    return data if isinstance(data, dict) else {}


def _verb(pressed: Json) -> Any:
    return _data(pressed).get("verb")


def _visible(node: Json) -> Iterator[Json]:
    for key, value in node.items():
        if key in NOT_SHOWN:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict) and child.get("isVisible", True):
                yield child
                yield from _visible(child)
