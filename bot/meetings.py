"""Reminders of a group's meetings: who is to hear what of which."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.cards.reminders import Matter
from bot.gateway.events import Conversation
from bot.methods import Methods
from bot.reminders import Reminder, Subject
from bot.texts import language_of
from dialogs.reminders import KINDS, Kind, Occasion, Quiet
from dialogs.study import LANGUAGES
from storage.groups import Circle, Meeting
from storage.operational import Operational

_BEFORE: frozenset[Kind] = frozenset({"invitation", "log_form", "day_before", "soon"})
_FOR_WHO_LEADS: frozenset[Kind] = frozenset({"day_before", "soon"})
"""A facilitator who has no seat prepares no episode, and has nothing to try."""


class Meetings:
    """The meetings of every group, as a source of reminders."""

    def __init__(self, operational: Operational, methods: Methods, calendars: str) -> None:
        self._operational = operational
        self._methods = methods
        self._calendars = calendars
        """The address of calendars, but for their keys."""

    async def find(self, reminder: Reminder) -> Subject | None:
        """The meeting, where it is still to be reminded of."""
        circle = await self._operational.groups.circle(reminder.of)
        meeting = circle.meeting(reminder.occasion) if circle else None
        if circle is None or meeting is None:
            return None
        quiet = await self._operational.preferences.quiet(reminder.of)
        subject = self._subject(circle, meeting, quiet)
        return subject if self._concerns(reminder, circle, meeting, subject) else None

    async def wanted(self, of: str) -> list[tuple[Reminder, Subject]]:
        """Everything that somebody should hear of a group's meetings, past ones included."""
        circle = await self._operational.groups.circle(of)
        if circle is None:
            return []
        quiet = await self._operational.preferences.quiet(of)
        people = {circle.group.facilitator, *(member.person for member in circle.joined)}
        return [
            (reminder, subject)
            for meeting in circle.meetings
            for subject in (self._subject(circle, meeting, quiet),)
            for person in sorted(people)
            for reminder in _reminders(circle, meeting, person)
            if self._concerns(reminder, circle, meeting, subject)
        ]

    def _subject(self, circle: Circle, meeting: Meeting, quiet: Quiet | None) -> Subject:
        group, method = circle.group, self._methods.get(circle.group.method)
        matter = Matter(
            {code: group.name or method.title[code] for code in LANGUAGES},
            meeting.minutes,
            f"{self._calendars}/{meeting.calendar_key}.ics",
            {"group": group.id} if method.preparation else None,
        )
        occasion = Occasion(
            meeting.starts_at,
            meeting.starts_at + timedelta(minutes=meeting.minutes),
            ZoneInfo(group.timezone),
            quiet,
            timedelta(weeks=method.after.nudge_weeks),
        )
        return Subject(
            occasion,
            meeting.sequence,
            language_of(group.language),
            Conversation(**group.conversation),
            matter,
        )

    def _concerns(
        self, reminder: Reminder, circle: Circle, meeting: Meeting, subject: Subject
    ) -> bool:
        member = circle.member(reminder.person)
        has_seat = member is not None and member.standing == "joined"
        leads = circle.group.facilitator == reminder.person and reminder.kind in _FOR_WHO_LEADS
        if meeting.state == "cancelled" or not (has_seat or leads):
            return False
        if reminder.kind in _BEFORE and meeting.state != "planned":
            return False  # it has begun before its time
        match reminder.kind:
            case "log_form":
                return subject.matter.form is not None
            case "used":
                return meeting == _last(circle)
        return True


def _reminders(circle: Circle, meeting: Meeting, person: str) -> Iterator[Reminder]:
    return (Reminder(kind, "meeting", circle.group.id, meeting.id, person) for kind in KINDS)


def _last(circle: Circle) -> Meeting | None:
    """After which nobody meets any more: what was used is asked once, not after each meeting."""
    held = (meeting for meeting in circle.meetings if meeting.state != "cancelled")
    return max(held, key=lambda meeting: meeting.starts_at, default=None)
