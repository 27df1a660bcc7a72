"""The log form: saved as one goes, its writer's alone, brought up when their turn comes."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from bot.operation.clock import utc_now
from bot.sessions.log_forms import FIELD_LIMIT
from bot.ui.texts import texts
from simulation import cards
from simulation.teams import Chat, Post, User
from tests.bot.sessions.test_sessions import gather, lead, reach, status
from tests.support.kollegial import House, kollegial, press_raw

SAY = texts("nb")
SECRET_WORDS = "Tirsdagen da alt gikk galt ved skranken"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, ()) as house:
        yield house


@pytest_asyncio.fixture(autouse=True)
async def chat(house: House) -> Chat:
    """Where Kari and Ola have met once before."""
    chat = await gather(house, house.kari, house.ola)
    await lead(house, "session.end")
    return chat


async def meet(house: House, chat: Chat) -> None:
    """The group gathers again."""
    await house.anne.write("start", chat)
    await house.settle()
    for member in (house.kari, house.ola):
        await member.press(status(chat, member), "session.here")
    await house.settle()


async def form(user: User) -> Post:
    """What `logg` brings."""
    await user.write("logg")
    return user.chat.last


def field(user: User, post: Post, index: int = 0) -> str:
    return [key for key in cards.inputs(user.card(post)) if key.startswith("field.")][index]


async def test_it_is_saved_with_every_button_and_comes_back_on_any_day(house: House) -> None:
    post = await form(house.kari)
    first = field(house.kari, post)
    await house.kari.press(post, "form.next", {first: SECRET_WORDS})
    second = field(house.kari, post)
    await house.kari.press(post, "form.back", {second: "Jeg lyttet"})
    assert cards.inputs(house.kari.card(post))[first]["value"] == SECRET_WORDS
    await house.restart()

    post = await form(house.kari)

    assert cards.inputs(house.kari.card(post))[first]["value"] == SECRET_WORDS
    await house.kari.press(post, "form.next", {first: SECRET_WORDS})
    assert cards.inputs(house.kari.card(post))[second]["value"] == "Jeg lyttet"


async def test_what_is_too_long_stays_in_its_field_and_the_rest_is_saved(house: House) -> None:
    post = await form(house.kari)
    long, short = field(house.kari, post, 0), field(house.kari, post, 1)
    await house.kari.press(post, "form.save", {long: "a" * (FIELD_LIMIT + 1), short: "kort"})

    given = cards.inputs(house.kari.card(post))
    assert given[long]["value"] == "a" * (FIELD_LIMIT + 1)
    assert str(FIELD_LIMIT) in house.kari.sees(post)
    again = cards.inputs(house.kari.card(await form(house.kari)))
    assert (again[long]["value"], again[short]["value"]) == ("", "kort")


async def test_it_can_be_deleted_at_once(house: House) -> None:
    post = await form(house.kari)
    first = field(house.kari, post)
    await house.kari.press(post, "form.save", {first: SECRET_WORDS})
    await house.kari.press(post, "form.delete")

    assert house.kari.sees(post) == "Alt du skrev i loggen, er slettet."
    assert cards.inputs(house.kari.card(await form(house.kari)))[first]["value"] == ""


async def test_nobody_else_gets_at_it(house: House) -> None:
    """Not the facilitator, who is the administrator here; not with forged presses."""
    post = await form(house.kari)
    first = field(house.kari, post)
    await house.kari.press(post, "form.save", {first: SECRET_WORDS})
    genuine = cards.action(house.kari.card(post), "form.save")["data"]

    for other in (house.anne, house.ola, house.teams.user("Fremmed Eksempel")):
        own = await other.write("logg")
        assert own.status == 200
        for verb in ("form.open", "form.save", "form.next", "form.back"):
            forged = {**genuine, "person": house.kari.id, "by": house.kari.id}
            reply = await press_raw(other, other.chat.last, verb, forged)
            assert SECRET_WORDS not in str(reply.body)
        assert not any(SECRET_WORDS in other.sees(each) for each in other.chat.posts)
    assert cards.inputs(house.kari.card(await form(house.kari)))[first]["value"] == SECRET_WORDS


async def test_the_databases_alone_tell_nothing(house: House, chat: Chat) -> None:
    """Neither a form, nor what is written in a session, nor who is in it."""
    post = await form(house.kari)
    await house.kari.press(post, "form.save", {field(house.kari, post): SECRET_WORDS})
    await meet(house, chat)
    card = await reach(house, chat, "Fortell kort")
    await house.kari.press(card, "session.open")
    await house.settle()
    await house.kari.press(house.kari.chat.last, "session.send", {"text": "Jeg ble helt stum"})
    await house.settle()
    assert "Jeg ble helt stum" in house.ola.sees(card)

    files = [path for path in house.folder.iterdir() if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    everything = b"".join(path.read_bytes() for path in files)
    for words in (SECRET_WORDS, "Jeg ble helt stum"):
        for encoding in ("utf-8", "utf-16-le"):
            assert words.encode(encoding) not in everything
    assert house.settings.server_key.get_secret_value().encode() not in everything
    assert bytes.fromhex(house.settings.server_key.get_secret_value()) not in everything


async def test_it_is_brought_up_once_when_the_turn_comes(house: House, chat: Chat) -> None:
    post = await form(house.kari)
    await house.kari.press(post, "form.save", {field(house.kari, post): SECRET_WORDS})
    await meet(house, chat)
    before = len(house.kari.chat.posts)
    await reach(house, chat, "Fortell kort")
    for _ in range(2):
        await lead(house, "session.next")

    new = house.kari.chat.posts[before:]
    assert [SECRET_WORDS in str(each.card) for each in new] == [True]
    assert SECRET_WORDS not in house.kari.sees(new[0]).split("Loggen min")[0]
    assert not any(SECRET_WORDS in str(each.card) for each in chat.posts)


async def test_the_facilitator_sees_how_many_are_ready_and_never_who(
    house: House, chat: Chat
) -> None:
    post = await form(house.kari)
    await house.kari.press(post, "form.save", {field(house.kari, post): SECRET_WORDS})
    await meet(house, chat)

    said = house.anne.sees(house.anne.chat.last)
    assert "1 har skrevet i loggen." in said
    assert "Kari" not in said.split("1 har skrevet i loggen.")[1]


async def test_it_is_destroyed_after_its_meeting(tmp_path: Path) -> None:
    now = utc_now()
    async with kollegial(tmp_path / "other", (), now=lambda: now) as house:
        chat = await gather(house, house.kari, house.ola)
        await lead(house, "session.end")
        post = await form(house.kari)
        await house.kari.press(post, "form.save", {field(house.kari, post): SECRET_WORDS})
        await meet(house, chat)
        await lead(house, "session.start")
        await lead(house, "session.end")
        now += timedelta(days=6)
        await house.settle()
        assert pages(house) == 1

        now += timedelta(days=3)
        await house.settle()
        assert pages(house) == 0


def pages(house: House) -> int:
    connection = sqlite3.connect(house.folder / "kollegial.db")
    count: int = connection.execute("SELECT count(*) FROM own_page").fetchone()[0]
    connection.close()
    return count
