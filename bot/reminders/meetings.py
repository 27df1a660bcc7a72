"""The meetings of every group, as a source of reminders."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.gateway.events import Conversation
from bot.reminders.cards import Matter
from bot.reminders.service import ReminderSource, Subject
from bot.sessions.methods import Methods
from bot.ui.texts import language_of
from dialogs.groups.group import Group, Meeting
from dialogs.groups.reminders import (
    REMINDS_OF_NOTES,
    Occasion,
    Reminder,
    of_meetings,
    of_series,
)
from dialogs.groups.working_hours import Quiet
from dialogs.sessions.notes import KeptNote, comes_back
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import LANGUAGES
from storage.operational.sessions import SessionStore
from storage.operational.store import Operational


class Meetings(ReminderSource):
    """What `dialogs.groups.reminders` decides of them, over the storage."""

    def __init__(
        self,
        operational: Operational,
        sessions: SessionStore,
        methods: Methods,
        calendars: str,
        forms: Callable[[str], Awaitable[Sequence[Questionnaire]]],
    ) -> None:
        self._forms = forms
        """Of a questionnaire that is tied to a group, those that can be asked now."""
        self._operational = operational
        self._sessions = sessions
        self._methods = methods
        self._calendars = calendars
        """The address of calendars, but for their keys."""

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
        asked = await self._forms(group.questionnaire) if group.questionnaire else ()
        forms = {form.id: form for form in asked}
        return [
            *((reminder, subjects[reminder.occasion]) for reminder in wanted),
            *(
                (reminder, _of_form(subjects[meeting.id], forms[reminder.occasion], occasion))
                for reminder, meeting, occasion in of_series(group, asked, is_meeting=is_meeting)
            ),
        ]

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


def _of_form(subject: Subject, form: Questionnaire, occasion: Occasion) -> Subject:
    """A form of the group's questionnaire, in the place of the meeting that it hangs on."""
    matter = replace(subject.matter, minutes=form.minutes, study=form.id)
    asked = replace(occasion, quiet=subject.occasion.quiet)
    return replace(subject, occasion=asked, matter=matter)
