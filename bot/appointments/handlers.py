"""Appointments for a study: offered in a channel, chosen in the personal chat."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from bot.appointments import cards
from bot.delivery.outgoing import digest, message_to
from bot.gateway.events import Conversation, Json, Origin, Press, Say
from bot.groups.calendar import calendar_of_time
from bot.groups.handlers import fault_text, shown
from bot.groups.service import Pressed
from bot.routing.needs import (
    HasAppointments,
    HasClock,
    HasDispatcher,
    HasOperational,
    HasRoles,
    HasStudies,
    HasTeams,
)
from bot.routing.scopes import Run, Verb, anywhere, facilitating, in_own_chat, personally, refused
from bot.routing.shared import CommandHandler, CommandReply, in_personal_chat
from bot.studies.cards.study import title
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, text
from bot.ui.elements import plain
from bot.ui.texts import Texts, language_of, texts
from bot.ui.zones import zone_or_ours
from dialogs.groups import planning
from dialogs.groups.appointments import (
    DEFAULT_MINUTES,
    Ask,
    BadNumber,
    CallOff,
    Cancel,
    ChoiceRefusal,
    Choose,
    Event,
    NoSuchStudy,
    OfferFault,
    OfferWish,
    Set,
    Slot,
    TakeBack,
    Twice,
    check,
    read,
    venue_fault,
)
from dialogs.groups.working_hours import working_days_from
from dialogs.writing.door import RecognisedWords
from storage.operational.appointments import Offer


class Needs(
    HasAppointments,
    HasDispatcher,
    HasRoles,
    HasClock,
    HasOperational,
    HasStudies,
    HasTeams,
    Protocol,
):
    """What these handlers work with."""


_OfOffer: TypeAlias = Callable[[Needs, Press, Texts, Offer], Awaitable[PressReply]]


# --- Written ------------------------------------------------------------------------------------


async def _appointments(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """In a channel times are offered; in the personal chat they are chosen, and looked over."""
    if origin.is_personal:
        return await _own(services, origin, say)
    if not await services.is_facilitator(origin):
        return say("appointment.in_personal")
    if not rest:
        return await _form_in_own_chat(services, origin, say)
    pressed = Pressed(origin, f"offer:{origin.activity_id}")
    fault = await _offer(services, pressed, say, rest)
    if fault is None:
        return say("appointment.offered")
    return f"{_fault_text(say, fault)}\n\n{await _example(services, say)}"


async def _own(services: Needs, origin: Origin, say: Texts) -> CommandReply:
    """What one leads and what one can choose from, on one card."""
    person = origin.person.id
    offers = await _offers(services, person)
    match offers:
        case []:
            return say("appointment.nothing")
        case [offer] if offer.facilitator == person:
            await _send_overview(services, origin, say, offer)
            return None
        case [offer]:
            return await _chooser(services, person, say, offer)
    return await _everyones(services, person, say, offers)


async def _offers(services: Needs, person: str) -> list[Offer]:
    """Those that one leads, and then those of others that can be chosen from."""
    led = await services.appointments.led_by(person)
    open_ones = await services.appointments.open_ones()
    return [*led, *(offer for offer in open_ones if offer.facilitator != person)]


async def _everyones(services: Needs, person: str, say: Texts, offers: Sequence[Offer]) -> Json:
    titled = [(await _title(services, say, offer), offer) for offer in offers]
    return cards.everyones(say, titled, person)


async def _send_overview(services: Needs, origin: Origin, say: Texts, offer: Offer) -> None:
    """One list at a time names anybody: the one before says that it has moved."""
    card = cards.overview(say, await _title(services, say, offer), offer)
    activity = await services.teams.send_card(origin.conversation, card, say("card.summary"))
    await services.appointments.list_at(offer, activity)
    services.dispatcher.wake()


async def _form_in_own_chat(services: Needs, origin: Origin, say: Texts) -> str:
    """Whoever offers times fills in a form that nobody else sees."""
    if not await services.studies.open_ones():
        return say("study.list.none")
    person = origin.person.id
    key = digest("appointment_form", origin.conversation.id, origin.activity_id, person)
    about = {"person": person, "language": say.language}
    row = message_to(origin.conversation, "appointment_form", key, about, services.now())
    return (await in_personal_chat(services, origin, say, row)).text


async def _offer(
    services: Needs, pressed: Pressed, say: Texts, line: str, venue: str = ""
) -> OfferFault | None:
    """Offer what was written, or say what is wrong with it."""
    zone = zone_or_ours(pressed.origin.timezone)
    today = services.now().astimezone(ZoneInfo(zone)).date()
    wish = read(line, [study.id for study in await services.studies.open_ones()], today)
    if not isinstance(wish, OfferWish):
        return wish
    if fault := check(wish, ZoneInfo(zone), services.now()) or venue_fault(venue):
        return fault
    await services.appointments.make(pressed, wish, say.language, zone, venue)
    services.dispatcher.wake()
    return None


def _fault_text(say: Texts, fault: OfferFault) -> str:
    match fault:
        case BadNumber(what, number, least, most):
            values = {"number": number, "least": least, "most": most}
            return say(f"appointment.fault.bad_number.{what}", **values)
        case Twice(day, at):
            return say("appointment.fault.twice", day=shown(say, day), at=shown(say, at))
        case NoSuchStudy():
            return say("appointment.fault.no_such_study")
    return fault_text(say, fault)


async def _example(services: Needs, say: Texts) -> str:
    """A line that would be understood and done."""
    studies = await services.studies.open_ones()
    if not studies:
        return say("study.list.none")
    day = working_days_from(services.now().date() + timedelta(days=7), 1)
    line = say("appointment.example.line", study=studies[0].id, day=day.isoformat())
    return say("appointment.example", line=line)


async def _title(services: Needs, say: Texts, offer: Offer) -> str:
    return title(say, await services.studies.get(offer.study))


# --- Pressed ------------------------------------------------------------------------------------


async def _offer_by_form(services: Needs, press: Press, say: Texts) -> PressReply:
    """Where the form was asked for; it is filled in again with what was wrong."""
    written, carried = text(press.data, "times"), text(press.data, "place")
    place = services.operational.brought(press.origin.person.id, carried)
    if place is None:
        return Say(say("appointment.form.gone"))
    there = replace(press.origin, conversation=Conversation(**json.loads(place)))
    pressed = Pressed(there, f"offer:{press.card_id}")
    venue = text(press.data, "venue").strip()
    line = f"{id_of(press.data, 'study')} {written}"
    fault = await _offer(services, pressed, say, line, venue)
    if fault is None:
        return cards.said(say("appointment.form.offered"))
    if isinstance(fault, RecognisedWords):  # it stays in its field, and on no card of ours
        return Say(_fault_text(say, fault))
    studies = await services.studies.open_ones()
    if not studies:
        return Say(say("study.list.none"))
    return cards.form(say, studies, carried, written, _fault_text(say, fault), venue=venue)


def _of_offer(verb: _OfOffer) -> Run:
    """With the offer that the card names, while its study can be answered."""

    async def checked(services: Needs, press: Press, say: Texts) -> PressReply:
        offer = await services.appointments.offer(id_of(press.data, "offer"))
        if offer is None or not await services.studies.is_open(offer.study):
            return Say(say("appointment.gone"))
        return await verb(services, press, say, offer)

    return checked


async def _all(services: Needs, press: Press, say: Texts) -> PressReply:
    """From one offer back to all of them."""
    offers = await _offers(services, press.origin.person.id)
    if not offers:
        return Say(say("appointment.nothing"))
    return await _everyones(services, press.origin.person.id, say, offers)


async def _list(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
    """Who has chosen what, on a card of its own: it is kept up to date."""
    await _send_overview(services, press.origin, say, offer)
    return Say(say("said.below"))


async def _open(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
    """From the channel to the personal chat, where nobody else sees what one chooses."""
    if press.origin.is_personal:
        return await _chooser(services, press.origin.person.id, say, offer)
    person, near = press.origin.person.id, press.origin.conversation
    key = digest("appointment_choose", offer.id, str(press.card_id), person)
    about = {"offer": offer.id, "person": person, "language": say.language}
    row = message_to(near, "appointment_choose", key, about, services.now())
    return await in_personal_chat(services, press.origin, say, row)


async def _choose(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
    slot = id_of(press.data, "slot")
    if not slot:
        return await _chooser(
            services, press.origin.person.id, say, offer, say("appointment.which")
        )
    person = press.origin.person
    return await _done(services, press, say, offer, Choose(person.id, person.name, slot))


async def _ask(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
    person = press.origin.person
    return await _done(services, press, say, offer, Ask(person.id, person.name))


async def _cancel(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
    return await _done(services, press, say, offer, Cancel(press.origin.person.id))


async def _done(
    services: Needs, press: Press, say: Texts, offer: Offer, event: Event
) -> PressReply:
    """One's own card as it is after that."""
    outcome = await services.appointments.change(offer.id, event, press.origin)
    if outcome is None:
        return Say(say("appointment.gone"))
    services.dispatcher.wake()
    changed, refusal = outcome
    problem = _refusal(say, refusal)
    if problem is None and isinstance(event, Choose):
        other = await services.appointments.clash(changed, event.person, say.language)
        problem = say("appointment.clash", other=plain(other)) if other else None
    return await _chooser(services, press.origin.person.id, say, changed, problem)


def _refusal(say: Texts, refusal: ChoiceRefusal | None) -> str | None:
    return say(f"appointment.{refusal.kind}") if refusal else None


async def _chooser(
    services: Needs, person: str, say: Texts, offer: Offer, problem: str | None = None
) -> Json:
    """One's own card, with what has been chosen and what is free."""
    name = await _title(services, say, offer)
    calendar = services.appointments.calendar_of(offer, person)
    several = len(await _offers(services, person)) > 1
    return cards.chooser(say, name, offer, person, problem, calendar=calendar, of_several=several)


def _by_facilitator(verb: _OfOffer) -> Verb:
    """For whoever made the offer: the list names people."""

    async def checked(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
        if offer.facilitator != press.origin.person.id:
            return refused(press.verb, "not_leader", say("appointment.no"))
        return await verb(services, press, say, offer)

    return personally(_of_offer(checked))


async def _call_off(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
    slot = id_of(press.data, "slot")
    if not slot:
        return await _overview(services, say, offer, say("appointment.which"))
    return await _led(services, press, say, offer, CallOff(slot))


async def _set(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
    """A time of their own for somebody who asked."""
    zone, now = ZoneInfo(offer.timezone), services.now()
    written = f"{text(press.data, 'day')} {text(press.data, 'time')}"
    found = planning.read_moment(written, now.astimezone(zone).date())
    starts = planning.moment(*found, zone, now) if isinstance(found, tuple) else found
    if not isinstance(starts, datetime):
        return await _overview(services, say, offer, say("appointment.set.which"))
    slot = Slot(token_hex(16), starts, DEFAULT_MINUTES, 1, alone=True)
    return await _led(services, press, say, offer, Set(id_of(press.data, "person"), slot))


async def _take_back(services: Needs, press: Press, say: Texts, offer: Offer) -> PressReply:
    """No times after all: whoever had chosen or asked is told, and nothing of it is kept."""
    return await _led(services, press, say, offer, TakeBack())


async def _led(services: Needs, press: Press, say: Texts, offer: Offer, event: Event) -> PressReply:
    outcome = await services.appointments.change(offer.id, event, press.origin)
    if outcome is None:
        return Say(say("appointment.gone"))
    services.dispatcher.wake()
    changed, refusal = outcome
    problem = say("appointment.set.which") if refusal else None
    return await _overview(services, say, changed, problem)


async def _overview(services: Needs, say: Texts, offer: Offer, problem: str | None) -> Json:
    return cards.overview(say, await _title(services, say, offer), offer, problem)


async def calendar_file(services: Needs, key: str) -> bytes | None:
    """What the key of a time opens, while there is one."""
    offer = await services.appointments.with_slot(key)
    slot = offer.times.slot(key) if offer else None
    if offer is None or slot is None:
        return None
    say = texts(language_of(offer.language))
    name, zone = await _title(services, say, offer), ZoneInfo(offer.timezone)
    return calendar_of_time(say, name, slot, services.now(), zone=zone, venue=offer.venue)


COMMANDS: dict[str, CommandHandler] = {"appointments": _appointments}
VERBS: dict[str, Verb] = {
    "appointment.offer": in_own_chat(facilitating(_offer_by_form), "appointment.form.gone"),
    "appointment.all": personally(_all),
    "appointment.list": _by_facilitator(_list),
    "appointment.open": anywhere(_of_offer(_open)),
    "appointment.choose": personally(_of_offer(_choose)),
    "appointment.ask": personally(_of_offer(_ask)),
    "appointment.cancel": personally(_of_offer(_cancel)),
    "appointment.call_off": _by_facilitator(_call_off),
    "appointment.set": _by_facilitator(_set),
    "appointment.take_back": _by_facilitator(_take_back),
}
