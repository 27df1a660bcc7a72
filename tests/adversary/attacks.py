"""The adversary: match people to pseudonyms, with everything a leak gives.

It has the program as well, so it practises on studies of its own making, and
attacks with the way that did best there. A way is an *order* in which answers
may have come in, laid beside an order in which people may have sent them, or a
*link* that names both.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from tests.adversary.leak import PAGE, Leak, Row

Matching: TypeAlias = dict[str, str]
"""Pseudonym to person."""
_BURST = timedelta(minutes=30)
_LONG = 12
"""Characters of a text that two rows do not share by chance."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
_WAL_HEADER, _FRAME = 32, 24 + PAGE


@dataclass(frozen=True)
class Study:
    """A leak, and the truth about it."""

    leak: Leak
    truth: Matching


def score(matching: Matching, truth: Matching) -> int:
    return sum(truth.get(pseudonym) == person for pseudonym, person in matching.items())


class Adversary:
    """Knows every way; `dice` decide where a way leaves a choice."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def practise(self, study: Study) -> Counter[str]:
        """How many more than by guessing each way gets right."""
        return Counter(
            {way: score(found, study.truth) - 1 for way, found in self._ways(study.leak)}
        )

    def attack(self, leak: Leak, way: str) -> Matching:
        """The matching that a way finds, and a random one where it is not open."""
        return dict(self._ways(leak, way)).get(way) or self._complete(leak, {})

    def _ways(self, leak: Leak, only: str | None = None) -> Iterator[tuple[str, Matching]]:
        orders = dict(_orders_of_answers(leak))
        for name_of_people, people in _orders_of_people(leak).items():
            for name, arrival in orders.items():
                way = f"{name} ~ {name_of_people}"
                if only in {None, way}:
                    yield way, self._lay_beside(leak, people, arrival)
        for name, links in _links(leak, self._dice):
            yield name, self._complete(leak, links)

    def _lay_beside(
        self, leak: Leak, people: Mapping[str, Any], arrival: Mapping[str, Any]
    ) -> Matching:
        pseudonyms = [name for name in leak.pseudonyms if name in arrival]
        self._dice.shuffle(pseudonyms)  # what is equal tells nothing
        likely = sorted(people, key=lambda person: -leak.chatted[person])[: len(pseudonyms)]
        in_time = sorted(likely, key=lambda person: people[person])
        in_order = sorted(pseudonyms, key=lambda name: arrival[name])
        return self._complete(leak, dict(zip(in_order, in_time, strict=False)))

    def _complete(self, leak: Leak, links: Matching) -> Matching:
        """Guess the rest."""
        people = sorted(
            set(leak.people) - set(links.values()), key=lambda person: -leak.chatted[person]
        )
        rest = [name for name in leak.pseudonyms if name not in links]
        people = people[: len(rest)]
        self._dice.shuffle(people)
        return links | dict(zip(rest, people, strict=False))


def _orders_of_people(leak: Leak) -> dict[str, dict[str, Any]]:
    """When each may have submitted: at the end of their longest burst, for one."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for at, person in leak.chats:
        times[person].append(at)
    bursts = {person: _bursts(chats) for person, chats in times.items()}
    return {
        "end of the longest burst": {
            person: max(each, key=len)[-1] for person, each in bursts.items()
        },
        "first chat": {person: chats[0] for person, chats in times.items()},
        "last chat": {person: chats[-1] for person, chats in times.items()},
        "number of chats": {person: len(chats) for person, chats in times.items()},
    }


def _bursts(chats: list[datetime]) -> list[list[datetime]]:
    bursts = [[chats[0]]]
    for chat in chats[1:]:
        if chat - bursts[-1][-1] < _BURST:
            bursts[-1].append(chat)
        else:
            bursts.append([chat])
    return bursts


def _orders_of_answers(leak: Leak) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every order in which anything that leaked puts the pseudonyms."""
    mentions = {name: [name] for name in leak.pseudonyms}
    bytes_of = {name: {"pseudonym": name.encode()} for name in leak.pseudonyms}
    for row in leak.tables["urn.submission"]:
        mentions[row["pseudonym"]] += [row["locator"], row["receipt"]]
        bytes_of[row["pseudonym"]] |= {
            "locator": row["locator"].encode(),
            "receipt": row["receipt"],
            "answer": row["sealed"][1500:1516],
            "end of answer": row["sealed"][-16:],
            "own answer": row["own"][1000:1016],
        }
    for table, rows in leak.tables.items():
        about = _rows_about(rows, mentions)
        columns = rows[0].keys() if rows else []
        for column in columns:
            for which, pick in _PICKS.items():
                order = {
                    name: pick(_comparable(row[column]) for row in found)
                    for name, found in about.items()
                }
                if len(set(order.values())) > 1:
                    yield f"{which} {table}.{column}", order
            if lengths := {
                name: len(found[0][column])
                for name, found in about.items()
                if isinstance(found[0][column], str | bytes)
            }:
                yield f"length of {table}.{column}", lengths
    for file, content in leak.files.items():
        for part in "pseudonym", "locator", "receipt", "answer", "end of answer", "own answer":
            patterns = {name: each[part] for name, each in bytes_of.items() if part in each}
            yield from _orders_in_file(f"{part} in {file}", content, patterns)
    yield "log", {n: at for n in leak.pseudonyms if (at := leak.log.find(n)) >= 0}
    appears = {
        name: [nth for nth, (_, names, _) in enumerate(leak.exports) if name in names]
        for name in leak.pseudonyms
    }
    yield "first export", {name: nths[0] for name, nths in appears.items() if nths}
    yield "last export", {name: nths[-1] for name, nths in appears.items() if nths}


_PICKS: dict[str, Callable[[Iterable[Any]], Any]] = {"first": min, "last": max}


def _orders_in_file(
    name: str, content: bytes, patterns: Mapping[str, bytes]
) -> Iterator[tuple[str, dict[str, Any]]]:
    first = {who: at for who, what in patterns.items() if (at := content.find(what)) >= 0}
    last = {who: content.rfind(patterns[who]) for who in first}
    yield f"first {name}", first
    yield f"last {name}", last
    header, frame = (_WAL_HEADER, _FRAME) if name.endswith("-wal") else (0, PAGE)
    yield f"place in page of {name}", {who: (at - header) % frame for who, at in last.items()}


def _links(leak: Leak, dice: random.Random) -> Iterator[tuple[str, Matching]]:
    """What names a person and a pseudonym in one breath."""
    names = {name: [name] for name in leak.pseudonyms}
    persons = {
        person: [person, *filter(None, [leak.addresses.get(person)])] for person in leak.people
    }
    of_names: dict[int, set[str]] = defaultdict(set)
    of_persons: dict[int, set[str]] = defaultdict(set)
    for table, rows in leak.tables.items():
        about = _rows_about(rows, persons)
        yield (
            f"row of {table}",
            {
                name: person
                for name, found in _rows_about(rows, names).items()
                for person in about
                if any(row in about[person] for row in found)
            },
        )
        for kept, wanted in (of_names, names), (of_persons, persons):
            for each, found in _rows_about(rows, wanted).items():
                for row in found:
                    if "xmin" in row:
                        kept[row["xmin"]].add(each)
    yield (
        "same transaction",
        {
            next(iter(of_names[xmin])): next(iter(of_persons[xmin]))
            for xmin in of_names
            if len(of_names[xmin]) == len(of_persons[xmin]) == 1
        },
    )
    for file, content in leak.files.items():
        yield f"beside each other in {file}", _beside(leak, content)
    yield "line of the log", _on_a_line(leak.log, names, persons)
    yield "joined by what both rows hold", _joined(leak, names, persons)
    yield "chatted just before", _just_before(leak, names)
    yield "new between two exports", _new(leak, dice)
    yield "withdrawn between two exports", _withdrawn(leak)
    yield "withdrawal asked for", _asked(leak, dice)


def _on_a_line(
    log: str, names: Mapping[str, list[Any]], persons: Mapping[str, list[Any]]
) -> Matching:
    return {
        name: person
        for line in log.splitlines()
        for name in names
        if name in line
        for person, known in persons.items()
        if any(each in line for each in known)
    }


def _joined(
    leak: Leak, names: Mapping[str, list[Any]], persons: Mapping[str, list[Any]]
) -> Matching:
    """A row about a person and one about a pseudonym, with a long text that only they hold."""
    holders: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for rows in leak.tables.values():
        for side, wanted in enumerate((names, persons)):
            for who, found in _rows_about(rows, wanted).items():
                for row in found:
                    for cell in row.values():
                        if isinstance(cell, str) and len(cell) > _LONG and cell != who:
                            holders[cell][side].add(who)
    return {
        next(iter(whose)): next(iter(of))
        for whose, of in holders.values()
        if len(whose) == len(of) == 1
    }


def _just_before(leak: Leak, names: Mapping[str, list[Any]]) -> Matching:
    """The last who chatted before a time that stands in a row about a pseudonym."""
    matching = {}
    for rows in leak.tables.values():
        for name, found in _rows_about(rows, names).items():
            for at in _times(found):
                before = [(chat, person) for chat, person in leak.chats if chat <= at]
                if before:
                    matching[name] = max(before)[1]
    return matching


def _times(rows: list[Row]) -> Iterator[datetime]:
    for row in rows:
        for cell in row.values():
            if isinstance(cell, str) and _TIME.fullmatch(cell):
                yield datetime.fromisoformat(cell)


def _beside(leak: Leak, content: bytes) -> Matching:
    """The person whose id stands nearest before or after, on the same page."""
    places = {person: _all(content, person.encode()) for person in leak.people}
    matching = {}
    for name in leak.pseudonyms:
        distances = [
            (abs(there - here), person)
            for here in _all(content, name.encode())
            for person, found in places.items()
            for there in found
            if abs(there - here) < 200
        ]
        if distances:
            matching[name] = min(distances)[1]
    return matching


def _new(leak: Leak, dice: random.Random) -> Matching:
    """Who ended a long burst between two exports, of which the second has more answers."""
    ends = _orders_of_people(leak)["end of the longest burst"]
    matching: Matching = {}
    earlier, known = datetime.min.replace(tzinfo=UTC), frozenset[str]()
    for at, names, _ in leak.exports:
        people = [person for person, end in ends.items() if earlier < end <= at]
        dice.shuffle(people)
        matching |= dict(zip(names - known, people, strict=False))
        earlier, known = at, names
    return matching


def _withdrawn(leak: Leak) -> Matching:
    """Who alone chatted between two exports, of which the second lacks one answer."""
    matching = {}
    for (begin, before, _), (end, after, _) in zip(leak.exports, leak.exports[1:], strict=False):
        gone = before - after
        present = {person for at, person in leak.chats if begin <= at <= end}
        if len(gone) == 1 and present:
            matching[next(iter(gone))] = min(present, key=lambda person: leak.chatted[person])
    return matching


def _asked(leak: Leak, dice: random.Random) -> Matching:
    """Who came for one press only since the last reseal, where withdrawals wait for the next."""
    stored = {row["pseudonym"] for row in leak.tables["urn.submission"]}
    asked = [
        row["pseudonym"] for row in leak.tables["urn.withdrawal"] if row["pseudonym"] in stored
    ]
    if not leak.chats:
        return {}
    now = leak.chats[-1][0]
    night = now.replace(hour=3, minute=0) - timedelta(days=now.hour < 3)
    since = Counter(person for at, person in leak.chats if at > night)
    people = [person for person, chats in since.items() if chats == min(since.values())]
    dice.shuffle(people)
    return dict(zip(asked, people, strict=False))


def _all(content: bytes, pattern: bytes) -> list[int]:
    found, at = [], content.find(pattern)
    while at >= 0:
        found.append(at)
        at = content.find(pattern, at + 1)
    return found


def _rows_about(rows: list[Row], wanted: Mapping[str, list[Any]]) -> dict[str, list[Row]]:
    """The rows in which one of the wanted values is a cell, or in the text of one."""
    about = defaultdict(list)
    for row in rows:
        cells = set(row.values())
        text = "\n".join(cell for cell in cells if isinstance(cell, str))
        for who, values in wanted.items():
            if any(value in (text if isinstance(value, str) else cells) for value in values):
                about[who].append(row)
    return about


def _comparable(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool | int | float):
        return "number", value
    if isinstance(value, bytes | tuple):
        return type(value).__name__, value
    return "text", str(value)
