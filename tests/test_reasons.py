"""Where a check is told to look away, the line says why."""

import re
from pathlib import Path

import pytest

FOLDERS = (
    "bot", "cli", "dialogs", "manifest", "methods", "research", "simulation", "storage", "tests",
)  # fmt: skip
LOOKS_AWAY = re.compile(
    r"#\s*(?:noqa|type: ignore|pragma: no cover)(?:: ?[A-Z0-9, ]+|\[[\w, -]+\])?(.*)"
)
FILES = sorted(path for folder in FOLDERS for path in Path(folder).rglob("*.py"))


def unreasoned(text: str) -> list[str]:
    """Lines that are not checked and do not say why in at least two words."""
    found = ((line, LOOKS_AWAY.search(line)) for line in text.splitlines())
    return [line.strip() for line, away in found if away and len(re.findall(r"\w+", away[1])) < 2]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_line_that_is_not_checked_says_why(path: Path) -> None:
    assert not unreasoned(path.read_text("utf-8"))


def test_a_bare_one_is_found() -> None:
    bare = ("x = 1  # noqa: " + "S101", "y = 2  # type: " + "ignore[misc]", "z  # noqa: E501 - why")
    assert unreasoned("\n".join(bare)) == list(bare)
    assert not unreasoned(f"{bare[0]} - both are there")
