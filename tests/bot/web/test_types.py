"""The page's modules say their types in JSDoc, and TypeScript holds them to it."""

import subprocess
from pathlib import Path

import pytest

TSC = Path("node_modules/.bin/tsc")
OPTIONS = (
    *("--noEmit", "--allowJs", "--checkJs", "--strict", "--skipLibCheck", "--target", "es2022"),
    *("--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable"),
)


@pytest.mark.timeout(120)
def test_the_modules_keep_to_their_types(tmp_path: Path) -> None:
    folder = Path("bot/web/files")
    ours = [
        path for path in folder.glob("*.js") if path.read_text("utf-8").startswith("// @ts-check")
    ]
    assert len(ours) == len(list(folder.glob("*.js"))) - 1, "all but Microsoft's own"
    wrong = tmp_path / "wrong.js"
    wrong.write_text('// @ts-check\n/** @type {number} */ let n = "one";\nn;\n', "utf-8")

    told = subprocess.run(
        [TSC, *OPTIONS, *ours, wrong], capture_output=True, text=True, check=False
    ).stdout.splitlines()

    assert [line for line in told if "wrong.js" not in line] == []
    assert len(told) == 1, "a planted mistake is found"
