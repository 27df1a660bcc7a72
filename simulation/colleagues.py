"""Simulated colleagues who ask each other, and one who rehearses: each in their own chat.

They know of the bot only what their cards say. What they write depends on who they are and on
the part alone, so that two runs can be compared.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bot.ui.texts import texts
from dialogs.groups.colleagues import MOST_ASKED
from simulation import cards
from simulation.hand import Faults, Lost, Tally
from simulation.people import Bot, People, TalkPlayed, in_chat, newest, own, title_of, verbs
from simulation.teams import Post, SimulatedTeams, User

Answer: TypeAlias = Literal["yes", "no", "later", "silent", "gone"]
"""Of a colleague: `later` says yes when they are reminded, `silent` never answers, and `gone` has
taken the app away."""
MAX_STEPS = 120
"""Presses of "next" after which a talk that is not over never will be."""
_SAY = texts("nb")
_HOUR = timedelta(hours=1)
_NIGHTS = timedelta(days=2)
_PAUSE = timedelta(seconds=15)
"""Longer than an invented member takes for anything."""


@dataclass(frozen=True, slots=True)
class AskingScenario:
    """Who is asked, and what they answer."""

    words: str = "fem minutter"
    answers: tuple[Answer, ...] = ("yes",)
    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    restarts: bool = False
    """The bot is started anew in every part."""
    at_once: bool = False
    """So many people ask one colleague at the same moment, who gives each their answer."""


# --- Asking -------------------------------------------------------------------------------------


async def simulate_asking(
    bot: Bot, teams: SimulatedTeams, leader: User, scenario: AskingScenario, tally: Tally
) -> TalkPlayed:
    """From the group that they share to the night after the talk. Raises Lost."""
    people = People(bot, tally, scenario.seed, scenario.faults)
    kari = teams.user("Kari Kollega")
    others = [teams.user(f"Kollega {n}") for n, _ in enumerate(scenario.answers, 1)]
    await _share_a_group(people, teams, leader, [kari, *others], bot.now())
    for user, answer in zip(others, scenario.answers, strict=True):
        if answer == "gone":
            user.chat.refuses = "BotNotInConversationRoster"
    await people.write(kari, scenario.words)
    await people.press(kari, "colleague.ask", people=",".join(user.id for user in others))
    here = [kari, *await _answer(people, bot, others, scenario)]
    if len(here) > 1:
        await _talk(people, bot, here, restarts=scenario.restarts)
    people.played.ended = kari.sees(kari.chat.last)
    people.played.faults += _seen_by_others(people, [kari, *others])
    people.played.faults += await _left(bot)
    return people.played


async def simulate_asking_at_once(
    bot: Bot, teams: SimulatedTeams, leader: User, scenario: AskingScenario, tally: Tally
) -> TalkPlayed:
    """Several ask the same colleague at the same moment, and whoever comes after them cannot.
    Raises Lost."""
    people = People(bot, tally, scenario.seed, scenario.faults)
    per, late = teams.user("Per Kollega"), teams.user("Liv Kollega")
    asking = [teams.user(f"Kollega {n}") for n, _ in enumerate(scenario.answers, 1)]
    await _share_a_group(people, teams, leader, [per, late, *asking], bot.now())
    for user in (*asking, late):
        await people.write(user, scenario.words)
    await asyncio.gather(*(_ask(people, user, per) for user in asking))
    await bot.settle()
    people.played.faults += _not_once_each(per, asking)
    if len(asking) == MOST_ASKED:
        await people.write(late, scenario.words)
        if per.name in late.sees(late.chat.last):
            people.played.faults.append(f"{per.name} can be asked once more")
    for user, answer in zip(asking, scenario.answers, strict=True):
        if await _answer_one(people, bot, per, user, answer):
            await _talk(people, bot, [user, per], restarts=scenario.restarts)
    people.played.ended = asking[0].sees(asking[0].chat.last)
    people.played.faults += _seen_by_others(people, [per, late, *asking])
    people.played.faults += await _left(bot)
    return people.played


async def _ask(people: People, user: User, colleague: User) -> None:
    """Without waiting for what comes of it."""
    given = {"people": colleague.id}
    hand = people.hand(user)
    await hand.press(own(user, "colleague.ask"), "colleague.ask", given, line_will_do=True)


def _not_once_each(per: User, asking: list[User]) -> Iterator[str]:
    for user in asking:
        if (times := len(_questions(per, user))) != 1:
            yield f"{user.name} asked once, and {per.name} has {times} questions"


def _questions(per: User, asks: User) -> list[Post]:
    """Of one of those who ask, such as can be answered."""
    posts = [post for post in per.chat.posts if "colleague.yes" in verbs(per, post)]
    return [post for post in posts if asks.name in per.sees(post)]


async def _answer_one(people: People, bot: Bot, per: User, asks: User, answer: Answer) -> bool:
    """Whether there is a talk."""
    if answer == "silent":
        await bot.pass_time(4 * _HOUR)
        return False
    await people.press_on(per, _questions(per, asks)[-1], f"colleague.{answer}")
    if answer == "later":
        await bot.pass_time(_HOUR)
        if len(_questions(per, asks)) != 1:
            people.played.faults.append(f"{per.name} was not reminded once of {asks.name}")
        await people.press_on(per, _questions(per, asks)[-1], "colleague.yes")
    return answer != "no"


async def _left(bot: Bot) -> list[str]:
    """What the night should have taken away."""
    await bot.pass_time(_NIGHTS)
    return await bot.rows("session", "session_card")


async def _share_a_group(
    people: People, teams: SimulatedTeams, leader: User, users: list[User], now: datetime
) -> None:
    chat = teams.group_chat(leader, *users)
    first = (now + timedelta(days=20)).date()
    await people.write(leader, f"planlegg 2 x 14 dager fra {first} kl 09:00", chat)
    await leader.press(chat.last, "group.plan")
    for user in users:
        await user.press(in_chat(chat, "group.join"), "group.join")


async def _answer(
    people: People, bot: Bot, others: list[User], scenario: AskingScenario
) -> list[User]:
    """Who comes into the talk."""
    here = []
    for user, answer in zip(others, scenario.answers, strict=True):
        if answer in ("no", "later", "yes"):
            await people.press(user, f"colleague.{answer}")
        if scenario.restarts:
            await bot.restart()
        if answer == "later":
            before = newest(user, "colleague.yes")
            await bot.pass_time(_HOUR)
            if newest(user, "colleague.yes") is before:
                people.played.faults.append(f"{user.name} was not reminded")
            await people.press(user, "colleague.yes")
        if answer in ("later", "yes"):
            here.append(user)
    if not here:
        await bot.pass_time(4 * _HOUR)
    return here


async def _talk(people: People, bot: Bot, here: list[User], *, restarts: bool) -> None:
    """Each writes what is theirs, and whoever asked goes on."""
    asks = here[0]
    for _ in range(MAX_STEPS):
        post = newest(asks, "session.next")
        if post is None:
            return
        title = title_of(asks, post)
        if title not in people.played.phases:
            people.played.phases.append(title)
            if restarts:
                await bot.restart()
        for user in here:
            await people.write_part(user)
        with suppress(cards.CannotPress):
            await people.press(asks, "session.next")
    raise Lost(f"the talk does not end: {asks.sees(asks.chat.last)}")


def _seen_by_others(people: People, users: list[User]) -> Iterator[str]:
    """When it is over, nobody's chat has what was written, one's own neither."""
    for user in users:
        seen = "\n".join(user.sees(post) for post in user.chat.posts if post.author is None)
        for other in users:
            for text in people.texts.get(other.id, ()):
                if text in seen:
                    yield f"{user.name} sees what {other.name} wrote"


# --- Rehearsing ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RehearsalScenario:
    """Which method, with how many; `title` as one would write it."""

    title: str
    members: int = 0
    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    restarts: bool = False


async def simulate_rehearsal(
    bot: Bot, teams: SimulatedTeams, scenario: RehearsalScenario, tally: Tally
) -> TalkPlayed:
    """From `øv` to the card that says that it is over. Raises Lost."""
    people = People(bot, tally, scenario.seed, scenario.faults)
    user = teams.user("Frode Øver")
    await people.write(user, f"øv {scenario.title} {scenario.members or ''}".strip())
    await people.press(user, "session.start")
    for _ in range(MAX_STEPS):
        await bot.pass_time(_PAUSE)
        if _SAY("rehearsal.ended") in user.sees(user.chat.last):
            break
        await _lead(people, bot, user, restarts=scenario.restarts)
    else:
        raise Lost(f"the rehearsal does not end: {user.sees(user.chat.last)}")
    people.played.ended = user.sees(user.chat.last)
    shown = "\n".join(user.sees(post) for post in user.chat.posts if post.author is None)
    people.played.faults += [
        f"{text} stands there" for text in people.texts.get(user.id, ()) if text in shown
    ]
    people.played.faults += await _left(bot)
    return people.played


async def _lead(people: People, bot: Bot, user: User, *, restarts: bool) -> None:
    post = newest(user, "session.next")
    if post is None:
        return
    if (title := title_of(user, post)) not in people.played.phases:
        people.played.phases.append(title)
        lower = [each for each in user.chat.posts if _is_after(each, post) and each.card]
        people.played.faults += [f"{title}: a card stands below the panel" for _ in lower[:1]]
        if restarts:
            await bot.restart()
        if newest(user, "session.open"):
            await people.press(user, "session.open")
            await people.write_part(user)
    with suppress(cards.CannotPress):
        await people.press(user, "session.next")


def _is_after(post: Post, other: Post) -> bool:
    posts = other.chat.posts
    return posts.index(post) > posts.index(other)
