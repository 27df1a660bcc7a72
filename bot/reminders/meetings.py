"""The meetings of every group, as a source of reminders."""

from datetime import timedelta

from bot.gateway.events import Conversation
from bot.reminders.cards import Matter
from bot.reminders.service import Subject
from bot.sessions.methods import Methods
from bot.ui.texts import language_of
from dialogs.groups.group import Group, Meeting
from dialogs.groups.reminders import REMINDS_OF_NOTES, Occasion, Reminder, of_meetings
from dialogs.groups.working_hours import Quiet
from dialogs.sessions.notes import KeptNote, comes_back
from dialogs.studies.study import LANGUAGES
from storage.operational.sessions import SessionStore
from storage.operational.store import Operational


class Meetings:
    """What `dialogs.groups.reminders` decides of them, over the storage."""

    def __init__(
        self, operational: Operational, sessions: SessionStore, methods: Methods, calendars: str
    ) -> None:
        self._operational = operational
        self._sessions = sessions
        self._methods = methods
        self._calendars = calendars
        """The address of calendars, but for their keys."""

    async def find(self, reminder: Reminder) -> Subject | None:
        """The meeting, where it is still to be reminded of."""
        wanted = await self.wanted(reminder.of)
        return next((subject for each, subject in wanted if each == reminder), None)

    async def wanted(self, of: str) -> list[tuple[Reminder, Subject]]:
        """Everything that somebody should hear of a group's meetings, past ones included."""
        group = await self._operational.groups.get(of)
        if group is None:
            return []
        quiet = await self._operational.preferences.quiet(of)
        subjects = {m.id: self._subject(group, m, quiet) for m in group.meetings}
        has_form = bool(self._methods.get(group.method).preparation)
        is_meeting = await self._sessions.method_of(group.id) is not None
        wanted = of_meetings(group, has_form=has_form, is_meeting=is_meeting)
        return [(reminder, subjects[reminder.occasion]) for reminder in wanted]

    async def of_person(self, person: str) -> list[str]:
        """The groups that somebody is in or leads."""
        groups = self._operational.groups
        theirs = (*await groups.of_person(person), *await groups.led_by(person))
        return [*{group.id for group in theirs}]

    async def taken_along(self, reminder: Reminder) -> KeptNote | None:
        """Their newest note of the group, where they are to try it, or to say how it went."""
        if reminder.kind not in REMINDS_OF_NOTES:
            return None
        return comes_back(await self._sessions.notes(reminder.person), reminder.of)

    def _subject(self, group: Group, meeting: Meeting, quiet: Quiet | None) -> Subject:
        method = self._methods.get(group.method)
        matter = Matter(
            {code: group.name or method.title[code] for code in LANGUAGES},
            meeting.minutes,
            f"{self._calendars}/{meeting.calendar_key}.ics",
            {"group": group.id} if method.preparation else None,
            method.words,
        )
        occasion = Occasion(
            meeting.starts_at,
            meeting.ends_at,
            group.zone,
            quiet,
            timedelta(weeks=method.after.nudge_weeks),
            group.follows(meeting),
        )
        return Subject(
            occasion,
            # Once it has been held, what comes after it is planned anew.
            2 * meeting.sequence + (meeting.state == "held"),
            language_of(group.language),
            Conversation(**group.conversation),
            matter,
        )
