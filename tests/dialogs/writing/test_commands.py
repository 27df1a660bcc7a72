"""What is written to the bot, in three languages, by whom and where."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.texts import texts
from dialogs.studies.study import LANGUAGES, Language
from dialogs.writing.commands import COMMANDS, Command, CommandName
from dialogs.writing.normalising import normalise
from dialogs.writing.understanding import Doing, Meaning, understand
from simulation.teams import Chat, User
from tests.support.kollegial import House, can, kollegial
from tests.support.studies import SMALL, study_of

LOCALES: dict[Language, str] = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
SAY = texts("nb")


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


async def said_to(user: User, text: str, chat: Chat | None = None) -> str:
    """All that the bot says to it."""
    chat = chat or user.chat
    before = len(chat.posts)
    assert (await user.write(text, chat)).status == 200
    return "\n".join(user.sees(p) for p in chat.posts[before:] if p.author is None)


# What is understood


def meant(text: str, *, is_personal: bool = True) -> Meaning:
    return understand(normalise(text), is_personal=is_personal)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@pytest.mark.parametrize("form", ["{}", "  {}  ", "/{}", "{}!", "{}.", "{}\n", "\u00a0{}"])
@pytest.mark.parametrize("is_personal", [True, False])
def test_every_word_of_every_command_is_understood(
    command: Command, form: str, is_personal: bool
) -> None:
    for word in command.words:
        for said in (word, word.upper(), word.capitalize()):
            assert meant(form.format(said), is_personal=is_personal) == Doing(command)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_texts_call_a_command_is_understood(language: Language) -> None:
    for command in COMMANDS:
        assert meant(texts(language)(f"command.{command.name}.title")) == Doing(command)


def test_what_follows_a_command_is_kept() -> None:
    meaning = meant("  Inviter:   Oppfolging  2 ", is_personal=False)
    assert isinstance(meaning, Doing)
    assert (meaning.command.name, meaning.rest) == ("invite", "Oppfolging 2")


@pytest.mark.parametrize("text", ["studiet", "trekket", "xyzhelp", "en helt vanlig setning"])
def test_other_words_are_no_command(text: str) -> None:
    assert not isinstance(meant(text), Doing)


@given(st.text(st.characters(), max_size=200), st.booleans())
def test_whatever_is_written_has_a_meaning(text: str, is_personal: bool) -> None:
    assert isinstance(meant(text, is_personal=is_personal), Meaning)


# What is answered


def place(house: House, where: str, *users: User) -> Chat:
    """A place of this kind with these people in it; their first one's own, if personal."""
    if where == "personal":
        return users[0].chat
    return house.teams.channel(*users) if where == "channel" else house.teams.group_chat(*users)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("where", ["personal", "groupChat", "channel"])
async def test_each_command_is_answered_in_the_language_of_teams(
    house: House, language: Language, where: str
) -> None:
    say = texts(language)
    siri = house.teams.user("Siri Eksempel", locale=LOCALES[language])
    chat = place(house, where, siri)
    for command in COMMANDS:
        if where != "personal" and command.name in ("five", "before", "beside"):
            continue  # begun by anyone, and its card comes: tests/bot/sessions/test_five_minutes.py
        said = await said_to(siri, say(f"command.{command.name}.title"), chat)
        assert said.strip(), command.name
        assert say("error.bug") not in said, command.name
        if command.for_facilitators:
            assert said.startswith(say("role.no")), command.name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("where", ["personal", "groupChat", "channel"])
async def test_each_command_of_studies_says_what_it_is_for(
    house: House, language: Language, where: str
) -> None:
    say = texts(language)
    anne = house.teams.user("Anne Administrator", locale=LOCALES[language])
    siri = house.teams.user("Siri Eksempel", locale=LOCALES[language])
    chat, alone = place(house, where, anne, siri), where == "personal"
    answers: dict[CommandName, str] = {
        "help": say("help"),
        "study": say("study.list"),
        "resume": say("resume.none") if alone else say("session.none"),
        "withdraw": say("withdraw.task" if alone else "withdraw.in_personal"),
        "result": say("result.task" if alone else "result.in_personal"),
        "language": say("language.ask"),
        "invite": say("invite.where") if alone else say("invite.few", n=2, minimum=10),
        "close": say("close.confirm"),
        "status": say("status.no_count"),
    }
    for name, answer in answers.items():
        assert answer in await said_to(anne, say(f"command.{name}.title"), chat)


async def test_the_state_of_studies_is_for_facilitators(house: House) -> None:
    assert texts("nb")("status.no_count") not in await said_to(house.kari, "status")


@pytest.mark.parametrize("word", ["hi", "hello", "help", "Hei!"])
async def test_the_greetings_that_teams_asks_for_get_help(house: House, word: str) -> None:
    assert texts("nb")("help") in await said_to(house.kari, word)
    assert texts("nb")("command.invite.description") not in str(
        house.kari.card(house.kari.chat.last)
    )


async def test_help_shows_a_facilitator_more(house: House) -> None:
    await house.anne.write("hjelp")
    assert texts("nb")("command.invite.description") in str(house.anne.card(house.anne.chat.last))


async def test_unknown_words_get_a_way_forward(house: House) -> None:
    for text in ("hva er klokka?", "1" * 2**20, "{{DATE()}} **x**", "<at>Ola</at>"):
        said = await said_to(house.kari, text)
        assert texts("nb")("miss.personal").partition("\n\n")[0] in said
        for verb in ("groups", "study", "help"):
            assert can(house.kari, house.kari.chat.last, "said"), verb


async def test_a_locale_that_we_do_not_speak_gets_bokmal(house: House) -> None:
    for locale in ("se-NO", "", "🙂", "nn_NO"):
        user = house.teams.user(f"Bruker {locale}", locale=locale)
        expected = texts("nn" if locale == "nn_NO" else "nb")
        assert expected("help") in await said_to(user, "hjelp")


async def test_a_message_delivered_again_is_answered_once(house: House) -> None:
    reply = await house.kari.write("hjelp")
    count = len(house.kari.chat.posts)
    for _ in range(3):
        await house.teams.deliver(reply.activity)

    assert len(house.kari.chat.posts) == count


# Roles


async def test_a_role_in_the_database_lets_someone_lead(house: House) -> None:
    assert texts("nb")("status.no_count") not in await said_to(house.kari, "status")
    for role in ("facilitator", "researcher", "administrator"):
        async with house.operational.begin() as transaction:
            transaction.grant(house.kari.id, role)
        assert texts("nb")("status.no_count") in await said_to(house.kari, "status")
        async with house.operational.begin() as transaction:
            transaction.revoke(house.kari.id, role)
        assert texts("nb")("status.no_count") not in await said_to(house.kari, "status")


async def test_without_an_administrator_nobody_is_one(tmp_path: Path) -> None:
    async with kollegial(tmp_path, administrator="") as house:
        assert texts("nb")("status.no_count") not in await said_to(house.anne, "status")


# Language


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_chosen_language_stays(house: House, language: Language) -> None:
    name = texts(language)(f"language.{language}")
    assert await said_to(house.kari, f"språk {name}") == texts(language)("language.done")

    await house.restart()
    assert texts(language)("help") in await said_to(house.kari, "hjelp")
    assert texts("nb")("help") in await said_to(house.ola, "hjelp")


async def test_a_language_can_be_chosen_by_its_code_or_from_a_card(house: House) -> None:
    assert await said_to(house.kari, "language NN") == texts("nn")("language.done")
    assert texts("nn")("language.ask") in await said_to(house.kari, "språk klingon")

    reply = await house.kari.press(house.kari.chat.last, "English")
    assert reply.card is not None
    assert texts("en")("language.done") in house.kari.sees(house.kari.chat.last)
    await house.settle()
    assert texts("en")("help") in await said_to(house.kari, "help")


async def test_in_a_channel_a_language_is_chosen_for_oneself_and_the_card_stays(
    house: House,
) -> None:
    channel = house.teams.channel(house.kari, house.ola)
    await house.kari.write("språk", channel)
    reply = await house.kari.press(channel.last, "Nynorsk")
    await house.settle()

    assert reply.text == texts("nn")("language.done")
    assert can(house.ola, channel.last, "language")
    assert texts("nb")("help") in await said_to(house.ola, "hjelp", channel)


# Lists


async def test_the_list_shows_what_is_open_and_nothing_else(house: House) -> None:
    other = study_of(
        {-1: 1, 0: 1, 1: 1}, id="annen", title={"nb": "Bare bokmål"}, languages=("nb",)
    )
    await house.create(other, is_open=False)
    assert "Bare bokmål" not in await said_to(house.kari, "studie")

    await house.urn.open_study("annen")
    assert "Bare bokmål" in await said_to(house.kari, "studie")
    for study in (SMALL.id, "annen"):
        await house.services.studies.close(study, "a researcher")
    assert texts("nb")("study.list.none") in await said_to(house.kari, "studie")


async def test_status_counts_nothing_while_a_study_is_open(house: House) -> None:
    await house.create(study_of({-1: 1, 0: 1, 1: 1}, id="annen"), is_open=False)
    said = await said_to(house.anne, "status")
    assert f"{SMALL.id}: Åpen. 0 inviterte." in said
    assert "annen: Opprettet, ikke åpnet. 0 inviterte." in said
    assert "levert" not in said.replace(texts("nb")("status.no_count"), "")

    await house.services.studies.close(SMALL.id, "a researcher")
    await house.urn.destroy("annen")
    said = await said_to(house.anne, "status")
    assert "Lukket. 0 inviterte, 0 svar levert." in said
    assert "annen: Slettet." in said


async def test_status_of_nothing(tmp_path: Path) -> None:
    async with kollegial(tmp_path, []) as house:
        assert texts("nb")("status.none") in await said_to(house.anne, "status")


async def test_help_begins_with_what_belongs_here(house: House) -> None:
    group = house.teams.group_chat(house.kari, house.ola)
    alone, together = await said_to(house.kari, "hjelp"), await said_to(house.kari, "hjelp", group)

    assert alone.index(SAY("command.study.description")) < alone.index(SAY("help.together"))
    assert SAY("help.alone") in together
    await house.anne.write("planlegg 3 x 14 dager fra 2027-01-12 kl 9", group)
    await house.anne.press(group.last, "group.plan")
    await house.settle()
    together = await said_to(house.kari, "hjelp", group)
    assert together.index(SAY("command.start.description")) < together.index(SAY("help.alone"))
    assert SAY("command.groups.description") in await said_to(house.anne, "hjelp")


def test_what_somebody_gladly_answers_about_may_be_said_at_once() -> None:
    meaning = understand("spør meg gjerne om min erfaring med kveldsarbeid", is_personal=True)
    assert isinstance(meaning, Doing)
    assert (meaning.command.name, meaning.rest) == ("gladly", "min erfaring med kveldsarbeid")


@pytest.mark.parametrize(
    "said",
    [
        *("jeg trenger en kollega", "Eg treng nokon å snakke med", "jeg må snakke med noen"),
        *("kan jeg spørre en kollega?", "fem min", "I need somebody to talk to"),
    ],
)
def test_who_needs_a_colleague_is_understood_in_their_own_chat(said: str) -> None:
    meaning = understand(normalise(said), is_personal=True)
    assert isinstance(meaning, Doing)
    assert meaning.command.name == "five"
