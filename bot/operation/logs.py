"""Logs from an allow-list: event, opaque id, outcome, duration. Never content.

Whatever a call adds beyond that is dropped, so that a careless line of code
cannot put into the log what somebody wrote or who they are.
"""

import logging
import secrets
import sys
import traceback
from contextlib import suppress
from pathlib import Path

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED = frozenset(
    (
        *("event", "level", "timestamp", "error", "kind", "reason", "status", "turn", "why", "ms"),
        *("place", "sqlstate", "reference"),
    )
)
OURS = Path(__file__).parents[2]


def what_failed(error: BaseException) -> dict[str, str]:
    """What a log may say of an exception: its kind, where in our code, the database's code."""
    fields = {"error": type(error).__name__, "place": _place(error)}
    sqlstate = getattr(getattr(error, "orig", error), "sqlstate", None)
    return {**fields, "sqlstate": str(sqlstate)} if sqlstate else fields


def _place(error: BaseException) -> str:
    """The innermost line of our own code: file and line, and no arguments."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(OURS) and "site-packages" not in path.relative_to(OURS).parts:
            return f"{path.relative_to(OURS)}:{frame.lineno}"
    return ""


def reference() -> str:
    """By which the person who is told can be helped: random, in the log and nowhere else."""
    return secrets.token_hex(3).upper()


def keep_allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop every field that is not on the list."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure(level: int = logging.INFO) -> None:
    """Our own lines as JSON on standard error; libraries say only what went wrong, and where."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            keep_allowed,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _StandardError(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_NamesOnly()], level=logging.WARNING, force=True)


class _StandardError:
    """Where the lines go: standard error as it is now, closed or not.

    A line that cannot be written is lost. Nobody's press may be lost with it.
    """

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = exception = msg


class _NamesOnly(logging.Handler):
    """A library's warning as its logger and line: its arguments could hold anything."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        structlog.get_logger().log(
            record.levelno,
            "library",
            kind=record.name,
            error=error,
            why=f"{record.module}:{record.lineno}",
        )
