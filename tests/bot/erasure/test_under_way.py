"""`slett` in the middle of a rehearsal or of a talk from one's own chat: nothing is left."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Connection, inspect, select, table, text

from bot.ui.texts import texts
from dialogs.sessions.rehearsing import HESITATES, words
from simulation.teams import User
from tests.support.colleagues import (
    Clock,
    ask,
    can_press,
    clock,
    everything_in,
    house,
    press,
    share_a_group,
)
from tests.support.databases import on_both
from tests.support.kollegial import House

__all__ = ["clock", "house"]

SAY = texts("nb")
HAPPENED, ANSWERED = "Hun gikk på dør", "Hva sa du da?"


async def rows(house: House) -> str:
    """Every row of every table of both databases."""

    def everything(connection: Connection) -> str:
        return "\n".join(
            f"{name}: {dict(row)}"
            for name in inspect(connection).get_table_names()
            for row in connection.execute(select(text("*")).select_from(table(name))).mappings()
        )

    both = house.operational._database, house.urn._database
    return "\n".join([await database.read(everything) for database in both])


async def is_named(house: House, user: User) -> bool:
    """Whether any row, locked or not, says whose it is, or whose chat."""
    there = await rows(house)
    locked = await house.services.sessions.stored.naming(user.id)
    return user.id in there or user.chat.id in there or bool(locked)


def said_in(user: User) -> set[str]:
    """What was said that stands in their chat."""
    return {each for each in (HAPPENED, ANSWERED) if each in everything_in(user)}


async def slett(user: User) -> str:
    """Both presses; what the receipt says. Beforehand nothing is said to stay."""
    await user.write("slett")
    post = user.chat.last
    assert SAY("erase.stays") not in user.sees(post)
    await user.press(post, "erase.confirm")
    return user.sees(post)


# --- Where somebody is when they write it --------------------------------------------------------


async def waits(house: House) -> None:
    """Ola can later, and Kari waits."""
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.later")


async def talks(house: House) -> None:
    """Ola has answered, and Kari has told."""
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.yes")
    await press(house, house.kari, "session.send", text=HAPPENED)
    await press(house, house.kari, "session.next")
    await press(house, house.ola, "session.send", text=ANSWERED)


Scene = Callable[[House], Awaitable[None]]


@on_both
@pytest.mark.parametrize(
    ("scene", "gone"),
    [
        (waits, ["ola"]),
        (waits, ["kari"]),
        (talks, ["kari"]),
        (talks, ["ola", "kari"]),  # by then it is over, but no night has come
    ],
)
async def test_nothing_names_whoever_asked_or_was_asked(
    house: House, scene: Scene, gone: list[str]
) -> None:
    await scene(house)
    what = {"kari": "own_session", "ola": "session"}
    for name in gone:
        user = {"kari": house.kari, "ola": house.ola}[name]
        assert await is_named(house, user), "it finds what is there"

        receipt = await slett(user)

        assert not await is_named(house, user)
        await house.settle()
        assert not await is_named(house, user)
        assert SAY(f"erase.what.{what[name]}", n=1) in receipt
        for other in ("failed", "stays", "cards"):
            assert SAY(f"erase.{other}") not in receipt
        assert not said_in(user)
    assert not said_in(house.ola)
    assert not can_press(house.ola, "colleague.yes"), "nobody waits for an answer"


@on_both
async def test_nothing_is_left_of_a_rehearsal(house: House, clock: Clock) -> None:
    kari = house.kari
    await kari.write("øv")
    await press(house, kari, "rehearsal.choose", method="kritisk_hendelse")
    await press(house, kari, "session.start")
    await press(house, kari, "session.next")
    said = {each for kind, of in words().items() if kind != "names" for each in of["nb"]}
    for _ in range(9):  # until all have told who tell
        clock.at += HESITATES
        await house.settle()
    assert any(each in everything_in(kari) for each in said)
    assert await is_named(house, kari), "it finds what is there"

    receipt = await slett(kari)

    assert not await is_named(house, kari)
    await house.settle()
    assert not await is_named(house, kari)
    assert SAY("erase.what.own_session", n=1) in receipt
    assert SAY("erase.stays") not in receipt
    assert not any(each in everything_in(kari) for each in said)
    assert not can_press(kari, "session.next")


async def test_the_others_hear_that_it_is_over_and_keep_their_note(house: House) -> None:
    await talks(house)
    await press(house, house.kari, "session.next")
    await press(house, house.kari, "session.next")
    await press(house, house.ola, "session.send", text="Spørre først")
    (group,) = await house.operational.groups.ever_led_by(house.kari.id)
    await slett(house.kari)

    assert SAY("session.ended.forgotten") in house.ola.sees(house.ola.chat.last)
    assert not can_press(house.ola, "session.send")
    (note,) = await house.services.sessions.stored.notes(house.ola.id)
    assert note.note.text == "Spørre først"
    assert note.group != group.id, "it joins no two who were in it"
    assert await house.operational.groups.ever_led_by(house.kari.id) == []


async def test_a_card_that_cannot_be_emptied_is_said(house: House) -> None:
    await talks(house)
    house.teams.fail("PUT", status=403, code="MessageWritesBlocked")

    assert SAY("erase.cards") in await slett(house.kari)
    assert not await is_named(house, house.kari)
