"""The second adversary: it has the operational database, and nothing of Teams.

It sees rows, times and the order in which things lie, and asks two things: who asked for which
study, who wrote which of the texts that a group keeps, who asked which colleague for five
minutes that could not, who talked for five minutes with whom and wrote a note to themselves, who
met the bot for the first time in which of two sessions, and whose case has its place in which
meeting of a panel. Of two studies, and of two sessions, a guess is right for one person in two; of
a group's texts, of the colleagues and of a panel's cases a guess gets one right, and of the pairs
that talked one in two offices. The adversary knows the program, practises on offices of its own
making, and attacks with the way that did best there.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace
from typing import Any, TypeAlias, cast
from unittest.mock import patch

from sqlalchemy import select, text

from bot.cases.service import CaseService, PlacedCases
from bot.delivery.outgoing import digest
from bot.gateway.events import Conversation, Origin, Person, Press
from bot.reminders.service import ReminderService
from bot.routing.services import Services
from bot.sessions.methods import Methods, shipped
from bot.sessions.service import SessionService, question_name
from bot.studies.handlers import send_information
from bot.ui.texts import texts
from dialogs.groups.cases import HURRIES, Bring, Case
from dialogs.groups.colleagues import ANSWER_WITHIN, APART
from dialogs.groups.group import Gather, Meeting, Place, gathered
from dialogs.groups.signup import Membership
from dialogs.retention import NOTE
from dialogs.sessions.notes import Note
from dialogs.sessions.state import (
    Declined,
    Event,
    Invited,
    Joined,
    Revealed,
    Session,
    Skipped,
    Started,
    Stopped,
    Wrote,
)
from dialogs.studies.definitions import dump
from storage.crypto.digests import SECRET_BYTES, Digests
from storage.crypto.vault import Vault
from storage.database import Write
from storage.operational import outbox, preferences, retention
from storage.operational import sessions as sessions_storage
from storage.operational.preferences import Notified
from storage.operational.sessions import COLLECTED, SessionCard, SessionStore
from storage.operational.store import Invitation, Operational
from tests.adversary.leak import Row, postgres_tables, sqlite_tables
from tests.support.studies import SMALL

STUDIES = ("prove", "annen")
METHOD, ALONE, FIVE = "etterrefleksjon", "forslag", "fem_minutter"
PANEL = "veiledningsforum"
PLACES = {"rowid", "ctid", "xmin", "nth"}
"""What tells in which order rows were written."""
OPENS = datetime(2031, 3, 10, 8, 0, tzinfo=UTC)
SAY = texts("nb")
VAULT = Vault(bytes(range(32)))
SIZE = 6
Said: TypeAlias = tuple[str, str]
"""What was written, and who wrote it."""


@dataclass
class Office:
    """What happened, and what leaked."""

    people: list[str]
    asked: dict[str, str] = field(default_factory=dict)
    """The study that each has asked for."""
    wrote: dict[str, str] = field(default_factory=dict)
    """Who wrote the kept text with an id."""
    wanted: dict[str, str] = field(default_factory=dict)
    """Who asked each colleague that could not."""
    pairs: set[frozenset[str]] = field(default_factory=set)
    """Who talked with whom, and has written a note."""
    heard_in: dict[str, str] = field(default_factory=dict)
    """The meeting in which each one's case has its place."""
    met_in_first: set[str] = field(default_factory=set)
    """Who met the bot in the first of two sessions."""
    tables: dict[str, list[Row]] = field(default_factory=dict)


class Real:
    """Nothing added."""

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        yield

    async def asked(self, operational: Operational, person: str, study: str) -> None:
        """After somebody has asked for a study."""

    def keep(self, stored: SessionStore, group: str, said: Sequence[Said]) -> Write:
        """Keep what was written; `said` is in the order of the seats."""
        return stored.collect(group, sorted(text for text, _ in said))  # as a vote keeps it


class Unkeyed(Real):
    """Digests of ids under no secret: whoever tries all people finds whose they are."""

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        use = Digests.use
        with patch.object(Digests, "use", lambda digests, _: use(digests, bytes(SECRET_BYTES))):
            yield


class InTheClear(Real):
    """What waits to be sent, and is parked, names the chat and the study, or the meeting."""

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        with patch.object(outbox, "_hides", lambda _: False):
            yield


class Noted(Real):
    """A table that says who asked, by a number that another table has too."""

    async def asked(self, operational: Operational, person: str, study: str) -> None:
        def note(connection: Any) -> None:
            connection.execute(text("CREATE TABLE IF NOT EXISTS asked (person TEXT, study TEXT)"))
            values = {"person": person, "study": study}
            connection.execute(text("INSERT INTO asked VALUES (:person, :study)"), values)

        await operational._database.write(note)


class SameTransaction(Real):
    """A counter of a study is raised when somebody is met: rows of one transaction."""

    async def asked(self, operational: Operational, person: str, study: str) -> None:
        def count(connection: Any) -> None:
            connection.execute(text("CREATE TABLE IF NOT EXISTS tally (study TEXT)"))
            connection.execute(text("INSERT INTO tally VALUES (:study)"), {"study": study})
            values = {"person": person}
            connection.execute(
                text("UPDATE person SET timezone = timezone WHERE id = :person"), values
            )

        await operational._database.write(count)


class InOrder(Real):
    """Kept texts lie in the order in which those sit who wrote them."""

    def keep(self, stored: SessionStore, group: str, said: Sequence[Said]) -> Write:
        numbers = iter(range(10**6))
        counting = SimpleNamespace(token_hex=lambda _: f"{group}{next(numbers):032x}")
        with patch.object(sessions_storage, "secrets", counting):
            return stored.collect(group, [text for text, _ in said])


class Signed(Real):
    """The id of a kept text is a digest of who wrote it, and of nothing secret."""

    def keep(self, stored: SessionStore, group: str, said: Sequence[Said]) -> Write:
        digests = (hashlib.sha256(writer.encode()).hexdigest() for _, writer in said)
        signing = SimpleNamespace(token_hex=lambda _: next(digests))
        with patch.object(sessions_storage, "secrets", signing):
            return stored.collect(group, [text for text, _ in said])


class Counted(Real):
    """Who was asked today is counted under their id."""

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        with patch.object(preferences, "who_was_asked", lambda _, person: person):
            yield


class Unmixed(Real):
    """Rows stay in the order they came in."""

    @contextmanager
    def mistakes(self) -> Iterator[None]:
        with ExitStack() as patches:
            for each in (sessions_storage, retention):
                patches.enter_context(patch.object(each, "mix", lambda *_, **__: None))
            yield


# --- An office ----------------------------------------------------------------------------------


async def happen(seed: int, url: str, design: Real) -> Office:
    """People ask for studies, and groups meet and share, through the real code; then it leaks."""
    dice = random.Random(seed)
    office = Office([f"aad-{dice.getrandbits(64):016x}" for _ in range(2 * SIZE)])
    with design.mistakes():
        operational = await Operational.open(url)
        await operational.use(VAULT)
        await _announce(operational)
        await _ask(operational, office, dice, design)
        for start in (0, SIZE):
            await _meet(operational, office, office.people[start : start + SIZE], dice, design)
        await operational.close()
    office.tables = await _leaked(url)
    return office


async def ask_each_other(seed: int, url: str, design: Real) -> Office:
    """Half of an office asks the other half for five minutes, each one, and all say no."""
    dice = random.Random(seed)
    office = Office([f"aad-{dice.getrandbits(64):016x}" for _ in range(2 * SIZE)])
    with design.mistakes():
        operational = await Operational.open(url)
        await operational.use(VAULT)
        for person in office.people:
            await _chat(operational, person, OPENS)
        methods = Methods(shipped(), [])
        sessions = SessionService(
            operational,
            operational.sessions(VAULT),
            operational.cases(VAULT),
            methods,
            lambda: OPENS,
        )
        mixed = dice.sample(office.people, len(office.people))
        office.wanted = dict(zip(mixed[:SIZE], mixed[SIZE:], strict=True))
        talks: dict[str, str] = {}
        for asked, by in office.wanted.items():
            talks[asked] = await _want(sessions, by, asked)
            await _deliver(operational, sessions)
        for asked in dice.sample(mixed[:SIZE], SIZE):
            await _decline(sessions, talks[asked], asked)
        await operational.close()
    office.tables = await _leaked(url)
    return office


async def talk_and_meet(seed: int, url: str, design: Real) -> Office:
    """People meet the bot in one of two sessions; two and two talk, and take a note along."""
    dice = random.Random(seed)
    office = Office([f"aad-{dice.getrandbits(64):016x}" for _ in range(2 * SIZE)])
    order = dice.sample(office.people, len(office.people))
    office.met_in_first = {*order[:SIZE]}
    mixed = dice.sample(office.people, len(office.people))
    pairs = [*zip(mixed[:SIZE], mixed[SIZE:], strict=True)]
    office.pairs = {frozenset(pair) for pair in pairs}
    with design.mistakes():
        operational = await Operational.open(url)
        await operational.use(VAULT)
        for person in order:
            await _chat(operational, person, OPENS)
        for pair in pairs:
            await _talk(operational, pair)
        office.heard_in = await _bring_cases(operational, dice.sample(office.people, SIZE), dice)
        await operational.retention.forget_people(OPENS.date())
        await operational.retention.compact()
        await operational.close()
    office.tables = await _leaked(url)
    return office


async def _talk(operational: Operational, pair: Sequence[str]) -> None:
    """Of a talk that keeps nothing two notes are left."""
    stored, until = operational.sessions(VAULT), OPENS.date() + NOTE
    place = asdict(_chat_of(pair[0]))
    talk = stored.new(token_hex(16), 1, place, "", b"{}")
    await operational.run(stored.add(talk))
    for person in pair:
        note = Note("neste gang spør jeg først", FIVE)
        await operational.run(stored.add_to_note(talk.group, 1, person, note, until))
    await stored.destroy(talk, lambda _: None)


async def _bring_cases(
    operational: Operational, owners: Sequence[str], dice: random.Random
) -> dict[str, str]:
    """A panel has as many meetings as there are cases; the reminders are planned."""
    methods, place = Methods(shipped(), []), _chat_of(token_hex(8))
    gather = Gather(
        at=OPENS,
        by=token_hex(8),
        method=PANEL,
        language="nb",
        timezone="Europe/Oslo",
        place=Place(place.id, asdict(place)),
    )
    weeks = (timedelta(weeks=n) for n in range(1, SIZE + 1))
    meetings = (
        Meeting(n, OPENS + week, 60, id=token_hex(16), calendar_key=token_hex(16))
        for n, week in enumerate(weeks, 1)
    )
    group = replace(gathered(methods.get(PANEL).frame, gather), meetings=tuple(meetings))
    await operational.run(operational.groups.add(group))
    groups: Any = SimpleNamespace(get=operational.groups.get, name=lambda *_: "panel")
    service = CaseService(operational, operational.cases(VAULT), groups, lambda: OPENS)
    source: Any = PlacedCases(operational, service.stored, methods, "https://bot.example")
    reminders = ReminderService(operational, cast("Any", None), {"case": source}, lambda: OPENS)
    plan: Any = SimpleNamespace(payload={"source": "case", "of": group.id})
    for nth, person in enumerate(owners):
        came, hurry = OPENS + timedelta(minutes=nth), dice.choice(HURRIES)
        case = Case(id=token_hex(16), person=person, question="?", hurry=hurry, came=came)
        await service.act(group.id, Bring(came, case))
        await reminders.plan(plan)
    return {each.person: each.meeting for each in await service.stored.of_group(group.id)}


async def _want(sessions: SessionService, by: str, asked: str) -> str:
    """The id of the talk that somebody wants, from their own chat."""
    place, method = _chat_of(by), sessions._methods.get(FIVE)
    gather = Gather(
        at=OPENS,
        by=by,
        method=FIVE,
        language="nb",
        timezone="Europe/Oslo",
        place=Place(f"{APART}{place.id}", asdict(place)),
    )
    until = OPENS + ANSWER_WITHIN
    invited = Invited(by=by, at=OPENS, seed=0, people=(asked,), until=until)
    group = gathered(method.frame, gather)
    live = await sessions.begin(group, place, by, name=by, invited=invited)
    return live.id


async def _decline(sessions: SessionService, talk: str, asked: str) -> None:
    no = Declined(by=asked, at=OPENS, seed=0)
    await sessions.act(talk, lambda _: no)


async def _deliver(operational: Operational, sessions: SessionService) -> None:
    """As the dispatcher does: a place in their day is taken, and where the card stands is noted."""
    for message in await operational.outbox.claim(99, OPENS, timedelta(seconds=30)):
        if message.kind == "colleague_asked":
            person, day = message.payload["name"], OPENS.date()
            told = Notified(person, f"colleague/{message.id}", "colleague", message.id, day)
            await operational.preferences.take_room(told)
            card = SessionCard(question_name(person), asdict(_chat_of(person)), token_hex(8))
            step = sessions.stored.put_card(message.payload["session"], card)
            await operational.run(step)
        await operational.outbox.finish(message)


async def _leaked(url: str) -> dict[str, list[Row]]:
    found = (
        sqlite_tables(Path(url.removeprefix("sqlite:///")))
        if url.startswith("sqlite")
        else await postgres_tables(url, "operational")
    )
    return {name.partition(".")[2]: rows for name, rows in found.items()}


async def _announce(operational: Operational) -> None:
    async with operational.begin() as transaction:
        for study in STUDIES:
            transaction.add_study(study, dump(SMALL).replace(SMALL.id, study), OPENS)
            place = {"id": f"19:{study}"}
            transaction.add_invitation(Invitation(study, place["id"], f"card-{study}", place, 12))


async def _ask(operational: Operational, office: Office, dice: random.Random, design: Real) -> None:
    """In any order, and among other things; some messages wait, some are sent, some parked."""
    now, order = OPENS, dice.sample(office.people, len(office.people))
    for person in order:
        now += timedelta(minutes=dice.expovariate(1 / 20))
        await _chat(operational, person, now)
        study = dice.choice(STUDIES)
        office.asked[person] = study
        await send_information(
            _services(operational, now),
            _press(person, study),
            SAY,
            replace(SMALL, id=study),
        )
        await design.asked(operational, person, study)
        for message in await operational.outbox.claim(9, now, timedelta(seconds=30)):
            match dice.choice(["sent", "parked", "parked", "waits", "waits"]):
                case "sent":
                    await operational.outbox.finish(message)
                case "parked":
                    whose = message.payload["person"]
                    await operational.outbox.park(message, "MessageWritesBlocked", whose)
                case _:
                    await operational.outbox.retry(message, now + timedelta(days=1), "away")
    for person in dice.sample(office.people, SIZE):
        await _chat(operational, person, now)


async def _chat(operational: Operational, person: str, now: datetime) -> None:
    async with operational.begin() as transaction:
        chat = asdict(_chat_of(person))
        transaction.remember(person, f"29:{person}", chat, "Europe/Oslo")
        transaction.see(chat["id"], token_hex(8), now)


def _chat_of(person: str) -> Conversation:
    return Conversation(f"a:{person}", "personal", "tenant", "https://smba.example/")


def _press(person: str, study: str) -> Press:
    there = Conversation(f"19:{study}", "channel", "tenant", "https://smba.example/")
    who = Person(person, f"29:{person}", person)
    origin = Origin(who, there, token_hex(8), "nb", "Europe/Oslo")
    return Press(origin, "", {}, f"card-{study}", is_invoke=True, is_automatic=False)


def _services(operational: Operational, now: datetime) -> Services:
    """What asking for a study needs of them."""
    asleep = SimpleNamespace(wake=lambda: None, awaiting=_never)
    needed = SimpleNamespace(operational=operational, now=lambda: now, dispatcher=asleep)
    return cast("Services", needed)


@contextmanager
def _never(_: str) -> Iterator[SimpleNamespace]:
    """Nobody waits for what comes of it."""

    async def later() -> str:
        return "later"

    yield SimpleNamespace(outcome=later)


async def _meet(
    operational: Operational,
    office: Office,
    members: list[str],
    dice: random.Random,
    design: Real,
) -> None:
    """A session in which each writes alone, and all of it is kept; they write in any order."""
    methods = Methods(shipped(), [])
    sessions = SessionService(
        operational, operational.sessions(VAULT), operational.cases(VAULT), methods, lambda: OPENS
    )
    place = Conversation(f"19:{token_hex(8)}", "groupChat", "tenant", "https://smba.example/")
    gather = Gather(
        at=OPENS,
        by=members[0],
        method=METHOD,
        language="nb",
        timezone="Europe/Oslo",
        place=Place(place.id, asdict(place)),
    )
    group = gathered(methods.get(METHOD).frame, gather)
    seats = tuple(Membership(person, person, since=OPENS) for person in members)
    async with operational.begin() as transaction:
        group = replace(group, members=seats)
        transaction.run(operational.groups.add(group))
    live = await sessions.begin(group, place, members[0])

    async def do(event: type[Event], by: str, **values: Any) -> None:
        def make(session: Session) -> Event:
            if event in {Skipped, Wrote, Revealed}:
                values["visit"] = session.opened.visit if session.opened else 0
            return event(by=by, at=OPENS, seed=dice.getrandbits(64), **values)  # type: ignore[call-arg] # each has its own

        await sessions.act(live.id, make)

    for member in members:
        await do(Joined, member, name=member)
    await do(Started, members[0], names=tuple(f"pseudonym {n}" for n in range(12)))
    while (now := await sessions.get(live.id)) and now.session.opened:
        if now.session.opened.phase == ALONE:
            break
        await do(Skipped, members[0])
    said = [(f"{token_hex(4)} jeg spør først", member) for member in members]
    for words, member in dice.sample(said, len(said)):
        await do(Wrote, member, id=token_hex(8), text=words, anyway=True)
    await do(Revealed, members[0])
    await do(Stopped, members[0])
    async with operational.begin() as transaction:
        transaction.run(design.keep(sessions.stored, group.id, said))
    writers = dict(said)
    for row in await operational._database.read(lambda c: c.execute(select(COLLECTED)).all()):
        if row.group == group.id:
            words = VAULT.unlock(row.key, row.id, row.document).decode()
            office.wrote[row.id] = writers[words]


# --- The adversary ------------------------------------------------------------------------------


def guesses(office: Office, dice: random.Random) -> dict[str, tuple[int, int]]:
    """For each way: how many it gets right, of the studies and of the texts."""
    found: dict[str, tuple[int, int]] = {}
    for way, studies in _studies(office, dice):
        right = sum(studies[person] == study for person, study in office.asked.items())
        found[f"study: {way}"] = right, 0
    for way, writers in _writers(office, dice):
        right = sum(writers.get(each) == writer for each, writer in office.wrote.items())
        found[f"text: {way}"] = 0, right
    for way, who in _wanted(office):
        right = sum(who.get(asked) == by for asked, by in office.wanted.items())
        found[f"colleague: {way}"] = right, 0
    for way, pairs in _pairs(office):
        found[f"pair: {way}"] = len(office.pairs & pairs), 0
    for way, places in _places(office):
        right = sum(places.get(each) == meeting for each, meeting in office.heard_in.items())
        found[f"case: {way}"] = right, 0
    for way, first in _met_first(office):
        right = sum((each in first) == (each in office.met_in_first) for each in office.people)
        found[f"met: {way}"] = right, 0
    return found


def _studies(office: Office, dice: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """A study for each person; a coin where a way says nothing."""

    def with_coins(known: Mapping[str, str]) -> dict[str, str]:
        return {each: known.get(each) or dice.choice(STUDIES) for each in office.people}

    for table, rows in office.tables.items():
        yield f"row of {table}", with_coins(_in_one_row(office, rows))
        yield f"beside in {table}", with_coins(_beside(office, rows))
        yield f"digest in {table}", with_coins(_digests(office, rows))
        for column in rows[0] if rows else ():
            first = _first_half(office, rows, column)
            for half, other in (STUDIES, STUDIES[::-1]):
                yield (
                    f"first half by {table}.{column} has {half}",
                    with_coins({p: half if p in first else other for p in office.people}),
                )
    yield "same transaction", with_coins(_same_transaction(office))


def _says(row: Row, word: str) -> bool:
    return any(isinstance(cell, str) and word in cell for cell in row.values())


def _in_one_row(office: Office, rows: list[Row]) -> dict[str, str]:
    known: dict[str, str] = {}
    for row in rows:
        studies = [study for study in STUDIES if _says(row, study)]
        if len(studies) == 1:
            known |= {person: studies[0] for person in office.people if _says(row, person)}
    return known


def _beside(office: Office, rows: list[Row]) -> dict[str, str]:
    known: dict[str, str] = {}
    for one, other in pairwise(rows):
        for study in STUDIES:
            for mine, theirs in ((one, other), (other, one)):
                if _says(theirs, study):
                    known |= {person: study for person in office.people if _says(mine, person)}
    return known


def _digests(office: Office, rows: list[Row]) -> dict[str, str]:
    """Every digest that whoever knows the program can make of a person and a study."""
    cells = {cell for row in rows for cell in row.values() if isinstance(cell, str | bytes)}
    bare, known = Digests(), {}
    for person in office.people:
        for study in STUDIES:
            parts = "consent", f"card-{study}", study, person, OPENS.date().isoformat()
            made = [bare.of(*parts), bare.of(digest(*parts))]
            made += [
                hashlib.sha256(joint.join(parts).encode()).digest() for joint in ("", ":", "\n")
            ]
            if cells & {*made, *(each.hex() for each in made)}:
                known[person] = study
    return known


def _first_half(office: Office, rows: list[Row], column: str) -> set[str]:
    """Those who come first when rows that name somebody are laid in the order of a column."""
    first: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: str(row[column])):
        for person in office.people:
            if person not in first and _says(row, person):
                first[person] = len(first)
    return set(sorted(first, key=lambda person: first[person])[: len(first) // 2])


def _same_transaction(office: Office) -> dict[str, str]:
    people, studies = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for rows in office.tables.values():
        for row in rows:
            if "xmin" in row:
                people[row["xmin"]] |= {each for each in office.people if _says(row, each)}
                studies[row["xmin"]] |= {each for each in STUDIES if _says(row, each)}
    return {
        person: next(iter(studies[xmin]))
        for xmin, persons in people.items()
        for person in persons
        if len(persons) == len(studies[xmin]) == 1
    }


def _writers(office: Office, dice: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """A writer for each kept text, group by group: the order of texts beside that of people."""
    rows = office.tables.get("collected", [])
    groups = _groups(office)
    labels = sorted({row["group"] for row in rows})
    for column in rows[0] if rows else ():
        for turned in (False, True):
            matched: dict[str, str] = {}
            for label, people in zip(labels, groups, strict=False):
                texts_ = [row for row in rows if row["group"] == label]
                dice.shuffle(texts_)
                texts_.sort(key=lambda row: str(row[column]), reverse=turned)
                matched |= {row["id"]: who for row, who in zip(texts_, people, strict=False)}
            yield f"{column}{' backwards' * turned} beside the seats", matched
    signed = {hashlib.sha256(each.encode()).hexdigest(): each for each in office.people}
    yield "digest of the writer", {r["id"]: signed[r["id"]] for r in rows if r["id"] in signed}


def _wanted(office: Office) -> Iterator[tuple[str, dict[str, str]]]:
    """Who asked each: the order of rows that name somebody beside that of the talks that began."""
    talks = [row for row in office.tables["peer_group"] if row["place"].startswith(APART)]
    begun = {row["facilitator"]: row for row in talks}
    others = [person for person in office.people if person not in begun]
    for place in PLACES & {*talks[0]} if talks else ():
        askers = sorted(begun, key=lambda by: begun[by][place])
        for table, rows in office.tables.items():
            for column in rows[0] if rows else ():
                asked: dict[str, None] = {}
                for row in sorted(rows, key=lambda row: _sortable(row[column])):
                    asked |= {person: None for person in others if _says(row, person)}
                yield f"{table}.{column} beside {place}", dict(zip(asked, askers, strict=False))


def _pairs(office: Office) -> Iterator[tuple[str, set[frozenset[str]]]]:
    """Who talked with whom: those whose notes lie beside each other, in the order of a column."""
    notes = [row for row in office.tables["own_page"] if row["kind"] == "note"]
    for column in notes[0] if notes else ():
        people = [r["person"] for r in sorted(notes, key=lambda row: _sortable(row[column]))]
        yield column, {frozenset(pair) for pair in zip(people[::2], people[1::2], strict=False)}


def _places(office: Office) -> Iterator[tuple[str, dict[str, str]]]:
    """The meeting that has each one's case: named beside them, or by the order of both."""
    cases = office.tables["queued_case"]
    meetings = sorted(office.tables["meeting"], key=lambda row: row["number"])
    owners = [row["person"] for row in cases]
    for table, rows in office.tables.items() if cases else ():
        yield (
            f"row of {table}",
            {
                person: meeting["id"]
                for row in rows
                for person in owners
                for meeting in meetings
                if _says(row, person) and _says(row, meeting["id"])
            },
        )
    for column in cases[0] if cases else ():
        in_order = sorted(cases, key=lambda row: _sortable(row[column]))
        pairs = zip(in_order, meetings, strict=False)
        yield f"order of {column}", {row["person"]: meeting["id"] for row, meeting in pairs}


def _met_first(office: Office) -> Iterator[tuple[str, set[str]]]:
    """Who was there first: those who come first in the order of a column of any table."""
    for table, rows in office.tables.items() if office.met_in_first else ():
        for column in rows[0] if rows else ():
            people: dict[str, None] = {}
            for row in sorted(rows, key=lambda row: _sortable(row[column])):
                people |= {person: None for person in office.people if _says(row, person)}
            for turned in (False, True):
                half = [*people][SIZE:] if turned else [*people][:SIZE]
                yield f"{table}.{column}{' backwards' * turned}", {*half}


def _sortable(cell: Any) -> tuple[bool, Any]:
    """Numbers and places as such; whatever else as it is written."""
    return (False, cell) if isinstance(cell, int | tuple) else (True, str(cell))


def _groups(office: Office) -> list[list[str]]:
    """Who sits where, in the order of seats."""
    seats = office.tables["membership"]
    groups: dict[str, list[str]] = defaultdict(list)
    for row in sorted(seats, key=lambda row: (row["peer_group"], row["position"])):
        groups[row["peer_group"]].append(row["person"])
    return [*groups.values()]


def campaign(practice: list[Office], attacked: list[Office]) -> tuple[Counter[str], dict[str, str]]:
    """How many studies and texts it gets right, with the ways that did best in practice."""
    learnt: dict[str, Counter[str]] = defaultdict(Counter)
    for number, office in enumerate(practice):
        for way, (studies, writers) in guesses(office, random.Random(number)).items():
            learnt[way.partition(":")[0]][way] += studies + writers
    best = {what: max(ways, key=lambda each: ways[each]) for what, ways in learnt.items()}
    right = Counter[str]()
    for number, office in enumerate(attacked):
        found = guesses(office, random.Random(1000 + number))
        for what, way in best.items():
            right[what] += sum(found.get(way, (0, 0)))
    return right, best
