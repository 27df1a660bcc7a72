"""The bench in a real Chromium: by mouse, by keyboard, saved, and repeated by the command."""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from research.bench.server import Server
from research.bench.wanted import Wanted
from tests.research.bench.samples import bench_over
from tests.research.bench.test_bench import repeated
from tests.support.chromium import chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.browser
PARTS = ("sorts", "number", "rotation", "flags", "factors", "statements", "saving")


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    served = Server(bench_over(tmp_path, Wanted(extraction="centroid")))
    await served.start()
    yield served
    await served.stop()


async def opened(chromium: Browser, server: Server, part: str, width: int = 1280) -> Page:
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    await page.goto(f"{server.address}#{part}")
    await page.locator("main h2").wait_for()
    return page


async def drag(page: Page, degrees: float) -> None:
    """Turn the axes counter-clockwise by hand, from the knob of the horizontal one."""
    box = await page.locator(".plane").bounding_box()
    knob = await page.locator("[data-knob=x]").bounding_box()
    assert box is not None
    assert knob is not None
    centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    start = (knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    await page.mouse.move(*start)
    await page.mouse.down()
    far = 2 * (start[0] - centre[0])  # further out the hand is surer
    from_angle = math.atan2(centre[1] - start[1], start[0] - centre[0])
    for part in (0.3, 0.7, 1.0):
        angle = from_angle + math.radians(degrees) * part
        await page.mouse.move(centre[0] + far * math.cos(angle), centre[1] - far * math.sin(angle))
    await page.mouse.up()


async def turns(page: Page, server: Server, count: int) -> list[Any]:
    await expect(page.locator(".turns li")).to_have_count(count)
    await page.wait_for_load_state("networkidle")
    return json.loads(json.dumps(server.bench.latest.model_dump(mode="json")["turns"]))  # type: ignore[no-any-return] # JSON that we wrote


async def test_the_same_rotation_by_mouse_and_by_keyboard(
    chromium: Browser, server: Server
) -> None:
    page = await opened(chromium, server, "rotation")
    await drag(page, 23.0)
    by_mouse = await turns(page, server, 1)
    assert by_mouse[0] == [0, 1, pytest.approx(23.0, abs=0.11)]
    dragged = server.bench.step(server.bench.latest)["plane"]

    await page.get_by_role("button", name="Angre").click()
    await expect(page.locator(".turns li")).to_have_count(0)
    plane = page.get_by_role("slider")
    await plane.focus()
    for key in ("Shift+ArrowRight",) * 5 + ("ArrowLeft",) * 2:
        await plane.press(key)
    await expect(plane).to_have_attribute("aria-valuenow", "23")
    assert await turns(page, server, 1) == [[0, 1, 23]]
    pressed = server.bench.step(server.bench.latest)["plane"]

    # A tenth of a degree moves a loading by less than 0.0018.
    assert all(
        abs(a - b) < 0.002
        for first, second in zip(dragged, pressed, strict=True)
        for a, b in zip(first, second, strict=True)
    )
    await expect(page.locator("#told")).to_contain_text("f1 × f2: 23,0°")


async def test_from_the_hand_to_the_same_files_by_the_command(
    chromium: Browser, server: Server, tmp_path: Path
) -> None:
    page = await opened(chromium, server, "rotation")
    await page.get_by_label("Grader").fill("12.5")
    await page.get_by_role("button", name="Drei", exact=True).click()
    await page.get_by_label("Loddrett").select_option(label="f3")
    await drag(page, -8.0)
    assert (await turns(page, server, 2))[0] == [0, 1, 12.5]

    await page.get_by_role("button", name="Snu f3").click()
    assert (await turns(page, server, 3))[2] == [2, 2, 180]

    await page.get_by_role("link", name="Flagg").click()
    box = page.get_by_label("Flagg p1 på f2")
    await box.check()
    await expect(page.get_by_text("satt for hånd")).to_be_visible()
    await expect(box).to_be_focused()
    await page.get_by_role("link", name="Faktorer").click()
    await page.get_by_label("Navn på f1").fill("Fast og trygt")
    await page.get_by_label("Notat om f1").fill("To\nlinjer")
    await page.get_by_role("link", name="Lagre").click()
    await expect(page.locator(".command")).to_contain_text("flags.csv")
    assert not server.bench.out.exists()
    await page.get_by_role("button", name="Lagre").click()
    await page.locator(".saved").wait_for(timeout=60_000)

    saved = server.bench.out / "solution-1"
    own = {path.name: path.read_bytes() for path in (saved / "analysis").iterdir()}
    assert repeated(saved, tmp_path / "again") == own
    assert "f1 Fast og trygt" in own["report.html"].decode()
    flags = (saved / "flags.csv").read_text("utf-8").splitlines()[1]
    assert flags.split(",")[2] == "1"


async def test_pictures_are_whole_files(chromium: Browser, server: Server) -> None:
    page = await opened(chromium, server, "rotation")

    for part, svg, png in (
        ("rotation", "Last ned SVG: f1-f2", "Last ned PNG: f1-f2"),
        ("factors", "Last ned SVG: f1", "Last ned PNG: f1"),
    ):
        await page.goto(f"{server.address}#{part}")
        for label, start in ((svg, b"<"), (png, b"\x89PNG")):
            async with page.expect_download(timeout=60_000) as coming:
                await page.get_by_label(label, exact=True).click()
            kept = await (await coming.value).path()
            content = await asyncio.to_thread(kept.read_bytes)
            assert content.startswith(start)
            assert len(content) > 3000


async def test_choices_follow_and_can_be_taken_back(chromium: Browser, server: Server) -> None:
    page = await opened(chromium, server, "flags")
    slider = page.get_by_label("Nivå")
    dragged = await slider.element_handle()
    await slider.press("End")
    await expect(page.locator("#told")).to_contain_text("ingen sortering være flagget")
    await expect(page.get_by_role("button", name="Angre")).to_be_disabled()
    await slider.press("ArrowLeft")
    await expect(page.locator("output")).to_contain_text("p < 0,1:")
    assert dragged is not None
    assert await dragged.evaluate("slider => slider.isConnected")  # a hand on it keeps its hold
    await page.get_by_label("bare signifikant").check()
    await page.get_by_role("link", name="Sorteringer").click()
    await page.get_by_label("Ta med p3").uncheck()
    await expect(page.locator("#summary")).to_contain_text("14")
    await page.get_by_role("link", name="Antall").click()
    await page.get_by_role("button", name="Velg 2").click(timeout=60_000)
    await expect(page.locator("#summary")).to_contain_text("2 faktorer")
    await page.keyboard.press("Control+z")
    await expect(page.locator("#summary")).to_contain_text("3 faktorer")
    await page.reload()
    await expect(page.locator("#summary")).to_contain_text("14")
    await server.stop()
    await page.get_by_role("link", name="Rotasjon").click()
    await page.get_by_role("button", name="Drei 1°").click()
    await expect(page.locator("#told")).to_contain_text("Benken svarer ikke")


@pytest.mark.parametrize("width", [1280, 390])
async def test_every_part_can_be_used_by_all(width: int, chromium: Browser, server: Server) -> None:
    page = await opened(chromium, server, "sorts", width)
    for part in PARTS:
        await page.goto(f"{server.address}#{part}")
        await page.locator(f"[data-key='part:{part}'][aria-current]").wait_for()
        if part in {"sorts", "number"}:
            await page.locator("canvas, .scree").wait_for(timeout=60_000)
        found = await Axe().run(page)
        assert found.response["violations"] == [], part
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, part
