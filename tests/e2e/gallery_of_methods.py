"""Every card of every method in three languages, a sheet for each: `make gallery`."""

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Locator

from bot.methods import shipped
from bot.texts import texts
from dialogs.method import Method
from dialogs.study import LANGUAGES, Language
from tests.e2e.canvas import Canvas
from tests.e2e.started import chromium
from tests.support.session_cards import every_card, resting

GALLERY = Path(__file__).parents[2] / "docs/gallery"
CARD = 380
"""Width of a card in CSS pixels, between a phone and a chat on a desktop."""
COLUMNS = 6
GAP, LABEL = 12, 22
"""Pixels between cards, and above each for its name."""
COLOURS = 12
"""Of the palette: text on a few plain backgrounds needs no more."""


async def sheet(canvas: Canvas, method: Method, language: Language) -> Image.Image:
    """Every card in the order of the session, filled into the shortest column."""
    say = texts(language)
    pictures = []
    for name, card in [*every_card(method, say), *resting(method, say)]:
        pictures.append((name, await _picture(await canvas.draw(card, CARD))))
    return _arranged(pictures)


async def _picture(drawn: Locator) -> Image.Image:
    return Image.open(io.BytesIO(await drawn.screenshot(animations="disabled")))


def _arranged(pictures: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """Down the columns, as one reads."""
    taken = sum(LABEL + picture.height + GAP for _, picture in pictures)
    limit = taken / COLUMNS
    x, y, places = GAP, GAP, []
    for name, picture in pictures:
        if y > limit:
            x, y = x + CARD + GAP, GAP
        places.append((x, y, name, picture))
        y += LABEL + picture.height + GAP
    height = max(y + LABEL + picture.height for _, y, _, picture in places) + GAP
    whole = Image.new("RGB", (x + CARD + GAP, height), "#e0e0e0")
    pen = ImageDraw.Draw(whole)
    for x, y, name, picture in places:
        pen.text((x, y + 4), name, fill="#242424")
        whole.paste(picture, (x, y + LABEL))
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


def contents(methods: Sequence[Method]) -> str:
    """The list of sheets."""
    rows = [
        f"| {method.title['en']} (`{method.id}`) | "
        + " | ".join(f"[{language}]({method.id}.{language}.png)" for language in LANGUAGES)
        + " |"
        for method in methods
    ]
    return "\n".join(
        [
            "# Every card of every method",
            "",
            "In the group, on the panel, in one's own part and on forms: as the phase opens, when",
            "all have written, and when it is shown. People and words are invented.",
            "`make gallery` takes the pictures anew, with Microsoft's own renderer of cards.",
            "",
            "| method | " + " | ".join(LANGUAGES) + " |",
            "|---|" + "---|" * len(LANGUAGES),
            *rows,
            "",
        ]
    )


async def main() -> None:
    GALLERY.mkdir(parents=True, exist_ok=True)
    methods = shipped()
    async with chromium() as browser:
        canvas = Canvas(await browser.new_page())
        for method in methods:
            for language in LANGUAGES:
                picture = await sheet(canvas, method, language)
                picture.save(GALLERY / f"{method.id}.{language}.png", optimize=True)
    (GALLERY / "README.md").write_text(contents(methods), "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
