"""A facilitator plans, colleagues sign up, dates move: everyone is told once, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.simulate.teams import Chat, Post, User
from bot.texts import texts
from dialogs.study import LANGUAGES, Language
from storage.groups import Circle, Group
from tests.support.kollegial import House, can, kollegial, press_raw

NB = texts("nb")
START = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""A Tuesday, 10 o'clock in Oslo; the first meeting is a week later."""
LINE = "planlegg veiledningsgruppe 3 x 14 dager fra 2027-01-12 kl 09:00"
DATES = ("tirsdag 12. januar 2027", "tirsdag 26. januar 2027", "tirsdag 9. februar 2027")


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def house(tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    async with kollegial(tmp_path, [], now=clock) as house:
        yield house


@pytest.fixture
def people(house: House) -> list[User]:
    """Ten colleagues."""
    return [house.teams.user(f"Kollega {letter}") for letter in "ABCDEFGHIJ"]


@pytest.fixture
def chat(house: House, people: list[User]) -> Chat:
    return house.teams.group_chat(house.anne, *people)


async def planned(house: House, chat: Chat, line: str = LINE) -> Post:
    """The sign-up card."""
    await house.anne.write(line, chat)
    await house.settle()
    return chat.last


async def circle_of(house: House) -> Circle:
    (group,) = await house.operational.groups.all()
    circle = await house.operational.groups.circle(group.id)
    assert circle is not None
    return circle


async def joined(house: House, post: Post, *people: User) -> None:
    for person in people:
        await person.press(post, "group.join")
        await house.settle()


def letters(person: User) -> list[str]:
    """What groups wrote in somebody's personal chat, reminders left out."""
    posts = [post for post in person.chat.posts if post.author is None]
    return [person.sees(post) for post in posts if not can(person, post, "reminder.off")]


async def panel(house: House) -> Post:
    await house.anne.write("grupper")
    post = house.anne.chat.last
    await house.anne.press(post, "group.panel")
    return post


async def test_a_line_in_the_chat_becomes_a_card_with_every_date(house: House, chat: Chat) -> None:
    post = await planned(house, chat)

    seen = house.kari.sees(post)
    for day in DATES:
        assert f"{day} kl. 09:00–10:30" in seen
    assert NB("signup.seats.value", n=0, size=8) in seen
    assert "Europe/Oslo" in seen
    circle = await circle_of(house)
    assert circle.group.facilitator == house.anne.id
    assert circle.group.card == post.id
    assert [m.starts_at.hour for m in circle.meetings] == [8, 8, 8]


async def test_members_sign_up_and_the_card_counts_them_without_names(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    first, *others = people[:6]
    reply = await first.press(post, "group.join")
    await house.settle()
    assert reply.text.startswith(NB("signup.done.joined"))
    await joined(house, post, *others)

    seen = house.anne.sees(post)
    assert NB("signup.seats.value", n=6, size=8) in seen
    assert "Kollega" not in seen
    (letter,) = letters(first)
    assert NB("member.joined", name="Veiledningsgruppe") in letter
    assert DATES[0] in letter
    seen = house.anne.sees(await panel(house))
    for person in people[:6]:
        assert person.name in seen


async def test_the_ninth_waits_and_is_asked_when_a_seat_is_free(
    house: House, chat: Chat, people: list[User], clock: Clock
) -> None:
    post = await planned(house, chat)
    *eight, ninth, tenth = people
    await joined(house, post, *eight, ninth, tenth)
    assert NB("member.waiting", place=1, name="Veiledningsgruppe") in letters(ninth)[-1]
    assert can(ninth, post, "group.join")

    await eight[0].press(post, "group.leave")
    await house.settle()
    assert NB("member.asked", name="Veiledningsgruppe") in letters(ninth)[-1]
    assert "onsdag 6. januar 2027 kl. 10:00" in letters(ninth)[-1]
    assert len(letters(tenth)) == 1

    clock.at += timedelta(days=1, minutes=1)
    await house.settle()
    assert NB("member.lapsed", name="Veiledningsgruppe") in letters(ninth)[-1]
    asked = tenth.chat.last
    assert NB("member.asked", name="Veiledningsgruppe") in tenth.sees(asked)

    reply = await tenth.press(asked, "group.join")
    await house.settle()
    assert NB("member.joined", name="Veiledningsgruppe") in tenth.sees(asked)
    assert len(letters(tenth)) == 2  # the card itself says that the seat is taken
    for again in (reply, reply):
        await tenth.redeliver(again)
    await house.settle()
    assert len(letters(tenth)) == 2
    circle = await circle_of(house)
    assert [m.name for m in circle.joined] == [p.name for p in (*eight[1:], tenth)]


async def test_eight_who_press_at_once_are_all_counted(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[8])
    replies = await asyncio.gather(*(person.press(post, "group.join") for person in people[:8]))
    await house.settle()

    circle = await circle_of(house)
    assert len(circle.joined) == 8
    assert len(circle.members) == 9
    assert sum(NB("signup.done.joined") in reply.text for reply in replies) == 7
    assert NB("signup.seats.value", n=8, size=8) in house.anne.sees(post)
    for person in people[:9]:
        assert len(letters(person)) == 1


async def test_a_press_that_slips_or_is_delivered_late_changes_nothing(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    kollega = people[0]
    press = kollega.prepared(post, "group.join")
    join, *others = [await press() for _ in range(3)]
    await house.settle()
    assert {reply.text for reply in others} == {join.text}
    assert len(letters(kollega)) == 1

    await kollega.press(post, "group.leave")
    late = await kollega.redeliver(join)  # as Teams does when an answer was slow
    await house.settle()
    assert late.card is not None
    assert (await circle_of(house)).members == ()

    await kollega.press(post, "group.join")
    await house.settle()
    assert len((await circle_of(house)).members) == 1


async def test_a_date_moves_and_everyone_is_told_once(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:6])
    shown = await panel(house)
    second = (await circle_of(house)).meetings[1]
    given = {"moved": second.id, "day": "2027-01-27", "time": "12:00"}
    press = house.anne.prepared(shown, "group.move", given)
    for reply in [await press() for _ in range(3)]:
        await house.anne.redeliver(reply)
    await house.settle()

    assert "onsdag 27. januar 2027 kl. 12:00–13:30" in house.anne.sees(post)
    moved = (await circle_of(house)).meetings[1]
    assert (moved.sequence, moved.starts_at) == (1, datetime(2027, 1, 27, 11, tzinfo=UTC))
    for person in people[:6]:
        told = [letter for letter in letters(person) if "onsdag 27. januar" in letter]
        assert len(told) == 1
        assert len(letters(person)) == 2
    assert letters(people[6]) == []


async def test_a_late_old_move_does_not_undo_a_newer_one(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[0])
    shown = await panel(house)
    second = (await circle_of(house)).meetings[1].id
    first = await house.anne.press(shown, "group.move", {"moved": second, "day": "2027-01-27"})
    await house.anne.press(shown, "group.move", {"moved": second, "time": "10:00"})
    await house.anne.redeliver(first)
    await house.settle()

    moved = (await circle_of(house)).meetings[1]
    assert (moved.sequence, moved.starts_at) == (2, datetime(2027, 1, 27, 9, tzinfo=UTC))
    told = [letter for letter in letters(people[0]) if "flyttet" in letter]
    assert len(told) in (1, 2)  # the first news may have been overtaken
    assert "kl. 10:00–11:30" in told[-1]


async def test_one_meeting_is_called_off_and_then_the_group_ends(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:5])
    shown = await panel(house)
    first = (await circle_of(house)).meetings[0].id
    await house.anne.press(shown, "group.cancel", {"cancelled": first})
    await house.settle()
    assert NB("group.date.cancelled") in house.anne.sees(post)
    assert "avlyst" in letters(people[0])[-1]

    await house.anne.press(shown, "group.end")
    await house.settle()
    assert NB("signup.ended") in house.anne.sees(post)
    assert not can(people[0], post, "group.join")
    for person in people[:5]:
        assert NB("news.ended", name="Veiledningsgruppe") in letters(person)[-1]
        assert len(letters(person)) == 3
    circle = await circle_of(house)
    assert {m.state for m in circle.meetings} == {"cancelled"}
    reply = (
        await people[7].press(post, "group.join") if can(people[7], post, "group.join") else None
    )
    assert reply is None


async def test_a_larger_group_asks_those_who_wait(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:5])
    shown = await panel(house)
    await house.anne.press(shown, "group.size", {"size": "5"})
    await house.settle()
    await joined(house, post, people[5])
    assert NB("signup.waiting", n=1) in house.anne.sees(post)

    await house.anne.press(shown, "group.size", {"size": "6"})
    await house.settle()
    assert NB("member.asked", name="Veiledningsgruppe") in letters(people[5])[-1]


async def test_the_facilitator_hears_when_the_group_becomes_small(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:5])
    for person in people[:2]:
        await person.press(post, "group.leave")
        await house.settle()

    (letter,) = letters(house.anne)
    assert NB("news.few", n=4, name="Veiledningsgruppe", advised=5) in letter
