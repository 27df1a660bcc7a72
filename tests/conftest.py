"""A skipped test is a failed one, where the caller says that it must run.

`KOLLEGIAL_REQUIRE=browser,postgres` names markers. A test that carries one may
not be skipped, and at least one test with each must have passed.
"""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("kollegial", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kollegial")

REQUIRED = frozenset(filter(None, os.environ.get("KOLLEGIAL_REQUIRE", "").split(",")))
_passed: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    demanded = sorted(REQUIRED & set(report.keywords))
    if report.skipped and demanded and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} must run ({', '.join(demanded)}): {reason}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _passed.update(REQUIRED & set(report.keywords))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if REQUIRED - _passed and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for marker in sorted(REQUIRED - _passed):
        terminalreporter.write_line(f"FAILED: no test marked {marker} has passed", red=True)
