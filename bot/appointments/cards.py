"""Appointments for a study: where they are offered, chosen, and looked over by who leads them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.gateway.events import Json
from bot.studies.cards.study import title
from bot.ui.dates import weekday
from bot.ui.elements import (
    ask_first,
    card,
    choice,
    execute,
    heading,
    notice,
    open_url,
    paragraph,
    plain,
    required,
    show_card,
    small,
)
from bot.ui.texts import Texts
from bot.ui.zones import zone_in_words
from dialogs.groups.appointments import VENUE_LIMIT, Slot, link_in, without_link
from dialogs.studies.definitions import Definition
from storage.operational.appointments import Offer


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
            *_venue(offer),
            *(paragraph(moment(say, offer, slot), spacing="None") for slot in slots),
            small(say("appointment.zone", zone=zone_in_words(offer.timezone))),
            small(say("appointment.sees")),
        ],
        [execute(say("appointment.open"), "appointment.open", _of(offer), style="positive")],
    )


def _venue(offer: Offer) -> list[Json]:
    written = without_link(offer.venue)
    return [paragraph(plain(written))] if written else []


def everyones(say: Texts, offers: Sequence[tuple[str, Offer]], person: str) -> Json:
    """Every offer with its title: what somebody has chosen, or leads, and the way to each."""
    times = Counter(name for name, _ in offers)
    body: list[Json] = [heading(say("appointment.all"))]
    for number, (name, offer) in enumerate(offers, 1):
        called = f"{name} ({number})" if times[name] > 1 else name
        leads = offer.facilitator == person
        way = "list" if leads else "mine" if offer.times.choice(person) else "open"
        verb = "appointment.list" if leads else "appointment.open"
        press = execute(say(f"appointment.all.{way}", title=called), verb, _of(offer))
        body += [
            paragraph(plain(called), weight="Bolder", separator=True),
            paragraph(say("appointment.all.leads") if leads else _state(say, offer, person)),
            {"type": "ActionSet", "actions": [press]},
        ]
    return card([*body, small(say("appointment.sees"), separator=True)])


def chooser(
    say: Texts,
    title: str,
    offer: Offer,
    person: str,
    problem: str | None = None,
    *,
    calendar: str = "",
    of_several: bool = False,
) -> Json:
    """One's own choice, in the personal chat."""
    mine = offer.times.choice(person)
    chosen = offer.times.slot(mine.slot) if mine else None
    free = [slot for slot in offer.times.slots if offer.times.is_free(slot) and slot != chosen]
    actions: list[Json] = []
    if free:
        key = "appointment.change" if mine else "appointment.choose"
        actions.append(execute(say(key), "appointment.choose", _of(offer), style="positive"))
    if mine is None or mine.slot is not None:
        ask = execute(say("appointment.ask"), "appointment.ask", _of(offer), inputs=False)
        actions.append(ask)
    if mine is not None:
        cancel = execute(say("appointment.cancel"), "appointment.cancel", _of(offer), inputs=False)
        actions.append(cancel)
    links = (("appointment.link", link_in(offer.venue)), ("appointment.calendar", calendar))
    actions += [open_url(say(key), url) for key, url in links if url]
    if of_several:
        actions.append(execute(say("appointment.all"), "appointment.all", {}, inputs=False))
    return card(
        [
            small(say("appointment.heading")),
            heading(plain(title)),
            *([notice(problem)] if problem else []),
            *_venue(offer),
            paragraph(_state(say, offer, person)),
            *([_slots(say, offer, free, say("appointment.free"))] if free else []),
            small(say("appointment.zone", zone=zone_in_words(offer.timezone))),
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
    return card(
        [*body, small(say("appointment.list.sees"), separator=True)],
        [*_calling_off(say, offer), *_giving(say, offer), _taking_back(say, offer)],
    )


def _calling_off(say: Texts, offer: Offer) -> list[Json]:
    slots = offer.times.slots
    if not slots:
        return []
    of, called = _of(offer), say("appointment.call_off")
    do = execute(called, "appointment.call_off", of, style="destructive")
    which = _slots(say, offer, slots, say("appointment.list.slot"))
    return [show_card(say("appointment.list.call_off"), [which], do)]


def _giving(say: Texts, offer: Offer) -> list[Json]:
    """A time of their own, to one of those who asked for it."""
    asking = [each for each in offer.times.choices if each.slot is None]
    if not asking:
        return []
    people = [choice(each.name or say("welcome.someone"), each.person) for each in asking]
    fields: list[Json] = [
        {
            "type": "Input.ChoiceSet",
            "id": "person",
            "label": say("appointment.list.asking"),
            "choices": people,
        },
        {"type": "Input.Date", "id": "day", "label": say("appointment.list.day")},
        {"type": "Input.Time", "id": "time", "label": say("appointment.list.time")},
    ]
    do = execute(say("appointment.set"), "appointment.set", _of(offer))
    return [show_card(say("appointment.list.set"), [required(say, each) for each in fields], do)]


def _taking_back(say: Texts, offer: Offer) -> Json:
    confirm = execute(
        say("appointment.take_back.confirm"),
        "appointment.take_back",
        _of(offer),
        inputs=False,
        style="destructive",
    )
    return ask_first(say("appointment.take_back"), say("appointment.take_back.question"), confirm)


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
    field = {
        "type": "Input.ChoiceSet",
        "id": "slot",
        "label": label,
        "style": "expanded",
        "choices": [choice(moment(say, offer, slot), slot.id) for slot in slots],
    }
    return required(say, field)


def form(
    say: Texts,
    studies: Iterable[Definition],
    place: str,
    written: str = "",
    problem: str | None = None,
    *,
    venue: str = "",
) -> Json:
    """Asks for times to offer, for one of the studies; `place` comes back with it."""
    choices = [choice(title(say, study), study.id) for study in studies]
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
            required(
                say,
                {
                    "type": "Input.Text",
                    "id": "times",
                    "label": say("appointment.form.times"),
                    "isMultiline": True,
                    "maxLength": 500,
                    **({"value": written} if written else {}),
                },
            ),
            {
                "type": "Input.Text",
                "id": "venue",
                "label": say("appointment.form.venue"),
                "maxLength": VENUE_LIMIT,
                **({"value": venue} if venue else {}),
            },
            small(say("appointment.sees")),
        ],
        [
            execute(
                say("appointment.form.offer"),
                "appointment.offer",
                {"place": place},
                style="positive",
            )
        ],
    )


def _of(offer: Offer) -> Json:
    return {"offer": offer.id}
