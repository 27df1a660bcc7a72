"""The board in Chromium: whole sorts by mouse, finger, key and form, each to the export."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, async_playwright, expect

from bot.web.statements import PATHS
from dialogs.studies.items import Item, Option
from dialogs.studies.study import Grid, Labels, Study
from storage.crypto.codes import Token
from tests.e2e.board import Board
from tests.e2e.started import PATIENCE, bot_in
from tests.support.board import Page, another, columns_of, exported, shipped
from tests.support.chromium import ARGUMENTS, CHROMIUM
from tests.support.kollegial import House, kollegial
from tests.support.ports import free_port
from tests.support.questionnaires import ONCE
from tests.support.studies import SMALL, study_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
WHOLE = shipped()
Open: TypeAlias = Callable[..., Awaitable[Board]]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""The smallest picture there is, one pixel wide."""
PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("board")
    async with kollegial(folder, port=port, public_url=url) as house:
        yield house


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        process = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            # Teams is played from an address of the internet; the bot is on loopback.
            args=[*ARGUMENTS, "--disable-features=LocalNetworkAccessChecks"],
        )
        yield process
        await process.close()


@pytest_asyncio.fixture(loop_scope="module")
async def opened(house: House, chromium: Browser) -> AsyncIterator[Open]:
    """Opens tabs; each in a browser of its own unless told otherwise. None may complain."""
    boards: list[Board] = []
    contexts = []

    async def new(**options: Any) -> Board:
        context = await chromium.new_context(locale="nb-NO", **{**DESKTOP, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        boards.append(Board(await context.new_page(), f"http://127.0.0.1:{house.settings.port}"))
        return boards[-1]

    yield new
    for board in boards:
        assert board.complaints == []
    for context in contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def study(house: House) -> Study:
    """The shipped 36 statements, for one test."""
    study = another(WHOLE)
    await house.create(study)
    return study


# Whole sorts


async def test_by_dragging(house: House, opened: Open, study: Study, tmp_path: Path) -> None:
    board, plan = await opened(), columns_of(study)
    await board.begin(study)
    await board.pile_by_keys(plan)
    await board.lay_by_dragging(plan)
    pseudonym = await board.finish("Takk.")

    assert await exported(house, study, tmp_path) == {pseudonym: plan}


async def test_by_tapping_alone_and_without_a_fault_on_any_step(
    house: House, opened: Open, study: Study, tmp_path: Path
) -> None:
    board, plan = await opened(), columns_of(study, 7)
    await board.page.goto(f"{board.url}/tavle/studie/{study.id}?l=nb")
    faults = [await board.faults()]
    await board.page.locator("#consent .primary").click()
    await expect(board.page.locator(".reading")).to_be_visible()
    faults.append(await board.faults())
    await board.page.locator(".reading .primary").click()
    await expect(board.page.locator("#one")).to_be_focused()
    faults.append(await board.faults())
    await board.pile_by_tapping(plan)
    faults.append(await board.faults())
    await board.lay_by_tapping(plan)
    await board.card("s1").click()
    faults.append(await board.faults())
    await board.page.keyboard.press("Escape")
    await board.page.locator(".more").first.click()
    faults.append(await board.faults())
    await board.page.keyboard.press("Escape")
    await board.page.locator("#approve").click()
    await board.page.locator("#comment").fill("Kari Nordmann sa det til meg i går.")
    await board.page.locator("#go").click()
    await expect(board.page.locator("#anyway")).to_be_focused()
    faults.append(await board.faults())
    await board.page.locator("#anyway").click()
    await expect(board.page.locator("#deliver")).to_be_visible()
    faults.append(await board.faults())
    await board.page.locator("#deliver").click()
    await expect(board.page.locator(".delivered")).to_be_visible()
    pseudonym = await board.page.locator("#pseudonym").inner_text()
    faults.append(await board.faults())

    assert faults == [[]] * len(faults)
    assert await exported(house, study, tmp_path) == {pseudonym: plan}


async def test_a_design_of_ones_own(house: House, opened: Open, tmp_path: Path) -> None:
    """Poles of one's own, a picture, free sorting, and boxes to tick after it."""
    picture = PIXEL
    statements = tuple(
        replace(one, image=picture if n == 0 else "") for n, one in enumerate(SMALL.statements)
    )
    options = (Option("a", {"nb": "Her"}), Option("b", {"nb": "Der"}))
    study = replace(
        another(SMALL),
        languages=("nb",),
        grid=Grid(dict.fromkeys(range(-2, 3), 9)),
        forced=False,
        statements=statements,
        questions=(Item(id="where", text={"nb": "Hvor?"}, way="several", options=options),),
        labels=Labels({"nb": "Mest lik meg"}, {"nb": "Minst lik meg"}),
    )
    await house.create(study)
    board, plan = await opened(), dict.fromkeys((s.id for s in statements), 2)
    await board.begin(study)
    image = board.page.locator("#one img")
    assert await image.get_attribute("alt") == statements[0].text["nb"]
    assert await image.evaluate("each => each.decode().then(() => each.naturalWidth)") == 1
    await expect(board.page.locator('[data-put="agree"]')).to_contain_text("Mest lik meg")
    faults = [await board.faults()]
    await board.pile_by_keys(plan)
    await expect(board.page.locator(".grid .empty")).to_have_count(5)
    await board.lay_by_tapping(plan)
    await board.page.locator("#approve").click()
    for box in await board.page.locator(".why input[type=checkbox]").all():
        if await box.get_attribute("value") != "(none)":
            await box.check()
    faults.append(await board.faults())
    await board.page.locator("#go").click()
    await board.page.locator("#deliver").click()
    await expect(board.page.locator(".delivered")).to_be_visible()
    pseudonym = await board.page.locator("#pseudonym").inner_text()

    assert faults == [[], []]
    assert await exported(house, study, tmp_path) == {pseudonym: plan}


@pytest.mark.parametrize("size", [(390, 780), (320, 568)])
async def test_on_a_phone(
    house: House, opened: Open, study: Study, tmp_path: Path, size: tuple[int, int]
) -> None:
    width, height = size
    board = await opened(**PHONE, viewport={"width": width, "height": height})
    plan = columns_of(study, width % 36)
    wide = []
    await board.begin(study)
    wide.append(await board.overflow())
    await board.pile_by_tapping(plan)
    faults = await board.faults()
    await board.lay_by_chips(plan)
    wide.append(await board.overflow())
    await board.page.locator("#approve").click()
    wide.append(await board.overflow())
    await board.page.locator("#back, .why .quiet").last.click()
    pseudonym = await board.finish()
    wide.append(await board.overflow())

    assert wide == [0, 0, 0, 0]
    assert faults == []
    assert await exported(house, study, tmp_path) == {pseudonym: plan}


async def test_by_keyboard_alone(house: House, opened: Open, study: Study, tmp_path: Path) -> None:
    board, plan = await opened(), columns_of(study, 11)
    await board.begin(study)
    await board.pile_by_keys(plan)
    await board.lay_by_keys(study, plan)
    pseudonym = await board.finish()

    assert await exported(house, study, tmp_path) == {pseudonym: plan}


async def test_the_keys_have_the_statement_again_after_help_and_a_press_beside(
    opened: Open, study: Study
) -> None:
    board = await opened()
    await board.begin(study)
    await board.page.locator("#help").click()
    await board.page.keyboard.press("Escape")
    await expect(board.page.locator("#one")).to_be_focused()
    await board.page.mouse.click(5, 600)
    await board.page.keyboard.press("1")
    await expect(board.page.locator(".heap.disagree summary")).to_contain_text("1")


async def test_without_javascript(house: House, opened: Open, study: Study, tmp_path: Path) -> None:
    board, plan = await opened(java_script_enabled=False), columns_of(study, 5)
    page = board.page
    await page.goto(f"{board.url}/tavle/studie/{study.id}?l=nb")
    await page.get_by_role("button", name="Jeg har lest dette").click()
    for statement, column in plan.items():
        await page.locator(f'[id="column.{statement}"]').select_option(str(column))
    await page.get_by_role("button", name="Lagre").click()
    await page.get_by_role("button", name="Dette stemmer").click()
    await page.get_by_role("button", name="Neste").click()
    await page.get_by_role("button", name="Lever sorteringen").click()
    pseudonym = await page.locator("dd").first.inner_text()

    assert await exported(house, study, tmp_path) == {pseudonym: plan}


@pytest.mark.parametrize("path", PATHS.values())
async def test_the_pages_about_the_bot_have_no_faults(opened: Open, path: str) -> None:
    board = await opened(viewport={"width": 320, "height": 640}, color_scheme="dark")
    await board.page.goto(f"{board.url}{path}?l=nn")

    assert await board.faults() == []
    assert await board.overflow() == 0


async def test_a_large_study_at_twice_the_size_in_forced_colours(
    house: House, opened: Open, tmp_path: Path
) -> None:
    """140 statements on 15 columns, on a window of 1280 pixels at 200 %."""
    cells = dict(
        zip(range(-7, 8), (4, 6, 8, 9, 11, 12, 12, 16, 12, 12, 11, 9, 8, 6, 4), strict=True)
    )
    large = another(study_of(cells))
    await house.create(large)
    plan = columns_of(large)
    board = await opened(viewport={"width": 640, "height": 400}, forced_colors="active")
    await board.page.goto(f"{board.url}/tavle/studie/{large.id}?l=nb")
    faults = []
    for onward in ("#consent .primary", ".reading .primary"):
        await expect(board.page.locator(onward)).to_be_visible()
        faults.append(await board.faults())
        await board.page.locator(onward).click()
    await expect(board.page.locator("#one")).to_be_focused()
    faults.append(await board.faults())
    token = await board.page.evaluate("sessionStorage.getItem('kollegial')")
    async with aiohttp.ClientSession() as session:
        page = Page(session, board.url, token)
        await page.ask("look")
        await page.arrange(plan)
    await board.page.reload()
    await expect(board.page.locator("#approve")).to_be_visible()
    assert await board.overflow() == 0
    # The list as high as it is: what the hand lies over at the edge can be scrolled into view.
    await board.page.set_viewport_size({"width": 640, "height": 20_000})
    faults.append(await board.faults())
    await board.page.set_viewport_size({"width": 640, "height": 400})
    await board.page.locator('[data-card="s1"] .more').click()
    await expect(board.page.locator("dialog .chip").last).to_be_visible()
    faults.append(await board.faults())
    await board.page.locator("dialog .chip").last.click()
    await board.page.locator("dialog .choices button").last.click()
    await board.saved()
    await board.page.locator("#approve").click()
    await expect(board.page.locator("#go")).to_be_visible()
    faults.append(await board.faults())
    await board.page.locator("#go").click()
    await expect(board.page.locator("#deliver")).to_be_visible()
    faults.append(await board.faults())
    await board.page.locator("#deliver").click()
    await expect(board.page.locator(".delivered")).to_be_visible()
    faults.append(await board.faults())
    pseudonym = await board.page.locator("#pseudonym").inner_text()

    assert [fault for found in faults for fault in found] == []
    expected = plan | {"s1": 7, "s140": -7}
    assert Counter(expected.values()) == large.grid.cells
    assert await exported(house, large, tmp_path) == {pseudonym: expected}


# What is heard


async def test_what_a_screen_reader_hears(opened: Open) -> None:
    board, plan = await opened(), columns_of(SMALL)
    await board.begin(SMALL)
    await board.page.keyboard.press("3")
    await board.said("Utsagn 1: Enig. 8 igjen.")
    await expect(board.page.locator("#one")).to_be_focused()
    for column in list(plan.values())[1:]:
        await board.page.keyboard.press("2" if column else "1")
    await board.on_to_the_grid()
    grid = board.page.get_by_role("grid", name="Rutenettet")
    await expect(grid.get_by_role("columnheader")).to_have_count(5)
    await expect(grid.get_by_role("button", name="+1, plass 2 av 2, tom")).to_be_visible()
    await board.card("s1").focus()
    await board.page.keyboard.press("Enter")
    await board.said("Utsagn 1 er løftet. Velg en plass, eller Escape for å la det ligge.")
    await expect(grid.get_by_role("button", name="+2, plass 1 av 1, tom")).to_be_focused()
    await board.page.keyboard.press("Enter")
    await board.said("Utsagn 1 ligger nå i +2. 8 av 9 igjen.")
    name = "1. nb utsagn 1. Ligger i +2, plass 1 av 1"
    await expect(grid.get_by_role("button", name=name, exact=True)).to_be_focused()
    await board.page.keyboard.press("m")
    await expect(board.page.get_by_role("dialog", name="Flytt utsagn 1")).to_be_visible()
    await board.page.get_by_role("button", name="Legg tilbake i bunken").click()
    await board.said("Utsagn 1 er tilbake i bunken.")
    await expect(board.card("s1")).to_be_focused()
    await board.page.locator("#undo").click()
    await board.said("Den siste endringen er tatt tilbake.")
    await expect(grid.get_by_role("button", name=name, exact=True)).to_be_visible()


async def test_an_old_sentence_is_not_heard_again_at_a_later_step(opened: Open) -> None:
    board, plan = await opened(), columns_of(SMALL)
    await board.begin(SMALL)
    await board.pile_by_keys(plan)
    await board.lay_by_tapping(plan)
    await board.page.locator("#approve").click()
    await board.page.locator("#comment").fill("Kari Nordmann sa det til meg i går.")
    await board.page.locator("#go").click()
    live = board.page.locator("#live")
    await expect(live).to_contain_text("et navn")
    await board.page.locator("#anyway").click()
    await expect(board.page.locator("#deliver")).to_be_visible()
    await expect(live).to_be_empty()

    await board.page.locator("#undo").click()
    await expect(board.page.locator("#go")).to_be_visible()
    await expect(live).to_have_text("Den siste endringen er tatt tilbake.")  # of this very press


async def test_two_are_swapped_by_two_presses_and_by_dragging(opened: Open) -> None:
    board = await opened()
    async with aiohttp.ClientSession() as session:
        page = Page(session, board.url)
        await page.begin(SMALL)
        await page.arrange(columns_of(SMALL))
        await board.resume(page.token)
        await board.card("s1").click()
        await board.card("s9").click()
        await board.said("Utsagn 1 ligger nå i +2. Utsagn 9 ligger i −2.")
        await board.drag(board.card("s2"), board.card("s7"))
        await board.said("Utsagn 2 ligger nå i +1. Utsagn 7 ligger i −1.")
        await board.saved()
        placed = dict((await page.ask("look"))["draft"]["placed"])
    assert placed == columns_of(SMALL) | {"s1": 2, "s9": -2, "s2": 1, "s7": -1}


async def test_nothing_is_called_saved_that_is_on_its_way(opened: Open) -> None:
    board, may_go = await opened(), asyncio.Event()

    async def late(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await board.begin(SMALL)
    await board.page.keyboard.press("1")
    await board.saved()
    await board.page.route("**/tavle/api/**", late)
    await board.page.keyboard.press("1")
    await expect(board.page.locator("#state")).to_be_empty()
    may_go.set()
    await board.saved()


async def test_a_finger_lifts_by_a_long_press(opened: Open) -> None:
    board = await opened(**PHONE, viewport={"width": 390, "height": 780})
    await board.begin(SMALL)
    await board.pile_by_tapping(dict.fromkeys((s.id for s in SMALL.statements), 1))
    touch = await board.page.context.new_cdp_session(board.page)
    begin = await board.middle(board.card("s1"))
    end = await board.middle(board.page.locator('.chip[data-column="2"]'))
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [begin]})
    await expect(board.page.locator(".ghost")).to_be_visible()
    await touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [end]})
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await board.said("Utsagn 1 ligger nå i +2. 8 av 9 igjen.")


# What goes wrong


async def test_a_dead_network_a_restart_and_two_tabs_lose_nothing_and_double_nothing(
    house: House, opened: Open, tmp_path: Path
) -> None:
    small = another(SMALL)
    await house.create(small)
    plan = columns_of(small)
    ids = list(plan)
    first = await opened()
    await first.page.clock.install()
    await first.begin(small)
    secret = await first.page.evaluate("sessionStorage.getItem('kollegial')")
    await first.page.context.set_offline(True)
    await first.page.keyboard.press("3")
    await first.page.keyboard.press("3")
    await expect(first.page.locator("#state")).to_contain_text("Uten nett")
    await first.page.clock.fast_forward("00:30")
    await first.page.context.set_offline(False)
    await first.saved()
    await house.restart()
    for _ in range(6):
        await first.page.keyboard.press("3")
    await first.saved()

    second = await opened()
    await second.resume(secret)
    await expect(second.page.locator("#one")).to_contain_text("utsagn 9")
    await second.page.keyboard.press("3")
    await second.on_to_the_grid()
    for board, statements in ((second, ids[:4]), (first, ids[4:7]), (second, ids[7:])):
        if board is first:  # a tab that shows what is long past
            await first.page.locator("#to-grid, [data-put=agree]").first.click()
            await expect(first.page.locator(".sorting")).to_be_visible()
        for statement in statements:
            await board.card(statement).click()
            await board.empty(plan[statement]).click()
        await board.saved()
    pseudonym = await second.finish()

    assert await exported(house, small, tmp_path) == {pseudonym: plan}


async def test_a_killed_bot_and_an_updated_one_lose_nothing_and_double_nothing(
    opened: Open, tmp_path: Path
) -> None:
    """Killed while a statement is under the mouse, and put down for another between two moves."""
    board, port = await opened(), free_port()
    board.url = f"http://127.0.0.1:{port}"
    plan = columns_of(WHOLE)
    dragged, pressed, last = [(each, plan[each]) for each in ("s1", "s2", "s3")]
    state = board.page.locator("#state")

    async def lay(statement: str, column: int) -> None:
        await board.card(statement).click()
        await board.empty(column).click()

    async with bot_in(tmp_path, port) as bot:
        await board.begin(WHOLE)
        await board.pile_by_keys(plan)
        await board.saved()
        await board.take(*dragged)
        await board.lift(board.card(dragged[0]))
        await bot.kill()
        await board.drop(board.empty(dragged[1]))
        await expect(state).to_contain_text("Uten nett")
    async with bot_in(tmp_path, port):
        await board.saved()
        await board.take(*pressed)
        await lay(*pressed)
        await board.saved()
    await board.take(*last)
    await lay(*last)
    await expect(state).to_contain_text("Uten nett")
    async with bot_in(tmp_path, port), aiohttp.ClientSession() as session:
        await board.saved()
        secret = await board.page.evaluate("sessionStorage.getItem('kollegial')")
        draft = (await Page(session, board.url, secret).ask("look"))["draft"]
        assert draft["placed"] == [list(each) for each in (dragged, pressed, last)]
        # Each change is there once: so many are taken back until nothing lies on the grid.
        for left in (2, 1, 0):
            await board.page.locator("#undo").click()
            await expect(board.page.locator(".sorting [data-column] [data-id]")).to_have_count(left)


async def test_loading_the_page_again_goes_on(opened: Open) -> None:
    board = await opened()
    await board.begin(SMALL)
    await board.page.keyboard.press("3")
    await board.saved()
    await board.page.reload()
    await expect(board.page.locator("#one")).to_contain_text("Utsagn 2 av 9")


async def test_one_comes_back_to_the_link_with_its_code(opened: Open) -> None:
    board = await opened()
    await board.begin(SMALL)
    await board.page.keyboard.press("3")
    await board.saved()
    await board.page.locator("#pause").click()
    assert await board.faults() == []
    code = await board.page.locator("dialog code").inner_text()

    elsewhere = await opened()
    await elsewhere.page.goto(f"{elsewhere.url}/tavle/studie/{SMALL.id}?l=nb")
    await elsewhere.page.locator("summary", has_text="Har du begynt før?").click()
    await elsewhere.page.locator("#token").fill(code.lower())
    await elsewhere.page.get_by_role("button", name="Fortsett").click()
    await expect(elsewhere.page.locator("#one")).to_contain_text("Utsagn 2 av 9")
    await elsewhere.page.locator("#pause").click()
    await elsewhere.page.get_by_role("button", name="Ja, slett alt").click()
    await expect(elsewhere.page.locator(".ended")).to_contain_text("avbrutt")


async def test_a_questionnaires_code_leads_on_to_its_form(house: House, opened: Open) -> None:
    await house.create(ONCE)
    board = await opened()
    await board.page.goto(f"{board.url}/tavle/studie/{ONCE.id}?l=nb")
    await board.page.locator("#consent .primary").click()
    await board.page.locator('[name="item.role"][value="yes"]').check()
    await board.page.get_by_role("button", name="Neste").click()
    faults = await board.faults()
    await expect(board.page.get_by_role("heading", name="Arbeidet nb")).to_be_visible()
    code = (await board.page.locator(".important").inner_text()).split(": ")[1].split(".")[0]
    await board.page.goto(f"{board.url}/tavle?l=nb")
    await board.page.locator("#token").fill(code)
    await board.page.locator("main .primary").click()
    await expect(board.page.get_by_role("heading", name="Arbeidet nb")).to_be_visible()

    assert faults == []
    assert await board.leaks(code) == []


async def test_an_answer_is_replaced_and_withdrawn_at_the_link(house: House, opened: Open) -> None:
    small = another(SMALL)
    await house.create(small)
    board = await opened()
    page = board.page
    async with aiohttp.ClientSession() as session:
        first = Page(session, board.url)
        await first.begin(small)
        await first.arrange(columns_of(small))
        receipt = await first.deliver()
    await page.goto(f"{board.url}/tavle/studie/{small.id}?l=nb")
    await page.locator("summary", has_text="Har du levert før").click()
    await page.locator("#code").fill("feil")
    await page.get_by_role("button", name="Jeg har lest dette").click()
    await expect(page.locator("#state")).to_contain_text("Minst ett tegn")
    await page.locator("#code").fill(receipt["code"])
    await page.get_by_role("button", name="Jeg har lest dette").click()
    await board.drag(board.card("s1"), board.card("s9"))
    await board.said("Utsagn 1 ligger nå i +2. Utsagn 9 ligger i −2.")
    await board.saved()
    await page.locator("#approve").click()
    await page.locator("#go").click()
    await expect(page.locator("#code")).to_have_text(receipt["code"])
    await expect(page.locator("#earlier")).to_have_count(0)
    await page.locator("#deliver").click()
    await expect(page.locator("#pseudonym")).to_have_text(receipt["pseudonym"])

    await page.goto(f"{board.url}/tavle/studie/{small.id}?l=nb")
    await page.locator("summary", has_text="Vil du trekke").click()
    for typed, said in (("feil", "Minst ett tegn"), (receipt["code"], "Svaret er trukket")):
        await page.locator("#withdraw").fill(typed)
        await page.get_by_role("button", name="Trekk svaret").click()
        await expect(page.locator("#state")).to_contain_text(said)
    await house.services.studies.close(small.id, "a researcher")
    assert (await house.urn.release(small.id)).withdrawn == (receipt["pseudonym"],)


# What gets out


async def test_the_secret_is_in_no_address_no_referer_and_no_history(opened: Open) -> None:
    board = await opened()
    token = str(Token.new())
    async with aiohttp.ClientSession() as session:
        page = Page(session, board.url, token)
        await page.begin(SMALL)
    await board.resume(token)
    await board.page.locator(".reading .primary").click()
    await board.page.keyboard.press("3")
    await board.saved()
    await board.page.locator('[data-language="en"]').click()
    await expect(board.page.locator("html")).to_have_attribute("lang", "en")
    assert await board.leaks(token) == []

    # A page that did it wrong would be found.
    await board.page.evaluate(
        """async (token) => {
          document.cookie = `kept=${token}`;
          history.replaceState(null, "", `?t=${token}`);
          await fetch("/tavle/tekst/nb?t=" + token, { referrerPolicy: "unsafe-url" });
          await fetch("/tavle/tekst/nb", { referrerPolicy: "unsafe-url" });
        }""",
        token,
    )
    found = " ".join(await board.leaks(token))
    for place in ("address http", "referer of", "address bar", "cookies"):
        assert place in found


async def test_the_policy_is_enforced(opened: Open) -> None:
    """What nobody planted is not loaded; what is planted is stopped, and told."""
    board = await opened()
    board.provoked += ("Content Security Policy",)
    await board.page.goto(f"{board.url}/tavle?l=nb")
    stopped = await board.page.evaluate(
        """async () => {
          const stopped = [];
          addEventListener("securitypolicyviolation", (e) => stopped.push(e.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "window.planted = true";
          document.head.append(script);
          const image = document.createElement("img");
          image.src = "https://example.org/pixel.png";
          document.body.append(image);
          document.body.setAttribute("style", "color: red");
          await fetch("https://example.org/").catch(() => 0);
          while (stopped.length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
          return [stopped.sort(), window.planted ?? null];
        }"""
    )
    assert stopped == [["connect-src", "img-src", "script-src-elem", "style-src-attr"], None]


async def test_the_page_is_small(opened: Open) -> None:
    """Under 60 kB as it comes over the line, and nothing of it from elsewhere."""
    board = await opened()
    sizes = []
    board.page.on("response", lambda response: sizes.append(response.request))
    await board.page.goto(f"{board.url}/tavle?l=nb", wait_until="networkidle")
    taken = [(await request.sizes())["responseBodySize"] for request in sizes]
    assert len(taken) == 11
    assert sum(taken) < 60_000


# Inside Teams

TEAMS = (Path(__file__).parent / "teams_host.html").read_text("utf-8")


async def framed(board: Board, host: str) -> None:
    """The page of a host, with an empty frame."""

    async def answer(route: Route) -> None:
        await route.fulfill(body=TEAMS, content_type="text/html")

    await board.page.route(f"{host}/**", answer)
    await board.page.goto(f"{host}/app")


async def test_in_a_frame_of_teams(opened: Open) -> None:
    """TeamsJS comes last, asks for no identity, calls nobody but its host, and can close."""
    board = await opened()
    token = str(Token.new())
    async with aiohttp.ClientSession() as session:
        await Page(session, board.url, token).begin(SMALL)
    await framed(board, "https://teams.microsoft.com")
    board.requests.clear()
    await board.page.evaluate(
        "(url) => open_(url)", f"{board.url}/tavle?l=nb&i=teams&tema=dark#t={token}"
    )
    frame = board.page.frame_locator("#app")
    await frame.locator(".reading .primary").click()
    await expect(frame.locator("#one")).to_be_focused()
    dark = frame.locator("#dark")
    await expect(dark).to_have_attribute("media", "all")
    await board.page.wait_for_function("asked.some(([what]) => what.includes('success'))")
    await board.page.evaluate("wear('default')")
    await expect(dark).to_have_attribute("media", "not all")
    await frame.locator("#pause").click()
    await frame.get_by_role("button", name="Ja, slett alt").click()
    await frame.locator("#exit").click()
    await board.page.wait_for_function("asked.some(([what]) => /complete|submit/i.test(what))")

    asked = await board.page.evaluate("asked")
    assert not any("ontext" in what or token in about for what, about in asked), asked
    assert [r.url for r in board.requests if not r.url.startswith(board.url)] == []
    assert [r.url for r in board.requests if token in r.url] == []


async def test_in_a_frame_of_anybody_else_there_is_nothing(opened: Open) -> None:
    board = await opened()
    board.provoked += ("frame-ancestors",)
    await framed(board, "https://example.org")
    async with board.page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        await board.page.evaluate("(url) => open_(url)", f"{board.url}/tavle?l=nb&i=teams")
    frame = board.page.frame_locator("#app")
    await expect(frame.locator("body")).not_to_contain_text("Kollegial")
    await board.page.wait_for_function("document.querySelector('iframe').src !== ''")
