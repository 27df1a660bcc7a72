"""What a message in somebody's chat is, as they could tell by reading it."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from bot.ui.texts import texts
from dialogs.groups.group import Group
from simulation import cards
from simulation.office.history import Part
from simulation.teams import Post

_SAY = texts("nb")
_NEWS = ("moved", "cancelled", "restored", "added", "ended", "leaving", "few", "few.none")
_SEAT = {"asked": "member.asked", "lapsed": "member.lapsed"}
_OWN = ("joined", "waiting", "none")
_TIMES = ("asked", "set", "called_off", "unanswered")
_OF_THEIRS = ("session.", "group.", "form.", "appointment.", "colleague.", "rehearsal.", "note.")
"""The verbs of cards that answer what somebody does, alone or with others."""
_OF_A_TALK = (
    *("session.ended.forgotten", "session.moved", "session.phase.over"),
    *("colleague.begun", "colleague.in_vain", "colleague.left", "colleague.gone"),
    *("own.returned", "told.taken_out"),
    *("rehearsal.ended.what", "rehearsal.sees"),
)
_BLANKS = ("at", "name", "number", "when", "day", "n", "advised", "place", "until", "title")


@cache
def _pattern(key: str) -> re.Pattern[str]:
    """A text of the catalogue, with a named group for each of its blanks."""
    blanks: dict[str, object] = {blank: f"§{blank}§" for blank in _BLANKS} | {"n": 707}
    said = re.escape(_SAY(key, **blanks)).replace("707", "(?P<n>[0-9]+)")
    for blank in _BLANKS:
        said = said.replace(f"§{blank}§", f"(?P<{blank}>.+?)", 1).replace(f"§{blank}§", ".+?")
    return re.compile(f"^{said}$", re.MULTILINE)


def parts(post: Post, groups: Mapping[str, Group], offers: Mapping[str, str]) -> tuple[Part, ...]:
    """What a post tells of; `groups` by their names, and `offers` by their studies' titles.

    Nothing for what somebody has asked for at that minute, and a part of the kind `unknown`
    for what nobody has a name for.
    """
    if post.card is None:
        return ()
    if found := _reminders(post) or _question(post):
        return found
    said = cards.text_of(post.card)
    verbs = {str(each.get("verb", "")) for each in cards.actions(post.card)}
    if news := _news(said, groups):
        return (news,)
    for kind in _TIMES:
        if _pattern(f"appointment.news.{kind}").search(said):
            of = next((offer for title, offer in offers.items() if title in said), "")
            return (Part(f"slot:{kind}", of),)
    if any(_pattern(f"member.{kind}").search(said) for kind in _OWN):
        return ()
    if "session.pass" in verbs:
        name = next((name for name in groups if name in said), "")
        # One's own part of a talk with colleagues, or of a rehearsal, follows at once.
        return (Part("phase", groups[name].id),) if name else ()
    return () if _is_theirs(verbs, said) else (Part("unknown", said[:60]),)


def _is_theirs(verbs: Iterable[str], said: str) -> bool:
    """Whether it follows from what somebody does, alone or with others."""
    is_of_talk = any(_pattern(key).search(said) for key in _OF_A_TALK)
    return is_of_talk or any(verb.startswith(_OF_THEIRS) for verb in verbs)


def _question(post: Post) -> tuple[Part, ...]:
    """Of a colleague's: asked, or asked again of whoever said "later"."""
    for action in cards.actions(post.card or {}):
        if action.get("verb") == "colleague.yes":
            later = _pattern("colleague.later.done").search(cards.text_of(post.card or {}))
            return (Part("again" if later else "colleague", action["data"]["session"]),)
    return ()


def _reminders(post: Post) -> tuple[Part, ...]:
    """As the buttons carry them."""
    found: dict[Part, None] = {}
    for action in cards.actions(post.card or {}):
        for address in str(action.get("data", {}).get("reminder", "")).split():
            kind, _, of, occasion, *_ = address.split("/")
            found[Part(kind, of, occasion)] = None
    return tuple(found)


def _news(said: str, groups: Mapping[str, Group]) -> Part | None:
    for kind in (*_NEWS, *_SEAT):
        found = _pattern(_SEAT.get(kind, f"news.{kind}")).search(said)
        group = groups.get(found["name"]) if found else None
        if found and group:
            number = int(found["number"]) if "number" in found.re.groupindex else 0
            meeting = next((m.id for m in group.meetings if m.number == number), "")
            return Part(kind.partition(".")[0], group.id, meeting)
    return None
