"""What ends or passes over something for others asks first, wherever it is written."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sessions.service import Live
from bot.ui.texts import texts
from dialogs.sessions import queries
from dialogs.writing.commands import COMMANDS, CommandName
from simulation import cards
from simulation.teams import Chat, Post
from tests.support.kollegial import House, can, kollegial, press_raw
from tests.support.studies import SMALL

SAY = texts("nb")
UNSHOWN = "Vi satt lenge i båten"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


async def begun(house: House, *, parts: int = 0) -> Chat:
    """A group that has come so many parts far."""
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await write(house, "start utviklingsverksted", chat)
    gathering = next(post for post in chat.posts if post.card)
    for member in (house.kari, house.ola):
        await member.press(gathering, "session.here")
    for word in ("start", *["neste"] * parts):
        await write(house, word, chat)
    return chat


async def write(house: House, text: str, chat: Chat | None = None) -> None:
    await house.anne.write(text, chat)
    await house.settle()


async def written_alone(house: House, chat: Chat) -> Live:
    """The session once somebody has written what nobody has seen."""
    card = next(p for p in reversed(chat.posts) if p.card and can(house.kari, p, "session.open"))
    await house.kari.press(card, "session.open")
    await house.kari.press(house.kari.chat.last, "session.send", {"text": UNSHOWN})
    return await session(house, chat)


async def session(house: House, chat: Chat) -> Live:
    (live,) = await house.services.sessions.all_at(chat.id)
    return live


def passed_over(before: Live, after: Live) -> bool:
    """Whether the group has left an unshown text behind."""
    order = [phase.id for phase in queries.plan(before.method, before.session)]
    then, now = before.session.opened, after.session.opened
    assert then is not None
    assert now is not None
    unseen = [each for each in after.session.contributions if each.phase == then.phase]
    is_further = order.index(now.phase) > order.index(then.phase)
    return is_further and any(not each.is_shown for each in unseen)


async def test_no_other_command_ends_or_passes_over_anything(house: House) -> None:
    chat = await begun(house, parts=3)
    before = await written_alone(house, chat)
    for command in COMMANDS:
        place = house.anne.chat if command.place == "alone" else chat
        await write(house, command.words[0], place)
        after = await session(house, chat)  # it is not over
        assert not passed_over(before, after), command.name
    assert await house.services.studies.is_open(SMALL.id)
    assert UNSHOWN in [each.text for each in after.session.contributions]


@pytest.mark.parametrize("name", ["skip", "end"])
async def test_the_panels_question_is_asked_and_its_button_does_it(
    house: House, name: CommandName
) -> None:
    chat = await begun(house)
    words = SAY(f"command.{name}.title")
    panel = next(p for p in reversed(house.anne.chat.posts) if can(house.anne, p, "session.next"))
    on_panel = cards.actions(house.anne.card(panel))
    (shown,) = (each for each in on_panel if each["title"] == SAY(f"panel.{name}"))
    assert shown["type"] == "Action.ShowCard"
    assert SAY(f"panel.{name}.question") in cards.text_of(shown["card"])
    for place in (chat, house.anne.chat):
        before = await session(house, chat)
        await write(house, words, place)
        asked = newest(house, place, SAY(f"panel.{name}.question"))
        assert (await session(house, chat)).session == before.session
        if place is chat:
            refused = await house.kari.press(asked, f"session.{name}")
            assert refused.text == SAY("refused.not_facilitator")
            assert (await session(house, chat)).session == before.session
    await house.anne.press(asked, f"session.{name}")
    await house.settle()

    after = await house.services.sessions.get(before.id)
    assert after is not None
    assert after.is_over if name == "end" else after.visit == before.visit + 1
    assert not can(house.anne, asked, f"session.{name}")
    done = {"end": "told.ended", "skip": "told.skipped"}
    assert house.anne.sees(asked) == SAY(done[name])


async def test_who_says_that_it_is_meant_is_not_asked(house: House) -> None:
    chat = await begun(house)
    before = await session(house, chat)
    await write(house, "hopp over likevel", chat)
    assert (await session(house, chat)).visit == before.visit + 1
    await write(house, "end anyway", chat)

    assert await house.services.sessions.all_at(chat.id) == []


async def test_a_question_in_the_group_goes_when_it_is_answered_but_no_part_of_the_session_does(
    house: House,
) -> None:
    chat = await begun(house)
    await write(house, "hopp over", chat)
    asked = newest(house, chat, SAY("panel.skip.question"))
    await house.anne.press(asked, "session.skip")
    await house.settle()
    assert not can(house.anne, asked, "session.skip")

    phase = next(p for p in reversed(chat.posts) if p.card and can(house.anne, p, "session.here"))
    forged = {"session": (await session(house, chat)).id, "beside": 1}
    await press_raw(house.anne, phase, "session.resume", forged)  # changes nothing
    await house.settle()
    assert can(house.anne, phase, "session.here")


async def test_no_is_an_answer_and_leaves_everything_as_it_is(house: House) -> None:
    chat = await begun(house)
    before = await session(house, chat)
    await write(house, "avslutt", chat)
    asked = newest(house, chat, SAY("panel.end.question"))
    assert (await house.kari.press(asked, "session.keep")).text == SAY("refused.not_facilitator")
    await house.anne.press(asked, "session.keep")
    await house.settle()

    assert SAY("panel.kept") in house.anne.sees(asked)
    assert not can(house.anne, asked, "session.end")
    assert (await session(house, chat)).session == before.session


async def test_a_question_of_another_part_ends_nothing(house: House) -> None:
    chat = await begun(house)
    await write(house, "avslutt", chat)
    asked = newest(house, chat, SAY("panel.end.question"))
    await write(house, "neste", chat)

    assert (await house.anne.press(asked, "session.end")).text == SAY("refused.phase_over")
    assert await session(house, chat)


async def test_a_guess_that_is_asked_about_anyway_is_asked_about_once(house: House) -> None:
    chat = await begun(house)
    await write(house, "kan vi avslutte for i dag?", chat)

    assert newest(house, chat, SAY("panel.end.question")) is chat.last


def newest(house: House, chat: Chat, question: str) -> Post:
    """The newest card with this question."""
    return next(p for p in reversed(chat.posts) if p.card and question in house.anne.sees(p))
