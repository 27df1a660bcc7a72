"""Sessions through HTTP: what the group, the facilitator and each member see and can do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.simulate import cards
from bot.simulate.teams import Chat, Post, User
from bot.texts import texts
from tests.support.kollegial import House, can, kollegial

SAY = texts("nb")


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, ()) as house:
        yield house


def opened(chat: Chat, user: User) -> Post:
    """The latest card of the session that has buttons."""
    return next(
        post
        for post in reversed(chat.posts)
        if post.card and any(v.startswith("session.") for v in verbs(user, post))
    )


def verbs(user: User, post: Post) -> list[str]:
    return [action.get("verb", "") for action in cards.actions(user.card(post))]


async def gathered(house: House, *members: User) -> Chat:
    """A group chat in which these have pressed that they are here."""
    chat = house.teams.group_chat(house.anne, *members)
    await house.anne.write("start veiledningsgruppe", chat)
    await house.settle()
    for member in members:
        await member.press(opened(chat, member), "session.here")
        await house.settle()
    return chat


async def test_a_group_gathers_and_starts(house: House) -> None:
    chat = await gathered(house, house.kari, house.ola)

    assert "Kari Eksempel" in house.kari.sees(opened(chat, house.kari))
    panel = house.anne.chat.last
    await house.anne.press(panel, "session.start")
    await house.settle()

    print(house.kari.sees(opened(chat, house.kari)))
    assert can(house.kari, opened(chat, house.kari), "session.break")
