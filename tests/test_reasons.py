"""Where a check is told to look away, the line says why."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDERS = (
    "bot", "cli", "dialogs", "manifest", "methods", "research", "simulation", "storage", "tests",
)  # fmt: skip
LOOKS_AWAY = re.compile(
    r"#\s*(?:noqa|type: ignore|pragma: no cover)(?:: ?[A-Z0-9, ]+|\[[\w, -]+\])?(.*)"
)
FILES = sorted(path for folder in FOLDERS for path in Path(folder).rglob("*.py"))


REFERS = re.compile(r"\b(as (above|before|below|told|the others)|the same$|so does this)\b")
"""To a line that may be gone tomorrow."""
SKIPS = re.compile(r"\bpytest\.(?:mark\.(?:skip|xfail)\w*|skip|xfail|importorskip)\b")


def unreasoned(text: str) -> list[str]:
    """Lines that are not checked and do not say why, in two words of their own at least."""
    found = ((line, LOOKS_AWAY.search(line)) for line in text.splitlines())
    return [line.strip() for line, away in found if away and not _is_reason(away[1])]


def _is_reason(text: str) -> bool:
    return len(re.findall(r"\w+", text)) >= 2 and not REFERS.search(text.strip())


def unreasoned_skips(text: str) -> Iterator[str]:
    """Tests that are not run, or may fail, and do not say why: no text in the call."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and SKIPS.match(ast.unparse(node.func)):
            said = [*node.args, *(key.value for key in node.keywords if key.arg == "reason")]
            if not any(isinstance(one, ast.Constant) and str(one.value).strip() for one in said):
                yield ast.unparse(node)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_line_that_is_not_checked_says_why(path: Path) -> None:
    text = path.read_text("utf-8")

    assert not unreasoned(text)
    assert not [*unreasoned_skips(text)]


def test_a_bare_one_is_found() -> None:
    bare = ("x = 1  # noqa: " + "S101", "y = 2  # type: " + "ignore[misc]", "z  # noqa: E501 - why")
    assert unreasoned("\n".join(bare)) == list(bare)
    assert not unreasoned(f"{bare[0]} - both are there")
    assert unreasoned(f"{bare[0]} - as above")
    assert [
        *unreasoned_skips("pytest.skip(why)\npytest.mark.skipif(not R)\npytest.skip('No R')")
    ] == [
        "pytest.skip(why)",
        "pytest.mark.skipif(not R)",
    ]
