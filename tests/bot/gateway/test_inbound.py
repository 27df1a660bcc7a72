"""What reaches the dialogs and in which form, and how their answers reach Teams."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import structlog.testing

from bot.gateway.events import Added, Answer, Incoming, Json, Message, Press, Removed, Say, ShowCard
from simulation.teams import CARD, Chat, Post
from tests.support.bot import Bot
from tests.support.teams import FakeTeams

START: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "refresh": {"action": {"type": "Action.Execute", "verb": "refresh"}, "userIds": []},
    "body": [{"type": "Input.Text", "id": "why", "label": "Why"}],
    "actions": [
        {"type": "Action.Execute", "title": "Start", "verb": "start", "data": {"step": 1}},
        {"type": "Action.Submit", "title": "Old start", "data": {"verb": "start", "step": 1}},
    ],
}
DONE: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Done"}],
}


def card_in(chat: Chat, card: Json) -> Post:
    """A card of the bot's that is already there."""
    activity = {"type": "message", "attachments": [{"contentType": CARD, "content": card}]}
    post = Post("1600000000000", activity, chat)
    chat.posts.append(post)
    return post


def always(answer: Answer) -> Any:
    async def handler(_: Incoming) -> Answer:
        return answer

    return handler


async def test_a_message_arrives_with_who_where_and_how(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel", locale="nn-NO", timezone="Europe/Oslo")

    reply = await kari.write("hjelp")

    [event] = bot.events
    assert (reply.status, reply.body) == (200, {})
    assert isinstance(event, Message)
    assert event.text == "hjelp"
    assert event.origin.person.id == kari.id
    assert event.origin.person.teams_id == kari.teams_id
    assert event.origin.person.name == "Kari Eksempel"
    assert event.origin.conversation.id == kari.chat.id
    assert event.origin.conversation.tenant == teams.tenant
    assert event.origin.conversation.service_url == teams.service_url
    assert event.origin.conversation.team is None
    assert event.origin.activity_id == reply.activity["id"]
    assert (event.origin.locale, event.origin.timezone) == ("nn-NO", "Europe/Oslo")


async def test_every_kind_of_conversation_is_told_apart(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")
    group, channel = teams.group_chat(kari), teams.channel(kari)

    await kari.write("hjelp")
    await kari.write("hjelp", group)
    await kari.write("hjelp", channel)
    await kari.write("hjelp", channel, thread="1500000000000")

    places = [event.origin.conversation for event in bot.events]
    assert [place.kind for place in places] == ["personal", "groupChat", "channel", "channel"]
    assert [place.team for place in places] == [None, None, channel.team, channel.team]
    assert places[2].id.startswith(f"{channel.id};messageid=")
    assert places[3].id == f"{channel.id};messageid=1500000000000"
    assert {event.text for event in bot.events if isinstance(event, Message)} == {"hjelp"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<at>Kollegial</at>&nbsp;hjelp\n", "hjelp"),
        ("<at>Kollegial</at>\N{NO-BREAK SPACE}hjelp", "hjelp"),
        ("hjelp <at>Kollegial</at>", "hjelp"),
        ("<at>Kollegial</at> spør <at>Ola Eksempel</at>", "spør Ola Eksempel"),
        ("<at>Kollegial</at>", ""),
        ("a < b & c > d <b>e</b> *f* <at>g</at>", "a < b & c > d e f"),
        ("x\0y \ud800 \N{RIGHT-TO-LEFT OVERRIDE}z", "xy z"),
        ("", ""),
        (None, ""),
    ],
)
async def test_only_the_mention_of_the_bot_is_cut_away(
    teams: FakeTeams, bot: Bot, written: str | None, read: str
) -> None:
    kari = teams.user("Kari Eksempel")
    ola = teams.user("Ola Eksempel")
    the_bot = {"id": teams.bot_id}
    mentions = [
        {"type": "mention", "text": "<at>Kollegial</at>", "mentioned": the_bot},
        {
            "type": "mention",
            "text": "<at>Ola Eksempel</at>",
            "mentioned": {"id": ola.teams_id, "name": ola.name},
        },
        {"type": "mention", "mentioned": the_bot},
        {"type": "mention", "text": "", "mentioned": the_bot},
    ]

    await teams.deliver(
        teams.activity(kari, kari.chat, "message") | {"text": written, "entities": mentions}
    )

    [event] = bot.events
    assert isinstance(event, Message)
    assert event.text == read


async def test_what_clients_deliver_comes_to_what_was_written(teams: FakeTeams, bot: Bot) -> None:
    """The table of inputs, through HTTP."""
    table = Path(__file__).parents[2] / "dialogs" / "writing" / "inputs.toml"
    rows = tomllib.loads(table.read_text("utf-8"))["text"]
    kari = teams.user("Kari Eksempel")
    for row in rows:
        mentions = [
            {
                "type": "mention",
                "mentioned": {"id": teams.bot_id if is_bot else "29:someone", "name": name},
            }
            | ({"text": piece} if piece else {})
            for piece, name, is_bot in row.get("mentions", [])
        ]
        activity = teams.activity(kari, kari.chat, "message")
        recipient = activity["recipient"] | {"name": row.get("own_name", "Kollegial")}
        await teams.deliver(
            activity | {"text": row["text"], "entities": mentions, "recipient": recipient}
        )

    read = [event.text for event in bot.events if isinstance(event, Message)]
    assert read == [row["means"] for row in rows]


async def test_language_and_zone_are_found_wherever_they_stand(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")
    activity = teams.activity(kari, kari.chat, "message") | {"text": "hei"}
    info = {"type": "clientInfo", "locale": "en-GB", "timezone": "Europe/London"}

    await teams.deliver(activity | {"entities": [info]})
    await teams.deliver(activity | {"locale": None, "entities": [info]})
    await teams.deliver(activity | {"entities": []})
    await teams.deliver(activity | {"locale": None, "localTimezone": None, "entities": None})

    assert [(event.origin.locale, event.origin.timezone) for event in bot.events] == [
        ("nb-NO", "Europe/London"),
        ("en-GB", "Europe/London"),
        ("nb-NO", "Europe/Oslo"),
        ("", None),
    ]


async def test_a_press_carries_its_inputs_and_is_answered_with_a_card(
    teams: FakeTeams, bot: Bot
) -> None:
    kari, ola = teams.user("Kari Eksempel"), teams.user("Ola Eksempel")
    post = card_in(teams.group_chat(kari, ola), START)
    bot.handler = always(ShowCard(DONE))

    reply = await kari.press(post, "Start", {"why": "because"})

    [event] = bot.events
    assert isinstance(event, Press)
    assert (event.verb, event.data) == ("start", {"step": 1, "why": "because"})
    assert (event.card_id, event.is_invoke, event.is_automatic) == (post.id, True, False)
    assert event.origin.person.id == kari.id
    assert reply.status == 200
    assert reply.body == {"statusCode": 200, "type": CARD, "value": DONE}
    assert kari.card(post) == DONE, "for the presser"
    assert ola.card(post) == START, "and nobody else"


async def test_a_press_is_answered_with_a_line(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")
    post = card_in(kari.chat, START)
    bot.handler = always(Say("Kolonnen er full."))

    reply = await kari.press(post, "Start")

    assert reply.body == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Kolonnen er full.",
    }
    assert kari.card(post) == START


async def test_a_press_without_an_answer_is_no_error(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")

    reply = await kari.press(card_in(kari.chat, START), "Start")

    assert (reply.status, reply.text) == (200, "")
    assert len(bot.events) == 1


async def test_an_older_client_presses_by_message(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")
    post = card_in(kari.chat, START)
    bot.handler = always(ShowCard(DONE))

    reply = await kari.press(post, "Old start", {"why": "because"})

    [event] = bot.events
    assert isinstance(event, Press)
    assert (event.verb, event.is_invoke, event.card_id) == ("start", False, post.id)
    assert event.data == {"verb": "start", "step": 1, "why": "because"}
    assert (reply.status, reply.body) == (200, {}), "nobody reads an answer to a message"


async def test_a_refresh_is_known_as_one(teams: FakeTeams, bot: Bot) -> None:
    kari, ola = teams.user("Kari Eksempel"), teams.user("Ola Eksempel")
    refresh = START["refresh"] | {"userIds": [kari.teams_id]}
    post = card_in(teams.group_chat(kari, ola), {**START, "refresh": refresh})

    assert await kari.refresh(post)
    assert await ola.refresh(post) is None

    [event] = bot.events
    assert isinstance(event, Press)
    assert (event.verb, event.data, event.is_automatic) == ("refresh", {}, True)


@pytest.mark.parametrize("data", [None, "text", 5, ["list"]])
async def test_what_a_forged_action_carries_is_always_an_object(
    teams: FakeTeams, bot: Bot, data: Any
) -> None:
    kari = teams.user("Kari Eksempel")
    action = {"type": "Action.Execute", "verb": 5, "data": data}
    activity = teams.activity(kari, kari.chat, "invoke") | {
        "name": "adaptiveCard/action",
        "value": {"action": action, "trigger": "manual"},
    }

    assert (await teams.deliver(activity)).status == 200

    [event] = bot.events
    assert isinstance(event, Press)
    assert (event.verb, event.data) == ("", {})


async def test_coming_and_going_are_told_once_for_each_notice(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")
    channel = teams.channel(kari)

    replies = await teams.install(channel, kari)
    replies.append(await teams.uninstall(channel, kari))
    left = teams.activity(kari, channel, "conversationUpdate")
    replies.append(await teams.deliver(left | {"membersRemoved": [{"id": teams.bot_id}]}))

    assert {reply.status for reply in replies} == {200}
    assert [type(event) for event in bot.events] == [Added, Added, Removed, Removed]
    assert {event.origin.conversation.team for event in bot.events} == {channel.team}


async def test_an_installation_needs_no_directory_id(teams: FakeTeams, bot: Bot) -> None:
    """An administrator's policy installs in nobody's name."""
    kari = teams.user("Kari Eksempel")
    activity = teams.activity(kari, kari.chat, "installationUpdate")

    await teams.deliver(activity | {"action": "add", "from": {"id": "29:policy"}})

    assert bot.events[0].origin.person.id == "29:policy"


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "typing"},
        {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
        {"type": "conversationUpdate", "membersAdded": [{"id": "29:someone"}]},
        {"type": "conversationUpdate", "channelData": {"eventType": "channelRenamed", "tenant": 1}},
        {"type": "installationUpdate", "action": "add-upgrade"},
        {"type": "from-the-future"},
    ],
)
async def test_what_the_bot_does_not_act_upon_is_taken_note_of(
    teams: FakeTeams, bot: Bot, changes: Json
) -> None:
    kari = teams.user("Kari Eksempel")

    reply = await teams.deliver(teams.activity(kari, kari.chat, "message") | changes)

    assert reply.status == 200
    assert bot.events == []


async def test_an_unknown_invoke_is_refused_and_no_fault_of_ours(
    teams: FakeTeams, bot: Bot
) -> None:
    kari = teams.user("Kari Eksempel")

    reply = await teams.deliver(
        teams.activity(kari, kari.chat, "invoke") | {"name": "task/fetch", "value": {}}
    )

    assert reply.status == 400
    assert bot.events == []


async def test_a_bug_is_logged_without_content(teams: FakeTeams, bot: Bot) -> None:
    async def buggy(event: Incoming) -> Answer:
        raise ValueError(f"hemmelig: {event}")

    bot.handler = buggy
    kari = teams.user("Kari Eksempel")

    with structlog.testing.capture_logs() as logs:
        reply = await kari.write("hemmelig")

    assert (reply.status, reply.body) == (500, {})
    [entry] = logs
    assert (entry["event"], entry["error"]) == ("turn_failed", "ValueError")
    assert "hemmelig" not in str(logs)


async def test_a_redelivery_says_the_same_with_another_id(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")
    reply = await kari.press(card_in(kari.chat, START), "Start")

    await teams.redeliver(reply)

    first, second = bot.events
    assert first.origin.activity_id != second.origin.activity_id
    assert isinstance(first, Press)
    assert isinstance(second, Press)
    assert (first.verb, first.data, first.card_id) == (second.verb, second.data, second.card_id)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe/Oslo\0", "\ud800", ""])
async def test_a_zone_that_there_is_none_of_is_no_zone(
    teams: FakeTeams, bot: Bot, zone: str
) -> None:
    kari = teams.user("Kari Eksempel")
    activity = teams.activity(kari, kari.chat, "message") | {"text": "hjelp"}
    activity["entities"][0]["timezone"] = activity["localTimezone"] = zone

    assert (await teams.deliver(activity)).status == 200
    assert bot.events[0].origin.timezone is None


@pytest.mark.parametrize("character", ["\0", "\ud800"])
async def test_an_id_that_no_database_could_keep_is_refused(
    teams: FakeTeams, bot: Bot, character: str
) -> None:
    kari = teams.user("Kari Eksempel")
    activity = teams.activity(kari, kari.chat, "message") | {"text": "hjelp"}
    for field in ("from", "conversation"):
        forged = {**activity, field: {**activity[field], "id": f"x{character}"}}
        assert (await teams.deliver(forged)).status == 400
    assert (await teams.deliver({**activity, "id": character})).status == 400
    assert bot.events == []
