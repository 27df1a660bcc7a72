"""What the dispatcher sends: drawn only now, so that no text is stale and no token is stored."""

from bot.cards import study as cards
from bot.gateway.events import Conversation, Teams
from bot.studies import Studies
from bot.texts import Texts, language_of, texts
from dialogs.study import Study
from storage.codes import Token
from storage.outbox import Claimed

CREATES = frozenset({"consent", "invitation"})
"""Kinds that make a new message, and are not to be repeated blindly."""


class Senders:
    """A method for each kind of message."""

    def __init__(self, teams: Teams, studies: Studies) -> None:
        self._teams = teams
        self._studies = studies

    async def consent(self, message: Claimed) -> None:
        """The information in the personal chat."""
        study, say = await self._drawn_for(message)
        card = cards.consent(say, study, str(Token.new()), invited=True)
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

    async def _drawn_for(self, message: Claimed) -> tuple[Study, Texts]:
        study = await self._studies.get(message.payload["study"])
        return study, texts(language_of(message.payload.get("language", study.languages[0])))
