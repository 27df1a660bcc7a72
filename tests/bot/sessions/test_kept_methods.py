"""A session goes by the method as it was when it began, whatever becomes of the file."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sessions.methods import Methods, shipped
from bot.ui.texts import texts
from simulation import cards
from simulation.teams import Chat
from tests.bot.sessions.test_sessions import lead, part, status, verbs
from tests.dialogs.sessions.test_method_file import TOP, phase
from tests.support.kollegial import House, kollegial

SAY = texts("nb")


def titled(title: str, ident: str, does: str, more: str = "") -> str:
    return phase(ident, does, more).replace("Tittel", title)


WHOLE = (
    TOP
    + titled("Runde", "a", "round")
    + titled("Skriv alene", "b", "private")
    + titled("Fyll ut", "c", "form", 'form = "logg"')
    + titled("Til slutt", "d", "open")
)
WITHOUT = TOP + titled("Runde etterpå", "a", "round")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "methods"
    folder.mkdir()
    (folder / "liten.toml").write_text(WHOLE, encoding="utf-8")
    return folder


@pytest_asyncio.fixture
async def house(tmp_path: Path, own: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), methods=str(own)) as house:
        yield house


async def begun(house: House) -> Chat:
    """A session by the small method, in the phase in which each writes alone."""
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await house.anne.write("start liten metode", chat)
    await house.settle()
    for member in (house.kari, house.ola):
        await member.press(status(chat, member), "session.here")
    await house.settle()
    await lead(house, "session.start")
    await lead(house, "session.skip")
    assert "Skriv alene" in house.kari.sees(status(chat, house.kari))
    return chat


async def test_a_session_is_played_to_its_end_though_its_phase_and_then_its_file_are_gone(
    house: House, own: Path
) -> None:
    chat = await begun(house)
    (own / "liten.toml").write_text(WITHOUT, encoding="utf-8")
    await house.restart()

    own_part = await part(house, house.kari, status(chat, house.kari))
    await house.kari.press(own_part, "session.send", {"text": "Jeg ble stille."})
    (own / "liten.toml").unlink()
    await house.restart()
    await lead(house, "session.next")
    assert "Jeg ble stille." in house.ola.sees(status(chat, house.ola))

    await lead(house, "session.next")
    form = await part(house, house.ola, status(chat, house.ola))
    reply = await house.ola.press(form, "form.open")
    assert "Hva skjedde?" in cards.text_of(reply.card or {})

    await lead(house, "session.skip")
    assert "Til slutt" in house.ola.sees(status(chat, house.ola))
    await lead(house, "session.next")
    assert SAY("session.ended.finished") in house.ola.sees(chat.last)


async def test_an_edited_file_matters_to_the_next_session(house: House, own: Path) -> None:
    chat = await begun(house)
    (own / "liten.toml").write_text(WITHOUT, encoding="utf-8")
    await house.restart()
    await lead(house, "session.skip")
    assert "Fyll ut" in house.kari.sees(status(chat, house.kari))

    await lead(house, "session.end")
    await gather_again(house, chat)
    await lead(house, "session.start")
    assert "Runde etterpå" in house.kari.sees(status(chat, house.kari))


async def test_a_group_whose_file_is_gone_goes_on_and_nobody_else_is_offered_it(
    house: House, own: Path
) -> None:
    chat = await begun(house)
    await lead(house, "session.end")
    (own / "liten.toml").unlink()
    await house.restart()
    await house.kari.write("logg")
    assert "Hva skjedde?" in house.kari.sees(house.kari.chat.last)

    await gather_again(house, chat)
    await lead(house, "session.start")
    assert "Runde" in house.kari.sees(status(chat, house.kari))

    other = house.teams.group_chat(house.anne, house.kari)
    await house.anne.write("start liten metode", other)
    offered = cards.inputs(house.anne.card(other.last))["method"]["choices"]
    assert "liten" not in [each["value"] for each in offered]


async def gather_again(house: House, chat: Chat) -> None:
    await house.anne.write("start", chat)
    await house.settle()
    for member in (house.kari, house.ola):
        await member.press(status(chat, member), "session.here")
    await house.settle()
    assert "session.start" in verbs(house.anne, house.anne.chat.last)


def test_two_methods_with_one_title_can_be_told_apart() -> None:
    first, other = shipped()[:2]
    one, two = Methods([first, replace(other, title=first.title)]).all()

    assert len({one.title["nb"], two.title["nb"]}) == 2
    named = [Methods([one, two]).named(each.title["nb"]) for each in (one, two)]
    assert [each and each.id for each in named] == [one.id, two.id]
