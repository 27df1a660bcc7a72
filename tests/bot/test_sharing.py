"""From a session in Teams to the researcher's table: what is marked as shared, and nothing else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from research.coding.material import dump, material
from tests.bot.test_sessions import chosen, gather, lead, part, reach, told, verbs
from tests.support.kollegial import House, kollegial


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, ()) as house:
        yield house


async def test_only_what_its_writer_shares_leaves_the_session(house: House) -> None:
    members = [house.kari, house.ola, *(house.teams.user(f"Deltaker {n}") for n in range(2))]
    chat = await gather(house, *members)
    await told(house, chat, *members)
    await chosen(house, chat, *members)
    post = await reach(house, chat, "Skriv alene")
    willing, unwilling = list[str](), list[str]()
    for number, member in enumerate(members):
        own = await part(house, member, post)
        if "session.send" not in verbs(member, own):  # the owner listens
            continue
        said = f"Jeg prøver {number}"
        await member.press(
            own, "session.send", {"text": said, "share": "true" if number % 2 else "false"}
        )
        (willing if number % 2 else unwilling).append(said)
    await house.settle()
    assert willing
    assert unwilling
    await lead(house, "session.next")  # all is shown together
    assert await house.operational.shared_texts.all() == []  # the session is not over

    await lead(house, "session.end")

    texts = await house.operational.shared_texts.all()
    assert sorted(one.text for one in texts) == willing
    assert {one.phase for one in texts} == {"alternativer"}
    handed_out = dump(material(texts, "group")).decode()
    for told_nowhere in (chat.id, *(member.name for member in members)):
        assert told_nowhere not in handed_out
