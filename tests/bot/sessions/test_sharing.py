"""From a session in Teams to the researcher: what its writer shares with a study, and no more."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest_asyncio

from dialogs.studies.answering import Answer, load_answer
from simulation import cards
from simulation.teams import Chat, Post, User
from tests.bot.sessions.test_sessions import chosen, gather, lead, part, reach, told, verbs
from tests.support.databases import on_both
from tests.support.kollegial import House, can, kollegial, press_raw
from tests.support.questionnaires import shipped

(DELING,) = shipped("deling")
SAID = "Jeg prøver å spørre først"
LONG = "Jeg spør først, og venter. " * 30 + "Slik."


@pytest_asyncio.fixture
async def house(tmp_path: Path, urls: dict[str, str]) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (replace(DELING, minimum_invited=3),), urls=urls) as house:
        yield house


async def writing(house: House) -> tuple[Chat, User, Post]:
    """They have chosen an episode; who did not tell it has written alone, and sees their part."""
    members = house.ola, house.kari, house.teams.user("Per Prøve")
    chat = await gather(house, *members)
    await told(house, chat, *members)
    await chosen(house, chat, *members)
    post = await reach(house, chat, "Skriv alene")
    for user in members:
        own = await part(house, user, post)
        if "session.send" in verbs(user, own):  # the owner listens
            await user.press(own, "session.send", {"text": SAID})
            return chat, user, own
    raise AssertionError("somebody writes")


async def announced(house: House, chat: Chat, user: User) -> Post:
    """The study is announced in the group's chat: the part, drawn anew."""
    await house.anne.write(f"inviter {DELING.id}", chat)
    await house.settle()
    await user.write("fortsett")
    await house.settle()
    return user.chat.last


def carried(user: User, post: Post, verb: str) -> dict[str, Any]:
    """What the button of this verb carries."""
    actions = cards.actions(user.card(post))
    return next(action["data"] for action in actions if action.get("verb") == verb)


async def deliver(user: User, post: Post, **inputs: str) -> str:
    """From the review to the receipt; the code."""
    await user.press(post, "questionnaire.approve")
    data = carried(user, post, "questionnaire.deliver")
    code = str(data.get("code") or data["earlier_code"])
    await user.press(post, "questionnaire.deliver", inputs)
    return code


async def answers(house: House) -> list[Answer]:
    await house.urn.reseal()
    release = await house.urn.release(DELING.id)
    return [load_answer(house.identity.unseal(sealed)) for _, sealed in release.submissions]


@on_both
async def test_a_text_goes_where_a_study_is_open_for_the_group_and_its_writer_has_accepted(
    house: House,
) -> None:
    chat, user, own = await writing(house)
    assert "session.share" not in verbs(user, own), "the study is open, but not for this group"
    forged = await press_raw(user, own, "session.share", carried(user, own, "session.edit"))
    assert "Ingenting er delt" in str(forged)

    own = await announced(house, chat, user)
    seen = [(post.text, post.card) for post in chat.posts]
    await user.press(own, "session.share")
    post = user.chat.last
    assert "Hvem ser hva?" in user.sees(post)
    await user.press(post, "study.consent")
    assert SAID in str(cards.inputs(user.card(post)))
    assert "Dette følger med teksten" in user.sees(post)
    await user.press(post, "questionnaire.next")
    code = await deliver(user, post)
    await house.settle()
    assert [(post.text, post.card) for post in chat.posts] == seen, "the group is not told of it"
    await lead(house, "session.end")

    await user.write(f"trekk {code}")
    post = user.chat.last
    await user.press(post, "study.read")
    assert SAID in user.sees(post)
    assert "Dette følger med teksten" in user.sees(post)
    await user.press(post, "study.change")
    await user.press(post, "questionnaire.revise", {"item": "text"})
    await user.press(post, "questionnaire.next", {"item.text": LONG})
    assert await deliver(user, post) == code, "it goes in the place of what it corrects"
    await house.urn.close_study(DELING.id)

    (answer,) = await answers(house)
    assert answer.answers == {"text": LONG}
    assert set(answer.about) == {"question", "method", "phase", "group"}, "three have no role"
    for told_nowhere in (chat.id, user.id, user.name):
        assert told_nowhere not in str(answer)
    await user.write(f"trekk {code}")
    post = user.chat.last
    await user.press(post, "study.read")
    assert LONG in user.sees(post), "it is not cut short"
    assert not can(user, post, "study.change")
    await user.press(post, "study.withdraw")
    assert await answers(house) == []


async def test_what_is_shown_is_nobodys_and_a_study_that_closes_asks_no_more(house: House) -> None:
    chat, user, _ = await writing(house)
    own = await announced(house, chat, user)
    share = carried(user, own, "session.share")
    await lead(house, "session.next")

    assert "kan ikke deles herfra" in str(await press_raw(user, own, "session.share", share))
    await house.services.studies.close(DELING.id, "anne")
    assert await house.services.studies.asking_for_texts(chat.id) is None
