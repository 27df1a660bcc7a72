"""One door for text: whatever is written on any card, on the board or to the bot, is looked at.

The fields are found by drawing every card: a new one without a desk here fails.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import aiohttp
import pytest

from bot.gateway.events import Json
from bot.reminders.cards import AMONG
from bot.ui.texts import texts
from dialogs.groups.cases import Case
from dialogs.sessions.notes import Note
from dialogs.sessions.state import dump
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards
from simulation.teams import BotReply, Post, User
from storage.crypto.codes import Token
from tests.bot.sessions.test_sessions import gather, lead, part, status
from tests.support.all_cards import all_cards
from tests.support.board import Page, columns_of
from tests.support.cases import a_panel
from tests.support.colleagues import TUESDAY, Clock
from tests.support.kollegial import House, begin, kollegial, press_raw, sort
from tests.support.questionnaires import ONCE
from tests.support.studies import SMALL

SAY = texts("nb")
NUMBER = "98 76 54 32"
HARD = f"Ring henne på {NUMBER} i morgen"
SOFT = "Jeg snakket med Kari Nordmann etterpå"
LONG = "Det var en lang dag. " * 150


def writable(card: Json) -> list[str]:
    """The multi-line fields of a card."""
    found = cards.inputs(card).items()
    return [key for key, f in found if f["type"] == "Input.Text" and f.get("isMultiline")]


@cache
def fields() -> Mapping[str, frozenset[str]]:
    """By room: every verb whose button sends a multi-line field."""
    found: dict[str, set[str]] = {}
    for card in all_cards(SAY):
        for action in cards.actions(card):
            sends = action.get("associatedInputs") != "none"
            if writable(card) and action["type"] == "Action.Execute" and sends:
                found.setdefault(action["verb"].partition(".")[0], set()).add(action["verb"])
    return {room: frozenset(verbs) for room, verbs in found.items()}


@dataclass
class Desk:
    """Somebody at a live card with fields to write in."""

    user: User
    post: Post
    carried: Callable[[], Awaitable[Json]]
    """What every button of the card carries now."""
    kept: Callable[[], Awaitable[str]]
    """All that is stored of what they wrote."""
    names: list[str]
    sending: tuple[str, ...]
    """The buttons that send the text on; the others leave it in its field."""
    asks: bool = True
    """Whether a soft finding is asked about."""

    async def press(self, verb: str, words: str, **more: str) -> BotReply:
        data = {**await self.carried(), **dict.fromkeys(self.names, words), **more}
        return await press_raw(self.user, self.post, verb, data)


@asynccontextmanager
async def at_a_session(folder: Path, phase: str, verb: str) -> AsyncIterator[Desk]:
    """In a conversation of two about how they work together."""
    async with kollegial(folder, ()) as house:
        chat = house.teams.group_chat(house.anne, house.kari, house.ola)
        await house.anne.write("start metasamtale", chat)
        await house.settle()
        for member, role in ((house.kari, "jobbspesialist"), (house.ola, "veileder")):
            await member.press(status(chat, member), "session.here", {"role": role})
        await house.settle()
        await lead(house, "session.start")
        while (live := await house.services.sessions.at(chat.id)) and (
            live.session.opened is None or live.session.opened.phase != phase
        ):
            await lead(house, "session.skip")
        own = await part(house, house.kari, status(chat, house.kari))

        async def carried() -> Json:
            live = await house.services.sessions.at(chat.id)
            assert live
            return {"session": live.id, "visit": live.visit, "edition": 0, "theme": "samarbeid"}

        async def kept() -> str:
            live = await house.services.sessions.at(chat.id)
            assert live
            return dump(live.session).decode()

        yield Desk(house.kari, own, carried, kept, ["text"], (verb,))


@asynccontextmanager
async def at_a_form(folder: Path) -> AsyncIterator[Desk]:
    async with kollegial(folder, ()) as house:
        await gather(house, house.kari, house.ola)
        await lead(house, "session.end")
        await house.kari.write("logg")
        post = house.kari.chat.last
        genuine = cards.action(house.kari.card(post), "form.save")["data"]
        (group,) = await house.operational.groups.all()

        async def kept() -> str:
            meeting = genuine["meeting"]
            return str(await house.services.sessions.filled(group.id, meeting, house.kari.id))

        async def carried() -> Json:
            return dict(genuine)

        yield Desk(house.kari, post, carried, kept, writable(house.kari.card(post)), ("form.save",))


@asynccontextmanager
async def at_a_note(folder: Path) -> AsyncIterator[Desk]:
    async with kollegial(folder, ()) as house:
        store, until = house.services.sessions.stored, date(2099, 3, 10)
        await house.operational.run(
            store.add_to_note("6" * 32, 1, house.kari.id, Note("Spørre mer"), until)
        )
        await house.kari.write("notater")
        post = house.kari.chat.last
        genuine = cards.action(house.kari.card(post), SAY("note.tried"))["data"]

        async def kept() -> str:
            return str(await store.notes(house.kari.id))

        async def carried() -> Json:
            return dict(genuine)

        yield Desk(
            house.kari, post, carried, kept, ["went"], ("note.mark", "note.turn", "note.reminded")
        )


@asynccontextmanager
async def at_a_reminder(folder: Path) -> AsyncIterator[Desk]:
    """With a note on it: what else can be pressed there leaves the line in its field."""
    async with at_a_note(folder) as desk:

        async def carried() -> Json:
            return {AMONG: "yes"}

        yield replace(desk, carried=carried, sending=())


@asynccontextmanager
async def at_themes(folder: Path) -> AsyncIterator[Desk]:
    async with kollegial(folder, ()) as house:
        await house.kari.write("spør meg gjerne om")

        async def kept() -> str:
            return str(await house.services.sessions.stored.themes([house.kari.id]))

        async def carried() -> Json:
            return {}

        yield Desk(
            house.kari, house.kari.chat.last, carried, kept, ["themes"], ("colleague.offer",)
        )


@asynccontextmanager
async def at_a_case(folder: Path, verb: str, field: str) -> AsyncIterator[Desk]:
    """With one that was heard, of which it can be told how it went."""
    async with kollegial(folder, (), now=Clock()) as house:
        channel = await a_panel(house)
        (group,) = await house.operational.groups.living()
        store = house.services.cases.stored
        heard = Case(
            id="6" * 32,
            person=house.kari.id,
            question="",
            hurry="soon",
            came=TUESDAY,
            heard=TUESDAY.date(),
        )
        await house.operational.run(store.save(group.id, (), [heard]))
        await house.kari.write("sak")

        async def kept() -> str:
            await house.settle()
            posts = [str(post.card) for post in channel.posts]
            return f"{await store.of_group(group.id)}{posts}"

        async def carried() -> Json:
            return {"panel": group.id, "nonce": "n", "group": group.id, "case": heard.id}

        yield Desk(house.kari, house.kari.chat.last, carried, kept, [field], (verb,))


@asynccontextmanager
async def at_a_sort(folder: Path) -> AsyncIterator[Desk]:
    async with kollegial(folder, [SMALL]) as house:
        post = await begin(house.kari)
        await sort(house.kari, post, "qsort.explain")
        yield _of_draft(house, post, "qsort.explain")


@asynccontextmanager
async def at_a_questionnaire(folder: Path) -> AsyncIterator[Desk]:
    async with kollegial(folder, [ONCE]) as house:
        post = await begin(house.kari, ONCE.id)
        await house.kari.press(post, "questionnaire.next", {"item.role": "yes"})
        await house.kari.press(post, "questionnaire.next", {"item.calm": "3", "item.stress": "1"})
        yield _of_draft(house, post, "questionnaire.next")


def _of_draft(house: House, post: Post, verb: str) -> Desk:
    genuine = next(
        a["data"] for a in cards.actions(house.kari.card(post)) if "token" in a.get("data", {})
    )
    token = Token.parse(genuine["token"])
    assert token

    async def carried() -> Json:
        stored = await house.urn.draft(token)
        assert stored
        return {"token": str(token), "nonce": stored.tag}

    async def kept() -> str:
        stored = await house.urn.draft(token)
        return stored.document.decode() if stored else ""

    return Desk(house.kari, post, carried, kept, writable(house.kari.card(post)), (verb,))


@asynccontextmanager
async def at_an_offer(folder: Path) -> AsyncIterator[Desk]:
    async with kollegial(folder, [SMALL]) as house:
        channel = house.teams.channel(house.anne, house.kari)
        await house.anne.write("timer", channel)
        await house.settle()
        post = house.anne.chat.last
        (action,) = cards.actions(house.anne.card(post))

        async def carried() -> Json:
            return {"study": SMALL.id, "place": action["data"]["place"]}

        async def kept() -> str:
            """What everybody sees of it."""
            await house.settle()
            return f"{post.card}{await house.services.appointments.open_ones()}"

        yield Desk(house.anne, post, carried, kept, ["times"], ("appointment.offer",), asks=False)


DESKS: Mapping[str, Callable[[Path], AbstractAsyncContextManager[Desk]]] = {
    "session": lambda folder: at_a_session(folder, "avtale", "session.agree"),
    "session ": lambda folder: at_a_session(folder, "samtale", "session.send"),
    "form": at_a_form,
    "note": at_a_note,
    "reminder": at_a_reminder,
    "colleague": at_themes,
    "case": lambda folder: at_a_case(folder, "case.bring", "question"),
    "case ": lambda folder: at_a_case(folder, "case.went", "went"),
    "qsort": at_a_sort,
    "questionnaire": at_a_questionnaire,
    "appointment": at_an_offer,
}
"""By room; a second desk of a room has a space more."""
rooms = pytest.mark.parametrize("room", DESKS)


def test_every_field_that_a_card_has_is_walked_below() -> None:
    assert {*fields()} == {room.strip() for room in DESKS}


@rooms
async def test_a_hard_identifier_is_kept_nowhere_and_stays_with_its_writer(
    room: str, tmp_path: Path
) -> None:
    async with DESKS[room](tmp_path) as desk:
        for verb in sorted(fields()[room.strip()] - {"form.delete", "case.withdraw"}):
            insists = ({}, {"anyway": "yes"}) if verb in desk.sending else ({},)
            for more in insists:
                reply = await desk.press(verb, HARD, **more)
                told = f"{reply.text}{reply.card}"
                assert NUMBER not in await desk.kept(), verb
                assert reply.text or HARD in told, verb
                assert SAY("found.phone") in told or verb not in desk.sending, verb


@rooms
async def test_a_soft_one_is_pointed_out_and_goes_on_as_it_is(room: str, tmp_path: Path) -> None:
    async with DESKS[room](tmp_path) as desk:
        for verb in desk.sending if desk.asks else ():
            reply = await desk.press(verb, SOFT)
            assert "den eneste som" in str(reply.card)
            assert SOFT in str(reply.card)
            assert "yes" in {
                a.get("data", {}).get("anyway") for a in cards.actions(reply.card or {})
            }
            await desk.press(verb, SOFT, anyway="yes")
            assert SOFT in await desk.kept()


@rooms
async def test_what_is_too_long_stays_in_its_field_and_says_so(room: str, tmp_path: Path) -> None:
    async with DESKS[room](tmp_path) as desk:
        for verb in desk.sending if desk.asks else ():
            reply = await desk.press(verb, LONG)
            told = f"{reply.text}{reply.card}"
            assert LONG not in await desk.kept()
            assert str(len(LONG)) in told or reply.text == SAY("text.stays")
            assert reply.text or LONG in told


# --- The board ----------------------------------------------------------------------------------


async def test_every_field_of_the_board_is_looked_at(tmp_path: Path) -> None:
    async with kollegial(tmp_path, [SMALL]) as house, aiohttp.ClientSession() as session:
        page = Page(session, f"http://127.0.0.1:{house.settings.port}")
        await page.begin(SMALL)
        await page.arrange(columns_of(SMALL))
        draft = (await page.press("approve"))["draft"]
        names = [
            *(f"reason.{each}" for each in draft["asked"]),
            *(f"answer.{each.id}" for each in SMALL.questions if not each.options),
            "comment",
        ]
        for verb in ("write", "explain"):
            for name in names:
                for words, hard in ((HARD, True), (SOFT, False)):
                    reply = await page.press(verb, **{name: words, "anyway": "yes" * hard})
                    (said,) = reply["said"]
                    assert said["field"] == name.rpartition(".")[2]
                    assert reply["mayStay"] is not hard
                    assert NUMBER not in str(reply["draft"])
                    await page.press("write", **{name: ""})
        assert reply["draft"]["stage"] == "explaining"


# --- What is written to the bot -----------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_message_that_names_somebody_is_answered_with_take_it_away(
    language: Language, tmp_path: Path
) -> None:
    say = texts(language)
    async with kollegial(tmp_path, [SMALL]) as house:
        user = house.teams.user(
            "Siri Eksempel", locale={"nb": "nb-NO", "nn": "nn-NO"}.get(language, "en-GB")
        )
        chat = house.teams.group_chat(user, house.kari)
        told = say("message.hard", kinds=say("found.phone"))
        await user.write(f"{'ord ' * 1200}{HARD}")  # far beyond what a command can be
        assert told in user.sees(user.chat.last)
        await user.write(f"status {HARD}", chat)
        assert told in user.sees(chat.last)

        await house.anne.write(f"planlegg veiledningsgruppe «{HARD}» 2027-01-12 kl 09:00", chat)
        assert SAY("message.hard", kinds=SAY("found.phone")) in house.anne.sees(chat.last)
        assert await house.operational.groups.all() == []


async def test_a_code_that_looks_like_a_number_is_a_code(tmp_path: Path) -> None:
    async with kollegial(tmp_path, [SMALL]) as house:
        await house.kari.write("trekk Q72N-92F3-7904-793P-T8WP-GXSH")
        assert SAY("found.phone") not in house.kari.sees(house.kari.chat.last)


async def test_a_name_of_a_group_is_for_everyone_to_see(tmp_path: Path) -> None:
    async with kollegial(tmp_path, ()) as house:
        chat = house.teams.group_chat(house.anne, house.kari)
        await house.anne.write("planlegg", chat)
        reply = await house.anne.press(
            chat.last, "group.plan", {"name": NUMBER, "day": "2027-01-12", "time": "09:00"}
        )
        assert reply.text == SAY("text.hard", kinds=SAY("found.phone"))
        assert NUMBER not in str(chat.last.card)
        assert await house.operational.groups.all() == []
