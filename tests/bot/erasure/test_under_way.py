"""`slett` in the middle of a rehearsal or of a talk from one's own chat: nothing is left."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Connection, inspect, select, table, text

from bot.erasure.service import erase
from bot.gateway.events import Conversation, Json, Teams
from bot.sessions.clearing import AGAIN
from bot.sessions.service import Live
from bot.ui.texts import texts
from dialogs.sessions.rehearsing import HESITATES, words
from simulation.teams import User
from storage.operational.outbox import OutboxMessage
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


# --- While cards are on their way ----------------------------------------------------------------


Happens = Callable[[], Coroutine[None, None, object]]


@dataclass
class Overtaken:
    """What is sent with what was said arrives when something else has happened meanwhile."""

    teams: Teams
    happens: Happens
    has_happened: bool = False

    async def _first(self, card: Json) -> None:
        if not self.has_happened and any(said in str(card) for said in (HAPPENED, ANSWERED)):
            self.has_happened = True
            another = Context()  # nobody's delivery
            await asyncio.create_task(self.happens(), context=another)

    async def update_card(self, place: Conversation, activity: str, card: Json) -> None:
        await self._first(card)
        await self.teams.update_card(place, activity, card)

    async def send_card(self, place: Conversation, card: Json, summary: str) -> str:
        await self._first(card)
        return await self.teams.send_card(place, card, summary)


def overtake(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    happens: Callable[[], Coroutine[None, None, object]],
) -> Overtaken:
    """Have it happen between the drawing of the next card with what was said and its arrival."""
    teams = house.services.teams
    real = cast("Teams", SimpleNamespace(update_card=teams.update_card, send_card=teams.send_card))
    overtaken = Overtaken(real, happens)
    for name in ("update_card", "send_card"):
        monkeypatch.setattr(teams, name, getattr(overtaken, name))
    return overtaken


async def the_talk(house: House) -> Live:
    (live,) = await house.services.sessions.of(house.ola.id)
    return live


def drawn_anew(house: House, live: Live, _: User) -> OutboxMessage:
    """The cards that stand are drawn as they are now."""
    payload = {"session": live.id, "name": str(live.stored.version)}
    return OutboxMessage("drawn", "status_card", live.stored.reference, payload, house.now())


def brought_down(house: House, live: Live, user: User) -> OutboxMessage:
    """Another card, at the bottom of their chat."""
    return house.services.sessions.where_we_are(live, user.id, "brought")


@on_both
@pytest.mark.parametrize(("sent", "name"), [(drawn_anew, "kari"), (brought_down, "ola")])
async def test_a_card_on_its_way_is_emptied_when_it_has_arrived(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    sent: Callable[[House, Live, User], OutboxMessage],
    name: str,
) -> None:
    await talks(house)
    user = {"kari": house.kari, "ola": house.ola}[name]
    way = overtake(house, monkeypatch, lambda: erase(house.services, user.id, user.chat.id))

    await house.operational.enqueue(sent(house, await the_talk(house), user))
    await house.settle()

    assert way.has_happened
    assert not said_in(user)
    assert not await is_named(house, user)


async def test_the_answer_to_a_press_on_its_way_is_emptied_a_minute_later(
    house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talks(house)
    kari = house.kari
    way = overtake(house, monkeypatch, lambda: erase(house.services, kari.id, kari.chat.id))

    await press(house, house.ola, "session.send", text=ANSWERED)
    clock.at += AGAIN
    await house.settle()

    assert way.has_happened
    assert not said_in(house.ola)
    assert not said_in(kari)


@pytest.mark.parametrize("happens", [slett, None])
async def test_what_teams_did_not_let_us_empty_is_tried_again(
    house: House, clock: Clock, happens: Callable[[User], Awaitable[str]] | None
) -> None:
    """With `slett`, and at the end of a talk, whose night comes while Teams is away."""
    await talks(house)
    assert said_in(house.ola)
    house.teams.fail("PUT", status=500, times=1000)
    if happens:
        assert SAY("erase.cards") in await happens(house.kari)
    else:
        for _ in range(3):
            await press(house, house.kari, "session.next")
        clock.at += timedelta(days=1)
        await house.settle()
    assert said_in(house.ola)
    assert not await house.services.sessions.stored.naming(house.ola.id)

    house.teams.forgive()
    clock.at += timedelta(hours=1)
    await house.settle()

    assert not said_in(house.ola)
    assert not said_in(house.kari)
