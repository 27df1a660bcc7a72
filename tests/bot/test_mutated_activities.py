"""Activities of which a piece is gone, doubled, exchanged or of another kind.

What clients deliver during a sort, a session, an installation and small talk is taken
down, and each piece of it is spoilt in turn. The long campaign also spoils on the way: whatever
somebody does in a session of each method, in a questionnaire, in an office with its groups, or
curiously on every button there is, is first sent spoilt, when it would have been right. Whoever
sends such a thing gets an answer, never a 5xx and never *Noe gikk galt*.
"""

import io
import json
import os
import random
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.routing.presses import _VERBS
from bot.sessions.methods import shipped as methods
from bot.ui.texts import texts
from dialogs.studies.study import LANGUAGES
from dialogs.writing.commands import COMMANDS
from simulation import cards
from simulation.office.playing import OfficeScenario, simulate_office
from simulation.teams import BotReply, Chat, Post, SimulatedTeams, User
from tests.bot.sessions.test_sessions import METHOD, gather, part, reach
from tests.support.all_cards import all_cards
from tests.support.kollegial import House, begin, kollegial, sort
from tests.support.questionnaires import SHIPPED, shipped
from tests.support.stories import Story, Walk, fill_in

TORTURE = bool(os.environ.get("TESTS_TORTURE"))
CAMPAIGN = [(seed, 1_500) for seed in range(4)] if TORTURE else [(12, 240)]
"""Seeds, and how many activities are spoilt with each."""
WRITTEN = (
    *("hjelp", "studie", "grupper", "logg", "varsler", "språk", "status", "pause til fredag"),
    *("planlegg fra 12. januar kl 9", "er dette anonymt?", "takk", "start", "timer", "resultat"),
    *("<at>Kollegial</at> hjelp", "trekk ABCD-EFGH", "neste", "utsett", "fortsett", "inviter"),
)
BUGS = [texts(language)("error.bug") for language in LANGUAGES]
Path_ = tuple[str | int, ...]
SPOILT: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 3.5, 2**63, 1e308, "", " ", "x", "\0", "\ud800", "æ" * 3_000),
    *(
        [],
        {},
        [None],
        [[]],
        {"id": None},
        {"text": {"text": []}},
        "a;messageid=1",
        "🙂",
        "{{DATE()}}",
    ),
    *("2026-13-45", "29:someone", "<at>", "<quoted>", "1" * 400, [{"type": "mention"}] * 60),
    *({"a": {"b": [[{"c": {}}]]}}, {"a": None}, "x" * 2**17, "a,b,,c", "25:61", "-1", "0"),
)
OTHER_KINDS: tuple[Any, ...] = (
    *({"type": "invoke", "name": name} for name in (
        *("task/fetch", "task/submit", "composeExtension/query", "fileConsent/invoke", None),
        *("signin/verifyState", "message/submitAction", "application/search", "config/fetch"),
    )),
    *({"type": kind} for kind in ("typing", "messageUpdate", "messageDelete", "handoff", "x", "")),
    {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    {"type": "event", "name": "application/vnd.microsoft.meetingEnd", "value": {"Id": "x"}},
    {"type": "conversationUpdate", "channelData": {"eventType": "channelDeleted"}},
    {"type": "conversationUpdate", "membersRemoved": [{"id": "29:x", "aadObjectId": "x"}]},
    {"type": "installationUpdate", "action": "add-upgrade"},
    {"type": "message", "text": "", "value": {"verb": "session.next", "session": "x"}},
)  # fmt: skip
"""What Teams sends besides, and could; each laid over a genuine activity."""


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


async def taken_down(house: House, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """One of each kind of activity, as the clients delivered it."""
    seen: list[Any] = []
    deliver = house.teams.deliver

    async def noting(activity: Any) -> BotReply:
        seen.append(deepcopy(activity))
        return await deliver(activity)

    with monkeypatch.context() as patch:
        patch.setattr(house.teams, "deliver", noting)
        post = await begin(house.kari)
        await sort(house.kari, post)
        chat = await gather(house, house.kari, house.ola)
        await part(house, house.kari, await reach(house, chat, "Velg én episode"))
        channel = house.teams.channel(house.anne, house.kari)
        for text in WRITTEN:
            for place in (None, chat, channel):
                await house.anne.write(text, place)
        await house.teams.install(channel, house.anne)
        await house.teams.uninstall(house.teams.group_chat(house.ola), house.ola)
    by_kind: dict[tuple[str, ...], Any] = {}
    for activity in seen:
        action = activity.get("value", {}).get("action", {})
        kind = (activity["type"], activity.get("name", ""), str(action.get("verb", "")))
        place = activity["conversation"]["conversationType"]
        by_kind[(*kind, place, str(activity.get("text", ""))[-12:])] = activity
    return list(by_kind.values())


def paths(tree: Any, at: Path_ = ()) -> Iterator[Path_]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in pairs:
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*at, key))


def spoil(chance: random.Random, activity: Any, others: list[Any]) -> Any:
    """With one to three pieces spoilt."""
    spoilt = deepcopy(activity)
    if chance.randrange(20) == 0:
        spoilt |= deepcopy(chance.choice(OTHER_KINDS))
    if "action" in (value := spoilt.get("value") or {}) and chance.randrange(4) == 0:
        _another_button(chance, value["action"])
    spoilt["id"] = f"f:{uuid.UUID(int=chance.getrandbits(128))}"
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        *way, key = chance.choice(list(paths(spoilt)) or [("id",)])
        parent = spoilt
        for step in way:
            parent = parent[step]
        match chance.randrange(6):
            case 0:
                del parent[key]
            case 1:
                other = chance.choice(others)
                *_, last = chance.choice(list(paths(other)))
                parent[key] = deepcopy(other.get(last, other["conversation"]))
            case 2:
                parent[key] = [deepcopy(parent[key]), deepcopy(parent[key])]
            case 3 if isinstance(parent, dict):
                parent[f"{key}x"] = parent.pop(key)
            case _:
                parent[key] = deepcopy(chance.choice(SPOILT))
    return spoilt


def _another_button(chance: random.Random, action: Any) -> None:
    """Of this place and these people, and with what such a button carries."""
    verb = chance.choice([*buttons()])
    carried = action.get("data")
    given = carried if isinstance(carried, dict) else {}
    action |= {"verb": verb, "data": {**deepcopy(buttons()[verb]), **given}}


@cache
def buttons() -> dict[str, Any]:
    """What each button of the bot carries; the small share does without drawing every card."""
    carried: dict[str, Any] = {verb: {} for verb in (*_VERBS, "session.nothing", ".")}
    for card in all_cards(texts("nb")) if TORTURE else ():
        for action in cards.actions(card):
            if action["type"] == "Action.Execute":
                inputs = cards.within_reach(card, action)
                given = {key: each.get("value", "x") for key, each in inputs.items()}
                carried[action["verb"]] = {**given, **action.get("data", {})}
    return carried


def tells_of_a_fault(said: str) -> bool:
    """Whether an answer says that something went wrong here."""
    return any(json.dumps(bug)[1:-1] in said or bug in said for bug in BUGS)


def posted_faults(teams: SimulatedTeams, since: int = 0) -> list[Any]:
    """What the bot has told in chats of its own faults."""
    posted = (sent.body for sent in teams.sent[since:])
    return [body for body in posted if tells_of_a_fault(json.dumps(body))]


@pytest.mark.torture
@pytest.mark.parametrize(("seed", "count"), CAMPAIGN)
async def test_no_activity_however_spoilt_is_answered_by_a_fault(
    house: House, monkeypatch: pytest.MonkeyPatch, seed: int, count: int
) -> None:
    genuine = await taken_down(house, monkeypatch)
    assert len(genuine) > 60
    assert any(METHOD in json.dumps(each) for each in genuine)
    chance = random.Random(seed)
    header = {"Content-Type": "application/json", "Authorization": house.teams.authorization()}
    for number in range(count):
        spoilt = spoil(chance, genuine[number % len(genuine)], genuine)
        status, said = await house.teams.answered(io.BytesIO(json.dumps(spoilt).encode()), header)

        assert status < 500, spoilt
        assert not tells_of_a_fault(said), spoilt
    await house.settle()
    assert posted_faults(house.teams) == []


# --- On the way ---------------------------------------------------------------------------------


@dataclass
class Meddler:
    """Sends what somebody does spoilt, before it is sent as it is."""

    chance: random.Random
    share: float
    """How many are spoilt for each that is genuine."""
    genuine: list[Any] = field(default_factory=list)
    sent: int = 0
    verbs: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def meddle(self, patch: pytest.MonkeyPatch) -> None:
        deliver = SimulatedTeams.deliver

        async def meddling(teams: SimulatedTeams, activity: Any) -> BotReply:
            self.genuine.append(deepcopy(activity))
            action = (activity.get("value") or {}).get("action", {})
            for _ in range(int(self.share + self.chance.random())):
                self.verbs[str(action.get("verb", activity["type"]))] += 1
                await self._spoil(teams, activity)
            return await deliver(teams, activity)

        patch.setattr(SimulatedTeams, "deliver", meddling)

    async def _spoil(self, teams: SimulatedTeams, activity: Any) -> None:
        spoilt = spoil(self.chance, activity, self.genuine)
        headers = {"Content-Type": "application/json"}
        if teams.app_id:
            headers["Authorization"] = f"Bearer {teams._bearer(teams.app_id)}"
        data = io.BytesIO(json.dumps(spoilt).encode())
        before = len(teams.sent)
        async with teams._session.post(teams.bot_url, data=data, headers=headers) as response:
            said = await response.text()
        self.sent += 1
        is_fault = response.status >= 500 or tells_of_a_fault(said)
        if is_fault or posted_faults(teams, before):
            self.faults.append(f"{response.status} {said[:200]} {json.dumps(spoilt)[:3_000]}")


async def met(method: str, folder: Path) -> None:
    async with kollegial(folder, ()) as house:
        await Walk(house, method, with_rolf=False).meet()


async def filled(name: str, folder: Path) -> None:
    forms = shipped(name)
    async with kollegial(folder, forms) as house:
        for form in forms:
            await fill_in(house, form.id, "nb", Story())


async def lived(folder: Path) -> None:
    await simulate_office(OfficeScenario(2, people=8, since=date(2027, 3, 8), days=25), folder)


async def pressed(folder: Path) -> None:
    """Everything there is to write, everywhere; then every button of every card, once."""
    async with kollegial(folder) as house:
        people = (house.anne, house.kari, house.ola)
        chat, channel = house.teams.group_chat(*people), house.teams.channel(*people)
        for place in (chat, channel, None):
            for line in (*FIRST_LINES, *(c.words[0] for c in COMMANDS), *WRITTEN):
                for user in people:
                    await user.write(line, place)
            await house.settle()
            await everything(house, people, (chat, channel, *(u.chat for u in people)))


FIRST_LINES = (
    "planlegg 3 x 14 dager fra 2027-01-12 kl 9",
    "timer prove: 12.1.2027 kl 9, kl 13, 14.1.2027 kl 9",
    "start metasamtale",
    "spør meg gjerne om møter",
    "fem minutter",
    "øv veiledningsgruppe",
)


async def everything(house: House, people: tuple[User, ...], chats: tuple[Chat, ...]) -> None:
    done: set[tuple[str, ...]] = set()
    for user in people:
        for chat in chats:
            for post in [each for each in chat.posts if each.author is None and each.card]:
                await _press_each(user, post, done)
            await house.settle()


async def _press_each(user: User, post: Post, done: set[tuple[str, ...]]) -> None:
    for action in cards.actions(user.card(post)):
        data = action.get("data", {})
        which = (user.id, str(action.get("verb")), *sorted(map(str, data)))
        if action["type"] == "Action.Execute" and which not in done:
            done.add(which)
            given = {
                ident: asked["choices"][0]["value"]
                for ident, asked in cards.within_reach(user.card(post), action).items()
                if asked["type"] == "Input.ChoiceSet" and asked["choices"]
            }
            with suppress(cards.CannotPress, KeyError):  # it has gone, or wants to be filled in
                await user.press(post, action["verb"], given, data=data)


WAYS: dict[str, Callable[[Path], Awaitable[None]]] = {
    **{each.id: lambda folder, method=each.id: met(method, folder) for each in methods()},  # type: ignore[misc] # a default binds it
    **{p.stem: lambda folder, name=p.stem: filled(name, folder) for p in SHIPPED.glob("*.toml")},  # type: ignore[misc] # a default binds it
    "office": lived,
    "curious": pressed,
}


@pytest.mark.torture
@pytest.mark.parametrize("way", WAYS if TORTURE else ["deling"])
async def test_nothing_that_is_spoilt_on_the_way_is_answered_by_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    meddler = Meddler(random.Random(way), 3 if TORTURE else 0.2)
    with monkeypatch.context() as patch:
        meddler.meddle(patch)
        # What is spoilt may have been done all the same: then there is nothing more to walk.
        with suppress(AssertionError, cards.CannotPress, RuntimeError):
            await WAYS[way](tmp_path)
    assert meddler.sent > (len(meddler.genuine) if TORTURE else 0)
    assert meddler.faults == []
