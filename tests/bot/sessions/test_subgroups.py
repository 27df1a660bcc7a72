"""Fourteen in a group chat, in small groups: who sees what, through HTTP."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.sessions.service import Live
from bot.ui.texts import texts
from dialogs.sessions import queries
from simulation.teams import Chat, Post, User
from tests.bot.sessions.test_sessions import lead, status, verbs, with_button
from tests.support.kollegial import House, kollegial

SAY = texts("nb")


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, ()) as house:
        yield house


class Many:
    """An after-reflection that has begun, of so many; Anne leads, and takes no part."""

    def __init__(self, house: House, count: int) -> None:
        self.house = house
        self.people = {
            user.id: user for user in (house.teams.user(f"Nr {n}") for n in range(count))
        }
        self.chat: Chat

    async def gather(self) -> None:
        self.chat = self.house.teams.group_chat(self.house.anne, *self.people.values())
        await self.house.anne.write("start etterrefleksjon", self.chat)
        await self.house.settle()
        for user in self.people.values():
            await user.press(status(self.chat, user), "session.here")
        await self.house.settle()

    async def comes(self, name: str) -> User:
        user = self.house.teams.user(name)
        self.people[user.id] = user
        self.chat.members.append(user)
        await user.press(status(self.chat, user), "session.here")
        await self.house.settle()
        return user

    async def to(self, phase: str) -> None:
        while (await self.live()).session.opened.phase != phase:  # type: ignore[union-attr] # the session is running
            await lead(self.house, "session.next")

    async def live(self) -> Live:
        (live,) = await self.house.services.sessions.all_at(self.chat.id)
        return live

    async def groups(self) -> dict[int, list[User]]:
        session = (await self.live()).session
        return {
            number: [self.people[each.id] for each in queries.in_subgroup(session, number)]
            for number in queries.subgroups(session)
        }

    async def press(self, user: User, verb: str, *given: dict[str, str]) -> str:
        """On the newest card in their own chat that has it."""
        reply = await user.press(with_button(user.chat, user, verb), verb, *given)
        await self.house.settle()
        return str(reply)

    async def write(self, user: User, text: str, verb: str = "session.send") -> None:
        await self.press(user, "session.open")
        await self.press(user, verb, {"text": text})

    def see(self, text: str) -> set[str]:
        """Whose own chat shows a text."""
        everyone = [*self.people.values(), self.house.anne]
        return {each.id for each in everyone if text in _read(each, each.chat)}

    def group_sees(self, *wanted: str) -> bool:
        read = _read(self.house.anne, self.chat)
        return all(text in read for text in wanted)


def _read(user: User, chat: Chat) -> str:
    return "\n".join(user.sees(post) for post in chat.posts if post.author is None)


def _cards(user: User) -> list[Post]:
    """Those of their small group on which something can be pressed."""
    posts = (post for post in user.chat.posts if post.author is None and post.card)
    return [post for post in posts if "session.open" in verbs(user, post)]


async def test_thirteen_talk_in_small_groups_and_bring_together_what_they_found(
    house: House,
) -> None:
    many = Many(house, 13)
    await many.gather()
    starts = house.anne.sees(with_button(house.anne.chat, house.anne, "session.start"))
    assert "i 3 smågrupper med 4 til 5 i hver" in starts
    assert SAY("session.button.start.divided") in starts
    assert many.group_sees("i 3 smågrupper med 4 til 5 i hver")

    # A text is its small group's alone, and whoever leads sees none.
    await lead(house, "session.start")
    await many.to("innhold")
    groups = await many.groups()
    first, second = groups[1], groups[2]
    assert all(len(_cards(user)) == 1 for user in many.people.values())
    await many.write(first[0], "Bare vi vet dette")
    assert many.see("Bare vi vet dette") == {user.id for user in first}
    assert not many.group_sees("Bare vi vet dette")
    assert many.group_sees(SAY("session.subgroups.apart"))
    assert await many.press(second[0], "session.done")
    assert await many.press(house.anne, "session.choices")
    assert not many.see("Bare vi vet dette") & {house.anne.id}

    # Who comes late joins the smallest, and gets its card; the bot is started anew.
    late = await many.comes("Sen")
    joined = next(n for n, users in (await many.groups()).items() if late in users)
    assert len(groups[joined]) == 4
    assert f"Smågruppe {joined}: " in _read(late, late.chat)
    await house.restart()

    # A small group that shrinks comes into the others.
    await many.to("form")
    stays, *gone = (await many.groups())[3]
    for user in gone:
        await user.press(status(many.chat, user), "session.leave")
    await house.settle()
    moved = next(n for n, users in (await many.groups()).items() if stays in users)
    assert moved != 3
    assert f"Smågruppe {moved}: " in stays.sees(_cards(stays)[-1])

    # What is written alone is shown in each at once.
    await many.to("forslag")
    await many.write(first[0], "Forslag fra den første")
    await many.write(second[0], "Forslag fra den andre")
    assert "I minst én smågruppe" in _read(house.anne, house.anne.chat)
    await lead(house, "session.next")
    assert many.see("Forslag fra den første") >= {user.id for user in first}
    assert not many.see("Forslag fra den første") & {user.id for user in second}
    assert not many.group_sees("Forslag fra")

    # Two say yes, and all see the lines.
    await many.to("funn")
    await many.write(second[0], "Kortere møter\nFlere pauser", "session.agree")
    await many.press(second[1], "session.confirm")
    await many.write(first[0], "Ingen sa ja", "session.agree")
    assert not many.group_sees("Kortere møter")
    await lead(house, "session.next")
    assert many.group_sees("Kortere møter", "Flere pauser")
    assert not many.group_sees("Ingen sa ja")
    await lead(house, "session.next")
    assert not any(_cards(user) for user in many.people.values() if user not in gone)


async def test_twelve_get_no_card_more_than_before(house: House) -> None:
    many = Many(house, 12)
    await many.gather()
    assert not many.group_sees("smågrupper med")
    posts = Counter({user.id: len(user.chat.posts) for user in many.people.values()})

    await lead(house, "session.start")
    await many.to("innhold")

    assert Counter({user.id: len(user.chat.posts) for user in many.people.values()}) == posts
    assert SAY("session.subgroups.apart") not in _read(house.anne, many.chat)
