"""How much of the code the tests run through: `pytest -p tests.covering`.

coverage.py makes a turn of the bot three times as dear on Python 3.11: its tracer is called
for each line of every library, too. SlipCover writes its probes into our own code alone, and
takes them out when they have told. Its own plugin for pytest comes too late for some modules
and rewrites pytest; this one is loaded before anything of ours is. What it writes has the
form that coverage.py's JSON has.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover, merge_coverage

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["slipcover"]
REPORT = ROOT / SETTINGS["out"]

_measured = Slipcover(branch=True, omit=SETTINGS["omit"], exclude_lines=SETTINGS["exclude-lines"])
_ours = FileMatcher(sources=SETTINGS["source"], omit=SETTINGS["omit"])
ImportManager(_measured, _ours).__enter__()
_of_workers: list[dict[str, Any]] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it saw; who leads them, or is alone, writes all of it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["coverage"] = json.dumps(_measured.get_coverage())
        return
    _measured.source = SETTINGS["source"]  # what no test imports counts too
    seen = _measured.get_coverage()
    for each in _of_workers:
        merge_coverage(seen, each)
    REPORT.write_text(json.dumps(seen), "utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker of xdist saw; one that crashed saw nothing."""
    if told := getattr(node, "workeroutput", {}).get("coverage"):
        _of_workers.append(json.loads(told))
