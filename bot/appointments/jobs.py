"""What the dispatcher sends for appointments: drawn only now, from the offer as it is."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.appointments import cards
from bot.appointments.service import AppointmentService
from bot.delivery.dispatcher import Work
from bot.delivery.recipients import People
from bot.gateway.events import Conversation, Final, Teams
from bot.operation import metrics
from bot.reminders.service import ReminderService
from bot.studies.cards.study import message as only
from bot.studies.cards.study import title
from bot.studies.service import StudyNotCreated, StudyService
from bot.ui.dates import near_moment
from bot.ui.texts import Texts, language_of, texts
from dialogs.groups.working_hours import QuietHours
from storage.operational.outbox import Claimed
from storage.operational.store import Operational

CREATES = frozenset({"appointment_offer", "appointment_form", "appointment_choose"})
"""Kinds that make a new message, and are not to be repeated blindly. A letter may be: what is
parked stays, and who had chosen what must not."""


class AppointmentSenders:
    """A method for each kind of row about appointments."""

    def __init__(
        self,
        operational: Operational,
        teams: Teams,
        appointments: AppointmentService,
        studies: StudyService,
        reminders: ReminderService,
    ) -> None:
        self._reminders = reminders
        self._operational = operational
        self._teams = teams
        self._appointments = appointments
        self._studies = studies
        self._people = People(operational, teams)

    @property
    def kinds(self) -> Mapping[str, Work]:
        """What is done for each kind of row."""
        return {
            "appointment_form": self.form,
            "appointment_offer": self.offer,
            "appointment_card": self.card,
            "appointment_choose": self.choose,
            "appointment_list": self.overview,
            "appointment_letter": self.letter,
            "appointment_begins": self._appointments.begins,
            "appointment_close": self._appointments.close,
        }

    async def form(self, message: Claimed) -> None:
        """The form for times, to whoever is to offer them; its button knows where."""
        person = message.payload["person"]
        say = await self._people.say(person, message.payload["language"])
        studies = await self._studies.open_ones()
        place = self._operational.carry(person, json.dumps(message.conversation))
        card = cards.form(say, studies, place) if studies else only(say("study.list.none"))
        near = Conversation(**message.conversation)
        await self._people.tell(person, near, card, say("appointment.form"))

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
            transaction.run(self._operational.appointments.set_card(offer.id, activity))

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
        calendar = self._appointments.calendar_of(offer, person)
        card = cards.chooser(say, name, offer, person, calendar=calendar)
        await self._people.tell(person, Conversation(**message.conversation), card, name)

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
        when, person, news = "", about["person"], about["news"]
        zone = ZoneInfo(about["zone"])
        if about["starts"]:
            starts, whom = (
                datetime.fromisoformat(about["starts"]),
                await self._reminders.whom(person, zone),
            )
            when = near_moment(say, starts, whom.zone, self._appointments.now(), zone)
        if not await self._reminders.may_tell(person, message, QuietHours(zone), news):
            return
        try:
            card = cards.letter(say, name, about["news"], when)
            await self._people.tell(person, Conversation(**message.conversation), card, name)
        except Final as error:
            # They have not installed us, or want nothing from us: nothing for an administrator.
            await self._reminders.not_told(person, message, zone, news)
            metrics.dispatched(message.kind, f"dropped: {error.code}")

    async def _title(self, say: Texts, study: str) -> str:
        try:
            return title(say, await self._studies.get(study))
        except StudyNotCreated:
            return study
