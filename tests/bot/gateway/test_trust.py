"""What the gateway believes: every way in which a request can be false, through HTTP."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import structlog.testing
import time_machine
from cryptography.hazmat.primitives import serialization

from bot.gateway.events import Message, Stranger
from simulation.identity import make_key
from tests.support.bot import Bot, gateway_bot
from tests.support.clock import Clock
from tests.support.teams import APP_ID, FakeTeams

HOUR = 3600
FOREIGN_TENANT = "99999999-2222-4333-8444-555555555555"


def message(teams: FakeTeams, **changes: Any) -> bytes:
    """A message as Teams sends it, but for the fields that are changed; None takes one away."""
    user = teams.user("Kari Eksempel")
    activity = teams.activity(user, user.chat, "message") | {"text": "hei"} | changes
    return json.dumps({key: value for key, value in activity.items() if value is not None}).encode()


async def test_a_genuine_request_gets_in(teams: FakeTeams, bot: Bot) -> None:
    assert await teams.raw(message(teams), teams.authorization()) == 200
    assert [type(event) for event in bot.events] == [Message]


def now() -> int:
    return int(time.time())


def encoded(teams: FakeTeams, **options: Any) -> str:
    """A header whose claims are genuine, signed in another way."""
    claims = teams.identity.claims(APP_ID, teams.service_url)
    genuine = {"key": teams.identity.key, "algorithm": "RS256"}
    headers = {"kid": teams.identity.kid}
    return "Bearer " + jwt.encode(claims, **{**genuine, "headers": headers, **options})


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed_with_the_public_key(teams: FakeTeams) -> str:
    """HS256, with the public key as if it were a shared secret. PyJWT would not make one."""
    secret = teams.identity.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header = json.dumps({"alg": "HS256", "typ": "JWT", "kid": teams.identity.kid}).encode()
    payload = encoded(teams).split(".")[1]
    text = f"{base64url(header)}.{payload}"
    return f"Bearer {text}.{base64url(hmac.digest(secret, text.encode(), 'sha256'))}"


def tampered(teams: FakeTeams) -> str:
    """A genuine token whose claims were changed after the signing."""
    header, _, signature = encoded(teams).split(".")
    claims = teams.identity.claims(APP_ID, teams.service_url) | {"exp": now() + 1000 * HOUR}
    return f"{header}.{base64url(json.dumps(claims).encode())}.{signature}"


FALSE_TOKENS: dict[str, Callable[[FakeTeams], str | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: "",
    "no bearer": lambda teams: teams.authorization().replace("Bearer", "Basic"),
    "bearer of nothing": lambda _: "Bearer ",
    "junk": lambda _: "Bearer junk",
    "three pieces of junk": lambda _: "Bearer a.b.c",
    "not ASCII": lambda _: "Bearer bråk.æ.ø",
    "a header that is no object": lambda _: f"Bearer {base64url(b'[]')}.e30.x",
    "a header nested a thousand deep": lambda _: f"Bearer {base64url(b'[' * 3000)}.e30.x",
    "expired": lambda teams: teams.authorization(nbf=now() - 2 * HOUR, exp=now() - HOUR),
    "not yet valid": lambda teams: teams.authorization(nbf=now() + HOUR, exp=now() + 2 * HOUR),
    "never expires": lambda teams: teams.authorization(exp=None),
    "expires at infinity": lambda teams: teams.authorization(exp=float("inf")),
    "wrong issuer": lambda teams: teams.authorization(iss="https://sts.windows.net/"),
    "no issuer": lambda teams: teams.authorization(iss=None),
    "wrong audience": lambda teams: teams.authorization(aud="another-bot"),
    "several audiences": lambda teams: teams.authorization(aud=[APP_ID, "another-bot"]),
    "no audience": lambda teams: teams.authorization(aud=None),
    "wrong service URL": lambda teams: teams.authorization(serviceurl="https://example.org/"),
    "no service URL": lambda teams: teams.authorization(serviceurl=None),
    "unknown key id": lambda teams: encoded(teams, headers={"kid": "unknown"}),
    "no key id": lambda teams: encoded(teams, headers={}),
    "another's signature": lambda teams: encoded(teams, key=make_key()),
    "claims changed": tampered,
    "unsigned": lambda teams: encoded(teams, key=None, algorithm="none"),
    "signed with the public key": signed_with_the_public_key,
}


@pytest.mark.parametrize("forge", FALSE_TOKENS.values(), ids=FALSE_TOKENS.keys())
async def test_a_false_token_is_refused(
    teams: FakeTeams, bot: Bot, forge: Callable[[FakeTeams], str | None]
) -> None:
    assert await teams.raw(message(teams), forge(teams)) == 401
    assert bot.events == []


async def test_a_false_token_is_refused_after_a_genuine_one_too(teams: FakeTeams, bot: Bot) -> None:
    """What is remembered of a genuine token helps no other."""
    assert await teams.raw(message(teams), teams.authorization()) == 200

    for forge in FALSE_TOKENS.values():
        assert await teams.raw(message(teams), forge(teams)) == 401
    assert len(bot.events) == 1


async def test_the_token_is_for_one_service_url_each_time(teams: FakeTeams, bot: Bot) -> None:
    genuine = teams.authorization()
    assert await teams.raw(message(teams), genuine) == 200

    assert await teams.raw(message(teams, serviceUrl=None), genuine) == 401
    assert await teams.raw(message(teams, serviceUrl=""), genuine) == 401
    assert await teams.raw(message(teams, serviceUrl="https://example.org/"), genuine) == 401
    assert len(bot.events) == 1


async def test_only_teams_vouches_for_people(teams: FakeTeams, bot: Bot) -> None:
    """In Direct Line, for one, a user sets the name and the directory id freely."""
    teams.identity.endorsements = ["directline", "msteams"]

    genuine = teams.authorization()
    assert await teams.raw(message(teams, channelId="directline"), genuine) == 401
    assert bot.events == []


async def test_the_key_must_be_endorsed_for_teams(teams: FakeTeams, bot: Bot) -> None:
    teams.identity.endorsements = ["webchat"]

    assert await teams.raw(message(teams), teams.authorization()) == 401
    assert bot.events == []


def in_tenants(teams: FakeTeams, conversation: str | None, channel: str | None) -> bytes:
    place = {"id": "a:1", "conversationType": "personal", "tenantId": conversation}
    return message(teams, conversation=place, channelData={"tenant": {"id": channel}})


async def test_who_comes_from_a_foreign_tenant_is_turned_away(teams: FakeTeams, bot: Bot) -> None:
    genuine, own = teams.authorization(), teams.tenant
    theirs = {"id": "29:1", "name": "Kari", "aadObjectId": "x", "tenantId": FOREIGN_TENANT}

    assert await teams.raw(in_tenants(teams, None, None), genuine) == 403
    assert bot.events == []
    assert await teams.raw(in_tenants(teams, FOREIGN_TENANT, FOREIGN_TENANT), genuine) == 200
    assert await teams.raw(in_tenants(teams, FOREIGN_TENANT, own), genuine) == 200
    assert await teams.raw(in_tenants(teams, own, FOREIGN_TENANT), genuine) == 200
    assert await teams.raw(message(teams, **{"from": theirs}), genuine) == 200
    assert [each.why for each in bot.events if isinstance(each, Stranger)] == ["tenant"] * 4
    assert len(bot.events) == 4

    assert await teams.raw(in_tenants(teams, own, None), genuine) == 200
    assert await teams.raw(in_tenants(teams, None, own), genuine) == 200
    assert await teams.raw(in_tenants(teams, own.upper(), own), genuine) == 200


async def test_ids_in_capitals_are_the_same(teams: FakeTeams, bot: Bot) -> None:
    kari = {"id": "29:1", "name": "Kari", "aadObjectId": "7B0A6C1E-0000-4000-8000-00000000000A"}
    await teams.raw(message(teams, **{"from": kari}), teams.authorization())

    assert bot.events[0].origin.person.id == "7b0a6c1e-0000-4000-8000-00000000000a"


async def test_other_tenants_can_be_let_in() -> None:
    async with gateway_bot(APP_ID, tenants=frozenset({FOREIGN_TENANT})) as (teams, bot):
        genuine = teams.authorization()
        body = in_tenants(teams, FOREIGN_TENANT, FOREIGN_TENANT)

        assert await teams.raw(body, genuine) == 200
        assert await teams.raw(message(teams), genuine) == 200
        assert len(bot.events) == 2


async def test_who_has_no_directory_id_is_turned_away(teams: FakeTeams, bot: Bot) -> None:
    sender = {"id": "29:guest", "name": "Gjest"}

    assert await teams.raw(message(teams, **{"from": sender}), teams.authorization()) == 200
    (stranger,) = bot.events
    assert isinstance(stranger, Stranger)
    assert (stranger.why, stranger.speaks) == ("guest", True)


async def test_a_remembered_token_expires(teams: FakeTeams) -> None:
    genuine = teams.authorization()
    assert await teams.raw(message(teams), genuine) == 200

    with time_machine.travel(time.time() + HOUR + 600):
        assert await teams.raw(message(teams), genuine) == 401


async def test_no_more_tokens_are_remembered_than_there_is_room_for(
    teams: FakeTeams, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.tokens.REMEMBERED_TOKENS", 2)
    tokens = [teams.authorization(jti=str(number)) for number in range(4)]

    for token in tokens + tokens:
        assert await teams.raw(message(teams), token) == 200
    assert bot.gateway._verifier
    assert len(bot.gateway._verifier._verified) == 2


def fetches(teams: FakeTeams) -> int:
    return teams.attempts.count(("GET", "/keys"))


async def test_a_new_key_is_fetched_and_an_old_one_forgotten() -> None:
    clock = Clock()
    async with gateway_bot(APP_ID, clock=clock) as (teams, _):
        old = teams.authorization()
        assert await teams.raw(message(teams), old) == 200
        teams.identity.key, teams.identity.kid = make_key(), "new"
        new = teams.authorization()

        assert await teams.raw(message(teams), new) == 401
        assert fetches(teams) == 1, "not again so soon: forged key ids must not cause a flood"
        clock.ahead += 60
        assert await teams.raw(message(teams), new) == 200
        assert fetches(teams) == 2
        assert await teams.raw(message(teams), old) == 401


async def test_the_keys_are_renewed_daily_while_the_old_ones_serve() -> None:
    clock = Clock()
    async with gateway_bot(APP_ID, clock=clock) as (teams, _):
        genuine = teams.authorization()
        await teams.raw(message(teams), genuine)
        await teams.raw(message(teams), genuine)
        assert fetches(teams) == 1

        clock.ahead += 24 * HOUR
        teams.fail(path="/openid", status=503)
        while fetches(teams) == 1:
            assert await teams.raw(message(teams), genuine) == 200
            clock.ahead += 10
        assert teams.pending_faults == 0


@pytest.mark.parametrize(
    "page",
    [
        "<html>",
        "[]",
        "{}",
        '{"keys": 1}',
        '{"keys": [1]}',
        '{"keys": [{"kty": "RSA"}]}',
        '{"keys": [{"kty": "RSA", "kid": "a", "endorsements": [], "n": 5}]}',
        '{"keys": [{"kty": "RSA", "kid": "a", "endorsements": [], "n": "x", "e": "x"}]}',
        '{"keys": [{"kty": "RSA", "kid": "a", "endorsements": [{}], "n": "AQAB", "e": "AQAB"}]}',
    ],
)
async def test_without_keys_nobody_gets_in_until_there_are_some(page: str) -> None:
    clock = Clock()
    async with gateway_bot(APP_ID, clock=clock) as (teams, bot):
        teams.fail(path="/keys", status=200, page=page)

        assert await teams.raw(message(teams), teams.authorization()) == 503
        assert await teams.raw(message(teams), teams.authorization()) == 503
        assert fetches(teams) == 1
        clock.ahead += 10
        assert await teams.raw(message(teams), teams.authorization()) == 200
        assert len(bot.events) == 1


async def test_refusals_quote_nothing(teams: FakeTeams) -> None:
    with structlog.testing.capture_logs() as logs:
        await teams.raw(message(teams, text="hemmelig"), "Bearer hemmelig")

    assert [entry["event"] for entry in logs] == ["request_refused"]
    assert "hemmelig" not in str(logs)


async def test_without_credentials_no_token_is_asked_for_or_sent(
    open_pair: tuple[FakeTeams, Bot],
) -> None:
    teams, bot = open_pair
    kari = teams.user("Kari Eksempel")
    bot.gateway.start()

    reply = await kari.write("hei")
    await bot.teams.send_text(bot.events[0].origin.conversation, "hei")

    assert reply.status == 200
    assert kari.chat.last.text == "hei"
    assert not any(path in ("/openid", "/token") for _, path in teams.attempts)


async def test_without_credentials_a_sender_may_lack_a_directory_id(
    open_pair: tuple[FakeTeams, Bot],
) -> None:
    teams, bot = open_pair

    assert await teams.raw(message(teams, **{"from": {"id": "user-1"}})) == 200
    assert bot.events[0].origin.person.id == "user-1"
