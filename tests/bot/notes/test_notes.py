"""One's own notes: read after the last meeting, marked, deleted, and nobody else's."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.notes.cards import NoteView, notes
from bot.operation.clock import utc_now
from bot.ui.fitting import too_large
from bot.ui.texts import texts
from dialogs.retention import NOTE
from dialogs.sessions.notes import LINE_LIMIT, KeptNote, Note
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards
from simulation.teams import User
from tests.bot.sessions.test_sessions import chosen, gather, lead, part, reach, status, told
from tests.support.clock import Days
from tests.support.kollegial import House, kollegial, press_raw

SAY = texts("nb")
MINE = "Spørre en gang til før jeg svarer"
OFFERED = "Vente til hun er ferdig"


@pytest.fixture
def days() -> Days:
    return Days()


@pytest_asyncio.fixture
async def house(tmp_path: Path, days: Days) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=days) as house:
        yield house


async def met(house: House) -> None:
    """Kari owned the episode and picked what to try; Ola wrote to himself."""
    chat = await gather(house, house.kari, house.ola)
    await told(house, chat, house.kari)
    await chosen(house, chat, house.kari, house.ola)
    post = await reach(house, chat, "Skriv alene: anerkjennelse")
    own = await part(house, house.ola, post)
    await house.ola.press(own, "session.send", {"text": OFFERED, "theme": "alternativ"})
    await lead(house, "session.next")
    await lead(house, "session.next")
    own = await part(house, house.kari, status(chat, house.anne))
    offered = cards.inputs(house.kari.card(own))["picked"]["choices"][0]["value"]
    await house.kari.press(own, "session.pick", {"picked": offered})
    await lead(house, "session.next")
    own = await part(house, house.ola, status(chat, house.anne))
    await house.ola.press(own, "session.send", {"text": MINE})
    await lead(house, "session.end")


async def take_along(house: House) -> None:
    """Ola has a note, and the rest of the meeting does not matter."""
    store = house.services.sessions.stored
    until = utc_now().date() + NOTE
    await house.operational.run(
        store.add_to_note("6" * 32, 1, house.ola.id, Note(MINE, "saksrunde"), until)
    )


async def noted(user: User) -> str:
    """What `notater` shows."""
    await user.write("notater")
    return user.sees(user.chat.last)


async def test_what_one_took_along_is_there_half_a_year_later_and_gone_after_its_day(
    house: House, days: Days
) -> None:
    await met(house)
    assert OFFERED in await noted(house.kari)
    assert MINE in await noted(house.ola)
    assert OFFERED not in await noted(house.ola)

    days.passed = NOTE / 2
    await house.restart()
    assert MINE in await noted(house.ola)

    days.passed = NOTE + timedelta(days=2)
    await house.restart()
    await house.settle()
    assert SAY("notes.none") in await noted(house.ola)


async def test_how_it_went_is_marked_and_told_in_a_line(house: House) -> None:
    await take_along(house)
    await noted(house.ola)
    post = house.ola.chat.last
    await house.ola.press(post, SAY("note.tried"), {"went": "Hun fortalte mer"})
    assert SAY("note.is.tried") in house.ola.sees(post)
    await house.ola.press(post, SAY("note.left"), {"went": "a" * (LINE_LIMIT + 1)})
    assert SAY("text.too_long", length=LINE_LIMIT + 1, limit=LINE_LIMIT) in house.ola.sees(post)
    assert cards.inputs(house.ola.card(post))["went"]["value"] == "a" * (LINE_LIMIT + 1)

    await noted(house.ola)
    drawn = house.ola.card(house.ola.chat.last)
    assert SAY("note.is.left") in cards.text_of(drawn)
    assert cards.inputs(drawn)["went"]["value"] == "Hun fortalte mer"


async def test_a_name_in_the_line_is_asked_about_and_a_number_is_not_kept(house: House) -> None:
    await take_along(house)
    await noted(house.ola)
    post = house.ola.chat.last
    await house.ola.press(post, SAY("note.tried"), {"went": "Ring 99 88 77 66"})
    assert "99 88 77 66" not in await noted(house.ola)
    post = house.ola.chat.last
    await house.ola.press(post, SAY("note.tried"), {"went": "hun heter Turid Bakkejord"})
    assert cards.action(house.ola.card(post), "note.mark", {"state": "left", "anyway": "yes"})


async def test_a_note_is_deleted_and_a_card_of_before_does_nothing(house: House) -> None:
    await take_along(house)
    await noted(house.ola)
    first = house.ola.chat.last
    await noted(house.ola)
    await house.ola.press(house.ola.chat.last, "note.delete")
    assert SAY("notes.none") in house.ola.sees(house.ola.chat.last)
    await house.ola.press(first, SAY("note.tried"))
    assert SAY("notes.none") in house.ola.sees(first)
    assert SAY("notes.saved") not in house.ola.sees(first), "nothing was"


async def test_nobody_else_gets_at_them(house: House) -> None:
    await take_along(house)
    await noted(house.ola)
    genuine = cards.action(house.ola.card(house.ola.chat.last), "note.mark", {"state": "left"})[
        "data"
    ]
    await house.kari.write("notater")
    for verb in ("note.turn", "note.mark", "note.delete", "note.reminded"):
        forged = {**genuine, "person": house.ola.id, "state": "left", "went": "noe annet"}
        reply = await press_raw(house.kari, house.kari.chat.last, verb, forged)
        assert MINE not in str(reply.body)
    assert MINE in await noted(house.ola)
    assert SAY("note.is.open") in house.ola.sees(house.ola.chat.last)


async def test_in_a_group_notes_are_not_spoken_of(house: House) -> None:
    await take_along(house)
    chat = house.teams.group_chat(house.anne, house.ola)
    await house.ola.write("notater", chat)
    assert SAY("notes.in_personal") in house.ola.sees(chat.last)


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_notes_and_a_long_one_are_turned_page_by_page(language: Language) -> None:
    say = texts(language)
    until = utc_now().date()
    long = Note("Jeg vil prøve å vente litt til. " * 2000)
    views = [
        NoteView(KeptNote("g", n, until, note), "Saksrunde")
        for n, note in enumerate((long, Note("kort")))
    ]
    seen, page = "", 0
    while True:
        card = notes(say, views, page, anyway=False)
        assert not too_large(card)
        seen += cards.text_of(card)
        after = [a for a in cards.actions(card) if a.get("title") == say("page.after")]
        if not after:
            break
        page = after[0]["data"]["to"]
    assert seen.count("vente") == 2000
    assert "kort" in seen
    assert [a["title"] for a in cards.actions(card) if a.get("verb") == "note.turn"] == [
        say("page.before")
    ]


async def test_what_one_took_along_opens_the_next_meeting_where_one_wants_it_to(
    house: House,
) -> None:
    """Also who has filled in no form, and missed the meeting between."""
    chat = await gather(house, house.kari, house.ola)
    await lead(house, "session.start")
    await lead(house, "session.end")
    (group,) = await house.operational.groups.all()
    store, until = house.services.sessions.stored, utc_now().date() + NOTE
    note = Note(MINE, "veiledningsgruppe", "tried", "Hun fortalte mer")
    await house.operational.run(store.add_to_note(group.id, 1, house.ola.id, note, until))
    await house.anne.write("start", chat)
    await house.settle()
    for user in (house.kari, house.ola):
        await user.press(status(chat, user), "session.here")
    before = len(house.kari.chat.posts)
    post = await reach(house, chat, "Siden sist")

    own = house.ola.chat.last
    assert MINE in house.ola.sees(own), "it comes by itself"
    assert house.kari.chat.posts[before:] == [], "to who has one"
    await house.ola.press(own, "session.bring", {"text": "Noe annet"})
    assert cards.inputs(house.ola.card(own))["text"]["value"] == "Noe annet"
    await house.ola.press(own, "session.bring", {"text": ""})
    brought = cards.inputs(house.ola.card(own))["text"]["value"]
    assert brought == f"{MINE}\n\nHun fortalte mer"
    assert MINE not in house.kari.sees(post), "nobody sees it before it is sent"
    await house.ola.press(own, "session.send", {"text": brought})
    await house.settle()
    assert MINE in house.kari.sees(status(chat, house.kari))
