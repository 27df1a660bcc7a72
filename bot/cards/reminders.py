"""Reminders in the personal chat, and how somebody wants to be reminded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.cards.parts import card, choice, execute, heading, notice, paragraph, plain, small
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs.reminders import KINDS, Kind, Person, Quiet
from dialogs.study import Language

SourceName: TypeAlias = Literal["meeting", "slot"]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a reminder tells of: a meeting of a group, or an appointment for a study."""

    title: Mapping[Language, str]
    minutes: int
    calendar: str = ""
    """The address of its calendar file."""
    form: Json | None = None
    """What the button that opens the log form carries, where there is a form."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder to be drawn."""

    kind: Kind
    source: SourceName
    address: str
    matter: Matter


def when(say: Texts, at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A moment as its reader would say it: the day by name, where it is near."""
    local = at.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    key = {0: "when.today", 1: "when.tomorrow"}.get(days, "when.later")
    return say(key, day=weekday(say, local.date()), time=f"{local:%H:%M}")


def weekday(say: Texts, day: date) -> str:
    return format_date(day, say("when.day"), locale=say.language)


def summary(say: Texts, letter: Letter, when: str) -> str:
    """What a notification shows."""
    title = letter.matter.title[say.language]
    return say(f"reminder.{letter.kind}.summary", title=title, when=when)


def reminder(say: Texts, letter: Letter, when: str) -> Json:
    """Why it comes, what it says, and how not to get more of them."""
    matter, kind = letter.matter, letter.kind
    carried = {"reminder": letter.address}
    actions = [
        execute(say("reminder.put_off"), "reminder.put_off", carried),
        execute(say("reminder.off"), "reminder.off", carried),
        _pause_button(say),
    ]
    if matter.form is not None and kind in ("log_form", "day_before"):
        actions.insert(0, execute(say("reminder.form"), "form.open", matter.form, style="positive"))
    if matter.calendar and kind in ("invitation", "day_before"):
        link = {"type": "Action.OpenUrl", "title": say("reminder.calendar"), "url": matter.calendar}
        actions.append(link)
    title = plain(matter.title[say.language])
    return card(
        [
            small(say(f"reminder.origin.{letter.source}", title=title)),
            heading(say(f"reminder.{kind}.title")),
            paragraph(say(f"reminder.{kind}.text", title=title, when=when, n=matter.minutes)),
        ],
        actions,
    )


def _pause_button(say: Texts) -> Json:
    """Opens a date, and asks for it."""
    confirm = execute(say("pause.confirm"), "reminder.pause", {})
    body = [paragraph(say("pause.what")), _until_input(say, None)]
    return {
        "type": "Action.ShowCard",
        "title": say("pause"),
        "card": {"type": "AdaptiveCard", "body": body, "actions": [confirm]},
    }


def pause(say: Texts, problem: str | None = None) -> Json:
    """Asks until when somebody wants no reminders."""
    return card(
        [
            heading(say("pause")),
            *([notice(problem)] if problem else []),
            paragraph(say("pause.what")),
            _until_input(say, None),
        ],
        [execute(say("pause.confirm"), "reminder.pause", {})],
    )


def _until_input(say: Texts, until: date | None) -> Json:
    return {
        "type": "Input.Date",
        "id": "until",
        "label": say("pause.until"),
        **({"value": until.isoformat()} if until else {}),
    }


def settings(say: Texts, person: Person, told: Json | None = None) -> Json:
    """Which reminders somebody gets, at which hours, and since when again."""
    return card(
        [
            heading(say("settings")),
            *([told] if told else []),
            paragraph(say("settings.rules")),
            {
                "type": "Input.ChoiceSet",
                "id": "kinds",
                "label": say("settings.kinds"),
                "isMultiSelect": True,
                "style": "expanded",
                "value": ",".join(kind for kind in KINDS if kind not in person.off),
                "choices": [choice(say(f"settings.kind.{kind}"), kind) for kind in KINDS],
            },
            _clock_input("opens", say("settings.opens"), person.opens),
            _clock_input("closes", say("settings.closes"), person.closes),
            small(say("settings.zone", zone=plain(str(person.zone)))),
            _until_input(say, person.paused_until),
            small(say("settings.sees")),
        ],
        [execute(say("settings.save"), "reminder.save", {}, style="positive")],
    )


def quiet_hours(say: Texts, name: str, group: str, quiet: Quiet | None) -> Json:
    """Asks in which hours a group's members are not to be written to."""
    return card(
        [
            heading(say("quiet")),
            paragraph(say("quiet.what", group=plain(name))),
            _clock_input("since", say("quiet.since"), quiet.since if quiet else None),
            _clock_input("until", say("quiet.until"), quiet.until if quiet else None),
            small(say("quiet.none")),
        ],
        [execute(say("settings.save"), "reminder.quiet", {"group": group}, style="positive")],
    )


def _clock_input(ident: str, label: str, value: time | None) -> Json:
    return {
        "type": "Input.Time",
        "id": ident,
        "label": label,
        **({"value": f"{value:%H:%M}"} if value else {}),
    }
