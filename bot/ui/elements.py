"""The elements that cards are made of (Adaptive Cards 1.5)."""

import re
from collections.abc import Iterable, Sequence

from bot.gateway.events import Json
from bot.ui.texts import Texts
from dialogs.studies.study import Section, section_of
from dialogs.writing.door import RecognisedKinds, TextFault
from dialogs.writing.text import TooLong, Unstorable

_TURNING = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
"""What begins a run of text in a direction of its own."""
_MARKDOWN = re.compile(r"[\\`*_\[\]()#+\-!>~]")


def card(body: Sequence[Json], actions: Sequence[Json] = ()) -> Json:
    """A whole card. Teams shows at most six actions."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": [_finished(each) for each in body],
        "actions": [_finished(each) for each in actions],
        "msteams": {"width": "Full"},
    }


_DATE_FIRST = re.compile(
    r"^(\d{1,2})\.(?= (?:jan|feb|mars|apr|ma[ij]|jun|jul|aug|sep|okt|nov|des))", re.MULTILINE
)
_SHORTEST_DATE = len("1. mai")
_HOLDING = ("items", "columns", "body", "actions", "rows", "cells")
"""Where elements hold others."""


def _finished(element: Json) -> Json:
    """A date that a text begins with begins no list, and parts are told apart without colours.

    In high contrast a part's background is that of the card: a line parts them still.
    """
    kind = element.get("type")
    if kind == "TextBlock":
        whole = _date_whole(element["text"])
        return element if whole is element["text"] else element | {"text": whole}
    if kind == "FactSet":
        facts = [each | {"value": _date_whole(str(each["value"]))} for each in element["facts"]]
        return element | {"facts": facts}
    inside: Json = {"separator": True} if kind == "Container" and "style" in element else {}
    for key in _HOLDING:
        if key in element:
            inside[key] = [_finished(each) for each in element[key]]
    if "card" in element:
        inside["card"] = _finished(element["card"])
    return element | inside if inside else element


def _date_whole(text: str) -> str:
    """The same object where there is none: cards have many short texts."""
    is_short = len(text) < _SHORTEST_DATE
    return text if is_short or not _DATE_FIRST.search(text) else _DATE_FIRST.sub(r"\1\\.", text)


def plain(text: str) -> str:
    """Somebody's text, shown as it was written: no Markdown, no card functions.

    Direction marks are closed off at the end, so that they turn nothing around it.
    """
    text = _MARKDOWN.sub(r"\\\g<0>", text).replace("{{", "{\u200b{").replace("\n", "\n\n")
    return f"\u2068{text}\u2069" if _TURNING.search(text) else text


_ITEM = re.compile(r"^\\- ", re.MULTILINE)
_BETWEEN_ITEMS = re.compile(r"^(- .*)\n\n(?=- )", re.MULTILINE)


def listing(text: str) -> str:
    """A method's words: plain, but that lines which begin with a hyphen are a list."""
    return _BETWEEN_ITEMS.sub(r"\1\n", _ITEM.sub("- ", plain(text)))


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
    for section in map(section_of, text.split("\n\n")):
        asked = f"**{plain(section.question)}** " if section.question else ""
        drawn.append(paragraph(f"{asked}{plain(section.text)}", spacing="Medium"))
    return drawn


def informed(sections: Iterable[Section]) -> list[Json]:
    """The information on a study, its answers folded but for what all must see."""
    drawn: list[Json] = []
    for number, section in enumerate(sections):
        text = paragraph(plain(section.text), spacing="Medium")
        if section.question:
            title = plain(section.question)
            drawn += folded(f"information{number}", title, [text], is_open=section.is_open)
        else:
            drawn.append(text)
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
            "minHeight": "24px",  # a finger finds it, and not its neighbour: WCAG 2.2, 2.5.8
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
            "items": [_begins(title), *body],
        },
    ]


def _begins(title: str) -> Json:
    """The heading of what has been unfolded: who hears the card finds it among its headings."""
    return paragraph(title, style="heading", weight="Bolder", size="Small")


def choice(title: str, value: str) -> Json:
    return {"title": title, "value": value}


def required(say: Texts, field: Json) -> Json:
    """A field without which no button that sends it does anything: it is marked as such."""
    return field | {"isRequired": True, "errorMessage": say("field.required")}


def code_input(ident: str, label: str) -> Json:
    """Where a participant writes a code: 24 characters, however they group them."""
    return {
        "type": "Input.Text",
        "id": ident,
        "label": label,
        "placeholder": "XXXX-XXXX-XXXX-XXXX-XXXX-XXXX",
        "maxLength": 60,
    }


def open_url(title: str, url: str) -> Json:
    return {"type": "Action.OpenUrl", "title": title, "url": url}


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


def refilled(card: Json, given: Json) -> Json:
    """A card whose fields hold what somebody had filled in, where it can still be chosen."""
    return {key: _refilled(value, given) for key, value in card.items()}


def _refilled(part: object, given: Json) -> object:
    if isinstance(part, list):
        return [_refilled(each, given) for each in part]
    if not isinstance(part, dict):
        return part
    value = given.get(part.get("id", ""))
    if str(part.get("type", "")).startswith("Input.") and isinstance(value, str):
        offered = _offered(part)
        if not offered or offered.issuperset(filter(None, value.split(","))):
            return part | {"value": value}
    return {key: _refilled(each, given) for key, each in part.items()}


def _offered(field: Json) -> set[str]:
    """What can be chosen; empty where it is written."""
    if field["type"] == "Input.Toggle":
        return {field.get("valueOn", "true"), field.get("valueOff", "false")}
    return {each["value"] for each in field.get("choices", ())}


def ask_first(title: str, question: str, confirm: Json) -> Json:
    """A button that shows a question and another button before anything is done."""
    return show_card(title, [paragraph(question)], confirm)


def show_card(title: str, body: Sequence[Json], *do: Json) -> Json:
    """A button that unfolds more of the card, with buttons of its own."""
    inside: Json = {"type": "AdaptiveCard", "body": [_begins(title), *body]}
    if do:
        inside["actions"] = [*do]
    return {"type": "Action.ShowCard", "title": title, "card": inside}


def kinds_of(say: Texts, findings: Iterable[str]) -> str:
    """What was recognised, in words."""
    return ", ".join(say(f"found.{kind}") for kind in findings)


def told_of_text(say: Texts, field: str, why: TextFault) -> str:
    """Which field it is, what is wrong with its text, and what to do."""
    match why:
        case RecognisedKinds(findings=findings, hard=hard):
            words = say("text.hard" if hard else "text.soft", kinds=kinds_of(say, findings))
        case TooLong(length=length, limit=limit):
            words = say("text.too_long", length=length, limit=limit)
        case Unstorable():
            words = say("text.unstorable")
    return f"{field}: {words}"
