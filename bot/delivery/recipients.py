"""Reaching somebody alone: their personal chat, and the language they chose."""

from dataclasses import asdict

from bot.gateway.events import Conversation, Final, Json, NotFound, Person, Teams
from bot.ui.texts import Texts, language_of, texts
from storage.operational.store import KnownPerson as Known
from storage.operational.store import Operational


class People:
    """Everyone whom the bot has met."""

    def __init__(self, operational: Operational, teams: Teams) -> None:
        self._operational = operational
        self._teams = teams

    async def tell(
        self, person: str, near: Conversation, card: Json, summary: str
    ) -> tuple[Conversation, str]:
        """Send a card to somebody alone: their chat, and the card's activity.

        `near` is where they were met. A chat that was noted and is not there any more is
        opened anew, once: it has another id where the app was installed anew.

        Raises SendError; `Final` and `NotFound` say whose it was, and Final is raised for
        somebody whom the bot has never met.
        """
        try:
            return await self._tell(await self._known(person), near, card, summary)
        except (Final, NotFound) as error:
            error.whose = person
            raise

    async def _tell(
        self, known: Known, near: Conversation, card: Json, summary: str
    ) -> tuple[Conversation, str]:
        if known.chat:
            chat = Conversation(**known.chat)
            try:
                return chat, await self._teams.send_card(chat, card, summary)
            except (Final, NotFound) as error:
                if isinstance(error, Final) and not error.is_nobody_there:
                    raise
                opened = await self._opened(known, near)
                if opened.id == chat.id:
                    raise
        else:
            opened = await self._opened(known, near)
        return opened, await self._teams.send_card(opened, card, summary)

    async def chat(self, person: str, near: Conversation) -> Conversation:
        """The personal chat, opened where there is none; `near` is where the person was met.

        Raises SendError, and Final for somebody whom the bot has never met.
        """
        known = await self._known(person)
        return Conversation(**known.chat) if known.chat else await self._opened(known, near)

    async def _known(self, person: str) -> Known:
        known = await self._operational.person(person)
        if known is None:
            raise Final("NeverMet")
        return known

    async def _opened(self, known: Known, near: Conversation) -> Conversation:
        chat = await self._teams.personal_chat(Person(known.id, known.teams_id, ""), near)
        async with self._operational.begin() as transaction:
            transaction.remember(known.id, known.teams_id, asdict(chat))
        return chat

    async def say(self, person: str, otherwise: str) -> Texts:
        """The texts in the language that the person is spoken to in, else in this one."""
        known = await self._operational.person(person)
        return texts(language_of((known and known.speaks) or otherwise))
