"""Sending: what Teams receives, and what each failure comes to, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import pytest
import time_machine

from bot.gateway.connector import Connector
from bot.gateway.credentials import AccessToken, Credentials
from bot.gateway.events import (
    Ambiguous,
    Conversation,
    Final,
    Json,
    NotFound,
    Person,
    SendError,
    Teams,
    Unreachable,
)
from bot.gateway.limits import TEAMS_LIMITS, UNLIMITED, Limits
from bot.gateway.outbound import Outbound
from simulation.teams import Chat
from tests.support.bot import gateway_bot
from tests.support.clock import Stopped
from tests.support.teams import APP_ID, HTML_PAGE, SECRET, FakeTeams, RateLimits

CARD: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Æ \ud800 \0", "fromTheFuture": {"a": [None, 1.5]}}],
    "msteams": {"width": "Full"},
}
NEW_CARD: Json = {"type": "AdaptiveCard", "version": "1.5", "body": []}


class Sender:
    """Everything that sends, with a clock that stands still."""

    def __init__(
        self,
        service: FakeTeams,
        session: aiohttp.ClientSession,
        limits: Limits = UNLIMITED,
        patience: float = 10.0,
    ) -> None:
        self.service = service
        self.clock = Stopped()
        credentials = Credentials(APP_ID, service.tenant, SECRET)
        self.token = AccessToken(session, credentials, service.token_url, self.clock)
        connector = Connector(
            session,
            self.token,
            limits,
            patience=patience,
            clock=self.clock,
            sleep=self.clock.sleep,
        )
        self.teams: Teams = Outbound(connector, service.bot_id)
        self.user = service.user("Kari Eksempel")
        self.chat = self.user.chat
        self.place = self.conversation(self.chat)

    def conversation(self, chat: Chat, thread: str = "") -> Conversation:
        return Conversation(
            chat.id + thread, chat.kind, self.service.tenant, self.service.service_url, chat.team
        )

    def requests(self, method: str) -> int:
        """How often the connector was asked, refusals included."""
        return sum(each == method and "/v3/" in path for each, path in self.service.attempts)

    async def posted_card(self) -> str:
        return await self.teams.send_card(self.place, CARD, "Kort")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def service() -> AsyncIterator[FakeTeams]:
    async with FakeTeams("http://127.0.0.1:1/") as service:
        yield service


@pytest.fixture
def sender(service: FakeTeams, session: aiohttp.ClientSession) -> Sender:
    return Sender(service, session)


# What is sent


async def test_a_text_is_sent_and_its_id_comes_back(sender: Sender) -> None:
    id_ = await sender.teams.send_text(sender.place, "hei")

    assert sender.chat.last.id == id_
    assert sender.chat.last.activity == {"type": "message", "text": "hei"}


async def test_a_card_goes_out_whole_and_without_a_text(sender: Sender) -> None:
    id_ = await sender.teams.send_card(sender.place, CARD, "Et kort")

    post = sender.chat.last
    assert (post.id, post.card) == (id_, CARD)
    assert post.activity["summary"] == "Et kort"
    assert "text" not in post.activity


async def test_a_card_is_put_in_the_place_of_another(sender: Sender) -> None:
    id_ = await sender.posted_card()
    await sender.teams.update_card(sender.place, id_, NEW_CARD)

    assert [(post.id, post.card) for post in sender.chat.posts] == [(id_, NEW_CARD)]


async def test_a_message_is_taken_away_and_taking_it_away_again_is_no_error(
    sender: Sender,
) -> None:
    id_ = await sender.posted_card()
    await sender.teams.delete(sender.place, id_)
    await sender.teams.delete(sender.place, id_)

    assert sender.chat.posts == []


async def test_a_thread_is_answered_in_the_thread(sender: Sender) -> None:
    channel = sender.service.channel(sender.user)
    place = sender.conversation(channel, ";messageid=1500000000000")

    await sender.teams.send_text(place, "hei")

    assert channel.last.thread == "1500000000000"


async def test_a_personal_chat_is_found_near_a_channel(sender: Sender) -> None:
    channel = sender.conversation(sender.service.channel(sender.user))
    person = Person(sender.user.id, sender.user.teams_id, sender.user.name)

    chat = await sender.teams.personal_chat(person, channel)

    assert chat == sender.place
    assert sender.service.sent[-1].body["bot"] == {"id": sender.service.bot_id}


async def test_who_has_not_installed_the_bot_cannot_be_written_to(sender: Sender) -> None:
    ola = sender.service.user("Ola Eksempel", has_app=False)
    person = Person(ola.id, ola.teams_id, ola.name)

    with pytest.raises(Final) as refusal:
        await sender.teams.personal_chat(person, sender.place)
    assert refusal.value.code == "BotNotInConversationRoster"


async def test_members_are_counted_page_by_page_for_the_whole_channel(sender: Sender) -> None:
    people = [sender.service.user(f"Eksempel {number}") for number in range(120)]
    channel = sender.conversation(sender.service.channel(*people), ";messageid=1500000000000")

    assert len(await sender.teams.members(channel)) == 120
    assert sender.requests("GET") == 3


# What each failure comes to

Act = Callable[[Sender, str], Awaitable[Any]]

CREATING: dict[str, Act] = {
    "text": lambda sender, _: sender.teams.send_text(sender.place, "hei"),
    "card": lambda sender, _: sender.teams.send_card(sender.place, NEW_CARD, "Kort"),
}
REPEATABLE: dict[str, Act] = {
    "update": lambda sender, id_: sender.teams.update_card(sender.place, id_, NEW_CARD),
    "delete": lambda sender, id_: sender.teams.delete(sender.place, id_),
    "members": lambda sender, _: sender.teams.members(sender.place),
    "open": lambda sender, _: sender.teams.personal_chat(
        Person(sender.user.id, sender.user.teams_id, ""), sender.place
    ),
}
creating = pytest.mark.parametrize("act", CREATING.values(), ids=CREATING.keys())
repeatable = pytest.mark.parametrize("act", REPEATABLE.values(), ids=REPEATABLE.keys())
anything = pytest.mark.parametrize(
    "act", [*CREATING.values(), *REPEATABLE.values()], ids=[*CREATING, *REPEATABLE]
)


async def tried(sender: Sender, act: Act) -> tuple[int, SendError | None]:
    """How many requests it took, and what it came to in the end."""
    id_ = await sender.posted_card()
    before = len(sender.service.attempts)
    error = None
    try:
        await act(sender, id_)
    except SendError as raised:
        error = raised
    return len(sender.service.attempts) - before, error


@creating
@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("is_after", [True, False])
async def test_creating_is_never_repeated_once_it_may_have_happened(
    sender: Sender, act: Act, status: int, is_after: bool
) -> None:
    await sender.posted_card()
    sender.service.fail("POST", status=status, is_after=is_after)
    posts = len(sender.chat.posts)
    before = sender.requests("POST")

    with pytest.raises(Ambiguous):
        await act(sender, "")

    assert sender.requests("POST") == before + 1
    assert len(sender.chat.posts) == posts + is_after


@creating
async def test_nor_after_a_broken_connection(sender: Sender, act: Act) -> None:
    await sender.posted_card()
    sender.service.fail(is_cut=True)

    with pytest.raises(Ambiguous):
        await act(sender, "")
    assert sender.service.pending_faults == 0
    assert sender.requests("POST") == 2


@creating
async def test_nor_after_a_time_out(
    service: FakeTeams, session: aiohttp.ClientSession, act: Act
) -> None:
    sender, never = Sender(service, session, patience=0.3), asyncio.Event()
    await sender.token.get()
    service.fail(until=never)

    with pytest.raises(Ambiguous):
        await act(sender, "")
    assert sender.requests("POST") == 1
    never.set()


@repeatable
@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("is_after", [True, False])
async def test_what_can_be_repeated_is(
    sender: Sender, act: Act, status: int, is_after: bool
) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=status, is_after=is_after, times=2)
        return act(sender, id_)

    assert await tried(sender, fail) == (3, None)
    assert len(sender.clock.slept) == 2


@repeatable
async def test_a_broken_connection_is_repeated_too(sender: Sender, act: Act) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(is_cut=True, is_after=True)
        return act(sender, id_)

    attempts, error = await tried(sender, fail)
    assert error is None
    assert attempts == 2


async def test_a_time_out_is_repeated_too(
    service: FakeTeams, session: aiohttp.ClientSession
) -> None:
    sender, never = Sender(service, session, patience=2.0), asyncio.Event()
    id_ = await sender.posted_card()
    service.fail("PUT", until=never)

    await sender.teams.update_card(sender.place, id_, NEW_CARD)

    assert sender.requests("PUT") == 2
    assert sender.chat.last.card == NEW_CARD
    never.set()


@anything
@pytest.mark.parametrize("status", [412, 429])
async def test_what_certainly_has_not_happened_is_always_repeated(
    sender: Sender, act: Act, status: int
) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=status, times=2)
        return act(sender, id_)

    assert await tried(sender, fail) == (3, None)
    first, second = sender.clock.slept
    assert 0.25 <= first <= 0.5 <= second <= 1.0


@anything
async def test_retry_after_is_heeded(sender: Sender, act: Act) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=429, headers={"Retry-After": "3"})
        return act(sender, id_)

    assert await tried(sender, fail) == (2, None)
    assert sender.clock.slept == [3.0]


async def test_retry_after_may_be_a_date(sender: Sender) -> None:
    await sender.token.get()
    with time_machine.travel(datetime(2026, 1, 5, tzinfo=UTC), tick=False):
        when = format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True)
        sender.service.fail(status=429, headers={"Retry-After": when})
        await sender.teams.send_text(sender.place, "hei")

    assert sender.clock.slept == [4.0]


async def test_a_senseless_retry_after_is_as_none(sender: Sender) -> None:
    sender.service.fail(status=429, headers={"Retry-After": "soon"})
    await sender.teams.send_text(sender.place, "hei")

    [pause] = sender.clock.slept
    assert 0.25 <= pause <= 0.5


async def test_nobody_waits_beyond_the_deadline_of_the_turn(sender: Sender) -> None:
    sender.service.fail(status=429, headers={"Retry-After": "3600"})

    with pytest.raises(Unreachable):
        await sender.teams.send_text(sender.place, "hei")
    assert sender.clock.slept == []


@anything
async def test_retries_come_to_an_end(sender: Sender, act: Act) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=429, times=100)
        return act(sender, id_)

    attempts, error = await tried(sender, fail)
    assert isinstance(error, Unreachable)
    assert 4 <= attempts <= 6
    assert sum(sender.clock.slept) < 10


@repeatable
async def test_what_stays_unknown_to_the_end_is_called_so(sender: Sender, act: Act) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=503, times=100)
        return act(sender, id_)

    _, error = await tried(sender, fail)
    assert isinstance(error, Ambiguous)


@anything
@pytest.mark.parametrize("status", [500, 505])
async def test_other_server_errors_are_not_repeated(sender: Sender, act: Act, status: int) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=status)
        return act(sender, id_)

    attempts, error = await tried(sender, fail)
    assert attempts == 1
    assert isinstance(error, Ambiguous)


@anything
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "BadSyntax"),
        (403, "BotNotInConversationRoster"),
        (403, "ConversationBlockedByUser"),
        (403, "BotDisabledByAdmin"),
        (413, "MessageSizeTooBig"),
        (501, "DeleteActivityAPINotImplemented"),
    ],
)
async def test_a_no_is_final_and_says_why(sender: Sender, act: Act, status: int, code: str) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=status, code=code)
        return act(sender, id_)

    attempts, error = await tried(sender, fail)
    assert attempts == 1
    assert isinstance(error, Final)
    assert error.code == code


@anything
async def test_no_such_conversation_is_passing(sender: Sender, act: Act) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=404, code="ConversationNotFound")
        return act(sender, id_)

    attempts, error = await tried(sender, fail)
    assert attempts == 1
    assert isinstance(error, NotFound)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": {"code": "BotDisabledByAdmin", "message": "No."}}, "BotDisabledByAdmin"),
        (
            {"errorCode": 209, "message": '{"subCode":"MessageWritesBlocked","details":"..."}'},
            "MessageWritesBlocked",
        ),
        (
            {"error": {"code": "Forbidden", "message": '{"subCode":"ThreadIsReadOnly"}'}},
            "ThreadIsReadOnly",
        ),
        ({"code": "BotNotInConversationRoster"}, "BotNotInConversationRoster"),
        ({"errorCode": "BotRemoved", "message": "not JSON"}, "BotRemoved"),
        ({"error": "Forbidden"}, "HTTP 403"),
        ({"error": {"code": "a sentence, quoting Kari Eksempel"}}, "HTTP 403"),
        ({"errorCode": 209}, "HTTP 403"),
    ],
    ids=str,
)
async def test_each_form_of_error_is_read(sender: Sender, body: Json, code: str) -> None:
    sender.service.fail(status=403, page=json.dumps(body))

    with pytest.raises(Final) as refusal:
        await sender.teams.send_text(sender.place, "hei")
    assert (refusal.value.code, refusal.value.status) == (code, 403)
    assert refusal.value.is_nobody_there


async def test_a_forgotten_card_is_final(sender: Sender) -> None:
    with pytest.raises(Final) as refusal:
        await sender.teams.update_card(sender.place, "1400000000000", NEW_CARD)
    assert refusal.value.code == "ActivityNotFoundInConversation"


async def test_too_large_a_card_is_final(sender: Sender) -> None:
    with pytest.raises(Final) as refusal:
        await sender.teams.send_text(sender.place, "x" * 41_000)
    assert refusal.value.code == "MessageSizeTooBig"


@anything
@pytest.mark.parametrize("status", [403, 404])
async def test_a_page_of_html_is_an_answer_too(sender: Sender, act: Act, status: int) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=status, page=HTML_PAGE)
        return act(sender, id_)

    _, error = await tried(sender, fail)
    assert isinstance(error, Final)
    assert error.code == f"HTTP {status}"


@repeatable
async def test_a_bad_gateways_page_is_a_bad_gateway(sender: Sender, act: Act) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=502, page=HTML_PAGE)
        return act(sender, id_)

    assert await tried(sender, fail) == (2, None)


@anything
async def test_nobody_follows_a_redirect(sender: Sender, act: Act) -> None:
    def fail(sender: Sender, id_: str) -> Awaitable[Any]:
        sender.service.fail(status=302, headers={"Location": sender.service.url})
        return act(sender, id_)

    attempts, error = await tried(sender, fail)
    assert attempts == 1
    assert isinstance(error, Unreachable)


@creating
@pytest.mark.parametrize("page", ["", HTML_PAGE, "[1]", '{"id": 5}', "[" * 5000])
async def test_success_without_an_id_may_be_one(sender: Sender, act: Act, page: str) -> None:
    sender.service.fail("POST", path="/v3/", status=201, page=page)

    with pytest.raises(Ambiguous):
        await act(sender, "")


@anything
async def test_a_refused_connection_is_tried_again(act: Act) -> None:
    # Without a pool: what comes of a connection that broke while it lay there is unknown.
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        async with FakeTeams("http://127.0.0.1:1/") as gone:
            sender = Sender(gone, session)
            await sender.token.get()

        with pytest.raises(Unreachable):
            await act(sender, "1")
        assert len(sender.clock.slept) >= 3


@pytest.mark.parametrize("url", ["http://", "http://[", "http://127.0.0.1:99999/"])
async def test_a_senseless_service_url_is_final(sender: Sender, url: str) -> None:
    place = Conversation("a:1", "personal", sender.service.tenant, url)

    with pytest.raises(Final):
        await sender.teams.send_text(place, "hei")


async def test_ids_are_only_ever_one_part_of_the_path(sender: Sender) -> None:
    place = Conversation(
        "../../token?x=\ud800#", "personal", sender.service.tenant, sender.service.service_url
    )

    with pytest.raises(NotFound):
        await sender.teams.delete(place, "../x")


# The access token


def grants(sender: Sender) -> int:
    return sender.service.attempts.count(("POST", "/token"))


async def test_one_token_serves_all(sender: Sender) -> None:
    await asyncio.gather(*(sender.teams.send_text(sender.place, "hei") for _ in range(20)))

    assert grants(sender) == 1
    assert len(sender.chat.posts) == 20


async def test_a_token_is_renewed_before_it_expires_while_it_serves(sender: Sender) -> None:
    released = asyncio.Event()
    await sender.teams.send_text(sender.place, "1")
    sender.clock.now += 3400
    sender.service.fail(path="/token", until=released)

    await sender.teams.send_text(sender.place, "2")
    await sender.service.until(lambda: grants(sender) == 2)
    await sender.teams.send_text(sender.place, "3")
    released.set()
    sender.clock.now += 200
    await sender.teams.send_text(sender.place, "4")

    assert [post.text for post in sender.chat.posts] == ["1", "2", "3", "4"]
    assert grants(sender) == 2


async def test_a_revoked_token_is_replaced(sender: Sender) -> None:
    await sender.teams.send_text(sender.place, "1")
    sender.service.identity.granted.clear()

    await sender.teams.send_text(sender.place, "2")

    assert [post.text for post in sender.chat.posts] == ["1", "2"]
    assert grants(sender) == 2


async def test_a_bot_that_is_not_let_in_does_not_insist(sender: Sender) -> None:
    sender.service.fail(status=401, times=10)

    with pytest.raises(Unreachable):
        await sender.teams.send_text(sender.place, "hei")
    assert sender.requests("POST") == 2


@pytest.mark.parametrize("page", [None, HTML_PAGE, "[]", "{}", '{"access_token": "a"}'])
async def test_without_a_token_nothing_is_sent_until_there_is_one(
    sender: Sender, page: str | None
) -> None:
    sender.service.fail(path="/token", status=401, page=page)

    for _ in range(3):
        with pytest.raises(Unreachable):
            await sender.teams.send_text(sender.place, "hei")
    assert (grants(sender), sender.requests("POST")) == (1, 0)

    sender.clock.now += 10
    await sender.teams.send_text(sender.place, "hei")
    assert len(sender.chat.posts) == 1


# The pace


async def test_teams_never_has_to_say_that_it_is_too_much(
    service: FakeTeams, session: aiohttp.ClientSession
) -> None:
    sender = Sender(service, session, TEAMS_LIMITS, patience=100)
    service.rate_limits = RateLimits(sender.clock)

    for _ in range(70):
        await sender.teams.send_text(sender.place, "hei")
    for _ in range(70):
        await sender.teams.members(sender.place)

    assert len(sender.chat.posts) == 70
    assert service.rate_limits.refused == 0
    assert 30 < sum(sender.clock.slept) < 100


async def test_a_tenant_is_not_asked_more_than_thirty_times_a_second(
    service: FakeTeams, session: aiohttp.ClientSession
) -> None:
    sender = Sender(service, session, TEAMS_LIMITS)
    id_ = await sender.posted_card()
    for _ in range(29):
        await sender.teams.update_card(sender.place, id_, NEW_CARD)
    assert sender.clock.slept == []

    await sender.teams.update_card(sender.place, id_, NEW_CARD)
    assert len(sender.clock.slept) == 1


async def test_a_full_conversation_says_so_rather_than_wait_for_minutes(
    service: FakeTeams, session: aiohttp.ClientSession
) -> None:
    sender = Sender(service, session, TEAMS_LIMITS)
    service.rate_limits = RateLimits(sender.clock)

    for _ in range(60):
        await sender.teams.send_text(sender.place, "hei")
    with pytest.raises(Unreachable):
        await sender.teams.send_text(sender.place, "hei")
    assert len(sender.chat.posts) == 60
    assert service.rate_limits.refused == 0


async def test_what_the_fake_counts_it_also_enforces(sender: Sender) -> None:
    """The fake is no mock: without our own pace it does refuse."""
    sender.service.rate_limits = RateLimits(sender.clock)

    for _ in range(8):
        await sender.teams.send_text(sender.place, "hei")
    assert sender.service.rate_limits.refused == 1
    assert sender.clock.slept == [1.0]


async def test_teams_own_limits_hold_unless_there_is_no_teams() -> None:
    async def posted(app_id: str | None, **options: Any) -> int:
        """How many of ten texts are sent before one would have to wait."""
        async with gateway_bot(app_id, patience=0.5, clock=Stopped(), **options) as (service, bot):
            kari = service.user("Kari Eksempel")
            await kari.write("hei")
            place = bot.events[0].origin.conversation
            with suppress(Unreachable):
                for _ in range(10):
                    await bot.teams.send_text(place, "hei")
            return len(kari.chat.posts) - 1

    assert await posted(APP_ID) == 7
    assert await posted(APP_ID, limits=UNLIMITED) == 10
    assert await posted(None) == 10
