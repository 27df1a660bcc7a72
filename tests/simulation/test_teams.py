"""The fake Teams does what Teams does where the bot depends upon it."""

import aiohttp
import pytest

from bot.gateway.events import Conversation, Json, Message
from simulation.cards import CannotPress
from simulation.teams import CARD, SimulatedTeams
from tests.support.bot import gateway_bot
from tests.support.teams import APP_ID

GREETING: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Hei"}],
    "actions": [{"type": "Action.OpenUrl", "title": "Les", "url": "https://example.org"}],
}


async def test_a_text_and_a_card_in_one_are_split_and_no_id_comes_back() -> None:
    async with SimulatedTeams("http://127.0.0.1:1/") as teams, aiohttp.ClientSession() as session:
        kari = teams.user("Kari Eksempel")
        activity = {
            "type": "message",
            "text": "hei",
            "attachments": [{"contentType": CARD, "content": GREETING}],
        }
        url = f"{teams.service_url}v3/conversations/{kari.chat.id}/activities"
        async with session.post(url, json=activity) as response:
            assert (response.status, await response.json()) == (201, {})

        assert [kari.sees(post) for post in kari.chat.posts] == ["hei", "Hei\nLes"]


async def test_a_later_update_shows_everyone_the_same_again() -> None:
    async with gateway_bot(APP_ID) as (teams, bot):
        kari = teams.user("Kari Eksempel")
        await kari.write("hei")
        place = bot.events[0].origin.conversation
        id_ = await bot.teams.send_card(place, GREETING, "Hei")
        kari.chat.last.views[kari.id] = {"type": "AdaptiveCard", "body": []}
        assert kari.sees(kari.chat.last) == ""

        await bot.teams.update_card(place, id_, GREETING)

        assert kari.sees(kari.chat.last) == "Hei\nLes"


async def test_what_leads_out_of_teams_tells_the_bot_nothing() -> None:
    async with gateway_bot(APP_ID) as (teams, bot):
        kari = teams.user("Kari Eksempel")
        await kari.write("hei")
        await bot.teams.send_card(bot.events[0].origin.conversation, GREETING, "Hei")

        with pytest.raises(CannotPress, match=r"Action\.OpenUrl"):
            await kari.press(kari.chat.last, "Les")
        with pytest.raises(CannotPress, match="no card"):
            await kari.press(kari.chat.posts[0], "Les")
        assert len(bot.events) == 1


async def test_a_thread_stays_together() -> None:
    async with gateway_bot(APP_ID) as (teams, bot):
        kari = teams.user("Kari Eksempel")
        channel = teams.channel(kari)
        root = (await kari.write("hei", channel)).activity["id"]
        await bot.teams.send_card(bot.events[0].origin.conversation, GREETING, "Hei")
        await kari.write("takk", channel, thread=channel.last.thread)

        assert channel.last.thread == root
        assert [event.text for event in bot.events if isinstance(event, Message)] == ["hei", "takk"]
        assert len({event.origin.conversation.id for event in bot.events}) == 1


async def test_strangers_and_unknown_chats_are_not_found() -> None:
    async with SimulatedTeams("http://127.0.0.1:1/") as teams, aiohttp.ClientSession() as session:
        url = f"{teams.service_url}v3/conversations"
        stranger = {"members": [{"id": "29:nobody"}], "tenantId": teams.tenant}
        async with session.post(url, json=stranger) as response:
            assert response.status == 404
        async with session.post(f"{url}/a:nowhere/activities", json={}) as response:
            assert (await response.json())["error"]["code"] == "ConversationNotFound"


async def test_the_connector_asks_for_a_token_it_has_granted() -> None:
    async with gateway_bot(APP_ID) as (teams, _), aiohttp.ClientSession() as session:
        kari = teams.user("Kari Eksempel")
        url = f"{teams.service_url}v3/conversations/{kari.chat.id}/activities"
        for headers in ({}, {"Authorization": "Bearer guessed"}):
            async with session.post(url, json={"type": "message"}, headers=headers) as response:
                assert response.status == 401
        async with session.post(teams.token_url, data={"grant_type": "password"}) as response:
            assert response.status == 401
        assert kari.chat.posts == []


async def test_people_keep_their_ids_from_run_to_run() -> None:
    first, second = SimulatedTeams("http://127.0.0.1:1/"), SimulatedTeams("http://127.0.0.1:1/")

    assert first.user("Kari Eksempel").id == second.user("Kari Eksempel").id
    assert first.user("Kari Eksempel").id != first.user("Ola Eksempel").id


async def test_after_leaving_the_bot_is_not_let_in() -> None:
    async with gateway_bot(APP_ID) as (teams, bot):
        kari = teams.user("Kari Eksempel")
        group = teams.group_chat(kari)
        await teams.install(group, kari)
        await teams.uninstall(group, kari)
        place = Conversation(group.id, "groupChat", teams.tenant, teams.service_url)

        with pytest.raises(Exception, match="BotNotInConversationRoster"):
            await bot.teams.send_text(place, "hei")
