"""Draw the PNG icons from their SVG sources, with Debian's Chromium."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZES = {"color": 192, "outline": 32}


def main() -> None:
    folder = Path(__file__).parent
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, size in SIZES.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            svg = (folder / f"{name}.svg").read_text("utf-8")
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
            page.screenshot(path=folder / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
