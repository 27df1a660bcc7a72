"""The page object and the canvas hold what they promise, with a bot of a few lines."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import BrowserContext

from bot.gateway.events import Json
from cli.playground import playground
from tests.e2e.canvas import PHONE, Canvas
from tests.e2e.teams import TeamsPage
from tests.support.ports import free_port

pytestmark = pytest.mark.browser


def step(number: int) -> Json:
    choices = [{"title": t, "value": t.lower()} for t in ("Enig", "Nøytral", "Uenig")]
    card = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [
            {"type": "TextBlock", "text": f"Steg {number}", "style": "heading"},
            *(
                {
                    "type": "Input.ChoiceSet",
                    "id": f"pile.{n}",
                    "label": f"{n}. Utsagn {number}",
                    "isRequired": True,
                    "errorMessage": "Velg en bunke",
                    "style": "expanded",
                    "choices": choices,
                }
                for n in (1, 11)
            ),
            {
                "type": "Input.ChoiceSet",
                "id": "some",
                "label": "Flere",
                "style": "expanded",
                "isMultiSelect": True,
                "choices": choices,
            },
            {"type": "Input.ChoiceSet", "id": "one", "label": "Kolonne", "choices": choices},
            {"type": "Input.Text", "id": "why", "label": "Hvorfor", "isMultiline": True},
            {"type": "Input.Toggle", "id": "yes", "title": "Jeg samtykker"},
        ],
        "actions": [
            {"type": "Action.Execute", "title": "Neste", "verb": "next", "data": {"n": number}},
            {"type": "Action.Execute", "title": "Full", "verb": "full", "associatedInputs": "none"},
        ],
    }
    return {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}


class Stub:
    """Answers words with a card, and a press with the next card: updated first, then returned."""

    def __init__(self) -> None:
        self.pressed: list[Json] = []
        self.words: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        activity = await request.json()
        chat = f"{activity['serviceUrl']}/v3/conversations/{activity['conversation']['id']}"
        if activity["type"] == "message":
            self.words.append(activity["text"])
            await self._send("POST", f"{chat}/activities", step(0))
        if activity["type"] != "invoke":
            return web.Response()
        action = activity["value"]["action"]
        self.pressed.append(action["data"])
        if action["verb"] == "full":
            kind = "application/vnd.microsoft.activity.message"
            return web.json_response({"statusCode": 200, "type": kind, "value": "Alt er fullt"})
        card = step(action["data"]["n"] + 1)
        await self._send("PUT", f"{chat}/activities/{activity['replyToId']}", card)
        return web.json_response(
            {"statusCode": 200, "type": card["contentType"], "value": card["content"]}
        )

    async def _send(self, method: str, url: str, card: Json) -> None:
        body = {"type": "message", "attachments": [card]}
        async with ClientSession() as session, session.request(method, url, json=body) as response:
            response.raise_for_status()


@pytest.fixture
async def stub() -> AsyncIterator[tuple[Stub, str]]:
    port, bot = free_port(), Stub()
    app = web.Application()
    app.router.add_post("/api/messages", bot.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield bot, f"http://127.0.0.1:{port}/api/messages"
    await runner.cleanup()


async def test_a_card_is_filled_in_and_pressed_again_and_again(
    browser: BrowserContext, stub: tuple[Stub, str], tmp_path: Path
) -> None:
    bot, endpoint = stub
    async with playground(endpoint, free_port(), tmp_path) as address:
        teams = TeamsPage(await browser.new_page(), address)
        await teams.open()
        await teams.write("hei")
        await teams.sees("Steg 0")
        for n in range(4):
            await teams.choose(f"1. Utsagn {n}", "Enig")
            await teams.choose(f"11. Utsagn {n}", "Uenig")
            await teams.choose("Flere", "Nøytral", "Uenig")
            await teams.choose("Kolonne", "Nøytral")
            await teams.fill("Hvorfor", f"Fordi {n}.\nOg så.")
            await teams.tick("Jeg samtykker")
            answer = await teams.press("Neste")
            assert answer["value"]["body"][0]["text"] == f"Steg {n + 1}"
            await teams.sees(f"Steg {n + 1}")
        await teams.press("Full")
        assert await teams.note.inner_text() == "Alt er fullt"

    assert bot.words == ["hei"]
    assert bot.pressed[:-1] == [
        {
            "n": n,
            "pile.1": "enig",
            "pile.11": "uenig",
            "some": "nøytral,uenig",
            "one": "nøytral",
            "why": f"Fordi {n}.\nOg så.",
            "yes": "true",
        }
        for n in range(4)
    ]


async def test_group_chats_and_channels_are_spoken_to_with_a_mention(
    browser: BrowserContext, stub: tuple[Stub, str], tmp_path: Path
) -> None:
    bot, endpoint = stub
    async with playground(endpoint, free_port(), tmp_path) as address:
        teams = TeamsPage(await browser.new_page(), address)
        await teams.open()
        await teams.go_to("Kollegagruppa")
        await teams.write("dette er ikke til boten")
        for conversation in ("Kollegagruppa", "Lillevik - Refleksjon", "Lillevik - General"):
            await teams.go_to(conversation)
            await teams.write("hjelp", to_bot=True)
            await teams.sees("Steg 0")
            await teams.choose("1. Utsagn 0", "Enig")
            await teams.choose("11. Utsagn 0", "Enig")
            await teams.press("Neste")
            await teams.sees("Steg 1")

    assert bot.words == ["<at>Kollegial</at> hjelp"] * 3
    assert len(bot.pressed) == 3


async def test_the_canvas_takes_keys_and_finds_what_a_reader_of_screens_misses(
    canvas: Canvas,
) -> None:
    drawn = await canvas.draw(step(3)["content"], PHONE)
    assert await canvas.overflow() == 0
    assert await canvas.violations() == []

    await drawn.get_by_role("radio").first.focus()
    for key in ("Space", "Tab", "Space", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Enter"):
        await canvas.page.keyboard.press(key)
    assert [(a["verb"], a["data"]["pile.11"]) for a in await canvas.pressed()] == [("next", "enig")]

    await canvas.draw(
        {"type": "AdaptiveCard", "body": [{"type": "Input.Text", "id": "unlabelled"}]}
    )
    assert [violation.partition(":")[0] for violation in await canvas.violations()] == ["label"]
