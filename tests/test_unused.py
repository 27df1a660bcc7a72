"""The list of what only others call names nothing else."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ALLOWED = Path("tests/unused.py")
PATHS = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["vulture"]["paths"]


def test_what_is_allowed_to_be_unused_is() -> None:
    packages = [path for path in PATHS if path != str(ALLOWED)]
    found = subprocess.run(
        [sys.executable, "-m", "vulture", *packages],
        capture_output=True,
        encoding="utf-8",
        check=False,
    ).stdout
    named = re.findall(r"^_\.(\w+)", ALLOWED.read_text("utf-8"), re.MULTILINE)

    assert [name for name in named if f"'{name}'" not in found] == []
