"""Knowing an id is no permission: every verb of every card, pressed by whom it does not concern.

The verbs and what they carry are read off drawn cards, and get the ids of a session, a
group and texts that are really there.
"""

import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.gateway.events import Json
from bot.routing import scopes
from bot.routing.presses import _DIALOGS, _VERBS
from bot.routing.scopes import Verb, anywhere
from bot.sessions.service import Live
from bot.ui.texts import texts
from simulation import cards
from simulation.teams import Chat, Post, User
from tests.bot.sessions.test_sessions import chosen, gather, part, reach, told, verbs
from tests.support.all_cards import all_cards
from tests.support.kollegial import House, kollegial, press_raw

SAY = texts("nb")
SECRET = "Vi satt lenge i båten og sa ingenting"
OURS = ("session", "group", "leader")
"""Scopes of what belongs to a group."""
FORMS = ("form.open", "form.save", "form.next", "form.back", "form.delete")
KEPT = ("person", "seen", "alembic_version")
"""Tables that keep nothing of a group: who is known to the bot, and what was delivered."""


@dataclass(frozen=True)
class Pressed:
    """A button of some card: its verb, and what it sends with everything filled in."""

    verb: str
    data: tuple[tuple[str, Any], ...]


@cache
def buttons() -> tuple[Pressed, ...]:
    """Each verb with each set of fields that a card has for it."""
    found: dict[tuple[str, frozenset[str]], Pressed] = {}
    for card in all_cards(SAY):
        fields = dict.fromkeys(cards.inputs(card), "1")
        for action in cards.actions(card):
            if action["type"] == "Action.Execute":
                data = fields | dict(action.get("data", {}))
                shape = action["verb"], frozenset(key.partition(".")[0] for key in data)
                found.setdefault(shape, Pressed(action["verb"], tuple(data.items())))
    return tuple(found.values())


def one_of_each() -> Iterator[Pressed]:
    """Each verb, with the most that a card has for it."""
    for verb in sorted({button.verb for button in buttons()}):
        yield max((b for b in buttons() if b.verb == verb), key=lambda b: len(b.data))


def declared_wrongly(registered: Mapping[str, Verb]) -> list[str]:
    """Verbs of sessions and groups that are said to work for everybody."""
    return [
        verb
        for verb, each in registered.items()
        if verb.partition(".")[0] in ("session", "group")
        and verb not in WITHOUT_A_GROUP
        and each.scope not in OURS
    ]


def test_every_verb_is_on_a_card_and_says_where_it_works() -> None:
    on_cards = {button.verb for button in buttons()}
    named = {verb for verb in on_cards if verb.partition(".")[0] not in _DIALOGS} | {*_VERBS}

    assert named == {*_VERBS}
    assert named <= on_cards
    assert declared_wrongly(_VERBS) == []
    for verb, each in _VERBS.items():  # the mistake is seen of each
        if each.scope in OURS and verb.partition(".")[0] in ("session", "group"):
            assert declared_wrongly({**_VERBS, verb: anywhere(each.run)}) == [verb]


WITHOUT_A_GROUP = ("session.choose", "session.collection", "group.plan", "group.change")
"""They make a group, or are about the conversation that they are pressed in."""


@dataclass
class World:
    """A group in the middle of what is written alone, and others who know its ids."""

    house: House
    chat: Chat
    elsewhere: Chat
    former: User
    """Led together with the facilitator, and has left."""
    stranger: User
    neighbour: User
    """Leads another group together with its facilitator."""
    other: User
    """The facilitator of that group."""
    ids: Mapping[str, Any]

    def outside(self) -> Iterator[tuple[User, Post]]:
        """Everybody whom it does not concern, in each place where they can press."""
        for user in (self.former, self.stranger, self.neighbour, self.other):
            yield user, user.chat.last
            if user is not self.former:
                yield user, self.elsewhere.last

    def data(self, button: Pressed) -> Json:
        """With the ids of what is really there, and words for what can be written."""
        return {**dict(button.data), **self.ids}

    def kept(self) -> dict[str, list[Any]]:
        """All that the database keeps of groups."""
        database = sqlite3.connect(self.house.folder / "kollegial.db")
        try:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = [name for (name,) in names if name not in KEPT]
            return {t: sorted(map(repr, database.execute(f"SELECT * FROM {t}"))) for t in tables}
        finally:
            database.close()

    def secrets(self) -> tuple[str, ...]:
        return SECRET, *(user.name for user in (self.house.kari, self.house.ola, self.house.anne))


@pytest.fixture
def urls() -> dict[str, str]:
    """Where the databases are; SQLite in the test's folder where nothing is said."""
    return {}


@pytest_asyncio.fixture
async def world(tmp_path: Path, urls: dict[str, str]) -> AsyncIterator[World]:
    async with kollegial(tmp_path, (), urls=urls) as house:
        members = house.kari, house.ola
        former, stranger, neighbour, other, third = (
            house.teams.user(f"{name} Utenfor")
            for name in ("Fatima", "Frida", "Nora", "Albert", "Tore")
        )
        async with house.operational.begin() as transaction:
            transaction.grant(other.id, "facilitator")
        elsewhere = house.teams.group_chat(other, neighbour, third, stranger)
        await other.write("start veiledningsgruppe", elsewhere)
        await house.settle()
        for each in (neighbour, third):
            await each.press(elsewhere.last, "session.here")
        await other.write(f"medleder {neighbour.name}", elsewhere)
        chat = await gather(house, *members, former)
        await house.anne.write(f"medleder {former.name}", chat)
        await told(house, chat, *members, former)
        await chosen(house, chat, *members, former)
        post = await reach(house, chat, "Skriv alene")
        await former.press(post, "session.open")
        await house.settle()
        await former.press(chat_card(chat, former, "session.leave"), "session.leave")
        (group,) = await house.operational.groups.at_place(chat.id)
        await press_raw(former, former.chat.last, "group.leave", {"group": group.id})
        for member in (*members, house.anne):
            own = await part(house, member, post)
            if "session.send" in verbs(member, own):
                await member.press(own, "session.send", {"text": SECRET})
        for user in (stranger, neighbour, other):
            await user.write("hjelp")
        await house.settle()
        live = await house.services.sessions.at(chat.id)
        assert live
        hidden = next(each for each in live.session.contributions if each.text == SECRET)
        yield World(
            house,
            chat,
            elsewhere,
            former,
            stranger,
            neighbour,
            other,
            {"session": live.id, "group": group.id, "visit": live.visit, "id": hidden.id},
        )


def chat_card(chat: Chat, user: User, verb: str) -> Post:
    return next(p for p in reversed(chat.posts) if p.card and verb in verbs(user, p))


async def walk(world: World, outside: Sequence[tuple[User, Post]]) -> dict[str, set[str]]:
    """Every verb that belongs to somebody, pressed by these: what went wrong with which."""
    wrong = defaultdict[str, set[str]](set)
    for button in one_of_each():
        registered = _VERBS.get(button.verb)
        scope = registered.scope if registered else "own chat"
        for user, post in outside:
            if scope not in OURS and button.verb not in FORMS:
                continue
            with capture_logs() as logs:
                reply = await press_raw(user, post, button.verb, world.data(button))
            told = {"event": "refused", "kind": button.verb, "why": "not_theirs"}
            if reply.status != 200 or not (reply.text or button.verb in FORMS):
                wrong["no line"].add(button.verb)
            if scope in OURS and post.chat.kind == "personal":
                if reply.text != SAY("gate.no"):
                    wrong["let in"].add(button.verb)
                elif not told.items() <= logs[0].items():
                    wrong["not logged"].add(button.verb)
            if any(secret in str(reply.body) for secret in world.secrets()):
                wrong["told"].add(button.verb)
    return wrong


async def test_nobody_outside_learns_or_changes_anything(world: World) -> None:
    await world.house.settle()
    before = world.kept()

    assert await walk(world, [*world.outside()]) == {}

    await world.house.settle()
    assert world.kept() == before
    for user in (world.stranger, world.neighbour, world.other):
        for secret in world.secrets():
            assert not any(secret in user.sees(post) for post in user.chat.posts)


async def test_the_walk_finds_every_verb_whose_gate_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With it nobody is asked whose session or group it is."""
    monkeypatch.setattr(scopes, "_has_session", lambda *_: True)
    monkeypatch.setattr(scopes, "_has_group", lambda *_: True)

    wrong = await walk(world, [(world.stranger, world.stranger.chat.last)])

    assert wrong["let in"] == {verb for verb, each in _VERBS.items() if each.scope in OURS}
    assert wrong["told"], "names and texts of the group"


async def test_what_anyone_may_press_shows_nothing_of_a_group(world: World) -> None:
    for button in one_of_each():
        registered = _VERBS.get(button.verb)
        if registered is None or registered.scope not in OURS:
            for user, post in world.outside():
                reply = await press_raw(user, post, button.verb, world.data(button))
                for secret in world.secrets():
                    assert secret not in str(reply.body), (button.verb, user.name)


GOES_ON = ("session.next", "session.skip", "session.back", "session.end", "session.hand")
"""After these the group sees more, or another leads."""
ENDS = (
    "group.co_no",
    "group.co_end",
    "session.co_end",
    "group.end",
    "group.leave",
    "session.leave",
)


async def test_who_leads_together_with_another_is_no_facilitator_and_reads_nothing_of_others(
    world: World,
) -> None:
    house = world.house
    live = await house.services.sessions.at(world.chat.id)
    assert live
    writers = {each.author for each in live.session.contributions if each.text == SECRET}
    two = next(user for user in (house.kari, house.ola) if user.id not in writers)
    await house.anne.write(f"medleder {two.name}", world.chat)
    await house.settle()
    led = await house.services.sessions.get(live.id)
    assert led
    assert led.session.co_leader == led.group.co_leader == two.id
    before = world.kept()

    for button in buttons():
        registered = _VERBS.get(button.verb)
        if registered and registered.scope == "facilitators":
            reply = await press_raw(two, two.chat.last, button.verb, world.data(button))
            assert reply.text in (SAY("role.no"), SAY("plan.where")), button.verb
        elif registered and registered.scope in OURS and button.verb not in (*GOES_ON, *ENDS):
            reply = await press_raw(two, two.chat.last, button.verb, world.data(button))
            assert SECRET not in str(reply.body), button.verb
    other = await house.services.sessions.at(world.elsewhere.id)
    assert other
    theirs = {"session": other.id, "group": other.group.id, "visit": other.visit}
    for button in one_of_each():
        registered = _VERBS.get(button.verb)
        if registered and registered.scope in OURS:
            data = {**dict(button.data), **theirs}
            reply = await press_raw(two, two.chat.last, button.verb, data)
            assert reply.text == SAY("gate.no"), button.verb
    assert world.kept()["role"] == before["role"]


OWN_RIGHT = ("session.leave", "session.stop", "group.leave")
"""A member may go, and whoever is the owner need not be it any more: the group then goes on."""


async def test_a_participant_leads_nothing_and_reads_nothing_of_others(world: World) -> None:
    """The text is somebody else's: it is neither shown, nor edited, nor taken back."""
    house = world.house
    live = await house.services.sessions.at(world.chat.id)
    assert live
    writers = {each.author for each in live.session.contributions if each.text == SECRET}
    reader = next(user for user in (house.kari, house.ola) if user.id not in writers)

    def of_others(live: Live) -> object:
        theirs = [each for each in live.session.contributions if each.author != reader.id]
        group = live.group
        members = [each for each in group.members if each.person != reader.id]
        led = group.facilitator, group.name, group.state, group.meetings, live.session.facilitator
        return led, members, live.visit, theirs

    for button in buttons():
        registered = _VERBS.get(button.verb)
        if registered and registered.scope in OURS and button.verb not in OWN_RIGHT:
            reply = await press_raw(reader, reader.chat.last, button.verb, world.data(button))
            now = await house.services.sessions.get(live.id)
            assert SECRET not in str(reply.body), button.verb
            assert now
            assert of_others(now) == of_others(live), button.verb
