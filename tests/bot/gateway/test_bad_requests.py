"""No input makes the gateway fail: it answers with a 4xx, and the next turn is as ever."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.gateway.events import Json, Message
from dialogs.writing.normalising import LIMIT
from tests.bot.gateway.test_trust import message
from tests.support.bot import Bot, gateway_bot
from tests.support.teams import APP_ID, FakeTeams

MEGABYTE = 2**20


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hei",
        b"{",
        b'{"type": "message"',
        b"\xff\xfe\xfa",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"type": NaN}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_what_is_no_activity_is_refused(teams: FakeTeams, bot: Bot, body: bytes) -> None:
    assert await teams.raw(body, teams.authorization()) == 400
    assert bot.events == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", None), ("type", ""), ("type", 5), ("id", {}), ("channelId", None),
        ("from", None), ("from", {}), ("from", "Kari"), ("from", {"id": "29:a", "name": 5}),
        ("from", {"id": 5}), ("recipient", None), ("recipient", {}), ("recipient", []),
        ("conversation", None), ("conversation", {}), ("conversation", "a:1"),
        ("conversation", {"id": "a:1", "conversationType": "meeting", "tenantId": "t"}),
        ("text", {}), ("locale", 5), ("entities", {}), ("entities", ["mention"]),
        ("serviceUrl", 5), ("serviceUrl", None), ("serviceUrl", "ftp://example.org"),
        ("membersAdded", 5), ("membersAdded", [5]), ("membersRemoved", [{}]),
    ],
)  # fmt: skip
async def test_a_missing_or_wrong_field_is_refused(
    open_pair: tuple[FakeTeams, Bot], field: str, value: Any
) -> None:
    teams, bot = open_pair

    assert await teams.raw(message(teams, **{field: value})) == 400
    assert bot.events == []


@pytest.mark.parametrize(
    "value",
    [None, 5, "text", [], {}, {"action": 5}, {"action": {}}, {"action": {"type": "Action.Submit"}}],
)
async def test_an_invoke_without_an_action_is_refused(
    teams: FakeTeams, bot: Bot, value: Any
) -> None:
    body = message(teams, type="invoke", name="adaptiveCard/action", value=value)

    assert await teams.raw(body, teams.authorization()) == 400
    assert bot.events == []


async def test_a_megabyte_of_text_gets_through_and_five_do_not(teams: FakeTeams, bot: Bot) -> None:
    genuine = teams.authorization()
    large = message(teams, text="ø" * (MEGABYTE // 2))
    too_large = message(teams, text="x" * 5 * MEGABYTE)

    assert await teams.raw(large, genuine) == 200
    assert await teams.raw(too_large, genuine) == 413
    assert await teams.raw([too_large[: 3 * MEGABYTE], too_large[3 * MEGABYTE :]], genuine) == 413
    [event] = bot.events
    assert isinstance(event, Message)
    assert event.text == "ø" * LIMIT, "nobody writes more than that to a bot"


async def test_a_packed_body_is_refused_and_not_unpacked(teams: FakeTeams, bot: Bot) -> None:
    packed = gzip.compress(message(teams))

    headers = {"Content-Encoding": "gzip"}
    assert await teams.raw(packed, teams.authorization(), headers) == 415
    assert bot.events == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def spoiled(draw: st.DrawFn, whole: Json) -> Json:
    """The activity with some of its fields, at any depth, replaced or taken away."""
    result: Json = json.loads(json.dumps(whole))
    for _ in range(draw(st.integers(1, 3))):
        node = result
        while True:
            key = draw(st.sampled_from(sorted(node)))
            if not (isinstance(node[key], dict) and node[key] and draw(st.booleans())):
                break
            node = node[key]
        if draw(st.booleans()):
            node[key] = draw(anything)
        elif len(node) > 1:
            del node[key]
    return result


fuzz = settings(
    deadline=None,
    max_examples=150,
    # One bot takes all that comes, as in life.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def invoke(teams: FakeTeams) -> Json:
    kari = teams.user("Kari Eksempel")
    action = {"type": "Action.Execute", "verb": "start", "data": {"step": 1}}
    mention = {"type": "mention", "text": "<at>K</at>", "mentioned": {"id": teams.bot_id}}
    activity = teams.activity(kari, kari.chat, "invoke") | {
        "name": "adaptiveCard/action",
        "replyToId": "1",
        "text": "<at>K</at> hei",
        "membersAdded": [{"id": teams.bot_id}],
        "value": {"action": action, "trigger": "manual"},
    }
    activity["entities"].append(mention)
    return activity


@fuzz
@given(data=st.data())
async def test_a_spoiled_activity_never_makes_the_gateway_fail(
    teams: FakeTeams, bot: Bot, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(["invoke", "message", "conversationUpdate"]))
    activity = data.draw(spoiled(invoke(teams) | {"type": kind}))

    status = await teams.raw(json.dumps(activity).encode(), teams.authorization())

    assert status in (200, 400, 401, 403)
    assert all(event.origin.person.id for event in bot.events)


@fuzz
@given(body=st.binary() | anything.map(lambda value: json.dumps(value).encode()))
async def test_any_body_is_answered(teams: FakeTeams, bot: Bot, body: bytes) -> None:
    assert await teams.raw(body, teams.authorization()) == 400
    assert bot.events == []


@fuzz
@given(header=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])))
async def test_any_token_is_answered(teams: FakeTeams, bot: Bot, header: str) -> None:
    assert await teams.raw(message(teams), f"Bearer {header}") == 401
    assert bot.events == []


async def test_the_limit_of_a_body_can_be_set() -> None:
    async with gateway_bot(APP_ID, max_body=100) as (teams, _):
        assert await teams.raw(message(teams), teams.authorization()) == 413
