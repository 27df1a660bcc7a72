"""The address book: how each tenant, place and person is reached now.

What is stored with a group, a session or a card does not last. A tenant's service URL changes,
and the newest that a trusted activity carried is the right one. A personal chat has another id
after an installation that nobody told of. So whatever is sent goes to the newest service URL,
and whatever anybody does is a sign of life: it puts their address right, and frees what could
not be sent to them, or to the place where they did it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.delivery.languages import spoken_with
from bot.gateway.events import (
    Ambiguous,
    Conversation,
    Json,
    Message,
    Origin,
    Person,
    Press,
    Removed,
    SendError,
    Teams,
    Told,
)
from bot.operation.clock import Now
from dialogs.studies.languages import Language
from storage.operational.groups import channel_of
from storage.operational.store import KnownPerson as Known
from storage.operational.store import Operational

_T = TypeVar("_T")

NOTED_ANEW = timedelta(hours=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Addresses:
    """`Teams`, at the newest address of each tenant."""

    def __init__(self, teams: Teams, operational: Operational, now: Now) -> None:
        self._teams = teams
        self._operational = operational
        self._now = now
        self._urls: dict[str, str] = {}
        self._noted: dict[tuple[str, str], datetime] = {}

    async def load(self) -> None:
        """What was heard before this process began, or by another replica."""
        self._urls.update(await self._operational.service_urls())

    # What is heard

    async def heard(self, event: Press | Told) -> tuple[Language, bool]:
        """A trusted activity: the language of who did it, and whether something that waited can
        be sent now.
        """
        origin = event.origin
        await self._place(origin.conversation)
        places = {channel_of(origin.conversation.id), origin.conversation.team or ""} - {""}
        known, is_waited_for = await self._operational.met(origin.person.id, places)
        language = await spoken_with(self._operational, known, event)
        if isinstance(event, Removed):
            return language, False
        if _is_news(known, event):
            chat = asdict(origin.conversation) if origin.is_personal else None
            person = origin.person
            async with self._operational.begin() as transaction:
                transaction.remember(person.id, person.teams_id, chat, origin.timezone, language)
        if is_waited_for:
            await self._operational.outbox.free((origin.person.id, *places), self._now())
        return language, is_waited_for

    async def _place(self, place: Conversation) -> None:
        """Two addresses that take turns are written down once an hour at most."""
        tenant, url, now = place.tenant, place.service_url, self._now()
        if self._urls.get(tenant) == url:
            return
        self._urls[tenant] = url
        if now - self._noted.get((tenant, url), _LONG_AGO) >= NOTED_ANEW:
            self._noted[tenant, url] = now
            await self._operational.set_service_url(tenant, url)

    # What is sent

    async def send_text(self, conversation: Conversation, text: str) -> str:
        return await self._at(conversation, lambda at: self._teams.send_text(at, text))

    async def send_card(self, conversation: Conversation, card: Json, summary: str) -> str:
        return await self._at(conversation, lambda at: self._teams.send_card(at, card, summary))

    async def update_card(self, conversation: Conversation, activity_id: str, card: Json) -> None:
        await self._at(conversation, lambda at: self._teams.update_card(at, activity_id, card))

    async def delete(self, conversation: Conversation, activity_id: str) -> None:
        await self._at(conversation, lambda at: self._teams.delete(at, activity_id))

    async def personal_chat(self, person: Person, near: Conversation) -> Conversation:
        return await self._at(near, lambda at: self._teams.personal_chat(person, at))

    async def members(self, conversation: Conversation) -> frozenset[str]:
        return await self._at(conversation, self._teams.members)

    async def _at(
        self, conversation: Conversation, act: Callable[[Conversation], Awaitable[_T]]
    ) -> _T:
        """At the newest address; once more where another replica has heard of a newer."""
        at = self._newest(conversation)
        try:
            return await act(at)
        except Ambiguous:
            raise
        except SendError:
            await self.load()
            again = self._newest(conversation)
            if again == at:
                raise
        return await act(again)

    def _newest(self, conversation: Conversation) -> Conversation:
        url = self._urls.get(conversation.tenant, conversation.service_url)
        return replace(conversation, service_url=url)


def _is_news(known: Known | None, event: Press | Told) -> bool:
    """Whether it says anything of who did it that is to be noted.

    Nobody is noted because they pressed a button where others see it.
    """
    origin: Origin = event.origin
    if known is None:
        return origin.is_personal or isinstance(event, Message)
    if not known.speaks:
        return True
    chat = asdict(origin.conversation) if origin.is_personal else known.chat
    timezone = origin.timezone or known.timezone
    return (origin.person.teams_id, chat, timezone) != (known.teams_id, known.chat, known.timezone)
