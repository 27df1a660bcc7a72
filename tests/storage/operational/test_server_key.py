"""A wrong server key is known before anything is locked with it, and the key can be changed."""

import asyncio

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, text

from storage.crypto.vault import Vault
from storage.operational.server_key import WrongServerKey
from storage.operational.store import Operational
from tests.storage.operational.test_sessions import begun, do
from tests.support.databases import NewDatabase

OLD, NEW, OTHER = bytes(32), bytes(range(32)), b"o" * 32


async def test_the_key_of_a_new_database_is_noted_and_others_are_refused(
    operational: Operational,
) -> None:
    await operational.server_key.check(Vault(OTHER), note=False)
    for _ in range(2):
        await operational.server_key.check(Vault(OLD))

    with pytest.raises(WrongServerKey, match="KOLLEGIAL_SERVER_KEY is not the key"):
        await operational.server_key.check(Vault(OTHER))
    await operational.server_key.check(Vault(NEW, OLD))


async def test_what_was_locked_before_there_was_a_check_tells_the_key(
    operational: Operational,
) -> None:
    await begun(operational, operational.sessions(Vault(OLD)))

    with pytest.raises(WrongServerKey):
        await operational.server_key.check(Vault(OTHER))
    await operational.server_key.check(Vault(OLD))


async def test_everything_is_locked_anew_and_the_old_key_is_let_go(
    operational: Operational,
) -> None:
    old, both, new = Vault(OLD), Vault(NEW, OLD), Vault(NEW)
    await operational.server_key.check(old)
    sessions = operational.sessions(old)
    session = await begun(operational, sessions)
    await do(
        operational,
        sessions.put_page("g", 1, "kari", "form", b"her form"),
        sessions.put_page("g", 1, "phase", "agreement", b"an agreement"),
        sessions.collect("g", ["to keep"]),
    )
    with pytest.raises(WrongServerKey):
        await operational.server_key.check(new)

    assert await operational.server_key.rotate(both) == 4
    assert await operational.server_key.rotate(both) == 4  # again changes nothing

    await operational.server_key.check(new)
    with pytest.raises(WrongServerKey):
        await operational.server_key.check(old)
    opened = operational.sessions(new)
    found = await opened.get(session.id)
    assert found is not None
    assert found.document == b"the beginning"
    assert await opened.page("g", 1, "kari", "form") == b"her form"
    assert await opened.agreements("g") == {"phase": "an agreement"}
    assert [*(await opened.collection("g")).values()] == ["to keep"]
    with pytest.raises(InvalidTag):
        await sessions.page("g", 1, "kari", "form")


async def test_what_lies_in_the_clear_is_locked_at_the_next_start(
    operational: Operational,
) -> None:
    def before(connection: Connection) -> None:
        connection.execute(
            text("""INSERT INTO collected (id, "group", text) VALUES ('1', 'g', 'to keep')""")
        )

    await operational._database.write(before)
    for _ in range(2):
        await operational.use(Vault(OLD))

    kept = await operational.sessions(Vault(OLD)).collection("g")
    assert [*kept.values()] == ["to keep"]
    clear = text("SELECT text FROM collected")
    assert await operational._database.read(lambda c: [*c.scalars(clear)]) == [""]


def test_a_group_is_called_otherwise_under_another_key() -> None:
    both = Vault(NEW, OLD)

    assert both.label("g") == Vault(NEW).label("g") != Vault(OLD).label("g")


def test_keys_are_read_from_their_digits() -> None:
    both = Vault.from_hex(f"{NEW.hex()},{OLD.hex()}")
    key = Vault.new_row_key()
    locked = Vault(OLD).lock(key, "kari", b"text")

    assert both.unlock(key, "kari", locked) == b"text"
    assert Vault(NEW).unlock(key, "kari", both.relock(key, "kari", locked)) == b"text"
    for wrong in ("", "5e" * 31, f"{NEW.hex()},", "zz" * 32):
        with pytest.raises(ValueError, match="64 hexadecimal digits"):
            Vault.from_hex(wrong)


async def test_replicas_that_start_together_come_to_one_secret(new_database: NewDatabase) -> None:
    url = await new_database()
    replicas = [await Operational.open(url) for _ in range(4)]
    secrets = await asyncio.gather(*(each.server_key.check(Vault(OLD)) for each in replicas))
    for each in replicas:
        await each.close()

    assert len(set(secrets)) == 1
