"""`slett`: what there is about somebody is shown first, and what is left is said."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.ui.texts import texts
from storage.operational.store import Entry
from tests.bot.sessions.test_sessions import gather, lead
from tests.support.kollegial import House, begin, kollegial

SAY = texts("nb")


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


async def test_nothing_is_deleted_before_somebody_says_yes(house: House) -> None:
    await house.kari.write("slett")
    post = house.kari.chat.last
    assert SAY("erase.what.person") in house.kari.sees(post)

    await house.kari.press(post, "erase.keep")

    assert house.kari.sees(post) == SAY("erase.kept")
    assert await house.operational.person(house.kari.id) is not None


async def test_it_is_for_the_personal_chat(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari)
    await house.kari.write("slett", chat)

    assert house.kari.sees(chat.last) == SAY("erase.in_personal")


async def test_what_concerns_others_stays_and_is_said(house: House) -> None:
    """Anne leads a group and a session, and has done something that is audited."""
    await gather(house, house.kari, house.ola)
    async with house.operational.begin() as transaction:
        transaction.grant(house.anne.id, "facilitator")
        transaction.audit(Entry(house.now(), house.anne.id, "open", None))
    await house.anne.write("slett")
    post = house.anne.chat.last
    await house.anne.press(post, "erase.confirm")

    receipt = house.anne.sees(post)
    assert SAY("erase.stays") in receipt
    for what in ("role", "peer_group", "audit", "address"):
        assert SAY(f"erase.what.{what}", n=1) in receipt
    assert SAY("erase.failed") not in receipt
    assert await house.operational.person(house.anne.id) is not None, "who leads is to be reached"


async def test_the_others_go_on_without_whoever_is_deleted(house: House) -> None:
    await gather(house, house.kari, house.ola, house.teams.user("Siri Eksempel"))
    await lead(house, "session.start")
    (session,) = await house.services.sessions.stored.naming(house.ola.id)
    await house.ola.write("slett")
    await house.ola.press(house.ola.chat.last, "erase.confirm")
    await house.settle()

    assert await house.services.sessions.stored.naming(house.ola.id) == []
    live = await house.services.sessions.get(session)
    assert live is not None
    assert [m.name for m in live.session.members if m.is_here] == [house.kari.name, "Siri Eksempel"]
    await lead(house, "session.next")
    (group,) = await house.operational.groups.all()
    assert group.member(house.ola.id) is None


async def test_twice_is_no_more_and_a_draft_at_hand_goes_too(house: House) -> None:
    await begin(house.kari)
    await house.kari.write("slett")
    post = house.kari.chat.last
    reply = await house.kari.press(post, "erase.confirm")
    await house.kari.redeliver(reply)
    assert SAY("erase.failed") not in house.kari.sees(post)
    await house.kari.write("fortsett")
    assert SAY("resume.none") in house.kari.sees(house.kari.chat.last)
