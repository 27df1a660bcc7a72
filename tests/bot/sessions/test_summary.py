"""What a group takes along from a session in Teams: a file without names, on the word of all."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.ui.texts import texts
from simulation import cards
from simulation.teams import Chat, Post, User
from tests.bot.sessions.test_sessions import lead, part, reach, verbs
from tests.bot.sessions.test_taking_out import Shown, shown
from tests.support.clock import Days
from tests.support.databases import on_both
from tests.support.kollegial import House, kollegial, press_raw

SAY = texts("nb")
WEEK = timedelta(days=7)


@pytest.fixture
def days() -> Days:
    return Days()


@pytest_asyncio.fixture
async def house(tmp_path: Path, urls: dict[str, str], days: Days) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), urls=urls, now=days) as house:
        yield house


async def over(house: House) -> tuple[Shown, Post]:
    """Two have voted the first idea into what the group keeps; the last card."""
    there = await shown(house)
    post = await reach(house, there.chat, "Hva vil gruppa gå videre med")
    for member in there.writers:
        own = await part(house, member, post)
        choices = cards.inputs(member.card(own))["choices"]["choices"]
        first = next(each["value"] for each in choices if there.texts[0] in each["title"])
        await member.press(own, "session.vote", {"choices": first})
    await lead(house, "session.next")
    await lead(house, "session.end")
    return there, last(there.chat, house.anne)


async def made(house: House) -> Post:
    """The last card, where all have said yes."""
    _, post = await over(house)
    await house.anne.press(post, "session.summary")
    await house.settle()
    for each in (house.kari, house.ola):
        await answer(house, each, post)
    return post


def last(chat: Chat, user: User) -> Post:
    title = SAY("session.ended")
    return next(post for post in reversed(chat.posts) if post.card and title in user.sees(post))


def link(user: User, post: Post) -> str:
    actions = cards.actions(user.card(post))
    return next((each["url"] for each in actions if "/summary/" in each.get("url", "")), "")


async def answer(house: House, user: User, post: Post, title: str = "summary.yes") -> str:
    reply = await user.press(post, SAY(title))
    await house.settle()
    return reply.text


async def fetched(url: str) -> tuple[int, str, Mapping[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text(), response.headers


@on_both
async def test_all_say_yes_and_the_file_has_what_was_kept_and_no_name(
    house: House, days: Days
) -> None:
    there, post = await over(house)
    refused = await house.kari.press(post, "session.summary")
    assert refused.text == SAY("refused.not_facilitator")
    await house.anne.press(post, "session.summary")
    await house.settle()
    assert "sju dager" in house.kari.sees(post)
    assert await answer(house, house.kari, post) == SAY("told.summary_yes")
    assert link(house.ola, post) == ""
    assert await answer(house, house.ola, post) == SAY("told.summary_made")

    address = link(house.ola, post)
    status, file, headers = await fetched(address)
    assert status == 200
    assert there.texts[0] in file
    assert there.texts[1] not in file, "it was not kept"
    (live,) = [await house.services.sessions.get(address.split("/")[-2])]
    assert live
    named = (house.kari, house.ola, house.anne)
    assert not [each for each in named if each.name.split()[0] in file]
    assert live.group.id not in file
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Content-Disposition"].startswith("attachment")

    (kept,) = await house.services.sessions.stored.collection(live.group.id)
    await house.services.sessions.stored.take_out(live.group.id, kept)
    assert there.texts[0] not in (await fetched(address))[1]
    days.passed = WEEK
    assert (await fetched(address))[0] == 404


async def test_a_no_takes_it_away_and_nobody_is_told_whose(house: House) -> None:
    post = await made(house)
    address = link(house.kari, post)

    said = await answer(house, house.ola, post, "summary.away")

    assert said == SAY("told.summary_no")
    assert (await fetched(address))[0] == 404
    assert SAY("summary.refused") in house.anne.sees(post)
    assert not {"session.summary", "session.summary_answer"}.intersection(verbs(house.anne, post))
    assert house.ola.name not in house.anne.sees(post)


async def test_the_file_goes_with_the_session(house: House) -> None:
    post = await made(house)
    address = link(house.kari, post)
    live = await house.services.sessions.get(address.split("/")[-2])
    assert live

    await house.services.sessions.stored.destroy(live.stored, lambda _: None)

    assert (await fetched(address))[0] == 404


async def test_an_address_that_is_guessed_opens_nothing(house: House) -> None:
    post = await made(house)
    session = link(house.kari, post).split("/")[-2]
    for key in ("", "0" * 32, "%00", "x" * 2000, "..%2F..%2Fetc"):
        for of in (session, "0" * 32):
            url = f"{house.settings.summaries}/{of}/{key}.txt"
            assert (await fetched(url))[0] == 404


async def test_whoever_was_not_there_neither_asks_nor_answers(house: House) -> None:
    there, post = await over(house)
    session = cards.actions(house.anne.card(post))[0]["data"]["session"]
    await house.anne.press(post, "session.summary")
    stranger = house.teams.user("Frida Utenfor")
    await stranger.write("hjelp")
    there.chat.members.append(stranger)
    await house.settle()

    for verb in ("session.summary", "session.summary_answer"):
        reply = await press_raw(stranger, stranger.chat.last, verb, {"session": session})
        assert SAY("gate.no") in str(reply.body)
    for says in ("yes", "no"):
        data = {"session": session, "answer": says}
        reply = await press_raw(stranger, post, "session.summary_answer", data)
        assert SAY("refused.not_a_member") in str(reply.body)
    await house.settle()
    assert SAY("summary.yes") in str(house.kari.card(post))
