"""What the guides promise of time, a rule for each sentence, and whatever does not keep it.

Each rule reads the history alone. What it reckons, it reckons by itself (`days`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from dialogs.groups.appointments import Slot
from dialogs.groups.group import Group, Meeting
from dialogs.groups.working_hours import Quiet
from simulation.office import days
from simulation.office.history import (
    AT_ONCE,
    KEPT_FOR_THEM,
    REMINDERS,
    History,
    Part,
    Told,
)
from storage.operational.preferences import Preferences

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_FORTNIGHT = 14 * _DAY
_SOON = 10 * _MINUTE
_MORNING = 2 * _MINUTE
"""What is to come when somebody's day begins may take so long."""

Guide = Literal["deltaker", "fasilitator"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`broken` yields whatever is not as the sentence says."""

    guide: Guide
    sentence: str
    broken: Callable[[History], Iterator[str]]


def faults(history: History) -> list[str]:
    """Whatever is not as the guides say, with the sentence that says so."""
    return [
        f"«{rule.sentence}»: {fault}"
        for rule in RULES
        for fault in dict.fromkeys(rule.broken(history))
    ]


# --- What a message is about --------------------------------------------------------------------


def _zone(history: History, told: Told) -> ZoneInfo:
    return history.zones[told.person]


def _local(history: History, told: Told) -> datetime:
    return told.at.astimezone(_zone(history, told))


def _right(history: History) -> Iterator[Told]:
    """What came while the machine's clock was right."""
    return (told for told in history.told if not history.is_wrong(told.at))


def _choice(history: History, person: str, at: datetime) -> Preferences:
    return history.chosen[person].at(at) or Preferences()


def _hours(history: History, person: str, at: datetime) -> tuple[time, time]:
    chosen = _choice(history, person, at)
    return chosen.opens or time(8), chosen.closes or time(16)


def _is_paused(history: History, person: str, at: datetime) -> bool:
    until = _choice(history, person, at).paused_until
    return until is not None and at.astimezone(history.zones[person]).date() < until


def _meeting(history: History, part: Part, at: datetime) -> tuple[Group, Meeting] | None:
    group = history.group(part.of, at)
    meeting = group.meeting(part.occasion) if group else None
    return (group, meeting) if group and meeting else None


def _begins(history: History, part: Part, at: datetime) -> Meeting | Slot | None:
    """What a part tells of, as it was known then."""
    if found := _meeting(history, part, at):
        return found[1]
    # A time is deleted at the very moment when it begins.
    known = history.times[part.of].at(at - _MINUTE) if part.of in history.times else None
    return known[0].slot(part.occasion) if known else None


def _is_quiet(quiet: Quiet | None, zone: ZoneInfo, at: datetime) -> bool:
    local = at.astimezone(zone).time()
    if quiet is None:
        return False
    if quiet.since <= quiet.until:
        return quiet.since <= local < quiet.until
    return local >= quiet.since or local < quiet.until


def _of_kind(history: History, *kinds: str) -> Iterator[tuple[Told, Part]]:
    for told in history.told:
        for part in told.parts:
            if part.kind in kinds:
                yield told, part


def _waits(told: Told) -> bool:
    """Whether it is of what can wait."""
    return any(part.kind not in AT_ONCE for part in told.parts)


# --- Each on its day ----------------------------------------------------------------------------


def _on_day(kind: str) -> Callable[[History], Iterator[str]]:
    """Never before its day, nor when the next has taken its place; or after it is over."""

    def broken(history: History) -> Iterator[str]:
        for told, part in _of_kind(history, kind):
            known = _begins(history, part, told.at)
            if history.is_wrong(told.at):
                continue
            if known is None:
                yield f"{told}, of nothing that is to come"
                continue
            since, until = _window(history, told.person, kind, known)
            if not since <= told.at < until + (_DAY / 2 if kind in _EARLY else _MORNING):
                yield f"{told}, and it begins at {known.starts_at:%a %Y-%m-%d %H:%M}"

    return broken


_Window: TypeAlias = tuple[datetime, datetime]


_EARLY = ("invitation", "log_form")
"""What gives way to the next when that one's day begins, at its reader's own hour."""


def _window(history: History, person: str, kind: str, about: Meeting | Slot) -> _Window:
    """From when to when something serves its purpose."""
    zone, starts, ends = history.zones[person], about.starts_at, about.ends_at
    first, last = starts.astimezone(zone).date(), ends.astimezone(zone).date()

    def day(which: date) -> datetime:
        return days.at(which, time(), zone)

    before, prepares = days.working(first, -1), days.working(first, -2)
    match kind:
        case "invitation":
            return day(days.on_or_after(first - 7 * _DAY)), day(prepares)
        case "log_form":
            return day(prepares), day(before)
        case "day_before":
            return day(before), starts - _SOON
        case "soon":
            return starts - _SOON, starts - _MORNING
        case "try":
            return ends, day(days.working(last, 3))
        case _:
            return ends + 14 * _DAY, ends + 60 * _DAY


def _asked_in_its_days(history: History) -> Iterator[str]:
    """In the week before the first meeting, or in the two weeks after the last; not twice."""
    before: dict[tuple[str, str], datetime] = {}
    for told, part in _of_kind(history, "questionnaire"):
        group = history.group(part.of, told.at)
        if history.is_wrong(told.at):
            continue
        if group is None or not group.series:
            yield f"{told}, of nothing that is to come"
            continue
        first, last = group.series[0].starts_at, group.series[-1].ends_at
        week = days.at(first.astimezone(group.zone).date() - 7 * _DAY, time(), group.zone)
        since, until = (
            (week, first) if part.occasion.endswith("before") else (last, last + _FORTNIGHT)
        )
        if not since <= told.at < until + _MORNING:
            yield f"{told}, and not in its days"
        again = before.get((told.person, part.occasion))
        if again and told.at - again < _FORTNIGHT and not told.put_off:
            yield f"{told}, and had it at {again:%Y-%m-%d}"
        before[told.person, part.occasion] = told.at


def _soon_always(history: History) -> Iterator[str]:
    """Whoever has a seat hears it, whatever else the day held."""
    got = {(told.person, part.occasion) for told, part in _of_kind(history, "soon")}
    for group, meeting in history.meetings():
        at = meeting.starts_at - _SOON
        was = history.group(group.id, at)
        now = was.meeting(meeting.id) if was else None
        is_still = history.groups[group.id].is_still(at - _MINUTE, at + _SOON)
        if was is None or now is None or now.state != "planned" or not is_still:
            continue
        if now.starts_at != meeting.starts_at:
            continue
        if not history.is_calm(at - _DAY, at + _SOON):
            continue
        for person in {m.person for m in was.joined if not m.since or m.since < at - _MINUTE}:
            if (person, meeting.id) not in got and _may_hear(history, person, "soon", group, at):
                yield f"{person[:4]} did not hear that meeting {meeting.number} begins at {at}"


def _may_hear(history: History, person: str, kind: str, group: Group, at: datetime) -> bool:
    """Whether nothing that they or the group chose stands in the way, at that very moment."""
    day = at.astimezone(history.zones[person]).date()
    is_free = not days.is_holiday(day) and not _is_paused(history, person, at)
    quiet = _is_quiet(history.quiet[group.id].at(at), group.zone, at)
    is_still = history.chosen[person].is_still(at - _DAY, at + _SOON)
    return is_free and not quiet and is_still and kind not in _choice(history, person, at).off


def _early_is_not_soon(history: History) -> Iterator[str]:
    for told, part in _of_kind(history, "soon"):
        found = _meeting(history, part, told.at)
        if found and found[1].state == "held":
            yield f"{told}, and it has begun"


def _comes(kind: str) -> Callable[[History], Iterator[str]]:
    """Where nothing changed and nothing stood in its way, it came; or every day that it could
    come on held something else."""

    def broken(history: History) -> Iterator[str]:
        got = {(told.person, part.occasion) for told, part in _of_kind(history, kind)}
        busy = {
            (told.person, _local(history, told).date())
            for told in history.told
            if any(part.kind != "soon" for part in told.parts)
        }
        for group, meeting in history.meetings():
            if meeting.is_cancelled:
                continue
            for person in sorted({m.person for m in group.joined}):
                window = _window(history, person, kind, meeting)
                is_settled = _is_settled(history, (group, meeting), person, window)
                if (person, meeting.id) in got or not is_settled:
                    continue
                free = [*_free_days(history, group, kind, person, window)]
                empty = [day for day in free if (person, day) not in busy]
                if empty:
                    yield (
                        f"{person[:4]} did not get {kind} of the meeting at "
                        f"{meeting.starts_at:%a %Y-%m-%d %H:%M} on {empty[0]}"
                    )

    return broken


def _is_settled(
    history: History, found: tuple[Group, Meeting], person: str, window: _Window
) -> bool:
    """Whether all that it depends on was as it is from the day before on."""
    (group, meeting), (since, until) = found, window
    since -= _DAY
    if not history.is_calm(since, until) or not history.chosen[person].is_still(since, until):
        return False
    if not history.quiet[group.id].is_still(since, until):
        return False
    for was in history.groups[group.id].during(since, until):
        member = was.member(person) if was else None
        then = was.meeting(meeting.id) if was else None
        if member is None or member.status != "joined" or then is None:
            return False
        if then.starts_at != meeting.starts_at or then.is_cancelled:
            return False
    return not any(history.talks[group.id].during(since, until))


def _free_days(
    history: History, group: Group, kind: str, person: str, window: _Window
) -> Iterator[date]:
    """The working days of a window on whose morning one may write to somebody."""
    since, until = window
    zone, (opens, closes) = history.zones[person], _hours(history, person, since)
    off = _choice(history, person, since).off
    day = since.astimezone(zone).date()
    while day <= until.astimezone(zone).date() and kind not in off:
        morning, evening = days.at(day, opens, zone), days.at(day, closes, zone)
        begins, ends = max(morning, since), min(evening, until)
        moments = [begins + n * 15 * _MINUTE for n in range(40)]
        quiet = history.quiet[group.id].at(begins)
        can = any(m + _MORNING < ends and not _is_quiet(quiet, group.zone, m) for m in moments)
        if can and days.is_working(day) and not _is_paused(history, person, morning):
            yield day
        day += _DAY


def _tried_by_who_was_there(history: History) -> Iterator[str]:
    for told, part in _of_kind(history, "try"):
        found = _meeting(history, part, told.at)
        member = found[0].member(told.person) if found else None
        if found and (member is None or (member.since and member.since >= found[1].ends_at)):
            yield f"{told}, and was not there"
        if found and history.talks[part.of].at(told.at):
            yield f"{told}, and they are still at it"


def _used_of_the_last(history: History) -> Iterator[str]:
    for told, part in _of_kind(history, "used"):
        found = _meeting(history, part, told.at)
        held = [m for m in found[0].meetings if not m.is_cancelled] if found else []
        if found and found[1] != max(held, key=lambda m: m.starts_at):
            yield f"{told}, which was not of the last meeting"


# --- How many, and at which hours ---------------------------------------------------------------


def _one_a_day(history: History) -> Iterator[str]:
    """One of what can wait, and none after what cannot."""
    per_day = defaultdict[tuple[str, date], list[Told]](list)
    for told in _right(history):
        if any(part.kind != "soon" for part in told.parts) and not told.put_off:
            per_day[told.person, _local(history, told).date()].append(told)
    for (person, day), messages in per_day.items():
        # Of what comes at the same moment, what takes the day comes first.
        messages.sort(key=lambda told: (told.at, told.parts[0].kind in KEPT_FOR_THEM))
        wanting = [
            n
            for n, told in enumerate(messages)
            if all(part.kind not in (*AT_ONCE, *KEPT_FOR_THEM) for part in told.parts)
        ]
        if len(wanting) > 1 or any(wanting):
            kinds = [part.kind for told in messages for part in told.parts]
            yield f"{person[:4]} got {', '.join(kinds)} on {day}"


def _not_twice(history: History) -> Iterator[str]:
    got = Counter[tuple[str, str, str, datetime | None]]()
    for told in history.told:
        for part in told.parts:
            if part.kind in REMINDERS and not told.put_off:
                known = _begins(history, part, told.at)
                starts = known.starts_at if known and part.kind != "invitation" else None
                got[told.person, part.kind, part.occasion, starts] += 1
    for (person, kind, _, starts), times in got.items():
        if times > 1:
            yield f"{person[:4]} got {kind} {times} times of what begins at {starts}"


def _at_work(history: History) -> Iterator[str]:
    for told in _right(history):
        local = _local(history, told)
        if all(part.kind in ("soon", *AT_ONCE) for part in told.parts):
            continue
        opens, closes = _hours(history, told.person, told.at)
        if not (days.is_working(local.date()) and opens <= local.time() < closes):
            yield f"{told}, which is {local:%a %H:%M} there"


def _no_holiday(history: History) -> Iterator[str]:
    for told in _right(history):
        if _waits(told) and days.is_holiday(_local(history, told).date()):
            yield f"{told}, on a public holiday"


def _no_quiet_hours(history: History) -> Iterator[str]:
    for told in _right(history):
        for part in told.parts:
            group = history.group(part.of, told.at)
            if group is None or part.kind in AT_ONCE:
                continue
            if _is_quiet(history.quiet[part.of].at(told.at), group.zone, told.at):
                yield f"{told}, in the group's quiet hours"
    for at, of, shown in history.posted:
        group, talk = history.group(of, at), history.talks[of].at(at)
        is_slow = talk is not None and talk.pace == "days"
        if group and is_slow and _is_quiet(history.quiet[of].at(at), group.zone, at):
            yield f"{shown} was posted at {at}, in the group's quiet hours"


def _paused_is_left_alone(history: History) -> Iterator[str]:
    for told in _right(history):
        if _waits(told) and not told.put_off and _is_paused(history, told.person, told.at):
            yield f"{told}, and has a pause"


def _switched_off(history: History) -> Iterator[str]:
    for told in _right(history):
        off = _choice(history, told.person, told.at).off
        if any(part.kind in off for part in told.parts):
            yield f"{told}, and has switched that off"


def _says_whose(history: History) -> Iterator[str]:
    """Which group it comes from, and when in the reader's own words; and three buttons."""
    for told in history.told:
        for part in told.parts:
            found = _meeting(history, part, told.at)
            if part.kind in REMINDERS and found:
                if found[0].name not in told.text:
                    yield f"{told}, and it names no group"
                if not all(f"\n{word}" in told.text for word in ("Utsett", "Slå av", "Ta pause")):
                    yield f"{told}, and buttons are missing"


def _zones_are_named(history: History) -> Iterator[str]:
    """The time stands by the reader's own clock; and by which, where the group has another."""
    for told in _right(history):
        for part in told.parts:
            found = _meeting(history, part, told.at)
            if part.kind not in ("invitation", "log_form", "day_before", "soon") or not found:
                continue
            zone = _zone(history, told)
            starts = found[1].starts_at.astimezone(zone)
            if f"{starts:%H:%M}" not in told.text:
                yield f"{told}, and it does not say {starts:%H:%M}"
            elif _is_elsewhere(zone, found) and zone.key.replace("_", " ") not in told.text:
                yield f"{told}, and it does not say by which clock"


def _is_elsewhere(zone: ZoneInfo, found: tuple[Group, Meeting]) -> bool:
    """Whether the group's clock shows another time."""
    group, meeting = found
    starts = meeting.starts_at
    return starts.astimezone(zone).utcoffset() != starts.astimezone(group.zone).utcoffset()


def _only_those_in_it(history: History) -> Iterator[str]:
    for told in _right(history):
        for part in told.parts:
            if part.kind not in REMINDERS or part.of not in history.groups:
                continue
            group, found = history.group(part.of, told.at), _meeting(history, part, told.at)
            if group is None or found is None:
                yield f"{told}, of a group that is no more"
                continue
            is_member = any(member.person == told.person for member in group.joined)
            leads = group.facilitator == told.person and part.kind in ("day_before", "soon")
            if not (is_member or leads):
                yield f"{told}, and is not in the group"
            if found[1].is_cancelled:
                yield f"{told}, of a meeting that is cancelled"


def _everything_is_known(history: History) -> Iterator[str]:
    for told, part in _of_kind(history, "unknown"):
        yield f"{told}: {part.of}"


# --- News ---------------------------------------------------------------------------------------


def _told_at_once(kind: str) -> Callable[[History], Iterator[str]]:
    """Everyone in it or in line for it, once, within the minute; but for whoever did it."""

    def broken(history: History) -> Iterator[str]:
        got = defaultdict[tuple[str, str], list[datetime]](list)
        for told, part in _of_kind(history, kind):
            got[told.person, part.occasion].append(told.at)
        for at, changed, of, occasion in history.changed:
            group = history.group(of, at)
            if changed != kind or group is None or not history.is_calm(at, at + _MINUTE):
                continue
            for member in group.members:
                times = sum(at <= heard <= at + _MINUTE for heard in got[member.person, occasion])
                if member.person != group.facilitator and times != 1:
                    yield f"{member.person[:4]} heard {times} times that a meeting was {kind}, {at}"
        known = {(changed, occasion) for _, changed, _, occasion in history.changed}
        for (person, occasion), heard in got.items():
            if (kind, occasion) not in known:
                yield f"{person[:4]} heard at {heard[0]} that a meeting was {kind}"

    return broken


def _asked_until(history: History) -> Iterator[str]:
    """By the clock on the card, and not beyond the meeting; at an hour at which they work."""
    for told, part in _of_kind(history, "asked"):
        group = history.group(part.of, told.at)
        member = group.member(told.person) if group else None
        if group is None or member is None or member.asked_until is None:
            continue
        until = member.asked_until
        coming = [m.starts_at for m in group.coming(told.at)]
        if not history.is_wrong(told.at) and coming and until > min(coming):
            yield f"{told}, with a seat until {until}, beyond the meeting"
        if f"{until.astimezone(group.zone):%H:%M}" not in told.text:
            yield f"{told}, and it does not say until {until.astimezone(group.zone):%H:%M}"


def _then_the_next(history: History) -> Iterator[str]:
    """Nobody keeps a seat beyond what was said; and nobody is asked while they are away."""
    for of, course in history.groups.items():
        for at, group in course.changes:
            late = [m for m in group.members if m.asked_until] if group else []
            for member in late:
                until = member.asked_until or at
                if at > until + 5 * _MINUTE and history.is_calm(until - _DAY, at):
                    yield f"{member.person[:4]} keeps a seat of {of[:4]} until {at}"


def _asked_when_back(history: History) -> Iterator[str]:
    for told, part in _of_kind(history, "asked"):
        if _is_paused(history, told.person, told.at) and not history.is_wrong(told.at):
            yield f"{told}, of {part.of[:4]}, and has a pause"


def _phase_once(history: History) -> Iterator[str]:
    got = Counter[tuple[str, str, datetime]]()
    for told, part in _of_kind(history, "phase"):
        began = [at for at, talk in history.talks[part.of].changes if talk and at <= told.at]
        ended = [at for at, talk in history.talks[part.of].changes if not talk and at < told.at]
        first = min((at for at in began if not ended or at > max(ended)), default=told.at)
        got[told.person, part.of, first] += 1
    for (person, _, first), times in got.items():
        if times > 1:
            yield f"{person[:4]} was reminded {times} times of the session that began at {first}"


def _phases_by_day(history: History) -> Iterator[str]:
    """What the clock opens over days is opened on a working day of the group's."""
    for at, of, shown in history.posted:
        group, talk = history.group(of, at), history.talks[of].at(at)
        if group is None or talk is None or talk.pace != "days" or history.is_wrong(at):
            continue
        local = at.astimezone(group.zone)
        since = max(
            (s.until for s in history.down if s.until <= at),
            default=datetime.min.replace(tzinfo=UTC),
        )
        if at - since > _MORNING and not (days.is_working(local.date()) and 8 <= local.hour < 17):
            yield f"{shown} was opened at {local:%a %Y-%m-%d %H:%M}"


# --- Ends ---------------------------------------------------------------------------------------


def _kept_ninety_days(history: History) -> Iterator[str]:
    """A group is there until ninety days after the last meeting, and gone two nights later; where
    a meeting was cancelled two weeks may be left from then on."""
    for of, course in history.groups.items():
        known = [(at, group) for at, group in course.changes if group]
        if not known:
            continue
        changed, last = known[-1]
        days_met = [
            m.ends_at.astimezone(last.zone).date() for m in last.meetings if not m.is_cancelled
        ]
        ends = max([last.used, *days_met]) + 90 * _DAY
        gone = next((at for at, group in course.changes if group is None), None)
        if gone and not history.is_wrong(gone) and gone.astimezone(last.zone).date() <= ends:
            yield f"the group {of[:4]} was gone at {gone}, and was to be kept until {ends}"
        ends = max(ends, changed.astimezone(last.zone).date() + 14 * _DAY)
        if gone is None and days.at(ends + 4 * _DAY, time(), last.zone) < history.ends:
            yield f"the group {of[:4]} is there, and was to be kept until {ends}"


def _warned(history: History) -> Iterator[str]:
    """Two weeks before, if nothing keeps it, the facilitator hears of it; if it lives yet."""
    told = {(t.person, part.of): t.at for t, part in _of_kind(history, "leaving")}
    for of, course in history.groups.items():
        known = [group for _, group in course.changes if group]
        gone = next((at for at, group in course.changes if group is None), None)
        if not known or gone is None or gone > history.ends or known[-1].state == "ended":
            continue
        person = known[-1].facilitator
        still = history.chosen[person].is_still(gone - 20 * _DAY, gone)
        calm = history.is_calm(gone - 20 * _DAY, gone)
        if calm and still and not _is_paused(history, person, gone) and (person, of) not in told:
            yield f"{person[:4]} was not told that the group {of[:4]} would be gone at {gone}"


def _forms_are_gone(history: History) -> Iterator[str]:
    for at, count in history.forms:
        if count:
            yield f"{count} log forms of meetings long past are there at {at}"


def _nothing_is_left(history: History) -> Iterator[str]:
    yield from history.left


# --- Times --------------------------------------------------------------------------------------


def _times_deleted(history: History) -> Iterator[str]:
    for of, course in history.times.items():
        for at, known in course.changes:
            for slot in known[0].slots if known else ():
                if slot.starts_at + 2 * _MINUTE < at and history.is_calm(slot.starts_at - _DAY, at):
                    yield f"the time at {slot.starts_at} of {of[:4]} is there at {at}"


def _called_off_once(history: History) -> Iterator[str]:
    got = Counter((told.person, told.at) for told, _ in _of_kind(history, "slot:called_off"))
    for (person, at), times in got.items():
        if times > 1:
            yield f"{person[:4]} heard {times} times at {at} that a time was called off"


# --- Colleagues ---------------------------------------------------------------------------------


def _share(history: History, at: datetime, *people: str) -> bool:
    """Whether some group had a seat for all of these at that moment, or just before."""
    for course in history.groups.values():
        for moment in (at, at - _MINUTE):
            group = course.at(moment)
            is_living = group is not None and group.state == "living"
            if group and is_living and set(people) <= {member.person for member in group.joined}:
                return True
    return False


def _only_who_shares_a_group(history: History) -> Iterator[str]:
    """Nobody outside a group learns who is in it."""
    for offered in history.offered:
        for person in offered.titles:
            if not _share(history, offered.at, offered.by, person):
                yield f"{offered.by[:4]} could choose {person[:4]}, of no group of theirs"


def _all_in_one_group(history: History) -> Iterator[str]:
    for told, part in _of_kind(history, "colleague"):
        others = {each.person for each, other in _of_kind(history, "colleague") if other == part}
        asks = [o.by for o in history.offered if told.person in o.asked and o.at <= told.at]
        if len(others) > 1 and not _share(history, told.at, *others, *asks[-1:]):
            yield f"{told}, with somebody of another group"


def _who_can_be_chosen(history: History) -> Iterator[str]:
    for offered in history.offered:
        for person in offered.titles if not history.is_wrong(offered.at) else ():
            local = offered.at.astimezone(history.zones[person])
            opens, closes = _hours(history, person, offered.at)
            is_at_work = days.is_working(local.date()) and opens <= local.time() < closes
            is_off = "colleague" in _choice(history, person, offered.at).off
            if not is_at_work or is_off or _is_paused(history, person, offered.at):
                yield f"{offered.by[:4]} could choose {person[:4]} at {offered.at}"


def _three_a_day(history: History) -> Iterator[str]:
    got = Counter((t.person, _local(history, t).date()) for t, _ in _of_kind(history, "colleague"))
    for (person, day), times in got.items():
        if times > 3:
            yield f"{person[:4]} was asked {times} times on {day}"


def _later_once(history: History) -> Iterator[str]:
    """Once, an hour later or when they are back at work, and only of what they were asked."""
    asked = {(told.person, part.of): told.at for told, part in _of_kind(history, "colleague")}
    got = Counter((told.person, part.of) for told, part in _of_kind(history, "again"))
    for (person, of), times in got.items():
        if times > 1:
            yield f"{person[:4]} was reminded {times} times of a question"
        if (person, of) not in asked:
            yield f"{person[:4]} was reminded of what nobody asked"


def _four_hours(history: History) -> Iterator[str]:
    since = {part.of: told.at for told, part in reversed([*_of_kind(history, "colleague")])}
    for told, part in _of_kind(history, "again"):
        first = since.get(part.of, told.at)
        if told.at > first + timedelta(hours=4) and history.is_calm(first, told.at):
            yield f"{told}, of what was asked at {first}"


def _themes_as_they_are(history: History) -> Iterator[str]:
    for offered in history.offered:
        for person, title in offered.titles.items():
            course = history.themes.get(person)
            themes = (course.at(offered.at) if course else "") or ""
            # Whoever is in no group any more is forgotten, with their themes.
            if "spør meg gjerne om" in title and not (themes and themes in title):
                yield f"{offered.by[:4]} read {title!r} at {offered.at}, and it was {themes!r}"


def _gone_the_night_after(history: History) -> Iterator[str]:
    for ended, of in history.over:
        gone = next((at for at, group in history.unkept[of].changes if group is None), None)
        late = (gone or history.ends) > ended + 2 * _DAY
        if late and history.is_calm(ended, ended + 2 * _DAY):
            yield f"the talk {of[:4]} ended at {ended}, and was there until {gone}"


def _gone_after_ten_days(history: History) -> Iterator[str]:
    for of, course in history.unkept.items():
        begun = course.changes[0][0]
        gone = next((at for at, group in course.changes if group is None), None)
        late = (gone or history.ends) > begun + 13 * _DAY
        if late and history.is_calm(begun, begun + 13 * _DAY):
            yield f"the talk {of[:4]} began at {begun}, and was there until {gone}"


def _nobody_else_has_it(history: History) -> Iterator[str]:
    yield from history.leaked


# --- The table ----------------------------------------------------------------------------------


def _rules(
    guide: Guide, table: Iterable[tuple[str, Callable[[History], Iterator[str]]]]
) -> list[Rule]:
    return [Rule(guide, sentence, broken) for sentence, broken in table]


_MEMBERS = _rules(
    "deltaker",
    [
        ("en uke før: når dere møtes", _on_day("invitation")),
        ("en uke før: når dere møtes", _comes("invitation")),
        ("to arbeidsdager før: tenk på en episode", _on_day("log_form")),
        ("to arbeidsdager før: tenk på en episode", _comes("log_form")),
        ("arbeidsdagen før, og ti minutter før", _on_day("day_before")),
        ("arbeidsdagen før, og ti minutter før", _comes("day_before")),
        ("arbeidsdagen før, og ti minutter før", _on_day("soon")),
        ("arbeidsdagen før, og ti minutter før", _early_is_not_soon),
        ("etter møtet: prøv det du tok med deg", _on_day("try")),
        ("etter møtet: prøv det du tok med deg", _tried_by_who_was_there),
        ("etter møtet: prøv det du tok med deg", _comes("try")),
        ("noen uker etter det siste møtet: hva har du brukt?", _on_day("used")),
        ("noen uker etter det siste møtet: hva har du brukt?", _used_of_the_last),
        ("Når du er med i en gruppe, minner Kollegial deg på møtene", _only_those_in_it),
        ("Du får høyst **én melding om dagen** som du ikke har bedt om.", _one_a_day),
        ("Du får høyst **én melding om dagen** som du ikke har bedt om.", _not_twice),
        ("Er det flere ting samme dag, står de på ett kort.", _one_a_day),
        ("Ti minutter før et møte kommer alltid i tillegg.", _soon_always),
        (
            (
                "Beskjed om at et møte er flyttet eller avlyst, eller at gruppa er avsluttet, "
                "kommer med en gang, og da venter påminnelsene."
            ),
            _told_at_once("moved"),
        ),
        ("Alt annet, også spørsmål om en ledig plass, venter til du er på jobb.", _at_work),
        (
            (
                "De kommer i arbeidstiden din, etter din egen klokke, og aldri på helligdager "
                "eller i gruppas stille tid."
            ),
            _no_holiday,
        ),
        ("Bare påminnelsen ti minutter før kommer også utenfor arbeidstiden.", _at_work),
        ("Klokkeslett står etter din egen klokke.", _zones_are_named),
        ("Hver påminnelse sier hvilken gruppe den kommer fra", _says_whose),
        ("En pause gjelder overalt, for alle grupper og studier.", _paused_is_left_alone),
        ("ingen påminnelser før den dagen", _paused_is_left_alone),
        ("du får den siste påminnelsen igjen senere", _not_twice),
        ("du velger hvilke påminnelser du får, og når du arbeider", _switched_off),
        ("Blir et møte flyttet, får du en ny lenke", _told_at_once("moved")),
        ("Plassen er din til tidspunktet som står på kortet.", _asked_until),
        ("Etter det blir nestemann spurt.", _then_the_next),
        ("Ellers blir det slettet noen dager etter møtet", _forms_are_gone),
        ("bare til timen begynner. Da slettes det", _times_deleted),
        ("Du kan velge blant dem du er i gruppe med.", _only_who_shares_a_group),
        ("Spør du to, må alle tre være i én og samme gruppe", _all_in_one_group),
        (
            "Den som har pause, ikke er på jobb eller har slått det av, kan ikke velges.",
            _who_can_be_chosen,
        ),
        ("Du blir spurt høyst tre ganger om dagen.", _three_a_day),
        (
            (
                "Spørsmål fra en kollega om fem minutter kommer også i tillegg, men bare når du "
                "er på jobb."
            ),
            _at_work,
        ),
        ("Den som svarer **Senere**, blir minnet på det én gang", _later_once),
        ("Spørsmålet står i fire timer.", _four_hours),
        ("Bare de du er i gruppe med, ser det", _themes_as_they_are),
        ("Du kan endre det og ta det bort når du vil.", _themes_as_they_are),
        (
            "forsvinner det dere skrev, fra kortene, og natta etter er det slettet",
            _gone_the_night_after,
        ),
        (
            "forsvinner det dere skrev, fra kortene, og natta etter er det slettet",
            _nobody_else_has_it,
        ),
        ("Ble dere aldri ferdige, skjer det etter ti dager.", _gone_after_ten_days),
        ("Ingen andre får se notatene.", _nobody_else_has_it),
        ("Hvert notat ligger der i et år", _nothing_is_left),
    ],
)
_LEADERS = _rules(
    "fasilitator",
    [
        ("Så får alle beskjed én gang, med en ny lenke til kalenderen", _told_at_once("moved")),
        ("**avlyse** et møte", _told_at_once("cancelled")),
        (
            (
                "Blir en plass ledig, spør Kollegial nestemann når hen er på jobb, og hen har den "
                "til samme klokkeslett neste virkedag, men ikke lenger enn til møtet."
            ),
            _asked_until,
        ),
        ("Den som har pause, beholder plassen i køen, og blir spurt siden.", _asked_when_back),
        ("Nitti dager etter siste møte som ikke er avlyst, blir gruppa slettet", _kept_ninety_days),
        ("hvem som var med, datoene og alt annet", _nothing_is_left),
        ("En gruppe som er midt i et møte, blir ikke slettet.", _kept_ninety_days),
        ("Du får beskjed to uker før.", _warned),
        ("har du også to uker: planlegg et nytt møte", _warned),
        ("deg dagen før og ti minutter før", _only_those_in_it),
        ("Ingen får mer enn én uoppfordret melding om dagen", _one_a_day),
        ("Ingen får mer enn én uoppfordret melding om dagen", _everything_is_known),
        ("da skriver Kollegial ikke til noen om denne gruppa", _no_quiet_hours),
        ("stille tid, pauser og helligdager, blir ikke sendt", _no_quiet_hours),
        ("Hver del er åpen til alle er ferdige, eller til fristen på kortet.", _phases_by_day),
        ("Kollegial minner dem som mangler, én gang i løpet av samtalen.", _phase_once),
        (
            "i uka før det første møtet, og i de to ukene etter det siste, én gang hver",
            _asked_in_its_days,
        ),
        ("Loggskjemaene blir slettet noen dager etter møtet.", _forms_are_gone),
        ("blir minnet på timen dagen før og ti minutter før", _on_day("soon")),
        ("de som hadde valgt den, får beskjed én gang", _called_off_once),
        ("Når en time begynner, slettes den med navnene", _times_deleted),
        ("Ingen andre får vite om den.", _nobody_else_has_it),
        ("og natta etter er alt slettet", _gone_the_night_after),
        ("Ble du aldri ferdig, skjer det etter ti dager.", _gone_after_ten_days),
    ],
)
RULES = (*_MEMBERS, *_LEADERS)
