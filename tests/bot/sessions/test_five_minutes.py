"""Five minutes with a colleague: anyone begins it, and nothing is kept but one's own note."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select, table

from bot.sessions.jobs import _of_visit
from bot.ui.texts import texts
from dialogs.retention import UNFINISHED
from simulation import cards
from simulation.teams import Chat, Post, User
from storage.operational.sessions import SessionCard
from tests.bot.sessions.test_sessions import part, status, told_in, verbs, with_button
from tests.support.clock import Days
from tests.support.kollegial import House, kollegial, press_raw

SAY = texts("nb")
HAPPENED, ASKED, MINE = "Hun gikk på dør", "Hva sa du da?", "Ringe henne i morgen"
SERIES = "planlegg veiledningsgruppe 3 x 14 dager fra 2037-01-12 kl 09:00"
DAY = timedelta(days=1)


@pytest.fixture
def days() -> Days:
    return Days()


@pytest_asyncio.fixture
async def house(tmp_path: Path, days: Days) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=days) as house:
        yield house


async def begun(house: House, chat: Chat, words: str = "fem minutter") -> Post:
    """Kari, who has no role, asks for help, and Ola is there."""
    await house.kari.write(words, chat)
    await house.settle()
    assert SAY("session.sees.forgotten") in house.ola.sees(status(chat, house.ola))
    await house.ola.press(status(chat, house.ola), "session.here")
    await house.settle()
    await on(house, "session.start")
    return status(chat, house.kari)


async def on(house: House, verb: str = "session.next") -> None:
    """Kari's panel."""
    await house.kari.press(with_button(house.kari.chat, house.kari, verb), verb)
    await house.settle()


async def write(house: House, user: User, chat: Chat, text: str) -> None:
    own = await part(house, user, status(chat, user))
    await user.press(own, "session.send", {"text": text})
    await house.settle()


async def talked(house: House, chat: Chat) -> None:
    """From the first word to the last card."""
    await write(house, house.kari, chat, HAPPENED)
    await on(house)
    await write(house, house.ola, chat, ASKED)
    assert ASKED in house.kari.sees(status(chat, house.kari))
    await on(house)
    await on(house)
    await write(house, house.kari, chat, MINE)
    await on(house)


async def rows(house: House, name: str) -> int:
    count = select(func.count()).select_from(table(name))
    return await house.operational._database.read(lambda c: c.scalar(count)) or 0


@pytest.mark.parametrize("words", ["fem minutter", "før samtalen"])
async def test_anyone_begins_it_and_has_the_word_first(house: House, words: str) -> None:
    chat = house.teams.group_chat(house.kari, house.ola)
    post = await begun(house, chat, words)

    assert "del 1 av 4" in house.ola.sees(post)
    assert "session.send" in verbs(house.kari, await part(house, house.kari, post))
    assert "session.send" not in verbs(house.ola, await part(house, house.ola, post))


async def test_a_colleague_in_a_conversation_repeats_what_is_agreed(house: House) -> None:
    chat = house.teams.group_chat(house.kari, house.ola)
    post = await begun(house, chat, "to i samtalen")

    assert "del 1 av 10" in house.ola.sees(post)
    await on(house)
    await write(house, house.kari, chat, HAPPENED)
    await on(house)
    post = status(chat, house.ola)
    assert HAPPENED in house.ola.sees(post), "what to look at is at hand"
    assert "session.send" in verbs(house.ola, await part(house, house.ola, post))


async def test_nothing_is_left_of_it_but_ones_own_note(house: House, days: Days) -> None:
    chat = house.teams.group_chat(house.kari, house.ola)
    await begun(house, chat)
    await talked(house, chat)

    said = "".join(cards.text_of(each.card or {}) for each in chat.posts)
    assert SAY("session.ended.forgotten") in said
    assert not [each for each in (HAPPENED, ASKED, MINE) if each in said]
    assert await house.operational.groups.at_place(chat.id) == [], "the place is free"

    days.passed = 2 * DAY
    await house.settle()
    await house.settle()
    assert [await rows(house, name) for name in ("session", "session_card", "peer_group")] == [
        0
    ] * 3
    assert await rows(house, "membership") == 0
    await house.kari.write("notater")
    assert MINE in house.kari.sees(house.kari.chat.last)
    assert house.services.methods.get("fem_minutter").title["nb"] in house.kari.sees(
        house.kari.chat.last
    )


async def test_what_was_taken_out_stands_nowhere_either_in_the_end(house: House) -> None:
    chat = house.teams.group_chat(house.kari, house.ola)
    await begun(house, chat)
    await write(house, house.kari, chat, HAPPENED)
    await house.kari.press(house.kari.chat.last, "session.remove")
    await house.settle()
    assert HAPPENED in house.kari.sees(house.kari.chat.last)
    assert SAY("own.returned") in house.kari.sees(house.kari.chat.last)

    await on(house, "session.end")

    stands = "".join(str(each.card) for each in (*chat.posts, *house.kari.chat.posts))
    assert HAPPENED not in stands


async def test_what_nobody_brings_to_an_end_ends_and_goes(house: House, days: Days) -> None:
    chat = house.teams.group_chat(house.kari, house.ola)
    await begun(house, chat)
    await write(house, house.kari, chat, HAPPENED)

    days.passed = UNFINISHED + DAY
    await house.settle()
    assert HAPPENED not in "".join(cards.text_of(each.card or {}) for each in chat.posts)
    days.passed += 2 * DAY
    await house.settle()
    await house.settle()
    assert [await rows(house, name) for name in ("session", "peer_group")] == [0, 0]


async def test_beside_a_series_it_is_nobodys_and_leaves_the_series_alone(
    house: House, days: Days
) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await house.anne.write(SERIES, chat)
    await house.anne.press(chat.last, "group.plan")
    await house.settle()
    for _ in range(2):
        await begun(house, chat)
        for _ in range(3):
            await on(house)
        await write(house, house.kari, chat, MINE)
        await on(house)
        days.passed += 2 * DAY
        await house.settle()

    assert await rows(house, "session") == 0
    (group,) = await house.operational.groups.at_place(chat.id)
    assert group.members == ()
    assert len(group.planned) == 3
    kept = await house.services.sessions.stored.notes(house.kari.id)
    assert [each.note.text for each in kept] == [MINE, MINE], "a note of each"
    assert group.id not in {each.group for each in kept}


async def test_in_a_channel_there_is_room_for_many_at_once(house: House) -> None:
    channel = house.teams.channel(house.anne, house.kari, house.ola)
    await house.anne.write("start saksrunde", channel)
    await house.settle()
    for user in (house.kari, house.ola):
        await user.write("fem minutter", channel)
        await house.settle()

    lives = await house.services.sessions.stored.living()
    assert len(lives) == 3
    assert len({each.group for each in lives}) == 3


async def test_what_is_under_way_is_not_ended_for_it(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await house.anne.write("start saksrunde", chat)
    await house.settle()
    await house.kari.write("fem minutter", chat)
    instead = cards.action(chat.last.card or {}, "session.begin")["data"]
    reply = await press_raw(house.kari, chat.last, "session.begin", instead)

    assert SAY("session.start.no") in str(reply.body)
    assert (await house.services.sessions.at(chat.id)).method.id == "saksrunde"  # type: ignore[union-attr] # it is there, or the test fails


@pytest.mark.parametrize("words", ["fem minutter", "start metasamtale"])
async def test_who_begins_what_is_anyones_may_do_no_more_for_that(house: House, words: str) -> None:
    chat = house.teams.group_chat(house.kari, house.ola)
    await house.kari.write(words, chat)
    await house.settle()
    (live,) = await house.services.sessions.all_at(chat.id)
    forged = {"group": live.group.id, "method": "saksrunde", "session": live.id}
    post = status(chat, house.kari)
    for data in (forged, {**forged, "session": ""}):
        reply = await press_raw(house.kari, post, "session.begin", data)
        assert SAY("session.start.no") in str(reply.body)
    await house.kari.write("avslutt likevel", chat)
    await house.settle()

    assert SAY("session.start.no") in await told_in(house, chat, house.kari, "start saksrunde")


async def test_a_facilitator_begins_a_group_where_it_has_been(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await begun(house, chat)
    await on(house, "session.end")
    await house.anne.write("start saksrunde", chat)
    await house.settle()

    (group,) = await house.operational.groups.at_place(chat.id)
    assert (group.method, group.facilitator) == ("saksrunde", house.anne.id)


async def test_alone_it_says_where_to_write_it(house: House) -> None:
    await house.kari.write("fem minutter")
    assert SAY("five.where") in house.kari.sees(house.kari.chat.last).replace("\n", " ")


def test_the_card_of_the_end_keeps_no_other_from_being_closed() -> None:
    card = SessionCard("", {}, "1")
    stand = dict.fromkeys(("end", "panel:7", "phase:3", "phase:4", "phase:3:7"), card)
    assert list(_of_visit(stand, 3)) == [("", card), ("7", card)]
