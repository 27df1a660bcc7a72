"""A bare page that draws one card: for pictures, the keyboard and the accessibility check."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page

from bot.gateway.events import Json
from cli.playground import ROOT
from simulation import cards

BUNDLE = ROOT / "node_modules/adaptivecards/dist/adaptivecards.min.js"

PHONE = 320
DESKTOP = 600
"""Widths in CSS pixels: a small phone, and a chat on a desktop."""

MAX_TABS = 100
"""More than any card has to stop at."""

_PAGE = """
<!doctype html><html lang="nb"><title>Kort</title>
<style>
  body { margin: 0; font-family: "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
  main { padding: 8px; box-sizing: border-box; }
  ul { margin: 0; padding-left: 20px; box-sizing: border-box; }
  button { font: inherit; padding: 6px 12px; border: 1px solid #d1d1d1; border-radius: 4px;
    background: #fff; color: #242424; max-width: 100%; }
  button.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff; }
  button.style-destructive { background: #fff; border-color: #b10e1c; color: #b10e1c; }
  .ac-actionSet { flex-wrap: wrap; row-gap: 4px; }
  input[type=radio], input[type=checkbox] { width: 24px; height: 24px; flex: none; }
  input[type=text], textarea, select { font: inherit; padding: 6px; box-sizing: border-box;
    border: 1px solid #808080; border-radius: 4px; }
</style>
<main></main>
"""

# The colours and sizes of Teams in its light theme; Markdown as far as our texts use it.
_DRAW = """
card => {
  const grey = "#f5f5f5";
  const dark = { default: "#242424", subtle: "#616161" };
  const colour = (value) => ({ default: value, subtle: value });
  const ink = {
    default: dark, dark, light: colour("#ffffff"), accent: colour("#4f52b2"),
    good: colour("#0e700e"), warning: colour("#835c00"), attention: colour("#b10e1c"),
  };
  const style = (backgroundColor) => ({ backgroundColor, foregroundColors: ink });
  window.pressed = [];
  const config = new AdaptiveCards.HostConfig({
    fontFamily: "inherit", supportsInteractivity: true,
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    separator: { lineThickness: 1, lineColor: "#d1d1d1" },
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
    containerStyles: {
      default: style("#ffffff"), emphasis: style(grey), accent: style("#e8ebfa"),
      good: style("#f1faf1"), warning: style("#fff9f5"), attention: style("#fdf3f4"),
    },
    textBlock: { headingLevel: 2 },
    actions: {
      maxActions: 6, buttonSpacing: 4, showCard: { actionMode: "inline" },
      actionsOrientation: "horizontal", actionAlignment: "left",
    },
  });
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    result.outputHtml = escaped
      .replace(/\\*\\*(.+?)\\*\\*/g, "<b>$1</b>")
      .replace(/^- (.*)$/gm, "<li>$1</li>")
      .replace(/(<li>.*<\\/li>\\s*)+/g, "<ul>$&</ul>")
      .replace(/\\\\(_|[^\\w\\s])/g, "$1")
      .replace(/\\n\\n/g, "<br>");
    result.didProcess = true;
  };
  const drawn = new AdaptiveCards.AdaptiveCard();
  drawn.hostConfig = config;
  drawn.onExecuteAction = (action) => action instanceof AdaptiveCards.ExecuteAction &&
    window.pressed.push({ title: action.title, verb: action.verb, data: action.data });
  drawn.parse(card);
  document.querySelector("main").replaceChildren(drawn.render());
  drawn.updateLayout();
}
"""


def of_each_kind(every: Iterable[Json]) -> list[Json]:
    """One card of each kind: what a card is built of, whatever it says."""

    def built_of(card: Json) -> frozenset[tuple[object, ...]]:
        what = ("type", "style", "isMultiSelect", "isRequired", "verb")
        return frozenset(tuple(map(element.get, what)) for element in cards.elements(card))

    return list({built_of(card): card for card in every}.values())


class Canvas:
    def __init__(self, page: Page) -> None:
        self.page = page
        self._width = 0

    async def draw(self, card: Json, width: int = DESKTOP) -> Locator:
        """Draw a card `width` CSS pixels wide, in the place of the last one."""
        main = self.page.locator("main")
        if not await main.count():
            await self.page.set_content(_PAGE)
            await self.page.add_script_tag(path=BUNDLE)
        if self._width != width:  # laying out anew takes longer than drawing
            await self.page.set_viewport_size({"width": width, "height": 800})
            self._width = width
        await self.page.evaluate(_DRAW, card)
        return main

    async def tab_to(self, name: str) -> None:
        """Press Tab until a screen reader would say this, in part at least."""
        said: list[str] = []
        for _ in range(MAX_TABS):
            await self.page.keyboard.press("Tab")
            focused = await self.page.locator(":focus").aria_snapshot()
            said.append(focused.partition("\n")[0])
            if name in said[-1]:
                return
        raise AssertionError(f"Tab leads to none called {name!r}, only to {said}")

    async def overflow(self) -> int:
        """CSS pixels that the card is wider than the page."""
        wide: int = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide

    async def pressed(self) -> list[Json]:
        """`title`, `verb` and `data` (inputs merged in) of all that a bot would hear of."""
        actions: list[Json] = await self.page.evaluate("window.pressed")
        return actions

    async def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA, each with the elements concerned."""
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found: Any = await Axe().run(self.page, "main", {"runOnly": tags})
        return [
            f"{v['id']}: {v['help']}: {[n['html'] for n in v['nodes']]}"
            for v in found.response["violations"]
        ]

    async def picture(self, path: Path) -> None:
        """Save the whole card."""
        await self.page.locator("main").screenshot(path=path, animations="disabled")
