"""Who takes part in nothing is forgotten; who chose something a year later; who waits not yet."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dialogs.retention import IDLE
from storage.crypto.vault import Vault
from storage.operational.outbox import OutboxMessage
from storage.operational.store import Operational
from tests.storage.operational.test_sessions import do

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


async def met(operational: Operational, *people: str) -> None:
    async with operational.begin() as transaction:
        for person in people:
            transaction.remember(person, f"29:{person}", {"id": f"a:{person}"})


async def known(operational: Operational, *people: str) -> list[str]:
    return [person for person in people if await operational.person(person)]


async def test_who_takes_part_in_nothing_is_forgotten_the_next_night(
    operational: Operational,
) -> None:
    await met(operational, "idle", "leader", "waits")
    async with operational.begin() as transaction:
        transaction.grant("leader", "facilitator")
        letter = OutboxMessage("k", "group_letter", {}, {"group": "g", "person": "waits"}, NOW)
        transaction.enqueue(letter)

    assert await operational.retention.forget_people(TODAY) == 1
    assert await known(operational, "idle", "leader", "waits") == ["leader", "waits"]

    (claimed,) = await operational.outbox.claim(1, NOW, timedelta(seconds=1))
    await operational.outbox.finish(claimed)
    assert await operational.retention.forget_people(TODAY) == 1
    assert await known(operational, "leader", "waits") == ["leader"]


async def test_choices_outlive_their_use_by_a_year(operational: Operational) -> None:
    await met(operational, "kari", "ola")
    async with operational.begin() as transaction:
        transaction.set_language("kari", "nn")
        transaction.set_language("ola", "en")

    assert await operational.retention.forget_people(TODAY) == 0
    async with operational.begin() as transaction:
        transaction.grant("ola", "researcher")  # ola is back
    later = TODAY + timedelta(days=100)
    assert await operational.retention.forget_people(later) == 0
    async with operational.begin() as transaction:
        transaction.revoke("ola", "researcher")
    assert await operational.retention.forget_people(TODAY + IDLE) == 1, "kari"
    assert await operational.retention.forget_people(TODAY + IDLE + timedelta(days=40)) == 0
    assert await operational.retention.forget_people(TODAY + 2 * IDLE + timedelta(days=40)) == 1


async def test_since_when_somebody_is_idle_tells_the_month_alone(operational: Operational) -> None:
    await met(operational, "kari")
    async with operational.begin() as transaction:
        transaction.set_language("kari", "nn")
    await operational.retention.forget_people(TODAY)

    since = await operational._database.read(
        lambda c: c.exec_driver_sql("SELECT idle_since FROM person").scalar()
    )
    assert str(since) == str(date(2031, 3, 1))


@pytest.mark.parametrize("is_known", [True, False])
async def test_what_is_on_its_way_to_somebody_goes_with_them(
    operational: Operational, *, is_known: bool
) -> None:
    """The information on a study lies locked, and is found by the digest of the chat."""
    await operational.use(Vault(bytes(32)))
    if is_known:
        await met(operational, "kari")
    async with operational.begin() as transaction:
        for person in ("kari", "ola"):
            chat = {"id": f"a:{person}"}
            transaction.enqueue(OutboxMessage(person, "consent", chat, {"study": "demo"}, NOW))
    assert (await operational.retention.about("kari", "a:kari"))["outbox"] == 1
    stored = await operational._database.read(
        lambda c: str(c.exec_driver_sql("SELECT conversation, payload FROM outbox").all())
    )
    assert "kari" not in stored
    assert "demo" not in stored

    await do(operational, operational.retention.erase("kari", "a:kari", NOW, stays=True))

    (left,) = await operational.outbox.claim(9, NOW, timedelta(seconds=1))
    assert (left.conversation, left.payload) == ({"id": "a:ola"}, {"study": "demo"})
    assert await known(operational, "kari") == ["kari"] * is_known
    assert not await operational.retention.about("nobody", "a:nobody")
