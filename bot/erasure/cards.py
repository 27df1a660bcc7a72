"""What is found about somebody, and what became of it."""

from collections.abc import Iterator

from bot.erasure.service import Found
from bot.gateway.events import Json
from bot.ui.elements import card, execute, heading, paragraph
from bot.ui.texts import Texts

_YOU = frozenset({"person", "preference", "told", "told.question", "outbox"})
"""What is needed to write to somebody: told as one; without `person`, what they have chosen."""


def asking(say: Texts, found: Found) -> Json:
    """What goes, what stays, and what nobody can find; and a button that does it."""
    body = [
        heading(say("erase.title")),
        paragraph(say("erase.goes") + _lines(say, found.goes)),
        *_staying(say, found),
        paragraph(say("erase.unfindable")),
        paragraph(say("erase.question")),
    ]
    buttons = [
        execute(say("erase.confirm"), "erase.confirm", {}, style="destructive"),
        execute(say("erase.keep"), "erase.keep", {}),
    ]
    return card(body, buttons)


def receipt(say: Texts, before: Found, after: Found, *, is_clear: bool) -> Json:
    """What is deleted: what was there before, and is no more. `is_clear`: what they said stands on
    no card any more, either."""
    body = [paragraph(say("erase.done") + _lines(say, before.goes - after.goes))]
    if after.goes:
        body = [
            *([] if not before.goes - after.goes else body),
            paragraph(say("erase.failed") + _lines(say, after.goes)),
        ]
    if not is_clear:
        body.append(paragraph(say("erase.cards")))
    return card([*body, *_staying(say, after), paragraph(say("erase.after"))])


def _staying(say: Texts, found: Found) -> Iterator[Json]:
    if found.stays:
        yield paragraph(say("erase.stays") + _lines(say, found.stays))


def _lines(say: Texts, counts: dict[str, int]) -> str:
    """A list, with how many there are of what there may be several."""
    you = counts.keys() & _YOU
    about_you = ["person"] if "person" in you else ["preference"] if you else []
    others = sorted(what for what in counts if what not in _YOU)
    lines = [say(f"erase.what.{what}", n=counts.get(what, 0)) for what in (*about_you, *others)]
    return "\n\n" + "\n".join(f"- {line}" for line in lines or [say("erase.what.nothing")])
