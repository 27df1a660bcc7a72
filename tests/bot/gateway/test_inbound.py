"""What reaches the dialogs, and in which form."""

from bot.gateway.events import Answer, Event, Message, Press, ShowCard
from tests.support.bot import Bot
from tests.support.teams import FakeTeams

START: dict[str, object] = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "Input.Text", "id": "why", "label": "Why"}],
    "actions": [
        {"type": "Action.Execute", "title": "Start", "verb": "start", "data": {"step": 1}},
        {"type": "Action.Submit", "title": "Old start", "data": {"verb": "start", "step": 1}},
    ],
}


async def test_a_message_arrives_with_who_where_and_how(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel", locale="nn-NO", timezone="Europe/Oslo")

    reply = await kari.write("  hjelp\N{NO-BREAK SPACE}meg ")

    [event] = bot.events
    assert reply.status == 200
    assert isinstance(event, Message)
    assert event.text == "hjelp meg"
    assert event.origin.person.id == kari.id
    assert event.origin.person.teams_id == kari.teams_id
    assert event.origin.person.name == "Kari Eksempel"
    assert event.origin.conversation.id == kari.chat.id
    assert event.origin.conversation.kind == "personal"
    assert event.origin.conversation.tenant == teams.tenant
    assert event.origin.conversation.service_url == teams.service_url
    assert event.origin.activity_id == reply.activity["id"]
    assert (event.origin.locale, event.origin.timezone) == ("nn-NO", "Europe/Oslo")


async def test_a_press_carries_its_inputs_and_gets_a_card(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")
    await kari.write("start")
    await bot.teams.send_card(bot.events[0].origin.conversation, START, "Start")

    async def answer(_: Event) -> Answer:
        return ShowCard({"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "2"}]})

    bot.handler = answer
    reply = await kari.press(kari.chat.last, "Start", {"why": "because"})

    event = bot.events[1]
    assert isinstance(event, Press)
    assert (event.verb, event.data) == ("start", {"step": 1, "why": "because"})
    assert (event.card_id, event.is_invoke, event.is_automatic) == (kari.chat.last.id, True, False)
    assert reply.status == 200
    assert kari.sees(kari.chat.last) == "2"
