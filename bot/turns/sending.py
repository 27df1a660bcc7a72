"""What the dispatcher sends: drawn only now, so that no text is stale and no token is stored."""

from bot.cards import study as cards
from bot.cards.results import results
from bot.gateway.events import Conversation, Teams
from bot.settings import Settings
from bot.studies import Studies
from bot.texts import Texts, language_of, texts
from dialogs.definitions import Definition
from dialogs.study import Study
from storage.codes import Token
from storage.outbox import Claimed

CREATES = frozenset({"consent", "invitation", "results"})
"""Kinds that make a new message, and are not to be repeated blindly."""


class Senders:
    """A method for each kind of message."""

    def __init__(self, settings: Settings, teams: Teams, studies: Studies) -> None:
        self._settings = settings
        self._teams = teams
        self._studies = studies

    async def consent(self, message: Claimed) -> None:
        """The information in the personal chat."""
        study, say = await self._drawn_for(message)
        because = message.payload.get("because", "study.origin")
        card = cards.consent(say, study, str(Token.new()), because)
        chat = Conversation(**message.conversation)
        await self._teams.send_card(chat, card, cards.title(say, study))

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
        if published is None or not isinstance(study, Study):
            return
        found, key = published
        card = results(say, study, found, self._settings.pictures(key))
        place = Conversation(**message.conversation)
        await self._teams.send_card(place, card, cards.title(say, study))

    async def _drawn_for(self, message: Claimed) -> tuple[Definition, Texts]:
        study = await self._studies.get(message.payload["study"])
        return study, texts(language_of(message.payload.get("language", study.languages[0])))
