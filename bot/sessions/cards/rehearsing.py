"""What somebody chooses who wants to rehearse: the method, and how many are to be in it."""

import re
from collections.abc import Sequence

from bot.gateway.events import Json
from bot.sessions.cards.phase import method_field
from bot.ui.elements import card, choice, execute, heading, notice, paragraph
from bot.ui.texts import Texts
from dialogs.sessions.method import Method
from dialogs.sessions.rehearsing import most
from dialogs.sessions.state import MIN_MEMBERS

_CLAUSE = re.compile(r"[.:?!](?:\s|$)")
"""Where the first clause of a text ends."""


def to_rehearse(
    say: Texts,
    offered: Sequence[Method],
    problem: str = "",
    chosen: Method | None = None,
    members: int = 0,
) -> Json:
    """Every method, each with a few words, and how many are to be in it. `problem` is what
    hindered a choice before, and stands with what was `chosen`."""
    choices = [choice(_in_few_words(say, each), each.id) for each in offered]
    highest = max(map(most, offered))
    how_many: Json = {
        "type": "Input.Number",
        "id": "members",
        "label": say("rehearsal.members"),
        "min": MIN_MEMBERS,
        "max": highest,
        **({"value": members} if MIN_MEMBERS <= members <= highest else {}),
    }
    return card(
        [
            heading(say("rehearsal.choose")),
            *([notice(problem)] if problem else []),
            paragraph(say("rehearsal.what")),
            method_field(say, choices, chosen or offered[0]),
            how_many,
        ],
        [execute(say("rehearsal.choose.button"), "rehearsal.choose", {}, style="positive")],
    )


def _in_few_words(say: Texts, method: Method) -> str:
    """Its name, how long it takes, and how its purpose begins."""
    language = say.language
    begins = _CLAUSE.split(" ".join(method.purpose[language].split()), maxsplit=1)[0]
    title, minutes = method.title[language], method.frame.minutes
    return say("rehearsal.method", title=title, minutes=minutes, what=begins)
