"""Everything the product has is played, somebody is deleted, everything ends: nothing is left.

Not an id, a name, a text or a code in any row, file, log or free page of either database.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import Connection, inspect, make_url, select, table, text

from bot.delivery.maintenance import SYSTEM
from bot.ui.texts import texts
from dialogs.approvals import About, Approval
from dialogs.retention import AUDIT, GROUP, UNPLANNED_GROUP
from simulation import cards
from simulation.hand import Tally
from simulation.session import SessionScenario, SimulatedGroup
from simulation.teams import User
from storage.crypto.codes import Token
from storage.operational.store import Publication
from tests.support.cases import bring
from tests.support.colleagues import ask, everything_in, press
from tests.support.databases import NewDatabase, database_kind, new_database
from tests.support.kollegial import House, can, deliver, fact, kollegial
from tests.support.questionnaires import ASKS
from tests.support.studies import SMALL

__all__ = ["database_kind", "new_database"]

OSLO = ZoneInfo("Europe/Oslo")
BEGINS = datetime(2027, 1, 4, 10, tzinfo=OSLO)
STUDY = replace(SMALL, closes=date(2027, 2, 1), retention=date(2027, 3, 1))
FORM = "Tirsdagen da alt gikk galt ved skranken"
THEMES = "tilrettelegging på kveldstid"
BODY = "Utvalget for alt som er"
SHARED = "Neste gang spør jeg først"
HAPPENED, ANSWERED = "Hun gikk på dør midt i setningen", "Det ville jeg latt henne gjøre"
CASE = "Hvem ringer jeg når ingen tar telefonen?"
PASTED = "Jeg ventet til hun hadde sagt alt"
ASKING = replace(ASKS, closes=STUDY.closes, retention=STUDY.retention)
SAY = texts("nb")
ALWAYS = {"alembic_version", "server_key_check", "replica", "service_url", "audit"}
"""What is of nobody; of the audit log, certificates that count."""


@dataclass
class Clock:
    at: datetime = BEGINS

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@dataclass
class Played:
    """An office, and every word of it that must be gone in the end."""

    house: House
    clock: Clock
    words: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    """What stands nowhere, at no time."""

    async def night(self) -> None:
        """The next night's work is done, and what follows from it."""
        self.clock.at += timedelta(hours=26)
        for _ in range(3):
            await self.house.settle()

    async def years(self, *leaps: datetime) -> None:
        """A bot that was down until each of these comes back, and lives through a night."""
        for leap in leaps:
            self.clock.at = leap
            await self.house.restart()
            for _ in range(3):
                await self.house.settle()
            await self.night()


@pytest_asyncio.fixture
async def played(new_database: NewDatabase, tmp_path: Path) -> AsyncIterator[Played]:
    clock = Clock()
    urls = {
        "KOLLEGIAL_DATABASE_URL": await new_database(),
        "KOLLEGIAL_URN_URL": await new_database(),
    }
    async with kollegial(tmp_path, (STUDY, ASKING), now=clock, urls=urls) as house:
        yield Played(house, clock)


async def test_nothing_is_left_of_anything(
    played: Played, database_kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await play(played)
    house = played.house
    assert await found(house, database_kind, house.kari.id), "it finds what is there"
    for code in played.codes:
        assert await found(house, database_kind, code) == ()

    await erased(played)
    await played.night()
    for word in (house.kari.id, house.kari.chat.id, house.kari.name):
        assert await found(house, database_kind, word) == ()

    async with house.operational.begin() as transaction:  # what an operator takes away
        transaction.revoke(house.ola.id, "researcher")
        transaction.run(house.operational.groups.unlist_leader(house.ola.id, "19:office"))
    retired = BEGINS + GROUP + UNPLANNED_GROUP
    await played.years(retired, retired + 2 * AUDIT)

    assert {entry.who for entry in await house.operational.audit_log()} <= {SYSTEM}
    of_the_night = {("outbox", kind) for kind in ("nightly", "plan_deadlines")}
    studies = {("study", STUDY.id), ("study", ASKING.id)}
    assert await left(house) == of_the_night | studies
    # Whom Teams' own server names is no matter of ours.
    ours = [r.getMessage() for r in caplog.records if r.name != "aiohttp.access"]
    for word in played.words:
        assert not any(word in line for line in ours), word
        assert await found(house, database_kind, word) == (), word


# --- What is played -----------------------------------------------------------------------------


async def play(played: Played) -> None:
    """A series with forms, sessions, a study with times and results, choices, roles, failures."""
    house = played.house
    await series(played)
    await meeting(played)
    await apart(played)
    await study(played)
    await rehearsed(played)
    await queued(played)
    await house.kari.write("språk nynorsk")
    await house.kari.write("pause til 1.2.")
    async with house.operational.begin() as transaction:
        transaction.grant(house.ola.id, "researcher")
        transaction.run(house.operational.groups.list_leader(house.ola.id, "19:office"))
    played.words |= {*map(str, (user.id for user in users(house)))}
    played.words |= {user.name for user in users(house)} - {"Anne Administrator"}
    played.words |= {chat.id for chat in house.teams._chats.values()}
    for group in await house.operational.groups.all():
        played.words |= {group.id, group.calendar_key, *(m.id for m in group.meetings)}


def users(house: House) -> Iterator[User]:
    yield from (house.anne, house.kari, house.ola)


async def series(played: Played) -> None:
    """Kari and Ola sign up; Kari writes a form, which she forgets."""
    house = played.house
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await house.anne.write("planlegg veiledningsgruppe 3 x 14 dager fra 2027-01-12 kl 09:00", chat)
    if can(house.anne, chat.last, "group.change"):
        await house.anne.press(chat.last, "group.plan")
    await house.settle()
    post = chat.last
    for user in (house.kari, house.ola):
        await user.press(post, "group.join")
        await house.settle()
    await house.kari.write("logg")
    form = house.kari.chat.last
    first = next(key for key in cards.inputs(house.kari.card(form)) if key.startswith("field."))
    await house.kari.press(form, "form.save", {first: FORM})
    played.words.add(FORM)
    await house.kari.write("spør meg gjerne om")
    await house.kari.press(house.kari.chat.last, "colleague.offer", {"themes": THEMES})
    played.words.add(THEMES)


async def apart(played: Played) -> None:
    """Ola asks Kari for five minutes, and neither brings them to an end."""
    house = played.house
    await ask(house, house.ola, house.kari)
    await press(house, house.kari, "colleague.yes")
    await press(house, house.ola, "session.send", text=HAPPENED)
    await press(house, house.ola, "session.next")
    await press(house, house.kari, "session.send", text=ANSWERED)
    assert ANSWERED in everything_in(house.ola)
    played.words |= {HAPPENED, ANSWERED}


async def queued(played: Played) -> None:
    """Kari and Ola bring cases to a panel that they do not sit on; Ola's is heard some day."""
    house = played.house
    channel = house.teams.channel(house.anne, house.kari, house.ola)
    await house.anne.write("planlegg veiledningsforum 3 x 14 dager fra 2027-01-19 kl 12", channel)
    if can(house.anne, channel.last, "group.change"):
        await house.anne.press(channel.last, "group.plan")
    await house.settle()
    for user in (house.kari, house.ola):
        await bring(house, user, CASE)
    played.words.add(CASE)


async def rehearsed(played: Played) -> None:
    """Anne begins a rehearsal, and goes away from it."""
    house = played.house
    await house.anne.write("øv")
    await press(house, house.anne, "rehearsal.choose", method="kritisk_hendelse")
    await press(house, house.anne, "session.start")
    await press(house, house.anne, "session.next")
    played.words.add("Oppdiktet")


async def meeting(played: Played) -> None:
    """A session from its first card to its last, with a collection, and notes."""
    house = played.house
    circle = SimulatedGroup(
        house.teams, house.anne, SessionScenario("veiledningsgruppe", 3), Tally()
    )
    outcome = await circle.meet()
    assert outcome.ended
    played.words |= {member.name for member in circle._members}
    played.words |= {member.id for member in circle._members}
    played.words |= {said for read in outcome.shown.values() for said in read if len(said) > 12}
    (group,) = [g for g in await house.operational.groups.all() if not g.meetings]
    sessions = house.services.sessions.stored
    async with house.operational.begin() as transaction:
        transaction.run(sessions.collect(group.id, [SHARED]))
        transaction.run(sessions.put_page(group.id, 1, house.kari.id, "note", SHARED.encode()))
    played.words |= {SHARED, sessions.label(group.id)}


async def study(played: Played) -> None:
    """It is announced, answered, withdrawn from, begun, and published; times are chosen."""
    house = played.house
    channel = house.teams.channel(
        house.anne, house.kari, house.ola, *(house.teams.user(f"Kollega {n}") for n in range(12))
    )
    await house.anne.write(f"inviter {STUDY.id}", channel)
    await house.settle()
    invited = channel.last
    house.teams.fail("POST", path="/activities", status=403, code="MessageWritesBlocked")
    blocked = channel.members[-1]
    await blocked.press(invited, "study.start")
    await house.settle()
    assert [parked.kind for parked in await house.operational.outbox.parked()] == ["consent"]
    played.words |= {blocked.id, blocked.name, blocked.chat.id}
    for user in (house.kari, house.ola):
        pseudonym, code = await deliver(user, STUDY.id)
        played.words |= {pseudonym, code}
        played.codes.add(code)
        await correct(user, code)
    await shared(played)
    await house.ola.write(f"trekk {code}")
    await house.ola.press(house.ola.chat.last, "study.withdraw", data={"sure": "yes"})
    token = Token.new()
    await house.urn.open_draft(token, STUDY.id, b"{}")
    played.words.add(str(token))
    await house.anne.write(
        f"timer {STUDY.id} 45 min 1 plass: 12.1. kl 9, kl 13, 14.1. kl 9", channel
    )
    await house.settle()
    offer = channel.last
    await house.kari.press(offer, "appointment.open")
    await house.settle()
    mine = house.kari.chat.last
    slot = cards.inputs(house.kari.card(mine))["slot"]["choices"][0]["value"]
    await house.kari.press(mine, "appointment.choose", {"slot": slot})
    await house.settle()
    key = "k" * 30
    async with house.operational.begin() as transaction:
        transaction.publish(Publication(STUDY.id, key, "{}", {"picture": b"png"}))
        subjects: tuple[tuple[About, str], ...] = (
            ("study", STUDY.id),
            ("method", "veiledningsgruppe"),
        )
        for about, what in subjects:
            day = house.now().date()
            given = Approval(about, what, "a1", "privacy", BODY, day, day)
            transaction.run(house.operational.approvals.note(given))
    played.words.add(BODY)
    played.words |= {key, STUDY.statements[0].text["nb"], slot}


async def correct(user: User, code: str) -> None:
    """It is read, and a correction is begun that is never handed in."""
    await user.write(f"trekk {code}")
    await user.press(user.chat.last, "study.read")
    await user.press(user.chat.last, "study.change")


async def shared(played: Played) -> None:
    """A text is pasted into the study that asks for such, read, and left in a correction."""
    kari = played.house.kari
    await kari.write(f"studie {ASKING.id}")
    post = kari.chat.last
    await kari.press(post, "study.start")
    await kari.press(post, "study.consent")
    await kari.press(post, "questionnaire.next", {"item.text": PASTED})
    await kari.press(post, "questionnaire.approve")
    await kari.press(post, "questionnaire.deliver")
    pseudonym, code = fact(kari, post, 0), fact(kari, post, 1)
    played.words |= {PASTED, pseudonym, code}
    played.codes |= {PASTED, code}
    await correct(kari, code)


# --- Somebody is deleted ------------------------------------------------------------------------


async def erased(played: Played) -> None:
    """Kari is told what there is, and that it is gone."""
    house, kari = played.house, played.house.kari
    say = texts("nn")
    await kari.write("slett")
    post = kari.chat.last
    asked = kari.sees(post)
    pages = ("own_page.form", "own_page.note", "own_page.themes")
    for what in ("person", "membership", *pages, "appointment_choice", "queued_case"):
        assert say(f"erase.what.{what}", n=1) in asked
    assert "«trekk»" in asked, "what nobody can find is said"

    await kari.press(post, "erase.confirm")

    receipt = kari.sees(post)
    assert say("erase.done") in receipt
    assert say("erase.failed") not in receipt
    assert say("erase.what.own_page.form", n=1) in receipt
    assert await house.operational.person(kari.id) is None


# --- What is left -------------------------------------------------------------------------------


async def left(house: House) -> set[tuple[str, str]]:
    """The rows of both databases that are not always there: table, and what it is."""
    rows = set()
    for database in (house.operational._database, house.urn._database):
        rows |= await database.read(everything)
    return {(name, what) for name, what in rows if name not in ALWAYS}


def everything(connection: Connection) -> set[tuple[str, str]]:
    return {
        (name, str(row.get("kind") or row.get("id") or dict(row)))
        for name in inspect(connection).get_table_names()
        for row in connection.execute(select(text("*")).select_from(table(name))).mappings()
    }


async def found(house: House, database_kind: str, word: str) -> tuple[str, ...]:
    """The files of both databases in which a word stands, as it is or as JSON writes it."""
    written = {word.encode(), word.encode("ascii", "backslashreplace")}
    found = []
    for url in house.database_urls.values():
        files = sqlite_files(url) if database_kind == "sqlite" else await postgres_files(url)
        found += [name for name, content in files if any(each in content for each in written)]
    return tuple(found)


def sqlite_files(url: str) -> Iterator[tuple[str, bytes]]:
    path = Path(make_url(url).database or "")
    for file in (path, path.with_name(f"{path.name}-wal")):
        if file.exists():
            yield file.name, file.read_bytes()


async def postgres_files(url: str) -> list[tuple[str, bytes]]:
    """Every file of our own tables and indexes, as the disk has them."""
    connection = await asyncpg.connect(url)
    await connection.execute("CHECKPOINT")
    rows = await connection.fetch(
        "SELECT relname, pg_read_binary_file(pg_relation_filepath(c.oid)) AS content "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('public', 'pg_toast') AND c.relkind IN ('r', 'i', 't') "
        "AND c.oid >= 16384"
    )
    await connection.close()
    return [(row["relname"], bytes(row["content"])) for row in rows]
