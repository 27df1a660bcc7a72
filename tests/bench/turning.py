"""A step of the analysis bench as the researcher waits for it: `python -m tests.bench.turning`.

200 sorts of 140 statements with seven factors in a real Chromium. The clock runs in the page
from a key on the plane, or in the other parts from undo and redo, until what is shown is drawn
again with the new numbers and laid out.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

import numpy as np
import typer
from playwright.async_api import async_playwright

from research.bench.bench import Bench
from research.bench.server import Server
from research.bench.wanted import AnalyseCommand, Wanted
from tests.research.samples import dataset, planted
from tests.support.chromium import CHROMIUM

STEPS = 40
BOUND = 100.0
"""Milliseconds that the middle step may take."""
PARTS = ("rotation", "flags", "factors", "statements", "sorts")
TURN = """async ([part, steps]) => {
    const press = {
        rotation: () => document.querySelector('[role=slider]').dispatchEvent(
            new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true })),
    }[part] ?? ((n) => document.querySelector(`[data-key=${n % 2 ? 'redo' : 'undo'}]`).click());
    const took = [];
    for (let n = 0; n < steps; n += 1) {
        const began = performance.now();
        await new Promise((drawn) => {
            new MutationObserver((_, observer) => { observer.disconnect(); drawn(); })
                .observe(document.body, { attributeFilter: ['data-step'] });
            press(n);
        });
        document.body.getBoundingClientRect();
        took.push(performance.now() - began);
        await new Promise(requestAnimationFrame);
    }
    return took;
}"""


def crowded(folder: Path) -> Bench:
    """200 sorts of 140 statements, planted around seven views."""
    grid = np.repeat(np.arange(-6, 7), [4, 6, 9, 11, 14, 17, 18, 17, 14, 11, 9, 6, 4])
    values, _ = planted(1, 7, 29, 1.0, grid)
    data = dataset(values[:, :200])
    return Bench(
        lambda _: (data, "x"), AnalyseCommand("x", (), (), "nb", 1), folder, Wanted(factors=7)
    )


async def measure(folder: Path) -> dict[str, list[float]]:
    """Milliseconds of each step, for each part of the page."""
    server = Server(crowded(folder))
    await server.start()
    took: dict[str, list[float]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        await page.goto(f"{server.address}#rotation")
        await page.locator("[role=slider]").wait_for()
        for part in PARTS:
            await page.goto(f"{server.address}#{part}")
            await page.locator(f"[data-key='part:{part}'][aria-current]").wait_for()
            took[part] = (await page.evaluate(TURN, [part, STEPS]))[5:]
        await browser.close()
    await server.stop()
    return took


def main() -> int:
    """Print the figures; the exit code says whether all middle ones are within their bound."""
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder)))
    typer.echo("a step of the bench in Chromium, 200 x 140, 7 factors, in ms:")
    for part, took in found.items():
        typer.echo(
            f"{part:<10}  least {min(took):3.0f}  median {median(took):3.0f}  "
            f"p95 {quantiles(took, n=20)[-1]:3.0f}"
        )
    return 1 if max(map(median, found.values())) > BOUND else 0


if __name__ == "__main__":
    sys.exit(main())
