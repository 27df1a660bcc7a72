"""Appointments for a study: where they are offered, chosen, and looked over by who leads them."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.cards.parts import card, choice, execute, heading, notice, paragraph, plain, small
from bot.cards.reminders import weekday
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs.appointments import Slot
from storage.appointments import Offer


def moment(say: Texts, offer: Offer, slot: Slot) -> str:
    """When a time is, by the clock of where it was offered."""
    zone = ZoneInfo(offer.timezone)
    starts, ends = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    day = weekday(say, starts.date())
    return say("appointment.when", day=day, start=f"{starts:%H:%M}", end=f"{ends:%H:%M}")


def offered(say: Texts, title: str, offer: Offer | None) -> Json:
    """The card where the times were offered: no names and no counts, for everyone sees it."""
    top = [small(say("appointment.heading")), heading(plain(title))]
    slots = [slot for slot in offer.times.slots if not slot.alone] if offer else []
    if offer is None or not slots:
        return card([*top, paragraph(say("appointment.over"))])
    return card(
        [
            *top,
            paragraph(say("appointment.what")),
            *(paragraph(moment(say, offer, slot), spacing="None") for slot in slots),
            small(say("appointment.zone", zone=plain(offer.timezone))),
            small(say("appointment.sees")),
        ],
        [execute(say("appointment.open"), "appointment.open", _of(offer), style="positive")],
    )


def chooser(say: Texts, title: str, offer: Offer, person: str, problem: str | None = None) -> Json:
    """One's own choice, in the personal chat."""
    mine = offer.times.choice(person)
    chosen = offer.times.slot(mine.slot) if mine else None
    free = [slot for slot in offer.times.slots if offer.times.is_free(slot) and slot != chosen]
    actions = []
    if free:
        key = "appointment.change" if mine else "appointment.choose"
        actions.append(execute(say(key), "appointment.choose", _of(offer), style="positive"))
    if mine is None or mine.slot is not None:
        ask = execute(say("appointment.ask"), "appointment.ask", _of(offer), inputs=False)
        actions.append(ask)
    if mine is not None:
        cancel = execute(say("appointment.cancel"), "appointment.cancel", _of(offer), inputs=False)
        actions.append(cancel)
    return card(
        [
            small(say("appointment.heading")),
            heading(plain(title)),
            *([notice(problem)] if problem else []),
            paragraph(_state(say, offer, person)),
            *([_slots(say, offer, free, say("appointment.free"))] if free else []),
            small(say("appointment.zone", zone=plain(offer.timezone))),
            small(say("appointment.sees")),
        ],
        actions,
    )


def _state(say: Texts, offer: Offer, person: str) -> str:
    mine = offer.times.choice(person)
    if mine is None:
        return say("appointment.none")
    slot = offer.times.slot(mine.slot)
    return (
        say("appointment.mine", when=moment(say, offer, slot)) if slot else say("appointment.asked")
    )


def overview(say: Texts, title: str, offer: Offer | None, problem: str | None = None) -> Json:
    """Who has chosen what, for whoever leads the study: until each time begins."""
    top = [small(say("appointment.list")), heading(plain(title))]
    if offer is None:
        return card([*top, paragraph(say("appointment.over"))])
    body = [*top, *([notice(problem)] if problem else [])]
    for slot in offer.times.slots:
        names = [choice_.name for choice_ in offer.times.chosen(slot)]
        body.append(paragraph(moment(say, offer, slot), weight="Bolder", separator=True))
        line = ", ".join(map(plain, sorted(names))) or say("appointment.list.nobody")
        body.append(paragraph(line, spacing="None"))
    actions = []
    if offer.times.slots:
        body.append(_slots(say, offer, offer.times.slots, say("appointment.list.slot")))
        actions.append(
            execute(
                say("appointment.call_off"), "appointment.call_off", _of(offer), style="destructive"
            )
        )
    if asking := [each for each in offer.times.choices if each.slot is None]:
        people = [choice(each.name or say("welcome.someone"), each.person) for each in asking]
        body += [
            {
                "type": "Input.ChoiceSet",
                "id": "person",
                "label": say("appointment.list.asking"),
                "choices": people,
                "separator": True,
            },
            {"type": "Input.Date", "id": "day", "label": say("appointment.list.day")},
            {"type": "Input.Time", "id": "time", "label": say("appointment.list.time")},
        ]
        actions.append(execute(say("appointment.set"), "appointment.set", _of(offer)))
    return card([*body, small(say("appointment.list.sees"), separator=True)], actions)


def said(text: str) -> Json:
    """In the place of a form that is done with."""
    return card([paragraph(text)])


def letter(say: Texts, title: str, news: str, when: str) -> Json:
    """What somebody else has changed."""
    return card(
        [
            small(say("appointment.origin", title=plain(title))),
            paragraph(say(f"appointment.news.{news}", when=when)),
        ]
    )


def _slots(say: Texts, offer: Offer, slots: Iterable[Slot], label: str) -> Json:
    return {
        "type": "Input.ChoiceSet",
        "id": "slot",
        "label": label,
        "style": "expanded",
        "choices": [choice(moment(say, offer, slot), slot.id) for slot in slots],
    }


def form(say: Texts, studies: Iterable[tuple[str, str]], written: str, problem: str | None) -> Json:
    """Asks for times to offer; `studies` are ids and titles."""
    choices = [choice(title, ident) for ident, title in studies]
    return card(
        [
            heading(say("appointment.form")),
            *([notice(problem)] if problem else []),
            paragraph(say("appointment.form.task")),
            {
                "type": "Input.ChoiceSet",
                "id": "study",
                "label": say("appointment.form.study"),
                "value": choices[0]["value"],
                "choices": choices,
            },
            {
                "type": "Input.Text",
                "id": "times",
                "label": say("appointment.form.times"),
                "isMultiline": True,
                "maxLength": 500,
                **({"value": written} if written else {}),
            },
            small(say("appointment.sees")),
        ],
        [execute(say("appointment.form.offer"), "appointment.offer", {}, style="positive")],
    )


def _of(offer: Offer) -> Json:
    return {"offer": offer.id}
