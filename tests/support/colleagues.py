"""Colleagues who share a group, and what they press in their own chats."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.gateway.events import Conversation
from dialogs.groups.group import Gather, Place, gathered
from dialogs.groups.signup import Membership
from dialogs.sessions.method import Frame
from simulation import cards
from simulation.teams import Post, User
from tests.support.kollegial import House, kollegial

TUESDAY = datetime(2027, 1, 12, 9, tzinfo=UTC)
"""Ten o'clock in Oslo, when people are at work."""
HOUR = timedelta(hours=1)


@dataclass
class Clock:
    at: datetime = TUESDAY

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def house(tmp_path: Path, clock: Clock, urls: dict[str, str]) -> AsyncIterator[House]:
    """With no study, and a clock that stands still at work."""
    async with kollegial(tmp_path, (), now=clock, urls=urls) as house:
        yield house


async def share_a_group(house: House, *users: User, name: str = "Lillevik") -> str:
    """They have seats in one group; its id."""
    chat = house.teams.group_chat(house.anne, *users)
    place = Conversation(chat.id, "groupChat", house.teams.tenant, house.teams.service_url)
    event = Gather(
        at=house.now(),
        by=house.anne.id,
        method="saksrunde",
        language="nb",
        timezone="Europe/Oslo",
        place=Place(chat.id, asdict(place)),
    )
    seats = tuple(Membership(user.id, user.name) for user in users)
    group = replace(gathered(Frame(), event), name=name, members=seats)
    async with house.operational.begin() as transaction:
        for user in users:
            transaction.remember(user.id, user.teams_id, timezone=user.timezone)
        transaction.run(house.operational.groups.add(group))
    return group.id


async def leave_the_group(house: House, group: str, user: User) -> None:
    found = await house.operational.groups.get(group)
    assert found
    left = tuple(each for each in found.members if each.person != user.id)
    await house.operational.run(house.operational.groups.save(replace(found, members=left)))


def can_press(user: User, verb: str) -> list[Post]:
    """The posts in one's own chat that have this button, the newest last."""
    return [
        post
        for post in user.chat.posts
        if post.author is None
        and post.card
        and any(each.get("verb") == verb for each in cards.actions(user.card(post)))
    ]


async def press(house: House, user: User, verb: str, **inputs: str) -> None:
    """The newest of one's own cards with this button; everything that follows has arrived."""
    await user.press(can_press(user, verb)[-1], verb, inputs)
    await house.settle()


async def offered(house: House, user: User, words: str = "fem minutter") -> dict[str, str]:
    """Whom somebody can choose, as they see them, by id."""
    await user.write(words)
    await house.settle()
    field = cards.inputs(user.card(user.chat.last)).get("people", {})
    return {each["value"]: each["title"] for each in field.get("choices", ())}


async def ask(house: House, user: User, *others: User, words: str = "fem minutter") -> None:
    """Write it, choose them, and press."""
    await offered(house, user, words)
    await press(house, user, "colleague.ask", people=",".join(each.id for each in others))


def everything_in(user: User) -> str:
    """All that stands in one's own chat, folded or not."""
    posts = [post for post in user.chat.posts if post.author is None]
    folded = (json.dumps(user.card(post), ensure_ascii=False) for post in posts if post.card)
    return "\n".join([*(user.sees(post) for post in posts), *folded])
