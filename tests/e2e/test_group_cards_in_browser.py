"""The cards of a group, drawn: wide enough for a phone, open to the keyboard and to readers."""

import pytest
from playwright.async_api import expect

from bot.groups import cards
from bot.ui.texts import texts
from tests.bot.groups.test_cards import PEOPLE, every_card, sheet
from tests.e2e.canvas import DESKTOP, PHONE, Canvas, of_each_kind
from tests.e2e.test_cards_in_browser import enter

pytestmark = pytest.mark.browser

SAY = texts("nb")


async def test_no_card_of_a_group_is_wider_than_its_chat_or_closed_to_anyone(
    canvas: Canvas,
) -> None:
    every = list(every_card(SAY))
    for width in (DESKTOP, PHONE):
        for card in every:
            await canvas.draw(card, width)
            assert await canvas.overflow() == 0, (width, card)
    for card in of_each_kind(every):
        await canvas.draw(card, PHONE)
        assert await canvas.violations() == [], card


async def test_a_meeting_is_called_off_by_keyboard(canvas: Canvas) -> None:
    group = sheet(*PEOPLE)
    drawn = await canvas.draw(cards.panel(SAY, group), PHONE)
    do = drawn.get_by_role("button", name=SAY("manage.cancel.do"))
    await expect(do).to_be_hidden()
    await canvas.tab_to(SAY("manage.cancel"))
    await canvas.page.keyboard.press("Enter")
    await canvas.tab_to(SAY("manage.which"))
    await canvas.page.keyboard.press("ArrowDown")

    pressed = await enter(canvas, SAY("manage.cancel.do"))
    assert pressed["verb"] == "group.cancel"
    assert pressed["data"]["cancelled"] == group.coming[1].id


async def test_a_group_ends_by_keyboard_only_after_a_question(canvas: Canvas) -> None:
    drawn = await canvas.draw(cards.panel(SAY, sheet(*PEOPLE)), PHONE)
    await canvas.tab_to(SAY("manage.end"))
    await canvas.page.keyboard.press("Enter")
    await expect(drawn.get_by_text(SAY("manage.end.question"))).to_be_visible()
    assert await canvas.pressed() == []

    assert (await enter(canvas, SAY("manage.end.do")))["verb"] == "group.end"
