"""Sessions and members' own pages, on both kinds of database."""

import secrets
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import IntegrityError

from storage.database import Stale, Step
from storage.operational import Operational
from storage.sessions import Card, Sessions, StoredSession
from storage.vault import Vault

CHAT = {"id": "19:chat"}
SERVER_KEY = bytes(range(32))


@pytest.fixture
def sessions(operational: Operational) -> Sessions:
    return operational.sessions(Vault(SERVER_KEY))


async def do(operational: Operational, *steps: Step) -> None:
    async with operational.begin() as transaction:
        for step in steps:
            transaction.also(step)


async def begun(operational: Operational, sessions: Sessions, group: str = "g") -> StoredSession:
    session = sessions.new(group, 1, CHAT, "digest", b"the beginning")
    await do(operational, sessions.add(session))
    return session


async def test_a_session_is_found_by_its_place_until_it_is_over(
    operational: Operational, sessions: Sessions
) -> None:
    session = await begun(operational, sessions)

    assert await sessions.at("19:chat") == await sessions.get(session.id) == session
    await do(operational, sessions.save(session, b"the end", is_over=True))

    assert await sessions.at("19:chat") is None
    over = await sessions.get(session.id)
    assert over is not None
    assert (over.document, over.is_over, over.version) == (b"the end", True, 2)
    assert await sessions.held("g") == 1
    await begun(operational, sessions)


async def test_a_place_has_one_session_at_a_time(
    operational: Operational, sessions: Sessions
) -> None:
    await begun(operational, sessions)

    with pytest.raises(IntegrityError):
        await begun(operational, sessions, "another group")


async def test_whoever_read_an_older_version_writes_nothing(
    operational: Operational, sessions: Sessions
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
    assert await sessions.collection("g") == []


async def test_a_session_that_never_started_is_no_meeting(
    operational: Operational, sessions: Sessions
) -> None:
    session = await begun(operational, sessions)

    never = replace(session, meeting=0)
    await do(operational, sessions.save(never, b"over", is_over=True))

    assert await sessions.held("g") == 0
    assert (await sessions.get(session.id) or session).meeting == 0


async def test_a_card_is_noted_once_for_each_name(
    operational: Operational, sessions: Sessions
) -> None:
    session = await begun(operational, sessions)
    panel, phase = Card("panel", {"id": "a:1"}, "7"), Card("phase:1", CHAT, "9")

    await do(operational, sessions.put_card(session.id, Card("phase:1", CHAT, "8")))
    await do(operational, *(sessions.put_card(session.id, card) for card in (panel, phase)))

    assert await sessions.cards(session.id) == {"panel": panel, "phase:1": phase}


async def test_a_page_is_its_writers_alone(operational: Operational, sessions: Sessions) -> None:
    await do(operational, sessions.put_page("g", 1, "kari", "form", b"when, where, who"))
    await do(operational, sessions.put_page("g", 1, "kari", "form", b"when and where"))

    assert await sessions.page("g", 1, "kari", "form") == b"when and where"
    for other in (("g", 1, "ola", "form"), ("g", 2, "kari", "form"), ("g", 1, "kari", "note")):
        assert await sessions.page(*other) is None
    assert await sessions.written("g", 1, "form") == 1


async def test_with_another_server_key_nothing_opens(
    operational: Operational, sessions: Sessions
) -> None:
    session = await begun(operational, sessions)
    await do(operational, sessions.put_page("g", 1, "kari", "form", b"mine"))
    thief = operational.sessions(Vault(secrets.token_bytes(32)))

    with pytest.raises(InvalidTag):
        await thief.get(session.id)
    with pytest.raises(InvalidTag):
        await thief.page("g", 1, "kari", "form")


async def test_pages_go_when_their_time_has_come(
    operational: Operational, sessions: Sessions
) -> None:
    for meeting in (1, 2, 3):
        await do(operational, sessions.put_page("g", meeting, "kari", "form", b"mine"))
        await do(operational, sessions.put_page("g", meeting, "kari", "note", b"to try"))

    await sessions.destroy_pages("g", 2)

    forms = [await sessions.written("g", m, "form") for m in (1, 2, 3)]
    notes = [await sessions.written("g", m, "note") for m in (1, 2, 3)]
    assert (forms, notes) == ([0, 0, 1], [0, 1, 1])
    await sessions.destroy_page("g", 3, "kari", "form")
    assert await sessions.page("g", 3, "kari", "form") is None


async def test_a_group_that_is_destroyed_leaves_nothing(
    operational: Operational, sessions: Sessions
) -> None:
    session = await begun(operational, sessions)
    await do(
        operational,
        sessions.put_card(session.id, Card("panel", CHAT, "1")),
        sessions.put_page("g", 1, "kari", "form", b"mine"),
        sessions.collect("g", ["ask first", "wait"]),
        sessions.collect("g", []),
    )
    assert sorted(await sessions.collection("g")) == ["ask first", "wait"]

    await do(operational, sessions.destroy("g"))

    assert await sessions.get(session.id) is None
    assert await sessions.cards(session.id) == {}
    assert await sessions.page("g", 1, "kari", "form") is None
    assert await sessions.collection("g") == []


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
    operational: Operational, sessions: Sessions
) -> None:
    await do(operational, sessions.add_to_note("g", 1, "kari", "ask first"))
    await do(operational, sessions.add_to_note("g", 1, "kari", "wait"))
    await do(operational, sessions.put_page("g", 0, "rules", "agreement", b"we ask"))

    assert await sessions.page("g", 1, "kari", "note") == b"ask first\nwait"
    assert await sessions.agreements("g") == {"rules": "we ask"}
    await sessions.destroy_pages("g", 1)
    assert await sessions.agreements("g") == {"rules": "we ask"}
