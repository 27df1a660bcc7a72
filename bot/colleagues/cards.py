"""Whom to ask: the card on which somebody chooses one or two colleagues."""

from collections.abc import Sequence

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
from dialogs.groups.colleagues import Colleague
from dialogs.sessions.method import Method


def choose(say: Texts, method: Method, at_hand: Sequence[Colleague], *, problem: str = "") -> Json:
    """Everybody who can be asked now. `problem` is what hindered a choice before."""
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
        "choices": [choice(each.name, each.person) for each in at_hand],
    }
    return card(
        [*top, required(say, who), small(say("colleague.listed"))],
        [execute(say("colleague.ask"), "colleague.ask", {"method": method.id}, style="positive")],
    )
