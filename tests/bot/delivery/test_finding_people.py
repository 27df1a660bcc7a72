"""Nobody is lost: who never installed the app, who did so anew, a chat that was left, a lost
request, an address that changed.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.delivery.dispatcher import MAX_NOT_FOUND
from bot.gateway.events import Json
from bot.ui.texts import texts
from simulation import cards
from simulation.teams import NO_APP, Chat, Post, User
from tests.support.kollegial import House, can, impatient, kollegial

SAY = texts("nb")
METHOD = "veiledningsgruppe"
FOREIGN = "22222222-2222-4333-8444-555555555555"


class Moment:
    def __init__(self) -> None:
        self.now = datetime(2027, 1, 11, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest_asyncio.fixture
async def house(tmp_path: Path, clock: Moment) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=clock) as house:
        yield house


def newest(chat: Chat, user: User, verb: str) -> Post:
    """The newest post with this button."""
    return next(
        p for p in reversed(chat.posts) if p.author is None and p.card and can(user, p, verb)
    )


def with_button(chat: Chat, user: User, verb: str) -> list[Post]:
    return [p for p in chat.posts if p.author is None and p.card and can(user, p, verb)]


def said(chat: Chat) -> list[str]:
    return [post.text for post in chat.posts if post.author is None]


async def gather(house: House, chat: Chat | None = None) -> Chat:
    chat = chat or house.teams.group_chat(house.anne, house.kari, house.ola)
    await house.anne.write(f"start {METHOD}", chat)
    await house.settle()
    for member in (house.kari, house.ola):
        await member.press(newest(chat, member, "session.here"), "session.here")
    await house.settle()
    return chat


async def parked(house: House) -> list[str]:
    return [each.kind for each in await house.operational.outbox.parked()]


async def write(house: House, user: User, text: str, chat: Chat | None = None) -> None:
    await user.write(text, chat)
    await house.settle()


# --- Journeys -----------------------------------------------------------------------------------


async def test_a_facilitator_who_never_installed_the_app_leads_all_the_same(house: House) -> None:
    house.anne.chat.refuses = NO_APP
    chat = await gather(house)
    missing = SAY("panel.missing", name=SAY("panel.missing.leader"))
    assert said(chat).count(missing) == 1
    assert await parked(house) == ["panel"]

    for text in ("start", "mer tid 5", "hopp over likevel"):
        await write(house, house.anne, text, chat)
    assert "del 2 av" in house.kari.sees(newest(chat, house.kari, "session.here"))

    await house.teams.install(house.anne.chat, house.anne)
    await house.settle()
    assert await parked(house) == []
    panel = newest(house.anne.chat, house.anne, "session.next")
    there = SAY("panel.there", name=SAY("panel.missing.leader"))
    assert missing not in said(chat)
    assert there in said(chat)
    assert (await house.anne.press(panel, "session.skip")).card


@pytest.mark.parametrize("leaves", [NO_APP, "MessageWritesBlocked", None])
async def test_a_member_who_reinstalled_unheard_is_found(house: House, leaves: str | None) -> None:
    await house.kari.write("hjelp")
    chat = await gather(house)
    await write(house, house.anne, "start", chat)
    await write(house, house.anne, "hopp over likevel", chat)
    old = house.teams.reinstall_unheard(house.kari, leaves=leaves)
    before = len(old.posts)
    reply = await house.kari.press(newest(chat, house.kari, "session.open"), "session.open")

    assert reply.text == SAY("private.sent")
    assert len(old.posts) == before
    own = newest(house.kari.chat, house.kari, "session.send")
    await house.kari.press(own, "session.send", {"text": "Jeg ventet lenge"})
    await house.settle()
    known = await house.operational.person(house.kari.id)
    assert known is not None
    assert known.chat is not None
    assert known.chat["id"] == house.kari.chat.id
    assert await parked(house) == []


async def test_the_panel_of_who_reinstalled_unheard_comes_anew(house: House) -> None:
    chat = await gather(house)
    house.teams.reinstall_unheard(house.anne)
    await write(house, house.anne, "start", chat)

    assert len(with_button(house.anne.chat, house.anne, "session.next")) == 1
    await house.anne.press(newest(house.anne.chat, house.anne, "session.next"), "session.next")
    await house.settle()
    assert "del 2 av" in house.kari.sees(newest(chat, house.kari, "session.here"))


@pytest.mark.parametrize("heard", [True, False])
async def test_a_chat_that_was_left_and_joined_again_goes_on(house: House, *, heard: bool) -> None:
    chat = await gather(house)
    panel = newest(house.anne.chat, house.anne, "session.start")
    await house.teams.uninstall(chat, house.ola)
    await house.anne.press(panel, "session.start")
    await house.settle()
    assert "phase_card" in await parked(house)

    chat.refuses = None
    if heard:
        await house.teams.install(chat, house.ola)
    else:
        await house.kari.write("hei", chat)
    await house.settle()
    assert await parked(house) == []
    (post,) = with_button(chat, house.kari, "session.break")
    assert "Velkommen" in house.kari.sees(post)
    assert (await house.kari.press(post, "session.break")).text == SAY("told.pause_asked")


# --- Passing and lost ---------------------------------------------------------------------------


async def test_a_conversation_that_is_not_found_is_looked_for_for_minutes(
    house: House, clock: Moment
) -> None:
    chat = await gather(house)
    panel = newest(house.anne.chat, house.anne, "session.start")
    house.teams.fail("POST", path=chat.id[:8], status=404, code="ConversationNotFound", times=2)
    await house.anne.press(panel, "session.start")
    await house.settle()
    assert await parked(house) == []
    for _ in range(3):
        clock.now += timedelta(minutes=1)
        await house.settle()

    assert len(with_button(chat, house.kari, "session.break")) == 1

    house.teams.fail("POST", path=chat.id[:8], status=404, code="ConversationNotFound", times=99)
    await house.anne.press(newest(house.anne.chat, house.anne, "session.next"), "session.next")
    for _ in range(MAX_NOT_FOUND + 1):
        clock.now += timedelta(minutes=10)
        await house.settle()
    assert "phase_card" in await parked(house)
    house.teams.forgive()
    await write(house, house.kari, "status", chat)
    assert await parked(house) == []


@pytest.mark.parametrize("is_after", [True, False])
async def test_one_lost_request_takes_no_panel_and_no_gathering_away(
    house: House, clock: Moment, *, is_after: bool
) -> None:
    await house.anne.write("hjelp")
    for path in (f"/{house.anne.chat.id[:2]}", "/19"):
        house.teams.fail("POST", path=path, status=500, is_after=is_after)
    chat = house.teams.group_chat(house.anne, house.kari, house.ola)
    await house.anne.write(f"start {METHOD}", chat)
    for _ in range(3):
        await house.settle()
        clock.now += timedelta(minutes=1)

    assert house.teams.pending_faults == 0
    assert with_button(house.anne.chat, house.anne, "session.start")
    assert 1 <= len(with_button(chat, house.kari, "session.here")) <= 2
    assert await parked(house) == []


async def test_what_was_promised_is_there_or_said_to_come(house: House, clock: Moment) -> None:
    await house.kari.write("hjelp")
    chat = await gather(house)
    await write(house, house.anne, "start", chat)
    await write(house, house.anne, "hopp over likevel", chat)
    post = newest(chat, house.kari, "session.open")
    house.teams.fail("POST", path=f"/{house.kari.chat.id}/", status=500)
    with impatient():
        assert (await house.kari.press(post, "session.open")).text == SAY("private.later")
    clock.now += timedelta(minutes=2)
    await house.settle()

    assert len(with_button(house.kari.chat, house.kari, "session.send")) == 1
    ola = house.ola
    ola.chat.refuses = NO_APP
    assert (await ola.press(post, "session.open")).text == SAY("private.parked")
    ola.chat.refuses = None
    await write(house, ola, "hei")
    assert len(with_button(ola.chat, ola, "session.send")) == 1
    assert (await ola.press(post, "session.open")).text == SAY("private.sent")


@pytest.mark.parametrize("fault", [{"status": 502}, {"is_cut": True}, {"status": 500}], ids=str)
async def test_an_answer_that_was_lost_is_sent_again(house: House, fault: Json) -> None:
    house.teams.fail("POST", path="/activities", **fault)
    await house.kari.write("hjelp")

    assert house.kari.chat.last.card
    assert SAY("help") in house.kari.sees(house.kari.chat.last)


async def test_a_message_that_could_not_be_answered_is_when_it_comes_again(house: House) -> None:
    house.teams.fail("POST", path="/activities", status=403, code="Forbidden")
    reply = await house.kari.write("hjelp")
    assert not [post for post in house.kari.chat.posts if post.author is None]

    await house.teams.deliver(reply.activity)
    assert SAY("help") in house.kari.sees(house.kari.chat.last)


async def test_a_welcome_that_was_lost_comes_with_the_next_notice(house: House) -> None:
    house.teams.fail("POST", path="/activities", status=403, code="Forbidden")
    await house.teams.install(house.kari.chat, house.kari)

    posts = [post for post in house.kari.chat.posts if post.author is None]
    assert [SAY("welcome.what") in house.kari.sees(post) for post in posts] == [True]


# --- Addresses ----------------------------------------------------------------------------------


async def test_what_is_sent_goes_to_the_newest_address(house: House) -> None:
    chat = await gather(house)
    await house.kari.write("hjelp")
    old = house.teams.service_url
    new = old.replace("/emea/", "/amer/")
    activity = house.teams.activity(house.ola, chat, "message") | {
        "serviceUrl": new,
        "text": "<at>Kollegial</at> takk",
    }
    authorization = house.teams.authorization(serviceurl=new)
    assert await house.teams.raw(json.dumps(activity).encode(), authorization) == 200
    await house.restart()
    house.teams.attempts.clear()
    (live,) = await house.services.sessions.all_at(chat.id)
    async with house.operational.begin() as transaction:
        transaction.enqueue(house.services.sessions.part(live, house.anne.id, "x", "panel"))
    await house.settle()

    sent = [path for _, path in house.teams.attempts if "/v3/" in path]
    assert len(sent) >= 2
    assert all(path.startswith("/amer/") for path in sent)


async def test_a_channel_that_was_chosen_gets_the_welcome(house: House) -> None:
    general, chosen = house.teams.channel(house.anne), house.teams.channel(house.anne)
    added = house.teams.activity(house.anne, general, "installationUpdate") | {"action": "add"}
    added["channelData"]["settings"] = {"selectedChannel": {"id": chosen.id}}
    await house.teams.deliver(added)

    assert len(chosen.posts) == 1
    assert general.posts == []


# --- Who is not served --------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["guest", "tenant"])
async def test_who_is_not_served_gets_a_line_and_leaves_nothing(house: House, why: str) -> None:
    chat = await gather(house)
    stranger = house.teams.user("Gjest Eksempel")

    def theirs(activity: Json) -> Json:
        if why == "guest":
            del activity["from"]["aadObjectId"]
        else:
            activity["channelData"]["tenant"]["id"] = FOREIGN
        return activity

    message = house.teams.activity(stranger, chat, "message") | {"text": "<at>Kollegial</at> hei"}
    assert (await house.teams.deliver(theirs(message))).status == 200
    assert chat.last.text == SAY(f"stranger.{why}")

    post = newest(chat, house.kari, "session.here")
    before = house.kari.sees(post)
    action = cards.action(house.kari.card(post), "session.here")
    invoke = house.teams.activity(stranger, chat, "invoke") | {
        "name": "adaptiveCard/action",
        "replyToId": post.id,
        "value": {"action": action, "trigger": "manual"},
    }
    reply = await house.teams.deliver(theirs(invoke))
    await house.settle()
    assert (reply.status, reply.text) == (200, SAY(f"stranger.{why}"))
    assert house.kari.sees(post) == before
    for id_ in (stranger.id, stranger.teams_id):
        assert await house.operational.person(id_) is None


async def test_who_was_removed_is_not_waited_for(house: House) -> None:
    chat = await gather(house)
    await write(house, house.anne, "start", chat)
    await write(house, house.anne, "hopp over likevel", chat)
    await house.kari.press(newest(chat, house.kari, "session.done"), "session.done")
    (live,) = await house.services.sessions.all_at(chat.id)
    assert {member.id for member in live.session.members if member.is_here} == {
        house.kari.id,
        house.ola.id,
    }
    removed = house.teams.activity(house.anne, chat, "conversationUpdate")
    await house.teams.deliver(removed | {"membersRemoved": [{"id": house.ola.teams_id}]})
    await house.settle()

    lives = await house.services.sessions.all_at(chat.id)  # two who are left go on, one does not
    assert all(
        member.id != house.ola.id or not member.is_here
        for live in lives
        for member in live.session.members
    )
