"""What was asked for is done: by the method that was named, in the session that was meant."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.ui.elements import plain
from bot.ui.texts import texts
from simulation import cards
from simulation.teams import Chat, User
from tests.bot.delivery.test_finding_people import newest, with_button, write
from tests.support.kollegial import House, kollegial

SAY = texts("nb")
GROUP, ROUND = "Veiledningsgruppe", "Saksrunde"
SERIES = "planlegg veiledningsgruppe 3 x 14 dager fra 2037-01-12 kl 09:00"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, ()) as house:
        yield house


async def gathered(house: House, chat: Chat, text: str) -> str:
    """What the newest card of a gathering says after this was written."""
    await write(house, house.anne, text, chat)
    return house.anne.sees(newest(chat, house.anne, "session.here"))


async def end(house: House, chat: Chat) -> None:
    for member in (house.kari, house.ola):
        await member.press(newest(chat, member, "session.here"), "session.here")
    for text in ("start", "avslutt likevel"):
        await write(house, house.anne, text, chat)
    assert not await house.services.sessions.all_at(chat.id)


async def test_a_second_method_in_the_same_chat(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    assert GROUP in await gathered(house, chat, "start veiledningsgruppe")
    await end(house, chat)

    await write(house, house.anne, "start Saksrunde", chat)
    asked = chat.last
    titles = [action["title"] for action in cards.actions(asked.card or {})]
    assert titles == [
        plain(SAY("session.ask.this", method=ROUND)),
        plain(SAY("session.ask.theirs", theirs=GROUP)),
    ]
    await house.anne.press(asked, titles[0])
    await house.settle()
    begun = newest(chat, house.anne, "session.here")
    assert ROUND in house.anne.sees(begun)
    await end(house, chat)
    (group,) = await house.operational.groups.at_place(chat.id)
    assert group.method == "veiledningsgruppe"
    assert GROUP in await gathered(house, chat, "start")


@pytest.mark.parametrize("name", ["saksrunde", "Case round", "SAKSRUNDE", "saksr", "«Saksrunde»"])
async def test_a_method_is_known_by_any_of_its_names(house: House, name: str) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)

    assert ROUND in await gathered(house, chat, f"start {name}")


async def test_an_unknown_name_gets_the_list(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    for _ in range(2):
        await write(house, house.anne, "start kakemøte", chat)
        card = chat.last.card or {}
        assert plain(SAY("session.unknown", name="kakemøte")) in cards.text_of(card)
        assert len(cards.inputs(card)["method"]["choices"]) == len(house.services.methods.all())
        await write(house, house.anne, "start saksrunde", chat)
        await write(house, house.anne, "avslutt likevel", chat)


async def test_while_one_is_under_way_it_asks_and_the_other_takes_its_place(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start veiledningsgruppe")
    await write(house, house.kari, "start saksrunde", chat)
    asked = chat.last
    instead = SAY("session.ask.instead", method=ROUND)
    assert (await house.kari.press(asked, instead)).text == SAY("session.start.no")
    await house.anne.press(asked, instead)
    await house.settle()

    (live,) = await house.services.sessions.all_at(chat.id)
    assert live.method.id == "saksrunde"
    assert live.is_extra


async def test_a_session_that_nobody_planned_enrols_nobody(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start veiledningsgruppe")
    await end(house, chat)
    (group,) = await house.operational.groups.at_place(chat.id)
    assert {member.person for member in group.joined} == {house.kari.id, house.ola.id}

    await write(house, house.anne, SERIES, chat)
    await house.anne.press(chat.last, "group.plan")
    await house.settle()
    (group,) = await house.operational.groups.at_place(chat.id)
    assert len(group.meetings) == 3
    assert group.members == ()
    await gathered(house, chat, "start")
    await end(house, chat)
    (group,) = await house.operational.groups.at_place(chat.id)
    assert group.members == ()


async def test_the_panel_is_fetched_and_the_old_one_folds(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start veiledningsgruppe")
    first = newest(house.anne.chat, house.anne, "session.start")
    for place, text in ((house.anne.chat, "panel"), (house.anne.chat, "fortsett"), (chat, "panel")):
        await house.restart()
        await write(house, house.anne, text, place)
        panels = with_button(house.anne.chat, house.anne, "session.start")
        assert len(panels) == 1, text
        assert panels[0] is house.anne.chat.last or place is chat
        assert first.text == SAY("session.moved")
    await write(house, house.kari, "panel")
    assert house.kari.chat.last.text == SAY("panel.none")


async def test_everything_on_the_panel_can_be_written_alone_too(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start veiledningsgruppe")
    await write(house, house.anne, "tempo dager", chat)
    assert SAY("session.pace.days") in house.anne.sees(newest(chat, house.anne, "session.here"))
    await write(house, house.anne, "tempo møte")
    for member in (house.kari, house.ola):
        await member.press(newest(chat, member, "session.here"), "session.here")
    for text, part in (("start", 1), ("neste", 2), ("tilbake", 1), ("hopp over likevel", 2)):
        await write(house, house.anne, text)
        seen = house.kari.sees(newest(chat, house.kari, "session.here"))
        assert f"del {part} av" in seen, text
    (live,) = await house.services.sessions.all_at(chat.id)
    assert live.session.opened
    before = live.session.opened.until
    await write(house, house.anne, "mer tid 7")
    await write(house, house.anne, "ordet til Ola", chat)
    (live,) = await house.services.sessions.all_at(chat.id)
    assert live.session.opened
    assert (live.session.opened.until - before).total_seconds() == 7 * 60
    assert live.session.opened.order[0] == house.ola.id
    await write(house, house.anne, "ordet til ingen", chat)
    assert chat.last.text == SAY("session.how.word")
    await write(house, house.kari, "hopp over likevel", chat)
    assert chat.last.text == SAY("refused.not_facilitator")
    await write(house, house.anne, "overlat til Kari", chat)
    (live,) = await house.services.sessions.all_at(chat.id)
    assert live.session.facilitator == house.kari.id


async def test_what_is_chosen_beside_the_panel_is_not_wiped(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start veiledningsgruppe")
    for member in (house.kari, house.ola):
        await member.press(newest(chat, member, "session.here"), "session.here")
    for text in ("start", "neste"):
        await write(house, house.anne, text, chat)
    panel = newest(house.anne.chat, house.anne, "session.choices")
    assert not cards.inputs(house.anne.card(panel))
    await house.anne.press(panel, "session.choices")
    beside = house.anne.chat.last
    stands = beside.activity
    await house.kari.press(newest(chat, house.kari, "session.done"), "session.done")
    await house.settle()
    assert beside.activity is stands

    await house.anne.press(beside, "session.word", {"word": house.ola.id})
    assert len(with_button(house.anne.chat, house.anne, "session.choices")) == 1
    (live,) = await house.services.sessions.all_at(chat.id)
    assert live.session.opened
    assert live.session.opened.order[0] == house.ola.id


async def test_stopping_in_the_last_part_is_finishing(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start saksrunde")
    for member in (house.kari, house.ola):
        await member.press(newest(chat, member, "session.here"), "session.here")
    await write(house, house.anne, "start", chat)
    for _ in range(30):
        total = house.kari.sees(newest(chat, house.kari, "session.here"))
        number, of = total.split("del ")[1].split(" av ")[:2]
        if number == of.split()[0]:
            break
        await write(house, house.anne, "hopp over likevel", chat)
    await write(house, house.anne, "avslutt likevel", chat)

    assert any(SAY("session.ended.finished") in house.kari.sees(p) for p in chat.posts if p.card)


@pytest.mark.parametrize("is_begun", [True, False])
async def test_once_it_is_over_no_card_says_that_it_is_under_way(
    house: House, *, is_begun: bool
) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start veiledningsgruppe")
    for member in (house.kari, house.ola):
        await member.press(newest(chat, member, "session.here"), "session.here")
    if is_begun:
        await write(house, house.anne, "start", chat)
        assert any(SAY("session.gathering.over") in house.kari.sees(p) for p in chat.posts)
    await write(house, house.anne, "avslutt likevel", chat)

    shown = [house.kari.sees(post) for post in chat.posts if post.card]
    assert not any(SAY("session.gathering.over") in each for each in shown)
    assert any(SAY("panel.over") in each for each in shown)
    assert (SAY("session.ended.none") in shown[-1]) == (not is_begun)
    assert (SAY("session.ended") in shown[-1]) == is_begun


async def test_help_in_the_middle_leaves_the_card_in_sight(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start veiledningsgruppe")
    await write(house, house.kari, "hjelp", chat)

    assert SAY("help.under_way") in house.kari.sees(chat.last)
    titles = [action["title"] for action in cards.actions(chat.last.card or {})]
    assert titles == ["status", "neste", "pause", "avslutt"]


async def test_who_asks_what_to_do_now_gets_what_is_theirs(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await gathered(house, chat, "start utviklingsverksted")
    for member in (house.kari, house.ola):
        await member.press(newest(chat, member, "session.here"), "session.here")
    assert SAY("now.start") in await asked(house.anne)
    assert SAY("now.begins") in await asked(house.kari)
    for word in ("start", "neste", "neste", "neste"):
        await write(house, house.anne, word, chat)
    (live,) = await house.services.sessions.all_at(chat.id)
    title = live.method.phases[3].title["nb"]
    for said in (await asked(house.kari), await asked(house.ola)):
        assert title in said
        assert SAY("now.act") in said
        assert SAY("now.waits", n=2) not in said
    await house.kari.press(newest(chat, house.kari, "session.done"), "session.done")

    done = await asked(house.kari)
    assert SAY("now.done") in done
    assert SAY("now.waits", n=1) in done
    assert SAY("now.act") in await asked(house.ola)
    assert SAY("now.lead") in await asked(house.anne)
    await write(house, house.kari, "hva gjør vi nå?", chat)
    assert title in house.kari.sees(chat.last)
    assert SAY("now.waits", n=1) in house.kari.sees(chat.last)
    for name in ("Kari", "Ola"):  # nobody is named before all
        assert name not in house.kari.sees(chat.last)
    await house.kari.write("hjelp")
    assert SAY("help.privacy") in house.kari.sees(house.kari.chat.last)


async def asked(user: User) -> str:
    """What somebody is told in their own chat, with ways to their card and to the group."""
    await user.write("hva gjør jeg nå?")
    card = user.card(user.chat.last)
    titles = [action["title"] for action in cards.actions(card)]
    assert titles == [SAY("now.fetch"), SAY("now.link")]
    return user.sees(user.chat.last)


async def test_outside_a_session_it_is_the_help(house: House) -> None:
    await house.kari.write("hva gjør jeg nå?")

    assert SAY("help.privacy") in house.kari.sees(house.kari.chat.last)
