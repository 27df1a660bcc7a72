"""Pictures of the real screens, for the documentation: `python -m tests.e2e.gallery`."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import BrowserContext

from bot.sessions.methods import shipped as shipped_methods
from bot.studies.cards.qsort import SortView, draw
from bot.ui.texts import texts
from dialogs.studies import qsort
from dialogs.studies.study import Study
from tests.bot.studies.test_cards import NONCE, TOKEN, drafts, shipped
from tests.e2e.canvas import DESKTOP, PHONE, Canvas
from tests.e2e.colleagues import colleagues
from tests.e2e.leading import Leader
from tests.e2e.rehearsing import Rehearser
from tests.e2e.sorting import Sorter
from tests.e2e.started import bot_in, chromium, teams_page
from tests.e2e.teams import TeamsPage
from tests.e2e.test_whole_sort import a_sort
from tests.support.session_cards import every_card

PICTURES = Path(__file__).parents[2] / "docs/pictures"
SAY = texts("nb")
LEFT, ABOVE, RIGHT, BELOW = 70, 32, 24, 4
"""CSS pixels around a card, in which the Playground shows who wrote it."""


def moments(study: Study) -> dict[tuple[str, int], str]:
    """What is worth a picture: just before this button is pressed for the nth time."""
    read = qsort.pages(study, qsort.READ_PAGE)
    return {
        ("consent.accept", 1): "consent",
        ("qsort.next", read + 1): "piles",
        ("qsort.place", 7): "grid",
        ("qsort.approve", 1): "review",
        ("qsort.deliver", 1): "delivering",
        ("delivered.noted", 1): "receipt",
    }


@dataclass(frozen=True)
class Photographer(Sorter):
    """Sorts, and takes pictures on the way."""

    pressed: Counter[str] = field(default_factory=Counter)

    async def press(self, key: str, **values: object) -> None:
        self.pressed[key] += 1
        if name := moments(self.study).get((key, self.pressed[key])):
            await picture_of_card(self.teams, name)
        await super().press(key, **values)


async def picture_of_card(teams: TeamsPage, name: str, *, above: int = 0) -> None:
    """The newest card, so many above it, and who wrote them."""
    page = teams.page
    before = page.viewport_size
    assert before is not None
    await page.set_viewport_size({**before, "height": 2600})
    box = await teams.card.bounding_box()
    top = await teams.cards_shown.nth(-1 - above).bounding_box() if above else box
    assert box is not None
    assert top is not None
    await page.screenshot(
        path=PICTURES / f"{name}.png",
        clip={
            "x": box["x"] - LEFT,
            "y": top["y"] - ABOVE,
            "width": LEFT + box["width"] + RIGHT,
            "height": ABOVE + box["y"] - top["y"] + box["height"] + BELOW,
        },
        animations="disabled",
    )
    await page.set_viewport_size(before)


async def desktop(browser: BrowserContext, study: Study) -> None:
    """From the invitation to the receipt, in the Playground."""
    with tempfile.TemporaryDirectory() as folder:
        async with bot_in(Path(folder)) as bot, teams_page(browser, bot) as teams:
            await teams.write("språk bokmål")
            await teams.go_to("Lillevik - Refleksjon")
            await teams.write(SAY("command.invite.title"), to_bot=True)
            await teams.sees(SAY("invite.heading"))
            await picture_of_card(teams, "invitation")
            await teams.go_to("Personal Chat")
            await Photographer(teams, SAY, study, a_sort(study, seed=1)).sort()


PANELS = {"panel-before", "panel-episoder", "panel-alternativer-hidden"}
"""The states of the panel that are worth a picture."""
ALONE = {"form logg 1": "log-form", "alternativer, own": "own-part"}
"""Cards of one's own, which no page shows but the member's."""


async def session(browser: BrowserContext) -> None:
    """The card of each phase as the group sees it, the panel, and one's own."""
    method = next(each for each in shipped_methods() if each.id == "veiledningsgruppe")
    with tempfile.TemporaryDirectory() as folder:
        async with bot_in(Path(folder)) as bot, teams_page(browser, bot) as teams:

            async def look(name: str) -> None:
                if not name.startswith("panel-") or name in PANELS:
                    await picture_of_card(teams, f"session/{name}")

            await teams.write("språk bokmål")
            circle = colleagues(teams, 4)
            await Leader(teams, SAY, method, circle, chosen=circle[1], look=look).lead()
    canvas = Canvas(await browser.new_page())
    for name, card in every_card(method, SAY):
        if picture := ALONE.get(name):
            await canvas.draw(card, DESKTOP)
            await canvas.picture(PICTURES / f"session/{picture}.png")


REHEARSED = {"before": 1, "skjedde": 0, "kollega": 1, "ended": 0}
"""The moments of a rehearsal that are worth a picture, and how many cards above the newest."""


async def rehearsal(browser: BrowserContext) -> None:
    """Alone in one's own chat, from the choice of a method to the end."""
    method = next(each for each in shipped_methods() if each.id == "fem_minutter")
    with tempfile.TemporaryDirectory() as folder:
        async with bot_in(Path(folder)) as bot, teams_page(browser, bot) as teams:

            async def look(name: str) -> None:
                if name in REHEARSED:
                    await picture_of_card(teams, f"rehearsal/{name}", above=REHEARSED[name])

            await teams.write("språk bokmål")
            await Rehearser(teams, SAY, method, look).lead()


async def phone(browser: BrowserContext, study: Study) -> None:
    """Cards by themselves, on a narrow screen."""
    canvas = Canvas(await browser.new_page())
    halfway = {draft.stage.kind: draft for draft in drafts(study)}
    for stage in ("presorting", "sorting"):
        await canvas.draw(draw(SortView(study, SAY, TOKEN, NONCE), halfway[stage]), PHONE)
        await canvas.picture(PICTURES / f"phone-{stage}.png")


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    study = shipped()
    async with chromium() as browser:
        await desktop(browser, study)
        await session(browser)
        await rehearsal(browser)
        await phone(browser, study)


if __name__ == "__main__":
    asyncio.run(main())
