"""A rehearsal through HTTP: led from the panel in one's own chat, with nobody else about."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, inspect, select, table, text

from bot.sessions.methods import shipped
from bot.ui.texts import texts
from dialogs.sessions.rehearsing import HESITATES, OF, next_move, words
from dialogs.studies.study import LANGUAGES
from dialogs.writing.commands import CommandName
from dialogs.writing.normalising import normalise
from dialogs.writing.understanding import Doing, understand
from simulation import cards
from simulation.teams import Post, User
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
from tests.support.kollegial import House, press_raw

__all__ = ["clock", "house"]

SAY = texts("nb")
ONE = SAY("rehearsal")


async def left(house: House) -> set[tuple[str, str]]:
    """What lies in the operational database that is of somebody, or is still to be done."""
    always = {"alembic_version", "server_key_check", "replica", "service_url"}

    def everything(connection: Connection) -> set[tuple[str, str]]:
        return {
            (name, str(row.get("kind") or row.get("what") or row.get("id") or dict(row)))
            for name in inspect(connection).get_table_names()
            for row in connection.execute(select(text("*")).select_from(table(name))).mappings()
            if name not in always and row.get("state") not in ("done", "expired")
        }

    return await house.operational._database.read(everything)


async def wait(house: House, clock: Clock) -> None:
    """Until those who are invented have done all that they do by themselves."""
    for _ in range(40):
        clock.at += HESITATES
        await house.settle()
        lives = await house.services.sessions.of(house.kari.id)
        if not any(next_move(each.method, each.session, each.id, clock()) for each in lives):
            return
    raise AssertionError("they never stop")


def over(user: User) -> bool:
    return SAY("rehearsal.ended") in user.sees(user.chat.last)


def of_bot(user: User) -> list[Post]:
    return [post for post in user.chat.posts if post.author is None]


async def lead(house: House, clock: Clock, user: User, waits: int) -> None:
    """From the panel to the end; after so many presses of "next" nobody is waited for."""
    for number in range(60):
        if number < waits:
            await wait(house, clock)
        if over(user):
            return
        await press(house, user, "session.next")
    raise AssertionError("it never ends")


@on_both
async def test_a_method_is_rehearsed_alone_from_the_panel_and_leaves_nothing(
    house: House, clock: Clock
) -> None:
    kari, others = house.kari, (house.anne, house.ola)
    before = await left(house)
    await kari.write("øv")
    await press(house, kari, "rehearsal.choose", method="kritisk_hendelse")
    assert SAY("panel.before") in everything_in(kari)
    assert SAY("rehearsal.sees.gathering") in everything_in(kari)
    assert SAY("session.button.here") not in everything_in(kari), "it is no button here"
    assert "Ada Oppdiktet" in everything_in(kari)
    first = len(of_bot(kari)) - 2

    await press(house, kari, "session.start")
    await lead(house, clock, kari, waits=9)

    for post in of_bot(kari)[first:]:
        assert ONE in kari.sees(post) or kari.sees(post) == SAY("session.moved")
    assert SAY("rehearsal.ended.what") in kari.sees(kari.chat.last)
    for each in (*words()["telling"]["nb"], *words()["question"]["nb"]):
        assert each not in everything_in(kari)
    for user in others:
        assert everything_in(user) == "", "nobody else is told anything"
    assert len(house.teams._chats) <= 3, "nobody's chat was opened"
    assert not can_press(kari, "session.share")
    clock.at += timedelta(hours=40)
    for _ in range(3):
        await house.settle()
    clock.at += timedelta(hours=26)
    await house.settle()
    assert {what for what in await left(house) if what[0] not in ("audit", "outbox")} <= before
    assert {kind for name, kind in await left(house) if name == "outbox"} <= {"nightly"}


async def test_a_text_that_is_said_is_on_the_card_until_it_is_over(
    house: House, clock: Clock
) -> None:
    kari = house.kari
    await kari.write("øv etterrefleksjon")
    await house.settle()
    await press(house, kari, "session.start")
    said = words()["reflection"]["nb"]
    while not any(text in everything_in(kari) for text in said):
        await press(house, kari, "session.next")
        await wait(house, clock)

    await kari.write("avslutt likevel")
    await house.settle()

    assert over(kari)
    assert not any(text in everything_in(kari) for text in said)


async def test_the_group_s_card_has_no_buttons_of_others(house: House) -> None:
    await house.kari.write("øv veiledningsgruppe")
    await house.settle()
    await press(house, house.kari, "session.start")
    kari = house.kari
    (card,) = [post for post in of_bot(kari) if SAY("rehearsal.sees") in kari.sees(post)]
    assert list(cards.actions(house.kari.card(card))) == []
    assert can_press(house.kari, "session.next")


async def test_what_to_press_next_is_lowest_and_no_old_panel_is_left(house: House) -> None:
    kari = house.kari
    await kari.write("øv veiledningsgruppe")
    await house.settle()
    assert can_press(kari, "session.start") == [kari.chat.last]
    await press(house, kari, "session.start")
    for _ in range(2):
        assert can_press(kari, "session.next") == [kari.chat.last]
        assert SAY("rehearsal.sees") in kari.sees(kari.chat.posts[-2])
        await press(house, kari, "session.skip")
    assert SAY("session.moved") not in everything_in(kari)


async def test_whoever_leads_is_not_told_to_listen_to_whoever_leads(house: House) -> None:
    kari = house.kari
    await kari.write("øv veiledningsgruppe")
    await house.settle()
    await press(house, kari, "session.start")
    assert SAY("panel.do.inform") in kari.sees(kari.chat.last)
    assert SAY("session.do.inform") not in kari.sees(kari.chat.last)


async def test_one_chooses_how_many_there_are(house: House) -> None:
    kari = house.kari
    await kari.write("øv veiledningsgruppe 40")
    told = kari.sees(kari.chat.last)
    assert SAY("rehearsal.size", title="Veiledningsgruppe", n=8) in told
    field = cards.inputs(kari.card(kari.chat.last))
    assert field["method"]["value"] == "veiledningsgruppe"
    assert "value" not in field["members"], "no client would send it"
    await press(house, kari, "rehearsal.choose", method="saksrunde", members="12")
    assert cards.inputs(kari.card(kari.chat.last))["members"]["value"] == 12
    assert SAY("rehearsal.size", title="Saksrunde", n=8) in kari.sees(kari.chat.last)
    await press(house, kari, "rehearsal.choose", method="saksrunde", members="3")
    (live,) = await house.services.sessions.of(kari.id)
    assert len(live.session.members) == 3

    await kari.write("avslutt likevel")
    await kari.write("øv veiledningsgruppe 2")
    (live,) = await house.services.sessions.of(kari.id)
    assert len(live.session.members) == 2


async def test_who_owns_the_talk_writes_their_own_part(house: House, clock: Clock) -> None:
    kari = house.kari
    await kari.write("øv fem minutter")
    await house.settle()
    await press(house, kari, "session.start")
    opened = await kari.press(can_press(kari, "session.open")[-1], "session.open")
    assert opened.text == SAY("private.here"), "not the chat that one is in already"
    await house.settle()
    await press(house, kari, "session.send", text="Hun gikk på dør")
    for _ in range(3):
        await wait(house, clock)
        await press(house, kari, "session.next")
    assert SAY("rehearsal.sees.writer") in everything_in(kari), "no note is promised"
    assert SAY("session.sees.writer") not in everything_in(kari)
    await press(house, kari, "session.open")
    await press(house, kari, "session.send", text="Ringe henne")
    assert SAY("rehearsal.told") in everything_in(kari)
    assert SAY("told.noted") not in everything_in(kari)
    await lead(house, clock, kari, waits=20)
    assert "Hun gikk på dør" not in everything_in(kari)
    assert "Ringe henne" not in everything_in(kari)
    await kari.write("notater")
    assert SAY("notes.none") in kari.sees(kari.chat.last)


async def test_one_rehearsal_at_a_time_and_it_hinders_no_real_question(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await house.kari.write("øv saksrunde")
    await house.settle()
    await house.kari.write("øv veiledningsgruppe")
    await house.settle()
    assert SAY("rehearsal.under_way") in everything_in(house.kari)
    assert len(await house.services.sessions.stored.living()) == 1
    await press_raw(house.kari, house.kari.chat.last, "rehearsal.choose", {"method": "saksrunde"})
    await press_raw(house.kari, house.kari.chat.last, "rehearsal.choose", {"method": "none"})
    await house.settle()
    assert len(await house.services.sessions.stored.living()) == 1

    await ask(house, house.kari, house.ola)
    assert SAY("colleague.question", name="Kari Eksempel") in house.ola.sees(house.ola.chat.last)


async def test_it_is_no_group_of_theirs_and_goes_with_them(house: House) -> None:
    kari = house.kari
    await kari.write("øv saksrunde")
    await house.settle()
    await press(house, kari, "session.start")
    await kari.write("grupper")
    assert SAY("groups.none") in kari.sees(kari.chat.last)

    await kari.write("slett")
    await press(house, kari, "erase.confirm")
    assert await house.services.sessions.stored.living() == []


async def test_the_night_comes_later_where_the_clock_is_behind_ours(
    house: House, clock: Clock
) -> None:
    """In Oslo it is the night after, in New York the same evening still."""
    user = house.teams.user("Siri Borte", timezone="America/New_York")
    await user.write("øv saksrunde")
    await house.settle()
    await user.write("avslutt likevel")
    for hours in (17.6, 10, 24):
        clock.at += timedelta(hours=hours)
        await house.settle()
        await house.settle()
    assert await house.operational.groups.all() == []


async def test_nothing_is_left_of_one_that_nobody_ends(house: House, clock: Clock) -> None:
    await house.kari.write("øv saksrunde")
    await house.settle()
    await press(house, house.kari, "session.start")
    for days in (11, 1, 1):
        clock.at += timedelta(days=days)
        await house.settle()
    assert {name for name, _ in await left(house)} <= {"audit", "outbox", "person"}
    assert {kind for name, kind in await left(house) if name == "outbox"} <= {"nightly"}


async def test_a_rehearsal_is_in_ones_own_chat_alone(house: House) -> None:
    chat = house.teams.group_chat(house.kari, house.ola)
    await house.kari.write("øv saksrunde", chat)
    assert SAY("rehearsal.in_personal") in house.kari.sees(chat.last)


async def test_whoever_leads_groups_is_offered_it_with_help(house: House) -> None:
    words = SAY("command.rehearse.title")
    for user, is_offered in ((house.anne, True), (house.kari, False)):
        await user.write("hjelp")
        actions = cards.actions(user.card(user.chat.last))
        offered = [each.get("data", {}).get("text") for each in actions]
        assert (words in offered) == is_offered


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        *(("øv", ""), ("Øving", ""), ("øve på veiledningsgruppe", "veiledningsgruppe")),
        *(("rehearse", ""), ("rehearse case round", "case round"), ("practise", "")),
        *(("kan jeg øve?", ""), ("eg vil øve", ""), ("can i practise?", "")),
    ],
)
def test_who_wants_to_rehearse_is_understood(said: str, rest: str) -> None:
    meaning = understand(normalise(said), is_personal=True)
    assert isinstance(meaning, Doing), meaning
    assert (meaning.command.name, meaning.rest) == ("rehearse", rest)


def test_every_method_is_known_as_it_is_rehearsed(house: House) -> None:
    name: CommandName = "rehearse"
    for method in shipped():
        found = house.services.methods.get(OF + method.id)
        assert not found.after.keeps
    for language in LANGUAGES:
        meaning = understand(texts(language)(f"command.{name}.title"), is_personal=True)
        assert isinstance(meaning, Doing)
        assert meaning.command.name == name
