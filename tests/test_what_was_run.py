"""A run says what it did not run, and fails where that had to be run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.data import ROOT

EXAMPLE = """
import pytest

@pytest.mark.browser
@pytest.mark.parametrize("page", ["one", "two"])
def test_draws(page): pytest.skip("No browser")

@pytest.mark.postgres
def test_stores(): pytest.skip("No server")

def test_adds(): ...
"""
NOT_RUN = """\
Not run (2): No browser
  {file}::test_draws[one]
  {file}::test_draws[two]
Not run (1): No server
  {file}::test_stores
1 passed, 3 skipped in """


@pytest.fixture
def example(tmp_path: Path) -> Path:
    file = tmp_path / "test_example.py"
    file.write_text(EXAMPLE, "utf-8")
    return file


def run(file: Path, required: str = "") -> tuple[int, str]:
    options = ["-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", "pyproject.toml"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--rootdir", file.parent, file],
        cwd=ROOT,
        env=os.environ | {"TESTS_REQUIRE": required},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return result.returncode, result.stdout


def test_the_last_lines_name_every_test_that_was_not_run_under_its_reason(example: Path) -> None:
    code, said = run(example)

    assert code == 0, said
    assert said.partition("Not run")[1:] != ("", "")
    assert NOT_RUN.format(file=example.name) in said


def test_what_must_run_fails_where_it_is_skipped_or_not_there(example: Path) -> None:
    code, said = run(example, "browser,shared")

    assert code == 1, said
    assert "test_draws[one] must run (browser): No browser" in said
    assert "FAILED: no test marked browser has passed" in said
    assert "FAILED: no test marked shared has passed" in said
    assert "Not run (1): No server" in said
