"""Teams as somebody uses it: the Playground's page, by what can be read and pressed."""

import json
import re
from pathlib import Path

from playwright.async_api import Locator, Page, WebSocket, expect

from bot.gateway.events import Json

_OUTERMOST_CARD = (
    "xpath=//*[contains(@class, 'ac-adaptiveCard')]"
    "[not(ancestor::*[contains(@class, 'ac-adaptiveCard')])]"
)


class TeamsPage:
    """One person at the page. Every step waits for what it causes, and never for a time."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.cards: dict[str, tuple[str, Json]] = {}
        """What the page was given to draw: conversation and card by message, the newest last."""
        self._in_channel = False
        self._filled: list[tuple[Locator, str]] = []
        page.on("websocket", self._listen)

    async def open(self) -> None:
        """The personal chat with the bot."""
        async with self.page.expect_response("**/installation"):
            await self.page.goto(self.address)
        await self.page.get_by_title("Hide log panel").click()

    async def go_to(self, conversation: str) -> None:
        """`Personal Chat`, the group chat's name, or `Team - Channel`."""
        self._in_channel = " - " in conversation
        await self.page.get_by_role("treeitem", name=conversation, exact=True).click()

    # --- Reading ---

    @property
    def card(self) -> Locator:
        """The newest card. Channels show the newest post at the top."""
        return self.cards_shown.first if self._in_channel else self.cards_shown.last

    @property
    def cards_shown(self) -> Locator:
        """All of the conversation."""
        return self.page.locator(_OUTERMOST_CARD)

    @property
    def note(self) -> Locator:
        """The line below a card with the bot's answer to a press."""
        return self.page.get_by_label("Dismiss Invoke Message").locator("xpath=..")

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the newest card says this."""
        await expect(self.card).to_contain_text(text)

    async def hears(self, text: str | re.Pattern[str]) -> None:
        """Wait until a message says this."""
        await expect(self.page.get_by_text(text).last).to_be_visible()

    # --- Acting ---

    async def write(self, text: str, *, to_bot: bool = False) -> None:
        """Send a message; `to_bot` mentions the bot, as group chats and channels demand."""
        box = self.page.get_by_role("textbox").and_(self.page.locator("[contenteditable]"))
        await (box.first if self._in_channel else box.last).click()
        if to_bot:
            await self.page.keyboard.insert_text("@K")
            await self.page.get_by_role("menuitem", name="Kollegial").click()
        await self.page.keyboard.insert_text(f" {text}" if to_bot else text)
        async with self.page.expect_response("**/_conversation/v1/conversations/*/messages"):
            if self._in_channel:
                await self.page.get_by_role("button", name="Post", exact=True).click()
            else:
                await self.page.keyboard.press("Enter")

    async def choose(self, label: str, *options: str) -> None:
        """Choose in the input with this label: radio buttons, check boxes or a drop-down."""
        field = await self._labelled(self.card, label)
        if await field.get_attribute("role") == "combobox":
            (option,) = options
            await field.click()
            await self.page.get_by_role("option", name=option, exact=True).click()
            await expect(field).to_have_value(option)
            await self._remember(field)
            return
        for option in options:
            await self._check(field, option)

    async def tick(self, title: str) -> None:
        """Tick a toggle."""
        await self._check(self.card, title)

    async def fill(self, label: str, text: str) -> None:
        """Fill a text input."""
        field = await self._labelled(self.card, label)
        await field.fill(text)
        await self._remember(field)

    async def press(self, title: str, *, under: str = "") -> Json:
        """Press a button on the newest card; returns the bot's answer, which is then shown.

        `under` is a text: the first such button below it is meant.

        What was filled in must still be there: a card that is redrawn under
        somebody's hands loses their work.
        """
        return await self._press(self.button(title, under=under), title)

    async def press_lowest(self, title: str) -> Json:
        """The same, on the newest card that has such a button."""
        return await self._press(self.lowest(title), title)

    async def _press(self, button: Locator, title: str) -> Json:
        for field, value in self._filled:
            kept = await field.count() and await field.evaluate(_STATE) == value
            assert kept, f"The card was redrawn before {title} was pressed"
        self._filled.clear()
        async with self.page.expect_response("**/_conversation/v1/invoke") as waiting:
            await button.click()
        body = await (await waiting.value).text()
        await self.page.evaluate(_STILL)
        answer: Json = json.loads(body or "{}")
        return answer

    async def unfold(self, title: str) -> None:
        """Press what changes only the page: help that unfolds, a question before an action."""
        await self.button(title).click()

    def button(self, title: str, *, under: str = "") -> Locator:
        """A button on the newest card."""
        buttons = self.card.get_by_role("button", name=title, exact=True)
        if under:
            text = self.card.get_by_text(under, exact=True)
            return text.locator("xpath=following::*").and_(buttons).first
        return buttons

    def lowest(self, title: str) -> Locator:
        """The last button of this name in the chat, on whichever card."""
        return self.cards_shown.get_by_role("button", name=title, exact=True).last

    async def picture(self, path: Path) -> None:
        """Save what the page shows."""
        await self.page.screenshot(path=path, animations="disabled")

    async def _check(self, within: Locator, label: str) -> None:
        button = await self._labelled(within, label)
        await button.check()
        await self._remember(button)

    async def _labelled(self, within: Locator, label: str) -> Locator:
        # The renderer ties every label to its input, whatever the kind, by `for`.
        words = self.page.get_by_text(label, exact=True)
        mark = (
            within.locator("label[for]")
            .filter(has=words)
            .or_(within.locator("label[for]").and_(words))
        )
        return within.locator(f"[id='{await mark.get_attribute('for')}']")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._receive)

    def _receive(self, frame: str | bytes) -> None:
        match json.loads(frame):
            case {
                "action": "createMessage" | "updateMessage",
                "actionConversationId": str(conversation),
                "message": {"messageId": str(ident), "attachments": [{"content": dict(card)}]},
            }:
                self.cards[ident] = (conversation, card)

    async def _remember(self, field: Locator) -> None:
        self._filled.append((field, await field.evaluate(_STATE)))


_STATE = "field => field.matches('[type=radio],[type=checkbox]') ? field.checked : field.value"

# A press redraws the card up to three times: when it is pressed, when the bot updates it and when
# the bot answers. All of it is done when some frames go by and nothing new appears.
_STILL = """
() => new Promise((done) => {
  let still = 0;
  const watch = new MutationObserver(() => { still = 0; });
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  const frame = () => {
    still += 1;
    if (still < 6) return requestAnimationFrame(frame);
    watch.disconnect();
    done();
  };
  requestAnimationFrame(frame);
})
"""
