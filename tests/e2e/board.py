"""One participant at the board in a real browser, and the ways in which people use it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Request, expect

from dialogs.studies.study import Study

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pile_of(column: int) -> str:
    return "agree" if column > 0 else "disagree" if column < 0 else "neutral"


class Board:
    """A tab with the board. What went wrong in it, and what it asked, is kept."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.wrong: list[str] = []
        self.provoked: tuple[str, ...] = ("Failed to load resource",)
        """What a test makes the browser complain of."""
        self.requests: list[Request] = []
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 - Playwright cannot keep a method of a list

    @property
    def complaints(self) -> list[str]:
        return [each for each in self.wrong if not any(part in each for part in self.provoked)]

    async def begin(self, study: Study) -> None:
        """From the link to the first statement."""
        await self.page.goto(f"{self.url}/tavle/studie/{study.id}?l=nb")
        await self.page.locator("#consent .primary").click()
        await self.page.locator(".reading .primary").click()
        await expect(self.page.locator("#one")).to_be_focused()

    async def resume(self, token: str) -> None:
        await self.page.goto(f"{self.url}/tavle?l=nb#t={token}")

    async def pile_by_keys(self, plan: Mapping[str, int]) -> None:
        for column in plan.values():
            await self.page.keyboard.press(
                {"disagree": "1", "neutral": "2", "agree": "3"}[pile_of(column)]
            )
        await self.on_to_the_grid()

    async def pile_by_tapping(self, plan: Mapping[str, int]) -> None:
        for column in plan.values():
            await self.page.locator(f'[data-put="{pile_of(column)}"]').click()
        await self.on_to_the_grid()

    async def on_to_the_grid(self) -> None:
        await self.page.locator("#to-grid").click()
        await expect(self.page.locator(".sorting")).to_be_visible()

    def card(self, statement: str) -> Any:
        return self.page.locator(f'[data-id="{statement}"]')

    async def take_pile(self, column: int) -> None:
        """Bring the pile to the front that a statement for this column lies in."""
        tab = self.page.locator(f'[data-pile="{pile_of(column)}"]')
        if await tab.get_attribute("aria-pressed") != "true":
            await tab.click()

    async def take(self, statement: str, column: int) -> None:
        """Have a statement in hand: the board brings the next pile when one is empty."""
        async with asyncio.timeout(20):
            while not await self.card(statement).count():
                await self.take_pile(column)
                await self.page.evaluate("new Promise(requestAnimationFrame)")

    def empty(self, column: int) -> Any:
        return self.page.locator(f'[data-column="{column}"] .empty').first

    async def lay_by_tapping(self, plan: Mapping[str, int]) -> None:
        for statement, column in plan.items():
            await self.take(statement, column)
            await self.card(statement).click()
            await self.empty(column).click()

    async def lay_by_chips(self, plan: Mapping[str, int]) -> None:
        """On a phone: a press on the statement, and one on its column."""
        for statement, column in plan.items():
            await self.take(statement, column)
            await self.card(statement).click()
            await self.page.locator(f'.chip[data-column="{column}"]').click()

    async def lay_by_dragging(self, plan: Mapping[str, int]) -> None:
        for statement, column in plan.items():
            await self.take(statement, column)
            await self.empty(column).scroll_into_view_if_needed()
            await self.card(statement).scroll_into_view_if_needed()
            await self.drag(self.card(statement), self.empty(column))
            # Before the next is taken: what has come to lie moves what lies beside it.
            lying = self.page.locator(f'[data-column="{column}"] [data-id="{statement}"]')
            await expect(lying.first).to_be_visible()
            await self.saved()

    async def drag(self, source: Any, target: Any) -> None:
        await self.lift(source)
        await self.drop(target)

    async def lift(self, source: Any) -> None:
        """The first half of a drag."""
        begin = await source.bounding_box()
        await self.page.mouse.move(begin["x"] + 20, begin["y"] + 20)
        await self.page.mouse.down()
        await self.page.mouse.move(begin["x"] + 40, begin["y"] + 30)

    async def drop(self, target: Any) -> None:
        """The second half."""
        end = await target.bounding_box()
        await self.page.mouse.move(
            end["x"] + end["width"] / 2, end["y"] + min(20, end["height"] / 2)
        )
        await self.page.mouse.up()

    async def middle(self, element: Any) -> dict[str, float]:
        """The middle of an element, in CSS pixels of the window."""
        box = await element.bounding_box()
        return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}

    async def lay_by_keys(self, study: Study, plan: Mapping[str, int]) -> None:
        """With nothing but the keyboard: whatever statement comes first in the pile in hand."""
        press = self.page.keyboard.press
        values = list(study.grid.values)
        lying = dict.fromkeys(values, 0)
        await self.page.locator(".hand [data-grip]").first.focus()
        for _ in plan:
            statement = await self.page.evaluate("document.activeElement.dataset.id")
            column = plan[statement]
            await press("Enter")
            await press("Home")
            for _ in range(values.index(column)):
                await press("ArrowRight")
            for _ in range(lying[column]):
                await press("ArrowDown")
            await press("Enter")
            lying[column] += 1
            await expect(self.card(statement)).to_be_focused()
            await press("n")

    async def finish(self, comment: str = "") -> str:
        """From the full grid to the receipt; the pseudonym."""
        await self.page.locator("#approve").click()
        await self.page.locator("#comment").fill(comment)
        await self.page.locator("#go").click()
        await self.page.locator("#deliver").click()
        await expect(self.page.locator(".delivered")).to_be_visible()
        return await self.page.locator("#pseudonym").inner_text()

    async def said(self, words: str) -> None:
        """What the live region says, for those who listen."""
        await expect(self.page.locator("#live")).to_have_text(words)

    async def saved(self) -> None:
        await expect(self.page.locator("#state")).to_have_text("Lagret")

    async def faults(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA and good practice."""
        # What is still moving in is judged where it has come to, and what fades is gone.
        await self.page.evaluate(
            """Promise.allSettled(document.getAnimations().map((a) => {
              if (a.effect.getComputedTiming().duration >= 1000) a.finish();
              return a.finished;
            }))"""
        )
        found: Any = await Axe().run(self.page, None, {"runOnly": TAGS})
        return [
            f"{v['id']}: {v['help']}: {[n['html'][:200] for n in v['nodes']]}"
            for v in found.response["violations"]
        ]

    async def overflow(self) -> int:
        """CSS pixels that the page is wider than its window."""
        wide: int = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide

    async def leaks(self, secret: str) -> list[str]:
        """Where a secret got to that is neither the header nor a body of a request to the bot."""
        places = []
        for request in self.requests:
            headers = await request.all_headers()
            if secret in request.url.partition("#")[0]:
                places.append(f"address {request.url}")
            if secret in headers.get("referer", ""):
                places.append(f"referer of {request.url}")
            if not request.url.startswith((self.url, "data:")):
                places.append(f"elsewhere: {request.url}")
        if secret in self.page.url:
            places.append(f"address bar {self.page.url}")
        if secret in await self.page.evaluate(
            "document.cookie + JSON.stringify({...localStorage})"
        ):
            places.append("cookies or storage")
        return places
