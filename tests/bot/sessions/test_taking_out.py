"""Taking a text out of a session in Teams, without seeing whose it is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.ui.texts import texts
from simulation import cards
from simulation.teams import Chat, Post, User
from storage.crypto.vault import Vault
from tests.bot.sessions.test_sessions import (
    lead,
    part,
    reach,
    status,
    verbs,
    with_button,
)
from tests.support.databases import on_both
from tests.support.kollegial import SERVER_KEY, House, kollegial, press_raw

SAY = texts("nb")


@pytest_asyncio.fixture
async def house(tmp_path: Path, urls: dict[str, str]) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), urls=urls) as house:
        yield house


@dataclass
class Shown:
    """What two wrote alone is shown to the group."""

    chat: Chat
    writers: list[User]
    texts: list[str]


async def shown(house: House) -> Shown:
    """Kari and Ola have written an idea each in a workshop, alone."""
    writers = [house.kari, house.ola]
    chat = house.teams.group_chat(house.anne, *writers)
    await house.anne.write("start utviklingsverksted", chat)
    await house.settle()
    for member in writers:
        await member.press(status(chat, member), "session.here")
    await house.settle()
    post = await reach(house, chat, "Hva bør skje videre")
    texts = ["Vi ringer først", "Vi venter en dag"]
    for member, text in zip(writers, texts, strict=True):
        own = await part(house, member, post)
        await member.press(own, "session.send", {"text": text})
    await lead(house, "session.next")
    return Shown(chat, writers, texts)


def removable(user: User, post: Post) -> dict[str, str]:
    """The texts that can be taken out, and their ids."""
    return {each["title"]: each["value"] for each in cards.inputs(user.card(post))["id"]["choices"]}


async def listed(house: House) -> Post:
    """Where whoever leads finds what can be taken out."""
    panel = with_button(house.anne.chat, house.anne, "session.choices")
    await house.anne.press(panel, "session.choices")
    return house.anne.chat.last


def seen(user: User, chat: Chat) -> str:
    """All that stands there, what is folded too."""
    return "\n".join(str(user.card(post)) for post in chat.posts if post.card)


@on_both
async def test_it_goes_off_the_cards_and_back_to_its_writer_alone(house: House) -> None:
    there = await shown(house)
    gone, stays = there.texts
    await lead(house, "session.skip")  # its own card is closed by now
    assert gone in seen(house.kari, there.chat)
    (group,) = await house.operational.groups.at_place(there.chat.id)
    stored = house.operational.sessions(Vault.from_hex(SERVER_KEY))
    async with house.operational.begin() as transaction:
        transaction.run(stored.collect(group.id, [gone, stays]))  # as after the vote

    post = await listed(house)
    (live,) = await house.services.sessions.all_at(there.chat.id)
    pseudonyms = [each.pseudonym for each in live.session.members]
    assert not any(each in house.anne.sees(post) for each in pseudonyms)
    await house.anne.press(post, "session.remove", {"id": removable(house.anne, post)[gone]})
    await house.settle()

    assert gone not in seen(house.anne, there.chat)
    assert stays in seen(house.anne, there.chat)
    assert [*(await stored.collection(group.id)).values()] == [stays]
    writer, *others = there.writers
    assert gone in writer.sees(writer.chat.last)
    assert SAY("own.returned") in writer.sees(writer.chat.last)
    assert gone not in str(writer.chat.last.activity.get("summary"))
    for other in (*others, house.anne):
        assert not any(SAY("own.returned") in other.sees(each) for each in other.chat.posts)
    assert SAY("told.taken_out") in house.anne.sees(post)


async def test_its_writer_takes_it_out_where_they_write(house: House) -> None:
    there = await shown(house)
    writer = there.writers[0]
    await writer.write("fortsett")
    await house.settle()
    own = writer.chat.last
    assert there.texts[0] in str(writer.card(own))
    assert there.texts[1] not in str(writer.card(own))

    await writer.press(own, "session.remove")
    await house.settle()

    assert there.texts[0] not in seen(house.anne, there.chat)
    assert there.texts[1] in seen(house.anne, there.chat)
    assert there.texts[0] in writer.sees(writer.chat.last)
    assert "session.remove" not in verbs(writer, own)


async def test_whoever_neither_leads_nor_wrote_it_takes_nothing_out(house: House) -> None:
    there = await shown(house)
    (live,) = await house.services.sessions.all_at(there.chat.id)
    first = next(each for each in live.session.contributions if each.text == there.texts[0])
    data: dict[str, Any] = {"session": live.id, "visit": live.visit, "id": first.id}
    stranger, other = house.teams.user("Frida Utenfor"), there.writers[1]
    await stranger.write("hjelp")
    await house.settle()

    for user, told_ in ((stranger, "gate.no"), (other, "refused.not_yours")):
        for beside in ({}, {"beside": 1}):
            reply = await press_raw(user, user.chat.last, "session.remove", {**data, **beside})
            assert SAY(told_) in str(reply.body)

    await house.settle()
    assert there.texts[0] in seen(house.anne, there.chat)
