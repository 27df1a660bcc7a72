"""Every card of every method and questionnaire in three languages, on sheets: `make gallery`.

Ids after the module's name draw only those.
"""

import asyncio
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from PIL import Image

from bot.gateway.events import Json
from bot.sessions.methods import shipped
from bot.ui.texts import Texts, texts
from dialogs.sessions.method import Method
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import LANGUAGES, Language
from tests.bot.groups.test_cards import every_card as of_groups
from tests.bot.reminders.test_cards import every_card as of_reminders
from tests.bot.studies.test_cards import every_card as of_studies
from tests.e2e.canvas import Canvas
from tests.e2e.started import chromium
from tests.support import questionnaires
from tests.support.all_cards import besides
from tests.support.case_cards import case_cards
from tests.support.private_chat_cards import private_chat
from tests.support.questionnaire_cards import course
from tests.support.session_cards import (
    Named,
    each_apart,
    every_card,
    in_small_groups,
    rehearsing,
    resting,
)
from tests.support.studies import SMALL

GALLERY = Path(__file__).parents[2] / "docs/gallery"
CARD = 380
"""Width of a card in CSS pixels, between a phone and a chat on a desktop."""
COLUMNS = 6
WIDTH = COLUMNS * (CARD + 12)
COLOURS = 4
"""Of the palette: text on a few plain backgrounds needs no more, and thirty sheets stay small."""

LARGEST = 16_000
"""Characters of a card's JSON that one can look at."""
_LONG_NAME = re.compile(r"(?:(?:\\\\)?\*){20,}")

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


@dataclass(frozen=True)
class Sheet:
    """Cards that belong to no method and no questionnaire."""

    id: str
    title: Mapping[str, str]
    draw: Callable[[Texts], Iterable[Named]]


def one_by_one(drawn: Callable[[Texts], Iterable[Json]]) -> Callable[[Texts], Iterable[Named]]:
    """Cards that have no names, by their numbers; what tries the limits of a card is left out."""

    def numbered(say: Texts) -> Iterable[Named]:
        for number, card in enumerate(drawn(say), 1):
            shown = _LONG_NAME.sub("Torsdager", json.dumps(card))
            if len(shown) < LARGEST:
                yield f"{number}", json.loads(shown)

    return numbered


SHEETS = (
    Sheet("egen_chat", {"en": "One's own chat, between meetings"}, private_chat),
    Sheet("panelkoe", {"en": "A panel's open queue, and the idea bank"}, case_cards),
    Sheet("grupper", {"en": "A group: planned, signed up for, changed"}, one_by_one(of_groups)),
    Sheet("varsler", {"en": "Reminders, and times of a study"}, one_by_one(of_reminders)),
    Sheet(
        "studie",
        {"en": "A study, from the invitation to the results, and help"},
        one_by_one(lambda say: of_studies(SMALL, say)),
    ),
    Sheet("ellers", {"en": "What is asked, chosen, handed over and deleted"}, one_by_one(besides)),
)
Shown: TypeAlias = Method | Questionnaire | Sheet


def cards(shown: Shown, say: Texts) -> Iterable[Named]:
    """In the order in which people see them."""
    if isinstance(shown, Sheet):
        return shown.draw(say)
    if isinstance(shown, Questionnaire):
        return course(shown, say)
    apart = []
    if shown.led_by == "owner":  # begun from one's own chat, too
        apart = [*each_apart(shown, say), *rehearsing(shown, say)]
    if shown.subgroups:
        apart += in_small_groups(shown, say)
    return [*every_card(shown, say), *resting(shown, say), *apart]


async def sheet(canvas: Canvas, shown: Shown, language: Language) -> Image.Image:
    """Every card, down the columns."""
    for name, card in cards(shown, texts(language)):
        drawn = await canvas.draw(card, CARD)
        await drawn.evaluate(_KEEP, [name, CARD, WIDTH])
    await canvas.page.set_viewport_size({"width": WIDTH, "height": 800})
    whole = canvas.page.locator("#sheet")
    await whole.evaluate("sheet => { sheet.style.display = 'block'; }")
    picture = Image.open(io.BytesIO(await whole.screenshot(animations="disabled")))
    await whole.evaluate("sheet => sheet.remove()")
    return picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


def contents(methods: Sequence[Shown], forms: Sequence[Shown]) -> str:
    """The list of sheets."""

    def table(what: str, rows: Sequence[Shown]) -> list[str]:
        sheets = (
            " | ".join(f"[{language}]({row.id}.{language}.png)" for language in LANGUAGES)
            for row in rows
        )
        return [
            f"| {what} | " + " | ".join(LANGUAGES) + " |",
            "|---|" + "---|" * len(LANGUAGES),
            *(
                f"| {row.title['en']} (`{row.id}`) | {links} |"
                for row, links in zip(rows, sheets, strict=True)
            ),
            "",
        ]

    return "\n".join(
        [
            "# Every card of every method and questionnaire",
            "",
            "Of a method: in the group, on the panel, in one's own part and on forms; as the phase",
            "opens, when all have written, and when it is shown; of one that keeps nothing, also",
            "where each works in their own chat, and as it is rehearsed alone; of one that divides",
            "those who are many, also small groups of thirteen. Of a questionnaire: from the",
            "invitation to the receipt, empty and answered. And what somebody meets in their",
            "own chat between meetings, around a panel's queue, when a group is planned and",
            "changed, in a study, and when they ask for help or are deleted. All people and words",
            "are invented.",
            "`make gallery` takes the pictures anew, with Microsoft's own renderer of cards.",
            "",
            *table("method", methods),
            *table("questionnaire", forms),
            *table("what else", SHEETS),
        ]
    )


def forms() -> list[Questionnaire]:
    """Those that are shipped."""
    paths = sorted(questionnaires.SHIPPED.glob("*.toml"))
    return [form for path in paths for form in questionnaires.shipped(path.stem)]


def everything() -> list[Shown]:
    """What has a sheet."""
    return [*shipped(), *forms(), *SHEETS]


async def main(only: Sequence[str]) -> None:
    GALLERY.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        canvas = Canvas(await browser.new_page())
        for shown in everything():
            if only and shown.id not in only:
                continue
            for language in LANGUAGES:
                picture = await sheet(canvas, shown, language)
                picture.save(GALLERY / f"{shown.id}.{language}.png", optimize=True)
    (GALLERY / "README.md").write_text(contents(shipped(), forms()), "utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
