"""Appointments for a study: offered in a channel, chosen in the personal chat."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.cards import appointments as cards
from bot.cards.study import title
from bot.gateway.events import Final, Json, Origin, Press, Say, SendError
from bot.groups import Pressed
from bot.outgoing import message_to
from bot.perform import Reply
from bot.presses import text
from bot.texts import Texts
from bot.turns.groups import fault_text, shown
from bot.turns.services import Services
from bot.turns.shared import Command, Said, Verb, personal_chat, personally
from bot.zones import zone_or_ours
from dialogs import series
from dialogs.appointments import (
    DEFAULT_MINUTES,
    Ask,
    BadNumber,
    CallOff,
    Cancel,
    Choose,
    Event,
    Fault,
    NoSuchStudy,
    Refusal,
    Set,
    Slot,
    Twice,
    Wish,
    check,
    read,
)
from dialogs.working_hours import working_days_from
from storage.appointments import Offer
from storage.operational import AlreadySeen

_OfOffer: TypeAlias = Callable[[Services, Press, Texts, Offer], Awaitable[Reply]]


# --- Written ------------------------------------------------------------------------------------


async def _appointments(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    """In a channel times are offered; in the personal chat they are chosen, and looked over."""
    if origin.is_personal:
        return await _own(services, origin, say)
    if not await services.is_facilitator(origin):
        return say("appointment.in_personal")
    if not rest:
        return await _form(services, say, "", None)
    pressed = Pressed(origin, f"offer:{origin.activity_id}")
    fault = await _offer(services, pressed, say, rest)
    if fault is None:
        return say("appointment.offered")
    return f"{_fault_text(say, fault)}\n\n{await _example(services, say)}"


async def _own(services: Services, origin: Origin, say: Texts) -> Said:
    """A list for each offer that one leads, and a card for each other to choose from."""
    person = origin.person.id
    for offer in await services.appointments.led_by(person):
        await _send_overview(services, origin, say, offer)
    others = [o for o in await services.appointments.open_ones() if o.facilitator != person]
    for offer in others:
        card = cards.chooser(say, await _title(services, say, offer), offer, person)
        await services.teams.send_card(origin.conversation, card, say("card.summary"))
    if others or await services.appointments.led_by(person):
        return None
    return say("appointment.nothing")


async def _send_overview(services: Services, origin: Origin, say: Texts, offer: Offer) -> None:
    """One list at a time names anybody: the one before says that it has moved."""
    card = cards.overview(say, await _title(services, say, offer), offer)
    activity = await services.teams.send_card(origin.conversation, card, say("card.summary"))
    await services.appointments.list_at(offer, activity)
    services.dispatcher.wake()


async def _form(services: Services, say: Texts, written: str, problem: str | None) -> Json | str:
    studies = [(study.id, title(say, study)) for study in await services.studies.open_ones()]
    return cards.form(say, studies, written, problem) if studies else say("study.list.none")


async def _offer(services: Services, pressed: Pressed, say: Texts, line: str) -> Fault | None:
    """Offer what was written, or say what is wrong with it."""
    zone = zone_or_ours(pressed.origin.timezone)
    today = services.now().astimezone(ZoneInfo(zone)).date()
    wish = read(line, [study.id for study in await services.studies.open_ones()], today)
    if not isinstance(wish, Wish):
        return wish
    if fault := check(wish, ZoneInfo(zone), services.now()):
        return fault
    await services.appointments.make(pressed, wish, say.language, zone)
    services.dispatcher.wake()
    return None


def _fault_text(say: Texts, fault: Fault) -> str:
    match fault:
        case BadNumber(what, number, least, most):
            values = {"number": number, "least": least, "most": most}
            return say(f"appointment.fault.bad_number.{what}", **values)
        case Twice(day, at):
            return say("appointment.fault.twice", day=shown(say, day), at=shown(say, at))
        case NoSuchStudy():
            return say("appointment.fault.no_such_study")
    return fault_text(say, fault)


async def _example(services: Services, say: Texts) -> str:
    """A line that would be understood and done."""
    studies = await services.studies.open_ones()
    if not studies:
        return say("study.list.none")
    day = working_days_from(services.now().date() + timedelta(days=7), 1)
    line = say("appointment.example.line", study=studies[0].id, day=day.isoformat())
    return say("appointment.example", line=line)


async def _title(services: Services, say: Texts, offer: Offer) -> str:
    return title(say, await services.studies.get(offer.study))


# --- Pressed ------------------------------------------------------------------------------------


async def _offer_by_form(services: Services, press: Press, say: Texts) -> Reply:
    if not await services.is_facilitator(press.origin):
        return Say(say("role.no"))
    written = text(press.data, "times")
    pressed = Pressed(press.origin, f"offer:{press.card_id}")
    fault = await _offer(services, pressed, say, f"{text(press.data, 'study')} {written}")
    if fault is None:
        return cards.said(say("appointment.offered"))
    again = await _form(services, say, written, _fault_text(say, fault))
    return again if isinstance(again, dict) else Say(again)


def _of_offer(verb: _OfOffer) -> Verb:
    """With the offer that the card names, while its study can be answered."""

    async def checked(services: Services, press: Press, say: Texts) -> Reply:
        offer = await services.appointments.offer(text(press.data, "offer"))
        if offer is None or not await services.studies.is_open(offer.study):
            return Say(say("appointment.gone"))
        return await verb(services, press, say, offer)

    return checked


async def _open(services: Services, press: Press, say: Texts, offer: Offer) -> Reply:
    """From the channel to the personal chat, where nobody else sees what one chooses."""
    if press.origin.is_personal:
        return await _chooser(services, press, say, offer)
    try:
        chat = await personal_chat(services, press.origin)
    except Final:
        return Say(say("study.start.not_installed"))
    except SendError:
        return Say(say("study.start.later"))
    person = press.origin.person
    key = f"appointment_choose:{offer.id}:{press.card_id}"
    about = {"offer": offer.id, "person": person.id, "language": say.language}
    row = message_to(chat, "appointment_choose", token_hex(16), about, services.now())
    try:
        async with services.operational.begin() as transaction:
            transaction.see(key, person.id, services.now())
            transaction.remember(person.id, person.teams_id, timezone=press.origin.timezone)
            transaction.enqueue(row)
    except AlreadySeen:
        return Say(say("study.start.sent"))
    services.dispatcher.wake()
    return Say(say("study.start.sent"))


async def _choose(services: Services, press: Press, say: Texts, offer: Offer) -> Reply:
    slot = text(press.data, "slot")
    if not slot:
        return await _chooser(services, press, say, offer, say("appointment.which"))
    person = press.origin.person
    return await _done(services, press, say, offer, Choose(person.id, person.name, slot))


async def _ask(services: Services, press: Press, say: Texts, offer: Offer) -> Reply:
    person = press.origin.person
    return await _done(services, press, say, offer, Ask(person.id, person.name))


async def _cancel(services: Services, press: Press, say: Texts, offer: Offer) -> Reply:
    return await _done(services, press, say, offer, Cancel(press.origin.person.id))


async def _done(services: Services, press: Press, say: Texts, offer: Offer, event: Event) -> Reply:
    """One's own card as it is after that."""
    outcome = await services.appointments.change(offer.id, event, press.origin)
    if outcome is None:
        return Say(say("appointment.gone"))
    services.dispatcher.wake()
    changed, refusal = outcome
    return await _chooser(services, press, say, changed, _refusal(say, refusal))


def _refusal(say: Texts, refusal: Refusal | None) -> str | None:
    return say(f"appointment.{refusal.kind}") if refusal else None


async def _chooser(
    services: Services, press: Press, say: Texts, offer: Offer, problem: str | None = None
) -> Json:
    name = await _title(services, say, offer)
    return cards.chooser(say, name, offer, press.origin.person.id, problem)


def _by_facilitator(verb: _OfOffer) -> Verb:
    """For whoever made the offer: the list names people."""

    async def checked(services: Services, press: Press, say: Texts, offer: Offer) -> Reply:
        if offer.facilitator != press.origin.person.id:
            return Say(say("appointment.no"))
        return await verb(services, press, say, offer)

    return personally(_of_offer(checked))


async def _call_off(services: Services, press: Press, say: Texts, offer: Offer) -> Reply:
    slot = text(press.data, "slot")
    if not slot:
        return await _overview(services, say, offer, say("appointment.which"))
    return await _led(services, press, say, offer, CallOff(slot))


async def _set(services: Services, press: Press, say: Texts, offer: Offer) -> Reply:
    """A time of their own for somebody who asked."""
    zone, now = ZoneInfo(offer.timezone), services.now()
    written = f"{text(press.data, 'day')} {text(press.data, 'time')}"
    found = series.read_moment(written, now.astimezone(zone).date())
    starts = series.moment(*found, zone, now) if isinstance(found, tuple) else found
    if not isinstance(starts, datetime):
        return await _overview(services, say, offer, say("appointment.set.which"))
    slot = Slot(token_hex(16), starts, DEFAULT_MINUTES, 1, alone=True)
    return await _led(services, press, say, offer, Set(text(press.data, "person"), slot))


async def _led(services: Services, press: Press, say: Texts, offer: Offer, event: Event) -> Reply:
    outcome = await services.appointments.change(offer.id, event, press.origin)
    if outcome is None:
        return Say(say("appointment.gone"))
    services.dispatcher.wake()
    changed, refusal = outcome
    problem = say("appointment.set.which") if refusal else None
    return await _overview(services, say, changed, problem)


async def _overview(services: Services, say: Texts, offer: Offer, problem: str | None) -> Json:
    return cards.overview(say, await _title(services, say, offer), offer, problem)


COMMANDS: dict[str, Command] = {"appointments": _appointments}
VERBS: dict[str, Verb] = {
    "appointment.offer": _offer_by_form,
    "appointment.open": _of_offer(_open),
    "appointment.choose": personally(_of_offer(_choose)),
    "appointment.ask": personally(_of_offer(_ask)),
    "appointment.cancel": personally(_of_offer(_cancel)),
    "appointment.call_off": _by_facilitator(_call_off),
    "appointment.set": _by_facilitator(_set),
}
