"""The idea bank of an office: what its groups have voted for it to read, and nobody else's."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest_asyncio

from bot.sessions.methods import shipped
from bot.ui.texts import texts
from dialogs.sessions.primitives.vote import Vote
from simulation.teams import User
from tests.support.cases import a_panel
from tests.support.colleagues import Clock, press
from tests.support.kollegial import House, kollegial

SAY = texts("nb")
MINE, OWN = "Avtal neste steg før dere går", "Bare for oss: ta en pause"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=Clock()) as house:
        yield house


async def with_ideas(house: House, *others: User) -> str:
    """A panel in a channel that has kept one for its office, and one for itself."""
    await a_panel(house, *others)
    (group,) = await house.operational.groups.living()
    stored, month = house.services.sessions.stored, date(2027, 1, 1)
    await house.operational.run(
        stored.collect(group.id, [MINE], month, for_office=True),
        stored.collect(group.id, [OWN], month),
    )
    return group.id


async def seen_by(house: House, user: User, words: str = "") -> str:
    await user.write(f"idébank {words}")
    await house.settle()
    return user.sees(user.chat.last)


async def test_whoever_is_of_the_team_finds_what_was_voted_for_and_when(house: House) -> None:
    await with_ideas(house, house.ola)
    for words in ("", "steg", "avtale"):
        seen = await seen_by(house, house.ola, words)
        assert MINE in seen
        assert OWN not in seen
    assert "januar 2027" in seen
    assert "Veiledningsforum" not in seen
    await press(house, house.ola, "ideas.find", words="kakemøte")
    assert SAY("ideas.none") in house.ola.sees(house.ola.chat.last)


async def test_nobody_else_does_and_what_is_taken_out_is_gone(house: House) -> None:
    group = await with_ideas(house)
    assert MINE not in await seen_by(house, house.ola)
    assert MINE in await seen_by(house, house.kari)
    stored = house.services.sessions.stored
    (ident,) = [key for key, text in (await stored.collection(group)).items() if text == MINE]
    assert await stored.take_out(group, ident)
    assert MINE not in await seen_by(house, house.kari)


async def test_what_is_left_of_a_text_keeps_its_month_and_its_readers(house: House) -> None:
    group, stored = await with_ideas(house), house.services.sessions.stored
    await house.operational.run(stored.replace_collected(group, [MINE], ["Avtal noe"]))
    (idea,) = await stored.ideas([group])
    assert (idea.text, idea.month) == ("Avtal noe", date(2027, 1, 1))


def test_the_forum_votes_for_its_office_and_a_guidance_group_for_itself() -> None:
    votes = {
        method.id: [each.does.for_office for each in method.phases if isinstance(each.does, Vote)]
        for method in shipped()
    }
    assert votes["veiledningsforum"] == [False, True]
    assert not any(votes["veiledningsgruppe"])
