"""Carrying out what happens to an offer of appointments, and its reminders.

One change is one transaction: the offer as it is then, and rows for what follows.
When a time begins, a row deletes it with all who had chosen it; nothing is noted of
who came, and nothing of it reaches the urn (docs/adr/0019-reminders.md).
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from secrets import token_hex
from zoneinfo import ZoneInfo

from bot.delivery.outgoing import digest, plan_row
from bot.gateway.events import Conversation, Json, Origin
from bot.groups.service import Pressed
from bot.operation.clock import Now
from bot.reminders.cards import Matter
from bot.reminders.service import Subject
from bot.sessions.methods import Methods
from bot.studies.service import StudyService
from bot.ui.texts import language_of
from dialogs.groups import appointments
from dialogs.groups.appointments import Begin, ChoiceRefusal, Close, Event, OfferWish, Slot, Times
from dialogs.groups.reminders import Occasion, Reminder, of_times
from dialogs.studies.study import LANGUAGES, Language
from storage.database import Stale
from storage.operational.appointments import Offer
from storage.operational.outbox import Claimed, OutboxMessage
from storage.operational.store import AlreadySeen, Operational, Transaction


class AppointmentService:
    """Every offer, over its storage."""

    def __init__(
        self,
        operational: Operational,
        studies: StudyService,
        methods: Methods,
        now: Now,
        calendars: str,
    ) -> None:
        self._calendars = calendars
        self._methods = methods
        self._operational = operational
        self._store = operational.appointments
        self._studies = studies
        self.now = now

    async def offer(self, offer: str) -> Offer | None:
        return await self._store.offer(offer)

    async def with_slot(self, slot: str) -> Offer | None:
        """The offer of a time, while its study can be answered."""
        offer = await self._store.with_slot(slot)
        return offer if offer and await self._studies.is_open(offer.study) else None

    def calendar_of(self, offer: Offer, person: str) -> str:
        """The address of the calendar file of the time that somebody has chosen, or empty."""
        mine = offer.times.choice(person)
        slot = offer.times.slot(mine.slot) if mine else None
        return self.calendar_of_slot(slot) if slot else ""

    def calendar_of_slot(self, slot: Slot) -> str:
        """The address of a time's calendar file: who has not seen the offer cannot guess it."""
        return f"{self._calendars}/{slot.id}.ics"

    async def clash(self, offer: Offer, person: str, language: Language) -> str | None:
        """What else somebody has at the time that they have chosen, by its title."""
        mine = offer.times.choice(person)
        slot = offer.times.slot(mine.slot) if mine else None
        if slot is None:
            return None
        spans = [span async for span in self._spans(person, offer.id, language)]
        return appointments.clashing(slot, spans)

    async def _spans(
        self, person: str, besides: str, language: Language
    ) -> AsyncIterator[tuple[str, datetime, datetime]]:
        """The meetings and times that somebody is to come to."""
        for group in await self._operational.groups.of_person(person):
            name = group.name or self._methods.get(group.method).title[language]
            for meeting in group.coming(self.now()):
                yield name, meeting.starts_at, meeting.ends_at
        for other in await self._store.all():
            mine = other.times.choice(person)
            slot = other.times.slot(mine.slot) if mine else None
            if slot and other.id != besides:
                study = await self._studies.get(other.study)
                yield study.title[study.language(language)], slot.starts_at, slot.ends_at

    async def open_ones(self) -> list[Offer]:
        """Offers of studies that can be answered, with a time to come."""
        offers = [offer for offer in await self._store.all() if offer.times.slots]
        open_ = {study.id for study in await self._studies.open_ones()}
        return [offer for offer in offers if offer.study in open_]

    async def all(self) -> Sequence[Offer]:
        return await self._store.all()

    async def led_by(self, person: str) -> list[Offer]:
        return [offer for offer in await self._store.all() if offer.facilitator == person]

    async def make(
        self, pressed: Pressed, wish: OfferWish, language: Language, zone: str, venue: str
    ) -> None:
        """Offer times where that was asked for; once, however often it is delivered."""
        slots = (
            Slot(token_hex(16), starts, wish.minutes, wish.places)
            for starts in appointments.starts(wish, ZoneInfo(zone))
        )
        offer = Offer(
            study=wish.study,
            conversation=asdict(pressed.origin.conversation),
            facilitator=pressed.person.id,
            language=language,
            timezone=zone,
            times=Times(tuple(slots)),
            venue=venue,
        )
        try:
            async with self._operational.begin() as transaction:
                self._note(transaction, pressed)
                transaction.run(self._store.add(offer))
                transaction.enqueue_all(self._first_rows(offer))
        except AlreadySeen:
            return

    async def change(
        self, offer_id: str, event: Event, origin: Origin | None = None
    ) -> tuple[Offer, ChoiceRefusal | None] | None:
        """Change an offer; again from a fresh read where somebody else was quicker.

        None where the offer is no more.
        """
        while True:
            offer = await self.offer(offer_id)
            if offer is None:
                return None
            times, refusal = appointments.step(offer.times, event)
            if times == offer.times:
                return offer, refusal
            changed = replace(offer, times=times)
            try:
                async with self._operational.begin() as transaction:
                    self._save(transaction, offer, changed, event)
                    if origin:
                        self._remember(transaction, origin)
            except Stale:
                continue
            return replace(changed, version=offer.version + 1), refusal

    def _save(self, transaction: Transaction, old: Offer, new: Offer, event: Event) -> None:
        if new.times.slots:
            transaction.run(self._store.save(new))
        else:
            transaction.run(self._store.destroy(old))
        kept = {slot.id for slot in new.times.slots}
        for slot in old.times.slots:
            if slot.id not in kept:
                transaction.run(self._operational.preferences.forget_about(old.id, slot.id))
        transaction.enqueue_all(self._rows(old, new, event))

    async def begins(self, message: Claimed) -> None:
        """A time has come: nobody needs to know any more who had chosen it."""
        await self.change(message.payload["offer"], Begin(self.now()))

    async def close(self, message: Claimed) -> None:
        """Nothing of an offer outlives its study."""
        await self.change(message.payload["offer"], Close())

    async def list_at(self, offer: Offer, activity: str) -> None:
        """The facilitator reads who has chosen what at another place in the chat from now on."""
        async with self._operational.begin() as transaction:
            transaction.run(self._store.set_list(offer.id, activity))
            if offer.list:
                transaction.enqueue(self._list_row(offer, offer.list, activity))

    def _list_row(self, offer: Offer, card: str, key: str) -> OutboxMessage:
        about = {
            "offer": offer.id,
            "study": offer.study,
            "language": offer.language,
            "card": card,
            "person": offer.facilitator,
        }
        return OutboxMessage(
            f"appointment_list:{card}:{key}", "appointment_list", {}, about, self.now()
        )

    def _note(self, transaction: Transaction, pressed: Pressed) -> None:
        transaction.see(pressed.step, pressed.person.id, self.now())
        self._remember(transaction, pressed.origin)

    def _remember(self, transaction: Transaction, origin: Origin) -> None:
        chat = asdict(origin.conversation) if origin.is_personal else None
        person = origin.person
        transaction.remember(person.id, person.teams_id, chat, origin.timezone, origin.spoken)

    # What follows

    def _first_rows(self, offer: Offer) -> Iterator[OutboxMessage]:
        about = {"offer": offer.id}
        key = f"appointment_offer:{offer.id}"
        yield OutboxMessage(key, "appointment_offer", offer.conversation, about, self.now())
        yield from self._beginnings(offer.id, offer.times.slots)

    def _beginnings(self, offer: str, slots: Iterable[Slot]) -> Iterator[OutboxMessage]:
        for slot in slots:
            # Keys outlive their rows by far: by this one nothing is found once the slot is gone.
            key = digest("appointment_begins", slot.id)
            yield OutboxMessage(key, "appointment_begins", {}, {"offer": offer}, slot.starts_at)

    def _rows(self, old: Offer, new: Offer, event: Event) -> Iterator[OutboxMessage]:
        now, stamp = self.now(), f"{old.id}:{old.version}"
        about = {"offer": old.id, "study": old.study, "language": old.language}
        if old.card:
            yield OutboxMessage(
                f"appointment_card:{stamp}",
                "appointment_card",
                old.conversation,
                {**about, "card": old.card},
                now,
            )
        if old.list:
            yield self._list_row(old, old.list, stamp)
        yield plan_row("slot", old.id, now)
        yield from self._beginnings(old.id, set(new.times.slots) - set(old.times.slots))
        for news in appointments.told(old.facilitator, old.times, new.times, event):
            letter: Json = {
                **about,
                "zone": old.timezone,
                "person": news.person,
                "news": news.news,
                "starts": news.slot.starts_at.isoformat() if news.slot else "",
            }
            ends = news.slot.starts_at if news.slot else None
            if ends:
                letter["ends"] = ends.isoformat()
            yield OutboxMessage(
                token_hex(16), "appointment_letter", old.conversation, letter, now, ends
            )


class Slots:
    """The times of every offer, as a source of reminders."""

    def __init__(self, appointments: AppointmentService, studies: StudyService) -> None:
        self._appointments = appointments
        self._studies = studies

    async def find(self, reminder: Reminder) -> Subject | None:
        """The time, where this person has chosen it."""
        offer = await self._appointments.offer(reminder.of)
        chosen = offer.times.choice(reminder.person) if offer else None
        if offer is None or chosen is None or chosen.slot != reminder.occasion:
            return None
        return await self._subject(offer, chosen.slot)

    async def wanted(self, of: str) -> list[tuple[Reminder, Subject]]:
        """What everyone should hear who has chosen a time."""
        offer = await self._appointments.offer(of)
        if offer is None:
            return []
        return [
            (reminder, subject)
            for reminder in of_times(of, offer.times)
            if (subject := await self._subject(offer, reminder.occasion))
        ]

    async def of_person(self, person: str) -> list[str]:
        """The offers of which somebody has chosen a time."""
        return [o.id for o in await self._appointments.all() if o.times.choice(person)]

    async def taken_along(self, _: Reminder) -> None:
        """Nobody takes notes along from a time of a study."""

    async def _subject(self, offer: Offer, slot_id: str) -> Subject | None:
        slot = offer.times.slot(slot_id)
        if slot is None or not await self._studies.is_open(offer.study):
            return None
        study = await self._studies.get(offer.study)
        return Subject(
            Occasion(slot.starts_at, slot.ends_at, ZoneInfo(offer.timezone)),
            0,
            language_of(offer.language),
            Conversation(**offer.conversation),
            Matter(
                {code: study.title[study.language(code)] for code in LANGUAGES},
                slot.minutes,
                self._appointments.calendar_of_slot(slot),
            ),
        )
