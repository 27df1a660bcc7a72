"""One language for each person, from the first card to the last."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.ui.texts import texts
from dialogs.studies.study import Language
from dialogs.writing.commands import COMMANDS
from dialogs.writing.norwegian import written_in
from simulation import cards
from simulation.teams import Chat, User
from tests.bot.delivery.test_finding_people import newest, write
from tests.support.kollegial import House, kollegial

ENGLISH = {
    *("the", "you", "your", "and", "of", "is", "are", "this", "that", "there", "what", "not")
}
NORWEGIAN = {*("du", "deg", "og", "ikke", "det", "dette", "som", "kan", "har", "av", "på", "jeg")}
"""Words that no card does without, and that no card in the other language has."""


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


def languages(said: str) -> set[str]:
    """Those in which something is said; names of languages are in their own."""
    words = set(re.findall(r"\w+", said.casefold()))
    return {code for code, known in (("en", ENGLISH), ("nb", NORWEGIAN)) if words & known}


async def greeted(house: House, locale: str) -> User:
    """Somebody whose Teams does not say its language until they write."""
    siri = house.teams.user("Siri Eksempel", locale="")
    await house.teams.install(siri.chat, siri)
    siri.locale = locale
    return siri


def said_since(user: User, chat: Chat, before: int) -> str:
    return "\n".join(user.sees(post) for post in chat.posts[before:] if post.author is None)


# --- The rule -----------------------------------------------------------------------------------


FIRST: tuple[tuple[str, str, Language], ...] = (
    ("nb-NO", "help", "nb"),
    ("nn-NO", "help", "nn"),
    ("nn-NO", "hjelp", "nn"),
    ("en-US", "help", "en"),
    ("en-US", "start", "en"),
    ("en-US", "hjelp", "nb"),
    ("en-US", "hva kan du gjøre?", "nb"),
    ("en-US", "kva kan du gjere?", "nn"),
    ("de-DE", "kan eg få hjelp?", "nn"),
    ("de-DE", "help", "nb"),
    ("", "status", "nb"),
)
"""What Teams says, what is written first, and the language from then on."""


async def test_the_first_answer_is_in_the_language_of_teams_or_of_norwegian_words(
    house: House,
) -> None:
    for number, (locale, text, expected) in enumerate(FIRST):
        siri = house.teams.user(f"Siri {number}", locale=locale)
        await siri.write(text)
        siri.locale = "en-US" if expected == "nn" else "nn-NO"  # on another machine: no choice
        await siri.write("språk")
        assert texts(expected)("language.ask") in siri.sees(siri.chat.last), (locale, text)


async def test_every_command_answers_in_the_language_of_the_greeting(house: House) -> None:
    siri = await greeted(house, "en-US")
    assert languages(said_since(siri, siri.chat, 0)) == {"nb"}
    for command in COMMANDS:
        before = len(siri.chat.posts)
        await siri.write(texts("en")(f"command.{command.name}.title"))
        said = said_since(siri, siri.chat, before)
        assert "en" not in languages(said), (command.name, said)
        assert written_in(said) in ("nb", None), (command.name, said)


async def test_who_was_known_before_has_one_from_now_on(house: House) -> None:
    siri = house.teams.user("Siri Eksempel", locale="")
    await siri.write("help")
    forget = "UPDATE person SET met_in = NULL"
    await house.operational._database.write(lambda c: c.exec_driver_sql(forget))
    await siri.write("help")
    siri.locale = "en-US"
    await siri.write("help")

    assert languages(said_since(siri, siri.chat, 0)) == {"nb"}


async def test_who_adds_the_bot_to_a_group_is_answered_as_the_group_was_greeted(
    house: House,
) -> None:
    siri = house.teams.user("Siri Eksempel", locale="")
    chat = house.teams.group_chat(siri, house.kari)
    added = house.teams.activity(siri, chat, "installationUpdate") | {"action": "add"}
    await house.teams.deliver(added)
    siri.locale = "en-US"
    await siri.write("help")

    assert languages(siri.sees(siri.chat.last)) == {"nb"}


async def test_a_choice_holds_until_the_next(house: House) -> None:
    siri = await greeted(house, "nb-NO")
    for code in ("nn", "en", "nb"):
        await siri.press(siri.chat.posts[0], texts(code)(f"language.{code}"))
        await siri.write("hjelp")
        assert texts(code)("help.privacy") in siri.sees(siri.chat.last)


# --- In a group ---------------------------------------------------------------------------------


async def test_a_member_with_an_english_teams_has_the_language_of_the_group_where_they_were_met(
    house: House,
) -> None:
    siri = house.teams.user("Siri Eksempel", locale="en-US")
    chat = house.teams.group_chat(house.anne, house.kari, siri)
    await write(house, house.anne, "start utviklingsverksted", chat)
    gathering = newest(chat, siri, "session.here")
    for member in (house.kari, siri):
        await member.press(gathering, "session.here")
    for word in ("start", "neste", "neste", "neste", "overlat til Siri"):
        await write(house, house.anne, word, chat)
    panel = newest(siri.chat, siri, "session.back")  # pressed first in their own chat
    for verb in ("session.next", "session.back"):
        await siri.press(panel, verb)
    await siri.press(newest(chat, siri, "session.open"), "session.open")
    await house.settle()
    own = newest(siri.chat, siri, "session.send")
    await siri.press(own, "session.send", {"text": "Vi ventet lenge"})
    await house.settle()
    for word in ("help", "reminders", "groups"):
        await siri.write(word)

    assert languages(said_since(siri, siri.chat, 0)) == {"nb"}


async def test_what_all_see_is_in_the_groups_language_whoever_asks_for_it(house: House) -> None:
    siri = house.teams.user("Siri Eksempel", locale="en-US")
    await siri.write("help")
    chat = house.teams.group_chat(house.anne, house.kari, siri)
    await write(house, house.anne, "start saksrunde", chat)
    await siri.press(newest(chat, siri, "session.here"), "session.here")
    before = len(chat.posts)
    await write(house, siri, "status", chat)

    assert languages(said_since(siri, chat, before)) == {"nb"}
    assert "en" in languages(cards.text_of(siri.chat.last.card or {}))
