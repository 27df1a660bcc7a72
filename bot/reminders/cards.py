"""Reminders in the personal chat, and how somebody wants to be reminded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from bot.gateway.events import Json
from bot.notes.cards import in_reminder
from bot.studies.cards.study import SERIES
from bot.ui.elements import (
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
from dialogs.groups.reminders import SWITCHES, Recipient, ReminderKind, SourceName
from dialogs.groups.working_hours import Quiet
from dialogs.sessions.notes import KeptNote
from dialogs.studies.study import Language, TextByLanguage

AMONG = "among"
"""What a button carries whose card has more on it, which is to stay: other things, or a line that
somebody may be writing."""
_LEADING = frozenset({"form.open", "study.start"})
"""What a reminder asks somebody to do: its button is the first."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a reminder tells of: a meeting of a group, or an appointment for a study."""

    title: Mapping[Language, str]
    minutes: int
    calendar: str = ""
    """The address of its calendar file."""
    form: Json | None = None
    """What the button that opens the log form carries, where there is a form."""
    words: Mapping[str, TextByLanguage] = field(default_factory=dict)
    """The method's own."""
    study: str = ""
    """The questionnaire that is asked, where it is about one."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder to be drawn."""

    kind: ReminderKind
    source: SourceName
    address: str
    matter: Matter
    note: KeptNote | None = None
    """What its reader took along, where it is that which they are reminded of."""


def summary(say: Texts, letter: Letter, when: str) -> str:
    """What a notification shows."""
    title = letter.matter.title[say.language]
    say = say.in_words(letter.matter.words)
    return say(f"reminder.{letter.kind}.summary", title=title, when=when)


def reminder(say: Texts, letter: Letter, when: str) -> Json:
    """Why it comes, what it says, and how not to get more of them."""
    origin, title, text = _said(say, letter, when)
    stays = {AMONG: "yes"} if letter.note else {}
    first, *rest = _buttons(say, letter, stays)
    form, link = ([first], rest) if first["verb"] in _LEADING else ([], [first, *rest])
    note = in_reminder(say, letter.note, "went", {}) if letter.note else []
    body = [small(origin), heading(title), paragraph(text), *note]
    return card(body, [*form, *link[:2], _pause_button(say, stays), *link[2:]])


def together(say: Texts, letters: Sequence[tuple[Letter, str]]) -> Json:
    """Several things of one day: each with its own buttons."""
    body = [heading(say("reminder.several"))]
    for number, (letter, when) in enumerate(letters):
        origin, title, text = _said(say, letter, when)
        note = letter.note
        body += [
            small(origin, separator=True),
            paragraph(title, weight="Bolder"),
            paragraph(text, spacing="None"),
            *(in_reminder(say, note, f"went{number}", {AMONG: "yes"}) if note else []),
            {"type": "ActionSet", "actions": _buttons(say, letter, {AMONG: "yes"})},
        ]
    return card(body, [_pause_button(say, {AMONG: "yes"})])


def _said(say: Texts, letter: Letter, when: str) -> tuple[str, str, str]:
    """Where it comes from, what it is, and what it says."""
    matter, kind = letter.matter, letter.kind
    title = plain(matter.title[say.language])
    text = f"reminder.{kind}.text" if letter.note is None else f"reminder.{kind}.note"
    return (
        say(f"reminder.origin.{letter.source}", title=title),
        say(f"reminder.{kind}.title"),
        say(text, title=title, when=when, n=matter.minutes),
    )


def _buttons(say: Texts, letter: Letter, more: Mapping[str, str]) -> list[Json]:
    """The form where there is one, how to hear it later or no more, and the calendar."""
    matter, carried = letter.matter, {"reminder": letter.address, **more}
    buttons = [
        execute(say("reminder.put_off"), "reminder.put_off", carried, inputs=False),
        execute(say("reminder.off"), "reminder.off", carried, inputs=False),
    ]
    if matter.form is not None and letter.kind in ("log_form", "day_before"):
        title = say.in_words(matter.words)("reminder.form")
        buttons.insert(0, execute(title, "form.open", matter.form, style="positive"))
    if matter.study:
        data = {"study": matter.study, SERIES: "yes"}
        buttons.insert(
            0, execute(say("reminder.questionnaire.open"), "study.start", data, inputs=False)
        )
    if matter.calendar and letter.kind in ("invitation", "day_before"):
        link = open_url(say("reminder.calendar"), matter.calendar)
        buttons.append(link)
    return buttons


def _pause_button(say: Texts, carried: Mapping[str, str]) -> Json:
    """Opens a date, and asks for it."""
    confirm = execute(say("pause.confirm"), "reminder.pause", {**carried})
    body = [paragraph(say("pause.what")), required(say, _until_input(say, None))]
    return show_card(say("pause"), body, confirm)


def pause(say: Texts, problem: str | None = None) -> Json:
    """Asks until when somebody wants no reminders."""
    return card(
        [
            heading(say("pause")),
            *([notice(problem)] if problem else []),
            paragraph(say("pause.what")),
            required(say, _until_input(say, None)),
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


def settings(say: Texts, person: Recipient, told: Json | None = None) -> Json:
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
                "value": ",".join(each for each in SWITCHES if each not in person.off),
                "choices": [choice(say(f"settings.kind.{each}"), each) for each in SWITCHES],
            },
            _clock_input("opens", say("settings.opens"), person.opens),
            _clock_input("closes", say("settings.closes"), person.closes),
            small(say("settings.zone", zone=zone_in_words(person.zone.key))),
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
