"""What every turn works with."""

from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.appointments.service import AppointmentService
from bot.cases.service import CaseService
from bot.delivery.addresses import Addresses
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.live_cards import LiveCards, OpenCards
from bot.gateway.events import Origin, Press, Teams, Told
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
from bot.ui.texts import Texts, texts
from dialogs.sessions.state import Contribution
from storage.operational.store import Operational
from storage.urn.store import Urn

_Event = TypeVar("_Event", bound=Press | Told)


@dataclass(frozen=True, slots=True)
class Services:
    """Made once, when the bot starts."""

    settings: Settings
    teams: Teams
    operational: Operational
    urn: Urn
    studies: StudyService
    drafts: DraftService
    live_cards: LiveCards
    methods: Methods
    groups: GroupService
    sessions: SessionService
    reminders: ReminderService
    appointments: AppointmentService
    cases: CaseService
    dispatcher: Dispatcher
    now: Now
    addresses: Addresses
    just_left: JustNow[tuple[Contribution, ...]] = field(default_factory=JustNow)
    """By session and person: what they had written, and nobody had seen."""
    open_cards: OpenCards = field(default_factory=OpenCards)
    codes: Limits = field(default_factory=lambda: Limits(burst=20, rate=0.1))
    """Codes that each person may try: they are checked with a slow hash."""

    async def meet(self, event: _Event) -> tuple[_Event, Texts]:
        """Take note of a sign of life: the event with the language of who did it, and its texts."""
        language, is_waited_for = await self.addresses.heard(event)
        if is_waited_for:
            self.dispatcher.wake()
        return replace(event, origin=replace(event.origin, spoken=language)), texts(language)

    async def is_facilitator(self, origin: Origin) -> bool:
        """Facilitators, researchers and administrators lead studies."""
        if origin.person.id == self.settings.administrator:
            return True
        return bool(await self.operational.roles(origin.person.id))
