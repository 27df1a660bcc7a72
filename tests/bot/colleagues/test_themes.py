"""What somebody gladly answers about: shown to their colleagues, and taken back at any time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.ui.texts import texts
from simulation import cards
from tests.support.colleagues import Clock, everything_in, offered, press, share_a_group
from tests.support.kollegial import House, kollegial

SAY = texts("nb")
THEMES = "tilrettelegging, første samtale"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=Clock()) as house:
        yield house


async def offer(house: House, themes: str) -> str:
    """Ola says it; what he is told."""
    await house.ola.write("spør meg gjerne om")
    await press(house, house.ola, "colleague.offer", themes=themes)
    return house.ola.sees(house.ola.chat.last)


async def test_those_who_share_a_group_see_it_when_they_choose(house: House) -> None:
    per = house.teams.user("Per Fremmed")
    siri = house.teams.user("Siri Eksempel")
    await share_a_group(house, house.kari, house.ola)
    await share_a_group(house, per, siri, name="En annen")
    assert SAY("gladly.saved") in await offer(house, THEMES)

    beside = SAY("gladly.beside", name="Ola Eksempel", themes=THEMES)
    assert await offered(house, house.kari) == {house.ola.id: beside}
    assert await offered(house, per) == {siri.id: "Siri Eksempel"}
    assert THEMES not in everything_in(per)


async def test_it_is_taken_back_at_any_time(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await offer(house, THEMES)
    await press(house, house.ola, "colleague.take_back")
    assert SAY("gladly.taken_back") in everything_in(house.ola)
    assert await offered(house, house.kari) == {house.ola.id: "Ola Eksempel"}

    await offer(house, THEMES)
    assert SAY("gladly.taken_back") in await offer(house, " ")
    assert await offered(house, house.kari) == {house.ola.id: "Ola Eksempel"}


async def test_what_is_written_after_the_command_is_kept_when_one_says_so(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await house.ola.write(f"spør meg gjerne om {THEMES}")

    assert cards.inputs(house.ola.card(house.ola.chat.last))["themes"]["value"] == THEMES
    assert await house.services.sessions.stored.themes([house.ola.id]) == {}
    chat = house.teams.group_chat(house.anne, house.ola)
    await house.ola.write("spør meg gjerne om", chat)
    assert SAY("gladly.in_personal") in house.ola.sees(chat.last)
