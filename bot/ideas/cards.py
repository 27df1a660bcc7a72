"""What was found, and a field to look for something else."""

from collections.abc import Sequence

from bot.gateway.events import Json
from bot.ui.dates import month
from bot.ui.elements import card, execute, heading, paragraph, plain, small
from bot.ui.fitting import pages
from bot.ui.texts import Texts
from dialogs.groups.ideas import Idea

ROOM = 20_000
"""UTF-16 code units of a page."""


def ideas(say: Texts, wanted: str, there: Sequence[Idea], page: int) -> Json:
    """The newest first; of each the month, and neither whose it is nor which group's."""
    turned = pages([_one(say, each) for each in there], ROOM)
    page = min(max(page, 0), max(len(turned) - 1, 0))
    body = [
        heading(say("ideas")),
        *(turned[page] if turned else [paragraph(say("ideas.none"))]),
        *([small(say("page.of", page=page + 1, pages=len(turned)))] if len(turned) > 1 else []),
        {"type": "Input.Text", "id": "words", "label": say("ideas.words"), "value": wanted},
        small(say("ideas.sees")),
    ]
    buttons = [execute(say("ideas.find"), "ideas.find", {"page": 0}, style="positive")]
    for to, title in ((page - 1, "page.before"), (page + 1, "page.after")):
        if 0 <= to < len(turned):
            about = {"page": to, "words": wanted}
            buttons.append(execute(say(title), "ideas.turn", about, inputs=False))
    return card(body, buttons)


def _one(say: Texts, idea: Idea) -> Json:
    when = [small(month(say, idea.month))] if idea.month else []
    return {
        "type": "Container",
        "separator": True,
        "items": [paragraph(plain(idea.text)), *when],
    }
