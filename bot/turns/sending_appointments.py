"""What the dispatcher sends for appointments: drawn only now, from the offer as it is."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import metrics
from bot.appointments import Appointments
from bot.cards import appointments as cards
from bot.cards.reminders import when as moment
from bot.cards.study import message as only
from bot.cards.study import title
from bot.dispatcher import Work
from bot.gateway.events import Conversation, Final, Teams
from bot.people import People
from bot.studies import Studies, UnknownStudy
from bot.texts import Texts, language_of, texts
from storage.operational import Operational
from storage.outbox import Claimed

CREATES = frozenset({"appointment_offer", "appointment_choose"})
"""Kinds that make a new message, and are not to be repeated blindly. A letter may be: what is
parked stays, and who had chosen what must not."""


class AppointmentSenders:
    """A method for each kind of row about appointments."""

    def __init__(
        self, operational: Operational, teams: Teams, appointments: Appointments, studies: Studies
    ) -> None:
        self._operational = operational
        self._teams = teams
        self._appointments = appointments
        self._studies = studies
        self._people = People(operational, teams)

    @property
    def kinds(self) -> Mapping[str, Work]:
        """What is done for each kind of row."""
        return {
            "appointment_offer": self.offer,
            "appointment_card": self.card,
            "appointment_choose": self.choose,
            "appointment_list": self.overview,
            "appointment_letter": self.letter,
            "appointment_begins": self._appointments.begins,
        }

    async def offer(self, message: Claimed) -> None:
        """The card where the times are offered."""
        offer = await self._appointments.offer(message.payload["offer"])
        if offer is None:
            return
        say = texts(language_of(offer.language))
        name = await self._title(say, offer.study)
        place = Conversation(**offer.conversation)
        activity = await self._teams.send_card(place, cards.offered(say, name, offer), name)
        async with self._operational.begin() as transaction:
            transaction.also(self._operational.appointments.set_card(offer.id, activity))

    async def card(self, message: Claimed) -> None:
        """That card as it is now."""
        about = message.payload
        say = texts(language_of(about["language"]))
        offer = await self._appointments.offer(about["offer"])
        card = cards.offered(say, await self._title(say, about["study"]), offer)
        with suppress(Final):  # somebody took the card away
            await self._teams.update_card(Conversation(**message.conversation), about["card"], card)

    async def choose(self, message: Claimed) -> None:
        """The times, to somebody alone who asked for them elsewhere."""
        person = message.payload["person"]
        offer = await self._appointments.offer(message.payload["offer"])
        if offer is None:
            return
        say = await self._people.say(person, message.payload["language"])
        name = await self._title(say, offer.study)
        card = cards.chooser(say, name, offer, person)
        await self._teams.send_card(Conversation(**message.conversation), card, name)

    async def overview(self, message: Claimed) -> None:
        """The facilitator's list as it is now; one that stands elsewhere by now names nobody."""
        about = message.payload
        say = await self._people.say(about["person"], about["language"])
        offer = await self._appointments.offer(about["offer"])
        if offer is not None and offer.list != about["card"]:
            card = only(say("appointment.list.moved"))
        else:
            card = cards.overview(say, await self._title(say, about["study"]), offer)
        known = await self._operational.person(about["person"])
        if known and known.chat:
            with suppress(Final):
                await self._teams.update_card(Conversation(**known.chat), about["card"], card)

    async def letter(self, message: Claimed) -> None:
        """News in the personal chat."""
        about = message.payload
        say = await self._people.say(about["person"], about["language"])
        name = await self._title(say, about["study"])
        when = ""
        if about["starts"]:
            starts, zone = datetime.fromisoformat(about["starts"]), ZoneInfo(about["zone"])
            when = moment(say, starts, zone, self._appointments.now())
        try:
            chat = await self._people.chat(about["person"], Conversation(**message.conversation))
            await self._teams.send_card(chat, cards.letter(say, name, about["news"], when), name)
        except Final as error:
            # They have not installed us, or want nothing from us: nothing for an administrator.
            metrics.dispatched(message.kind, f"dropped: {error.code}")

    async def _title(self, say: Texts, study: str) -> str:
        try:
            return title(say, await self._studies.get(study))
        except UnknownStudy:
            return study
