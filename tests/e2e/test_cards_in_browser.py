"""Every card, drawn: wide enough for a phone, open to the keyboard and to readers of screens."""

import pytest
from playwright.async_api import expect

from bot.gateway.events import Json
from bot.studies.cards.qsort import SortView, draw
from bot.ui.texts import texts
from dialogs.studies import qsort
from dialogs.studies.qsort import Draft
from dialogs.studies.study import Statement
from tests.bot.studies.test_cards import NONCE, TOKEN, drafts, every_card, shipped
from tests.e2e.canvas import DESKTOP, PHONE, Canvas, of_each_kind
from tests.support.studies import LARGE

pytestmark = pytest.mark.browser

STUDY = shipped()
SAY = texts("nb")
DESK = SortView(STUDY, SAY, TOKEN, NONCE)


def drafts_at(stage: str) -> list[Draft]:
    """Those of the shipped study that wait at a stage."""
    return [draft for draft in drafts(STUDY) if draft.stage.kind == stage]


async def test_no_card_is_wider_than_its_chat(canvas: Canvas) -> None:
    for width in (DESKTOP, PHONE):
        for card in (*every_card(STUDY, SAY), *every_card(LARGE, SAY)):
            await canvas.draw(card, width)
            assert await canvas.overflow() == 0, (width, card)


async def test_no_card_is_closed_to_anyone(canvas: Canvas) -> None:
    """What a program can check of WCAG 2.2 A and AA, on one card of each kind."""
    for card in of_each_kind(every_card(STUDY, SAY)):
        await canvas.draw(card, PHONE)
        assert await canvas.violations() == [], card


async def test_help_unfolds_by_keyboard(canvas: Canvas) -> None:
    (draft, *_) = drafts_at("reading")
    drawn = await canvas.draw(draw(DESK, draft), PHONE)
    helped = next(s for s in STUDY.statements if s.help)
    explained, general = drawn.get_by_text(helped.help["nb"]), drawn.get_by_text("Her leser du")
    await expect(explained).to_be_hidden()
    await expect(general).to_be_hidden()

    await canvas.tab_to(SAY("qsort.help"))
    await canvas.page.keyboard.press("Enter")
    await expect(general).to_be_visible()
    await canvas.tab_to(SAY("qsort.statement.help", number=DESK.number(helped)))
    await canvas.page.keyboard.press("Enter")
    await expect(explained).to_be_visible()
    assert await canvas.pressed() == []


async def test_piles_are_filled_by_keyboard(canvas: Canvas) -> None:
    (draft, *_) = drafts_at("presorting")
    await canvas.draw(draw(DESK, draft), PHONE)
    given = {}
    for n, statement in enumerate(qsort.page_of(STUDY, 0, qsort.PRESORT_PAGE)):
        await canvas.tab_to(f"{DESK.numbered(statement)} {SAY('qsort.pile.agree')}")
        for key in ("Space", *["ArrowDown"] * (n % 3)):
            await canvas.page.keyboard.press(key)
        given[f"pile.{statement.id}"] = ("agree", "neutral", "disagree")[n % 3]

    assert given.items() <= (await enter(canvas, SAY("qsort.next")))["data"].items()


async def test_the_grid_is_filled_by_keyboard(canvas: Canvas) -> None:
    one, several, *_ = drafts_at("sorting")

    await canvas.draw(draw(DESK, one), PHONE)
    _, _, third, *_ = candidates(one)
    await canvas.tab_to(DESK.numbered(candidates(one)[0]))
    for key in ("Space", "ArrowDown", "ArrowDown"):
        await canvas.page.keyboard.press(key)
    assert (await enter(canvas, SAY("qsort.place")))["data"]["chosen"] == third.id

    await canvas.draw(draw(DESK, several), PHONE)
    first, _, third, *_ = candidates(several)
    for statement in (first, third):
        await canvas.tab_to(DESK.numbered(statement))
        await canvas.page.keyboard.press("Space")
    pressed = await enter(canvas, SAY("qsort.place"))
    assert pressed["data"]["chosen"] == f"{first.id},{third.id}"


def candidates(draft: Draft) -> tuple[Statement, ...]:
    prompt = qsort.prompt(STUDY, draft.board)
    assert prompt is not None
    return tuple(prompt.candidates)


async def test_a_statement_is_moved_by_keyboard(canvas: Canvas) -> None:
    (draft,) = drafts_at("reviewing")
    await canvas.draw(draw(DESK, draft), PHONE)
    for label, down in (("qsort.reviewing.first", 3), ("qsort.reviewing.to_column", 8)):
        await canvas.tab_to(SAY(label))
        for _ in range(down):
            await canvas.page.keyboard.press("ArrowDown")
    data = (await enter(canvas, SAY("qsort.change")))["data"]
    assert (data["first"], data["column"]) == ("s3", "-2")


async def test_reasons_are_given_by_keyboard(canvas: Canvas) -> None:
    (draft,) = drafts_at("explaining")
    await canvas.draw(draw(DESK, draft), PHONE)
    (top,) = qsort.column_of(STUDY, draft.board, max(STUDY.grid.values))
    await canvas.tab_to(DESK.text(top))
    await canvas.page.keyboard.type("Fordi.")
    await canvas.tab_to(STUDY.questions[1].text["nb"])
    await canvas.page.keyboard.type("Greit")
    await canvas.tab_to(SAY("qsort.explaining.comment"))
    await canvas.page.keyboard.type("Takk.")

    data = (await enter(canvas, SAY("qsort.next")))["data"]
    assert (data[f"reason.{top.id}"], data["answer.sorting"]) == ("Fordi.", "fair")
    assert data["comment"] == "Takk."


async def test_a_sort_is_deleted_by_keyboard_only_after_a_question(canvas: Canvas) -> None:
    (draft,) = drafts_at("delivering")
    drawn = await canvas.draw(draw(DESK, draft), PHONE)
    await canvas.tab_to(SAY("qsort.break"))
    await canvas.page.keyboard.press("Enter")
    await expect(drawn.get_by_text(SAY("qsort.break.question"))).to_be_visible()
    assert await canvas.pressed() == []

    assert (await enter(canvas, SAY("qsort.break.confirm")))["verb"] == "qsort.break"


async def enter(canvas: Canvas, title: str) -> Json:
    """Tab on to a button and press it: what a client then sends."""
    await canvas.tab_to(f'button "{title}"')
    await canvas.page.keyboard.press("Enter")
    (pressed,) = await canvas.pressed()
    return pressed
