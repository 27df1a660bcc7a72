"""Reminders: put off, switched off, paused, and set to somebody's hours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

from bot.cards import reminders as cards
from bot.cards.parts import notice, plain
from bot.cards.study import day, message
from bot.clock import ZONE
from bot.gateway.events import Json, Origin, Press, Say
from bot.perform import Reply
from bot.presses import text
from bot.reminders import Reminder, addressed
from bot.texts import Texts
from bot.turns.services import Services
from bot.turns.shared import Command, Said, Verb, personally
from dialogs.reminders import KINDS, Person, Quiet
from dialogs.series import read_day
from storage.preferences import Preferences

LONGEST_PAUSE = timedelta(days=366)
_END = frozenset(("slutt", "av", "end", "off", "stopp", "stop"))


async def _put_off(services: Services, origin: Origin, say: Texts, _: str) -> Said:
    """Have the last reminder again later."""
    if not origin.is_personal:
        return say("reminder.in_personal")
    person = origin.person.id
    last = await services.operational.preferences.last_told(person)
    reminder = addressed(last, person) if last else None
    if reminder is None:
        return say("reminder.put_off.none")
    return await _later(services, say, reminder, origin.activity_id)


async def _later(services: Services, say: Texts, reminder: Reminder, nonce: str) -> str:
    until = await services.reminders.put_off(reminder, nonce)
    if until is None:
        return say("reminder.put_off.no")
    whom = await _whom(services, reminder.person)
    return say("reminder.put_off.done", when=cards.when(say, until, whom.zone, services.now()))


async def _pause(services: Services, origin: Origin, say: Texts, rest: str) -> Said:
    if not origin.is_personal:
        return say("reminder.in_personal")
    if not rest:
        return cards.pause(say)
    if rest.casefold() in _END:
        await _change(services, origin, lambda old: replace(old, paused_until=None))
        return say("pause.ended")
    today = _today(services, await _whom(services, origin.person.id))
    until = read_day(rest, today)
    return await _paused(services, origin, say, until if isinstance(until, date) else None, today)


async def _settings(services: Services, origin: Origin, say: Texts, _: str) -> Said:
    """One's own in the personal chat; the quiet hours where the group is."""
    if origin.is_personal:
        return cards.settings(say, await _whom(services, origin.person.id))
    for group in await services.operational.groups.at_place(origin.conversation.id):
        if group.facilitator == origin.person.id:
            quiet = await services.operational.preferences.quiet(group.id)
            return cards.quiet_hours(say, group.name, group.id, quiet)
    return say("quiet.no")


# --- Presses ------------------------------------------------------------------------------------


async def _put_off_this(services: Services, press: Press, say: Texts) -> Reply:
    reminder = _named(press)
    if reminder is None:
        return Say(say("reminder.put_off.no"))
    # What a press that is delivered twice has in common is its card.
    nonce = press.card_id or press.origin.activity_id
    return message(await _later(services, say, reminder, nonce))


async def _switch_off(services: Services, press: Press, say: Texts) -> Reply:
    reminder = _named(press)
    if reminder is None:
        return Say(say("draft.gone"))
    kind = reminder.kind
    await _change(services, press.origin, lambda old: replace(old, off=old.off | {kind}))
    return message(say("reminder.off.done", kind=say(f"settings.kind.{kind}")))


async def _pause_until(services: Services, press: Press, say: Texts) -> Reply:
    today = _today(services, await _whom(services, press.origin.person.id))
    done = await _paused(services, press.origin, say, _date(press.data, "until"), today)
    return done if isinstance(done, dict) else message(done)


async def _save(services: Services, press: Press, say: Texts) -> Reply:
    """What stands on the card of the settings, all of it or nothing."""
    whom = await _whom(services, press.origin.person.id)
    on, today = text(press.data, "kinds").split(","), _today(services, whom)
    opens, closes = _clock(press.data, "opens"), _clock(press.data, "closes")
    until = _date(press.data, "until")
    wished = replace(
        whom,
        off=frozenset(kind for kind in KINDS if kind not in on),
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


async def _keep_quiet(services: Services, press: Press, say: Texts) -> Reply:
    """A group's quiet hours: set by its facilitator, and shown to all who are in it."""
    circle = await services.operational.groups.circle(text(press.data, "group"))
    if circle is None or circle.group.facilitator != press.origin.person.id:
        return Say(say("quiet.no"))
    group = circle.group
    since, until = _clock(press.data, "since"), _clock(press.data, "until")
    if (since is None) != (until is None):
        return Say(say("quiet.both"))
    quiet = Quiet(since, until) if since is not None and until is not None else None
    async with services.operational.begin() as transaction:
        transaction.also(services.operational.preferences.set_quiet(group.id, quiet))
    if quiet is None:
        return message(say("quiet.removed", group=plain(group.name)))
    hours = {"since": f"{quiet.since:%H:%M}", "until": f"{quiet.until:%H:%M}"}
    return message(say("quiet.saved", group=plain(group.name), **hours))


# --- What they share ----------------------------------------------------------------------------


async def _paused(
    services: Services, origin: Origin, say: Texts, until: date | None, today: date
) -> Json | str:
    """No reminders until a day; the card again where that is none."""
    if until is None or not today < until <= today + LONGEST_PAUSE:
        return cards.pause(say, _which(say, today))
    await _change(services, origin, lambda old: replace(old, paused_until=until))
    return say("pause.done", day=day(say, until))


def _which(say: Texts, today: date) -> str:
    return say("pause.which", example=day(say, today + timedelta(weeks=2)))


async def _change(
    services: Services, origin: Origin, how: Callable[[Preferences], Preferences]
) -> None:
    async with services.operational.begin() as transaction:
        transaction.remember(origin.person.id, origin.person.teams_id)
        transaction.also(services.operational.preferences.change(origin.person.id, how))


async def _whom(services: Services, person: str) -> Person:
    return await services.reminders.whom(person, ZONE)


def _today(services: Services, whom: Person) -> date:
    return services.now().astimezone(whom.zone).date()


def _named(press: Press) -> Reminder | None:
    return addressed(text(press.data, "reminder"), press.origin.person.id)


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


COMMANDS: dict[str, Command] = {
    "put_off": _put_off,
    "pause": _pause,
    "reminders": _settings,
}
VERBS: dict[str, Verb] = {
    "reminder.put_off": personally(_put_off_this),
    "reminder.off": personally(_switch_off),
    "reminder.pause": personally(_pause_until),
    "reminder.save": personally(_save),
    "reminder.quiet": _keep_quiet,
}
