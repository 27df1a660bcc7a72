"""What every turn works with."""

from dataclasses import dataclass, field

from bot.appointments import Appointments
from bot.dispatcher import Dispatcher
from bot.gateway.events import Origin, Teams
from bot.groups import Groups
from bot.live_cards import LiveCards, OpenCards
from bot.methods import Methods
from bot.now import Now
from bot.perform import Sittings
from bot.reminders import Reminders
from bot.sessions import Sessions
from bot.settings import Settings
from bot.studies import Studies
from bot.texts import Texts, language_of, texts
from dialogs.study import LANGUAGES
from storage.operational import Operational
from storage.urn import Urn


@dataclass(frozen=True, slots=True)
class Services:
    """Made once, when the bot starts."""

    settings: Settings
    teams: Teams
    operational: Operational
    urn: Urn
    studies: Studies
    sittings: Sittings
    live_cards: LiveCards
    methods: Methods
    groups: Groups
    sessions: Sessions
    reminders: Reminders
    appointments: Appointments
    dispatcher: Dispatcher
    now: Now
    open_cards: OpenCards = field(default_factory=OpenCards)

    async def say(self, origin: Origin) -> Texts:
        """The texts in the language that the person chose, else in that of their Teams."""
        person = await self.operational.person(origin.person.id)
        chosen = next((code for code in LANGUAGES if person and person.language == code), None)
        return texts(chosen or language_of(origin.locale))

    async def is_facilitator(self, origin: Origin) -> bool:
        """Facilitators, researchers and administrators lead studies."""
        if origin.person.id == self.settings.administrator:
            return True
        return bool(await self.operational.roles(origin.person.id))
