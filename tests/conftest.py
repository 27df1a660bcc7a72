"""What must run, what did not, and why.

`TESTS_REQUIRE=browser,postgres,shared` names markers. A test that carries one
may not be skipped, and at least one test with each must have passed. The last lines
of a run name every test that was skipped, by its reason.
"""

import gc
import os
import sys
from collections import defaultdict
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.data import SHARED

IS_TORTURE = bool(os.environ.get("TESTS_TORTURE"))

# How long an example takes says how busy the machine is, and nothing of the code. `make test`
# tries the same examples each time, so that it fails for a reason; `make torture` fresh ones.
settings.register_profile(
    "kollegial",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=not IS_TORTURE,
    max_examples=1000 if IS_TORTURE else 100,
    print_blob=True,
)
settings.load_profile("kollegial")

BUSY_S = 60.0
"""A press waits this long to learn what came of its message, not the two seconds of people: what
a test sees hangs on what happened, and never on how busy the machine is."""
REQUIRED = frozenset(filter(None, os.environ.get("TESTS_REQUIRE", "").split(",")))
_passed: set[str] = set()


@pytest.fixture(scope="session", autouse=True)
def _quick_databases() -> Iterator[None]:
    """Databases and waiting in this process are such that tests are quick and no clock decides."""
    with pytest.MonkeyPatch.context() as patch:
        if database := sys.modules.get("storage.database"):  # some test of this run imports it
            from tests.support import quick_databases  # noqa: PLC0415 - only where the storage is loaded

            patch.setattr(database, "migrate", quick_databases.migrate_as_before)
            patch.setattr(database, "_durable_and_forgetful", quick_databases.not_synchronous)
            patch.setattr(database, "read_url", quick_databases.read_patiently)
        if dispatcher := sys.modules.get("bot.delivery.dispatcher"):
            patch.setattr(dispatcher, "SETTLE_S", BUSY_S)
        yield


@pytest.fixture(scope="session")
def devtools() -> Iterator[str]:
    """Where the Chromium of this process can be spoken to."""
    from tests.support.chromium import running  # noqa: PLC0415 - most processes need no browser

    with running() as address:
        yield address


def pytest_collection_finish() -> None:
    """All modules are there to stay: looking through them for rubbish took a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip("What is not ours to give away does not lie beside this clone (../shared/data)")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    demanded = sorted(REQUIRED & set(report.keywords))
    if report.skipped and demanded and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} must run ({', '.join(demanded)}): {_reason(report)}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _passed.update(REQUIRED & set(report.keywords))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if REQUIRED - _passed and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, None, None]:
    yield  # whatever else there is to say comes before
    for marker in sorted(REQUIRED - _passed):
        terminalreporter.write_line(f"FAILED: no test marked {marker} has passed", red=True)
    for line in not_run(terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(line, yellow=True)


def not_run(skipped: list[pytest.TestReport]) -> list[str]:
    """Each reason not to run with its tests, and how many they are."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for report in skipped:
        reasons[_reason(report)].append(report.nodeid)
    return [
        line
        for reason, names in sorted(reasons.items())
        for line in (f"Not run ({len(names)}): {reason}", *(f"  {name}" for name in sorted(names)))
    ]


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped, in the words of who skipped it."""
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return said.removeprefix("Skipped: ")
