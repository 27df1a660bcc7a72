"""Activities of which a piece is gone, doubled, exchanged or of another kind.

What clients deliver during a sort, a session, an installation and small talk is taken
down, and each piece of it is spoilt in turn. Whoever sends such a thing gets an answer,
never a 5xx and never *Noe gikk galt*.
"""

import io
import json
import os
import random
import uuid
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.ui.texts import texts
from dialogs.studies.study import LANGUAGES
from simulation.teams import BotReply
from tests.bot.sessions.test_sessions import METHOD, gather, part, reach
from tests.support.kollegial import House, begin, kollegial, sort

TORTURE = bool(os.environ.get("TESTS_TORTURE"))
CAMPAIGN = [(seed, 3_000) for seed in range(4)] if TORTURE else [(12, 240)]
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
)


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
        assert not any(bug in said for bug in BUGS), spoilt
    await house.settle()
    for chat in house.teams._chats.values():
        for post in chat.posts:
            assert post.text not in BUGS, chat.id
