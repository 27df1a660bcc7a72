"""What the operational database promises, on both kinds."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from storage.operational import AlreadySeen, Entry, Invitation, Operational, Person

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
CHAT = {"id": "a:1", "service_url": "https://smba.example/emea/"}


async def test_what_is_known_of_a_person_is_kept(operational: Operational) -> None:
    async with operational.begin() as transaction:
        transaction.remember("aad-1", "29:1", CHAT, "Europe/Oslo")
        transaction.set_language("aad-1", "nn")
    async with operational.begin() as transaction:
        transaction.remember("aad-1", "29:new")

    person = await operational.person("aad-1")
    assert person == Person("aad-1", "29:new", CHAT, "nn", "Europe/Oslo")
    assert await operational.person("aad-2") is None


async def test_any_text_in_a_reference_comes_back(operational: Operational) -> None:
    chat = {"id": "a:\0", "name": "\ud800 \u202e ø 🦊"}
    async with operational.begin() as transaction:
        transaction.remember("aad-1", "29:1", chat)
    person = await operational.person("aad-1")
    assert person is not None
    assert person.chat == chat


async def test_a_transaction_is_all_or_nothing(operational: Operational) -> None:
    async def fail_in_the_block() -> None:
        async with operational.begin() as transaction:
            transaction.remember("aad-1", "29:1")
            raise RuntimeError

    async def fail_at_the_end() -> None:
        async with operational.begin() as transaction:
            transaction.remember("aad-1", "29:1")
            transaction.add_invitation(Invitation("no study", "19:a", "1", CHAT, 12))

    with pytest.raises(RuntimeError):
        await fail_in_the_block()
    with pytest.raises(IntegrityError):
        await fail_at_the_end()
    assert await operational.person("aad-1") is None


async def greet(operational: Operational, conversation: str, activity: str, person: str) -> None:
    async with operational.begin() as transaction:
        transaction.remember(person, "29:1")
        transaction.see(conversation, activity, NOW)


async def test_a_redelivered_activity_writes_nothing(operational: Operational) -> None:
    await greet(operational, "19:a", "1", "aad-1")
    await greet(operational, "19:b", "1", "aad-1")
    with pytest.raises(AlreadySeen):
        await greet(operational, "19:a", "1", "aad-2")

    assert await operational.person("aad-2") is None


async def test_activities_are_forgotten_after_a_while(operational: Operational) -> None:
    async with operational.begin() as transaction:
        transaction.see("19:a", "old", NOW - timedelta(days=2))
        transaction.see("19:a", "new", NOW)
    await operational.forget_seen(NOW - timedelta(days=1))

    await greet(operational, "19:a", "old", "aad-1")
    with pytest.raises(AlreadySeen):
        await greet(operational, "19:a", "new", "aad-1")


async def test_roles_are_given_and_taken(operational: Operational) -> None:
    async with operational.begin() as transaction:
        transaction.grant("aad-1", "facilitator")
        transaction.grant("aad-1", "facilitator")
        transaction.grant("aad-1", "researcher")
    assert await operational.roles("aad-1") == {"facilitator", "researcher"}
    assert await operational.roles("aad-2") == frozenset()

    async with operational.begin() as transaction:
        transaction.revoke("aad-1", "researcher")
    assert await operational.roles("aad-1") == {"facilitator"}


async def test_studies_and_where_they_were_announced(operational: Operational) -> None:
    async with operational.begin() as transaction:
        transaction.add_study("later", "title = 'ø'", NOW + timedelta(hours=1))
        transaction.add_study("earlier", "x", NOW)
    invitation = Invitation("earlier", "19:a", "1", CHAT, 12)
    async with operational.begin() as transaction:
        transaction.add_invitation(invitation)

    assert list(await operational.studies()) == ["earlier", "later"]
    assert await operational.study("later") == "title = 'ø'"
    assert await operational.study("never") is None
    assert await operational.invitations("earlier") == [invitation]
    assert await operational.invitations("later") == []


async def test_a_study_is_defined_once(operational: Operational) -> None:
    async def define(definition: str) -> None:
        async with operational.begin() as transaction:
            transaction.add_study("demo", definition, NOW)

    await define("first")
    with pytest.raises(IntegrityError):
        await define("second")
    assert await operational.study("demo") == "first"


async def test_the_audit_log_keeps_its_order_and_its_time(operational: Operational) -> None:
    oslo = timedelta(hours=1)
    entries = [Entry(NOW + i * oslo, "aad-1", "exported", "demo") for i in range(3)]
    for entry in entries:
        async with operational.begin() as transaction:
            transaction.audit(entry)
    assert await operational.audit_log() == entries


async def test_a_time_without_a_zone_is_refused(operational: Operational) -> None:
    async def audit() -> None:
        async with operational.begin() as transaction:
            transaction.audit(Entry(NOW.replace(tzinfo=None), "aad-1", "exported"))

    with pytest.raises(StatementError, match="without a time zone"):
        await audit()


async def test_what_is_unseen_is_new_again(operational: Operational) -> None:
    for _ in range(2):
        async with operational.begin() as transaction:
            transaction.see("a:1", "f:1", NOW)
        async with operational.begin() as transaction:
            transaction.unsee("a:1", "f:1")
            transaction.unsee("a:1", "never seen")
