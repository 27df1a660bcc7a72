"""Every card of every method in three languages, a sheet for each: `make gallery`."""

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

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
WIDTH = COLUMNS * (CARD + 12)
COLOURS = 4
"""Of the palette: text on a few plain backgrounds needs no more, and thirty sheets stay small."""

_KEEP = """
(main, [name, card, width]) => {
  let sheet = document.querySelector("#sheet");
  if (!sheet) {
    sheet = document.createElement("div");
    sheet.id = "sheet";
    document.body.append(sheet);
  }
  sheet.style = `display: none; columns: ${card}px; column-gap: 12px; width: ${width}px;
    background: #e0e0e0`;
  const figure = document.createElement("figure");
  figure.style = `margin: 0; padding-bottom: 12px; break-inside: avoid; width: ${card}px`;
  const drawn = document.createElement("div");
  drawn.style = "padding: 8px; background: #fff";
  drawn.append(...main.cloneNode(true).childNodes);
  figure.append(name, drawn);
  sheet.append(figure);
}
"""


async def sheet(canvas: Canvas, method: Method, language: Language) -> Image.Image:
    """Every card in the order of the session, down the columns."""
    say = texts(language)
    for name, card in [*every_card(method, say), *resting(method, say)]:
        drawn = await canvas.draw(card, CARD)
        await drawn.evaluate(_KEEP, [name, CARD, WIDTH])
    await canvas.page.set_viewport_size({"width": WIDTH, "height": 800})
    whole = canvas.page.locator("#sheet")
    await whole.evaluate("sheet => { sheet.style.display = 'block'; }")
    picture = Image.open(io.BytesIO(await whole.screenshot(animations="disabled")))
    await whole.evaluate("sheet => sheet.remove()")
    return picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


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
