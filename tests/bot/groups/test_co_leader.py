"""Two lead a group together: named, told once, able to say no, and each in the other's place."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.ui.texts import texts
from dialogs.groups.group import Group
from simulation.teams import Chat, Post, User
from tests.bot.groups.test_groups import Clock
from tests.bot.sessions.test_sessions import fact_of, gather, status, with_button
from tests.support.databases import on_both
from tests.support.kollegial import House, can, kollegial

SAY = texts("nb")


@pytest_asyncio.fixture
async def house(tmp_path: Path, urls: dict[str, str]) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=Clock(), urls=urls) as house:
        yield house


async def group_of(house: House, chat: Chat) -> Group:
    (group,) = await house.operational.groups.at_place(chat.id)
    return group


async def leaders(house: House, chat: Chat) -> tuple[str | None, str | None]:
    live = await house.services.sessions.at(chat.id)
    assert live
    return live.session.facilitator, live.session.co_leader


async def write(house: House, user: User, words: str, chat: Chat | None = None) -> str:
    reply = await user.write(words, chat)
    await house.settle()
    return reply.text or (chat or user.chat).last.text


def panels(user: User) -> list[Post]:
    """What somebody leads with, whatever part it shows."""
    return [post for post in user.chat.posts if post.card and SAY("panel.sees") in user.sees(post)]


@on_both
async def test_who_is_named_leads_this_meeting_and_the_next(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await write(house, house.anne, "medleder Kari", chat)
    assert await leaders(house, chat) == (house.anne.id, house.kari.id)
    (panel,) = panels(house.kari)
    assert "Du leder sammen med" in house.kari.sees(panel)
    assert SAY("panel.co", name=house.kari.name) in house.anne.sees(panels(house.anne)[-1])
    assert SAY("session.leads.co", name=house.kari.name) in house.ola.sees(status(chat, house.ola))

    await house.kari.press(panel, "session.start")  # all that the leader can
    await house.settle()
    named = fact_of(house.ola, status(chat, house.ola), SAY("session.leads"))
    assert SAY("session.leads.co", name=house.kari.name) in named
    await write(house, house.kari, "mer tid 5", chat)
    await write(house, house.kari, "avslutt likevel", chat)
    assert SAY("session.ended") in house.ola.sees(chat.last)

    assert (await group_of(house, chat)).co_leader == house.kari.id
    await write(house, house.kari, "start", chat)  # the leader is ill
    assert await leaders(house, chat) == (house.kari.id, house.anne.id)
    await write(house, house.kari, "medleder ingen", chat)
    assert await leaders(house, chat) == (house.kari.id, None)
    assert (await group_of(house, chat)).co_leader == house.kari.id, "it was not hers to take back"


@on_both
async def test_who_says_no_is_a_member_as_before(house: House) -> None:
    """Named on the group's panel between meetings: told once, with a no."""
    chat = await gather(house, house.kari, house.ola)
    await write(house, house.anne, "avslutt likevel", chat)
    await house.anne.write("grupper")
    panel = house.anne.chat.last
    await house.anne.press(panel, "group.panel")
    await house.anne.press(panel, "group.co", {"person": house.kari.id})
    await house.settle()
    assert SAY("manage.done.co") in house.anne.sees(panel)
    assert SAY("group.leaders.co", other=house.kari.name) in house.anne.sees(panel)
    told = [p for p in house.kari.chat.posts if can(house.kari, p, "group.co_no")]
    assert len(told) == 1
    assert "lede gruppa" in house.kari.sees(told[0])

    await house.kari.press(told[0], "group.co_no")
    assert house.kari.sees(told[0]) == SAY("co.no")
    group = await group_of(house, chat)
    assert group.co_leader is None
    assert group.member(house.kari.id)
    assert await write(house, house.anne, "medleder Kari", chat) == SAY(
        "co.named", name=house.kari.name
    )
    assert await write(house, house.anne, "medleder Ola", chat) == SAY("manage.co.has_co_leader")
    assert await write(house, house.anne, "medleder", chat) == SAY("session.how.co_leader")
    assert await write(house, house.ola, "medleder Kari", chat) == SAY("co.where")
    assert await write(house, house.anne, "medleder nei") == SAY("co.ended")


async def test_the_co_leader_takes_it_back_on_the_panel_and_leads_there_no_more(
    house: House,
) -> None:
    chat = await gather(house, house.kari, house.ola)
    await house.anne.write("grupper")
    panel = house.anne.chat.last
    await house.anne.press(panel, "group.panel")
    await house.anne.press(panel, "group.co", {"person": house.kari.id})
    await house.settle()
    assert await leaders(house, chat) == (house.anne.id, house.kari.id), "in the meeting, too"
    assert not [p for p in house.kari.chat.posts if can(house.kari, p, "group.co_no")], "told there"

    await house.kari.write("grupper")
    theirs = house.kari.chat.last
    await house.kari.press(theirs, "group.panel")
    await house.kari.press(theirs, "group.co_end")
    await house.settle()
    assert not can(house.kari, theirs, "group.co_end")
    assert await leaders(house, chat) == (house.anne.id, None)
    await house.anne.write("grupper")
    panel = house.anne.chat.last
    await house.anne.press(panel, "group.panel")
    await house.anne.press(panel, "group.co", {"person": house.ola.id})
    await house.anne.press(panel, "group.co_end")
    await house.settle()
    assert SAY("manage.done.co_end") in house.anne.sees(panel)


async def test_who_leads_is_taken_out_of_the_chat_and_the_other_leads(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await house.anne.press(panels(house.anne)[-1], "session.start")
    await house.settle()
    await house.anne.press(panels(house.anne)[-1], "session.choices")
    await house.anne.press(house.anne.chat.last, "session.co", {"co": house.kari.id})
    await house.settle()
    removed = house.teams.activity(house.anne, chat, "conversationUpdate")
    await house.teams.deliver(removed | {"membersRemoved": [{"id": house.anne.teams_id}]})
    await house.settle()
    assert await leaders(house, chat) == (house.kari.id, None)
    assert (await group_of(house, chat)).facilitator == house.kari.id


async def test_who_has_everything_deleted_leads_nothing(house: House) -> None:
    """The group goes on with the other, and names neither who went nor anybody beside."""
    chat = await gather(house, house.kari, house.ola)
    await write(house, house.anne, "medleder Kari", chat)
    await house.anne.write("slett")
    await house.anne.press(house.anne.chat.last, "erase.confirm")
    await house.settle()
    group = await group_of(house, chat)
    assert (group.facilitator, group.co_leader) == (house.kari.id, None)
    live = await house.services.sessions.at(chat.id)
    assert live
    assert house.anne.id not in str(live.session)

    await write(house, house.kari, "medleder Ola", chat)
    await house.ola.write("slett")
    await house.ola.press(with_button(house.ola.chat, house.ola, "erase.confirm"), "erase.confirm")
    await house.settle()
    assert house.ola.id not in str(await group_of(house, chat))
