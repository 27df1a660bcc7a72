"""Who of one's colleagues can be asked now."""

from typing import Protocol

from bot.routing.needs import HasClock, HasOperational, HasReminders
from dialogs.groups.colleagues import Colleague, can_be_asked, colleagues
from dialogs.groups.group import Group
from dialogs.groups.working_hours import QuietHours


class Choosing(HasClock, HasOperational, HasReminders, Protocol):
    """To see who there is."""


async def known_to(services: HasOperational, person: str) -> list[Colleague]:
    """Everybody whom somebody shares a living group with."""
    return colleagues(person, await services.operational.groups.of_person(person))


async def at_hand(services: Choosing, known: list[Colleague]) -> list[Colleague]:
    """Those of them who can be asked now; why the others cannot is nobody's to know."""
    groups = {group.id: group for each in known for group in each.groups}
    quiet = {ident: await _quiet(services, group) for ident, group in groups.items()}
    return [each for each in known if await _can(services, each, quiet)]


async def _quiet(services: HasOperational, group: Group) -> QuietHours:
    return QuietHours(group.zone, await services.operational.preferences.quiet(group.id))


async def _can(services: Choosing, colleague: Colleague, quiet: dict[str, QuietHours]) -> bool:
    whom = await services.reminders.whom(colleague.person, colleague.groups[0].zone)
    theirs, now = [quiet[group.id] for group in colleague.groups], services.now()
    day = now.astimezone(whom.zone).date()
    today = await services.operational.preferences.today(colleague.person, day)
    return can_be_asked(whom, theirs, now, today)
