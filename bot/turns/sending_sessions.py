"""What the dispatcher sends for sessions: drawn only now, from the newest state."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import asdict
from weakref import WeakValueDictionary

from bot.cards import own, panel
from bot.cards import session as cards
from bot.cards.session import Meeting
from bot.cards.study import message as only_says
from bot.dispatcher import Work
from bot.gateway.events import Conversation, Final, Json, Teams
from bot.people import People
from bot.reminders import Reminders
from bot.sessions import GATHERING, Live, Sessions, phase_name
from bot.texts import texts
from dialogs import standing
from dialogs.session import PersonId, Running, TimeUp
from storage.operational import Operational
from storage.outbox import Claimed
from storage.sessions import Card

CREATES = frozenset({"phase_card", "session_card", "panel", "own_part", "own_turn"})
"""Kinds that make a new message, and are not to be repeated blindly."""


def meeting_of(live: Live) -> Meeting:
    """What drawing needs of a session."""
    return Meeting(
        live.id, live.method, live.session, live.circle.group.name, live.circle.group.id, live.zone
    )


class SessionSenders:
    """A method for each kind of row about sessions."""

    def __init__(
        self, operational: Operational, teams: Teams, sessions: Sessions, reminders: Reminders
    ) -> None:
        self._operational = operational
        self._teams = teams
        self._people = People(operational, teams)
        self._sessions = sessions
        self._reminders = reminders
        self._drawing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """One update of a session's cards at a time, so that none overtakes another."""

    @property
    def kinds(self) -> dict[str, Work]:
        """What is done for each kind of row."""
        return {
            "phase_card": self.phase_card,
            "phase_closed": self.phase_closed,
            "status_card": self.status_card,
            "session_card": self.session_card,
            "phase_due": self.phase_due,
            "phase_reminder": self.phase_reminder,
            "destroy_forms": self.destroy_forms,
            "panel": self.panel,
            "own_part": self.own_part,
            "own_turn": self.own_turn,
        }

    # In the group

    async def phase_card(self, message: Claimed) -> None:
        """The one card of a visit; nothing if the session has moved on already."""
        live = await self._sessions.get(message.payload["session"])
        if live is None or live.is_over or live.visit != int(message.payload["name"]):
            return
        say = texts(live.session.language)
        await self._send(live, phase_name(live.visit), cards.group_card(say, meeting_of(live)))
        await self._catch_up(live)  # updates that were due while it was on its way found no card

    async def phase_closed(self, message: Claimed) -> None:
        """The card of a visit that is over has no buttons."""
        live = await self._sessions.get(message.payload["session"])
        if live is not None:
            await self._close(live, int(message.payload["name"]), message.payload["phase"])

    async def _close(self, live: Live, visit: int, phase_id: str) -> None:
        stood = (await self._sessions.stored.cards(live.id)).get(phase_name(visit))
        phase = next((each for each in live.method.phases if each.id == phase_id), None)
        if stood is None:
            return
        say = texts(live.session.language)
        if phase is None and visit != GATHERING:  # found when it was over already
            await self._update(stood, only_says(say("session.phase.over")))
        else:
            await self._update(stood, cards.closed(say, meeting_of(live), phase))

    async def status_card(self, message: Claimed) -> None:
        """The open card and the panels; a later version's row does it where there is one."""
        session = message.payload["session"]
        async with self._one_at_a_time(session):
            live = await self._sessions.get(session)
            if live and live.stored.version == int(message.payload["name"]):
                await self._draw(live)

    async def _catch_up(self, drawn: Live) -> None:
        """Draw what has happened since something was drawn."""
        async with self._one_at_a_time(drawn.id):
            await self._draw(await self._newer(drawn))

    async def _draw(self, live: Live | None) -> None:
        """Everything that stands, until nothing has happened meanwhile.

        Another replica may have drawn something newer, and a phase may have been closed,
        before what we drew arrived.
        """
        while live is not None:
            for name, stood in sorted((await self._sessions.stored.cards(live.id)).items()):
                kind, _, whose = name.partition(":")
                with suppress(Final):  # a card that somebody took away stops no other
                    if kind == "panel":
                        await self._update(stood, await self.panel_card(live, whose))
                    elif name == phase_name(live.visit) and not live.is_over:
                        say = texts(live.session.language)
                        await self._update(stood, cards.group_card(say, meeting_of(live)))
            live = await self._newer(live)

    async def _newer(self, drawn: Live) -> Live | None:
        """The session where it has gone on since; the card of a phase that it left is closed."""
        now = await self._sessions.get(drawn.id)
        if now is None or now.stored.version == drawn.stored.version:
            return None
        if drawn.session.opened and (now.is_over or now.visit != drawn.visit):
            with suppress(Final):
                await self._close(now, drawn.visit, drawn.session.opened.phase)
        return now

    def _one_at_a_time(self, session: str) -> asyncio.Lock:
        return self._drawing.setdefault(session, asyncio.Lock())

    async def session_card(self, message: Claimed) -> None:
        """Thanks, and what is kept."""
        live = await self._sessions.get(message.payload["session"])
        if live is None:
            return
        say = texts(live.session.language)
        collected = await self._sessions.stored.collection(live.stored.group)
        following = live.circle.next_meeting(self._sessions.now())
        card = cards.ended(
            say, meeting_of(live), collected, following.starts_at if following else None
        )
        await self._send(live, "end", card)

    async def phase_due(self, message: Claimed) -> None:
        """The time of a phase is up: in the slow pace the group moves on."""
        visit = int(message.payload["visit"])
        await self._sessions.act(
            message.payload["session"],
            lambda _: TimeUp(at=self._sessions.now(), visit=visit, seed=secrets.randbits(64)),
        )

    async def destroy_forms(self, message: Claimed) -> None:
        """The log forms of a meeting have served."""
        live = await self._sessions.get(message.payload["session"])
        if live is not None:
            await self._sessions.destroy_forms(live)

    # In personal chats

    async def panel(self, message: Claimed) -> None:
        """The panel of somebody who leads from now on."""
        live = await self._sessions.get(message.payload["session"])
        person = message.payload["name"]
        if live is None or live.session.facilitator != person:
            return
        chat = await self._people.chat(person, live.place)
        card = await self.panel_card(live, person)
        activity = await self._teams.send_card(chat, card, live.method.title[live.session.language])
        await self._note(live.id, Card(f"panel:{person}", asdict(chat), activity))
        await self._catch_up(live)

    async def own_part(self, message: Claimed) -> None:
        """A member's own part of the phase, because they asked for it."""
        await self._own(message)

    async def own_turn(self, message: Claimed) -> None:
        """A member's own notes, because their turn has come; nothing for those without any."""
        live = await self._sessions.get(message.payload["session"])
        if live and await self._sessions.form(live, message.payload["name"]):
            await self._own(message)

    async def phase_reminder(self, message: Claimed) -> None:
        """In the slow pace: once, to those who are waited for and whose day has room for it."""
        live = await self._sessions.get(message.payload["session"])
        if live is None or live.visit != int(message.payload["name"]):
            return
        if not isinstance(live.session.stage, Running):
            return
        waiting = standing.waiting_for(live.method, live.session)
        told = [each for each in waiting if await self._reminders.room_for(each, message)]
        await self._sessions.remind(live, told)

    async def _own(self, message: Claimed) -> None:
        live = await self._sessions.get(message.payload["session"])
        person = message.payload["name"]
        if live is None or live.is_over:
            return
        say = await self._people.say(person, live.session.language)
        form = await self._sessions.form(live, person)
        note = await self._sessions.note(live, person)
        card = own.own(own.Desk(say, meeting_of(live), person, new_id(), form=form, note=note))
        chat = await self._people.chat(person, live.place)
        await self._teams.send_card(chat, card, live.method.title[say.language])

    async def panel_card(self, live: Live, person: PersonId) -> Json:
        """The panel as it is now; for who no longer leads, a card that says so."""
        say = await self._people.say(person, live.session.language)
        if person != live.session.facilitator:
            return panel.handed_over(say, meeting_of(live))
        prepared = await self._sessions.stored.written(
            live.stored.group, live.stored.meeting, "form"
        )
        return panel.panel(say, meeting_of(live), prepared)

    async def _send(self, live: Live, name: str, card: Json) -> None:
        summary = live.method.title[live.session.language]
        activity = await self._teams.send_card(live.place, card, summary)
        await self._note(live.id, Card(name, live.stored.reference, activity))

    async def _note(self, session: str, card: Card) -> None:
        async with self._operational.begin() as transaction:
            transaction.also(self._sessions.stored.put_card(session, card))

    async def _update(self, stood: Card, card: Json) -> None:
        await self._teams.update_card(Conversation(**stood.reference), stood.activity, card)


def new_id() -> str:
    """For a contribution that is to be written."""
    return secrets.token_hex(8)
