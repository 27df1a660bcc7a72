"""The elements that cards are made of (Adaptive Cards 1.5)."""

import re
from collections.abc import Iterable, Sequence

from bot.gateway.events import Json

_OPENING_QUESTION = re.compile(r"[^.?!\n]{1,80}\?(?=\s)")
_TURNING = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
"""What begins a run of text in a direction of its own."""
_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_[]()#+-!>~"})


def card(body: Sequence[Json], actions: Sequence[Json] = ()) -> Json:
    """A whole card. Teams shows at most six actions."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": list(body),
        "actions": list(actions),
        "msteams": {"width": "Full"},
    }


def plain(text: str) -> str:
    """Somebody's text, shown as it was written: no Markdown, no card functions.

    Direction marks are closed off at the end, so that they turn nothing around it.
    """
    text = text.translate(_MARKDOWN).replace("{{", "{\u200b{").replace("\n", "\n\n")
    return f"\u2068{text}\u2069" if _TURNING.search(text) else text


def heading(text: str) -> Json:
    return {
        "type": "TextBlock",
        "text": text,
        "size": "Large",
        "weight": "Bolder",
        "wrap": True,
        "style": "heading",
    }


def paragraph(text: str, **properties: object) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True, **properties}


def prose(text: str) -> list[Json]:
    """Paragraphs of somebody's text; a question that opens one is its heading."""
    drawn = []
    for part in text.split("\n\n"):
        question = _OPENING_QUESTION.match(part)
        first = question[0] if question else ""
        shown = plain(part[len(first) :])
        drawn.append(paragraph(f"**{plain(first)}** {shown}" if first else shown, spacing="Medium"))
    return drawn


def small(text: str, **properties: object) -> Json:
    return paragraph(text, size="Small", isSubtle=True, **properties)


def notice(text: str, style: str = "warning") -> Json:
    """Something the reader must see first: what happened, what was kept, what to do."""
    return {"type": "Container", "style": style, "items": [paragraph(text)], "bleed": True}


def folded(ident: str, title: str, body: Iterable[Json], *, is_open: bool = False) -> list[Json]:
    """A line that unfolds what belongs to it: help that takes no room until it is wanted."""
    return [
        {
            "type": "Container",
            "spacing": "Small",
            "selectAction": {
                "type": "Action.ToggleVisibility",
                "title": title,
                "targetElements": [ident],
            },
            "items": [{"type": "TextBlock", "text": title, "color": "Accent", "size": "Small"}],
        },
        {
            "type": "Container",
            "id": ident,
            "isVisible": is_open,
            "style": "emphasis",
            "items": list(body),
        },
    ]


def choice(title: str, value: str) -> Json:
    return {"title": title, "value": value}


def code_input(ident: str, label: str) -> Json:
    """Where a participant writes a code: 24 characters, however they group them."""
    return {
        "type": "Input.Text",
        "id": ident,
        "label": label,
        "placeholder": "XXXX-XXXX-XXXX-XXXX-XXXX-XXXX",
        "maxLength": 60,
    }


def execute(
    title: str, verb: str, data: Json, *, inputs: bool = True, style: str | None = None
) -> Json:
    """A button. Without `inputs`, what is filled in is neither checked nor sent."""
    action: Json = {
        "type": "Action.Execute",
        "title": title,
        "verb": verb,
        "data": {**data, "verb": verb},
    }
    if not inputs:
        action["associatedInputs"] = "none"
    if style:
        action["style"] = style
    return action


def toggle(title: str, ident: str) -> Json:
    return {"type": "Action.ToggleVisibility", "title": title, "targetElements": [ident]}


def ask_first(title: str, question: str, confirm: Json) -> Json:
    """A button that shows a question and another button before anything is done."""
    unfolded = show_card(title, [paragraph(question)])
    unfolded["card"]["actions"] = [confirm]
    return unfolded


def show_card(title: str, body: Sequence[Json]) -> Json:
    """A button that unfolds more of the card."""
    return {
        "type": "Action.ShowCard",
        "title": title,
        "card": {"type": "AdaptiveCard", "body": list(body)},
    }
