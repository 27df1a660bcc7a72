"""Whom to ask, and what somebody gladly answers about."""

from collections.abc import Mapping, Sequence

from bot.gateway.events import Json
from bot.ui.elements import (
    card,
    choice,
    execute,
    heading,
    notice,
    paragraph,
    plain,
    required,
    small,
)
from bot.ui.texts import Texts
from dialogs.groups.colleagues import THEMES_LIMIT, Colleague
from dialogs.sessions.method import Method


def choose(
    say: Texts,
    method: Method,
    at_hand: Sequence[Colleague],
    themes: Mapping[str, str],
    *,
    problem: str = "",
) -> Json:
    """Everybody who can be asked now, with what each gladly answers about. `problem` is what
    hindered a choice before."""
    top = [
        heading(plain(method.title[say.language])),
        *([notice(problem)] if problem else []),
        paragraph(plain(method.purpose[say.language])),
    ]
    if not at_hand:
        return card([*top, paragraph(say("colleague.nobody_now"))])
    who = {
        "type": "Input.ChoiceSet",
        "id": "people",
        "label": say("colleague.who", n=method.frame.max_size - 1),
        "style": "expanded",
        "isMultiSelect": True,
        "wrap": True,
        "choices": [choice(_called(say, each, themes), each.person) for each in at_hand],
    }
    last = [small(say("colleague.listed")), small(say("gladly.hint"))]
    return card(
        [*top, required(say, who), *last],
        [execute(say("colleague.ask"), "colleague.ask", {"method": method.id}, style="positive")],
    )


def _called(say: Texts, colleague: Colleague, themes: Mapping[str, str]) -> str:
    if theirs := themes.get(colleague.person):
        return say("gladly.beside", name=colleague.name, themes=theirs)
    return colleague.name


def left_alone(say: Texts) -> Json:
    """In the place of a question, for whoever wants none; and the way back."""
    back = execute(say("colleague.on"), "colleague.on", {}, inputs=False)
    return card([paragraph(say("colleague.off.done"))], [back])


def gladly(say: Texts, written: str, *told: Json, is_kept: bool, anyway: bool = False) -> Json:
    """What somebody gladly answers about. `anyway`: they have been asked to look at it again."""
    carried: Json = {"anyway": "yes"} if anyway else {}
    buttons = [execute(say("gladly.save"), "colleague.offer", carried, style="positive")]
    if is_kept:
        back = execute(say("gladly.take_back"), "colleague.take_back", {}, inputs=False)
        buttons.append(back)
    return card(
        [
            heading(say("gladly")),
            *told,
            paragraph(say("gladly.what")),
            {
                "type": "Input.Text",
                "id": "themes",
                "label": say("gladly.themes"),
                "placeholder": say("gladly.example", limit=THEMES_LIMIT),
                "isMultiline": True,
                "value": written,
            },
            small(say("gladly.sees")),
        ],
        buttons,
    )
