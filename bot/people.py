"""Reaching somebody alone: their personal chat, and the language they chose."""

from dataclasses import asdict

from bot.gateway.events import Conversation, Final, Person, Teams
from bot.texts import Texts, language_of, texts
from storage.operational import Operational


class People:
    """Everyone whom the bot has met."""

    def __init__(self, operational: Operational, teams: Teams) -> None:
        self._operational = operational
        self._teams = teams

    async def chat(self, person: str, near: Conversation) -> Conversation:
        """The personal chat, opened where there is none; `near` is where the person was met.

        Raises SendError, and Final for somebody whom the bot has never met.
        """
        known = await self._operational.person(person)
        if known is None:
            raise Final("NeverMet")
        if known.chat:
            return Conversation(**known.chat)
        chat = await self._teams.personal_chat(Person(known.id, known.teams_id, ""), near)
        async with self._operational.begin() as transaction:
            transaction.remember(known.id, known.teams_id, asdict(chat))
        return chat

    async def say(self, person: str, otherwise: str) -> Texts:
        """The texts in the language that the person chose, else in this one."""
        known = await self._operational.person(person)
        return texts(language_of(known.language if known and known.language else otherwise))
