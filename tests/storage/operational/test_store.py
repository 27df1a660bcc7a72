"""What the operational database promises, on both kinds."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, StatementError

from storage.operational.store import (
    AlreadySeen,
    Entry,
    Invitation,
    KnownPerson,
    Operational,
    Redelivered,
)

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
CHAT = {"id": "a:1", "service_url": "https://smba.example/emea/"}


async def test_what_is_known_of_a_person_is_kept(operational: Operational) -> None:
    async with operational.begin() as transaction:
        transaction.remember("aad-1", "29:1", CHAT, "Europe/Oslo")
        transaction.set_language("aad-1", "nn")
    async with operational.begin() as transaction:
        transaction.remember("aad-1", "29:new")

    person = await operational.person("aad-1")
    assert person == KnownPerson("aad-1", "29:new", CHAT, "nn", "Europe/Oslo")
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
    await operational.retention.expire(NOW, NOW.date())

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


async def test_a_study_is_found_where_it_was_announced_in_whatever_thread(
    operational: Operational,
) -> None:
    places = {"thread": "19:a;messageid=1", "channel": "19:a", "other": "19:ab"}
    async with operational.begin() as transaction:
        for hours, (study, place) in enumerate(places.items()):
            transaction.add_study(study, "x", NOW - timedelta(hours=hours))
            transaction.add_invitation(Invitation(study, place, "1", CHAT, 12))
            transaction.add_invitation(Invitation(study, place, "2", CHAT, 12))

    assert await operational.announced_at("19:a") == ["channel", "thread"]
    assert await operational.announced_at("19:a;messageid=2") == ["channel", "thread"]
    assert await operational.announced_at("19:ab") == ["other"]
    assert await operational.announced_at("19:") == []


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


# What an activity asks for


async def set_language(operational: Operational, language: str) -> None:
    async with operational.begin() as transaction:
        transaction.set_language("aad-1", language)


async def met(operational: Operational) -> None:
    async with operational.begin() as transaction:
        transaction.remember("aad-1", "29:1")


async def language(operational: Operational) -> str | None:
    person = await operational.person("aad-1")
    return person.language if person else None


async def test_an_activity_is_seen_in_the_transaction_that_does_its_work(
    operational: Operational,
) -> None:
    await met(operational)
    for wanted in ("nn", "en"):  # the second is a redelivery of the first
        with suppress(Redelivered):
            async with operational.once("chat", "1", NOW):
                await set_language(operational, wanted)
    assert await language(operational) == "nn"


async def test_what_a_crash_kept_from_being_done_is_done_when_it_comes_again(
    operational: Operational,
) -> None:
    await met(operational)
    with pytest.raises(ZeroDivisionError):
        async with operational.once("chat", "1", NOW):
            await set_language(operational, str(1 // 0))
    async with operational.once("chat", "1", NOW):
        await set_language(operational, "nn")
    assert await language(operational) == "nn"


async def test_a_failed_transaction_takes_note_of_nothing(operational: Operational) -> None:
    await met(operational)

    def fail(_: Connection) -> None:
        raise ZeroDivisionError

    async def work() -> None:
        async with operational.once("chat", "1", NOW), operational.begin() as transaction:
            transaction.set_language("aad-1", "en")
            transaction.run(fail)

    with pytest.raises(ZeroDivisionError):
        await work()
    async with operational.once("chat", "1", NOW):
        await set_language(operational, "nn")
    assert await language(operational) == "nn"


async def test_what_writes_nothing_is_seen_at_its_end(operational: Operational) -> None:
    async with operational.once("chat", "1", NOW):
        await operational.person("aad-1")
    with pytest.raises(Redelivered):
        async with operational.once("chat", "1", NOW):
            pass


async def test_of_two_at_the_same_time_one_does_the_work(operational: Operational) -> None:
    await met(operational)
    at_work = asyncio.Event()

    async def slow() -> None:
        async with operational.once("chat", "1", NOW):
            await at_work.wait()
            await set_language(operational, "en")

    async def quick() -> None:
        async with operational.once("chat", "1", NOW):
            await set_language(operational, "nn")
        at_work.set()

    results = await asyncio.gather(slow(), quick(), return_exceptions=True)
    assert [type(result) for result in results] == [Redelivered, type(None)]
    assert await language(operational) == "nn"


async def test_what_others_write_meanwhile_is_not_the_activitys(operational: Operational) -> None:
    await met(operational)

    async def work() -> None:
        async with operational.once("chat", "1", NOW):
            await asyncio.create_task(set_language(operational, "nn"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    async with operational.once("chat", "1", NOW):
        await set_language(operational, "en")
    assert await language(operational) == "en"
