"""Colleagues: whom somebody shares a group with, and who of them can be asked for help now.

Who is in a group is known to its members alone, and no list says which group it is.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs.groups.group import Group
from dialogs.groups.reminders import Recipient, Send, Unasked, tell
from dialogs.groups.working_hours import QuietHours

APART = "apart:"
"""How the place of a group begins that one talk from somebody's own chat hangs on."""
THEMES_LIMIT = 120
"""Characters of what somebody gladly answers about: it stands beside their name in a list."""
MOST_ASKED = 3
"""How often one person is asked in a day, by all their colleagues together."""
ANSWER_WITHIN = timedelta(hours=4)
"""How long a question stands: help is wanted when it happens."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who has a seat in a group that one has a seat in."""

    person: str
    name: str
    groups: tuple[Group, ...]
    """Those that both have a seat in."""


def colleagues(person: str, groups: Iterable[Group]) -> list[Colleague]:
    """Whom somebody shares one of these groups with, by name: each once."""
    shared: dict[str, list[Group]] = {}
    names: dict[str, str] = {}
    for group in groups:
        seated = {member.person: member.name for member in group.joined}
        if seated.pop(person, None) is None:
            continue
        for each, name in seated.items():
            shared.setdefault(each, []).append(group)
            names[each] = name
    found = [Colleague(each, names[each], tuple(groups)) for each, groups in shared.items()]
    return sorted(found, key=lambda each: (each.name, each.person))


def share_one_group(known: Iterable[Colleague], people: Collection[str]) -> bool:
    """Whether some group has all of these: else two who meet would learn that the other is in
    a group that they are not in."""
    groups = {each.person: {group.id for group in each.groups} for each in known}
    return bool(set.intersection(*(groups.get(person, set()) for person in people)))


def can_be_asked(
    whom: Recipient, quiet: Iterable[QuietHours], now: datetime, today: Sequence[Unasked] = ()
) -> bool:
    """Whether a colleague may be asked now: at work, in no pause, not unwilling, and not asked
    often `today`."""
    if "colleague" in whom.off or today.count("colleague") >= MOST_ASKED:
        return False
    return all(isinstance(tell("hours", whom, each, now), Send) for each in quiet)
