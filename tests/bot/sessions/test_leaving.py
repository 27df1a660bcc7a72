"""Who leaves by mistake comes back to what they had written."""

from pathlib import Path

from bot.ui.texts import texts
from simulation.teams import Chat
from tests.bot.delivery.test_finding_people import newest, write
from tests.support.kollegial import House, kollegial

SAY = texts("nb")
UNSEEN = "Vi ventet lenge i båten"


async def written(house: House) -> list[str]:
    (live,) = await house.services.sessions.of(house.anne.id)
    return [each.text for each in live.session.contributions]


async def alone(house: House) -> Chat:
    """A group in a part that is written alone; Kari has written."""
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    siri = house.teams.user("Siri Eksempel")
    chat.members.append(siri)
    await write(house, house.anne, "start utviklingsverksted", chat)
    for member in (house.kari, house.ola, siri):
        await member.press(newest(chat, member, "session.here"), "session.here")
    for word in ("start", "neste", "neste", "neste"):
        await write(house, house.anne, word, chat)
    await house.kari.press(newest(chat, house.kari, "session.open"), "session.open")
    own = newest(house.kari.chat, house.kari, "session.send")
    await house.kari.press(own, "session.send", {"text": UNSEEN})
    await house.settle()
    return chat


async def test_within_a_minute_it_is_there_again(tmp_path: Path) -> None:
    async with kollegial(tmp_path, ()) as house:
        chat = await alone(house)
        card = newest(chat, house.kari, "session.leave")
        assert (await house.kari.press(card, "session.leave")).text == SAY("told.left.back")
        assert await written(house) == []
        assert (await house.kari.press(card, "session.here")).text == SAY("told.back")
        assert await written(house) == [UNSEEN]

        await house.kari.press(card, "session.leave")
        await write(house, house.anne, "neste likevel", chat)  # another part, or shown
        await write(house, house.anne, "neste likevel", chat)
        card = newest(chat, house.kari, "session.here")
        assert (await house.kari.press(card, "session.here")).text == SAY("told.here")
        assert await written(house) == []
        assert (await house.ola.press(card, "session.leave")).text == SAY("told.left")
