"""Sessions and members' own pages, on both kinds of database."""

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import IntegrityError

from dialogs.sessions.notes import KeptNote, Note
from storage.crypto.vault import Vault
from storage.database import Stale, Write
from storage.operational.retention import end
from storage.operational.sessions import SessionCard, SessionStore, StoredSession
from storage.operational.store import Operational

DAY = date(2031, 3, 10)
BEFORE = "written before notes had more than their text"
CHAT = {"id": "19:chat"}
NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
SERVER_KEY = bytes(range(32))


@pytest.fixture
def sessions(operational: Operational) -> SessionStore:
    return operational.sessions(Vault(SERVER_KEY))


async def do(operational: Operational, *steps: Write) -> None:
    async with operational.begin() as transaction:
        for step in steps:
            transaction.run(step)


async def begun(
    operational: Operational, sessions: SessionStore, group: str = "g"
) -> StoredSession:
    session = sessions.new(group, 1, CHAT, "digest", b"the beginning")
    await do(operational, sessions.add(session))
    return session


async def test_a_session_is_found_by_its_place_until_it_is_over(
    operational: Operational, sessions: SessionStore
) -> None:
    session = await begun(operational, sessions)

    assert await sessions.get(session.id) == session
    assert await sessions.at("19:chat") == await sessions.living() == [session]
    assert await sessions.at("19:chat;messageid=1") == [session]
    await do(operational, sessions.save(session, b"the end", is_over=True))

    assert await sessions.at("19:chat") == await sessions.living() == []
    over = await sessions.get(session.id)
    assert over is not None
    assert (over.document, over.is_over, over.version) == (b"the end", True, 2)
    assert await sessions.next_number("g") == 2
    assert await sessions.next_number("g", is_extra=True) == -1
    await begun(operational, sessions)


async def test_a_group_has_one_session_at_a_time(
    operational: Operational, sessions: SessionStore
) -> None:
    await begun(operational, sessions)

    await begun(operational, sessions, "another group")  # of the same channel
    with pytest.raises(IntegrityError):
        await begun(operational, sessions)


async def test_whoever_read_an_older_version_writes_nothing(
    operational: Operational, sessions: SessionStore
) -> None:
    session = await begun(operational, sessions)
    await do(operational, sessions.save(session, b"first", is_over=False))

    with pytest.raises(Stale):
        await do(
            operational,
            sessions.collect("g", ["of the same transaction"]),
            sessions.save(session, b"second", is_over=False),
        )

    assert (await sessions.get(session.id) or session).document == b"first"
    assert await sessions.collection("g") == {}


async def test_a_session_that_never_started_is_no_meeting(
    operational: Operational, sessions: SessionStore
) -> None:
    session = await begun(operational, sessions)

    never = replace(session, meeting=0)
    await do(operational, sessions.save(never, b"over", is_over=True))

    assert await sessions.next_number("g") == 1
    assert (await sessions.get(session.id) or session).meeting == 0


async def test_a_card_is_noted_once_for_each_name(
    operational: Operational, sessions: SessionStore
) -> None:
    session = await begun(operational, sessions)
    panel, phase = SessionCard("panel", {"id": "a:1"}, "7"), SessionCard("phase:1", CHAT, "9")

    await do(operational, sessions.put_card(session.id, SessionCard("phase:1", CHAT, "8")))
    await do(operational, *(sessions.put_card(session.id, card) for card in (panel, phase)))

    assert await sessions.cards(session.id) == {"panel": panel, "phase:1": phase}

    await do(operational, sessions.drop_card(session.id, "panel"))
    await do(operational, sessions.drop_card(session.id, "asked:1"))
    assert await sessions.cards(session.id) == {"phase:1": phase}


async def test_what_somebody_gladly_answers_about_is_read_until_they_take_it_back(
    operational: Operational, sessions: SessionStore
) -> None:
    for themes in ("work", "work, health"):
        await do(operational, sessions.offer_themes("kari", themes))
    await do(operational, sessions.offer_themes("ola", "first conversations"))

    assert await sessions.themes(["kari", "siri"]) == {"kari": "work, health"}
    await sessions.take_themes_back("kari")
    await sessions.take_themes_back("siri")
    everybody = ["kari", "ola"]
    assert await sessions.themes(everybody) == {"ola": "first conversations"}
    await do(operational, lambda c: end(c, "person", "ola"))
    assert await sessions.themes(everybody) == {}


async def test_a_page_is_its_writers_alone(
    operational: Operational, sessions: SessionStore
) -> None:
    await do(operational, sessions.put_page("g", 1, "kari", "form", b"when, where, who"))
    await do(operational, sessions.put_page("g", 1, "kari", "form", b"when and where"))

    assert await sessions.page("g", 1, "kari", "form") == b"when and where"
    for other in (("g", 1, "ola", "form"), ("g", 2, "kari", "form"), ("g", 1, "kari", "note")):
        assert await sessions.page(*other) is None
    assert await sessions.written("g", 1, "form") == 1


async def test_with_another_server_key_nothing_opens(
    operational: Operational, sessions: SessionStore
) -> None:
    session = await begun(operational, sessions)
    await do(operational, sessions.put_page("g", 1, "kari", "form", b"mine"))
    thief = operational.sessions(Vault(secrets.token_bytes(32)))

    with pytest.raises(InvalidTag):
        await thief.get(session.id)
    with pytest.raises(InvalidTag):
        await thief.page("g", 1, "kari", "form")


async def test_forms_go_when_their_time_has_come(
    operational: Operational, sessions: SessionStore
) -> None:
    for meeting in (1, 2, 3):
        await do(operational, sessions.put_page("g", meeting, "kari", "form", b"mine"))

    await sessions.destroy_forms("g", 2)

    assert [await sessions.written("g", m, "form") for m in (1, 2, 3)] == [0, 0, 1]
    assert await sessions.destroy_forms_of("g", "kari") == 1
    assert await sessions.page("g", 3, "kari", "form") is None


async def test_a_group_that_is_destroyed_leaves_nothing(
    operational: Operational, sessions: SessionStore
) -> None:
    session = await begun(operational, sessions)
    await do(
        operational,
        sessions.put_card(session.id, SessionCard("panel", CHAT, "1")),
        sessions.put_page("g", 1, "kari", "form", b"mine"),
        sessions.collect("g", ["ask first", "wait"]),
        sessions.collect("g", []),
    )
    kept = await sessions.collection("g")
    assert sorted(kept.values()) == ["ask first", "wait"]

    await do(operational, lambda c: end(c, "group", "g"))

    assert await sessions.get(session.id) is None
    assert await sessions.cards(session.id) == {}
    assert await sessions.page("g", 1, "kari", "form") is None
    assert await sessions.collection("g") == {}


async def test_one_text_of_a_collection_is_taken_out_and_of_its_own_group_alone(
    operational: Operational, sessions: SessionStore
) -> None:
    await do(operational, sessions.collect("g", ["ask first", "wait"]))
    first, second = await sessions.collection("g")

    assert await sessions.take_out("another", first) is False
    assert await sessions.take_out("g", first) is True
    assert await sessions.take_out("g", first) is False
    assert [*await sessions.collection("g")] == [second]


async def test_of_what_was_kept_together_the_rest_is_kept_and_what_was_never_kept_is_not(
    operational: Operational, sessions: SessionStore
) -> None:
    await do(operational, sessions.collect("g", ["ask first", "both\n\nof them"]))
    await do(operational, sessions.collect("another", ["ask first"]))

    await do(
        operational,
        sessions.replace_collected("g", ("both\n\nof them",), ("both",)),
        sessions.replace_collected("g", ("never kept",), ("never",)),
        sessions.replace_collected("g", ("ask first",), ()),
    )

    assert [*(await sessions.collection("g")).values()] == ["both"]
    assert [*(await sessions.collection("another")).values()] == ["ask first"]


@pytest.mark.parametrize("bad", ["", "00" * 31, "zz" * 32])
def test_a_server_key_is_64_hexadecimal_digits(bad: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits") as fault:
        Vault.from_hex(bad)
    assert not bad or bad not in str(fault.value)


def test_a_server_key_is_read() -> None:
    row, vault = Vault.new_row_key(), Vault.from_hex("0a" * 32)
    assert Vault(b"\n" * 32).unlock(row, "kari", vault.lock(row, "kari", b"x")) == b"x"
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short")


async def test_what_is_taken_along_grows_and_agreements_are_kept_by_phase(
    operational: Operational, sessions: SessionStore
) -> None:
    for text, until in (("ask first", DAY), ("wait", DAY + timedelta(days=1))):
        note = Note(text, "saksrunde")
        await do(operational, sessions.add_to_note("g", 1, "kari", note, until))
    await do(operational, sessions.put_page("g", 0, "rules", "agreement", b"we ask"))

    whole = Note("ask first\nwait", "saksrunde")
    assert await sessions.notes("kari") == [KeptNote("g", 1, DAY + timedelta(days=1), whole)]
    assert await sessions.agreements("g") == {"rules": "we ask"}
    await sessions.destroy_forms("g", 1)
    assert await sessions.agreements("g") == {"rules": "we ask"}


async def test_a_note_is_changed_and_destroyed_by_its_writer_alone(
    operational: Operational, sessions: SessionStore
) -> None:
    for person in ("kari", "ola"):
        await do(operational, sessions.add_to_note("g", 1, person, Note("wait"), DAY))

    def tried(note: Note) -> Note:
        return replace(note, state="tried", went="well")

    await do(operational, sessions.change_note("g", 1, "kari", tried))
    await do(operational, sessions.change_note("g", 2, "kari", tried))

    (mine,) = await sessions.notes("kari")
    assert (mine.note, mine.until) == (Note("wait", "", "tried", "well"), DAY)
    assert await sessions.destroy_note("g", 1, "kari") == 1
    assert await sessions.destroy_note("g", 1, "kari") == 0
    assert [each.note for each in await sessions.notes("ola")] == [Note("wait")]


async def test_a_note_outlives_its_group_and_tells_nobody_who_was_in_it(
    operational: Operational, sessions: SessionStore
) -> None:
    for person in ("kari", "ola"):
        await do(operational, sessions.add_to_note("g", 1, person, Note("wait"), DAY))
    await do(operational, sessions.put_page("h", 1, "kari", "note", BEFORE.encode(), until=DAY))

    await do(operational, sessions.let_notes_go("g"), lambda c: end(c, "group", "g"))

    kept = [each for who in ("kari", "ola") for each in await sessions.notes(who)]
    assert sorted(each.note.text for each in kept) == ["wait", "wait", BEFORE]
    assert len({each.group for each in kept} - {"g"}) == 3


async def test_a_form_is_destroyed_by_the_calendar(operational: Operational) -> None:
    sessions, day = operational.sessions(Vault(SERVER_KEY)), date(2031, 3, 10)
    for group in ("g", "h"):
        step = sessions.put_page(group, 1, "kari", "form", b"mine", until=day)
        await do(operational, step)
    await do(operational, sessions.keep_forms("h", day + timedelta(days=1)))

    async def expire(today: date) -> int:
        return (await operational.retention.expire(NOW, today))["log forms"]

    assert await expire(day) == 0
    assert await expire(day + timedelta(days=1)) == 1
    assert await sessions.page("h", 1, "kari", "form") == b"mine"
