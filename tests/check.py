"""The tests of what changed, while somebody waits: `make check`.

What changed is what differs from `main`; on `main` itself, from the commit before. A
changed module is tested by the tests that import it, any other file by those that name
it. They run in one process until the time is over, nearest first; `make test` runs all.
"""

import ast
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

SECONDS = 40
"""For the tests; what comes before them takes up to 15."""
SLOW = "not torture and not browser and not postgres"


def git(*words: str) -> list[str]:
    said = subprocess.run(["git", *words], capture_output=True, encoding="utf-8", check=False)
    return said.stdout.split()


def changed() -> list[Path]:
    """Files that are otherwise than on `main`, and are still there."""
    head, main = git("rev-parse", "HEAD"), git("rev-parse", "--verify", "--quiet", "main")
    base = git("merge-base", "HEAD", "main") if main and main != head else ["HEAD~1"]
    names = git("diff", "--name-only", *base) + git("ls-files", "-o", "--exclude-standard")
    return [path for path in map(Path, dict.fromkeys(names)) if path.is_file()]


def module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a file imports, and what it takes from them, which may be modules too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{name.name}" for name in node.names)
    return frozenset(found)


def tests_of(path: Path, tests: Iterable[Path]) -> list[Path]:
    """The tests of one file, itself where it is one."""
    if path in tests:
        return [path]
    if path.suffix == ".py":
        return [test for test in tests if module(path) in imports(test)]
    return [test for test in tests if f"{path.name}" in test.read_text("utf-8")]


def nearest_first(files: Iterable[Path], tests: list[Path]) -> list[Path]:
    """Every test of these files once; first those that few others are beside."""
    found = sorted((tests_of(path, tests) for path in files), key=len)
    return list(dict.fromkeys(test for each in found for test in each))


class UntilTheTimeIsOver:
    """Stops the run after the test in which the time ended."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def pytest_runtest_logfinish(self) -> None:
        if time.monotonic() > self._until:
            self._session.shouldstop = "the time is over: `make test` runs the rest"

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session


def main() -> int:
    """The exit code."""
    tests = sorted(Path("tests").rglob("test_*.py"))
    chosen = [str(test) for test in nearest_first(changed(), tests)]
    if not chosen:
        print("Nothing changed that a test imports.")  # noqa: T201 - the answer to a command
        return 0
    return int(pytest.main(["-q", "-m", SLOW, *chosen], plugins=[UntilTheTimeIsOver(SECONDS)]))


if __name__ == "__main__":
    sys.exit(main())
