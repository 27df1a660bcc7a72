"""The yearly summary: counted as meetings end, told when the year is over."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest_asyncio

from bot.ui.texts import texts
from dialogs.groups.yearly import Count
from tests.bot.groups.test_groups import Clock
from tests.bot.sessions.test_sessions import gather, lead
from tests.support.databases import on_both
from tests.support.kollegial import House, kollegial

SAY = texts("nb")


@pytest_asyncio.fixture
async def house(tmp_path: Path, clock: Clock, urls: dict[str, str]) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=clock, urls=urls) as house:
        yield house


@pytest_asyncio.fixture
async def clock() -> Clock:
    return Clock()


async def asked(house: House, words: str = "årsoppsummering") -> str:
    await house.settle()
    reply = await house.anne.write(words)
    return reply.text or house.anne.sees(house.anne.chat.last)


@on_both
async def test_what_was_held_is_counted_and_told_when_the_year_is_over(
    house: House, clock: Clock
) -> None:
    async with house.operational.begin() as transaction:
        transaction.grant(house.anne.id, "facilitator")
    chat = await gather(house, house.kari, house.ola)
    await lead(house, "session.start")
    await house.anne.write("avslutt likevel", chat)
    await house.settle()
    await house.anne.write("start", chat)  # and one that is never begun
    await house.anne.write("avslutt likevel", chat)
    await house.anne.write("fem minutter", chat)  # and one of which nothing is kept
    await house.settle()
    counted = await house.operational.yearly.of(2027)
    assert counted == [Count("veiledningsgruppe", 1, 1)]
    assert SAY("year.not_over", year=2027) in await asked(house, "årsoppsummering 2027")

    clock.at = datetime(2028, 1, 3, 10, tzinfo=UTC)
    assert "for få" in await asked(house)
    more = Count("veiledningsgruppe", 7, 21), Count("saksrunde", 6, 13)
    async with house.operational.begin() as transaction:
        for each in more:
            transaction.run(house.operational.yearly.add(date(2027, 6, 1), each))
    told = await asked(house)
    assert "Året 2027" in told
    for n in (35, 15, 20):
        assert SAY("year.about", n=n) in told
    assert "13" not in told
    assert "for få" in await asked(house, "årsoppsummering 2026"), "an empty office's"


async def test_it_is_for_facilitators_in_their_own_chat(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari)
    async with house.operational.begin() as transaction:
        transaction.grant(house.anne.id, "facilitator")
    await house.kari.write("årsoppsummering")
    await house.anne.write("årsoppsummering", chat)
    await house.settle()
    for user, post in ((house.kari, house.kari.chat.last), (house.anne, chat.last)):
        assert "Året" not in user.sees(post)
