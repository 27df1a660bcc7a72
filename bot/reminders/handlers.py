"""Reminders: put off, switched off, paused, and set to somebody's hours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Protocol

from bot.delivery.maintenance import ZONE
from bot.gateway.events import Json, Origin, Press, Say
from bot.reminders import cards
from bot.reminders.service import addressed
from bot.routing.needs import HasClock, HasDispatcher, HasGroups, HasOperational, HasReminders
from bot.routing.scopes import Verb, by_leader, personally, refused
from bot.routing.shared import CommandHandler, CommandReply
from bot.studies.cards.study import message
from bot.studies.draft_service import PressReply
from bot.studies.qsort_events import id_of, text
from bot.ui.dates import day, near_moment
from bot.ui.elements import notice, plain
from bot.ui.texts import Texts
from dialogs.groups.group import Group
from dialogs.groups.planning import read_return
from dialogs.groups.reminders import SWITCHES, Recipient, Reminder
from dialogs.groups.working_hours import Quiet
from storage.operational.preferences import Preferences


class Needs(HasDispatcher, HasGroups, HasClock, HasOperational, HasReminders, Protocol):
    """What these handlers work with."""


LONGEST_PAUSE = timedelta(days=366)
_END = frozenset(("slutt", "av", "end", "off", "stopp", "stop"))


async def _put_off(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    """Have the last reminder again later."""
    if not origin.is_personal:
        return say("reminder.in_personal")
    person = origin.person.id
    last = await services.operational.preferences.last_told(person)
    reminder = addressed(last, person) if last else None
    if reminder is None:
        return say("reminder.put_off.none")
    return await _later(services, say, reminder, origin.activity_id)


async def _later(services: Needs, say: Texts, reminder: Reminder, nonce: str) -> str:
    until = await services.reminders.put_off(reminder, nonce)
    if until is None:
        return say("reminder.put_off.no")
    whom = await _whom(services, reminder.person)
    return say("reminder.put_off.done", when=near_moment(say, until, whom.zone, services.now()))


async def _pause(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    if not origin.is_personal:
        return say("reminder.in_personal")
    if not rest:
        return cards.pause(say)
    if rest.casefold() in _END:
        await _change(services, origin, lambda old: replace(old, paused_until=None))
        return say("pause.ended")
    today = _today(services, await _whom(services, origin.person.id))
    until = read_return(rest, today)
    return await _paused(services, origin, say, until if isinstance(until, date) else None, today)


async def _settings(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    """One's own in the personal chat; the quiet hours where the group is."""
    if origin.is_personal:
        return cards.settings(say, await _whom(services, origin.person.id))
    for group in await services.operational.groups.at_place(origin.conversation.id):
        if group.leads(origin.person.id):
            quiet = await services.operational.preferences.quiet(group.id)
            return cards.quiet_hours(
                say, services.groups.name(group, say.language), group.id, quiet
            )
    return refused("reminders", "not_leader", say("quiet.no")).text


# --- Presses ------------------------------------------------------------------------------------


async def _put_off_this(services: Needs, press: Press, say: Texts) -> PressReply:
    reminder = _named(press)
    if reminder is None:
        return Say(say("reminder.put_off.no"))
    # What a press that is delivered twice has in common is its card.
    nonce = press.card_id or press.origin.activity_id
    return _answered(press, await _later(services, say, reminder, nonce))


async def _switch_off(services: Needs, press: Press, say: Texts) -> PressReply:
    reminder = _named(press)
    if reminder is None:
        return Say(say("draft.gone"))
    kind = reminder.kind
    await _change(services, press.origin, lambda old: replace(old, off=old.off | {kind}))
    return _answered(press, say("reminder.off.done", kind=say(f"settings.kind.{kind}")))


def _answered(press: Press, told: str) -> PressReply:
    """In the place of the card; beside it, where it tells of other things too."""
    return Say(told) if cards.AMONG in press.data else message(told)


async def _pause_until(services: Needs, press: Press, say: Texts) -> PressReply:
    today = _today(services, await _whom(services, press.origin.person.id))
    done = await _paused(services, press.origin, say, _date(press.data, "until"), today)
    if isinstance(done, dict) and cards.AMONG in press.data:
        return Say(_which(say, today))
    return done if isinstance(done, dict) else _answered(press, done)


async def _save(services: Needs, press: Press, say: Texts) -> PressReply:
    """What stands on the card of the settings, all of it or nothing."""
    whom = await _whom(services, press.origin.person.id)
    on, today = text(press.data, "kinds").split(","), _today(services, whom)
    opens, closes = _clock(press.data, "opens"), _clock(press.data, "closes")
    until = _date(press.data, "until")
    wished = replace(
        whom,
        off=frozenset(each for each in SWITCHES if each not in on),
        opens=opens or whom.opens,
        closes=closes or whom.closes,
        paused_until=until if until and until > today else None,
    )
    if opens is None or closes is None or opens >= closes:
        return cards.settings(say, wished, notice(say("settings.hours")))
    if until and until > today + LONGEST_PAUSE:
        return cards.settings(say, wished, notice(_which(say, today)))
    chosen = Preferences(wished.paused_until, wished.off, wished.opens, wished.closes)
    await _change(services, press.origin, lambda _: chosen)
    return cards.settings(say, wished, notice(say("settings.saved"), "good"))


async def _keep_quiet(services: Needs, press: Press, say: Texts, group: Group) -> PressReply:
    """A group's quiet hours: set by its facilitator, and shown to all who are in it."""
    since, until = _clock(press.data, "since"), _clock(press.data, "until")
    if (since is None) != (until is None):
        return Say(say("quiet.both"))
    quiet = Quiet(since, until) if since is not None and until is not None else None
    await services.reminders.keep_quiet(group.id, quiet)
    name = plain(services.groups.name(group, say.language))
    if quiet is None:
        return message(say("quiet.removed", group=name))
    hours = {"since": f"{quiet.since:%H:%M}", "until": f"{quiet.until:%H:%M}"}
    return message(say("quiet.saved", group=name, **hours))


# --- What they share ----------------------------------------------------------------------------


async def _paused(
    services: Needs, origin: Origin, say: Texts, until: date | None, today: date
) -> Json | str:
    """No reminders until a day; the card again where that is none."""
    if until is None or not today < until <= today + LONGEST_PAUSE:
        return cards.pause(say, _which(say, today))
    await _change(services, origin, lambda old: replace(old, paused_until=until))
    return say("pause.done", day=day(say, until))


def _which(say: Texts, today: date) -> str:
    return say("pause.which", example=day(say, today + timedelta(weeks=2)))


async def _change(
    services: Needs, origin: Origin, how: Callable[[Preferences], Preferences]
) -> None:
    await services.reminders.change(origin.person, how)
    services.dispatcher.wake()


async def _whom(services: Needs, person: str) -> Recipient:
    return await services.reminders.whom(person, ZONE)


def _today(services: Needs, whom: Recipient) -> date:
    return services.now().astimezone(whom.zone).date()


def _named(press: Press) -> Reminder | None:
    return addressed(id_of(press.data, "reminder"), press.origin.person.id)


def _date(data: Json, key: str) -> date | None:
    try:
        return date.fromisoformat(text(data, key))
    except ValueError:
        return None


def _clock(data: Json, key: str) -> time | None:
    try:
        return time.fromisoformat(text(data, key)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


COMMANDS: dict[str, CommandHandler] = {
    "put_off": _put_off,
    "pause": _pause,
    "reminders": _settings,
}
VERBS: dict[str, Verb] = {
    "reminder.put_off": personally(_put_off_this),
    "reminder.off": personally(_switch_off),
    "reminder.pause": personally(_pause_until),
    "reminder.save": personally(_save),
    "reminder.quiet": by_leader(_keep_quiet),
}
