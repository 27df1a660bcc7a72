"""What the dispatcher sends: drawn only now, so that no text is stale and no token is stored."""

from bot.delivery.recipients import People
from bot.gateway.events import Conversation, Teams
from bot.operation.settings import Settings
from bot.studies.cards import study as cards
from bot.studies.cards.results import form_results, results
from bot.studies.cards.talk import invitation_to_talk
from bot.studies.service import StudyService
from bot.ui.texts import Texts, language_of, texts
from dialogs.studies.definitions import Definition
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import Study
from research.publication import FormResults, Results
from storage.crypto.codes import Token
from storage.operational.outbox import Claimed
from storage.operational.store import Operational

CREATES = frozenset({"consent", "invitation", "results", "talk"})
"""Kinds that make a new message, and are not to be repeated blindly."""


class Senders:
    """A method for each kind of message."""

    def __init__(
        self, settings: Settings, operational: Operational, teams: Teams, studies: StudyService
    ) -> None:
        self._settings = settings
        self._teams = teams
        self._people = People(operational, teams)
        self._studies = studies

    async def consent(self, message: Claimed) -> None:
        """The information in the personal chat; nothing where it is too late for it."""
        if not await self._studies.is_open(message.payload["study"]):
            return
        study, say = await self._drawn_for(message)
        card = cards.consent(say, study, str(Token.new()), message.payload["because"])
        near = Conversation(**message.conversation)
        await self._people.tell(message.payload["person"], near, card, cards.title(say, study))

    async def invitation(self, message: Claimed) -> None:
        """The invitation in a channel or group chat."""
        study, say = await self._drawn_for(message)
        place = Conversation(**message.conversation)
        activity = await self._teams.send_card(
            place, cards.invitation(say, study), cards.title(say, study)
        )
        await self._studies.announced(study.id, place, activity, message.payload["members"])

    async def close_invitation(self, message: Claimed) -> None:
        """The invitation says that the study is closed."""
        study, say = await self._drawn_for(message)
        place, activity = Conversation(**message.conversation), message.payload["activity"]
        await self._teams.update_card(place, activity, cards.invitation_closed(say, study))

    async def results(self, message: Claimed) -> None:
        """The results, where the study was announced; nothing if they were taken back."""
        study, say = await self._drawn_for(message)
        published = await self._studies.results(study.id)
        if published is None:
            return
        found, key = published
        if isinstance(study, Study) and isinstance(found, Results):
            pictures, page = self._settings.pictures(key), self._settings.results(study.id, key)
            card = results(say, study, found, pictures, f"{page}?l={say.language}")
        elif isinstance(study, Questionnaire) and isinstance(found, FormResults):
            card = form_results(say, study, found)
        else:
            return
        place = Conversation(**message.conversation)
        await self._teams.send_card(place, card, cards.title(say, study))

    async def talk(self, message: Claimed) -> None:
        """Which pseudonyms are invited to a talk; nothing if that was taken back."""
        study, say = await self._drawn_for(message)
        if (found := await self._studies.talk(study.id)) is None:
            return
        page = f"{self._settings.board}/samtale/{study.id}?l={say.language}"
        card = invitation_to_talk(say, study, found.pseudonyms, page)
        place = Conversation(**message.conversation)
        await self._teams.send_card(place, card, cards.title(say, study))

    async def _drawn_for(self, message: Claimed) -> tuple[Definition, Texts]:
        study = await self._studies.get(message.payload["study"])
        return study, texts(language_of(message.payload.get("language", study.languages[0])))
