"""Carrying out what a queue decides: one change, one transaction, every owner told once.

A queue is read with its panel's group and saved with it; whoever is too late with it begins
again from a fresh read. What follows from a change is rows of the outbox in the same transaction.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.delivery.outgoing import case_closed, digest, place_cases, plan_row
from bot.gateway.events import Conversation, MembersLeft, Person, SendError, Teams
from bot.groups.service import GroupService
from bot.operation.clock import Now
from bot.reminders.cards import Matter
from bot.reminders.service import ReminderSource, Subject
from bot.sessions.methods import Methods
from bot.sessions.service import SessionService
from bot.ui.texts import language_of
from dialogs.groups import cases
from dialogs.groups.cases import Case, Effect, Event, Hear, Queue, Rearrange, Refused, Withdraw
from dialogs.groups.group import Group, Meeting
from dialogs.groups.reminders import Occasion, Reminder, of_cases
from dialogs.groups.working_hours import Quiet
from dialogs.sessions.method import Method
from dialogs.studies.study import LANGUAGES
from storage.database import Stale
from storage.operational.cases import CaseStore
from storage.operational.groups import channel_of
from storage.operational.outbox import Claimed, OutboxMessage
from storage.operational.store import AlreadySeen, Operational


@dataclass(frozen=True, slots=True)
class Panel:
    """A standing panel, with what waits for it."""

    group: Group
    method: Method
    cases: Queue


class CaseService:
    """Every queue, over its storage."""

    def __init__(
        self, operational: Operational, stored: CaseStore, groups: GroupService, now: Now
    ) -> None:
        self._operational = operational
        self.stored = stored
        self._groups = groups
        self.now = now
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # Which there are

    async def panel(self, group_id: str) -> Panel | None:
        """A living group that has a queue."""
        group = await self._groups.get(group_id)
        return None if group is None or group.state != "living" else await self._panel(group)

    async def _panel(self, group: Group) -> Panel | None:
        method = self._groups.method(group)
        if not method.has_queue:
            return None
        return Panel(group, method, await self.stored.of_group(group.id))

    async def all(self) -> list[Panel]:
        """Every panel, by name."""
        living = await self._operational.groups.living()
        found = [await self._panel(group) for group in living]
        return [panel for panel in found if panel]

    async def of_panelist(self, person: str) -> list[Panel]:
        """Those that somebody sits on, or leads."""
        return [each for each in await self.all() if _sits_on(each.group, person)]

    async def open_to(self, teams: Teams, person: Person) -> list[Panel]:
        """Those to which somebody can bring a case: who is of its team, or its chat."""
        return [each for each in await self.all() if await is_of(teams, each.group, person)]

    # What happens

    async def act(self, group_id: str, event: Event, *, once: str = "") -> Queue | Refused:
        """Let something happen to a queue; again from a fresh read where another was quicker.

        `once`: what is not to happen a second time, also after it was taken back.
        """
        async with self._changing.setdefault(group_id, asyncio.Lock()):
            while True:
                try:
                    return await self._try(group_id, event, once)
                except Stale:
                    continue

    async def _try(self, group_id: str, event: Event, once: str) -> Queue | Refused:
        """Raises `Stale`."""
        group = await self._groups.get(group_id)
        if group is None:
            return Refused("gone")
        before = await self.stored.of_group(group.id)
        after, effects = cases.step(group, before, event)
        for effect in effects:
            if isinstance(effect, Refused):
                return effect
        if after == before and not effects:
            return after
        try:
            async with self._operational.begin() as transaction:
                if once:
                    transaction.see("case", once, self.now())
                transaction.run(self._operational.groups.save(group))
                transaction.run(self.stored.save(group.id, before, after))
                transaction.enqueue_all(self._rows(group, effects))
        except AlreadySeen:
            return before
        return after

    def _rows(self, group: Group, effects: Iterable[Effect]) -> Iterator[OutboxMessage]:
        """What follows from a change. Keys outlive their rows, and tell of nobody."""
        now = self.now()
        yield plan_row("case", group.id, now)
        for effect in effects:
            match effect:
                case cases.Notify(case, news):
                    yield self._letter(group, case, f"case_{news}", now)
                case cases.Closed(person):
                    yield case_closed(group, self._titles(group), person, now)
                case cases.LookAgain(case, at):
                    yield place_cases(group, now=at, key=f"{case.id}:{case.meeting}:{at}")
                case cases.WasHeard(case, asked, session):
                    yield self._letter(group, case, "case_report", now, session=session)
                    yield self._letter(group, case, "case_went", asked)
                case cases.Bringing(case):
                    key, about = digest("case_told", case.id), {"group": group.id, "case": case.id}
                    place = dict(group.conversation)
                    yield OutboxMessage(key, "case_told", place, about, now)

    def _letter(
        self, group: Group, case: Case, news: str, due_at: datetime, session: str = ""
    ) -> OutboxMessage:
        key = digest(f"{group.id}:{group.version}", news, case.id)
        about = {
            "group": group.id,
            "person": case.person,
            "case": case.id,
            "news": news,
            "meeting": case.meeting,
            "sequence": case.sequence,
            "session": session,
        }
        return OutboxMessage(key, "case_letter", {}, about, due_at)

    def _titles(self, group: Group) -> dict[str, str]:
        return {code: self._groups.name(group, code) for code in LANGUAGES}

    async def arrange(self, message: Claimed, sessions: SessionService) -> None:
        """The meetings may be others; or one is over, where the row names its session."""
        group, ident = message.payload["group"], message.payload["session"]
        live = await sessions.get(ident) if ident else None
        event: Event = Rearrange(self.now())
        if live is not None:
            weeks = timedelta(weeks=live.method.after.nudge_weeks)
            event = Hear(self.now(), live.session.owner, weeks, live.id)
        await self.act(group, event)

    async def withdraw_all(self, person: str) -> None:
        """Nothing of what somebody has brought is left anywhere."""
        for group in {group for group, _ in await self.stored.of_person(person)}:
            await self.act(group, Withdraw(self.now(), person))

    async def members_left(self, event: MembersLeft) -> None:
        """Who is of the office no more brings nothing there."""
        for panel in await self.all():
            if _is_at(panel.group, event.origin.conversation):
                for person in {case.person for case in panel.cases}:
                    known = await self._operational.person(person)
                    if person in event.people or (known and known.teams_id in event.people):
                        await self.act(panel.group.id, Withdraw(self.now(), person))


def _sits_on(group: Group, person: str) -> bool:
    is_seated = any(member.person == person for member in group.joined)
    return is_seated or group.leads(person)


async def is_of(teams: Teams, group: Group, person: Person) -> bool:
    """Who sits on it, and who is in its chat, or in the team of its channel."""
    if _sits_on(group, person.id):
        return True
    try:
        return person.teams_id in await teams.members(Conversation(**group.conversation))
    except SendError:  # we have been taken out of there, or it is no more
        return False


def _is_at(group: Group, place: Conversation) -> bool:
    of = Conversation(**group.conversation)
    is_team = place.team is not None and of.team == place.team
    return is_team or channel_of(of.id) == channel_of(place.id)


class PlacedCases(ReminderSource):
    """The places of cases, as a source of reminders: to owners who have no seat on the panel."""

    def __init__(
        self, operational: Operational, stored: CaseStore, methods: Methods, calendars: str
    ) -> None:
        self._operational = operational
        self._stored = stored
        self._methods = methods
        self._calendars = calendars
        """The address of calendars, but for their keys."""

    async def wanted(self, of: str) -> list[tuple[Reminder, Subject]]:
        """What every owner should hear of the meeting where their case has a place."""
        group = await self._operational.groups.get(of)
        if group is None:
            return []
        quiet = await self._operational.preferences.quiet(of)
        return [
            (reminder, self._subject(group, meeting, quiet))
            for reminder, meeting in of_cases(group, await self._stored.of_group(of))
        ]

    async def of_person(self, person: str) -> list[str]:
        """The panels to which somebody has brought a case."""
        return [*{group for group, _ in await self._stored.of_person(person)}]

    async def taken_along(self, _: Reminder) -> None:
        """What they take along from the meeting comes back as that of every member does."""

    def _subject(self, group: Group, meeting: Meeting, quiet: Quiet | None) -> Subject:
        method = self._methods.get(group.method)
        return Subject(
            Occasion(meeting.starts_at, meeting.ends_at, group.zone, quiet),
            meeting.sequence,
            language_of(group.language),
            Conversation(**group.conversation),
            Matter(
                {code: group.name or method.title[code] for code in LANGUAGES},
                meeting.minutes,
                f"{self._calendars}/{meeting.calendar_key}.ics",
            ),
        )
