"""What handlers may need, one by one.

A room says at the top of its handlers what it works with, as a class of these; mypy
holds it to that. `Services` has them all, and only the router knows it.
"""

from typing import Protocol

from bot.appointments.service import AppointmentService
from bot.cases.service import CaseService
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.live_cards import LiveCards, OpenCards
from bot.gateway.events import Origin, Teams
from bot.groups.service import GroupService
from bot.operation.clock import Now
from bot.operation.just_now import JustNow
from bot.operation.settings import Settings
from bot.operation.shares import Limits
from bot.reminders.service import ReminderService
from bot.sessions.methods import Methods
from bot.sessions.service import SessionService
from bot.studies.draft_service import DraftService
from bot.studies.service import StudyService
from dialogs.sessions.state import Contribution
from storage.operational.store import Operational
from storage.urn.store import Urn


class HasAppointments(Protocol):
    @property
    def appointments(self) -> AppointmentService: ...


class HasCases(Protocol):
    @property
    def cases(self) -> CaseService: ...


class HasCodes(Protocol):
    @property
    def codes(self) -> Limits: ...


class HasDispatcher(Protocol):
    @property
    def dispatcher(self) -> Dispatcher: ...


class HasGroups(Protocol):
    @property
    def groups(self) -> GroupService: ...


class HasJustLeft(Protocol):
    @property
    def just_left(self) -> JustNow[tuple[Contribution, ...]]: ...


class HasRoles(Protocol):
    async def is_facilitator(self, origin: Origin) -> bool: ...


class HasLiveCards(Protocol):
    @property
    def live_cards(self) -> LiveCards: ...


class HasMethods(Protocol):
    @property
    def methods(self) -> Methods: ...


class HasClock(Protocol):
    @property
    def now(self) -> Now: ...


class HasOpenCards(Protocol):
    @property
    def open_cards(self) -> OpenCards: ...


class HasOperational(Protocol):
    @property
    def operational(self) -> Operational: ...


class HasReminders(Protocol):
    @property
    def reminders(self) -> ReminderService: ...


class HasSessions(Protocol):
    @property
    def sessions(self) -> SessionService: ...


class HasSettings(Protocol):
    @property
    def settings(self) -> Settings: ...


class HasSittings(Protocol):
    @property
    def drafts(self) -> DraftService: ...


class HasStudies(Protocol):
    @property
    def studies(self) -> StudyService: ...


class HasTeams(Protocol):
    @property
    def teams(self) -> Teams: ...


class HasUrn(Protocol):
    @property
    def urn(self) -> Urn: ...
